// The records of a miniature org: fields as the package declares them, unique keys, triggers, queries.
import crypto from 'node:crypto'

const PREFIX = { Account: '001', Contact: '003', Opportunity: '006', Lead: '00Q', Case: '500', User: '005', Task: '00T', Profile: '00e', PermissionSet: '0PS', PermissionSetAssignment: '0Pa', OpportunityContactRole: '00K', Ipse_Verification__c: 'a01' }
const DEFAULTS = { Case: { Status: 'New', IsEscalated: false }, User: { IsActive: true } }
/** Standard fields that the package reads or writes. */
const STANDARD = {
    Account: 'Name OwnerId', Contact: 'FirstName LastName Email MobilePhone AccountId', Lead: 'FirstName LastName Company Email MobilePhone',
    Opportunity: 'Name StageName Amount CloseDate OwnerId ContactId', OpportunityContactRole: 'OpportunityId ContactId IsPrimary',
    Case: 'Subject Status ContactId OwnerId ParentId IsEscalated', Task: 'Subject Status Priority ActivityDate Description WhatId WhoId OwnerId',
    User: 'FirstName LastName Email MobilePhone Username Alias ProfileId ContactId IsActive TimeZoneSidKey LocaleSidKey LanguageLocaleKey EmailEncodingKey',
    Profile: 'Name', PermissionSet: 'Name IsOwnedByProfile', PermissionSetAssignment: 'AssigneeId PermissionSetId', UserRecordAccess: 'RecordId UserId HasReadAccess',
    Ipse_Verification__c: 'Name', Verification_Result__e: 'ReplayId',
}

export class SObject {
    constructor(type, fields, database) {
        Object.defineProperty(this, 'database', { value: database })
        this.type = type
        this.fields = {}
        for (const [name, value] of Object.entries(fields)) this.put(name, value)
    }
    name(name) {
        const known = this.database.fieldNames(this.type)
        const found = known.get(name.toLowerCase())
        if (!found) throw this.database.problem('SObjectException', `${this.type} has no field ${name}`)
        return found
    }
    get(name) {
        const known = this.name(String(name))
        if (this.isQueried && !(known in this.fields)) throw this.database.problem('SObjectException', `${known} was not queried`)
        return this.fields[known] ?? null
    }
    put(name, value) {
        this.fields[this.name(String(name))] = value
    }
    copy = (withId = true) => new SObject(this.type, Object.fromEntries(Object.entries(this.fields).filter(([name]) => withId || name !== 'Id')), this.database)
}

export class Database {
    constructor({ fields, triggers, problem, now }) {
        Object.assign(this, { declared: fields, triggers, problem, now, tables: new Map(), serial: 1, published: [], removed: new Set() })
        this.names = new Map()
    }

    fieldNames(type) {
        if (!this.names.has(type)) {
            const own = [...(this.declared.get(type)?.keys() ?? [])]
            if (!STANDARD[type] && own.length === 0) throw this.problem('TypeException', `there is no object ${type}`)
            const common = ['Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp', ...(type.endsWith('__mdt') ? ['DeveloperName', 'MasterLabel'] : [])]
            this.names.set(type, new Map([...common, ...(STANDARD[type]?.split(' ') ?? []), ...own].map((name) => [name.toLowerCase(), name])))
        }
        return this.names.get(type)
    }

    isObject = (type) => Boolean(STANDARD[type] || this.declared.has(type))
    table = (type) => {
        if (!this.tables.has(type)) this.tables.set(type, new Map())
        return this.tables.get(type)
    }
    typeOf = (id) => Object.keys(PREFIX).find((type) => String(id).startsWith(PREFIX[type]))
    exists = (id) => Boolean(this.tables.get(this.typeOf(id))?.has(id))
    newId = (type) => `${PREFIX[type] ?? 'a0z'}${String(this.serial++).padStart(12, '0')}AAA`

    /** One row written, or what is wrong with it. */
    write = (action, row) => this.writeAll(action, [row])[0]

    /** Rows of one object written; for each, what is wrong with it, or null. Triggers see all of them at once. */
    writeAll(asked, rows) {
        const drafts = rows.map((row) => this.draft(asked, row))
        const fit = drafts.filter((one) => one.next && !one.problem)
        for (const kind of ['insert', 'update']) this.fire(fit.filter((one) => one.action === kind))
        return drafts.map((one) => {
            // Of two alike in one list, the second finds the first.
            if (one.next && !one.problem) one.problem = this.refusal(one.next, one.row)
            if (!one.problem) this.store(one)
            return one.problem
        })
    }

    draft(asked, row) {
        const { type } = row
        const old = row.fields.Id ? this.table(type).get(row.fields.Id) : null
        const action = asked === 'upsert' ? (row.fields.Id ? 'update' : 'insert') : asked
        if (action === 'insert' && row.fields.Id) return { problem: { code: 'INVALID_FIELD', message: 'it has an id' } }
        if (action !== 'insert' && !old) return { problem: { code: 'ENTITY_IS_DELETED', message: 'there is no such record' } }
        if (action === 'delete') return { action, row, problem: null }
        const next = old ? old.copy() : new SObject(type, DEFAULTS[type] ?? {}, this)
        Object.assign(next.fields, row.fields)
        return { action, row, old, next, problem: this.refusal(next, row) }
    }

    store({ action, row, next }) {
        if (action === 'delete') {
            this.table(row.type).delete(row.fields.Id)
            return
        }
        const moment = this.now()
        if (action === 'insert') {
            next.fields.Id = row.fields.Id = this.newId(next.type)
            next.fields.CreatedDate = moment
        }
        next.fields.LastModifiedDate = moment
        this.table(next.type).set(next.fields.Id, next)
    }

    fire(drafts) {
        const trigger = drafts.length > 0 && this.triggers.get(drafts[0].next.type)
        if (!trigger) return
        for (const { next } of drafts) next.errors = []
        const before = drafts[0].old ? new Map(drafts.map(({ old }) => [old.fields.Id, old.copy()])) : null
        trigger(drafts.map(({ next }) => next), before)
        for (const one of drafts) {
            const [message] = one.next.errors
            if (message !== undefined) one.problem = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message }
            delete one.next.errors
        }
    }

    refusal(next, row) {
        for (const [name, value] of Object.entries(row.fields)) {
            const field = this.declared.get(next.type)?.get(name)
            if (value === null || value === undefined || !field) continue
            if (field.length && String(value).length > field.length) return { code: 'STRING_TOO_LONG', message: `${name} is too long` }
            if (field.type === 'Picklist' && field.restricted && !field.values.includes(value)) return { code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message: `${name}: ${value}` }
            const isTaken = field.unique && [...this.table(next.type).values()].some((other) => other.fields[name] === value && other.fields.Id !== next.fields.Id)
            if (isTaken) return { code: 'DUPLICATE_VALUE', message: `${name} is taken` }
        }
        const gone = ['WhatId', 'WhoId'].find((name) => next.type === 'Task' && next.fields[name] && !this.exists(next.fields[name]))
        return gone ? { code: 'INVALID_CROSS_REFERENCE_KEY', message: `${gone} is gone` } : null
    }

    /** The rows of a query, as copies with what was asked for. */
    select({ from, fields, where, order, limit }) {
        const rows = from === 'UserRecordAccess' ? this.access() : [...this.table(from).values()]
        const fitting = rows.filter((row) => where(row))
        for (const [name, isDown] of [...order].reverse()) {
            fitting.sort((a, b) => {
                const [x, y] = [a, b].map((row) => this.value(row, name))
                const sign = x === y ? 0 : x === null ? 1 : y === null ? -1 : x > y ? 1 : -1
                return isDown ? -sign : sign
            })
        }
        const taken = fitting.slice(0, limit)
        if (fields[0]?.toUpperCase() === 'COUNT()') return taken.length
        return taken.map((row) => {
            const copy = new SObject(from, { Id: row.fields.Id }, this)
            for (const name of fields) {
                if (name.includes('.')) (copy.parents ??= {})[name.split('.')[0]] = this.parent(row, name.split('.')[0])
                else copy.put(name, this.value(row, name))
            }
            copy.isQueried = true
            return copy
        })
    }

    access() {
        return [...this.tables.values()].flatMap((table) => [...table.keys()]).map((id) => new SObject('UserRecordAccess', { RecordId: id, UserId: this.user, HasReadAccess: true }, this))
    }

    parent(row, name) {
        const id = row.fields[`${name}Id`]
        return id ? this.table(this.typeOf(id)).get(id) : null
    }

    /** What a formula says of a row, as far as it is made of these. */
    computed(formula, row) {
        const known = { AND: (...all) => all.every(Boolean), NOT: (one) => !one, ISBLANK: (one) => one === null || one === '', ISPICKVAL: (one, value) => one === value, NOW: () => this.now() }
        const said = formula.replaceAll(/\w+__c/g, "field('$&')")
        return new Function(...Object.keys(known), 'field', `return ${said}`)(...Object.values(known), (name) => this.value(row, name))
    }

    value(row, name) {
        if (name.includes('.')) return this.value(this.parent(row, name.split('.')[0]), name.split('.')[1])
        const formula = this.declared.get(row.type)?.get(name)?.formula
        if (formula) return this.computed(formula, row)
        if (name === 'Name' && row.type === 'Ipse_Verification__c') return 'IV-000001'
        if (name === 'IsOwnedByProfile') return false
        return row.get(name)
    }
}

export const newKey = () => crypto.randomUUID()
