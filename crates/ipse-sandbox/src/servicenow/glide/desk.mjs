// The service desk of the sandbox: an instance with people, roles and tickets, and the doors through which it is used.
// Every door takes and gives JSON.
import { forms } from './form.mjs'
import { install } from './instance.mjs'
import { SCOPE } from './platform.mjs'
import { field, seconds } from './tables.mjs'

/** Who works there, and what they may. Callers have no role. */
const STAFF = [
    { user_name: 'kim.agent', name: 'Kim Larsen', roles: ['itil', 'x_ipse_idv.agent'] },
    { user_name: 'casey.clerk', name: 'Casey Moreau', roles: ['itil'] },
    { user_name: 'alex.admin', name: 'Alex Okafor', roles: ['itil', 'admin', 'x_ipse_idv.admin'] },
]
const GUEST = { id: 'guest', name: 'Guest', roles: [] }
/** The only MID Server there is. */
const MID = 'mid-utopia'
const CREATED = '2024-01-01 00:00:00'

export function open(native) {
    const map = (object) => new Map(Object.entries(object))
    const list = native.updates().map((one) => ({ records: one.records.map((record) => ({ ...record, fields: map(record.fields) })) }))
    const host = {
        ...native,
        updates: () => list,
        context: (globals) => ({ context: Object.assign(native.globals, globals), evaluate: native.evaluate }),
    }
    const sn = install(host, { now: Date.now() })
    const at = { native, sn, ahead: 0, isolated: false, received: [], due: new Map() }
    sn.http = (call) => {
        if (call.mid && call.mid !== MID) throw new Error(`there is no MID Server ${call.mid}`)
        if (!call.mid && at.isolated) throw new Error('no route to that host')
        return JSON.parse(native.fetch(JSON.stringify({ ...call, timeout: call.timeout ?? 30_000 })))
    }
    seed(at)
    const doors = { ...platform(at), ...requests(at), ...forms(at) }
    return (name, parameters) => {
        if (!Object.hasOwn(doors, name)) throw new Error(`there is no door ${name}`)
        sn.clock = Date.now() + at.ahead
        return JSON.stringify(doors[name](JSON.parse(parameters)) ?? null)
    }
}

/** What is there before anybody opens a ticket: what the update set brought, roles, staff. */
function seed(at) {
    const { sn } = at
    at.put = (table, row) => {
        const stored = { sys_id: row.sys_id ?? sn.host.randomId(), sys_created_on: CREATED, ...row }
        for (const key of Object.keys(stored)) if (!sn.tables.typeOf(table, key)) throw new Error(`there is no column ${table}.${key}`)
        sn.tables.rows(table).set(stored.sys_id, stored)
        return stored.sys_id
    }
    at.find = (table, column, value) => [...sn.tables.rows(table).values()].find((row) => row[column] === value)
    at.put('sys_scope', { sys_id: field(sn.of('sys_app')[0], 'sys_id'), scope: SCOPE })
    for (const table of ['sys_user_role', 'sys_hub_flow', 'sys_hub_action_type_definition', 'x_ipse_idv_rule']) {
        for (const record of sn.of(table)) {
            const row = sn.tables.defaults(table)
            for (const [name, { value }] of record.fields) if (sn.tables.typeOf(table, name)) row[name] = sn.tables.typed(table, name, value, true)
            at.put(table, row)
        }
    }
    at.person = ({ user_name, roles = [], ...row }) => {
        const user = at.put('sys_user', { user_name, active: '1', ...row })
        for (const role of roles) at.put('sys_user_has_role', { user, role: at.find('sys_user_role', 'name', role)?.sys_id ?? at.put('sys_user_role', { name: role }) })
    }
    for (const { name, ...one } of STAFF) {
        const [first_name, last_name] = name.split(' ')
        at.person({ ...one, name, first_name, last_name, email: `${one.user_name}@utopia.example` })
    }
    at.user = (user_name) => {
        const row = at.find('sys_user', 'user_name', user_name)
        if (!row) return GUEST
        const has = [...sn.tables.rows('sys_user_has_role').values()].filter((one) => one.user === row.sys_id).map((one) => one.role)
        const contained = sn.of('sys_user_role_contains').filter((one) => has.includes(field(one, 'role'))).map((one) => field(one, 'contains'))
        return { id: row.sys_id, name: row.name, roles: [...new Set([...has, ...contained])].map((id) => sn.tables.rows('sys_user_role').get(id).name) }
    }
    for (const job of sn.of('sysauto_script')) at.due.set(field(job, 'name'), sn.clock + seconds(field(job, 'run_period')) * 1000)
    // Addresses and numbers are audited, and the field stands on the forms.
    at.put('sys_dictionary', { name: 'sys_user', element: '', audit: '1' })
    for (const element of ['email', 'mobile_phone']) at.put('sys_dictionary', { name: 'sys_user', element, attributes: '' })
    for (const name of ['incident', 'sc_request', 'sc_req_item', 'sc_task', 'change_request']) at.put('sys_ui_element', { element: 'x_ipse_idv_idv_status', sys_ui_section: at.put('sys_ui_section', { name }) })
}

/** What happens by itself, and what only the owner of the instance does. */
function platform(at) {
    const { sn, native } = at
    const guarded = (what, work) => {
        try {
            return work()
        } catch (e) {
            sn.log.push(['error', `${what}: ${e}`])
            return true
        }
    }
    const jobs = () => {
        for (const job of sn.of('sysauto_script').filter((one) => field(one, 'active') === 'true')) {
            const name = field(job, 'name')
            if (sn.clock < at.due.get(name)) continue
            at.due.set(name, sn.clock + seconds(field(job, 'run_period')) * 1000)
            guarded(name, () => sn.job(name))
        }
    }
    const deliver = () => {
        for (const mail of sn.mails.splice(0)) {
            const to = mail.to.map((id) => sn.tables.rows('sys_user').get(id)?.email).filter(Boolean)
            const on = sn.properties.get('glide.email.smtp.active') === 'true'
            at.put('sys_email', { type: on ? 'sent' : 'send-ready', subject: mail.subject, recipients: to.join(','), sys_created_on: sn.stamp() })
            if (on) native.mail(JSON.stringify({ from: mail.from || 'it@utopia.example', to, subject: mail.subject, html: mail.body }))
        }
    }
    return {
        /** One thing that the scheduler does behind; whether there was one. */
        turn() {
            return sn.as(null, () => {
                jobs()
                sn.flows.tick()
                const more = guarded('behind', () => sn.turn())
                deliver()
                return more
            })
        },
        /** Its own address, and its people: { sys_id, user_name, first_name, middle_name, last_name, name, email, mobile_phone }. */
        furnish({ url, people }) {
            sn.properties.set('glide.servlet.uri', `${url}/`)
            for (const one of people) at.person(one)
        },
        /** Lets its clock run ahead. */
        pass({ seconds: more }) { at.ahead += more * 1000 },
        /** Whether other servers are reached through the MID Server only. */
        isolate({ isolated }) { at.isolated = isolated },
        property({ name, value }) { sn.properties.set(name, value) },
        /** What a table holds: what somebody sees who may see everything. Secrets stay sealed. */
        rows: ({ table }) => [...sn.tables.rows(table).values()],
        /** As the table cleaner does: no rule runs. */
        remove({ table, id }) { return sn.tables.rows(table).delete(id) },
        logs: () => sn.log,
        calls: () => sn.calls.map(({ method, url, mid }) => ({ method, url, mid })),
        flows: () => sn.flows.contexts.map(({ name, about, state, error }) => ({ name, about, state, error })),
        received: () => at.received,
    }
}

/** What comes in over HTTP. */
function requests(at) {
    const { sn } = at
    const as = (user, work) => {
        sn.messages.length = 0
        return sn.as(at.user(user), work)
    }
    const refused = (status, message) => ({ status, body: JSON.stringify({ error: { message }, status: 'failure' }) })
    // A change of a user's, not of the application: with the user's rights, and with every rule.
    const store = (table, id, values) => {
        const row = id ? sn.tables.rows(table).get(id) : null
        if (id && !row) return refused(404, 'No Record found')
        const record = id ? sn.loaded(table, row) : new sn.GlideRecord(table, true)
        if (!id) record.initialize()
        const before = { ...record.row }
        for (const [name, value] of Object.entries(values)) record.setValue(name, value)
        if (!record.write(id ? 'update' : 'insert')) return refused(403, sn.messages.join(' ') || 'Operation Failed')
        if (table === 'sys_user') for (const name of Object.keys(values)) if (before[name] !== record.row[name]) at.put('sys_audit', { tablename: table, documentkey: record.row.sys_id, fieldname: name, sys_created_on: sn.stamp() })
        return { status: id ? 200 : 201, body: JSON.stringify({ result: record.row }) }
    }
    // A row as a user sees it: without secrets, and without columns that a rule keeps from them.
    const seen = (table, row) => Object.fromEntries(Object.entries(row).filter(([name]) => {
        const rules = sn.of('sys_security_acl').filter((acl) => field(acl, 'name') === `${table}.${name}` && field(acl, 'operation') === 'read')
        return sn.tables.typeOf(table, name) !== 'password2' && rules.every((acl) => sn.passes(acl))
    }))
    const OPERATION = { GET: 'read', POST: 'create', PATCH: 'write', DELETE: 'delete' }
    return {
        store: ({ user, table, id, values }) => as(user, () => store(table, id, values)),
        /** What Workflow Studio's Publish does with an action or a flow. */
        publish: ({ user, name }) => as(user, () => {
            const action = at.find('sys_hub_action_type_definition', 'name', name)
            const flow = at.find('sys_hub_flow', 'name', name)
            if (!(action ?? flow) || !sn.roles().includes('admin')) return false
            Object.assign(action ?? flow, action ? { state: 'published' } : { status: 'published' })
            return true
        }),
        /** Insert and Stay on a shipped rule, with the copy switched on. */
        copy_rule: ({ user, name, ...values }) => as(user, () => {
            const { sys_id, sys_created_on, example, ...row } = at.find('x_ipse_idv_rule', 'name', name)
            return sn.may('create', 'x_ipse_idv_rule') ? store('x_ipse_idv_rule', '', { ...row, active: true, ...values }) : refused(403, 'ACL Exception')
        }),
        /** Scripts - Background. */
        script: ({ user, text }) => as(user, () => (sn.roles().includes('admin') ? String(sn.script(text)) : null)),
        /** The Table API. The browser's fields are not believed: the user's rights and every rule count. */
        table: ({ user, method, table, id, values }) => as(user, () => {
            if (sn.user === GUEST) return refused(401, 'User Not Authenticated')
            if (!sn.tables.has(table)) return refused(400, `Invalid table ${table}`)
            const owns = sn.roles().includes('admin') && !sn.tables.isOurs(table)
            const may = OPERATION[method] && (owns || (sn.may(OPERATION[method], table) && (sn.tables.isOurs(table) || method !== 'DELETE')))
            if (!may) return refused(403, 'ACL Exception: the user may not do this')
            try {
                if (method === 'GET') return { status: 200, body: JSON.stringify({ result: [...sn.tables.rows(table).values()].filter((row) => !id || row.sys_id === id).map((row) => seen(table, row)) }) }
                if (method === 'DELETE') return { status: sn.tables.rows(table).delete(id) ? 204 : 404, body: '' }
                return store(table, id, values)
            } catch (e) {
                return refused(400, String(e))
            }
        }),
        /** Scripted REST: answers what the script sets. */
        rest({ method, uri, headers, body }) {
            const answer = sn.rest(method, uri.replace(/\/$/, ''), headers, body)
            let type = ''
            try {
                type = String(JSON.parse(body).type ?? '')
            } catch {
                type = 'not JSON'
            }
            at.received.push({ id: headers['webhook-id'] ?? '', type, status: answer.status, body, at: sn.stamp() })
            return { status: answer.status, body: answer.body === null || answer.body === undefined ? '' : JSON.stringify(answer.body) }
        },
        /** A `GlideAjax` of a browser: the processor's text, or null where there is none for this user. */
        ajax({ user, parameters }) {
            const { sysparm_processor: processor = '', sysparm_name: name = '' } = parameters
            const [scope, include] = processor.split('.')
            if (scope !== SCOPE || !/^[a-z][A-Za-z]*$/.test(name)) return null
            const answer = sn.ajax(at.user(user), include, name, parameters)
            return answer === null ? null : JSON.stringify(answer)
        },
        users: () => [...[...sn.tables.rows('sys_user').values()].map((row) => ({ id: row.sys_id, user_name: row.user_name, name: row.name, roles: at.user(row.user_name).roles })), { ...GUEST, id: '', user_name: 'guest' }],
    }
}
