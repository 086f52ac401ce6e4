alter table evidence add column face bytea;

create table enrolments (
    id text primary key,
    organization text not null references organizations (id),
    subject text not null unique references subjects (id),
    verification text not null references verifications (id),
    model text not null,
    consent text not null,
    created_at bigint not null,
    expires_at bigint not null,
    template bytea not null
);
create index enrolments_by_end on enrolments (expires_at);

create table challenges (
    verification text primary key references verifications (id),
    organization text not null references organizations (id),
    nonce_hash bytea not null,
    steps text not null,
    issued_at bigint not null
);
