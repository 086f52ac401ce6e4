//! `GET /v1/journeys`

use super::Journey;
use crate::api::v1::list::List;
use crate::app::journeys::list;
use crate::http::auth::{JourneysRead, Key};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// List the newest version of every journey
#[utoipa::path(get, path = "/journeys", tag = "Journeys", responses((status = 200, body = List<Journey>)))]
pub async fn list_journeys(key: Key<JourneysRead>, State(ipse): State<Shared>) -> Result<Json<List<Journey>>, Problem> {
    Ok(Json(List::whole(list(&ipse, &key.caller).await?.into_iter().map(Journey::from).collect())))
}
