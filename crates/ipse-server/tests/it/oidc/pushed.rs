//! Pushed requests.

use super::{Party, claims};
use crate::support::{Place, on_both, read};
use serde_json::{Value, json};
use std::collections::BTreeMap;

async fn par(place: &Place, kind: &str, body: String) -> (reqwest::StatusCode, Value) {
    let request = place.client.post(format!("{}/oauth2/par", place.base)).header("content-type", kind);
    read(request.body(body).send().await.unwrap()).await
}

on_both!(case_01_02_by_form_and_by_json, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let fields = okta.fields();
    let request = place.client.post(format!("{}/oauth2/par", place.base)).form(&fields);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["cache-control"], "no-cache, no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.headers().contains_key("ratelimit"));
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
    let body: BTreeMap<String, Value> = answer.json().await.unwrap();
    assert_eq!(body.keys().collect::<Vec<_>>(), ["expires_in", "request_uri"]);
    assert!(body["request_uri"].as_str().unwrap().starts_with("urn:ietf:params:oauth:request_uri:"));
    assert_eq!(body["expires_in"], 60);

    assert_eq!(par(&place, "application/json", json!(fields).to_string()).await.0, 201);
    let mut nested = json!(fields);
    nested["claims"] = serde_json::from_str(&fields["claims"]).unwrap();
    assert_eq!(par(&place, "application/json; charset=utf-8", nested.to_string()).await.0, 201);
    let basic = place.client.post(format!("{}/oauth2/par", place.base)).basic_auth(&okta.id, Some(&okta.secret));
    let mut without = fields.clone();
    without.retain(|name, _| !name.starts_with("client_"));
    assert_eq!(basic.form(&without).send().await.unwrap().status(), 401, "posted secrets only, unless said otherwise");
});

on_both!(case_03_04_a_wrong_secret_and_an_unknown_client_look_alike, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let wrong = okta.push(&[("client_secret", "wrong")]).await;
    assert_eq!((wrong.0.as_u16(), wrong.1["error"].as_str()), (401, Some("invalid_client")));
    for id in ["cli_00000000000000000000000000", "nobody", "\u{0}", "key_00000000000000000000000000"] {
        assert_eq!(okta.push(&[("client_id", id)]).await, wrong, "{id}");
    }
    let url = format!("{}/oauth2/par", place.base);
    let basic = place.client.post(url).basic_auth("nobody", Some("wrong")).form(&[("scope", "openid")]);
    let answer = basic.send().await.unwrap();
    assert_eq!(answer.headers()["www-authenticate"], "Basic realm=\"oauth2\"");
    assert_eq!(read(answer).await, wrong);
});

on_both!(case_05_to_08_11_12_what_may_not_be_asked_for, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    for (change, error) in [
        (("redirect_uri", "https://example.okta.com/idp/identity-verification/callback/"), "invalid_request"),
        (("redirect_uri", "https://evil.example/callback"), "invalid_request"),
        (("redirect_uri", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("request_uri", "urn:ietf:params:oauth:request_uri:x"), "invalid_request"),
        (("scope", "profile"), "invalid_scope"),
        (("scope", "openid idv_flow_nobody"), "invalid_scope"),
        (("claims", "{"), "invalid_request"),
        (("claims", "[]"), "invalid_request"),
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", "code id_token"), "unsupported_response_type"),
        (("prompt", "none"), "interaction_required"),
        (("request", "e30.e30."), "request_not_supported"),
    ] {
        let (status, body) = okta.push(&[change]).await;
        assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some(error)), "{change:?}");
        assert!(!body.to_string().contains("evil"), "what was sent is not repeated");
    }
    // 8: twice the same parameter, which a map cannot say.
    let twice = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(okta.fields())
        .append_pair("state", "other")
        .finish();
    let (status, body) = par(&place, "application/x-www-form-urlencoded", twice).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_request")));
    let (status, body) = par(&place, "text/plain", "x".into()).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_request")));
});

on_both!(case_09_10_other_methods_and_large_bodies, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    for method in ["GET", "PUT", "DELETE"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let answer = place.client.request(method, format!("{}/oauth2/par", place.base)).send().await.unwrap();
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], "POST");
    }
    let (status, body) = okta.push(&[("state", &"x".repeat(40_000))]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (413, Some("invalid_request")));
    let (status, body) = okta.push(&[("state", &"x".repeat(4_000))]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_request")));
});

on_both!(case_13_14_claims_in_every_shape_and_unknown_ones, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let shapes = [
        json!({ "given_name": { "fuzzy": "Ada" }, "family_name": "Lovelace", "bithdate": { "value": "1815-12-10" } }),
        json!({ "given_name": "Ada", "family_name": null, "favourite_colour": { "value": "blue" } }),
    ];
    for shape in shapes {
        assert_eq!(okta.push(&[("claims", &claims(shape.clone()))]).await.0, 201, "{shape}");
    }
    let one = json!({ "id_token": { "verified_claims": {
        "verification": { "trust_framework": "IDV_DELEGATED" }, "claims": { "given_name": "Ada" } } } });
    assert_eq!(okta.push(&[("claims", &one.to_string())]).await.0, 201);
});

on_both!(what_is_published_is_one_issuer_with_keys_of_every_algorithm, |place: Place| async move {
    let get = async |path: &str| place.client.get(format!("{}{path}", place.base)).send().await.unwrap();
    let answer = get("/.well-known/openid-configuration").await;
    assert_eq!(answer.headers()["cache-control"], "public, max-age=600");
    let metadata: Value = answer.json().await.unwrap();
    assert_eq!(metadata["issuer"], place.base);
    for (name, path) in [
        ("jwks_uri", "/oauth2/jwks"),
        ("pushed_authorization_request_endpoint", "/oauth2/par"),
        ("authorization_endpoint", "/oauth2/authorize"),
        ("token_endpoint", "/oauth2/token"),
        ("userinfo_endpoint", "/oauth2/userinfo"),
    ] {
        assert_eq!(metadata[name], format!("{}{path}", place.base));
        assert_ne!(get(path).await.status(), 404, "{path}");
    }
    assert_eq!(metadata["id_token_signing_alg_values_supported"], json!(["RS256", "PS256", "ES256"]));
    assert_eq!(metadata["grant_types_supported"], json!(["authorization_code", "client_credentials"]));
    let keys: Value = get("/oauth2/jwks").await.json().await.unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 3);
    for key in keys["keys"].as_array().unwrap() {
        assert!(key["x5c"][0].is_string() && key["kid"].is_string() && key["d"].is_null(), "{key}");
    }
    // Another server of the same database signs with the same keys.
    let records = place.ipse().store.provider_keys().await.unwrap();
    assert_eq!(records.len(), 3);
});
