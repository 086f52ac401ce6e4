// The one row of settings. Secrets are read here, for the server's own use, and go to no browser.
var IpseConfig = Class.create();
IpseConfig.prototype = {
    initialize: function () {},

    SECRETS: ['api_key', 'client_secret', 'mail_password', 'webhook_secret', 'webhook_secret_previous', 'access_token'],

    // The row, made empty if it is not there yet.
    row: function () {
        var row = this.find();
        if (row) {
            return row;
        }
        row = new GlideRecord('x_ipse_idv_config');
        row.initialize();
        row.insert();
        return this.find();
    },

    find: function () {
        var row = new GlideRecord('x_ipse_idv_config');
        row.orderBy('sys_created_on');
        row.setLimit(1);
        row.query();
        return row.next() ? row : null;
    },

    text: function (name) {
        var row = this.find();
        return row ? String(row.getValue(name) || '') : '';
    },

    secret: function (name) {
        var row = this.find();
        return row ? String(row.getElement(name).getDecryptedValue() || '') : '';
    },

    // Whether the server can be called at all: '' or what is missing.
    missing: function () {
        var row = this.find();
        if (!row || row.getElement('base_url').nil()) {
            return 'the Base URL';
        }
        if (!this.isGoodAddress(row.getValue('base_url'))) {
            return 'a Base URL that begins with https://';
        }
        if (row.getElement('journey').nil()) {
            return 'the Configuration ID';
        }
        var byToken = !row.getElement('auth_server_url').nil() && !row.getElement('client_id').nil() && this.secret('client_secret') !== '';
        if (!byToken && this.secret('api_key') === '') {
            return 'the API Key, or the OAuth2 client';
        }
        return '';
    },

    // https, or plain http to this very machine for trying things out. No user, no query, no fragment.
    isGoodAddress: function (address) {
        var text = String(address || '');
        return /^https:\/\/[A-Za-z0-9.\-]+(:\d{1,5})?(\/[A-Za-z0-9._~\/\-]*)?$/.test(text) ||
            /^http:\/\/(127\.0\.0\.1|localhost)(:\d{1,5})?(\/[A-Za-z0-9._~\/\-]*)?$/.test(text);
    },

    number: function (property, otherwise) {
        var value = parseInt(gs.getProperty('x_ipse_idv.' + property, String(otherwise)), 10);
        return isNaN(value) ? otherwise : value;
    },

    on: function (property, otherwise) {
        return gs.getProperty('x_ipse_idv.' + property, String(otherwise)) === 'true';
    },

    // The level that the administrator gives a journey: lines or commas of `key = number`; 0 where none is given.
    level: function (journey) {
        var lines = this.text('journey_levels').split(/[\n,;]/);
        for (var i = 0; i < lines.length; i++) {
            var found = /^\s*([^=\s]+)\s*=\s*(\d{1,2})\s*$/.exec(lines[i]);
            if (found && found[1] === String(journey)) {
                return parseInt(found[2], 10);
            }
        }
        return 0;
    },

    webhookUrl: function () {
        var base = String(gs.getProperty('glide.servlet.uri', '')).replace(/\/+$/, '');
        return base + '/api/x_ipse_idv/webhook';
    },

    // Secrets that a webhook may be signed with now: the current one, and the one before it until it retires.
    webhookSecrets: function (now) {
        var row = this.find();
        if (!row) {
            return [];
        }
        var secrets = [this.secret('webhook_secret')];
        var until = row.getValue('webhook_previous_until');
        if (until && new GlideDateTime(until).getNumericValue() > now.getNumericValue()) {
            secrets.push(this.secret('webhook_secret_previous'));
        }
        return secrets.filter(function (secret) { return secret !== ''; });
    },

    // A new signing secret; the one before it stays good for a day, as the server goes on signing with both.
    replaceWebhookSecret: function (secret) {
        var row = this.row();
        var before = String(row.getElement('webhook_secret').getDecryptedValue() || '');
        if (before !== '' && before !== secret) {
            var until = new GlideDateTime();
            until.addSeconds(24 * 3600);
            row.webhook_secret_previous.setDisplayValue(before);
            row.setValue('webhook_previous_until', until.getValue());
        }
        row.webhook_secret.setDisplayValue(secret);
        row.update();
    },

    type: 'IpseConfig'
};
