// Rules of our own about what is written.
import fs from 'node:fs'
import path from 'node:path'
import { faults, schema } from '../schema.mjs'

export function metadata({ root, metadata: files }) {
    const rules = schema(path.join(root, 'node_modules/@salesforce/types/lib/metadata.d.ts'))
    return files.flatMap((file) => faults(rules, fs.readFileSync(path.join(root, file), 'utf8')).map((fault) => `${file}: ${fault}`))
}

export function versions({ root, metadata: files }) {
    const { sourceApiVersion } = JSON.parse(fs.readFileSync(path.join(root, 'sfdx-project.json'), 'utf8'))
    return files.flatMap((file) => {
        const version = /<apiVersion>([\d.]+)</.exec(fs.readFileSync(path.join(root, file), 'utf8'))?.[1]
        return version && version !== sourceApiVersion ? [`${file}: API ${version} instead of ${sourceApiVersion}`] : []
    })
}

/** No ids of an org and no addresses in what runs, and no key or secret anywhere. */
export function constants({ root, main, apex, triggers, components, metadata: files }) {
    const wrong = []
    const code = [...[...apex].filter(([name]) => !/(Test|TestData|Mock|Vectors)$/.test(name)), ...triggers, ...[...components].map(([name, { code: text }]) => [name, text])]
    for (const [name, text] of code) {
        if (/https?:\/\//.test(text)) wrong.push(`${name}: an address in the code`)
        if (/'[0-9a-zA-Z]{15}([0-9a-zA-Z]{3})?'/.test(text.replace(/'[A-Za-z]+'/g, ''))) wrong.push(`${name}: an id in the code`)
if (/without sharing class/.test(text) && !/without sharing/i.test(text.slice(0, text.indexOf('without sharing class')))) wrong.push(`${name}: does not say why it is without sharing`)
    }
    for (const file of files) {
        const text = fs.readFileSync(path.join(root, file), 'utf8')
        const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host).filter((host) => !['soap.sforce.com', 'www.w3.org', 'ipse.example.com'].includes(host))
        if (hosts.length > 0) wrong.push(`${file}: names the host ${hosts[0]}`)
        if (/PRIVATE KEY/.test(text)) wrong.push(`${file}: a private key`)
    }
    if (fs.readdirSync(path.join(main, 'customMetadata')).some((file) => file.startsWith('Ipse_Key.'))) wrong.push('a key is in the package: every org would believe it')
    return wrong
}

/** Each class that ships is reached from a test, and each test asserts something. */
export function tests({ apex, triggers }) {
    const reached = new Set([...apex.keys()].filter((name) => name.endsWith('Test')))
    // Tests write records, and so reach the triggers.
    const called = [...triggers.values()].join('\n')
    for (const name of apex.keys()) if (called.includes(name)) reached.add(name)
    for (const from of reached) for (const name of apex.keys()) if (apex.get(from).includes(name)) reached.add(name)
    const wrong = []
    for (const [name, text] of apex) {
        if (/(Test|TestData|Mock|Vectors)$/.test(name)) {
            for (const [, method, body] of text.matchAll(/@IsTest\s+static void (\w+)\(\) \{([\s\S]*?)\n {4}\}/g)) {
                if (!/Assert\./.test(body)) wrong.push(`${name}.${method}: asserts nothing`)
            }
        } else if (!reached.has(name)) {
            wrong.push(`${name}: no test reaches it`)
        }
    }
    return wrong
}
