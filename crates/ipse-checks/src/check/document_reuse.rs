//! Did somebody else succeed with this very document, or this subject with another? Two people with one document, or one
//! with two, are a reason to look, no proof: people share names, and passports are renewed. One who has renewed theirs has
//! the face that was enrolled. Whose known document it is, and who has the enrolled face or the face on its chip, is
//! nobody else.

use super::{Answer, Evidence, enrolled_face, face_match};
use crate::document::chip::Overall;
use crate::face::Origin;
use ipse_core::check::Outcome;
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.facts().is_some()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match (evidence.facts().and(evidence.used_by_another), evidence.known_document) {
        (None, _) => Answer::not_performed(Reason::DocumentNotMachineReadable),
        (Some(true), Some(true)) if enrolled_face::stands_in(evidence) || has_face_of_chip(evidence) => Answer::pass(),
        (Some(true), _) => Answer::review(Reason::DocumentUsedByAnother),
        (Some(false), Some(false)) if !enrolled_face::stands_in(evidence) => {
            Answer::review(Reason::DocumentNotTheKnownOne)
        }
        (Some(false), _) => Answer::pass(),
    }
}

/// Whether the issuer of the document signed its number and the face of whoever shows it, who is there alive.
fn has_face_of_chip(evidence: &Evidence<'_>) -> bool {
    let number = evidence.facts().and_then(|facts| facts.document_number.as_ref());
    let signed = evidence.chip.filter(|chip| chip.overall == Overall::Valid).and_then(|chip| chip.facts.as_ref());
    let reference = evidence.face.and_then(|face| face.reference.as_ref());
    evidence.rules.liveness_required
        && number.is_some()
        && signed.is_some_and(|facts| facts.document_number.as_ref() == number)
        && reference.is_some_and(|reference| reference.origin == Origin::Chip)
        && face_match::answer(evidence).0 == Outcome::Pass
}
