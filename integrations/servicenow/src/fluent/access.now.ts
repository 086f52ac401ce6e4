import '@servicenow/sdk/global'
import { Acl, CrossScopePrivilege } from '@servicenow/sdk/core'
import { agent, admin, webhook } from './roles.now'

// Verifications: agents read them. Nobody writes or deletes them by hand, administrators of the platform included.
Acl({ $id: Now.ID['acl_verification_read'], type: 'record', table: 'x_ipse_idv_verification', operation: 'read', roles: [agent] })
Acl({ $id: Now.ID['acl_verification_read_fields'], type: 'record', table: 'x_ipse_idv_verification', field: '*', operation: 'read', roles: [agent] })
Acl({ $id: Now.ID['acl_verification_link'], type: 'record', table: 'x_ipse_idv_verification', field: 'link', operation: 'read', roles: [admin], script: 'answer = false;', adminOverrides: false })
Acl({ $id: Now.ID['acl_verification_create'], type: 'record', table: 'x_ipse_idv_verification', operation: 'create', roles: [admin] })
Acl({ $id: Now.ID['acl_verification_write'], type: 'record', table: 'x_ipse_idv_verification', operation: 'write', roles: [admin], script: 'answer = false;', adminOverrides: false })
Acl({ $id: Now.ID['acl_verification_delete'], type: 'record', table: 'x_ipse_idv_verification', operation: 'delete', roles: [admin], script: 'answer = false;', adminOverrides: false })

// Settings are changed on the page, where addresses and secrets are checked.
Acl({ $id: Now.ID['acl_config_read'], type: 'record', table: 'x_ipse_idv_config', operation: 'read', roles: [admin] })
Acl({ $id: Now.ID['acl_config_write'], type: 'record', table: 'x_ipse_idv_config', operation: 'write', roles: [admin], script: 'answer = false;', adminOverrides: false })
Acl({ $id: Now.ID['acl_config_create'], type: 'record', table: 'x_ipse_idv_config', operation: 'create', roles: [admin], script: 'answer = false;', adminOverrides: false })
Acl({ $id: Now.ID['acl_config_delete'], type: 'record', table: 'x_ipse_idv_config', operation: 'delete', roles: [admin], script: 'answer = false;', adminOverrides: false })

Acl({ $id: Now.ID['acl_rule_read'], type: 'record', table: 'x_ipse_idv_rule', operation: 'read', roles: [agent] })
Acl({ $id: Now.ID['acl_rule_write'], type: 'record', table: 'x_ipse_idv_rule', operation: 'write', roles: [admin] })
Acl({ $id: Now.ID['acl_rule_create'], type: 'record', table: 'x_ipse_idv_rule', operation: 'create', roles: [admin] })
Acl({ $id: Now.ID['acl_rule_delete'], type: 'record', table: 'x_ipse_idv_rule', operation: 'delete', roles: [admin] })

Acl({ $id: Now.ID['acl_page_configuration'], type: 'ui_page', name: 'x_ipse_idv_configuration', operation: 'read', roles: [admin] })
Acl({ $id: Now.ID['acl_page_getting_started'], type: 'ui_page', name: 'x_ipse_idv_getting_started', operation: 'read', roles: [admin] })
Acl({ $id: Now.ID['acl_page_qr'], type: 'ui_page', name: 'x_ipse_idv_qr', operation: 'read', roles: [agent] })
Acl({ $id: Now.ID['acl_page_about'], type: 'ui_page', name: 'x_ipse_idv_about', operation: 'read', roles: [agent] })
Acl({ $id: Now.ID['acl_ajax'], type: 'client_callable_script_include', name: 'x_ipse_idv.IpseAjax', operation: 'execute', roles: [agent] })
Acl({ $id: Now.ID['acl_admin_ajax'], type: 'client_callable_script_include', name: 'x_ipse_idv.IpseAdminAjax', operation: 'execute', roles: [admin] })

// Not asked while the webhook is anonymous; whoever puts a sign-in before it gives that user the role.
export const webhookAcl = Acl({ $id: Now.ID['acl_webhook'], type: 'rest_endpoint', name: 'x_ipse_idv_webhook', operation: 'execute', roles: [webhook] })

// What the app reads and writes elsewhere. Tickets' own privileges stand with them.
CrossScopePrivilege({ $id: Now.ID['csp_user'], operation: 'read', status: 'allowed', targetName: 'sys_user', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_user_role'], operation: 'read', status: 'allowed', targetName: 'sys_user_has_role', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_audit'], operation: 'read', status: 'allowed', targetName: 'sys_audit', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_dictionary'], operation: 'read', status: 'allowed', targetName: 'sys_dictionary', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_email'], operation: 'read', status: 'allowed', targetName: 'sys_email', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_flow'], operation: 'read', status: 'allowed', targetName: 'sys_hub_flow', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_action'], operation: 'read', status: 'allowed', targetName: 'sys_hub_action_type_definition', targetScope: 'global', targetType: 'sys_db_object' })
CrossScopePrivilege({ $id: Now.ID['csp_ui_element'], operation: 'read', status: 'allowed', targetName: 'sys_ui_element', targetScope: 'global', targetType: 'sys_db_object' })
