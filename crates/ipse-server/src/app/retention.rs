//! Time passing: what nobody finished expires, what was kept long enough is forgotten.

use super::verifications::hold;
use super::{Error, Result};
use crate::state::Ipse;
use ipse_core::event::Actor;
use ipse_core::id::{OrganizationId, VerificationId};
use ipse_core::verification::{Command, State};
use ipse_store::due::Due;
use jiff::{SignedDuration, Timestamp};

const BATCH: u32 = 100;

/// Expires what is due; returns how many were looked at. One that fails does not hold up the others.
pub async fn expire(ipse: &Ipse) -> Result<usize> {
    let due = ipse.store.due_to_expire(ipse.clock.now(), BATCH).await?;
    for due in &due {
        note(due, expire_one(ipse, due).await);
    }
    Ok(due.len())
}

async fn expire_one(ipse: &Ipse, (organization, id): &Due) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    in_hand.apply(&mut tx, &Command::Expire, &Actor::System, now).await?;
    tx.cancel_messages(id, now).await?;
    ipse.commit(tx, &in_hand.verification).await
}

/// Forgets what is due: keys first, then the blobs; returns how many verifications were looked at.
pub async fn forget(ipse: &Ipse) -> Result<usize> {
    let now = ipse.clock.now();
    let images = ipse.store.due_to_forget_images(now, BATCH).await?;
    for due in &images {
        note(due, forget_images(ipse, due).await);
    }
    let facts = ipse.store.due_to_forget_facts(now, BATCH).await?;
    for due in &facts {
        note(due, forget_facts(ipse, due).await);
    }
    let count = images.len() + facts.len();
    if count > 0 {
        ipse.store.scrub().await?;
    }
    Ok(count)
}

/// A refusal means that somebody was faster, by a click or another server.
fn note((_, id): &Due, done: Result<()>) {
    match done {
        Ok(()) | Err(Error::Refused(_)) => {}
        Err(error) => tracing::error!(%error, verification = %id, "time could not pass; it will be tried again"),
    }
}

async fn forget_images(ipse: &Ipse, (organization, id): &Due) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    // What comes back here was forgotten before, and only its blobs could not be removed then.
    if tx.forget_images(id, later(now)).await? && in_hand.verification.redacted_at.is_none() {
        in_hand.apply(&mut tx, &Command::ForgetImages, &Actor::System, now).await?;
    }
    ipse.commit(tx, &in_hand.verification).await?;
    remove_evidence(ipse, organization, id).await
}

/// When the blobs of forgotten pictures are tried again, should they not go away at once.
pub fn later(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_mins(10)).unwrap_or(now)
}

/// Removes the blobs of forgotten pictures. Until that has worked they stay due, and are tried again.
pub async fn remove_evidence(ipse: &Ipse, organization: &OrganizationId, id: &VerificationId) -> Result<()> {
    ipse.store.remove_evidence(organization, id).await?;
    let mut tx = ipse.store.begin(organization).await?;
    tx.images_forgotten(id).await?;
    Ok(tx.commit().await?)
}

async fn forget_facts(ipse: &Ipse, (organization, id): &Due) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    tx.forget_facts(id).await?;
    if in_hand.verification.redacted_at.is_none() && in_hand.verification.state != State::PendingReview {
        tx.forget_images(id, later(now)).await?;
        in_hand.apply(&mut tx, &Command::Redact, &Actor::System, now).await?;
    }
    ipse.commit(tx, &in_hand.verification).await?;
    remove_evidence(ipse, organization, id).await
}

/// Removes what has served its time.
pub async fn sweep(ipse: &Ipse) -> Result<u64> {
    let now = ipse.clock.now();
    let day_ago = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
    Ok(ipse.store.sweep(day_ago, day_ago, now).await?)
}
