//! `POST /entra/callback`: what Entra's request service tells of an issuance. Whoever calls proves it with the key that went
//! out with the request; nothing of a body is logged or kept.

use crate::app::credentials::{self, Heard};
use crate::http::body::Raw;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use ipse_connectors::entra::read_told;

/// The largest callback that the service is said to make.
const LARGEST: usize = 10 << 20;

/// The route.
pub fn routes() -> Router<Shared> {
    Router::new().route(crate::jobs::CALLBACK, post(callback).layer(DefaultBodyLimit::max(LARGEST)))
}

async fn callback(State(ipse): State<Shared>, request: Request) -> Response {
    let not_believed =
        || Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "The key is not this issuance's.").into_response();
    let key = request.headers().get("api-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    // Before a body is read.
    let Some(key) = key.filter(|key| !key.is_empty()) else { return not_believed() };
    let Raw(body) = match Raw::from_request(request, &()).await {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    let Some(told) = read_told(&body) else { return Problem::malformed("This is no callback.").into_response() };
    match credentials::hear(&ipse, &told, &key).await {
        Ok(Heard::Yes) => StatusCode::OK.into_response(),
        Ok(Heard::NotBelieved) => not_believed(),
        Ok(Heard::Unknown) => Problem::malformed("The state is of no issuance.").into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
