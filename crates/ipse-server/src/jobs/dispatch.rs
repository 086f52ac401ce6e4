//! Delivers what is queued: webhooks, platform events, e-mails and text messages, at least once each, in order for each
//! verification, a few at a time to each destination, with growing pauses over three days.

use super::{WaysOut, salesforce, wait};
use crate::app::messages::Message;
use crate::app::{Error, record, webhooks};
use crate::random;
use crate::state::Shared;
use ipse_connectors::salesforce::BATCH;
use ipse_connectors::{Reading, sms, webhook};
use ipse_core::event::Actor;
use ipse_core::id::{EndpointId, IntegrationId, OrganizationId};
use ipse_store::deliveries::{Attempt, Delivery, DeliveryState};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

/// How many calls are under way at once.
const AT_ONCE: usize = 64;
/// How many deliveries are looked at together: what fills a call to an integration.
const LOOKED_AT: u32 = BATCH as u32;
/// How long a delivery belongs to one dispatcher. Longer than the slowest try takes.
const LEASE: SignedDuration = SignedDuration::from_secs(120);
/// How long one call to an integration may take, with a new token in the middle.
const LONGEST_BATCH: Duration = Duration::from_secs(90);
/// The pauses between attempts, in seconds; the last one repeats.
const PAUSES: [u32; 10] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200];

/// Delivers until the server closes; then waits for what is on its way.
pub async fn run(ipse: Shared, ways_out: Arc<WaysOut>) {
    let mut under_way = JoinSet::new();
    let mut gates: HashMap<String, Arc<Semaphore>> = HashMap::new();
    let width = ipse.config.webhooks.per_destination.max(1);
    loop {
        while under_way.try_join_next().is_some() {}
        let free = AT_ONCE.saturating_sub(under_way.len());
        let now = ipse.clock.now();
        let until = now.checked_add(LEASE).unwrap_or(now);
        // A destination whose turns are all taken gets nothing new, so that one that hangs holds up nobody else.
        let full: Vec<String> = gates
            .iter()
            .filter(|(_, gate)| gate.available_permits() == 0)
            .map(|(destination, _)| destination.clone())
            .collect();
        let mut turns = Vec::new();
        // What goes to an integration goes in one call, one call at a time.
        let mut batches: HashMap<String, (OwnedSemaphorePermit, usize)> = HashMap::new();
        let wanted = |delivery: &Delivery| {
            if is_batched(delivery) {
                if let Some((_, count)) = batches.get_mut(&delivery.destination) {
                    *count += 1;
                    return *count <= BATCH;
                }
                if turns.len() + batches.len() >= free {
                    return false;
                }
                let gate = gates.entry(delivery.destination.clone());
                let gate = gate.or_insert_with(|| Arc::new(Semaphore::new(1))).clone();
                let turn = gate.try_acquire_owned();
                let is_free = turn.is_ok();
                batches.extend(turn.ok().map(|turn| (delivery.destination.clone(), (turn, 1))));
                return is_free;
            }
            if turns.len() + batches.len() >= free {
                return false;
            }
            let gate = gates.entry(delivery.destination.clone());
            let gate = gate.or_insert_with(|| Arc::new(Semaphore::new(width))).clone();
            let turn = gate.try_acquire_owned();
            let is_free = turn.is_ok();
            turns.extend(turn);
            is_free
        };
        let leased = if free == 0 {
            Ok(Vec::new())
        } else {
            ipse.store.lease_deliveries(now, until, LOOKED_AT.min(4 * free as u32), &full, wanted).await
        };
        let took = match leased {
            Ok(leased) => {
                let took = leased.len();
                let (together, single): (Vec<_>, Vec<_>) =
                    leased.into_iter().partition(|(_, delivery)| is_batched(delivery));
                let single =
                    single.into_iter().zip(turns).map(|((whose, delivery), turn)| (whose, vec![delivery], turn));
                for (organization, deliveries, turn) in single.chain(grouped(together, batches)) {
                    let (ipse, ways_out) = (ipse.clone(), ways_out.clone());
                    under_way.spawn(async move {
                        if let Err(error) = deliver(&ipse, &ways_out, &organization, &deliveries).await {
                            let first = deliveries.first().map(|delivery| delivery.id.as_str());
                            tracing::error!(%error, delivery = first, "a delivery could not be noted");
                        }
                        drop(turn);
                        // The next of the same verification may have waited for this one.
                        ipse.dispatch.notify_one();
                    });
                }
                took
            }
            Err(error) => {
                tracing::error!(%error, "deliveries could not be taken; it will be tried again");
                0
            }
        };
        if gates.len() > 1_000 {
            gates.retain(|_, gate| gate.available_permits() < width);
        }
        if took == 0 && !wait(&ipse, Some(&ipse.dispatch), Duration::from_secs(1)).await {
            break;
        }
        if *ipse.closing.borrow() {
            break;
        }
    }
    while under_way.join_next().await.is_some() {}
}

/// Whether a delivery goes with others in one call.
fn is_batched(delivery: &Delivery) -> bool {
    delivery.destination.starts_with(IntegrationId::PREFIX)
}

/// What goes in one call: everything of one organization for one destination.
fn grouped(
    leased: Vec<(OrganizationId, Delivery)>,
    mut turns: HashMap<String, (OwnedSemaphorePermit, usize)>,
) -> Vec<(OrganizationId, Vec<Delivery>, OwnedSemaphorePermit)> {
    let mut groups: Vec<(OrganizationId, Vec<Delivery>, OwnedSemaphorePermit)> = Vec::new();
    for (organization, delivery) in leased {
        let same = |(_, group, _): &&mut (_, Vec<Delivery>, _)| {
            group.first().is_some_and(|first| first.destination == delivery.destination)
        };
        if let Some((_, group, _)) = groups.iter_mut().find(same) {
            group.push(delivery);
        } else if let Some((turn, _)) = turns.remove(&delivery.destination) {
            groups.push((organization, vec![delivery], turn));
        }
    }
    groups
}

/// What came of a try.
pub(super) struct Outcome {
    pub(super) reading: Reading,
    pub(super) status: Option<u16>,
    pub(super) answer: String,
}

impl Outcome {
    /// Again, not before so many seconds.
    pub(super) fn later(answer: impl Into<String>, seconds: u32) -> Self {
        Self { reading: Reading::Retry { after: Some(seconds) }, status: None, answer: answer.into() }
    }

    pub(super) fn failed(answer: impl Into<String>) -> Self {
        Self { reading: Reading::Retry { after: None }, status: None, answer: answer.into() }
    }

    pub(super) fn refused(answer: impl Into<String>) -> Self {
        Self { reading: Reading::Refused, status: None, answer: answer.into() }
    }
}

async fn deliver(
    ipse: &Shared,
    ways_out: &WaysOut,
    organization: &OrganizationId,
    deliveries: &[Delivery],
) -> Result<(), Error> {
    let begun = ipse.clock.now();
    let mut outcomes = Vec::with_capacity(deliveries.len());
    match deliveries {
        [first, ..] if is_batched(first) => {
            let sending = salesforce::send(ipse, &ways_out.outgoing, &ways_out.tokens, organization, deliveries);
            // Before the lease ends, or somebody else would send the same.
            let sent = tokio::time::timeout(LONGEST_BATCH, sending).await;
            // What cannot be read or signed is noted like what cannot be sent: it waits longer each time, and shows.
            let because = |why: String| deliveries.iter().map(|_| Outcome::failed(why.clone())).collect();
            outcomes = match sent {
                Ok(Ok(outcomes)) => outcomes,
                Ok(Err(error)) => because(error.to_string()),
                Err(_) => because("no answer in time".to_owned()),
            };
        }
        _ => {
            for delivery in deliveries {
                outcomes.push(match delivery.destination.as_str() {
                    "email" | "sms" => send_message(ipse, ways_out, organization, delivery).await?,
                    _ => send_webhook(ipse, ways_out, organization, delivery, begun).await?,
                });
            }
        }
    }
    let mut tx = ipse.store.begin(organization).await?;
    for (delivery, outcome) in deliveries.iter().zip(outcomes) {
        note(ipse, &mut tx, delivery, outcome, begun).await?;
    }
    Ok(tx.commit().await?)
}

/// Notes what came of a try, and when there is to be another.
async fn note(
    ipse: &Shared,
    tx: &mut ipse_store::Tx,
    delivery: &Delivery,
    outcome: Outcome,
    begun: Timestamp,
) -> Result<(), Error> {
    let now = ipse.clock.now();
    let number = delivery.attempts + 1;
    let give_up = SignedDuration::from_hours(24 * i64::from(ipse.config.webhooks.give_up_days));
    let (state, next) = match outcome.reading {
        Reading::Delivered => (DeliveryState::Delivered, now),
        Reading::Gone | Reading::Refused => (DeliveryState::Dead, now),
        Reading::Retry { .. } if now.duration_since(delivery.queued_at) >= give_up => (DeliveryState::Dead, now),
        Reading::Retry { after } => {
            let attempts = delivery.attempts.saturating_sub(delivery.attempts_before);
            (DeliveryState::Pending, next_attempt(now, attempts, after))
        }
    };
    let attempt = Attempt {
        number,
        at: begun,
        status: outcome.status,
        answer: outcome.answer.chars().filter(|letter| *letter != '\0').take(500).collect(),
        milliseconds: u64::try_from(now.duration_since(begun).as_millis()).unwrap_or(0),
    };
    metrics::counter!("ipse_deliveries_total", "state" => state.as_str()).increment(1);
    // It may have been cancelled or replayed meanwhile; then only the try is noted.
    let current = tx.hold_delivery(&delivery.id).await?;
    let state = if current == Some(DeliveryState::Cancelled) { DeliveryState::Cancelled } else { state };
    tx.finish_attempt(&delivery.id, &attempt, state, next).await?;
    if outcome.reading == Reading::Gone {
        disable(tx, delivery, now).await?;
    }
    Ok(())
}

/// When to try again: the pause for this attempt, a fifth more or less, and never before the receiver wants it.
fn next_attempt(now: Timestamp, attempts: u32, after: Option<u32>) -> Timestamp {
    let pause = PAUSES.get(attempts as usize).or(PAUSES.last()).copied().unwrap_or(60);
    let jitter = u32::from(u16::from_be_bytes(random::bytes())) * (pause * 2 / 5) / 65_536;
    let seconds = (pause - pause / 5 + jitter).max(after.unwrap_or(0));
    now.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(now)
}

/// 410 is the receiver's word that it wants no more.
async fn disable(tx: &mut ipse_store::Tx, delivery: &Delivery, now: Timestamp) -> Result<(), Error> {
    let Ok(id) = delivery.destination.parse::<EndpointId>() else { return Ok(()) };
    let Some(mut state) = tx.endpoint(&id).await? else { return Ok(()) };
    state.endpoint.disabled_reason = Some("the receiver answered 410 Gone".to_owned());
    tx.update_endpoint(&state.endpoint, false).await?;
    tx.cancel_deliveries(id.as_str(), now).await?;
    let data = json!({ "endpoint": id, "reason": "410" });
    record::organization(tx, &Actor::System, "webhook_endpoint.disabled", data, now).await
}

async fn send_webhook(
    ipse: &Shared,
    ways_out: &WaysOut,
    organization: &OrganizationId,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let Ok(id) = delivery.destination.parse::<EndpointId>() else { return Ok(Outcome::refused("no such endpoint")) };
    let mut tx = ipse.store.read(organization).await?;
    let Some(state) = tx.endpoint(&id).await? else { return Ok(Outcome::refused("no such endpoint")) };
    if !state.enabled {
        return Ok(Outcome::refused("the endpoint is disabled"));
    }
    let signers = webhooks::signers(&mut tx, &id, now).await?;
    let body = tx.delivery_body(&delivery.id).await?;
    drop(tx);
    let request = webhook::request(&state.endpoint.url, &signers, &delivery.event, now.as_second(), body.into());
    let Ok(request) = request else { return Ok(Outcome::refused("the address is not one")) };
    Ok(match ways_out.outgoing.send(request).await {
        Ok(answer) => Outcome {
            reading: webhook::read(answer.status, &answer.headers),
            status: Some(answer.status.as_u16()),
            answer: answer.beginning,
        },
        Err(unsent) => Outcome::failed(unsent.0),
    })
}

async fn send_message(
    ipse: &Shared,
    ways_out: &WaysOut,
    organization: &OrganizationId,
    delivery: &Delivery,
) -> Result<Outcome, Error> {
    let mut tx = ipse.store.read(organization).await?;
    let body = match tx.delivery_body(&delivery.id).await {
        Ok(body) => body,
        Err(ipse_store::Error::Forgotten | ipse_store::Error::Sealed) => {
            return Ok(Outcome::refused("what it said was destroyed"));
        }
        Err(error) => return Err(error.into()),
    };
    drop(tx);
    let Ok(message) = serde_json::from_slice::<Message>(&body) else { return Ok(Outcome::refused("not a message")) };
    if delivery.destination == "email" {
        let Some(mailer) = &ways_out.mail else { return Ok(Outcome::failed("no e-mail server is configured")) };
        return Ok(match mailer.send(&message).await {
            Ok(answer) => Outcome { reading: Reading::Delivered, status: None, answer },
            Err(super::mail::Unsent { permanent: true, answer }) => Outcome::refused(answer),
            Err(super::mail::Unsent { permanent: false, answer }) => Outcome::failed(answer),
        });
    }
    let settings = &ipse.config.sms;
    if settings.url.is_empty() {
        return Ok(Outcome::failed("no text message gateway is configured"));
    }
    let gateway = sms::Gateway {
        url: settings.url.clone(),
        account: settings.account.clone(),
        token: settings.token.clone(),
        from: settings.from.clone(),
    };
    let Ok(request) = sms::request(&gateway, &message.to, &super::mail::short(&message)) else {
        return Ok(Outcome::refused("the gateway's address is not one"));
    };
    Ok(match ways_out.outgoing.send(request).await {
        // A gateway may repeat the number in its answer, so only the status is kept.
        Ok(answer) => Outcome {
            reading: sms::read(answer.status, &answer.headers),
            status: Some(answer.status.as_u16()),
            answer: String::new(),
        },
        Err(unsent) => Outcome::failed(unsent.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_respect_the_receiver() {
        let now = Timestamp::UNIX_EPOCH;
        for (attempts, pause) in PAUSES.iter().enumerate() {
            let at = next_attempt(now, attempts as u32, None).as_second();
            let pause = i64::from(*pause);
            assert!((pause * 4 / 5..=pause * 6 / 5).contains(&at), "{attempts}: {at}");
        }
        assert!(next_attempt(now, 0, Some(600)).as_second() >= 600);
        assert!(next_attempt(now, 99, None).as_second() >= 34_560);
    }
}
