//! `POST /v1/campaigns/{id}/cancel`

use super::Campaign;
use crate::app::campaigns::cancel;
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::CampaignId;

/// Cancel a campaign
///
/// Nobody is asked or reminded any more. Links that have left stay good until they run out.
#[utoipa::path(
    post,
    path = "/campaigns/{id}/cancel",
    tag = "Campaigns",
    params(("id" = String, Path)),
    responses(
        (status = 200, body = Campaign),
        (status = 404, body = Problem),
        (status = 409, description = "it has ended", body = Problem),
    )
)]
pub async fn cancel_campaign(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<CampaignId>,
) -> Result<Json<Campaign>, Problem> {
    Ok(Json(cancel(&ipse, &key.caller, &id).await?.into()))
}
