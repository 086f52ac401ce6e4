//! OpenID Identity Assurance 1.0: the modules of the conformance suite's ekyc plan, by their names, and the rules
//! behind them.

use crate::house::*;
use ipse_core::verification::State;
use ipse_oidc::client::ClaimsValues;
use ipse_oidc::interaction::Told;
use ipse_oidc::userinfo::{self, Ask};
use ipse_oidc::{Client, Proof, discovery};
use serde_json::{Value, json};

fn asking(place: &str, element: &Value) -> Fields {
    let mut claims = json!({});
    claims[place] = json!({ "verified_claims": element });
    request(&basic()).with("scope", "openid").with("claims", &claims.to_string())
}

fn in_id_token(element: &Value) -> Option<Value> {
    told(&basic(), &asking("id_token", element), &proof()).get("verified_claims").cloned()
}

fn in_userinfo(client: &Client, fields: &Fields) -> (Value, Value) {
    let answer = answer(client, fields, &proof());
    let redeemed = redeem(client, &exchange(client, &answer), answer.grant.as_ref(), noon()).unwrap();
    let body = redeemed.body.reveal();
    let bearer = format!("Bearer {}", body["access_token"].as_str().unwrap());
    let ask = Ask { method: "GET", authorization: Some(&bearer), dpop: &[], certificate: None };
    assert_eq!(ask.token_hash(), Some(redeemed.token.hash));
    let info = userinfo::answer(provider(), &ask, Some(&redeemed.token), &[], noon()).unwrap();
    (verified(client, body["id_token"].as_str().unwrap()), info.body.into_inner())
}

fn one(claim: Value) -> Value {
    json!({ "verification": { "trust_framework": null }, "claims": { "family_name": claim } })
}

fn answered_one() -> Value {
    json!({ "verification": { "trust_framework": "nist_800_63A" }, "claims": { "family_name": "ERIKSSON" } })
}

#[test]
fn ekyc_server_happypath() {
    assert_eq!(in_id_token(&one(Value::Null)), Some(answered_one()));
}

#[test]
fn ekyc_server_happypath_emptyobject() {
    assert_eq!(in_id_token(&one(json!({}))), Some(answered_one()));
}

#[test]
fn ekyc_server_happypath_essentialfalse() {
    assert_eq!(in_id_token(&one(json!({ "essential": false }))), Some(answered_one()));
    assert_eq!(in_id_token(&one(json!({ "essential": true }))), Some(answered_one()));
}

#[test]
fn ekyc_server_unknown_claim_omitted() {
    for name in ["unknown", "__proto__", "né\"e\\ \u{1f9d1}", ""] {
        for asked in [Value::Null, json!({ "essential": true })] {
            let mut element = one(Value::Null);
            element["claims"][name] = asked;
            assert_eq!(in_id_token(&element), Some(answered_one()), "{name}");
        }
    }
    let only = json!({ "verification": { "trust_framework": null }, "claims": { "unknown": { "essential": true } } });
    assert_eq!(in_id_token(&only), None);
}

#[test]
fn ekyc_server_one_claim_with_random_value_omitted() {
    let mut element = one(Value::Null);
    element["claims"]["given_name"] = json!({ "value": "qGz6Yp" });
    assert_eq!(in_id_token(&element), Some(answered_one()));
    assert_eq!(in_id_token(&one(json!({ "value": "qGz6Yp" }))), None);
    assert_eq!(in_id_token(&one(json!({ "values": ["qGz6Yp", "Smith"] }))), None);
}

#[test]
fn ekyc_server_request_only_in_idtoken() {
    let (token, info) = in_userinfo(&basic(), &asking("id_token", &one(Value::Null)));
    assert_eq!(token["verified_claims"], answered_one());
    assert!(info.get("verified_claims").is_none());
    assert_eq!(token["sub"], info["sub"]);
}

#[test]
fn ekyc_server_request_only_in_userinfo() {
    let (token, info) = in_userinfo(&basic(), &asking("userinfo", &one(Value::Null)));
    assert_eq!(info["verified_claims"], answered_one());
    assert!(token.get("verified_claims").is_none());
}

#[test]
fn ekyc_server_test_userinfo_notfoundinop() {
    // Asked for everything that was never proven: an answer without verified_claims, and no error.
    let element = json!({ "verification": { "trust_framework": null }, "claims": { "email": null, "phone_number": null, "address": null } });
    let (_, info) = in_userinfo(&basic(), &asking("userinfo", &element));
    assert!(info.get("verified_claims").is_none());
}

#[test]
fn ekyc_server_testuserprovidedrequest() {
    let element = json!({
        "verification": {
            "trust_framework": { "value": "nist_800_63A" }, "assurance_level": null, "time": { "max_age": 60 },
            "verification_process": null,
            "evidence": [{
                "type": { "value": "document" }, "check_details": null,
                "document_details": { "type": { "values": ["passport", "idcard"] }, "issuer": { "country_code": null } },
            }],
        },
        "claims": { "given_name": null, "birthdate": { "value": "1974-08-12" } },
    });
    assert_eq!(
        in_id_token(&element),
        Some(json!({
            "verification": {
                "trust_framework": "nist_800_63A", "assurance_level": "ial1", "time": "2026-11-21T11:59:30Z",
                "verification_process": verification(1).as_str(),
                "evidence": [{
                    "type": "document",
                    "document_details": { "type": "passport", "issuer": { "country_code": "UTO" } },
                    "check_details": [{
                        "check_method": "vri", "check_id": verification(1).as_str(), "time": "2026-11-21T11:59:30Z",
                    }],
                }],
            },
            "claims": { "given_name": "ANNA MARIA", "birthdate": "1974-08-12" },
        }))
    );
}

#[test]
fn ida_what_is_not_met_inside_verification_omits_the_whole() {
    for verification in [
        json!({ "trust_framework": { "value": "eidas" } }),
        json!({ "trust_framework": { "values": ["eidas", "de_aml"] } }),
        json!({ "trust_framework": null, "assurance_level": { "value": "ial3" } }),
        json!({ "trust_framework": null, "time": { "max_age": 29 } }),
        json!({ "trust_framework": null, "verification_process": { "value": "another" } }),
        json!({ "trust_framework": null, "assurance_process": { "policy": { "value": "gpg45" } } }),
        json!({ "trust_framework": null, "evidence": [{ "type": { "value": "vouch" } }] }),
        json!({ "trust_framework": null, "evidence": [{ "type": null }] }),
        json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" }, "document_details": { "type": { "value": "visa" } } }] }),
        json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" }, "document_details": { "issuer": { "country_code": { "value": "SWE" } } } }] }),
        json!({ "trust_framework": null, "evidence": [{ "type": { "value": "document" }, "document_details": { "date_of_expiry": { "max_age": 1 } } }] }),
    ] {
        let element = json!({ "verification": verification, "claims": { "family_name": null } });
        assert_eq!(in_id_token(&element), None, "{verification}");
    }
    // What is unknown and not restricted is passed over.
    let element = json!({ "verification": { "trust_framework": null, "assurance_process": null }, "claims": { "family_name": null } });
    assert_eq!(in_id_token(&element), Some(answered_one()));
}

#[test]
fn ida_every_element_of_an_array_is_answered_on_its_own() {
    let eidas =
        json!({ "verification": { "trust_framework": { "value": "eidas" } }, "claims": { "given_name": null } });
    assert_eq!(in_id_token(&json!([eidas, one(Value::Null)])), Some(answered_one()));
    assert_eq!(
        in_id_token(&json!([one(Value::Null), one(Value::Null)])),
        Some(json!([answered_one(), answered_one()]))
    );
    assert_eq!(in_id_token(&json!([eidas])), None);
}

#[test]
fn ida_a_client_that_may_not_have_values_gets_back_only_its_own() {
    let client = Client { claims_values: ClaimsValues::Matched, ..basic() };
    let element = json!({
        "verification": { "trust_framework": null },
        "claims": { "family_name": { "value": "Eriksson" }, "given_name": null, "birthdate": null },
    });
    let told = told(&client, &asking("id_token", &element).with("scope", "openid profile"), &proof());
    assert_eq!(told["verified_claims"]["claims"], json!({ "family_name": "Eriksson" }));
    let (_, info) = in_userinfo(&client, &request(&client));
    assert_eq!(info.as_object().unwrap().len(), 1, "only sub");
}

#[test]
fn ida_a_failed_verification_is_denied_not_told() {
    let failed = Proof { state: State::Failed, ..proof() };
    for client in [basic(), Client { claims_values: ClaimsValues::Matched, ..basic() }] {
        let answer = answered(&client, &mut begun(&client, &asking("id_token", &one(Value::Null))), &failed, noon());
        assert_eq!(answer.told, Told::Denied);
        assert_eq!(answer.redirect.field("error"), Some("access_denied"));
        assert!(answer.grant.is_none());
    }
}

#[test]
fn ida_metadata_names_what_can_be_answered() {
    let metadata = discovery::metadata(provider(), &["nist_800_63A"]);
    for (name, value) in [
        ("verified_claims_supported", json!(true)),
        ("claims_parameter_supported", json!(true)),
        ("trust_frameworks_supported", json!(["IDV-DELEGATED", "nist_800_63A"])),
        ("evidence_supported", json!(["document"])),
        ("documents_check_methods_supported", json!(["vri"])),
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("pushed_authorization_request_endpoint", json!(format!("{ISSUER}/oauth2/par"))),
        ("issuer", json!(ISSUER)),
    ] {
        assert_eq!(metadata[name], value, "{name}");
    }
    assert!(metadata["id_token_signing_alg_values_supported"].as_array().unwrap().contains(&json!("RS256")));
    let listed = metadata["claims_in_verified_claims_supported"].as_array().unwrap();
    for claim in ["given_name", "family_name", "middle_name", "birthdate", "email", "phone_number", "address"] {
        assert!(listed.contains(&json!(claim)), "{claim}");
    }
}
