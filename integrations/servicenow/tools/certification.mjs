// The certification rules of ServiceNow's store that can be seen in an update set. Each answers what breaks it, as lines;
// a waiver names what may, and why.
import { field } from './payload.mjs'

const CRUD = ['read', 'write', 'create', 'delete']

/** What is excepted from a rule, with the reason that a reviewer of the store would be given. */
export const WAIVERS = {
    '1.3 Ipse webhook': 'Ipse cannot sign in to an instance; every request carries an HMAC-SHA256 signature over id, time and body, checked before anything is read. The README shows how to put the platform\'s own HMAC authentication in front.',
    '4.9 incident': 'The purpose of the application is a button, a field and a gate on this table; conditions keep them from people without the role, and rules are shipped switched off.',
    '4.9 sc_request': 'As for incident.',
    '4.9 sc_req_item': 'As for incident.',
    '4.9 sc_task': 'As for incident.',
    '4.9 change_request': 'As for incident.',
    '4.9 sn_hr_core_case': 'As for incident; in an update set of its own.',
    '4.9 task': 'Three buttons for a running verification, one for all kinds of tickets; their conditions name the tables.',
    '6.2 Ipse: ask after open verifications': 'Runs as the system: it touches the application\'s own rows and the field of their tickets, and no user exists on every instance.',
    '6.2 Ipse: ask people again': 'As for the other job.',
}

/** Each rule: number and title -> a function of the records that yields [what, why] for each breach. */
export const RULES = {
    '1.1 every table has ACLs with roles for all four operations': function* (at) {
        for (const table of at.of('sys_db_object').map((one) => field(one, 'name'))) {
            for (const operation of CRUD) {
                const acls = at.of('sys_security_acl').filter((acl) => field(acl, 'name') === table && field(acl, 'operation') === operation)
                if (!acls.some((acl) => at.rolesOf(acl).length > 0)) yield [table, `no ACL with a role for ${operation}`]
            }
        }
    },
    '1.2 what a browser may call has an execute ACL with roles': function* (at) {
        for (const include of at.of('sys_script_include').filter((one) => field(one, 'client_callable') === 'true')) {
            const acl = at.of('sys_security_acl').find((one) => field(one, 'name') === field(include, 'api_name') && field(one, 'operation') === 'execute')
            if (!acl || at.rolesOf(acl).length === 0) yield [field(include, 'name'), 'no execute ACL with a role']
            if (!field(include, 'script').includes('isPublic: function () {\n        return false;')) yield [field(include, 'name'), 'does not say that it is not public']
        }
    },
    '1.3 REST needs authentication': function* (at) {
        for (const one of at.of('sys_ws_operation')) if (field(one, 'requires_authentication') !== 'true') yield [field(at.of('sys_ws_definition')[0], 'name'), 'anonymous']
    },
    '1.4 scripts in our tables are for administrators': function* (at) {
        for (const one of at.of('sys_dictionary')) if (/script/.test(field(one, 'internal_type'))) yield [`${field(one, 'name')}.${field(one, 'element')}`, 'a script column']
    },
    '1.5 no update of the record in a rule before it is stored': function* (at) {
        for (const one of at.of('sys_script')) if (field(one, 'when') === 'before' && /current\.update\(/.test(field(one, 'script'))) yield [field(one, 'name'), 'current.update()']
    },
    '1.6 no ACLs on foreign tables': function* (at) {
        for (const one of at.of('sys_security_acl')) if (!field(one, 'name').startsWith('x_ipse_idv')) yield [field(one, 'name'), 'not ours']
    },
    '1.7 no secrets in the files': function* (at) {
        for (const one of at.of('sys_dictionary')) if (field(one, 'internal_type') === 'password2' && field(one, 'default_value') !== '') yield [field(one, 'element'), 'has a value']
        for (const one of at.of('sys_dictionary')) {
            const kept = (field(one, 'internal_type') === 'password2' || field(one, 'element') === 'link') && !field(one, 'attributes').includes('no_audit=true')
            if (kept) yield [`${field(one, 'name')}.${field(one, 'element')}`, 'kept in the history']
        }
        for (const one of at.of('sys_properties')) if (/password|secret|key/.test(field(one, 'name')) || field(one, 'type').startsWith('password')) yield [field(one, 'name'), 'a secret in a property']
        for (const [name, script] of at.scripts) if (/whsec_[A-Za-z0-9+/]{32}/.test(script) && !script.includes('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')) yield [name, 'a signing secret']
    },
    '2.1 buttons have a condition and roles': function* (at) {
        for (const one of at.of('sys_ui_action')) {
            const roles = at.of('sys_ui_action_role').filter((link) => field(link, 'sys_ui_action') === field(one, 'sys_id'))
            if (field(one, 'condition') === '' || roles.length === 0) yield [field(one, 'name'), 'no condition, or no role']
        }
    },
    '2.2 pages have a read ACL with roles': function* (at) {
        for (const page of at.of('sys_ui_page')) {
            const name = field(page, 'endpoint').replace(/\.do$/, '')
            const acl = at.of('sys_security_acl').find((one) => field(one, 'name') === name && field(one, 'operation') === 'read')
            if (!acl || at.rolesOf(acl).length === 0) yield [name, 'no read ACL with a role']
        }
    },
    '2.3 what a browser names is read with the user\'s rights': function* (at) {
        const ajax = at.scripts.get('IpseAjax')
        if (!ajax.includes('tickets.getForUser(') || !at.scripts.get('IpseTickets').includes('new GlideRecordSecure(')) yield ['IpseAjax', 'does not use GlideRecordSecure']
        if (/new GlideRecord\(this\.getParameter/.test(ajax)) yield ['IpseAjax', 'a table named by the browser']
    },
    '2.4 values in Jelly are escaped': function* (at) {
        for (const page of at.of('sys_ui_page')) {
            for (const [expression] of field(page, 'html').matchAll(/\$[[{][^\]}]*[\]}]/g)) if (!/^\$\{gs\.getMessage\('[^']*'\)\}$/.test(expression)) yield [field(page, 'endpoint'), expression]
            if (/innerHTML|document\.write|insertAdjacentHTML/.test(field(page, 'client_script'))) yield [field(page, 'endpoint'), 'writes HTML']
        }
    },
    '2.5 nothing from outside in an encoded query': function* (at) {
        for (const [name, script] of at.scripts) if (/addEncodedQuery/.test(script)) yield [name, 'addEncodedQuery']
    },
    '3.1 no getRowCount': function* (at) {
        for (const [name, script] of at.scripts) if (/getRowCount/.test(script)) yield [name, 'getRowCount']
    },
    '3.3 the server is called behind the user': function* (at) {
        const rule = at.of('sys_script').find((one) => field(one, 'script').includes('carryOut'))
        if (!field(rule, 'when').startsWith('async')) yield [field(rule, 'name'), 'calls the server while somebody waits']
        for (const name of ['IpseAjax', 'IpseForm', 'IpseTickets', 'IpseGate']) if (/IpseApi\(\)\.send|RESTMessageV2/.test(at.scripts.get(name))) yield [name, 'calls the server']
    },
    '4.2 the answer of get() is looked at': function* (at) {
        for (const [name, script] of at.scripts) if (!name.startsWith('atf') && /^\s*[a-z]+\.get\([^)]*\);/m.test(script)) yield [name, 'get() without a question']
    },
    '4.3 nothing is written to the console': function* (at) {
        for (const [name, script] of [...at.scripts, ...at.browser]) if (name !== 'x_ipse_idv.qrcode' && /console\.(log|warn|error)|jslog\(/.test(script)) yield [name, 'writes to the console']
    },
    '4.9 nothing on the platform\'s own tables': function* (at) {
        const tables = new Set([...at.of('sys_dictionary').map((one) => field(one, 'name')), ...at.of('sys_ui_action').map((one) => field(one, 'table')), ...at.of('sys_script').map((one) => field(one, 'collection'))])
        for (const table of tables) if (!table.startsWith('x_ipse_idv_')) yield [table, 'columns, buttons or rules']
    },
    '5.1 no modules for the old mobile interface': function* (at) {
        for (const one of at.of('sys_app_module')) if (/mobile/i.test(field(one, 'view_name') + field(one, 'link_type'))) yield [field(one, 'title'), 'mobile']
    },
    '5.5 modules have roles': function* (at) {
        for (const one of at.of('sys_app_module')) if (field(one, 'roles') === '') yield [field(one, 'title'), 'no role']
    },
    '6.2 jobs say who they run as': function* (at) {
        for (const one of at.of('sysauto_script')) if (field(one, 'run_as') === '') yield [field(one, 'name'), 'nobody']
    },
    '7 modules for privacy, support and accessibility': function* (at) {
        for (const title of ['Privacy Policy', 'Contact Support', 'Accessibility']) if (!at.of('sys_app_module').some((one) => field(one, 'title') === title)) yield [title, 'missing']
    },
    '7.4 links that leave say so': function* (at) {
        for (const one of at.of('sysevent_email_action')) for (const [link] of field(one, 'message_html').matchAll(/<a [^>]*>/g)) if (!link.includes('rel="noopener noreferrer nofollow"')) yield [field(one, 'name'), link]
    },
    '7.5 REST has an ACL of its own': function* (at) {
        for (const one of [...at.of('sys_ws_definition'), ...at.of('sys_ws_operation')]) if (field(one, 'enforce_acl').includes('cf9d01d3e73003009d6247e603f6a990')) yield [field(one, 'name'), 'the external default']
    },
}
