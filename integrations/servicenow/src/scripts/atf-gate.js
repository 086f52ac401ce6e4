(function (outputs, steps, params, stepResult, assertEqual) {
    var gate = new x_ipse_idv.IpseGate();
    assertEqual({ name: 'nobody', shouldbe: false, value: gate.isVerified('', 0, 60) });
    assertEqual({ name: 'no number of minutes', shouldbe: false, value: gate.isVerified(gs.getUserID(), 0, 'soon') });
    assertEqual({ name: 'a level that nobody reaches', shouldbe: false, value: gate.isVerified(gs.getUserID(), 99, 60) });
})(outputs, steps, params, stepResult, assertEqual);
