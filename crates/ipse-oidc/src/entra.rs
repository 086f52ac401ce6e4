//! Microsoft Entra external MFA: Entra sends the person with an ID token of its own as the hint, and wants back an ID
//! token for the same subject that says by which one method the person was recognised.

use crate::client::EntraTenant;
use crate::client_auth::AHEAD_SECONDS;
use crate::jwk::Jwks;
use crate::jws::Unverified;
use crate::profile::Alg;
use crate::{AuthorizationRequest, Error, Proof};
use ipse_core::Private;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Seconds that a hint may be old. Entra lets hints expire on purpose, so `exp` says nothing; but it makes one for
/// every sign-in.
const HINT_SECONDS: i64 = 3_600;

/// Who is meant, as Entra has signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The subject, to be returned as it came.
    pub sub: Private<String>,
    /// The user's immutable id in the tenant.
    pub oid: Private<String>,
    /// The user's sign-in name, where Entra told it.
    pub preferred_username: Option<Private<String>>,
}

/// The public keys that an issuer's hints are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HintKeys {
    /// As it publishes them.
    pub keys: Jwks,
    /// When they were read.
    pub read_at: Timestamp,
}

/// Where an issuer publishes its keys, out of its discovery document; nothing in a document of another issuer (OpenID
/// Connect Discovery §4.3).
pub fn jwks_uri<'a>(tenant: &EntraTenant, metadata: &'a Value) -> Option<&'a str> {
    let genuine = metadata.get("issuer").and_then(Value::as_str) == Some(&tenant.issuer);
    metadata.get("jwks_uri").and_then(Value::as_str).filter(|_| genuine)
}

/// Verifies a hint: Entra's signature, tenant, audience and age.
pub(crate) fn hint(tenant: &EntraTenant, keys: &Jwks, hint: &str, now: Timestamp) -> Result<Hint, Error> {
    let wrong = Error::Invalid("id_token_hint");
    let claims = Unverified::parse(hint).and_then(|hint| hint.verify_with(keys, &[Alg::Rs256])).ok_or(wrong)?;
    let is = |name: &str, value: &str| claims.text(name) == Some(value);
    let of_tenant = is("iss", &tenant.issuer) && is("tid", &tenant.tenant) && is("aud", &tenant.app_id);
    let (second, issued) = (now.as_second(), claims.time("iat").ok_or(wrong)?);
    let recent = issued <= second + AHEAD_SECONDS && second - HINT_SECONDS <= issued;
    let begun = claims.get("nbf").is_none() || claims.time("nbf").is_some_and(|time| time <= second + AHEAD_SECONDS);
    let text = |name: &str| {
        let value = claims.text(name).filter(|value| !value.is_empty() && value.len() <= 255);
        value.map(|value| Private::new(value.to_owned()))
    };
    if !of_tenant || !recent || !begun {
        return Err(wrong);
    }
    Ok(Hint {
        sub: text("sub").ok_or(wrong)?,
        oid: text("oid").ok_or(wrong)?,
        preferred_username: text("preferred_username"),
    })
}

/// One `acr` and exactly one `amr`, each of those that Entra asks for; without them there is nothing to say.
pub(crate) fn claims(request: &AuthorizationRequest, proof: &Proof) -> Result<Map<String, Value>, Error> {
    let asked = |name: &str| request.claims.id_token.plain.get(name).map_or(&[][..], |asked| &asked.values);
    let acr = asked("acr").iter().map(Private::reveal).find(|acr| ACR_OF_A_FACE.contains(&acr.as_str()));
    let amr = asked("amr").iter().map(Private::reveal).any(|amr| amr == "face");
    match acr {
        Some(acr) if amr && proof.holds() && proof.face => {
            let claims = json!({ "acr": acr, "amr": ["face"] });
            claims.as_object().cloned().ok_or(Error::ServerError)
        }
        _ => Err(Error::AccessDenied),
    }
}

/// Entra's values of `acr` that something inherent to the person satisfies.
const ACR_OF_A_FACE: &[&str] =
    &["inherence", "possessionorinherence", "knowledgeorinherence", "knowledgeorpossessionorinherence"];
