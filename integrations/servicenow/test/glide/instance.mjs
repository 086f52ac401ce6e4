// A ServiceNow instance in miniature, for tests: loads the update sets that are shipped and runs their scripts. It knows
// what the application uses, and throws on everything else, so that no script passes by calling what is not there.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { fileURLToPath } from 'node:url'
import { field, updates } from '../../tools/payload.mjs'
import { decode } from './query.mjs'
import { recordClasses } from './record.mjs'
import { Tables } from './tables.mjs'

const SETS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../update-sets')
const SCOPE = 'x_ipse_idv'
const cache = new Map()

function shipped(name) {
    const file = path.join(process.env.IPSE_UPDATE_SETS ?? SETS, name)
    if (!cache.has(file)) cache.set(file, updates(fs.readFileSync(file, 'utf8')).list)
    return cache.get(file)
}

// The Prototype names that every server script has.
const PRELUDE = `
var Class = { create: function () { return function () { if (this.initialize) { this.initialize.apply(this, arguments); } }; } };
Object.extendsObject = function (parent, more) { var made = Object.create(parent.prototype || parent); for (var key in more) { made[key] = more[key]; } return made; };
`

export function install({ hr = false, now = Date.UTC(2026, 10, 21, 3, 0, 0) } = {}) {
    const list = [...shipped('ipse_idv_update_set.xml'), ...(hr ? shipped('ipse_idv_hr_update_set.xml') : [])]
    const all = list.flatMap((one) => one.records)
    const of = (table) => all.filter((record) => record.table === table)
    const tables = new Tables(list, { hr })
    const granted = new Set(of('sys_scope_privilege').map((record) => `${field(record, 'target_name')}:${field(record, 'operation')}`))
    const properties = new Map(of('sys_properties').map((record) => [field(record, 'name'), field(record, 'value')]))
    properties.set('glide.servlet.uri', 'https://example.service-now.com/').set('glide.email.smtp.active', 'true')
    const self = {
        tables, properties, list, all, of, log: [], messages: [], events: [], mails: [], audited: [], pending: [], calls: [], clock: now, user: null,
        http: () => { throw new Error('no server was expected to be called') },
        stamp: (milliseconds = self.clock) => new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' '),
        pass(seconds) { self.clock += seconds * 1000 },
        // Our scope's reach: its own tables, and what the shipped privileges allow.
        privilege(table, operation) {
            if (!tables.isOurs(table) && !granted.has(`${table}:${operation}`)) throw new Error(`no cross-scope privilege to ${operation} ${table}`)
        },
        roles: () => self.user?.roles ?? [],
        // Access of the user, not of the application: ACLs for its own tables, roles of the service desk for tickets.
        may(operation, table) {
            if (!tables.isOurs(table)) return self.roles().includes('itil') && !(operation === 'write' && self.roles().includes('readonly'))
            const rules = of('sys_security_acl').filter((acl) => field(acl, 'name') === table && field(acl, 'operation') === operation)
            return rules.some((acl) => self.passes(acl))
        },
        passes(acl) {
            const needed = of('sys_security_acl_role').filter((link) => field(link, 'sys_security_acl') === field(acl, 'sys_id')).map((link) => link.fields.get('sys_user_role').attributes.name)
            return !field(acl, 'script').includes('answer = false') && needed.some((role) => self.roles().includes(role))
        },
    }
    const classes = recordClasses(self)
    const context = vm.createContext({ ...classes, ...globals(self), gs: strict('gs', session(self)) })
    self.loaded = classes.loaded
    self.GlideRecord = classes.GlideRecord
    vm.runInContext(PRELUDE, context)
    context[SCOPE] = {}
    for (const include of of('sys_script_include')) {
        const name = field(include, 'name')
        vm.runInContext(field(include, 'script'), context, { filename: `${name}.js` })
        context[SCOPE][name] = context[name]
    }
    surfaces(self, context)
    return self
}

const strict = (name, object) => new Proxy(object, {
    get(target, key) {
        if (!(key in target) && typeof key !== 'symbol') throw new Error(`${name}.${String(key)} is not simulated`)
        return target[key]
    },
})

function session(self) {
    return {
        getProperty: (name, otherwise) => self.properties.get(name) ?? otherwise,
        eventQueue(name, record, parm1, parm2) {
            if (!self.of('sysevent_register').some((event) => field(event, 'event_name') === name)) throw new Error(`the event ${name} is not registered`)
            self.events.push({ name, table: record.getTableName(), id: record.getUniqueValue(), parm1, parm2 })
        },
        info: (text) => self.log.push(['info', text]),
        warn: (text) => self.log.push(['warn', text]),
        error: (text) => self.log.push(['error', text]),
        addErrorMessage: (text) => self.messages.push(text),
        getUserID: () => self.user?.id ?? null,
        getUserName: () => self.user?.name ?? 'guest',
        getUserDisplayName: () => self.user?.name ?? 'Guest',
        hasRole: (role) => self.roles().includes(role),
    }
}

function globals(self) {
    class GlideDateTime {
        constructor(value) {
            if (value !== undefined && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(value))) throw new Error(`GlideDateTime(${value})`)
            this.at = value === undefined ? self.clock : Date.parse(`${String(value).replace(' ', 'T')}Z`)
        }

        getNumericValue() { return this.at }
        getValue() { return self.stamp(this.at) }
        addSeconds(seconds) { this.at += seconds * 1000 }
        addDaysUTC(days) { this.at += days * 86_400_000 }
        toString() { return this.getValue() }
    }
    class CertificateEncryption {
        generateMac(key, algorithm, text) {
            if (algorithm !== 'HmacSHA256') throw new Error(algorithm)
            return crypto.createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64')
        }
    }
    class RESTMessageV2 {
        constructor() { Object.assign(this, { headers: {}, body: '', mid: '', plain: false }) }
        setEndpoint(url) { this.url = url }
        setHttpMethod(method) { this.method = method }
        setRequestHeader(name, value) { this.headers[name] = String(value) }
        setRequestBody(body) { this.body = body }
        setHttpTimeout(milliseconds) { this.timeout = milliseconds }
        setMIDServer(name) { this.mid = name }
        disableForcedVariableSubstitution() { this.plain = true }
        execute() {
            if (this.mid) throw new Error('a MID Server answers only asynchronously')
            return this.exchange()
        }

        executeAsync() { return { ...this.exchange(), waitForResponse() {} } }
        exchange() {
            if (!this.plain && /\$\{/.test(this.body)) throw new Error('variables would be substituted in the body')
            const call = { method: this.method, url: this.url, headers: this.headers, body: this.body, mid: this.mid }
            self.calls.push(call)
            const answer = self.http(call)
            return { getStatusCode: () => answer.status, getBody: () => (answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)) }
        }
    }
    const FlowAPI = { publish: (id) => { const flow = self.tables.rows('sys_hub_flow').get(id); flow.status = 'published' } }
    return { GlideDateTime, CertificateEncryption, sn_ws: strict('sn_ws', { RESTMessageV2 }), sn_fd: { FlowAPI }, global: { AbstractAjaxProcessor: { getParameter() { throw new Error('no parameters') } } } }
}

// What calls the scripts: rules, requests over HTTP, the browser, the clock and the mailer.
function surfaces(self, context) {
    const run = (script, names, filename) => {
        const before = Object.fromEntries(Object.keys(names).map((name) => [name, context[name]]))
        Object.assign(context, names)
        try {
            return vm.runInContext(script, context, { filename })
        } finally {
            Object.assign(context, before)
        }
    }
    const rules = (when, record) => self.of('sys_script').filter((rule) => {
        const on = field(rule, 'collection') === record.getTableName() && field(rule, 'when') === when && field(rule, 'active') === 'true'
        const action = when === 'before_display' || field(rule, `action_${record.operation()}`) === 'true'
        return on && action && decode(field(rule, 'filter_condition')).every((group) => group.some((term) => context.GlideFilter.checkRecord(record, `${term.field}${term.operator}${term.value}`, true)))
    }).sort((a, b) => Number(field(a, 'order')) - Number(field(b, 'order')))

    self.runRules = (when, current, previous) => {
        for (const rule of rules(when, current)) {
            run(field(rule, 'script'), { current, previous }, `rule ${field(rule, 'name')}`)
            if (current.aborted) return
        }
    }
    self.queueRules = (current, previous) => {
        for (const rule of rules('async_always', current)) self.pending.push({ rule, table: current.getTableName(), row: { ...current.row }, previous })
    }
    // What the scheduler does behind: async rules, then mails. As the system.
    self.work = () => {
        const user = self.user
        self.user = null
        for (let turns = 0; self.pending.length > 0; turns += 1) {
            if (turns > 200) throw new Error('rules that never end')
            const { rule, table, row, previous } = self.pending.shift()
            run(field(rule, 'script'), { current: self.loaded(table, row), previous }, `rule ${field(rule, 'name')}`)
        }
        for (const event of self.events.splice(0)) self.mail(event)
        self.user = user
    }
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
