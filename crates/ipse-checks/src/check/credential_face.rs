//! Did the wallet find the person's face to be that of the credential's picture, surely enough?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::presentation(evidence).is_some_and(|policy| policy.face_check.is_some())
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let (policy, presented) = match super::presented(evidence) {
        Ok(both) => both,
        Err(answer) => return answer,
    };
    let Some(wanted) = &policy.face_check else { return Answer::not_performed(Reason::CheckNotApplicable) };
    match presented.face_confidence {
        Some(score) if (f64::from(wanted.threshold)..=100.0).contains(&score) => Answer::pass(),
        Some(_) => Answer::fail(Reason::CredentialFaceMismatch),
        None => Answer::fail(Reason::CredentialFaceNotChecked),
    }
}
