// Which records can be verified for, who the person on them is, and what may be done there now.
var IpseTickets = Class.create();
IpseTickets.prototype = {
    initialize: function () {},

    // Where the person stands on each table; the first path that leads to somebody counts.
    PERSON: {
        incident: ['caller_id'],
        sc_request: ['requested_for'],
        sc_req_item: ['requested_for', 'request.requested_for'],
        sc_task: ['request_item.requested_for', 'request_item.request.requested_for'],
        change_request: ['requested_by'],
        sn_hr_core_case: ['opened_for']
    },

    OPEN: 'requested,link_sent,in_progress,pending_review',

    knows: function (table) {
        return Object.prototype.hasOwnProperty.call(this.PERSON, String(table));
    },

    isId: function (text) {
        return /^[0-9a-f]{32}$/.test(String(text));
    },

    // Text for a form's message, which the classic interface takes for HTML.
    plain: function (text) {
        return String(text || '').replace(/[<>&]/g, ' ');
    },

    // A boolean column, which reads differently in rules and in queries.
    isTrue: function (record, name) {
        var value = String(record.getValue(name));
        return value === '1' || value === 'true';
    },

    // The person's sys_id, or ''.
    person: function (record) {
        var table = String(record.getTableName());
        if (!this.knows(table)) {
            return '';
        }
        var paths = this.PERSON[table];
        for (var i = 0; i < paths.length; i++) {
            var id = this._walk(record, paths[i].split('.'));
            if (this.isId(id)) {
                return id;
            }
        }
        return '';
    },

    _walk: function (record, steps) {
        var at = record;
        for (var i = 0; i < steps.length; i++) {
            if (i === 0 && !record.isValidField(steps[0])) {
                return '';
            }
            at = at[steps[i]];
            if (at === null || at === undefined) {
                return '';
            }
        }
        return String(at);
    },

    // The record itself, with the app's own rights; null where the table is not one of ours or it is gone.
    get: function (table, id) {
        if (!this.knows(table) || !this.isId(id)) {
            return null;
        }
        var record = new GlideRecord(String(table));
        return record.isValid() && record.get(String(id)) ? record : null;
    },

    // The same with the rights of whoever asks: what a browser names is not believed.
    getForUser: function (table, id) {
        if (!this.knows(table) || !this.isId(id)) {
            return null;
        }
        var record = new GlideRecordSecure(String(table));
        return record.isValid() && record.get(String(id)) && record.canRead() ? record : null;
    },

    // The request that is still running for a record, or null.
    running: function (table, id) {
        var row = new GlideRecord('x_ipse_idv_verification');
        row.addQuery('source_table', String(table));
        row.addQuery('source_record', String(id));
        row.addQuery('status', 'IN', this.OPEN);
        row.orderByDesc('sys_created_on');
        row.setLimit(1);
        row.query();
        return row.next() ? row : null;
    },

    mayAsk: function () {
        return gs.hasRole('x_ipse_idv.agent') || gs.hasRole('x_ipse_idv.admin');
    },

    // Conditions of the buttons. What they hide is refused again where it is done.
    canRequest: function (record) {
        return this._shown(record) && this.person(record) !== '' && this._running(record) === null;
    },

    canResend: function (record) {
        var row = this._shown(record) ? this._running(record) : null;
        return row !== null && row.getValue('status') !== 'pending_review';
    },

    canCancel: function (record) {
        return this._shown(record) && this._running(record) !== null;
    },

    canOverride: function (record) {
        return this._shown(record) && gs.hasRole('x_ipse_idv.admin') && !record.getElement('x_ipse_idv_required_by').nil();
    },

    _shown: function (record) {
        return this.mayAsk() && this.knows(record.getTableName()) && !record.isNewRecord() && record.canWrite();
    },

    _running: function (record) {
        return this.running(record.getTableName(), record.getUniqueValue());
    },

    type: 'IpseTickets'
};
