// The subflow as it is shipped: which ways lead to "verified", and which do not. What its steps do is the platform's.
import assert from 'node:assert/strict'
import test from 'node:test'
import { gunzipSync } from 'node:zlib'
import { world } from './world.mjs'

const text = (record, name) => record.fields.get(name)?.value ?? ''
const packed = (record, name) => JSON.parse(gunzipSync(Buffer.from(text(record, name), 'base64')).toString())
const ELSE = '1f781bf3c32232002841b63b12d3aee6'

function subflow(at) {
    const flow = at.sn.of('sys_hub_flow').find((one) => text(one, 'name') === 'Require Identity Verification')
    const own = (table) => at.sn.of(table).filter((one) => text(one, 'flow') === text(flow, 'sys_id')).sort((a, b) => Number(text(a, 'order')) - Number(text(b, 'order')))
    return { flow, actions: own('sys_hub_action_instance_v2'), logic: own('sys_hub_flow_logic_instance_v2') }
}

test('the subflow is verified only where it waited to the end and then found that very row with success', () => {
    const { actions, logic } = subflow(world())
    const [asked, waited, found] = actions
    const inputs = (record) => Object.fromEntries(packed(record, 'values').map(({ name, value }) => [name, value]))
    const row = `{{${text(asked, 'ui_id')}.verification}}`
    assert.deepEqual([inputs(waited).table_name, inputs(waited).record, inputs(waited).timeout_flag], ['x_ipse_idv_verification', row, true])
    assert.equal(inputs(waited).conditions, 'statusINsuccess,failed,failure,overridden')
    assert.equal(inputs(found).conditions, `sys_id=${row}^status=success^test=false`)
    const [condition, yes, otherwise, no] = logic
    assert.equal(packed(condition, 'values').inputs[0].value, `{{${text(waited, 'ui_id')}.state}}=0^{{${text(found, 'ui_id')}.status}}=0`)
    assert.equal(text(otherwise, 'logic_definition'), ELSE)
    assert.deepEqual([text(yes, 'parent_ui_id'), text(no, 'parent_ui_id')], [text(condition, 'ui_id'), text(otherwise, 'ui_id')])
    const assigned = (record) => packed(record, 'values').outputsToAssign.map(({ name, value }) => [name, value])
    assert.deepEqual([assigned(yes), assigned(no)], [[['verified', 'true']], [['verified', 'false']]])
    assert.equal(logic.filter((one) => JSON.stringify(packed(one, 'values')).includes('"true"')).length, 1)
})

test('every end of a verification ends the wait, and no other state does', () => {
    const at = world()
    const status = at.sn.script('new x_ipse_idv.IpseStatus()')
    const ends = Object.keys(status.RANK).filter((name) => status.isFinal(name)).sort()
    const waited = packed(subflow(at).actions[1], 'values').find(({ name }) => name === 'conditions').value
    assert.deepEqual(waited.replace('statusIN', '').split(',').sort(), ends)
})

test('flows are shipped switched off', () => {
    for (const flow of world().sn.of('sys_hub_flow')) assert.deepEqual([text(flow, 'status'), text(flow, 'active')], ['draft', 'false'])
})
