// Everything that can be proven without an org. Says what is wrong, and ends with 1 if anything is.
//   node tools/check.mjs [name of a check …]
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import * as house from './checks/house.mjs'
import * as programs from './checks/programs.mjs'
import * as references from './checks/references.mjs'
import { source } from './checks/source.mjs'
import { stale } from './flows.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Cheap ones first. Each gets the root of a package and what was read of it, and answers with what is wrong. */
export const CHECKS = {
    schema: (_, read) => house.metadata(read),
    versions: (_, read) => house.versions(read),
    constants: (_, read) => house.constants(read),
    coverage: (_, read) => house.tests(read),
    flows: (_, read) => references.flows(read),
    releases: (_, read) => references.releases(read),
    permissions: (_, read) => references.permissions(read),
    components: (_, read) => references.components(read),
    queries: (_, read) => references.queries(read),
    records: (_, read) => references.records(read),
    views: (_, read) => references.views(read),
    'flow-scanner': programs.flowScanner,
    convert: programs.convert,
    semantics: programs.semantics,
    pmd: programs.pmd,
    prettier: programs.prettier,
    eslint: programs.eslint,
    slds: programs.slds,
    jest: programs.components,
    apex: programs.apex,
    tests: programs.tests,
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const wanted = process.argv.slice(2)
    const unknown = wanted.filter((name) => !Object.hasOwn(CHECKS, name))
    if (unknown.length > 0) throw new Error(`no such check: ${unknown.join(', ')}; there are ${Object.keys(CHECKS).join(', ')}`)
    const read = source(root)
    let failed = 0
    const old = stale()
    if (old.length > 0) {
        failed += old.length
        console.error(`flows that are not what tools/flows.mjs makes: ${old.join(', ')}`)
    }
    for (const [name, check] of Object.entries(CHECKS)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue
        const begun = Date.now()
        const wrong = await check(root, read)
        failed += wrong.length
        console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`)
        for (const line of wrong) console.error(`     ${line}`)
    }
    if (failed > 0) process.exit(1)
}
