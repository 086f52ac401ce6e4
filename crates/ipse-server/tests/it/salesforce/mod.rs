//! Results published to a Salesforce org: each that its own key asked for arrives once, signed, whatever goes wrong between.

mod browser;
mod sign_in;
mod transfers;

use crate::operations::ipse;
use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture, read};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_connectors::salesforce::{Login, Org as Address};
use ipse_core::organization::Role;
use ipse_sandbox::salesforce::{CONSUMER_KEY, CONSUMER_SECRET, Effect, Fault, Key, ORG, Salesforce, USER};
use ipse_server::app::integrations::{self, Integration, System, Wanted};
use ipse_server::jobs::WaysOut;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

const RECORD: &str = "006000000000001AAA";
const PERSON: &str = "003000000000001AAA";
const COLLECTION: &str = "/services/data/v66.0/composite/sobjects";

/// An org that an administrator connected.
struct Org<'a> {
    place: &'a Place,
    there: &'a Salesforce,
    integration: Integration,
    key: String,
}

impl<'a> Org<'a> {
    async fn new(place: &'a Place) -> Self {
        let audience = place.sandbox.url();
        Self::with(place, ORG, Login::JwtBearer { username: USER.into(), audience }).await
    }

    /// Connected with this id and this login, and the key deployed there.
    async fn with(place: &'a Place, id: &str, login: Login) -> Self {
        place.journey("quick", json!({})).await;
        let there = &place.sandbox.partners.salesforce;
        let system = System::Salesforce(Address {
            address: place.sandbox.url(),
            id: id.into(),
            consumer_key: CONSUMER_KEY.into(),
            login,
            min_contact_age_days: 14,
        });
        let caller = Place::caller(&place.organization);
        let wanted = Wanted { name: "Utopia Salesforce".into(), journey: "quick".into(), system };
        let mut tx = place.ipse().store.begin(&place.organization).await.unwrap();
        let (integration, secrets) = integrations::create(place.ipse(), &mut tx, &caller, wanted).await.unwrap();
        tx.commit().await.unwrap();
        assert!(secrets.webhook.is_none());
        let own = integrations::org_secrets(place.ipse(), &caller, &integration.id).await.unwrap();
        assert!(there.upload(&own.certificate()));
        let signer = own.signer().unwrap();
        there.trust(Key {
            name: signer.kid().to_owned(),
            issuer: place.base.clone(),
            organization: place.organization.to_string(),
            public: signer.public().unwrap(),
        });
        Self { place, there, integration, key: secrets.api_key.unwrap() }
    }

    /// Asks for a verification with the org's key; its id and link.
    async fn ask(&self, body: &Value) -> (String, String) {
        let request = self.place.client.post(format!("{}/v1/verifications", self.place.base));
        let (status, opened) = read(request.bearer_auth(&self.key).json(body).send().await.unwrap()).await;
        assert_eq!(status, 201, "{opened}");
        (opened["id"].as_str().unwrap().to_owned(), opened["link"].as_str().unwrap().to_owned())
    }

    async fn cancel(&self, id: &str) {
        assert_eq!(self.place.post(&format!("/v1/verifications/{id}/cancel"), &json!({})).await.0, 200);
    }

    /// So many verifications that end at once.
    async fn ended(&self, count: usize) -> Vec<String> {
        let mut ids = Vec::with_capacity(count);
        for _ in 0..count {
            let (id, _) = self.ask(&about()).await;
            self.cancel(&id).await;
            ids.push(id);
        }
        ids
    }

    /// Time passes on both sides.
    fn pass(&self, seconds: i64) {
        self.place.clock.advance(SignedDuration::from_secs(seconds));
        self.there.pass(SignedDuration::from_secs(seconds));
    }

    async fn until_records(&self, count: usize) {
        until("the records", async || self.there.records().len() >= count).await;
    }

    async fn until_calls(&self, count: usize) {
        until("the calls", async || self.publications().len() >= count).await;
    }

    /// The same, while time passes: whatever is to be tried again is.
    async fn settle(&self, count: usize) {
        let begun = Instant::now();
        while self.there.records().len() < count {
            assert!(begun.elapsed() < Duration::from_mins(1), "{} of {count}", self.there.records().len());
            self.pass(120);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn publications(&self) -> Vec<(Option<u16>, usize)> {
        let calls = self.there.calls().into_iter().filter(|call| call.path == COLLECTION);
        calls.map(|call| (call.status, call.events)).collect()
    }

    fn tokens(&self) -> usize {
        self.there.calls().iter().filter(|call| call.path == "/services/oauth2/token").count()
    }

    /// Exactly these have one record and one Task each, and nothing was dropped.
    fn assert_once(&self, ids: &[String]) {
        let (records, tasks, events) = (self.there.records(), self.there.tasks(), self.there.events());
        let mut expected = ids.to_vec();
        expected.sort_unstable();
        assert_eq!(records.keys().cloned().collect::<Vec<_>>(), expected);
        assert_eq!(tasks.len(), ids.len());
        assert!(events.iter().all(|one| one.effect != Effect::Dropped));
        assert_eq!(events.iter().filter(|one| one.effect == Effect::Written).count(), ids.len());
    }

    async fn waiting(&self) -> String {
        let caller = Place::caller(&self.place.organization);
        let health = integrations::health(self.place.ipse(), &caller, &self.integration).await.unwrap();
        health.waiting.map(|(_, answer)| answer).unwrap_or_default()
    }
}

fn about() -> Value {
    let mut body = opening("quick", &employee());
    body["record"] = json!({ "system": "salesforce", "table": "Opportunity", "id": RECORD, "number": "Big deal" });
    body["metadata"] = json!({ "salesforce_person": PERSON, "salesforce_policy": "Large_Transfer" });
    body
}

async fn until(what: &str, mut done: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !done().await {
        assert!(begun.elapsed() < Duration::from_secs(40), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

on_both!(a_success_is_published_once, |place: Place| async move {
    let org = Org::new(&place).await;
    // Somebody else's verification is none of its business.
    let (other, _) = place.open("quick").await;
    org.cancel(&other).await;
    let (id, link) = org.ask(&about()).await;
    let phone = place.claim(&link).await;
    phone.picture(PASSPORT, passport_picture()).await;
    place.until(&id, &["succeeded"]).await;
    org.until_records(1).await;
    org.assert_once(std::slice::from_ref(&id));
    let record = org.there.records().remove(&id).unwrap();
    assert_eq!((&record["Decision__c"], &record["Assurance__c"]), (&json!("approved"), &json!(1)));
    assert_eq!((&record["Policy__c"], &record["Journey__c"]), (&json!("Large_Transfer"), &json!("quick")));
    assert_eq!(record["Receipt_Url__c"], format!("{}/console/verifications/{id}", place.base));
    let task = org.there.tasks().remove(0);
    assert_eq!(
        (&task["WhatId"], &task["WhoId"], &task["Status"]),
        (&json!(RECORD), &json!(PERSON), &json!("Completed"))
    );
    let mut event = org.there.events().remove(0).event;
    let token = event.remove("Result_Token__c").unwrap();
    let payload = URL_SAFE_NO_PAD.decode(token.as_str().unwrap().split('.').nth(1).unwrap()).unwrap();
    let said = format!("{}{}", Value::Object(event), String::from_utf8(payload).unwrap()).to_lowercase();
    for personal in ["eriksson", "l898902c", "example.com", "reset a password"] {
        assert!(!said.contains(personal), "{personal} in {said}");
    }
});

on_both!(every_end_is_published, |place: Place| async move {
    let org = Org::new(&place).await;
    let mut other = about();
    other["subject"]["external_id"] = json!("other");
    other["subject"]["family_name"] = json!("Larsson");
    let (failed, link) = org.ask(&other).await;
    place.claim(&link).await.picture(PASSPORT, passport_picture()).await;
    place.until(&failed, &["failed"]).await;
    let (declined, link) = org.ask(&about()).await;
    assert_eq!(Browser::new(&place).post(&format!("{link}/decline"), &[]).await.status(), 200);
    let cancelled = org.ended(1).await.remove(0);
    let (expired, _) = org.ask(&about()).await;
    org.until_records(3).await;
    org.pass(25 * 3600);
    place.until(&expired, &["expired"]).await;
    org.until_records(4).await;
    org.assert_once(&[failed.clone(), declined.clone(), cancelled.clone(), expired.clone()]);
    let records = org.there.records();
    for (id, status, decision) in [
        (failed, "failed", "refused"),
        (declined, "declined", "refused"),
        (cancelled, "cancelled", "none"),
        (expired, "expired", "none"),
    ] {
        let record = &records[&id];
        assert_eq!((&record["Status__c"], &record["Decision__c"]), (&json!(status), &json!(decision)));
        assert!(!record["Reasons__c"].as_str().unwrap().is_empty() && record.get("Valid_Until__c").is_none());
    }
});

on_both!(many_go_in_few_calls, |place: Place| async move {
    let org = Org::new(&place).await;
    org.there.disturb([Fault::Refused { status: 503, code: "SERVER_UNAVAILABLE", retry_after: Some(30) }]);
    let mut ids = org.ended(1).await;
    org.until_calls(1).await;
    // While the org wants to be left alone, more end than a call may carry.
    org.there.refuse_tokens(Some(("rate_limit_exceeded", "slow down")));
    org.there.end_tokens_after(Some(0));
    ids.extend(org.ended(230).await);
    org.there.refuse_tokens(None);
    org.there.end_tokens_after(None);
    let before = org.publications().len();
    org.settle(231).await;
    org.assert_once(&ids);
    let calls = org.publications().split_off(before);
    let most = calls.iter().map(|(_, events)| *events).max();
    assert!(calls.len() < 20 && most == Some(200), "{calls:?}");
});

on_both!(each_fault_is_recovered_from, |place: Place| async move {
    let org = Org::new(&place).await;
    let faults = [
        Fault::Refused { status: 429, code: "SERVER_UNAVAILABLE", retry_after: Some(60) },
        Fault::Refused { status: 503, code: "SERVER_UNAVAILABLE", retry_after: None },
        Fault::Refused { status: 403, code: "REQUEST_LIMIT_EXCEEDED", retry_after: None },
        Fault::Partly { every: 2, code: "UNABLE_TO_LOCK_ROW" },
        Fault::Partly { every: 1, code: "LIMIT_EXCEEDED" },
        Fault::ClosedBefore,
        Fault::ClosedAfter,
    ];
    let mut ids = Vec::new();
    for (number, fault) in faults.into_iter().enumerate() {
        org.there.disturb([fault]);
        ids.extend(org.ended(2).await);
        org.settle(2 * (number + 1)).await;
        assert_eq!(org.there.faults_left(), 0, "{fault:?}");
    }
    org.pass(3600);
    // What an answer was lost for is published again, and known.
    let known = |effect: Effect| org.there.events().iter().any(|one| one.effect == effect);
    until("what was taken twice", async || known(Effect::Known)).await;
    org.assert_once(&ids);
});

on_both!(a_limit_is_waited_for, |place: Place| async move {
    let org = Org::new(&place).await;
    org.there.disturb([Fault::Refused { status: 403, code: "REQUEST_LIMIT_EXCEEDED", retry_after: None }]);
    org.ended(1).await;
    until("the word", async || org.waiting().await == "REQUEST_LIMIT_EXCEEDED").await;
    org.pass(800);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(org.publications().len(), 1, "a quarter of an hour");
    org.pass(200);
    org.until_records(1).await;
});

on_both!(tokens_end_and_are_asked_for_again, |place: Place| async move {
    let org = Org::new(&place).await;
    org.there.end_tokens_after(Some(1));
    for count in 1..=3 {
        org.ended(1).await;
        org.until_records(count).await;
    }
    assert_eq!(org.tokens(), 3);
    // One that is refused as soon as it is given is not asked for in a circle.
    org.there.end_tokens_after(Some(0));
    org.ended(1).await;
    until("the refusal", async || org.waiting().await.contains("a new token was refused, too")).await;
    assert!(org.tokens() < 8, "{}", org.tokens());
    org.there.end_tokens_after(None);
    org.settle(4).await;
    assert_eq!(org.there.tasks().len(), 4);
});

on_both!(what_was_given_up_is_sent_again_from_the_console, |place: Place| async move {
    let org = Org::new(&place).await;
    org.there.disturb([Fault::Partly { every: 1, code: "STRING_TOO_LONG" }]);
    let ids = org.ended(1).await;
    let mut admin = place.sign_in(Role::Admin).await;
    let page = format!("/console/integrations/{}", org.integration.id);
    until("the end of it", async || admin.get(&page).await.1.contains("Send again")).await;
    assert!(org.there.records().is_empty());
    let again = format!("{page}/replay");
    assert_eq!(place.sign_in(Role::Auditor).await.submit("/console/passkeys", &again, &[]).await.status(), 403);
    assert_eq!(admin.submit(&page, &again, &[]).await.status(), 200);
    org.until_records(1).await;
    org.assert_once(&ids);
    until("the health", async || !admin.get(&page).await.1.contains("Send again")).await;
});

on_both!(a_wrong_org_stops_with_advice, |place: Place| async move {
    let audience = place.sandbox.url();
    let login = Login::JwtBearer { username: USER.into(), audience };
    let org = Org::with(&place, "00D000000000002EAA", login).await;
    org.ended(1).await;
    until("the advice", async || org.waiting().await.contains("another org")).await;
    assert!(org.publications().is_empty() && org.there.events().is_empty());
    let caller = Place::caller(&place.organization);
    let ways = WaysOut::new(&place.ipse().config).unwrap();
    let said = ways.try_org(place.ipse(), &caller.organization, &org.integration).await.unwrap();
    assert!(said.starts_with("No token.") && said.contains("another org"), "{said}");
});

on_both!(a_refusal_of_a_token_says_what_to_do, |place: Place| async move {
    let org = Org::new(&place).await;
    org.there.refuse_tokens(Some(("invalid_grant", "user hasn't approved this consumer")));
    org.ended(1).await;
    until("the advice", async || org.waiting().await.contains("Ipse_Integration")).await;
    org.there.refuse_tokens(None);
    org.settle(1).await;
    assert_eq!(org.there.tasks().len(), 1);
});

on_both!(a_server_comes_by_its_clients_credentials, |place: Place| async move {
    let org = Org::with(&place, ORG, Login::ClientCredentials).await;
    org.ended(1).await;
    until("the advice", async || org.waiting().await.contains("secret")).await;
    let caller = Place::caller(&place.organization);
    for (secret, records) in [("wrong", 0), (CONSUMER_SECRET, 1)] {
        integrations::set_consumer_secret(place.ipse(), &caller, &org.integration.id, secret).await.unwrap();
        org.pass(1000);
        if records == 0 {
            until("the refusal", async || org.waiting().await.contains("its secret")).await;
        }
        org.settle(records).await;
    }
    assert_eq!(org.there.tasks().len(), 1);
});

on_both!(only_what_the_server_signed_counts, |place: Place| async move {
    let org = Org::new(&place).await;
    let (id, _) = org.ask(&about()).await;
    org.cancel(&id).await;
    org.until_records(1).await;
    let genuine = org.there.events().remove(0).event;
    let before = (org.there.records(), org.there.tasks().len());
    let given = place.client.post(format!("{}/services/oauth2/token", place.sandbox.url()));
    let given = given.basic_auth(CONSUMER_KEY, Some(CONSUMER_SECRET)).form(&[("grant_type", "client_credentials")]);
    let (_, given) = read(given.send().await.unwrap()).await;
    let publish = async |event: &Map<String, Value>| {
        let url = format!("{}/services/data/v66.0/sobjects/Verification_Result__e", place.sandbox.url());
        let request = place.client.post(url).bearer_auth(given["access_token"].as_str().unwrap()).json(event);
        assert_eq!(request.send().await.unwrap().status(), 201);
        org.there.events().pop().unwrap().effect
    };
    assert_eq!(publish(&genuine).await, Effect::Known, "a replay");
    let edited = |field: &str, value: &str| {
        let mut event = genuine.clone();
        event.insert(field.into(), json!(value));
        event
    };
    for (field, value) in [
        ("Decision__c", "approved"),
        ("Status__c", "succeeded"),
        ("Verification_Id__c", "ver_other"),
        ("Related_Record_Id__c", "006000000000002AAA"),
        ("Result_Token__c", "e30.e30."),
    ] {
        assert_eq!(publish(&edited(field, value)).await, Effect::Dropped, "{field}");
    }
    let mut bare = edited("Decision__c", "approved");
    bare.remove("Result_Token__c");
    assert_eq!(publish(&bare).await, Effect::Dropped);
    assert_eq!((org.there.records(), org.there.tasks().len()), before);
});

on_both!(a_trial_makes_a_record_and_no_activity, |place: Place| async move {
    let org = Org::new(&place).await;
    let caller = Place::caller(&place.organization);
    integrations::test(place.ipse(), &caller, &org.integration).await.unwrap();
    org.until_records(1).await;
    assert!(org.there.records().contains_key("test") && org.there.tasks().is_empty());
    let ways = WaysOut::new(&place.ipse().config).unwrap();
    let said = ways.try_org(place.ipse(), &caller.organization, &org.integration).await.unwrap();
    assert!(said.starts_with("It works"), "{said}");
});

/// `ipse connect salesforce` beside a running server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_org_is_connected_from_the_command_line() {
    let place = Place::new(false, |_| {}).await;
    place.journey("quick", json!({})).await;
    let (there, address) = (&place.sandbox.partners.salesforce, place.sandbox.url());
    let folder = place.ipse().config.storage.data_dir.clone();
    let run = |more: &[&str]| {
        let first = ["connect", "salesforce", "--org", &address, "--loopback", "--journey", "quick"];
        let settings =
            [("IPSE_SERVER__BASE_URL", place.base.as_str()), ("IPSE_WEBHOOKS__ALLOW_PRIVATE_ADDRESSES", "true")];
        ipse(&[&first[..], more].concat(), &folder, &settings)
    };
    let admin = place.sign_in(Role::Admin).await;
    let (ok, said) = run(&["--org-id", ORG]);
    assert!(ok && said.contains("--apply does it"), "{said}");
    assert!(admin.get("/console/integrations").await.1.contains("None yet"), "nothing was done");
    for wrong in [&["--apply"][..], &["--apply", "--org-id", "00D1"], &["--remove", "--apply"]] {
        let (ok, said) = run(wrong);
        assert!(!ok, "{wrong:?}: {said}");
    }
    let output = folder.join("salesforce.json");
    let (ok, said) = run(&["--apply", "--org-id", ORG, "--output", output.to_str().unwrap()]);
    assert!(ok && !said.contains("ipse_sk_"), "{said}");
    assert_eq!(output.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&output).unwrap();
    assert!(text.contains("ipse_sk_") && !text.contains("PRIVATE"));
    let values: Map<String, Value> = serde_json::from_str(&text).unwrap();
    let value = |label: &str| values[label].as_str().unwrap().to_owned();

    // The app is deployed there with this server's certificate; its consumer key is said here.
    let (ok, said) = run(&["--test"]);
    assert!(ok && said.contains("No token.") && said.contains("not set"), "{said}");
    assert!(there.upload(&value("Certificate for the external client app")));
    let user = ["--apply", "--consumer-key", CONSUMER_KEY, "--username", USER, "--login-host", &address];
    let (ok, said) = run(&[&user[..], &["--test"]].concat());
    assert!(ok && said.contains("Done.") && said.contains("is the key of this server deployed"), "{said}");
    let keys = folder.join("keys.json");
    let (ok, said) = run(&["--keys", keys.to_str().unwrap()]);
    assert!(ok && said.contains("nothing to change") && !said.contains("ipse_sk_"), "{said}");
    let set: Value = serde_json::from_slice(&std::fs::read(&keys).unwrap()).unwrap();
    assert_eq!(set["keys"][0]["kid"], value("Ipse Key, name"));
    assert!(set["keys"][0].get("d").is_none());
    there.trust(Key {
        name: value("Ipse Key, name"),
        issuer: value("Ipse Key, issuer"),
        organization: value("Ipse Key, organization"),
        public: value("Ipse Key, public key"),
    });
    let (ok, said) = run(&["--test"]);
    assert!(ok && said.contains("It works"), "{said}");

    let secret = folder.join("secret");
    std::fs::write(&secret, format!("{CONSUMER_SECRET}\n")).unwrap();
    let (ok, said) = run(&["--apply", "--client-secret-file", secret.to_str().unwrap(), "--test"]);
    assert!(ok && said.contains("It works") && !said.contains(CONSUMER_SECRET), "{said}");
    let (ok, said) = run(&["--apply", "--remove"]);
    assert!(ok && admin.get("/console/integrations").await.1.contains("None yet"), "{said}");
}
