//! The ID token, checked as the guide says: RS256 by a key that the vendor has published, and no forgiveness for clocks.

use super::Reason;
use super::claims::Told;
use super::vendor::{Pushed, Vendor};
use crate::now;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};

/// Reads an ID token that answers a request, with the keys that the vendor has published.
pub(super) fn read(token: &str, keys: &JwkSet, vendor: &Vendor, pushed: &Pushed) -> Result<Told, Reason> {
    let claims = genuine(token, keys, vendor).ok_or(Reason::ResponseProcessingErrorToken)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("nonce") != pushed.nonce {
        return Err(Reason::ResponseProcessingErrorToken);
    }
    if text("sub").is_empty() {
        return Err(Reason::EmptyUserId);
    }
    pushed.asked.judge(claims.get("verified_claims"))
}

/// The claims of a token that is the vendor's, for this client, and of now.
fn genuine(token: &str, keys: &JwkSet, vendor: &Vendor) -> Option<Map<String, Value>> {
    let key = keys.find(&decode_header(token).ok()?.kid?)?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.leeway = 0;
    validation.set_issuer(&[&vendor.issuer]);
    validation.set_audience(&[&vendor.client_id]);
    validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
    let key = DecodingKey::from_jwk(key).ok()?;
    let claims: Map<String, Value> = decode(token, &key, &validation).ok()?.claims;
    let alone = claims.get("aud").and_then(Value::as_str) == Some(&vendor.client_id);
    let issued = claims.get("iat").and_then(Value::as_i64)? <= now().as_second();
    (alone && issued && claims.get("exp").is_some_and(Value::is_i64)).then_some(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::okta::claims::Asked;
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::rsa::{KeyPair, KeySize};
    use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    struct Issuer {
        key: KeyPair,
        vendor: Vendor,
        pushed: Pushed,
    }

    impl Issuer {
        fn new() -> Self {
            let nowhere = String::new;
            Self {
                key: KeyPair::generate(KeySize::Rsa2048).unwrap(),
                vendor: Vendor {
                    name: "Vendor".to_owned(),
                    issuer: "https://vendor.example".to_owned(),
                    par: nowhere(),
                    authorize: nowhere(),
                    token: nowhere(),
                    jwks: nowhere(),
                    client_id: "okta".to_owned(),
                    client_secret: nowhere(),
                    scopes: Vec::new(),
                },
                pushed: Pushed::new(Asked::new(&[("given_name", "Ada".to_owned())])).unwrap(),
            }
        }

        fn keys(&self) -> JwkSet {
            let public = self.key.public_key();
            let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
            let (n, e) = (part(public.modulus().big_endian_without_leading_zero()), part(&[1, 0, 1]));
            serde_json::from_value(json!({ "keys": [{ "kty": "RSA", "kid": "k1", "use": "sig", "n": n, "e": e }] }))
                .unwrap()
        }

        fn claims(&self) -> Value {
            let now = now().as_second();
            json!({
                "iss": self.vendor.issuer, "aud": "okta", "sub": "00u1", "iat": now - 5, "exp": now + 300,
                "nonce": self.pushed.nonce,
                "verified_claims": [{
                    "verification": { "trust_framework": "IDV-DELEGATED", "assurance_level": "VERIFIED",
                        "time": "2026-07-16T19:26:10Z" },
                    "claims": { "given_name": { "fuzzy": true, "value": "MATCHED" } },
                }],
            })
        }

        fn sign(&self, header: &Value, claims: &Value) -> String {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let signed = format!("{}.{}", part(header), part(claims));
            let mut signature = vec![0; self.key.public_modulus_len()];
            self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
        }

        fn read(&self, token: &str) -> Result<(), Reason> {
            read(token, &self.keys(), &self.vendor, &self.pushed).and_then(|told| told.outcome)
        }
    }

    fn header() -> Value {
        json!({ "alg": "RS256", "kid": "k1", "typ": "JWT" })
    }

    #[test]
    fn a_token_of_the_vendor_for_this_request_is_believed_and_no_other() {
        let issuer = Issuer::new();
        let good = issuer.claims();
        assert_eq!(issuer.read(&issuer.sign(&header(), &good)), Ok(()));
        let now = now().as_second();
        let wrong = Err(Reason::ResponseProcessingErrorToken);
        for (name, value, expected) in [
            ("iss", json!("https://vendor.example/"), wrong),
            ("aud", json!("another"), wrong),
            ("aud", json!(["okta"]), wrong),
            ("exp", json!(now - 1), wrong),
            ("exp", json!("soon"), wrong),
            ("iat", json!(now + 60), wrong),
            ("iat", Value::Null, wrong),
            ("nonce", json!("another"), wrong),
            ("nonce", Value::Null, wrong),
            ("sub", json!(""), Err(Reason::EmptyUserId)),
            ("verified_claims", Value::Null, Err(Reason::ParsingError)),
        ] {
            let mut claims = good.clone();
            claims[name] = value.clone();
            assert_eq!(issuer.read(&issuer.sign(&header(), &claims)), expected, "{name} {value}");
        }
    }

    #[test]
    fn only_a_published_key_and_rs256_sign() {
        let (issuer, stranger) = (Issuer::new(), Issuer::new());
        let good = issuer.claims();
        let wrong = Err(Reason::ResponseProcessingErrorToken);
        assert_eq!(issuer.read(&stranger.sign(&header(), &good)), wrong);
        assert_eq!(issuer.read(&issuer.sign(&json!({ "alg": "RS256", "kid": "k2" }), &good)), wrong);
        assert_eq!(issuer.read(&issuer.sign(&json!({ "alg": "RS256" }), &good)), wrong);
        assert_eq!(issuer.read(&issuer.sign(&json!({ "alg": "PS256", "kid": "k1" }), &good)), wrong);
        assert_eq!(issuer.read(&issuer.sign(&json!({ "alg": "none", "kid": "k1" }), &good)), wrong);
        let token = issuer.sign(&header(), &good);
        assert_eq!(issuer.read(token.rsplit_once('.').unwrap().0), wrong);
        assert_eq!(issuer.read(&token[..token.len() - 8]), wrong);
        assert_eq!(issuer.read(""), wrong);
    }
}
