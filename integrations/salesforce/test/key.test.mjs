// Keys of the server become records that the receipts' reader can use.
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { record } from '../tools/key.mjs'
import { faults, schema } from '../tools/schema.mjs'
import { all, parse, text } from '../tools/xml.mjs'
import { jsonFile } from '../tools/vectors.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const vectors = JSON.parse(fs.readFileSync(jsonFile, 'utf8'))
const { issuer, organization, kid, public_spki: spki } = vectors.key
const publicKey = crypto.createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
const jwk = { ...publicKey.export({ format: 'jwk' }), kid }

test('a key becomes a record with all that the reader compares', () => {
    const { name, xml } = record(jwk, issuer, organization)
    assert.equal(name, `Ipse_Key.${kid}.md-meta.xml`)
    assert.deepEqual(faults(schema(path.join(root, 'node_modules/@salesforce/types/lib/metadata.d.ts')), xml), [])
    const values = Object.fromEntries(all(parse(xml), 'values').map((one) => [text(one, 'field'), text(one, 'value')]))
    assert.deepEqual(values, { Active__c: 'true', Issuer__c: issuer, Organization__c: organization, Public_Key__c: spki })
    const fields = fs.readdirSync(path.join(root, 'force-app/main/default/objects/Ipse_Key__mdt/fields')).map((file) => file.split('.')[0])
    assert.deepEqual(Object.keys(values).sort(), fields.sort())
})

test('what the platform could not hold, or nobody should deploy, is refused', () => {
    const weak = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })
    const secret = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
    const curve = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
    for (const name of ['2026', 'a-b', 'a__b', 'a_', 'x'.repeat(41), '', undefined]) assert.throws(() => record({ ...jwk, kid: name }, issuer, organization), /key id/, String(name))
    for (const key of [secret, curve]) assert.throws(() => record({ ...key, kid }, issuer, organization), /not an RSA public key/)
    assert.throws(() => record({ ...weak, kid }, issuer, organization), /2048/)
    for (const address of ['http://ipse.example.com', 'https://ipse.example.com/', 'https://a"b', '']) assert.throws(() => record(jwk, address, organization), /issuer/, address)
    assert.throws(() => record(jwk, issuer, 'other'), /organization/)
})
