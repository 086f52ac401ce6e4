// Says whether somebody was verified well enough, and holds a record back until they were. Whatever is unknown,
// missing or broken is not verified.
var IpseGate = Class.create();
IpseGate.prototype = {
    initialize: function () {
        this.tickets = new IpseTickets();
    },

    // For your own scripts: whether this user (sys_id) has a verification that succeeded within so many minutes, that may
    // still be relied on, at this assurance level or above. False whenever that cannot be said for sure.
    isVerified: function (user, level, maxAgeMinutes) {
        try {
            return this._verified(user, level, maxAgeMinutes, '', '');
        } catch (e) {
            gs.error('Ipse: a verification could not be looked up: ' + e);
            return false;
        }
    },

    _verified: function (user, level, maxAgeMinutes, table, record) {
        var wanted = Number(level);
        var minutes = Number(maxAgeMinutes);
        if (!this.tickets.isId(user) || !(wanted >= 0) || !(minutes > 0)) {
            return false;
        }
        var row = this._since(minutes);
        row.addQuery('subject', String(user));
        row.addQuery('status', 'success');
        row.addQuery('assurance_level', '>=', wanted);
        row.addQuery('test', false);
        row.addQuery('valid_until', '>', new GlideDateTime().getValue());
        if (record !== '') {
            row.addQuery('source_table', table);
            row.addQuery('source_record', record);
        }
        row.setLimit(1);
        row.query();
        return row.next();
    },

    _since: function (minutes) {
        var since = new GlideDateTime();
        since.addSeconds(-Math.floor(minutes * 60));
        var row = new GlideRecord('x_ipse_idv_verification');
        row.addQuery('finished_at', '>=', since.getValue());
        return row;
    },

    // Before a record is stored: the app's fields are what the app wrote, and rules are kept.
    guard: function (current, previous) {
        try {
            this._protect(current, previous);
            var broken = this._broken(current, previous);
            if (broken !== '') {
                gs.addErrorMessage(this.tickets.plain(broken));
                current.setAbortAction(true);
            }
        } catch (e) {
            gs.error('Ipse: a rule could not be checked on ' + current.getTableName() + ': ' + e);
            gs.addErrorMessage('Identity verification could not be checked, so this was not saved. Please tell your administrator.');
            current.setAbortAction(true);
        }
    },

    // IDV Status says what its verification says, and nothing else, whoever writes it.
    _protect: function (current, previous) {
        var fields = ['x_ipse_idv_idv_status', 'x_ipse_idv_verification', 'x_ipse_idv_required_by'];
        if (current.isNewRecord() || !previous) {
            for (var i = 0; i < fields.length; i++) {
                current.setValue(fields[i], '');
            }
            return;
        }
        var touched = false;
        for (var k = 0; k < fields.length; k++) {
            touched = touched || String(current.getValue(fields[k]) || '') !== String(previous.getValue(fields[k]) || '');
        }
        if (!touched) {
            return;
        }
        var row = new GlideRecord('x_ipse_idv_verification');
        var id = String(current.getValue('x_ipse_idv_verification') || '');
        var genuine = this.tickets.isId(id) && row.get(id) &&
            row.getValue('source_table') === String(current.getTableName()) &&
            row.getValue('source_record') === current.getUniqueValue() &&
            row.getValue('status_text') === String(current.getValue('x_ipse_idv_idv_status') || '');
        if (!genuine) {
            current.setValue('x_ipse_idv_idv_status', previous.getValue('x_ipse_idv_idv_status') || '');
            current.setValue('x_ipse_idv_verification', previous.getValue('x_ipse_idv_verification') || '');
        }
        current.setValue('x_ipse_idv_required_by', previous.getValue('x_ipse_idv_required_by') || '');
    },

    // '' or what has to happen first. A rule that once applied to a record goes on applying: moving the ticket to another
    // category does not open the gate.
    _broken: function (current, previous) {
        var rule = new GlideRecord('x_ipse_idv_rule');
        rule.addQuery('active', true);
        rule.addQuery('kind', 'gate');
        rule.addQuery('applies_to', String(current.getTableName()));
        rule.orderByDesc('assurance_level');
        rule.query();
        var held = this.held(previous);
        var all = [];
        var broken = '';
        while (rule.next()) {
            var condition = String(rule.getValue('condition') || '');
            var applies = held.indexOf(rule.getUniqueValue()) >= 0 || this._matches(current, condition) || (previous && this._matches(previous, condition));
            if (!applies) {
                continue;
            }
            all.push(rule.getUniqueValue());
            var blocks = String(rule.getValue('blocks') || '');
            var enters = blocks !== '' && this._matches(current, blocks) && !(previous && this._matches(previous, blocks));
            if (enters && broken === '' && !this.satisfied(rule, current)) {
                broken = String(rule.getValue('message') || '') || 'Identity verification is required first (' + rule.getValue('name') + ').';
            }
        }
        // Rules that are switched off at the moment are not forgotten.
        for (var i = 0; i < held.length; i++) {
            if (all.indexOf(held[i]) < 0) {
                all.push(held[i]);
            }
        }
        current.setValue('x_ipse_idv_required_by', all.join(','));
        return broken;
    },

    // The rules that a record fell under, the strongest first.
    held: function (record) {
        var list = record ? String(record.getValue('x_ipse_idv_required_by') || '') : '';
        return list === '' ? [] : list.split(',');
    },

    // Whether a rule begins to apply to a record with this change, or the person on it changed while it applies.
    begins: function (rule, current, previous) {
        var condition = String(rule.getValue('condition') || '');
        var before = previous && this._matches(previous, condition) && this.tickets.person(previous) === this.tickets.person(current);
        return this._matches(current, condition) && !before;
    },

    // An empty condition means every record.
    _matches: function (record, condition) {
        return condition === '' || GlideFilter.checkRecord(record, condition, true) === true;
    },

    // Whether a rule's wish is fulfilled for a record: by a verification of the person who stands on it now, or by an
    // administrator's word for this very record.
    satisfied: function (rule, record) {
        var minutes = parseInt(rule.getValue('max_age_minutes') || '0', 10);
        if (minutes <= 0 || record.isNewRecord()) {
            return false;
        }
        var person = this.tickets.person(record);
        var table = String(record.getTableName());
        var same = this.tickets.isTrue(rule, 'same_record');
        var level = parseInt(rule.getValue('assurance_level') || '0', 10);
        return this._verified(person, level, minutes, same ? table : '', same ? record.getUniqueValue() : '') ||
            this._overridden(person, minutes, table, record.getUniqueValue());
    },

    _overridden: function (person, minutes, table, record) {
        if (!this.tickets.isId(person)) {
            return false;
        }
        var row = this._since(minutes);
        row.addQuery('status', 'overridden');
        row.addQuery('subject', person);
        row.addQuery('source_table', table);
        row.addQuery('source_record', record);
        row.setLimit(1);
        row.query();
        return row.next();
    },

    // Lets one record pass without verification. Needs the administrator's role, a reason, and somebody else's ticket;
    // it stays in the audit, on the ticket, and goes to the administrators by mail.
    override: function (record, reason) {
        var why = String(reason || '').replace(/\s+/g, ' ').replace(/^ | $/g, '');
        var person = this.tickets.person(record);
        if (!gs.hasRole('x_ipse_idv.admin')) {
            return { ok: false, message: 'Only an Ipse administrator can do this.' };
        }
        if (why.length < 15) {
            return { ok: false, message: 'Please give a reason that somebody can follow later: what you checked, and who agreed.' };
        }
        if (!this.tickets.isId(person) || person === gs.getUserID()) {
            return { ok: false, message: 'You cannot do this for yourself. Please ask another administrator.' };
        }
        if (this.tickets.running(record.getTableName(), record.getUniqueValue()) !== null) {
            return { ok: false, message: 'A verification is still running. Cancel it first.' };
        }
        var row = new GlideRecord('x_ipse_idv_verification');
        row.initialize();
        row.setValue('source_table', record.getTableName());
        row.setValue('source_record', record.getUniqueValue());
        row.setValue('subject', person);
        row.setValue('requested_by', gs.getUserID());
        row.setValue('status', 'requested');
        // No rule may take this row for a request; what follows is written with rules, so that it is audited.
        row.setWorkflow(false);
        var id = row.insert();
        row = new GlideRecord('x_ipse_idv_verification');
        if (!id || !row.get(id)) {
            return { ok: false, message: 'The reason could not be stored, so nothing was changed.' };
        }
        row.setValue('override_reason', why.substring(0, 1000));
        row.setValue('assurance_level', 0);
        new IpseStatus().set(row, 'overridden');
        var ticket = this.tickets.get(record.getTableName(), record.getUniqueValue());
        ticket.work_notes = 'Identity verification OVERRIDDEN by ' + gs.getUserDisplayName() + ': ' + why;
        ticket.update();
        gs.eventQueue('x_ipse_idv.overridden', row, gs.getUserID(), '');
        return { ok: true, message: 'Noted. This ticket may now go on without verification; your name and reason are on it.' };
    },

    type: 'IpseGate'
};
