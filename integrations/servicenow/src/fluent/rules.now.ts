import '@servicenow/sdk/global'
import { Record } from '@servicenow/sdk/core'

// Examples, which stay off: an update of the application writes them anew. `example` is the row's own id, so a copy of a row
// is none, and can be changed and switched on.
Record({
    $id: Now.ID['rule_password_reset'],
    table: 'x_ipse_idv_rule',
    data: { example: 'fa0ed4b5ae67498f914baaa71809c745', name: 'Password reset', active: false, kind: 'gate', applies_to: 'incident', condition: 'category=password_reset^EQ', blocks: 'stateIN6,7^EQ', assurance_level: 2, max_age_minutes: 30, same_record: true, auto_request: true, purpose: 'Reset your password', message: 'This is a password reset: verify the caller before you resolve it.' },
})
Record({
    $id: Now.ID['rule_account_recovery'],
    table: 'x_ipse_idv_rule',
    data: { example: 'ad6891b689914d0e935033e04ae59b3c', name: 'Account recovery and new authenticator', active: false, kind: 'gate', applies_to: 'incident', condition: 'categoryINaccount_recovery,mfa_reset^EQ', blocks: 'stateIN6,7^EQ', assurance_level: 2, max_age_minutes: 30, same_record: true, auto_request: true, purpose: 'Get back into your account', message: 'This gives access to an account: verify the caller before you resolve it.' },
})
Record({
    $id: Now.ID['rule_onboarding'],
    table: 'x_ipse_idv_rule',
    data: { example: '9d50d2b02d6640fda9d5bdd07c1817f3', name: 'Onboarding', active: false, kind: 'gate', applies_to: 'sc_request', condition: 'short_descriptionSTARTSWITHOnboarding^EQ', blocks: 'request_state=closed_complete^EQ', assurance_level: 2, max_age_minutes: 10080, same_record: true, auto_request: true, purpose: 'Begin at your new job', message: 'Verify the new colleague before the request is completed.' },
})
Record({
    $id: Now.ID['rule_finance'],
    table: 'x_ipse_idv_rule',
    data: { example: '5f605818f9e24cc39ab658af1e00909e', name: 'Finance and payroll change', active: false, kind: 'gate', applies_to: 'incident', condition: 'categoryINpayroll,finance^EQ', blocks: 'stateIN6,7^EQ', assurance_level: 2, max_age_minutes: 30, same_record: true, auto_request: false, purpose: 'Change where your pay goes', message: 'This changes where money goes: verify the person first.' },
})
Record({
    $id: Now.ID['rule_contractor_item'],
    table: 'x_ipse_idv_rule',
    data: { example: '6655097e3410414595d43886fe8a02b8', name: 'Contractor provisioning: item', active: false, kind: 'gate', applies_to: 'sc_req_item', condition: 'cat_item.nameSTARTSWITHContractor^EQ', blocks: 'stateIN2,3^EQ', assurance_level: 2, max_age_minutes: 10080, same_record: false, auto_request: true, purpose: 'Get your access as a contractor', message: 'Verify the contractor before anything is provisioned.' },
})
Record({
    $id: Now.ID['rule_contractor_task'],
    table: 'x_ipse_idv_rule',
    data: { example: '1cbb413d035b480f9e828aa1eb2af977', name: 'Contractor provisioning: task', active: false, kind: 'gate', applies_to: 'sc_task', condition: 'request_item.cat_item.nameSTARTSWITHContractor^EQ', blocks: 'stateIN2,3^EQ', assurance_level: 2, max_age_minutes: 10080, same_record: false, auto_request: false, purpose: 'Get your access as a contractor', message: 'Verify the contractor before this task is worked on.' },
})
Record({
    $id: Now.ID['rule_privileged_change'],
    table: 'x_ipse_idv_rule',
    data: { example: '0f2dfa20a15b48cb905d6ab04bd15811', name: 'Privileged change', active: false, kind: 'gate', applies_to: 'change_request', condition: 'typeINemergency,normal^riskIN1,2^EQ', blocks: 'state=-1^EQ', assurance_level: 2, max_age_minutes: 60, same_record: true, auto_request: false, purpose: 'Carry out a change with high risk', message: 'Whoever asked for this change has to be verified before it is carried out.' },
})
Record({
    $id: Now.ID['rule_hr_change'],
    table: 'x_ipse_idv_rule',
    data: { example: '26c68ac6b04046188d7694d561f1eb00', name: 'HR change', active: false, kind: 'gate', applies_to: 'sn_hr_core_case', condition: '', blocks: 'state=3^EQ', assurance_level: 2, max_age_minutes: 30, same_record: true, auto_request: false, purpose: 'Change your HR record', message: 'Verify the person before this HR case is closed.' },
})
Record({
    $id: Now.ID['rule_quarterly'],
    table: 'x_ipse_idv_rule',
    data: { example: 'e98a8945fbc34d8ca10f2a2d61bfe237', name: 'Quarterly review of privileged people', active: false, kind: 'recurring', every_days: 90, on_role_change: true, assurance_level: 2, channel: 'email', purpose: 'Keep your privileged access' },
})
