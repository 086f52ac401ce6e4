// The base components that the package's component uses, as plain elements.
const refuse = (what) => {
    throw new Error(`${what} is not simulated`)
}

/** Takes the attributes a component knows; any other throws. */
const taken = (tag, given, names) => {
    for (const name of Object.keys(given.attributes)) if (![...names, 'class', 'slot', 'title'].includes(name)) refuse(`${tag} ${name}`)
    return given.attributes
}

const element = (tag, attributes, children, more = {}) => ({ tag, attributes, handlers: {}, data: {}, children, ...more })
const acting = ({ handlers, data }) => ({ handlers, data })
const text = (words) => ({ text: words })
const bySlot = (children, slot) => children.filter((child) => (child.attributes?.slot ?? '') === slot)
const quietly = (attributes) => {
    const { slot, ...rest } = attributes
    return rest
}

const icon = (name) => {
    const drawn = { 'utility:refresh': '↻', 'utility:identity': '' }
    return name in drawn ? drawn[name] : refuse(name)
}

const items = (button) => [...button.parentElement.querySelectorAll('[role=menuitem]')]
const openMenu = (button, isOpen) => {
    button.setAttribute('aria-expanded', String(isOpen))
    button.nextElementSibling.hidden = !isOpen
}
const move = (event) => {
    const menu = event.currentTarget
    const button = menu.previousElementSibling
    const all = items(button)
    const at = all.indexOf(document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) {
        all[to % all.length].focus()
        event.preventDefault()
    } else if (event.key === 'Escape' || event.key === 'Tab') {
        openMenu(button, false)
        if (event.key === 'Escape') button.focus()
    }
}

const menuItem = (given) => {
    const { label, value } = taken('lightning-menu-item', given, ['label', 'value'])
    return element('li', { role: 'none' }, [element('button', { type: 'button', role: 'menuitem', tabindex: '-1', 'data-value': value }, [text(label)])])
}

const buttonMenu = (given, children) => {
    const { label, disabled, class: classes } = taken('lightning-button-menu', given, ['label', 'disabled', 'menu-alignment'])
    const select = (event) => {
        const item = event.target.closest('[role=menuitem]')
        if (!item) return
        const button = event.currentTarget.previousElementSibling
        openMenu(button, false)
        button.focus()
        given.handlers.select(new CustomEvent('select', { detail: { value: item.dataset.value } }))
    }
    const toggle = (event) => {
        const button = event.currentTarget
        openMenu(button, button.getAttribute('aria-expanded') !== 'true')
        if (button.getAttribute('aria-expanded') === 'true') items(button)[0].focus()
    }
    const leave = (event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) openMenu(event.currentTarget.firstElementChild, false)
    }
    const button = element('button', { type: 'button', class: 'button', 'aria-haspopup': 'menu', disabled }, [text(label)], { handlers: { click: toggle }, initial: { 'aria-expanded': 'false' } })
    const menu = element('ul', { role: 'menu', 'aria-label': label }, children, { handlers: { click: select, keydown: move }, initial: { hidden: '' } })
    return element('div', { class: `menu ${classes ?? ''}`, slot: given.attributes.slot }, [button, menu], { handlers: { focusout: leave } })
}

const card = (given, children) => {
    const { title } = taken('lightning-card', given, ['title', 'icon-name'])
    icon(given.attributes['icon-name'])
    const head = element('div', { class: 'card-head' }, [
        element('h2', { id: 'idv-card' }, [text(title)]),
        element('div', { class: 'card-actions' }, bySlot(children, 'actions').map((child) => ({ ...child, attributes: quietly(child.attributes) }))),
    ])
    return element('section', { class: 'panel card', 'aria-labelledby': 'idv-card' }, [head, ...bySlot(children, '')])
}

const button = (given) => {
    const { label, disabled, class: classes } = taken('lightning-button', given, ['label', 'disabled'])
    return element('button', { type: 'button', class: `button button-plain ${classes ?? ''}`, disabled }, [text(label)], acting(given))
}

const buttonIcon = (given) => {
    const known = taken('lightning-button-icon', given, ['icon-name', 'alternative-text', 'disabled'])
    const attributes = { type: 'button', class: `button button-plain ${known.class ?? ''}`, 'aria-label': known['alternative-text'], title: known.title, disabled: known.disabled, slot: known.slot }
    return element('button', attributes, [element('span', { 'aria-hidden': 'true' }, [text(icon(known['icon-name']))])], acting(given))
}

const formattedUrl = (given) => {
    const { value, target, class: classes } = taken('lightning-formatted-url', given, ['value', 'target'])
    if (!/^https?:\/\//.test(value)) refuse('a link to something else')
    return element('a', { href: value, target, rel: 'noopener', class: classes }, [text(value)])
}

const formattedDateTime = (given) => {
    const { value, ...format } = taken('lightning-formatted-date-time', given, ['value', 'year', 'month', 'day', 'hour', 'minute'])
    return element('time', { datetime: value }, [text(new Intl.DateTimeFormat('en-US', format).format(new Date(value)))])
}

export const COMPONENTS = {
    'lightning-card': card,
    'lightning-button': button,
    'lightning-button-icon': buttonIcon,
    'lightning-button-menu': buttonMenu,
    'lightning-menu-item': menuItem,
    'lightning-formatted-url': formattedUrl,
    'lightning-formatted-date-time': formattedDateTime,
}
