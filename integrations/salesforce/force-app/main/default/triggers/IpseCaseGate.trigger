trigger IpseCaseGate on Case(before insert, before update) {
    IpseGate.guard(Trigger.new, Trigger.oldMap);
}
