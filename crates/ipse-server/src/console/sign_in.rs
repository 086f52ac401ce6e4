//! Signing in and out.

use super::form::Fields;
use super::views;
use crate::app::people;
use crate::http::auth::{Anybody, console_cookie};
use crate::http::page::render;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

/// `GET /console/sign-in`
pub(super) async fn page(who: Option<Anybody>) -> Response {
    if who.is_some() {
        return Redirect::to("/console").into_response();
    }
    render(&views::SignIn { csrf: String::new(), notice: None })
}

/// `GET /console/sign-in/{token}`: one button. Looking changes nothing, so mail scanners may fetch it.
pub(super) async fn link(Path(token): Path<String>) -> Response {
    render(&views::SignInLink { csrf: String::new(), action: format!("/console/sign-in/{token}") })
}

/// `POST /console/sign-in/{token}`
pub(super) async fn redeem(State(ipse): State<Shared>, Path(token): Path<String>, headers: HeaderMap) -> Response {
    let own = headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    if !own {
        return super::problem(StatusCode::FORBIDDEN, "Open the link itself and sign in from there.");
    }
    match people::redeem(&ipse, &token).await {
        Ok(cookie) => (with_cookie(&ipse, cookie), Redirect::to("/console")).into_response(),
        Err(error) => super::refused(error),
    }
}

/// The session's cookie.
pub(super) fn with_cookie(ipse: &Ipse, value: String) -> CookieJar {
    let https = ipse.config.is_https();
    let cookie = Cookie::build((console_cookie(https), value))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Strict)
        .build();
    CookieJar::new().add(cookie)
}

/// `POST /console/sign-out`
pub(super) async fn sign_out(State(ipse): State<Shared>, Anybody(who): Anybody, _: Fields) -> Response {
    if let Err(error) = people::sign_out(&ipse, &who).await {
        return super::refused(error);
    }
    let https = ipse.config.is_https();
    let gone = Cookie::build((console_cookie(https), "")).path("/").secure(https).build();
    (CookieJar::new().add(gone), Redirect::to("/console/sign-in")).into_response()
}
