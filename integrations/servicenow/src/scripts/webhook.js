(function take(request, response) {
    var body = request.body.dataString;
    var result = { code: 500, error: 'internal' };
    try {
        result = new x_ipse_idv.IpseWebhook().handle({
            id: request.getHeader('webhook-id'),
            timestamp: request.getHeader('webhook-timestamp'),
            signature: request.getHeader('webhook-signature')
        }, body);
    } catch (e) {
        gs.error('Ipse: a webhook could not be handled: ' + e);
    }
    response.setStatus(result.code);
    response.setContentType('application/json');
    response.setBody(result.error === '' ? { success: true } : { success: false, error: result.error });
})(request, response);
