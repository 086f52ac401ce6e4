// Standard Webhooks 1.0: "v1," and the base64 of HMAC-SHA256 over `id.timestamp.body`, keyed with the bytes that stand
// in base64 behind "whsec_". Several signatures and several secrets may be live while a secret is being replaced.
var IpseSignature = Class.create();
IpseSignature.prototype = {
    initialize: function () {},

    // 'ok', or why not. The reason is for the log only: every refusal looks the same from outside.
    check: function (headers, body, secrets, nowSeconds, tolerance) {
        var id = String(headers.id || '');
        var timestamp = String(headers.timestamp || '');
        if (!/^[A-Za-z0-9_\-]{1,100}$/.test(id) || !/^[0-9]{1,12}$/.test(timestamp)) {
            return 'malformed';
        }
        var given = this._given(headers.signature);
        if (given.length === 0) {
            return 'malformed';
        }
        if (Math.abs(nowSeconds - parseInt(timestamp, 10)) > tolerance) {
            return 'outside tolerance';
        }
        var fits = 0;
        var usable = 0;
        for (var s = 0; s < secrets.length; s++) {
            var key = this._key(secrets[s]);
            if (key === '') {
                continue;
            }
            usable++;
            var expected = this._mac(key, id + '.' + timestamp + '.' + body);
            for (var g = 0; g < given.length; g++) {
                fits |= this.equals(expected, given[g]) ? 1 : 0;
            }
        }
        if (usable === 0) {
            return 'no usable secret';
        }
        return fits === 1 ? 'ok' : 'mismatch';
    },

    isSecret: function (secret) {
        return this._key(secret) !== '';
    },

    // At most ten, so that a long header buys no computing time. 32 bytes are 44 characters of base64.
    _given: function (header) {
        var parts = String(header || '').split(' ');
        var given = [];
        for (var i = 0; i < parts.length && given.length < 10; i++) {
            if (/^v1,[A-Za-z0-9+\/]{43}=$/.test(parts[i])) {
                given.push(parts[i].substring(3));
            }
        }
        return given;
    },

    // 24 to 64 bytes in base64, or ''.
    _key: function (secret) {
        var found = /^whsec_([A-Za-z0-9+\/]{32,88}={0,2})$/.exec(String(secret || ''));
        return found && found[1].length % 4 === 0 ? found[1] : '';
    },

    // The platform takes the key in base64, which is what stands in the secret.
    _mac: function (key, text) {
        return String(new CertificateEncryption().generateMac(key, 'HmacSHA256', text));
    },

    // No early exit: how long it takes says nothing about where two strings differ.
    equals: function (a, b) {
        var left = String(a);
        var right = String(b);
        var difference = left.length ^ right.length;
        for (var i = 0; i < left.length; i++) {
            difference |= left.charCodeAt(i) ^ (i < right.length ? right.charCodeAt(i) : 0);
        }
        return difference === 0;
    },

    type: 'IpseSignature'
};
