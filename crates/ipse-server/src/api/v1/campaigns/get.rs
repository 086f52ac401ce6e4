//! `GET /v1/campaigns/{id}`

use super::Campaign;
use crate::app::campaigns::get;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::CampaignId;

/// Get a campaign
#[utoipa::path(
    get,
    path = "/campaigns/{id}",
    tag = "Campaigns",
    params(("id" = String, Path)),
    responses((status = 200, body = Campaign), (status = 404, body = Problem))
)]
pub async fn get_campaign(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<CampaignId>,
) -> Result<Json<Campaign>, Problem> {
    Ok(Json(get(&ipse, &key.caller, &id).await?.into()))
}
