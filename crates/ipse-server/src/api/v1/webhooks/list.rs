//! `GET /v1/webhook-endpoints`

use super::WebhookEndpoint;
use crate::api::v1::list::List;
use crate::app::webhooks::list;
use crate::http::auth::{Key, WebhooksRead};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;

/// List webhook endpoints
#[utoipa::path(
    get,
    path = "/webhook-endpoints",
    tag = "Webhooks",
    responses((status = 200, body = List<WebhookEndpoint>))
)]
pub async fn list_webhook_endpoints(
    key: Key<WebhooksRead>,
    State(ipse): State<Shared>,
) -> Result<Json<List<WebhookEndpoint>>, Problem> {
    Ok(Json(List::whole(list(&ipse, &key.caller).await?.into_iter().map(WebhookEndpoint::from).collect())))
}
