import '@servicenow/sdk/global'
import { EmailNotification, Record, ScheduledScript } from '@servicenow/sdk/core'

Record({ $id: Now.ID['event_link'], table: 'sysevent_register', data: { event_name: 'x_ipse_idv.link', table: 'x_ipse_idv_verification', description: 'ServiceNow has to send a link', fired_by: 'IpseRequests' } })
Record({ $id: Now.ID['event_test_mail'], table: 'sysevent_register', data: { event_name: 'x_ipse_idv.test_mail', table: 'x_ipse_idv_config', description: 'An administrator wants a test mail', fired_by: 'IpseAdminAjax' } })
Record({ $id: Now.ID['event_overridden'], table: 'sysevent_register', data: { event_name: 'x_ipse_idv.overridden', table: 'x_ipse_idv_verification', description: 'A ticket was let pass without verification', fired_by: 'IpseGate' } })

// The sender is the configured one, which a notification cannot name by itself.
Record({ $id: Now.ID['mail_script_from'], table: 'sys_script_email', data: { name: 'x_ipse_idv_from', script: Now.include('../scripts/mail-from.js') } })

EmailNotification({
    $id: Now.ID['mail_link'],
    table: 'x_ipse_idv_verification',
    name: 'Ipse: verification link',
    description: 'The link, where ServiceNow sends it',
    active: true,
    mandatory: true,
    triggerConditions: { generationType: 'event', eventName: 'x_ipse_idv.link' },
    recipientDetails: { recipientFields: ['subject'], sendToCreator: true, eventParm1WithRecipient: false, excludeDelegates: true },
    emailContent: {
        subject: 'Please confirm your identity (${number})',
        messageHtml:
            '${mail_script:x_ipse_idv_from}<p>Somebody asked our service desk for help in your name.</p><p>If that was you, open this on your phone: <a href="${link}" rel="noopener noreferrer nofollow">${link}</a></p><p><strong>If you did not call us, do not open it</strong>, and tell us. Nobody from IT will call you and ask you to do this.</p>',
        smsAlternate: 'Confirm your identity, only if you asked for help: ${link}',
        omitWatermark: true,
        forceDelivery: true,
    },
})

EmailNotification({
    $id: Now.ID['mail_test'],
    table: 'x_ipse_idv_config',
    name: 'Ipse: test mail',
    active: true,
    mandatory: true,
    triggerConditions: { generationType: 'event', eventName: 'x_ipse_idv.test_mail' },
    recipientDetails: { sendToCreator: true, eventParm1WithRecipient: true },
    emailContent: { subject: 'Ipse test mail', messageHtml: '${mail_script:x_ipse_idv_from}<p>This is the mail that you asked for. Links to people will arrive the same way.</p>', omitWatermark: true, forceDelivery: true },
})

EmailNotification({
    $id: Now.ID['mail_overridden'],
    table: 'x_ipse_idv_verification',
    name: 'Ipse: a verification was overridden',
    active: true,
    triggerConditions: { generationType: 'event', eventName: 'x_ipse_idv.overridden' },
    recipientDetails: { recipientFields: ['subject'], sendToCreator: true, isSubscribableByAllUsers: true },
    emailContent: {
        subject: 'Your identity was not verified, and your request went on (${number})',
        messageHtml: '${mail_script:x_ipse_idv_from}<p>A request in your name went on without identity verification. If you did not ask for anything, tell your security team now.</p>',
    },
})

ScheduledScript({ $id: Now.ID['job_reconcile'], name: 'Ipse: ask after open verifications', active: true, frequency: 'periodically', executionStart: '2025-01-01 00:00:00', executionInterval: Duration({ minutes: 15 }), script: 'new x_ipse_idv.IpseJobs().reconcile();' } as any)
ScheduledScript({ $id: Now.ID['job_recurring'], name: 'Ipse: ask people again', active: true, frequency: 'periodically', executionStart: '2025-01-01 06:00:00', executionInterval: Duration({ hours: 1 }), script: 'new x_ipse_idv.IpseJobs().recurring();' } as any)
