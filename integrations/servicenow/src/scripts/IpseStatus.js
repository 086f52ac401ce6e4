// What a verification's news mean here: which state follows, and what the ticket shows of it.
var IpseStatus = Class.create();
IpseStatus.prototype = {
    initialize: function () {
        this.tickets = new IpseTickets();
    },

    // What stands in IDV Status, before the time.
    LABEL: {
        requested: 'In Progress', link_sent: 'In Progress', in_progress: 'In Progress', pending_review: 'Pending Review',
        success: 'Success', failed: 'Failed', failure: 'Failure'
    },

    RANK: { requested: 0, link_sent: 1, in_progress: 2, pending_review: 3, success: 4, failed: 4, failure: 4, overridden: 4 },

    // Ipse's word for where a verification stands, and ours.
    OF_IPSE: {
        created: 'requested', link_sent: 'link_sent', in_progress: 'in_progress', processing: 'in_progress', requires_input: 'in_progress',
        pending_review: 'pending_review', succeeded: 'success', failed: 'failed', expired: 'failure', cancelled: 'failure', declined: 'failure'
    },

    isFinal: function (status) {
        return this.RANK[String(status)] === 4;
    },

    // Takes news for a row; returns whether anything changed. `news`: status (ours), sequence (0 where there is none),
    // event (id), reasons (codes), assurance (the server's, or nothing), valid_until and expires_at (platform form, or '').
    // A final state stays. With a sequence the newer counts; without one nothing goes backwards.
    take: function (row, news) {
        var before = String(row.getValue('status'));
        var status = String(news.status);
        if (!Object.prototype.hasOwnProperty.call(this.LABEL, status)) {
            return false;
        }
        if (this.isFinal(before)) {
            if (this.isFinal(status) && status !== before) {
                gs.warn('Ipse: ' + row.getValue('number') + ' is ' + before + '; news that it is ' + status + ' are not believed');
            }
            return false;
        }
        var last = parseInt(row.getValue('last_sequence') || '0', 10);
        if (news.sequence > 0 ? news.sequence <= last : this.RANK[status] < this.RANK[before]) {
            return false;
        }
        if (news.event && news.event === row.getValue('last_event')) {
            return false;
        }
        // Somebody else stands on the ticket now: what was proven is not about them.
        if (status === 'success' && !this._samePerson(row)) {
            status = 'failure';
            news.reasons = ['person_changed'];
        }
        if (news.sequence > 0) {
            row.setValue('last_sequence', news.sequence);
        }
        if (news.event) {
            row.setValue('last_event', news.event);
        }
        if (news.expires_at) {
            row.setValue('expires_at', news.expires_at);
        }
        if (status === before) {
            row.update();
            return false;
        }
        row.setValue('reasons', (news.reasons || []).join(', ').substring(0, 1000));
        if (status === 'success') {
            row.setValue('valid_until', news.valid_until || this._shortly());
            this._weigh(row, news.assurance);
        }
        this.set(row, status);
        return true;
    },

    // How sure a success is, the server computes from what passed. The number that the administrator gave the journey
    // stands only where the server says nothing; what cannot be read is worth nothing.
    _weigh: function (row, assurance) {
        if (assurance !== null && assurance !== undefined) {
            var level = Number(assurance.level);
            row.setValue('assurance_level', level >= 0 && level <= 9 && level % 1 === 0 ? level : 0);
        }
    },

    // Writes a state into the row, then into the ticket. The row comes first: the ticket's field is checked against it.
    set: function (row, status) {
        var now = new GlideDateTime();
        row.setValue('status', status);
        row.setValue('status_at', now.getValue());
        if (this.LABEL[status]) {
            row.setValue('status_text', this.LABEL[status] + ' - ' + now.getValue());
        }
        if (this.isFinal(status)) {
            row.setValue('finished_at', now.getValue());
            row.setValue('link', '');
            row.setValue('active_key', '');
            row.setValue('command', '');
        }
        row.update();
        this.show(row);
    },

    // Brings the ticket up to date with its row.
    show: function (row) {
        var ticket = this.tickets.get(row.getValue('source_table'), row.getValue('source_record'));
        if (!ticket || ticket.getValue('x_ipse_idv_verification') !== row.getUniqueValue()) {
            return;
        }
        ticket.setValue('x_ipse_idv_idv_status', row.getValue('status_text'));
        ticket.work_notes = this.note(row);
        if (!ticket.update()) {
            gs.error('Ipse: IDV Status of ' + row.getValue('source_table') + ' ' + row.getValue('source_record') + ' could not be written');
        }
    },

    // A work note: the answer and its reasons. No documents, no birthdates, no links.
    note: function (row) {
        var status = String(row.getValue('status'));
        var lines = ['Identity verification ' + row.getValue('number') + ': ' + this.sentence(status)];
        if (status === 'success') {
            lines.push('Assurance level ' + (row.getValue('assurance_level') || '0') + ', journey ' + (row.getValue('journey') || 'not known') + '.');
            if (row.getValue('valid_until')) {
                lines.push('May be relied on until ' + row.getValue('valid_until') + ' UTC.');
            }
        }
        if (row.getValue('reasons')) {
            lines.push('Reasons: ' + row.getValue('reasons'));
        }
        if (status === 'failed' || status === 'failure') {
            lines.push('Do not reset, unlock or change anything for this person on the strength of this call.');
        }
        return lines.join('\n');
    },

    SENTENCE: {
        requested: 'asked for.',
        link_sent: 'the link is on its way to the person.',
        in_progress: 'the person has opened the link.',
        pending_review: 'a reviewer has to decide. Please wait.',
        success: 'this is the person.',
        failed: 'NOT the person, or nothing shows that it is.',
        failure: 'ended without an answer.',
        overridden: 'an administrator let this ticket pass without verification.'
    },

    sentence: function (status) {
        return this.SENTENCE[String(status)] || 'unknown state.';
    },

    // How long a success is good for where nobody says.
    _shortly: function () {
        var until = new GlideDateTime();
        until.addSeconds(60 * new IpseConfig().number('limits.valid_minutes', 30));
        return until.getValue();
    },

    _samePerson: function (row) {
        if (row.getElement('source_record').nil() || !this.tickets.knows(row.getValue('source_table'))) {
            return true;
        }
        var ticket = this.tickets.get(row.getValue('source_table'), row.getValue('source_record'));
        return ticket !== null && this.tickets.person(ticket) === row.getValue('subject');
    },

    type: 'IpseStatus'
};
