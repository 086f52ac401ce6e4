//! `GET /v1/webhook-endpoints/{id}`

use super::{Secret, WebhookEndpoint};
use crate::app::webhooks::get;
use crate::http::auth::{Key, WebhooksRead};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::EndpointId;

/// Get a webhook endpoint
#[utoipa::path(
    get,
    path = "/webhook-endpoints/{id}",
    tag = "Webhooks",
    params(("id" = String, Path)),
    responses((status = 200, body = WebhookEndpoint), (status = 404, body = Problem))
)]
pub async fn get_webhook_endpoint(
    key: Key<WebhooksRead>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
) -> Result<Json<WebhookEndpoint>, Problem> {
    let (state, secrets) = get(&ipse, &key.caller, &id).await?;
    let shown = if key.also("webhooks:write") { secrets } else { Vec::new() };
    Ok(Json(WebhookEndpoint { secrets: shown.into_iter().map(Secret::from).collect(), ..state.into() }))
}
