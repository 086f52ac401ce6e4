// A ServiceNow instance in miniature: loads the update sets that are shipped and runs their scripts. It knows what the
// application uses, and throws on everything else, so that no script passes by calling what is not there.
//
// Two hosts run it: the tests of the application, in Node, and the sandbox, in its embedded engine. Whatever is not the
// language comes from the host: { updates, context, hmac, randomId, base64, text, unpack }.
import { flows } from './flow.mjs'
import { SCOPE } from './platform.mjs'
import { recordClasses } from './record.mjs'
import { globals, session, strict } from './session.mjs'
import { surfaces } from './surfaces.mjs'
import { field, Tables } from './tables.mjs'

// The Prototype names that every server script has.
const PRELUDE = `
var Class = { create: function () { return function () { if (this.initialize) { this.initialize.apply(this, arguments); } }; } };
Object.extendsObject = function (parent, more) { var made = Object.create(parent.prototype || parent); for (var key in more) { made[key] = more[key]; } return made; };
`

export function install(host, { hr = false, now }) {
    const list = host.updates(hr)
    const all = list.flatMap((one) => one.records)
    const of = (table) => all.filter((record) => record.table === table)
    const tables = new Tables(list, { hr })
    const granted = new Set(of('sys_scope_privilege').map((record) => `${field(record, 'target_name')}:${field(record, 'operation')}`))
    const properties = new Map(of('sys_properties').map((record) => [field(record, 'name'), field(record, 'value')]))
    properties.set('glide.servlet.uri', 'https://example.service-now.com/').set('glide.email.smtp.active', 'true')
    const self = {
        host, tables, properties, list, all, of, log: [], messages: [], events: [], mails: [], audited: [], pending: [], calls: [], clock: now, user: null,
        http: () => { throw new Error('no server was expected to be called') },
        stamp: (milliseconds = self.clock) => new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' '),
        pass(seconds) { self.clock += seconds * 1000 },
        // Our scope's reach: its own tables, and what the shipped privileges allow.
        privilege(table, operation) {
            if (!tables.isOurs(table) && !granted.has(`${table}:${operation}`)) throw new Error(`no cross-scope privilege to ${operation} ${table}`)
        },
        roles: () => self.user?.roles ?? [],
        userName: () => self.user?.name ?? 'system',
        // Access of the user, not of the application: ACLs for its own tables, roles of the service desk for tickets.
        may(operation, table) {
            if (!tables.isOurs(table)) return self.roles().includes('itil') && !(operation === 'write' && self.roles().includes('readonly'))
            const rules = of('sys_security_acl').filter((acl) => field(acl, 'name') === table && field(acl, 'operation') === operation)
            return rules.some((acl) => self.passes(acl))
        },
        passes(acl) {
            const needed = of('sys_security_acl_role').filter((link) => field(link, 'sys_security_acl') === field(acl, 'sys_id')).map((link) => link.fields.get('sys_user_role').attributes.name)
            return !field(acl, 'script').includes('answer = false') && needed.some((role) => self.roles().includes(role))
        },
    }
    const classes = recordClasses(self)
    self.loaded = classes.loaded
    self.GlideRecord = classes.GlideRecord
    const { context, evaluate } = host.context({ ...classes, ...globals(self, host), gs: strict('gs', session(self)) })
    evaluate(PRELUDE, 'prelude.js')
    context[SCOPE] = {}
    for (const include of of('sys_script_include')) {
        const name = field(include, 'name')
        evaluate(field(include, 'script'), `${name}.js`)
        context[SCOPE][name] = context[name]
    }
    const run = runner(context, evaluate)
    surfaces(self, context, run)
    self.flows = flows(self, host, run)
    return self
}

// Runs a script with some more names in sight, and takes them away again.
const runner = (context, evaluate) => (script, names, filename) => {
    const before = Object.fromEntries(Object.keys(names).map((name) => [name, context[name]]))
    Object.assign(context, names)
    try {
        return evaluate(script, filename)
    } finally {
        Object.assign(context, before)
    }
}
