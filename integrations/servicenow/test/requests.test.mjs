// Asking, sending again, cancelling, showing a QR code; contacts, limits, failures of the server.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ADMIN, AGENT, CALLER, CLERK, GUEST, OTHER, world } from './world.mjs'

const body = (at) => JSON.parse(at.call('/v1/verifications').at(-1).body)

test('a request tells the server who, for what, for whom, and how old the contact is', () => {
    const at = world()
    const row = at.begun()
    const call = at.call('/v1/verifications').at(-1)
    assert.equal(call.url, 'https://ipse.example/v1/verifications')
    assert.equal(call.headers.Authorization, 'Bearer ipse_key')
    assert.equal(call.headers['Idempotency-Key'], `${row.sys_id}-1`)
    assert.deepEqual(JSON.parse(call.body), {
        journey: 'help-desk',
        subject: {
            external_id: CALLER, emails: [`${CALLER.slice(0, 4)}@example.com`], phones: ['+46701234567'], given_name: 'Åsa', family_name: 'Ériksson',
            emails_changed_at: '2024-01-01T00:00:00Z', phones_changed_at: '2024-01-01T00:00:00Z',
        },
        purpose: 'Confirm who is asking for help (INC0010023)',
        record: { system: 'servicenow', table: 'incident', id: at.incident, number: 'INC0010023' },
        requester: { id: AGENT.id, name: 'Kim Agent' },
        delivery: 'email',
        metadata: { servicenow_verification: row.number },
        language: 'sv',
    })
    assert.equal(row.status, 'link_sent')
    assert.equal(at.row('incident', at.incident).x_ipse_idv_verification, row.sys_id)
    assert.equal(at.sn.mails.length, 0, 'Ipse sends the link')
})

test('nothing is called while the agent waits', () => {
    const at = world()
    at.ask('request')
    assert.equal(at.sn.calls.length, 0)
    assert.match(at.field(), /^In Progress/)
})

test('one request at a time for a record', () => {
    const at = world()
    at.begun()
    const again = at.ask('request')
    assert.deepEqual([again.ok, /already running/.test(again.message)], [false, true])
    assert.equal(at.verifications().length, 1)
    // Two at the same moment, both past the question: the database lets one in.
    at.last().status = 'success'
    assert.equal(at.ask('request').ok, false)
    assert.equal(at.verifications().length, 1)
})

test('who may not ask is refused, whatever their browser says', () => {
    const at = world()
    const secret = at.put('sys_user', { user_name: 'x', active: '1' })
    for (const [name, user] of [['the role is missing', CLERK], ['a guest', GUEST]]) {
        assert.equal(at.ask('request', {}, user), null, name)
        for (const verb of ['resend', 'cancel', 'override', 'status', 'link', 'options']) assert.equal(at.ask(verb, {}, user), null, `${verb}: ${name}`)
    }
    const outsider = { ...AGENT, roles: ['x_ipse_idv.agent'] }
    assert.equal(at.ask('request', {}, outsider).ok, false, 'may not see the ticket')
    assert.equal(at.ask('status', {}, outsider).ok, false)
    const reader = { ...AGENT, roles: ['itil', 'readonly', 'x_ipse_idv.agent'] }
    assert.equal(at.ask('request', {}, reader).ok, false, 'may not change the ticket')
    assert.equal(at.ask('status', {}, reader).ok, true)
    for (const parameters of [{ sysparm_table: 'sys_user', sysparm_id: secret }, { sysparm_table: 'constructor' }, { sysparm_table: 'x_ipse_idv_config' }, { sysparm_id: "x'" }, { sysparm_id: OTHER }, { sysparm_table: '' }]) {
        assert.equal(at.ask('request', parameters).ok, false, JSON.stringify(parameters))
    }
    assert.equal(at.verifications().length, 0)
    assert.equal(at.sn.calls.length, 0)
})

test('an agent does not verify themselves, and a ticket without a person cannot be verified for', () => {
    const at = world()
    at.row('incident', at.incident).caller_id = AGENT.id
    assert.match(at.ask('request').message, /yourself/)
    at.row('incident', at.incident).caller_id = ''
    assert.match(at.ask('request').message, /nobody/)
    assert.equal(at.verifications().length, 0)
})

test('the button shows for those who may, while nothing runs', () => {
    const at = world()
    const shown = (action, user = AGENT) => at.sn.condition(user, 'incident', action, at.sn.loaded('incident', at.row('incident', at.incident)))
    assert.equal(shown('x_ipse_idv_request'), true)
    assert.equal(shown('x_ipse_idv_request', CLERK), false)
    assert.deepEqual([shown('x_ipse_idv_resend'), shown('x_ipse_idv_cancel'), shown('x_ipse_idv_override', ADMIN)], [false, false, false])
    at.begun()
    assert.deepEqual([shown('x_ipse_idv_request'), shown('x_ipse_idv_resend'), shown('x_ipse_idv_cancel')], [false, true, true])
    at.event('pending_review', { sequence: 4 })
    assert.equal(shown('x_ipse_idv_resend'), false)
})

test('each table has its person', () => {
    const at = world({ hr: true })
    const request = at.put('sc_request', { requested_for: CALLER, number: 'REQ1' })
    const cases = {
        sc_request: { requested_for: CALLER }, sc_req_item: { request, number: 'RITM1' }, change_request: { requested_by: CALLER }, sn_hr_core_case: { opened_for: CALLER },
    }
    for (const [table, row] of Object.entries(cases)) {
        const id = at.put(table, row)
        assert.equal(at.ask('request', { sysparm_table: table, sysparm_id: id }).ok, true, table)
        assert.equal(at.last().subject, CALLER, table)
        assert.match(at.row(table, id).x_ipse_idv_idv_status, /^In Progress/)
    }
    const item = at.put('sc_req_item', { request })
    const task = at.put('sc_task', { request_item: item })
    at.sn.properties.set('x_ipse_idv.limits.person_per_day', '50')
    assert.equal(at.ask('request', { sysparm_table: 'sc_task', sysparm_id: task }).ok, true)
})

test('without HR Service Delivery nothing of HR is touched', () => {
    const at = world()
    assert.equal(at.ask('request', { sysparm_table: 'sn_hr_core_case', sysparm_id: at.incident }).ok, false)
})

test('a changed address is told with its time; the other channel keeps its own', () => {
    const at = world()
    at.put('sys_audit', { tablename: 'sys_user', documentkey: CALLER, fieldname: 'email', sys_created_on: '2026-11-20 10:00:00' })
    at.put('sys_audit', { tablename: 'sys_user', documentkey: CALLER, fieldname: 'email', sys_created_on: '2025-01-01 10:00:00' })
    at.put('sys_audit', { tablename: 'sys_user', documentkey: OTHER, fieldname: 'mobile_phone', sys_created_on: '2026-11-21 01:00:00' })
    at.begun()
    assert.deepEqual([body(at).subject.emails_changed_at, body(at).subject.phones_changed_at], ['2026-11-20T10:00:00Z', '2024-01-01T00:00:00Z'])
    at.event('cancelled')
    at.begun({ sysparm_channel: 'sms' })
    assert.deepEqual([body(at).subject.emails_changed_at, body(at).delivery], ['2026-11-20T10:00:00Z', 'sms'])
})

test('where nobody audits, the age is unknown, and nothing is claimed', () => {
    const off = world()
    for (const row of off.sn.tables.rows('sys_dictionary').values()) if (row.element === '') row.audit = '0'
    off.begun()
    assert.ok(!('emails_changed_at' in body(off).subject) && !('phones_changed_at' in body(off).subject))
    const leftOut = world()
    for (const row of leftOut.sn.tables.rows('sys_dictionary').values()) if (row.element === 'email') row.attributes = 'no_audit=true'
    leftOut.begun()
    assert.ok(!('emails_changed_at' in body(leftOut).subject) && 'phones_changed_at' in body(leftOut).subject)
})

test('a contact that is too new ends the request with advice, and opens nothing', () => {
    const at = world()
    at.ipse.refuse = 'contact_too_new'
    const row = at.begun()
    assert.equal(row.status, 'failure')
    assert.match(at.field(), /^Failure/)
    assert.match(row.problem, /changed only recently/)
    assert.equal(at.ask('status').problem, row.problem)
})

test('numbers become E.164 or are not used', () => {
    const at = world()
    const contacts = at.sn.script('new x_ipse_idv.IpseContacts()')
    for (const [text, number] of [['+46 (70) 123 45 67', '+46701234567'], ['0046 70-1234567', '+46701234567'], ['070 123 45 67', ''], ['+46', ''], ['call me', ''], ['+0701234567', ''], ['', '']]) assert.equal(contacts.phone(text), number, text)
    at.sn.properties.set('x_ipse_idv.contacts.country_code', '+46')
    assert.equal(contacts.phone('070 123 45 67'), '+46701234567')
    at.row('sys_user', CALLER).mobile_phone = 'unknown'
    const row = at.begun({ sysparm_channel: 'sms' })
    assert.equal(row.status, 'failure')
})

test('a name that looks like a variable stays what it is', () => {
    const at = world()
    at.row('sys_user', CALLER).last_name = '${gs.getUserID()} "Bobby" \\'
    assert.equal(at.begun().status, 'link_sent')
    assert.equal(body(at).subject.family_name, '${gs.getUserID()} "Bobby" \\')
})

test('an inactive person is not verified', () => {
    const at = world()
    at.row('sys_user', CALLER).active = '0'
    assert.match(at.begun().problem, /no active user record/)
    assert.equal(at.sn.calls.length, 0)
})

test('people are known by what the configuration says', () => {
    const at = world({ config: { subject_field: 'employee_number' } })
    assert.match(at.begun().problem, /employee_number/)
    at.row('sys_user', CALLER).employee_number = 'E7'
    at.begun()
    assert.equal(body(at).subject.external_id, 'E7')
})

test('with an enrolled face the step-up journey is taken; without one the full journey, by itself', () => {
    const config = { step_up_journey: 'step-up' }
    const enrolled = world({ config })
    enrolled.ipse.enrolled = true
    assert.deepEqual([enrolled.begun().journey, enrolled.last().assurance_level], ['step-up', '1'])
    const stranger = world({ config })
    const row = stranger.begun()
    assert.deepEqual([row.journey, row.assurance_level, row.status], ['help-desk', '2', 'link_sent'])
    assert.equal(stranger.call('/v1/verifications').length, 2)
    const strong = world({ config })
    strong.ipse.enrolled = true
    strong.rule({})
    strong.change({ short_description: 'again' })
    assert.equal(strong.begun().journey, 'help-desk', 'the rule wants more than the face alone')
})

test('sending again makes a new link, at most three times', () => {
    const at = world()
    const row = at.begun()
    for (let turn = 1; turn <= 3; turn += 1) {
        assert.equal(at.ask('resend').ok, true)
        at.sn.work()
        assert.equal(at.call('/resend-link').length, turn)
    }
    assert.equal(at.ask('resend').ok, false)
    assert.equal(at.call('/resend-link')[0].headers['Idempotency-Key'], `${row.sys_id}-resend-1`)
})

test('cancelling ends it here at once, and at the server; a late success opens nothing', () => {
    const at = world()
    const row = at.begun()
    assert.equal(at.ask('cancel').ok, true)
    assert.match(at.field(), /^Failure/)
    assert.equal(at.event('succeeded').status, 200)
    assert.match(at.field(), /^Failure/)
    at.sn.work()
    assert.equal(at.ipse.verifications.get(row.session_id).status, 'cancelled')
    assert.equal(at.ask('cancel').ok, false)
    assert.equal(at.ask('request').ok, true, 'and another may begin')
})

test('a QR code is for the agent who asked, until it is opened', () => {
    const at = world()
    at.begun({ sysparm_channel: 'qr' })
    assert.equal(body(at).delivery, 'none')
    const link = at.ask('link')
    assert.match(link.link, /^https:\/\/ipse\.example\/v\//)
    assert.equal(at.ask('link', {}, { ...AGENT, id: CLERK.id }).ok, false, 'another agent')
    assert.equal(at.ask('link', {}, ADMIN).ok, false, 'an administrator')
    at.event('in_progress', { type: 'verification.claimed', sequence: 3 })
    assert.deepEqual([at.ask('link').link, at.ask('link').opened], ['', true])
    at.event('succeeded')
    assert.equal(at.last().link, '', 'gone with the end')
    assert.equal(at.sn.mails.length, 0)
    const off = world()
    off.sn.properties.set('x_ipse_idv.channel.qr', 'false')
    assert.equal(off.ask('request', { sysparm_channel: 'qr' }).ok, false)
})

test('where ServiceNow sends the mail, the link is in it and nowhere else, and new addresses get none', () => {
    const at = world({ config: { delivery: 'servicenow', from_address: 'desk@example.com', from_name: 'Service desk' } })
    const row = at.begun()
    assert.equal(body(at).delivery, 'none')
    const [mail] = at.sn.mails
    assert.deepEqual([mail.to, mail.from], [[CALLER], '"Service desk" <desk@example.com>'])
    assert.ok(mail.body.includes(row.link) && row.link.startsWith('https://'))
    assert.ok(!at.row('incident', at.incident).work_notes.includes(row.link))
    const fresh = world({ config: { delivery: 'servicenow' } })
    fresh.put('sys_audit', { tablename: 'sys_user', documentkey: CALLER, fieldname: 'email', sys_created_on: '2026-11-15 10:00:00' })
    assert.match(fresh.begun().problem, /changed only recently/)
    assert.equal(fresh.sn.mails.length, 0)
    assert.equal(fresh.sn.calls.length, 0)
})

test('limits: a person is not worn down, an agent does not fire at will', () => {
    const at = world()
    for (let turn = 0; turn < 5; turn += 1) {
        at.begun()
        at.event('declined', { event: `e${turn}` })
    }
    assert.match(at.ask('request').message, /often enough/)
    at.sn.pass(86_401)
    at.sn.properties.set('x_ipse_idv.limits.agent_per_hour', '0')
    assert.match(at.ask('request').message, /many verifications/)
})

test('a server that is down, slow or not Ipse: a plain word, and another try behind', () => {
    for (const down of ['timeout', '500', '502', '503']) {
        const at = world()
        at.ipse.down = down
        const row = at.begun()
        assert.equal(row.status, 'requested', down)
        assert.match(row.problem, /try again/)
        at.ipse.down = ''
        at.sn.pass(200)
        at.sn.job('Ipse: ask after open verifications')
        at.sn.work()
        assert.equal(at.last().status, 'link_sent', down)
        assert.deepEqual(new Set(at.call('/v1/verifications').map((call) => call.headers['Idempotency-Key'])).size, 1)
    }
    const stranger = world()
    stranger.sn.http = () => ({ status: 200, body: '<html>hello</html>' })
    assert.match(stranger.begun().problem, /not Ipse/)
})

test('a lost answer: the same request gives the same verification', () => {
    const at = world()
    const real = at.sn.http
    at.sn.http = (call) => { real(call); throw new Error('timed out') }
    at.begun()
    at.sn.http = real
    at.sn.pass(200)
    at.sn.job('Ipse: ask after open verifications')
    at.sn.work()
    assert.equal(at.ipse.verifications.size, 1)
    assert.equal(at.last().session_id, [...at.ipse.verifications.keys()][0])
})

test('tokens are bought, kept, bought anew before their end and after a refusal', () => {
    const config = { auth_server_url: 'https://ipse.example', token_path: '/oauth2/token', client_id: 'key_1', scope: 'openid' }
    const at = world({ config })
    const row = at.sn.script('new x_ipse_idv.IpseConfig().row()')
    row.getElement('client_secret').setDisplayValue('s3cret&=+')
    row.update()
    at.begun()
    assert.equal(at.call('/v1/verifications').at(-1).headers.Authorization, 'Bearer tok_1')
    at.event('cancelled')
    at.begun()
    assert.equal(at.ipse.bought, 1, 'kept')
    at.event('cancelled')
    at.sn.pass(560)
    at.begun()
    assert.equal(at.ipse.bought, 2, 'sixty seconds early')
    at.event('cancelled')
    at.ipse.tokens.clear()
    assert.equal(at.begun().status, 'link_sent')
    assert.equal(at.ipse.bought, 3, 'once more after a 401')
    at.event('cancelled')
    row.getElement('client_secret').setDisplayValue('wrong')
    row.update()
    at.ipse.tokens.clear()
    const failed = at.begun()
    assert.equal(failed.status, 'requested')
    assert.match(failed.problem, /no token/)
})

test('through a MID Server', () => {
    const at = world({ config: { mid_server: 'mid-1' } })
    assert.equal(at.begun().status, 'link_sent')
    assert.ok(at.sn.calls.every((call) => call.mid === 'mid-1'))
    const silent = world({ config: { mid_server: 'mid-1' } })
    silent.sn.http = () => ({ status: 0, body: '' })
    const row = silent.begun()
    assert.deepEqual([row.status, /cannot be reached/.test(row.problem)], ['requested', true], 'it did not answer in time')
})

test('a flow that makes a row gets a request for the person on the record, and nothing else', () => {
    const at = world()
    const row = new at.sn.GlideRecord('x_ipse_idv_verification')
    row.initialize()
    for (const [key, value] of Object.entries({ source_table: 'incident', source_record: at.incident, subject: OTHER, status: 'success', session_id: 'ver_forged', valid_until: '2030-01-01 00:00:00', finished_at: '2026-11-21 03:00:00', assurance_level: 9 })) row.setValue(key, value)
    assert.ok(row.insert())
    at.sn.work()
    const stored = at.last()
    assert.deepEqual([stored.status, stored.subject, stored.assurance_level, stored.valid_until], ['link_sent', CALLER, '2', ''])
    assert.notEqual(stored.session_id, 'ver_forged')
    for (const wrong of [{ source_table: 'sys_user_role', source_record: OTHER }, { source_table: 'incident', source_record: OTHER }, {}]) {
        const other = new at.sn.GlideRecord('x_ipse_idv_verification')
        other.initialize()
        for (const [key, value] of Object.entries(wrong)) other.setValue(key, value)
        assert.equal(other.insert(), null, JSON.stringify(wrong))
    }
})

test('while it is not set up, the agent is told so', () => {
    for (const config of [{ base_url: '' }, { base_url: 'http://ipse.example' }, { base_url: 'https://ipse.example@evil.example' }, { journey: '' }]) {
        const at = world({ config })
        assert.match(at.ask('request').message, /not set up yet/, JSON.stringify(config))
    }
    assert.match(world({ configured: false }).ask('request').message, /not set up yet/)
})
