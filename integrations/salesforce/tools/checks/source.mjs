// What is in the package: read once, for the checks that compare one part with another.
import fs from 'node:fs'
import path from 'node:path'
import { all, deep, parse, text } from '../xml.mjs'

const files = (folder) => (fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).map(String) : [])

export function source(root) {
    const main = path.join(root, 'force-app/main/default')
    const read = (name) => fs.readFileSync(path.join(main, name), 'utf8')
    const tree = (name) => parse(read(name))
    const names = (folder, suffix) => files(path.join(main, folder)).filter((file) => file.endsWith(suffix)).map((file) => path.basename(file, suffix))
    const trees = (folder, suffix) => new Map(files(path.join(main, folder)).filter((file) => file.endsWith(suffix)).map((file) => [path.basename(file, suffix), tree(path.join(folder, file))]))
    const apex = new Map(names('classes', '.cls').map((name) => [name, read(`classes/${name}.cls`)]))
    const fields = new Map()
    for (const file of files(path.join(main, 'objects')).filter((name) => name.endsWith('.field-meta.xml'))) {
        const object = file.split(path.sep)[0]
        const field = tree(path.join('objects', file))
        if (!fields.has(object)) fields.set(object, new Map())
        fields.get(object).set(path.basename(file, '.field-meta.xml'), {
            type: text(field, 'type'), required: text(field, 'required') === 'true', file, fullName: text(field, 'fullName'),
            values: deep(field, 'value').map((value) => text(value, 'fullName')),
        })
    }
    const has = (object, field) => !field.endsWith('__c') || Boolean(fields.get(object)?.has(field))
    return {
        root, main, read, apex, fields, has,
        triggers: new Map(names('triggers', '.trigger').map((name) => [name, read(`triggers/${name}.trigger`)])),
        flows: trees('flows', '.flow-meta.xml'),
        permissionSets: trees('permissionsets', '.permissionset-meta.xml'),
        records: trees('customMetadata', '.md-meta.xml'),
        layouts: trees('layouts', '.layout-meta.xml'),
        listViews: trees('objects', '.listView-meta.xml'),
        reports: trees('reports', '.report-meta.xml'),
        reportTypes: trees('reportTypes', '.reportType-meta.xml'),
        dashboards: trees('dashboards', '.dashboard-meta.xml'),
        suites: trees('testSuites', '.testSuite-meta.xml'),
        labels: new Set(all(tree('labels/CustomLabels.labels-meta.xml'), 'labels').map((label) => text(label, 'fullName'))),
        customPermissions: new Set(names('customPermissions', '.customPermission-meta.xml')),
        applications: new Set(names('applications', '.app-meta.xml')),
        tabs: new Set(names('tabs', '.tab-meta.xml')),
        components: new Map(fs.readdirSync(path.join(main, 'lwc')).map((name) => [name, {
            meta: tree(`lwc/${name}/${name}.js-meta.xml`),
            code: fs.readdirSync(path.join(main, 'lwc', name)).filter((file) => file.endsWith('.js')).map((file) => read(`lwc/${name}/${file}`)).join('\n'),
        }])),
        principals: new Set([...trees('externalCredentials', '.externalCredential-meta.xml')].flatMap(([name, credential]) => all(credential, 'externalCredentialParameters').filter((one) => text(one, 'parameterType') === 'NamedPrincipal').map((one) => `${name}-${text(one, 'parameterName')}`))),
        metadata: ['force-app', 'org-config'].flatMap((folder) => files(path.join(root, folder)).filter((file) => file.endsWith('-meta.xml')).map((file) => path.join(folder, file))),
    }
}

/** An invocable class: the names of what goes in and of what comes out; null if it is none. */
export function invocable(code) {
    if (!/@InvocableMethod/.test(code)) return null
    const [, output, input] = /public static List<(\w+)> \w+\(List<(\w+)> /.exec(code.slice(code.indexOf('@InvocableMethod'))) ?? []
    const variables = (name) => {
        const begin = code.indexOf(`public class ${name} {`)
        const end = code.indexOf('\n    }\n', begin)
        const body = begin < 0 ? '' : code.slice(begin, end)
        return new Map([...body.matchAll(/@InvocableVariable\(([\s\S]*?)\)\s+public (\w+) (\w+)/g)].map(([, words, type, field]) => [field, { type, required: /required=true/.test(words) }]))
    }
    return { inputs: variables(input), outputs: variables(output) }
}
