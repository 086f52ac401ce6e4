//! `POST /v1/verifications/{id}/cancel`

use super::Verification;
use crate::app::verifications::cancel;
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::VerificationId;

/// Cancel a verification
#[utoipa::path(
    post,
    path = "/verifications/{id}/cancel",
    tag = "Verifications",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Verification),
        (status = 404, body = Problem),
        (status = 409, description = "its state does not allow it", body = Problem),
    )
)]
pub async fn cancel_verification(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
) -> Result<Json<Verification>, Problem> {
    let verification = cancel(&ipse, &key.caller, &id).await?;
    Ok(Json(Verification::new(verification, ipse.clock.now())))
}
