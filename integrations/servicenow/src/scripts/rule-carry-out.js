(function executeRule(current, previous) {
    new x_ipse_idv.IpseRequests().carryOut(current.getUniqueValue());
})(current, previous);
