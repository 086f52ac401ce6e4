create table integrations (
    id text primary key,
    organization text not null references organizations (id),
    record text not null,
    removed bigint not null default 0,
    secrets bytea
);
create index integrations_by_organization on integrations (organization, id);

create table integration_keys (
    api_key text primary key references api_keys (id),
    organization text not null references organizations (id),
    integration text not null references integrations (id)
);
create index integration_keys_by_integration on integration_keys (integration);
