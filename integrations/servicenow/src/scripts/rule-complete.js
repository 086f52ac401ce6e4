(function executeRule(current, previous) {
    var wrong = 'it could not be checked';
    try {
        wrong = new x_ipse_idv.IpseRequests().complete(current);
    } catch (e) {
        gs.error('Ipse: a request could not be completed: ' + e);
    }
    if (wrong !== '') {
        gs.addErrorMessage('No identity verification was requested: ' + wrong + '.');
        current.setAbortAction(true);
    }
})(current, previous);
