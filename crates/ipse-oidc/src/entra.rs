//! Microsoft Entra external MFA: Entra sends the person with an ID token of its own as the hint, and wants back an ID
//! token for the same subject that says by which one method the person was recognised. And the token with which Entra
//! itself comes, when it calls an extension of the tenant.

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

/// The application as which Entra calls extensions, the same in every tenant.
pub const EXTENSIONS: &str = "99045fe1-7639-4a75-9d4a-577b6ca3810f";

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

/// Whether an access token is one with which Entra calls an extension of this tenant: its signature, issuer, audience,
/// caller and time. Both versions of its tokens are taken, as which one comes is the registration's to say.
pub fn is_extension_call(tenant: &EntraTenant, keys: &Jwks, token: &str, now: Timestamp) -> bool {
    let verified = Unverified::parse(token).and_then(|token| token.verify_with(keys, &[Alg::Rs256]));
    let Some(claims) = verified else { return false };
    let text = |name: &str| claims.text(name).unwrap_or_default();
    let issuer = text("iss");
    let is_tenant = issuer == tenant.issuer || issuer == format!("https://sts.windows.net/{}/", tenant.tenant);
    // As the portal registers it, `api://{host}/{id}`, or without a host.
    let audience = text("aud");
    let named = audience.strip_prefix("api://").map_or(audience, |uri| uri.rsplit('/').next().unwrap_or_default());
    // `azp` in tokens of version 2, `appid` in those of version 1.
    let mut callers = ["azp", "appid"].into_iter().filter_map(|name| claims.get(name)).peekable();
    let is_entra = callers.peek().is_some() && callers.all(|caller| caller.as_str() == Some(EXTENSIONS));
    let second = now.as_second();
    let lives = claims.time("exp").is_some_and(|end| second < end);
    let begun = claims.get("nbf").is_none() || claims.time("nbf").is_some_and(|time| time <= second + AHEAD_SECONDS);
    is_tenant && named == tenant.app_id && is_entra && lives && begun
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
