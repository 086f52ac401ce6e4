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
