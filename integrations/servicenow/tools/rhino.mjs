// Parses every server script with Rhino, whose customised form runs them on an instance, and runs the ones that decide:
// the signature check with Java's own HMAC, and what events mean. Rhino is Debian's librhino-java.
//   node tools/rhino.mjs [folder with update sets]     IPSE_RHINO names the jar if it is elsewhere
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverScripts } from './scripts.mjs'
import { updates } from './payload.mjs'

const jar = process.env.IPSE_RHINO ?? '/usr/share/java/js.jar'
if (!fs.existsSync(jar)) {
    console.error(`rhino: there is no ${jar}: install librhino-java (Debian's name), or name the jar in IPSE_RHINO`)
    process.exit(1)
}
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = path.resolve(root, process.argv[2] ?? 'update-sets')
const all = fs.readdirSync(folder).filter((name) => name.endsWith('.xml')).flatMap((name) => updates(fs.readFileSync(path.join(folder, name), 'utf8')).list.flatMap((one) => one.records))
const scripts = serverScripts((table) => all.filter((record) => record.table === table))

const driver = `
var scripts = ${JSON.stringify(Object.fromEntries(scripts)).replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)};
var count = 0;
for (var name in scripts) {
    try {
        new Function(scripts[name]);
        count++;
    } catch (e) {
        throw new Error(name + ': ' + e);
    }
}
var Class = { create: function () { return function () { if (this.initialize) { this.initialize.apply(this, arguments); } }; } };
var warnings = [];
var gs = { warn: function (text) { warnings.push(text); } };
function CertificateEncryption() {}
CertificateEncryption.prototype.generateMac = function (key, algorithm, text) {
    var mac = javax.crypto.Mac.getInstance(algorithm);
    mac.init(new javax.crypto.spec.SecretKeySpec(java.util.Base64.getDecoder().decode(key), algorithm));
    return java.util.Base64.getEncoder().encodeToString(mac.doFinal(new java.lang.String(text).getBytes('UTF-8')));
};
function same(what, have, want) {
    if (have !== want) {
        throw new Error(what + ': ' + have + ', not ' + want);
    }
}
eval(scripts.IpseTickets);
eval(scripts.IpseStatus);
eval(scripts.IpseSignature);
eval(scripts.IpseConfig);
var check = new IpseSignature();
var headers = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330', signature: 'v1a,x v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
var secrets = ['whsec_bm90IHRoZSByaWdodCBvbmUgYXQgYWxsIQ==', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
same('the published example', check.check(headers, '{"test": 2432232314}', secrets, 1614265330, 300), 'ok');
same('an altered body', check.check(headers, '{"test": 2432232315}', secrets, 1614265330, 300), 'mismatch');
same('too late', check.check(headers, '{"test": 2432232314}', secrets, 1614265631, 300), 'outside tolerance');
same('no secret', check.check(headers, '{"test": 2432232314}', ['', 'whsec_x'], 1614265330, 300), 'no usable secret');
var status = new IpseStatus();
same('a success ends it', status.isFinal('success'), true);
same('a review does not', status.isFinal('pending_review'), false);
var config = new IpseConfig();
same('https', config.isGoodAddress('https://ipse.example/x'), true);
same('a user in the address', config.isGoodAddress('https://ipse.example@evil.example'), false);
print('rhino: ' + count + ' scripts parsed, and the deciding ones run');
`
const at = fs.mkdtempSync(path.join(os.tmpdir(), 'ipse-rhino-'))
fs.writeFileSync(path.join(at, 'main.js'), driver)
const done = spawnSync('java', ['-cp', jar, 'org.mozilla.javascript.tools.shell.Main', '-version', '180', '-opt', '-1', '-encoding', 'UTF-8', path.join(at, 'main.js')], { stdio: 'inherit' })
fs.rmSync(at, { recursive: true, force: true })
if (done.error) console.error(`rhino: java did not start: ${done.error.message}`)
// The shell answers 3 where a script threw.
process.exit(done.status ?? 1)
