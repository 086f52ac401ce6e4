// What the Apex sends and reads, against the description of the server's API.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const api = JSON.parse(fs.readFileSync(process.env.IPSE_OPENAPI ?? path.join(root, '../../openapi.json'), 'utf8'))
const apex = (name) => fs.readFileSync(path.join(root, 'force-app/main/default/classes', `${name}.cls`), 'utf8')
const fields = (schema) => Object.keys(api.components.schemas[schema].properties)

/** What is read where the server says it, and done without where it does not. */
const OPTIONAL = ['assurance', 'method', 'receipt_url']

test('every address that is called is one of the server', () => {
    const client = apex('IpseClient')
    const called = [
        ['post', '/v1/verifications', "send('POST', '/v1/verifications', wanted, key)"],
        ['get', '/v1/verifications/{id}', "onOne('GET', verificationId, '', null)"],
        ['post', '/v1/verifications/{id}/resend-link', "onOne('POST', verificationId, '/resend-link', key)"],
        ['post', '/v1/verifications/{id}/cancel', "onOne('POST', verificationId, '/cancel', null)"],
        ['post', '/v1/verifications/{id}/redeem', "send('POST', path, new Map<String, Object>(), key)"],
    ]
    for (const [method, address, code] of called) {
        assert.ok(client.includes(code), code)
        assert.ok(api.paths[address]?.[method], `${method} ${address}`)
    }
    assert.equal(client.match(/(?<!\w)(send|onOne)\('/g).length, called.length, 'an address that is not looked at here')
})

test('a request has the fields that the server knows, and all that it needs', () => {
    const body = /Map<String, Object> body\([\s\S]*?\n {4}\}/.exec(apex('IpseVerifications'))[0]
    const top = [...body.matchAll(/^ {12}'(\w+)' =>|put\(body, '(\w+)'|body\.put\(\s*'(\w+)'/gm)].map((one) => one[1] ?? one[2] ?? one[3])
    assert.ok(top.length >= 7)
    for (const name of top) assert.ok(fields('CreateVerification').includes(name), name)
    for (const name of api.components.schemas.CreateVerification.required) assert.ok(top.includes(name), `${name} is missing`)
    const inner = [...body.matchAll(/^ {16,20}'(\w+)' =>/gm)].map(([, name]) => name)
    for (const name of inner) assert.ok([...fields('Record'), ...fields('Requester')].includes(name), name)
    for (const name of api.components.schemas.Record.required) assert.ok(inner.includes(name), `record.${name} is missing`)
    const people = apex('IpsePeople')
    const person = [...people.matchAll(/put\(\s*(?:subject, )?'(\w+)'|'(external_id)'/g)].map((one) => one[1] ?? one[2])
    assert.ok(person.length >= 6)
    for (const name of person) assert.ok(fields('SubjectInput').includes(name), name)
})

test('an answer has the fields that are read', () => {
    const read = ['IpseClient', 'IpseResult', 'IpseVerifications', 'IpseRequireStepUp'].flatMap((name) => [...apex(name).matchAll(/(?:\.text|answer\.body\.get|(?<=return )text)\('(\w+)'\)/g)].map(([, field]) => field))
    assert.ok(read.length >= 10)
    for (const name of read) assert.ok(fields('Verification').includes(name) || OPTIONAL.includes(name), name)
    for (const name of ['code', 'title']) assert.ok(fields('Problem').includes(name), name)
})

test('every word for a status has a meaning here', () => {
    const said = [...api.components.schemas.Verification.properties.status.description.matchAll(/`(\w+)`/g)].map(([, word]) => word).filter((word) => word !== 'valid')
    assert.ok(said.length >= 11)
    const result = apex('IpseResult')
    for (const word of said) assert.ok(result.includes(`'${word}'`), word)
})
