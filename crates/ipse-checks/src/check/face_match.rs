//! Is the person in front of the camera the one whose face is known: of the document, of its chip, or of the enrolment?
//! Every face the person gave has to be alike, or a picture of somebody else could stand in for one's own.

use super::{Answer, Evidence};
use crate::face::compare;
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.selfie_required
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    let given =
        evidence.has_selfie() || evidence.face.is_some_and(|face| face.selfie.is_some() || face.burst.is_some());
    if evidence.rules.selfie_required && !given {
        return Answer::fail(Reason::SelfieMissing);
    }
    let Some(face) = evidence.face else { return Answer::not_performed(Reason::FaceNotCompared) };
    let Some((model, bounds)) = &face.engine.embedder else {
        return Answer::not_performed(Reason::FaceNotCompared);
    };
    let Some(reference) = &face.reference else { return Answer::not_performed(Reason::PortraitNotFound) };
    if reference.template.model() != model {
        return Answer::not_performed(Reason::FaceTemplateOutdated);
    }
    let of_burst = face.burst.as_ref().map(|burst| burst.template.as_ref());
    let of_selfie = face.selfie.as_ref().map(|selfie| selfie.template.as_ref());
    let mut least: Option<f32> = None;
    for template in [of_burst, of_selfie].into_iter().flatten() {
        let Some(template) = template else { return Answer::not_performed(Reason::FaceNotFound) };
        match compare(template, &reference.template) {
            Ok(similarity) => least = Some(least.map_or(similarity, |least| least.min(similarity))),
            Err(_) => return Answer::not_performed(Reason::FaceNotCompared),
        }
    }
    match least {
        Some(similarity) if similarity >= bounds.pass => Answer::pass(),
        Some(similarity) if similarity >= bounds.review => Answer::review(Reason::FaceUncertain),
        Some(_) => Answer::fail(Reason::FaceMismatch),
        None => Answer::not_performed(Reason::FaceNotCompared),
    }
}
