//! Is the person in front of the camera the one whose face is known: of the document, of its chip, or of the enrolment?
//! Every face the person gave has to be alike, or a picture of somebody else could stand in for one's own.

use super::{Answer, Evidence, FaceEvidence};
use crate::face::{Bounds, Template, compare};
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
    if face.engine.embedder.is_none() {
        return Answer::not_performed(Reason::FaceNotCompared);
    }
    let Some(reference) = &face.reference else { return Answer::not_performed(Reason::PortraitNotFound) };
    match likeness(face, &reference.template) {
        Err(reason) => Answer::not_performed(reason),
        Ok((similarity, bounds)) if similarity >= bounds.pass => Answer::pass(),
        Ok((similarity, bounds)) if similarity >= bounds.review => Answer::review(Reason::FaceUncertain),
        Ok(_) => Answer::fail(Reason::FaceMismatch),
    }
}

/// How alike the least alike of the person's faces is to the one that is known, and where the bounds are.
pub(super) fn likeness(face: &FaceEvidence, known: &Template) -> Result<(f32, Bounds), Reason> {
    let (model, bounds) = face.engine.embedder.as_ref().ok_or(Reason::FaceNotCompared)?;
    if known.model() != model {
        return Err(Reason::FaceTemplateOutdated);
    }
    let of_burst = face.burst.as_ref().map(|burst| burst.template.as_ref());
    let of_selfie = face.selfie.as_ref().map(|selfie| selfie.template.as_ref());
    let mut least: Option<f32> = None;
    for template in [of_burst, of_selfie].into_iter().flatten() {
        let template = template.ok_or(Reason::FaceNotFound)?;
        let similarity = compare(template, known).map_err(|_| Reason::FaceNotCompared)?;
        least = Some(least.map_or(similarity, |least| least.min(similarity)));
    }
    Ok((least.ok_or(Reason::FaceNotCompared)?, *bounds))
}
