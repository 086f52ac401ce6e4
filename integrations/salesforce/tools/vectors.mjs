// Makes test/vectors/result-tokens.json, and the Apex class that carries the same to the tests in an org, with a key
// that is used for nothing else. Only needed when the receipt changes: node tools/vectors.mjs
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { MOMENTS, NUMBERS, TEXTS, TYPE, eventOf, operation, sign } from './result-token.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const KID = 'ipse_vectors'
const ISSUER = 'https://ipse.example.com'
const ORGANIZATION = 'org_01k3z8m5q0x4t6v8w2y4a6c8e0'
const AUDIENCE = '00D000000000001EAA'
const NOW = 1795257600

export const apexFile = path.join(root, 'force-app/main/default/classes/IpseVectors.cls')
export const jsonFile = path.join(root, 'test/vectors/result-tokens.json')

function make() {
    const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
    const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const key = { kid: KID, privateKey }
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const operations = [
        { policy: 'Large_Transfer', record: '006000000000001AAA', person: '003000000000001AAA', amount: '12500.00' },
        { policy: 'Large_Transfer', record: '006000000000001AAA', person: '003000000000001AAA', amount: '12500.01' },
        { policy: 'Beneficiary_Change', record: '500000000000001AAA', person: '003000000000001AAA', amount: null },
    ].map((one) => ({ ...one, digest: operation(one) }))
    const base = {
        iss: ISSUER, aud: AUDIENCE, org: ORGANIZATION, iat: NOW,
        jti: 'evt_01k3z8m5q0x4t6v8w2y4a6c8e1', sub: 'ver_01k3z8m5q0x4t6v8w2y4a6c8e2', seq: 7,
        status: 'succeeded', decision: 'approved', assurance: 2, method: 'document face', journey: 'step-up-document',
        subject_key: 'sub_01k3z8m5q0x4t6v8w2y4a6c8e3', related_record: '006000000000001AAA', person_record: '003000000000001AAA',
        policy: 'Large_Transfer', operation: operations[0].digest, request_key: '7b9f2c54-4a2e-4f5c-9d4b-0d6a3f5e8c21',
        receipt: `${ISSUER}/console/verifications/ver_01k3z8m5q0x4t6v8w2y4a6c8e2`,
        occurred_at: NOW - 2, valid_until: NOW + 3600,
    }
    const least = { iss: ISSUER, aud: AUDIENCE, org: ORGANIZATION, iat: NOW, jti: base.jti, sub: base.sub, seq: 3, status: 'expired', decision: 'none', occurred_at: NOW - 2 }
    const cases = []
    const add = (name, accepted, claims, event = eventOf(claims), token = sign(claims, key)) => cases.push({ name, accepted, event: { ...event, Result_Token__c: token } })
    const good = eventOf(base)

    add('a success with everything', true, base)
    add('an end with only what is needed', true, least)
    add('a failure', true, { ...base, status: 'failed', decision: 'refused', reasons: 'face_mismatch;name_mismatch', valid_until: undefined })
    add('declined by the person', true, { ...base, status: 'declined', decision: 'refused', reasons: 'declined_by_person', valid_until: undefined })
    add('cancelled', true, { ...base, status: 'cancelled', decision: 'none', reasons: 'cancelled_by_requester', valid_until: undefined })
    add('a connection test', true, { ...least, sub: 'test', status: 'test', decision: 'none' })
    add('a clock a little ahead', true, { ...base, iat: NOW + 200 })

    for (const [claim, field] of Object.entries({ ...TEXTS, ...NUMBERS, ...MOMENTS })) {
        const value = good[field]
        const changed = claim in NUMBERS ? value + 1 : claim in MOMENTS ? value.replace('T', 'T').replace(/:(\d\d)Z/, (_, s) => `:${String((Number(s) + 1) % 60).padStart(2, '0')}Z`) : value === undefined ? 'face_mismatch' : `${value}x`
        add(`${field} differs from the token`, false, base, { ...good, [field]: changed })
        if (value !== undefined) {
            const { [field]: left, ...without } = good
            if (left !== undefined) add(`${field} was taken out of the event`, false, base, without)
        }
    }
    add('capitals instead of small letters', false, base, { ...good, Status__c: 'Succeeded' })
    add('another org', false, { ...base, aud: '00D000000000002EAA' })
    add('several audiences', false, { ...base, aud: [AUDIENCE] })
    add('another server', false, { ...base, iss: 'https://other.example.com' })
    add('another organization of the same server', false, { ...base, org: 'org_01k3z8m5q0x4t6v8w2y4a6c8e9' })
    add('issued in the future', false, { ...base, iat: 4102444800 })
    add('no time of issue', false, { ...base, iat: undefined })
    add('approved for a status that is no success', false, { ...base, status: 'failed' })
    add('a status that is not known', false, { ...base, status: 'superseded' })
    add('a status that has not ended', false, { ...base, status: 'pending_review', decision: 'none' })
    add('a test that calls itself approved', false, { ...base, sub: 'test', status: 'test', decision: 'approved' })
    add('a test of a real verification', false, { ...base, status: 'test', decision: 'none' })
    add('no verification', false, { ...base, sub: undefined })
    add('no event', false, { ...base, jti: undefined })
    add('no sequence', false, { ...base, seq: undefined })
    add('a sequence with a fraction', false, { ...base, seq: 7.5 }, good)
    add('a sequence that is text', false, { ...base, seq: '7' }, good)
    add('a status that is no text', false, { ...base, status: 1 }, good)
    add('no time', false, { ...base, occurred_at: undefined })

    const token = sign(base, key)
    const [head, body, signature] = token.split('.')
    const header = (fields) => Buffer.from(JSON.stringify({ alg: 'RS256', kid: KID, typ: TYPE, ...fields })).toString('base64url')
    const secret = crypto.createHmac('sha256', Buffer.from(spki, 'base64'))
    const symmetric = `${header({ alg: 'HS256' })}.${body}`
    add('an unknown key', false, base, good, sign(base, { kid: 'ipse_unknown', privateKey }))
    add('the name of our key, another key', false, base, good, sign(base, { kid: KID, privateKey: other }))
    add('no algorithm', false, base, good, `${header({ alg: 'none' })}.${body}.`)
    add('the public key as a secret', false, base, good, `${symmetric}.${secret.update(symmetric).digest('base64url')}`)
    add('a token of another kind', false, base, good, sign(base, key, { typ: 'JWT' }))
    add('an extension that is not understood', false, base, good, sign(base, key, { crit: ['exp'] }))
    add('a token of a success under a failure', false, base, good, `${head}.${Buffer.from(JSON.stringify({ ...base, related_record: '006000000000002AAA' })).toString('base64url')}.${signature}`)
    add('a signature cut short', false, base, good, token.slice(0, -10))
    add('no signature', false, base, good, `${head}.${body}`)
    add('four parts', false, base, good, `${token}.${signature}`)
    add('a token twice', false, base, good, `${token}${token}`)
    add('no JSON', false, base, good, `${head}.bm90IEpTT04.${signature}`)
    add('an empty token', false, base, good, '')
    add('a token that is too long', false, base, good, sign({ ...base, padding: 'x'.repeat(16000) }, key))

    return {
        about: 'Receipts of results for Salesforce: what is believed and what is not. Made by tools/vectors.mjs with a key used for nothing else. A case is accepted if its event may be believed by an org with this audience and key at this time.',
        now: NOW,
        audience: AUDIENCE,
        key: { kid: KID, issuer: ISSUER, organization: ORGANIZATION, public_spki: spki, private_pkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64') },
        operations,
        cases,
    }
}

/** The vectors as an Apex class: the tests in an org read the same. */
export function apex(vectors) {
    const text = (value) => `'${String(value).replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`
    const cases = vectors.cases.map((one) => `        add(${text(one.name)}, ${one.accepted}, ${text(JSON.stringify(one.event))});`)
    return `// Made by tools/vectors.mjs from the same cases as test/vectors/result-tokens.json.
@IsTest
public class IpseVectors {
    public class One {
        public String name;
        public Boolean accepted;
        public Map<String, Object> event;
    }

    public static final String AUDIENCE = ${text(vectors.audience)};
    public static final String KID = ${text(vectors.key.kid)};
    public static final String ISSUER = ${text(vectors.key.issuer)};
    public static final String ORGANIZATION = ${text(vectors.key.organization)};
    public static final String PUBLIC_KEY = ${text(vectors.key.public_spki)};
    public static final List<One> CASES = new List<One>();

    static {
${cases.join('\n')}
    }

    private static void add(String name, Boolean accepted, String event) {
        One one = new One();
        one.name = name;
        one.accepted = accepted;
        one.event = (Map<String, Object>) JSON.deserializeUntyped(event);
        CASES.add(one);
    }
}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const vectors = make()
    fs.mkdirSync(path.dirname(jsonFile), { recursive: true })
    fs.writeFileSync(jsonFile, `${JSON.stringify(vectors, null, 1)}\n`)
    fs.writeFileSync(apexFile, apex(vectors))
    console.log(`${vectors.cases.length} cases written`)
}
