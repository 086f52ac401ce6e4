//! The list of cases for Okta's custom vendor, by its numbers. What only a running server can show (9: the method,
//! the cookies and the status line) is tested there.

use crate::house::*;
use ipse_core::verification::State;
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::interaction::Told;
use ipse_oidc::params::Raw;
use ipse_oidc::{Error, Grant, Post, par, token};
use jiff::SignedDuration;
use serde_json::json;

#[test]
fn okta_01_form_push_is_answered_with_a_request_uri_and_nothing_else() {
    let pushed = push(&okta(), &request(&okta())).unwrap();
    let members: Vec<_> = pushed.body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["expires_in", "request_uri"]);
    assert_eq!(pushed.body["expires_in"], 60);
    assert!(request_uri(&pushed).starts_with("urn:ietf:params:oauth:request_uri:"));
    assert_ne!(request_uri(&pushed), request_uri(&push(&okta(), &request(&okta())).unwrap()));
}

#[test]
fn okta_02_json_push_is_tolerated_with_claims_as_object_or_text() {
    for claims in [okta_claims(), json!(okta_claims().to_string())] {
        let mut body = json!({});
        for (name, value) in request(&okta()).with("claims", "").0 {
            body[name] = json!(value);
        }
        body["claims"] = claims;
        let body = body.to_string();
        let raw =
            Raw { content_type: Some("application/json; charset=utf-8"), body: body.as_bytes(), ..Raw::default() };
        let post = Post::read(&raw).unwrap();
        assert!(par::push(provider(), Some(&okta()), &post, &[], noon(), entropy()).is_ok());
        // Nobody but Okta's customers is tolerated this.
        let other = ipse_oidc::Client { id: "okta".to_owned(), ..basic() };
        assert_eq!(par::push(provider(), Some(&other), &post, &[], noon(), entropy()).unwrap_err(), Error::Malformed);
    }
}

#[test]
fn okta_03_wrong_secret_and_okta_04_unknown_client_are_told_the_same() {
    let fields = request(&okta());
    let wrong = push(&okta(), &fields.clone().with("client_secret", "wrong")).unwrap_err();
    let post = post(&fields.with("client_id", "nobody").pairs()).unwrap();
    let unknown = par::push(provider(), None, &post, &[], noon(), entropy()).unwrap_err();
    assert_eq!((wrong, unknown), (Error::InvalidClient, Error::InvalidClient));
    assert_eq!((wrong.status(), wrong.code()), (401, "invalid_client"));
    assert_eq!(wrong.body(), unknown.body());
    // A client of that id that the caller should not have found does not help.
    let fields = request(&okta()).with("client_id", "somebody-else");
    assert_eq!(push(&okta(), &fields).unwrap_err(), Error::InvalidClient);
    assert_eq!(push(&okta(), &request(&okta()).with("client_secret", "")).unwrap_err(), Error::InvalidClient);
}

#[test]
fn okta_05_unregistered_redirect_uri() {
    for uri in [
        "https://evil.example/idp/identity-verification/callback",
        "https://acme.okta.example/idp/identity-verification/callback/",
        "https://acme.okta.example/idp/identity-verification/callback?x=1",
        "https://acme.okta.example:443/idp/identity-verification/callback",
        "https://ACME.okta.example/idp/identity-verification/callback",
    ] {
        let refused = push(&okta(), &request(&okta()).with("redirect_uri", uri)).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (400, "invalid_request"), "{uri}");
    }
    assert_eq!(push(&okta(), &request(&okta()).with("redirect_uri", "")).unwrap_err(), Error::Missing("redirect_uri"));
}

#[test]
fn okta_06_challenge_missing_or_plain() {
    let none = request(&okta()).with("code_challenge", "").with("code_challenge_method", "");
    assert_eq!(push(&okta(), &none).unwrap_err(), Error::PkceRequired);
    for (challenge, method) in [(VERIFIER, "plain"), (VERIFIER, ""), ("short", "S256"), ("", "S256")] {
        let fields = request(&okta()).with("code_challenge", challenge).with("code_challenge_method", method);
        let refused = push(&okta(), &fields).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (400, "invalid_request"), "{challenge} {method}");
    }
}

#[test]
fn okta_07_request_uri_inside_a_push() {
    let uri = request_uri(&push(&okta(), &request(&okta())).unwrap());
    let refused = push(&okta(), &request(&okta()).with("request_uri", &uri)).unwrap_err();
    assert_eq!((refused.status(), refused.code()), (400, "invalid_request"));
    let object = push(&okta(), &request(&okta()).with("request", "eyJhbGciOiJub25lIn0.e30.")).unwrap_err();
    assert_eq!(object.code(), "request_not_supported");
}

#[test]
fn okta_08_duplicate_parameter() {
    let fields = request(&okta());
    let mut pairs = fields.pairs();
    pairs.push(("state", "again"));
    assert_eq!(post(&pairs).unwrap_err(), Error::Duplicate);
    let json = br#"{"state":"a","state":"a"}"#;
    let raw = Raw { content_type: Some("application/json"), body: json, ..Raw::default() };
    assert_eq!(Post::read(&raw).unwrap_err(), Error::Duplicate);
}

#[test]
fn okta_10_body_over_the_limit() {
    let long = "x".repeat(33 * 1024);
    let refused = post(&[("state", &long)]).unwrap_err();
    assert_eq!(refused.status(), 413);
    // What is too long only for a URL is refused too.
    let claims = json!({ "id_token": { "verified_claims": { "verification": {}, "claims":
        { "given_name": { "values": vec!["x".repeat(900); 9] } } } } });
    let refused = push(&okta(), &request(&okta()).with("claims", &claims.to_string())).unwrap_err();
    assert_eq!(refused.status(), 413);
}

#[test]
fn okta_11_scope_without_openid_and_flows_that_do_not_exist() {
    for scope in
        ["profile identity_assurance", "openid idv_flow_unknown", "openid idv_flow_strict idv_flow_strict2", ""]
    {
        let refused = push(&okta(), &request(&okta()).with("scope", scope)).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (400, "invalid_scope"), "{scope}");
    }
    let interaction = begun(&okta(), &request(&okta()).with("scope", "openid idv_flow_strict"));
    assert_eq!(interaction.request.journey, "strict");
    assert_eq!(begun(&okta(), &request(&okta())).request.journey, "standard");
}

#[test]
fn okta_12_claims_that_are_not_json() {
    for claims in ["{", "[]", "1", r#"{"id_token":[]}"#, r#"{"id_token":{"verified_claims":"x"}}"#] {
        let refused = push(&okta(), &request(&okta()).with("claims", claims)).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (400, "invalid_request"), "{claims}");
    }
}

#[test]
fn okta_15_another_trust_framework_or_level_fails() {
    for (member, value) in [("trust_framework", "eidas"), ("assurance_level", "IAL2")] {
        let mut claims = okta_claims();
        claims["id_token"]["verified_claims"][0]["verification"][member]["value"] = json!(value);
        let told = told(&okta(), &request(&okta()).with("claims", &claims.to_string()), &proof());
        let verification = &told["verified_claims"][0]["verification"];
        assert_eq!(verification["assurance_level"], "FAILED", "{value}");
        assert_eq!(verification["trust_framework"], "IDV-DELEGATED", "{value}");
    }
}

#[test]
fn okta_16_authorize_without_client_id() {
    let uri = request_uri(&push(&okta(), &request(&okta())).unwrap());
    assert!(arrive(&okta(), &[("request_uri", &uri)], None, BROWSER, noon()).is_ok());
    // FAPI and the rest are strict about RFC 9126 §4.
    let uri = request_uri(&push(&basic(), &request(&basic())).unwrap());
    let refused = arrive(&basic(), &[("request_uri", &uri)], None, BROWSER, noon()).unwrap_err();
    assert_eq!(refused, Error::Missing("client_id"));
}

#[test]
fn okta_17_another_clients_client_id_gets_a_page() {
    let uri = request_uri(&push(&okta(), &request(&okta())).unwrap());
    let query = form(&[("request_uri", &uri), ("client_id", "basic")]);
    let incoming = Incoming::read(provider(), &query).unwrap();
    assert_eq!(incoming.client_id(), Some("okta"));
    let refused = authorize::request(provider(), Some(&okta()), incoming, None, noon(), entropy()).unwrap_err();
    assert_eq!((refused.error, refused.redirect), (Error::RequestUri, None));
}

#[test]
fn okta_18_expired_or_forged_request_uri_gets_a_page() {
    let uri = request_uri(&push(&okta(), &request(&okta())).unwrap());
    let open = |uri: &str, now| arrive(&okta(), &[("request_uri", uri)], None, BROWSER, now);
    assert!(open(&uri, after(59)).is_ok());
    assert_eq!(open(&uri, after(60)).unwrap_err(), Error::RequestUri);
    for cut in [uri.len() - 1, uri.len() / 2, 40, 34] {
        assert_eq!(open(&uri[..cut], noon()).unwrap_err(), Error::RequestUri, "cut at {cut}");
    }
    for place in (34..uri.len()).step_by(37) {
        let mut bytes = uri.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(bytes).unwrap();
        assert_eq!(open(&forged, noon()).unwrap_err(), Error::RequestUri, "changed at {place}");
    }
    assert_eq!(open("https://evil.example/request.jwt", noon()).unwrap_err(), Error::ForeignRequestUri);
    let refused = Incoming::read(provider(), &form(&[("request_uri", "https://evil.example/")])).unwrap_err();
    assert_eq!(refused.redirect, None);
}

#[test]
fn okta_19_reload_before_the_end_and_okta_20_not_after() {
    let client = okta();
    let uri = request_uri(&push(&client, &request(&client)).unwrap());
    let query = [("request_uri", uri.as_str())];
    let mut first = arrive(&client, &query, None, BROWSER, noon()).unwrap();
    first.begin(BROWSER, verification(1), after(20)).unwrap();
    let again = arrive(&client, &query, Some(first.clone()), BROWSER, after(300)).unwrap();
    assert_eq!(again, first);
    answered(&client, &mut first, &proof(), after(400));
    assert_eq!(arrive(&client, &query, Some(first.clone()), BROWSER, after(401)).unwrap_err(), Error::SessionOver);
    assert_eq!(arrive(&client, &query, Some(first), BROWSER, after(30)).unwrap_err(), Error::SessionOver);
}

#[test]
fn okta_21_verified_token_has_exactly_the_documented_shape() {
    let fields = request(&okta());
    let told = told(&okta(), &fields, &proof());
    let second = noon().as_second();
    assert_eq!(
        told,
        json!({
            "iss": ISSUER, "aud": "okta", "sub": "00u1234567890", "iat": second - 5, "exp": second + 300,
            "nonce": fields.get("nonce"),
            "verified_claims": [{
                "verification": {
                    "trust_framework": "IDV-DELEGATED", "assurance_level": "VERIFIED",
                    "time": "2026-11-21T11:59:30Z", "verification_process": verification(1).as_str(),
                },
                "claims": {
                    "given_name": { "fuzzy": true, "value": "MATCHED" },
                    "family_name": { "fuzzy": true, "value": "MATCHED" },
                },
            }],
        })
    );
}

#[test]
fn okta_21_token_response_has_what_okta_and_rfc_6749_want() {
    let (client, fields) = (okta(), request(&okta()));
    let answer = answer(&client, &fields, &proof());
    let redeemed = redeem(&client, &exchange(&client, &answer), answer.grant.as_ref(), noon()).unwrap();
    let body = redeemed.body.reveal();
    let mut members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["access_token", "expires_in", "id_token", "token_type"]);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(300)));
    assert!(body["id_token"].as_str().unwrap().starts_with("eyJhbGciOiJSUzI1NiIs"));
}

#[test]
fn okta_22_name_mismatch_fails_with_null_and_keeps_the_others() {
    let mut claims = okta_claims();
    claims["id_token"]["verified_claims"][0]["claims"]["given_name"]["value"] = json!("Eva");
    let fields = request(&okta()).with("claims", &claims.to_string());
    let answer = answer(&okta(), &fields, &proof());
    assert_eq!(answer.told, Told::Failed);
    let told = told(&okta(), &fields, &proof());
    assert_eq!(told["verified_claims"][0]["verification"]["assurance_level"], "FAILED");
    assert_eq!(
        told["verified_claims"][0]["claims"],
        json!({ "given_name": { "fuzzy": true, "value": null }, "family_name": { "fuzzy": true, "value": "MATCHED" } })
    );
}

#[test]
fn okta_23_failed_evidence_proves_nothing() {
    let failed = ipse_oidc::Proof { state: State::Failed, ..proof() };
    let told = told(&okta(), &request(&okta()), &failed);
    assert_eq!(told["verified_claims"][0]["verification"]["assurance_level"], "FAILED");
    assert_eq!(
        told["verified_claims"][0]["claims"],
        json!({ "given_name": { "fuzzy": true, "value": null }, "family_name": { "fuzzy": true, "value": null } })
    );
}

#[test]
fn okta_24_cancel_is_access_denied_with_state() {
    let (client, fields) = (okta(), request(&okta()));
    let mut interaction = begun(&client, &fields);
    let answer = interaction.give_up(provider(), BROWSER, Error::AccessDenied, after(5)).unwrap();
    assert_eq!(answer.redirect.uri, CALLBACK);
    assert_eq!(answer.redirect.field("error"), Some("access_denied"));
    assert_eq!(answer.redirect.field("state"), Some(fields.get("state")));
    assert_eq!(answer.redirect.field("iss"), Some(ISSUER));
    assert!(answer.grant.is_none() && answer.redirect.field("code").is_none());
    assert_eq!(
        interaction.give_up(provider(), BROWSER, Error::AccessDenied, after(6)).unwrap_err(),
        Error::SessionOver
    );
    for state in [State::Cancelled, State::Declined] {
        let ended = ipse_oidc::Proof { state, ..proof() };
        let answer = answered(&client, &mut begun(&client, &request(&client)), &ended, after(9));
        assert_eq!(answer.redirect.field("error"), Some("access_denied"));
    }
}

#[test]
fn okta_24_time_that_runs_out_never_opens() {
    let client = okta();
    let with = |state, checked| ipse_oidc::Proof { state, checked, ..proof() };
    for (proof, now, expected) in [
        (with(State::Expired, false), after(500), Told::Denied),
        (with(State::Expired, true), after(500), Told::Failed),
        (with(State::InProgress, false), after(901), Told::Denied),
        (with(State::PendingReview, true), after(901), Told::Failed),
        (with(State::Processing, true), after(901), Told::Failed),
    ] {
        let answer = answered(&client, &mut begun(&client, &request(&client)), &proof, now);
        assert_eq!(answer.told, expected, "{:?}", proof.state);
    }
}

#[test]
fn okta_25_finished_at_nine_minutes_fifty_nine() {
    let client = ipse_oidc::Client { minutes: 10, ..okta() };
    let mut interaction = begun(&client, &request(&client));
    let late = after(599);
    let proof = ipse_oidc::Proof { at: late, ..proof() };
    let answer = answered(&client, &mut interaction, &proof, late);
    assert_eq!(answer.told, Told::Proven);
    assert!(redeem(&client, &exchange(&client, &answer), answer.grant.as_ref(), after(600)).is_ok());
}

#[test]
fn okta_26_code_used_twice() {
    let client = okta();
    let answer = answer(&client, &request(&client), &proof());
    let grant = answer.grant.clone().unwrap();
    let redeemed = redeem(&client, &exchange(&client, &answer), Some(&grant), noon()).unwrap();
    assert_eq!(redeemed.token.code_hash, grant.code_hash);
    let used = Grant { redeemed_at: Some(noon()), ..grant };
    let refused = redeem(&client, &exchange(&client, &answer), Some(&used), after(1)).unwrap_err();
    assert_eq!(refused, Error::GrantReused);
    assert_eq!((refused.status(), refused.code()), (400, "invalid_grant"));
    assert_eq!(refused.body(), Error::Grant.body());
}

#[test]
fn okta_27_code_after_sixty_seconds() {
    let client = okta();
    let answer = answer(&client, &request(&client), &proof());
    let fields = exchange(&client, &answer);
    assert!(redeem(&client, &fields, answer.grant.as_ref(), after(59)).is_ok());
    assert_eq!(redeem(&client, &fields, answer.grant.as_ref(), after(60)).unwrap_err(), Error::Grant);
}

#[test]
fn okta_28_wrong_verifier_okta_29_wrong_redirect_uri_okta_30_other_client() {
    let client = okta();
    let answer = answer(&client, &request(&client), &proof());
    let grant = answer.grant.as_ref();
    let fields = exchange(&client, &answer);
    let other = "a".repeat(43);
    for wrong in [
        fields.clone().with("code_verifier", &other),
        fields.clone().with("code_verifier", ""),
        fields.clone().with("code_verifier", &challenge()),
        fields.clone().with("redirect_uri", "https://acme.okta.example/other"),
        fields.clone().with("code", &other),
    ] {
        let refused = redeem(&client, &wrong, grant, noon()).unwrap_err();
        assert_eq!((refused.status(), refused.code()), (400, "invalid_grant"));
    }
    assert_eq!(redeem(&client, &fields, None, noon()).unwrap_err(), Error::Grant);
    let missing = redeem(&client, &fields.clone().with("redirect_uri", ""), grant, noon()).unwrap_err();
    assert_eq!(missing.code(), "invalid_request");
    let thief = ipse_oidc::Client { id: "thief".to_owned(), ..okta() };
    let refused = redeem(&thief, &fields.clone().with("client_id", "thief"), grant, noon()).unwrap_err();
    assert_eq!(refused, Error::Grant);
    let refused = redeem(&client, &fields.clone().with("grant_type", "password"), grant, noon()).unwrap_err();
    assert_eq!(refused.code(), "unsupported_grant_type");
    let refused = redeem(&client, &fields.with("client_secret", "wrong"), grant, noon()).unwrap_err();
    assert_eq!(refused.status(), 401);
}

#[test]
fn okta_31_nonce_comes_back_byte_for_byte_or_not_at_all() {
    for nonce in ["n-0S6_WzA2Mj", "+/=&% ü\u{1f9d1}", &"n".repeat(64)] {
        assert_eq!(told(&okta(), &request(&okta()).with("nonce", nonce), &proof())["nonce"], nonce);
    }
    assert!(told(&okta(), &request(&okta()).with("nonce", ""), &proof()).get("nonce").is_none());
    assert_eq!(push(&okta(), &request(&okta()).with("nonce", &"n".repeat(513))).unwrap_err(), Error::Invalid("nonce"));
}

#[test]
fn okta_32_state_of_a_kilobyte_with_every_troublemaker() {
    for state in ["+/=&% #?\"'<>ü", &"+/=&%".repeat(205)] {
        let answer = answer(&okta(), &request(&okta()).with("state", state), &proof());
        let location = answer.redirect.location().unwrap();
        let url = url::Url::parse(&location).unwrap();
        assert!(location.starts_with(&format!("{CALLBACK}?")));
        let found: Vec<_> = url.query_pairs().filter(|(name, _)| name == "state").collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1, state);
        assert!(url.query_pairs().any(|(name, value)| name == "iss" && value == ISSUER));
    }
    assert!(answer(&okta(), &request(&okta()).with("state", ""), &proof()).redirect.field("state").is_none());
    for bad in ["a\r\nLocation: x", &"s".repeat(2049)] {
        assert_eq!(push(&okta(), &request(&okta()).with("state", bad)).unwrap_err(), Error::Invalid("state"));
    }
}

#[test]
fn okta_33_issued_in_the_past_and_alive_for_clocks_that_are_late() {
    let told = told(&okta(), &request(&okta()), &proof());
    let relying_party = noon() - SignedDuration::from_secs(4);
    assert!(told["iat"].as_i64().unwrap() <= relying_party.as_second());
    assert!(told["exp"].as_i64().unwrap() > noon().as_second());
}

#[test]
fn okta_36_two_sessions_of_one_person_do_not_mix() {
    let client = okta();
    let (one, two) = (request(&client), request(&client));
    let (mut first, mut second) = (begun(&client, &one), begun(&client, &two));
    assert_ne!(first.request.id, second.request.id);
    let mut other = proof();
    other.verification = verification(2);
    // The proof of one session is none for the other.
    assert!(second.step(provider(), &client, &other, BROWSER, noon(), entropy()).is_err());
    let first = answered(&client, &mut first, &proof(), noon());
    let second = answered(&client, &mut second, &proof(), noon());
    let crossed = token::redeem(
        provider(),
        Some(&client),
        &post(&exchange(&client, &first).pairs()).unwrap(),
        second.grant.as_ref(),
        &[],
        noon(),
        entropy(),
    );
    assert_eq!(crossed.unwrap_err(), Error::Grant);
    assert_eq!(first.redirect.field("state"), Some(one.get("state")));
    assert_eq!(second.redirect.field("state"), Some(two.get("state")));
}

#[test]
fn okta_37_old_and_new_secret_in_the_overlap() {
    let mut client = okta();
    let ends = after(3_600);
    client.rotate_secret(ipse_oidc::hash_of(b"new-secret"), noon(), ends, 1);
    client.validate().unwrap();
    let try_at = |client: &ipse_oidc::Client, secret: &str, now| {
        let post = post(&request(client).with("client_secret", secret).pairs()).unwrap();
        par::push(provider(), Some(client), &post, &[], now, entropy()).is_ok()
    };
    assert!(try_at(&client, SECRET, noon()) && try_at(&client, "new-secret", noon()));
    assert!(!try_at(&client, SECRET, ends) && try_at(&client, "new-secret", ends));
    // A third rotation ends the first secret at once, and does not prolong the second.
    client.rotate_secret(ipse_oidc::hash_of(b"newest"), after(10), after(20), 1);
    assert!(!try_at(&client, SECRET, after(11)));
    assert!(try_at(&client, "new-secret", after(11)) && try_at(&client, "newest", after(11)));
    assert!(!try_at(&client, "new-secret", after(20)));
}
