create table presentations (
    id text primary key,
    organization text not null references organizations (id),
    verification text not null references verifications (id),
    integration text not null,
    state text not null,
    record text not null,
    expires_at bigint not null,
    leased_until bigint not null default 0,
    key_hash bytea,
    offer bytea,
    disclosed bytea
);
create index presentations_by_verification on presentations (verification, id);
create index presentations_open on presentations (expires_at) where state in ('requested', 'offered', 'retrieved');
