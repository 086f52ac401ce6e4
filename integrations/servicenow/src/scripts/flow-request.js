(function execute(inputs, outputs) {
    outputs.verification = '';
    outputs.error = '';
    try {
        var ticket = new x_ipse_idv.IpseTickets().get(inputs.table_name, inputs.record_id);
        var answer = ticket ? new x_ipse_idv.IpseRequests().request({ ticket: ticket, rule: new x_ipse_idv.IpseGate().held(ticket)[0] || '', automatic: true }) :
            { ok: false, message: 'There is no such record, or verification is not possible for its table.' };
        var running = answer.ok || !ticket ? null : new x_ipse_idv.IpseTickets().running(ticket.getTableName(), ticket.getUniqueValue());
        outputs.verification = answer.ok ? answer.id : running ? running.getUniqueValue() : '';
        outputs.error = outputs.verification === '' ? answer.message : '';
    } catch (e) {
        gs.error('Ipse: a flow could not ask for a verification: ' + e);
        outputs.error = 'The verification could not be asked for.';
    }
})(inputs, outputs);
