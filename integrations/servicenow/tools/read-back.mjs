// Has the SDK read the update sets back into Fluent, in a folder of its own: a record that it does not find again was
// written in a way that an instance might not understand either. Takes most of a minute.
//   node tools/read-back.mjs [folder with update sets]
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { field, updates } from './payload.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = path.resolve(root, process.argv[2] ?? 'update-sets')
const at = fs.mkdtempSync(path.join(os.tmpdir(), 'ipse-read-back-'))
const files = (where) => fs.readdirSync(where, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? files(path.join(where, one.name)) : [path.join(where, one.name)]))

try {
    fs.mkdirSync(path.join(at, 'xml'))
    fs.mkdirSync(path.join(at, 'src/fluent'), { recursive: true })
    for (const file of ['now.config.json', 'package.json']) fs.copyFileSync(path.join(root, file), path.join(at, file))
    fs.symlinkSync(path.join(root, 'node_modules'), path.join(at, 'node_modules'))
    const wanted = []
    for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.xml'))) {
        for (const { update, records } of updates(fs.readFileSync(path.join(folder, file), 'utf8')).list) {
            fs.writeFileSync(path.join(at, 'xml', `${update.get('name')}.xml`), update.get('payload'))
            wanted.push([update.get('name'), field(records[0], 'sys_id')])
        }
    }
    const sdk = path.join(root, 'node_modules/@servicenow/sdk/bin/index.js')
    const done = spawnSync(process.execPath, [sdk, 'transform', '--from', 'xml'], { cwd: at, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'test' } })
    if (done.status !== 0) throw new Error(`the SDK refuses the update sets: ${done.stdout}${done.stderr}`)
    const read = files(path.join(at, 'src')).map((file) => file + fs.readFileSync(file, 'utf8')).join('\n') + fs.readFileSync(path.join(at, 'now.config.json'), 'utf8')
    const lost = wanted.filter(([, id]) => !read.includes(id)).map(([name]) => name)
    if (lost.length > 0) throw new Error(`the SDK did not read back ${lost.join(', ')}`)
    console.log(`read back: ${wanted.length} records`)
} catch (error) {
    console.error(`read back: ${error.message}`)
    process.exitCode = 1
} finally {
    fs.rmSync(at, { recursive: true, force: true })
}
