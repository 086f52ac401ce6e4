(function (outputs, steps, params, stepResult, assertEqual) {
    var tables = ['incident', 'sc_request', 'sc_req_item', 'sc_task', 'change_request', 'sys_user', 'sys_user_has_role', 'sys_audit', 'sys_dictionary', 'sys_email', 'sys_hub_flow', 'sys_ui_element'];
    for (var i = 0; i < tables.length; i++) {
        var record = new GlideRecord(tables[i]);
        record.setLimit(1);
        record.query();
        assertEqual({ name: tables[i], shouldbe: true, value: record.isValid() });
    }
})(outputs, steps, params, stepResult, assertEqual);
