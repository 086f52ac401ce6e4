//! Webhook endpoints and their deliveries on the wire.

pub mod create;
pub mod deliveries;
pub mod get;
pub mod list;
pub mod replay;
pub mod rotate_secret;
pub mod switch;
pub mod test;

use crate::state::Shared;
use ipse_store::deliveries as store;
use ipse_store::webhooks::{EndpointState, Secret as StoredSecret};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_webhook_endpoint, list::list_webhook_endpoints))
        .routes(routes!(get::get_webhook_endpoint))
        .routes(routes!(rotate_secret::rotate_webhook_secret))
        .routes(routes!(switch::disable_webhook_endpoint))
        .routes(routes!(switch::enable_webhook_endpoint))
        .routes(routes!(test::test_webhook_endpoint))
        .routes(routes!(deliveries::list_deliveries))
        .routes(routes!(replay::replay_deliveries))
        .routes(routes!(replay::replay_delivery))
}

/// Where events are sent.
#[derive(Serialize, ToSchema)]
pub struct WebhookEndpoint {
    /// Its id.
    #[schema(example = "whe_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `webhook_endpoint`.
    pub object: &'static str,
    /// The address.
    pub url: String,
    /// Which event types; empty for all.
    pub event_types: Vec<String>,
    /// What it is for.
    pub description: String,
    /// Whether it is told only of verifications that one key, or one integration, opens.
    pub own_only: bool,
    /// Whether events are sent there.
    pub enabled: bool,
    /// Why not.
    pub disabled_reason: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The secrets that sign now, the newest first; only where one endpoint is asked for with `webhooks:write`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Secret>,
}

/// One generation of signing secrets.
#[derive(Serialize, ToSchema)]
pub struct Secret {
    /// For `v1` signatures: `whsec_…`.
    pub secret: String,
    /// For `v1a` signatures: `whpk_…`.
    pub public_key: String,
    /// Until when it still signs, once replaced.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub retires_at: Option<Timestamp>,
}

impl From<StoredSecret> for Secret {
    fn from(secret: StoredSecret) -> Self {
        Self { secret: secret.shared, public_key: secret.public, retires_at: secret.retires_at }
    }
}

impl From<EndpointState> for WebhookEndpoint {
    fn from(state: EndpointState) -> Self {
        let endpoint = state.endpoint;
        Self {
            id: endpoint.id.to_string(),
            object: "webhook_endpoint",
            url: endpoint.url,
            event_types: endpoint.event_types,
            description: endpoint.description,
            own_only: !endpoint.only_of.is_empty(),
            enabled: state.enabled,
            disabled_reason: endpoint.disabled_reason,
            created_at: endpoint.created_at,
            secrets: Vec::new(),
        }
    }
}

/// One event on its way to one endpoint.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    /// Its id.
    #[schema(example = "dlv_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `delivery`.
    pub object: &'static str,
    /// The endpoint.
    pub endpoint: String,
    /// The event's id, which the receiver sees as `webhook-id`.
    pub event: String,
    /// The event's type.
    pub event_type: String,
    /// The verification.
    pub verification: Option<String>,
    /// `pending`, `delivered`, `dead` or `cancelled`.
    pub state: &'static str,
    /// When it was queued.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it is next tried, while pending.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_attempt_at: Option<Timestamp>,
    /// Every try.
    pub attempts: Vec<Attempt>,
}

/// One try.
#[derive(Serialize, ToSchema)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The beginning of the answer, or what went wrong.
    pub answer: String,
    /// How long it took.
    pub milliseconds: u64,
}

impl Delivery {
    /// A delivery with its attempts.
    pub fn new(delivery: store::Delivery, attempts: Vec<store::Attempt>) -> Self {
        let pending = delivery.state == store::DeliveryState::Pending;
        let attempt = |attempt: store::Attempt| Attempt {
            number: attempt.number,
            at: attempt.at,
            status: attempt.status,
            answer: attempt.answer,
            milliseconds: attempt.milliseconds,
        };
        Self {
            id: delivery.id.to_string(),
            object: "delivery",
            endpoint: delivery.destination,
            event: delivery.event,
            event_type: delivery.kind,
            verification: delivery.verification.map(Into::into),
            state: delivery.state.as_str(),
            created_at: delivery.created_at,
            next_attempt_at: pending.then_some(delivery.next_attempt_at),
            attempts: attempts.into_iter().map(attempt).collect(),
        }
    }
}
