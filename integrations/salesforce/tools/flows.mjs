// Writes the flows. The templates for the clouds are one flow with different words, so they are written down once.
//   node tools/flows.mjs             writes force-app/main/default/flows
//   node tools/flows.mjs --check     says which of them are not what this makes
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { action, assign, create, decide, flow, get, outcomeIs, pause, ref, screen, text, textOf, update, variable, yes } from './flow.mjs'

const EVENT = 'Verification_Result__e'
const SHOWN = { component: { name: 'Status_Card', extension: 'c:idvStatus', inputs: { readOnly: yes, recordId: ref('recordId') } } }

/**
 * A flow that carries an operation out, or stops it. It pauses for the person, is woken by the event, by nothing else
 * each hour, and whatever woke it asks the server before it acts.
 */
function template({ name, label, about, policy, object, release, stop }) {
    const mine = [{ field: 'Id', operator: 'EqualTo', value: ref('recordId') }]
    const result = (value) => ({ Ipse_Step_Up_Result__c: value })
    return flow({
        name, label, description: about, kind: 'AutoLaunchedFlow', first: 'Require_Step_Up',
        elements: [
            action('Require_Step_Up', 'IpseRequireStepUp', { policy: text(policy), recordId: ref('recordId') }, 'Is_It_Needed', 'Stop'),
            decide('Is_It_Needed', [
                ['Not_Needed', outcomeIs('Require_Step_Up', 'not_required', 'satisfied'), 'Carry_Out'],
                ['Asked', outcomeIs('Require_Step_Up', 'opened', 'queued'), 'Wait_For_Person'],
            ], 'Remember_Why_Not'),
            assign('Remember_Why_Not', { outcome: ref('Require_Step_Up.code') }, 'Stop'),
            pause('Wait_For_Person', EVENT, { Request_Key__c: ref('Require_Step_Up.requestKey') }, 'resultEvent', 'Check', 'Stop'),
            action('Check', 'IpseCheckVerification', { deadline: ref('Require_Step_Up.deadline'), redeem: yes, verificationRecordId: ref('Require_Step_Up.verificationRecordId') }, 'What_Came_Of_It', 'Stop'),
            decide('What_Came_Of_It', [
                ['Approved', outcomeIs('Check', 'approved'), 'Carry_Out'],
                ['Pending', outcomeIs('Check', 'pending'), 'Wait_For_Person'],
            ], 'Remember_Outcome'),
            assign('Remember_Outcome', { outcome: ref('Check.outcome') }, 'Stop'),
            update('Carry_Out', object, mine, { ...release, ...result(text('approved')) }, 'Remember_Success', 'Stop'),
            assign('Remember_Success', { outcome: text('approved') }),
            update('Stop', object, mine, { ...stop, ...result(ref('outcome')) }, null, 'Not_Even_That'),
            assign('Not_Even_That', { outcome: text('error') }),
        ],
        variables: [
            variable('recordId', 'String', { input: true }),
            variable('outcome', 'String', { output: true, value: text('error') }),
            variable('resultEvent', 'SObject', { object: EVENT }),
        ],
    })
}

const TEMPLATES = [
    { name: 'Ipse_FS_Transfer', label: 'Ipse: Transfer', policy: 'Large_Transfer', object: 'Opportunity', release: { StageName: text('Closed Won') }, stop: {}, about: 'Financial services. Carries a transfer out; a large one after a step-up.' },
    { name: 'Ipse_FS_Beneficiary', label: 'Ipse: Beneficiary Change', policy: 'Beneficiary_Change', object: 'Case', release: { Status: text('Closed') }, stop: { Status: text('Escalated') }, about: 'Financial services. Changes a beneficiary after a step-up.' },
    { name: 'Ipse_FS_Claim', label: 'Ipse: Claim Approval', policy: 'Claim_Approval', object: 'Case', release: { Status: text('Closed') }, stop: { Status: text('Escalated') }, about: 'Financial services. Approves a claim; a large one after a step-up.' },
    { name: 'Ipse_Health_Prescription', label: 'Ipse: Prescription', policy: 'Prescription', object: 'Case', release: { Status: text('Closed') }, stop: { Status: text('Escalated') }, about: 'Health. Authorises a prescription after a step-up of the prescriber.' },
    { name: 'Ipse_Commerce_Order', label: 'Ipse: High-Value Order', policy: 'High_Value_Order', object: 'Opportunity', release: { StageName: text('Closed Won') }, stop: {}, about: 'Commerce. Accepts an order; one of high value after a step-up.' },
    { name: 'Ipse_Commerce_Loyalty', label: 'Ipse: Loyalty Redemption', policy: 'Loyalty_Redemption', object: 'Case', release: { Status: text('Closed') }, stop: { Status: text('Escalated') }, about: 'Commerce. Redeems points; many after a step-up.' },
]

/** A screen flow around an operation: `open` is where it goes on, once that is allowed. */
function interactive({ name, label, about, first, policy, before = [], open, extra = [] }) {
    return flow({
        name, label, description: about, kind: 'Flow', first: first ?? 'Require_Step_Up',
        elements: [
            ...before,
            action('Require_Step_Up', 'IpseRequireStepUp', { policy, recordId: ref('recordId') }, 'Is_It_Needed', 'Stopped', true),
            decide('Is_It_Needed', [
                ['Not_Needed', outcomeIs('Require_Step_Up', 'not_required', 'satisfied'), open],
                ['Asked', outcomeIs('Require_Step_Up', 'opened', 'queued'), 'Verify'],
            ], 'Stopped'),
            screen('Verify', 'Identity check', [
                textOf('Verify_Text', '<p>Wait until the person has finished, then go on.</p><p>{!Require_Step_Up.link}</p>'), SHOWN,
            ], 'Check'),
            action('Check', 'IpseCheckVerification', { deadline: ref('Require_Step_Up.deadline'), redeem: yes, verificationRecordId: ref('Require_Step_Up.verificationRecordId') }, 'What_Came_Of_It', 'Stopped', true),
            decide('What_Came_Of_It', [
                ['Approved', outcomeIs('Check', 'approved'), open],
                ['Pending', outcomeIs('Check', 'pending'), 'Verify'],
            ], 'Stopped'),
            assign('Remember_Success', { approved: yes }),
            screen('Stopped', 'Not verified', [textOf('Stopped_Text', '<p>This cannot go on: the identity check did not succeed.</p><p>{!Require_Step_Up.code} {!Check.code}</p>')]),
            ...extra,
        ],
        variables: [
            variable('approved', 'Boolean', { output: true }),
            ...(policy.reference ? [variable(policy.reference, 'String', { input: true })] : []),
            variable('recordId', 'String', { input: true }),
        ],
    })
}

/** Starts the policy's flow when a record asks for it, or asks again after its result was cleared. */
function asked(object) {
    const mark = '{!$Record.Ipse_Step_Up__c}'
    const result = '{!$Record.Ipse_Step_Up_Result__c}'
    return flow({
        name: `Ipse_${object}_Asked`, label: `Ipse: ${object} Asks for a Step-up`, kind: 'AutoLaunchedFlow', first: 'Start_Step_Up',
        description: 'Setting Identity Step-up starts the flow of that policy; clearing the result starts it again.',
        trigger: { object, type: 'RecordAfterSave', when: 'CreateAndUpdate', order: 900, formula: `AND(NOT(ISBLANK(TEXT(${mark}))), ISBLANK(${result}), OR(ISNEW(), ISCHANGED(${mark}), ISCHANGED(${result})))` },
        elements: [
            action('Start_Step_Up', 'IpseStartStepUp', { policy: ref('$Record.Ipse_Step_Up__c'), recordId: ref('$Record.Id') }, 'Did_It_Start', 'Note_Problem'),
            decide('Did_It_Start', [['Started', [['Start_Step_Up.started', 'EqualTo', yes]], null]], 'Note_Problem'),
            update('Note_Problem', object, [{ field: 'Id', operator: 'EqualTo', value: ref('$Record.Id') }], { Ipse_Step_Up_Result__c: text('could_not_start') }, null, 'Left_As_It_Is'),
            assign('Left_As_It_Is', { problem: ref('$Flow.FaultMessage') }),
        ],
        variables: [variable('problem', 'String')],
    })
}

/** Keeps the moment at which an address or number changed: Ipse sends no link to one that is too new. */
function contactChanged(object) {
    return flow({
        name: `Ipse_${object}_Details`, label: `Ipse: ${object} Details Changed`, kind: 'AutoLaunchedFlow', first: 'Note_Time',
        description: 'Keeps when the mail address or mobile number last changed.',
        trigger: { object, type: 'RecordBeforeSave', when: 'CreateAndUpdate', order: 900, formula: 'OR(ISNEW(), ISCHANGED({!$Record.Email}), ISCHANGED({!$Record.MobilePhone}))' },
        elements: [assign('Note_Time', { '$Record.Ipse_Contact_Changed_At__c': ref('$Flow.CurrentDateTime') })],
        variables: [],
    })
}

function login() {
    return flow({
        name: 'Ipse_Login', label: 'Ipse: Login', kind: 'Flow', first: 'Evaluate_Login',
        description: 'Login flow: whoever has to prove their identity does so before the session opens, or is signed out.',
        elements: [
            action('Evaluate_Login', 'IpseEvaluateLogin', { platform: ref('LoginFlow_Platform'), userAgent: ref('LoginFlow_UserAgent') }, 'Is_It_Needed', 'Refused', true),
            decide('Is_It_Needed', [['Needed', [['Evaluate_Login.required', 'EqualTo', yes]], 'Request_Verification']], null),
            action('Request_Verification', 'IpseRequestVerification', {
                delivery: text('none'), device: ref('Evaluate_Login.device'), journey: ref('Evaluate_Login.journey'),
                personRecordId: ref('Evaluate_Login.userId'), purpose: text('Sign in to Salesforce'), stepUpJourney: ref('Evaluate_Login.stepUpJourney'),
            }, 'Was_It_Opened', 'Refused', true),
            decide('Was_It_Opened', [['Opened', outcomeIs('Request_Verification', 'opened'), 'Verify']], 'Refused'),
            screen('Verify', 'Confirm that it is you', [textOf('Verify_Text', '<p><a href="{!Request_Verification.link}" target="_blank" rel="noopener">Verify my identity</a></p><p>Come back and go on when you have finished.</p>')], 'Check'),
            action('Check', 'IpseCheckVerification', { redeem: yes, verificationRecordId: ref('Request_Verification.verificationRecordId') }, 'What_Came_Of_It', 'Refused', true),
            decide('What_Came_Of_It', [
                ['Approved', outcomeIs('Check', 'approved'), 'Let_In'],
                ['Pending', outcomeIs('Check', 'pending'), 'Verify'],
            ], 'Refused'),
            assign('Let_In', { LoginFlow_ForceLogout: { boolean: false } }),
            screen('Refused', 'Not verified', [textOf('Refused_Text', '<p>You cannot sign in before your identity is verified. Please ask your administrator if you need help.</p>')], 'Sign_Out'),
            assign('Sign_Out', { LoginFlow_ForceLogout: yes }),
        ],
        variables: [
            variable('LoginFlow_ForceLogout', 'Boolean', { output: true }),
            variable('LoginFlow_Platform', 'String', { input: true }),
            variable('LoginFlow_UserAgent', 'String', { input: true }),
        ],
    })
}

/** The person said that they did not ask for it: somebody should look, today. */
function ended() {
    return flow({
        name: 'Ipse_Verification_Ended', label: 'Ipse: Verification Ended', kind: 'AutoLaunchedFlow', first: 'Warn',
        description: 'Acts on the record that the trigger wrote. Whoever asked is warned when the person says that they never asked.',
        trigger: { object: 'Ipse_Verification__c', type: 'RecordAfterSave', when: 'CreateAndUpdate', order: 900, formula: 'AND(ISPICKVAL({!$Record.Status__c}, "declined"), NOT(ISBLANK({!$Record.Requested_By__c})), OR(ISNEW(), ISCHANGED({!$Record.Status__c})))' },
        elements: [
            create('Warn', 'Task', {
                ActivityDate: ref('$Flow.CurrentDate'), OwnerId: ref('$Record.Requested_By__c'), Priority: text('High'), Status: text('Not Started'),
                Subject: text('The person did not ask for this identity check'), WhatId: ref('$Record.Id'),
            }, null, 'Note_Problem'),
            assign('Note_Problem', { problem: ref('$Flow.FaultMessage') }),
        ],
        variables: [variable('problem', 'String')],
    })
}

/** Woken by the event, but believing the record alone. */
function onResult() {
    return flow({
        name: 'Ipse_On_Result', label: 'Ipse: On Result', kind: 'AutoLaunchedFlow', first: 'Find_Record',
        description: 'Escalates the case when its identity check was refused. The event only says where to look: what counts is the record that the trigger wrote after checking the signature.',
        trigger: { object: EVENT, type: 'PlatformEvent' },
        elements: [
            get('Find_Record', 'Ipse_Verification__c', [{ field: 'Verification_Id__c', operator: 'EqualTo', value: ref('$Record.Verification_Id__c') }], ['Id', 'Case__c', 'Decision__c'], 'Was_It_Refused', 'Note_Problem'),
            decide('Was_It_Refused', [['Refused', [['Find_Record.Decision__c', 'EqualTo', text('refused')], ['Find_Record.Case__c', 'IsNull', { boolean: false }]], 'Escalate']], null),
            update('Escalate', 'Case', [{ field: 'Id', operator: 'EqualTo', value: ref('Find_Record.Case__c') }], { IsEscalated: yes }, null, 'Note_Problem'),
            assign('Note_Problem', { problem: ref('$Flow.FaultMessage') }),
        ],
        variables: [variable('problem', 'String')],
    })
}

export function flows() {
    return [
        ...TEMPLATES.map(template),
        interactive({ name: 'Ipse_Step_Up', label: 'Ipse: Step-up', about: 'Asks for the step-up of a policy and answers approved. Use it as a part of your own screen flows.', policy: ref('policyName'), open: 'Remember_Success' }),
        interactive({
            name: 'Ipse_Health_Access', label: 'Ipse: Open a Patient Record', policy: text('Record_Access'), first: 'Get_Patient',
            about: 'Health. The owner of an account opens what is closed to others; everybody else steps up first. What is opened is the session-based permission set.',
            before: [
                get('Get_Patient', 'Account', [{ field: 'Id', operator: 'EqualTo', value: ref('recordId') }], ['Id', 'OwnerId'], 'Is_Primary', 'Stopped'),
                decide('Is_Primary', [['Primary', [['Get_Patient.OwnerId', 'EqualTo', ref('$User.Id')]], 'Open_Records']], 'Require_Step_Up'),
            ],
            open: 'Open_Records',
            extra: [action('Open_Records', 'activateSessionPermSet', { PermSetName: text('Ipse_Verified_Session') }, 'Remember_Success', 'Stopped')],
        }),
        asked('Opportunity'), asked('Case'),
        contactChanged('Contact'), contactChanged('User'),
        login(), ended(), onResult(),
    ]
}

const folder = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'force-app/main/default/flows')

/** The names of flows in this folder that are not what is made here. */
export function stale() {
    const made = new Map(flows().map(({ name, xml }) => [`${name}.flow-meta.xml`, xml]))
    const there = fs.existsSync(folder) ? fs.readdirSync(folder) : []
    const differs = [...made].filter(([file, xml]) => !there.includes(file) || fs.readFileSync(path.join(folder, file), 'utf8') !== xml)
    return [...differs.map(([file]) => file), ...there.filter((file) => !made.has(file))]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    if (process.argv.includes('--check')) {
        const files = stale()
        if (files.length > 0) throw new Error(`not what tools/flows.mjs makes: ${files.join(', ')}`)
    } else {
        fs.rmSync(folder, { recursive: true, force: true })
        fs.mkdirSync(folder, { recursive: true })
        for (const { name, xml } of flows()) fs.writeFileSync(path.join(folder, `${name}.flow-meta.xml`), xml)
        console.log(`${flows().length} flows written`)
    }
}
