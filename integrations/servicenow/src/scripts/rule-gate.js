(function executeRule(current, previous) {
    new x_ipse_idv.IpseGate().guard(current, current.operation() === 'insert' ? null : previous);
})(current, previous);
