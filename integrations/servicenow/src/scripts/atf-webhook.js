(function (outputs, steps, params, stepResult, assertEqual) {
    var answer = new x_ipse_idv.IpseWebhook().handle({ id: 'evt_1', timestamp: '1', signature: 'v1,x' }, '{}');
    assertEqual({ name: 'not believed', shouldbe: true, value: answer.code === 401 || answer.code === 503 });
})(outputs, steps, params, stepResult, assertEqual);
