// What happens by the clock: lost webhooks, abandoned requests, people asked again.
import assert from 'node:assert/strict'
import test from 'node:test'
import { CALLER, OTHER, world } from './world.mjs'

const RECONCILE = 'Ipse: ask after open verifications'
const RECURRING = 'Ipse: ask people again'

test('a lost webhook is made up for by the job', () => {
    const at = world()
    const row = at.begun()
    at.ipse.move(at.ipse.verifications.get(row.session_id), 'succeeded')
    at.sn.pass(121)
    at.sn.job(RECONCILE)
    at.sn.work()
    assert.match(at.field(), /^Success/)
})

test('and sooner by the open form, which does not ask all the time', () => {
    const at = world()
    const row = at.begun()
    at.ipse.move(at.ipse.verifications.get(row.session_id), 'succeeded')
    const polls = () => { at.ask('status'); at.sn.work(); return at.call(`/v1/verifications/${row.session_id}`).length }
    assert.equal(polls(), 0)
    at.sn.pass(31)
    assert.equal(polls(), 1)
    assert.match(at.field(), /^Success/)
    const other = world()
    const waiting = other.begun()
    other.sn.pass(31)
    for (let turn = 0; turn < 5; turn += 1) { other.ask('status'); other.sn.work(); other.sn.pass(2) }
    assert.equal(other.call(`/v1/verifications/${waiting.session_id}`).length, 1)
})

test('a success that the server no longer vouches for is none', () => {
    const at = world()
    const row = at.begun()
    at.ipse.move(at.ipse.verifications.get(row.session_id), 'succeeded')
    at.ipse.verifications.get(row.session_id).valid = false
    at.sn.pass(121)
    at.sn.job(RECONCILE)
    at.sn.work()
    assert.match(at.field(), /^Failure/)
    assert.equal(at.last().reasons, 'no_longer_valid')
})

test('an answer about another verification is not believed', () => {
    const at = world()
    const row = at.begun()
    at.ipse.verifications.get(row.session_id).id = 'ver_of_somebody_else'
    at.ipse.verifications.get(row.session_id).status = 'succeeded'
    at.ipse.verifications.get(row.session_id).valid = true
    at.sn.pass(121)
    at.sn.job(RECONCILE)
    at.sn.work()
    assert.match(at.field(), /^In Progress/)
})

test('nobody finished it: it ends an hour after its time; a review is waited for', () => {
    const at = world()
    at.begun()
    at.ipse.down = 'timeout'
    at.sn.pass(1_800 + 3_500)
    at.sn.job(RECONCILE)
    at.sn.work()
    assert.match(at.field(), /^In Progress/)
    at.sn.pass(200)
    at.sn.job(RECONCILE)
    assert.match(at.field(), /^Failure/)
    assert.equal(at.last().reasons, 'no_answer')
    const reviewed = world()
    reviewed.begun()
    reviewed.event('pending_review', { sequence: 4 })
    reviewed.sn.pass(86_400)
    reviewed.sn.job(RECONCILE)
    reviewed.sn.work()
    assert.match(reviewed.field(), /^Pending Review/)
})

test('a server that never answers ends it before the key of the request is forgotten there', () => {
    const at = world()
    at.ipse.down = 'timeout'
    at.begun()
    at.sn.pass(22 * 3_600)
    at.sn.job(RECONCILE)
    at.sn.work()
    assert.equal(at.last().status, 'requested')
    at.sn.pass(2 * 3_600)
    at.sn.job(RECONCILE)
    assert.equal(at.last().status, 'failure')
})

function privileged() {
    const at = world()
    const role = at.put('sys_user_role', { name: 'admin' })
    const grant = at.put('sys_user_has_role', { user: CALLER, role, sys_created_on: '2024-01-01 00:00:00' })
    at.put('sys_user_has_role', { user: CALLER, role, sys_created_on: '2024-01-02 00:00:00' })
    at.put('sys_user_has_role', { user: at.person('0'.repeat(32), { active: '0' }), role })
    const rule = { kind: 'recurring', applies_to: '', condition: '', blocks: '', role, every_days: 90, on_role_change: true, purpose: 'Keep your privileged access' }
    const run = () => { at.sn.job(RECURRING); at.sn.work(); return at.verifications().length }
    return { at, role, grant, rule, run }
}

test('privileged people are asked again when their verification is too old, once each', () => {
    const { at, rule, run } = privileged()
    assert.equal(run(), 0, 'no rule, nobody')
    at.rule(rule)
    assert.equal(run(), 1)
    assert.equal(run(), 1, 'one is running')
    const body = JSON.parse(at.call('/v1/verifications')[0].body)
    assert.deepEqual([body.record.table, body.record.id, body.subject.external_id], ['sys_user', CALLER, CALLER])
    assert.match(body.purpose, /^Keep your privileged access/)
    at.event('succeeded', { session: at.last().session_id })
    assert.equal(at.last().status, 'success')
    at.sn.pass(89 * 86_400)
    assert.equal(run(), 1)
    at.sn.pass(2 * 86_400)
    assert.equal(run(), 2)
})

test('a role given after the last verification asks at once', () => {
    const { at, rule, run, role } = privileged()
    at.rule(rule)
    run()
    at.event('succeeded', { session: at.last().session_id })
    at.sn.pass(86_400)
    at.put('sys_user_has_role', { user: OTHER, role, sys_created_on: at.sn.stamp() })
    assert.equal(run(), 2)
    assert.equal(at.last().subject, OTHER)
    for (const row of at.sn.tables.rows('sys_user_has_role').values()) if (row.user === CALLER) row.sys_created_on = at.sn.stamp()
    assert.equal(run(), 3)
})

test('after a failure nobody is asked again before the next day', () => {
    const { at, rule, run } = privileged()
    at.rule(rule)
    run()
    at.event('declined', { session: at.last().session_id })
    assert.equal(run(), 1)
    at.sn.pass(86_401)
    assert.equal(run(), 2)
})

test('a rule without a role or a number of days asks nobody', () => {
    const { at, rule, run } = privileged()
    at.rule({ ...rule, role: '' })
    at.rule({ ...rule, every_days: 0 })
    assert.equal(run(), 0)
    assert.equal(at.sn.log.filter(([, text]) => text.includes('asks nobody')).length, 2)
})
