// The configuration and Getting Started pages, behind their buttons.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ADMIN, AGENT, CALLER, CLERK, GUEST, OTHER_SECRET, SECRET, world } from './world.mjs'

const save = (at, settings, user) => at.admin('save', { sysparm_settings: JSON.stringify(settings) }, user)
const secret = (at, name) => at.sn.script(`new x_ipse_idv.IpseConfig().secret('${name}')`)

test('only administrators of the app get an answer', () => {
    const at = world()
    for (const user of [AGENT, CLERK, GUEST]) {
        for (const name of ['load', 'save', 'testOauth', 'testMail', 'mailState', 'clearCache', 'connectWebhook', 'checklist', 'sandboxTicket', 'sandboxState', 'publish']) assert.equal(at.admin(name, {}, user), null, `${user.name} ${name}`)
    }
    assert.equal(at.sn.calls.length, 0)
})

test('secrets are written sealed and never come back', () => {
    const at = world()
    const settings = { api_key: 'ipse_new_key', client_secret: 'cs-new', mail_password: 'mp-new', webhook_secret: OTHER_SECRET }
    assert.equal(save(at, settings).ok, true)
    assert.deepEqual(['api_key', 'client_secret', 'mail_password', 'webhook_secret'].map((name) => secret(at, name)), Object.values(settings))
    const everything = JSON.stringify(at.admin('load'))
    for (const value of [...Object.values(settings), SECRET, 'sealed:']) assert.ok(!everything.includes(value), value)
    assert.deepEqual(at.admin('load').set, { api_key: true, client_secret: true, mail_password: true, webhook_secret: true })
    assert.equal(save(at, { api_key: '', webhook_secret: '  ' }).ok, true)
    assert.equal(secret(at, 'api_key'), 'ipse_new_key', 'empty keeps')
    assert.equal(secret(at, 'webhook_secret_previous'), SECRET, 'the one before stays good for a day')
})

test('a key given to one server is not shown to another', () => {
    const at = world({ config: { auth_server_url: 'https://auth.example' } })
    save(at, { client_secret: 'cs' })
    const answer = save(at, { base_url: 'https://evil.example', auth_server_url: 'https://evil.example' })
    assert.match(answer.message, /API Key again.*Client Secret again/)
    assert.deepEqual([secret(at, 'api_key'), secret(at, 'client_secret')], ['', ''])
    const moved = world()
    save(moved, { base_url: 'https://ipse.example/behind/a/path' })
    assert.equal(secret(moved, 'api_key'), 'ipse_key', 'the same server')
})

test('what cannot be right is not saved', () => {
    const at = world()
    const wrong = [
        { base_url: 'http://ipse.example' }, { base_url: 'javascript:alert(1)' }, { base_url: 'https://a@b.example' }, { base_url: 'https://ipse.example/?x=1' }, { auth_server_url: 'ftp://x' },
        { webhook_secret: 'password' }, { grant_type: 'password' }, { delivery: 'pigeon' }, { channel: 'fax' }, { subject_field: 'user_password' }, { from_address: 'a@b>, c@d' },
        { from_name: 'x" <a@b>' }, { from_name: 'a\r\nBcc: x' }, { journey: 'x'.repeat(81) },
    ]
    for (const settings of wrong) assert.equal(save(at, settings).ok, false, JSON.stringify(settings))
    assert.equal(at.admin('save', { sysparm_settings: '{' }).ok, false)
    save(at, { access_token: 'mine', sys_id: 'x', webhook_seen_at: '2030-01-01 00:00:00' })
    assert.equal(secret(at, 'access_token'), '', 'only what the page offers')
    assert.equal(at.admin('load').settings.base_url, 'https://ipse.example')
})

test('Test OAuth2 says plainly whether it works', () => {
    const at = world()
    assert.match(at.admin('testOauth').message, /accepts the API Key/)
    save(at, { api_key: 'revoked' })
    assert.match(at.admin('testOauth').message, /did not accept/)
    save(at, { auth_server_url: 'https://ipse.example', client_id: 'key_1', client_secret: 's3cret&=+' })
    assert.match(at.admin('testOauth').message, /a token until 2026-11-21 03:10:00 UTC/)
    save(at, { client_secret: 'wrong' })
    const refused = at.admin('testOauth')
    assert.deepEqual([refused.ok, /HTTP 401/.test(refused.message)], [false, true])
    at.ipse.down = 'timeout'
    assert.equal(at.admin('testOauth').ok, false)
    assert.match(world({ configured: false }).admin('testOauth').message, /fill in/)
    assert.ok(!at.sn.log.some(([, text]) => /s3cret|tok_/.test(text)))
})

test('Clear Cache forgets the token', () => {
    const at = world()
    save(at, { auth_server_url: 'https://ipse.example', client_id: 'key_1', client_secret: 's3cret&=+' })
    at.admin('testOauth')
    assert.equal(secret(at, 'access_token'), 'tok_1')
    assert.equal(at.admin('clearCache').ok, true)
    assert.equal(secret(at, 'access_token'), '')
    at.begun()
    assert.equal(at.ipse.bought, 2)
})

test('Send Test Email, and what became of it', () => {
    const at = world({ config: { from_address: 'desk@example.com' } })
    assert.match(at.admin('mailState').message, /Press Send Test Email/)
    assert.equal(at.admin('testMail').ok, true)
    at.sn.work()
    assert.deepEqual([at.sn.mails[0].to, at.sn.mails[0].from, at.sn.mails[0].subject], [[ADMIN.id], 'desk@example.com', 'Ipse test mail'])
    assert.match(at.admin('mailState').message, /not in the outbox yet/)
    const mail = at.put('sys_email', { type: 'send-ready', subject: 'Ipse test mail', sys_created_on: '2026-11-21 03:00:00' })
    const says = (type, text) => { at.row('sys_email', mail).type = type; assert.match(at.admin('mailState').message, text) }
    says('send-ready', /waits in the outbox/)
    says('send-failed', /refused it: no reason given/)
    says('send-ignored', /ignored/)
    says('sent', /left this instance/)
    assert.equal(at.admin('mailState').sent, true)
})

test('Connect Webhook registers the address, keeps the secret, and replaces it later', () => {
    const at = world()
    assert.equal(at.admin('connectWebhook').ok, true)
    const made = JSON.parse(at.call('/v1/webhook-endpoints')[0].body)
    assert.equal(made.url, 'https://example.service-now.com/api/x_ipse_idv/webhook')
    assert.ok(made.event_types.includes('verification.succeeded') && made.event_types.includes('verification.declined'))
    assert.equal(at.call('/test').length, 1)
    assert.equal(at.admin('connectWebhook').ok, true)
    assert.deepEqual([at.ipse.endpoints, secret(at, 'webhook_secret'), secret(at, 'webhook_secret_previous')], [1, OTHER_SECRET, SECRET])
    const gone = world()
    gone.admin('connectWebhook')
    const real = gone.sn.http
    gone.sn.http = (call) => (call.url.includes('rotate') ? { status: 404, body: { code: 'not_found' } } : real(call))
    assert.equal(gone.admin('connectWebhook').ok, false)
    assert.equal(gone.admin('connectWebhook').ok, true)
    assert.equal(gone.ipse.endpoints, 2)
    const poor = world()
    poor.sn.http = () => ({ status: 403, body: { code: 'not_permitted' } })
    assert.match(poor.admin('connectWebhook').message, /webhooks:write/)
})

test('the checklist looks each line up, from nothing to all done', () => {
    const line = (at, key) => at.admin('checklist').lines.find((one) => one.key === key)
    const states = (at) => Object.fromEntries(at.admin('checklist').lines.map((one) => [one.key, one.state]))
    const empty = states(world({ configured: false }))
    assert.deepEqual(empty, { configured: 'open', called: 'open', webhook: 'open', mail_on: 'done', mail_sent: 'open', roles: 'open', audited: 'done', layouts: 'open', flows: 'open', hr: 'done', rules: 'open', ticket: 'open' })
    const at = world()
    at.admin('testOauth')
    at.post(JSON.stringify({ type: 'webhook.test' }))
    at.admin('testMail')
    at.put('sys_email', { type: 'sent', subject: 'Ipse test mail', sys_created_on: '2026-11-21 03:00:00' })
    at.put('sys_user_has_role', { user: AGENT.id, role: at.put('sys_user_role', { name: 'x_ipse_idv.agent' }) })
    for (const table of ['incident', 'sc_request', 'sc_req_item', 'sc_task', 'change_request']) at.put('sys_ui_element', { element: 'x_ipse_idv_idv_status', sys_ui_section: at.put('sys_ui_section', { name: table }) })
    const scope = at.put('sys_scope', { scope: 'x_ipse_idv' })
    for (const name of ['Require Identity Verification', 'Ipse: gate password-reset incidents']) at.put('sys_hub_flow', { name, status: 'draft', sys_scope: scope })
    assert.match(line(at, 'flows').text, /Not published yet: Require/)
    assert.equal(at.admin('publish').ok, true)
    const action = at.put('sys_hub_action_type_definition', { name: 'Request Identity Verification', state: 'draft', sys_scope: scope })
    assert.equal(line(at, 'flows').state, 'open')
    at.row('sys_hub_action_type_definition', action).state = 'published'
    at.rule({})
    assert.deepEqual(new Set(Object.entries(states(at)).filter(([, state]) => state !== 'done').map(([key]) => key)), new Set(['ticket']))
    at.sn.properties.set('glide.email.smtp.active', 'false')
    save(at, { delivery: 'servicenow' })
    assert.equal(line(at, 'mail_on').state, 'open')
    at.ipse.down = '503'
    at.admin('testOauth')
    assert.match(line(at, 'called').text, /problem right now/)
})

test('HR on the checklist: installed, allowed, or neither', () => {
    const at = world({ hr: true })
    const line = () => at.admin('checklist').lines.find((one) => one.key === 'hr')
    assert.equal(line().state, 'open')
    at.put('sn_hr_core_case', { opened_for: CALLER })
    assert.equal(line().state, 'done')
})

test('the test ticket goes the whole way, step by step, and proves nobody', () => {
    const at = world()
    const made = at.admin('sandboxTicket', { sysparm_channel: 'email' })
    assert.equal(made.ok, true, made.message)
    const steps = () => at.admin('sandboxState', { sysparm_id: made.id }).steps.map((step) => step.done)
    assert.deepEqual(steps(), [true, false, false, false, true])
    at.sn.work()
    assert.deepEqual(steps(), [true, true, false, false, true])
    at.event('succeeded', { session: at.last().session_id })
    assert.deepEqual(steps(), [true, true, true, true, true])
    assert.equal(at.sn.script(`new x_ipse_idv.IpseGate().isVerified('${ADMIN.id}', 0, 60)`), false)
    assert.equal(at.admin('checklist').lines.at(-1).state, 'done')
    assert.equal(at.admin('sandboxState', { sysparm_id: at.incident }).ok, false)
})
