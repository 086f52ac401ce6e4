//! What a relying party is told when faces are looked at: the same person by face alone, with a renewed passport, and
//! somebody else with a genuine one.

use super::{Party, Person, another_passport, claims, picture, told};
use crate::faces::{Face, OTHER, SELF, drawn};
use crate::support::{PASSPORT, Place, on_both, token};
use ipse_sandbox::specimen::performance::Performer;
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value, json};

/// Okta with a journey of document and face, of which the face is kept, and one of the face alone.
async fn okta(place: &Place) -> Party<'_> {
    let face = json!({ "document_kinds": [], "selfie_required": true, "liveness_required": true, "name_rule": "none" });
    place.journey("face", face).await;
    let rules = json!({ "selfie_required": true, "liveness_required": true, "keep_template_days": 30 });
    Party::new(place, rules, json!({ "journeys": { "idv_flow_face": "face" } })).await
}

/// Shows a passport, unless the journey wants none, and the face; returns the verification as it was judged.
pub(super) async fn shown(person: &Person<'_>, passport: Option<Vec<u8>>, face: u64) -> Value {
    let keep = passport.is_some();
    if let Some(passport) = passport {
        let (_, taken) = person.browser.picture(PASSPORT, passport).await;
        assert_eq!(taken["accepted"], true, "{taken}");
    }
    let answer = Face::new(person.place, &person.browser).await.perform(Performer::Person(face), keep).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    person.place.until(&person.verification, &["succeeded", "failed", "pending_review", "requires_input"]).await
}

/// The whole way; what the ID token says.
async fn prove(okta: &Party<'_>, change: &[(&str, &str)], passport: Option<Vec<u8>>, face: u64) -> Map<String, Value> {
    let mut person = Person::arrive(okta, change).await;
    person.begin().await;
    let found = shown(&person, passport, face).await;
    assert_eq!(found["status"], "succeeded", "{}", found["reasons"]);
    let (status, tokens) = okta.redeem(person.back().await.get("code").unwrap(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    okta.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await
}

on_both!(a_stranger_who_was_told_as_failed_leaves_no_face_behind, drawn, |place: Place| async move {
    let okta = okta(&place).await;
    // Whoever begins recovery for somebody else shows a genuine document, which is not in that person's name.
    let other = json!({ "value": "Somebody", "fuzzy": false });
    let asked = claims(json!({ "given_name": other }));
    let said = prove(&okta, &[("claims", &asked)], Some(another_passport("X00000004", OTHER)), OTHER).await;
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null));
    let (_, found) = place.get("/v1/verifications").await;
    let enrolment = format!("/v1/subjects/{}/enrolment", found["data"][0]["subject"].as_str().unwrap());
    assert_eq!(place.get(&enrolment).await.0, 404);
    assert_eq!(told(&prove(&okta, &[], Some(picture()), SELF).await, "given_name").0, "VERIFIED");
    assert_eq!(place.get(&enrolment).await.0, 200);
});

on_both!(the_face_alone_a_renewed_passport_and_a_namesake, drawn, |place: Place| async move {
    let okta = okta(&place).await;
    assert_eq!(told(&prove(&okta, &[], Some(picture()), SELF).await, "given_name").0, "VERIFIED");
    // By the face alone, what was read with it is proven again.
    let by_face = [("scope", "openid profile identity_assurance idv_flow_face")];
    let said = prove(&okta, &by_face, None, SELF).await;
    assert_eq!(told(&said, "given_name"), ("VERIFIED", &json!("MATCHED")));
    // A new passport and the same face; from now on it is the passport that the person is known by.
    let renewed = another_passport("X00000002", SELF);
    assert_eq!(told(&prove(&okta, &[], Some(renewed), SELF).await, "given_name").0, "VERIFIED");
    // A namesake has neither, and a reviewer looks.
    let mut namesake = Person::arrive(&okta, &[]).await;
    namesake.begin().await;
    let found = shown(&namesake, Some(another_passport("X00000003", OTHER)), OTHER).await;
    let codes: Vec<&str> =
        found["reasons"].as_array().unwrap().iter().filter_map(|reason| reason["code"].as_str()).collect();
    assert_eq!(found["status"], "pending_review");
    assert!(codes.contains(&"document_not_the_known_one") && codes.contains(&"face_not_the_enrolled_one"), "{codes:?}");
    // The passport that is known, with another face on it: the enrolled one decides alone.
    let mut forger = Person::arrive(&okta, &[]).await;
    forger.begin().await;
    let csrf = token(&forger.browser.get("/v/session?document_kind=passport").await.1);
    let found = shown(&forger, Some(another_passport("X00000002", OTHER)), OTHER).await;
    let codes: Vec<&str> =
        found["reasons"].as_array().unwrap().iter().filter_map(|reason| reason["code"].as_str()).collect();
    assert_eq!((&found["status"], codes), (&json!("pending_review"), vec!["face_not_the_enrolled_one"]));
    // Nor may they take back a consent that was another's.
    let enrolment = format!("/v1/subjects/{}/enrolment", found["subject"].as_str().unwrap());
    let taken_back = forger.browser.post("/v/session/withdraw-consent", &[("csrf", &csrf)]).await;
    assert_eq!(taken_back.status(), 404);
    assert_eq!(place.get(&enrolment).await.0, 200);
});
