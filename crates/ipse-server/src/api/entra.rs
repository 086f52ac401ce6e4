//! `POST /entra/callback` and `/entra/presented`: what Entra's request service tells of an issuance, and of a presentation.
//! Whoever calls proves it with the key that went out with the request; nothing of a body is logged, and of a presentation's
//! only the findings are kept.

use crate::app::credentials::{self, Heard};
use crate::app::{self, presentations};
use crate::http::body::Raw;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use ipse_connectors::entra::{read_presented, read_told};

/// The largest callback that the service is said to make.
const LARGEST: usize = 10 << 20;

/// The routes.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route(crate::jobs::CALLBACK, post(callback).layer(DefaultBodyLimit::max(LARGEST)))
        .route(crate::jobs::PRESENTED, post(presented).layer(DefaultBodyLimit::max(LARGEST)))
}

/// The key that a request came with, and its body. Without a key no body is read.
async fn told(request: Request) -> Result<(String, Bytes), Response> {
    let key = request.headers().get("api-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let key = key.filter(|key| !key.is_empty()).ok_or_else(not_believed)?;
    let Raw(body) = Raw::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
    Ok((key, body))
}

fn not_believed() -> Response {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "The key is not that of the state.").into_response()
}

fn no_callback() -> Response {
    Problem::malformed("This is no callback.").into_response()
}

fn answer(heard: app::Result<Heard>) -> Response {
    match heard {
        Ok(Heard::Yes) => StatusCode::OK.into_response(),
        Ok(Heard::NotBelieved) => not_believed(),
        Ok(Heard::Unknown) => Problem::malformed("The state is of nothing that was asked for.").into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn callback(State(ipse): State<Shared>, request: Request) -> Response {
    let (key, body) = match told(request).await {
        Ok(told) => told,
        Err(refused) => return refused,
    };
    let Some(told) = read_told(&body) else { return no_callback() };
    answer(credentials::hear(&ipse, &told, &key).await)
}

async fn presented(State(ipse): State<Shared>, request: Request) -> Response {
    let (key, body) = match told(request).await {
        Ok(told) => told,
        Err(refused) => return refused,
    };
    let Some(told) = read_presented(&body) else { return no_callback() };
    answer(presentations::hear(&ipse, &told, &key).await)
}
