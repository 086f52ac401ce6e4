create table organizations (
    id text primary key,
    created_at bigint not null,
    settings text not null,
    chain_sequence bigint not null,
    chain_hash bytea not null
);

create table data_keys (
    owner text primary key,
    organization text not null references organizations (id),
    key_encryption_key text not null,
    wrapped bytea not null
);

create table people (
    id text primary key,
    organization text not null references organizations (id),
    email text not null,
    record text not null,
    unique (organization, email)
);

create table sign_in_links (
    hash bytea primary key,
    organization text not null references organizations (id),
    person text not null references people (id),
    expires_at bigint not null
);

create table sessions (
    hash bytea primary key,
    organization text not null references organizations (id),
    person text not null references people (id),
    csrf text not null,
    created_at bigint not null,
    seen_at bigint not null
);

create table passkeys (
    id text primary key,
    organization text not null references organizations (id),
    person text not null references people (id),
    credential_id bytea not null unique,
    name text not null,
    credential text not null,
    created_at bigint not null,
    used_at bigint
);

create table api_keys (
    id text primary key,
    organization text not null references organizations (id),
    hash bytea not null unique,
    prefix text not null,
    name text not null,
    scopes text not null,
    created_at bigint not null,
    used_at bigint,
    revoked_at bigint
);

create table subjects (
    id text primary key,
    organization text not null references organizations (id),
    external_hash bytea not null,
    created_at bigint not null,
    sealed bytea not null,
    unique (organization, external_hash)
);

create table journeys (
    id text not null,
    version bigint not null,
    organization text not null references organizations (id),
    key text not null,
    name text not null,
    created_at bigint not null,
    rules text not null,
    primary key (id, version)
);
create index journeys_by_key on journeys (organization, key, version);

create table verifications (
    id text primary key,
    organization text not null references organizations (id),
    subject text not null references subjects (id),
    journey text not null,
    state text not null,
    created_at bigint not null,
    expires_at bigint not null,
    record_number text,
    record text not null,
    claimed_identity bytea not null,
    chain_sequence bigint not null,
    chain_hash bytea not null,
    forget_images_at bigint,
    forget_facts_at bigint
);
create index verifications_by_organization on verifications (organization, id);
create index verifications_by_state on verifications (state, expires_at);
create index verifications_by_subject on verifications (organization, subject, id);
create index verifications_to_forget_images on verifications (forget_images_at) where forget_images_at is not null;
create index verifications_to_forget_facts on verifications (forget_facts_at) where forget_facts_at is not null;

create table links (
    hash bytea primary key,
    organization text not null references organizations (id),
    verification text not null references verifications (id),
    kind text not null,
    expires_at bigint not null,
    claimed bigint not null
);
create index links_by_verification on links (verification);

create table claims (
    hash bytea primary key,
    organization text not null references organizations (id),
    verification text not null references verifications (id),
    csrf text not null,
    device text not null,
    active bigint not null,
    created_at bigint not null
);
create index claims_by_verification on claims (verification);

create table evidence (
    id text primary key,
    organization text not null references organizations (id),
    verification text not null references verifications (id),
    kind text not null,
    side text,
    attempt bigint not null,
    created_at bigint not null,
    media_type text not null,
    sha256 bytea not null,
    findings bytea not null
);
create index evidence_by_verification on evidence (verification, id);

create table reports (
    id text primary key,
    organization text not null references organizations (id),
    verification text not null references verifications (id),
    report text not null,
    facts bytea
);
create index reports_by_verification on reports (verification, id);

create table document_uses (
    verification text primary key references verifications (id),
    organization text not null references organizations (id),
    document_hash bytea not null,
    subject text not null
);
create index document_uses_by_document on document_uses (organization, document_hash);

create table notes (
    verification text not null references verifications (id),
    at bigint not null,
    organization text not null references organizations (id),
    author text not null,
    note bytea not null,
    primary key (verification, at)
);

create table events (
    stream text not null,
    sequence bigint not null,
    organization text not null references organizations (id),
    id text not null,
    kind text not null,
    at bigint not null,
    actor text not null,
    data text not null,
    previous_hash bytea not null,
    hash bytea not null,
    primary key (stream, sequence)
);
create index events_by_organization on events (organization, id);

create table endpoints (
    id text primary key,
    organization text not null references organizations (id),
    record text not null,
    enabled bigint not null,
    secrets bytea not null
);
create index endpoints_by_organization on endpoints (organization);

create table deliveries (
    id text primary key,
    organization text not null references organizations (id),
    destination text not null,
    verification text,
    event text not null,
    sequence bigint not null,
    kind text not null,
    body bytea not null,
    sealed_by text,
    state text not null,
    attempts bigint not null,
    created_at bigint not null,
    queued_at bigint not null,
    attempts_before bigint not null,
    next_attempt_at bigint not null,
    leased_until bigint not null,
    finished_at bigint
);
create index deliveries_due on deliveries (state, next_attempt_at);
create index deliveries_in_order on deliveries (destination, verification, state, sequence);
create index deliveries_by_destination on deliveries (organization, destination, id);

create table delivery_attempts (
    delivery text not null references deliveries (id),
    number bigint not null,
    organization text not null references organizations (id),
    at bigint not null,
    status bigint,
    answer text not null,
    milliseconds bigint not null,
    primary key (delivery, number)
);

create table idempotency (
    organization text not null references organizations (id),
    key text not null,
    request_hash bytea not null,
    status bigint not null,
    body bytea not null,
    created_at bigint not null,
    primary key (organization, key)
);
create index idempotency_by_age on idempotency (created_at);
