// A service desk with people, a ticket and a configured application; and the Ipse server as its API describes itself.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { install } from './instance.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const openapi = JSON.parse(fs.readFileSync(process.env.IPSE_OPENAPI ?? path.join(here, '../../../openapi.json'), 'utf8'))

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
export const OTHER_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
const id = (name) => crypto.createHash('md5').update(name).digest('hex')

export const CALLER = id('caller')
export const OTHER = id('other')
export const AGENT = { id: id('agent'), name: 'agent', roles: ['itil', 'x_ipse_idv.agent'] }
export const ADMIN = { id: id('admin'), name: 'admin', roles: ['itil', 'x_ipse_idv.agent', 'x_ipse_idv.admin'] }
export const CLERK = { id: id('clerk'), name: 'clerk', roles: ['itil'] }
export const GUEST = { id: id('guest'), name: 'guest', roles: [] }

/** Whether a body is one that a schema of openapi.json describes; the server knows no other fields. */
function conforms(body, name) {
    const schema = openapi.components.schemas[name]
    for (const key of Object.keys(body)) assert.ok(key in schema.properties, `${name} has no ${key}`)
    for (const key of schema.required ?? []) assert.ok(key in body, `${name} needs ${key}`)
    for (const [key, value] of Object.entries(body)) {
        const property = schema.properties[key]
        const reference = property.$ref ?? property.oneOf?.find((one) => one.$ref)?.$ref ?? property.allOf?.find((one) => one.$ref)?.$ref
        if (reference) conforms(value, reference.split('/').at(-1))
        else if ([property.type].flat().includes('string')) assert.equal(typeof value, 'string', `${name}.${key}`)
    }
}

/** The server: answers what the API's rules say, and keeps what it was asked. */
export class Ipse {
    constructor(instance) {
        Object.assign(this, { instance, verifications: new Map(), remembered: new Map(), enrolled: false, down: '', refuse: null, tokens: new Set(), count: 0, bought: 0, endpoints: 0, secret: SECRET })
    }

    answer(call) {
        if (this.down === 'timeout') throw new Error('timed out')
        if (this.down) return { status: Number(this.down), body: this.down === '502' ? '<html>bad gateway</html>' : '' }
        const at = new URL(call.url)
        if (at.pathname === '/oauth2/token') return this.token(call)
        const bearer = call.headers.Authorization?.replace('Bearer ', '')
        if (bearer !== 'ipse_key' && !this.tokens.has(bearer)) return problem(401, 'unauthorized')
        const template = Object.keys(openapi.paths).find((known) => new RegExp(`^${known.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(at.pathname))
        assert.ok(openapi.paths[template]?.[call.method], `the API has no ${call.method} ${at.pathname}`)
        assert.match(call.body, /^[\x20-\x7e]*$/, 'ASCII only')
        if (call.method === 'post' && at.pathname === '/v1/verifications') return this.once(call, () => this.open(JSON.parse(call.body)))
        if (at.pathname.startsWith('/v1/webhook-endpoints')) return this.webhooks(call, at.pathname)
        if (at.pathname === '/v1/verifications') return { status: 200, body: { object: 'list', data: [] } }
        const [, , , name, verb] = at.pathname.split('/')
        const known = this.verifications.get(name)
        if (!known) return problem(404, 'not_found')
        if (verb === 'cancel') return this.move(known, 'cancelled')
        if (verb === 'resend-link') return this.once(call, () => ({ status: 200, body: { ...known, status: 'link_sent', ...this.link(known) } }))
        return { status: 200, body: known }
    }

    token(call) {
        assert.equal(call.headers['Content-Type'], 'application/x-www-form-urlencoded')
        const form = new URLSearchParams(call.body)
        if (form.get('client_id') !== 'key_1' || form.get('client_secret') !== 's3cret&=+') return { status: 401, body: { error: 'invalid_client' } }
        const token = `tok_${(this.bought += 1)}`
        this.tokens.add(token)
        return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 600, scope: 'openid' } }
    }

    once(call, work) {
        const key = call.headers['Idempotency-Key']
        assert.ok(key, 'an Idempotency-Key')
        const before = this.remembered.get(key)
        if (before) return before.body === call.body ? before.answer : problem(409, 'idempotency_conflict')
        const answer = work()
        if (answer.status < 300) this.remembered.set(key, { body: call.body, answer })
        return answer
    }

    open(body) {
        conforms(body, 'CreateVerification')
        if (this.refuse) return problem(422, this.refuse)
        if (body.journey === 'step-up' && !this.enrolled) return problem(409, 'not_enrolled')
        const name = `ver_${String((this.count += 1)).padStart(26, '0')}`
        const later = (minutes) => new Date(this.instance.clock + minutes * 60_000).toISOString()
        const made = { id: name, object: 'verification', status: body.delivery === 'none' ? 'created' : 'link_sent', valid: false, reasons: [], delivery: body.delivery, expires_at: later(30), valid_until: null, body }
        this.verifications.set(name, made)
        return { status: 201, body: { ...made, ...this.link(made) } }
    }

    link(made) {
        return made.delivery === 'none' ? { link: `https://ipse.example/v/${crypto.randomBytes(16).toString('base64url')}` } : {}
    }

    move(known, status) {
        if (['succeeded', 'failed', 'cancelled'].includes(known.status)) return problem(409, 'wrong_state')
        Object.assign(known, { status, valid: status === 'succeeded', valid_until: status === 'succeeded' ? new Date(this.instance.clock + 1_800_000).toISOString() : null })
        return { status: 200, body: known }
    }

    webhooks(call, at) {
        if (at.endsWith('/rotate-secret')) return { status: 200, body: { secret: OTHER_SECRET, public_key: 'whpk_x', retires_at: null } }
        if (at.endsWith('/test')) return { status: 202, body: { object: 'delivery' } }
        conforms(JSON.parse(call.body), 'CreateWebhookEndpoint')
        this.endpoints += 1
        return { status: 201, body: { id: 'whe_1', object: 'webhook_endpoint', secrets: [{ secret: this.secret, public_key: 'whpk_x', retires_at: null }] } }
    }
}

const problem = (status, code) => ({ status, body: { type: `https://ipse.example/problems/${code}`, status, code, title: code, user_message: '' } })

/** Everything in place: an incident of a caller, an agent, the server. */
export function world({ hr = false, config = {}, configured = true } = {}) {
    const sn = install({ hr })
    const ipse = new Ipse(sn)
    sn.http = (call) => ipse.answer(call)
    const put = (table, row) => {
        const at = { sys_id: row.sys_id ?? crypto.randomBytes(16).toString('hex'), sys_created_on: '2024-01-01 00:00:00', ...row }
        for (const key of Object.keys(at)) if (!sn.tables.typeOf(table, key)) throw new Error(`${table}.${key}`)
        sn.tables.rows(table).set(at.sys_id, at)
        return at.sys_id
    }
    const person = (user, more = {}) => put('sys_user', { sys_id: user, user_name: 'u', name: 'Kim Agent', first_name: 'Åsa', last_name: 'Ériksson', email: `${user.slice(0, 4)}@example.com`, mobile_phone: '+46 (70) 123 45 67', active: '1', preferred_language: 'sv', ...more })
    for (const user of [CALLER, OTHER, AGENT.id, ADMIN.id, CLERK.id]) person(user)
    put('sys_dictionary', { name: 'sys_user', element: '', audit: '1' })
    for (const element of ['email', 'mobile_phone']) put('sys_dictionary', { name: 'sys_user', element, attributes: '' })
    const incident = put('incident', { number: 'INC0010023', caller_id: CALLER, short_description: 'reset', category: 'password_reset', state: '1' })
    if (configured) {
        const row = new sn.GlideRecord('x_ipse_idv_config')
        row.initialize()
        const plain = { base_url: 'https://ipse.example', journey: 'help-desk', journey_levels: 'help-desk = 2, step-up = 1\nprivileged-access = 3', ...config }
        for (const [key, value] of Object.entries(plain)) row.setValue(key, value)
        row.getElement('api_key').setDisplayValue('ipse_key')
        row.getElement('webhook_secret').setDisplayValue(SECRET)
        row.insert()
    }
    const made = { sn, ipse, put, person, incident }
    return Object.assign(made, tools(made))
}

function tools({ sn, ipse, incident }) {
    const row = (table, sysId) => sn.tables.rows(table).get(sysId)
    const verifications = () => [...sn.tables.rows('x_ipse_idv_verification').values()]
    const ask = (name, parameters = {}, user = AGENT) => sn.ajax(user, 'IpseAjax', name, { sysparm_table: 'incident', sysparm_id: incident, ...parameters })
    const sign = (body, { secret = SECRET, id: event = 'evt_1', at = Math.floor(sn.clock / 1000) } = {}) => {
        const mac = (key) => `v1,${crypto.createHmac('sha256', Buffer.from(key.slice(6), 'base64')).update(`${event}.${at}.${body}`).digest('base64')}`
        return { 'Webhook-Id': event, 'Webhook-Timestamp': String(at), 'Webhook-Signature': `${[secret].flat().map(mac).join(' ')} v1a,${Buffer.alloc(64).toString('base64')}` }
    }
    const post = (body, how = {}) => sn.rest('POST', '/api/x_ipse_idv/webhook', { ...sign(body, how), ...how.headers }, how.sent ?? body)
    return {
        row, verifications, ask, post, sign,
        admin: (name, parameters = {}, user = ADMIN) => sn.ajax(user, 'IpseAdminAjax', name, parameters),
        last: () => verifications().at(-1),
        field: () => row('incident', incident).x_ipse_idv_idv_status ?? '',
        /** Asks as the agent and lets the work behind be done. */
        begun(parameters = {}) {
            const answer = ask('request', parameters)
            assert.equal(answer.ok, true, answer.message)
            sn.work()
            return verifications().at(-1)
        },
        /** An event as the server sends it. */
        event(status, { session = verifications().at(-1).session_id, sequence = 5, assurance, event = `evt_${status}_${sequence}`, type = `verification.${status}`, record, valid_until, ...how } = {}) {
            const own = verifications().find((one) => one.session_id === session)
            const about = record === undefined ? { system: 'servicenow', table: own?.source_table ?? 'incident', id: own?.source_record ?? incident, number: 'INC0010023' } : record
            const until = valid_until === undefined ? (status === 'succeeded' ? new Date(sn.clock + 1_800_000).toISOString() : null) : valid_until
            const data = { object: 'verification', id: session, status, sequence, purpose: 'p', record: about, reasons: status === 'failed' ? ['face_mismatch'] : [], finished_at: null, valid_until: until, assurance, metadata: {} }
            return post(JSON.stringify({ type, timestamp: new Date(sn.clock).toISOString(), data }), { id: event, ...how })
        },
        /** A change of the ticket as a user makes it; returns whether it was stored. */
        change(values, { user = CLERK, table = 'incident', sysId = incident } = {}) {
            return sn.as(user, () => {
                const ticket = sn.loaded(table, row(table, sysId))
                for (const [key, value] of Object.entries(values)) ticket.setValue(key, value)
                return ticket.update() !== null
            })
        },
        rule(values) {
            const rule = new sn.GlideRecord('x_ipse_idv_rule')
            rule.initialize()
            const plain = { name: 'Password reset', active: true, kind: 'gate', applies_to: 'incident', condition: 'category=password_reset', blocks: 'state=6', assurance_level: 2, max_age_minutes: 30, same_record: true, ...values }
            for (const [key, value] of Object.entries(plain)) rule.setValue(key, value)
            return rule.insert()
        },
        call: (path) => ipse.instance.calls.filter((one) => one.url.includes(path)),
    }
}
