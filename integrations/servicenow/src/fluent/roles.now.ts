import '@servicenow/sdk/global'
import { Role } from '@servicenow/sdk/core'

export const agent = Role({ name: 'x_ipse_idv.agent', description: 'May ask for identity verifications and see their results.' })
export const admin = Role({
    name: 'x_ipse_idv.admin',
    description: 'May configure Ipse, keep rules, and let a ticket pass with a reason.',
    containsRoles: [agent],
})
export const webhook = Role({ name: 'x_ipse_idv.webhook', description: 'For the user that events come as, where the platform checks them before the app does.' })
