import '@servicenow/sdk/global'
import { Test } from '@servicenow/sdk/core'

Test({ $id: Now.ID['atf_webhook'], name: 'Ipse: an unsigned event is refused', description: 'The webhook answers 401, or 503 while no secret is set', active: true, failOnServerError: true }, (atf) => {
    atf.server.runServerSideScript({ $id: Now.ID['atf_webhook_script'], jasmineVersion: '3.1', script: Now.include('../scripts/atf-webhook.js') })
    atf.rest.sendRestRequest({
        $id: Now.ID['atf_webhook_send'],
        method: 'post',
        path: '/api/x_ipse_idv/webhook',
        queryParameters: {},
        headers: { 'Content-Type': 'application/json', 'webhook-id': 'evt_1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
        body: '{}',
        basicAuthentication: '',
        mutualAuthentication: '',
    } as any)
    atf.rest.assertStatusCode({ $id: Now.ID['atf_webhook_status'], operation: 'greater_than', statusCode: 400 } as any)
})

Test({ $id: Now.ID['atf_signature'], name: 'Ipse: signatures', description: 'The platform computes the published example of Standard Webhooks, and refuses its neighbours', active: true, failOnServerError: true }, (atf) => {
    atf.server.runServerSideScript({ $id: Now.ID['atf_signature_script'], jasmineVersion: '3.1', script: Now.include('../scripts/atf-signature.js') })
})

Test({ $id: Now.ID['atf_gate'], name: 'Ipse: the gate is shut for strangers', description: 'Nobody is verified by default, and nonsense is not verified', active: true, failOnServerError: true }, (atf) => {
    atf.server.runServerSideScript({ $id: Now.ID['atf_gate_script'], jasmineVersion: '3.1', script: Now.include('../scripts/atf-gate.js') })
})

Test({ $id: Now.ID['atf_field'], name: 'Ipse: IDV Status cannot be written by hand', description: 'A script that writes the field of an incident finds it unchanged', active: true, failOnServerError: true }, (atf) => {
    atf.server.runServerSideScript({ $id: Now.ID['atf_field_script'], jasmineVersion: '3.1', script: Now.include('../scripts/atf-field.js') })
})

Test({ $id: Now.ID['atf_access'], name: 'Ipse: the app reaches its tables', description: 'Every table that the app reads or writes can be reached from its scope', active: true, failOnServerError: true }, (atf) => {
    atf.server.runServerSideScript({ $id: Now.ID['atf_access_script'], jasmineVersion: '3.1', script: Now.include('../scripts/atf-access.js') })
})
