// What one part of the package says of another: names that nothing else checks before a deployment does.
import { all, deep, text } from '../xml.mjs'
import { invocable } from './source.mjs'

const CONNECTORS = ['connector', 'defaultConnector', 'faultConnector', 'nextValueConnector', 'noMoreValuesConnector']

export function flows({ flows, apex, components, has, root: _ }) {
    const wrong = []
    for (const [name, flow] of flows) {
        const elements = flow.children.filter((child) => text(child, 'name') !== '' && !['processMetadataValues'].includes(child.name))
        const named = new Map(elements.map((element) => [text(element, 'name'), element]))
        const at = (element) => `${name}: ${text(element, 'name')}`
        if (named.size !== elements.length) wrong.push(`${name}: a name twice`)
        for (const connector of CONNECTORS.flatMap((kind) => deep(flow, kind))) {
            const target = text(connector, 'targetReference')
            if (!named.has(target)) wrong.push(`${name}: leads to ${target}, which is not there`)
        }
        const calls = new Map()
        for (const call of all(flow, 'actionCalls').filter((one) => text(one, 'actionType') === 'apex')) {
            const action = invocable(apex.get(text(call, 'actionName')) ?? '')
            if (!action) {
                wrong.push(`${at(call)}: ${text(call, 'actionName')} is no action`)
                continue
            }
            calls.set(text(call, 'name'), action)
            const given = all(call, 'inputParameters').map((input) => text(input, 'name'))
            for (const input of given) if (!action.inputs.has(input)) wrong.push(`${at(call)}: no input ${input}`)
            for (const [input, { required }] of action.inputs) if (required && !given.includes(input)) wrong.push(`${at(call)}: the input ${input} is missing`)
        }
        for (const reference of ['elementReference', 'leftValueReference'].flatMap((kind) => deep(flow, kind).map((one) => one.text))) {
            const [base, field] = reference.split('.')
            if (base.startsWith('$')) continue
            if (!named.has(base)) wrong.push(`${name}: refers to ${base}, which is not there`)
            else if (calls.has(base) && !calls.get(base).outputs.has(field)) wrong.push(`${name}: ${base} has no output ${field}`)
        }
        for (const assigned of deep(flow, 'assignToReference').map((one) => one.text.split('.')[0])) {
            if (!assigned.startsWith('$') && !named.has(assigned)) wrong.push(`${name}: writes to ${assigned}, which is not there`)
        }
        const start = all(flow, 'start')[0]
        for (const element of [...all(flow, 'recordUpdates'), ...all(flow, 'recordCreates'), ...all(flow, 'recordLookups')]) {
            const object = text(element, 'object')
            const fields = [...all(element, 'filters'), ...all(element, 'inputAssignments')].map((one) => text(one, 'field')).concat(all(element, 'queriedFields').map((one) => one.text))
            for (const field of fields) if (!has(object, field)) wrong.push(`${at(element)}: ${object} has no field ${field}`)
        }
        for (const field of [...JSON.stringify(flow).matchAll(/\$Record\.(\w+__c)/g)].map(([, one]) => one)) {
            if (!has(text(start, 'object'), field)) wrong.push(`${name}: ${text(start, 'object')} has no field ${field}`)
        }
        for (const event of deep(flow, 'waitEvents').filter((one) => text(one, 'eventType') !== 'AlarmEvent')) {
            for (const input of all(event, 'inputParameters')) if (!has(text(event, 'eventType'), text(input, 'name'))) wrong.push(`${name}: ${text(event, 'eventType')} has no field ${text(input, 'name')}`)
        }
        for (const field of deep(flow, 'fields').filter((one) => text(one, 'extensionName').startsWith('c:'))) {
            const component = components.get(text(field, 'extensionName').slice(2))
            const properties = component ? deep(component.meta, 'targetConfig').filter((one) => one.attributes['@_targets']?.includes('lightning__FlowScreen')).flatMap((one) => all(one, 'property')) : []
            const offered = properties.map((one) => one.attributes['@_name'])
            if (!component) wrong.push(`${name}: there is no component ${text(field, 'extensionName')}`)
            else for (const input of all(field, 'inputParameters')) if (!offered.includes(text(input, 'name'))) wrong.push(`${name}: ${text(field, 'extensionName')} has no property ${text(input, 'name')}`)
        }
        for (const call of [...all(flow, 'actionCalls'), ...all(flow, 'recordUpdates'), ...all(flow, 'recordCreates'), ...all(flow, 'recordLookups'), ...all(flow, 'waits')]) {
            if (!all(call, 'faultConnector').length) wrong.push(`${at(call)}: nothing happens if it fails`)
        }
    }
    return wrong
}

/** A flow that was woken by an event asks the server before anything is released. */
export function releases({ flows }) {
    const wrong = []
    for (const [name, flow] of flows) {
        for (const event of deep(flow, 'waitEvents')) {
            const next = text(all(event, 'connector')[0] ?? { children: [] }, 'targetReference')
            const call = all(flow, 'actionCalls').find((one) => text(one, 'name') === next)
            if (text(call ?? { children: [] }, 'actionName') !== 'IpseCheckVerification') wrong.push(`${name}: woken, it goes to ${next || 'nowhere'} instead of asking the server`)
        }
    }
    return wrong
}

export function permissions({ permissionSets, apex, flows, fields, has, customPermissions, applications, tabs, principals }) {
    const wrong = []
    const granted = new Set()
    const objects = new Set(fields.keys())
    for (const [name, set] of permissionSets) {
        const each = (kind, child, is, what) => {
            for (const one of all(set, kind)) if (!is(text(one, child))) wrong.push(`${name}: there is no ${what} ${text(one, child)}`)
        }
        for (const one of all(set, 'classAccesses')) granted.add(text(one, 'apexClass'))
        each('classAccesses', 'apexClass', (one) => apex.has(one), 'class')
        each('flowAccesses', 'flow', (one) => flows.has(one), 'flow')
        each('customPermissions', 'name', (one) => customPermissions.has(one), 'custom permission')
        each('customMetadataTypeAccesses', 'name', (one) => objects.has(one), 'custom metadata type')
        each('objectPermissions', 'object', (one) => objects.has(one), 'object')
        each('tabSettings', 'tab', (one) => tabs.has(one), 'tab')
        each('applicationVisibilities', 'application', (one) => applications.has(one), 'application')
        each('externalCredentialPrincipalAccesses', 'externalCredentialPrincipal', (one) => principals.has(one), 'principal')
        for (const one of all(set, 'fieldPermissions')) {
            const [object, field] = text(one, 'field').split('.')
            if (!has(object, field)) wrong.push(`${name}: ${object} has no field ${field}`)
            else if (fields.get(object)?.get(field)?.required) wrong.push(`${name}: ${object}.${field} is required, so it cannot be named here`)
            if (object === 'Ipse_Verification__c' && text(one, 'editable') === 'true') wrong.push(`${name}: may write ${object}.${field}, and so invent an approval`)
        }
        for (const one of all(set, 'objectPermissions')) {
            const object = text(one, 'object')
            const writes = ['allowCreate', 'allowEdit', 'allowDelete', 'modifyAllRecords'].filter((right) => text(one, right) === 'true')
            const may = name === 'Ipse_Integration' && object === 'Verification_Result__e' ? ['allowCreate'] : []
            for (const right of writes.filter((each_) => !may.includes(each_))) wrong.push(`${name}: ${right} on ${object} would let its users invent an approval`)
        }
    }
    for (const [name, code] of apex) {
        const isCalled = /@(InvocableMethod|AuraEnabled)/.test(code)
        if (isCalled && !granted.has(name)) wrong.push(`${name}: no permission set lets anybody call it`)
    }
    return wrong
}

export function components({ components, apex, labels, triggers, read }) {
    const wrong = []
    const used = new Set()
    for (const [name, { code }] of components) {
        for (const [, type, method] of code.matchAll(/'@salesforce\/apex\/(\w+)\.(\w+)'/g)) {
            const declared = new RegExp(`@AuraEnabled(\\([^)]*\\))?\\s+public static [\\w<>., ]+ ${method}\\(`)
            if (!declared.test(apex.get(type) ?? '')) wrong.push(`${name}: there is no ${type}.${method} for components`)
        }
        for (const [, label] of code.matchAll(/'@salesforce\/label\/c\.(\w+)'/g)) {
            used.add(label)
            if (!labels.has(label)) wrong.push(`${name}: there is no label ${label}`)
        }
    }
    for (const code of [...apex.values(), ...triggers.values()]) for (const [, label] of code.matchAll(/System\.Label\.(\w+)/g)) used.add(label)
    for (const label of used) if (!labels.has(label)) wrong.push(`there is no label ${label}`)
    for (const label of labels) if (!used.has(label)) wrong.push(`the label ${label} is used nowhere`)
    // Every status that a record may have has a name on the page.
    const statuses = [...read('objects/Ipse_Verification__c/fields/Status__c.field-meta.xml').matchAll(/<value>\s+<fullName>(\w+)</g)].map(([, one]) => one)
    for (const status of statuses) if (!labels.has(`Ipse_Status_${status}`)) wrong.push(`the status ${status} has no name on the page`)
    return wrong
}

/** Fields in queries: the semantic check does not look into them. */
export function queries({ apex, triggers, has, fields }) {
    const wrong = []
    const children = new Map([['Profile', 'User'], ['PermissionSet', 'PermissionSetAssignment']])
    for (const [name, code] of [...apex, ...triggers]) {
        for (const [query] of code.matchAll(/\[\s*SELECT[\s\S]*?\]/g)) {
            const object = /\bFROM\s+(\w+)/.exec(query)?.[1]
            if (!object) wrong.push(`${name}: a query without an object`)
            else if (object.endsWith('__c') || object.endsWith('__mdt')) {
                if (!fields.has(object)) wrong.push(`${name}: a query of ${object}, which is not there`)
            }
            const custom = [...query.replace(/:\s*[\w.]+/g, '').matchAll(/(?<![.\w])(\w+__c)\b/g)].map(([, field]) => field).filter((field) => field !== object)
            for (const field of custom) if (!has(object, field) && !children.has(field)) wrong.push(`${name}: ${object} has no field ${field}`)
            if (!/WITH (SYSTEM|USER)_MODE/.test(query) && object !== 'UserRecordAccess' && !/Test(Data)?$/.test(name)) wrong.push(`${name}: a query of ${object} says neither USER_MODE nor SYSTEM_MODE`)
        }
    }
    return wrong
}

export function records({ records, fields, flows, has }) {
    const wrong = []
    for (const [name, record] of records) {
        const type = `${name.split('.')[0]}__mdt`
        const values = new Map(all(record, 'values').map((one) => [text(one, 'field'), text(one, 'value')]))
        for (const [field, value] of values) {
            const known = fields.get(type)?.get(field)
            if (!known) wrong.push(`${name}: ${type} has no field ${field}`)
            else if (known.type === 'Picklist' && !known.values.includes(value)) wrong.push(`${name}: ${field} may not be ${value}`)
        }
        if (type !== 'Ipse_Policy__mdt') continue
        const object = values.get('Object__c')
        for (const field of ['Field__c', 'Match_Field__c', 'Change_Field__c', 'Person_Field__c'].map((one) => values.get(one)).filter(Boolean)) {
            if (!has(object, field)) wrong.push(`${name}: ${object} has no field ${field}`)
        }
        if (values.get('Flow__c') && !flows.has(values.get('Flow__c'))) wrong.push(`${name}: there is no flow ${values.get('Flow__c')}`)
        if (values.get('Active__c') !== 'false') wrong.push(`${name}: is switched on, so that installing would hold something back`)
        const marks = fields.get(object)?.get('Ipse_Step_Up__c')?.values
        if (values.get('Flow__c') && !marks?.includes(name.split('.')[1])) wrong.push(`${name}: no record can ask for it`)
    }
    return wrong
}

export function views({ layouts, listViews, reports, reportTypes, dashboards, has, suites, apex }) {
    const wrong = []
    const object = 'Ipse_Verification__c'
    const fieldOf = (column) => column.split('$')[1] ?? column
    const known = (owner, names) => names.filter((name) => !has(object, fieldOf(name))).forEach((name) => wrong.push(`${owner}: ${object} has no field ${name}`))
    for (const [name, layout] of layouts) known(name, deep(layout, 'field').map((one) => one.text))
    for (const [name, view] of listViews) known(name, [...all(view, 'columns').map((one) => one.text), ...deep(view, 'field').map((one) => one.text)])
    for (const [name, type] of reportTypes) known(name, deep(type, 'field').map((one) => one.text))
    const offered = new Set([...reportTypes.values()].flatMap((type) => deep(type, 'field').map((one) => one.text)))
    for (const [name, report] of reports) {
        if (!reportTypes.has(text(report, 'reportType').replace(/__c$/, ''))) wrong.push(`${name}: there is no report type ${text(report, 'reportType')}`)
        for (const column of [...deep(report, 'field'), ...deep(report, 'column')].map((one) => fieldOf(one.text))) if (!offered.has(column)) wrong.push(`${name}: its report type does not offer ${column}`)
    }
    for (const [name, board] of dashboards) for (const report of deep(board, 'report').map((one) => one.text.split('/')[1])) if (!reports.has(report)) wrong.push(`${name}: there is no report ${report}`)
    const inSuite = new Set([...suites.values()].flatMap((suite) => all(suite, 'testClassName').map((one) => one.text)))
    for (const name of apex.keys()) if (name.endsWith('Test') && !inSuite.has(name)) wrong.push(`${name}: is in no test suite`)
    for (const name of inSuite) if (!apex.has(name)) wrong.push(`the test suite names ${name}, which is not there`)
    return wrong
}
