//! `POST /v1/webhook-endpoints`

use super::WebhookEndpoint;
use crate::app::webhooks::{Wanted, create};
use crate::http::auth::{Key, WebhooksWrite};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What makes an endpoint.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateWebhookEndpoint {
    /// An https address.
    #[schema(example = "https://example.com/webhooks/ipse")]
    url: String,
    /// Which event types; empty for all.
    #[serde(default)]
    event_types: Vec<String>,
    /// At most 200 characters.
    #[serde(default)]
    description: String,
    /// Whether it is told only of verifications that this key opens.
    #[serde(default)]
    own_only: bool,
}

/// Create a webhook endpoint
///
/// Deliveries follow Standard Webhooks 1.0 and carry `v1` and `v1a` signatures.
#[utoipa::path(
    post,
    path = "/webhook-endpoints",
    tag = "Webhooks",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = CreateWebhookEndpoint,
    responses((status = 201, body = WebhookEndpoint), (status = 422, body = Problem))
)]
pub async fn create_webhook_endpoint(
    key: Key<WebhooksWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<CreateWebhookEndpoint>,
) -> Result<Response, Problem> {
    let caller = &key.caller;
    once(&ipse, caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        let wanted = Wanted {
            url: body.url,
            event_types: body.event_types,
            description: body.description,
            only_of: if body.own_only { vec![key.id.clone()] } else { Vec::new() },
        };
        let (state, secret) = create(&ipse, tx, caller, wanted).await?;
        Ok(WebhookEndpoint { secrets: vec![secret.into()], ..state.into() })
    })
    .await
}
