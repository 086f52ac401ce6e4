// Calls the Ipse server: with the API key or an OAuth2 token, directly or through a MID Server.
var IpseApi = Class.create();
IpseApi.prototype = {
    initialize: function () {
        this.config = new IpseConfig();
    },

    // Answers { ok, status, json, code, message }: `message` is one sentence for the person who asked.
    send: function (method, path, body, idempotencyKey) {
        var missing = this.config.missing();
        if (missing !== '') {
            return this._failed(0, 'not_configured', 'Ipse is not set up yet: ' + missing + ' is missing. Please tell your administrator.');
        }
        var answer = this._once(method, path, body, idempotencyKey, false);
        if (answer.status === 401 && this._usesTokens()) {
            answer = this._once(method, path, body, idempotencyKey, true);
        }
        this._remember(answer);
        return answer;
    },

    _once: function (method, path, body, idempotencyKey, fresh) {
        var credential = this.credential(fresh);
        if (!credential.ok) {
            return credential;
        }
        var headers = { Authorization: 'Bearer ' + credential.token, Accept: 'application/json' };
        if (idempotencyKey) {
            headers['Idempotency-Key'] = idempotencyKey;
        }
        if (body) {
            headers['Content-Type'] = 'application/json';
        }
        var base = this.config.text('base_url').replace(/\/+$/, '');
        return this.http(method, base + path, headers, body ? this._ascii(JSON.stringify(body)) : '');
    },

    // One HTTP exchange. Whatever goes wrong becomes an answer that is not ok.
    http: function (method, url, headers, body) {
        try {
            var message = new sn_ws.RESTMessageV2();
            message.setEndpoint(url);
            message.setHttpMethod(method);
            for (var name in headers) {
                if (Object.prototype.hasOwnProperty.call(headers, name)) {
                    message.setRequestHeader(name, headers[name]);
                }
            }
            // What a person is called may contain what looks like a variable.
            message.disableForcedVariableSubstitution();
            if (body !== '') {
                message.setRequestBody(body);
            }
            message.setHttpTimeout(15000);
            var mid = this.config.text('mid_server');
            var response;
            if (mid !== '') {
                message.setMIDServer(mid);
                response = message.executeAsync();
                response.waitForResponse(30);
            } else {
                response = message.execute();
            }
            return this._read(response);
        } catch (e) {
            gs.error('Ipse: the server could not be called: ' + e);
            return this._failed(0, 'unreachable', 'Ipse cannot be reached right now. Please try again in a few minutes.');
        }
    },

    _read: function (response) {
        var status = parseInt(response.getStatusCode(), 10) || 0;
        var text = String(response.getBody() || '');
        var json = null;
        try {
            json = text === '' ? null : JSON.parse(text);
        } catch (e) {
            json = null;
        }
        if (status >= 200 && status < 300) {
            return json === null ?
                this._failed(status, 'not_ipse', 'Something that is not Ipse answered. Please check the Base URL.') :
                { ok: true, status: status, json: json, code: '', message: '' };
        }
        if (status === 0) {
            return this._failed(0, 'unreachable', 'Ipse cannot be reached right now. Please try again in a few minutes.');
        }
        var code = json && typeof json.code === 'string' && /^[a-z0-9_]{1,60}$/.test(json.code) ? json.code : 'http_' + status;
        return this._failed(status, code, this._sentence(status, code));
    },

    SENTENCES: {
        contact_too_new: 'The address or number of this person was changed only recently, so no link may go there. Choose the other channel, or follow your procedure for people who cannot be reached.',
        no_contact: 'The user record has no usable address or number for this channel. Choose another channel.',
        not_enrolled: 'This person has no enrolled face yet.',
        wrong_state: 'This is not possible any more: the verification has moved on.',
        not_permitted: 'Ipse does not allow this for the API key. Please tell your administrator.',
        not_found: 'Ipse does not know this journey or verification. Please tell your administrator.',
        rate_limited: 'Too many requests at once. Please try again in a minute.',
        invalid_field: 'Ipse did not accept something on the user record or ticket. Please tell your administrator.'
    },

    _sentence: function (status, code) {
        if (Object.prototype.hasOwnProperty.call(this.SENTENCES, code)) {
            return this.SENTENCES[code];
        }
        if (status === 401) {
            return 'Ipse did not accept the API key or token. Please tell your administrator.';
        }
        return status >= 500 ? 'Ipse has a problem right now. Please try again in a few minutes.' : 'Ipse refused this (' + code + ').';
    },

    _failed: function (status, code, message) {
        return { ok: false, status: status, json: null, code: code, message: message };
    },

    // A failure that may pass by itself.
    mayPass: function (answer) {
        return answer.status === 0 || answer.status === 401 || answer.status === 429 || answer.status >= 500;
    },

    _usesTokens: function () {
        return this.config.text('auth_server_url') !== '' && this.config.text('client_id') !== '';
    },

    // The bearer token: bought with the OAuth2 client where one is configured, the API key otherwise.
    credential: function (fresh) {
        if (!this._usesTokens()) {
            return { ok: true, token: this.config.secret('api_key') };
        }
        var row = this.config.row();
        var until = row.getValue('token_expires_at');
        var now = new GlideDateTime();
        now.addSeconds(60);
        if (!fresh && until && new GlideDateTime(until).getNumericValue() > now.getNumericValue()) {
            var kept = this.config.secret('access_token');
            if (kept !== '') {
                return { ok: true, token: kept, expires_at: until };
            }
        }
        return this._buy(row);
    },

    _buy: function (row) {
        var address = String(row.getValue('auth_server_url')).replace(/\/+$/, '');
        var path = String(row.getValue('token_path') || '/oauth2/token');
        if (!this.config.isGoodAddress(address) || !/^\/[A-Za-z0-9._~\/\-]*$/.test(path)) {
            return this._failed(0, 'not_configured', 'The Auth Server URL has to begin with https://, and the Token URL Path with a slash.');
        }
        var form = 'grant_type=client_credentials&client_id=' + encodeURIComponent(row.getValue('client_id')) +
            '&client_secret=' + encodeURIComponent(this.config.secret('client_secret'));
        if (row.getValue('scope')) {
            form += '&scope=' + encodeURIComponent(row.getValue('scope'));
        }
        var answer = this.http('post', address + path, { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' }, form);
        if (!answer.ok) {
            return this._failed(answer.status, 'no_token', 'The auth server gave no token (HTTP ' + answer.status + '). Please check the Client ID, the Client Secret and the Token URL Path.');
        }
        var token = String(answer.json.access_token || '');
        var seconds = parseInt(answer.json.expires_in, 10) || 300;
        if (!/^[\x21-\x7e]{1,4000}$/.test(token)) {
            return this._failed(answer.status, 'no_token', 'The auth server answered without an access token.');
        }
        var until = new GlideDateTime();
        until.addSeconds(Math.min(Math.max(seconds, 1), 86400));
        row.access_token.setDisplayValue(token);
        row.setValue('token_expires_at', until.getValue());
        row.update();
        return { ok: true, token: token, expires_at: until.getValue() };
    },

    clearToken: function () {
        var row = this.config.row();
        row.access_token.setDisplayValue('');
        row.setValue('token_expires_at', '');
        row.update();
    },

    // For the checklist: when a call last went well, or what was wrong with the last one.
    _remember: function (answer) {
        var row = this.config.row();
        var problem = answer.ok || !(this.mayPass(answer) || answer.status === 403) ? '' : answer.message.substring(0, 255);
        if (problem === '') {
            row.setValue('call_ok_at', new GlideDateTime().getValue());
        }
        row.setValue('call_problem', problem);
        row.update();
    },

    // ASCII only, so that no charset on the way can matter.
    _ascii: function (text) {
        return text.replace(/[\u007f-\uffff]/g, function (c) {
            return '\\u' + ('0000' + c.charCodeAt(0).toString(16)).slice(-4);
        });
    },

    // An instant of Ipse's (`2026-11-21T19:12:27.123Z`) in the platform's form, or ''.
    time: function (text) {
        var found = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?Z$/.exec(String(text || ''));
        return found ? found[1] + ' ' + found[2] : '';
    },

    // Reason codes, from strings or from objects with a code; anything else is left out.
    codes: function (reasons) {
        var codes = [];
        for (var i = 0; reasons && i < reasons.length && codes.length < 30; i++) {
            var code = typeof reasons[i] === 'string' ? reasons[i] : String((reasons[i] || {}).code || '');
            if (/^[a-z0-9_]{1,60}$/.test(code)) {
                codes.push(code);
            }
        }
        return codes;
    },

    type: 'IpseApi'
};
