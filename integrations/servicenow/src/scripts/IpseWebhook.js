// Takes signed events from the Ipse server. Runs as guest: nothing here asks what the user may do.
var IpseWebhook = Class.create();
IpseWebhook.prototype = {
    initialize: function () {
        this.config = new IpseConfig();
        this.status = new IpseStatus();
    },

    // Names of events elsewhere, and what they mean. Those that only say that something is over are no decision.
    FOREIGN: { SESSION_STARTED: 'in_progress', SESSION_PENDING_REVIEW: 'pending_review', SESSION_SUCCEEDED: 'success', SESSION_FAILED: 'failed' },
    FINISHED: { SESSION_COMPLETED: true, ONBOARDING_FINISHED: true },

    // `headers`: id, timestamp, signature. Answers { code, error }.
    handle: function (headers, body) {
        var now = new GlideDateTime();
        var secrets = this.config.webhookSecrets(now);
        if (secrets.length === 0) {
            return { code: 503, error: 'not_configured' };
        }
        var raw = String(body === null || body === undefined ? '' : body);
        var seconds = Math.floor(now.getNumericValue() / 1000);
        var tolerance = Math.min(Math.max(this.config.number('webhook.tolerance_seconds', 300), 30), 900);
        var verdict = raw.length > 65536 ? 'too long' : new IpseSignature().check(headers, raw, secrets, seconds, tolerance);
        if (verdict !== 'ok') {
            gs.warn('Ipse: a webhook was refused: ' + verdict);
            return { code: 401, error: 'unauthorized' };
        }
        var event;
        try {
            event = JSON.parse(raw);
        } catch (e) {
            return { code: 400, error: 'malformed' };
        }
        if (event === null || typeof event !== 'object') {
            return { code: 400, error: 'malformed' };
        }
        this._seen(now);
        return this._dispatch(event, String(headers.id));
    },

    _dispatch: function (event, id) {
        var type = String(event.type || event.eventType || event.onboardingStatus || '');
        if (type === 'webhook.test') {
            return { code: 200, error: '' };
        }
        if (type.indexOf('verification.') === 0) {
            return this._ipse(event, id);
        }
        var own = Object.prototype.hasOwnProperty;
        if (!own.call(this.FOREIGN, type) && !own.call(this.FINISHED, type)) {
            return { code: 202, error: '' };
        }
        var row = this._row(event.session_id || event.interviewId);
        if (!row) {
            return { code: 404, error: 'unknown_verification' };
        }
        if (own.call(this.FINISHED, type)) {
            this._ask(row);
        } else {
            this.status.take(row, { status: this.FOREIGN[type], sequence: 0, event: id, reasons: [] });
        }
        return { code: 200, error: '' };
    },

    // Ipse's own events carry the state they led to, and a number that orders them.
    _ipse: function (event, id) {
        var data = event.data;
        if (data === null || typeof data !== 'object') {
            return { code: 400, error: 'malformed' };
        }
        var status = Object.prototype.hasOwnProperty.call(this.status.OF_IPSE, String(data.status)) ? this.status.OF_IPSE[String(data.status)] : '';
        if (status === '') {
            return { code: 202, error: '' };
        }
        var row = this._row(data.id);
        if (!row || !this._isAbout(row, data.record)) {
            return { code: 404, error: 'unknown_verification' };
        }
        // The state alone is not enough for a success: the event has to be that decision.
        if (status === 'success' && String(event.type) !== 'verification.succeeded') {
            this._ask(row);
            return { code: 200, error: '' };
        }
        var sequence = Number(data.sequence);
        this.status.take(row, {
            status: status,
            sequence: sequence > 0 && sequence % 1 === 0 ? sequence : 0,
            event: id,
            reasons: new IpseApi().codes(data.reasons),
            assurance: data.assurance,
            valid_until: new IpseApi().time(data.valid_until)
        });
        return { code: 200, error: '' };
    },

    _row: function (session) {
        var id = String(session || '');
        if (!/^[A-Za-z0-9_\-]{4,64}$/.test(id)) {
            return null;
        }
        var row = new GlideRecord('x_ipse_idv_verification');
        row.addQuery('session_id', id);
        row.setLimit(1);
        row.query();
        return row.next() ? row : null;
    },

    // The record that the verification was opened for is the one this row is for.
    _isAbout: function (row, record) {
        if (record === null || record === undefined) {
            return true;
        }
        return String(record.system) === 'servicenow' && String(record.id) === row.getValue('source_record');
    },

    // Whatever says only that it is over is no answer: the server is asked for it.
    _ask: function (row) {
        if (!this.status.isFinal(row.getValue('status'))) {
            row.setValue('command', 'check');
            row.update();
        }
    },

    // For the checklist; once a minute is enough.
    _seen: function (now) {
        var row = this.config.find();
        var before = row.getValue('webhook_seen_at');
        if (before && now.getNumericValue() - new GlideDateTime(before).getNumericValue() < 60000) {
            return;
        }
        row.setValue('webhook_seen_at', now.getValue());
        row.update();
    },

    type: 'IpseWebhook'
};
