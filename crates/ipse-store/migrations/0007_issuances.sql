create table issuances (
    id text primary key,
    organization text not null references organizations (id),
    verification text not null references verifications (id),
    state text not null,
    record text not null,
    expires_at bigint not null,
    leased_until bigint not null default 0,
    key_hash bytea,
    offer bytea
);
create index issuances_by_verification on issuances (verification, id);
create index issuances_open on issuances (expires_at) where state in ('requested', 'offered', 'retrieved');
