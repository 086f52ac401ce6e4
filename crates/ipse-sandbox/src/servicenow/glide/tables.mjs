// The dictionary: the platform's tables, and what the update sets add to them.
import { HR, PREFIX, SYSTEM_COLUMNS, TABLES } from './platform.mjs'

/** A field's text in a record of an update set, or ''. */
export const field = (record, name) => record.fields.get(name)?.value ?? ''

/** How long a duration is, which the platform keeps as a time after 1970. */
export const seconds = (duration) => Date.parse(`${duration.replace(' ', 'T')}Z`) / 1000

export class Tables {
    constructor(updates, { hr = false } = {}) {
        this.columns = new Map()
        this.details = new Map()
        this.data = new Map()
        this.parents = new Map()
        this.counters = new Map()
        for (const [table, { columns, extends: parent }] of Object.entries({ ...TABLES, ...(hr ? HR : {}) })) {
            this.columns.set(table, new Map(Object.entries({ ...SYSTEM_COLUMNS, ...columns })))
            if (parent) this.parents.set(table, parent)
        }
        for (const { records } of updates) for (const record of records) this.learn(record)
    }

    learn(record) {
        const [table, name] = [field(record, 'name'), field(record, 'element')]
        if (record.table === 'sys_db_object') this.columns.set(table, this.columns.get(table) ?? new Map(Object.entries(SYSTEM_COLUMNS)))
        if (record.table === 'sys_dictionary' && name) {
            if (!this.columns.has(table)) throw new Error(`a column for ${table}, which is not there`)
            const type = field(record, 'internal_type')
            this.columns.get(table).set(name, type === 'reference' ? field(record, 'reference') : type)
            const length = Number(field(record, 'max_length'))
            this.details.set(`${table}.${name}`, { length, unique: field(record, 'unique') === 'true', preset: field(record, 'default_value'), choices: null })
        }
        if (record.table === 'sys_choice') {
            const detail = this.details.get(`${table}.${name}`)
            detail.choices = [...(detail.choices ?? ['']), field(record, 'value')]
        }
    }

    has(table) { return this.columns.has(table) }
    typeOf(table, name) { return this.columns.get(table)?.get(name) }
    isOurs(table) { return table.startsWith('x_ipse_idv_') }

    rows(table) {
        if (!this.has(table)) throw new Error(`there is no table ${table}`)
        if (!this.data.has(table)) this.data.set(table, new Map())
        return this.data.get(table)
    }

    defaults(table) {
        const row = {}
        for (const [name, type] of this.columns.get(table)) {
            const preset = this.details.get(`${table}.${name}`)?.preset ?? ''
            if (type === 'boolean') row[name] = preset === 'true' ? '1' : '0'
            else if (preset === 'javascript:getNextObjNumberPadded();') row[name] = this.number(table)
            else if (preset !== '') row[name] = preset
        }
        if (PREFIX[table]) row.number ??= this.number(table)
        return row
    }

    number(table) {
        const next = (this.counters.get(table) ?? 1000) + 1
        this.counters.set(table, next)
        return `${PREFIX[table]}${String(next).padStart(7, '0')}`
    }

    plain(value) {
        if (value === null || value === undefined) return ''
        return value === true ? '1' : value === false ? '0' : String(value)
    }

    // The text that is stored for a value, or an error where a real instance would cut, drop or garble it.
    typed(table, name, value, asked = false) {
        const text = this.plain(value)
        const type = this.typeOf(table, name)
        const at = `${table}.${name}`
        if (type === 'boolean') {
            if (!['', '0', '1', 'true', 'false'].includes(text)) throw new Error(`${at} is a boolean, not ${text}`)
            return text === 'true' ? '1' : text === 'false' || text === '' ? '0' : text
        }
        if (text === '' || asked) return text
        if (type === 'integer' && !/^-?\d+$/.test(text)) throw new Error(`${at} is a number, not ${text}`)
        if (type === 'glide_date_time' && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) throw new Error(`${at} is a time, not ${text}`)
        if (this.has(type) && !/^[0-9a-f]{32}$/.test(text)) throw new Error(`${at} is a reference, not ${text}`)
        const detail = this.details.get(at)
        if (detail?.choices && !detail.choices.includes(text)) throw new Error(`${text} is no choice of ${at}`)
        if (detail?.length && type === 'string' && text.length > detail.length) throw new Error(`${at} holds ${detail.length} characters, not ${text.length}`)
        return text
    }

    isUnique(table, row) {
        const unique = [...this.columns.get(table).keys()].filter((name) => this.details.get(`${table}.${name}`)?.unique)
        return [...this.rows(table).values()].every((other) => other.sys_id === row.sys_id || unique.every((name) => !row[name] || row[name] !== other[name]))
    }
}
