// Reads a component's template: `lwc:if`, `for:each`, `key`, `{expressions}` of names and dots, `on…` handlers, slots of
// base components. Whatever else stands in one throws.
import { COMPONENTS } from './components.mjs'

const HANDLER = /^on[a-z]+$/
const EXPRESSION = /^\{([A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)*)\}$/
const ELEMENTS = new Set(['div', 'p', 'ul', 'li', 'span'])

const refuse = (what) => {
    throw new Error(`${what} is not simulated`)
}

const valueOf = (expression, scope) => {
    const [, path] = EXPRESSION.exec(expression) ?? refuse(expression)
    const [first, ...rest] = path.split('.')
    const start = Object.hasOwn(scope.names, first) ? scope.names[first] : first in scope.component ? scope.component[first] : refuse(path)
    return rest.reduce((value, name) => value?.[name], start)
}

const words = (text, scope) =>
    text.replace(/\{[^}]*\}/g, (expression) => {
        const value = valueOf(expression, scope)
        return value === undefined || value === null ? '' : String(value)
    })

const attributesOf = (element, scope) => {
    const given = { attributes: {}, handlers: {}, data: {} }
    for (const { name, value } of element.attributes) {
        const actual = value.startsWith('{') ? valueOf(value, scope) : value
        if (name === 'key') given.key = String(actual)
        else if (HANDLER.test(name)) given.handlers[name.slice(2)] = actual.bind(scope.component)
        else if (name.startsWith('data-')) given.data[name] = actual
        else if (name.includes(':')) refuse(name)
        else given.attributes[name] = actual
    }
    return given
}

const eachOf = (element, scope) => {
    const name = element.getAttribute('for:item') ?? refuse('for:each without for:item')
    if (element.attributes.length !== 2) refuse('for:each with more')
    return valueOf(element.getAttribute('for:each'), scope).flatMap((item) => childrenOf(element.content, { ...scope, names: { ...scope.names, [name]: item } }))
}

const shownOf = (node, scope) => {
    if (node.nodeType === Node.COMMENT_NODE) return []
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? [{ text: words(node.data.replace(/\s+/g, ' '), scope) }] : []
    const tag = node.localName
    if (tag === 'template') {
        if (node.hasAttribute('for:each')) return eachOf(node, scope)
        if (!node.hasAttribute('lwc:if') || node.attributes.length !== 1) refuse('a template for something else')
        return valueOf(node.getAttribute('lwc:if'), scope) ? childrenOf(node.content, scope) : []
    }
    const given = attributesOf(node, scope)
    const children = childrenOf(node, scope)
    if (tag.includes('-')) return [(COMPONENTS[tag] ?? refuse(tag))(given, children)]
    if (!ELEMENTS.has(tag)) refuse(tag)
    return [{ tag, ...given, children }]
}

const childrenOf = (parent, scope) => [...parent.childNodes].flatMap((node) => shownOf(node, scope))

/**
 * What a template shows of a component: a tree of `{ tag, key, attributes, handlers, data, initial, children }`
 * and `{ text }`. What is initial is the element's own from then on.
 */
export const read = (html) => {
    const root = new DOMParser().parseFromString(html, 'text/html').head.firstElementChild
    if (root?.localName !== 'template' || root.attributes.length) refuse('a file that is no template')
    return (component) => childrenOf(root.content, { component, names: {} })
}

const known = new WeakMap()

const make = (shown) => {
    if ('text' in shown) return document.createTextNode(shown.text)
    const node = document.createElement(shown.tag)
    for (const [name, value] of Object.entries(shown.initial ?? {})) node.setAttribute(name, value)
    return node
}

const fits = (node, shown) => {
    const before = node && known.get(node)
    if (!before) return false
    return 'text' in shown ? 'text' in before : before.tag === shown.tag && before.key === shown.key
}

const dress = (node, shown) => {
    const wanted = { ...shown.attributes, ...shown.data }
    for (const [name, value] of Object.entries(wanted)) {
        if (value === false || value === undefined || value === null) node.removeAttribute(name)
        else if (node.getAttribute(name) !== String(value === true ? '' : value)) node.setAttribute(name, value === true ? '' : value)
    }
    const before = known.get(node)
    for (const name of Object.keys({ ...before?.attributes, ...before?.data })) if (!(name in wanted)) node.removeAttribute(name)
    for (const [name, handler] of Object.entries(shown.handlers ?? {})) node[`on${name}`] = handler
}

/** Makes the children of an element what is shown, and leaves alone what is there already: focus stays where it is. */
export const show = (parent, wanted) => {
    let next = parent.firstChild
    for (const shown of wanted) {
        let node = next
        while (node && !fits(node, shown)) node = shown.key === undefined ? null : node.nextSibling
        if (!node) node = make(shown)
        if (node === next) next = next.nextSibling
        else parent.insertBefore(node, next)
        if ('text' in shown) {
            if (node.data !== shown.text) node.data = shown.text
        } else {
            dress(node, shown)
            show(node, shown.children ?? [])
        }
        known.set(node, shown)
    }
    while (next) {
        const after = next.nextSibling
        next.remove()
        next = after
    }
}
