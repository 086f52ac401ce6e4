// Builds the application without an instance or a network, and writes the update sets to a folder.
//   node tools/build.mjs [folder] [--new-keys]
// --new-keys lets records be added: their ids are then written to src/fluent/generated/keys.ts, which is checked in.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { make } from './update-set.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const words = process.argv.slice(2)
const folder = path.resolve(root, words.find((word) => !word.startsWith('--')) ?? 'update-sets')
const sdk = path.join(root, 'node_modules/@servicenow/sdk/bin/index.js')
if (!fs.existsSync(sdk)) {
    console.error('build: the SDK is not installed: run `npm ci` in this folder')
    process.exit(1)
}
const keys = words.includes('--new-keys') ? [] : ['--frozenKeys']
fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true })
// NODE_ENV=test keeps the SDK from telling its maker about the build.
const done = spawnSync(process.execPath, [sdk, 'build', '--legacyChoices', ...keys], { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test' } })
if (done.status !== 0) process.exit(done.status ?? 1)
fs.mkdirSync(folder, { recursive: true })
for (const [name, text] of Object.entries(make(root))) {
    fs.writeFileSync(path.join(folder, name), text)
    console.log(`${path.join(path.relative(root, folder), name)}: ${text.match(/<sys_update_xml /g).length} updates`)
}
