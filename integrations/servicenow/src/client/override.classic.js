function ipseOverride() {
    var line = function (tag, text, parent) {
        var element = document.createElement(tag);
        element.appendChild(document.createTextNode(text));
        parent.appendChild(element);
        return element;
    };
    var dialog = new GlideModal('x_ipse_idv_override_dialog', false, 520);
    dialog.setTitle(getMessage('Override Verification'));
    dialog.setPreference('focusTrap', true);
    var body = document.createElement('div');
    line('p', getMessage('This ticket will go on although nobody was verified. Your name and reason are kept for good, and the person is told.'), body);
    var label = line('label', getMessage('What did you check instead, and who agreed?'), body);
    var reason = document.createElement('textarea');
    reason.className = 'form-control';
    reason.rows = 4;
    reason.maxLength = 1000;
    label.appendChild(reason);
    var buttons = document.createElement('div');
    buttons.className = 'modal-footer';
    var cancel = line('button', getMessage('Cancel'), buttons);
    cancel.className = 'btn btn-default';
    cancel.onclick = function () { dialog.destroy(); };
    var go = line('button', getMessage('Override'), buttons);
    go.className = 'btn btn-destructive';
    go.onclick = function () {
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', 'override');
        ajax.addParam('sysparm_table', g_form.getTableName());
        ajax.addParam('sysparm_id', g_form.getUniqueValue());
        ajax.addParam('sysparm_reason', reason.value);
        ajax.getXMLAnswer(function (text) {
            var answer = { ok: false, message: getMessage('Ipse gave no answer. Please try again.') };
            try {
                answer = JSON.parse(text);
            } catch (e) {
                answer.ok = false;
            }
            dialog.destroy();
            g_form.clearMessages();
            if (answer.ok) {
                g_form.addInfoMessage(answer.message);
            } else {
                g_form.addErrorMessage(answer.message);
            }
        });
    };
    body.appendChild(buttons);
    dialog.renderWithContent(body);
    reason.focus();
}
