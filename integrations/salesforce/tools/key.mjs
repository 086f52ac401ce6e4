// Writes a public key of your Ipse server as custom metadata, to be deployed by an administrator.
//   node tools/key.mjs KEY.json ISSUER ORGANIZATION
// KEY.json is a JWK, or a JWK Set whose every RSA key is taken; ORGANIZATION is your organization's id in Ipse.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'org-config/main/default/customMetadata')

/** The record for one key: { name, xml }. Throws where the platform could not hold it. */
export function record(jwk, issuer, organization) {
    const { kid } = jwk
    // What a developer name may be; the key id is found by it.
    if (typeof kid !== 'string' || !/^[A-Za-z](?!.*__)[A-Za-z0-9_]{0,38}[A-Za-z0-9]$/.test(kid)) throw new Error(`the key id ${JSON.stringify(kid)} cannot be the name of a record`)
    if (jwk.kty !== 'RSA' || ['d', 'p', 'q'].some((secret) => secret in jwk)) throw new Error(`${kid}: not an RSA public key`)
    if (!/^https:\/\/[^\s"'<>&]+[^/\s"'<>&]$/.test(issuer)) throw new Error('the issuer is the https address of the server, without a slash at its end')
    if (!/^org_[0-9a-z]+$/.test(organization)) throw new Error('the organization is its id in Ipse, org_…')
    const key = crypto.createPublicKey({ key: jwk, format: 'jwk' })
    if (key.asymmetricKeyDetails.modulusLength < 2048) throw new Error(`${kid}: shorter than 2048 bits`)
    const values = { Active__c: ['boolean', 'true'], Issuer__c: ['string', issuer], Organization__c: ['string', organization], Public_Key__c: ['string', key.export({ type: 'spki', format: 'der' }).toString('base64')] }
    const xml = Object.entries(values).map(([field, [type, value]]) => `    <values>\n        <field>${field}</field>\n        <value xsi:type="xsd:${type}">${value}</value>\n    </values>\n`).join('')
    return {
        name: `Ipse_Key.${kid}.md-meta.xml`,
        xml: `<?xml version="1.0" encoding="UTF-8"?>\n<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n    <label>${kid}</label>\n    <protected>false</protected>\n${xml}</CustomMetadata>\n`,
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const [file, issuer, organization] = process.argv.slice(2)
    if (!organization) throw new Error('node tools/key.mjs KEY.json ISSUER ORGANIZATION')
    const given = JSON.parse(fs.readFileSync(file, 'utf8'))
    const keys = (given.keys ?? [given]).filter((jwk) => jwk.kty === 'RSA' && (jwk.alg ?? 'RS256') === 'RS256')
    if (keys.length === 0) throw new Error('there is no key for RS256')
    fs.mkdirSync(folder, { recursive: true })
    for (const jwk of keys) {
        const { name, xml } = record(jwk, issuer, organization)
        fs.writeFileSync(path.join(folder, name), xml)
        console.log(`org-config/main/default/customMetadata/${name}`)
    }
}
