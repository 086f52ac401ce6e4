//! What is in a wallet is made good no more: because somebody says so, or by itself, and not before the tenant has done it.

use super::{Issuer, Person, body, pin, tenant};
use crate::support::{Place, on_both, read};
use ipse_connectors::entra::{Fact, Revokes, Tenant};
use ipse_core::organization::Role;
use ipse_sandbox::entra::{Manner, Refusal};
use ipse_server::app::integrations::{self, System, Wanted};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

impl Person<'_> {
    /// Its credential, as the API has it.
    async fn credential(&self) -> Value {
        let (status, list) = self.place.get(&format!("/v1/credentials?verification={}", self.id)).await;
        assert_eq!((status, list["data"].as_array().unwrap().len()), (StatusCode::OK, 1), "{list}");
        list["data"][0].clone()
    }

    async fn until_credential(&self, is: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let credential = self.credential().await;
            if is(&credential) {
                return credential;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{credential}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn revoke(&self) -> (StatusCode, Value) {
        let id = self.credential().await["id"].as_str().unwrap().to_owned();
        self.place.post(&format!("/v1/credentials/{id}/revoke"), &json!({})).await
    }
}

impl Issuer<'_> {
    /// The organization decides when a credential is revoked by itself.
    async fn says(&self, revokes: Revokes) {
        let system = System::Entra(Tenant { revokes, ..tenant(self.place) });
        let wanted = Wanted { name: "Utopia ID".into(), journey: "quick".into(), system };
        let caller = Place::caller(&self.place.organization);
        integrations::update(self.place.ipse(), &caller, &self.integration.id, wanted).await.unwrap();
    }
}

on_both!(a_credential_is_revoked_once_and_for_good, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let (mut person, other) = (issuer.issued().await, issuer.issued().await);
    let credential = person.credential().await;
    assert_eq!((&credential["state"], &credential["revocable"]), (&json!("issued"), &json!(true)));
    let id = credential["id"].as_str().unwrap().to_owned();
    assert_eq!(place.get(&format!("/v1/credentials/{id}")).await.1["verification"], person.id.as_str());
    let (status, revoking) = person.revoke().await;
    assert_eq!((status, &revoking["state"]), (StatusCode::OK, &json!("revoking")));
    assert_eq!(person.revoke().await.0, 409, "twice");
    person.until_credential(|credential| credential["state"] == "revoked").await;
    assert_eq!(issuer.there.revoked(), [true, false], "the other one is still good");
    assert_eq!(other.credential().await["state"], "issued");
    assert_eq!(person.revoke().await.0, 409);

    // Its person reads it, and gets no other one for the same success.
    let page = person.until("revoked").await;
    assert!(page.contains("was revoked") && !page.contains("action=\"/v/session/credential\""), "{page}");
    assert_eq!(person.ask().await, 409);
    let trail = ["requested", "retrieved", "issued", "revocation_requested", "revoked"];
    person.assert_trail(&trail).await;
    // What Entra tells late undoes nothing.
    let (state, key) = issuer.sent();
    assert_eq!(issuer.tell(Some(&key), body(&state, "issuance_successful")).await, 200);
    person.assert_trail(&trail).await;
});

on_both!(what_nobody_finds_and_what_is_nobodys_is_not_revoked, |place: Place| async move {
    let mut blind = tenant(&place);
    blind.claims.retain(|_, fact| *fact != Fact::VerificationId);
    let issuer = Issuer::of(&place, blind).await;
    let person = issuer.issued().await;
    assert_eq!(person.credential().await["revocable"], false);
    let (status, problem) = person.revoke().await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("not_in_journey")), "{problem}");
    assert_eq!(person.credential().await["state"], "issued");
    // A try that led to nothing is no credential, and another organization's is not there.
    let mut tried = issuer.success().await;
    tried.ask().await;
    tried.until("offered").await;
    let (_, list) = place.get(&format!("/v1/credentials?verification={}", tried.id)).await;
    assert_eq!(list["data"], json!([]));
    let id = person.credential().await["id"].as_str().unwrap().to_owned();
    let (_, key) = place.stranger().await;
    for (method, path) in
        [(Method::GET, format!("/v1/credentials/{id}")), (Method::POST, format!("/v1/credentials/{id}/revoke"))]
    {
        let request = place.client.request(method, format!("{}{path}", place.base)).bearer_auth(&key);
        let answer = request.json(&json!({})).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    assert_eq!(place.get("/v1/credentials?subject=nobody").await.0, 422);
    assert_eq!(issuer.there.revoked(), [false]);
});

on_both!(it_is_tried_until_it_is_done, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let refusal = |status, code| Some(Refusal { status, code, inner: None });
    let person = issuer.issued().await;
    issuer.there.refuse_administration(refusal(503, "serviceUnavailable"));
    person.revoke().await;
    let is = |word: &'static str| move |credential: &Value| credential["failure"] == word;
    person.until_credential(is("unavailable")).await;
    issuer.there.refuse_administration(refusal(403, "forbidden"));
    issuer.pass(301);
    place.ipse().issuances.notify_one();
    assert_eq!(person.until_credential(is("misconfigured")).await["state"], "revoking");
    issuer.there.refuse_administration(None);
    // A token that was ended there is replaced.
    issuer.there.end_tokens();
    issuer.pass(301);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(issuer.there.revoked(), [false], "somebody has to mend something: that takes longer");
    issuer.pass(3_600);
    let revoked = person.until_credential(|credential| credential["state"] == "revoked").await;
    assert_eq!((&revoked["failure"], issuer.there.revoked()), (&Value::Null, vec![true]));
    let trail = ["requested", "retrieved", "issued", "revocation_requested", "not_revoked", "not_revoked", "revoked"];
    person.assert_trail(&trail).await;
});

on_both!(redaction_and_leaving_revoke_where_the_organization_says_so, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    for (revokes, on_redaction, on_off_boarding) in [
        (Revokes::default(), false, false),
        (Revokes { on_redaction: true, on_off_boarding: false }, true, false),
        (Revokes { on_redaction: false, on_off_boarding: true }, false, true),
    ] {
        issuer.says(revokes).await;
        let before = issuer.there.revoked().len();
        let (redacted, left) = (issuer.issued().await, issuer.issued().await);
        let path = format!("/v1/verifications/{}/redact", redacted.id);
        assert_eq!(place.post(&path, &json!({})).await.0, 200);
        let subject = place.get(&format!("/v1/verifications/{}", left.id)).await.1["subject"].clone();
        let path = format!("/v1/subjects/{}/off-board", subject.as_str().unwrap());
        let (status, done) = place.post(&path, &json!({})).await;
        // It is the same person every time: whoever leaves takes nothing along that is still good.
        let expected = (StatusCode::OK, &json!(if on_off_boarding { 5 } else { 0 }), &json!(false));
        assert_eq!((status, &done["credentials_revoked"], &done["enrolment_erased"]), expected, "{done}");
        for (person, expected) in [(&redacted, on_redaction || on_off_boarding), (&left, on_off_boarding)] {
            let state = if expected { "revoked" } else { "issued" };
            person.until_credential(|credential| credential["state"] == state).await;
        }
        assert_eq!(issuer.there.revoked()[before..], [on_redaction || on_off_boarding, on_off_boarding]);
    }
    // Time that has passed is nobody's wish.
    issuer.says(Revokes { on_redaction: true, on_off_boarding: true }).await;
    let person = issuer.issued().await;
    issuer.pass(60 * 60 * 24 * 40);
    let path = format!("/v1/verifications/{}", person.id);
    let begun = Instant::now();
    while place.get(&path).await.1["redacted_at"].is_null() {
        assert!(begun.elapsed() < Duration::from_secs(30), "not forgotten");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(person.credential().await["state"], "issued");
    // And yet it can be revoked: what it is found by is no personal datum.
    person.revoke().await;
    person.until_credential(|credential| credential["state"] == "revoked").await;
});

on_both!(what_is_on_its_way_is_revoked_as_it_arrives, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    issuer.says(Revokes { on_redaction: true, on_off_boarding: true }).await;
    let mut person = issuer.success().await;
    person.ask().await;
    let pin = pin(&person.until("offered").await);
    let request = issuer.open().await;
    person.until("retrieved").await;
    // The wallet has it, and nobody has told so yet.
    issuer.there.tell(Manner::Held);
    assert_eq!(issuer.accept(&request, &pin).await, 200);
    assert_eq!(place.post(&format!("/v1/verifications/{}/redact", person.id), &json!({})).await.0, 200);
    assert_eq!(issuer.there.revoked(), [false]);
    issuer.there.release().await;
    person.until_credential(|credential| credential["state"] == "revoked").await;
    assert_eq!(issuer.there.revoked(), [true]);
    person.assert_trail(&["requested", "retrieved", "issued", "revocation_requested", "revoked"]).await;
});

on_both!(an_integration_takes_nobody_off_board, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    issuer.says(Revokes { on_redaction: true, on_off_boarding: true }).await;
    let person = issuer.issued().await;
    let id = place.connect("https://utopia.service-now.com", "quick").await;
    let caller = Place::caller(&place.organization);
    let key = integrations::renew(place.ipse(), &caller, &id.parse().unwrap()).await.unwrap().1.api_key.unwrap();
    let subject = place.get(&format!("/v1/verifications/{}", person.id)).await.1["subject"].clone();
    let subject = format!("{}/v1/subjects/{}", place.base, subject.as_str().unwrap());
    let off_board = place.client.post(format!("{subject}/off-board")).json(&json!({}));
    for request in [off_board, place.client.delete(format!("{subject}/enrolment"))] {
        let (status, problem) = read(request.bearer_auth(&key).send().await.unwrap()).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("not_permitted")), "{problem}");
    }
    let credentials = place.client.get(format!("{}/v1/credentials", place.base)).bearer_auth(&key);
    assert_eq!(read(credentials.send().await.unwrap()).await.1["data"], json!([]), "nor does it hear of them");
    assert_eq!(issuer.there.revoked(), [false]);
});

on_both!(an_administrator_revokes_in_the_console, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let person = issuer.issued().await;
    let page = format!("/console/verifications/{}", person.id);
    let action = format!("{page}/revoke-credential");
    let agent = place.sign_in(Role::Agent).await;
    let (_, shown) = agent.get(&page).await;
    assert!(shown.contains("In the person’s wallet") || shown.contains("In the person&#39;s wallet"), "{shown}");
    assert!(!shown.contains(&action), "not an agent's to do");
    let mut admin = place.sign_in(Role::Admin).await;
    assert_eq!(admin.submit(&page, &action, &[]).await.status(), 303);
    person.until_credential(|credential| credential["state"] == "revoked").await;
    let (_, shown) = admin.get(&page).await;
    assert!(shown.contains("Revoked") && !shown.contains(&action), "{shown}");
    assert_eq!(admin.submit(&page, &action, &[]).await.status(), 409);
});
