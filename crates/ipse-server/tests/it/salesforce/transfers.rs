//! Transfers in the miniature org: the shipped flow carries a large one out after its contact's own success, once, and after
//! nothing else.

use super::*;
use crate::support::{dark_picture, token};
use ipse_connectors::salesforce::Signer;
use ipse_sandbox::salesforce::{Credential, contact};
use ipse_sandbox::specimen::{Camera, passport, photograph};
use reqwest::StatusCode;

pub(super) const RESULT: &str = "Ipse_Step_Up_Result__c";

impl Org<'_> {
    /// What the package's administrator does: the named credential, the journeys, the policy for large transfers.
    pub(super) async fn furnished(place: &Place) -> Org<'_> {
        let org = Org::new(place).await;
        org.set_up();
        org
    }

    fn set_up(&self) {
        let (url, client_id) = (self.place.base.clone(), self.integration.key.as_ref().unwrap().to_string());
        self.there.set_up(Credential { url, client_id, client_secret: self.key.clone() }, "quick", "");
    }

    /// The named credential leads where nothing is any more.
    fn lose_server(&self) {
        let nowhere = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let lost =
            Credential { url: format!("http://{nowhere}"), client_id: "key_x".into(), client_secret: "x".into() };
        self.there.set_up(lost, "quick", "");
    }

    pub(super) fn page(&self, id: &str) -> String {
        format!("{}/lightning/r/Opportunity/{id}/view", self.place.sandbox.url())
    }

    async fn send(&self, path: &str, form: &[(&str, &str)]) -> (StatusCode, String, String) {
        let answer = self.place.client.post(path).form(form).send().await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned()).unwrap_or_default();
        (answer.status(), to, answer.text().await.unwrap())
    }

    /// An opportunity of this amount; its id.
    pub(super) async fn transfer(&self, amount: &str) -> String {
        let form = [("name", "Savings"), ("amount", amount), ("person", &contact(0))];
        let (status, to, _) = self.send(&format!("{}/salesforce", self.place.sandbox.url()), &form).await;
        assert_eq!(status, 303);
        to.split('/').nth(4).unwrap().to_owned()
    }

    async fn carry_out(&self, id: &str) {
        assert_eq!(self.send(&self.page(id), &[("carry_out", "1")]).await.0, 303);
    }

    /// What the page says when somebody closes the transfer by hand.
    async fn close(&self, id: &str, amount: &str) -> (StatusCode, String) {
        let (status, _, text) = self.send(&self.page(id), &[("amount", amount), ("stage", "Closed Won")]).await;
        (status, text)
    }

    /// Begins a large transfer; its id and the link that its contact got.
    async fn large(&self) -> (String, String) {
        let before = self.place.sandbox.partners.mailbox.all().len();
        let id = self.transfer("25000").await;
        self.carry_out(&id).await;
        let link = self.mailed(before).await;
        self.until_waiting(&id).await;
        (id, link)
    }

    pub(super) async fn mailed(&self, before: usize) -> String {
        let mails = || self.place.sandbox.partners.mailbox.all();
        until("the mail", async || mails().len() > before).await;
        let mail = mails().pop().unwrap();
        assert_eq!(mail.to, employee().email);
        mail.links().remove(0)
    }

    async fn until_waiting(&self, id: &str) {
        let page = self.page(id);
        until("the pause", async || {
            let shown = self.place.client.get(&page).send().await.unwrap().text().await.unwrap();
            shown.contains("Waits for the person")
        })
        .await;
    }

    fn text(&self, id: &str, field: &str) -> String {
        self.there.record(id).unwrap().get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    async fn until_result(&self, id: &str, result: &str) {
        let begun = Instant::now();
        while self.text(id, RESULT) != result {
            let said = self.text(id, RESULT);
            assert!(begun.elapsed() < Duration::from_secs(30), "{said}, not {result}; {:?}", self.there.errors());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(self.text(id, "StageName") == "Closed Won", result == "approved");
        assert_eq!(self.there.errors(), Vec::<String>::new());
    }

    /// The identity verification that a transfer asked for.
    fn asked(&self, id: &str) -> Map<String, Value> {
        let mut all = self.there.records().into_values().filter(|record| record["Related_Record_Id__c"] == id);
        let found = all.next_back().unwrap();
        assert!(all.next().is_none());
        found
    }

    async fn publish(&self, event: &Map<String, Value>) -> Effect {
        let org = self.place.sandbox.url();
        let given = self.place.client.post(format!("{org}/services/oauth2/token"));
        let given = given.basic_auth(CONSUMER_KEY, Some(CONSUMER_SECRET)).form(&[("grant_type", "client_credentials")]);
        let (_, given) = read(given.send().await.unwrap()).await;
        let url = format!("{org}/services/data/v66.0/sobjects/Verification_Result__e");
        let request = self.place.client.post(url).bearer_auth(given["access_token"].as_str().unwrap()).json(event);
        assert_eq!(request.send().await.unwrap().status(), 201);
        self.there.events().pop().unwrap().effect
    }

    async fn apex(&self, method: &str, user: &str, given: Value) -> (StatusCode, Value) {
        let url = format!("{}/salesforce/apex/IpseStatusController/{method}", self.place.sandbox.url());
        let request = self.place.client.post(url).header("cookie", format!("salesforce-user={user}"));
        read(request.json(&given).send().await.unwrap()).await
    }
}

async fn shows(place: &Place, link: &str) {
    let phone = place.claim(link).await;
    let (_, answer) = phone.picture(PASSPORT, passport_picture()).await;
    assert_eq!(answer["accepted"], true, "{answer}");
}

on_both!(a_small_transfer_passes_and_a_large_one_waits, |place: Place| async move {
    let org = Org::furnished(&place).await;
    let small = org.transfer("9,999.99").await;
    org.carry_out(&small).await;
    org.until_result(&small, "approved").await;
    assert!(org.there.records().is_empty() && place.sandbox.partners.mailbox.all().is_empty());

    let (large, link) = org.large().await;
    let (status, text) = org.close(&large, "25000").await;
    assert!(status == 409 && text.contains("Large Transfer") && text.contains("step_up_required"), "{text}");
    shows(&place, &link).await;
    org.until_result(&large, "approved").await;
    let record = org.asked(&large);
    assert_eq!((&record["Decision__c"], &record["Policy__c"]), (&json!("approved"), &json!("Large_Transfer")));
    assert_eq!(record["Purpose__c"], "Confirm a transfer");
    assert!(record.contains_key("Redeemed_At__c") && record.contains_key("Used_At__c"));
    let id = record["Verification_Id__c"].as_str().unwrap();
    let (_, told) = place.get(&format!("/v1/verifications/{id}")).await;
    assert!(told["status"] == "succeeded" && told["valid"] == false && told["redeemed_at"].is_string(), "{told}");
    let tasks = org.there.tasks();
    assert_eq!((tasks.len(), &tasks[0]["WhatId"], &tasks[0]["WhoId"]), (1, &json!(large), &json!(contact(0))));
    // It counted once: opened again, the transfer needs a success of its own, and so does a higher amount.
    let (status, ..) = org.send(&org.page(&large), &[("amount", "25000"), ("stage", "Prospecting")]).await;
    assert_eq!(status, 303);
    for amount in ["25000", "99000"] {
        assert_eq!(org.close(&large, amount).await.0, 409);
    }
});

on_both!(nothing_forged_or_replayed_releases_a_transfer, |place: Place| async move {
    let org = Org::furnished(&place).await;
    let (first, link) = org.large().await;
    shows(&place, &link).await;
    org.until_result(&first, "approved").await;
    let genuine = org.there.events().pop().unwrap().event;
    let (second, _) = org.large().await;
    let waits = org.asked(&second);
    let (verification, key) = (waits["Verification_Id__c"].clone(), waits["Request_Key__c"].clone());
    let edited = |fields: &[(&str, &Value)]| {
        let mut event = genuine.clone();
        event.extend(fields.iter().map(|(field, value)| ((*field).to_owned(), (*value).clone())));
        event
    };
    let mut bare = edited(&[("Request_Key__c", &key), ("Verification_Id__c", &verification)]);
    bare.remove("Result_Token__c");
    let mut of_another = genuine["Result_Token__c"].as_str().unwrap().to_owned();
    of_another.truncate(of_another.rfind('.').unwrap() + 1);
    let related = json!(second);
    let cases = [
        ("the first one's, again", genuine.clone(), Effect::Known),
        ("the first one's, for this request", edited(&[("Request_Key__c", &key)]), Effect::Dropped),
        ("for this record", edited(&[("Request_Key__c", &key), ("Related_Record_Id__c", &related)]), Effect::Dropped),
        (
            "for this verification",
            edited(&[("Request_Key__c", &key), ("Verification_Id__c", &verification)]),
            Effect::Dropped,
        ),
        ("no token", bare, Effect::Dropped),
        ("no signature", edited(&[("Request_Key__c", &key), ("Result_Token__c", &json!(of_another))]), Effect::Dropped),
    ];
    for (what, event, effect) in cases {
        assert_eq!(org.publish(&event).await, effect, "{what}");
        org.until_waiting(&second).await;
        assert_eq!(
            (org.text(&second, "StageName"), org.text(&second, RESULT)),
            ("Prospecting".into(), String::new()),
            "{what}"
        );
        assert_eq!(org.close(&second, "25000").await.0, 409, "{what}");
    }
    assert_eq!(org.there.tasks().len(), 1);
});

/// Even where somebody could deploy a key of their own, the flow asks the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_wrong_key_signs_releases_nothing() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    let (id, _) = org.large().await;
    let waits = org.asked(&id);
    let vectors = include_str!("../../../../../integrations/salesforce/test/vectors/result-tokens.json");
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let decode = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    let other = Signer::new(&decode(vectors["key"]["private_pkcs8"].as_str().unwrap())).unwrap();
    let now = place.clock.now();
    let claims = json!({
        "sub": waits["Verification_Id__c"], "jti": "evt_other", "seq": 99, "status": "succeeded", "decision": "approved",
        "assurance": 2, "reasons": "", "method": "document", "journey": "quick", "related_record": id, "person_record": contact(0),
        "policy": "Large_Transfer", "operation": waits["Operation__c"], "request_key": waits["Request_Key__c"],
        "aud": ORG, "org": place.organization, "occurred_at": now.as_second(), "valid_until": now.as_second() + 3600,
    });
    let signed = |claims: &Value| {
        let event = ipse_connectors::salesforce::event(&other, claims.as_object().unwrap().clone(), &place.base, now);
        event.unwrap().as_object().unwrap().clone()
    };
    assert_eq!(org.publish(&signed(&claims)).await, Effect::Dropped, "a key that is not deployed");
    org.until_waiting(&id).await;
    org.there.trust(Key {
        name: other.kid().to_owned(),
        issuer: place.base.clone(),
        organization: place.organization.to_string(),
        public: other.public().unwrap(),
    });
    let mut elsewhere = claims.clone();
    elsewhere["aud"] = json!("00D000000000002EAA");
    assert_eq!(org.publish(&signed(&elsewhere)).await, Effect::Dropped, "another org");
    org.until_waiting(&id).await;
    // Deployed, it writes the record, and the record says approved. The server, asked, does not.
    assert_eq!(org.publish(&signed(&claims)).await, Effect::Written);
    org.until_waiting(&id).await;
    assert_eq!(org.asked(&id)["Decision__c"], "approved");
    assert_eq!(org.text(&id, "StageName"), "Prospecting");
    assert_eq!(org.close(&id, "25000").await.0, 409, "nothing was redeemed");
}

on_both!(what_ends_otherwise_stops_the_transfer, |place: Place| async move {
    let org = Org::furnished(&place).await;
    let (declined, link) = org.large().await;
    assert_eq!(Browser::new(&place).post(&format!("{link}/decline"), &[]).await.status(), 200);
    org.until_result(&declined, "refused").await;

    let (failed, link) = org.large().await;
    let mut somebody_else = employee().person;
    somebody_else.family_name = "Larsson".into();
    let phone = place.claim(&link).await;
    phone.picture(PASSPORT, photograph(&passport(&somebody_else, 9), &Camera::default())).await;
    org.until_result(&failed, "refused").await;

    let (cancelled, _) = org.large().await;
    org.cancel(org.asked(&cancelled)["Verification_Id__c"].as_str().unwrap()).await;
    org.until_result(&cancelled, "refused").await;

    let (expired, link) = org.large().await;
    place.clock.advance(SignedDuration::from_hours(25));
    org.until_result(&expired, "refused").await;
    assert_eq!(org.asked(&expired)["Status__c"], "expired");
    let late = Browser::new(&place).post(&format!("{link}/claim"), &[]).await.status();
    assert!(late.is_client_error(), "{late}");

    // The policy waits no longer than a day: then the link ends, too.
    let (late, _) = org.large().await;
    org.there.pass(SignedDuration::from_hours(25));
    org.until_result(&late, "timeout").await;
    place.until(org.asked(&late)["Verification_Id__c"].as_str().unwrap(), &["cancelled"]).await;

    for id in [&declined, &failed, &cancelled, &expired, &late] {
        assert_eq!(org.close(id, "25000").await.0, 409);
    }
    // Asked again, it is another request, and its own success counts.
    let before = place.sandbox.partners.mailbox.all().len();
    org.carry_out(&cancelled).await;
    shows(&place, &org.mailed(before).await).await;
    org.until_result(&cancelled, "approved").await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_that_somebody_else_used_up_releases_nothing() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    let (id, link) = org.large().await;
    // The result is late, and another system relies on the success meanwhile.
    org.there.disturb([Fault::Refused { status: 503, code: "SERVER_UNAVAILABLE", retry_after: Some(30) }]);
    shows(&place, &link).await;
    let verification = org.asked(&id)["Verification_Id__c"].as_str().unwrap().to_owned();
    place.until(&verification, &["succeeded"]).await;
    assert_eq!(place.post(&format!("/v1/verifications/{verification}/redeem"), &json!({})).await.0, 200);
    until("the failure", async || org.waiting().await == "SERVER_UNAVAILABLE").await;
    org.place.clock.advance(SignedDuration::from_secs(120));
    org.until_result(&id, "refused").await;
    assert_eq!(org.close(&id, "25000").await.0, 409);
    assert!(!org.asked(&id).contains_key("Redeemed_At__c"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_success_is_for_its_own_record_and_amount() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    let (one, link) = org.large().await;
    let (other, _) = org.large().await;
    // While the person is on their way, the amount is raised.
    let (status, ..) = org.send(&org.page(&one), &[("amount", "80000"), ("stage", "Prospecting")]).await;
    assert_eq!(status, 303);
    shows(&place, &link).await;
    org.until_result(&one, "error").await;
    assert_eq!(org.asked(&one)["Decision__c"], "approved");
    for (id, amount) in [(&one, "80000"), (&other, "25000")] {
        let (status, text) = org.close(id, amount).await;
        assert!(status == 409 && text.contains("step_up_required"));
    }
    org.until_waiting(&other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_answer_releases_nothing() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    let (id, _) = org.large().await;
    let key = org.asked(&id)["Request_Key__c"].clone();
    org.lose_server();
    let forged = json!({ "Request_Key__c": key, "Decision__c": "approved", "Status__c": "succeeded" });
    org.publish(forged.as_object().unwrap()).await;
    org.until_waiting(&id).await;
    org.there.pass(SignedDuration::from_hours(25));
    org.until_result(&id, "timeout").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_could_not_be_made_is_made_later_once() {
    let place = Place::new(false, |_| {}).await;
    let org = Org::furnished(&place).await;
    org.lose_server();
    let id = org.transfer("25000").await;
    org.carry_out(&id).await;
    org.until_waiting(&id).await;
    org.pass(301);
    org.set_up();
    let before = place.sandbox.partners.mailbox.all().len();
    assert_eq!(before, 0);
    until("the later request", async || {
        org.pass(301);
        tokio::time::sleep(Duration::from_millis(100)).await;
        !place.sandbox.partners.mailbox.all().is_empty()
    })
    .await;
    shows(&place, &org.mailed(0).await).await;
    org.until_result(&id, "approved").await;
    assert_eq!(place.sandbox.partners.mailbox.all().len(), 1);
}

on_both!(the_controller_does_what_the_component_asks, |place: Place| async move {
    const AGENT: &str = "005000000000002AAA";
    const CLERK: &str = "005000000000003AAA";
    let org = Org::furnished(&place).await;
    let person = contact(0);
    let on = json!({ "recordId": person });
    let (status, told) = org.apex("status", CLERK, on.clone()).await;
    assert_eq!((status.as_u16(), told), (200, json!({ "mayAct": false, "rows": [] })));
    let refused = async |method: &str, user: &str, given: Value, code: &str| {
        let (status, told) = org.apex(method, user, given).await;
        assert_eq!((status.as_u16(), told), (500, json!({ "message": code })), "{method}");
    };
    refused("start", CLERK, json!({ "recordId": person, "delivery": "email" }), "not_permitted").await;
    refused("start", AGENT, json!({ "recordId": "003000000000009AAA", "delivery": "email" }), "no_access").await;
    refused("start", AGENT, json!({ "recordId": person, "delivery": "pigeon" }), "invalid_request").await;
    refused("cancel", AGENT, json!({ "verificationRecordId": "a00000000000000AAA" }), "not_found").await;
    refused("approve", AGENT, on.clone(), "no_such_method").await;
    assert!(org.there.records().is_empty() && place.sandbox.partners.mailbox.all().is_empty());

    let (_, begun) = org.apex("start", AGENT, json!({ "recordId": person, "delivery": "none" })).await;
    assert!(begun["outcome"] == "opened" && begun["link"].as_str().unwrap().starts_with(&place.base), "{begun}");
    let row = async || org.apex("status", AGENT, on.clone()).await.1["rows"][0].clone();
    let first = row().await;
    assert_eq!((&first["isRunning"], &first["isValid"]), (&json!(true), &json!(false)));
    let one = json!({ "verificationRecordId": first["id"] });
    refused("cancel", CLERK, one.clone(), "not_permitted").await;
    let phone = place.claim(begun["link"].as_str().unwrap()).await;
    org.apex("refresh", AGENT, on.clone()).await;
    assert_eq!(row().await["status"], "in_progress");
    phone.picture(PASSPORT, dark_picture()).await;
    assert!(!token(&phone.get("/v/session").await.1).is_empty(), "a poor picture ends nothing");
    assert_eq!(org.apex("cancel", AGENT, one.clone()).await.0, 200);
    let last = row().await;
    assert_eq!((&last["status"], &last["decision"]), (&json!("cancelled"), &json!("none")));
    refused("resend", AGENT, one, "wrong_state").await;

    org.apex("start", AGENT, json!({ "recordId": person, "delivery": "email" })).await;
    let link = org.mailed(0).await;
    let (status, _) = org.apex("resend", AGENT, json!({ "verificationRecordId": row().await["id"] })).await;
    assert_eq!(status, 200);
    let again = org.mailed(1).await;
    assert_ne!(link, again);
    shows(&place, &again).await;
    until("the success", async || row().await["isValid"] == true).await;
    assert_eq!(org.there.tasks().len(), 2);
});
