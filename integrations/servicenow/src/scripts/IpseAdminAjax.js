// What the configuration and Getting Started pages ask for. For administrators of the app only; no secret is answered.
var IpseAdminAjax = Class.create();
IpseAdminAjax.prototype = Object.extendsObject(global.AbstractAjaxProcessor, {
    PLAIN: {
        base_url: 255, journey: 80, integration_id: 100, step_up_journey: 80, journey_levels: 1000, subject_field: 40, delivery: 40, channel: 40,
        auth_server_url: 255, token_path: 100, grant_type: 40, client_id: 100, scope: 100, mail_host: 100, mail_port: 10, mail_user: 100,
        mail_security: 40, from_address: 100, from_name: 100, mid_server: 100
    },
    SECRET: ['api_key', 'client_secret', 'mail_password', 'webhook_secret'],
    CHOICES: {
        subject_field: ['sys_id', 'user_name', 'employee_number'], delivery: ['ipse', 'servicenow'], channel: ['email', 'sms', 'qr'],
        grant_type: ['client_credentials'], mail_security: ['none', 'starttls', 'tls']
    },
    EVENTS: ['verification.link_sent', 'verification.claimed', 'verification.processing', 'verification.requires_input', 'verification.pending_review',
        'verification.succeeded', 'verification.failed', 'verification.expired', 'verification.cancelled', 'verification.declined'],

    isPublic: function () {
        return false;
    },

    load: function () {
        return this._as(function (config) {
            var row = config.row();
            var settings = {};
            for (var name in this.PLAIN) {
                settings[name] = String(row.getValue(name) || '');
            }
            var set = {};
            for (var i = 0; i < this.SECRET.length; i++) {
                set[this.SECRET[i]] = config.secret(this.SECRET[i]) !== '';
            }
            return { ok: true, message: '', settings: settings, set: set, webhook_url: config.webhookUrl(), connected: !row.getElement('webhook_endpoint').nil() };
        });
    },

    save: function () {
        return this._as(function (config) {
            var given = JSON.parse(String(this.getParameter('sysparm_settings') || '{}'));
            var wrong = this._wrong(config, given);
            if (wrong !== '') {
                return { ok: false, message: wrong };
            }
            var row = config.row();
            var forgotten = this._forget(row, given);
            for (var name in this.PLAIN) {
                if (typeof given[name] === 'string') {
                    row.setValue(name, this._trimmed(given[name]));
                }
            }
            for (var i = 0; i < this.SECRET.length; i++) {
                var secret = this._trimmed(given[this.SECRET[i]]);
                if (secret !== '' && this.SECRET[i] !== 'webhook_secret') {
                    row[this.SECRET[i]].setDisplayValue(secret);
                }
            }
            row.update();
            if (this._trimmed(given.webhook_secret) !== '') {
                config.replaceWebhookSecret(this._trimmed(given.webhook_secret));
            }
            new IpseApi().clearToken();
            return { ok: true, message: 'Saved.' + forgotten };
        });
    },

    // A key that was given to one server is not shown to another.
    _forget: function (row, given) {
        var pairs = { base_url: ['api_key', 'API Key'], auth_server_url: ['client_secret', 'Client Secret'] };
        var text = '';
        for (var address in pairs) {
            var secret = pairs[address][0];
            var moved = typeof given[address] === 'string' && this._origin(given[address]) !== this._origin(row.getValue(address));
            if (moved && !row.getElement(secret).nil() && this._trimmed(given[secret]) === '') {
                row[secret].setDisplayValue('');
                text += ' The address changed, so please enter the ' + pairs[address][1] + ' again.';
            }
        }
        return text;
    },

    _origin: function (address) {
        return String(address || '').replace(/^(https?:\/\/[^\/]*).*$/, '$1').toLowerCase();
    },

    _trimmed: function (text) {
        return typeof text === 'string' ? text.replace(/^\s+|\s+$/g, '') : '';
    },

    _wrong: function (config, given) {
        for (var name in this.PLAIN) {
            var value = this._trimmed(given[name]);
            if (value.length > this.PLAIN[name]) {
                return 'This is too long: ' + name + '.';
            }
            if (value !== '' && this.CHOICES[name] && this.CHOICES[name].indexOf(value) < 0) {
                return 'Please choose one of the offered values for ' + name + '.';
            }
        }
        var addresses = ['base_url', 'auth_server_url'];
        for (var i = 0; i < addresses.length; i++) {
            if (this._trimmed(given[addresses[i]]) !== '' && !config.isGoodAddress(this._trimmed(given[addresses[i]]))) {
                return 'Addresses have to begin with https:// and hold nothing but a host and a path.';
            }
        }
        if (this._trimmed(given.webhook_secret) !== '' && !new IpseSignature().isSecret(this._trimmed(given.webhook_secret))) {
            return 'The Webhook Secret begins with whsec_ and is shown by Ipse where the endpoint was made.';
        }
        var from = this._trimmed(given.from_address);
        if (from !== '' && !/^[^\s<>"@]+@[^\s<>"@]+$/.test(from)) {
            return 'The From Address is not a mail address.';
        }
        return /[\r\n<>"]/.test(String(given.from_name || '')) ? 'The From Name may not contain line breaks, quotes or angle brackets.' : '';
    },

    testOauth: function () {
        return this._as(function (config) {
            var missing = config.missing();
            if (missing !== '') {
                return { ok: false, message: 'Please fill in ' + missing + ' first, and save.' };
            }
            var api = new IpseApi();
            var bought = api.credential(true);
            if (!bought.ok) {
                return { ok: false, message: bought.message };
            }
            var answer = api.send('get', '/v1/verifications?limit=1', null, '');
            if (!answer.ok) {
                return { ok: false, message: answer.message };
            }
            return { ok: true, message: bought.expires_at ? 'It works: a token until ' + bought.expires_at + ' UTC, and Ipse accepts it.' : 'It works: Ipse accepts the API Key. No OAuth2 client is set.' };
        });
    },

    testMail: function () {
        return this._as(function (config) {
            var row = config.row();
            row.setValue('test_mail_at', new GlideDateTime().getValue());
            row.update();
            gs.eventQueue('x_ipse_idv.test_mail', row, gs.getUserID(), '');
            return { ok: true, message: 'Queued. In a moment this page says whether it left.' };
        });
    },

    mailState: function () {
        return this._as(function () {
            var state = new IpseChecklist().mail();
            return { ok: true, sent: state.sent, message: state.text };
        });
    },

    clearCache: function () {
        return this._as(function () {
            new IpseApi().clearToken();
            return { ok: true, message: 'The kept token is gone. The next call gets a new one.' };
        });
    },

    // Tells Ipse where events go and keeps the secret that it answers; when that was done before, replaces the secret.
    connectWebhook: function () {
        return this._as(function (config) {
            var api = new IpseApi();
            var row = config.row();
            var endpoint = String(row.getValue('webhook_endpoint') || '');
            var answer = endpoint === '' ?
                api.send('post', '/v1/webhook-endpoints', { url: config.webhookUrl(), event_types: this.EVENTS, description: 'ServiceNow' }, '') :
                api.send('post', '/v1/webhook-endpoints/' + endpoint + '/rotate-secret', null, '');
            if (answer.status === 404 && endpoint !== '') {
                row.setValue('webhook_endpoint', '');
                row.update();
                return { ok: false, message: 'Ipse no longer has the endpoint. Press Connect Webhook again to make another.' };
            }
            if (!answer.ok) {
                return { ok: false, message: answer.status === 403 ? 'The API Key may not do this: it needs webhooks:write. Or make the endpoint in Ipse by hand and paste the secret here.' : answer.message };
            }
            var secret = String(endpoint === '' ? ((answer.json.secrets || [])[0] || {}).secret : answer.json.secret);
            if (!new IpseSignature().isSecret(secret)) {
                return { ok: false, message: 'Ipse gave no signing secret. Please make the endpoint by hand.' };
            }
            config.replaceWebhookSecret(secret);
            if (endpoint === '') {
                row = config.row();
                row.setValue('webhook_endpoint', String(answer.json.id));
                row.update();
                endpoint = String(answer.json.id);
            }
            api.send('post', '/v1/webhook-endpoints/' + endpoint + '/test', null, '');
            return { ok: true, message: 'Connected. A test event is on its way; Getting Started shows when it arrives.' };
        });
    },

    checklist: function () {
        return this._as(function () {
            return { ok: true, message: '', lines: new IpseChecklist().all() };
        });
    },

    // Opens an incident for this administrator and verifies them, so that every part is used once.
    sandboxTicket: function () {
        return this._as(function () {
            var ticket = new GlideRecord('incident');
            ticket.initialize();
            ticket.setValue('caller_id', gs.getUserID());
            ticket.setValue('short_description', 'Ipse test ticket: please close');
            var id = ticket.insert();
            if (!id || !ticket.get(id)) {
                return { ok: false, message: 'No incident could be made. Is the app allowed to create incidents?' };
            }
            var answer = new IpseRequests().request({ ticket: ticket, channel: String(this.getParameter('sysparm_channel') || ''), by: gs.getUserID(), test: true });
            return { ok: answer.ok, message: answer.message, table: 'incident', id: String(id), number: String(ticket.getValue('number')) };
        });
    },

    // How far the test ticket came.
    sandboxState: function () {
        return this._as(function () {
            var id = String(this.getParameter('sysparm_id') || '');
            var ticket = new IpseTickets().get('incident', id);
            var row = new GlideRecord('x_ipse_idv_verification');
            row.addQuery('source_record', id);
            row.addQuery('test', true);
            row.setLimit(1);
            row.query();
            if (!ticket || !row.next()) {
                return { ok: false, message: 'There is no such test ticket.' };
            }
            var status = String(row.getValue('status'));
            return {
                ok: true, message: String(row.getValue('problem') || ''), final: new IpseStatus().isFinal(status),
                steps: [
                    { title: 'The request was stored', done: true },
                    { title: 'Ipse took it', done: !row.getElement('session_id').nil() },
                    { title: 'An event came back, signed', done: !row.getElement('last_event').nil() },
                    { title: 'A decision came: ' + (row.getValue('status_text') || 'not yet'), done: new IpseStatus().isFinal(status) },
                    { title: 'IDV Status on ' + ticket.getValue('number') + ' shows it', done: ticket.getValue('x_ipse_idv_idv_status') === row.getValue('status_text') }
                ]
            };
        });
    },

    publish: function () {
        return this._as(function () {
            var checklist = new IpseChecklist();
            try {
                for (var i = 0; i < checklist.SUBFLOWS.length; i++) {
                    var flow = checklist.flow(checklist.SUBFLOWS[i]);
                    sn_fd.FlowAPI.publish(flow.getUniqueValue());
                }
                return { ok: true, message: 'Asked for. The line above shows whether it worked.' };
            } catch (e) {
                gs.warn('Ipse: flows could not be published by script: ' + e);
                return { ok: false, message: 'This instance does not let the app publish. Open Workflow Studio and press Publish: the action first, then the subflow, then the flow.' };
            }
        });
    },

    _as: function (work) {
        var answer = { ok: false, message: 'Only an Ipse administrator can do this.' };
        if (gs.hasRole('x_ipse_idv.admin')) {
            try {
                answer = work.call(this, new IpseConfig());
            } catch (e) {
                gs.error('Ipse: ' + e);
                answer = { ok: false, message: 'Something went wrong, and nothing was changed. See the system log.' };
            }
        }
        return JSON.stringify(answer);
    },

    type: 'IpseAdminAjax'
});
