//! Start links: a client sends a browser with a token of its own, `{"OrgId", "RequestId", "exp", "redirectUrl"}` signed with
//! its key, and wants it back when the person is through. It is what Microsoft asks of identity verification partners
//! (Entra Verified ID, integration guidance for partners).
//!
//! The token names nobody, and travels in a URL that scanners open too. Reading it uses nothing up: the request has an id
//! that follows from `RequestId`, so whoever brings it again comes to the same [`crate::Interaction`], which knows one
//! browser and begins once. That is kept for longer than a token is accepted, so there is nothing else to remember.

use crate::client_auth::AHEAD_SECONDS;
use crate::hash::base64url;
use crate::jws::Unverified;
use crate::profile::{ResponseMode, ResponseType};
use crate::{AuthorizationRequest, Client, Error, Params, hash_of};
use ipse_core::Private;
use jiff::Timestamp;

/// The longest token that is read, in bytes: a signature of 8192 bits and the longest redirect URI fit.
pub const MAX_TOKEN: usize = 8 * 1024;
/// Seconds that a token may still live: less than any [`crate::Interaction`] is kept.
const LIFE_SECONDS: i64 = 900;
const MAX_REQUEST_ID: usize = 128;

/// The token in the query of a start link.
pub fn token(query: &[u8]) -> Result<Private<String>, Error> {
    let params = Params::form(query)?;
    let token = params.need("token")?;
    if token.len() > MAX_TOKEN { Err(Error::TooLarge) } else { Ok(Private::new(token.to_owned())) }
}

/// Judges what a browser arrived with. `client` is the one that the link names.
pub fn request(client: Option<&Client>, token: &str, now: Timestamp) -> Result<AuthorizationRequest, Error> {
    let client = client.ok_or(Error::UnknownClient)?;
    let rules = client.profile.rules();
    let org_id = client.org_id.as_deref().filter(|_| rules.response_type == ResponseType::None);
    let (org_id, keys) = org_id.zip(client.jwks.as_ref()).ok_or(Error::UnknownClient)?;
    let claims = Unverified::parse(token)
        // A token that the client has signed for something else says so.
        .filter(|token| token.header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("JWT")))
        .and_then(|token| token.verify_with(keys, rules.algs))
        .ok_or(Error::LinkToken)?;
    let second = now.as_second();
    let begun = ["nbf", "iat"]
        .into_iter()
        .all(|name| claims.get(name).is_none() || claims.time(name).is_some_and(|time| time <= second + AHEAD_SECONDS));
    let expires = claims.time("exp").ok_or(Error::Missing("exp"))?;
    if !begun || expires <= second || expires > second + LIFE_SECONDS + AHEAD_SECONDS {
        return Err(Error::LinkExpired);
    }
    if claims.text("OrgId") != Some(org_id) {
        return Err(Error::Invalid("OrgId"));
    }
    let visible =
        |id: &&str| (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    let request_id = claims.text("RequestId").filter(visible).ok_or(Error::Invalid("RequestId"))?;
    let redirect_uri = claims.text("redirectUrl").ok_or(Error::Missing("redirectUrl"))?;
    if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
        return Err(Error::RedirectUri);
    }
    let hash = hash_of(format!("start link\n{}\n{request_id}", client.id).as_bytes());
    let id = hash.first_chunk::<16>().ok_or(Error::ServerError)?;
    Ok(AuthorizationRequest {
        id: base64url(id),
        client_id: client.id.clone(),
        pushed: false,
        expires_at: Timestamp::from_second(expires).map_err(|_| Error::LinkExpired)?,
        redirect_uri: redirect_uri.to_owned(),
        response_type: ResponseType::None,
        response_mode: ResponseMode::Query,
        scopes: Vec::new(),
        state: None,
        nonce: None,
        login_hint: None,
        code_challenge: None,
        dpop_jkt: None,
        claims: crate::claims_request::ClaimsRequest::default(),
        journey: client.journey.clone(),
        acr: None,
        ui_locales: Vec::new(),
        hint: None,
        reference: Some(request_id.to_owned()),
    })
}
