create table clients (
    id text primary key,
    organization text not null references organizations (id),
    record text not null
);
create index clients_by_organization on clients (organization, id);

create table interactions (
    id text primary key,
    organization text not null references organizations (id),
    client text not null,
    verification text references verifications (id),
    purge_at bigint not null,
    sealed bytea not null
);
create index interactions_by_client on interactions (client);
create index interactions_by_verification on interactions (verification) where verification is not null;
create index interactions_by_age on interactions (purge_at);

create table grants (
    code_hash bytea primary key,
    organization text not null references organizations (id),
    client text not null,
    verification text not null references verifications (id),
    redeemed_at bigint,
    purge_at bigint not null,
    sealed bytea not null
);
create index grants_by_client on grants (client);
create index grants_by_age on grants (purge_at);

create table access_tokens (
    hash bytea primary key,
    organization text not null references organizations (id),
    client text not null,
    code_hash bytea not null,
    verification text not null references verifications (id),
    purge_at bigint not null,
    sealed bytea not null
);
create index access_tokens_by_client on access_tokens (client);
create index access_tokens_by_code on access_tokens (code_hash);
create index access_tokens_by_age on access_tokens (purge_at);

create table replays (
    organization text not null references organizations (id),
    key bytea not null,
    purge_at bigint not null,
    primary key (organization, key)
);
create index replays_by_age on replays (purge_at);

create table subject_documents (
    subject text primary key references subjects (id),
    organization text not null references organizations (id),
    document_hash bytea not null,
    verification text not null references verifications (id)
);

create table provider_keys (
    kid text primary key,
    alg text not null,
    state text not null,
    since bigint not null,
    certificate bytea not null,
    key_encryption_key text not null,
    wrapped bytea not null
);
create unique index provider_keys_in_use on provider_keys (alg, state) where state <> 'retired';
