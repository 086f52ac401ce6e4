import '@servicenow/sdk/global'
import { Property } from '@servicenow/sdk/core'
import { admin } from './roles.now'

Property({ $id: Now.ID['prop_tolerance'], name: 'x_ipse_idv.webhook.tolerance_seconds', type: 'integer', value: 300, description: 'How many seconds the time of an event may be away, from 30 to 900.', roles: { read: [admin], write: [admin] } })
Property({ $id: Now.ID['prop_qr'], name: 'x_ipse_idv.channel.qr', type: 'boolean', value: true, description: 'Whether agents may show a QR code on their screen.', roles: { read: [admin], write: [admin] } })
Property({ $id: Now.ID['prop_person'], name: 'x_ipse_idv.limits.person_per_day', type: 'integer', value: 5, description: 'How often a day one person may be asked.', roles: { read: [admin], write: [admin] } })
Property({ $id: Now.ID['prop_agent'], name: 'x_ipse_idv.limits.agent_per_hour', type: 'integer', value: 30, description: 'How often an hour one agent may ask.', roles: { read: [admin], write: [admin] } })
Property({ $id: Now.ID['prop_valid'], name: 'x_ipse_idv.limits.valid_minutes', type: 'integer', value: 30, description: 'How many minutes a success is good for where the event does not say.', roles: { read: [admin], write: [admin] } })
Property({ $id: Now.ID['prop_age'], name: 'x_ipse_idv.contacts.min_age_days', type: 'integer', value: 14, description: 'How many days old an address or number has to be where ServiceNow sends the links. Where Ipse sends them, the journey says.', roles: { read: [admin], write: [admin] } })
Property({ $id: Now.ID['prop_country'], name: 'x_ipse_idv.contacts.country_code', type: 'string', value: '', description: 'Put before numbers without a country, such as +49. Empty: such numbers are not used.', roles: { read: [admin], write: [admin] } })
