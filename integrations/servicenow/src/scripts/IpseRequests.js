// Asking for verifications. What a person clicks only writes a row; the calls to the server are made behind their back,
// by the rule that carries out a row's command.
var IpseRequests = Class.create();
IpseRequests.prototype = {
    initialize: function () {
        this.config = new IpseConfig();
        this.tickets = new IpseTickets();
        this.status = new IpseStatus();
    },

    CHANNELS: { email: true, sms: true, qr: true },
    MOST_RESENDS: 3,

    // `wanted`: ticket (a record of ours) or subject (a user's id); channel, rule,
    // by, automatic (a rule asks, not a person), limited (count what the agent asked for), test. Answers { ok, message, id }.
    request: function (wanted) {
        var ticket = wanted.ticket || null;
        var person = ticket ? this.tickets.person(ticket) : String(wanted.subject || '');
        var refused = this._refusal(ticket, person, wanted);
        if (refused !== '') {
            return { ok: false, message: refused, id: '' };
        }
        var channel = this.CHANNELS[wanted.channel] ? wanted.channel : this.config.text('channel') || 'email';
        if (channel === 'qr' && !this.config.on('channel.qr', true)) {
            return { ok: false, message: 'QR codes on screen are switched off here.', id: '' };
        }
        var row = new GlideRecord('x_ipse_idv_verification');
        row.initialize();
        row.setValue('source_table', ticket ? ticket.getTableName() : 'sys_user');
        row.setValue('source_record', ticket ? ticket.getUniqueValue() : person);
        row.setValue('subject', person);
        row.setValue('channel', channel);
        row.setValue('requested_by', wanted.automatic ? '' : wanted.by || gs.getUserID());
        row.setValue('test', wanted.test === true);
        if (wanted.rule) {
            row.setValue('rule', wanted.rule);
        }
        var id = row.insert();
        if (!id) {
            return { ok: false, message: 'A verification is already running for this record.', id: '' };
        }
        return { ok: true, message: this._begun(channel), id: String(id) };
    },

    _begun: function (channel) {
        if (channel === 'qr') {
            return 'The QR code is on its way to your screen. Let the person scan it with their own phone.';
        }
        return channel === 'sms' ? 'A text message goes to the mobile number on the user record. This page shows what happens.' :
            'A mail goes to the address on the user record. This page shows what happens.';
    },

    // After a record was stored: somebody else on it ends what runs for it, and rules that ask by themselves ask.
    follow: function (ticket, previous) {
        var table = String(ticket.getTableName());
        var running = this.tickets.running(table, ticket.getUniqueValue());
        if (running && this.tickets.person(ticket) !== running.getValue('subject')) {
            this.cancel(running, 'person_changed');
            running = null;
        }
        if (running) {
            return;
        }
        var gate = new IpseGate();
        var rule = new GlideRecord('x_ipse_idv_rule');
        rule.addQuery('active', true);
        rule.addQuery('kind', 'gate');
        rule.addQuery('auto_request', true);
        rule.addQuery('applies_to', table);
        rule.orderByDesc('assurance_level');
        rule.query();
        while (rule.next()) {
            if (gate.begins(rule, ticket, previous) && !gate.satisfied(rule, ticket)) {
                this.request({ ticket: ticket, rule: rule.getUniqueValue(), channel: rule.getValue('channel'), automatic: true });
                return;
            }
        }
    },

    _refusal: function (ticket, person, wanted) {
        var missing = this.config.missing();
        if (missing !== '') {
            return 'Ipse is not set up yet: ' + missing + ' is missing. Please tell your administrator.';
        }
        if (!this.tickets.isId(person)) {
            return 'There is nobody on this record to verify. Fill in the person first.';
        }
        var by = String(wanted.by || gs.getUserID());
        if (ticket && by === person && !wanted.test && !wanted.automatic) {
            return 'You cannot ask for a verification of yourself. Please let a colleague do it.';
        }
        if (ticket && this.tickets.running(ticket.getTableName(), ticket.getUniqueValue()) !== null) {
            return 'A verification is already running for this record.';
        }
        if (!wanted.test && this._asked('subject', person, 24) >= this.config.number('limits.person_per_day', 5)) {
            return 'This person was asked often enough today. Somebody may be trying to wear them down: please tell your security team.';
        }
        if (wanted.limited && this._asked('requested_by', by, 1) >= this.config.number('limits.agent_per_hour', 30)) {
            return 'You asked for many verifications in the last hour. Please wait, or tell your administrator.';
        }
        return '';
    },

    // How often within some hours; counted by the database.
    _asked: function (field, value, hours) {
        var since = new GlideDateTime();
        since.addSeconds(-3600 * hours);
        var count = new GlideAggregate('x_ipse_idv_verification');
        count.addQuery(field, value);
        count.addQuery('status', '!=', 'overridden');
        count.addQuery('sys_created_on', '>=', since.getValue());
        count.addAggregate('COUNT');
        count.query();
        return count.next() ? parseInt(count.getAggregate('COUNT'), 10) : 0;
    },

    // Before a row is stored, whoever makes it (a flow's Create Record too): nothing it claims to have reached is kept.
    complete: function (row) {
        var table = String(row.getValue('source_table') || '');
        var ticket = this.tickets.get(table, row.getValue('source_record'));
        if (this.tickets.knows(table)) {
            if (!ticket || !this.tickets.isId(this.tickets.person(ticket))) {
                return 'there is no such record, or nobody on it';
            }
            row.setValue('subject', this.tickets.person(ticket));
        } else if (table !== '' && table !== 'sys_user') {
            return 'records of this table cannot be verified for';
        } else if (!this.tickets.isId(row.getValue('subject'))) {
            return 'a person or a record is needed';
        } else {
            row.setValue('source_table', 'sys_user');
            row.setValue('source_record', row.getValue('subject'));
        }
        var forgotten = ['session_id', 'link', 'finished_at', 'valid_until', 'expires_at', 'last_event', 'reasons', 'override_reason', 'problem'];
        for (var i = 0; i < forgotten.length; i++) {
            row.setValue(forgotten[i], '');
        }
        var now = new GlideDateTime().getValue();
        if (!this.CHANNELS[String(row.getValue('channel'))]) {
            row.setValue('channel', this.config.text('channel') || 'email');
        }
        this._choose(row);
        row.setValue('status', 'requested');
        row.setValue('status_at', now);
        row.setValue('status_text', this.status.LABEL.requested + ' - ' + now);
        row.setValue('last_sequence', 0);
        row.setValue('resends', 0);
        row.setValue('attempt', 1);
        row.setValue('active_key', row.getValue('source_table') + ':' + row.getValue('source_record'));
        row.setValue('command', 'open');
        return '';
    },

    // The journey: the rule's, or the configured one; and the step-up journey first where its level is enough.
    _choose: function (row) {
        var rule = this._rule(row.getValue('rule'));
        var journey = (rule && rule.getValue('journey')) || this.config.text('journey');
        var wanted = rule ? parseInt(rule.getValue('assurance_level') || '0', 10) : 0;
        var quick = this.config.text('step_up_journey');
        var mayStepUp = quick !== '' && !(rule && rule.getValue('journey')) && this.config.level(quick) >= wanted;
        row.setValue('full_journey', journey);
        this._travel(row, mayStepUp ? quick : journey);
    },

    _travel: function (row, journey) {
        row.setValue('journey', journey);
        row.setValue('assurance_level', this.config.level(journey));
    },

    _rule: function (id) {
        var rule = new GlideRecord('x_ipse_idv_rule');
        return this.tickets.isId(id) && rule.get(String(id)) ? rule : null;
    },

    // After it is stored: the ticket points to its newest request.
    point: function (row) {
        var ticket = this.tickets.get(row.getValue('source_table'), row.getValue('source_record'));
        if (!ticket) {
            return;
        }
        ticket.setValue('x_ipse_idv_verification', row.getUniqueValue());
        ticket.setValue('x_ipse_idv_idv_status', row.getValue('status_text'));
        ticket.work_notes = this.status.note(row);
        ticket.update();
    },

    resend: function (row) {
        if (!this._isOpen(row) || row.getValue('status') === 'pending_review') {
            return { ok: false, message: 'There is nothing to send again.' };
        }
        if (parseInt(row.getValue('resends') || '0', 10) >= this.MOST_RESENDS) {
            return { ok: false, message: 'The link was sent often enough. Cancel this verification and ask again, or choose another channel.' };
        }
        row.setValue('resends', parseInt(row.getValue('resends') || '0', 10) + 1);
        row.setValue('command', row.getValue('session_id') ? 'resend' : 'open');
        row.update();
        return { ok: true, message: 'A new link is on its way. The old one no longer works.' };
    },

    cancel: function (row, why) {
        if (!this._isOpen(row)) {
            return { ok: false, message: 'There is nothing to cancel.' };
        }
        // It ends here at once, so that a late answer opens nothing; the server is told behind.
        var session = row.getValue('session_id');
        row.setValue('reasons', why || 'cancelled_by_requester');
        this.status.set(row, 'failure');
        if (session) {
            row.setValue('command', 'cancel');
            row.update();
        }
        return { ok: true, message: 'Cancelled. The link no longer works.' };
    },

    _isOpen: function (row) {
        return !this.status.isFinal(row.getValue('status'));
    },

    // Carries out what a row asks for. Runs behind, as the system.
    carryOut: function (id) {
        var row = new GlideRecord('x_ipse_idv_verification');
        if (!row.get(id)) {
            return;
        }
        var command = String(row.getValue('command') || '');
        row.setValue('command', '');
        row.update();
        if (command === 'cancel') {
            new IpseApi().send('post', '/v1/verifications/' + row.getValue('session_id') + '/cancel', null, '');
        } else if (this._isOpen(row)) {
            if (command === 'open') {
                this._open(row);
            } else if (command === 'resend') {
                this._resend(row);
            } else if (command === 'check') {
                this._check(row);
            }
        }
    },

    // The key is the row's, so that asking again after a lost answer gives the same verification.
    _open: function (row) {
        var contacts = new IpseContacts();
        var channel = String(row.getValue('channel'));
        var known = contacts.subject(row.getValue('subject'), channel);
        if (known.problem !== '') {
            this._end(row, 'no_contact', known.problem);
            return;
        }
        var byIpse = channel !== 'qr' && this.config.text('delivery') !== 'servicenow';
        if (channel !== 'qr' && !byIpse && contacts.isTooNew(row.getValue('subject'), channel)) {
            this._end(row, 'contact_too_new', IpseApi.prototype.SENTENCES.contact_too_new);
            return;
        }
        var api = new IpseApi();
        var body = this._body(row, known, byIpse ? channel : 'none');
        var answer = api.send('post', '/v1/verifications', body, row.getUniqueValue() + '-' + row.getValue('attempt'));
        if (!answer.ok && answer.code === 'not_enrolled' && row.getValue('journey') !== row.getValue('full_journey')) {
            this._travel(row, row.getValue('full_journey'));
            row.setValue('attempt', parseInt(row.getValue('attempt') || '1', 10) + 1);
            row.setValue('command', 'open');
            row.update();
            return;
        }
        if (!answer.ok) {
            this._later(row, api, answer);
            return;
        }
        var session = String(answer.json.id || '');
        if (!/^[A-Za-z0-9_\-]{4,64}$/.test(session)) {
            this._end(row, 'not_ipse', 'Ipse gave no verification id. Please check the Base URL.');
            return;
        }
        row.setValue('session_id', session);
        row.setValue('problem', '');
        row.setValue('expires_at', api.time(answer.json.expires_at));
        this._keepLink(row, answer.json.link);
        this._takeAnswer(row, api, answer.json);
        this._send(row, byIpse);
    },

    _body: function (row, known, delivery) {
        var number = this._number(row);
        var body = {
            journey: String(row.getValue('journey')),
            subject: known.subject,
            purpose: this._purpose(row, number),
            record: { system: 'servicenow', table: String(row.getValue('source_table')), id: String(row.getValue('source_record')), number: number },
            requester: this._requester(row),
            delivery: delivery,
            metadata: { servicenow_verification: String(row.getValue('number')) }
        };
        if (this.config.text('integration_id') !== '') {
            body.metadata.integration = this.config.text('integration_id').substring(0, 500);
        }
        if (known.language !== '') {
            body.language = known.language;
        }
        return body;
    },

    _number: function (row) {
        var ticket = this.tickets.get(row.getValue('source_table'), row.getValue('source_record'));
        return String((ticket && ticket.getValue('number')) || row.getValue('number'));
    },

    // In words the person understands; never the ticket's text, which anybody may have written.
    _purpose: function (row, number) {
        var rule = this._rule(row.getValue('rule'));
        var why = rule && rule.getValue('purpose') ? String(rule.getValue('purpose')) : 'Confirm who is asking for help';
        return (why + ' (' + number + ')').substring(0, 200);
    },

    _requester: function (row) {
        var agent = new GlideRecord('sys_user');
        var id = String(row.getValue('requested_by') || '');
        var name = this.tickets.isId(id) && agent.get(id) ? String(agent.getValue('name') || '') : '';
        return name === '' ? { name: 'Service desk' } : { id: id, name: name.substring(0, 80) };
    },

    _keepLink: function (row, link) {
        var text = String(link || '');
        var base = this.config.text('base_url');
        var origin = /^https?:\/\/[^\/]+/.exec(text);
        if (origin && text.length <= 500 && (text.indexOf('https://') === 0 || base.indexOf('http://') === 0)) {
            row.setValue('link', text);
        }
    },

    // A link that ServiceNow has to bring: by its own mail. A QR code waits on the row for the agent's page.
    _send: function (row, byIpse) {
        if (byIpse || row.getElement('link').nil() || row.getValue('channel') === 'qr') {
            return;
        }
        gs.eventQueue('x_ipse_idv.link', row, row.getValue('channel'), '');
    },

    _resend: function (row) {
        var api = new IpseApi();
        var key = row.getUniqueValue() + '-resend-' + row.getValue('resends');
        var answer = api.send('post', '/v1/verifications/' + row.getValue('session_id') + '/resend-link', null, key);
        if (!answer.ok) {
            this._complain(row, answer.message);
            return;
        }
        row.setValue('problem', '');
        this._keepLink(row, answer.json.link);
        this._takeAnswer(row, api, answer.json);
        this._send(row, row.getValue('channel') !== 'qr' && this.config.text('delivery') !== 'servicenow');
    },

    // Asks the server how it stands: the way back from a lost webhook.
    _check: function (row) {
        row.setValue('checked_at', new GlideDateTime().getValue());
        row.update();
        if (!row.getValue('session_id')) {
            this._open(row);
            return;
        }
        var api = new IpseApi();
        var answer = api.send('get', '/v1/verifications/' + row.getValue('session_id'), null, '');
        if (answer.ok) {
            this._takeAnswer(row, api, answer.json);
        } else if (answer.code === 'not_found') {
            this._end(row, 'not_found', 'Ipse does not know this verification any more.');
        }
    },

    // An answer of the server is news like a webhook's. A success that it does not call valid is none.
    _takeAnswer: function (row, api, json) {
        var known = Object.prototype.hasOwnProperty.call(this.status.OF_IPSE, String(json.status));
        if (!known || String(json.id) !== row.getValue('session_id')) {
            this._complain(row, 'Ipse answered about something else. Please check the Base URL.');
            return;
        }
        var status = this.status.OF_IPSE[String(json.status)];
        var lapsed = status === 'success' && json.valid !== true;
        this.status.take(row, {
            status: lapsed ? 'failure' : status,
            sequence: 0,
            event: '',
            reasons: lapsed ? ['no_longer_valid'] : api.codes(json.reasons),
            assurance: json.assurance,
            valid_until: api.time(json.valid_until),
            expires_at: api.time(json.expires_at)
        });
    },

    _later: function (row, api, answer) {
        if (api.mayPass(answer)) {
            this._complain(row, answer.message);
        } else {
            this._end(row, answer.code, answer.message);
        }
    },

    _complain: function (row, message) {
        row.setValue('problem', message.substring(0, 500));
        row.update();
    },

    _end: function (row, code, message) {
        row.setValue('problem', message.substring(0, 500));
        row.setValue('reasons', code);
        this.status.set(row, 'failure');
    },

    type: 'IpseRequests'
};
