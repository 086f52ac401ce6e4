function onClick(g_form) {
    var ask = function (name, channel, then) {
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', name);
        ajax.addParam('sysparm_table', g_form.getTableName());
        ajax.addParam('sysparm_id', g_form.getUniqueValue());
        ajax.addParam('sysparm_channel', channel);
        ajax.getXMLAnswer(function (answer) {
            try {
                then(JSON.parse(answer));
            } catch (e) {
                g_form.addErrorMessage(getMessage('Ipse gave no answer. Please try again.'));
            }
        });
    };
    ask('options', '', function (options) {
        if (!options.ok) {
            g_form.addErrorMessage(options.message);
            return;
        }
        var channels = [{ displayValue: getMessage('Mail'), value: 'email' }, { displayValue: getMessage('Text message'), value: 'sms' }];
        if (options.qr) {
            channels.push({ displayValue: getMessage('QR code on this screen (the person sits in front of you)'), value: 'qr' });
        }
        g_modal.showFields({
            title: getMessage('Request Identity Verification'),
            instruction: getMessage('Send the person on this record a link to prove who they are? It goes only to what stands on their user record. If the caller wants it sent anywhere else, stop: that is what impostors ask for.'),
            size: 'md',
            fields: [{ type: 'choice', name: 'channel', label: getMessage('How'), mandatory: true, value: options.channel, choices: channels }]
        }).then(function (fields) {
            var channel = fields.updatedFields[0].value;
            ask('request', channel, function (answer) {
                g_form.clearMessages();
                if (!answer.ok) {
                    g_form.addErrorMessage(answer.message);
                    return;
                }
                g_form.addInfoMessage(answer.message);
                if (typeof g_scratchpad !== 'undefined' && g_scratchpad.x_ipse_idv_watch) {
                    g_scratchpad.x_ipse_idv_watch();
                }
                if (channel === 'qr') {
                    g_navigation.openPopup('x_ipse_idv_qr.do?sysparm_table=' + encodeURIComponent(g_form.getTableName()) + '&sysparm_id=' + encodeURIComponent(g_form.getUniqueValue()));
                }
            });
        });
    });
}
