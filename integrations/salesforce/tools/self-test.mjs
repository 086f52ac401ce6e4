// Plants one fault after another into a copy of the package; the check that is there for it has to find it.
//   node tools/self-test.mjs
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CHECKS } from './check.mjs'
import { source } from './checks/source.mjs'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
process.env.IPSE_OPENAPI ??= path.resolve(root, '../../openapi.json')
const main = 'force-app/main/default'
const cls = (name) => `${main}/classes/${name}.cls`
const flow = (name) => `${main}/flows/${name}.flow-meta.xml`
const set = (name) => `${main}/permissionsets/${name}.permissionset-meta.xml`

/** [check, words of the finding, file, what is replaced, by what] */
const FAULTS = [
    ['schema', 'no such element', set('Ipse_Agent'), '<label>', '<nickname>x</nickname><label>'],
    ['schema', 'is no', flow('Ipse_Step_Up'), '<processType>Flow<', '<processType>Flows<'],
    ['schema', 'is missing', `${main}/tabs/Ipse_Verification__c.tab-meta.xml`, /[\s\S]*/, '<CustomPermission xmlns="http://soap.sforce.com/2006/04/metadata"><isLicensed>false</isLicensed></CustomPermission>'],
    ['schema', 'more than one', set('Ipse_Login'), '<label>', '<label>x</label><label>'],
    ['schema', 'not side by side', set('Ipse_Login'), '</PermissionSet>', '<classAccesses><apexClass>IpseClient</apexClass><enabled>true</enabled></classAccesses></PermissionSet>'],
    ['schema', 'neither true nor false', set('Ipse_Login'), '<enabled>true', '<enabled>yes'],
    ['schema', 'is not XML', set('Ipse_Login'), '</PermissionSet>', ''],
    ['schema', 'namespace', set('Ipse_Login'), 'soap.sforce.com/2006/04/metadata', 'example.com'],
    ['versions', 'instead of', `${cls('IpseClient')}-meta.xml`, '66.0', '60.0'],
    ['constants', 'an address', cls('IpseClient'), "'callout:Ipse'", "'https://ipse.example.com'"],
    ['constants', 'an id', cls('IpseSettings'), "'Default'", "'001000000000001AAA'"],
    ['constants', 'without sharing', cls('IpsePeople'), 'Without sharing rules of the caller', 'So'],
    ['constants', 'names the host', `${main}/namedCredentials/Ipse.namedCredential-meta.xml`, 'ipse.example.com', 'ipse.example.net'],
    ['coverage', 'asserts nothing', cls('IpseClientTest'), /(static void anIdThatIsNoneIsNotSent\(\) \{)[\s\S]*?\n {4}\}/, '$1\n        IpseMock.install();\n    }'],
    ['coverage', 'no test reaches it', cls('IpseNobody'), null, 'public class IpseNobody {}'],
    ['flows', 'leads to', flow('Ipse_FS_Transfer'), '<targetReference>Carry_Out<', '<targetReference>Carry_On<'],
    ['flows', 'has no output', flow('Ipse_FS_Transfer'), 'Check.outcome', 'Check.result'],
    ['flows', 'no input', flow('Ipse_FS_Transfer'), '<name>policy<', '<name>rule<'],
    ['flows', 'is no action', flow('Ipse_FS_Transfer'), '<actionName>IpseRequireStepUp<', '<actionName>IpseClient<'],
    ['flows', 'has no field', flow('Ipse_Case_Asked'), 'Ipse_Step_Up_Result__c</field>', 'Ipse_Step_Up_Outcome__c</field>'],
    ['flows', 'has no field', flow('Ipse_FS_Claim'), '<name>Request_Key__c<', '<name>Correlation__c<'],
    ['flows', 'no property', flow('Ipse_Step_Up'), '<name>readOnly<', '<name>writeOnly<'],
    ['flows', 'nothing happens if it fails', flow('Ipse_On_Result'), /<faultConnector>[\s\S]*?<\/faultConnector>/, ''],
    ['releases', 'instead of asking', flow('Ipse_FS_Transfer'), /(<waitEvents>[\s\S]*?<targetReference>)Check</, '$1Carry_Out<'],
    ['permissions', 'no class', set('Ipse_Login'), 'IpseEvaluateLogin', 'IpseLogin'],
    ['permissions', 'invent an approval', set('Ipse_Agent'), /<editable>false(<\/editable>\s+<field>Ipse_Verification__c.Decision__c)/, '<editable>true$1'],
    ['permissions', 'invent an approval', set('Ipse_Admin'), '<allowCreate>false', '<allowCreate>true'],
    ['permissions', 'no principal', set('Ipse_Agent'), 'Ipse-Integration', 'Ipse-Other'],
    ['permissions', 'lets anybody call it', set('Ipse_Login'), /<classAccesses>\s*<apexClass>IpseEvaluateLogin[\s\S]*?<\/classAccesses>/, ''],
    ['components', 'for components', cls('IpseStatusController'), /@AuraEnabled(\s+public static void resend)/, '$1'],
    ['components', 'no label', `${main}/lwc/idvStatus/labels.js`, 'c.Ipse_Resend', 'c.Ipse_Again'],
    ['components', 'used nowhere', `${main}/labels/CustomLabels.labels-meta.xml`, '<fullName>Ipse_Purpose<', '<fullName>Ipse_Porpoise<'],
    ['queries', 'has no field', cls('IpseSweep'), 'ORDER BY Expires_At__c', 'ORDER BY Ends_At__c'],
    ['queries', 'neither USER_MODE', cls('IpseSweep'), 'WITH SYSTEM_MODE', ''],
    ['records', 'may not be', `${main}/customMetadata/Ipse_Policy.Large_Transfer.md-meta.xml`, 'greater_or_equal', 'about'],
    ['records', 'no flow', `${main}/customMetadata/Ipse_Policy.Large_Transfer.md-meta.xml`, 'Ipse_FS_Transfer', 'Ipse_FS_Payment'],
    ['records', 'switched on', `${main}/customMetadata/Ipse_Policy.Large_Transfer.md-meta.xml`, '>false</value>', '>true</value>'],
    ['views', 'does not offer', `${main}/reports/Ipse/Outcomes.report-meta.xml`, '$Decision__c', '$Device__c'],
    ['views', 'has no field', `${main}/objects/Ipse_Verification__c/listViews/Refused.listView-meta.xml`, 'Assurance__c', 'Level__c'],
    ['views', 'in no test suite', `${main}/testSuites/Ipse.testSuite-meta.xml`, /<testClassName>IpseLoginTest<\/testClassName>/, ''],
    ['flow-scanner', 'MissingFaultPath', flow('Ipse_On_Result'), /<faultConnector>[\s\S]*?<\/faultConnector>/, ''],
    ['convert', 'belongs to nothing', `${cls('IpseClient')}-meta.xml`, null, null],
    ['convert', 'belongs to nothing', `${main}/flows/notes.txt`, null, 'x'],
    ['semantics', 'No variable or type found', cls('IpseSettings'), 'return current', 'return currant'],
    ['semantics', '', cls('IpseResults'), 'record.Decision__c = result.decision', 'record.Verdict__c = result.decision'],
    ['semantics', '', cls('IpseGate'), 'IpseApprovals.use(used)', 'IpseApprovals.use(5)'],
    ['pmd', 'ApexSOQLInjection', cls('IpseSettings'), 'public static Ipse_Setting__mdt get() {', "public static List<SObject> find(String name) {\n        return Database.query('SELECT Id FROM Account WHERE Name = \\'' + name + '\\'');\n    }\n\n    public static Ipse_Setting__mdt get() {"],
    ['prettier', '[warn]', cls('IpseSettings'), 'return current;', 'return   current;'],
    ['eslint', '', `${main}/lwc/idvStatus/idvStatus.js`, 'async askServer() {', 'async askServer() {\n        window.foo = document.querySelector("div");'],
    ['jest', '', `${main}/lwc/idvStatus/idvStatus.js`, 'if (!isOurs)', 'if (isOurs)'],
    ['tests', '', cls('IpseResultToken'), '\'policy\' => Verification_Result__e.Policy__c', '\'rule\' => Verification_Result__e.Policy__c'],
    ['apex', '', cls('IpseResultToken'), 'same(claims.get(\'aud\'), audience)', 'true'],
    ['apex', '', cls('IpseResultToken'), 'same(claims.get(\'org\'), key.Organization__c) &&', ''],
    ['apex', '', cls('IpseResultToken'), 'if (!holds) {', 'if (false) {'],
    ['apex', '', cls('IpseResultToken'), 'return claims != null && agrees(claims, event)', 'return claims != null'],
    ['apex', '', cls('IpseResults'), 'result.sequence <= record.Sequence__c.longValue()', 'result.sequence < record.Sequence__c.longValue()'],
    ['apex', '', cls('IpseResults'), 'differs(record.Operation__c, result.operation) ||', ''],
    ['apex', '', cls('IpseResult'), 'result.decision == \'approved\' && !IpseClient.isRecentSuccess(answer)', 'false'],
    ['apex', '', cls('IpseApprovals'), 'AND Used_At__c = NULL', ''],
    ['apex', '', `${main}/objects/Ipse_Verification__c/fields/Is_Valid__c.field-meta.xml`, ', ISBLANK(Used_At__c)', ''],
    ['apex', '', cls('IpseStatusController'), 'row.usedAt = record.Used_At__c;', ''],
    ['jest', '', `${main}/lwc/idvStatus/idvStatus.html`, 'lwc:if={row.usedAt}', 'lwc:if={row.isValid}'],
    ['apex', '', cls('IpseApprovals'), 'AND Redeemed_At__c >= :since', ''],
    ['apex', '', cls('IpseApprovals'), 'WHERE Id IN :ids AND Redeemed_At__c = NULL', 'WHERE Id IN :ids'],
    ['apex', '', cls('IpseGate'), 'redeemed.remove(one.finding.operation)', 'redeemed.get(\'x\')'],
    ['apex', '', cls('IpseGate'), 'return hasField && record.get(policy.Field__c) != old.get(policy.Field__c);', 'return false;'],
    ['apex', '', cls('IpsePolicies'), 'amount == null ? \'\' : amount.setScale(2, RoundingMode.HALF_UP).toPlainString()', '\'\''],
    ['apex', '', cls('IpseClient'), 'answer.ok && !belongs(answer, record)', 'false'],
    ['apex', '', cls('IpseClient'), 'answer.code == \'not_enrolled\' ? create(wanted, key) : answer', 'answer'],
    ['apex', '', cls('IpseCheckVerification'), 'isSuccess && (told?.assurance ?? 0) < least', 'false'],
    ['apex', '', cls('IpseCheckVerification'), 'answer = IpseClient.redeem(record);', 'answer.ok = true;'],
    ['apex', '', cls('IpseCheckVerification'), "answer.ok || answer.code == 'already_redeemed'", 'answer.ok'],
    ['apex', '', cls('IpseCheckVerification'), ' || answer.status == 410', ''],
    ['apex', '', cls('IpseResult'), '!IpseClient.isRecentSuccess(answer)', "answer.body.get('valid') != true"],
    ['apex', '', cls('IpseRequireStepUp'), ' && IpseClient.isRecentSuccess(IpseClient.get(earlier.Verification_Id__c))', ''],
    ['apex', '', cls('IpseVerifications'), 'one.related != null && !visible.contains(one.related)', 'false'],
    ['apex', '', cls('IpseRegistrationHandler'), 'WHERE Ipse_Subject__c = :proof.Ipse_Subject__c', 'WHERE Email = :data.email'],
    ['apex', '', cls('IpseRegistrationHandler'), "String.isBlank(data.email) ? username + '.invalid' : data.email", 'data.email'],
    ['apex', '', cls('IpseStatusController'), '        requirePermission();\n        requireAccess(new Set<Id>{ recordId });\n        Ipse_Setting__mdt', '        requireAccess(new Set<Id>{ recordId });\n        Ipse_Setting__mdt'],
]

const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'ipse-salesforce-'))
const missed = []
try {
    for (const name of fs.readdirSync(root).filter((one) => one !== 'node_modules')) fs.cpSync(path.join(root, name), path.join(copy, name), { recursive: true })
    fs.symlinkSync(fs.realpathSync(path.join(root, 'node_modules')), path.join(copy, 'node_modules'))
    for (const [check, words, file, from, to] of FAULTS) {
        const target = path.join(copy, file)
        const before = fs.existsSync(target) ? fs.readFileSync(target, 'utf8') : null
        if (to === null) fs.rmSync(target)
        else {
            const after = from === null ? to : before.replace(from, to)
            if (after === before) missed.push(`${check}: nothing to replace in ${file}`)
            fs.writeFileSync(target, after)
        }
        let found
        try {
            found = await CHECKS[check](copy, readable(check))
        } finally {
            if (before === null) fs.rmSync(target)
            else fs.writeFileSync(target, before)
        }
        if (!found.some((line) => line.includes(words))) missed.push(`${check} does not find: ${words || 'the fault'} in ${file}; it found ${JSON.stringify(found.slice(0, 3))}`)
    }
} finally {
    fs.rmSync(copy, { recursive: true, force: true })
}
for (const line of missed) console.error(line)
console.log(`${FAULTS.length - missed.length} of ${FAULTS.length} planted faults found`)
if (missed.length > 0) process.exit(1)

/** What a check gets to read; a schema check also has to cope with what cannot be read at all. */
function readable(check) {
    if (check === 'schema' || check === 'versions') {
        const files = ['force-app', 'org-config'].flatMap((folder) => fs.readdirSync(path.join(copy, folder), { recursive: true }).map(String).filter((file) => file.endsWith('-meta.xml')).map((file) => path.join(folder, file)))
        return { root: copy, metadata: files }
    }
    return source(copy)
}
