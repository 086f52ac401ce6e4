//! Opens verifications and writes down what was asked for (`IpseVerifications`), and what the package's two flow actions
//! make of them: `IpseRequireStepUp` and `IpseCheckVerification`.

use super::callout::{Answer, belongs, notes};
use super::policy::{is_active, is_enough, look};
use super::{Inner, Row, Salesforce, object, text, trigger, user};
use crate::Partners;
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

/// A request that could not be made is made again so often, with so much time between.
const ATTEMPTS: usize = 4;
const SECONDS_BETWEEN: i64 = 300;

/// What is wanted.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) person: String,
    pub(super) related: String,
    pub(super) journey: String,
    /// Tried first; empty: none.
    pub(super) step_up_journey: String,
    pub(super) purpose: String,
    pub(super) delivery: String,
    pub(super) policy: String,
    pub(super) operation: String,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Opened {
    /// `opened`, `queued` or `failed`.
    pub(super) outcome: &'static str,
    pub(super) code: String,
    pub(super) message: String,
    /// The link, where the caller sends it; never stored.
    pub(super) link: Option<String>,
    /// The id of the record, and the key of the request.
    pub(super) record: Option<(String, String)>,
}

impl Opened {
    fn failed(code: &str) -> Self {
        Self { outcome: "failed", code: code.to_owned(), ..Self::default() }
    }
}

/// Opens a verification.
pub(super) async fn open(partners: &Arc<Partners>, as_user: &str, wanted: Wanted) -> Opened {
    let salesforce = &partners.salesforce;
    let Some(subject) = salesforce.with(|inner| inner.subject(&wanted.person)) else {
        return Opened::failed("person_missing");
    };
    let is_sound = (1..=200).contains(&wanted.purpose.chars().count()) && !wanted.journey.is_empty();
    if !is_sound || !["email", "sms", "none"].contains(&wanted.delivery.as_str()) {
        return Opened::failed("invalid_request");
    }
    let Some(key) = super::request_key() else { return Opened::failed("limit_reached") };
    let mut record = Row::new();
    for (field, value) in [
        ("Request_Key__c", key.as_str()),
        ("Status__c", "requested"),
        ("Journey__c", &wanted.journey),
        ("Purpose__c", &wanted.purpose),
        ("Delivery__c", &wanted.delivery),
        ("Policy__c", &wanted.policy),
        ("Operation__c", &wanted.operation),
        ("Person_Record_Id__c", &wanted.person),
        ("Related_Record_Id__c", &wanted.related),
        ("Requested_By__c", as_user),
    ] {
        if !value.is_empty() {
            record.insert(field.to_owned(), json!(value));
        }
    }
    let body = body(&record, &subject, as_user);
    let answer = salesforce.step_up(&body, &wanted.step_up_journey, &key).await;
    let mut opened = Opened { outcome: "failed", code: answer.code.clone(), ..Opened::default() };
    opened.message.clone_from(&answer.message);
    let waits = answer.may_pass() && wanted.delivery != "none";
    if answer.ok {
        opened.outcome = "opened";
        opened.link = Some(answer.text("link").to_owned()).filter(|link| !link.is_empty());
    } else if waits {
        // A link that nobody shows is lost, so only what Ipse sends itself can wait.
        opened.outcome = "queued";
    }
    let id = salesforce.with(|inner| inner.file(record, &answer, waits));
    opened.record = Some((id.clone(), key.clone()));
    if waits {
        tokio::spawn(again(partners.clone(), id, body, wanted.step_up_journey, key));
    }
    opened
}

/// Asks again behind the transaction (`IpseRequestJob`), with the same key, so that no person is asked twice.
async fn again(partners: Arc<Partners>, id: String, body: Value, step_up_journey: String, key: String) {
    for attempt in 1..=ATTEMPTS {
        let due = partners.salesforce.with(|inner| inner.now()).saturating_add(SECONDS_BETWEEN);
        partners.salesforce.until(due).await;
        let answer = partners.salesforce.step_up(&body, &step_up_journey, &key).await;
        let waits = answer.may_pass() && attempt < ATTEMPTS;
        let record = partners.salesforce.with(|inner| inner.records.get(&id).cloned());
        let Some(record) = record.filter(|record| text(record, "Status__c") == "requested") else { return };
        partners.salesforce.with(|inner| inner.file(record, &answer, waits));
        if !waits {
            return;
        }
    }
}

fn body(record: &Row, subject: &Value, as_user: &str) -> Value {
    let mut body = json!({
        "journey": text(record, "Journey__c"),
        "purpose": text(record, "Purpose__c"),
        "subject": subject,
        "delivery": text(record, "Delivery__c"),
        "requester": { "id": as_user, "name": user(as_user).name },
        "metadata": notes(record),
    });
    let related = text(record, "Related_Record_Id__c");
    if let (false, Value::Object(body)) = (related.is_empty(), &mut body) {
        // The id is also the number: names of records are personal data.
        let about = json!({ "system": "salesforce", "table": object(related), "id": related, "number": related });
        body.insert("record".to_owned(), about);
    }
    body
}

impl Inner {
    /// What Ipse is told about a person (`IpsePeople`); nothing where it is none.
    fn subject(&self, id: &str) -> Option<Value> {
        let person = self.objects.get(id).filter(|_| id.starts_with(trigger::CONTACT))?;
        Some(json!({
            "external_id": id,
            "given_name": text(person, "FirstName"),
            "family_name": text(person, "LastName"),
            "emails": [text(person, "Email")],
            "phones": [text(person, "MobilePhone")],
            "contact_changed_at": text(person, "Ipse_Contact_Changed_At__c"),
        }))
    }

    /// Stores a request with what the server answered to it; its record's id.
    fn file(&mut self, mut record: Row, answer: &Answer, waits: bool) -> String {
        let mut set = |field: &str, value: &str| {
            if !value.is_empty() {
                record.insert(field.to_owned(), json!(value));
            }
        };
        set("Problem__c", &answer.code);
        if answer.ok {
            let status = answer.text("status");
            set("Verification_Id__c", answer.text("id"));
            set("Status__c", if super::is_running(status) { status } else { "created" });
            set("Subject_Key__c", answer.text("subject"));
            set("Expires_At__c", answer.text("expires_at"));
            record.remove("Problem__c");
        } else if !waits {
            set("Status__c", "error");
        }
        // The result may have been here before the request was stored: the trigger has written the record already.
        if let Some(id) = self.known.get(text(&record, "Request_Key__c")).filter(|_| !record.contains_key("Id")) {
            return id.clone();
        }
        if !record.contains_key("Id") {
            let drafted = self.draft(text(&record, "Request_Key__c"));
            for (field, value) in drafted {
                record.entry(field).or_insert(value);
            }
        }
        self.store(record)
    }
}

/// The flow action «Require Step-up»: compares the record with the policy, and asks for a step-up where it wants one.
pub(super) async fn require(partners: &Arc<Partners>, as_user: &str, policy: &str, id: &str) -> Value {
    let (policy, record) =
        partners.salesforce.with(|inner| (inner.policy(policy).cloned(), inner.objects.get(id).cloned()));
    let failed = |code: &str| json!({ "outcome": "failed", "code": code });
    let Some(policy) = policy else { return failed("policy_missing") };
    if !is_active(&policy) {
        return failed("policy_inactive");
    }
    let Some(record) = record.filter(|_| object(id) == text(&policy, "Object__c")) else {
        return failed("no_access");
    };
    let finding = look(&policy, &record);
    if !finding.code.is_empty() {
        return failed(finding.code);
    }
    if !finding.is_required {
        return json!({ "outcome": "not_required", "code": "" });
    }
    let minutes = super::policy::number(&policy, "Timeout_Minutes__c").unwrap_or(60.0);
    #[allow(clippy::cast_possible_truncation, reason = "minutes of at most a few years")]
    let deadline = partners.salesforce.with(|inner| inner.now()).saturating_add((minutes * 60.0) as i64);
    let deadline = Timestamp::from_second(deadline).map(|at| at.to_string()).unwrap_or_default();
    let earlier = partners.salesforce.with(|inner| {
        let recent = inner.recent(&policy, &finding.person);
        recent.map(|record| text(record, "Verification_Id__c").to_owned())
    });
    if let Some(earlier) = earlier {
        // An earlier success counts only if the server still stands by it, whatever it was used for.
        let answer = partners.salesforce.on_one(Method::GET, &earlier, "", None).await;
        if partners.salesforce.is_recent_success(&answer) {
            return json!({ "outcome": "satisfied", "code": "", "deadline": deadline });
        }
    }
    let of = |field: &str| text(&policy, field).to_owned();
    let wanted = Wanted {
        related: id.to_owned(),
        journey: of("Journey__c"),
        step_up_journey: of("Step_Up_Journey__c"),
        purpose: of("Purpose__c"),
        delivery: of("Delivery__c"),
        policy: of("DeveloperName"),
        person: finding.person,
        operation: finding.operation,
    };
    let opened = open(partners, as_user, wanted).await;
    let (record, key) = opened.record.unzip();
    json!({
        "outcome": opened.outcome, "code": opened.code, "message": opened.message, "link": opened.link,
        "verificationRecordId": record, "requestKey": key, "deadline": deadline,
    })
}

/// The flow action «Check Verification»: asks the server itself what became of a verification, whatever woke the flow.
pub(super) async fn check(salesforce: &Salesforce, id: &str, redeem: bool, deadline: Option<Timestamp>) -> Value {
    let failed = |code: &str| json!({ "outcome": "failed", "code": code });
    let Some(record) = salesforce.with(|inner| inner.records.get(id).cloned()) else { return failed("not_found") };
    if text(&record, "Status__c") == "error" {
        return failed(text(&record, "Problem__c"));
    }
    let now = salesforce.with(|inner| inner.now());
    let is_late = deadline.is_some_and(|deadline| now > deadline.as_second());
    let told = |answer: &Answer| salesforce.result(answer).filter(|_| belongs(answer, &record));
    let mut answer = salesforce.check(&record).await;
    let mut said = told(&answer);
    let is_weak = salesforce.with(|inner| {
        let policy = inner.policy(text(&record, "Policy__c"));
        policy.is_some_and(|policy| !is_enough(policy, said.as_ref().unwrap_or(&Row::new())))
    });
    if answer.ok || answer.code == "already_redeemed" {
        if is_weak {
            // What is not enough is not used up.
            answer = answer.unfit("assurance_too_low", "The success is not worth enough.");
        } else if redeem {
            answer = salesforce.redeem(&record).await;
        }
    }
    let may_come = ["pending", "not_requested"].contains(&answer.code.as_str()) || answer.may_pass();
    let mut outcome = match answer.code.as_str() {
        _ if answer.ok => "approved",
        _ if answer.is_refusal() => "refused",
        _ if may_come && is_late => "timeout",
        _ if may_come => "pending",
        _ => "failed",
    };
    let mut code = answer.code.clone();
    if outcome == "timeout" && code == "pending" {
        // The link must not work any longer than the operation waits for it.
        let id = text(&record, "Verification_Id__c");
        said = told(&salesforce.on_one(Method::POST, id, "/cancel", None).await);
    }
    salesforce.with(|inner| {
        if let Some(said) = &said {
            trigger::apply(inner, said);
            inner.tell_change();
        }
        if outcome == "approved" && redeem && !inner.redeem_once(id) {
            (outcome, code) = ("refused", "already_redeemed".to_owned());
        }
    });
    json!({ "outcome": outcome, "code": code, "status": said.as_ref().map(|said| text(said, "Status__c")) })
}

impl Inner {
    /// Notes that the server confirmed a success; whether it had not been confirmed before.
    fn redeem_once(&mut self, id: &str) -> bool {
        let now = self.said_now();
        let Some(record) = self.records.get_mut(id) else { return false };
        let is_first = !record.contains_key("Redeemed_At__c");
        if is_first {
            record.insert("Redeemed_At__c".to_owned(), json!(now));
        }
        is_first
    }
}
