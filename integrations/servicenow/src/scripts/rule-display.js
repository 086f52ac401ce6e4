(function executeRule(current, previous) {
    g_scratchpad.x_ipse_idv = JSON.stringify(new x_ipse_idv.IpseForm().scratchpad(current));
})(current, previous);
