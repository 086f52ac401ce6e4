// What calls the scripts: rules, requests over HTTP, the browser, the clock and the mailer.
import { SCOPE } from './platform.mjs'
import { decode } from './query.mjs'
import { field } from './tables.mjs'

export function surfaces(self, context, run) {
    const rules = (when, record) => self.of('sys_script').filter((rule) => {
        const on = field(rule, 'collection') === record.getTableName() && field(rule, 'when') === when && field(rule, 'active') === 'true'
        const action = when === 'before_display' || field(rule, `action_${record.operation()}`) === 'true'
        return on && action && decode(field(rule, 'filter_condition')).every((group) => group.some((term) => self.filter(record, `${term.field}${term.operator}${term.value}`)))
    }).sort((a, b) => Number(field(a, 'order')) - Number(field(b, 'order')))

    self.filter = (record, query) => context.GlideFilter.checkRecord(record, query, true)
    self.runRules = (when, current, previous) => {
        for (const rule of rules(when, current)) {
            run(field(rule, 'script'), { current, previous }, `rule ${field(rule, 'name')}`)
            if (current.aborted) return
        }
    }
    self.queueRules = (current, previous) => {
        for (const rule of rules('async_always', current)) self.pending.push({ rule, table: current.getTableName(), row: { ...current.row }, previous })
    }
    // One thing that the scheduler does behind: an async rule, the step of a flow, a mail. As the system. Whether there
    // was one.
    self.turn = () => {
        const next = self.pending.shift()
        if (next) run(field(next.rule, 'script'), { current: self.loaded(next.table, next.row), previous: next.previous }, `rule ${field(next.rule, 'name')}`)
        else if (self.flows.resume()) return true
        else if (self.events.length > 0) self.mail(self.events.shift())
        else return false
        return true
    }
    self.work = () => self.as(null, () => {
        for (let turns = 0; self.turn(); turns += 1) if (turns > 200) throw new Error('rules that never end')
    })
    self.mail = (event) => {
        for (const mail of self.of('sysevent_email_action').filter((one) => field(one, 'event_name') === event.name)) {
            const record = self.loaded(event.table, self.tables.rows(event.table).get(event.id))
            const fill = (text) => text.replace(/\$\{([a-z_]+)\}/g, (_, name) => record.getValue(name) ?? '')
            const to = field(mail, 'recipient_fields').split(',').filter(Boolean).map((name) => record.getValue(name))
            if (field(mail, 'event_parm_1') === 'true') to.push(event.parm1)
            const email = { from: '', setFrom: (from) => { email.from = from } }
            if (field(mail, 'message_html').includes('${mail_script:x_ipse_idv_from}')) {
                run(field(self.of('sys_script_email')[0], 'script'), { current: record, template: null, email, email_action: null, event }, 'mail script')
            }
            self.mails.push({ name: field(mail, 'name'), to, from: email.from, subject: fill(field(mail, 'subject')), body: fill(field(mail, 'message_html').replace('${mail_script:x_ipse_idv_from}', '')) })
        }
    }
    self.as = (user, work) => {
        const before = self.user
        self.user = user
        try {
            return work()
        } finally {
            self.user = before
        }
    }
    self.ajax = (user, include, name, parameters = {}) => self.as(user, () => {
        const acl = self.of('sys_security_acl').find((one) => field(one, 'name') === `${SCOPE}.${include}` && field(one, 'operation') === 'execute')
        const callable = self.of('sys_script_include').some((one) => field(one, 'name') === include && field(one, 'client_callable') === 'true')
        if (!acl || !callable || !self.passes(acl)) return null
        const processor = new context[include]()
        processor.getParameter = (key) => parameters[key] ?? null
        return JSON.parse(processor[name]())
    })
    self.rest = (method, uri, headers, body) => self.as(null, () => {
        const operation = self.of('sys_ws_operation').find((one) => field(one, 'http_method') === method && field(one, 'operation_uri').replace(/\/$/, '') === uri)
        if (!operation) return { status: 404 }
        // Nobody has signed in here: what asks for a user is refused.
        if (field(operation, 'requires_authentication') !== 'false' || field(operation, 'requires_snc_internal_role') !== 'false') return { status: 401 }
        const answer = { status: 200, body: null }
        const sent = Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]))
        let read = false
        const request = { getHeader: (key) => sent[key.toLowerCase()] ?? null, body: { get dataString() { if (read) return ''; read = true; return body } } }
        const response = { setStatus: (status) => { answer.status = status }, setBody: (text) => { answer.body = JSON.parse(JSON.stringify(text)) }, setContentType() {} }
        run(field(operation, 'operation_script'), { request, response }, 'webhook')
        return answer
    })
    self.job = (name) => run(field(self.of('sysauto_script').find((one) => field(one, 'name') === name), 'script'), {}, name)
    self.display = (user, record) => self.as(user, () => {
        const pad = {}
        for (const rule of rules('before_display', record)) run(field(rule, 'script'), { current: record, previous: null, g_scratchpad: pad }, 'display')
        return pad
    })
    self.condition = (user, table, action, record) => self.as(user, () => {
        const button = self.of('sys_ui_action').find((one) => field(one, 'action_name') === action && (field(one, 'table') === table || field(one, 'table') === 'task'))
        const needed = self.of('sys_ui_action_role').filter((link) => field(link, 'sys_ui_action') === field(button, 'sys_id')).map((link) => link.fields.get('sys_user_role').attributes.name)
        return needed.some((role) => self.roles().includes(role)) && run(field(button, 'condition'), { current: record }, action) === true
    })
    self.script = (text) => run(text, {}, 'a script of the customer')
}
