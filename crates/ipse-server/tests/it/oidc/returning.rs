//! Who signs in through a browser that says nobody's name, as Salesforce sends them, and comes back another day: found by
//! the document, and believed by the face.

use super::faces::shown;
use super::{CALLBACK, Party, Person, another_passport, challenge, picture};
use crate::faces::{Face, OTHER, SELF, drawn};
use crate::support::{PASSPORT, Place, employee, on_both, token};
use ipse_core::Private;
use ipse_core::document::DocumentFacts;
use ipse_core::organization::Role;
use ipse_sandbox::specimen::performance::Performer;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

/// A client as Salesforce is one, with a journey of these rules.
async fn salesforce(place: &Place, rules: Value) -> Party<'_> {
    let client = json!({ "profile": "oidc-basic", "name": "Salesforce", "auth_methods": ["client_secret_post"] });
    Party::new(place, rules, client).await
}

/// A browser that Salesforce sends, and that begins.
async fn sent<'a>(party: &Party<'a>) -> Person<'a> {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &party.id)
        .append_pair("response_type", "code")
        .append_pair("scope", "openid ipse")
        .append_pair("redirect_uri", CALLBACK)
        .append_pair("state", "state of the browser")
        .append_pair("code_challenge", &challenge())
        .append_pair("code_challenge_method", "S256")
        .finish();
    let mut person = Person::arrive_with(party.place, &format!("/oauth2/authorize?{query}")).await;
    person.begin().await;
    person
}

/// Goes back; the `sub` that the client is told.
async fn told(party: &Party<'_>, mut person: Person<'_>) -> String {
    let back = person.back().await;
    let (status, tokens) = party.redeem(back.get("code").unwrap(), &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = party.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    claims["sub"].as_str().unwrap().to_owned()
}

/// The whole way with a passport and a face.
async fn signs_in(party: &Party<'_>, passport: Vec<u8>, face: u64) -> String {
    let person = sent(party).await;
    let found = shown(&person, Some(passport), face).await;
    assert_eq!(found["status"], "succeeded", "{}", found["reasons"]);
    told(party, person).await
}

/// Whom the verification is of, as the API says it.
async fn subject_of(person: &Person<'_>) -> Value {
    person.place.get(&format!("/v1/verifications/{}", person.verification)).await.1["subject"].clone()
}

fn codes(found: &Value) -> Vec<&str> {
    found["reasons"].as_array().unwrap().iter().filter_map(|reason| reason["code"].as_str()).collect()
}

async fn approve(person: &Person<'_>) {
    let mut reviewer = person.place.sign_in(Role::Reviewer).await;
    let case = format!("/console/reviews/{}", person.verification);
    let form = [("decision", "approve"), ("reason", "same_person"), ("note", "")];
    assert_eq!(reviewer.submit(&case, &case, &form).await.status(), 303);
    person.place.until(&person.verification, &["succeeded"]).await;
}

fn with_face() -> Value {
    json!({ "selfie_required": true, "liveness_required": true, "keep_template_days": 30 })
}

on_both!(who_comes_back_is_the_same_person, drawn, |place: Place| async move {
    let salesforce = salesforce(&place, with_face()).await;
    let first = signs_in(&salesforce, picture(), SELF).await;
    assert_eq!(signs_in(&salesforce, picture(), SELF).await, first);
    let other = signs_in(&salesforce, another_passport("X00000005", OTHER), OTHER).await;
    assert_ne!(other, first);
    assert_eq!(signs_in(&salesforce, picture(), SELF).await, first);
    let (_, subjects) = place.get("/v1/subjects").await;
    assert_eq!(subjects["data"].as_array().unwrap().len(), 2, "nobody is left of the sign-ins in between");
    // What was recorded says when it was known who it is.
    let person = sent(&salesforce).await;
    assert_ne!(subject_of(&person).await, json!(first));
    shown(&person, Some(picture()), SELF).await;
    assert_eq!(subject_of(&person).await, json!(first));
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let events = tx.events(&person.verification, 0).await.unwrap();
    assert!(events.iter().any(|event| event.kind == "verification.recognised"));
});

on_both!(the_document_of_somebody_is_not_enough, drawn, |place: Place| async move {
    let salesforce = salesforce(&place, with_face()).await;
    signs_in(&salesforce, another_passport("X00000006", SELF), SELF).await;
    // A passport that says the same, with another face on it and before the camera.
    let mut forger = sent(&salesforce).await;
    let victim = place.get("/v1/subjects").await.1["data"][1]["id"].as_str().unwrap().to_owned();
    let csrf = token(&forger.browser.get("/v/session?document_kind=passport").await.1);
    let found = shown(&forger, Some(another_passport("X00000006", OTHER)), OTHER).await;
    assert_eq!(found["status"], "pending_review");
    assert_eq!(codes(&found), ["document_used_by_another", "face_not_the_enrolled_one"]);
    assert_ne!(found["subject"], json!(victim));
    let taken_back = forger.browser.post("/v/session/withdraw-consent", &[("csrf", &csrf)]).await;
    assert_eq!(taken_back.status(), 404);
    assert_eq!(place.get(&format!("/v1/subjects/{victim}/enrolment")).await.0, 200, "it is not theirs to take back");
    let here = forger.here.clone();
    assert_eq!(forger.browser.go(&here).await.status(), 200, "nothing is told");
});

/// Shows a passport and the face, which may not be kept.
async fn unkept(person: &Person<'_>) -> Value {
    assert_eq!(person.browser.picture(PASSPORT, picture()).await.1["accepted"], true);
    let answer = Face::new(person.place, &person.browser).await.perform(Performer::Person(SELF), false).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    person.place.until(&person.verification, &["succeeded", "pending_review"]).await
}

on_both!(where_no_face_is_kept_a_reviewer_says_who_comes_back, drawn, |place: Place| async move {
    let salesforce = salesforce(&place, with_face()).await;
    let person = sent(&salesforce).await;
    assert_eq!(unkept(&person).await["status"], "succeeded");
    let first = told(&salesforce, person).await;
    let person = sent(&salesforce).await;
    let found = unkept(&person).await;
    assert_eq!((&found["status"], codes(&found)), (&json!("pending_review"), vec!["document_used_by_another"]));
    assert_ne!(found["subject"], json!(first), "nobody believed it yet");
    approve(&person).await;
    assert_eq!(subject_of(&person).await, json!(first));
    assert_eq!(told(&salesforce, person).await, first);
});

on_both!(of_two_first_times_at_once_one_is_told, drawn, |place: Place| async move {
    let salesforce = salesforce(&place, with_face()).await;
    let (one, mut two) = (sent(&salesforce).await, sent(&salesforce).await);
    unkept(&one).await;
    assert_eq!(unkept(&two).await["status"], "pending_review", "the document is another one's");
    approve(&two).await;
    let first = told(&salesforce, one).await;
    let back = two.back().await;
    assert_eq!((back.get("code"), back.get("error")), (None, Some("access_denied")), "it would be a second person");
    let again = sent(&salesforce).await;
    unkept(&again).await;
    approve(&again).await;
    assert_eq!(told(&salesforce, again).await, first);
});

on_both!(a_document_that_nobody_held_beside_their_face_finds_nobody, |place: Place| async move {
    let salesforce = salesforce(&place, json!({})).await;
    let mut person = sent(&salesforce).await;
    assert_eq!(person.show(picture()).await["status"], "succeeded");
    let first = told(&salesforce, person).await;
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let facts = DocumentFacts {
        issuing_state: Some(Private::new("UTO".into())),
        document_number: Some(Private::new(employee().person.document_number)),
        ..DocumentFacts::default()
    };
    assert_eq!(tx.subject_found_by(&facts).await.unwrap(), None);
    drop(tx);
    person = sent(&salesforce).await;
    person.show(picture()).await;
    approve(&person).await;
    assert_ne!(told(&salesforce, person).await, first);
});
