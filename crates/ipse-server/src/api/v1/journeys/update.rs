//! `PUT /v1/journeys/{id}`

use super::{Journey, Rules};
use crate::app::journeys::update;
use crate::http::auth::{JourneysWrite, Key};
use crate::http::body::{Json as Body, Path};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::JourneyId;
use serde::Deserialize;
use utoipa::ToSchema;

/// The next version of a journey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateJourney {
    /// 1 to 120 characters.
    name: String,
    /// The whole recipe.
    rules: Rules,
}

/// Write the next version of a journey
///
/// Verifications already opened keep the version they were opened with.
#[utoipa::path(
    put,
    path = "/journeys/{id}",
    tag = "Journeys",
    params(("id" = String, Path)),
    request_body = UpdateJourney,
    responses((status = 200, body = Journey), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn update_journey(
    key: Key<JourneysWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<JourneyId>,
    Body(body): Body<UpdateJourney>,
) -> Result<Json<Journey>, Problem> {
    Ok(Json(update(&ipse, &key.caller, &id, &body.name, body.rules.into()).await?.into()))
}
