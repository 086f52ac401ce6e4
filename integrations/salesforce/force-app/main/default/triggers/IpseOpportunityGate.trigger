trigger IpseOpportunityGate on Opportunity(before insert, before update) {
    IpseGate.guard(Trigger.new, Trigger.oldMap);
}
