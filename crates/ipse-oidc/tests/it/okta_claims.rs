//! The claims of Okta's requests in all their shapes, and what is answered to them: nothing more, nothing less.

use crate::house::*;
use ipse_core::Private;
use ipse_oidc::Client;
use ipse_oidc::claims_request::ClaimsRequest;
use ipse_oidc::client::ClaimsValues;
use ipse_oidc::interaction::Told;
use ipse_oidc::proof::Address;
use serde_json::{Value, json};

fn asking(claims: Value) -> Fields {
    let verification = &okta_claims()["id_token"]["verified_claims"][0]["verification"];
    let request = json!({ "id_token": { "verified_claims": [{ "verification": verification, "claims": claims }] } });
    request_with(&request)
}

fn request_with(claims: &Value) -> Fields {
    request(&okta()).with("claims", &claims.to_string())
}

#[test]
fn okta_13_every_historical_shape_is_the_same_request() {
    let shape = |given: Value, family: Value, in_array: bool| {
        let element = json!({
            "verification": { "trust_framework": { "value": "IDV-DELEGATED" } },
            "claims": { "given_name": given, "family_name": family, "address": { "country": given } },
        });
        let elements = if in_array { json!([element]) } else { element };
        ClaimsRequest::parse(&json!({ "id_token": { "verified_claims": elements } }).to_string()).unwrap()
    };
    let newest = shape(json!({ "value": "Ada", "fuzzy": true }), json!({ "value": "Lovelace", "fuzzy": true }), true);
    assert_eq!(newest.id_token.verified[0].claims.len(), 3);
    for in_array in [true, false] {
        assert_eq!(newest, shape(json!({ "value": "Ada", "fuzzy": true }), json!("Lovelace"), in_array));
        assert_eq!(newest, shape(json!("Ada"), json!({ "fuzzy": "Lovelace" }), in_array));
        assert_eq!(newest, shape(json!({ "fuzzy": "Ada", "essential": true }), json!("Lovelace"), in_array));
    }
    let null = shape(Value::Null, json!({}), true);
    assert!(null.id_token.verified[0].claims.values().all(|asked| asked.values.is_empty() && asked.fuzzy.is_none()));
}

#[test]
fn okta_14_unknown_claims_are_passed_over() {
    let told = told(
        &okta(),
        &asking(json!({
            "given_name": { "value": "Anna", "fuzzy": true }, "family_name": { "value": "Eriksson", "fuzzy": true },
            "bithdate": { "value": "1974-08-12", "fuzzy": true }, "shoe_size": "43", "na\"me\u{0}": null,
        })),
        &proof(),
    );
    assert_eq!(told["verified_claims"][0]["verification"]["assurance_level"], "VERIFIED");
    assert_eq!(told["verified_claims"][0]["claims"].as_object().unwrap().len(), 2);
}

#[test]
fn okta_35_exactly_the_claims_that_were_asked_for() {
    let mut proof = proof();
    let private = |text: &str| Some(Private::new(text.to_owned()));
    proof.person.emails = vec![Private::new("anna@utopia.example".to_owned())];
    proof.person.phones = vec![Private::new("+14155550123".to_owned())];
    proof.person.address = Some(Address {
        street_address: private("1 Main Street\nFloor 2"),
        locality: private("Zenith"),
        country: private("UT"),
        ..Address::default()
    });
    let ask = |value: &str| json!({ "value": value, "fuzzy": true });
    let requests = [
        json!({ "family_name": ask("Eriksson") }),
        json!({ "given_name": ask("Anna"), "middle_name": ask("Maria"), "family_name": ask("Eriksson") }),
        json!({ "birthdate": ask("1974-08-12"), "email": ask("Anna@Utopia.example"), "phone_number": ask("+1 415 555 0123") }),
        json!({ "address": { "street_address": ask("1, Main Street, Floor 2"), "locality": ask("zenith"), "country": ask("UT") } }),
        json!({}),
    ];
    for claims in requests {
        for values in [ClaimsValues::Matched, ClaimsValues::Values] {
            let client = Client { claims_values: values, ..okta() };
            let told = told(&client, &asking(claims.clone()), &proof);
            let element = &told["verified_claims"][0];
            assert_eq!(element["verification"]["assurance_level"], "VERIFIED", "{claims}");
            assert_eq!(shape(&element["claims"]), shape(&claims));
            assert_eq!(element["verification"].as_object().unwrap().len(), 4);
            let mut members: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
            members.sort_unstable();
            assert_eq!(members, ["aud", "exp", "iat", "iss", "nonce", "sub", "verified_claims"]);
            if values == ClaimsValues::Matched {
                assert!(leaves(&element["claims"]).iter().all(|value| *value == "MATCHED"));
            } else {
                assert!(!leaves(&element["claims"]).contains(&&json!("MATCHED")));
            }
        }
    }
}

/// The names in an object, without what stands under them.
fn shape(value: &Value) -> Vec<String> {
    let mut names = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        names.push(name.clone());
        names.extend(
            shape(value)
                .into_iter()
                .filter(|inner| inner != "fuzzy" && inner != "value")
                .map(|inner| format!("{name}.{inner}")),
        );
    }
    names.sort();
    names
}

fn leaves(value: &Value) -> Vec<&Value> {
    match value.get("value") {
        Some(leaf) => vec![leaf],
        None => value.as_object().into_iter().flatten().flat_map(|(_, inner)| leaves(inner)).collect(),
    }
}

#[test]
fn okta_fuzzy_comes_back_as_it_was_sent_and_false_means_exact() {
    let claims = json!({
        "given_name": { "value": "Ana Maria", "fuzzy": true }, "family_name": { "value": "Éricksson", "fuzzy": false },
    });
    let mut proof = proof();
    proof.person.identity.given_name = Some(Private::new("Aña María".to_owned()));
    proof.person.identity.family_name = Some(Private::new("Ericksson".to_owned()));
    let answered = told(&okta(), &asking(claims), &proof);
    assert_eq!(
        answered["verified_claims"][0]["claims"],
        json!({ "given_name": { "fuzzy": true, "value": "MATCHED" }, "family_name": { "fuzzy": false, "value": null } })
    );
    let claims = json!({ "given_name": { "value": "Aña" }, "family_name": { "value": "Ericksson" } });
    let answered = told(&okta(), &asking(claims), &proof);
    assert_eq!(
        answered["verified_claims"][0]["claims"],
        json!({ "given_name": { "value": "MATCHED" }, "family_name": { "value": "MATCHED" } })
    );
}

#[test]
fn okta_what_is_not_proven_is_not_matched() {
    for claims in [
        json!({ "email": { "value": "anna@utopia.example", "fuzzy": true } }),
        json!({ "phone_number": { "value": "+14155550123", "fuzzy": true } }),
        json!({ "address": { "country": { "value": "UT", "fuzzy": true } } }),
        json!({ "given_name": null }),
        json!({ "given_name": { "value": "", "fuzzy": true } }),
    ] {
        let answer = answer(&okta(), &asking(claims.clone()), &proof());
        assert_eq!(answer.told, Told::Failed, "{claims}");
        let told = told(&okta(), &asking(claims), &proof());
        assert!(leaves(&told["verified_claims"][0]["claims"]).iter().all(|value| value.is_null()));
    }
}

#[test]
fn okta_echoes_the_spelling_of_the_framework_that_was_asked_for() {
    for spelling in ["IDV-DELEGATED", "IDV_DELEGATED"] {
        let mut claims = okta_claims();
        claims["id_token"]["verified_claims"][0]["verification"]["trust_framework"]["value"] = json!(spelling);
        let told = told(&okta(), &request_with(&claims), &proof());
        let verification = &told["verified_claims"][0]["verification"];
        assert_eq!(
            (&verification["trust_framework"], &verification["assurance_level"]),
            (&json!(spelling), &json!("VERIFIED"))
        );
    }
}

#[test]
fn okta_without_claims_is_still_told_the_outcome() {
    let told = told(&okta(), &request(&okta()).with("claims", ""), &proof());
    assert_eq!(told["verified_claims"][0]["verification"]["assurance_level"], "VERIFIED");
    assert_eq!(told["verified_claims"][0]["claims"], json!({}));
}

#[test]
fn okta_subject_is_the_login_hint_or_our_own_name() {
    assert_eq!(told(&okta(), &request(&okta()).with("login_hint", "00uABC"), &proof())["sub"], "00uABC");
    let told = told(&okta(), &request(&okta()).with("login_hint", ""), &proof());
    assert_eq!(told["sub"], proof().subject.as_str());
    for bad in ["ü", &"x".repeat(256), "a\u{0}b"] {
        assert!(push(&okta(), &request(&okta()).with("login_hint", bad)).is_err());
    }
}

#[test]
fn okta_report_says_why_and_never_what() {
    let claims = json!({ "given_name": { "value": "Anna Karenina", "fuzzy": true }, "family_name": { "value": "Eriksson", "fuzzy": true } });
    let answer = answer(&okta(), &asking(claims), &proof());
    let report = serde_json::to_value(&answer.matches).unwrap();
    assert_eq!(
        report,
        json!([
            { "claim": "given_name", "outcome": "mismatched", "forgiven": [] },
            { "claim": "family_name", "outcome": "matched", "forgiven": [] },
        ])
    );
    for shown in [format!("{answer:?}"), format!("{:?}", begun(&okta(), &request(&okta())))] {
        for value in ["Karenina", "Eriksson", "ERIKSSON", "00u1234567890", "1974"] {
            assert!(!shown.contains(value));
        }
    }
}
