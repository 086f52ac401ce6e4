(function executeRule(current, previous) {
    new x_ipse_idv.IpseRequests().point(current);
})(current, previous);
