//! FAPI 2.0 Security Profile, after the modules of the conformance suite, and the negatives of RFC 9126, 9449, 7636, 8705.

use crate::house::*;
use ipse_oidc::client::Binding;
use ipse_oidc::interaction::Answer;
use ipse_oidc::jwk::Jwks;
use ipse_oidc::params::Raw;
use ipse_oidc::profile::{Alg, AuthMethod};
use ipse_oidc::token::Redeemed;
use ipse_oidc::userinfo::{self, Ask};
use ipse_oidc::{Client, Error, Hash, Post, par, token};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What is wrong, and how it gets so.
type Change = (&'static str, fn(&mut Value, i64));

fn token_uri() -> String {
    format!("{ISSUER}/oauth2/token")
}

fn par_uri() -> String {
    format!("{ISSUER}/oauth2/par")
}

fn es256() -> &'static ipse_oidc::keys::KeyRecord {
    client_key(Alg::Es256)
}

fn push_with(client: &Client, fields: &Fields, dpop: &[&str]) -> Result<par::Pushed, Error> {
    par::push(provider(), Some(client), &posted(&fields.pairs(), dpop)?, &[], noon(), entropy())
}

fn redeem_with(client: &Client, answer: &Answer, dpop: &[&str], nonces: &[&str]) -> Result<Redeemed, Error> {
    let post = posted(&exchange(client, answer).pairs(), dpop)?;
    token::redeem(provider(), Some(client), &post, answer.grant.as_ref(), nonces, noon(), entropy())
}

fn whole(change: impl FnOnce(&mut Value)) -> Result<Redeemed, Error> {
    let client = fapi();
    let answer = answer(&client, &request(&client), &proof());
    redeem_with(&client, &answer, &[&dpop(es256(), &token_uri(), change)], &[])
}

#[test]
fn fapi2_happy_flow_is_signed_with_ps256_and_bound() {
    let redeemed = whole(|_| {}).unwrap();
    let body = redeemed.body.reveal();
    assert_eq!(body["token_type"], "DPoP");
    let token = verified(&fapi(), body["id_token"].as_str().unwrap());
    assert_eq!(token["aud"], json!("fapi"), "aud is a single text");
    assert_eq!(token["auth_time"], proof().at.as_second());
    assert_eq!(redeemed.token.dpop_jkt.as_ref(), Some(&es256().kid));
    // The assertion and the proof may both be used once.
    assert_eq!(redeemed.replays.len(), 2);
}

#[test]
fn fapi2_ensure_unsigned_authorization_request_without_using_par_fails() {
    let client = fapi();
    let fields = request(&client).with("client_assertion", "").with("client_assertion_type", "");
    let refused = arrive(&client, &fields.pairs(), None, BROWSER, noon()).unwrap_err();
    assert_eq!(refused, Error::MustBePushed);
    let incoming = ipse_oidc::authorize::Incoming::read(provider(), &form(&fields.pairs())).unwrap();
    let refused =
        ipse_oidc::authorize::request(provider(), Some(&client), incoming, None, noon(), entropy()).unwrap_err();
    let redirect = refused.redirect.unwrap();
    assert_eq!((redirect.field("error"), redirect.field("iss")), (Some("invalid_request"), Some(ISSUER)));
    let fields = fields.with("redirect_uri", "https://evil.example/");
    let incoming = ipse_oidc::authorize::Incoming::read(provider(), &form(&fields.pairs())).unwrap();
    let refused =
        ipse_oidc::authorize::request(provider(), Some(&client), incoming, None, noon(), entropy()).unwrap_err();
    assert_eq!(refused.redirect, None, "never to an untrusted place");
}

#[test]
fn fapi2_par_ensure_pkce_required_and_plain_pkce_rejected() {
    let client = fapi();
    let none = request(&client).with("code_challenge", "").with("code_challenge_method", "");
    assert_eq!(push(&client, &none).unwrap_err(), Error::PkceRequired);
    let plain = request(&client).with("code_challenge", VERIFIER).with("code_challenge_method", "plain");
    assert_eq!(push(&client, &plain).unwrap_err(), Error::PkceMethod);
}

#[test]
fn fapi2_ensure_pkce_code_verifier_required_and_incorrect_rejected() {
    let client = fapi();
    let answer = answer(&client, &request(&client), &proof());
    for verifier in ["", "short", &"b".repeat(43), &"b".repeat(129)] {
        let fields = exchange(&client, &answer).with("code_verifier", verifier);
        let proof = dpop(es256(), &token_uri(), |_| {});
        let post = posted(&fields.pairs(), &[&proof]).unwrap();
        let refused = token::redeem(provider(), Some(&client), &post, answer.grant.as_ref(), &[], noon(), entropy());
        assert_eq!(refused.unwrap_err(), Error::Grant, "{verifier}");
    }
}

#[test]
fn fapi2_ensure_response_type_code_idtoken_and_token_fail() {
    for wrong in ["code id_token", "token", "id_token", "code token"] {
        let refused = push(&fapi(), &request(&fapi()).with("response_type", wrong)).unwrap_err();
        assert_eq!(refused.code(), "unsupported_response_type", "{wrong}");
    }
}

#[test]
fn fapi2_ensure_registered_redirect_uri() {
    let refused = push(&fapi(), &request(&fapi()).with("redirect_uri", "https://evil.example/cb")).unwrap_err();
    assert_eq!(refused, Error::RedirectUri);
}

#[test]
fn fapi2_ensure_authorization_request_with_long_nonce_and_long_state() {
    let client = fapi();
    let (nonce, state) = ("n".repeat(64), "s".repeat(128));
    let fields = request(&client).with("nonce", &nonce).with("state", &state);
    let answer = answer(&client, &fields, &proof());
    assert_eq!(answer.redirect.field("state"), Some(state.as_str()));
    assert_eq!(answer.grant.unwrap().nonce, Some(nonce));
}

#[test]
fn fapi2_par_authorization_request_containing_request_uri_form_param() {
    let fields = request(&fapi()).with("request_uri", "urn:ietf:params:oauth:request_uri:x");
    assert_eq!(push(&fapi(), &fields).unwrap_err(), Error::NotAllowed("request_uri"));
}

#[test]
fn fapi2_par_without_duplicate_parameters() {
    let fields = request(&fapi());
    let mut pairs = fields.pairs();
    pairs.push(("scope", "openid"));
    assert_eq!(post(&pairs).unwrap_err(), Error::Duplicate);
}

#[test]
fn fapi2_par_attempt_to_use_expired_request_uri_and_reuse() {
    let client = fapi();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let query = [("request_uri", uri.as_str()), ("client_id", "fapi")];
    assert_eq!(arrive(&client, &query, None, BROWSER, after(61)).unwrap_err(), Error::RequestUri);
    // par-ensure-reused-request-uri-prior-to-auth-completion-succeeds, then par-attempt-reuse-request_uri.
    let mut first = arrive(&client, &query, None, BROWSER, noon()).unwrap();
    assert!(arrive(&client, &query, Some(first.clone()), BROWSER, after(5)).is_ok());
    first.begin(BROWSER, verification(1), after(6)).unwrap();
    answered(&client, &mut first, &proof(), after(9));
    assert_eq!(arrive(&client, &query, Some(first), BROWSER, after(10)).unwrap_err(), Error::SessionOver);
}

#[test]
fn fapi2_par_audience() {
    let client = fapi();
    assert!(push(&client, &signed(&client, request(&client), &json!(ISSUER))).is_ok());
    // par-test-array-as-audience-fails, par-test-par-endpoint-url-as-audience-fails, and the token endpoint.
    for audience in [json!([ISSUER]), json!(par_uri()), json!(token_uri()), json!("https://other.example"), Value::Null]
    {
        let fields = signed(&client, request(&client), &audience);
        assert_eq!(push(&client, &fields).unwrap_err(), Error::InvalidClient, "{audience}");
    }
    // RFC 9126 §2 lets the others name the endpoint.
    let lenient =
        Client { auth_methods: vec![AuthMethod::PrivateKeyJwt], secrets: Vec::new(), jwks: client.jwks, ..basic() };
    for audience in [json!([ISSUER]), json!(par_uri()), json!(token_uri())] {
        let fields = signed(&lenient, request(&lenient).with("client_secret", ""), &audience);
        assert!(push(&lenient, &fields).is_ok(), "{audience}");
    }
}

#[test]
fn private_key_jwt_negatives() {
    let client = fapi();
    let second = noon().as_second();
    let changes: [Change; 12] = [
        ("iss", |claims, _| claims["iss"] = json!("other")),
        ("sub", |claims, _| claims["sub"] = json!("other")),
        ("expired", |claims, now| claims["exp"] = json!(now)),
        ("no exp", |claims, _| claims["exp"] = Value::Null),
        ("lives too long", |claims, now| claims["exp"] = json!(now + 3_700)),
        ("no jti", |claims, _| claims["jti"] = Value::Null),
        ("empty jti", |claims, _| claims["jti"] = json!("")),
        ("long jti", |claims, _| claims["jti"] = json!("j".repeat(257))),
        ("issued ahead", |claims, now| claims["iat"] = json!(now + 61)),
        ("begins later", |claims, now| claims["nbf"] = json!(now + 61)),
        ("begins as text", |claims, now| claims["nbf"] = json!(now.to_string())),
        ("expires as text", |claims, now| claims["exp"] = json!((now + 60).to_string())),
    ];
    for (name, change) in changes {
        let assertion = assertion(&client, |claims| change(claims, second));
        let refused = push(&client, &request(&client).with("client_assertion", &assertion)).unwrap_err();
        assert_eq!(refused, Error::InvalidClient, "{name}");
    }
    // Ten seconds ahead are forgiven.
    let assertion = assertion(&client, |claims| claims["iat"] = json!(second + 10));
    assert!(push(&client, &request(&client).with("client_assertion", &assertion)).is_ok());
}

#[test]
fn private_key_jwt_signatures_are_pinned() {
    let client = fapi();
    let claims = |id: &str| {
        let second = noon().as_second();
        json!({ "iss": id, "sub": id, "aud": ISSUER, "exp": second + 60, "jti": format!("{:?}", entropy()) })
    };
    let try_with = |client: &Client, assertion: &str| {
        push(client, &request(client).with("client_assertion", assertion)).map(|_| ()).map_err(Error::code)
    };
    let good = sign(es256(), "JWT", None, &claims("fapi"));
    assert_eq!(try_with(&client, &good), Ok(()));
    assert_eq!(try_with(&client, &sign(client_key(Alg::Ps256), "JWT", None, &claims("fapi"))), Ok(()));
    // RS256 is not FAPI's, even with a key that is registered.
    let rs256 =
        Client { jwks: Some(Jwks::parse(&jwks_of(std::slice::from_ref(client_key(Alg::Rs256)))).unwrap()), ..fapi() };
    assert_eq!(try_with(&rs256, &sign(client_key(Alg::Rs256), "JWT", None, &claims("fapi"))), Err("invalid_client"));
    // Somebody else's key, no key, no signature, a shared secret made of the public key, a cut or changed signature.
    assert_eq!(try_with(&client, &sign(&records()[2], "JWT", None, &claims("fapi"))), Err("invalid_client"));
    assert_eq!(try_with(&Client { jwks: None, ..fapi() }, &good), Err("invalid_client"));
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (_, payload) = signed.split_once('.').unwrap();
    let encode = |text: &str| form_base64(text.as_bytes());
    let public = jwk_of(es256()).to_string();
    let shared = jsonwebtoken::encode(
        &jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256),
        &claims("fapi"),
        &jsonwebtoken::EncodingKey::from_secret(public.as_bytes()),
    );
    for forged in [
        format!("{}.{payload}.", encode(r#"{"alg":"none"}"#)),
        format!("{}.{payload}.{signature}", encode(r#"{"alg":"none"}"#)),
        format!("{}.{payload}.{signature}", encode(r#"{"alg":"ES256","crit":["exp"]}"#)),
        shared.unwrap(),
        good[..good.len() - 2].to_owned(),
        format!("{signed}."),
        signed.to_owned(),
        String::new() + "a.b.c",
    ] {
        assert_eq!(try_with(&client, &forged), Err("invalid_client"), "{forged}");
    }
}

fn form_base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[test]
fn one_way_to_authenticate_and_no_other() {
    let client = Client { auth_methods: vec![AuthMethod::ClientSecretBasic], ..basic() };
    let with_header = |header: &str, fields: &Fields| {
        let body = form(&fields.pairs());
        let content_type = Some("application/x-www-form-urlencoded");
        let raw = Raw { content_type, authorization: Some(header), body: &body, ..Raw::default() };
        let post = Post::read(&raw)?;
        assert_eq!(post.client_id().as_deref(), Some("basic"));
        par::push(provider(), Some(&client), &post, &[], noon(), entropy()).map(|_| ())
    };
    let basic_header = |id: &str, secret: &str| {
        use base64::Engine as _;
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}")))
    };
    let fields = request(&client).with("client_secret", "");
    assert_eq!(with_header(&basic_header("basic", SECRET), &fields), Ok(()));
    assert_eq!(with_header(&basic_header("ba%73ic", SECRET), &fields), Ok(()), "form-encoded before (RFC 6749 §2.3.1)");
    assert_eq!(with_header(&basic_header("basic", "wrong"), &fields), Err(Error::InvalidClient));
    assert_eq!(with_header(&basic_header("basic", SECRET), &request(&client)), Err(Error::NotAllowed("client_secret")));
    assert_eq!(
        with_header(&basic_header("basic", SECRET), &fields.clone().with("client_id", "okta")),
        Err(Error::InvalidClient)
    );
    for broken in ["Basic", "Basic !!!", "Bearer x", "Basic YmFzaWM="] {
        let body = form(&fields.pairs());
        let content_type = Some("application/x-www-form-urlencoded");
        let raw = Raw { content_type, authorization: Some(broken), body: &body, ..Raw::default() };
        assert_eq!(Post::read(&raw).unwrap_err(), Error::InvalidClient, "{broken}");
    }
    // The client uses the header; the secret in the body is right, and still not its way.
    assert_eq!(push(&client, &request(&client)).unwrap_err(), Error::InvalidClient);
}

#[test]
fn fapi2_ensure_holder_of_key_required() {
    let client = fapi();
    let refused = redeem_with(&client, &answer(&client, &request(&client), &proof()), &[], &[]).unwrap_err();
    assert_eq!((refused, refused.status()), (Error::DpopProof, 400));
}

#[test]
fn fapi2_dpop_negative_tests() {
    let changes: [Change; 9] = [
        ("method", |claims, _| claims["htm"] = json!("GET")),
        ("another endpoint", |claims, _| claims["htu"] = json!("https://ipse.example/oauth2/par")),
        ("another host", |claims, _| claims["htu"] = json!("https://evil.example/oauth2/token")),
        ("no address", |claims, _| claims["htu"] = Value::Null),
        ("old", |claims, now| claims["iat"] = json!(now - 61)),
        ("ahead", |claims, now| claims["iat"] = json!(now + 61)),
        ("no time", |claims, _| claims["iat"] = Value::Null),
        ("no jti", |claims, _| claims["jti"] = Value::Null),
        ("long jti", |claims, _| claims["jti"] = json!("j".repeat(257))),
    ];
    for (name, change) in changes {
        assert_eq!(whole(|claims| change(claims, noon().as_second())).unwrap_err(), Error::DpopProof, "{name}");
    }
    // A proof is signed with what the profile allows, whatever the key could do.
    let client = fapi();
    let rs256 = dpop(client_key(Alg::Rs256), &token_uri(), |_| {});
    let refused = redeem_with(&client, &answer(&client, &request(&client), &proof()), &[&rs256], &[]);
    assert_eq!(refused.unwrap_err(), Error::DpopProof);
    // Query and fragment do not count; default ports neither.
    assert!(whole(|claims| claims["htu"] = json!("https://IPSE.example:443/oauth2/token?x=1#y")).is_ok());
}

#[test]
fn fapi2_ensure_dpopproof_with_iat_10seconds_before_and_after_succeeds() {
    assert!(whole(|claims| claims["iat"] = json!(noon().as_second() + 10)).is_ok());
    assert!(whole(|claims| claims["iat"] = json!(noon().as_second() - 10)).is_ok());
}

#[test]
fn dpop_proofs_are_typed_signed_and_alone() {
    let client = fapi();
    let second = noon().as_second();
    let claims = json!({ "jti": "1", "htm": "POST", "htu": token_uri(), "iat": second });
    let good = dpop(es256(), &token_uri(), |_| {});
    let other = client_key(Alg::Ps256);
    let mut private = jwk_of(es256());
    private["d"] = json!("AAAA");
    let with_private = {
        let header = form_base64(json!({ "alg": "ES256", "typ": "dpop+jwt", "jwk": private }).to_string().as_bytes());
        let rest = good.split_once('.').unwrap().1;
        format!("{header}.{rest}")
    };
    for wrong in [
        sign(es256(), "JWT", Some(jwk_of(es256())), &claims),
        sign(es256(), "dpop+jwt", None, &claims),
        sign(es256(), "dpop+jwt", Some(jwk_of(&records()[2])), &claims),
        sign(es256(), "dpop+jwt", Some(jwk_of(other)), &claims),
        with_private,
        "not.a.proof".to_owned(),
        String::new(),
    ] {
        let answer = answer(&client, &request(&client), &proof());
        assert_eq!(redeem_with(&client, &answer, &[&wrong], &[]).unwrap_err(), Error::DpopProof, "{wrong}");
    }
    assert_eq!(posted(&[], &[&good, &good]).unwrap_err(), Error::DpopProof, "two headers");
}

#[test]
fn fapi2_ensure_dpop_auth_code_binding_success_and_mismatched_jkt_fails() {
    let client = fapi();
    let with_jkt = |key: &ipse_oidc::keys::KeyRecord| request(&client).with("dpop_jkt", &key.kid);
    let bound = answer(&client, &with_jkt(es256()), &proof());
    assert!(redeem_with(&client, &bound, &[&dpop(es256(), &token_uri(), |_| {})], &[]).is_ok());
    let other = dpop(client_key(Alg::Ps256), &token_uri(), |_| {});
    assert_eq!(redeem_with(&client, &bound, &[&other], &[]).unwrap_err(), Error::DpopProof);
    assert_eq!(push(&client, &request(&client).with("dpop_jkt", "short")).unwrap_err(), Error::Invalid("dpop_jkt"));
}

#[test]
fn fapi2_ensure_dpopproof_at_par_endpoint_binding_success() {
    let client = fapi();
    let at_par = dpop(es256(), &par_uri(), |_| {});
    let pushed = push_with(&client, &request(&client), &[&at_par]).unwrap();
    assert_eq!(pushed.replays.len(), 2);
    let uri = request_uri(&pushed);
    let mut interaction =
        arrive(&client, &[("request_uri", &uri), ("client_id", "fapi")], None, BROWSER, noon()).unwrap();
    interaction.begin(BROWSER, verification(1), noon()).unwrap();
    let bound = answered(&client, &mut interaction, &proof(), noon());
    let other = dpop(client_key(Alg::Ps256), &token_uri(), |_| {});
    assert_eq!(redeem_with(&client, &bound, &[&other], &[]).unwrap_err(), Error::DpopProof);
    assert!(redeem_with(&client, &bound, &[&dpop(es256(), &token_uri(), |_| {})], &[]).is_ok());
    // A proof and a parameter that contradict each other.
    let fields = request(&client).with("dpop_jkt", &client_key(Alg::Ps256).kid);
    assert_eq!(push_with(&client, &fields, &[&at_par]).unwrap_err(), Error::DpopProof);
}

#[test]
fn dpop_nonces_are_asked_for_where_there_are_some() {
    let client = fapi();
    let answer = answer(&client, &request(&client), &proof());
    let with = |nonce: Option<&str>| {
        dpop(es256(), &token_uri(), |claims| claims["nonce"] = nonce.map_or(Value::Null, |nonce| json!(nonce)))
    };
    let nonces = ["now", "before"];
    for wrong in [None, Some("older")] {
        let refused = redeem_with(&client, &answer, &[&with(wrong)], &nonces).unwrap_err();
        assert_eq!((refused.code(), refused.status()), ("use_dpop_nonce", 400));
    }
    assert!(redeem_with(&client, &answer, &[&with(Some("before"))], &nonces).is_ok());
}

#[test]
fn dpop_bound_tokens_at_userinfo() {
    let redeemed = whole(|_| {}).unwrap();
    let token = redeemed.body.reveal()["access_token"].as_str().unwrap().to_owned();
    let uri = format!("{ISSUER}/oauth2/userinfo");
    let ath = form_base64(&ipse_oidc::hash_of(token.as_bytes()));
    let proof = |ath: Option<&str>, key| {
        dpop(key, &uri, |claims| {
            claims["htm"] = json!("GET");
            claims["ath"] = ath.map_or(Value::Null, |ath| json!(ath));
        })
    };
    let ask = |scheme: &str, proofs: &[&str], now: Timestamp| {
        let header = format!("{scheme} {token}");
        let ask = Ask { method: "GET", authorization: Some(&header), dpop: proofs, certificate: None };
        userinfo::answer(provider(), &ask, Some(&redeemed.token), &[], now).map(|answered| answered.replay.is_some())
    };
    let good = proof(Some(&ath), es256());
    assert_eq!(ask("DPoP", &[&good], noon()), Ok(true));
    assert_eq!(ask("Bearer", &[&good], noon()), Err(Error::Token), "a bound token is not a bearer token");
    assert_eq!(ask("DPoP", &[], noon()), Err(Error::DpopProof));
    assert_eq!(ask("DPoP", &[&good, &good], noon()), Err(Error::DpopProof));
    assert_eq!(ask("DPoP", &[&proof(None, es256())], noon()), Err(Error::DpopProof), "no ath");
    assert_eq!(ask("DPoP", &[&proof(Some("other"), es256())], noon()), Err(Error::DpopProof));
    assert_eq!(ask("DPoP", &[&proof(Some(&ath), client_key(Alg::Ps256))], noon()), Err(Error::Token), "another key");
    assert_eq!(ask("DPoP", &[&good], after(300)), Err(Error::Token), "expired");
}

#[test]
fn mtls_binds_clients_and_tokens_to_a_certificate() {
    let shown: Hash = [9; 32];
    let client = Client {
        auth_methods: vec![AuthMethod::SelfSignedTlsClientAuth],
        jwks: None,
        certificates: vec![shown],
        binding: Binding::Mtls,
        ..fapi()
    };
    client.validate().unwrap();
    let post = |fields: &Fields, certificate: Option<Hash>| {
        let body = form(&fields.pairs());
        let content_type = Some("application/x-www-form-urlencoded");
        Post::read(&Raw { content_type, certificate, body: &body, ..Raw::default() }).unwrap()
    };
    let bare = |fields: Fields| fields.with("client_assertion", "").with("client_assertion_type", "");
    let fields = bare(request(&client));
    for certificate in [None, Some([8; 32])] {
        let refused = par::push(provider(), Some(&client), &post(&fields, certificate), &[], noon(), entropy());
        assert_eq!(refused.unwrap_err(), Error::InvalidClient);
    }
    let pushed = par::push(provider(), Some(&client), &post(&fields, Some(shown)), &[], noon(), entropy()).unwrap();
    let uri = request_uri(&pushed);
    let mut interaction =
        arrive(&client, &[("request_uri", &uri), ("client_id", "fapi")], None, BROWSER, noon()).unwrap();
    interaction.begin(BROWSER, verification(1), noon()).unwrap();
    let answer = answered(&client, &mut interaction, &proof(), noon());
    let exchange = post(&bare(exchange(&client, &answer)), Some(shown));
    let redeemed =
        token::redeem(provider(), Some(&client), &exchange, answer.grant.as_ref(), &[], noon(), entropy()).unwrap();
    assert_eq!(redeemed.token.certificate, Some(shown));
    let bearer = format!("Bearer {}", redeemed.body.reveal()["access_token"].as_str().unwrap());
    for (certificate, expected) in [(Some(shown), true), (None, false), (Some([8; 32]), false)] {
        let ask = Ask { method: "GET", authorization: Some(&bearer), dpop: &[], certificate };
        assert_eq!(userinfo::answer(provider(), &ask, Some(&redeemed.token), &[], noon()).is_ok(), expected);
    }
}

#[test]
fn fapi2_user_rejects_authentication() {
    let client = fapi();
    let mut interaction = begun(&client, &request(&client));
    let answer = interaction.give_up(provider(), BROWSER, Error::AccessDenied, noon()).unwrap();
    assert_eq!(answer.redirect.field("error"), Some("access_denied"));
    assert_eq!(answer.redirect.field("iss"), Some(ISSUER));
}

#[test]
fn fapi2_attempt_reuse_authorization_code_after_one_second() {
    let client = fapi();
    let answer = answer(&client, &request(&client), &proof());
    let used = ipse_oidc::Grant { redeemed_at: Some(noon()), ..answer.grant.clone().unwrap() };
    let post = posted(&exchange(&client, &answer).pairs(), &[&dpop(es256(), &token_uri(), |_| {})]).unwrap();
    let refused = token::redeem(provider(), Some(&client), &post, Some(&used), &[], after(1), entropy()).unwrap_err();
    assert_eq!(refused, Error::GrantReused);
}
