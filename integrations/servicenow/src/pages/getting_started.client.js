(function () {
    function at(name) {
        return document.getElementById('ipse_' + name);
    }

    function ask(name, parameters, then) {
        var ajax = new GlideAjax('x_ipse_idv.IpseAdminAjax');
        ajax.addParam('sysparm_name', name);
        for (var key in parameters) {
            ajax.addParam('sysparm_' + key, parameters[key]);
        }
        ajax.getXMLAnswer(function (text) {
            var answer = { ok: false, message: getMessage('There was no answer. Please reload the page.') };
            try {
                answer = JSON.parse(text);
            } catch (e) {
                answer.ok = false;
            }
            at('answer').textContent = answer.message;
            if (answer.ok) {
                then(answer);
            }
        });
    }

    function item(list, mark, title, text, link) {
        var line = document.createElement('li');
        var head = document.createElement('strong');
        head.textContent = mark + ' ' + title;
        line.appendChild(head);
        line.appendChild(document.createTextNode(text ? ' – ' + text + ' ' : ''));
        if (link) {
            var go = document.createElement('a');
            go.href = link;
            go.textContent = getMessage('Go there');
            line.appendChild(go);
        }
        list.appendChild(line);
    }

    function look() {
        ask('checklist', {}, function (answer) {
            at('lines').textContent = '';
            var marks = { done: '✔', open: '✘', unknown: '?' };
            for (var i = 0; i < answer.lines.length; i++) {
                var line = answer.lines[i];
                item(at('lines'), marks[line.state], line.title, line.text, line.state === 'done' ? '' : line.link);
            }
        });
    }

    function watch(id, times) {
        ask('sandboxState', { id: id }, function (answer) {
            at('steps').textContent = '';
            for (var i = 0; i < answer.steps.length; i++) {
                item(at('steps'), answer.steps[i].done ? '✔' : '…', answer.steps[i].title, '', '');
            }
            if (answer.final) {
                look();
            } else if (times > 0) {
                window.setTimeout(function () { watch(id, times - 1); }, 2000);
            }
        });
    }

    window.addEventListener('load', function () {
        at('again').addEventListener('click', look);
        at('publish').addEventListener('click', function () { ask('publish', {}, look); });
        at('try').addEventListener('click', function () {
            ask('sandboxTicket', { channel: at('channel').value }, function (answer) {
                if (at('channel').value === 'qr') {
                    window.open('x_ipse_idv_qr.do?sysparm_table=incident&sysparm_id=' + answer.id, '_blank', 'noopener,noreferrer');
                }
                watch(answer.id, 900);
            });
        });
        look();
    });
})();
