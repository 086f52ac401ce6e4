import '@servicenow/sdk/global'
import { RestApi } from '@servicenow/sdk/core'
import { webhookAcl } from './access.now'

// Without a session: the signature is what lets an event in.
RestApi({
    $id: Now.ID['rest_webhook'],
    name: 'Ipse webhook',
    serviceId: 'webhook',
    consumes: 'application/json',
    produces: 'application/json',
    shortDescription: 'Receives signed events from the Ipse server.',
    enforceAcl: [webhookAcl],
    routes: [
        {
            $id: Now.ID['rest_webhook_post'],
            name: 'event',
            method: 'POST',
            path: '/',
            authentication: false,
            authorization: false,
            internalRole: false,
            enforceAcl: [webhookAcl],
            script: Now.include('../scripts/webhook.js'),
            headers: [
                { $id: Now.ID['rest_header_id'], name: 'webhook-id', required: true, shortDescription: 'The same at every attempt' },
                { $id: Now.ID['rest_header_timestamp'], name: 'webhook-timestamp', required: true, shortDescription: 'Unix seconds' },
                { $id: Now.ID['rest_header_signature'], name: 'webhook-signature', required: true, shortDescription: 'v1,<base64>, several with spaces' },
            ],
        },
    ],
})
