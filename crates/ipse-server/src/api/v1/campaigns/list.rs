//! `GET /v1/campaigns`

use super::Campaign;
use crate::api::v1::list::{List, Paging};
use crate::app::campaigns::list;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::Query;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// List campaigns
#[utoipa::path(
    get,
    path = "/campaigns",
    tag = "Campaigns",
    params(Paging),
    responses((status = 200, body = List<Campaign>))
)]
pub async fn list_campaigns(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Campaign>>, Problem> {
    let limit = paging.limit()?;
    let found = list(&ipse, &key.caller, paging.before()?, limit + 1).await?;
    let items = found.into_iter().map(Campaign::from).collect();
    Ok(Json(List::page(items, limit, |campaign| campaign.id.clone())))
}
