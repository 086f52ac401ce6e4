//! Is the face of the selfie the face of the document? Without a face model nobody can say: never a silent pass.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.selfie_required
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    if evidence.rules.selfie_required && !evidence.has_selfie() {
        return Answer::fail(Reason::SelfieMissing);
    }
    Answer::not_performed(Reason::FaceNotCompared)
}
