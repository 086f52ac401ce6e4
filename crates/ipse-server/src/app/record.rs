//! Recording what happened: events, deliveries and the new state, in one transaction.

use super::Result;
use super::integrations::{self, System};
use crate::random;
use crate::state::Ipse;
use ipse_connectors::salesforce::{Told, claims};
use ipse_core::event::{self, Actor, Event, Happening, Head};
use ipse_core::id::{ApiKeyId, DeliveryId, EventId};
use ipse_core::journey::Rules;
use ipse_core::verification::Verification;
use ipse_core::webhook;
use ipse_store::Tx;
use ipse_store::deliveries::Delivery;
use ipse_store::verifications::Forgetting;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Puts what happened at the end of a verification's chain, queues a delivery for every endpoint that wants it, and
/// returns the new end. The caller writes the verification with it.
pub async fn append(
    tx: &mut Tx,
    verification: &Verification,
    mut head: Head,
    actor: &Actor,
    happenings: &[Happening],
    now: Timestamp,
) -> Result<Head> {
    for happening in happenings {
        let id = EventId::new(now, random::entropy());
        let event = event::append(head, verification.id.as_str(), id, now, actor.clone(), happening);
        tx.insert_event(&event).await?;
        head = Head { sequence: event.sequence, hash: event.hash };
        if webhook::is_public(&event.kind) {
            queue(tx, &event, verification).await?;
        }
    }
    Ok(head)
}

async fn queue(tx: &mut Tx, event: &Event, verification: &Verification) -> Result<()> {
    let endpoints = tx.list_endpoints().await?;
    let wanted = endpoints
        .iter()
        .filter(|state| state.enabled)
        .map(|state| &state.endpoint)
        .filter(|endpoint| endpoint.event_types.is_empty() || endpoint.event_types.contains(&event.kind))
        .filter(|endpoint| endpoint.only_of.is_empty() || asked_by(verification, &endpoint.only_of));
    let body = webhook::text(&webhook::body(event, verification));
    for endpoint in wanted {
        let delivery = delivery(endpoint.id.to_string(), event, verification);
        tx.insert_delivery(&delivery, body.as_bytes(), None).await?;
    }
    if verification.is_finished() { tell_org(tx, event, verification).await } else { Ok(()) }
}

/// Queues a platform event for the org that asked, if one did.
async fn tell_org(tx: &mut Tx, event: &Event, verification: &Verification) -> Result<()> {
    let Some(integration) = integrations::of(tx, &verification.requester.actor).await? else { return Ok(()) };
    let System::Salesforce(org) = &integration.system else { return Ok(()) };
    let journey = tx.journey(&verification.journey, verification.journey_version).await?;
    let journey = journey.map(|journey| journey.key).unwrap_or_default();
    let organization = tx.organization().clone();
    let told = Told { audience: &org.id, organization: &organization, journey: &journey };
    let Some(claims) = claims(&told, event, verification) else { return Ok(()) };
    let delivery = delivery(integration.id.to_string(), event, verification);
    Ok(tx.insert_delivery(&delivery, Value::Object(claims).to_string().as_bytes(), None).await?)
}

/// An event on its way.
fn delivery(destination: String, event: &Event, verification: &Verification) -> Delivery {
    let id = DeliveryId::new(event.at, random::entropy());
    Delivery {
        verification: Some(verification.id.clone()),
        sequence: event.sequence,
        ..Delivery::queued(id, destination, event.id.to_string(), event.kind.clone(), event.at)
    }
}

/// Whether a verification was opened with one of these keys.
fn asked_by(verification: &Verification, keys: &[ApiKeyId]) -> bool {
    matches!(&verification.requester.actor, Actor::ApiKey(key) if keys.contains(key))
}

/// Writes a changed verification: its events, its deliveries, its row, and when to forget once it has ended.
pub async fn save(
    tx: &mut Tx,
    verification: &Verification,
    head: Head,
    actor: &Actor,
    happenings: &[Happening],
    rules: &Rules,
    now: Timestamp,
) -> Result<Head> {
    let head = append(tx, verification, head, actor, happenings, now).await?;
    tx.update_verification(verification, head).await?;
    if verification.finished_at == Some(now) {
        let later = |duration: SignedDuration| now.checked_add(duration).ok();
        let images_at = later(SignedDuration::from_hours(i64::from(rules.keep_images_hours)));
        let facts_at = later(SignedDuration::from_hours(24 * i64::from(rules.keep_facts_days)));
        tx.schedule_forgetting(&verification.id, Forgetting { images_at, facts_at }).await?;
    }
    Ok(head)
}

/// Puts something that concerns the organization itself at the end of its own chain.
pub async fn organization(tx: &mut Tx, actor: &Actor, kind: &'static str, data: Value, now: Timestamp) -> Result<()> {
    let stream = tx.organization().to_string();
    let head = tx.organization_head().await?;
    let id = EventId::new(now, random::entropy());
    let event = event::append(head, &stream, id, now, actor.clone(), &Happening::new(kind, data));
    tx.insert_event(&event).await?;
    tx.set_organization_head(Head { sequence: event.sequence, hash: event.hash }).await?;
    Ok(())
}

impl Ipse {
    /// Commits, then tells whoever waits: the dispatcher, and the pages that follow this verification.
    pub async fn commit(&self, tx: Tx, changed: &Verification) -> Result<()> {
        tx.commit().await?;
        self.tell(changed);
        Ok(())
    }
}
