//! Did a living person do in front of the camera, just now, what the server asked for? Only a whole answer is a pass.

use super::{Answer, Evidence};
use crate::face::liveness::{Fault, Question};
use ipse_core::check::Outcome;
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.liveness_required
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    let Some(face) = evidence.face else { return Answer::not_performed(Reason::LivenessNotPerformed) };
    let Some(burst) = &face.burst else {
        // Nobody is asked for a burst that nobody could judge.
        return match face.engine.detector {
            Some(_) => Answer::fail(Reason::LivenessFramesMissing),
            None => Answer::not_performed(Reason::LivenessNotPerformed),
        };
    };
    if !burst.faults.is_empty() {
        let mut reasons: Vec<Reason> = burst.faults.iter().copied().map(Fault::reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        return Answer(Outcome::Fail, reasons);
    }
    // Light may be too bright to see; the attack detectors have a check of their own.
    let may_be_open = |question: &Question| matches!(question, Question::Light | Question::Presentation);
    if burst.followed.is_empty() || burst.open.iter().any(|(question, _)| !may_be_open(question)) {
        return Answer::not_performed(Reason::LivenessNotPerformed);
    }
    Answer::pass()
}
