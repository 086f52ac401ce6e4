//! Microsoft Entra external MFA over HTTP: a hint that the tenant has signed, an ID token posted back. The tenant is a few
//! lines here, which publish a key and sign with it.

use super::faces::shown;
use super::{Person, another_passport, claims_of, picture};
use crate::faces::{OTHER, SELF, drawn};
use crate::support::{Browser, Place, on_both};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use axum::Json;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_oidc::keys::{KeyRecord, KeySet, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use jiff::SignedDuration;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

const CALLBACK: &str = "https://login.microsoftonline.com/common/federation/externalauthprovider";
const TENANT: &str = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
const APP: &str = "00001111-aaaa-2222-bbbb-3333cccc4444";

/// Where nobody answers, and no name is looked up.
const NOBODY: &str = "http://127.0.0.1:9/v2.0";

/// A tenant: its issuer, and the key it signs with now, which is the one it publishes.
#[derive(Clone)]
struct Tenant {
    issuer: String,
    key: Arc<Mutex<KeyRecord>>,
    /// How often its keys were asked for.
    asked: Arc<AtomicU32>,
}

fn new_key() -> KeyRecord {
    KeyRecord::generate(Alg::Rs256, RsaBits::default(), KeyState::Current, jiff::Timestamp::UNIX_EPOCH).unwrap()
}

impl Tenant {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/{TENANT}/v2.0", listener.local_addr().unwrap());
        let key = Arc::new(Mutex::new(new_key()));
        let (published, named) = (key.clone(), issuer.clone());
        let asked = Arc::new(AtomicU32::new(0));
        let counted = asked.clone();
        let metadata = get(async move || Json(json!({ "issuer": named, "jwks_uri": format!("{named}/keys") })));
        let keys = get(async move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Json(KeySet::new(&[published.lock().unwrap().clone()]).unwrap().jwks())
        });
        let router = axum::Router::new()
            .route(&format!("/{TENANT}/v2.0/.well-known/openid-configuration"), metadata)
            .route(&format!("/{TENANT}/v2.0/keys"), keys);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, key, asked }
    }

    /// A hint, as Entra makes it for a sign-in: it has expired already.
    fn hint(&self, place: &Place, change: impl FnOnce(&mut Value)) -> String {
        let second = place.clock.now().as_second();
        let mut claims = json!({
            "iss": self.issuer, "aud": APP, "tid": TENANT, "oid": "oid-of-ada", "sub": "sub-of-ada",
            "preferred_username": "ada@utopia.example", "iat": second - 20, "nbf": second - 20, "exp": second - 10,
        });
        change(&mut claims);
        let key = self.key.lock().unwrap();
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "RS256", "kid": key.kid })), part(claims));
        let pair = KeyPair::from_pkcs8(&key.pkcs8).unwrap();
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// The client, once the tenant's keys are known.
async fn client(place: &Place, tenant: &Tenant) -> String {
    let rules = json!({
        "name_rule": "none", "session_minutes": 60, "selfie_required": true, "liveness_required": true,
        "keep_template_days": 30,
    });
    place.journey("second-factor", rules).await;
    let wanted = json!({
        "profile": "entra-external", "name": "Entra", "redirect_uris": [CALLBACK], "journey": "second-factor",
        "entra": { "tenant": TENANT, "app_id": APP, "issuer": tenant.issuer },
    });
    let (status, client) = place.post("/v1/clients", &wanted).await;
    assert_eq!(status, 201, "{client}");
    let id = client["id"].as_str().unwrap().to_owned();
    until_keys(place, &id, None).await;
    id
}

/// Waits until the keys were read, after this moment.
async fn until_keys(place: &Place, id: &str, after: Option<&str>) -> String {
    for _ in 0..1_000 {
        let (_, client) = place.get(&format!("/v1/clients/{id}")).await;
        match client["entra"]["keys_read_at"].as_str() {
            Some(read_at) if Some(read_at) != after => return read_at.to_owned(),
            _ => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
        }
    }
    panic!("the keys are not read")
}

fn fields<'a>(id: &'a str, hint: &'a str, claims: &'a str) -> [(&'a str, &'a str); 9] {
    [
        ("client_id", id),
        ("response_type", "id_token"),
        ("response_mode", "form_post"),
        ("scope", "openid"),
        ("redirect_uri", CALLBACK),
        ("nonce", "nonce-1"),
        ("state", "state-1"),
        ("claims", claims),
        ("id_token_hint", hint),
    ]
}

fn asked() -> String {
    let acr = json!({ "essential": true, "values": ["possessionorinherence"] });
    let amr = json!({ "essential": true, "values": ["face", "fido", "otp", "pop"] });
    json!({ "id_token": { "acr": acr, "amr": amr } }).to_string()
}

/// A browser that Entra has made post this; the answer.
async fn posted(place: &Place, id: &str, hint: &str) -> (Browser, reqwest::Response) {
    let mut browser = Browser::new(place);
    let answer = browser.post("/oauth2/authorize", &fields(id, hint, &asked())).await;
    (browser, answer)
}

/// What the page that goes back by itself posts.
fn posted_back(page: &str) -> std::collections::BTreeMap<String, String> {
    assert!(page.contains(&format!("action=\"{CALLBACK}\"")), "{page}");
    let field = |part: &str| {
        let (name, rest) = part.split_once("\" value=\"")?;
        Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
    };
    page.split("<input type=\"hidden\" name=\"").skip(1).filter_map(field).collect()
}

on_both!(a_hint_of_the_tenant_leads_to_a_token_for_its_subject, drawn, |place: Place| async move {
    let tenant = Tenant::start().await;
    let id = client(&place, &tenant).await;
    let mut subjects = Vec::new();
    for (oid, passport, face) in [
        ("oid-of-ada", picture(), SELF),
        ("oid-of-ada", picture(), SELF),
        ("oid-of-eve", another_passport("X00000009", OTHER), OTHER),
    ] {
        let hint = tenant.hint(&place, |claims| {
            claims["oid"] = json!(oid);
            claims["sub"] = json!(format!("sub of {oid}"));
        });
        let (browser, answer) = posted(&place, &id, &hint).await;
        assert_eq!(answer.status(), 303);
        let here = answer.headers()["location"].to_str().unwrap().to_owned();
        let mut person = Person::of(&place, browser, &here);
        person.begin().await;
        let found = shown(&person, Some(passport), face).await;
        assert_eq!(found["status"], "succeeded", "{}", found["reasons"]);
        subjects.push(found["subject"].clone());
        let (status, page) = person.browser.get(&here).await;
        assert_eq!(status, 200);
        let fields = posted_back(&page);
        assert_eq!(fields["state"], "state-1");
        let said = claims_of(&place, &fields["id_token"], &id, Algorithm::RS256).await;
        assert_eq!(
            (&said["sub"], &said["nonce"], &said["acr"], &said["amr"]),
            (&json!(format!("sub of {oid}")), &json!("nonce-1"), &json!("possessionorinherence"), &json!(["face"]))
        );
    }
    assert_eq!(subjects[0], subjects[1], "the same person of the directory");
    assert_ne!(subjects[0], subjects[2]);
});

on_both!(a_hint_that_is_not_the_tenants_is_refused, |place: Place| async move {
    let tenant = Tenant::start().await;
    let id = client(&place, &tenant).await;
    let second = place.clock.now().as_second();
    let changes: [(&str, Value); 5] = [
        ("iss", json!("https://login.microsoftonline.com/other/v2.0")),
        ("aud", json!("another-app")),
        ("tid", json!("another-tenant")),
        ("iat", json!(second - 7_200)),
        ("oid", Value::Null),
    ];
    for (name, value) in changes {
        let hint = tenant.hint(&place, |claims| claims[name] = value);
        let (_, answer) = posted(&place, &id, &hint).await;
        let page = answer.text().await.unwrap();
        assert_eq!(posted_back(&page).get("error").map(String::as_str), Some("invalid_request"), "{name}");
    }
    // A forged one: the kid of the tenant, another key.
    let stranger = Tenant { key: Arc::new(Mutex::new(new_key())), ..tenant.clone() };
    stranger.key.lock().unwrap().kid.clone_from(&tenant.key.lock().unwrap().kid);
    let (_, answer) = posted(&place, &id, &stranger.hint(&place, |_| {})).await;
    assert!(answer.text().await.unwrap().contains("invalid_request"));
    assert_eq!(tenant.asked.load(Ordering::Relaxed), 1, "whoever forges hints gets no requests made");
    let (_, none) = place.get("/v1/verifications").await;
    assert!(none["data"].as_array().unwrap().is_empty(), "nothing has begun");
});

on_both!(a_tenants_new_key_is_read_soon_after_it_was_used, |place: Place| async move {
    let tenant = Tenant::start().await;
    let id = client(&place, &tenant).await;
    let read_at = until_keys(&place, &id, None).await;
    *tenant.key.lock().unwrap() = new_key();
    place.clock.advance(SignedDuration::from_secs(301));
    let hint = tenant.hint(&place, |_| {});
    let (_, refused) = posted(&place, &id, &hint).await;
    assert!(refused.text().await.unwrap().contains("invalid_request"));
    until_keys(&place, &id, Some(&read_at)).await;
    let (mut browser, answer) = posted(&place, &id, &hint).await;
    assert_eq!(answer.status(), 303);
    let here = answer.headers()["location"].to_str().unwrap().to_owned();
    // And the person may go back, which is said by form as well.
    let answer = browser.submit(&here, &format!("{here}/cancel"), &[]).await;
    assert_eq!(posted_back(&answer.text().await.unwrap())["error"], "access_denied");
    // Keys that could not be read again for days are believed no more.
    *tenant.key.lock().unwrap() = new_key();
    place.clock.advance(SignedDuration::from_hours(73));
    let (_, refused) = posted(&place, &id, &tenant.hint(&place, |_| {})).await;
    assert_eq!(posted_back(&refused.text().await.unwrap())["error"], "temporarily_unavailable");
});

on_both!(what_an_entra_client_must_have, |place: Place| async move {
    place.journey("second-factor", json!({ "name_rule": "none", "session_minutes": 60 })).await;
    let good = json!({
        "profile": "entra-external", "name": "Entra", "redirect_uris": [CALLBACK], "journey": "second-factor",
        "entra": { "tenant": TENANT, "app_id": APP, "issuer": NOBODY },
    });
    for (entra, field) in [
        (Value::Null, "entra"),
        (json!({ "tenant": "", "app_id": APP }), "tenant"),
        (json!({ "tenant": "a/../b", "app_id": APP }), "tenant"),
        (json!({ "tenant": TENANT, "app_id": "" }), "app_id"),
        (json!({ "tenant": TENANT, "app_id": APP, "issuer": "ftp://example.com" }), "issuer"),
    ] {
        let mut wanted = good.clone();
        wanted["entra"] = entra.clone();
        let (status, refused) = place.post("/v1/clients", &wanted).await;
        assert_eq!((status.as_u16(), refused["field"].as_str()), (422, Some(field)), "{entra}: {refused}");
    }
    let mut other = good.clone();
    other["profile"] = json!("oidc-basic");
    assert_eq!(place.post("/v1/clients", &other).await.0, 422, "it is for Entra");
    let (status, made) = place.post("/v1/clients", &good).await;
    assert_eq!(status, 201);
    assert_eq!(made["entra"]["issuer"], NOBODY);
    // Without keys nobody is believed.
    let tenant = Tenant { issuer: NOBODY.to_owned(), key: Arc::new(Mutex::new(new_key())), asked: Arc::default() };
    let (_, answer) = posted(&place, made["id"].as_str().unwrap(), &tenant.hint(&place, |_| {})).await;
    assert_eq!(posted_back(&answer.text().await.unwrap())["error"], "temporarily_unavailable");
    assert_eq!(made["client_secret"], Value::Null, "it has none");
});
