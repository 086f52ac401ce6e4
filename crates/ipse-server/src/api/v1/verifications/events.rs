//! `GET /v1/verifications/{id}/events`

use crate::app::verifications::get;
use crate::app::{audit, keys};
use crate::http::auth::{Key, VerificationsRead, bearer};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::http::sse::follow;
use crate::state::Shared;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use ipse_core::id::VerificationId;

/// Follow a verification's events as server-sent events
///
/// Starts with everything that happened, or after `Last-Event-ID`; ends with the event that ends the verification.
#[utoipa::path(
    get,
    path = "/verifications/{id}/events",
    tag = "Verifications",
    params(("id" = String, Path), ("Last-Event-ID" = Option<u64>, Header, description = "The sequence last seen")),
    responses(
        (status = 200, description = "a stream: id is the sequence, event the type, data the event", content_type = "text/event-stream", body = String),
        (status = 404, body = Problem),
    )
)]
pub async fn follow_events(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    get(&ipse, &key.caller, &id).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let caller = key.caller;
    let token = bearer(&headers).unwrap_or_default().to_owned();
    let shared = ipse.clone();
    let stream = follow(ipse, id.clone(), last.unwrap_or(0_u64), move |cursor| {
        let (shared, caller, id, token) = (shared.clone(), caller.clone(), id.clone(), token.clone());
        async move {
            // A key that was revoked, or a token that ran out, hears no more.
            keys::authenticate(&shared, &token).await.ok()??;
            let verification = get(&shared, &caller, &id).await.ok()?;
            let events = audit::of(&shared, &caller, id.as_str(), cursor).await.ok()?;
            let cursor = events.last().map_or(cursor, |event| event.sequence);
            let wire = events.iter().map(|event| {
                let data = audit::wire(event).to_string();
                Event::default().id(event.sequence.to_string()).event(event.kind.clone()).data(data)
            });
            Some((wire.collect(), cursor, verification.is_finished()))
        }
    });
    Ok(stream.into_response())
}
