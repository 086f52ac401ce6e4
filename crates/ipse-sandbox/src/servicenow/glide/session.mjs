// What a script finds beside records: `gs`, times, signatures, calls to other servers.
import { field } from './tables.mjs'

/** An object that throws where it is asked for what it does not have. */
export const strict = (name, object) => new Proxy(object, {
    get(target, key) {
        if (!(key in target) && typeof key !== 'symbol') throw new Error(`${name}.${String(key)} is not simulated`)
        return target[key]
    },
})

export function session(self) {
    return {
        getProperty: (name, otherwise) => self.properties.get(name) ?? otherwise,
        eventQueue(name, record, parm1, parm2) {
            if (!self.of('sysevent_register').some((event) => field(event, 'event_name') === name)) throw new Error(`the event ${name} is not registered`)
            self.events.push({ name, table: record.getTableName(), id: record.getUniqueValue(), parm1, parm2 })
        },
        info: (text) => self.log.push(['info', text]),
        warn: (text) => self.log.push(['warn', text]),
        error: (text) => self.log.push(['error', text]),
        addErrorMessage: (text) => self.messages.push(text),
        getUserID: () => self.user?.id ?? null,
        getUserName: () => self.user?.name ?? 'guest',
        getUserDisplayName: () => self.user?.name ?? 'Guest',
        hasRole: (role) => self.roles().includes(role),
    }
}

export function globals(self, host) {
    class GlideDateTime {
        constructor(value) {
            if (value !== undefined && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(value))) throw new Error(`GlideDateTime(${value})`)
            this.at = value === undefined ? self.clock : Date.parse(`${String(value).replace(' ', 'T')}Z`)
        }

        getNumericValue() { return this.at }
        getValue() { return self.stamp(this.at) }
        addSeconds(seconds) { this.at += seconds * 1000 }
        addDaysUTC(days) { this.at += days * 86_400_000 }
        toString() { return this.getValue() }
    }
    class CertificateEncryption {
        generateMac(key, algorithm, text) {
            if (algorithm !== 'HmacSHA256') throw new Error(algorithm)
            return host.hmac(key, text)
        }
    }
    class RESTMessageV2 {
        constructor() { Object.assign(this, { headers: {}, body: '', mid: '', plain: false }) }
        setEndpoint(url) { this.url = url }
        setHttpMethod(method) { this.method = method }
        setRequestHeader(name, value) { this.headers[name] = String(value) }
        setRequestBody(body) { this.body = body }
        setHttpTimeout(milliseconds) { this.timeout = milliseconds }
        setMIDServer(name) { this.mid = name }
        disableForcedVariableSubstitution() { this.plain = true }
        execute() {
            if (this.mid) throw new Error('a MID Server answers only asynchronously')
            return this.exchange()
        }

        executeAsync() { return { ...this.exchange(), waitForResponse() {} } }
        exchange() {
            if (!this.plain && /\$\{/.test(this.body)) throw new Error('variables would be substituted in the body')
            const call = { method: this.method, url: this.url, headers: this.headers, body: this.body, mid: this.mid, timeout: this.timeout }
            self.calls.push(call)
            const answer = self.http(call)
            return { getStatusCode: () => answer.status, getBody: () => (answer.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)) }
        }
    }
    const FlowAPI = {
        publish(id) {
            const flow = self.tables.rows('sys_hub_flow').get(id)
            flow.status = 'published'
        },
    }
    return { GlideDateTime, CertificateEncryption, sn_ws: strict('sn_ws', { RESTMessageV2 }), sn_fd: { FlowAPI }, global: { AbstractAjaxProcessor: { getParameter() { throw new Error('no parameters') } } } }
}
