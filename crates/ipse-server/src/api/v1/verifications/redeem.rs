//! `POST /v1/verifications/{id}/redeem`

use super::{Record, Verification};
use crate::app::verifications::redeem;
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::{Json, Path};
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ipse_core::id::VerificationId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What relies on a success.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemVerification {
    /// The outside record that is about to be acted upon. Where it is given, the verification must have been opened for
    /// exactly this one.
    #[serde(default)]
    record: Option<Record>,
}

/// Use a success up: the first call opens the gate, every other is refused
#[utoipa::path(
    post,
    path = "/verifications/{id}/redeem",
    tag = "Verifications",
    params(
        ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Asking again after a lost answer gives the same answer"),
    ),
    request_body = RedeemVerification,
    responses(
        (status = 200, body = Verification),
        (status = 404, body = Problem),
        (status = 409, description = "no success, redeemed before, or opened for another record", body = Problem),
        (status = 410, description = "the success may not be relied on any more", body = Problem),
    )
)]
pub async fn redeem_verification(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Path(id): Path<VerificationId>,
    Json(body): Json<RedeemVerification>,
) -> Result<Response, Problem> {
    let now = ipse.clock.now();
    let caller = &key.caller;
    let request = (id.clone(), body.clone());
    let answer = once(&ipse, caller, &sent, &request, StatusCode::OK, async |tx| {
        let verification = redeem(&ipse, tx, caller, &id, body.record.map(Into::into)).await?;
        Ok(Verification::new(verification, now))
    })
    .await?;
    // Only now is it so for whoever follows and looks.
    let _ = ipse.news.send(id);
    Ok(answer)
}
