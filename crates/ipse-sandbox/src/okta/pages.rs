//! The pages of the miniature Okta, and the two addresses between which a browser is at the vendor.

use super::views::{Field, Form, Log, LogRow, Page};
use super::{Answer, Logged, SHORTEST_PASSWORD, User};
use crate::Partners;
use crate::pages::{Held, frame, page, when};
use crate::views::{Link, Status};
use axum::Router;
use axum::extract::{self, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;

/// The cookie of a browser that recovers something.
const COOKIE: &str = "okta-state";

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/okta", get(sign_in_page).post(sign_in))
        .route("/okta/forgot", get(forgot_page).post(forgot))
        .route("/okta/verify", get(verify))
        .route("/okta/reset", get(reset_page).post(reset))
        .route("/okta/log", get(log))
        .route("/idp/identity-verification", get(leave))
        .route("/idp/identity-verification/callback", get(arrive))
}

fn link(href: &str, label: &str) -> Link {
    Link { href: href.to_owned(), label: label.to_owned() }
}

fn plain(title: &'static str, lead: &str) -> Page {
    Page {
        frame: frame("/okta"),
        title,
        lead: lead.to_owned(),
        notice: None,
        form: None,
        links: vec![link("/okta", "Back to sign in")],
    }
}

const USERNAME: Field = Field { name: "username", label: "Username", kind: "email", autocomplete: "username" };

/// The browser's part of a recovery; empty, and so nobody's, without the cookie.
fn token(headers: &HeaderMap) -> String {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

fn denied(reason: &str) -> Response {
    let notice = Some(Status { tone: "bad", label: format!("DENY: {reason}") });
    let lead = "Your password stays as it is. The system log says the same to an administrator.";
    (StatusCode::FORBIDDEN, page(&Page { notice, ..plain("Your identity was not verified", lead) })).into_response()
}

async fn sign_in_page(State(partners): Held) -> Response {
    signing_in(&partners, None)
}

fn signing_in(partners: &Partners, notice: Option<Status>) -> Response {
    let logins: Vec<&str> = partners.okta.users().iter().map(|user: &User| user.employee.email).collect();
    let password = Field { name: "password", label: "Password", kind: "password", autocomplete: "current-password" };
    page(&Page {
        notice,
        form: Some(Form { action: "/okta", fields: vec![USERNAME, password], button: "Sign in" }),
        links: vec![link("/okta/forgot", "Forgot password?"), link("/okta/log", "System log")],
        ..plain("Sign in to Utopia", &format!("Everybody has forgotten their password: {}.", logins.join(", ")))
    })
}

#[derive(Deserialize)]
struct SignIn {
    username: String,
    password: String,
}

async fn sign_in(State(partners): Held, extract::Form(given): extract::Form<SignIn>) -> Response {
    if partners.okta.signs_in(&given.username, &given.password) {
        let notice = Some(Status { tone: "good", label: format!("Signed in as {}", given.username) });
        return page(&Page { notice, ..plain("Welcome to Utopia", "There is nothing else to do here.") });
    }
    let notice = Status { tone: "bad", label: "Unable to sign in".to_owned() };
    (StatusCode::UNAUTHORIZED, signing_in(&partners, Some(notice))).into_response()
}

async fn forgot_page() -> Response {
    page(&Page {
        form: Some(Form { action: "/okta/forgot", fields: vec![USERNAME], button: "Next" }),
        ..plain("Reset your password", "The account management policy asks for your identity first.")
    })
}

#[derive(Deserialize)]
struct Forgot {
    username: String,
}

async fn forgot(State(partners): Held, extract::Form(given): extract::Form<Forgot>) -> Response {
    let Some(token) = partners.okta.begin(&given.username) else {
        let notice = Some(Status { tone: "bad", label: "This password cannot be reset".to_owned() });
        return (StatusCode::FORBIDDEN, page(&Page { notice, ..plain("Reset your password", "") })).into_response();
    };
    let cookie = format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/okta/verify")).into_response()
}

async fn verify(State(partners): Held, headers: HeaderMap) -> Response {
    let token = token(&headers);
    let recovery = partners.okta.recovery(&token);
    let verifier = recovery.and_then(|recovery| partners.okta.verifier(&recovery.user).ok());
    let Some((vendor, _)) = verifier else { return Redirect::to("/okta/forgot").into_response() };
    let go = link(&format!("/idp/identity-verification?stateTokenExternalId={token}"), "Continue");
    page(&Page {
        links: vec![go, link("/okta", "Back to sign in")],
        ..plain("Verify your identity", &format!("{} will ask for a document and your face.", vendor.name))
    })
}

#[derive(Deserialize)]
struct Leave {
    #[serde(rename = "stateTokenExternalId", default)]
    token: String,
}

async fn leave(State(partners): Held, headers: HeaderMap, Query(asked): Query<Leave>) -> Response {
    let token = token(&headers);
    if token != asked.token {
        return denied("MISSING_AUTH_STATE_TOKEN");
    }
    match partners.okta.leave(&token).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(reason) => denied(reason.as_str()),
    }
}

async fn arrive(State(partners): Held, headers: HeaderMap, Query(answer): Query<Answer>) -> Response {
    match partners.okta.arrive(&token(&headers), &answer).await {
        Ok(()) => Redirect::to("/okta/reset").into_response(),
        Err(reason) => denied(reason.as_str()),
    }
}

async fn reset_page(State(partners): Held, headers: HeaderMap) -> Response {
    if partners.okta.may_reset(&token(&headers)) { new_password(None) } else { denied("CLAIMS_NOT_VERIFIED") }
}

fn new_password(notice: Option<Status>) -> Response {
    let password = Field { name: "password", label: "New password", kind: "password", autocomplete: "new-password" };
    page(&Page {
        notice,
        form: Some(Form { action: "/okta/reset", fields: vec![password], button: "Reset password" }),
        ..plain("Choose a new password", "ALLOW: your identity was verified.")
    })
}

#[derive(Deserialize)]
struct Reset {
    password: String,
}

async fn reset(State(partners): Held, headers: HeaderMap, extract::Form(given): extract::Form<Reset>) -> Response {
    let token = token(&headers);
    if !partners.okta.may_reset(&token) {
        return denied("CLAIMS_NOT_VERIFIED");
    }
    if given.password.chars().count() < SHORTEST_PASSWORD {
        let label = format!("At least {SHORTEST_PASSWORD} characters");
        let answer = new_password(Some(Status { tone: "bad", label }));
        return (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response();
    }
    if partners.okta.reset(&token, &given.password) {
        Redirect::to("/okta").into_response()
    } else {
        denied("CLAIMS_NOT_VERIFIED")
    }
}

async fn log(State(partners): Held) -> Response {
    let row = |logged: Logged| LogRow {
        at: when(logged.at),
        event_type: logged.event_type,
        login: logged.login,
        outcome: Status { tone: if logged.result == "DENY" { "bad" } else { "good" }, label: logged.result.to_owned() },
        reason: logged.reason,
        reference: logged.reference.unwrap_or_default(),
    };
    page(&Log { frame: frame("/okta"), rows: partners.okta.log().into_iter().map(row).collect() })
}
