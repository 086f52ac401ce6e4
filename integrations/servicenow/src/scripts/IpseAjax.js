// What an agent's browser may ask for. Everything a browser says is checked: the role, the table, the record, and
// whether this user may see and change it.
var IpseAjax = Class.create();
IpseAjax.prototype = Object.extendsObject(global.AbstractAjaxProcessor, {
    isPublic: function () {
        return false;
    },

    request: function () {
        return this._on(true, function (ticket, tickets, requests) {
            return requests.request({
                ticket: ticket,
                channel: String(this.getParameter('sysparm_channel') || ''),
                rule: new IpseGate().held(ticket)[0] || '',
                by: gs.getUserID(),
                limited: true
            });
        });
    },

    resend: function () {
        return this._on(true, function (ticket, tickets, requests) {
            var row = tickets.running(ticket.getTableName(), ticket.getUniqueValue());
            return row ? requests.resend(row) : { ok: false, message: 'There is nothing to send again.' };
        });
    },

    cancel: function () {
        return this._on(true, function (ticket, tickets, requests) {
            var row = tickets.running(ticket.getTableName(), ticket.getUniqueValue());
            return row ? requests.cancel(row) : { ok: false, message: 'There is nothing to cancel.' };
        });
    },

    override: function () {
        return this._on(true, function (ticket) {
            return new IpseGate().override(ticket, this.getParameter('sysparm_reason'));
        });
    },

    // What the dialog offers.
    options: function () {
        return this._on(false, function (ticket) {
            var config = new IpseConfig();
            return { ok: true, message: '', channel: config.text('channel') || 'email', qr: config.on('channel.qr', true), number: String(ticket.getValue('number') || '') };
        });
    },

    // How it stands, for the open form. Asks the server behind if nothing was heard for a while.
    status: function () {
        return this._on(false, function (ticket) {
            var row = new GlideRecord('x_ipse_idv_verification');
            var id = String(ticket.getValue('x_ipse_idv_verification') || '');
            if (id === '' || !row.get(id)) {
                return { ok: true, message: '', status: '', text: '', final: true };
            }
            this._wake(row);
            return new IpseForm().shown(row);
        });
    },

    // The link behind a QR code: for the agent who asked, while nobody has opened it.
    link: function () {
        return this._on(true, function (ticket, tickets) {
            var row = tickets.running(ticket.getTableName(), ticket.getUniqueValue());
            if (!row || row.getValue('channel') !== 'qr' || row.getValue('requested_by') !== gs.getUserID()) {
                return { ok: false, message: 'There is no QR code of yours for this record.' };
            }
            var waits = row.getValue('status') === 'requested' || row.getValue('status') === 'link_sent';
            if (row.getElement('link').nil() || !waits) {
                return { ok: true, message: '', link: '', problem: String(row.getValue('problem') || ''), opened: !waits };
            }
            return { ok: true, message: '', link: String(row.getValue('link')), problem: '', opened: false };
        });
    },

    _wake: function (row) {
        var status = new IpseStatus();
        var since = new GlideDateTime();
        since.addSeconds(-30);
        var last = row.getValue('checked_at') || row.getValue('sys_created_on');
        if (!status.isFinal(row.getValue('status')) && row.getElement('command').nil() && new GlideDateTime(last).getNumericValue() < since.getNumericValue()) {
            row.setValue('checked_at', new GlideDateTime().getValue());
            row.setValue('command', 'check');
            row.update();
        }
    },

    // Finds the record with the user's own rights and does something with it.
    _on: function (changes, work) {
        var tickets = new IpseTickets();
        var table = String(this.getParameter('sysparm_table') || '');
        var id = String(this.getParameter('sysparm_id') || '');
        var seen = tickets.mayAsk() ? tickets.getForUser(table, id) : null;
        var answer = { ok: false, message: 'You may not do this here.' };
        if (seen && (!changes || seen.canWrite())) {
            try {
                answer = work.call(this, tickets.get(table, id), tickets, new IpseRequests());
            } catch (e) {
                gs.error('Ipse: a request of ' + gs.getUserName() + ' failed: ' + e);
                answer = { ok: false, message: 'Something went wrong, and nothing was changed. Please tell your administrator.' };
            }
        }
        return JSON.stringify(answer);
    },

    type: 'IpseAjax'
});

