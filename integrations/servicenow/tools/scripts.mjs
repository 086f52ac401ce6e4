// Where the scripts of an update set stand: on the server, and in the browser. `of` gives the records of a table.
import { field } from './payload.mjs'

/** Name -> script, for what runs on the instance. */
export function serverScripts(of) {
    const scripts = new Map()
    for (const one of of('sys_script_include')) scripts.set(field(one, 'name'), field(one, 'script'))
    for (const one of of('sys_script')) scripts.set(`${field(one, 'name')} (${field(one, 'collection')})`, field(one, 'script'))
    for (const one of of('sys_ws_operation')) scripts.set('webhook', field(one, 'operation_script'))
    for (const one of of('sysauto_script')) scripts.set(field(one, 'name'), field(one, 'script'))
    for (const one of of('sys_script_email')) scripts.set(field(one, 'name'), field(one, 'script'))
    for (const one of of('sys_ui_action')) scripts.set(`condition of ${field(one, 'name')} (${field(one, 'table')})`, field(one, 'condition'))
    for (const one of of('sys_security_acl')) if (field(one, 'script') !== '') scripts.set(`ACL ${field(one, 'name')} ${field(one, 'operation')}`, field(one, 'script'))
    for (const one of of('sys_variable_value')) if (field(one, 'value').includes('(function')) scripts.set(`atf or flow ${field(one, 'sys_id')}`, field(one, 'value'))
    return scripts
}

/** Name -> script, for what runs in a browser. */
export function browserScripts(of) {
    const scripts = new Map()
    for (const one of of('sys_ui_action')) {
        scripts.set(`${field(one, 'name')} (${field(one, 'table')}), classic`, field(one, 'script'))
        scripts.set(`${field(one, 'name')} (${field(one, 'table')}), workspace`, field(one, 'client_script_v2'))
    }
    for (const one of of('sys_script_client')) scripts.set(`${field(one, 'name')} (${field(one, 'table')})`, field(one, 'script'))
    for (const one of of('sys_ui_page')) scripts.set(field(one, 'endpoint'), field(one, 'client_script'))
    for (const one of of('sys_ui_script')) scripts.set(field(one, 'name'), field(one, 'script'))
    return scripts
}
