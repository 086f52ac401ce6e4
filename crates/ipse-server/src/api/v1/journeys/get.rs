//! `GET /v1/journeys/{id}`

use super::Journey;
use crate::app::journeys::get;
use crate::http::auth::{JourneysRead, Key};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// Get the newest version of a journey, by its id or key
#[utoipa::path(
    get,
    path = "/journeys/{id}",
    tag = "Journeys",
    params(("id" = String, Path)),
    responses((status = 200, body = Journey), (status = 404, body = Problem))
)]
pub async fn get_journey(
    key: Key<JourneysRead>,
    State(ipse): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Journey>, Problem> {
    Ok(Json(get(&ipse, &key.caller, &id).await?.into()))
}
