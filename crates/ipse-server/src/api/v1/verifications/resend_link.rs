//! `POST /v1/verifications/{id}/resend-link`

use super::Verification;
use crate::app::verifications::resend;
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Path;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ipse_core::id::VerificationId;

/// Send a new link; the old one dies
#[utoipa::path(
    post,
    path = "/verifications/{id}/resend-link",
    tag = "Verifications",
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses(
        (status = 200, body = Verification),
        (status = 404, body = Problem),
        (status = 409, description = "its state does not allow it", body = Problem),
    )
)]
pub async fn resend_link(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Path(id): Path<VerificationId>,
) -> Result<Response, Problem> {
    let now = ipse.clock.now();
    let caller = &key.caller;
    let answer = once(&ipse, caller, &sent, &id, StatusCode::OK, async |tx| {
        let opened = resend(&ipse, tx, caller, &id).await?;
        Ok(Verification { link: opened.link, ..Verification::new(opened.verification, now) })
    })
    .await?;
    // Only now is it so for whoever follows and looks.
    let _ = ipse.news.send(id);
    Ok(answer)
}
