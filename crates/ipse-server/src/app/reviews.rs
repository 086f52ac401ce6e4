//! What the rules could not decide, decided by a person who did not ask for it.

use super::examine::recognise;
use super::oidc::returning;
use super::verifications::{InHand, hold, journey_of};
use super::{Caller, Result, enrolments};
use crate::state::Ipse;
use ipse_checks::PictureFindings;
use ipse_core::Refusal;
use ipse_core::check::Report;
use ipse_core::document::DocumentFacts;
use ipse_core::event::Actor;
use ipse_core::id::{EvidenceId, VerificationId};
use ipse_core::journey::Journey;
use ipse_core::person::Identity;
use ipse_core::subject::{Subject, bounded};
use ipse_core::verification::{Command, ReviewVerdict, State, Verification};
use ipse_store::evidence::Evidence;
use ipse_store::verifications::VerificationFilter;

/// Reasons a reviewer chooses from, with the words of the form.
pub const APPROVALS: &[(&str, &str)] = &[
    ("same_person", "Document genuine, same person"),
    ("known_to_reviewer", "Person known to the reviewer"),
    ("confirmed_elsewhere", "Confirmed through another channel"),
];

/// Reasons a reviewer chooses from, with the words of the form.
pub const REJECTIONS: &[(&str, &str)] = &[
    ("other_person", "Selfie shows another person"),
    ("document_not_genuine", "Document looks altered or copied"),
    ("picture_of_a_picture", "Photograph of a screen or print"),
    ("data_differs", "Data differs from our records"),
    ("not_legible", "Cannot be judged from these pictures"),
];

/// Everything a reviewer sees.
pub struct Case {
    /// The verification.
    pub verification: Verification,
    /// Its journey.
    pub journey: Journey,
    /// Who is to be verified, as the directory knows them now.
    pub subject: Subject,
    /// Who they were said to be when it was asked for: what the evidence was held against.
    pub identity: Identity,
    /// The reports, oldest first.
    pub reports: Vec<Report>,
    /// What was read on the document.
    pub facts: Option<DocumentFacts>,
    /// The pictures of the last attempt, with what was found in each.
    pub pictures: Vec<(Evidence, Option<PictureFindings>)>,
}

/// The queue, oldest first.
pub async fn queue(ipse: &Ipse, caller: &Caller) -> Result<Vec<(Verification, Journey)>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let filter = VerificationFilter { state: Some(State::PendingReview), ..VerificationFilter::default() };
    let mut queue = Vec::new();
    for verification in tx.list_verifications(&filter, 1_000).await? {
        let journey = journey_of(&mut tx, &verification).await?;
        queue.push((verification, journey));
    }
    queue.reverse();
    Ok(queue)
}

/// Opens a case. That somebody did is recorded before anything is shown.
pub async fn case(ipse: &Ipse, caller: &Caller, id: &VerificationId) -> Result<Case> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    in_hand.apply(&mut tx, &Command::OpenCase, &caller.actor, ipse.clock.now()).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    let InHand { verification, journey, .. } = in_hand;
    let mut tx = ipse.store.read(&caller.organization).await?;
    let subject = tx.subject(&verification.subject).await?.ok_or(Refusal::NotFound("subject"))?;
    let identity = match tx.claimed_identity(id).await {
        Err(ipse_store::Error::Forgotten) => Identity::default(),
        known => known?,
    };
    let reports = tx.reports(id).await?;
    let facts = tx.facts(id).await?;
    let mut pictures = Vec::new();
    for evidence in tx.list_evidence(id).await? {
        // A chip has nothing to look at; the checks say what came of it.
        if evidence.attempt == verification.attempts && evidence.kind != super::chip::KIND {
            let findings = tx.findings(&evidence).await.ok();
            pictures.push((evidence, findings));
        }
    }
    Ok(Case { verification, journey, subject, identity, reports, facts, pictures })
}

/// A picture, for a reviewer's eyes. The look is recorded before the bytes leave.
pub async fn picture(
    ipse: &Ipse,
    caller: &Caller,
    id: &VerificationId,
    evidence: &EvidenceId,
) -> Result<(String, Vec<u8>)> {
    let now = ipse.clock.now();
    let organization = &caller.organization;
    let mut tx = ipse.store.read(organization).await?;
    let found = tx.evidence(id, evidence).await?.ok_or(Refusal::NotFound("evidence"))?;
    drop(tx);
    let sealed = ipse.store.get_evidence(organization, id, evidence).await?;
    let mut tx = ipse.store.begin(organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    let bytes = tx.unseal_evidence(id, evidence, &sealed).await?;
    let command = Command::ViewEvidence { evidence: evidence.clone() };
    in_hand.apply(&mut tx, &command, &caller.actor, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok((found.media_type, bytes))
}

/// Whether the reviewer is the agent on whose behalf a program asked: known there by the same address.
async fn asked_themselves(tx: &mut ipse_store::Tx, caller: &Caller, of: &Verification) -> Result<bool> {
    let (Actor::Person(id), Some(agent)) = (&caller.actor, &of.requester.external_id) else { return Ok(false) };
    Ok(tx.person(id).await?.is_some_and(|person| person.email.eq_ignore_ascii_case(agent)))
}

/// Decides.
pub async fn decide(
    ipse: &Ipse,
    caller: &Caller,
    id: &VerificationId,
    verdict: ReviewVerdict,
    reason: &str,
    note: &str,
) -> Result<Verification> {
    let list = if verdict == ReviewVerdict::Approve { APPROVALS } else { REJECTIONS };
    if !list.iter().any(|(known, _)| *known == reason) {
        return Err(Refusal::invalid("reason", "must be one of the list").into());
    }
    bounded("note", note, 0, 500)?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut in_hand = hold(&mut tx, id).await?;
    if asked_themselves(&mut tx, caller, &in_hand.verification).await? {
        return Err(Refusal::ReviewerIsRequester.into());
    }
    if verdict == ReviewVerdict::Approve
        && let Some(document) = tx.facts(id).await?
        && let Some(known) = returning(&mut tx, &in_hand.verification, &document).await?
    {
        recognise(&mut tx, &mut in_hand, known, &caller.actor, now).await?;
    }
    let reason = reason.to_owned();
    in_hand.apply(&mut tx, &Command::Review { verdict, reason }, &caller.actor, now).await?;
    if verdict == ReviewVerdict::Approve
        && let Some(document) = tx.facts(id).await?
    {
        tx.note_document(&in_hand.verification, &document).await?;
    }
    if verdict == ReviewVerdict::Approve {
        enrolments::keep(&mut tx, &mut in_hand, now).await?;
    }
    if !note.is_empty() {
        tx.insert_note(id, caller.actor.label().as_str(), note, now).await?;
    }
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(in_hand.verification)
}
