(function () {
    var asked = /[?&]sysparm_table=([a-z_]+).*?[?&]sysparm_id=([0-9a-f]{32})/.exec(window.location.search);
    var begun = new Date().getTime();
    var shownLink = '';

    function say(text) {
        document.getElementById('ipse_qr_state').textContent = text;
    }

    function clear() {
        document.getElementById('ipse_qr').textContent = '';
        shownLink = '';
    }

    // Black squares in one path; the quiet zone of four modules belongs to the code.
    function draw(link) {
        if (link === shownLink) {
            return;
        }
        clear();
        shownLink = link;
        var code = qrcode(0, 'M');
        code.addData(link, 'Byte');
        code.make();
        var count = code.getModuleCount();
        var path = '';
        for (var row = 0; row < count; row++) {
            for (var column = 0; column < count; column++) {
                if (code.isDark(row, column)) {
                    path += 'M' + (column + 4) + ' ' + (row + 4) + 'h1v1h-1z';
                }
            }
        }
        var space = 'http://www.w3.org/2000/svg';
        var svg = document.createElementNS(space, 'svg');
        svg.setAttribute('viewBox', '0 0 ' + (count + 8) + ' ' + (count + 8));
        svg.setAttribute('role', 'img');
        svg.setAttribute('aria-label', 'QR code');
        svg.style.background = '#fff';
        var squares = document.createElementNS(space, 'path');
        squares.setAttribute('d', path);
        squares.setAttribute('fill', '#000');
        svg.appendChild(squares);
        document.getElementById('ipse_qr').appendChild(svg);
    }

    function poll() {
        var ajax = new GlideAjax('x_ipse_idv.IpseAjax');
        ajax.addParam('sysparm_name', 'link');
        ajax.addParam('sysparm_table', asked[1]);
        ajax.addParam('sysparm_id', asked[2]);
        ajax.getXMLAnswer(function (text) {
            var answer = null;
            try {
                answer = JSON.parse(text);
            } catch (e) {
                answer = null;
            }
            if (answer && !answer.ok) {
                clear();
                say(answer.message);
                return;
            }
            if (answer && answer.opened) {
                clear();
                say(getMessage('Opened. You can close this window.'));
                return;
            }
            if (answer && answer.link) {
                draw(answer.link);
                say(getMessage('Waiting for the phone…'));
            } else if (answer && answer.problem) {
                say(answer.problem);
            }
            if (new Date().getTime() - begun < 1800000) {
                window.setTimeout(poll, 1500);
            } else {
                clear();
                say(getMessage('This code is too old. Close the window and ask again.'));
            }
        });
    }

    window.addEventListener('load', function () {
        if (asked) {
            poll();
        } else {
            say(getMessage('Please open this from a ticket.'));
        }
    });
})();
