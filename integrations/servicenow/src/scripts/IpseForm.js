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
            reasons: this.tickets.plain(row.getValue('reasons')),
            problem: this.tickets.plain(row.getValue('problem')),
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
        return { shown: id !== '' && row.get(id) ? this.shown(row) : null, rule: this._missing(ticket) };
    },

    // The name of the strongest rule that is not fulfilled, or ''.
    _missing: function (ticket) {
        var gate = new IpseGate();
        var held = gate.held(ticket);
        for (var i = 0; i < held.length; i++) {
            var rule = new GlideRecord('x_ipse_idv_rule');
            if (rule.get(held[i]) && this.tickets.isTrue(rule, 'active') && !gate.satisfied(rule, ticket)) {
                return this.tickets.plain(rule.getValue('name'));
            }
        }
        return '';
    },

    type: 'IpseForm'
};
