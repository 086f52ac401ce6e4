//! What outside systems are told, and nothing more: ids, states and reasons, no personal data.

use crate::event::Event;
use crate::verification::Verification;
use serde_json::{Value, json};

/// Every event type an endpoint can ask for.
pub const EVENT_TYPES: &[&str] = &[
    "verification.created",
    "verification.link_sent",
    "verification.claimed",
    "verification.processing",
    "verification.requires_input",
    "verification.pending_review",
    "verification.succeeded",
    "verification.failed",
    "verification.expired",
    "verification.cancelled",
    "verification.declined",
    "verification.redeemed",
    "verification.redacted",
];

/// Whether the event type leaves the house at all.
pub fn is_public(kind: &str) -> bool {
    EVENT_TYPES.contains(&kind)
}

/// A body as it is sent: JSON in ASCII alone, so that a receiver whose platform decodes a body before it can be checked
/// still signs the same bytes.
pub fn text(body: &Value) -> String {
    let mut text = String::new();
    for letter in body.to_string().chars() {
        if letter.is_ascii() {
            text.push(letter);
        } else {
            // Outside of strings JSON has no such letters (RFC 8259 §7).
            let units =
                letter.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>();
            text.push_str(&units);
        }
    }
    text
}

/// The body for one event: Standard Webhooks' `type`, `timestamp` and `data`, thin on purpose. The state is the one
/// the event led to, so a late delivery still tells what was true then; `sequence` orders deliveries that cross.
pub fn body(event: &Event, verification: &Verification) -> Value {
    json!({
        "type": event.kind,
        "timestamp": event.at.to_string(),
        "data": {
            "object": "verification",
            "id": verification.id,
            "status": verification.state.as_str(),
            "sequence": event.sequence,
            "purpose": verification.purpose,
            "record": verification.record,
            "reasons": verification.reasons,
            "finished_at": verification.finished_at,
            "valid_until": verification.valid_until,
            "assurance": verification.proven(),
            "metadata": verification.metadata,
        }
    })
}
