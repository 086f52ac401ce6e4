import '@servicenow/sdk/global'
import { Role } from '@servicenow/sdk/core'

export const agent = Role({ name: 'x_ipse_idv.agent', description: 'May ask for identity verifications and see their results.' })
export const admin = Role({
    name: 'x_ipse_idv.admin',
    description: 'May configure Ipse, keep rules, and let a ticket pass with a reason.',
    containsRoles: [agent],
})
