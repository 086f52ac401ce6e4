function ipseCancel() {
    var dialog = new GlideModal('glide_modal_confirm', true, 460);
    dialog.setTitle(getMessage('Cancel Verification'));
    dialog.setPreference('body', getMessage('Cancel this verification? The link stops working.'));
    dialog.setPreference('focusTrap', true);
    dialog.setPreference('onPromptComplete', function () {
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
    dialog.render();
}
