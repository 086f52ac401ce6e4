// What happens by the clock: asking after open verifications, ending those nobody finishes, and asking people again.
var IpseJobs = Class.create();
IpseJobs.prototype = {
    initialize: function () {
        this.tickets = new IpseTickets();
        this.requests = new IpseRequests();
        this.status = new IpseStatus();
    },

    MOST_A_RUN: 200,

    // Lost webhooks, lost answers and abandoned requests.
    reconcile: function () {
        var now = new GlideDateTime();
        var row = new GlideRecord('x_ipse_idv_verification');
        row.addQuery('status', 'IN', this.tickets.OPEN);
        row.addQuery('sys_created_on', '<', this._ago(120));
        row.orderBy('checked_at');
        row.setLimit(this.MOST_A_RUN);
        row.query();
        while (row.next()) {
            if (this._isAbandoned(row, now)) {
                row.setValue('reasons', 'no_answer');
                this.status.set(row, 'failure');
            } else {
                row.setValue('command', 'check');
                row.update();
            }
        }
    },

    // An hour past its end, and a day for one the server never heard of: no news will come any more. A reviewer has time
    // until the server itself calls it expired.
    _isAbandoned: function (row, now) {
        if (row.getValue('status') === 'pending_review') {
            return false;
        }
        var end = new GlideDateTime(row.getValue('expires_at') || row.getValue('sys_created_on'));
        end.addSeconds(row.getValue('expires_at') ? 3600 : 23 * 3600);
        return end.getNumericValue() < now.getNumericValue();
    },

    // People whose verification has become too old, or whose role is newer than it.
    recurring: function () {
        var rule = new GlideRecord('x_ipse_idv_rule');
        rule.addQuery('active', true);
        rule.addQuery('kind', 'recurring');
        rule.query();
        var left = this.MOST_A_RUN;
        while (rule.next() && left > 0) {
            left -= this._ask(rule, left);
        }
    },

    _ask: function (rule, left) {
        var days = parseInt(rule.getValue('every_days') || '0', 10);
        var role = String(rule.getValue('role') || '');
        if (days <= 0 || !this.tickets.isId(role)) {
            gs.warn('Ipse: the rule ' + rule.getValue('name') + ' names no role or no number of days, and asks nobody');
            return 0;
        }
        var asked = 0;
        var seen = {};
        var has = new GlideRecord('sys_user_has_role');
        has.addQuery('role', role);
        has.addQuery('user.active', true);
        has.orderBy('sys_created_on');
        has.query();
        while (has.next() && asked < left) {
            var user = String(has.getValue('user'));
            if (seen[user]) {
                continue;
            }
            seen[user] = true;
            if (this._isDue(user, days, this.tickets.isTrue(rule, 'on_role_change') ? String(has.getValue('sys_created_on')) : '', rule)) {
                var answer = this.requests.request({ subject: user, rule: rule.getUniqueValue(), channel: rule.getValue('channel'), automatic: true });
                asked += answer.ok ? 1 : 0;
            }
        }
        return asked;
    },

    // Not while one runs, and after a failure not again before tomorrow: somebody has to look first.
    _isDue: function (user, days, granted, rule) {
        if (this.tickets.running('sys_user', user) !== null || this._newest(user, 'failed,failure', 0) > this._ago(24 * 3600)) {
            return false;
        }
        var proven = this._newest(user, 'success', parseInt(rule.getValue('assurance_level') || '0', 10));
        return proven === '' || proven < this._ago(days * 24 * 3600) || (granted !== '' && granted > proven);
    },

    _newest: function (user, statuses, level) {
        var row = new GlideRecord('x_ipse_idv_verification');
        row.addQuery('subject', user);
        row.addQuery('status', 'IN', statuses);
        row.addQuery('test', false);
        if (level > 0) {
            row.addQuery('assurance_level', '>=', level);
        }
        row.orderByDesc('finished_at');
        row.setLimit(1);
        row.query();
        return row.next() ? String(row.getValue('finished_at') || '') : '';
    },

    _ago: function (seconds) {
        var at = new GlideDateTime();
        at.addSeconds(-seconds);
        return at.getValue();
    },

    type: 'IpseJobs'
};
