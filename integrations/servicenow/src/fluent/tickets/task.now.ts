import '@servicenow/sdk/global'
import { UiAction } from '@servicenow/sdk/core'
import { agent, admin } from '../roles.now'

// Buttons for a verification that is there already: one for all kinds of tickets, shown on those that can have one.
UiAction({
    $id: Now.ID['ua_resend'],
    table: 'task',
    actionName: 'x_ipse_idv_resend',
    name: 'Send Verification Again',
    hint: 'Send a new link; the old one stops working',
    active: true,
    showInsert: false,
    showUpdate: true,
    condition: 'new x_ipse_idv.IpseTickets().canResend(current)',
    form: { showButton: true, showContextMenu: true },
    client: { isClient: true, isUi11Compatible: true, isUi16Compatible: true, onClick: 'ipseResend()' },
    script: Now.include('../../client/resend.classic.js'),
    workspace: { isConfigurableWorkspace: true, showFormButtonV2: true, showFormMenuButtonV2: true, clientScriptV2: Now.include('../../client/resend.workspace.js') },
    roles: [agent, admin],
    order: 101,
})

UiAction({
    $id: Now.ID['ua_cancel'],
    table: 'task',
    actionName: 'x_ipse_idv_cancel',
    name: 'Cancel Verification',
    hint: 'The link stops working',
    active: true,
    showInsert: false,
    showUpdate: true,
    condition: 'new x_ipse_idv.IpseTickets().canCancel(current)',
    form: { showButton: true, showContextMenu: true },
    client: { isClient: true, isUi11Compatible: true, isUi16Compatible: true, onClick: 'ipseCancel()' },
    script: Now.include('../../client/cancel.classic.js'),
    workspace: { isConfigurableWorkspace: true, showFormButtonV2: true, showFormMenuButtonV2: true, clientScriptV2: Now.include('../../client/cancel.workspace.js') },
    roles: [agent, admin],
    order: 102,
})

UiAction({
    $id: Now.ID['ua_override'],
    table: 'task',
    actionName: 'x_ipse_idv_override',
    name: 'Override Verification',
    hint: 'Let this ticket go on without verification, with a reason',
    active: true,
    showInsert: false,
    showUpdate: true,
    condition: 'new x_ipse_idv.IpseTickets().canOverride(current)',
    form: { showContextMenu: true, showLink: true },
    client: { isClient: true, isUi11Compatible: true, isUi16Compatible: true, onClick: 'ipseOverride()' },
    script: Now.include('../../client/override.classic.js'),
    workspace: { isConfigurableWorkspace: true, showFormMenuButtonV2: true, clientScriptV2: Now.include('../../client/override.workspace.js') },
    roles: [admin],
    order: 103,
})
