//! `POST /v1/webhook-endpoints/{id}/disable` and `…/enable`

use super::WebhookEndpoint;
use crate::app::webhooks::set_enabled;
use crate::http::auth::{Key, WebhooksWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::EndpointId;

/// Stop sending events to an endpoint
///
/// What is pending is given up; replay brings it back.
#[utoipa::path(
    post,
    path = "/webhook-endpoints/{id}/disable",
    tag = "Webhooks",
    params(("id" = String, Path)),
    responses((status = 200, body = WebhookEndpoint), (status = 404, body = Problem))
)]
pub async fn disable_webhook_endpoint(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
) -> Result<Json<WebhookEndpoint>, Problem> {
    Ok(Json(set_enabled(&ipse, &key.caller, &id, false).await?.into()))
}

/// Send events to an endpoint again
#[utoipa::path(
    post,
    path = "/webhook-endpoints/{id}/enable",
    tag = "Webhooks",
    params(("id" = String, Path)),
    responses((status = 200, body = WebhookEndpoint), (status = 404, body = Problem))
)]
pub async fn enable_webhook_endpoint(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
) -> Result<Json<WebhookEndpoint>, Problem> {
    Ok(Json(set_enabled(&ipse, &key.caller, &id, true).await?.into()))
}
