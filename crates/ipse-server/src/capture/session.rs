//! What a bound browser sees and does.

use super::pages::{self, Shown};
use super::{Bound, Token};
use crate::app::{capture, credentials, enrolments};
use crate::http::body::Form;
use crate::http::qr::image;
use crate::http::sse::follow;
use crate::state::Shared;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::sse::Event;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::document::DocumentKind;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Chosen {
    document_kind: Option<String>,
    qr: Option<String>,
}

/// `GET /v/session`: the page that is due.
pub(super) async fn show(
    State(ipse): State<Shared>,
    bound: Bound,
    Query(query): Query<Chosen>,
    headers: HeaderMap,
) -> Response {
    if let Some(back) = crate::oidc::way_back(&ipse, &headers, &bound.reader, &bound.session).await {
        return back;
    }
    let chosen = query.document_kind.as_deref().and_then(DocumentKind::parse);
    // Only what the link before this page gave: letters that need no escaping in an address.
    let qr = query.qr.filter(|nonce| nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    let shown = Shown { chosen, qr, hints: &[], tries_left: None };
    pages::session(&ipse, &bound.reader, &bound.session, &shown)
}

pub(super) async fn act(bound: &Bound, form: &Token, done: impl Future<Output = crate::app::Result<()>>) -> Response {
    if let Err(response) = bound.check(&form.csrf) {
        return response;
    }
    match done.await {
        Ok(()) => Redirect::to("/v/session").into_response(),
        Err(error) => pages::refused(&bound.reader, &error),
    }
}

/// `POST /v/session/decline`: this was not me.
pub(super) async fn decline(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    act(&bound, &form, Box::pin(capture::decline_session(&ipse, &bound.session))).await
}

/// `POST /v/session/decline-face`: a reviewer shall look instead.
pub(super) async fn decline_face(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    act(&bound, &form, Box::pin(capture::decline_face(&ipse, &bound.session))).await
}

/// `POST /v/session/withdraw-consent`: the template that was kept is erased.
pub(super) async fn withdraw_consent(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    act(&bound, &form, enrolments::withdraw(&ipse, &bound.session)).await
}

/// `POST /v/session/retry`: another try after the rules asked for one.
pub(super) async fn retry(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    act(&bound, &form, capture::retry(&ipse, &bound.session)).await
}

/// `POST /v/session/reclaim`: goes on with this device.
pub(super) async fn reclaim(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    act(&bound, &form, capture::reclaim(&ipse, &bound.session)).await
}

/// `POST /v/session/handover`: lets another device take over by QR code.
pub(super) async fn hand_over(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    if let Err(response) = bound.check(&form.csrf) {
        return response;
    }
    match capture::hand_over(&ipse, &bound.session, &bound.cookie).await {
        Ok(nonce) => Redirect::to(&format!("/v/session?qr={nonce}")).into_response(),
        Err(error) => pages::refused(&bound.reader, &error),
    }
}

#[derive(Deserialize)]
pub(super) struct Drawn {
    n: String,
}

/// `GET /v/session/handover.svg`: the QR code.
pub(super) async fn qr(State(ipse): State<Shared>, bound: Bound, Query(drawn): Query<Drawn>) -> Response {
    let link = capture::hand_over_link(&ipse, &bound.cookie, &drawn.n);
    image(&link)
}

/// `GET /v/session/events`: hears of every change, from this device or another.
pub(super) async fn events(State(ipse): State<Shared>, bound: Bound) -> Response {
    let shared = ipse.clone();
    let id = bound.session.verification.id.clone();
    let cookie = bound.cookie;
    let stream = follow(ipse, id, String::new(), move |last| {
        let (shared, cookie) = (shared.clone(), cookie.clone());
        async move {
            let session = capture::session(&shared, &cookie).await.ok().flatten()?;
            let marker = pages::marker(&session);
            let more = session.wallet.as_ref().is_some_and(credentials::Wallet::is_open);
            let finished = session.verification.is_finished() && !more;
            if marker == last {
                return Some((Vec::new(), last, finished));
            }
            let data = serde_json::json!({ "state": marker }).to_string();
            Some((vec![Event::default().event("state").data(data)], marker, finished))
        }
    });
    stream.into_response()
}
