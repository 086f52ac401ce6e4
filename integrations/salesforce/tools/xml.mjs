// XML as trees: { name, text, children }, in the order of the file.
import { XMLParser, XMLValidator } from 'fast-xml-parser'

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, parseTagValue: false, processEntities: true })

export function parse(text) {
    const sound = XMLValidator.validate(text)
    if (sound !== true) throw new Error(`line ${sound.err.line}: ${sound.err.msg}`)
    const [root] = parser.parse(text).filter((node) => !('?xml' in node)).map(tree)
    return root
}

function tree(node) {
    const name = Object.keys(node).find((key) => key !== ':@')
    const inner = node[name]
    return {
        name,
        attributes: node[':@'] ?? {},
        text: inner.filter((one) => '#text' in one).map((one) => one['#text']).join('').trim(),
        children: inner.filter((one) => !('#text' in one) && !('#comment' in one)).map(tree),
    }
}

/** The children of this name. */
export const all = (node, name) => node.children.filter((child) => child.name === name)
/** The text of the first child of this name, or ''. */
export const text = (node, name) => all(node, name)[0]?.text ?? ''
/** Every node of this name, however deep. */
export const deep = (node, name) => node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...deep(child, name)])
