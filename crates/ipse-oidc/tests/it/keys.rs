//! Signing keys: what is published, what others can read of it, and how a key lives and ends.

use crate::house::*;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_oidc::jwk::Jwk;
use ipse_oidc::keys::{KeyError, KeyRecord, KeySet, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use ipse_oidc::rotation::{KeyAge, Policy, Step, plan};
use jiff::SignedDuration;
use serde_json::{Map, json};
use x509_cert::Certificate;
use x509_cert::der::{Decode, Encode};

#[test]
fn okta_34_kid_is_published_and_old_tokens_hold_during_rotation() {
    let old = KeyRecord::generate(Alg::Rs256, RsaBits::Rsa2048, KeyState::Current, noon()).unwrap();
    let new = KeyRecord {
        state: KeyState::Next,
        ..KeyRecord::generate(Alg::Rs256, RsaBits::Rsa2048, KeyState::Next, noon()).unwrap()
    };
    let claims: Map<_, _> = [("sub".to_owned(), json!("x"))].into_iter().collect();
    let before = KeySet::new(&[old.clone(), new.clone()]).unwrap();
    let rotated = KeySet::new(&[
        KeyRecord { state: KeyState::Retired, ..old.clone() },
        KeyRecord { state: KeyState::Current, ..new.clone() },
    ]);
    let rotated = rotated.unwrap();
    let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    assert_eq!(kid(&before.sign(Alg::Rs256, &claims).unwrap()), old.kid);
    assert_eq!(kid(&rotated.sign(Alg::Rs256, &claims).unwrap()), new.kid);
    assert_eq!(before.jwks(), rotated.jwks());
    let published: Vec<_> = rotated.jwks()["keys"].as_array().unwrap().iter().map(|key| key["kid"].clone()).collect();
    assert_eq!(published, [json!(old.kid), json!(new.kid)]);
}

#[test]
fn every_algorithm_is_verified_by_others_and_never_replaced() {
    let claims: Map<_, _> = [("sub".to_owned(), json!("x"))].into_iter().collect();
    for record in records() {
        let keys = KeySet::new(std::slice::from_ref(record)).unwrap();
        let token = keys.sign(record.alg, &claims).unwrap();
        let key = serde_json::from_value(keys.jwks()["keys"][0].clone()).unwrap();
        let key = jsonwebtoken::DecodingKey::from_jwk(&key).unwrap();
        let mut validation = jsonwebtoken::Validation::new(record.alg.as_str().parse().unwrap());
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let read = jsonwebtoken::decode::<serde_json::Value>(&token, &key, &validation).unwrap();
        assert_eq!(read.claims, json!({ "sub": "x" }));
        for other in Alg::ALL.into_iter().filter(|alg| *alg != record.alg) {
            assert_eq!(keys.sign(other, &claims).unwrap_err(), KeyError::NoCurrent(other));
        }
    }
}

#[test]
fn thumbprint_is_that_of_the_rfc() {
    // RFC 7638 §3.1.
    let key = json!({
        "kty": "RSA", "alg": "RS256", "kid": "2011-04-29", "e": "AQAB",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    });
    assert_eq!(Jwk::parse(&key).unwrap().thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn certificates_are_over_the_published_keys() {
    for record in records() {
        let published = KeySet::new(std::slice::from_ref(record)).unwrap().jwks();
        let der = STANDARD.decode(published["keys"][0]["x5c"][0].as_str().unwrap()).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        let body = certificate.tbs_certificate();
        assert_eq!(body.subject(), body.issuer());
        let valid = body.validity();
        let second = u64::try_from(noon().as_second()).unwrap();
        assert!(valid.not_before.to_unix_duration().as_secs() < second);
        assert!(valid.not_after.to_unix_duration().as_secs() > second + 365 * 86_400);
        let algorithm: &dyn VerificationAlgorithm = match record.alg {
            Alg::Es256 => &ECDSA_P256_SHA256_ASN1,
            Alg::Rs256 | Alg::Ps256 => &RSA_PKCS1_2048_8192_SHA256,
        };
        let key = body.subject_public_key_info().subject_public_key.raw_bytes().to_vec();
        let signature = certificate.signature().raw_bytes().to_vec();
        UnparsedPublicKey::new(algorithm, key).verify(&body.to_der().unwrap(), &signature).unwrap();
    }
}

#[test]
fn damaged_and_doubled_keys_are_refused() {
    let record = &records()[2];
    let other = KeyRecord { kid: "another".to_owned(), ..record.clone() };
    assert_eq!(KeySet::new(&[other]).unwrap_err(), KeyError::Damaged);
    let cut = KeyRecord { pkcs8: record.pkcs8[..40].to_vec().into(), ..record.clone() };
    assert_eq!(KeySet::new(&[cut]).unwrap_err(), KeyError::Damaged);
    let wrong = KeyRecord { alg: Alg::Rs256, ..record.clone() };
    assert_eq!(KeySet::new(&[wrong]).unwrap_err(), KeyError::Damaged);
    assert_eq!(KeySet::new(&[record.clone(), record.clone()]).unwrap_err(), KeyError::TwoCurrent(Alg::Es256));
    assert!(!format!("{record:?}").contains("pkcs8"));
}

#[test]
fn longer_rsa_keys_can_be_made() {
    let record = KeyRecord::generate(Alg::Rs256, RsaBits::Rsa3072, KeyState::Current, noon()).unwrap();
    let jwks = KeySet::new(&[record]).unwrap().jwks();
    assert_eq!(jwks["keys"][0]["n"].as_str().unwrap().len(), 512);
}

#[test]
fn foreign_keys_that_cannot_be_used_are_refused_or_passed_over() {
    let good = jwk_of(&records()[2]);
    for (name, value) in [
        ("d", json!("AAAA")),
        ("k", json!("AAAA")),
        ("kty", json!("oct")),
        ("crv", json!("P-384")),
        ("x", json!("AAAA")),
        ("y", json!(1)),
        ("use", json!("enc")),
        ("alg", json!("HS256")),
    ] {
        let mut key = good.clone();
        key[name] = value;
        assert!(Jwk::parse(&key).is_err(), "{name}");
        let set = ipse_oidc::jwk::Jwks::parse(&json!({ "keys": [key, good] })).unwrap();
        assert_eq!(serde_json::to_value(&set).unwrap()["keys"].as_array().unwrap().len(), 1);
    }
    assert!(ipse_oidc::jwk::Jwks::parse(&json!({ "keys": vec![good; 101] })).is_err());
    assert!(ipse_oidc::jwk::Jwks::parse(&json!([])).is_err());
}

#[test]
fn a_key_lives_through_its_states_with_overlap() {
    let policy = Policy::default();
    let hours = |hours: i64| noon() + SignedDuration::from_hours(hours);
    let rs256 = [Alg::Rs256];
    // The kid, state and start of each key, moved along by the plan as a caller would.
    let mut keys: Vec<(String, KeyState, i64)> = Vec::new();
    let (mut names, mut seen) = (0, Vec::new());
    for hour in (0..24 * 400).step_by(6) {
        let ages: Vec<_> = keys
            .iter()
            .map(|(kid, state, since)| KeyAge { kid, alg: Alg::Rs256, state: *state, since: hours(*since) })
            .collect();
        let steps = plan(&ages, &rs256, &policy, hours(hour));
        for step in steps {
            seen.push(step.clone());
            match step {
                Step::Generate(_, state) => {
                    names += 1;
                    keys.push((format!("k{names}"), state, hour));
                }
                Step::Become(kid, state) => {
                    let key = keys.iter_mut().find(|key| key.0 == kid).unwrap();
                    let ahead = hour - key.2;
                    assert!(state != KeyState::Current || ahead >= 48, "signs only after two days in public");
                    *key = (kid, state, hour);
                }
                Step::Remove(kid) => {
                    let key = keys.iter().find(|key| key.0 == kid).unwrap();
                    assert!(key.1 == KeyState::Retired && hour - key.2 >= 48);
                    keys.retain(|key| key.0 != kid);
                }
            }
        }
        assert_eq!(keys.iter().filter(|key| key.1 == KeyState::Current).count(), 1, "always one that signs");
        assert!(keys.len() <= 3);
    }
    assert_eq!(names, 5, "one at the start and one for each ninety days");
    assert_eq!(seen.iter().filter(|step| matches!(step, Step::Remove(_))).count(), 4);
}
