//! Is the camera an ordinary one? What the page says of it can be forged, and an honest person may have an unusual one:
//! one sign is nothing, several ask for a reviewer, and nothing fails.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

/// So many signs are more than chance.
const SEVERAL: usize = 2;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.liveness_required && evidence.face.is_some_and(|face| face.burst.is_some())
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    match evidence.face.and_then(|face| face.burst.as_ref()) {
        None => Answer::not_performed(Reason::LivenessNotPerformed),
        Some(burst) if burst.signals.len() >= SEVERAL => Answer::review(Reason::CameraUnusual),
        Some(_) => Answer::pass(),
    }
}
