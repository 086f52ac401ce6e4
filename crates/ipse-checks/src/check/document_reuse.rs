//! Did somebody else succeed with this very document, or this subject with another? Two people with one document, or one
//! with two, are a reason to look, no proof: people share names, and passports are renewed. One who has renewed theirs has
//! the face that was enrolled. Whose known document it is, and who has the enrolled face, is nobody else.

use super::{Answer, Evidence, enrolled_face};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.facts().is_some()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match (evidence.facts().and(evidence.used_by_another), evidence.known_document) {
        (None, _) => Answer::not_performed(Reason::DocumentNotMachineReadable),
        (Some(true), Some(true)) if enrolled_face::stands_in(evidence) => Answer::pass(),
        (Some(true), _) => Answer::review(Reason::DocumentUsedByAnother),
        (Some(false), Some(false)) if !enrolled_face::stands_in(evidence) => {
            Answer::review(Reason::DocumentNotTheKnownOne)
        }
        (Some(false), _) => Answer::pass(),
    }
}
