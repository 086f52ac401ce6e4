// Reads what the SDK writes and what an update set carries: a record in XML.
import { XMLParser, XMLValidator } from 'fast-xml-parser'

const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    cdataPropName: '#cdata',
    preserveOrder: true,
    processEntities: true,
    htmlEntities: false,
})

const ATTRIBUTES = ':@'

/** The tree of a document: { name, attributes, children, text } for each element. Throws where it is not well-formed. */
export function parse(xml) {
    const wellFormed = XMLValidator.validate(xml)
    if (wellFormed !== true) throw new Error(`line ${wellFormed.err.line}: ${wellFormed.err.msg}`)
    const roots = elements(parser.parse(xml)).filter((node) => !node.name.startsWith('?'))
    if (roots.length !== 1) throw new Error(`${roots.length} roots`)
    return roots[0]
}

function elements(nodes) {
    return nodes.filter((node) => !('#text' in node) && !('#cdata' in node)).map((node) => {
        const name = Object.keys(node).find((key) => key !== ATTRIBUTES)
        const attributes = Object.fromEntries(Object.entries(node[ATTRIBUTES] ?? {}).map(([key, value]) => [key.slice(1), value]))
        return { name, attributes, children: elements(node[name]), text: text(node[name]) }
    })
}

// Scripts stand in CDATA; white space between elements is not text.
function text(nodes) {
    const parts = nodes.map((node) => ('#text' in node ? String(node['#text']) : '#cdata' in node ? node['#cdata'].map((part) => part['#text']).join('') : ''))
    return parts.join('')
}

/** The records of a payload: { table, action, fields: Map(name -> { value, attributes }) }, nested ones too. */
export function records(xml) {
    const found = []
    const visit = (node, inside) => {
        const isRecord = 'action' in node.attributes && node.children.some((child) => child.name === 'sys_id')
        if (isRecord) {
            const plain = node.children.filter((child) => child.children.length === 0)
            found.push({ table: node.name, action: node.attributes.action, attributes: node.attributes, fields: new Map(plain.map((child) => [child.name, { value: child.text, attributes: child.attributes }])) })
        }
        for (const child of node.children) visit(child, inside || isRecord)
    }
    visit(parse(xml), false)
    return found
}

/** A field's text, or ''. */
export const field = (record, name) => record.fields.get(name)?.value ?? ''

/** The updates of an update set: { update: Map of its own columns, records } for each. */
export function updates(xml) {
    const unload = parse(xml)
    if (unload.name !== 'unload') throw new Error('not an update set')
    const set = unload.children.find((node) => node.name === 'sys_remote_update_set')
    const columns = (node) => new Map(node.children.map((child) => [child.name, child.text]))
    const list = unload.children.filter((node) => node.name === 'sys_update_xml').map((node) => {
        const update = columns(node)
        return { update, records: records(update.get('payload')) }
    })
    return { set: columns(set), list, order: unload.children.map((node) => node.name) }
}
