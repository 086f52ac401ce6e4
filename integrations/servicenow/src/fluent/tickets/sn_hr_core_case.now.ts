import '@servicenow/sdk/global'
import { BusinessRule, ClientScript, CrossScopePrivilege, ListColumn, ReferenceColumn, StringColumn, Table, UiAction } from '@servicenow/sdk/core'
import { agent, admin } from '../roles.now'

// The person on it: Opened For.
export const sn_hr_core_case = Table({
    augments: 'sn_hr_core_case',
    schema: {
        x_ipse_idv_idv_status: StringColumn({ label: 'IDV Status', maxLength: 80, readOnlyOption: 'display_read_only' }),
        x_ipse_idv_verification: ReferenceColumn({ label: 'Identity Verification', referenceTable: 'x_ipse_idv_verification', readOnlyOption: 'display_read_only' }),
        x_ipse_idv_required_by: ListColumn({ label: 'Verification required by', referenceTable: 'x_ipse_idv_rule', readOnlyOption: 'display_read_only' }),
    },
})

UiAction({
    $id: Now.ID['ua_request_sn_hr_core_case'],
    table: 'sn_hr_core_case',
    actionName: 'x_ipse_idv_request',
    name: 'Request Identity Verification',
    hint: 'Send the person on this record a link to prove who they are',
    active: true,
    showInsert: false,
    showUpdate: true,
    condition: 'new x_ipse_idv.IpseTickets().canRequest(current)',
    form: { showButton: true, showContextMenu: true, style: 'primary' },
    client: { isClient: true, isUi11Compatible: true, isUi16Compatible: true, onClick: 'ipseRequest()' },
    script: Now.include('../../client/request.classic.js'),
    workspace: { isConfigurableWorkspace: true, showFormButtonV2: true, showFormMenuButtonV2: true, clientScriptV2: Now.include('../../client/request.workspace.js') },
    roles: [agent, admin],
    order: 100,
})

BusinessRule({
    $id: Now.ID['br_gate_sn_hr_core_case'],
    name: 'Ipse: keep rules',
    description: 'IDV Status says what its verification says; what a rule blocks waits for the person.',
    table: 'sn_hr_core_case',
    when: 'before',
    action: ['insert', 'update'],
    order: 9000,
    script: Now.include('../../scripts/rule-gate.js'),
})

BusinessRule({
    $id: Now.ID['br_follow_sn_hr_core_case'],
    name: 'Ipse: follow changes',
    description: 'Ends a verification when somebody else stands on the record; asks by itself where a rule wants it.',
    table: 'sn_hr_core_case',
    when: 'after',
    action: ['insert', 'update'],
    order: 9000,
    script: Now.include('../../scripts/rule-follow.js'),
})

BusinessRule({
    $id: Now.ID['br_display_sn_hr_core_case'],
    name: 'Ipse: show on the form',
    description: 'Hands the form what its banner shows.',
    table: 'sn_hr_core_case',
    when: 'display',
    order: 9000,
    script: Now.include('../../scripts/rule-display.js'),
})

ClientScript({
    $id: Now.ID['cs_banner_sn_hr_core_case'],
    name: 'Ipse: banner',
    description: 'Shows how the verification stands, and keeps it current while the form is open.',
    table: 'sn_hr_core_case',
    type: 'onLoad',
    uiType: 'all',
    global: true,
    active: true,
    appliesExtended: true,
    isolateScript: true,
    script: Now.include('../../client/banner.js'),
})

// Privileges alone do not open HR tables: the first refused access leaves a Restricted Caller Access request there, which
// an HR administrator sets to Allowed.
CrossScopePrivilege({ $id: Now.ID['csp_sn_hr_core_case_read'], operation: 'read', status: 'allowed', targetName: 'sn_hr_core_case', targetScope: 'sn_hr_core', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_sn_hr_core_case_write'], operation: 'write', status: 'allowed', targetName: 'sn_hr_core_case', targetScope: 'sn_hr_core', targetType: 'sys_db_object' })
