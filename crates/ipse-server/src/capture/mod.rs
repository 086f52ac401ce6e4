//! The person's pages, under `/v`. Thin: each handler finds the session, calls one use, and shows a page.

mod credential;
mod evidence;
mod liveness;
pub(crate) mod pages;
mod pass;
mod presentation;
mod session;
pub mod views;

use crate::app::capture;
use crate::app::capture::Session;
use crate::http::auth::capture_cookie;
use crate::http::problem::Problem;
use crate::state::{Ipse, Shared};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use ipse_core::Refusal;
use ipse_core::verification::Device;
use pages::Reader;
use serde::Deserialize;

/// Bytes of a chip's files in base64: the largest portrait, and everything else together.
const CHIP_BYTES: usize = 3 << 20;

/// The routes.
pub fn routes(picture_bytes: usize) -> Router<Shared> {
    Router::new()
        .route("/v/{token}", get(invitation))
        .route("/v/{token}/claim", post(claim))
        .route("/v/{token}/decline", post(decline))
        .route("/v/handover/{token}", get(offered).post(take_over))
        .route("/v/session", get(session::show))
        .route("/v/session/decline", post(session::decline))
        .route("/v/session/retry", post(session::retry))
        .route("/v/session/decline-face", post(session::decline_face))
        .route("/v/session/withdraw-consent", post(session::withdraw_consent))
        .route("/v/session/handover", post(session::hand_over))
        .route("/v/session/handover.svg", get(session::qr))
        .route("/v/session/reclaim", post(session::reclaim))
        .route("/v/session/events", get(session::events))
        .route("/v/session/credential", post(credential::request))
        .route("/v/session/credential.svg", get(credential::qr))
        .route("/v/session/pass", post(pass::request))
        .route("/v/session/presentation", post(presentation::request))
        .route("/v/session/presentation.svg", get(presentation::qr))
        .route(
            "/v/session/evidence",
            // A form around the picture needs a little more than the picture.
            post(evidence::take).layer(DefaultBodyLimit::max(picture_bytes + 4_096)),
        )
        .route("/v/session/liveness", post(liveness::challenge))
        .route("/v/session/evidence/burst", post(liveness::burst).layer(DefaultBodyLimit::max(liveness::BURST_BYTES)))
        .route(
            "/v/session/evidence/chip",
            get(evidence::challenge).post(evidence::chip).layer(DefaultBodyLimit::max(CHIP_BYTES)),
        )
}

/// The language asked for in the address.
#[derive(Deserialize)]
struct Wanted {
    lang: Option<String>,
}

/// A bound browser, with its cookie.
struct Bound {
    session: Session,
    cookie: String,
    reader: Reader,
}

impl FromRequestParts<Shared> for Bound {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, ipse: &Shared) -> Result<Self, Response> {
        let jar = CookieJar::from_headers(&parts.headers);
        let reader = Reader::new(ipse, &parts.headers, None);
        let gone = || pages::refused(&reader, &Refusal::NotFound("session").into());
        let cookie = jar.get(capture_cookie(ipse.config.is_https())).ok_or_else(gone)?.value().to_owned();
        let found = capture::session(ipse, &cookie).await;
        let session = found.map_err(|error| pages::refused(&reader, &error))?.ok_or_else(gone)?;
        let language = session.verification.language.clone();
        let reader = Reader::new(ipse, &parts.headers, language.as_deref());
        Ok(Self { session, cookie, reader })
    }
}

impl Bound {
    /// Refuses a form or request that does not carry the session's token.
    fn check(&self, csrf: &str) -> Result<(), Response> {
        use subtle::ConstantTimeEq as _;
        if bool::from(self.session.claim.csrf.as_bytes().ct_eq(csrf.as_bytes())) {
            Ok(())
        } else {
            Err(Problem::new(StatusCode::FORBIDDEN, "csrf", "The form is too old; load the page again.")
                .into_response())
        }
    }
}

/// A form that carries nothing but the session's token.
#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

/// Whether a click came from a page of ours: browsers say so in `Sec-Fetch-Site`. Used where there is no session yet
/// whose token a form could carry; the link's own token is what such a click cannot guess.
pub(crate) fn own_click(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

/// `GET /v/{token}`: shows who asks and for what. Changes nothing, so mail scanners may fetch it.
async fn invitation(
    State(ipse): State<Shared>,
    Path(token): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let reader = Reader::new(&ipse, &headers, wanted.lang.as_deref());
    let invitation = match capture::invitation(&ipse, &token).await {
        Ok(invitation) => invitation,
        Err(error) => return pages::refused(&reader, &error),
    };
    if invitation.claimed && bound_to(&ipse, &headers, &invitation).await {
        return Redirect::to("/v/session").into_response();
    }
    let language = wanted.lang.as_deref().or(invitation.verification.language.as_deref());
    let reader = Reader::new(&ipse, &headers, language);
    pages::invitation(&reader, &invitation, &token)
}

/// Whether this browser is the one that claimed the link.
async fn bound_to(ipse: &Ipse, headers: &HeaderMap, invitation: &capture::Invitation) -> bool {
    let jar = CookieJar::from_headers(headers);
    let Some(cookie) = jar.get(capture_cookie(ipse.config.is_https())) else { return false };
    let session = capture::session(ipse, cookie.value()).await.ok().flatten();
    session.is_some_and(|session| session.verification.id == invitation.verification.id)
}

pub(crate) fn device(headers: &HeaderMap) -> Device {
    let agent = headers.get("user-agent").and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let is_phone = ["Mobi", "Android", "iPhone", "iPad"].iter().any(|word| agent.contains(word));
    if is_phone { Device::Phone } else { Device::Desktop }
}

pub(crate) fn bind(ipse: &Ipse, cookie: &str) -> Response {
    let https = ipse.config.is_https();
    // Kept for a day, the longest session there is, so that a phone whose battery died can go on where it was.
    let secure = if https { "; Secure" } else { "" };
    let cookie = format!("{}={cookie}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax{secure}", capture_cookie(https));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/v/session")).into_response()
}

/// `POST /v/{token}/claim`: a human click binds the link to this browser.
async fn claim(State(ipse): State<Shared>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let reader = Reader::new(&ipse, &headers, None);
    if !own_click(&headers) {
        return pages::refused(&reader, &Refusal::NotPermitted.into());
    }
    match capture::claim(&ipse, &token, device(&headers)).await {
        Ok(cookie) => bind(&ipse, &cookie),
        Err(error) => pages::refused(&reader, &error),
    }
}

/// `POST /v/{token}/decline`: this was not me.
async fn decline(State(ipse): State<Shared>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let reader = Reader::new(&ipse, &headers, None);
    if !own_click(&headers) {
        return pages::refused(&reader, &Refusal::NotPermitted.into());
    }
    let invitation = capture::invitation(&ipse, &token).await;
    match (capture::decline_invitation(&ipse, &token).await, invitation) {
        (Ok(()), Ok(invitation)) => pages::declined(&reader, &invitation.settings),
        (Err(error), _) | (_, Err(error)) => pages::refused(&reader, &error),
    }
}

/// `GET /v/handover/{token}`: what the other device shows before it takes over.
async fn offered(State(ipse): State<Shared>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let reader = Reader::new(&ipse, &headers, None);
    match capture::invitation(&ipse, &token).await {
        Ok(invitation) if !invitation.claimed => {
            let reader = Reader::new(&ipse, &headers, invitation.verification.language.as_deref());
            pages::offered(&reader, &invitation, &token)
        }
        Ok(_) => pages::refused(&reader, &Refusal::ClaimedElsewhere.into()),
        Err(error) => pages::refused(&reader, &error),
    }
}

/// `POST /v/handover/{token}`: goes on with this device.
async fn take_over(State(ipse): State<Shared>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let reader = Reader::new(&ipse, &headers, None);
    if !own_click(&headers) {
        return pages::refused(&reader, &Refusal::NotPermitted.into());
    }
    match capture::take_over(&ipse, &token, device(&headers)).await {
        Ok(cookie) => bind(&ipse, &cookie),
        Err(error) => pages::refused(&reader, &error),
    }
}
