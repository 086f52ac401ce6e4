//! Can the person's face be seen well enough for the comparison to mean something?

use super::{Answer, Evidence};
use ipse_core::check::Outcome;
use ipse_core::reason::Reason;

/// Needed where somebody could look; without a detector the comparison is missing already.
pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.selfie_required && evidence.face.is_some_and(|face| face.engine.detector.is_some())
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    let Some(face) = evidence.face.filter(|face| face.engine.detector.is_some()) else {
        return Answer::not_performed(Reason::FaceNotCompared);
    };
    let of_burst = face.burst.as_ref().map(|burst| (burst.template.is_some(), &burst.hints));
    let of_selfie = face.selfie.as_ref().map(|selfie| (selfie.template.is_some(), &selfie.hints));
    let mut reasons = Vec::new();
    for (has_template, hints) in [of_burst, of_selfie].into_iter().flatten() {
        reasons.extend(hints);
        if !has_template && hints.is_empty() {
            reasons.push(Reason::FaceNotFound);
        }
    }
    if of_burst.is_none() && of_selfie.is_none() {
        return Answer::not_performed(Reason::FaceNotCompared);
    }
    reasons.sort_unstable();
    reasons.dedup();
    if reasons.is_empty() { Answer::pass() } else { Answer(Outcome::Review, reasons) }
}
