function onClick(g_form) {
    g_modal.confirm(getMessage('Cancel Verification'), getMessage('Cancel this verification? The link stops working.'), function (yes) {
        if (!yes) {
            return;
        }
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', 'cancel');
        ajax.addParam('sysparm_table', g_form.getTableName());
        ajax.addParam('sysparm_id', g_form.getUniqueValue());
        ajax.getXMLAnswer(function (text) {
            var answer = { ok: false, message: getMessage('Ipse gave no answer. Please try again.') };
            try {
                answer = JSON.parse(text);
            } catch (e) {
                answer.ok = false;
            }
            g_form.clearMessages();
            if (answer.ok) {
                g_form.addInfoMessage(answer.message);
            } else {
                g_form.addErrorMessage(answer.message);
            }
        });
    });
}
