(function (outputs, steps, params, stepResult, assertEqual) {
    var ticket = new GlideRecord('incident');
    ticket.initialize();
    ticket.setValue('short_description', 'Ipse test: written by hand');
    ticket.setValue('x_ipse_idv_idv_status', 'Success - 2026-01-01 00:00:00');
    var id = ticket.insert();
    ticket.get(id);
    assertEqual({ name: 'empty after the insert', shouldbe: true, value: ticket.getElement('x_ipse_idv_idv_status').nil() });
    ticket.setValue('x_ipse_idv_idv_status', 'Success - 2026-01-01 00:00:00');
    ticket.update();
    ticket.get(id);
    assertEqual({ name: 'empty after the update', shouldbe: true, value: ticket.getElement('x_ipse_idv_idv_status').nil() });
})(outputs, steps, params, stepResult, assertEqual);
