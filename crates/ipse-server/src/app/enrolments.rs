//! Stored face templates: kept with the person's consent, used to step up, erased.

use super::faces::live_template;
use super::oidc::founds;
use super::verifications::InHand;
use super::{Caller, Result, capture, record, subjects};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::enrolment::{CONSENT, Enrolment, Erasure};
use ipse_core::event::Actor;
use ipse_core::id::{EnrolmentId, OrganizationId, SubjectId, VerificationId};
use ipse_core::verification::Command;
use ipse_oidc::Interaction;
use ipse_store::Tx;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// A subject's enrolment, if it is good today.
pub async fn living(tx: &mut Tx, subject: &SubjectId, now: Timestamp) -> Result<Option<Enrolment>> {
    Ok(tx.enrolment(subject).await?.filter(|enrolment| now < enrolment.expires_at))
}

/// A subject's enrolment, without the template.
pub async fn get(ipse: &Ipse, caller: &Caller, subject: &SubjectId) -> Result<Enrolment> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(living(&mut tx, subject, ipse.clock.now()).await?.ok_or(Refusal::NotFound("enrolment"))?)
}

/// Keeps the template of a verification that has just succeeded. One that a relying party waits for waits with it: only
/// when it is told as proven is it known to be of the person who was meant ([`keep_proven`]). Nobody waits after a start link.
pub(super) async fn keep(tx: &mut Tx, in_hand: &mut InHand, now: Timestamp) -> Result<()> {
    match tx.interaction_of::<Interaction>(&in_hand.verification.id).await? {
        Some(way) if !way.request.is_start_link() => return Ok(()),
        Some(_) if !founds(tx, in_hand).await? => return Ok(()),
        Some(_) | None => {}
    }
    keep_proven(tx, in_hand, now).await
}

/// Keeps the template, if its person agreed, a live selfie gave one, and a document proved whose face it is. One that was
/// kept before gives way.
pub(super) async fn keep_proven(tx: &mut Tx, in_hand: &mut InHand, now: Timestamp) -> Result<()> {
    let (verification, rules) = (&in_hand.verification, &in_hand.journey.rules);
    if !verification.keep_template || rules.is_face_only() {
        return Ok(());
    }
    let Some(template) = live_template(tx, verification).await? else { return Ok(()) };
    let days = i64::from(rules.keep_template_days);
    let enrolment = Enrolment {
        id: EnrolmentId::new(now, random::entropy()),
        subject: verification.subject.clone(),
        verification: verification.id.clone(),
        model: template.model().to_owned(),
        consent: CONSENT.to_owned(),
        created_at: now,
        expires_at: now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now),
    };
    erase_in(tx, &enrolment.subject, Erasure::Replaced, &Actor::System, now).await?;
    tx.insert_enrolment(&enrolment, &template).await?;
    let command = Command::Enrol { enrolment: enrolment.id, model: enrolment.model, expires_at: enrolment.expires_at };
    in_hand.apply(tx, &command, &Actor::System, now).await
}

/// Erases a subject's template in a transaction of the caller's, and records it. False when there is none.
pub(super) async fn erase_in(
    tx: &mut Tx,
    subject: &SubjectId,
    why: Erasure,
    actor: &Actor,
    now: Timestamp,
) -> Result<bool> {
    let Some(erased) = tx.erase_enrolment(subject).await? else { return Ok(false) };
    let data = json!({ "enrolment": erased.id, "subject": erased.subject, "why": why });
    record::organization(tx, actor, "enrolment.erased", data, now).await?;
    Ok(true)
}

async fn erase_for(
    ipse: &Ipse,
    organization: &OrganizationId,
    subject: &SubjectId,
    why: Erasure,
    actor: &Actor,
    only_of: Option<&VerificationId>,
) -> Result<()> {
    let mut tx = ipse.store.begin(organization).await?;
    if let Some(verification) = only_of
        && tx.enrolment(subject).await?.is_none_or(|kept| kept.verification != *verification)
    {
        return Err(Refusal::NotFound("enrolment").into());
    }
    if !erase_in(&mut tx, subject, why, actor, ipse.clock.now()).await? {
        return Err(Refusal::NotFound("enrolment").into());
    }
    tx.commit().await?;
    // The key is gone; this clears side files, and is done again at the next forgetting should it fail.
    if let Err(error) = ipse.store.scrub().await {
        tracing::error!(%error, "side files could not be cleared; it will be done at the next forgetting");
    }
    Ok(())
}

/// Erases a subject's template because the organization says so.
pub async fn erase(ipse: &Ipse, caller: &Caller, subject: &SubjectId, why: Erasure) -> Result<()> {
    subjects::refuse_integrations(&mut ipse.store.read(&caller.organization).await?, caller).await?;
    erase_for(ipse, &caller.organization, subject, why, &caller.actor, None).await
}

/// The person takes the consent back, from the browser in which they gave it. Whoever has only begun a verification of
/// somebody may be anybody: they can take back nothing.
pub async fn withdraw(ipse: &Ipse, session: &capture::Session) -> Result<()> {
    let (of, why) = (&session.verification, Erasure::ConsentWithdrawn);
    erase_for(ipse, &session.organization, &of.subject, why, &Actor::Subject, Some(&of.id)).await
}

/// Erases what is kept no longer; returns how many.
pub async fn erase_due(ipse: &Ipse) -> Result<usize> {
    let due = ipse.store.due_to_erase(ipse.clock.now(), 100).await?;
    for (organization, subject) in &due {
        match erase_for(ipse, organization, subject, Erasure::Expired, &Actor::System, None).await {
            Ok(()) | Err(super::Error::Refused(_)) => {}
            Err(error) => tracing::error!(%error, %subject, "a template could not be erased; it will be tried again"),
        }
    }
    Ok(due.len())
}
