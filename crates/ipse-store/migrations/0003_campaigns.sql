create table subject_labels (
    subject text not null references subjects (id),
    organization text not null references organizations (id),
    label text not null,
    primary key (subject, label)
);
create index subjects_by_label on subject_labels (organization, label, subject);

create table campaigns (
    id text primary key,
    organization text not null references organizations (id),
    state text not null,
    due_at bigint not null,
    record text not null
);
create index campaigns_by_organization on campaigns (organization, id);
create index campaigns_by_end on campaigns (state, due_at);

create table campaign_members (
    campaign text not null references campaigns (id),
    subject text not null references subjects (id),
    organization text not null references organizations (id),
    verification text references verifications (id),
    tried_at bigint,
    refusal text,
    next_at bigint,
    primary key (campaign, subject)
);
create index campaign_members_due on campaign_members (next_at) where next_at is not null;
