// What has to be true before the first real request, looked up now. Each line: key, title, state (done, open, unknown),
// a sentence, and where to go.
var IpseChecklist = Class.create();
IpseChecklist.prototype = {
    initialize: function () {
        this.config = new IpseConfig();
        this.tickets = new IpseTickets();
    },

    SUBFLOWS: ['Require Identity Verification', 'Ipse: gate password-reset incidents'],

    all: function () {
        var lines = ['_configured', '_called', '_webhook', '_mailOn', '_mailSent', '_roles', '_audited', '_layouts', '_flows', '_hr', '_rules', '_ticket'];
        var answers = [];
        for (var i = 0; i < lines.length; i++) {
            var line;
            try {
                line = this[lines[i]]();
            } catch (e) {
                gs.error('Ipse: a line of the checklist failed: ' + e);
                line = this._line(lines[i].substring(1), 'This could not be looked up', 'unknown', 'See the system log.', '');
            }
            answers.push(line);
        }
        return answers;
    },

    _line: function (key, title, state, text, link) {
        return { key: key, title: title, state: state === true ? 'done' : state === false ? 'open' : state, text: text, link: link };
    },

    _configured: function () {
        var missing = this.config.missing();
        return this._line('configured', 'Settings are filled in', missing === '', missing === '' ? 'Everything that is needed is there.' : 'Missing: ' + missing + '.', 'x_ipse_idv_configuration.do');
    },

    _called: function () {
        var problem = this.config.text('call_problem');
        var at = this.config.text('call_ok_at');
        var text = problem !== '' ? problem : at !== '' ? 'Ipse last answered at ' + at + ' UTC.' : 'Press Test OAuth2 on the configuration page.';
        return this._line('called', 'Ipse can be reached and accepts our key', problem === '' && at !== '', text, 'x_ipse_idv_configuration.do');
    },

    _webhook: function () {
        var at = this.config.text('webhook_seen_at');
        var set = this.config.secret('webhook_secret') !== '';
        var text = at !== '' ? 'A signed event arrived at ' + at + ' UTC.' : set ? 'The secret is set, but no event has arrived yet.' : 'Press Connect Webhook on the configuration page.';
        return this._line('webhook', 'Events from Ipse arrive', at !== '' && set, text, 'x_ipse_idv_configuration.do');
    },

    _mailOn: function () {
        if (this.config.text('delivery') !== 'servicenow') {
            return this._line('mail_on', 'Links can be sent', true, 'Ipse sends the links itself.', '');
        }
        var on = gs.getProperty('glide.email.smtp.active', 'false') === 'true';
        var redirected = String(gs.getProperty('glide.email.test.user', ''));
        var text = !on ? 'Outbound mail is switched off on this instance.' : redirected !== '' ? 'All mail of this instance goes to ' + redirected + '.' : 'Outbound mail is on.';
        return this._line('mail_on', 'Links can be sent', on && redirected === '', text, 'sys_email_account_list.do');
    },

    _mailSent: function () {
        var state = this.mail();
        return this._line('mail_sent', 'A test mail was sent', state.sent, state.text, 'x_ipse_idv_configuration.do');
    },

    // How the last test mail stands in the outbox.
    mail: function () {
        var at = this.config.text('test_mail_at');
        if (at === '') {
            return { sent: false, text: 'Press Send Test Email on the configuration page.' };
        }
        var mail = new GlideRecord('sys_email');
        mail.addQuery('type', 'IN', 'send-ready,sent,send-failed,send-ignored');
        mail.addQuery('subject', 'STARTSWITH', 'Ipse test mail');
        mail.addQuery('sys_created_on', '>=', at);
        mail.orderByDesc('sys_created_on');
        mail.setLimit(1);
        mail.query();
        if (!mail.next()) {
            return { sent: false, text: 'The mail is not in the outbox yet. If it is not there in a minute, check that the notification "Ipse: test mail" is active and that you have a mail address.' };
        }
        var type = String(mail.getValue('type'));
        var texts = {
            'send-ready': 'The mail waits in the outbox. Is outbound mail switched on?',
            sent: 'The mail left this instance at ' + mail.getValue('sys_created_on') + ' UTC. If it did not arrive, look into the spam folder and your mail gateway.',
            'send-failed': 'The mail server refused it: ' + String(mail.getValue('error_string') || 'no reason given').substring(0, 200),
            'send-ignored': 'The instance ignored it: the recipient is switched off, or notifications are.'
        };
        return { sent: type === 'sent', text: texts[type] || 'Its state is ' + type + '.' };
    },

    _roles: function () {
        var has = new GlideRecord('sys_user_has_role');
        has.addQuery('role.name', 'x_ipse_idv.agent');
        has.addQuery('user.active', true);
        has.setLimit(1);
        has.query();
        var some = has.next();
        return this._line('roles', 'Agents have the role x_ipse_idv.agent', some, some ? 'At least one active user has it.' : 'Nobody has it. Give it to the group of your service desk.', 'sys_user_role_list.do?sysparm_query=nameSTARTSWITHx_ipse_idv');
    },

    _audited: function () {
        var contacts = new IpseContacts();
        var fine = contacts._isWatched('email') && contacts._isWatched('mobile_phone');
        var text = fine ? 'Ipse is told when an address or number last changed.' :
            'Nobody can tell how old an address or number is, so Ipse refuses to send links there. Switch on auditing for sys_user, email and mobile_phone.';
        return this._line('audited', 'Changes of addresses and numbers are audited', fine, text, 'sys_dictionary_list.do?sysparm_query=name%3Dsys_user');
    },

    _layouts: function () {
        var missing = [];
        for (var table in this.tickets.PERSON) {
            if (!this.tickets.knows(table) || !new GlideRecord(table).isValid()) {
                continue;
            }
            var element = new GlideRecord('sys_ui_element');
            element.addQuery('element', 'x_ipse_idv_idv_status');
            element.addQuery('sys_ui_section.name', table);
            element.setLimit(1);
            element.query();
            if (!element.next()) {
                missing.push(table);
            }
        }
        var text = missing.length === 0 ? 'IDV Status is on every form.' : 'IDV Status is not on the forms of ' + missing.join(', ') + '. The banner shows it there; add the field if you want it in reports and lists, too.';
        return this._line('layouts', 'IDV Status is on the forms', missing.length === 0, text, 'sys_ui_form_list.do');
    },

    _flows: function () {
        var drafts = [];
        for (var i = 0; i < this.SUBFLOWS.length; i++) {
            var flow = this.flow(this.SUBFLOWS[i]);
            if (!flow || String(flow.getValue('status')) !== 'published') {
                drafts.push(this.SUBFLOWS[i]);
            }
        }
        var action = new GlideRecord('sys_hub_action_type_definition');
        action.addQuery('sys_scope.scope', 'x_ipse_idv');
        action.addQuery('state', '!=', 'published');
        action.setLimit(1);
        action.query();
        var draftAction = action.next();
        var text = drafts.length === 0 && !draftAction ? 'Published.' : 'Not published yet: ' + (draftAction ? ['the action Request Identity Verification'].concat(drafts) : drafts).join(', ') + '. Open Workflow Studio, the action first, and press Publish. Rules work without them.';
        return this._line('flows', 'Flows are published', drafts.length === 0 && !draftAction, text, 'sys_hub_flow_list.do?sysparm_query=sys_scope.scope%3Dx_ipse_idv');
    },

    flow: function (name) {
        var flow = new GlideRecord('sys_hub_flow');
        flow.addQuery('sys_scope.scope', 'x_ipse_idv');
        flow.addQuery('name', name);
        flow.setLimit(1);
        flow.query();
        return flow.next() ? flow : null;
    },

    _hr: function () {
        var hr = new GlideRecord('sn_hr_core_case');
        if (!hr.isValid()) {
            return this._line('hr', 'HR cases', 'done', 'HR Service Delivery is not installed here; nothing to do.', '');
        }
        if (!hr.isValidField('x_ipse_idv_idv_status')) {
            return this._line('hr', 'HR cases', 'open', 'Import the second update set, for HR, if you want verifications on HR cases.', '');
        }
        hr.setLimit(1);
        hr.query();
        var may = hr.next() && hr.canWrite();
        return this._line('hr', 'HR cases', may, may ? 'The app may read and write HR cases.' : 'An HR administrator has to allow the app under Restricted Caller Access, or there is no case yet.', 'sys_restricted_caller_access_list.do?sysparm_query=source_scope.scope%3Dx_ipse_idv');
    },

    _rules: function () {
        var rule = new GlideRecord('x_ipse_idv_rule');
        rule.addQuery('active', true);
        rule.setLimit(1);
        rule.query();
        var some = rule.next();
        return this._line('rules', 'Something is held back until the person is verified', some, some ? 'At least one rule is switched on.' : 'No rule is switched on, so verification is up to the agent. Copy the examples that fit, and switch the copies on.', 'x_ipse_idv_rule_list.do');
    },

    _ticket: function () {
        var row = new GlideRecord('x_ipse_idv_verification');
        row.addQuery('test', true);
        row.addQuery('status', 'success');
        row.setLimit(1);
        row.query();
        var done = row.next();
        return this._line('ticket', 'The test ticket went through', done, done ? 'A test verification succeeded.' : 'Run the test below: it opens an incident for you and verifies you.', '');
    },

    type: 'IpseChecklist'
};
