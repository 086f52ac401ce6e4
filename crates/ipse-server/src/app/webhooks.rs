//! Webhook endpoints: where events go, what signs them, what became of each.

use super::{Caller, Error, Result, record};
use crate::random;
use crate::state::Ipse;
use ipse_connectors::webhook::{Signer, new_secrets};
use ipse_core::Refusal;
use ipse_core::id::{ApiKeyId, DeliveryId, EndpointId, EventId};
use ipse_core::subject::bounded;
use ipse_core::webhook::{EVENT_TYPES, text};
use ipse_store::Tx;
use ipse_store::deliveries::{Attempt, Delivery, DeliveryState};
use ipse_store::webhooks::{Endpoint, EndpointState, Secret};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// How long a replaced secret still signs beside the new one.
const ROTATION_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// What a caller says of an endpoint.
pub struct Wanted {
    /// The address.
    pub url: String,
    /// Which event types; empty for all.
    pub event_types: Vec<String>,
    /// What it is for.
    pub description: String,
    /// The API keys of whose verifications it is told; empty for everybody's.
    pub only_of: Vec<ApiKeyId>,
}

fn validate(ipse: &Ipse, wanted: &Wanted) -> Result<()> {
    let parsed = url::Url::parse(&wanted.url).ok().filter(|url| url.has_host() && wanted.url.len() <= 2_000);
    let scheme_is_fine = parsed.as_ref().is_some_and(|url| {
        url.scheme() == "https" || (url.scheme() == "http" && ipse.config.webhooks.allow_private_addresses)
    });
    if !scheme_is_fine {
        return Err(Refusal::invalid("url", "must be an https address").into());
    }
    if parsed.is_some_and(|url| !url.username().is_empty() || url.password().is_some()) {
        return Err(Refusal::invalid("url", "must not carry a user or password").into());
    }
    if !wanted.event_types.iter().all(|kind| EVENT_TYPES.contains(&kind.as_str())) {
        return Err(Refusal::invalid("event_types", "must be known event types").into());
    }
    Ok(bounded("description", &wanted.description, 0, 200)?)
}

fn make_secret() -> Result<Secret> {
    let secrets = new_secrets(&random::bytes()).map_err(|_| Error::Unavailable("the signing library"))?;
    Ok(Secret { shared: secrets.shared, private: secrets.private, public: secrets.public, retires_at: None })
}

/// Makes an endpoint. Its secret is returned with it.
pub async fn create(ipse: &Ipse, tx: &mut Tx, caller: &Caller, wanted: Wanted) -> Result<(EndpointState, Secret)> {
    validate(ipse, &wanted)?;
    if tx.list_endpoints().await?.len() >= 50 {
        return Err(Refusal::invalid("url", "at most 50 endpoints").into());
    }
    let now = ipse.clock.now();
    let endpoint = Endpoint {
        id: EndpointId::new(now, random::entropy()),
        url: wanted.url,
        event_types: wanted.event_types,
        description: wanted.description,
        only_of: wanted.only_of,
        created_at: now,
        disabled_reason: None,
    };
    let secret = make_secret()?;
    tx.insert_endpoint(&endpoint, std::slice::from_ref(&secret)).await?;
    let data = json!({ "endpoint": endpoint.id });
    record::organization(tx, &caller.actor, "webhook_endpoint.created", data, now).await?;
    Ok((EndpointState { endpoint, enabled: true }, secret))
}

async fn find(tx: &mut Tx, id: &EndpointId) -> Result<EndpointState> {
    Ok(tx.endpoint(id).await?.ok_or(Refusal::NotFound("webhook endpoint"))?)
}

/// Replaces an endpoint's secret; the old one signs beside the new for a day.
pub async fn rotate(ipse: &Ipse, caller: &Caller, id: &EndpointId) -> Result<Secret> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let new = renew(ipse, &mut tx, caller, id).await?;
    tx.commit().await?;
    Ok(new)
}

/// The same, as part of something else.
pub async fn renew(ipse: &Ipse, tx: &mut Tx, caller: &Caller, id: &EndpointId) -> Result<Secret> {
    let now = ipse.clock.now();
    find(tx, id).await?;
    let mut secrets = alive(tx.endpoint_secrets(id).await?, now);
    secrets.truncate(1);
    for old in &mut secrets {
        old.retires_at = now.checked_add(ROTATION_OVERLAP).ok();
    }
    let new = make_secret()?;
    secrets.insert(0, new.clone());
    tx.set_endpoint_secrets(id, &secrets).await?;
    let data = json!({ "endpoint": id });
    record::organization(tx, &caller.actor, "webhook_endpoint.secret_rotated", data, now).await?;
    Ok(new)
}

/// Tells an endpoint also of what another key asks for.
pub async fn add_key(tx: &mut Tx, id: &EndpointId, key: &ApiKeyId) -> Result<()> {
    let mut state = find(tx, id).await?;
    state.endpoint.only_of.push(key.clone());
    Ok(tx.update_endpoint(&state.endpoint, state.enabled).await?)
}

/// The secrets that sign now.
pub fn alive(mut secrets: Vec<Secret>, now: Timestamp) -> Vec<Secret> {
    secrets.retain(|secret| secret.retires_at.is_none_or(|retires| now < retires));
    secrets
}

/// The signers of an endpoint.
pub async fn signers(tx: &mut Tx, id: &EndpointId, now: Timestamp) -> Result<Vec<Signer>> {
    let secrets = alive(tx.endpoint_secrets(id).await?, now);
    let signers = secrets.iter().map(|secret| Signer::new(&secret.shared, &secret.private));
    signers.collect::<std::result::Result<_, _>>().map_err(|_| Error::Unavailable("the endpoint's secret"))
}

/// Switches an endpoint on or off. Off gives up what is pending; replay brings it back.
pub async fn set_enabled(ipse: &Ipse, caller: &Caller, id: &EndpointId, enabled: bool) -> Result<EndpointState> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let state = switch(&mut tx, id, (!enabled).then_some("switched off by hand"), now).await?;
    let kind = if enabled { "webhook_endpoint.enabled" } else { "webhook_endpoint.disabled" };
    record::organization(&mut tx, &caller.actor, kind, json!({ "endpoint": id }), now).await?;
    tx.commit().await?;
    Ok(state)
}

/// Switches an endpoint on, or off for a reason, as part of something else.
pub async fn switch(tx: &mut Tx, id: &EndpointId, off: Option<&str>, now: Timestamp) -> Result<EndpointState> {
    let mut state = find(tx, id).await?;
    state.enabled = off.is_none();
    state.endpoint.disabled_reason = off.map(str::to_owned);
    tx.update_endpoint(&state.endpoint, state.enabled).await?;
    if off.is_some() {
        tx.cancel_deliveries(id.as_str(), now).await?;
    }
    Ok(state)
}

/// Queues a harmless event, to see whether the receiver answers.
pub async fn test(ipse: &Ipse, caller: &Caller, id: &EndpointId) -> Result<Delivery> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    find(&mut tx, id).await?;
    let event = EventId::new(now, random::entropy());
    let body = json!({ "type": "webhook.test", "timestamp": now.to_string(), "data": { "object": "test" } });
    let delivery = Delivery::queued(
        DeliveryId::new(now, random::entropy()),
        id.to_string(),
        event.to_string(),
        "webhook.test".into(),
        now,
    );
    tx.insert_delivery(&delivery, text(&body).as_bytes(), None).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(delivery)
}

/// Queues one ended delivery again.
pub async fn replay(ipse: &Ipse, caller: &Caller, id: &DeliveryId) -> Result<Delivery> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let found = tx.delivery(id).await?.filter(|delivery| delivery.destination.starts_with(EndpointId::PREFIX));
    found.ok_or(Refusal::NotFound("delivery"))?;
    tx.replay_delivery(id, now).await?;
    let delivery = tx.delivery(id).await?.ok_or(Refusal::NotFound("delivery"))?;
    record::organization(&mut tx, &caller.actor, "delivery.replayed", json!({ "delivery": id }), now).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(delivery)
}

/// Queues again everything that ended at an endpoint and was made in a span of time; returns how many.
pub async fn replay_range(
    ipse: &Ipse,
    caller: &Caller,
    id: &EndpointId,
    from: Timestamp,
    to: Timestamp,
) -> Result<u64> {
    if to < from {
        return Err(Refusal::invalid("to", "must not be before from").into());
    }
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    find(&mut tx, id).await?;
    let count = tx.replay_deliveries(id.as_str(), from, to, now).await?;
    let data = json!({ "endpoint": id, "count": count });
    record::organization(&mut tx, &caller.actor, "deliveries.replayed", data, now).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(count)
}

/// An endpoint with the secrets that sign now.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &EndpointId) -> Result<(EndpointState, Vec<Secret>)> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let state = find(&mut tx, id).await?;
    let secrets = alive(tx.endpoint_secrets(id).await?, ipse.clock.now());
    Ok((state, secrets))
}

/// Every endpoint, oldest first.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<EndpointState>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.list_endpoints().await?)
}

/// A page of an endpoint's deliveries, newest first, each with its attempts.
pub async fn deliveries(
    ipse: &Ipse,
    caller: &Caller,
    id: &EndpointId,
    state: Option<DeliveryState>,
    before: Option<&str>,
    limit: u32,
) -> Result<Vec<(Delivery, Vec<Attempt>)>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    find(&mut tx, id).await?;
    let mut page = Vec::new();
    for delivery in tx.list_deliveries(id.as_str(), state, before, limit).await? {
        let attempts = tx.attempts(&delivery.id).await?;
        page.push((delivery, attempts));
    }
    Ok(page)
}
