function onClick(g_form) {
    g_modal.showFields({
        title: getMessage('Override Verification'),
        instruction: getMessage('This ticket will go on although nobody was verified. Your name and reason are kept for good, and the person is told.'),
        size: 'md',
        fields: [{ type: 'textarea', name: 'reason', label: getMessage('What did you check instead, and who agreed?'), mandatory: true }]
    }).then(function (fields) {
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', 'override');
        ajax.addParam('sysparm_table', g_form.getTableName());
        ajax.addParam('sysparm_id', g_form.getUniqueValue());
        ajax.addParam('sysparm_reason', fields.updatedFields[0].value);
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
