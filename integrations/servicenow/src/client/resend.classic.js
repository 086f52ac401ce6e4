function ipseResend() {
    var dialog = new GlideModal('glide_modal_confirm', true, 460);
    dialog.setTitle(getMessage('Send Verification Again'));
    dialog.setPreference('body', getMessage('Send a new link to the same person? The old link stops working, and what was done with it counts no more.'));
    dialog.setPreference('focusTrap', true);
    dialog.setPreference('onPromptComplete', function () {
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', 'resend');
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
