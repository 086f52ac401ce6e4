//! The OpenID provider on the wire: the endpoints that clients call themselves, and the pages that browsers arrive at.
//! Thin: each handler reads the request, calls one use, and says what came of it.

mod direct;
mod pages;

pub use direct::redeem;

use crate::app::capture::Session;
use crate::app::oidc::flow::{self, View};
use crate::app::oidc::{Result, Stop, start};
use crate::capture::pages::Reader;
use crate::capture::{device, own_click};
use crate::http::auth::oidc_cookie;
use crate::http::body::{Form, Path, Raw};
use crate::http::sse::follow;
use crate::state::{Ipse, Shared};
use axum::Router;
use axum::extract::{Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::verification::State as Standing;
use ipse_oidc::Error;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// The routes of clients, who call directly.
pub fn direct_routes() -> Router<Shared> {
    Router::new()
        .route("/.well-known/openid-configuration", get(direct::metadata))
        .route("/oauth2/jwks", get(direct::jwks))
        .route("/oauth2/par", post(direct::push))
        .route("/oauth2/userinfo", get(direct::userinfo).post(direct::userinfo))
}

/// The routes of browsers.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/oauth2/authorize", get(arrive).post(arrive_by_form))
        .route("/start/{id}", get(arrive_by_link))
        .route("/oauth2/requests/{id}", get(show))
        .route("/oauth2/requests/{id}/begin", post(begin))
        .route("/oauth2/requests/{id}/cancel", post(cancel))
        .route("/oauth2/requests/{id}/events", get(events))
}

/// The browser's cookie, if it has one of ours.
fn cookie_of(ipse: &Ipse, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    let value = jar.get(oidc_cookie(ipse.config.is_https()))?.value().to_owned();
    let ours = value.len() == 43 && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    ours.then_some(value)
}

/// The token that the forms of a way carry: it follows from the browser's cookie.
fn csrf(cookie: &str, id: &str) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, cookie.as_bytes());
    URL_SAFE_NO_PAD.encode(aws_lc_rs::hmac::sign(&key, format!("form of {id}").as_bytes()).as_ref())
}

/// `GET /oauth2/authorize`: a browser arrives.
async fn arrive(State(ipse): State<Shared>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    arrived(&ipse, &headers, async |cookie| flow::arrive(&ipse, query.as_bytes(), cookie).await).await
}

/// `POST /oauth2/authorize`: the same by a form (OpenID Connect Core §3.1.2.1).
async fn arrive_by_form(State(ipse): State<Shared>, headers: HeaderMap, Raw(body): Raw) -> Response {
    arrived(&ipse, &headers, async |cookie| flow::arrive(&ipse, &body, cookie).await).await
}

/// `GET /start/{id}`: a browser arrives with a token that a client signed. Where it is sent the token is no more, and
/// nothing is used up: scanners open such links too.
async fn arrive_by_link(
    State(ipse): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    arrived(&ipse, &headers, async |cookie| start::arrive(&ipse, &id, query.as_bytes(), cookie).await).await
}

async fn arrived(ipse: &Shared, headers: &HeaderMap, arrive: impl AsyncFnOnce(&str) -> Result<String>) -> Response {
    let known = cookie_of(ipse, headers);
    let cookie = known.clone().unwrap_or_else(|| crate::random::token().0);
    let mut response = match arrive(&cookie).await {
        Ok(id) => Redirect::to(&format!("/oauth2/requests/{id}")).into_response(),
        Err(stop) => return pages::stopped(ipse, headers, stop),
    };
    if known.is_none() {
        let https = ipse.config.is_https();
        let secure = if https { "; Secure" } else { "" };
        // Longer than any request lives; without it a phone that closed its browser could not go on.
        let value = format!("{}={cookie}; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax{secure}", oidc_cookie(https));
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    response
}

#[derive(Deserialize)]
struct Wanted {
    lang: Option<String>,
}

/// `GET /oauth2/requests/{id}`: who asks, how it stands, or the way back. Showing who asks changes nothing.
async fn show(
    State(ipse): State<Shared>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let cookie = cookie_of(&ipse, &headers);
    let view = flow::view(&ipse, &id, cookie.as_deref()).await;
    let csrf = csrf(cookie.as_deref().unwrap_or_default(), &id);
    shown(&ipse, &headers, &id, wanted.lang.as_deref(), csrf, view)
}

fn shown(
    ipse: &Ipse,
    headers: &HeaderMap,
    id: &str,
    language: Option<&str>,
    csrf: String,
    view: Result<View>,
) -> Response {
    match view {
        Ok(View::Asked(asked)) => pages::asked(ipse, headers, id, language, csrf, &asked),
        Ok(View::Follow(follow)) => pages::follow(ipse, headers, id, csrf, &follow),
        Ok(View::Session) => Redirect::to("/v/session").into_response(),
        Ok(View::Back(redirect)) => pages::back(ipse, headers, &redirect),
        Err(stop) => pages::stopped(ipse, headers, stop),
    }
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

/// Refuses a click that did not come from a page of ours in this browser.
fn check(headers: &HeaderMap, cookie: Option<&str>, id: &str, token: &Token) -> Result<()> {
    let expected = csrf(cookie.ok_or(Error::SessionOver)?, id);
    let genuine = bool::from(expected.as_bytes().ct_eq(token.csrf.as_bytes())) && own_click(headers);
    if genuine { Ok(()) } else { Err(Error::SessionOver.into()) }
}

/// `POST /oauth2/requests/{id}/begin`: a human click binds the request to this browser, and its verification with it.
async fn begin(
    State(ipse): State<Shared>,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let cookie = cookie_of(&ipse, &headers);
    let begun = async {
        check(&headers, cookie.as_deref(), &id, &token)?;
        let language = Reader::new(&ipse, &headers, wanted.lang.as_deref()).text.language().to_owned();
        flow::begin(&ipse, &id, cookie.as_deref(), device(&headers), &language).await
    };
    match begun.await {
        Ok(Some(session)) => crate::capture::bind(&ipse, &session),
        Ok(None) => Redirect::to(&format!("/oauth2/requests/{id}")).into_response(),
        Err(stop) => pages::stopped(&ipse, &headers, stop),
    }
}

/// `POST /oauth2/requests/{id}/cancel`: the person goes back.
async fn cancel(
    State(ipse): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(token): Form<Token>,
) -> Response {
    let cookie = cookie_of(&ipse, &headers);
    let cancelled = async {
        check(&headers, cookie.as_deref(), &id, &token)?;
        flow::cancel(&ipse, &id, cookie.as_deref()).await
    };
    shown(&ipse, &headers, &id, None, token.csrf.clone(), cancelled.await)
}

/// `GET /oauth2/requests/{id}/events`: hears of every change, here or on a phone.
async fn events(State(ipse): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let cookie = cookie_of(&ipse, &headers);
    let verification = match flow::marker(&ipse, &id, cookie.as_deref()).await {
        Ok((verification, _)) => verification,
        Err(stop) => return pages::stopped(&ipse, &headers, stop),
    };
    let shared = ipse.clone();
    let stream = follow(ipse, verification, String::new(), move |last| {
        let (shared, id, cookie) = (shared.clone(), id.clone(), cookie.clone());
        async move {
            let (_, marker) = flow::marker(&shared, &id, cookie.as_deref()).await.ok()?;
            if marker == last {
                return Some((Vec::new(), last, false));
            }
            let data = serde_json::json!({ "state": marker }).to_string();
            Some((vec![Event::default().event("state").data(data)], marker, false))
        }
    });
    stream.into_response()
}

/// The way back from the capture pages, in the browser that began: as soon as there is something to tell, or a reviewer
/// to wait for. Not a redirect, which the policy of the page whose form led here could stop.
pub(crate) async fn way_back(ipse: &Ipse, headers: &HeaderMap, reader: &Reader, session: &Session) -> Option<Response> {
    let verification = &session.verification;
    if !flow::is_over(verification.state) && verification.state != Standing::PendingReview {
        return None;
    }
    let cookie = cookie_of(ipse, headers);
    let found = flow::of_verification(ipse, &session.organization, &verification.id, cookie.as_deref()).await;
    let id = found.ok().flatten()?;
    Some(pages::returning(reader, &verification.requester.name, format!("/oauth2/requests/{id}"), Vec::new()))
}

/// The status of what stopped, and the refusal that it is told as.
fn told(stop: Stop) -> (StatusCode, Error) {
    let error = match stop {
        Stop::Refused(error, _) => error,
        Stop::App(error) => {
            let problem = crate::http::problem::Problem::from(error);
            if problem.status == 503 { Error::TemporarilyUnavailable } else { Error::ServerError }
        }
    };
    (StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), error)
}
