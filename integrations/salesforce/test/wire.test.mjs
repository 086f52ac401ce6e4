// The page about what passes between the two says what the package does.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { MOMENTS, NUMBERS, TEXTS } from '../tools/result-token.mjs'
import { jsonFile } from '../tools/vectors.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const page = fs.readFileSync(path.join(root, 'WIRE.md'), 'utf8')

test('the page names every field with its claim', () => {
    const said = Object.fromEntries([...page.matchAll(/^\| `(\w+__c)` \| `(\w+)` \|/gm)].map(([, field, claim]) => [claim, field]))
    assert.deepEqual(said, { ...TEXTS, ...NUMBERS, ...MOMENTS })
})

test('the page names every note, and counts the vectors', () => {
    const source = fs.readFileSync(path.join(root, 'force-app/main/default/classes/IpseVerifications.cls'), 'utf8')
    for (const [, note] of source.matchAll(/^ {8}'(salesforce_\w+)',?$/gm)) assert.ok(page.includes(`\`${note}\``), note)
    assert.ok(page.includes(`holds ${JSON.parse(fs.readFileSync(jsonFile, 'utf8')).cases.length} events`))
})

test('the page names what the registration handler reads', () => {
    const source = fs.readFileSync(path.join(root, 'force-app/main/default/classes/IpseRegistrationHandler.cls'), 'utf8')
    const read = [...source.matchAll(/said\.get\('(\w+)'\)/g)].map(([, claim]) => claim)
    assert.ok(read.length >= 4)
    for (const claim of read) assert.ok(page.includes(`\`${claim}\``), claim)
})
