//! `POST /v1/deliveries/{id}/replay` and `POST /v1/webhook-endpoints/{id}/replay`

use super::Delivery;
use crate::app::webhooks;
use crate::http::auth::{Key, WebhooksWrite};
use crate::http::body::{Json as Body, Path};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::{DeliveryId, EndpointId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A span of time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// From this instant, inclusive.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// To this instant, inclusive.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
}

/// What was queued.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    /// How many deliveries.
    replayed: u64,
}

/// Deliver one event again, with the same event id
#[utoipa::path(
    post,
    path = "/deliveries/{id}/replay",
    tag = "Webhooks",
    params(("id" = String, Path)),
    responses((status = 200, body = Delivery), (status = 404, body = Problem))
)]
pub async fn replay_delivery(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<DeliveryId>,
) -> Result<Json<Delivery>, Problem> {
    Ok(Json(Delivery::new(webhooks::replay(&ipse, &key.caller, &id).await?, Vec::new())))
}

/// Deliver again everything an endpoint was sent in a span of time
#[utoipa::path(
    post,
    path = "/webhook-endpoints/{id}/replay",
    tag = "Webhooks",
    params(("id" = String, Path)),
    request_body = Span,
    responses((status = 200, body = Replayed), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn replay_deliveries(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
    Body(span): Body<Span>,
) -> Result<Json<Replayed>, Problem> {
    let replayed = webhooks::replay_range(&ipse, &key.caller, &id, span.from, span.to).await?;
    Ok(Json(Replayed { replayed }))
}
