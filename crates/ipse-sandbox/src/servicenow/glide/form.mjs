// What the browser is given: lists, forms with their buttons and scripts, and the application's own pages.
import { field } from './tables.mjs'

const STATES = { 1: 'New', 2: 'In Progress', 6: 'Resolved', 7: 'Closed' }
const ITEM_STATES = { 1: 'Open', 2: 'Work in Progress', 3: 'Closed Complete', 4: 'Closed Incomplete' }
const CATEGORIES = { password_reset: 'Password reset', hardware: 'Hardware', inquiry: 'Inquiry / Help' }
const ITEMS = { password_reset: 'Password reset (subflow)', password_reset_steps: 'Password reset (own steps)' }

/** The tables with a form: what stands on it, in order. */
const FORMS = {
    incident: {
        label: 'Incident', person: 'caller_id',
        columns: { number: 'Number', x_ipse_idv_idv_status: 'IDV Status', caller_id: 'Caller', category: 'Category', short_description: 'Short description', state: 'State' },
        choices: { category: CATEGORIES, state: STATES },
    },
    sc_req_item: {
        label: 'Requested Item', person: 'requested_for',
        columns: { number: 'Number', x_ipse_idv_idv_status: 'IDV Status', requested_for: 'Requested for', cat_item: 'Item', short_description: 'Short description', state: 'State' },
        choices: { cat_item: ITEMS, state: ITEM_STATES },
    },
}
const READ_ONLY = ['number', 'x_ipse_idv_idv_status', 'cat_item']

export function forms(at) {
    const { sn } = at
    const name = (id) => sn.tables.rows('sys_user').get(id)?.name ?? ''
    const shown = (table, column, value) => (value === undefined ? '' : FORMS[table].choices[column]?.[value] ?? (sn.tables.typeOf(table, column) === 'sys_user' ? name(value) : value))
    const people = () => Object.fromEntries([...sn.tables.rows('sys_user').values()].map((row) => [row.sys_id, row.name]))
    const byOrder = (a, b) => Number(field(a, 'order')) - Number(field(b, 'order'))

    const buttons = (user, table, record) => sn.of('sys_ui_action')
        .filter((one) => [table, 'task'].includes(field(one, 'table')) && field(one, 'active') === 'true' && field(one, 'client') === 'true')
        .filter((one) => sn.condition(user, table, field(one, 'action_name'), record))
        .sort(byOrder)
        .map((one) => ({ id: field(one, 'sys_id'), name: field(one, 'name'), hint: field(one, 'hint'), primary: field(one, 'form_style') === 'primary', link: field(one, 'form_link') === 'true' }))
    const activity = (table, id) => sn.audited.filter((one) => one.table === table && one.id === id).map(({ at: when, by, values }) => ({
        at: when, by,
        changes: Object.entries(values).filter(([column]) => column in FORMS[table].columns).map(([column, value]) => ({ label: FORMS[table].columns[column], value: shown(table, column, value) })),
        note: values.work_notes ?? '',
    })).filter((one) => one.note || one.changes.length).reverse()
    // The flows that this instance's administrator built for its catalog: what is reset waits for the person.
    const fulfil = (id, own) => function* () {
        const { core, subflow } = sn.flows
        core.update('sc_req_item', id, { state: 2 })
        let verified = false
        if (own) {
            const { record } = core.create('x_ipse_idv_verification', { source_table: 'sc_req_item', source_record: id })
            const { state } = yield* core.wait({ table_name: 'x_ipse_idv_verification', record, conditions: 'statusINsuccess,failed,failure,overridden', timeout_flag: true, timeout_duration: '1970-01-02 00:00:00' })
            verified = record !== '' && state === 0 && core.lookUp({ table: 'x_ipse_idv_verification', conditions: `sys_id=${record}^status=success^test=false` }).status === 0
        } else {
            verified = (yield* subflow('Require Identity Verification', { table_name: 'sc_req_item', record_id: id })).verified === true
        }
        core.update('sc_req_item', id, verified ? { state: 3, work_notes: 'The password was reset.' } : { state: 4, work_notes: 'The password was not reset: nobody was verified.' })
    }()

    return {
        /** All tickets, newest first. */
        list: ({ user }) => sn.as(at.user(user), () => Object.keys(FORMS).flatMap((table) => (sn.may('read', table) ? [...sn.tables.rows(table).values()].map((row) => ({
            table, id: row.sys_id, number: row.number ?? '', person: name(row[FORMS[table].person]), about: row.short_description ?? '',
            state: shown(table, 'state', row.state), idv_status: row.x_ipse_idv_idv_status ?? '', at: row.sys_created_on,
        })) : [])).reverse()),
        choices: () => ({ categories: CATEGORIES, items: ITEMS }),
        /** Opens an incident, or orders an item, whose flow begins. */
        open: ({ user, table, person, kind, about }) => sn.as(at.user(user), () => {
            if (!FORMS[table] || !sn.may('create', table)) return null
            const record = new sn.GlideRecord(table, true)
            record.initialize()
            const values = { [FORMS[table].person]: person, [table === 'incident' ? 'category' : 'cat_item']: kind, short_description: about, state: 1 }
            for (const [column, value] of Object.entries(values)) record.setValue(column, value)
            const id = record.write('insert')
            if (id && table === 'sc_req_item') sn.flows.start(ITEMS[kind] ?? 'Password reset', id, fulfil(id, kind === 'password_reset_steps'))
            return id && { table, id, number: record.row.number }
        }),
        /** A form, or null where the user may not see the record. */
        form: ({ user, table, id }) => sn.as(at.user(user), () => {
            const row = FORMS[table] && sn.tables.rows(table).get(id)
            if (!row || !sn.may('read', table)) return null
            const record = sn.loaded(table, row)
            const options = (column) => (column === FORMS[table].person ? people() : FORMS[table].choices[column] ?? null)
            return {
                table, id, title: FORMS[table].label, number: row.number ?? '',
                writable: sn.may('write', table),
                fields: Object.entries(FORMS[table].columns).map(([column, label]) => ({
                    name: column, label, value: row[column] ?? '', shown: shown(table, column, row[column]),
                    options: READ_ONLY.includes(column) ? null : options(column), read_only: READ_ONLY.includes(column),
                })),
                buttons: buttons(sn.user, table, record),
                scratchpad: sn.display(sn.user, record),
                activity: activity(table, id),
                opened: { at: row.sys_created_on },
                flow: sn.flows.contexts.filter((one) => one.about === id).map(({ name: flow, state, wait }) => ({ name: flow, state: state === 'running' && wait ? 'waiting' : state }))[0] ?? null,
            }
        }),
        /** Saves a form; the messages are what the form then shows. */
        save: ({ user, table, id, values }) => sn.as(at.user(user), () => {
            sn.messages.length = 0
            const row = FORMS[table] && sn.tables.rows(table).get(id)
            if (!row || !sn.may('write', table)) return { ok: false, messages: ['Security constraints prevent saving this record.'] }
            const record = sn.loaded(table, row)
            for (const [column, value] of Object.entries(values)) {
                if ((column in FORMS[table].columns && !READ_ONLY.includes(column)) || (column === 'work_notes' && value !== '')) record.setValue(column, value)
            }
            const ok = record.write('update') !== null
            return { ok, messages: sn.messages.splice(0) }
        }),
        /** The scripts of a form, as one text: `servicenow.onLoad` and `servicenow.actions` are what the page brings. */
        scripts: ({ table }) => [
            ...sn.of('sys_script_client').filter((one) => field(one, 'table') === table && field(one, 'type') === 'onLoad' && field(one, 'active') === 'true')
                .map((one) => `servicenow.onLoad.push(function () {\n${field(one, 'script')}\nonLoad();\n});`),
            ...sn.of('sys_ui_action').filter((one) => [table, 'task'].includes(field(one, 'table')) && field(one, 'client') === 'true')
                .map((one) => `servicenow.actions['${field(one, 'sys_id')}'] = function () {\n${field(one, 'script')}\n${field(one, 'onclick')};\n};`),
        ].join('\n'),
        /** A library that pages load, or null. */
        library: ({ name: library }) => {
            const found = sn.of('sys_ui_script').find((one) => field(one, 'name') === library && field(one, 'active') === 'true')
            return found ? field(found, 'script') : null
        },
        /** A page of the application, or null where the user may not see it. Of Jelly it knows what these pages use. */
        page: ({ user, endpoint }) => sn.as(at.user(user), () => {
            const found = sn.of('sys_ui_page').find((one) => field(one, 'endpoint') === endpoint)
            const acl = sn.of('sys_security_acl').find((one) => field(one, 'name') === endpoint.replace(/\.do$/, '') && field(one, 'operation') === 'read')
            if (!found || !acl || !sn.passes(acl)) return null
            const html = field(found, 'html').replace(/<\?xml[^>]*\?>|<\/?j:jelly[^>]*>/g, '').replace(/\$\{gs\.getMessage\('([^']*)'\)\}/g, '$1')
            if (/\$\{|<\/?[jg]\d?:/.test(html)) throw new Error(`what ${endpoint} uses of Jelly is not simulated`)
            return { html, script: field(found, 'client_script'), title: /<h1>([^<]*)/.exec(html)?.[1] ?? endpoint }
        }),
    }
}
