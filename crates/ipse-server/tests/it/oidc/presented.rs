//! A Verified ID as the evidence for a relying party that says whom it means: nothing in a credential could be known again as
//! a document is, so it speaks for that person by the name, or for nobody.

use super::{Party, Person, told};
use crate::entra::presented::Verifier;
use crate::support::{Place, on_both, token};
use ipse_sandbox::entra::{AUTHORITY, CREDENTIAL};
use jsonwebtoken::Algorithm;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The whole way with a credential: how the verification ended, and what the ID token says.
async fn prove(verifier: &Verifier<'_>, party: &Party<'_>) -> (Value, Map<String, Value>) {
    let place = party.place;
    let mut person = Person::arrive(party, &[]).await;
    person.begin().await;
    let csrf = token(&person.browser.get("/v/session").await.1);
    assert_eq!(person.browser.post("/v/session/presentation", &[("csrf", &csrf)]).await.status(), 303);
    for turn in 0.. {
        assert!(turn < 3_000, "nothing is offered");
        if person.browser.get("/v/session").await.1.contains("data-presentation=\"offered\"") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(verifier.present().await, 200);
    let ended = place.until(&person.verification, &["succeeded", "failed"]).await;
    let code = person.back().await.get("code").unwrap().to_owned();
    let (status, tokens) = party.redeem(&code, &[]).await;
    assert_eq!(status, 200, "{tokens}");
    (ended, party.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await)
}

on_both!(a_credential_speaks_for_whom_the_client_means_by_the_name, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    let policy = json!({ "credential": CREDENTIAL, "accepted_issuers": [AUTHORITY],
        "claims": { "given_name": "given_name", "family_name": "family_name" } });
    let mut rules = json!({ "document_kinds": [], "name_rule": "exact", "presentation": policy });
    place.journey("recover", rules.clone()).await;
    let okta = Party::okta(&place, json!({})).await;
    let (ended, said) = prove(&verifier, &okta).await;
    assert_eq!((&ended["status"], &ended["assurance"]["level"]), (&json!("succeeded"), &json!(1)), "{ended}");
    assert_eq!(told(&said, "given_name").0, "VERIFIED");

    // Somebody else's, which is as good a credential.
    let other = json!({ "given_name": "Lars", "family_name": "Larsson", "birthdate": "1974-08-12" });
    verifier.say(Some(json!({ "claims": other })));
    let (ended, said) = prove(&verifier, &okta).await;
    assert_eq!(ended["reasons"][0]["code"], "name_mismatch", "{ended}");
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null));

    // Where the journey itself asks for no name it succeeds, and still speaks for nobody but whom it names.
    rules["name_rule"] = json!("none");
    place.journey("unnamed", rules).await;
    let unnamed = json!({ "journey": "unnamed", "scopes": ["profile", "identity_assurance"] });
    let okta = Party::registered(&place, unnamed).await;
    let (ended, said) = prove(&verifier, &okta).await;
    assert_eq!(ended["status"], "succeeded", "{ended}");
    assert_eq!(told(&said, "given_name"), ("FAILED", &Value::Null));
    verifier.say(None);
    assert_eq!(told(&prove(&verifier, &okta).await.1, "given_name").0, "VERIFIED");
});
