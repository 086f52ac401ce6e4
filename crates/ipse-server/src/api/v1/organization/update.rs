//! `PUT /v1/organization`

use super::{Organization, Settings};
use crate::app::settings::update;
use crate::http::auth::{Key, OrganizationWrite};
use crate::http::body::Json as Body;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// Change the organization of the key
#[utoipa::path(
    put,
    path = "/organization",
    tag = "Organization",
    request_body = Settings,
    responses((status = 200, body = Organization), (status = 422, body = Problem))
)]
pub async fn update_organization(
    key: Key<OrganizationWrite>,
    State(ipse): State<Shared>,
    Body(body): Body<Settings>,
) -> Result<Json<Organization>, Problem> {
    Ok(Json(update(&ipse, &key.caller, body.into()).await?.into()))
}
