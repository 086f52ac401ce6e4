// What the SDK built (dist/app) -> two update sets that an administrator can upload: the application, and what it adds to
// HR cases. The same sources give the same bytes: ids and times come from the records, not from a clock or dice.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { field, records } from './payload.mjs'

// The platform's own names for classes, in the order of installation.
export const CLASSES = {
    sys_app: 'Custom Application', sys_db_object: 'Table', sys_dictionary: 'Dictionary', sys_documentation: 'Field Label', sys_choice_set: 'Choice list',
    sys_number: 'Number', sys_user_role: 'Role', sys_user_role_contains: 'Contained Role', sys_security_acl: 'Access Control', sys_security_acl_role: 'Access Roles',
    sys_scope_privilege: 'Cross scope privilege', sys_properties: 'System Property',
    sys_script_include: 'Script Include', sys_script: 'Business Rule', sys_script_client: 'Client Script', sys_ui_script: 'UI Script', sys_ui_action: 'UI Action',
    sys_ui_action_role: 'UI Action Role', sys_ui_page: 'UI Page', sys_app_application: 'Application Menu', sys_app_module: 'Module', sysevent_register: 'Event Registration',
    sys_script_email: 'Email Script', sysevent_email_action: 'Notification', sys_ws_definition: 'Scripted REST API', sys_ws_operation: 'Scripted REST Resource',
    sys_ws_header: 'Scripted REST Header', sys_ws_header_map: 'Scripted REST Header Association', sys_hub_action_type_definition: 'Action Type', sys_hub_flow: 'Flow',
    sysauto_script: 'Scheduled Script Execution', x_ipse_idv_rule: 'Verification Rule', sys_atf_test: 'Test', sys_atf_step: 'Test Step',
}
const ORDER = Object.keys(CLASSES)
// Files of JavaScript modules, which this application has none of.
const LEFT_OUT = new Set(['sys_module'])
// Fields in which a record says what it belongs to.
const BELONGS = ['name', 'table', 'collection', 'target_name', 'target', 'applies_to']
const HR = 'sn_hr_core_case'

const escape = (text) => String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
const quote = (text) => escape(text).replace(/"/g, '&quot;')

/** Everything built, as { table, name, xml, records } with labels added, in the order of installation. */
export function built(root, config) {
    const labels = labelIds(root)
    const found = []
    for (const folder of ['scope', 'update', 'author_elective_update']) {
        const at = path.join(root, 'dist/app', folder)
        for (const file of fs.existsSync(at) ? fs.readdirSync(at).sort() : []) {
            const xml = fs.readFileSync(path.join(at, file), 'utf8')
            const own = records(xml)
            if (!LEFT_OUT.has(own[0].table)) found.push({ table: own[0].table, name: path.basename(file, '.xml'), xml, records: own })
        }
    }
    for (const one of [...found]) {
        const label = labelOf(one, config, labels)
        if (label) found.push(label)
    }
    const unknown = new Set(found.map((one) => one.table).filter((table) => !CLASSES[table]))
    if (unknown.size > 0) throw new Error(`update-set: no class name for ${[...unknown].join(', ')}`)
    return found.sort((a, b) => ORDER.indexOf(a.table) - ORDER.indexOf(b.table) || (a.name < b.name ? -1 : 1))
}

// The ids that the SDK gives labels, so that both ways of installing make the same records.
function labelIds(root) {
    const keys = fs.readFileSync(path.join(root, 'src/fluent/generated/keys.ts'), 'utf8')
    const found = keys.matchAll(/table: 'sys_documentation'\s+id: '([0-9a-f]{32})'\s+key: \{\s+name: '(\w+)'\s+element: '(\w+)'/g)
    return new Map([...found].map(([, sysId, table, element]) => [`${table}.${element === 'NULL' ? '' : element}`, sysId]))
}

// The label of a table or column is a record of its own, which the SDK leaves to the instance.
function labelOf(one, config, ids) {
    const record = one.records[0]
    const isColumn = one.table === 'sys_dictionary' && field(record, 'element') !== ''
    if (one.table !== 'sys_db_object' && !isColumn) return null
    const [element, table] = [isColumn ? field(record, 'element') : '', field(record, 'name')]
    const label = field(record, isColumn ? 'column_label' : 'label')
    if (label === '') return null
    const name = `sys_documentation_${table}_${element}_en`
    const inner = [
        tag('element', element), '<help/>', '<hint/>', tag('label', label), tag('language', 'en'), tag('name', table), tag('plural', `${label}s`),
        tag('sys_class_name', 'sys_documentation'), tag('sys_id', ids.get(`${table}.${element}`) ?? id(config, `label:${name}`)), tag('sys_name', label),
        tag('sys_package', config.scopeId, ` display_value="${quote(config.name)}" source="${config.scope}"`), '<sys_policy/>',
        tag('sys_scope', config.scopeId, ` display_value="${quote(config.name)}"`), tag('sys_update_name', name), '<url/>', '<url_target/>',
    ].join('')
    const outer = `element="${quote(element)}" label="${quote(label)}" language="en" table="${quote(table)}"`
    const xml = `<?xml version="1.0" encoding="UTF-8"?><record_update><sys_documentation ${outer}><sys_documentation action="INSERT_OR_UPDATE">${inner}</sys_documentation></sys_documentation></record_update>`
    return { table: 'sys_documentation', name, xml, records: records(xml) }
}

const tag = (name, value, attributes = '') => (value === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${escape(value)}</${name}>`)
const id = (config, key) => crypto.createHash('sha256').update(`${config.scopeId}:${key}`).digest('hex').slice(0, 32)

/** Splits off what concerns HR cases, with whatever hangs on it. */
export function split(all) {
    const isHr = (one) => one.records.some((record) => BELONGS.some((name) => field(record, name) === HR))
    const ids = new Set(all.filter(isHr).map((one) => field(one.records[0], 'sys_id')))
    const hangs = (one) => isHr(one) || one.records.some((record) => [...record.fields].some(([name, { value }]) => name !== 'sys_id' && ids.has(value)))
    return { main: all.filter((one) => !hangs(one)), hr: all.filter(hangs) }
}

/** An update set's text. */
export function write(list, title, config, release) {
    const stamp = release.date
    const app = ` display_value="${quote(config.name)}"`
    const set = id(config, `remote_update_set:${title}:${release.version}`)
    const setName = `${title} - ${release.version}`
    const lines = [
        `<?xml version="1.0" encoding="UTF-8"?><unload unload_date="${stamp}">`, '<sys_remote_update_set action="INSERT_OR_UPDATE">',
        tag('application', config.scopeId, app), tag('application_name', config.name), tag('application_scope', config.scope), tag('application_version', release.version),
        '<collisions/>', '<commit_date/>', '<deleted/>', tag('description', config.description), '<inserted/>', tag('name', setName), '<origin_sys_id/>',
        '<parent display_value=""/>', '<release_date/>', '<remote_base_update_set display_value=""/>', '<remote_parent_id/>',
        tag('remote_sys_id', id(config, `local_update_set:${title}:${release.version}`)), tag('state', 'loaded'), '<summary/>', tag('sys_class_name', 'sys_remote_update_set'),
        ...written(stamp, set), '<update_set display_value=""/>', '<update_source display_value=""/>', '<updated/>', '</sys_remote_update_set>',
    ]
    const begun = Date.parse(`${stamp.replace(' ', 'T')}Z`)
    list.forEach((one, place) => lines.push(...update(one, place, { config, set, setName, stamp, begun, app })))
    return [...lines, '</unload>', ''].join('\n')
}

const written = (stamp, sysId) => [
    tag('sys_created_by', 'ipse'), tag('sys_created_on', stamp), tag('sys_id', sysId), tag('sys_mod_count', '0'), tag('sys_updated_by', 'ipse'), tag('sys_updated_on', stamp),
]

function update(one, place, { config, set, setName, stamp, begun, app }) {
    const payload = one.xml.replace(/^<\?xml[^>]*\?>\s*/, '<?xml version="1.0" encoding="UTF-8"?>').replace('<record_update table="sys_dictionary">', '<record_update>')
    const guid = id(config, `guid:${crypto.createHash('sha256').update(payload).digest('hex')}`)
    const hash = String(crypto.createHash('sha256').update(payload).digest().readInt32BE(0))
    const [created, updated] = [written(stamp, id(config, `update:${one.name}`)), []]
    // Rising in the order of installation: hex milliseconds, then a counter, as real exports have it.
    updated.push(...created.splice(4))
    return [
        '<sys_update_xml action="INSERT_OR_UPDATE">', tag('action', 'INSERT_OR_UPDATE'), tag('application', config.scopeId, app), tag('category', 'customer'), '<comments/>',
        tag('name', one.name), tag('payload', payload), tag('payload_hash', hash), tag('remote_update_set', set, ` display_value="${quote(setName)}"`),
        tag('replace_on_upgrade', 'false'), ...created, tag('sys_recorded_at', `${(begun + place).toString(16)}0000001`), ...updated, tag('table', tableOf(one)),
        tag('target_name', targetOf(one)), tag('type', CLASSES[one.table]), tag('update_domain', 'global'), tag('update_guid', guid), tag('update_guid_history', `${guid}:${hash}`),
        '<update_set display_value=""/>', '<view/>', '</sys_update_xml>',
    ]
}

function tableOf(one) {
    const column = { sys_dictionary: 'name', sys_documentation: 'name', sys_db_object: 'name', sys_script: 'collection', sys_script_client: 'table', sys_ui_action: 'table', sys_choice_set: 'name', sysevent_register: 'table' }[one.table]
    return column ? field(one.records[0], column) : ''
}

function targetOf(one) {
    const record = one.records[0]
    if (one.table === 'sys_dictionary' || one.table === 'sys_documentation') return [field(record, 'name'), field(record, 'element')].filter(Boolean).join('.')
    return ['label', 'sys_name', 'name', 'title', 'event_name'].map((name) => field(record, name)).find(Boolean) ?? one.name
}

/** Both update sets: file name -> text. */
export function make(root) {
    const config = JSON.parse(fs.readFileSync(path.join(root, 'now.config.json'), 'utf8'))
    const { version, released } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
    const release = { version, date: released }
    const { main, hr } = split(built(root, config))
    return {
        'ipse_idv_update_set.xml': write(main, config.name, config, release),
        'ipse_idv_hr_update_set.xml': write(hr, `${config.name} for HR`, config, release),
    }
}
