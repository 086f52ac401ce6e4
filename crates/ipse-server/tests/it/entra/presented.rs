//! A Verified ID as evidence: asked for by a page, and looked at again whatever the service lets through.

use super::{Issuer, body};
use crate::support::{Browser, Place, on_both, token};
use ipse_core::organization::Role;
use ipse_sandbox::entra::{AUTHORITY, CREDENTIAL, Manner, OFFER_SECONDS, Refusal};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A tenant that asks, a journey that wants a credential, and one in the wallet.
pub(crate) struct Verifier<'a> {
    pub(super) issuer: Issuer<'a>,
    pub(super) place: &'a Place,
}

impl<'a> Verifier<'a> {
    pub(crate) async fn new(place: &'a Place, change: Value) -> Self {
        let verifier = Self { issuer: Issuer::new(place).await, place };
        verifier.journey("badge", change).await;
        verifier.issuer.there.put("Other", &[("family_name", "Nobody")]);
        verifier.issuer.there.put(CREDENTIAL, &claims());
        verifier
    }

    pub(crate) async fn journey(&self, key: &str, change: Value) {
        let mut policy = json!({
            "credential": CREDENTIAL, "accepted_issuers": [AUTHORITY],
            "claims": { "given_name": "given_name", "family_name": "family_name", "birthdate": "birthdate" },
        });
        policy.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let rules = json!({ "document_kinds": [], "birthdate_must_match": true, "presentation": policy });
        self.place.journey(key, rules).await;
    }

    /// A person who has opened their link, at a desk.
    pub(super) async fn person(&self) -> Shower<'a> {
        let (id, link) = self.place.open("badge").await;
        let browser = self.place.claim(&link).await;
        let csrf = token(&browser.get("/v/session").await.1);
        Shower { place: self.place, id, browser, csrf }
    }

    /// One to whom a request was made.
    pub(super) async fn asked(&self) -> Shower<'a> {
        let mut person = self.person().await;
        assert_eq!(person.ask().await, 303);
        person.until("offered").await;
        person
    }

    /// A wallet opens the newest request; what it shows.
    pub(super) async fn open(&self) -> (StatusCode, String) {
        let link = self.issuer.there.presentation_links().pop().unwrap();
        self.issuer.wallet("open", &[("link", &link)]).await
    }

    /// The wallet shows the one credential that fits the newest request.
    pub(crate) async fn present(&self) -> StatusCode {
        let (status, page) = self.open().await;
        assert_eq!(status, 200, "{page}");
        let field = |name: &str| {
            let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
            rest.split_once('"').unwrap().0.to_owned()
        };
        self.issuer.wallet("present", &[("request", &field("request")), ("card", &field("card"))]).await.0
    }

    /// What the service says of credentials from now on, where it differs.
    pub(crate) fn say(&self, told: Option<Value>) {
        self.issuer.there.say_of_credentials(told);
    }

    /// What was sent with the newest request: state and key.
    pub(super) fn sent(&self) -> (String, String) {
        let sent = self.issuer.there.presentation_requests().pop().unwrap();
        let text = |pointer: &str| sent.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        (text("/callback/state"), text("/callback/headers/api-key"))
    }

    /// Tells something, as Entra would or as somebody else would.
    pub(super) async fn tell(&self, key: Option<&str>, body: Vec<u8>) -> StatusCode {
        let request = self.place.client.post(format!("{}/entra/presented", self.place.base));
        let request = key.iter().fold(request, |request, key| request.header("api-key", *key));
        request.header("content-type", "application/json").body(body).send().await.unwrap().status()
    }
}

fn claims() -> [(&'static str, &'static str); 3] {
    [("given_name", "Anna Maria"), ("family_name", "Eriksson"), ("birthdate", "1974-08-12")]
}

pub(super) fn outcomes(found: &Value) -> Vec<(String, String, Vec<String>)> {
    let checks = found["reports"][0]["checks"].as_array().unwrap_or_else(|| panic!("no report: {found}"));
    let reasons = |check: &Value| {
        let reasons = check["reasons"].as_array().unwrap();
        reasons.iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
    };
    let required = checks.iter().filter(|check| check["required"] == true);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    required.map(|check| (text(&check["name"]), text(&check["outcome"]), reasons(check))).collect()
}

/// A person, their browser, and what they are to show.
pub(super) struct Shower<'a> {
    place: &'a Place,
    pub(super) id: String,
    pub(super) browser: Browser,
    pub(super) csrf: String,
}

impl Shower<'_> {
    pub(super) async fn ask(&mut self) -> StatusCode {
        let csrf = self.csrf.clone();
        self.browser.post("/v/session/presentation", &[("csrf", &csrf)]).await.status()
    }

    pub(super) async fn until(&self, state: &str) -> String {
        let begun = Instant::now();
        loop {
            let (_, page) = self.browser.get("/v/session").await;
            if page.contains(&format!("data-presentation=\"{state}\"")) {
                return page;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "not {state}: {page}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(super) async fn ends(&self, state: &str) -> Value {
        self.place.until(&self.id, &[state]).await
    }

    pub(super) async fn assert_trail(&self, expected: &[&str]) {
        let mut tx = self.place.ipse().store.read(&self.place.organization).await.unwrap();
        let events = tx.events(&self.id, 0).await.unwrap();
        let said: String = events.iter().map(|event| event.data.to_lowercase()).collect();
        for personal in ["eriksson", "anna", "openid", "1974", "did:"] {
            assert!(!said.contains(personal), "{personal} in {said}");
        }
        let about = events.iter().filter_map(|event| event.kind.strip_prefix("verification.presentation_"));
        assert_eq!(about.collect::<Vec<_>>(), expected);
    }
}

on_both!(a_credential_is_shown_instead_of_a_document, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({ "face_check": {} })).await;
    let (_, link) = place.open("badge").await;
    let (_, invitation) = Browser::new(&place).get(&link).await;
    assert!(invitation.contains(CREDENTIAL) && !invitation.contains("A photo of your identity document"));

    let mut person = verifier.person().await;
    let page = person.until("none").await;
    assert!(page.contains(CREDENTIAL) && verifier.issuer.there.presentation_requests().is_empty(), "only when wanted");
    assert_eq!(person.browser.get("/v/session/presentation.svg").await.0, 404);
    assert_eq!(person.ask().await, 303);
    assert_eq!(person.ask().await, 303, "two clicks are one");
    let page = person.until("offered").await;
    assert!(page.contains("data-live=") && !page.contains("openid"), "another device scans it");
    let (status, code) = person.browser.get("/v/session/presentation.svg").await;
    assert!(status == 200 && code.starts_with("<?xml"), "{code}");

    // What left this server.
    let sent = verifier.issuer.there.presentation_requests();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["callback"]["url"], format!("{}/entra/presented", place.base));
    assert_eq!(sent[0]["registration"], json!({ "clientName": "Utopia", "purpose": "Reset a password" }));
    assert_eq!(sent[0]["includeReceipt"], false);
    assert_eq!(sent[0]["requestedCredentials"][0]["acceptedIssuers"], json!([AUTHORITY]));
    let about_them = sent[0].to_string();
    assert!(!about_them.contains("Eriksson") && !about_them.contains("1974"), "nobody is named");

    let (_, shown) = verifier.open().await;
    assert!(shown.contains("Reset a password") && shown.contains("Your face") && !shown.contains("Nobody"));
    person.until("retrieved").await;
    assert_eq!(verifier.present().await, 200);
    let found = person.ends("succeeded").await;
    assert!(outcomes(&found).iter().all(|(_, outcome, _)| outcome == "pass"), "{found}");
    assert_eq!(outcomes(&found).len(), 8, "{found}");
    assert_eq!(found["assurance"], json!({ "level": 1, "evidence": "credential", "pathway": "none" }));
    assert_eq!(found["facts"]["identity"]["family_name"], "Eriksson");
    let (_, page) = person.browser.get("/v/session").await;
    assert!(!page.contains("data-presentation"));
    assert_eq!(person.ask().await, 409);
    person.assert_trail(&["requested", "retrieved", "verified"]).await;
});

on_both!(on_a_phone_the_link_opens_the_wallet, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    let mut person = verifier.person().await;
    person.browser = person.browser.on_phone();
    assert_eq!(person.ask().await, 303);
    let page = person.until("offered").await;
    let link = verifier.issuer.there.presentation_links().remove(0);
    assert!(link.starts_with("openid-vc://") && page.contains(&format!("href=\"{link}\"")), "{page}");
    assert!(!page.contains("presentation.svg"));
    assert_eq!(verifier.present().await, 200);
    person.ends("succeeded").await;
});

on_both!(what_the_service_lets_through_is_looked_at_again, |place: Place| async move {
    let change =
        json!({ "face_check": { "threshold": 80 }, "constraints": [{ "claim": "given_name", "starts_with": "anna" }] });
    let verifier = Verifier::new(&place, change).await;
    let there = verifier.issuer.there;
    let other = json!({ "given_name": "Anna Maria", "family_name": "Larsson", "birthdate": "1974-08-12" });
    let unmet = json!({ "given_name": "Maria", "family_name": "Eriksson", "birthdate": "1974-08-12" });
    let born = json!({ "given_name": "Anna Maria", "family_name": "Eriksson", "birthdate": "1974-08-13" });
    let table = [
        (json!({ "issuer": "did:web:elsewhere.example" }), "failed", "credential_issuer_not_accepted"),
        (json!({ "type": ["VerifiableCredential", "Other"] }), "failed", "credential_type_differs"),
        (json!({ "credentialState": { "revocationStatus": "REVOKED" } }), "failed", "credential_revoked"),
        (
            json!({ "credentialState": { "revocationStatus": "RESTING" } }),
            "pending_review",
            "credential_status_unknown",
        ),
        (json!({ "credentialState": null }), "pending_review", "credential_status_unknown"),
        (json!({ "domainValidation": null }), "failed", "credential_domain_not_linked"),
        (json!({ "expirationDate": "2020-01-01T00:00:00Z" }), "failed", "credential_expired"),
        (json!({ "expirationDate": null }), "pending_review", "credential_expiry_not_stated"),
        (json!({ "faceCheck": { "matchConfidenceScore": 79.9 } }), "failed", "credential_face_mismatch"),
        (json!({ "faceCheck": null }), "failed", "credential_face_not_checked"),
        (json!({ "claims": unmet }), "failed", "credential_constraint_not_met"),
        (json!({ "claims": other }), "failed", "name_mismatch"),
        (json!({ "claims": born }), "failed", "birthdate_mismatch"),
    ];
    for (told, state, reason) in table {
        there.say_of_credentials(Some(told.clone()));
        let person = verifier.asked().await;
        assert_eq!(verifier.present().await, 200);
        let found = person.ends(state).await;
        let codes: Vec<&str> =
            found["reasons"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        assert!(codes.contains(&reason), "{told}: {codes:?}");
        assert_eq!(found["assurance"], Value::Null);
    }
    // Something that is not the one credential that was asked for.
    there.say_of_credentials(None);
    for data in [json!([]), json!(null), json!([{}, {}]), json!("x")] {
        let person = verifier.asked().await;
        let (state, key) = verifier.sent();
        let body = json!({ "requestStatus": "presentation_verified", "state": state, "verifiedCredentialsData": data });
        assert_eq!(verifier.tell(Some(&key), body.to_string().into_bytes()).await, 200);
        assert_eq!(person.ends("failed").await["reasons"][0]["code"], "credential_not_presented", "{data}");
    }
    let person = verifier.asked().await;
    assert_eq!(verifier.present().await, 200);
    person.ends("succeeded").await;
});

on_both!(anybody_s_word_is_worth_nothing, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({ "accepted_issuers": "any" })).await;
    let person = verifier.asked().await;
    assert_eq!(verifier.present().await, 200);
    assert_eq!(person.ends("succeeded").await["assurance"]["level"], 0);
    for nobody in [json!([]), json!(null), json!("all")] {
        let policy = json!({ "credential": CREDENTIAL, "accepted_issuers": nobody });
        let rules = json!({ "document_kinds": [], "name_rule": "none", "selfie_required": false, "liveness_required": false,
            "presentation": policy });
        let (status, refused) = place.post("/v1/journeys", &json!({ "key": "x", "name": "x", "rules": rules })).await;
        assert!(status == 422 || status == 400, "{nobody}: {refused}");
    }
});

on_both!(what_the_wallet_cannot_show_can_be_tried_again, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({ "face_check": {} })).await;
    let there = verifier.issuer.there;
    // The service says no by itself; the person tries again with better light.
    there.face(Some(12.0));
    let mut person = verifier.asked().await;
    assert_eq!(verifier.present().await, 200);
    assert!(person.until("failed").await.contains("could not match your face"));
    there.face(None);
    assert_eq!(person.ask().await, 303);
    person.until("offered").await;
    assert_eq!(verifier.present().await, 200);
    person.ends("succeeded").await;
    person.assert_trail(&["requested", "retrieved", "failed", "requested", "retrieved", "verified"]).await;

    // Each error has its words; with the last try it has an end.
    let mut person = verifier.asked().await;
    let face = "Match confidence score failing to meet the threshold.";
    for (code, message, said) in [
        ("claimValidationError", face, "could not match your face"),
        ("claimValidationError", "Revoked.", "does not say what is asked for"),
        ("new", "Anna Maria Eriksson", "could not show your credential"),
        ("", "", "could not show your credential"),
    ] {
        let (state, key) = verifier.sent();
        let error = json!({ "code": code, "message": message });
        let told = json!({ "requestStatus": "presentation_error", "state": state, "error": error });
        assert_eq!(verifier.tell(Some(&key), told.to_string().into_bytes()).await, 200);
        assert!(person.until("failed").await.contains(said), "{code} {message}");
        assert_eq!(person.ask().await, 303);
        person.until("offered").await;
    }
    let (state, key) = verifier.sent();
    assert_eq!(verifier.tell(Some(&key), body(&state, "presentation_error")).await, 200);
    assert_eq!(person.ends("failed").await["reasons"][0]["code"], "credential_not_presented");

    // What is revoked is not let through at all.
    there.revoke_all();
    let person = verifier.asked().await;
    assert_eq!(verifier.present().await, 200);
    person.until("failed").await;
});

on_both!(a_service_that_cannot_ask_has_its_ending, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    let there = verifier.issuer.there;
    let mut person = verifier.person().await;
    for (status, code, said) in [(503, "serviceUnavailable", "does not answer"), (403, "forbidden", "has to mend")] {
        there.refuse(Some(Refusal { status, code, inner: None }));
        assert_eq!(person.ask().await, 303);
        let page = person.until("failed").await;
        assert!(page.contains(said) && page.contains("action=\"/v/session/presentation\""), "{page}");
    }
    there.refuse(None);
    there.end_tokens();
    assert_eq!(person.ask().await, 303);
    person.until("offered").await;

    // A request that runs out is renewed; the old one is of no use.
    let link = there.presentation_links().pop().unwrap();
    verifier.issuer.pass(OFFER_SECONDS + 1);
    assert!(person.until("expired").await.contains("action=\"/v/session/presentation\""));
    assert_eq!(verifier.issuer.wallet("open", &[("link", &link)]).await.0, 410);
    assert_eq!(person.ask().await, 303);
    person.until("offered").await;
    assert_eq!(verifier.present().await, 200);
    person.ends("succeeded").await;

    // Ten times are enough.
    there.refuse(Some(Refusal { status: 503, code: "serviceUnavailable", inner: None }));
    let mut person = verifier.person().await;
    for _ in 0..10 {
        assert_eq!(person.ask().await, 303);
        person.until("failed").await;
    }
    assert_eq!(person.ask().await, 409);
    let page = person.until("failed").await;
    assert!(page.contains("too often") && !page.contains("action=\"/v/session/presentation\""), "{page}");
    there.refuse(None);
    there.tell(Manner::Once);
});

on_both!(the_console_leaves_what_is_to_be_presented_as_it_is, |place: Place| async move {
    let _verifier = Verifier::new(&place, json!({ "face_check": { "threshold": 80 } })).await;
    let before = place.get("/v1/journeys/badge").await.1["rules"]["presentation"].clone();
    assert_eq!(before["face_check"]["threshold"], 80);
    let mut admin = place.sign_in(Role::Admin).await;
    assert!(admin.get("/console/journeys").await.1.contains(&format!("Verified ID {CREDENTIAL}")));
    let form = [
        ("name", "Badge of another name"),
        ("name_rule", "exact"),
        ("review_policy", "never"),
        ("link_lifetime_minutes", "15"),
        ("verification_lifetime_minutes", "30"),
        ("result_lifetime_minutes", "30"),
        ("max_attempts", "4"),
        ("min_contact_age_days", "0"),
        ("images_hours", "24"),
        ("facts_days", "30"),
        ("template_days", "0"),
    ];
    let page = "/console/journeys/badge";
    assert_eq!(admin.submit(page, page, &form).await.status(), 303);
    let after = place.get("/v1/journeys/badge").await.1;
    assert_eq!((&after["version"], &after["rules"]["presentation"]), (&json!(2), &before));
    // A document beside it is refused, not left out.
    let with_document = [&form[..], &[("document_kinds", "passport")]].concat();
    assert_eq!(admin.submit(page, page, &with_document).await.status(), 422);
});
