// Runs the package's Apex tests in a miniature of an org: the language is translated, the platform is written from its
// documentation. What only the platform can prove stays in UNPROVEN.md.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { source } from '../tools/checks/source.mjs'
import { all, deep, parse, text } from '../tools/xml.mjs'
import { platform } from './apex/platform.mjs'
import { declared, translate } from './apex/translate.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const read = source(root)
const main = path.join(root, 'force-app/main/default')

const fields = new Map([...read.fields].map(([object, list]) => [object, new Map([...list].map(([name, field]) => {
    const node = parse(fs.readFileSync(path.join(main, 'objects', field.file), 'utf8'))
    return [name, { ...field, length: Number(text(node, 'length')) || null, formula: text(node, 'formula'), unique: text(node, 'unique') === 'true', restricted: deep(node, 'restricted')[0]?.text === 'true' }]
}))]))
const records = new Map()
for (const [name, record] of read.records) {
    const [type, developerName] = name.split('.')
    const values = all(record, 'values').map((one) => {
        const value = all(one, 'value')[0]
        const kind = value.attributes['@_xsi:type']
        return [text(one, 'field'), kind === 'xsd:boolean' ? value.text === 'true' : kind === 'xsd:double' ? Number(value.text) : value.text]
    })
    if (!records.has(`${type}__mdt`)) records.set(`${type}__mdt`, new Map())
    records.get(`${type}__mdt`).set(developerName, { ...Object.fromEntries(values), DeveloperName: developerName, MasterLabel: text(record, 'label') })
}
const labels = new Map(all(parse(read.read('labels/CustomLabels.labels-meta.xml')), 'labels').map((label) => [text(label, 'fullName'), text(label, 'value')]))
const permissions = new Map([...read.permissionSets].map(([name, set]) => [name, all(set, 'customPermissions').map((one) => text(one, 'name'))]))

// A trigger is translated as a method of a class of its own.
const triggerObjects = new Map()
const triggers = [...read.triggers].map(([name, code]) => {
    const [, object, body] = /trigger \w+ on (\w+)\([^)]*\) \{([\s\S]*)\}\s*$/.exec(code)
    triggerObjects.set(object, name)
    return `public class ${name} { public static void run(List<SObject> records, Map<Id, SObject> before) {${body.replaceAll('Trigger.new', 'records').replaceAll('Trigger.oldMap', 'before')}} }`
})
const types = [...read.apex.values(), ...triggers].map((code) => declared(code))
const lines = new Set()
const reached = new Set()
const classes = new Function('$', translate(types, lines))
const bodies = new Map([...triggerObjects].map(([object, name]) => [object, ($, news, before) => $.classes[name].m_run_2(news, before)]))

for (const type of types) {
    const methods = [...type.methods.values()].flat()
    for (const method of methods.filter((one) => one.annotations.includes('@istest'))) {
        test(`${type.name}.${method.name}`, () => {
            const $ = platform({ fields, triggerBodies: bodies, records, labels, permissions, flows: read.flows, reached })
            $.prepare()
            classes($)
            for (const setup of methods.filter((one) => one.annotations.includes('@testsetup'))) $.classes[type.name][`m_${setup.name}_0`]()
            $.fresh()
            $.classes[type.name][`m_${method.name}_0`]()
        })
    }
}

test('there are as many tests as there are methods that say so', () => {
    const said = [...read.apex.values()].reduce((sum, code) => sum + (code.match(/@IsTest\s+static void/g) ?? []).length, 0)
    const found = types.reduce((sum, type) => sum + [...type.methods.values()].flat().filter((one) => one.annotations.includes('@istest')).length, 0)
    assert.ok(said > 80 && said === found, `${found} of ${said}`)
})

test('the tests reach at least 95 of 100 statements of what ships, and 85 of each class', () => {
    const shipped = [...lines].filter((line) => !/(Test|TestData|Mock|Vectors):/.test(line))
    const missed = shipped.filter((line) => !reached.has(line))
    assert.ok(missed.length <= shipped.length * 0.05, `${missed.length} of ${shipped.length} are not reached: ${missed.join(', ')}`)
    for (const name of new Set(shipped.map((line) => line.split(':')[0]))) {
        const own = shipped.filter((line) => line.startsWith(`${name}:`))
        const left = own.filter((line) => !reached.has(line))
        assert.ok(left.length <= own.length * 0.15, `${name}: ${left.join(', ')}`)
    }
})
