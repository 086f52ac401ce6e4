// The classes of the platform that the package calls, as far as it calls them. Written from their documentation: what is
// proven with it is the package's own logic, not the platform.
import crypto from 'node:crypto'
import { Database, SObject, newKey } from './database.mjs'

const ORG = '00D000000000009EAA'

class ApexObject {}
class ApexException extends Error {
    static apexName = 'Exception'
    constructor(given) {
        super(typeof given === 'string' ? given : '')
        this.said = this.message
    }
}
const exceptions = Object.fromEntries(['NullPointerException', 'QueryException', 'CalloutException', 'TypeException', 'SObjectException', 'DmlException', 'StringException', 'ListException', 'AuraHandledException', 'EventBus.RetryableException', 'AssertException', 'LimitException'].map((name) => [name, class extends ApexException { static apexName = name }]))
const fail = (name, message) => new exceptions[name](message)

class Blob { constructor(bytes) { this.bytes = Buffer.from(bytes) } }
class Moment {
    constructor(at) { this.at = at }
    valueOf() { return this.at }
}
class Type {
    constructor(name) { this.name = name }
    toString() { return this.name }
}
class Field {
    constructor(type, name) { Object.assign(this, { type, name }) }
    toString() { return this.name }
}
class Bag { constructor(values = {}) { Object.assign(this, values) } }

/** What a chain that met null is until its end. */
const NOTHING = Symbol('null')

export function platform({ fields, triggerBodies, records, labels, permissions, flows, reached }) {
    const state = { pending: false, counts: {}, jobs: [], mock: null, started: [], user: null, context: null }
    const most = { query: 100, dml: 150, callout: 100, job: 50 }
    const count = (name) => {
        state.counts[name] = (state.counts[name] ?? 0) + 1
        if (state.counts[name] > most[name]) throw new Error(`the platform ends a transaction with more than ${most[name]} of ${name}`)
    }
    const now = () => new Moment(Math.floor(Date.now() / 1000) * 1000)
    const triggers = new Map()
    const database = new Database({ fields, triggers, problem: fail, now })
    const types = new Map()
    const type = (name) => {
        const short = name.replace(/^System\./, '')
        if (!types.has(short)) types.set(short, new Type(short))
        return types.get(short)
    }
    const fresh = () => { state.counts = {}; state.pending = false }
    const typed = (rows) => { rows.of = 'List'; return rows }
    const list = (from) => typed(from ? [...$.each(from)] : [])
    const set = (from) => new Set(from ? $.each(from) : [])
    const map = (from) => {
        if (!from) return new Map()
        if (from instanceof Map) return new Map(from)
        return new Map(from[0] instanceof SObject ? from.map((row) => [row.fields.Id, row]) : from)
    }

    const $ = { ApexObject, ApexException, classes: {}, type, list, set, map, state, database, fresh, fail }

    $.reached = (line) => reached.add(line)
    $.ended = (value) => (value === NOTHING ? null : value)
    $.each = (value) => {
        if (value === null || value === undefined) throw fail('NullPointerException', 'iterating over null')
        return value instanceof Map ? value.values() : [...value]
    }
    $.only = (rows) => {
        if (rows.length !== 1) throw fail('QueryException', `${rows.length} rows instead of one`)
        return rows[0]
    }
    $.at = (rows, at) => {
        if (!(at in rows)) throw fail('ListException', `there is no ${at}`)
        return rows[at]
    }
    $.same = (a, b) => {
        if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null)
        if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase()
        return a instanceof Moment && b instanceof Moment ? a.at === b.at : a === b
    }
    $.divided = (a, b) => (Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b)
    $.is = (value, name) => {
        if (value === null || value === undefined) return false
        if (value instanceof ApexException) {
            for (let one = value.constructor; one; one = Object.getPrototypeOf(one)) if (one.apexName === name) return true
            return false
        }
        if (value instanceof Error) return false
        if (name.startsWith('Map<')) return value instanceof Map
        if (name.startsWith('List<')) return Array.isArray(value)
        return { String: typeof value === 'string', Id: typeof value === 'string', Integer: Number.isInteger(value), Long: Number.isInteger(value), Decimal: typeof value === 'number', Double: typeof value === 'number', Datetime: value instanceof Moment }[name] ?? value?.constructor.apexName === name
    }
    $.cast = (value, name) => {
        if (value === null || value === undefined) return null
        const isFit = name.startsWith('Map<') ? value instanceof Map : name.startsWith('List<') ? Array.isArray(value) : name === 'String' || name === 'Id' ? typeof value === 'string' : true
        if (!isFit) throw fail('TypeException', `it is no ${name}`)
        return value
    }
    $.runAs = (user, run) => {
        const before = state.user
        if (!user.fields.Id) database.write('insert', user)
        state.user = user.fields.Id
        database.user = state.user
        try { run() } finally { state.user = before; database.user = before }
    }

    // Records.
    const make = (name, given) => {
        if (!Array.isArray(given) && (database.isObject(name) || /__(c|e|mdt)$/.test(name))) return new SObject(name, given, database)
        const values = Array.isArray(given) ? given : []
        if (exceptions[name]) return new exceptions[name](...values)
        if (name === 'Auth.UserData') {
            const [identifier, firstName, lastName, fullName, email, link, username, locale, provider, siteLoginUrl, attributeMap] = values
            return new Bag({ identifier, firstName, lastName, fullName, email, link, username, locale, provider, siteLoginUrl, attributeMap })
        }
        if (['HttpRequest', 'HttpResponse', 'Http'].includes(name)) return new Bag({ kind: name, headers: new Map(), body: '', status: 0 })
        throw new Error(`the miniature has no ${name}`)
    }
    $.make = make
    $.dml = (action, rows) => {
        const results = save(action, Array.isArray(rows) ? rows : [rows], true)
        return results
    }
    function save(action, rows, whole) {
        count('dml')
        if (rows.length > 0) state.pending = true
        const written = database.writeAll(action, rows)
        const results = rows.map((row, at) => {
            const problem = written[at]
            if (problem && whole) throw fail('DmlException', `${problem.code}: ${problem.message}`)
            return new Bag({ kind: 'SaveResult', row, problem })
        })
        return typed(results)
    }
    $.query = (query) => {
        count('query')
        const rows = database.select(query)
        return Array.isArray(rows) ? typed(rows) : rows
    }
    $.compares = (row, name, operator, value) => {
        const own = database.value(row, name)
        const has = (one) => [...$.each(value)].some((other) => $.same(own, other))
        switch (operator) {
            case '=': return $.same(own, value)
            case '!=': case '<>': return !$.same(own, value)
            case '<': return own !== null && own < value
            case '>': return own !== null && own > value
            case '<=': return own !== null && own <= value
            case '>=': return own !== null && own >= value
            case 'IN': return has(own)
            case 'NOTIN': return !has(own)
            case 'LIKE': return own !== null && own.toLowerCase().startsWith(value.replace('%', '').toLowerCase())
            default: throw new Error(`the miniature has no ${operator}`)
        }
    }

    // Members.
    $.get = (on, name, soft = false) => {
        if (on === NOTHING) return NOTHING
        if (on === null || on === undefined) {
            if (soft) return NOTHING
            throw fail('NullPointerException', `${name} of null`)
        }
        if (Array.isArray(on) && on.length > 0 && on[0] instanceof SObject) return $.get($.only(on), name)
        if (on instanceof SObject) return on.parents && name in on.parents ? on.parents[name] : on.get(name)
        if (on instanceof Type) return staticValue(on.name, name)
        if (on instanceof ApexObject || on instanceof Bag || typeof on === 'function') {
            if (!(name in on)) throw new Error(`no member ${name} of ${on.constructor.apexName ?? JSON.stringify(on)}`)
            return on[name]
        }
        throw new Error(`no member ${name} of ${typeof on}`)
    }
    $.put = (on, name, value) => {
        if (on === null || on === undefined) throw fail('NullPointerException', `${name} of null`)
        if (on instanceof SObject) on.put(name, value ?? null)
        else on[name] = value
        return value
    }
    $.call = (on, name, given, soft = false, cast = null) => {
        if (on === NOTHING) return NOTHING
        if (on === null || on === undefined) {
            if (soft) return NOTHING
            throw fail('NullPointerException', `${name}() of null`)
        }
        if (on instanceof ApexObject && !(on instanceof ApexException)) {
            const method = on[`m_${name}_${given.length}`] ?? on[`m_${name}_${given.length}_${cast}`]
            if (method) return method.apply(on, given)
            throw new Error(`no method ${name} of ${on.constructor.apexName}`)
        }
        const methods = on instanceof Type ? (statics[on.name] ?? {}) : methodsOf(on)
        if (methods[name]) return (on instanceof Type ? methods[name](...given) : methods[name](on, ...given)) ?? null
        if (on instanceof Type && typeMethods[name]) return typeMethods[name](on, ...given)
        throw new Error(`the miniature has no ${on instanceof Type ? on.name : typeof on}.${name}()`)
    }

    function staticValue(owner, name) {
        if (name === 'Label' && owner === 'System') return type('Label')
        if (owner === 'Label') {
            if (!labels.has(name)) throw new Error(`there is no label ${name}`)
            return labels.get(name)
        }
        if (['SObjectType', 'class'].includes(name)) return type(owner)
        if (database.isObject(owner)) return new Field(type(owner), name)
        if (['StatusCode', 'AccessLevel', 'LoggingLevel', 'RoundingMode'].includes(owner)) return name
        return type(owner === 'System' ? name : `${owner}.${name}`)
    }

    const methodsOf = (on) => {
        if (typeof on === 'string') return strings
        if (typeof on === 'number') return numbers
        if (typeof on === 'boolean') return values
        if (Array.isArray(on)) return lists
        if (on instanceof Set) return sets
        if (on instanceof Map) return maps
        if (on instanceof SObject) return rows
        if (on instanceof Moment) return moments
        if (on instanceof Blob) return blobs
        if (on instanceof ApexException) return problems
        if (on instanceof Field) return fieldsOf
        return bags
    }
    const values = { equals: (a, b) => a === b }
    const idOf = (text) => database.typeOf(text)
    const strings = {
        ...values,
        length: (text) => text.length, left: (text, most) => text.slice(0, most), contains: (text, part) => text.includes(part), startsWith: (text, part) => text.startsWith(part), endsWith: (text, part) => text.endsWith(part),
        containsIgnoreCase: (text, part) => text.toLowerCase().includes(part.toLowerCase()), toLowerCase: (text) => text.toLowerCase(), replace: (text, from, to) => text.split(from).join(to),
        replaceAll: (text, from, to) => text.replace(new RegExp(from, 'g'), to), substring: (text, from, to) => text.slice(from, to), repeat: (text, times) => text.repeat(times), deleteWhitespace: (text) => text.replace(/\s/g, ''),
        split: (text, on, limit) => typed(limit === -1 ? text.split(new RegExp(on)) : text.split(new RegExp(on)).filter((part, at, parts) => part !== '' || at < parts.length - 1)),
        getSobjectType: (text) => type(idOf(text)), getSObjectType: (text) => type(idOf(text)),
    }
    const numbers = {
        ...values, intValue: Math.trunc, longValue: Math.trunc, setScale: (value, digits) => new Bag({ kind: 'Scaled', text: value.toFixed(digits) }),
    }
    const lists = {
        size: (rows) => rows.length, isEmpty: (rows) => rows.length === 0, add: (rows, one) => { rows.push(one) }, addAll: (rows, more) => { rows.push(...more) }, get: (rows, at) => $.at(rows, at), clone: (rows) => list(rows),
        remove: (rows, at) => rows.splice(at, 1)[0], sort: (rows) => { rows.sort((a, b) => (a < b ? -1 : 1)) }, contains: (rows, one) => rows.some((other) => other === one),
    }
    const sets = {
        size: (bag) => bag.size, isEmpty: (bag) => bag.size === 0, add: (bag, one) => { const had = bag.has(one); bag.add(one ?? null); return !had }, contains: (bag, one) => bag.has(one ?? null), remove: (bag, one) => bag.delete(one ?? null),
        removeAll: (bag, others) => { for (const one of $.each(others)) bag.delete(one) }, addAll: (bag, others) => { for (const one of $.each(others)) bag.add(one) }, clone: (bag) => new Set(bag),
    }
    const maps = {
        size: (bag) => bag.size, isEmpty: (bag) => bag.size === 0, get: (bag, key) => bag.get(key ?? null) ?? null, put: (bag, key, value) => { bag.set(key ?? null, value) }, containsKey: (bag, key) => bag.has(key ?? null), keySet: (bag) => new Set(bag.keys()),
        values: (bag) => typed([...bag.values()]), remove: (bag, key) => { const value = bag.get(key); bag.delete(key); return value }, clone: (bag) => new Map(bag),
        putAll: (bag, more) => { for (const row of $.each(more)) bag.set(row.fields.Id, row) },
    }
    const rows = {
        get: (row, name) => row.get(name), put: (row, name, value) => { row.put(name, value ?? null) }, addError: (row, message) => { (row.errors ??= []).push(message) }, getSObjectType: (row) => type(row.type), getSobjectType: (row) => type(row.type),
        clone: (row) => row.copy(false),
    }
    const pad = (value) => String(value).padStart(2, '0')
    const moments = {
        getTime: (one) => one.at, addMinutes: (one, many) => new Moment(one.at + many * 60000), addHours: (one, many) => new Moment(one.at + many * 3600000), addDays: (one, many) => new Moment(one.at + many * 86400000), dateGmt: (one) => one,
        formatGmt: (one, form) => {
            const at = new Date(one.at)
            const words = { yyyy: at.getUTCFullYear(), MM: pad(at.getUTCMonth() + 1), dd: pad(at.getUTCDate()), HH: pad(at.getUTCHours()), mm: pad(at.getUTCMinutes()), ss: pad(at.getUTCSeconds()) }
            return form.replace(/'([^']*)'|yyyy|MM|dd|HH|mm|ss/g, (word, quoted) => quoted ?? words[word])
        },
    }
    const blobs = { toString: (blob) => blob.bytes.toString('utf8') }
    const problems = { getMessage: (one) => one.said, setMessage: (one, text) => { one.said = text } }
    const fieldsOf = { getDescribe: (field) => new Bag({ kind: 'Describe', name: field.name }) }
    const typeMethods = {
        getDescribe: (one) => new Bag({ kind: 'Describe', name: one.name, fields: new Bag({ kind: 'Fields', type: one.name }) }),
        newInstance: (one) => make(one.name, {}), getSObjectType: (one) => one, toString: (one) => one.name,
        getAll: (one) => new Map([...(records.get(one.name) ?? [])].map(([name, given]) => [name, make(one.name, given)])),
        getInstance: (one, name) => (records.get(one.name)?.has(name) ? make(one.name, records.get(one.name).get(name)) : null),
    }
    const bags = {
        // Describe and patterns.
        getName: (bag) => bag.name, getMap: (bag) => new Map([...database.fieldNames(bag.type)].map(([key, name]) => [key, new Field(type(bag.type), name)])),
        matcher: (bag, text) => new Bag({ kind: 'Matcher', holds: new RegExp(`^(?:${bag.source})$`).test(text) }), matches: (bag) => bag.holds, toPlainString: (bag) => bag.text, getID: () => 'GMT',
        // HTTP.
        setMethod: (bag, word) => { bag.method = word }, setEndpoint: (bag, word) => { bag.endpoint = word }, setHeader: (bag, name, word) => { bag.headers.set(name, word) }, setTimeout: () => null, setBody: (bag, word) => { bag.body = word }, setStatusCode: (bag, word) => { bag.status = word },
        getHeader: (bag, name) => bag.headers.get(name) ?? null, getBody: (bag) => bag.body, getStatusCode: (bag) => bag.status, getEndpoint: (bag) => bag.endpoint, getMethod: (bag) => bag.method,
        send: (_, request) => {
            if (state.pending) throw fail('CalloutException', 'You have uncommitted work pending. Please commit or rollback before calling out')
            count('callout')
            return state.mock.m_respond_1(request)
        },
        // Results of writing.
        isSuccess: (bag) => !bag.problem, getId: (bag) => bag.row.fields.Id, getErrors: (bag) => typed(bag.problem ? [new Bag({ kind: 'Error', ...bag.problem })] : []), getStatusCode_: (bag) => bag.code, getMessage: (bag) => bag.message,
        // The rest.
        deliver: () => {
            const events = database.published.splice(0)
            state.context = new Bag({ kind: 'TriggerContext', retries: 0 })
            try { if (events.length) triggers.get('Verification_Result__e')(events, null) } finally { state.context = null }
        },
        setResumeCheckpoint: () => null,
        start: (bag) => { state.started.push(bag) },
    }
    // The same name means two things on two classes.
    bags.getStatusCode = (bag) => (bag.kind === 'Error' ? bag.code : bag.status)

    const toApex = (value) => {
        if (Array.isArray(value)) return typed(value.map(toApex))
        return value && typeof value === 'object' ? new Map(Object.entries(value).map(([key, one]) => [key, toApex(one)])) : value
    }
    const fromApex = (value) => {
        if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [key, fromApex(one)]))
        if (Array.isArray(value)) return value.map(fromApex)
        return value instanceof Moment ? new Date(value.at).toISOString() : value
    }
    const assert = (holds, message) => { if (!holds) throw fail('AssertException', message) }
    const show = (value) => (value instanceof SObject ? JSON.stringify(value.fields) : value instanceof Type ? value.name : String(value))
    const write = (action) => (given, second) => {
        const isWhole = second !== false
        const results = save(action, Array.isArray(given) ? given : [given], isWhole)
        return Array.isArray(given) ? results : results[0]
    }
    const bytesOf = (one) => one.bytes
    const statics = {
        System: {
            debug: () => null, currentTimeMillis: () => Date.now(), schedule: () => null,
            enqueueJob: (job) => { count('job'); state.jobs.push(job) },
        },
        Test: {
            isRunningTest: () => true, setMock: (_, mock) => { state.mock = mock }, startTest: fresh, getEventBus: () => new Bag({ kind: 'Bus' }),
            stopTest: () => {
                for (const job of state.jobs.splice(0)) {
                    fresh()
                    const execute = job.m_execute_1 ?? job.m_execute_1_QueueableContext
                    execute.call(job, null)
                }
                fresh()
            },
            setCreatedDate: (id, at) => { database.table(database.typeOf(id)).get(id).fields.CreatedDate = at },
        },
        Assert: {
            areEqual: (a, b, message) => assert(a instanceof Moment ? a.at === b?.at : typeof a === 'object' && a !== null ? a === b : (a ?? null) === (b ?? null), `${show(a)} expected, not ${show(b)}. ${message ?? ''}`),
            areNotEqual: (a, b, message) => assert((a ?? null) !== (b ?? null), `not ${show(a)}. ${message ?? ''}`),
            isTrue: (a, message) => assert(a === true, `true expected. ${message ?? ''}`), isFalse: (a, message) => assert(a === false, `false expected. ${message ?? ''}`),
            isNull: (a, message) => assert((a ?? null) === null, `null expected, not ${show(a)}. ${message ?? ''}`), isNotNull: (a, message) => assert((a ?? null) !== null, `something expected. ${message ?? ''}`), fail: (message) => assert(false, message),
        },
        Limits: {
            getCallouts: () => state.counts.callout ?? 0, getLimitCallouts: () => most.callout, getQueueableJobs: () => state.counts.job ?? 0, getLimitQueueableJobs: () => most.job, getQueries: () => state.counts.query ?? 0, getDmlStatements: () => state.counts.dml ?? 0,
            getCpuTime: () => 0, getLimitCpuTime: () => 10000,
        },
        UserInfo: {
            getUserId: () => state.user, getOrganizationId: () => ORG, getName: () => 'Test User', getProfileId: () => database.table('User').get(state.user).fields.ProfileId, getTimeZone: () => new Bag({ kind: 'TimeZone' }), getLocale: () => 'en_US', getLanguage: () => 'en_US',
        },
        JSON: {
            serialize: (value) => JSON.stringify(fromApex(value)),
            deserializeUntyped: (text) => { try { return toApex(JSON.parse(text)) } catch { throw fail('TypeException', 'no JSON') } },
            deserialize: (text, target) => {
                const { attributes: _, ...given } = JSON.parse(text)
                return make(target.name, Object.fromEntries(Object.entries(given).map(([name, value]) => {
                    const isMoment = fields.get(target.name)?.get(name)?.type === 'DateTime'
                    const isText = ['Text', 'LongTextArea'].includes(fields.get(target.name)?.get(name)?.type)
                    return [name, isMoment ? new Moment(Date.parse(value)) : isText && value !== null ? String(value) : value]
                })))
            },
        },
        Crypto: {
            generateDigest: (_, blob) => new Blob(crypto.createHash('sha256').update(blob.bytes).digest()),
            verify: (algorithm, data, signature, key) => {
                assert(algorithm === 'RSA-SHA256', algorithm)
                return crypto.verify('RSA-SHA256', bytesOf(data), crypto.createPublicKey({ key: bytesOf(key), format: 'der', type: 'spki' }), bytesOf(signature))
            },
        },
        EncodingUtil: { base64Decode: (text) => new Blob(Buffer.from(text, 'base64')), convertToHex: (blob) => blob.bytes.toString('hex') },
        Blob: { valueOf: (text) => new Blob(Buffer.from(text, 'utf8')) },
        Datetime: { now, newInstance: (at) => new Moment(at), newInstanceGmt: (...parts) => new Moment(Date.UTC(parts[0], parts[1] - 1, ...parts.slice(2))), valueOfGmt: (text) => new Moment(Date.parse(`${text.replace(' ', 'T')}Z`)) },
        Date: { today: now },
        Pattern: { compile: (source) => new Bag({ kind: 'Pattern', source }), matches: (source, text) => new RegExp(`^(?:${source})$`).test(text) },
        UUID: { randomUUID: () => new Bag({ kind: 'UUID', toString: () => newKey() }) },
        String: {
            isBlank: (text) => (text ?? '').trim() === '', isNotBlank: (text) => (text ?? '').trim() !== '', join: (parts, between) => [...$.each(parts)].join(between), valueOf: (value) => (typeof value === 'object' && !(value instanceof Field) ? show(value) : String(value)),
            format: (text, parts) => text.replace(/\{(\d)\}/g, (_, at) => parts[at]),
        },
        Integer: { valueOf: (text) => Number.parseInt(text, 10) },
        Id: { valueOf: (text) => { if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(text)) throw fail('StringException', 'Invalid id'); return text } },
        Math: { min: Math.min, mod: (a, b) => a % b },
        Type: { forName: (name) => (database.isObject(name) ? type(name) : null) },
        Database: {
            insert: write('insert'), update: write('update'), upsert: write('upsert'),
            queryWithBinds: (text, binds) => {
                const [, wanted, from] = /^SELECT (.*) FROM (\w+) WHERE Id IN :ids$/.exec(text)
                return $.query({ from, fields: wanted.split(', '), where: (row) => binds.get('ids').has(row.fields.Id), order: [], limit: Infinity })
            },
        },
        FeatureManagement: { checkPermission: (name) => [...database.table('PermissionSetAssignment').values()].filter((row) => row.fields.AssigneeId === state.user).some((row) => permissions.get(database.table('PermissionSet').get(row.fields.PermissionSetId).fields.Name)?.includes(name)) },
        EventBus: { publish: (event) => { database.published.push(event); return new Bag({ kind: 'SaveResult', row: event, problem: null }) } },
        'EventBus.TriggerContext': { currentContext: () => state.context },
        'Flow.Interview': { createInterview: (name, inputs) => { if (!flows.has(name)) throw fail('TypeException', `there is no flow ${name}`); return new Bag({ kind: 'Interview', name, inputs }) } },
    }
    bags.toString = (bag) => bag.toString()

    $.prepare = () => {
        for (const [object, body] of triggerBodies) triggers.set(object, (news, before) => body($, typed(news), before))
        const profile = (name) => { const row = make('Profile', { Name: name }); database.write('insert', row); return row.fields.Id }
        const administrator = profile('System Administrator')
        profile('Standard User')
        for (const name of permissions.keys()) database.write('insert', make('PermissionSet', { Name: name }))
        const user = make('User', { FirstName: 'Test', LastName: 'User', Email: 'test@example.com', ProfileId: administrator })
        database.write('insert', user)
        state.user = user.fields.Id
        database.user = state.user
    }
    return $
}
