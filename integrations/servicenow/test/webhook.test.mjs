// Events: what is believed, what is not, and what only a decision may do.
import assert from 'node:assert/strict'
import test from 'node:test'
import { OTHER, OTHER_SECRET, SECRET, world } from './world.mjs'

const PENDING = 'In Progress - 2026-11-21 03:00:00'

test('events move the ticket, with their times, to success', () => {
    const at = world()
    at.begun()
    assert.equal(at.field(), PENDING)
    at.sn.pass(60)
    assert.equal(at.event('in_progress', { type: 'verification.claimed', sequence: 3 }).status, 200)
    assert.equal(at.field(), 'In Progress - 2026-11-21 03:01:00')
    at.event('pending_review', { sequence: 4 })
    assert.equal(at.field(), 'Pending Review - 2026-11-21 03:01:00')
    at.sn.pass(60)
    assert.deepEqual(at.event('succeeded').body, { success: true })
    assert.equal(at.field(), 'Success - 2026-11-21 03:02:00')
    const notes = at.row('incident', at.incident).work_notes
    assert.match(notes, /this is the person/)
    assert.match(notes, /Assurance level 2, journey help-desk/)
    assert.doesNotMatch(notes, /https?:/, 'no link in the ticket')
})

test('how sure a success is, the server says; the number in the settings stands only where it says nothing', () => {
    for (const [assurance, level] of [[{ level: 3, evidence: 'signed_document', pathway: 'biometric' }, '3'], [{ level: 0 }, '0'], [{}, '0'], [{ level: -1 }, '0'], [null, '2'], [undefined, '2']]) {
        const at = world()
        at.begun()
        at.event('succeeded', { assurance })
        assert.equal(at.last().assurance_level, level, JSON.stringify(assurance))
    }
    const asked = world()
    const row = asked.begun()
    Object.assign(asked.ipse.verifications.get(row.session_id), { status: 'succeeded', valid: true, valid_until: '2026-11-21T03:30:00Z', assurance: { level: 1 } })
    asked.sn.pass(1_000)
    asked.sn.job('Ipse: ask after open verifications')
    asked.sn.work()
    assert.deepEqual([asked.last().status, asked.last().assurance_level], ['success', '1'])
})

test('a failure names its reasons; an end without an answer is another thing', () => {
    const failed = world()
    failed.begun()
    failed.event('failed')
    assert.match(failed.field(), /^Failed - /)
    assert.match(failed.row('incident', failed.incident).work_notes, /face_mismatch/)
    for (const status of ['expired', 'declined', 'cancelled']) {
        const at = world()
        at.begun()
        at.event(status)
        assert.match(at.field(), /^Failure - /, status)
    }
})

test('forged events are refused alike, and change nothing', () => {
    const at = world()
    at.begun()
    const body = JSON.stringify({ type: 'verification.succeeded', data: { id: at.last().session_id, status: 'succeeded', sequence: 9 } })
    const good = at.sign(body)
    const cases = {
        'another secret': { secret: OTHER_SECRET },
        'an altered body': { sent: body.replace('"sequence":9', '"sequence":8') },
        'no signature': { headers: { 'Webhook-Signature': '' } },
        'another scheme': { headers: { 'Webhook-Signature': good['Webhook-Signature'].replace('v1,', 'v2,') } },
        'hex instead of base64': { headers: { 'Webhook-Signature': `v1,${'0'.repeat(64)}` } },
        'another id': { headers: { 'Webhook-Id': 'evt_2' } },
        'another time': { headers: { 'Webhook-Timestamp': String(Math.floor(at.sn.clock / 1000) - 1) } },
        'no time': { headers: { 'Webhook-Timestamp': '' } },
        'time in words': { headers: { 'Webhook-Timestamp': '1e9' } },
        'an empty body': { sent: '' },
        'a body that is too long': { sent: body + ' '.repeat(70_000) },
    }
    for (const [name, how] of Object.entries(cases)) {
        const answer = at.post(body, how)
        assert.deepEqual([answer.status, answer.body], [401, { success: false, error: 'unauthorized' }], name)
    }
    assert.equal(at.field(), PENDING)
    assert.equal(at.sn.log.filter(([level]) => level === 'warn').length, Object.keys(cases).length)
    assert.ok(!at.sn.log.some(([, text]) => text.includes('whsec_')), 'no secret in the log')
})

test('an event from too long ago, or from the future, is refused; within the tolerance it is taken', () => {
    for (const [seconds, status] of [[-301, 401], [301, 401], [-300, 200], [300, 200]]) {
        const at = world()
        at.begun()
        assert.equal(at.event('succeeded', { at: Math.floor(at.sn.clock / 1000) + seconds }).status, status, String(seconds))
    }
})

test('the tolerance cannot be configured away', () => {
    const at = world()
    at.begun()
    at.sn.properties.set('x_ipse_idv.webhook.tolerance_seconds', '99999999')
    assert.equal(at.event('succeeded', { at: Math.floor(at.sn.clock / 1000) - 901 }).status, 401)
})

test('a replay inside the tolerance is acknowledged and changes nothing', () => {
    const at = world()
    at.begun()
    at.event('in_progress', { type: 'verification.claimed', sequence: 3 })
    at.event('succeeded')
    const [field, notes] = [at.field(), at.row('incident', at.incident).work_notes]
    at.sn.pass(100)
    for (const [status, sequence] of [['in_progress', 3], ['succeeded', 5], ['succeeded', 5]]) assert.equal(at.event(status, { sequence }).status, 200)
    assert.deepEqual([at.field(), at.row('incident', at.incident).work_notes], [field, notes])
})

test('events out of order: the newer one counts', () => {
    const at = world()
    at.begun()
    at.event('pending_review', { sequence: 4 })
    at.sn.pass(10)
    at.event('in_progress', { type: 'verification.claimed', sequence: 3 })
    assert.equal(at.field(), 'Pending Review - 2026-11-21 03:00:00')
})

test('a number says which event is newer, also where the state goes back', () => {
    const at = world()
    at.begun()
    at.event('in_progress', { type: 'verification.claimed', sequence: 3 })
    at.event('link_sent', { sequence: 4 })
    assert.equal(at.last().status, 'link_sent', 'a link was sent again')
    at.event('in_progress', { type: 'verification.claimed', sequence: 3, event: 'evt_again' })
    assert.equal(at.last().status, 'link_sent')
})

test('a contradiction after the decision is not believed, and is noted in the log', () => {
    for (const [first, then, shown] of [['failed', 'succeeded', /^Failed/], ['succeeded', 'failed', /^Success/], ['expired', 'succeeded', /^Failure/]]) {
        const at = world()
        at.begun()
        at.event(first)
        assert.equal(at.event(then, { sequence: 6 }).status, 200)
        assert.match(at.field(), shown)
        assert.ok(at.sn.log.some(([, text]) => text.includes('not believed')))
    }
})

test('during a rotation both secrets are good, for a day', () => {
    const at = world()
    at.begun()
    const config = at.sn.script('new x_ipse_idv.IpseConfig()')
    config.replaceWebhookSecret(OTHER_SECRET)
    assert.equal(at.event('in_progress', { type: 'verification.claimed', sequence: 3, secret: SECRET }).status, 200)
    assert.equal(at.event('pending_review', { sequence: 4, secret: [SECRET, OTHER_SECRET] }).status, 200)
    at.sn.pass(86_401)
    assert.equal(at.event('succeeded', { sequence: 5, secret: SECRET }).status, 401)
    assert.equal(at.event('succeeded', { sequence: 5, secret: OTHER_SECRET }).status, 200)
})

test('unknown verifications, and those of another company or record, are not found', () => {
    const at = world()
    at.begun()
    assert.equal(at.event('succeeded', { session: 'ver_of_somebody_else' }).status, 404)
    assert.equal(at.event('succeeded', { session: "x'^ORsession_idISNOTEMPTY" }).status, 404)
    assert.equal(at.event('succeeded', { record: { system: 'servicenow', table: 'incident', id: 'f'.repeat(32), number: 'INC1' } }).status, 404)
    assert.equal(at.event('succeeded', { record: { system: 'salesforce', table: 'incident', id: at.incident, number: 'INC1' } }).status, 404)
    assert.equal(at.field(), PENDING)
})

test('only a decision opens: an event that merely carries the state makes the app ask the server', () => {
    const at = world()
    const row = at.begun()
    assert.equal(at.event('succeeded', { type: 'verification.claimed' }).status, 200)
    assert.equal(at.field(), PENDING)
    at.ipse.move(at.ipse.verifications.get(row.session_id), 'failed')
    at.sn.work()
    assert.match(at.field(), /^Failed/)
})

test("other vendors' names are understood, and what is merely over is no success", () => {
    const at = world()
    const row = at.begun()
    const tell = (event, id) => at.post(JSON.stringify({ ...event, interviewId: row.session_id }), { id })
    assert.equal(tell({ eventType: 'SESSION_STARTED' }, 'e1').status, 200)
    assert.match(at.field(), /^In Progress/)
    for (const type of ['SESSION_COMPLETED', 'ONBOARDING_FINISHED']) {
        assert.equal(tell({ onboardingStatus: type, result: 'pass' }, type).status, 200)
        at.sn.work()
        assert.match(at.field(), /^In Progress/, type)
    }
    assert.equal(tell({ eventType: 'SESSION_PENDING_REVIEW' }, 'e2').status, 200)
    assert.match(at.field(), /^Pending Review/)
    assert.equal(tell({ eventType: 'SESSION_SUCCEEDED' }, 'e3').status, 200)
    assert.match(at.field(), /^Success/)
    tell({ eventType: 'SESSION_FAILED' }, 'e4')
    assert.match(at.field(), /^Success/)
})

test('unknown events are accepted and ignored; broken ones are not', () => {
    const at = world()
    at.begun()
    assert.equal(at.post(JSON.stringify({ type: 'moon.rose' })).status, 202)
    assert.equal(at.post(JSON.stringify({ type: 'constructor' })).status, 202)
    assert.equal(at.post(JSON.stringify({ type: 'webhook.test' })).status, 200)
    assert.equal(at.event('constructor').status, 202)
    for (const body of ['{', 'null', '7', '{"type":"verification.succeeded"}']) assert.equal(at.post(body).status, 400, body)
    assert.equal(at.field(), PENDING)
})

test('without a configuration or a usable secret nothing is taken', () => {
    const empty = world({ configured: false })
    assert.equal(empty.post('{}').status, 503)
    const broken = world()
    broken.begun()
    broken.sn.tables.rows('x_ipse_idv_config').values().next().value.webhook_secret = `sealed:${Buffer.from('password').toString('base64')}`
    assert.equal(broken.event('succeeded').status, 401)
})

test('the body is signed as its UTF-8 bytes', () => {
    const at = world()
    assert.equal(at.post(JSON.stringify({ type: 'webhook.test', note: 'Åsa 😀' })).status, 200)
})

test('the published example of Standard Webhooks fits', () => {
    const at = world()
    const check = at.sn.script('new x_ipse_idv.IpseSignature()')
    const headers = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    assert.equal(check.check(headers, '{"test": 2432232314}', [secret], 1614265330, 300), 'ok')
    assert.equal(check.check(headers, '{"test": 2432232315}', [secret], 1614265330, 300), 'mismatch')
})

test('somebody else on the ticket: what was proven is not about them', () => {
    const at = world()
    at.begun()
    // Past the rules, as a script with setWorkflow(false) would.
    at.row('incident', at.incident).caller_id = OTHER
    at.event('succeeded')
    assert.match(at.field(), /^Failure/)
    assert.match(at.last().reasons, /person_changed/)
})
