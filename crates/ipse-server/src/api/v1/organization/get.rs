//! `GET /v1/organization`

use super::Organization;
use crate::app::settings::get;
use crate::http::auth::{Key, OrganizationRead};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// Get the organization of the key
#[utoipa::path(get, path = "/organization", tag = "Organization", responses((status = 200, body = Organization)))]
pub async fn get_organization(
    key: Key<OrganizationRead>,
    State(ipse): State<Shared>,
) -> Result<Json<Organization>, Problem> {
    Ok(Json(get(&ipse, &key.caller).await?.into()))
}
