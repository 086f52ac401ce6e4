//! `POST /v1/webhook-endpoints/{id}/rotate-secret`

use super::Secret;
use crate::app::webhooks::rotate;
use crate::http::auth::{Key, WebhooksWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::EndpointId;

/// Replace an endpoint's secret
///
/// The old one signs beside the new for 24 hours.
#[utoipa::path(
    post,
    path = "/webhook-endpoints/{id}/rotate-secret",
    tag = "Webhooks",
    params(("id" = String, Path)),
    responses((status = 200, body = Secret), (status = 404, body = Problem))
)]
pub async fn rotate_webhook_secret(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
) -> Result<Json<Secret>, Problem> {
    Ok(Json(rotate(&ipse, &key.caller, &id).await?.into()))
}
