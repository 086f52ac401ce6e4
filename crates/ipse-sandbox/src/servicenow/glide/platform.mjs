// The part of a ServiceNow instance that is not ours: tables the application touches, with just the columns it may touch.

/** The scope of the application. */
export const SCOPE = 'x_ipse_idv'

const TASK = {
    number: 'string', short_description: 'string', work_notes: 'journal_input', state: 'integer', active: 'boolean', category: 'string', assigned_to: 'sys_user', sys_created_on: 'glide_date_time',
}

/** table -> { columns: { name: type, or the table referred to }, extends } */
export const TABLES = {
    task: { columns: TASK },
    incident: { columns: { ...TASK, caller_id: 'sys_user' }, extends: 'task' },
    sc_request: { columns: { ...TASK, requested_for: 'sys_user' }, extends: 'task' },
    sc_req_item: { columns: { ...TASK, request: 'sc_request', requested_for: 'sys_user', cat_item: 'string' }, extends: 'task' },
    sc_task: { columns: { ...TASK, request_item: 'sc_req_item' }, extends: 'task' },
    change_request: { columns: { ...TASK, requested_by: 'sys_user', type: 'string', risk: 'integer' }, extends: 'task' },
    sys_user: {
        columns: {
            user_name: 'string', name: 'string', first_name: 'string', middle_name: 'string', last_name: 'string', email: 'string', mobile_phone: 'string', employee_number: 'string',
            active: 'boolean', preferred_language: 'string', sys_created_on: 'glide_date_time',
        },
    },
    sys_user_role: { columns: { name: 'string' } },
    sys_user_has_role: { columns: { user: 'sys_user', role: 'sys_user_role', sys_created_on: 'glide_date_time' } },
    sys_audit: { columns: { tablename: 'string', documentkey: 'string', fieldname: 'string', sys_created_on: 'glide_date_time' } },
    sys_dictionary: { columns: { name: 'string', element: 'string', audit: 'boolean', attributes: 'string' } },
    sys_email: { columns: { type: 'string', subject: 'string', recipients: 'string', error_string: 'string', sys_created_on: 'glide_date_time' } },
    sys_scope: { columns: { scope: 'string' } },
    sys_hub_flow: { columns: { name: 'string', status: 'string', active: 'boolean', sys_scope: 'sys_scope' } },
    sys_hub_action_type_definition: { columns: { name: 'string', state: 'string', sys_scope: 'sys_scope' } },
    sys_ui_section: { columns: { name: 'string' } },
    sys_ui_element: { columns: { element: 'string', sys_ui_section: 'sys_ui_section' } },
}

/** What the platform's own tickets are numbered by. */
export const PREFIX = { incident: 'INC', sc_request: 'REQ', sc_req_item: 'RITM', sc_task: 'SCTASK', change_request: 'CHG', x_ipse_idv_verification: 'IDV' }

/** What comes with HR Service Delivery, which not every instance has. */
export const HR = { sn_hr_core_case: { columns: { ...TASK, opened_for: 'sys_user' }, extends: 'task' } }

/** Other scopes' tables that the platform lets everybody read through a dot-walk, never by a query of their own. */
export const SYSTEM_COLUMNS = { sys_id: 'GUID', sys_created_on: 'glide_date_time', sys_created_by: 'string', sys_updated_on: 'glide_date_time', sys_mod_count: 'integer' }
