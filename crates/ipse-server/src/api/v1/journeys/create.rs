//! `POST /v1/journeys`

use super::{Journey, Rules};
use crate::app::journeys::create;
use crate::http::auth::{JourneysWrite, Key};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What makes a journey.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateJourney {
    /// 1 to 60 of `a-z`, `0-9` and `-`; unique.
    #[schema(example = "help-desk")]
    key: String,
    /// 1 to 120 characters.
    name: String,
    /// The recipe.
    #[serde(default)]
    rules: Rules,
}

/// Create a journey
#[utoipa::path(
    post,
    path = "/journeys",
    tag = "Journeys",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = CreateJourney,
    responses(
        (status = 201, body = Journey),
        (status = 409, description = "the key is taken", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn create_journey(
    key: Key<JourneysWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<CreateJourney>,
) -> Result<Response, Problem> {
    let caller = &key.caller;
    once(&ipse, caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        Ok(Journey::from(create(&ipse, tx, caller, &body.key, &body.name, body.rules.into()).await?))
    })
    .await
}
