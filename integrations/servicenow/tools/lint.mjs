// ServiceNow's own lint rules over the server's scripts as they are shipped, and: no name that is not there.
//   node tools/lint.mjs [folder with update sets]
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { updates } from './payload.mjs'
import { serverScripts } from './scripts.mjs'

// What a script in a scope finds, as far as ours use it.
const GLIDE = ['CertificateEncryption', 'Class', 'GlideAggregate', 'GlideDateTime', 'GlideFilter', 'GlideRecord', 'GlideRecordSecure', 'current', 'global', 'gs', 'previous', 'sn_fd', 'sn_ws', 'x_ipse_idv']
const SURROUNDINGS = ['assertEqual', 'email', 'email_action', 'event', 'g_scratchpad', 'inputs', 'outputs', 'params', 'request', 'response', 'stepResult', 'steps', 'template']

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = path.resolve(root, process.argv[2] ?? 'update-sets')
const all = fs.readdirSync(folder).filter((name) => name.endsWith('.xml')).flatMap((name) => updates(fs.readFileSync(path.join(folder, name), 'utf8')).list.flatMap((one) => one.records))
const scripts = serverScripts((table) => all.filter((record) => record.table === table))
const includes = [...scripts.keys()].filter((name) => /^Ipse[A-Z]\w*$/.test(name))

const require = createRequire(import.meta.url)
const plugin = require('@servicenow/eslint-plugin-sdk-app-plugin')
// The eslint that the rules were written for is the one that comes with them.
const { Linter } = createRequire(require.resolve('@servicenow/eslint-plugin-sdk-app-plugin'))('eslint')
const linter = new Linter()
for (const [name, rule] of Object.entries(plugin.rules)) linter.defineRule(`@servicenow/sdk-app-plugin/${name}`, rule)
const names = [...GLIDE, ...SURROUNDINGS, ...includes]
const config = {
    parserOptions: { ecmaVersion: 5 },
    env: { es6: false },
    globals: Object.fromEntries(names.map((name) => [name, includes.includes(name) ? 'writable' : 'readonly'])),
    rules: { ...plugin.configs.recommended.rules, 'no-undef': 'error', 'no-unused-vars': ['error', { args: 'none', caughtErrors: 'none', varsIgnorePattern: '^Ipse' }], 'no-unreachable': 'error', eqeqeq: 'error' },
}
const wrong = [...scripts].flatMap(([name, script]) => linter.verify(script, config, name).filter((found) => !isMeant(name, script.split('\n')[found.line - 1], found.message)).map((found) => `${name}:${found.line}: ${found.message}`))
if (wrong.length > 0) {
    console.error(`lint: ${wrong.length} things are wrong\n  ${wrong.join('\n  ')}`)
    process.exit(1)
}
console.log(`lint: ${scripts.size} scripts, clean`)

// Names of the platform's own that the rules, written for modules, take for Node's, the browser's, or nobody's: the scope
// that a class for GlideAjax is taken from, the event that a mail script is given, and the variable an ACL answers by.
function isMeant(name, line, message) {
    return (message.startsWith('The global Node.js API') && line.includes('Object.extendsObject(global.AbstractAjaxProcessor')) ||
        (name === 'x_ipse_idv_from' && message.startsWith("Unexpected use of 'event'")) || (name.startsWith('ACL ') && message.startsWith("'answer' is not defined"))
}
