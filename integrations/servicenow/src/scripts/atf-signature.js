(function (outputs, steps, params, stepResult, assertEqual) {
    var check = new x_ipse_idv.IpseSignature();
    var headers = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
    var secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    assertEqual({ name: 'the published example', shouldbe: 'ok', value: check.check(headers, '{"test": 2432232314}', secrets, 1614265330, 300) });
    assertEqual({ name: 'another body', shouldbe: 'mismatch', value: check.check(headers, '{"test": 2432232315}', secrets, 1614265330, 300) });
    assertEqual({ name: 'too late', shouldbe: 'outside tolerance', value: check.check(headers, '{"test": 2432232314}', secrets, 1614265631, 300) });
})(outputs, steps, params, stepResult, assertEqual);
