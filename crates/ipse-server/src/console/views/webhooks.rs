//! Webhook endpoints and what was delivered to them.

use super::{Chip, Choice, Errors, Pager, Shell};
use askama::Template;

/// `GET /console/webhooks`
#[derive(Template)]
#[template(path = "console/webhooks.html")]
pub struct Webhooks {
    pub shell: Shell,
    pub errors: Errors,
    pub rows: Vec<WebhookRow>,
    /// The new webhook's address, as typed.
    pub url: String,
    pub event_types: Vec<Choice>,
}

/// A webhook in the list.
pub struct WebhookRow {
    pub id: String,
    pub url: String,
    pub events: String,
    pub state: Chip,
    pub last_delivery: String,
}

/// `GET /console/webhooks/{id}`
#[derive(Template)]
#[template(path = "console/webhook.html")]
pub struct Webhook {
    pub shell: Shell,
    pub id: String,
    pub url: String,
    pub state: Chip,
    pub disabled: bool,
    pub events: String,
    /// A new signing secret, in the one answer that shows it.
    pub secret_once: Option<String>,
    pub public_key: String,
    pub deliveries: Vec<Delivery>,
    pub pager: Pager,
}

/// One event on its way to this webhook.
pub struct Delivery {
    pub id: String,
    pub event_type: String,
    pub at: String,
    pub state: Chip,
    pub attempts: Vec<Attempt>,
}

/// One try to deliver.
pub struct Attempt {
    pub at: String,
    /// What the receiver answered, such as `503 Service Unavailable, 210 ms`.
    pub answer: String,
}
