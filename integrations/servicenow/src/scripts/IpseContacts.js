// Where a link may go: only what stands on the user record, and how old that is.
var IpseContacts = Class.create();
IpseContacts.prototype = {
    initialize: function () {
        this.config = new IpseConfig();
    },

    FIELD: { email: 'email', sms: 'mobile_phone' },

    // What Ipse is told of a person, or { problem }.
    subject: function (userId, channel) {
        var user = this._user(userId);
        if (!user) {
            return { problem: 'There is no active user record for this person.' };
        }
        var external = this._externalId(user);
        if (external === '') {
            return { problem: 'The user record lacks what Ipse knows people by (' + this._idField() + '). Please tell your administrator.' };
        }
        var email = String(user.getValue('email') || '');
        var phone = this.phone(user.getValue('mobile_phone'));
        if (channel === 'email' && email === '') {
            return { problem: 'There is no mail address on the user record. Choose another channel.' };
        }
        if (channel === 'sms' && phone === '') {
            return { problem: 'There is no usable mobile number on the user record. Choose another channel.' };
        }
        var subject = { external_id: external, emails: email === '' ? [] : [email], phones: phone === '' ? [] : [phone] };
        this._add(subject, 'given_name', user.getValue('first_name'));
        this._add(subject, 'middle_name', user.getValue('middle_name'));
        this._add(subject, 'family_name', user.getValue('last_name'));
        this._add(subject, 'emails_changed_at', this.iso(this.changedAt(user, 'email')));
        this._add(subject, 'phones_changed_at', this.iso(this.changedAt(user, 'sms')));
        return { subject: subject, language: this._language(user), problem: '' };
    },

    // Too new to be trusted where ServiceNow itself sends the link: unknown is too new.
    isTooNew: function (userId, channel) {
        var user = this._user(userId);
        var changed = user ? this.changedAt(user, channel) : '';
        var oldest = new GlideDateTime();
        oldest.addDaysUTC(-this.config.number('contacts.min_age_days', 14));
        return changed === '' || new GlideDateTime(changed).getNumericValue() > oldest.getNumericValue();
    },

    // When the contact for a channel last changed, as far as the audit tells; the making of the record where it never
    // did; '' where nobody watched.
    changedAt: function (user, channel) {
        var field = this.FIELD[channel];
        if (!field || !this._isWatched(field)) {
            return '';
        }
        var audit = new GlideRecord('sys_audit');
        audit.addQuery('tablename', 'sys_user');
        audit.addQuery('documentkey', user.getUniqueValue());
        audit.addQuery('fieldname', field);
        audit.orderByDesc('sys_created_on');
        audit.setLimit(1);
        audit.query();
        return String((audit.next() ? audit.getValue('sys_created_on') : user.getValue('sys_created_on')) || '');
    },

    // The user table is audited, and this column is not left out.
    _isWatched: function (field) {
        var table = new GlideRecord('sys_dictionary');
        table.addQuery('name', 'sys_user');
        table.addNullQuery('element');
        table.addQuery('audit', true);
        table.setLimit(1);
        table.query();
        if (!table.next()) {
            return false;
        }
        var column = new GlideRecord('sys_dictionary');
        column.addQuery('name', 'sys_user');
        column.addQuery('element', field);
        column.setLimit(1);
        column.query();
        return column.next() && String(column.getValue('attributes') || '').indexOf('no_audit') < 0;
    },

    // E.164, or '' where it cannot be told for sure.
    phone: function (text) {
        var number = String(text || '').replace(/[\s().\/\-]/g, '').replace(/^00/, '+');
        var country = String(gs.getProperty('x_ipse_idv.contacts.country_code', ''));
        if (number.charAt(0) !== '+' && /^\+[1-9]\d{0,2}$/.test(country)) {
            number = country + number.replace(/^0/, '');
        }
        return /^\+[1-9]\d{6,14}$/.test(number) ? number : '';
    },

    _user: function (userId) {
        var user = new GlideRecord('sys_user');
        if (!/^[0-9a-f]{32}$/.test(String(userId)) || !user.get(String(userId))) {
            return null;
        }
        return new IpseTickets().isTrue(user, 'active') ? user : null;
    },

    _idField: function () {
        var field = this.config.text('subject_field');
        return field === 'user_name' || field === 'employee_number' ? field : 'sys_id';
    },

    _externalId: function (user) {
        var field = this._idField();
        return String((field === 'sys_id' ? user.getUniqueValue() : user.getValue(field)) || '').substring(0, 255);
    },

    _language: function (user) {
        var language = String(user.getValue('preferred_language') || '').toLowerCase();
        return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(language) ? language : '';
    },

    _add: function (object, name, value) {
        if (value) {
            object[name] = String(value);
        }
    },

    iso: function (value) {
        return value ? String(value).replace(' ', 'T') + 'Z' : '';
    },

    type: 'IpseContacts'
};
