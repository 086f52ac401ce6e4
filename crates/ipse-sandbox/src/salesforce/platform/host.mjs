// Puts the package's component on a record page: the shipped class with the shipped template. Its fields are reactive, its
// wire asks again when a `$setting` of it changes, and what it shows follows.
import { Wire } from '@salesforce/apex'
import IdvStatus, { decorators } from '/static/salesforce/lwc/idvStatus/idvStatus'
import { read, show } from './template.mjs'

const place = document.querySelector('[data-component=idvStatus]')
const template = read(await (await fetch('/static/salesforce/lwc/idvStatus/idvStatus.html')).text())
const component = new IdvStatus()

const failed = (error) => {
    place.dataset.failed = String(error?.message ?? error)
    throw error
}

let isDue = false
const render = () => {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
        isDue = false
        try {
            show(place, template(component))
        } catch (error) {
            failed(error)
        }
    })
}

for (const name of Object.keys(component)) {
    if (['isConnected', 'hears'].includes(name)) continue
    let value = component[name]
    Object.defineProperty(component, name, {
        get: () => value,
        set(given) {
            value = given
            render()
        },
    })
}

const wires = decorators.wires.map(({ target, adapter, settings }) => {
    const current = () => Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value.startsWith('$') ? component[value.slice(1)] : value]))
    return new Wire(adapter, current, (result) => component[target](result))
})

if (!decorators.api.includes('recordId')) throw new Error('the component takes no record')
component.recordId = place.dataset.recordId
component.isConnected = true
component.connectedCallback()
addEventListener('pagehide', () => {
    component.isConnected = false
    component.disconnectedCallback()
    for (const wire of wires) wire.end()
})
render()
await Promise.all(wires.map((wire) => wire.ask())).catch(failed)

// The rest of the page follows the record, as the platform's own parts of it would.
const parts = ['record', 'activity']
let isReading = false
let isStale = false
const follow = async () => {
    if (isReading) {
        isStale = true
        return
    }
    isReading = true
    try {
        const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
        for (const id of parts) {
            const [before, after] = [document.getElementById(id), page.getElementById(id)]
            // What somebody is typing into stays as it is.
            if (before && after && before.innerHTML !== after.innerHTML && !before.contains(document.activeElement)) before.replaceWith(after)
        }
    } finally {
        isReading = false
    }
    if (isStale) {
        isStale = false
        follow()
    }
}
const changes = new EventSource('/salesforce/events')
changes.addEventListener('change', follow)
addEventListener('pagehide', () => changes.close())
