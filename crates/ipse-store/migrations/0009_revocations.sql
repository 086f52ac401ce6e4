alter table issuances add column integration text not null default '';
update issuances set integration = coalesce((select min(i.id) from integrations i
    where i.organization = issuances.organization and issuances.record like '%"integration":"' || i.id || '"%'), '');
alter table subjects add column off_boarded_at bigint;
create index issuances_to_revoke on issuances (leased_until) where state = 'revoking';
create index issuances_by_organization on issuances (organization, id);
