//! What clients call themselves. Errors are OAuth's (RFC 6749 §5.2), answers are never cached but for what is published.

use super::told;
use crate::app::oidc::{self, Stop, keys};
use crate::http::body::Raw;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ipse_oidc::params;
use ipse_oidc::userinfo::Ask;
use serde_json::Value;

/// How long relying parties may keep what is published. Keys are published two days before they sign.
const PUBLISHED: HeaderValue = HeaderValue::from_static("public, max-age=600");

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn proofs(headers: &HeaderMap) -> Vec<&str> {
    // One that is no text counts, so that it is refused.
    headers.get_all("dpop").iter().map(|value| value.to_str().unwrap_or_default()).collect()
}

fn answer(status: StatusCode, body: Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

fn refused(stop: Stop, basic: bool, dpop: bool) -> Response {
    let (status, error) = told(stop);
    let mut response = answer(status, error.body());
    let challenge = error.challenge(basic, dpop).and_then(|challenge| HeaderValue::from_str(&challenge).ok());
    if let Some(challenge) = challenge {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn published(found: oidc::Result<Value>) -> Response {
    match found {
        Ok(body) => {
            let mut response = Json(body).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, PUBLISHED);
            response
        }
        Err(stop) => refused(stop, false, false),
    }
}

/// `GET /.well-known/openid-configuration`
pub(super) async fn metadata(State(ipse): State<Shared>) -> Response {
    published(keys::metadata(&ipse).await)
}

/// `GET /oauth2/jwks`
pub(super) async fn jwks(State(ipse): State<Shared>) -> Response {
    published(keys::jwks(&ipse).await)
}

/// What a client has sent, and whether it used the `Authorization` header.
fn raw<'a>(headers: &'a HeaderMap, dpop: &'a [&'a str], body: &'a [u8]) -> (params::Raw<'a>, bool) {
    let authorization = text(headers, header::AUTHORIZATION);
    let content_type = text(headers, header::CONTENT_TYPE);
    (params::Raw { content_type, authorization, dpop, certificate: None, body }, authorization.is_some())
}

/// `POST /oauth2/par`
pub(super) async fn push(State(ipse): State<Shared>, headers: HeaderMap, Raw(body): Raw) -> Response {
    let dpop = proofs(&headers);
    let (raw, basic) = raw(&headers, &dpop, &body);
    match oidc::push(&ipse, &raw).await {
        Ok(body) => answer(StatusCode::CREATED, body),
        Err(stop) => refused(stop, basic, false),
    }
}

/// `POST /oauth2/token` with a code.
pub async fn redeem(ipse: &Shared, headers: &HeaderMap, body: &[u8]) -> Response {
    let dpop = proofs(headers);
    let (raw, basic) = raw(headers, &dpop, body);
    match oidc::redeem(ipse, &raw).await {
        Ok(body) => answer(StatusCode::OK, body),
        Err(stop) => refused(stop, basic, false),
    }
}

/// `GET /oauth2/userinfo`, and by `POST`.
pub(super) async fn userinfo(State(ipse): State<Shared>, method: Method, headers: HeaderMap) -> Response {
    let dpop = proofs(&headers);
    let authorization = text(&headers, header::AUTHORIZATION);
    let ask = Ask { method: method.as_str(), authorization, dpop: &dpop, certificate: None };
    match oidc::userinfo(&ipse, &ask).await {
        Ok(body) => answer(StatusCode::OK, body),
        Err(stop) => {
            let by_dpop =
                authorization.is_some_and(|value| value.get(..5).is_some_and(|it| it.eq_ignore_ascii_case("dpop ")));
            refused(stop, false, by_dpop)
        }
    }
}
