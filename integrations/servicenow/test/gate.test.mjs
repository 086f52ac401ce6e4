// What holds a record back, what lets it go, and who may say so.
import assert from 'node:assert/strict'
import test from 'node:test'
import { ADMIN, AGENT, CALLER, CLERK, OTHER, world } from './world.mjs'

const RESOLVE = { state: 6 }

test('a rule holds the change back until the person is verified', () => {
    const at = world()
    at.rule({ message: 'Verify the caller first.' })
    assert.equal(at.change(RESOLVE), false)
    assert.deepEqual(at.sn.messages, ['Verify the caller first.'])
    assert.equal(at.change({ short_description: 'other changes are free' }), true)
    at.begun()
    assert.equal(at.change(RESOLVE), false, 'asking is not enough')
    at.event('succeeded')
    assert.equal(at.change(RESOLVE), true)
})

test('everything but a fresh success of the right strength keeps it shut', () => {
    const cases = {
        failed: (at) => at.event('failed'),
        expired: (at) => at.event('expired'),
        declined: (at) => at.event('declined'),
        'a review': (at) => at.event('pending_review'),
        'too old': (at) => { at.event('succeeded'); at.sn.pass(1_801) },
        'no longer valid': (at) => { at.event('succeeded', { valid_until: new Date(at.sn.clock + 60_000).toISOString() }); at.sn.pass(61) },
        'somebody else on the ticket': (at) => { at.event('succeeded'); assert.equal(at.change({ caller_id: OTHER }), true) },
        'too weak': (at) => at.event('succeeded', { assurance: { level: 1 } }),
        'of no known strength': (at) => at.event('succeeded', { assurance: { level: '2.5' } }),
        'a test': (at) => { at.event('succeeded'); at.last().test = '1' },
        'deleted': (at) => { at.event('succeeded'); at.sn.tables.rows('x_ipse_idv_verification').clear() },
        'no answer at all': () => {},
    }
    for (const [name, happens] of Object.entries(cases)) {
        const at = world()
        at.rule({})
        at.begun()
        happens(at)
        assert.equal(at.change(RESOLVE), false, name)
    }
})

test('a rule that cannot be checked keeps it shut', () => {
    for (const values of [{ max_age_minutes: 0 }, { max_age_minutes: '' }]) {
        const at = world()
        at.rule(values)
        at.begun()
        at.event('succeeded')
        assert.equal(at.change(RESOLVE), false)
    }
    const broken = world()
    broken.rule({})
    for (const row of broken.sn.tables.rows('x_ipse_idv_rule').values()) row.blocks = 'stateSOUNDSLIKE6'
    assert.equal(broken.change(RESOLVE), false)
    assert.match(broken.sn.messages[0], /could not be checked/)
})

test('shipped rules are switched off, and each names what is there', () => {
    const at = world({ hr: true })
    const rules = at.sn.of('x_ipse_idv_rule')
    assert.equal(rules.length, 9)
    const text = (rule, name) => rule.fields.get(name)?.value ?? ''
    for (const rule of rules) {
        assert.equal(text(rule, 'active'), 'false', text(rule, 'name'))
        if (text(rule, 'kind') === 'gate') assert.ok(text(rule, 'blocks') !== '' && Number(text(rule, 'max_age_minutes')) > 0 && Number(text(rule, 'assurance_level')) >= 2, text(rule, 'name'))
    }
})

test('an example cannot be switched on, a copy of it can', () => {
    const at = world()
    const shipped = at.sn.of('x_ipse_idv_rule')[0]
    const row = Object.fromEntries([...shipped.fields].filter(([name]) => at.sn.tables.typeOf('x_ipse_idv_rule', name)).map(([name, { value }]) => [name, value]))
    at.put('x_ipse_idv_rule', { ...row, active: '0' })
    const switched = (sysId) => at.sn.as(ADMIN, () => {
        const rule = new at.sn.GlideRecord('x_ipse_idv_rule')
        rule.get(sysId)
        rule.setValue('active', true)
        return rule.update() !== null
    })
    assert.equal(switched(row.sys_id), false)
    assert.match(at.sn.messages[0], /Make a copy/)
    const copy = at.put('x_ipse_idv_rule', { ...row, sys_id: 'c'.repeat(32), active: '0' })
    assert.equal(switched(copy), true)
})

test('moving the ticket elsewhere does not open the gate', () => {
    const at = world()
    at.rule({})
    assert.equal(at.change({ category: 'inquiry', ...RESOLVE }), false, 'both at once')
    assert.equal(at.change({ category: 'inquiry' }), true)
    assert.equal(at.change(RESOLVE), false, 'one after the other')
    assert.equal(at.change({ x_ipse_idv_required_by: '' }), true)
    assert.equal(at.change(RESOLVE), false, 'the mark cannot be taken off')
})

test('a record that fell under two rules stays under both, also under one that was off in between', () => {
    const at = world()
    const strong = at.rule({ name: 'strong', condition: 'category=payroll', assurance_level: 3 })
    const weak = at.rule({ name: 'weak', condition: 'category=password_reset', assurance_level: 1 })
    at.change({ short_description: 'x' })
    at.change({ category: 'payroll' })
    at.change({ category: 'inquiry' })
    assert.equal(at.row('incident', at.incident).x_ipse_idv_required_by, `${strong},${weak}`)
    at.begun()
    at.event('succeeded')
    assert.equal(at.change(RESOLVE), false, 'level 2 is enough for the weak one only')
    at.row('x_ipse_idv_rule', strong).active = '0'
    assert.equal(at.change({ short_description: 'y' }), true)
    at.row('x_ipse_idv_rule', strong).active = '1'
    assert.equal(at.change(RESOLVE), false)
    at.row('x_ipse_idv_rule', strong).active = '0'
    assert.equal(at.change(RESOLVE), true)
})

test('a ticket made in the blocked state is not stored', () => {
    const at = world()
    at.rule({})
    const ticket = new at.sn.GlideRecord('incident')
    ticket.initialize()
    for (const [key, value] of Object.entries({ caller_id: CALLER, category: 'password_reset', state: 6 })) ticket.setValue(key, value)
    assert.equal(ticket.insert(), null)
})

test("another record's verification counts only where the rule says so", () => {
    for (const [same, stored] of [[true, false], [false, true]]) {
        const at = world()
        at.rule({ same_record: same })
        at.begun()
        at.event('succeeded')
        const other = at.put('incident', { caller_id: CALLER, category: 'password_reset', state: '1' })
        assert.equal(at.change(RESOLVE, { sysId: other }), stored)
    }
})

test('a contractor: the item and the task wait for the same verification', () => {
    const at = world()
    const request = at.put('sc_request', { requested_for: CALLER, number: 'REQ1' })
    const item = at.put('sc_req_item', { request, requested_for: CALLER, number: 'RITM1', state: '1' })
    const task = at.put('sc_task', { request_item: item, state: '1' })
    at.rule({ applies_to: 'sc_req_item', condition: '', blocks: 'stateIN2,3^EQ', same_record: false })
    at.rule({ applies_to: 'sc_task', condition: '', blocks: 'stateIN2,3^EQ', same_record: false })
    const go = (table, sysId) => at.change({ state: 2 }, { table, sysId })
    assert.deepEqual([go('sc_req_item', item), go('sc_task', task)], [false, false])
    at.ask('request', { sysparm_table: 'sc_req_item', sysparm_id: item })
    at.sn.work()
    at.event('succeeded')
    assert.deepEqual([go('sc_req_item', item), go('sc_task', task)], [true, true])
})

test('HR cases and changes are held back alike', () => {
    const at = world({ hr: true })
    for (const [table, person, blocks] of [['sn_hr_core_case', 'opened_for', 'state=3'], ['change_request', 'requested_by', 'state=-1'], ['sc_request', 'requested_for', 'state=3']]) {
        const sysId = at.put(table, { [person]: CALLER, state: '1' })
        at.rule({ applies_to: table, condition: '', blocks })
        assert.equal(at.change({ state: blocks.split('=')[1] }, { table, sysId }), false, table)
    }
})

test('a rule may ask by itself: once, as soon as it applies, and for whoever is on the ticket', () => {
    const at = world()
    at.rule({ auto_request: true, purpose: 'Reset your password', channel: 'sms' })
    const ticket = new at.sn.GlideRecord('incident')
    ticket.initialize()
    for (const [key, value] of Object.entries({ number: 'INC7', caller_id: CALLER, category: 'password_reset', state: 1 })) ticket.setValue(key, value)
    const id = at.sn.as({ id: CALLER, name: 'caller', roles: [] }, () => ticket.insert())
    at.sn.work()
    assert.equal(at.verifications().length, 1)
    const body = JSON.parse(at.call('/v1/verifications')[0].body)
    assert.deepEqual([body.purpose, body.delivery, body.requester], ['Reset your password (INC7)', 'sms', { name: 'Service desk' }])
    at.change({ short_description: 'more' }, { sysId: id })
    assert.equal(at.verifications().length, 1, 'once')
    at.change({ caller_id: OTHER }, { sysId: id })
    at.sn.work()
    assert.deepEqual(at.verifications().map((row) => [row.subject, row.status]), [[CALLER, 'failure'], [OTHER, 'link_sent']])
    assert.equal(at.verifications()[0].reasons, 'person_changed')
})

test('IDV Status is what the app wrote, whoever writes it', () => {
    const at = world()
    const forged = { x_ipse_idv_idv_status: 'Success - 2026-11-21 03:00:00' }
    at.change(forged, { user: ADMIN })
    assert.equal(at.field(), '')
    at.begun()
    at.change(forged)
    assert.match(at.field(), /^In Progress/)
    const second = at.put('incident', { caller_id: CALLER, category: 'x' })
    at.event('succeeded')
    at.change({ x_ipse_idv_verification: at.last().sys_id, x_ipse_idv_idv_status: at.field() }, { sysId: second })
    assert.equal(at.row('incident', second).x_ipse_idv_idv_status, '', "another ticket's verification")
    const copy = at.sn.loaded('incident', { ...at.row('incident', at.incident) })
    copy.row.sys_id = undefined
    copy.stored = null
    copy.insert()
    assert.equal(copy.getValue('x_ipse_idv_idv_status'), null, 'a copied ticket')
})

test("isVerified: for customers' own scripts, and false for all nonsense", () => {
    const at = world()
    const verified = (...words) => at.sn.script(`new x_ipse_idv.IpseGate().isVerified(${words.map((word) => JSON.stringify(word)).join(', ')})`)
    assert.equal(verified(CALLER, 0, 60), false)
    at.begun()
    at.event('succeeded')
    assert.equal(verified(CALLER, 2, 60), true)
    for (const words of [[CALLER, 3, 60], [OTHER, 0, 60], ['', 0, 60], [CALLER, 'high', 60], [CALLER, -1, 60], [CALLER, 2, 0], [CALLER, 2, 'soon'], [CALLER, 2, -5], [null, 2, 60], [CALLER]]) assert.equal(verified(...words), false, JSON.stringify(words))
    at.sn.pass(601)
    assert.equal(verified(CALLER, 2, 10), false)
    assert.equal(at.sn.script(`new x_ipse_idv.IpseGate().isVerified({ toString: function () { throw new Error('x'); } }, 0, 60)`), false)
})

test('an override needs an administrator, a reason, and is somebody else\'s', () => {
    const at = world()
    at.rule({})
    assert.equal(at.change(RESOLVE), false)
    at.change({ short_description: 'x' })
    const override = (reason, user = ADMIN) => at.ask('override', { sysparm_reason: reason }, user)
    assert.equal(override('Their manager stood beside me and confirmed it', AGENT).ok, false, 'an agent')
    assert.equal(override('ok').ok, false, 'no reason')
    assert.equal(override('   \n   \t        ').ok, false, 'white space')
    assert.equal(at.change(RESOLVE), false)
    const own = at.put('incident', { caller_id: ADMIN.id, category: 'password_reset', state: '1' })
    assert.equal(at.ask('override', { sysparm_id: own, sysparm_reason: 'I know that I am myself' }, ADMIN).ok, false, 'their own')
    assert.equal(override('Their manager stood beside me and confirmed it').ok, true)
    assert.equal(at.change(RESOLVE), true)
    const row = at.last()
    assert.deepEqual([row.status, row.requested_by, row.override_reason], ['overridden', ADMIN.id, 'Their manager stood beside me and confirmed it'])
    assert.ok(at.sn.audited.some((entry) => entry.table === 'x_ipse_idv_verification' && entry.changed.includes('override_reason')))
    assert.match(at.row('incident', at.incident).work_notes, /OVERRIDDEN by admin: Their manager/)
    at.sn.work()
    assert.equal(at.sn.mails[0].name, 'Ipse: a verification was overridden')
    assert.equal(at.sn.calls.length, 0)
    assert.equal(at.sn.script(`new x_ipse_idv.IpseGate().isVerified('${CALLER}', 0, 60)`), false, 'an override is no verification')
})

test('an override is for that record and that time only', () => {
    const at = world()
    at.rule({ same_record: false })
    at.change({ short_description: 'x' })
    at.ask('override', { sysparm_reason: 'Their manager stood beside me' }, ADMIN)
    const other = at.put('incident', { caller_id: CALLER, category: 'password_reset', state: '1' })
    assert.equal(at.change(RESOLVE, { sysId: other }), false)
    at.sn.pass(1_801)
    assert.equal(at.change(RESOLVE), false)
    at.begun()
    assert.equal(at.ask('override', { sysparm_reason: 'Their manager stood beside me' }, ADMIN).ok, false, 'not while one runs')
})

test('the form shows what is needed, to those who may know', () => {
    const at = world()
    at.rule({})
    at.change({ short_description: 'x' })
    const pad = (user) => JSON.parse(at.sn.display(user, at.sn.loaded('incident', at.row('incident', at.incident))).x_ipse_idv)
    assert.deepEqual(pad(CLERK), { shown: null, rule: '' })
    assert.deepEqual(pad(AGENT), { shown: null, rule: 'Password reset' })
    at.begun()
    at.event('succeeded')
    assert.equal(pad(AGENT).rule, '')
    assert.match(pad(AGENT).shown.text, /^Success/)
    assert.ok(!JSON.stringify(pad(AGENT)).includes('http'))
})

test('no text reaches a form as HTML', () => {
    const at = world()
    at.rule({ name: '<img src=x onerror=alert(1)>', message: '<b>no</b>' })
    at.change(RESOLVE)
    at.change({ short_description: 'x' })
    at.sn.http = () => ({ status: 400, body: { code: '<script>' } })
    at.begun()
    const pad = at.sn.display(AGENT, at.sn.loaded('incident', at.row('incident', at.incident))).x_ipse_idv
    assert.doesNotMatch(pad + at.sn.messages.join() + JSON.stringify(at.ask('status')), /[<>]/)
    assert.match(at.last().problem, /http_400/)
})

test("a flow's action gives a request, the running one, or nothing", () => {
    const at = world()
    const script = at.sn.all.find((record) => record.table === 'sys_variable_value' && record.fields.get('value').value.includes('(function execute(inputs, outputs)')).fields.get('value').value
    const act = (inputs) => at.sn.script(`(function () { var inputs = ${JSON.stringify(inputs)}; var outputs = {}; ${script} return JSON.stringify(outputs); })()`)
    const first = JSON.parse(act({ table_name: 'incident', record_id: at.incident }))
    assert.equal(first.verification, at.last().sys_id)
    assert.equal(JSON.parse(act({ table_name: 'incident', record_id: at.incident })).verification, first.verification)
    for (const inputs of [{ table_name: 'incident', record_id: 'x' }, { table_name: 'sys_user', record_id: CALLER }, {}]) {
        const answer = JSON.parse(act(inputs))
        assert.equal(answer.verification, '')
        assert.notEqual(answer.error, '')
    }
})
