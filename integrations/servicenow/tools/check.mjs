// Checks the update sets as a careful administrator would, and as the store does. Nothing here needs an instance.
//   node tools/check.mjs [folder with update sets]
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse as parseScript } from 'acorn'
import { RULES, WAIVERS } from './certification.mjs'
import { field, parse, updates } from './payload.mjs'
import { CLASSES } from './update-set.mjs'
import { PLATFORM } from './platform-ids.mjs'
import { browserScripts, serverScripts } from './scripts.mjs'

// The columns of a genuine export, in its order.
const SET = ['application', 'application_name', 'application_scope', 'application_version', 'collisions', 'commit_date', 'deleted', 'description', 'inserted', 'name', 'origin_sys_id', 'parent', 'release_date', 'remote_base_update_set', 'remote_parent_id', 'remote_sys_id', 'state', 'summary', 'sys_class_name', 'sys_created_by', 'sys_created_on', 'sys_id', 'sys_mod_count', 'sys_updated_by', 'sys_updated_on', 'update_set', 'update_source', 'updated']
const UPDATE = ['action', 'application', 'category', 'comments', 'name', 'payload', 'payload_hash', 'remote_update_set', 'replace_on_upgrade', 'sys_created_by', 'sys_created_on', 'sys_id', 'sys_mod_count', 'sys_recorded_at', 'sys_updated_by', 'sys_updated_on', 'table', 'target_name', 'type', 'update_domain', 'update_guid', 'update_guid_history', 'update_set', 'view']
const ID = /^[0-9a-f]{32}$/
const HR = 'sn_hr_core_case'
// Library code in the browser, and where the scripts of a record are written for Node's sake in another way.
const NOT_OURS = new Set(['x_ipse_idv.qrcode'])

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = path.resolve(root, process.argv[2] ?? 'update-sets')
const wrong = []
const check = (holds, text) => holds || wrong.push(text)
const read = (name) => {
    try {
        return updates(fs.readFileSync(path.join(folder, name), 'utf8'))
    } catch (error) {
        throw new Error(`${name}: ${error.message}`)
    }
}

function envelope(name, { set, list, order }) {
    check([...set.keys()].join() === SET.join(), `${name}: the set's columns are not those of a genuine export`)
    check(order[0] === 'sys_remote_update_set' && order.slice(1).every((one) => one === 'sys_update_xml'), `${name}: other elements than updates`)
    check(set.get('state') === 'loaded', `${name}: its state is not loaded`)
    let recorded = ''
    for (const { update, records } of list) {
        const at = `${name}: ${update.get('name')}`
        check([...update.keys()].join() === UPDATE.join(), `${at}: its columns are not those of a genuine export`)
        check(/^[0-9a-f]{18}$/.test(update.get('sys_recorded_at')) && update.get('sys_recorded_at') > recorded, `${at}: not recorded after the one before`)
        recorded = update.get('sys_recorded_at')
        check(update.get('remote_update_set') === set.get('sys_id'), `${at}: belongs to another set`)
        check(/^-?\d{1,10}$/.test(update.get('payload_hash')) && update.get('update_guid_history') === `${update.get('update_guid')}:${update.get('payload_hash')}`, `${at}: hash and history differ`)
        check(update.get('type') === CLASSES[records[0]?.table], `${at}: its type is ${update.get('type')}`)
        payload(at, update, records)
    }
    check(new Set(list.map(({ update }) => update.get('name'))).size === list.length, `${name}: a name twice`)
}

function payload(at, update, records) {
    const tree = parse(update.get('payload'))
    const record = records[0]
    check(tree.name === 'record_update' && record, `${at}: no record_update`)
    if (!record) return
    const own = field(record, 'sys_update_name') || `${record.table}_${field(record, 'sys_id')}`
    check(own === update.get('name'), `${at}: the record calls itself ${own}`)
    check(record.action === 'INSERT_OR_UPDATE', `${at}: ${record.action}`)
    const wrapped = ['sys_dictionary', 'sys_documentation', 'sys_choice_set', 'sys_hub_flow', 'sys_hub_action_type_definition'].includes(record.table)
    check(wrapped ? !('table' in tree.attributes) : tree.attributes.table === record.table, `${at}: record_update names the wrong table`)
    check(!/<!\[CDATA\[[\s\S]*<!\[CDATA\[/.test(update.get('payload').replace(/\]\]>[\s\S]*?<!\[CDATA\[/g, '')), `${at}: CDATA within CDATA`)
}

function ids(sets) {
    const seen = new Map()
    for (const [name, { list }] of sets) {
        for (const { update, records } of list) {
            for (const [kind, id] of [['update', update.get('sys_id')], ...records.map((record) => ['record', field(record, 'sys_id')])]) {
                check(ID.test(id), `${name}: ${update.get('name')}: ${id} is no id`)
                check(!seen.has(`${kind}:${id}`), `${name}: ${update.get('name')} has the ${kind} id of ${seen.get(`${kind}:${id}`)}`)
                seen.set(`${kind}:${id}`, update.get('name'))
            }
        }
    }
    // Stable: what the sources name has the id that is checked in.
    const keys = fs.readFileSync(path.join(root, 'src/fluent/generated/keys.ts'), 'utf8')
    for (const [whole, table, id, name] of keys.matchAll(/table: '(\w+)'\s+id: '([0-9a-f]{32})'(?:\s+key: \{\s+name: '(\w+)'(?:\s+element: 'NULL')?)?/g)) {
        const platformTable = name && !name.startsWith('x_ipse_idv_') && (table === 'sys_db_object' || whole.endsWith("'NULL'"))
        check(seen.has(`record:${id}`) || NO_UPDATES.has(table) || platformTable, `${table} ${id} stands in keys.ts and in no update set`)
    }
}
// Files of JavaScript modules, of which there are none, and the store's licensing, which is not ours.
const NO_UPDATES = new Set(['sys_module', 'ua_table_licensing_config'])

function references(all, of) {
    const known = new Set(all.map((record) => field(record, 'sys_id')))
    const app = field(of('sys_app')[0], 'sys_id')
    for (const record of all) {
        for (const [name, { value, attributes }] of record.fields) {
            if (record.table === 'sys_documentation' && name === 'sys_package') continue
            for (const id of record.table === 'sys_ui_script' ? [] : value.match(/\b[0-9a-f]{32}\b/g) ?? []) {
                check(known.has(id) || PLATFORM[id], `${record.table} ${field(record, 'sys_name') || field(record, 'name')}: ${name} points to ${id}, which is nowhere`)
            }
            if (name === 'sys_user_role') check(of('sys_user_role').some((role) => field(role, 'name') === attributes.name && field(role, 'sys_id') === value), `a role link to ${attributes.name}, which is not here`)
            if (name === 'sys_scope') check(value === app, `${record.table}: of another scope`)
        }
    }
    const columns = new Set(of('sys_dictionary').map((one) => `${field(one, 'name')}.${field(one, 'element')}`))
    for (const label of of('sys_documentation').filter((one) => field(one, 'element') !== '' && !field(one, 'name').startsWith('var__m_'))) check(columns.has(`${field(label, 'name')}.${field(label, 'element')}`), `a label for ${field(label, 'name')}.${field(label, 'element')}, which is no column`)
    const includes = new Map(of('sys_script_include').map((one) => [field(one, 'name'), field(one, 'script')]))
    const events = new Set(of('sysevent_register').map((one) => field(one, 'event_name')))
    for (const [name, script] of [...serverScripts(of), ...browserScripts(of)]) {
        for (const [, include] of script.matchAll(/\b(?:x_ipse_idv\.|new )(Ipse[A-Z]\w*)/g)) check(includes.has(include), `${name}: there is no ${include}`)
        for (const [, event] of script.matchAll(/eventQueue\('([^']+)'/g)) check(events.has(event), `${name}: the event ${event} is not registered`)
        const ajax = /new GlideAjax\('x_ipse_idv\.(\w+)'\)/.exec(script)?.[1]
        for (const [, method] of ajax ? script.matchAll(/(?:'sysparm_name', |ask\()'(\w+)'/g) : []) check(includes.get(ajax)?.includes(`    ${method}: function`), `${name}: ${ajax} has no ${method}`)
    }
    for (const rule of of('x_ipse_idv_rule')) check(field(rule, 'example') === field(rule, 'sys_id') && field(rule, 'active') === 'false', `the rule ${field(rule, 'name')} is no example that is switched off`)
    for (const mail of of('sysevent_email_action')) check(events.has(field(mail, 'event_name')), `${field(mail, 'name')}: its event is not registered`)
}

function es5(scripts) {
    for (const [name, script] of scripts) {
        try {
            parseScript(script, { ecmaVersion: 5 })
        } catch (error) {
            wrong.push(`${name}: not ES5: ${error.message}`)
        }
        check(NOT_OURS.has(name) || !/\b(console|require|module|process|Buffer|fetch|eval)\b\s*[.(]/.test(script), `${name}: uses what the platform does not have`)
    }
}

function certification(of, scripts, browser) {
    const roleLinks = of('sys_security_acl_role')
    const at = { of, scripts, browser, rolesOf: (acl) => roleLinks.filter((link) => field(link, 'sys_security_acl') === field(acl, 'sys_id')) }
    const used = new Set()
    for (const [title, rule] of Object.entries(RULES)) {
        for (const [what, why] of rule(at)) {
            const waiver = `${title.split(' ')[0]} ${what}`
            used.add(waiver)
            check(WAIVERS[waiver], `certification ${title}: ${what}: ${why}`)
        }
    }
    for (const waiver of Object.keys(WAIVERS)) check(used.has(waiver), `the waiver ${waiver} waives nothing`)
}

function separate(main, hr) {
    const names = (list) => list.flatMap(({ records }) => records).filter((record) => ['name', 'table', 'collection', 'target_name', 'applies_to'].some((name) => field(record, name) === HR))
    check(names(main).length === 0, 'the main set has records of HR, which many instances do not have')
    check(hr.length > 0 && names(hr).length > 0, 'the HR set is empty')
    check(main.some(({ records }) => records[0].table === 'sys_app'), 'the main set lacks the application, so no preview would succeed')
}

const sets = ['ipse_idv_update_set.xml', 'ipse_idv_hr_update_set.xml'].map((name) => [name, read(name)])
const all = sets.flatMap(([, { list }]) => list.flatMap(({ records }) => records))
const of = (table) => all.filter((record) => record.table === table)
for (const [name, set] of sets) envelope(name, set)
ids(sets)
references(all, of)
const [scripts, browser] = [serverScripts(of), browserScripts(of)]
es5(new Map([...scripts, ...browser]))
certification(of, scripts, browser)
separate(sets[0][1].list, sets[1][1].list)
if (wrong.length > 0) {
    console.error(`check: ${wrong.length} things are wrong\n  ${wrong.join('\n  ')}`)
    process.exit(1)
}
console.log(`check: ${all.length} records in ${sets.length} sets, ${scripts.size + browser.size} scripts, ${Object.keys(RULES).length} rules of the store, ${Object.keys(WAIVERS).length} waivers`)
