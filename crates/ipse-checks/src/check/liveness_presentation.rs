//! Is it a face, or a print, a screen or a mask? The presentation-attack detectors say so of the sharpest frames.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.liveness_required
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    let Some(face) = evidence.face else { return Answer::not_performed(Reason::LivenessNotPerformed) };
    let of_burst = face.burst.as_ref().map(|burst| burst.presentation.as_ref());
    let of_selfie = face.selfie.as_ref().map(|selfie| selfie.presentation.as_ref());
    // What was looked at has to convince, all of it.
    let looked_at: Option<Vec<f32>> =
        [of_burst, of_selfie].into_iter().flatten().map(|seen| seen.map(|seen| seen.live)).collect();
    let (Some((_, bounds)), Some(scores)) = (&face.engine.pad, looked_at) else {
        return Answer::not_performed(Reason::LivenessNotPerformed);
    };
    match scores.into_iter().reduce(f32::min) {
        Some(live) if live >= bounds.pass => Answer::pass(),
        Some(live) if live >= bounds.review => Answer::review(Reason::PresentationUncertain),
        Some(_) => Answer::fail(Reason::PresentationAttack),
        None => Answer::not_performed(Reason::LivenessNotPerformed),
    }
}
