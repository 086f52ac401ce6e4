import '@servicenow/sdk/global'
import { BusinessRule } from '@servicenow/sdk/core'

BusinessRule({
    $id: Now.ID['br_example'],
    name: 'Ipse: examples stay off',
    description: 'An update of the application would switch a shipped rule off again, and open a gate unseen.',
    table: 'x_ipse_idv_rule',
    when: 'before',
    action: ['insert', 'update'],
    order: 100,
    filterCondition: 'active=true^EQ',
    script: Now.include('../scripts/rule-example.js'),
})

BusinessRule({
    $id: Now.ID['br_complete'],
    name: 'Ipse: complete a request',
    description: 'Whoever makes a row, it begins as a request for the person on the record, and as nothing more.',
    table: 'x_ipse_idv_verification',
    when: 'before',
    action: ['insert'],
    order: 100,
    script: Now.include('../scripts/rule-complete.js'),
})

BusinessRule({
    $id: Now.ID['br_point'],
    name: 'Ipse: show the request on its record',
    table: 'x_ipse_idv_verification',
    when: 'after',
    action: ['insert'],
    order: 100,
    script: Now.include('../scripts/rule-point.js'),
})

BusinessRule({
    $id: Now.ID['br_carry_out'],
    name: 'Ipse: call the server',
    description: 'Behind the agent: a slow server keeps nobody waiting.',
    table: 'x_ipse_idv_verification',
    when: 'async',
    action: ['insert', 'update'],
    order: 100,
    filterCondition: 'commandISNOTEMPTY^EQ',
    script: Now.include('../scripts/rule-carry-out.js'),
})
