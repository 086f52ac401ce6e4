//! `POST /entra/claims/{id}`: whether the claims of an account recovery are the person's, asked by the tenant of an
//! integration, with a token of its own. Nothing of a body is logged or kept.

use crate::app::recovery::{self, Asker, Believed};
use crate::http::body::{Path, Raw};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use ipse_connectors::entra::{Claims, LARGEST_CALLOUT, read_callout};
use ipse_core::id::IntegrationId;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Whoever asks about claims waits two seconds: an answer is there well before.
const BUDGET: Duration = Duration::from_millis(1_500);

/// The route.
pub fn routes() -> Router<Shared> {
    Router::new().route("/entra/claims/{id}", post(claims).layer(DefaultBodyLimit::max(LARGEST_CALLOUT)))
}

async fn claims(State(ipse): State<Shared>, Path(id): Path<IntegrationId>, request: Request) -> Response {
    let until = Instant::now() + BUDGET;
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = authorization.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().to_owned();
    // Before a body is read.
    let believed = timeout_at(until, recovery::authenticate(&ipse, &id, &token, ipse.clock.now())).await;
    let asker = match believed {
        Ok(Ok(Believed::Yes(asker))) => asker,
        Ok(Ok(Believed::No)) => {
            let title = "The token is none with which the tenant of this integration asks.";
            return Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", title).into_response();
        }
        Ok(Err(error)) => return Problem::from(error).into_response(),
        Ok(Ok(Believed::NotYet)) | Err(_) => {
            let title = "The keys of the tenant are not known yet; try again.".to_owned();
            return Problem { title, ..Problem::overloaded(5) }.into_response();
        }
    };
    timeout_at(until, answer(&ipse, &asker, request)).await.unwrap_or_else(|_| {
        tracing::warn!(integration = %id, "the claims of a recovery were not compared in time; they count as failed");
        Json(Claims::default().compare(None).answer()).into_response()
    })
}

async fn answer(ipse: &Shared, asker: &Asker, request: Request) -> Response {
    let body = match Raw::from_request(request, &()).await {
        Ok(Raw(body)) => body,
        Err(problem) => return problem.into_response(),
    };
    let Some(callout) = read_callout(&body) else { return Problem::malformed("This is no callout.").into_response() };
    match recovery::validate(ipse, asker, &callout, ipse.clock.now()).await {
        Ok(Some(compared)) => Json(compared.answer()).into_response(),
        Ok(None) => Problem::malformed("The callout is of another tenant.").into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}
