//! Start links: whatever a token says wrongly is refused, and one request begins once, in one browser.

use crate::house::*;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::jwk::Jwks;
use ipse_oidc::keys::{KeyRecord, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use ipse_oidc::start_link::{self, MAX_TOKEN};
use ipse_oidc::{AuthorizationRequest, Client, Error, Interaction};
use serde_json::{Value, json};

const BACK: &str = "https://rp.example/back?from=ipse";

fn claims() -> Value {
    json!({
        "OrgId": "contoso", "RequestId": "7d5f9b2e-1", "exp": noon().as_second() + 300, "redirectUrl": BACK,
        "mscv": "unknown to us",
    })
}

/// A token with some claims changed; `null` takes one away.
fn changed(of: Value) -> String {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    members.extend(of.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    sign(client_key(Alg::Rs256), "JWT", None, &claims)
}

fn judge(token: &str) -> Result<AuthorizationRequest, Error> {
    start_link::request(Some(&links()), token, noon())
}

/// A token with this header, signed by `signature`.
fn raw(header: Value, signature: impl FnOnce(&str) -> Vec<u8>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&claims()));
    let signature = URL_SAFE_NO_PAD.encode(signature(&signed));
    format!("{signed}.{signature}")
}

#[test]
fn a_token_of_each_algorithm_is_a_request() {
    for alg in Alg::ALL {
        let request = judge(&sign(client_key(alg), "JWT", None, &claims())).unwrap();
        assert_eq!(
            (request.redirect_uri.as_str(), request.reference.as_deref()),
            (BACK, Some("7d5f9b2e-1")),
            "{alg:?}"
        );
        assert_eq!((request.client_id.as_str(), request.journey.as_str()), ("links", "standard"));
        assert!(request.is_start_link() && !request.pushed && request.login_hint.is_none());
        assert_eq!(request.expires_at, after(300));
        assert!(!request.id.contains("7d5f9b2e"), "the way's address says nothing of the token");
    }
    let one = judge(&changed(json!({}))).unwrap();
    let again = judge(&changed(json!({ "exp": noon().as_second() + 20 }))).unwrap();
    assert_eq!(one.id, again.id, "the same RequestId is the same way, whatever else is said");
    assert_ne!(one.id, judge(&changed(json!({ "RequestId": "7d5f9b2e-2" }))).unwrap().id);
    let other = Client { id: "other".to_owned(), ..links() };
    assert_ne!(one.id, start_link::request(Some(&other), &changed(json!({})), noon()).unwrap().id);
}

#[test]
fn what_the_client_has_not_signed_is_refused() {
    let good = changed(json!({}));
    let (body, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = body.split_once('.').unwrap();
    let other = URL_SAFE_NO_PAD.encode(claims().to_string().replace("7d5f9b2e-1", "7d5f9b2e-2"));
    let stranger = KeyRecord::generate(Alg::Rs256, RsaBits::Rsa2048, KeyState::Current, noon()).unwrap();
    let public = serde_json::to_vec(&jwk_of(client_key(Alg::Rs256))).unwrap();
    let hmac = |key: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        raw(json!({ "alg": "HS256", "typ": "JWT" }), |signed| hmac::sign(&key, signed.as_bytes()).as_ref().to_vec())
    };
    let flipped = {
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[7] ^= 1;
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let bad: Vec<(&str, String)> = vec![
        ("nothing", String::new()),
        ("no token", "token".to_owned()),
        ("two parts", body.to_owned()),
        ("four parts", format!("{good}.{signature}")),
        ("truncated", good[..good.len() - 4].to_owned()),
        ("a bit of the signature", flipped),
        ("another payload", format!("{header}.{other}.{signature}")),
        ("no signature", format!("{body}.")),
        ("none", raw(json!({ "alg": "none" }), |_| Vec::new())),
        ("a secret", hmac(b"secret")),
        ("our public key as a secret", hmac(&public)),
        ("another key", sign(&stranger, "JWT", None, &claims())),
        ("another key, in the header", sign(&stranger, "JWT", Some(jwk_of(&stranger)), &claims())),
        ("a token for something else", sign(client_key(Alg::Rs256), "dpop+jwt", None, &claims())),
        ("a payload that is no object", {
            let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode("[]"));
            format!("{signed}.{signature}")
        }),
    ];
    for (name, token) in bad {
        assert_eq!(judge(&token).unwrap_err(), Error::LinkToken, "{name}");
    }
}

#[test]
fn the_key_that_a_token_names_is_the_one() {
    let key = client_key(Alg::Rs256);
    let named = |kid: &str| {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": kid });
        raw(header, |signed| {
            let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(&key.pkcs8).unwrap();
            let mut signature = vec![0; pair.public_modulus_len()];
            let random = aws_lc_rs::rand::SystemRandom::new();
            pair.sign(&aws_lc_rs::signature::RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature).unwrap();
            signature
        })
    };
    assert!(judge(&named(&key.kid)).is_ok());
    for kid in [client_key(Alg::Ps256).kid.as_str(), "unknown", ""] {
        assert_eq!(judge(&named(kid)).unwrap_err(), Error::LinkToken, "{kid}");
    }
}

#[test]
fn what_a_token_says_wrongly_is_refused() {
    let second = noon().as_second();
    let bad: Vec<(Value, Error)> = vec![
        (json!({ "exp": null }), Error::Missing("exp")),
        (json!({ "exp": "tomorrow" }), Error::Missing("exp")),
        (json!({ "exp": second }), Error::LinkExpired),
        (json!({ "exp": second - 1 }), Error::LinkExpired),
        (json!({ "exp": -1 }), Error::LinkExpired),
        (json!({ "exp": second + 931 }), Error::LinkExpired),
        (json!({ "exp": i64::MAX }), Error::LinkExpired),
        (json!({ "exp": (second + 300) * 1_000 }), Error::LinkExpired),
        (json!({ "nbf": second + 31 }), Error::LinkExpired),
        (json!({ "iat": second + 31 }), Error::LinkExpired),
        (json!({ "iat": "now" }), Error::LinkExpired),
        (json!({ "OrgId": null }), Error::Invalid("OrgId")),
        (json!({ "OrgId": "" }), Error::Invalid("OrgId")),
        (json!({ "OrgId": "fabrikam" }), Error::Invalid("OrgId")),
        (json!({ "OrgId": "Contoso" }), Error::Invalid("OrgId")),
        (json!({ "OrgId": ["contoso"] }), Error::Invalid("OrgId")),
        (json!({ "RequestId": null }), Error::Invalid("RequestId")),
        (json!({ "RequestId": "" }), Error::Invalid("RequestId")),
        (json!({ "RequestId": 7 }), Error::Invalid("RequestId")),
        (json!({ "RequestId": "a b" }), Error::Invalid("RequestId")),
        (json!({ "RequestId": "a\n" }), Error::Invalid("RequestId")),
        (json!({ "RequestId": "x".repeat(129) }), Error::Invalid("RequestId")),
        (json!({ "redirectUrl": null }), Error::Missing("redirectUrl")),
        (json!({ "redirectUrl": "" }), Error::RedirectUri),
        (json!({ "redirectUrl": "https://rp.example/back" }), Error::RedirectUri),
        (json!({ "redirectUrl": format!("{BACK}&more=1") }), Error::RedirectUri),
        (json!({ "redirectUrl": "https://rp.example.evil.example/back?from=ipse" }), Error::RedirectUri),
        (json!({ "redirectUrl": "https://rp.example@evil.example/back?from=ipse" }), Error::RedirectUri),
        (json!({ "redirectUrl": "https://RP.example/back?from=ipse" }), Error::RedirectUri),
        (json!({ "redirectUrl": "javascript:alert(1)" }), Error::RedirectUri),
    ];
    for (change, error) in bad {
        assert_eq!(judge(&changed(change.clone())).unwrap_err(), error, "{change}");
    }
    for good in [json!({ "exp": second + 930 }), json!({ "exp": second + 1 }), json!({ "RequestId": "x".repeat(128) })]
    {
        assert!(judge(&changed(good.clone())).is_ok(), "{good}");
    }
}

#[test]
fn only_a_client_of_start_links_has_them() {
    let token = changed(json!({}));
    let keys = Some(Jwks::parse(&jwks_of(&[client_key(Alg::Rs256).clone()])).unwrap());
    for client in [None, Some(fapi()), Some(Client { jwks: keys.clone(), org_id: Some("contoso".into()), ..basic() })] {
        assert_eq!(start_link::request(client.as_ref(), &token, noon()).unwrap_err(), Error::UnknownClient);
    }
    for broken in [Client { org_id: None, ..links() }, Client { jwks: None, ..links() }] {
        assert_eq!(start_link::request(Some(&broken), &token, noon()).unwrap_err(), Error::UnknownClient);
    }
    // And it has nothing else: no push, and nothing at the authorization endpoint.
    let direct = Fields(Vec::new())
        .with("client_id", "links")
        .with("redirect_uri", BACK)
        .with("scope", "openid")
        .with("nonce", "n");
    for response_type in ["code", "id_token", "none"] {
        let direct = direct.clone().with("response_type", response_type);
        assert_eq!(arrive(&links(), &direct.pairs(), None, BROWSER, noon()).unwrap_err(), Error::UnknownClient);
        let pushed = push(&links(), &signed(&links(), direct, &json!(ISSUER)));
        assert_eq!(pushed.unwrap_err(), Error::NotAllowed("request_uri"));
    }
    // A pushed request of another client does not become one of it.
    let uri = request_uri(&push(&okta(), &request(&okta())).unwrap());
    let incoming = Incoming::read(provider(), &form(&[("request_uri", &uri)])).unwrap();
    let refused = authorize::request(provider(), Some(&links()), incoming, None, noon(), entropy()).unwrap_err();
    assert_eq!((refused.error, refused.redirect), (Error::UnknownClient, None));
}

#[test]
fn the_token_is_there_once_and_bounded() {
    let read = |query: &str| start_link::token(query.as_bytes()).map(|token| token.reveal().clone());
    assert_eq!(read("token=a.b.c&utm=1").unwrap(), "a.b.c");
    assert_eq!(read("token=a&token=a"), Err(Error::Duplicate));
    assert_eq!(read("token=a&token="), Err(Error::Duplicate));
    for missing in ["", "token=", "Token=a", "x=token"] {
        assert_eq!(read(missing), Err(Error::Missing("token")), "{missing}");
    }
    assert!(read(&format!("token={}", "x".repeat(MAX_TOKEN))).is_ok());
    assert_eq!(read(&format!("token={}", "x".repeat(MAX_TOKEN + 1))), Err(Error::TooLarge));
    assert_eq!(read("token=%FF"), Err(Error::Malformed));
}

/// Arrives with a token.
fn way(existing: Option<Interaction>, browser: [u8; 32], seconds: i64) -> Result<Interaction, Error> {
    let request = start_link::request(Some(&links()), &changed(json!({})), after(seconds))?;
    Interaction::arrive(&links(), request, existing, browser, after(seconds))
}

#[test]
fn a_request_begins_once_in_one_browser() {
    let scanned = way(None, OTHER_BROWSER, 0).unwrap();
    let mut own = way(Some(scanned), BROWSER, 200).unwrap();
    own.begin(BROWSER, verification(1), after(201)).unwrap();
    assert_eq!(way(Some(own.clone()), BROWSER, 250).unwrap(), own, "a reload goes on");
    assert_eq!(way(Some(own.clone()), OTHER_BROWSER, 250).unwrap_err(), Error::SessionOver);
    assert_eq!(own.clone().begin(BROWSER, verification(2), after(202)).unwrap_err(), Error::SessionOver);
    assert_eq!(way(Some(own.clone()), BROWSER, 300).unwrap_err(), Error::LinkExpired);
    // What came of it is told to nobody.
    let proof = proof();
    let told = own.step(provider(), &links(), &proof, BROWSER, after(260), entropy());
    assert_eq!(told.unwrap_err(), Error::ServerError);
    let answer = own.give_up(provider(), BROWSER, Error::AccessDenied, after(270)).unwrap();
    assert_eq!(answer.redirect.location().as_deref(), Some(BACK), "back as it was given, nothing appended");
    assert!(answer.grant.is_none());
    assert_eq!(way(Some(own), BROWSER, 280).unwrap_err(), Error::SessionOver, "once given up it is over");
}
