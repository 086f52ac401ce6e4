//! What a verification came to, as the provider asks for it; and whether it is of the person whom the client means.

use crate::app::verifications::InHand;
use crate::app::{Result, enrolments};
use ipse_core::check::{Outcome, Report};
use ipse_core::document::DocumentFacts;
use ipse_core::id::SubjectId;
use ipse_core::verification::{State, Verification};
use ipse_oidc::proof::{Evidence, Facts, Proof};
use ipse_oidc::verified_claims::IDV_DELEGATED;
use ipse_oidc::{AuthorizationRequest, Interaction};
use ipse_store::Tx;
use ipse_store::oidc::KnownBy;
use jiff::Timestamp;

/// What is proven.
pub(super) struct Found {
    pub(super) proof: Proof,
    /// The document that a subject becomes known by, if this is told as a success, and how it was known before.
    pub(super) document: Option<(DocumentFacts, KnownBy)>,
}

/// Whether the client itself has said whom it means, or signed it. Otherwise only the document can say who it is.
pub(super) fn is_bound(request: &AuthorizationRequest) -> bool {
    request.hint.is_some() || (request.pushed && request.login_hint.is_some())
}

/// Who comes back: the subject that a document finds, where neither the client nor a directory said who it is.
pub async fn returning(
    tx: &mut Tx,
    verification: &Verification,
    document: &DocumentFacts,
) -> Result<Option<SubjectId>> {
    match tx.interaction_of::<Interaction>(&verification.id).await? {
        Some(way) if !is_bound(&way.request) => Ok(tx.subject_found_by(document).await?),
        Some(_) | None => Ok(None),
    }
}

/// Makes the document of a success find its person from now on, where a start link has opened the verification: nobody is
/// told of it later, so it counts at once. False when the document is of somebody else by now.
pub async fn founds(tx: &mut Tx, in_hand: &InHand) -> Result<bool> {
    let verification = &in_hand.verification;
    let facts = tx.facts(&verification.id).await?.unwrap_or_default();
    if let Some(found) = tx.subject_found_by(&facts).await? {
        return Ok(found == verification.subject);
    }
    // As below: a face that nobody saw alive founds nothing.
    if !in_hand.journey.rules.liveness_required || !passed(&tx.reports(&verification.id).await?, "face_match") {
        return Ok(true);
    }
    Ok(tx.know_document(&verification.subject, &verification.id, &facts, KnownBy::Nothing).await?)
}

/// Whether the last report says that a check passed.
fn passed(reports: &[Report], name: &str) -> bool {
    let checks = reports.last().map_or(&[][..], |report| &report.checks);
    checks.iter().any(|check| check.name == name && check.outcome == Outcome::Pass)
}

pub(super) async fn gather(tx: &mut Tx, way: &Interaction, in_hand: &InHand, now: Timestamp) -> Result<Found> {
    let (verification, rules) = (&in_hand.verification, &in_hand.journey.rules);
    let reports = tx.reports(&verification.id).await?;
    let passed = |name: &str| passed(&reports, name);
    let facts = if rules.is_face_only() {
        // The face is the enrolled one's, so what was read when it was enrolled is proven again.
        match enrolments::living(tx, &verification.subject, now).await? {
            Some(enrolment) => tx.facts(&enrolment.verification).await?,
            None => None,
        }
    } else {
        tx.facts(&verification.id).await?
    };
    let facts = facts.unwrap_or_default();
    let mut state = verification.state;
    let mut document = None;
    if state == State::Succeeded && !is_bound(&way.request) {
        match tx.subject_found_by(&facts).await? {
            // Whoever comes next with the document is held against this face: one that nobody saw alive founds nothing.
            None if rules.liveness_required && passed("face_match") => {
                document = Some((facts.clone(), KnownBy::Nothing));
            }
            None => {}
            Some(found) if found == verification.subject => {}
            // Another browser of the same person was faster: the next sign-in finds them.
            Some(_) => state = State::Failed,
        }
    } else if state == State::Succeeded && rules.presentation.is_some() {
        // A credential has no document that could be known again: who was meant is held by the name, or by a reviewer.
        if !(passed("name_match") || verification.reviewer.is_some()) {
            state = State::Failed;
        }
    } else if state == State::Succeeded && !rules.is_face_only() {
        // A reviewer who saw both has decided, or the enrolled face has; a machine that lost a race against a twin has not.
        let known = tx.is_known_document(&verification.subject, &facts).await?;
        let same_face = rules.liveness_required && passed("enrolled_face");
        let agrees = known.unwrap_or(true) || verification.reviewer.is_some() || same_face;
        if agrees {
            let before = if known.is_some() { KnownBy::Another } else { KnownBy::Word };
            document = (known != Some(true)).then(|| (facts.clone(), before));
        } else {
            state = State::Failed;
        }
    }
    let evidence = facts.kind.map(|kind| Evidence { kind, country: facts.issuing_state.clone() });
    let proof = Proof {
        verification: verification.id.clone(),
        subject: verification.subject.clone(),
        state,
        checked: !reports.is_empty(),
        at: verification.finished_at.unwrap_or(now),
        // The framework that says no more than that somebody whom the client trusts has looked.
        trust_framework: IDV_DELEGATED.to_owned(),
        assurance_level: Some("VERIFIED".to_owned()),
        assurance: verification.proven().unwrap_or_default().level,
        evidence: evidence.into_iter().collect(),
        face: passed("face_match"),
        person: Facts { identity: facts.identity, name_truncated: facts.name_truncated, ..Facts::default() },
    };
    Ok(Found { proof, document })
}
