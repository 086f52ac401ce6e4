(function executeRule(current, previous) {
    try {
        new x_ipse_idv.IpseRequests().follow(current, current.operation() === 'insert' ? null : previous);
    } catch (e) {
        gs.error('Ipse: a change of ' + current.getTableName() + ' could not be followed: ' + e);
    }
})(current, previous);
