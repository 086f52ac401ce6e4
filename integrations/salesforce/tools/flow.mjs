// Words for writing flows: each makes one element, as Flow Builder would store it.

const escape = (value) => String(value).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&apos;')

export const text = (value) => ({ string: value })
export const ref = (reference) => ({ reference })
export const yes = { boolean: true }

const value = (one) => {
    if ('reference' in one) return { elementReference: one.reference }
    if ('boolean' in one) return { booleanValue: one.boolean }
    if ('number' in one) return { numberValue: one.number }
    return { stringValue: one.string }
}
const target = (name) => (name ? { targetReference: name } : undefined)
const label = (name) => name.replaceAll('_', ' ')
const sorted = (fields) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
const inputs = (fields) => sorted(fields).map(([name, one]) => ({ name, value: value(one) }))
const assignments = (fields) => sorted(fields).map(([field, one]) => ({ field, value: value(one) }))
const filters = (list) => list.map((one) => ({ ...one, value: value(one.value) }))

/** An action. `commits`: in a screen flow, write what was done before calling out. */
export function action(name, actionName, fields, next, fault, commits = false) {
    const isApex = actionName.startsWith('Ipse')
    return {
        element: 'actionCalls',
        body: {
            name, label: label(name), locationX: 176, locationY: 134, actionName, actionType: isApex ? 'apex' : actionName,
            connector: target(next), faultConnector: target(fault), flowTransactionModel: commits ? 'Automatic' : 'CurrentTransaction',
            inputParameters: inputs(fields), nameSegment: actionName, storeOutputAutomatically: true,
        },
    }
}

export function assign(name, fields, next) {
    const assignmentItems = Object.entries(fields).map(([assignToReference, one]) => ({ assignToReference, operator: 'Assign', value: value(one) }))
    return { element: 'assignments', body: { name, label: label(name), locationX: 176, locationY: 134, assignmentItems, connector: target(next) } }
}

/** Conditions: the action's outcome is one of these. */
export const outcomeIs = (call, ...outcomes) => Object.assign(outcomes.map((outcome) => [`${call}.outcome`, 'EqualTo', text(outcome)]), { logic: 'or' })

/** `rules`: [name, conditions, next]; what fits none goes to `otherwise`. */
export function decide(name, rules, otherwise) {
    return {
        element: 'decisions',
        body: {
            name, label: label(name), locationX: 176, locationY: 134, defaultConnector: target(otherwise), defaultConnectorLabel: 'Otherwise',
            rules: rules.map(([rule, conditions, next]) => ({
                name: `${name}_${rule}`, conditionLogic: conditions.logic ?? 'and',
                conditions: conditions.map(([leftValueReference, operator, right]) => ({ leftValueReference, operator, rightValue: value(right) })),
                connector: target(next), label: label(rule),
            })),
        },
    }
}

/** Waits for the event with these values, and looks again each hour. */
export function pause(name, eventType, fields, output, next, fault) {
    return {
        element: 'waits',
        body: {
            name, label: label(name), locationX: 176, locationY: 134, defaultConnectorLabel: 'Otherwise', faultConnector: target(fault),
            waitEvents: [
                { name: `${name}_Result`, conditionLogic: 'and', connector: target(next), eventType, inputParameters: inputs(fields), label: 'Result', outputParameters: [{ assignToReference: output, name: eventType }] },
                {
                    name: `${name}_Hour`, conditionLogic: 'and', connector: target(next), eventType: 'AlarmEvent',
                    inputParameters: [
                        { name: 'AlarmTime', value: value(ref('$Flow.CurrentDateTime')) },
                        { name: 'TimeOffset', value: value({ number: '1.0' }) },
                        { name: 'TimeOffsetUnit', value: value(text('Hours')) },
                    ],
                    label: 'An hour has passed',
                },
            ],
        },
    }
}

/** Reads one record, with these fields alone. */
export function get(name, object, where, queriedFields, next, fault) {
    return { element: 'recordLookups', body: { name, label: label(name), locationX: 176, locationY: 134, assignNullValuesIfNoRecordsFound: false, connector: target(next), faultConnector: target(fault), filterLogic: 'and', filters: filters(where), getFirstRecordOnly: true, object, queriedFields, storeOutputAutomatically: true } }
}

export function update(name, object, where, fields, next, fault) {
    return { element: 'recordUpdates', body: { name, label: label(name), locationX: 176, locationY: 134, connector: target(next), faultConnector: target(fault), filterLogic: 'and', filters: filters(where), inputAssignments: assignments(fields), object } }
}

export function create(name, object, fields, next, fault) {
    return { element: 'recordCreates', body: { name, label: label(name), locationX: 176, locationY: 134, connector: target(next), faultConnector: target(fault), inputAssignments: assignments(fields), object, storeOutputAutomatically: true } }
}

export const textOf = (name, html) => ({ name, fieldText: html, fieldType: 'DisplayText' })

export function screen(name, heading, fields, next) {
    const shown = fields.map((field) => field.component
        ? { name: field.component.name, extensionName: field.component.extension, fieldType: 'ComponentInstance', inputParameters: inputs(field.component.inputs), inputsOnNextNavToAssocScrn: 'UseStoredValues', isRequired: true, storeOutputAutomatically: true }
        : field)
    return { element: 'screens', body: { name, label: heading, locationX: 176, locationY: 134, allowBack: false, allowFinish: true, allowPause: false, connector: target(next), fields: shown, showFooter: true, showHeader: true } }
}

export function variable(name, dataType, { input = false, output = false, object, value: initial } = {}) {
    return { element: 'variables', body: { name, dataType, isCollection: false, isInput: input, isOutput: output, objectType: object, value: initial && value(initial) } }
}

function start({ first, trigger }) {
    return {
        locationX: 50, locationY: 0, connector: target(first),
        ...(trigger && {
            filterFormula: trigger.formula, object: trigger.object, recordTriggerType: trigger.when, triggerType: trigger.type,
        }),
    }
}

/** A whole flow: { name, xml }. */
export function flow({ name, label: title, description, kind, first, trigger, elements, variables }) {
    const body = {}
    for (const { element, body: one } of [...elements, ...variables]) (body[element] ??= []).push(one)
    for (const list of Object.values(body)) list.sort((a, b) => (a.name < b.name ? -1 : 1))
    // Spread out top down, so that the free canvas shows them apart, too.
    elements.forEach(({ body: one }, at) => { one.locationY = 134 + 108 * at })
    const metadata = (key, word) => ({ name: key, value: { stringValue: word } })
    Object.assign(body, {
        apiVersion: '66.0', description, environments: 'Default', interviewLabel: `${title} {!$Flow.CurrentDateTime}`, label: title,
        processMetadataValues: [metadata('BuilderType', 'LightningFlowBuilder'), metadata('CanvasMode', 'AUTO_LAYOUT_CANVAS'), metadata('OriginBuilderType', 'LightningFlowBuilder')],
        processType: kind, start: start({ first, trigger }), status: 'Active', triggerOrder: trigger?.order,
    })
    const nodes = sorted(body).map(([key, one]) => node(key, one, 1)).join('')
    return { name, xml: `<?xml version="1.0" encoding="UTF-8"?>\n<Flow xmlns="http://soap.sforce.com/2006/04/metadata">\n${nodes}</Flow>\n` }
}

function node(name, one, depth) {
    const indent = '    '.repeat(depth)
    if (one === undefined) return ''
    if (Array.isArray(one)) return one.map((each) => node(name, each, depth)).join('')
    if (typeof one !== 'object') return `${indent}<${name}>${escape(one)}</${name}>\n`
    return `${indent}<${name}>\n${Object.entries(one).map(([key, inner]) => node(key, inner, depth + 1)).join('')}${indent}</${name}>\n`
}
