// The receipt: the reference reader against every vector, and the Apex class against the reference.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { MOMENTS, NUMBERS, TEXTS, operation, read, sign } from '../tools/result-token.mjs'
import { apex, apexFile, jsonFile } from '../tools/vectors.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const force = path.join(root, 'force-app/main/default')
const vectors = JSON.parse(fs.readFileSync(jsonFile, 'utf8'))
const keys = new Map([[vectors.key.kid, { issuer: vectors.key.issuer, organization: vectors.key.organization, publicKey: vectors.key.public_spki }]])
const fieldsOfEvent = fs.readdirSync(path.join(force, 'objects/Verification_Result__e/fields')).map((file) => file.split('.')[0])

test('each vector is believed or not, as it says', () => {
    for (const one of vectors.cases) {
        assert.equal(read(one.event, keys, vectors.audience, vectors.now) !== null, one.accepted, one.name)
    }
    assert.ok(vectors.cases.filter((one) => one.accepted).length >= 7 && vectors.cases.filter((one) => !one.accepted).length >= 50)
})

test('a change of any single letter of a receipt is noticed', () => {
    const good = vectors.cases[0].event
    for (let at = 0; at < good.Result_Token__c.length; at += 7) {
        const letter = good.Result_Token__c[at] === 'A' ? 'B' : 'A'
        const token = good.Result_Token__c.slice(0, at) + letter + good.Result_Token__c.slice(at + 1)
        const decoded = (text) => text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex')).join('.')
        if (decoded(token) === decoded(good.Result_Token__c)) continue
        assert.equal(read({ ...good, Result_Token__c: token }, keys, vectors.audience, vectors.now), null, `letter ${at}`)
    }
})

test('the receipt speaks of every field of the event but itself', () => {
    const bound = Object.values({ ...TEXTS, ...NUMBERS, ...MOMENTS })
    assert.deepEqual([...bound, 'Result_Token__c'].sort(), fieldsOfEvent.sort())
})

test('signing is deterministic, so another signer can be held against the vectors', () => {
    const privateKey = crypto.createPrivateKey({ key: Buffer.from(vectors.key.private_pkcs8, 'base64'), format: 'der', type: 'pkcs8' })
    const claims = JSON.parse(Buffer.from(vectors.cases[0].event.Result_Token__c.split('.')[1], 'base64url'))
    assert.equal(sign(claims, { kid: vectors.key.kid, privateKey }), vectors.cases[0].event.Result_Token__c)
})

test('operations have the digests of the vectors, and each part counts', () => {
    for (const one of vectors.operations) assert.equal(operation(one), one.digest)
    assert.equal(new Set(vectors.operations.map((one) => one.digest)).size, vectors.operations.length)
})

test('the tests in an org read the same vectors', () => {
    assert.equal(fs.readFileSync(apexFile, 'utf8'), apex(vectors), 'run node tools/vectors.mjs')
})

test('the Apex reader binds the same claims to the same fields', () => {
    const source = fs.readFileSync(path.join(force, 'classes/IpseResultToken.cls'), 'utf8')
    const bound = Object.fromEntries([...source.matchAll(/'(\w+)' => Verification_Result__e\.(\w+)/g)].map(([, claim, field]) => [claim, field]))
    assert.deepEqual(bound, TEXTS)
    for (const [claim, field] of Object.entries({ ...NUMBERS, ...MOMENTS })) {
        assert.match(source, new RegExp(`claims\\.get\\('${claim}'\\)\\) ==\\s+\\w*\\(?event\\.${field}`), claim)
    }
})
