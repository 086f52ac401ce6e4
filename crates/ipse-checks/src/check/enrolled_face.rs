//! Is it also the face that an earlier verification of this subject enrolled? Somebody who comes under the same name with
//! a genuine document of their own is somebody else; whoever comes with another document and the same face has renewed it.

use super::face_match::likeness;
use super::{Answer, Evidence};
use crate::face::Template;
use ipse_core::check::Outcome;
use ipse_core::reason::Reason;

fn enrolled<'a>(evidence: &Evidence<'a>) -> Option<&'a Template> {
    evidence.face?.enrolled.as_ref()
}

/// A template of another model cannot be compared, and the next success replaces it.
pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    let model = evidence.face.and_then(|face| Some(&face.engine.embedder.as_ref()?.0));
    evidence.rules.selfie_required
        && enrolled(evidence).is_some_and(|template| Some(template.model()) == model.map(String::as_str))
}

/// Whether the face says who it is in a document's stead. A picture can be of anybody: the journey has to ask for liveness,
/// which is another check's question.
pub(super) fn stands_in(evidence: &Evidence<'_>) -> bool {
    evidence.rules.liveness_required && answer(evidence).0 == Outcome::Pass
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let (Some(face), Some(enrolled)) = (evidence.face, enrolled(evidence)) else {
        return Answer::not_performed(Reason::FaceNotEnrolled);
    };
    if evidence.face_declined {
        return Answer::not_performed(Reason::FaceDeclined);
    }
    match likeness(face, enrolled) {
        Err(reason) => Answer::not_performed(reason),
        Ok((similarity, bounds)) if similarity >= bounds.pass => Answer::pass(),
        Ok((similarity, bounds)) if similarity >= bounds.review => Answer::review(Reason::FaceUncertain),
        // Faces change, and an enrolment is no document: a reviewer decides.
        Ok(_) => Answer::review(Reason::FaceNotTheEnrolledOne),
    }
}
