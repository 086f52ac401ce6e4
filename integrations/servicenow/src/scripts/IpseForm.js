// What a form shows of a verification: the banner when it opens, and the news while it is open.
var IpseForm = Class.create();
IpseForm.prototype = {
    initialize: function () {
        this.tickets = new IpseTickets();
        this.status = new IpseStatus();
    },

    shown: function (row) {
        var status = String(row.getValue('status'));
        return {
            ok: true,
            message: '',
            status: status,
            text: String(row.getValue('status_text') || ''),
            sentence: this.status.sentence(status),
            reasons: String(row.getValue('reasons') || ''),
            problem: String(row.getValue('problem') || ''),
            final: this.status.isFinal(status),
            verification: row.getUniqueValue(),
            number: String(row.getValue('number') || '')
        };
    },

    // For the display rule: nothing for people without the role, or for records without a verification or a rule.
    scratchpad: function (ticket) {
        var nothing = { shown: null, rule: '' };
        if (!this.tickets.mayAsk()) {
            return nothing;
        }
        var row = new GlideRecord('x_ipse_idv_verification');
        var id = String(ticket.getValue('x_ipse_idv_verification') || '');
        var rule = new GlideRecord('x_ipse_idv_rule');
        var held = String(ticket.getValue('x_ipse_idv_required_by') || '');
        var broken = held !== '' && rule.get(held) && this.tickets.isTrue(rule, 'active') && !new IpseGate().satisfied(rule, ticket);
        return { shown: id !== '' && row.get(id) ? this.shown(row) : null, rule: broken ? String(rule.getValue('name')) : '' };
    },

    type: 'IpseForm'
};
