//! `POST /v1/webhook-endpoints/{id}/test`

use super::Delivery;
use crate::app::webhooks::test;
use crate::http::auth::{Key, WebhooksWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ipse_core::id::EndpointId;

/// Send a harmless event to an endpoint
///
/// The delivery, with the server's answer, shows among the endpoint's deliveries.
#[utoipa::path(
    post,
    path = "/webhook-endpoints/{id}/test",
    tag = "Webhooks",
    params(("id" = String, Path)),
    responses((status = 202, body = Delivery), (status = 404, body = Problem))
)]
pub async fn test_webhook_endpoint(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<EndpointId>,
) -> Result<(StatusCode, Json<Delivery>), Problem> {
    let delivery = test(&ipse, &key.caller, &id).await?;
    Ok((StatusCode::ACCEPTED, Json(Delivery::new(delivery, Vec::new()))))
}
