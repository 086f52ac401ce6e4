// Flows: the shipped ones, read from their records, with exactly the kinds of step that stand in them. What a step of the
// platform's does follows its documentation; what it does not say stops the flow.
import { decode } from './query.mjs'
import { field, seconds } from './tables.mjs'

// The platform's own steps, by id, the same on every instance.
const WAIT = '89ce8a4187120010663ca1bb36cb0be3'
const LOOK_UP = '9d09f99587003300663ca1bb36cb0ba3'
const SCRIPT_STEP = '106afb6647032200b4fad7527c9a71e7'
const SCRIPT_TEXT = '71aa7f6647032200b4fad7527c9a719b'
const IF = 'af4e1945c3e232002841b63b12d3ae3e'
const ELSE = '1f781bf3c32232002841b63b12d3aee6'
const ASSIGN = 'df4e1945c3e232002841b63b12d3ae3e'

export function flows(self, host, run) {
    const contexts = []
    const packed = (record, name) => JSON.parse(host.unpack(field(record, name)))
    const of = (table, column, value) => self.of(table).filter((record) => field(record, column) === value)
    const ordered = (list) => list.sort((a, b) => Number(field(a, 'order')) - Number(field(b, 'order')))

    // A value with what its pills ({{step.output}}) stand for; a pill that nothing stands for is an error.
    const filled = (text, known) => (typeof text === 'string' ? text.replace(/\{\{([^}]+)\}\}/g, (_, pill) => {
        const step = /^step\[([^\]]+)\]\.(.+)$/.exec(pill)
        const path = step ? [step[1], step[2]] : pill.split('.')
        const value = path.reduce((at, key) => (at === undefined ? undefined : at[key]), known)
        if (value === undefined) throw new Error(`nothing stands for {{${pill}}}`)
        return String(value)
    }) : text)
    const inputsOf = (list, known) => Object.fromEntries(list.map(({ name, value }) => [name, filled(value, known)]))
    const assigned = (list) => Object.fromEntries(list.map(({ name, value }) => [name, value === 'true' ? true : value === 'false' ? false : value]))
    const holds = (condition, known) => filled(condition, known).split('^').every((part) => {
        const [have, want, more] = part.split('=')
        if (want === undefined || more !== undefined) throw new Error(`the condition ${condition} is not simulated`)
        return have === want
    })
    // An instance does not run what is not published.
    const published = (name) => [...self.of('sys_hub_flow')].find((flow) => field(flow, 'name') === name && self.tables.rows('sys_hub_flow').get(field(flow, 'sys_id'))?.status === 'published')

    // Steps of the platform. `core.wait` pauses until the record is changed so that the conditions hold, is deleted, or
    // the time is over.
    const core = {
        *wait({ table_name, record, conditions, timeout_flag, timeout_duration }) {
            const until = timeout_flag ? self.clock + seconds(timeout_duration) * 1000 : Infinity
            for (;;) {
                const row = self.tables.rows(table_name).get(record)
                if (!row || matches(table_name, row, conditions)) return { state: 0 }
                if (self.clock >= until) return { state: 1 }
                yield { table: table_name, record, until }
            }
        },
        lookUp({ table, conditions }) {
            const found = [...self.tables.rows(table).values()].find((row) => matches(table, row, conditions))
            return { status: found ? 0 : 1, record: found?.sys_id ?? '' }
        },
        create(table, values) {
            const record = new self.GlideRecord(table, true)
            record.initialize()
            for (const [name, value] of Object.entries(values)) record.setValue(name, value)
            return { record: record.write('insert') ?? '' }
        },
        update(table, id, values) {
            const record = self.loaded(table, self.tables.rows(table).get(id))
            for (const [name, value] of Object.entries(values)) record.setValue(name, value)
            return { status: record.write('update') ? 0 : 1 }
        },
    }
    const matches = (table, row, conditions) => {
        const record = self.loaded(table, row)
        return decode(conditions).every((group) => group.some(({ field: name, operator, value }) => self.filter(record, `${name}${operator}${value}`)))
    }

    function* action(step, known) {
        const inputs = inputsOf(packed(step, 'values'), known)
        const type = field(step, 'action_type')
        if (type === WAIT) return yield* core.wait(inputs)
        if (type === LOOK_UP) return core.lookUp(inputs)
        if (of('sys_hub_action_type_definition', 'sys_id', type).length !== 1) throw new Error(`the step ${type} is not simulated`)
        if (self.tables.rows('sys_hub_action_type_definition').get(type)?.state !== 'published') throw new Error(`the action ${type} is not published`)
        const steps = { action: inputs }
        for (const script of ordered(of('sys_hub_step_instance', 'action', type))) {
            if (field(script, 'step_type') !== SCRIPT_STEP) throw new Error(`the step ${field(script, 'step_type')} is not simulated`)
            const id = field(script, 'sys_id')
            const text = of('sys_variable_value', 'document_key', id).find((one) => field(one, 'variable') === SCRIPT_TEXT)
            const outputs = {}
            const given = Object.fromEntries(of('sys_element_mapping', 'id', id).map((one) => [field(one, 'field'), filled(field(one, 'value'), steps)]))
            run(field(text, 'value'), { inputs: given, outputs }, `step ${field(script, 'label')}`)
            steps[field(script, 'cid')] = outputs
        }
        return Object.fromEntries(of('sys_element_mapping', 'id', type).map((one) => [field(one, 'field'), filled(field(one, 'value'), steps)]))
    }

    function* subflow(name, inputs) {
        const flow = published(name)
        if (!flow) throw new Error(`the flow ${name} is not published`)
        const own = (table) => of(table, 'flow', field(flow, 'sys_id'))
        const all = ordered([...own('sys_hub_action_instance_v2'), ...own('sys_hub_flow_logic_instance_v2'), ...own('sys_hub_sub_flow_instance_v2')])
        const known = { subflow: inputs, ...inputs.trigger }
        const outputs = {}
        function* block(parent) {
            let met = null
            for (const step of all.filter((one) => field(one, 'parent_ui_id') === parent)) {
                const id = field(step, 'ui_id')
                const logic = field(step, 'logic_definition')
                if (step.table === 'sys_hub_action_instance_v2') known[id] = yield* action(step, known)
                else if (step.table === 'sys_hub_sub_flow_instance_v2') {
                    const inner = of('sys_hub_flow', 'sys_id', field(step, 'subflow'))[0]
                    known[id] = yield* subflow(field(inner, 'name'), inputsOf(packed(step, 'subflow_inputs'), known))
                } else if (logic === IF) {
                    met = holds(packed(step, 'values').inputs[0].value, known)
                    if (met) yield* block(id)
                } else if (logic === ELSE) {
                    if (met === false) yield* block(id)
                } else if (logic === ASSIGN) Object.assign(outputs, assigned(packed(step, 'values').outputsToAssign))
                else throw new Error(`the logic ${logic} is not simulated`)
            }
        }
        yield* block('')
        return outputs
    }

    // Begins a flow: a generator that uses the steps above.
    const start = (name, about, flow) => {
        const context = { name, about, flow, state: 'running', wait: null, due: true, error: '' }
        contexts.push(context)
        return context
    }

    // Shipped flows that begin when a record is made.
    const triggered = (record) => {
        for (const trigger of self.of('sys_hub_trigger_instance_v2')) {
            const flow = of('sys_hub_flow', 'sys_id', field(trigger, 'flow'))[0]
            const asked = inputsOf(packed(trigger, 'trigger_inputs'), {})
            if (!published(field(flow, 'name')) || asked.table !== record.getTableName() || !matches(asked.table, record.row, asked.condition)) continue
            const order = field(of('sys_hub_sub_flow_instance_v2', 'flow', field(flow, 'sys_id'))[0], 'order')
            start(field(flow, 'name'), record.row.sys_id, subflow(field(flow, 'name'), { trigger: { [`Created_${order}`]: { current: { ...record.row } } } }))
        }
    }

    return {
        contexts, core, subflow, start,
        /** After a record was stored: who waits for it is due. */
        follow(record) {
            if (record.operation() === 'insert') triggered(record)
            for (const context of contexts) context.due ||= context.wait?.table === record.getTableName() && context.wait.record === record.row.sys_id
        },
        /** Whose time is over, or whose record is gone, is due. */
        tick() {
            for (const context of contexts) context.due ||= context.wait !== null && (self.clock >= context.wait.until || !self.tables.rows(context.wait.table).has(context.wait.record))
        },
        /** Goes on with one flow that is due; whether there was one. */
        resume() {
            const context = contexts.find((one) => one.due && one.state === 'running')
            if (!context) return false
            context.due = false
            try {
                const step = context.flow.next()
                context.wait = step.done ? null : step.value
                if (step.done) context.state = 'complete'
            } catch (e) {
                Object.assign(context, { state: 'error', wait: null, error: String(e) })
                self.log.push(['error', `Flow ${context.name}: ${e}`])
            }
            return true
        },
    }
}
