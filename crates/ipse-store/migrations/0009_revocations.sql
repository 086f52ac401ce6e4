alter table issuances add column integration text not null default '';
update issuances set integration = coalesce((select min(i.id) from integrations i
    where i.organization = issuances.organization and issuances.record like '%"integration":"' || i.id || '"%'), '');
create index issuances_to_revoke on issuances (leased_until) where state = 'revoking';
create index issuances_by_organization on issuances (organization, id);
