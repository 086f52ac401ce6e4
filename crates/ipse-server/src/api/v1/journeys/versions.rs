//! `GET /v1/journeys/{id}/versions`

use super::Journey;
use crate::api::v1::list::List;
use crate::app::journeys::versions;
use crate::http::auth::{JourneysRead, Key};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::JourneyId;

/// List the versions of a journey, newest first
#[utoipa::path(
    get,
    path = "/journeys/{id}/versions",
    tag = "Journeys",
    params(("id" = String, Path)),
    responses((status = 200, body = List<Journey>), (status = 404, body = Problem))
)]
pub async fn list_journey_versions(
    key: Key<JourneysRead>,
    State(ipse): State<Shared>,
    Path(id): Path<JourneyId>,
) -> Result<Json<List<Journey>>, Problem> {
    let found = versions(&ipse, &key.caller, &id).await?;
    Ok(Json(List::whole(found.into_iter().map(Journey::from).collect())))
}
