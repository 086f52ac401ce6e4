import '@servicenow/sdk/global'
import { BusinessRule, ClientScript, CrossScopePrivilege, ListColumn, ReferenceColumn, StringColumn, Table, UiAction } from '@servicenow/sdk/core'
import { agent, admin } from '../roles.now'

// The person on it: Caller.
export const incident = Table({
    augments: 'incident',
    schema: {
        x_ipse_idv_idv_status: StringColumn({ label: 'IDV Status', maxLength: 80, readOnlyOption: 'display_read_only' }),
        x_ipse_idv_verification: ReferenceColumn({ label: 'Identity Verification', referenceTable: 'x_ipse_idv_verification', readOnlyOption: 'display_read_only' }),
        x_ipse_idv_required_by: ListColumn({ label: 'Verification required by', referenceTable: 'x_ipse_idv_rule', readOnlyOption: 'display_read_only' }),
    },
})

UiAction({
    $id: Now.ID['ua_request_incident'],
    table: 'incident',
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
    $id: Now.ID['br_gate_incident'],
    name: 'Ipse: keep rules',
    description: 'IDV Status says what its verification says; what a rule blocks waits for the person.',
    table: 'incident',
    when: 'before',
    action: ['insert', 'update'],
    order: 9000,
    script: Now.include('../../scripts/rule-gate.js'),
})

BusinessRule({
    $id: Now.ID['br_follow_incident'],
    name: 'Ipse: follow changes',
    description: 'Ends a verification when somebody else stands on the record; asks by itself where a rule wants it.',
    table: 'incident',
    when: 'after',
    action: ['insert', 'update'],
    order: 9000,
    script: Now.include('../../scripts/rule-follow.js'),
})

BusinessRule({
    $id: Now.ID['br_display_incident'],
    name: 'Ipse: show on the form',
    description: 'Hands the form what its banner shows.',
    table: 'incident',
    when: 'display',
    order: 9000,
    script: Now.include('../../scripts/rule-display.js'),
})

ClientScript({
    $id: Now.ID['cs_banner_incident'],
    name: 'Ipse: banner',
    description: 'Shows how the verification stands, and keeps it current while the form is open.',
    table: 'incident',
    type: 'onLoad',
    uiType: 'all',
    global: true,
    active: true,
    appliesExtended: true,
    isolateScript: true,
    script: Now.include('../../client/banner.js'),
})

CrossScopePrivilege({ $id: Now.ID['csp_incident_read'], operation: 'read', status: 'allowed', targetName: 'incident', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_incident_write'], operation: 'write', status: 'allowed', targetName: 'incident', targetScope: 'global', targetType: 'sys_db_object' })
// The test ticket of Getting Started is an incident, so that the whole way is tried.
CrossScopePrivilege({ $id: Now.ID['csp_incident_create'], operation: 'create', status: 'allowed', targetName: 'incident', targetScope: 'global', targetType: 'sys_db_object' })
