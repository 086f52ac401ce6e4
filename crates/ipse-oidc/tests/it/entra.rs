//! Microsoft Entra external MFA.

use crate::house::*;
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::entra::{EXTENSIONS, is_extension_call};
use ipse_oidc::interaction::Told;
use ipse_oidc::jwk::Jwks;
use ipse_oidc::profile::{Alg, ResponseMode};
use ipse_oidc::{Error, Interaction, Proof, Redirect};
use serde_json::{Value, json};

/// Entra's key is not ours.
fn entra_key() -> &'static ipse_oidc::keys::KeyRecord {
    client_key(Alg::Rs256)
}

fn hint(change: impl FnOnce(&mut Value)) -> String {
    let second = noon().as_second();
    let mut claims = json!({
        "iss": "https://login.microsoftonline.com/tenant-1/v2.0", "aud": "app-1", "tid": "tenant-1",
        "oid": "oid-1", "sub": "sub-1", "preferred_username": "anna@utopia.example",
        // Expired on purpose, as Entra does.
        "iat": second - 20, "nbf": second - 20, "exp": second - 10,
    });
    change(&mut claims);
    sign(entra_key(), "JWT", None, &claims)
}

fn fields(hint: &str) -> Fields {
    let claims = json!({ "id_token": {
        "acr": { "essential": true, "values": ["possessionorinherence"] },
        "amr": { "essential": true, "values": ["face", "fido", "otp", "pop"] },
    } });
    Fields(Vec::new())
        .with("client_id", "entra")
        .with("response_type", "id_token")
        .with("response_mode", "form_post")
        .with("scope", "openid")
        .with("redirect_uri", &entra().redirect_uris[0])
        .with("nonce", "nonce-1")
        .with("state", "state-1")
        .with("claims", &claims.to_string())
        .with("id_token_hint", hint)
}

fn judge(fields: &Fields) -> Result<Interaction, (Error, Option<Redirect>)> {
    let keys = Jwks::parse(&jwks_of(std::slice::from_ref(entra_key()))).unwrap();
    let client = entra();
    let incoming = Incoming::read(provider(), &form(&fields.pairs())).unwrap();
    let request = authorize::request(provider(), Some(&client), incoming, Some(&keys), noon(), entropy());
    let request = request.map_err(|refused| (refused.error, refused.redirect))?;
    let mut interaction = Interaction::arrive(&client, request, None, BROWSER, noon()).unwrap();
    interaction.begin(BROWSER, verification(1), noon()).unwrap();
    Ok(interaction)
}

#[test]
fn entra_gets_an_id_token_by_form_post_for_the_subject_of_its_hint() {
    let mut interaction = judge(&fields(&hint(|_| {}))).unwrap();
    let answer = answered(&entra(), &mut interaction, &proof(), noon());
    assert_eq!((answer.redirect.mode, answer.redirect.location()), (ResponseMode::FormPost, None));
    assert_eq!(answer.redirect.field("state"), Some("state-1"));
    assert!(answer.grant.is_none());
    let token = verified(&entra(), answer.redirect.field("id_token").unwrap());
    let second = noon().as_second();
    assert_eq!(
        token,
        json!({
            "iss": ISSUER, "aud": "entra", "sub": "sub-1", "nonce": "nonce-1", "iat": second - 5, "exp": second + 300,
            "acr": "possessionorinherence", "amr": ["face"],
        })
    );
}

#[test]
fn entra_hints_of_others_are_refused() {
    let second = noon().as_second();
    let forged = sign(&records()[0], "JWT", None, &json!({ "iss": "https://login.microsoftonline.com/tenant-1/v2.0" }));
    let good = hint(|_| {});
    for wrong in [
        hint(|claims| claims["iss"] = json!("https://login.microsoftonline.com/tenant-2/v2.0")),
        hint(|claims| claims["tid"] = json!("tenant-2")),
        hint(|claims| claims["aud"] = json!("app-2")),
        hint(|claims| claims["aud"] = json!(["app-1"])),
        hint(|claims| claims["iat"] = json!(second + 60)),
        hint(|claims| claims["iat"] = json!(second - 3_601)),
        hint(|claims| claims["iat"] = Value::Null),
        hint(|claims| claims["nbf"] = json!(second + 60)),
        hint(|claims| claims["sub"] = json!("")),
        hint(|claims| claims["oid"] = Value::Null),
        forged,
        good[..good.len() - 3].to_owned(),
        "x".to_owned(),
    ] {
        let (error, redirect) = judge(&fields(&wrong)).unwrap_err();
        assert_eq!(error, Error::Invalid("id_token_hint"));
        assert_eq!(redirect.unwrap().field("error"), Some("invalid_request"));
    }
    assert_eq!(judge(&fields("")).unwrap_err().0, Error::Missing("id_token_hint"));
}

#[test]
fn entra_without_its_keys_has_to_try_later() {
    let incoming = Incoming::read(provider(), &form(&fields(&hint(|_| {})).pairs())).unwrap();
    let refused = authorize::request(provider(), Some(&entra()), incoming, None, noon(), entropy()).unwrap_err();
    assert_eq!(refused.error, Error::TemporarilyUnavailable);
}

#[test]
fn entra_is_denied_what_was_not_shown() {
    let without = |name: &str, values: Value| {
        let mut claims: Value = serde_json::from_str(fields("x").get("claims")).unwrap();
        claims["id_token"][name] = values;
        fields(&hint(|_| {})).with("claims", &claims.to_string())
    };
    let failed = Proof { state: ipse_core::verification::State::Failed, ..proof() };
    let faceless = Proof { face: false, ..proof() };
    for (fields, proof) in [
        (without("acr", json!({ "values": ["knowledge"] })), proof()),
        (without("amr", json!({ "values": ["otp"] })), proof()),
        (without("amr", Value::Null), proof()),
        (fields(&hint(|_| {})), faceless),
        (fields(&hint(|_| {})), failed),
    ] {
        let answer = answered(&entra(), &mut judge(&fields).unwrap(), &proof, noon());
        assert_eq!(answer.told, Told::Denied);
        assert_eq!(answer.redirect.field("error"), Some("access_denied"));
        assert!(answer.redirect.field("id_token").is_none());
    }
}

#[test]
fn entra_has_no_other_way_in() {
    let good = hint(|_| {});
    assert_eq!(judge(&fields(&good).with("response_type", "code")).unwrap_err().0, Error::ResponseType);
    assert_eq!(judge(&fields(&good).with("response_mode", "query")).unwrap_err().0, Error::Invalid("response_mode"));
    assert_eq!(judge(&fields(&good).with("nonce", "")).unwrap_err().0, Error::Missing("nonce"));
    let post = post(&fields(&good).pairs()).unwrap();
    let pushed = ipse_oidc::par::push(provider(), Some(&entra()), &post, &[], noon(), entropy());
    assert_eq!(pushed.unwrap_err(), Error::InvalidClient, "it has nothing to authenticate with");
}

fn call(change: impl FnOnce(&mut Value)) -> String {
    let second = noon().as_second();
    let mut claims = json!({
        "iss": "https://login.microsoftonline.com/tenant-1/v2.0", "aud": "app-1", "azp": EXTENSIONS,
        "iat": second - 20, "nbf": second - 20, "exp": second + 3_600,
    });
    change(&mut claims);
    sign(entra_key(), "JWT", None, &claims)
}

fn is_call(token: &str) -> bool {
    let keys = Jwks::parse(&jwks_of(std::slice::from_ref(entra_key()))).unwrap();
    is_extension_call(entra().entra.as_ref().unwrap(), &keys, token, noon())
}

#[test]
fn entra_calls_an_extension_with_tokens_of_both_versions() {
    assert!(is_call(&call(|_| {})));
    for audience in ["api://app-1", "api://ipse.example/app-1"] {
        assert!(is_call(&call(|claims| claims["aud"] = json!(audience))), "{audience}");
    }
    assert!(is_call(&call(|claims| {
        claims["iss"] = json!("https://sts.windows.net/tenant-1/");
        claims["appid"] = json!(EXTENSIONS);
        claims.as_object_mut().unwrap().remove("azp");
    })));
}

#[test]
fn calls_of_an_extension_by_others_are_refused() {
    let second = noon().as_second();
    for (name, value) in [
        ("iss", json!("https://login.microsoftonline.com/tenant-2/v2.0")),
        ("iss", json!("https://sts.windows.net/tenant-2/")),
        ("iss", Value::Null),
        ("aud", json!("app-2")),
        ("aud", json!("api://app-1/app-2")),
        ("aud", json!("https://ipse.example/app-1")),
        ("aud", json!(["app-1"])),
        ("aud", Value::Null),
        ("azp", json!("app-1")),
        ("azp", Value::Null),
        ("azp", json!([EXTENSIONS])),
        ("appid", json!("another")),
        ("exp", json!(second)),
        ("exp", Value::Null),
        ("nbf", json!(second + 60)),
        ("nbf", json!("now")),
    ] {
        assert!(!is_call(&call(|claims| claims[name] = value.clone())), "{name} {value}");
    }
    let without_caller = call(|claims| {
        claims.as_object_mut().unwrap().remove("azp");
    });
    let payload = json!({ "iss": "https://login.microsoftonline.com/tenant-1/v2.0", "aud": "app-1", "azp": EXTENSIONS,
        "exp": second + 3_600 });
    let forged = sign(&records()[0], "JWT", None, &payload);
    let good = call(|_| {});
    for wrong in [&without_caller, &forged, &good[..good.len() - 3], "x", ""] {
        assert!(!is_call(wrong), "{wrong}");
    }
    // A hint is no such token.
    assert!(!is_call(&hint(|claims| claims["exp"] = json!(second + 60))));
}
