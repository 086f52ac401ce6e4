// The dialog that asks before anything is sent: to whom nothing is typed, only how.
function ipseRequest() {
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
    var send = function (dialog, channel) {
        dialog.destroy();
        ask('request', channel, function (answer) {
            g_form.clearMessages();
            if (!answer.ok) {
                g_form.addErrorMessage(answer.message);
                return;
            }
            g_form.addInfoMessage(answer.message);
            if (channel === 'qr') {
                var where = 'x_ipse_idv_qr.do?sysparm_table=' + encodeURIComponent(g_form.getTableName()) + '&sysparm_id=' + encodeURIComponent(g_form.getUniqueValue());
                g_navigation.openPopup(where);
            }
            if (typeof g_scratchpad !== 'undefined' && g_scratchpad.x_ipse_idv_watch) {
                g_scratchpad.x_ipse_idv_watch();
            }
        });
    };
    var line = function (tag, text, parent) {
        var element = document.createElement(tag);
        element.appendChild(document.createTextNode(text));
        parent.appendChild(element);
        return element;
    };
    ask('options', '', function (options) {
        if (!options.ok) {
            g_form.addErrorMessage(options.message);
            return;
        }
        var dialog = new GlideModal('x_ipse_idv_request_dialog', false, 460);
        dialog.setTitle(getMessage('Request Identity Verification'));
        dialog.setPreference('focusTrap', true);
        var body = document.createElement('div');
        line('p', getMessage('Send the person on this record a link to prove who they are? It goes only to what stands on their user record. If the caller wants it sent anywhere else, stop: that is what impostors ask for.'), body);
        var label = line('label', getMessage('How') + ' ', body);
        var choice = document.createElement('select');
        choice.className = 'form-control';
        var channels = [['email', getMessage('Mail')], ['sms', getMessage('Text message')]];
        if (options.qr) {
            channels.push(['qr', getMessage('QR code on this screen (the person sits in front of you)')]);
        }
        for (var i = 0; i < channels.length; i++) {
            var option = line('option', channels[i][1], choice);
            option.value = channels[i][0];
            option.selected = channels[i][0] === options.channel;
        }
        label.appendChild(choice);
        var buttons = document.createElement('div');
        buttons.className = 'modal-footer';
        var cancel = line('button', getMessage('Cancel'), buttons);
        cancel.className = 'btn btn-default';
        cancel.onclick = function () { dialog.destroy(); };
        var go = line('button', getMessage('Request'), buttons);
        go.className = 'btn btn-primary';
        go.onclick = function () { send(dialog, choice.value); };
        body.appendChild(buttons);
        dialog.renderWithContent(body);
        choice.focus();
    });
}
