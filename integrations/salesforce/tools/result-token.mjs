// The signed receipt of a result, as the Ipse server makes it and as the Apex class IpseResultToken reads it: the
// vectors are made with this, and whoever writes another signer or reader can hold it against them.
import crypto from 'node:crypto'

export const TYPE = 'ipse-result+jwt'
const LONGEST = 16384
const AHEAD_SECONDS = 300
const DECISIONS = { succeeded: 'approved', failed: 'refused', declined: 'refused', expired: 'none', cancelled: 'none' }

/** Claims that are text, and the field of the event that says the same. */
export const TEXTS = {
    sub: 'Verification_Id__c',
    jti: 'Event_Id__c',
    status: 'Status__c',
    decision: 'Decision__c',
    reasons: 'Reasons__c',
    method: 'Method__c',
    journey: 'Journey__c',
    subject_key: 'Subject_Key__c',
    related_record: 'Related_Record_Id__c',
    person_record: 'Person_Record_Id__c',
    policy: 'Policy__c',
    operation: 'Operation__c',
    request_key: 'Request_Key__c',
    receipt: 'Receipt_Url__c',
}
/** Claims that are whole seconds since 1970. */
export const MOMENTS = { occurred_at: 'Occurred_At__c', valid_until: 'Valid_Until__c' }
/** Claims that are whole numbers. */
export const NUMBERS = { seq: 'Sequence__c', assurance: 'Assurance__c' }

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
const isEmpty = (value) => value === undefined || value === null || value === ''

/** A compact JWS over these claims. */
export function sign(claims, { kid, privateKey }, header = {}) {
    const signed = `${encode({ alg: 'RS256', kid, typ: TYPE, ...header })}.${encode(claims)}`
    return `${signed}.${crypto.sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
}

/** The event that carries these claims, without its token. */
export function eventOf(claims) {
    const event = {}
    for (const [claim, field] of Object.entries({ ...TEXTS, ...NUMBERS })) if (!isEmpty(claims[claim])) event[field] = claims[claim]
    for (const [claim, field] of Object.entries(MOMENTS)) {
        if (!isEmpty(claims[claim])) event[field] = new Date(claims[claim] * 1000).toISOString().replace('.000Z', 'Z')
    }
    return event
}

/** The claims, or null where the event may not be believed. `keys`: kid to { issuer, organization, publicKey }. */
export function read(event, keys, audience, now) {
    try {
        const claims = verified(event.Result_Token__c, keys, audience, now)
        return claims && agrees(claims, event) && isSound(claims) ? claims : null
    } catch {
        return null
    }
}

function verified(token, keys, audience, now) {
    if (typeof token !== 'string' || token.length > LONGEST) return null
    const parts = token.split('.')
    if (parts.length !== 3) return null
    const header = decode(parts[0])
    if (header.alg !== 'RS256' || header.typ !== TYPE || 'crit' in header) return null
    const key = keys.get(header.kid)
    if (!key) return null
    const publicKey = crypto.createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' })
    const holds = crypto.verify('RSA-SHA256', Buffer.from(`${parts[0]}.${parts[1]}`), publicKey, Buffer.from(parts[2], 'base64url'))
    if (!holds) return null
    const claims = decode(parts[1])
    const isOurs = claims.iss === key.issuer && claims.org === key.organization && claims.aud === audience
    return isOurs && Number.isInteger(claims.iat) && claims.iat <= now + AHEAD_SECONDS ? claims : null
}

function agrees(claims, event) {
    const texts = Object.entries(TEXTS).every(([claim, field]) => (isEmpty(claims[claim]) && claims[claim] !== '' ? isEmpty(event[field]) : typeof claims[claim] === 'string' && claims[claim] === event[field]))
    const numbers = Object.entries(NUMBERS).every(([claim, field]) => whole(claims[claim]) === whole(event[field]))
    const seconds = (text) => (isEmpty(text) ? null : Date.parse(text) / 1000)
    return texts && numbers && Object.entries(MOMENTS).every(([claim, field]) => whole(claims[claim]) === seconds(event[field]))
}

const whole = (value) => (Number.isInteger(value) ? value : null)

function isSound(claims) {
    const isTest = claims.status === 'test' && claims.decision === 'none' && claims.sub === 'test'
    const isKnown = Object.hasOwn(DECISIONS, claims.status) && DECISIONS[claims.status] === claims.decision
    const isWhole = [claims.sub, claims.jti].every((text) => typeof text === 'string' && text.trim() !== '')
    return (isTest || isKnown) && isWhole && Number.isInteger(claims.seq) && Number.isInteger(claims.occurred_at)
}

/** Digest of an operation: what exactly a success may release. */
export function operation({ policy, record, person, amount }) {
    const lines = ['ipse-operation-1', policy, record ?? '', person ?? '', amount ?? '']
    return crypto.createHash('sha256').update(lines.join('\n')).digest('hex')
}
