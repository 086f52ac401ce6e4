// The miniature of an instance in Node: the same Glide that the sandbox runs in its embedded engine.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import * as glide from '../../../crates/ipse-sandbox/src/servicenow/glide/instance.mjs'
import { updates } from '../tools/payload.mjs'

const SETS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../update-sets')
const cache = new Map()

function shipped(name) {
    const file = path.join(process.env.IPSE_UPDATE_SETS ?? SETS, name)
    if (!cache.has(file)) cache.set(file, updates(fs.readFileSync(file, 'utf8')).list)
    return cache.get(file)
}

const host = {
    updates: (hr) => [...shipped('ipse_idv_update_set.xml'), ...(hr ? shipped('ipse_idv_hr_update_set.xml') : [])],
    context(globals) {
        const context = vm.createContext(globals)
        return { context, evaluate: (script, filename) => vm.runInContext(script, context, { filename }) }
    },
    hmac: (key, text) => crypto.createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64'),
    randomId: () => crypto.randomBytes(16).toString('hex'),
    base64: (text) => Buffer.from(text).toString('base64'),
    text: (base64) => Buffer.from(base64, 'base64').toString(),
    unpack: (base64) => gunzipSync(Buffer.from(base64, 'base64')).toString(),
}

export const install = ({ hr = false, now = Date.UTC(2026, 10, 21, 3, 0, 0) } = {}) => glide.install(host, { hr, now })
