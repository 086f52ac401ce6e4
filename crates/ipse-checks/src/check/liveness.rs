//! Did a live person take the selfie? Without a liveness engine nobody can say: never a silent pass.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.liveness_required
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    Answer::not_performed(Reason::LivenessNotPerformed)
}
