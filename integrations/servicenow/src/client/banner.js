// Shows how the verification stands when the form opens, and keeps it current while it is open: every second and a half
// for a quarter of an hour, then every fifteen seconds, for an hour in all.
function onLoad() {
    var given = { shown: null, rule: '' };
    try {
        given = JSON.parse(g_scratchpad.x_ipse_idv);
    } catch (e) {
        return;
    }
    var FIELD = 'x_ipse_idv_idv_status';
    var begun = new Date().getTime();
    var last = '';
    var silent = 0;

    function tell(shown) {
        var text = getMessage('Identity verification') + ': ' + shown.text + ' \u2013 ' + getMessage(shown.sentence);
        if (shown.reasons) {
            text += ' (' + shown.reasons + ')';
        }
        if (shown.problem) {
            text += ' ' + shown.problem;
        }
        if (text === last) {
            return;
        }
        last = text;
        g_form.clearMessages();
        if (shown.status === 'failed' || shown.status === 'failure' || shown.problem) {
            g_form.addErrorMessage(text);
        } else {
            g_form.addInfoMessage(text);
        }
        if (shown.text && g_form.getControl(FIELD) && g_form.getValue(FIELD) !== shown.text) {
            g_form.setValue(FIELD, shown.text);
        }
    }

    function poll() {
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', 'status');
        ajax.addParam('sysparm_table', g_form.getTableName());
        ajax.addParam('sysparm_id', g_form.getUniqueValue());
        ajax.getXMLAnswer(function (text) {
            var shown = null;
            try {
                shown = JSON.parse(text);
                silent = 0;
            } catch (e) {
                silent++;
            }
            if (shown && !shown.ok) {
                return;
            }
            if (shown && shown.text) {
                tell(shown);
            }
            if (!(shown && shown.final && shown.text)) {
                later();
            }
        });
    }

    function later() {
        var age = new Date().getTime() - begun;
        if (age < 3600000 && silent < 10) {
            setTimeout(poll, age < 900000 ? 1500 : 15000);
        }
    }

    if (g_form.isNewRecord()) {
        return;
    }
    if (given.rule) {
        g_form.addInfoMessage(getMessage('Before this record can go on, the person has to be verified') + ': ' + given.rule);
    }
    if (given.shown && given.shown.text) {
        tell(given.shown);
    }
    // The button that asks for a verification starts it, too.
    g_scratchpad.x_ipse_idv_watch = function () {
        begun = new Date().getTime();
        silent = 0;
        later();
    };
    if (given.shown && !given.shown.final) {
        later();
    }
}
