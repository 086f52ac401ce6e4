(function runMailScript(current, template, email, email_action, event) {
    var config = new x_ipse_idv.IpseConfig();
    var address = config.text('from_address');
    if (address !== '') {
        var name = config.text('from_name');
        email.setFrom(name === '' ? address : '"' + name + '" <' + address + '>');
    }
})(current, template, email, email_action, event);
