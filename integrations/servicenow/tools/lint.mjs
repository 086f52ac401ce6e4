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
// Written for modules, they take two of the platform's own names for Node's and the browser's: the scope named global, which
// a class for GlideAjax has to be taken from, and the event that a mail script is given.
const rules = { ...plugin.configs.recommended.rules }
rules['no-restricted-globals'] = rules['no-restricted-globals'].filter((one) => !['global', 'event'].includes(one.name ?? one))
const linter = new Linter()
for (const [name, rule] of Object.entries(plugin.rules)) linter.defineRule(`@servicenow/sdk-app-plugin/${name}`, rule)
const names = [...GLIDE, ...SURROUNDINGS, ...includes]
const config = {
    parserOptions: { ecmaVersion: 5 },
    env: { es6: false },
    globals: Object.fromEntries(names.map((name) => [name, includes.includes(name) ? 'writable' : 'readonly'])),
    rules: { ...rules, 'no-undef': 'error', 'no-unused-vars': ['error', { args: 'none', caughtErrors: 'none', varsIgnorePattern: '^Ipse' }], 'no-unreachable': 'error', eqeqeq: 'error' },
}
const wrong = [...scripts].flatMap(([name, script]) => linter.verify(script, config, name).filter((found) => !isAclAnswer(name, found)).map((found) => `${name}:${found.line}: ${found.message}`))
if (wrong.length > 0) {
    console.error(`lint: ${wrong.length} things are wrong\n  ${wrong.join('\n  ')}`)
    process.exit(1)
}
console.log(`lint: ${scripts.size} scripts, clean`)

// An ACL's script answers by this name.
function isAclAnswer(name, found) {
    return name.startsWith('ACL ') && found.message.startsWith("'answer' is not defined")
}
