// What runs in the agent's browser: the QR code is read by an independent reader, the banner follows the news.
import assert from 'node:assert/strict'
import test from 'node:test'
import vm from 'node:vm'
import jsQR from 'jsqr'
import { world } from './world.mjs'

const text = (record, name) => record.fields.get(name)?.value ?? ''

test('the QR code says the link', () => {
    const at = world()
    const library = text(at.sn.of('sys_ui_script')[0], 'script')
    const page = text(at.sn.of('sys_ui_page').find((one) => text(one, 'endpoint') === 'x_ipse_idv_qr.do'), 'client_script')
    const link = 'https://ipse.example.com/v/AbCdEfGhIjKlMnOpQrStUv'
    const asked = []
    const elements = new Map()
    const element = () => ({ attributes: {}, children: [], style: {}, textContent: '', setAttribute(name, value) { this.attributes[name] = value }, appendChild(child) { this.children.push(child) } })
    const document = { getElementById: (name) => elements.get(name) ?? elements.set(name, element()).get(name), createElementNS: element }
    const window = { location: { search: `?sysparm_table=incident&sysparm_id=${at.incident}` }, setTimeout() {}, addEventListener: (_, work) => work() }
    class GlideAjax {
        constructor() { this.parameters = {} }
        addParam(name, value) { this.parameters[name] = value }
        getXMLAnswer(then) { asked.push(this.parameters); then(JSON.stringify({ ok: true, message: '', link, problem: '', opened: false })) }
    }
    const context = vm.createContext({ document, window, GlideAjax, getMessage: (words) => words })
    vm.runInContext(library, context)
    vm.runInContext(page, context)
    assert.deepEqual({ ...asked[0] }, { sysparm_name: 'link', sysparm_table: 'incident', sysparm_id: at.incident })
    const svg = elements.get('ipse_qr').children[0]
    const side = Number(svg.attributes.viewBox.split(' ')[2])
    const scale = 4
    const image = new Uint8ClampedArray(4 * (side * scale) ** 2).fill(255)
    for (const [, column, row] of svg.children[0].attributes.d.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
        for (let y = 0; y < scale; y += 1) {
            for (let x = 0; x < scale; x += 1) {
                const at4 = 4 * ((Number(row) * scale + y) * side * scale + Number(column) * scale + x)
                image[at4] = image[at4 + 1] = image[at4 + 2] = 0
            }
        }
    }
    assert.equal(jsQR(image, side * scale, side * scale)?.data, link)
})

function form(at, pad) {
    const shown = { info: [], error: [], values: {}, timers: [] }
    const g_form = {
        isNewRecord: () => false, clearMessages: () => {}, addInfoMessage: (words) => shown.info.push(words), addErrorMessage: (words) => shown.error.push(words),
        getControl: () => ({}), getValue: (name) => shown.values[name] ?? '', setValue: (name, value) => { shown.values[name] = value }, getTableName: () => 'incident', getUniqueValue: () => at.incident,
    }
    class GlideAjax {
        constructor() { this.parameters = {} }
        addParam(name, value) { this.parameters[name] = value }
        getXMLAnswer(then) { then(JSON.stringify(at.ask(this.parameters.sysparm_name, this.parameters))) }
    }
    const script = text(at.sn.of('sys_script_client')[0], 'script')
    const context = vm.createContext({ g_form, g_scratchpad: pad, GlideAjax, getMessage: (words) => words, setTimeout: (work, milliseconds) => shown.timers.push([work, milliseconds]) })
    vm.runInContext(`${script}\nonLoad();`, context)
    shown.tick = () => { const [work, milliseconds] = shown.timers.shift(); work(); return milliseconds }
    return shown
}

const AGENT = { id: 'a'.repeat(32), name: 'agent', roles: ['itil', 'x_ipse_idv.agent'] }
const pad = (at) => at.sn.display(AGENT, at.sn.loaded('incident', at.row('incident', at.incident)))

test('the open form turns to Success within one poll, and then rests', () => {
    const at = world()
    at.begun()
    const shown = form(at, pad(at))
    assert.match(shown.info[0], /In Progress - .* on its way/)
    at.event('succeeded')
    assert.equal(shown.tick(), 1500)
    assert.match(shown.info.at(-1), /Success - 2026-11-21 03:00:00 .* this is the person/)
    assert.match(shown.values.x_ipse_idv_idv_status, /^Success/)
    assert.equal(shown.timers.length, 0)
})

test('a failure is shown as one; a form without a verification asks nothing until the button is pressed', () => {
    const at = world()
    const g_scratchpad = pad(at)
    const shown = form(at, g_scratchpad)
    assert.deepEqual([shown.timers.length, shown.info.length], [0, 0])
    at.begun()
    g_scratchpad.x_ipse_idv_watch()
    at.event('failed')
    shown.tick()
    assert.match(shown.error[0], /Failed - .*face_mismatch/)
})
