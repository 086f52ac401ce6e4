// Holds metadata against Salesforce's own schema: the types that @salesforce/types generates from the Metadata API's WSDL.
// Finds unknown, missing, doubled and scattered elements and values that are in no enumeration.
import fs from 'node:fs'
import { parse } from './xml.mjs'

export function schema(file) {
    const types = new Map()
    const enums = new Map()
    const lines = fs.readFileSync(file, 'utf8').split('\n')
    for (let at = 0; at < lines.length; at++) {
        const [, name, rest] = /^export (?:declare )?type (\w+) = (.*)/.exec(lines[at]) ?? []
        if (!name) continue
        if (rest.trimEnd().endsWith('{')) {
            const bases = rest.trimEnd().slice(0, -1).split('&').map((base) => base.trim()).filter(Boolean)
            const fields = new Map()
            while (!lines[++at].startsWith('}')) {
                const [, field, optional, type] = /^\s+'?([\w:]+)'?(\?)?: (.*);/.exec(lines[at]) ?? []
                if (field) fields.set(field, { type, optional: Boolean(optional) })
            }
            types.set(name, { bases, fields })
        } else if (rest.startsWith("'")) {
            enums.set(name, new Set([...rest.matchAll(/'([^']*)'/g)].map(([, value]) => value)))
        } else {
            types.set(name, { bases: rest.replace(';', '').split('&').map((base) => base.trim()), fields: new Map() })
        }
    }
    const known = new Map()
    const fieldsOf = (name) => {
        if (!known.has(name)) {
            const { bases, fields } = types.get(name) ?? { bases: [], fields: new Map() }
            known.set(name, new Map([...bases.flatMap((base) => [...fieldsOf(base)]), ...fields]))
        }
        return known.get(name)
    }
    return { types, enums, fieldsOf }
}

/** What is wrong with the metadata in this text. */
export function faults(rules, text) {
    const wrong = []
    let root
    try {
        root = parse(text)
    } catch (error) {
        return [`is not XML: ${error.message}`]
    }
    if (!rules.types.has(root.name)) return [`<${root.name}> is no metadata type`]
    if (root.attributes['@_xmlns'] !== 'http://soap.sforce.com/2006/04/metadata') wrong.push('is not in the namespace of metadata')
    element(rules, root, root.name, root.name, wrong)
    return wrong
}

function element(rules, node, type, path, wrong) {
    const fields = rules.fieldsOf(type)
    const seen = new Map()
    let last = ''
    for (const child of node.children) {
        const at = `${path}/${child.name}`
        const field = fields.get(child.name)
        if (!field) {
            wrong.push(`${at}: ${type} has no such element`)
            continue
        }
        if (seen.has(child.name) && last !== child.name) wrong.push(`${at}: repeated, but not side by side`)
        last = child.name
        seen.set(child.name, (seen.get(child.name) ?? 0) + 1)
        const many = field.type.endsWith('[]')
        if (!many && seen.get(child.name) > 1) wrong.push(`${at}: more than one`)
        value(rules, child, many ? field.type.slice(0, -2) : field.type, at, wrong)
    }
    for (const [name, field] of fields) {
        if (!field.optional && !field.type.endsWith('[]') && !seen.has(name)) wrong.push(`${path}: <${name}> is missing`)
    }
}

function value(rules, node, type, at, wrong) {
    if (rules.enums.has(type)) {
        if (!rules.enums.get(type).has(node.text)) wrong.push(`${at}: ${JSON.stringify(node.text)} is no ${type}`)
    } else if (type === 'boolean') {
        if (!/^(true|false)$/.test(node.text)) wrong.push(`${at}: ${JSON.stringify(node.text)} is neither true nor false`)
    } else if (type === 'number') {
        if (!/^-?\d+(\.\d+)?$/.test(node.text)) wrong.push(`${at}: ${JSON.stringify(node.text)} is no number`)
    } else if (rules.types.has(type)) {
        element(rules, node, type, at, wrong)
    } else if (!['string', 'any', 'unknown', 'Date'].includes(type)) {
        wrong.push(`${at}: of a type that is not modelled, ${type}`)
    }
}
