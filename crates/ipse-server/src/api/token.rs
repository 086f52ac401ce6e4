//! `POST /oauth2/token`: OAuth 2.0 client credentials (RFC 6749 §4.4). The client id is an API key's id, the secret is
//! the key. The OpenID provider's clients redeem their codes at the same address: the grant type tells them apart.

use crate::app::keys::buy_token;
use crate::http::body::{Form, Raw};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a client sends.
#[derive(Deserialize, ToSchema)]
pub struct TokenRequest {
    /// `client_credentials`. With `authorization_code`, a client of the OpenID provider redeems a code here; its
    /// parameters are OpenID Connect's.
    grant_type: String,
    /// `openid`, or nothing.
    scope: Option<String>,
    /// An API key's id, unless it comes by Basic authentication.
    client_id: Option<String>,
    /// The API key, unless it comes by Basic authentication.
    client_secret: Option<String>,
}

/// What a client gets.
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// To be sent as `Authorization: Bearer`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    /// `openid`.
    scope: &'static str,
}

/// An error as RFC 6749 §5.2 has it.
#[derive(Serialize, ToSchema)]
pub struct TokenError {
    /// The code.
    error: &'static str,
    /// In words.
    error_description: &'static str,
}

fn refused(status: StatusCode, error: &'static str, error_description: &'static str) -> Response {
    let mut response = (status, Json(TokenError { error, error_description })).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"ipse\""));
    }
    response
}

/// The user and password of a Basic header, percent-decoded as RFC 6749 §2.3.1 asks.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = String::from_utf8(BASE64.decode(encoded.trim()).ok()?).ok()?;
    let (user, password) = decoded.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let plain = |text: &str| {
        let pair = format!("v={}", text.replace('&', "%26"));
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    Some((plain(user)?, plain(password)?))
}

/// Whether a code is to be redeemed. One grant type among several that are given is enough to be judged there.
fn is_code(body: &[u8]) -> bool {
    url::form_urlencoded::parse(body).any(|(name, value)| name == "grant_type" && value == "authorization_code")
}

/// Buy an access token.
#[utoipa::path(
    post,
    path = "/oauth2/token",
    tag = "OAuth 2.0",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = TokenAnswer),
        (status = 400, description = "invalid_request, unsupported_grant_type or invalid_scope", body = TokenError),
        (status = 401, description = "invalid_client", body = TokenError),
    )
)]
pub async fn token(State(ipse): State<Shared>, headers: HeaderMap, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let Raw(body) = Raw::from_request(Request::from_parts(parts.clone(), body), &ipse).await?;
    if is_code(&body) {
        return Ok(crate::oidc::redeem(&ipse, &headers, &body).await);
    }
    let Form(request) = Form::<TokenRequest>::from_request(Request::from_parts(parts, body.into()), &ipse).await?;
    let bad = StatusCode::BAD_REQUEST;
    if request.grant_type != "client_credentials" {
        return Ok(refused(bad, "unsupported_grant_type", "Only client_credentials is offered here."));
    }
    if request.scope.as_deref().is_some_and(|scope| !scope.split(' ').all(|one| one.is_empty() || one == "openid")) {
        return Ok(refused(bad, "invalid_scope", "The only scope is openid."));
    }
    let in_body = request.client_id.zip(request.client_secret);
    let credentials = match (basic(&headers), in_body) {
        (Some(_), Some(_)) => return Ok(refused(bad, "invalid_request", "Send the secret once: Basic or body.")),
        (Some(pair), None) | (None, Some(pair)) => Some(pair),
        (None, None) => None,
    };
    let unknown = || refused(StatusCode::UNAUTHORIZED, "invalid_client", "The client is not known.");
    let Some((id, secret)) = credentials else { return Ok(unknown()) };
    let Some((access_token, expires_in)) = buy_token(&ipse, &id, &secret).await? else { return Ok(unknown()) };
    Ok(Json(TokenAnswer { access_token, token_type: "Bearer", expires_in, scope: "openid" }).into_response())
}
