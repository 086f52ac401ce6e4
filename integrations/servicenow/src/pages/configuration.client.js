(function () {
    function at(name) {
        return document.getElementById('ipse_' + name);
    }

    function say(answer) {
        at('answer').textContent = answer.message;
        at('answer').className = answer.ok ? 'outputmsg outputmsg_info' : 'outputmsg outputmsg_error';
    }

    function ask(name, settings, then) {
        var ajax = new GlideAjax('x_ipse_idv.IpseAdminAjax');
        ajax.addParam('sysparm_name', name);
        if (settings) {
            ajax.addParam('sysparm_settings', JSON.stringify(settings));
        }
        ajax.getXMLAnswer(function (text) {
            var answer = { ok: false, message: getMessage('There was no answer. Please reload the page.') };
            try {
                answer = JSON.parse(text);
            } catch (e) {
                answer.ok = false;
            }
            then(answer);
        });
    }

    function load() {
        ask('load', null, function (answer) {
            if (!answer.ok) {
                say(answer);
                return;
            }
            for (var name in answer.settings) {
                if (at(name) && (answer.settings[name] !== '' || at(name).tagName !== 'SELECT')) {
                    at(name).value = answer.settings[name];
                }
            }
            for (var secret in answer.set) {
                at(secret).value = '';
                at(secret + '_set').textContent = answer.set[secret] ? getMessage('set') : getMessage('not set');
            }
            at('webhook_url').value = answer.webhook_url;
            at('connect').textContent = answer.connected ? getMessage('Replace Webhook Secret') : getMessage('Connect Webhook');
        });
    }

    function settings() {
        var all = {};
        var fields = at('form').elements;
        for (var i = 0; i < fields.length; i++) {
            if (fields[i].name) {
                all[fields[i].name] = fields[i].value;
            }
        }
        return all;
    }

    function press(button, name, then) {
        at(button).addEventListener('click', function () {
            at('answer').className = '';
            at('answer').textContent = getMessage('One moment…');
            ask(name, name === 'save' ? settings() : null, function (answer) {
                say(answer);
                if (answer.ok && then) {
                    then();
                }
            });
        });
    }

    // Whether the mail left shows in the outbox after some seconds.
    function follow(times) {
        window.setTimeout(function () {
            ask('mailState', null, function (answer) {
                say({ ok: answer.ok && answer.sent, message: answer.message });
                if (!answer.sent && times > 1) {
                    follow(times - 1);
                }
            });
        }, 5000);
    }

    window.addEventListener('load', function () {
        press('save', 'save', load);
        press('test_oauth', 'testOauth');
        press('test_mail', 'testMail', function () { follow(12); });
        press('clear_cache', 'clearCache');
        press('connect', 'connectWebhook', load);
        load();
    });
})();
