import '@servicenow/sdk/global'
import { ApplicationMenu, Record, UiPage } from '@servicenow/sdk/core'
import { admin, agent } from './roles.now'

UiPage({ $id: Now.ID['page_configuration'], endpoint: 'x_ipse_idv_configuration.do', category: 'general', description: 'Settings of Ipse Identity Verification', html: Now.include('../pages/configuration.html'), clientScript: Now.include('../pages/configuration.client.js') })
UiPage({ $id: Now.ID['page_getting_started'], endpoint: 'x_ipse_idv_getting_started.do', category: 'general', description: 'What has to be true before the first request', html: Now.include('../pages/getting_started.html'), clientScript: Now.include('../pages/getting_started.client.js') })
UiPage({ $id: Now.ID['page_qr'], endpoint: 'x_ipse_idv_qr.do', category: 'general', description: 'A QR code for somebody in front of the screen', html: Now.include('../pages/qr.html'), clientScript: Now.include('../pages/qr.client.js') })
UiPage({ $id: Now.ID['page_about'], endpoint: 'x_ipse_idv_about.do', category: 'general', description: 'Privacy, support and accessibility', html: Now.include('../pages/about.html') })

// qrcode-generator, by Kazuhiko Arase, MIT.
Record({
    $id: Now.ID['script_qrcode'],
    table: 'sys_ui_script',
    data: { name: 'x_ipse_idv.qrcode', script_name: 'qrcode', description: 'qrcode-generator 1.4.4 by Kazuhiko Arase, MIT licence', active: true, global: false, ui_type: 0, script: Now.include('../../node_modules/qrcode-generator/qrcode.js') },
})

const menu = ApplicationMenu({ $id: Now.ID['menu'], title: 'Ipse Identity Verification', hint: 'Verify who is asking', active: true, roles: [agent, admin], order: 1000 })
Record({ $id: Now.ID['module_started'], table: 'sys_app_module', data: { title: 'Getting Started', application: menu, link_type: 'DIRECT', query: 'x_ipse_idv_getting_started.do', active: true, order: 100, roles: ['x_ipse_idv.admin'] } })
Record({ $id: Now.ID['module_configuration'], table: 'sys_app_module', data: { title: 'Configuration', application: menu, link_type: 'DIRECT', query: 'x_ipse_idv_configuration.do', active: true, order: 200, roles: ['x_ipse_idv.admin'] } })
Record({ $id: Now.ID['module_rules'], table: 'sys_app_module', data: { title: 'Rules', application: menu, link_type: 'LIST', name: 'x_ipse_idv_rule', active: true, order: 300, roles: ['x_ipse_idv.admin'] } })
Record({ $id: Now.ID['module_verifications'], table: 'sys_app_module', data: { title: 'Verifications', application: menu, link_type: 'LIST', name: 'x_ipse_idv_verification', active: true, order: 400, roles: ['x_ipse_idv.agent'] } })
Record({ $id: Now.ID['module_overrides'], table: 'sys_app_module', data: { title: 'Overrides', application: menu, link_type: 'LIST', name: 'x_ipse_idv_verification', filter: 'status=overridden', active: true, order: 500, roles: ['x_ipse_idv.admin'] } })
Record({ $id: Now.ID['module_privacy'], table: 'sys_app_module', data: { title: 'Privacy Policy', application: menu, link_type: 'DIRECT', query: 'x_ipse_idv_about.do#privacy', active: true, order: 600, roles: ['x_ipse_idv.agent'] } })
Record({ $id: Now.ID['module_support'], table: 'sys_app_module', data: { title: 'Contact Support', application: menu, link_type: 'DIRECT', query: 'x_ipse_idv_about.do#support', active: true, order: 700, roles: ['x_ipse_idv.agent'] } })
Record({ $id: Now.ID['module_accessibility'], table: 'sys_app_module', data: { title: 'Accessibility', application: menu, link_type: 'DIRECT', query: 'x_ipse_idv_about.do#accessibility', active: true, order: 800, roles: ['x_ipse_idv.agent'] } })
