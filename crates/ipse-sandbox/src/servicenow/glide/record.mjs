// GlideRecord, strictly: what a real one would silently let pass (an unknown column, a text that is too long, a value that
// is no choice, a secret written in the clear, another scope's table without a privilege) throws here.
import { decode, fits } from './query.mjs'

export function recordClasses(instance) {
    const { tables, host } = instance

    class GlideElement {
        constructor(record, name) {
            this.record = record
            this.name = name
            const type = tables.typeOf(record.table, name)
            // A reference can be walked: record.caller_id.email.
            return new Proxy(this, { get: (own, key) => (key in own || typeof key === 'symbol' ? own[key] : own.walk(type, key)) })
        }

        walk(type, key) {
            if (!tables.has(type)) throw new Error(`${this.record.table}.${this.name} is no reference, so it has no ${key}`)
            const value = this.record.row[this.name]
            const target = new GlideRecord(type, true)
            if (!value || !target.get(value)) return new GlideElement(target, key)
            return new GlideElement(target, key)
        }

        toString() {
            return this.record.getValue(this.name) ?? ''
        }

        nil() {
            return !this.record.row[this.name]
        }

        setDisplayValue(value) {
            if (tables.typeOf(this.record.table, this.name) !== 'password2') throw new Error(`${this.name} is no secret: use setValue`)
            this.record.put(this.name, value === '' ? '' : `sealed:${host.base64(String(value))}`)
        }

        getDecryptedValue() {
            if (tables.typeOf(this.record.table, this.name) !== 'password2') throw new Error(`${this.name} is no secret`)
            const value = this.record.row[this.name]
            return value ? host.text(value.slice(7)) : ''
        }
    }

    class GlideRecord {
        constructor(table, walked = false) {
            this.table = String(table)
            this.terms = []
            this.sort = []
            this.limit = Infinity
            this.found = null
            this.place = -1
            this.row = {}
            this.stored = null
            this.rules = true
            this.aborted = false
            this.doing = ''
            this.begun = false
            if (tables.has(this.table) && !walked) instance.privilege(this.table, 'read')
            return new Proxy(this, {
                get: (own, key) => (key in own || typeof key === 'symbol' ? own[key] : new GlideElement(own, key)),
                set: (own, key, value) => {
                    if (key in own) own[key] = value
                    else own.setValue(key, value)
                    return true
                },
            })
        }

        check(name) {
            if (!tables.has(this.table)) throw new Error(`there is no table ${this.table}`)
            if (!tables.typeOf(this.table, name)) throw new Error(`there is no column ${this.table}.${name}`)
        }

        isValid() { return tables.has(this.table) }
        isValidField(name) { return tables.has(this.table) && Boolean(tables.typeOf(this.table, name)) }
        getTableName() { return this.table }
        getUniqueValue() { return this.row.sys_id ?? null }
        isNewRecord() { return this.stored === null }
        operation() { return this.doing }
        setAbortAction(flag) { this.aborted = flag === true }
        setWorkflow(flag) { this.rules = flag === true }
        setLimit(count) { this.limit = count }
        getElement(name) { this.check(name); return new GlideElement(this, name) }

        addQuery(name, operator, value) {
            if (value === undefined) [operator, value] = ['=', operator]
            this.path(name)
            fits('', operator, '')
            this.terms.push([{ field: name, operator, value: tables.plain(value) }])
        }

        addNullQuery(name) { this.check(name); this.terms.push([{ field: name, operator: 'ISEMPTY', value: '' }]) }
        orderBy(name) { this.check(name); this.sort.push([name, 1]) }
        orderByDesc(name) { this.check(name); this.sort.push([name, -1]) }

        // Checks a dot-walked column, and says the table and column at its end.
        path(name) {
            const steps = name.split('.')
            let table = this.table
            for (const step of steps.slice(0, -1)) {
                const next = tables.typeOf(table, step)
                if (!tables.has(next)) throw new Error(`${table}.${step} is no reference`)
                table = next
            }
            if (!tables.typeOf(table, steps.at(-1))) throw new Error(`there is no column ${table}.${steps.at(-1)}`)
        }

        query() {
            const rows = [...tables.rows(this.table).values()].filter((row) => this.terms.every((group) => group.some((term) => matches(this.table, row, term))))
            for (const [name, direction] of [...this.sort].reverse()) {
                rows.sort((a, b) => (String(a[name] ?? '') < String(b[name] ?? '') ? -1 : String(a[name] ?? '') > String(b[name] ?? '') ? 1 : 0) * direction)
            }
            this.found = rows.slice(0, this.limit)
            this.place = -1
        }

        next() {
            if (!this.found) throw new Error('next() before query()')
            this.place += 1
            if (this.place >= this.found.length) return false
            this.load(this.found[this.place])
            return true
        }

        get(name, value) {
            this.terms = []
            this.addQuery(value === undefined ? 'sys_id' : name, value === undefined ? name : value)
            this.query()
            return this.next()
        }

        load(row) {
            this.stored = { ...row }
            this.row = { ...row }
        }

        initialize() {
            this.stored = null
            this.begun = true
            this.row = { ...tables.defaults(this.table) }
        }

        getValue(name) {
            this.check(name)
            const value = this.row[name]
            return value === undefined || value === '' ? null : value
        }

        setValue(name, value) {
            this.check(name)
            if (tables.typeOf(this.table, name) === 'password2') throw new Error(`setValue does not encrypt ${name}: use setDisplayValue`)
            this.put(name, value)
        }

        put(name, value) {
            const text = tables.typed(this.table, name, value)
            if (tables.typeOf(this.table, name) === 'journal_input') this.row[name] = `${this.row[name] ? `${this.row[name]}\n\n` : ''}${text}`
            else this.row[name] = text
        }

        insert() {
            instance.privilege(this.table, 'create')
            return this.write('insert')
        }

        update() {
            if (!this.row.sys_id) throw new Error(`update of a ${this.table} that is not stored`)
            instance.privilege(this.table, 'write')
            return this.write('update')
        }

        write(doing) {
            this.doing = doing
            this.aborted = false
            if (doing === 'insert' && !this.begun) this.row = { ...tables.defaults(this.table), ...this.row }
            const before = this.stored ? loaded(this.table, this.stored) : null
            if (this.rules) instance.runRules('before', this, before)
            if (this.aborted) return null
            if (!tables.isUnique(this.table, this.row)) {
                instance.log.push(['warn', `unique key violation on ${this.table}`])
                return null
            }
            const now = instance.stamp()
            const rows = tables.rows(this.table)
            if (doing === 'insert') {
                this.row.sys_id ??= host.randomId()
                this.row.sys_created_on ??= now
                rows.set(this.row.sys_id, { ...this.row })
            } else {
                // Only what this object changed is written, as the platform does it.
                const changed = Object.fromEntries(Object.entries(this.row).filter(([name, value]) => value !== this.stored?.[name]))
                if (!rows.has(this.row.sys_id)) return null
                rows.set(this.row.sys_id, { ...rows.get(this.row.sys_id), ...changed })
                instance.audited.push({ table: this.table, id: this.row.sys_id, changed: Object.keys(changed), at: now, by: instance.userName(), values: this.news(changed) })
            }
            this.stored = { ...rows.get(this.row.sys_id) }
            if (this.rules) {
                instance.runRules('after', this, before)
                instance.queueRules(this, before)
                instance.flows.follow(this)
            }
            return this.row.sys_id
        }

        // What a change says, for the activity of a record: of a journal, only what was added.
        news(changed) {
            const added = (name, value) => (tables.typeOf(this.table, name) === 'journal_input' ? value.slice((this.stored?.[name] ?? '').length).trim() : value)
            return Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, tables.typeOf(this.table, name) === 'password2' ? '' : added(name, String(value))]))
        }

        deleteRecord() { throw new Error('deleteRecord: the application deletes nothing') }
        canRead() { return instance.may('read', this.table) }
        canWrite() { return instance.may('write', this.table) }
    }

    function loaded(table, row) {
        const record = new GlideRecord(table, true)
        record.load(row)
        return record
    }

    class GlideRecordSecure extends GlideRecord {
        query() {
            super.query()
            if (!instance.may('read', this.table)) this.found = []
        }
    }

    class GlideAggregate extends GlideRecord {
        addAggregate(kind) {
            if (kind !== 'COUNT') throw new Error(`aggregate ${kind} is not simulated`)
        }

        next() {
            const first = this.place === -1
            this.place = 0
            return first
        }

        getAggregate(kind) {
            if (kind !== 'COUNT') throw new Error(`aggregate ${kind} is not simulated`)
            return String(this.found.length)
        }
    }

    function matches(table, row, { field, operator, value }) {
        const steps = field.split('.')
        let [at, current] = [table, row]
        for (const step of steps.slice(0, -1)) {
            at = tables.typeOf(at, step)
            current = tables.rows(at).get(current[step]) ?? {}
        }
        return fits(String(current[steps.at(-1)] ?? ''), operator, tables.typed(at, steps.at(-1), value, true))
    }

    const GlideFilter = {
        checkRecord(record, query, all) {
            if (all !== true) throw new Error('checkRecord without matchAll is not simulated')
            return decode(query).every((group) => group.some((term) => (record.path(term.field), matches(record.getTableName(), record.row, term))))
        },
    }

    return { GlideRecord, GlideRecordSecure, GlideAggregate, GlideFilter, loaded }
}
