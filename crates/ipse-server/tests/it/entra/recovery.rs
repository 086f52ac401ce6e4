//! Account recovery: Entra asks whether claims are those of the document by which somebody was verified.

use super::{Issuer, tenant};
use crate::support::{Place, employee, on_both};
use ipse_connectors::entra::Tenant;
use ipse_core::event::Event;
use ipse_sandbox::entra::{Entra, TENANT};
use ipse_server::app::integrations::{self, System, Wanted};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A tenant that may ask.
struct Recovery<'a> {
    issuer: Issuer<'a>,
    target: String,
}

impl<'a> Recovery<'a> {
    async fn new(place: &'a Place) -> Self {
        let issuer = Issuer::of(place, Tenant { validates_claims: true, ..tenant(place) }).await;
        let target = format!("{}/entra/claims/{}", place.base, issuer.integration.id);
        Self { issuer, target }
    }

    /// With the tenant's keys, which are read once somebody has asked.
    async fn ready(place: &'a Place) -> Self {
        let ready = Self::new(place).await;
        let begun = Instant::now();
        while ready.ask(&user(), &json!({})).await.0 == 503 {
            assert!(begun.elapsed() < Duration::from_mins(1), "the keys are not read");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        ready
    }

    fn there(&self) -> &Entra {
        self.issuer.there
    }

    /// Asks as the tenant does.
    async fn ask(&self, user: &Value, claims: &Value) -> (u16, Value) {
        self.ask_as(Some(&self.token(|_| {})), self.there().callout(user, claims).to_string()).await
    }

    async fn ask_as(&self, token: Option<&str>, body: String) -> (u16, Value) {
        self.there().ask(&self.target, token, body).await.unwrap()
    }

    fn token(&self, change: impl FnOnce(&mut Value)) -> String {
        self.there().token(change).unwrap()
    }

    /// The claims that failed; none is a pass.
    async fn failed(&self, user: &Value, claims: &Value) -> Vec<String> {
        let (status, said) = self.ask(user, claims).await;
        let action = &said["data"]["actions"][0];
        let kind = action["@odata.type"].as_str().unwrap();
        assert_eq!(said["data"]["@odata.type"], "microsoft.graph.onVerifiedIdClaimValidationResponseData");
        assert_eq!((status, said["data"]["actions"].as_array().unwrap().len()), (200, 1));
        if kind == "microsoft.graph.verifiedIdClaimValidation.pass" {
            assert!(action.get("failedClaims").is_none());
            return Vec::new();
        }
        assert_eq!(kind, "microsoft.graph.verifiedIdClaimValidation.failed");
        let failed: Vec<String> = serde_json::from_value(action["failedClaims"].clone()).unwrap();
        assert!(!failed.is_empty(), "a refusal says what it refuses");
        failed
    }

    /// What the organization's audit chain says of it, oldest first.
    async fn trail(&self) -> Vec<Event> {
        let place = self.issuer.place;
        let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
        let mut events = tx.events(place.organization.as_str(), 0).await.unwrap();
        events.retain(|event| event.kind.starts_with("entra.claims_"));
        events
    }

    /// Asks that an administrator changes their mind.
    async fn says(&self, tenant: Tenant) {
        let (place, known) = (self.issuer.place, &self.issuer.integration);
        let (name, journey) = (known.name.clone(), known.journey.clone());
        let wanted = Wanted { name, journey, system: System::Entra(tenant) };
        let caller = Place::caller(&place.organization);
        integrations::update(place.ipse(), &caller, &known.id, wanted).await.unwrap();
    }
}

/// The user of the directory who is the first employee here.
fn user() -> Value {
    json!({ "id": "5a1e0c1e-2f0b-4a52-8d0f-0a6b1f4c2d33", "userPrincipalName": employee().email, "employeeId": employee().id })
}

/// The employee's document as another issuer would say it.
fn claims() -> Value {
    let person = employee().person;
    let day = |year: u16, month: u8, day: u8| format!("{year:04}-{month:02}-{day:02}");
    let (born, ends) = (person.birth_date, person.expiry_date);
    json!({
        "firstName": person.given_names, "lastName": person.family_name,
        "fullName": format!("{} {}", person.given_names, person.family_name),
        "dateOfBirth": day(born.year, born.month, born.day), "documentType": "Passport",
        "documentId": person.document_number, "documentExpiryDate": day(ends.year, ends.month, ends.day),
        "homeAddress": "1 Utopia Street",
    })
}

const ALL: [&str; 7] =
    ["firstName", "lastName", "fullName", "dateOfBirth", "documentType", "documentId", "documentExpiryDate"];

on_both!(claims_of_a_recovery_are_those_of_the_document, |place: Place| async move {
    let recovery = Recovery::ready(&place).await;
    recovery.issuer.success().await;
    let before = recovery.trail().await.len();
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
    for (claim, other) in [
        ("firstName", "Eve"),
        ("lastName", "Nilsson"),
        ("fullName", "Eve Nilsson"),
        ("dateOfBirth", "1990-01-15"),
        ("documentType", "DriversLicense"),
        ("documentId", "X00000009"),
        ("documentExpiryDate", "2020-01-15"),
    ] {
        let mut claims = claims();
        claims[claim] = json!(other);
        assert_eq!(recovery.failed(&user(), &claims).await, [claim]);
    }
    // Names alone are those of many.
    let names = json!({ "firstName": claims()["firstName"], "lastName": claims()["lastName"] });
    assert_eq!(recovery.failed(&user(), &names).await, ["dateOfBirth", "documentId"]);
    assert_eq!(recovery.failed(&user(), &json!({})).await, ["dateOfBirth", "documentId"]);

    // Each answer is in the chain, with the names of claims and nothing of the person.
    let trail = recovery.trail().await.split_off(before);
    let kinds: Vec<&str> = trail.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, [vec!["entra.claims_validated"], vec!["entra.claims_refused"; 9]].concat());
    let said: Vec<Value> = trail.iter().map(|event| serde_json::from_str(&event.data).unwrap()).collect();
    assert_eq!((&said[0]["claims"], &said[6]["claims"]), (&json!(ALL), &json!(["documentId"])));
    assert_eq!(said[0]["integration"], recovery.issuer.integration.id.as_str());
    assert!(said[0]["subject"].as_str().unwrap().starts_with("sub_"));
    for personal in ["ERIKSSON", "Eriksson", "1974", "L898902C3", employee().email, "X00000009", "Nilsson"] {
        assert!(!trail.iter().any(|event| event.data.contains(personal)), "{personal}");
    }
});

on_both!(the_user_is_the_first_name_that_is_known, |place: Place| async move {
    let recovery = Recovery::ready(&place).await;
    recovery.issuer.success().await;
    let stranger = json!({ "id": "u1", "userPrincipalName": "nobody@utopia.example", "employeeId": "nobody" });
    assert_eq!(recovery.failed(&stranger, &claims()).await, ALL);
    assert!(recovery.failed(&json!({ "id": employee().id }), &claims()).await.is_empty());
    assert!(recovery.failed(&json!({ "id": "u1", "userPrincipalName": employee().id }), &claims()).await.is_empty());
    // Somebody else of that principal name, who was never verified, goes before the employee's id.
    let (status, _) = place.post("/v1/subjects", &json!({ "external_id": employee().email })).await;
    assert_eq!(status, 201);
    assert_eq!(recovery.failed(&user(), &claims()).await, ALL);
});

on_both!(who_is_not_known_by_a_document_recovers_nothing, |place: Place| async move {
    let recovery = Recovery::ready(&place).await;
    assert_eq!(recovery.failed(&user(), &claims()).await, ALL, "nobody is known");
    let (id, link) = place.open("quick").await;
    assert_eq!(recovery.failed(&user(), &claims()).await, ALL, "it has not begun");
    let browser = place.claim(&link).await;
    browser.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    place.until(&id, &["succeeded"]).await;
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
    assert_eq!(place.post(&format!("/v1/verifications/{id}/redact"), &json!({})).await.0, 200);
    assert_eq!(recovery.failed(&user(), &claims()).await, ALL, "it is redacted");
    // Nobody falls back to the one before: the passport in it may be lost.
    recovery.issuer.success().await;
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
    let newer = recovery.issuer.success().await.id;
    assert_eq!(place.post(&format!("/v1/verifications/{newer}/redact"), &json!({})).await.0, 200);
    assert_eq!(recovery.failed(&user(), &claims()).await, ALL);
    // Whoever has left recovers nothing, until they are proven again.
    place.clock.advance(jiff::SignedDuration::from_secs(1));
    let last = recovery.issuer.success().await.id;
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
    let subject = place.get(&format!("/v1/verifications/{last}")).await.1["subject"].clone();
    let left = place.post(&format!("/v1/subjects/{}/off-board", subject.as_str().unwrap()), &json!({})).await;
    assert_eq!(left.0, 200);
    assert_eq!(recovery.failed(&user(), &claims()).await, ALL);
    place.clock.advance(jiff::SignedDuration::from_secs(1));
    recovery.issuer.success().await;
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
});

on_both!(nobody_else_asks, |place: Place| async move {
    let recovery = Recovery::ready(&place).await;
    recovery.issuer.success().await;
    let before = recovery.trail().await.len();
    let body = || recovery.there().callout(&user(), &claims()).to_string();
    let second = place.clock.now().as_second();
    let mut wrong: Vec<String> = [
        ("iss", json!("https://login.microsoftonline.com/00000000-0000-4000-8000-000000000000/v2.0")),
        ("aud", json!("00000000-0000-4000-8000-000000000000")),
        ("azp", json!("00000000-0000-4000-8000-000000000000")),
        ("azp", Value::Null),
        ("exp", json!(second - 1)),
        ("nbf", json!(second + 600)),
    ]
    .into_iter()
    .map(|(name, value)| recovery.token(|claims| claims[name] = value))
    .collect();
    // Another key under the same id, and one that is cut.
    let issuer = format!("{}/{TENANT}/v2.0", place.sandbox.url());
    wrong.push(Entra::default().token(|claims| claims["iss"] = json!(issuer)).unwrap());
    let good = recovery.token(|_| {});
    wrong.push(good[..good.len() - 4].to_owned());
    wrong.push(String::new());
    for token in &wrong {
        let (status, said) = recovery.ask_as(Some(token), body()).await;
        assert_eq!((status, &said["code"]), (401, &json!("unauthorized")), "{token}");
    }
    assert_eq!(recovery.ask_as(None, body()).await.0, 401);
    assert_eq!(recovery.ask_as(None, "x".repeat(100_000)).await.0, 401, "before a body is read");
    // What the tenant itself does not ask so.
    let ask = async |body: String| recovery.ask_as(Some(&good), body).await.0;
    assert_eq!(ask("x".repeat(64 * 1024 + 1)).await, 413);
    assert_eq!(ask("claims".into()).await, 400);
    assert_eq!(ask("{}".into()).await, 400);
    assert_eq!(ask(body().replace(TENANT, "00000000-0000-4000-8000-000000000000")).await, 400);
    // An integration that there is not, and one of another kind.
    let instance = place.connect("https://utopia.service-now.com", "quick").await;
    for id in ["int_00000000000000000000000000", &instance] {
        let target = format!("{}/entra/claims/{id}", place.base);
        assert_eq!(recovery.there().ask(&target, Some(&good), body()).await.unwrap().0, 401, "{id}");
    }
    let nowhere = format!("{}/entra/claims/nothing", place.base);
    assert_eq!(recovery.there().ask(&nowhere, Some(&good), body()).await.unwrap().0, 404);
    assert_eq!(recovery.trail().await.len(), before, "nothing was compared");
    // Switched off, connected anew, removed.
    recovery.says(tenant(&place)).await;
    assert_eq!(ask(body()).await, 401);
    recovery.says(Tenant { validates_claims: true, ..tenant(&place) }).await;
    assert_eq!(ask(body()).await, 200);
    let (caller, id) = (Place::caller(&place.organization), &recovery.issuer.integration.id);
    integrations::delete(place.ipse(), &caller, id).await.unwrap();
    assert_eq!(ask(body()).await, 401);
});

on_both!(keys_that_are_not_there_hold_nobody_up, |place: Place| async move {
    place.sandbox.partners.entra.withhold_keys(true);
    let recovery = Recovery::new(&place).await;
    recovery.issuer.success().await;
    let (status, said) = recovery.ask(&user(), &claims()).await;
    assert_eq!((status, &said["code"]), (503, &json!("overloaded")), "it is no pass: {said}");
    assert!(recovery.trail().await.is_empty());
    // Soon after they are there, they are known.
    recovery.there().withhold_keys(false);
    recovery.issuer.pass(301);
    let begun = Instant::now();
    while recovery.ask(&user(), &claims()).await.0 == 503 {
        assert!(begun.elapsed() < Duration::from_mins(1), "the keys are not read");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
    // Those that could not be read again for days are believed no more.
    recovery.there().withhold_keys(true);
    recovery.issuer.pass(73 * 3_600);
    assert_eq!(recovery.ask(&user(), &claims()).await.0, 503);
});

on_both!(who_would_wait_too_long_is_told_that_it_failed, |place: Place| async move {
    let recovery = Recovery::ready(&place).await;
    recovery.issuer.success().await;
    // Somebody holds the end of the organization's chain, so that nothing can be written down.
    let mut held = place.ipse().store.begin(&place.organization).await.unwrap();
    held.organization_head().await.unwrap();
    assert_eq!(recovery.failed(&user(), &claims()).await, ["dateOfBirth", "documentId"]);
    drop(held);
    assert!(recovery.failed(&user(), &claims()).await.is_empty());
});
