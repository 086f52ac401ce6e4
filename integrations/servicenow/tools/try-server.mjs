// Walks the shipped scripts against a running Ipse server, in the tests' miniature of an instance: what a test's stand-in
// for the server cannot prove. Start `ipse sandbox`, then
//   node tools/try-server.mjs http://localhost:8300 <API key>
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import http from 'node:http'
import { AGENT, CALLER, world } from '../test/world.mjs'

const [base, key] = process.argv.slice(2)
if (!base || !key) {
    console.error('usage: node tools/try-server.mjs <base URL> <API key>')
    process.exit(2)
}
const step = (text) => console.log(`  ${text}`)

// The instance waits for an answer, as a real one does.
function send({ method, url, headers, body }) {
    const words = ['--silent', '--show-error', '--max-time', '20', '--request', method.toUpperCase(), '--write-out', '\n%{http_code}', url]
    for (const [name, value] of Object.entries(headers)) words.push('--header', `${name}: ${value}`)
    if (body !== '' || method === 'post') words.push('--data-binary', '@-')
    const done = spawnSync('curl', words, { input: body, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(done.stderr)
    const [, text, status] = /^([\s\S]*)\n(\d+)$/.exec(done.stdout)
    return { status: Number(status), body: text }
}

const at = world({ configured: false })
at.sn.clock = Date.now()
const waited = () => { at.sn.clock = Date.now() }
at.sn.http = send

// The webhook's address, served.
const receiver = http.createServer((request, response) => {
    let body = ''
    request.on('data', (part) => { body += part })
    request.on('end', () => {
        waited()
        const answer = at.sn.rest('POST', request.url, request.headers, body)
        at.sn.work()
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
    })
})
await new Promise((done) => receiver.listen(0, '127.0.0.1', done))
at.sn.properties.set('glide.servlet.uri', `http://127.0.0.1:${receiver.address().port}/`)

async function until(what, holds) {
    for (let turn = 0; turn < 150; turn += 1) {
        if (holds()) return
        await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error(`${what} did not come within 15 s`)
}

// Somebody the server does not know yet, at each run.
const fresh = CALLER.slice(0, 16) + Date.now().toString(16).padStart(16, '0')
at.person(fresh, { email: `a${Date.now()}@example.com` })
at.row('incident', at.incident).caller_id = fresh
at.sn.properties.set('x_ipse_idv.limits.person_per_day', '50')

try {
    const saved = at.admin('save', { sysparm_settings: JSON.stringify({ base_url: base, api_key: key, journey: 'help-desk', journey_levels: 'help-desk = 2, step-up = 1', step_up_journey: 'step-up' }) })
    assert.equal(saved.ok, true, saved.message)
    assert.match(at.admin('testOauth').message, /accepts the API Key/)
    step('the API key is accepted')

    assert.equal(at.admin('connectWebhook').ok, true, at.admin('connectWebhook').message)
    await until('the test event', () => at.admin('checklist').lines.find((line) => line.key === 'webhook').state === 'done')
    step('the webhook is registered, its secret kept, and a signed test event believed')

    const row = at.begun()
    assert.deepEqual([row.status, row.journey, row.problem ?? ''], ['link_sent', 'help-desk', ''], JSON.stringify(row))
    step(`a stranger's step-up was refused, and the full journey opened: ${row.session_id}`)

    assert.equal(at.ask('resend').ok, true)
    at.sn.work()
    assert.equal(at.last().problem, '')
    step('a new link was sent')

    assert.equal(at.ask('cancel').ok, true)
    at.sn.work()
    const after = send({ method: 'get', url: `${base}/v1/verifications/${row.session_id}`, headers: { Authorization: `Bearer ${key}` }, body: '' })
    assert.equal(JSON.parse(after.body).status, 'cancelled')
    step('cancelled here and there')

    at.begun({ sysparm_channel: 'qr' })
    const link = at.ask('link', {}, AGENT).link
    assert.match(link, new RegExp(`^${base}/v/`))
    step('a QR code has its link')
    at.ask('cancel')
    at.sn.work()

    // A journey like the other one, that sends no link to a contact of the last two weeks.
    const api = (method, at2, body) => JSON.parse(send({ method, url: `${base}${at2}`, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: body ? JSON.stringify(body) : '' }).body)
    const careful = `careful-${Date.now()}`
    api('post', '/v1/journeys', { key: careful, name: 'Careful', rules: { ...api('get', '/v1/journeys/help-desk').rules, min_contact_age_days: 14 } })
    at.admin('save', { sysparm_settings: JSON.stringify({ journey: careful, step_up_journey: '' }) })
    assert.equal(at.begun().status, 'link_sent', 'an address as old as the record')
    at.ask('cancel')
    at.sn.work()
    at.put('sys_audit', { tablename: 'sys_user', documentkey: fresh, fieldname: 'email', sys_created_on: at.sn.stamp() })
    const young = at.begun()
    assert.deepEqual([young.status, young.reasons], ['failure', 'contact_too_new'], JSON.stringify(young))
    step('an address that changed a moment ago gets no link')

    const client = api('get', '/v1/api-keys').data.find((one) => key.startsWith(one.prefix)).id
    at.admin('save', { sysparm_settings: JSON.stringify({ auth_server_url: base, token_path: '/oauth2/token', client_id: client, client_secret: key, scope: 'openid' }) })
    assert.match(at.admin('testOauth').message, /It works: a token until/)
    at.admin('save', { sysparm_settings: JSON.stringify({ client_secret: 'wrong' }) })
    assert.equal(at.admin('testOauth').ok, false)
    at.admin('save', { sysparm_settings: JSON.stringify({ client_secret: key }) })
    step('OAuth2: a token is bought and accepted; with a wrong secret there is none')

    for (const row2 of at.sn.tables.rows('sys_audit').values()) row2.sys_created_on = '2025-01-01 00:00:00'
    const lost = at.sn.http
    at.sn.http = (call) => { lost(call); throw new Error('the answer was lost') }
    at.begun({ sysparm_channel: 'sms' })
    at.sn.http = lost
    at.sn.clock = Date.now() + 200_000
    at.sn.job('Ipse: ask after open verifications')
    at.sn.work()
    waited()
    assert.match(at.last().session_id, /^ver_/, JSON.stringify(at.last()))
    step('after a lost answer the same verification is found again')
    assert.equal(at.sn.log.filter(([level]) => level === 'warn').length, 0, JSON.stringify(at.sn.log))
    console.log('the shipped scripts and the server understand each other')
} finally {
    receiver.close()
}
