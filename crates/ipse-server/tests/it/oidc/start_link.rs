//! A relying party sends its people by links that it signed, and gets them back: the whole way, and who it was.

use super::faces::shown;
use super::{Person, error_page, picture};
use crate::faces::{SELF, drawn};
use crate::support::{Browser, PASSPORT, Place, on_both, token};
use ipse_core::organization::Role;
use ipse_oidc::keys::{KeyRecord, KeySet, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use ipse_server::app::retention;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Response;
use serde_json::{Value, json};

pub(super) const BACK: &str = "https://recovery.contoso.example/done?step=2";

/// A relying party, and the key that it signs with.
pub(crate) struct Sender<'a> {
    pub(super) place: &'a Place,
    pub(crate) id: String,
    back: String,
    key: KeyRecord,
}

impl<'a> Sender<'a> {
    /// With a journey of these rules.
    pub(super) async fn new(place: &'a Place, rules: Value) -> Self {
        let mut all = json!({ "name_rule": "none", "session_minutes": 60 });
        all.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
        place.journey("recover", all).await;
        Self::registered(place, "recover", BACK).await
    }

    pub(crate) async fn registered(place: &'a Place, journey: &str, back: &str) -> Self {
        let key = KeyRecord::generate(Alg::Es256, RsaBits::default(), KeyState::Current, jiff::Timestamp::UNIX_EPOCH);
        let mut sender = Self { place, id: String::new(), back: back.to_owned(), key: key.unwrap() };
        let (status, client) = place.post("/v1/clients", &sender.wanted(journey)).await;
        assert_eq!(status, 201, "{client}");
        assert!(client.get("client_secret").is_none() && client["org_id"] == "contoso", "{client}");
        client["id"].as_str().unwrap().clone_into(&mut sender.id);
        sender
    }

    pub(super) fn wanted(&self, journey: &str) -> Value {
        json!({
            "profile": "start-link", "name": "Contoso recovery", "redirect_uris": [self.back], "journey": journey,
            "minutes": 10, "org_id": "contoso", "jwks": KeySet::new(std::slice::from_ref(&self.key)).unwrap().jwks(),
        })
    }

    /// A token for a request, with some claims changed; `null` takes one away.
    pub(super) fn token(&self, request: &str, change: &Value) -> String {
        let mut claims = json!({
            "OrgId": "contoso", "RequestId": request, "exp": self.place.clock.now().as_second() + 300,
            "redirectUrl": self.back, "mscv": "1.2.3",
        });
        let members = claims.as_object_mut().unwrap();
        members.extend(change.as_object().unwrap().clone());
        members.retain(|_, value| !value.is_null());
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.key.kid.clone());
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ec_der(&self.key.pkcs8)).unwrap()
    }

    pub(super) fn at(&self, token: &str) -> String {
        format!("/start/{}?token={token}", self.id)
    }

    pub(crate) fn link(&self, request: &str) -> String {
        self.at(&self.token(request, &json!({})))
    }

    /// Somebody who arrives with the link of a request.
    pub(super) async fn arrives(&self, request: &str) -> Person<'a> {
        arrives(self.place, &self.link(request)).await
    }
}

/// Somebody who arrives with a link.
pub(super) async fn arrives<'a>(place: &'a Place, link: &str) -> Person<'a> {
    Person::arrive_with(place, link).await
}

/// Where an answer leads, with nothing appended.
pub(super) fn leads(answer: &Response) -> &str {
    assert_eq!(answer.status(), 303, "not sent on");
    answer.headers()["location"].to_str().unwrap()
}

/// The last page: it stays where it is, and has a way back.
pub(super) async fn last_page(person: &Person<'_>) -> String {
    let (status, page) = person.browser.get("/v/session").await;
    assert_eq!(status, 200);
    assert!(page.contains(&format!("href=\"{BACK}\"")) && page.contains("Return to Contoso recovery"), "{page}");
    assert!(!page.contains("/oauth2/requests"), "nothing hurries: {page}");
    page
}

async fn opened(place: &Place) -> usize {
    place.get("/v1/verifications").await.1["data"].as_array().unwrap().len()
}

on_both!(a_signed_link_becomes_a_verification_and_leads_back, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let link = sender.link("7d5f9b2e");
    // A scanner was here first, twice.
    for _ in 0..2 {
        assert_eq!(Browser::new(&place).go(&link).await.status(), 303);
    }
    let mut browser = Browser::new(&place);
    let answer = browser.go(&link).await;
    let here = leads(&answer).to_owned();
    assert!(!here.contains("token") && !here.contains("7d5f9b2e"), "{here}");
    for (name, value) in [("referrer-policy", "no-referrer"), ("cache-control", "no-store")] {
        assert_eq!(answer.headers()[name], value);
    }
    let mut person = Person::of(&place, browser, &here);
    let (status, page) = person.browser.get(&here).await;
    assert_eq!(status, 200);
    assert!(page.contains("Contoso recovery") && page.contains("Utopia") && !page.contains("7d5f9b2e"), "{page}");
    assert_eq!(opened(&place).await, 0, "looking begins nothing");
    person.begin().await;
    let begun = place.get(&format!("/v1/verifications/{}", person.verification)).await.1;
    assert_eq!((&begun["metadata"], &begun["return_url"]), (&json!({ "request_id": "7d5f9b2e" }), &json!(BACK)));
    assert_eq!(
        (&begun["requester"]["id"], &begun["requester"]["name"]),
        (&json!(sender.id), &json!("Contoso recovery"))
    );

    // In this browser the link goes on with what has begun; in others it is of no use.
    assert_eq!(leads(&person.browser.go(&link).await), here);
    assert!(person.browser.get(&here).await.1.contains("is under way"));
    error_page(Browser::new(&place).go(&link).await).await;
    assert_eq!(person.show(picture()).await["status"], "succeeded");
    last_page(&person).await;
    assert_eq!(leads(&person.browser.go(&here).await), "/v/session", "the credential would be there");
    assert_eq!(leads(&person.browser.go(&link).await), here);
    assert_eq!(opened(&place).await, 1);

    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let events = tx.events(&person.verification, 0).await.unwrap();
    let asked = events.iter().find(|event| event.kind == "start_link.requested").unwrap();
    assert_eq!(asked.data, json!({ "client": sender.id, "request_id": "7d5f9b2e" }).to_string());
    assert!(events.iter().all(|event| !event.kind.starts_with("oidc.") && !event.data.contains("eyJ")));
});

on_both!(every_ending_has_its_way_back, |place: Place| async move {
    let sender = Sender::new(&place, json!({ "max_attempts": 1, "countries": ["SWE"] })).await;
    // The document is of a country that the journey does not take.
    let mut failed = sender.arrives("failed").await;
    failed.begin().await;
    assert_eq!(failed.show(picture()).await["status"], "failed");
    assert!(last_page(&failed).await.contains("outcome"));

    let mut declined = sender.arrives("declined").await;
    declined.begin().await;
    let answer = declined.browser.submit("/v/session", "/v/session/decline", &[]).await;
    assert_eq!(leads(&answer), "/v/session");
    last_page(&declined).await;

    let mut expired = sender.arrives("expired").await;
    expired.begin().await;
    place.clock.advance(SignedDuration::from_mins(61));
    retention::expire(place.ipse()).await.unwrap();
    last_page(&expired).await;

    // Who has not begun is sent back at once, as from any request: not wanted, or too late.
    let mut unwilling = sender.arrives("unwilling").await;
    let here = unwilling.here.clone();
    let answer = unwilling.browser.submit(&here, &format!("{here}/cancel"), &[]).await;
    assert_eq!(leads(&answer), BACK);
    error_page(unwilling.browser.go(&here).await).await;
    error_page(unwilling.browser.go(&sender.link("unwilling")).await).await;
    let mut late = sender.arrives("late").await;
    place.clock.advance(SignedDuration::from_mins(11));
    let here = late.here.clone();
    assert_eq!(leads(&late.browser.go(&here).await), BACK);
    error_page(late.browser.go(&here).await).await;

    // Whoever has begun has the time that the verification gives, and may still go back.
    let mut slow = sender.arrives("slow").await;
    slow.begin().await;
    place.clock.advance(SignedDuration::from_mins(11));
    let here = slow.here.clone();
    assert!(slow.browser.get(&here).await.1.contains("is under way"));
    assert!(slow.browser.get("/v/session").await.1.contains("name=\"csrf\""), "it goes on");
    let answer = slow.browser.submit(&here, &format!("{here}/cancel"), &[]).await;
    assert_eq!(leads(&answer), BACK);
    assert_eq!(place.get(&format!("/v1/verifications/{}", slow.verification)).await.1["status"], "cancelled");
});

on_both!(a_reviewer_may_take_longer_than_the_client_gives, drawn, |place: Place| async move {
    let rules = json!({ "selfie_required": true, "liveness_required": true, "keep_template_days": 30 });
    let sender = Sender::new(&place, rules).await;
    let mut person = sender.arrives("r-1").await;
    person.begin().await;
    person.browser.picture(PASSPORT, picture()).await;
    let csrf = token(&person.browser.get("/v/session").await.1);
    assert_eq!(person.browser.post("/v/session/decline-face", &[("csrf", &csrf)]).await.status(), 303);
    place.until(&person.verification, &["pending_review"]).await;
    last_page(&person).await;
    place.clock.advance(SignedDuration::from_hours(30));
    retention::sweep(place.ipse()).await.unwrap();
    let mut reviewer = place.sign_in(Role::Reviewer).await;
    let case = format!("/console/reviews/{}", person.verification);
    let form = [("decision", "approve"), ("reason", "same_person"), ("note", "")];
    assert_eq!(reviewer.submit(&case, &case, &form).await.status(), 303);
    place.until(&person.verification, &["succeeded"]).await;
    let subject = subject_of(&person).await;
    assert_eq!(place.get(&format!("/v1/subjects/{subject}/enrolment")).await.0, 404, "no face was seen alive");
});

/// Whom the verification is of.
async fn subject_of(person: &Person<'_>) -> String {
    let (_, found) = person.place.get(&format!("/v1/verifications/{}", person.verification)).await;
    found["subject"].as_str().unwrap().to_owned()
}

on_both!(who_comes_back_is_the_same_person, drawn, |place: Place| async move {
    let rules = json!({ "selfie_required": true, "liveness_required": true, "keep_template_days": 30 });
    let sender = Sender::new(&place, rules).await;
    let mut subjects = Vec::new();
    for request in ["r-1", "r-2"] {
        let mut person = sender.arrives(request).await;
        person.begin().await;
        let found = shown(&person, Some(picture()), SELF).await;
        assert_eq!(found["status"], "succeeded", "{}", found["reasons"]);
        subjects.push(subject_of(&person).await);
    }
    assert_eq!(subjects[0], subjects[1], "found by the document, believed by the face, without anybody being told");
    assert_eq!(place.get(&format!("/v1/subjects/{}/enrolment", subjects[0])).await.0, 200);
    assert_eq!(place.get("/v1/subjects").await.1["data"].as_array().unwrap().len(), 1);
});

on_both!(a_name_that_a_client_takes_again_is_not_the_same_person, |place: Place| async move {
    let sender = Sender::new(&place, json!({})).await;
    let mut first = sender.arrives("1").await;
    first.begin().await;
    first.show(picture()).await;
    let before = subject_of(&first).await;
    // The client signs the same RequestId anew while it is remembered, and when it is no more.
    place.clock.advance(SignedDuration::from_mins(11));
    error_page(Browser::new(&place).go(&sender.link("1")).await).await;
    place.clock.advance(SignedDuration::from_hours(2));
    retention::sweep(place.ipse()).await.unwrap();
    let mut second = sender.arrives("1").await;
    second.begin().await;
    assert_ne!(second.verification, first.verification);
    assert_ne!(subject_of(&second).await, before, "nothing says that it is them");
});
