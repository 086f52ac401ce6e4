//! Codes and what is issued for them.

use super::{CALLBACK, Party, Person, authorize, claims, picture};
use crate::support::{Place, employee, on_both, read};
use jiff::SignedDuration;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

async fn code(party: &Party<'_>) -> String {
    let mut person = Person::arrive(party, &[]).await;
    person.begin().await;
    person.show(picture()).await;
    person.back().await.get("code").unwrap().to_owned()
}

async fn userinfo(place: &Place, token: &str) -> (u16, Value) {
    let url = format!("{}/oauth2/userinfo", place.base);
    let (status, body) = read(place.client.get(url).bearer_auth(token).send().await.unwrap()).await;
    (status.as_u16(), body)
}

on_both!(case_26_a_code_that_comes_again_revokes_what_was_issued, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let code = code(&okta).await;
    let (status, tokens) = okta.redeem(&code, &[]).await;
    assert_eq!(status, 200);
    let token = tokens["access_token"].as_str().unwrap().to_owned();
    assert_eq!(userinfo(&place, &token).await, (200, json!({ "sub": "00uAda" })));
    let (status, again) = okta.redeem(&code, &[]).await;
    assert_eq!((status.as_u16(), again["error"].as_str()), (400, Some("invalid_grant")));
    let (status, body) = userinfo(&place, &token).await;
    assert_eq!((status, body["error"].as_str()), (401, Some("invalid_token")), "it was revoked");
    let (_, found) = place.get("/v1/verifications").await;
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let id = found["data"][0]["id"].as_str().unwrap();
    assert!(tx.events(id, 0).await.unwrap().iter().any(|event| event.kind == "oidc.code_reused"));
});

on_both!(of_two_redemptions_at_once_one_succeeds, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let code = code(&okta).await;
    let (one, two, three) = tokio::join!(okta.redeem(&code, &[]), okta.redeem(&code, &[]), okta.redeem(&code, &[]));
    let mut statuses = [one.0.as_u16(), two.0.as_u16(), three.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400]);
    let token = [one.1, two.1, three.1].into_iter().find_map(|body| body["access_token"].as_str().map(str::to_owned));
    assert_eq!(userinfo(&place, &token.unwrap()).await.0, 401, "and is void, since a thief may have been among them");
});

on_both!(case_27_a_code_lives_a_minute, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let (first, second) = (code(&okta).await, code(&okta).await);
    place.clock.advance(SignedDuration::from_secs(50));
    assert_eq!(okta.redeem(&first, &[]).await.0, 200);
    place.clock.advance(SignedDuration::from_secs(11));
    let (status, body) = okta.redeem(&second, &[]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_grant")));
});

on_both!(case_28_to_30_wrong_verifier_place_or_client, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let other = Party::okta(&place, json!({})).await;
    let code = code(&okta).await;
    for (change, expected) in [
        (("code_verifier", "x".repeat(43)), (400, "invalid_grant")),
        (("code_verifier", String::new()), (400, "invalid_grant")),
        (("redirect_uri", format!("{CALLBACK}?x=1")), (400, "invalid_grant")),
        (("code", "x".repeat(43)), (400, "invalid_grant")),
        (("client_secret", "wrong".to_owned()), (401, "invalid_client")),
        (("client_secret", other.secret.clone()), (401, "invalid_client")),
    ] {
        let (status, body) = okta.redeem(&code, &[(change.0, change.1.as_str())]).await;
        assert_eq!((status.as_u16(), body["error"].as_str()), (expected.0, Some(expected.1)), "{}", change.0);
    }
    let (status, body) = other.redeem(&code, &[]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_grant")));
    let url = format!("{}/oauth2/token", place.base);
    let answer = place.client.post(&url).form(&[("grant_type", "authorization_code")]).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["cache-control"], "no-cache, no-store");
    // None of this used the code up.
    assert_eq!(okta.redeem(&code, &[]).await.0, 200);
});

on_both!(case_37_two_secrets_live_while_one_replaces_the_other, |place: Place| async move {
    let mut okta = Party::okta(&place, json!({})).await;
    let rotate = async || {
        let (status, rotated) = place.post(&format!("/v1/clients/{}/rotate-secret", okta.id), &json!({})).await;
        assert_eq!((status.as_u16(), rotated["secrets"].as_array().unwrap().len()), (200, 2));
        rotated["client_secret"].as_str().unwrap().to_owned()
    };
    let second = rotate().await;
    for secret in [okta.secret.as_str(), second.as_str()] {
        assert_eq!(okta.push(&[("client_secret", secret)]).await.0, 201);
    }
    let third = rotate().await;
    assert_eq!(okta.push(&[]).await.0, 401, "the one before the last is gone");
    place.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(okta.push(&[("client_secret", &second)]).await.0, 401);
    okta.secret = third;
    assert_eq!(okta.push(&[]).await.0, 201);
});

on_both!(userinfo_is_for_whoever_holds_a_living_token, |place: Place| async move {
    let more = json!({
        "profile": "oidc-basic", "name": "Portal", "scopes": ["profile", "identity_assurance"],
        "claims_values": "values", "auth_methods": ["client_secret_post", "client_secret_basic"], "name_rule": "exact",
    });
    let portal = Party::new(&place, json!({}), more).await;
    let family = employee().person.family_name;
    let asked = claims(json!({ "family_name": { "value": family } }));
    let mut fields = portal.fields();
    fields.insert("claims".into(), asked);
    let (status, pushed) = portal.push_form(&fields).await;
    assert_eq!(status, 201, "{pushed}");
    let opened = format!("{}&client_id={}", authorize(pushed["request_uri"].as_str().unwrap()), portal.id);
    let mut person = Person::arrive_with(&place, &opened).await;
    person.begin().await;
    person.show(picture()).await;
    let code = person.back().await.get("code").unwrap().to_owned();
    let (status, tokens) = portal.redeem(&code, &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let said = portal.claims_of(tokens["id_token"].as_str().unwrap(), Algorithm::RS256).await;
    assert_eq!(said["verified_claims"]["claims"]["family_name"], json!(family));
    let token = tokens["access_token"].as_str().unwrap();
    let (status, body) = userinfo(&place, token).await;
    assert_eq!((status, &body["sub"]), (200, &json!("00uAda")));
    assert!(body["family_name"].as_str().unwrap().eq_ignore_ascii_case(&family), "as it stands in the document");
    for wrong in ["", "x", &code, &place.key] {
        assert_eq!(userinfo(&place, wrong).await.0, 401);
    }
    let bare = place.client.get(format!("{}/oauth2/userinfo", place.base)).send().await.unwrap();
    assert!(bare.headers()["www-authenticate"].to_str().unwrap().starts_with("Bearer"));
    let reader = place.client.get(format!("{}/v1/verifications", place.base)).bearer_auth(token);
    assert_eq!(reader.send().await.unwrap().status(), 401, "it opens nothing of the API");
    // What was proven is forgotten, and the token with it.
    let id = &person.verification;
    assert_eq!(place.post(&format!("/v1/verifications/{id}/redact"), &json!({})).await.0, 200);
    assert_eq!(userinfo(&place, token).await.0, 401);
});
