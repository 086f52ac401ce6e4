//! Does the credential say what the journey wants it to say? The service was told so; it is asked again of what was disclosed.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::presentation(evidence).is_some_and(|policy| !policy.constraints.is_empty())
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let (policy, presented) = match super::presented(evidence) {
        Ok(both) => both,
        Err(answer) => return answer,
    };
    if policy.constraints.is_empty() {
        return Answer::not_performed(Reason::CheckNotApplicable);
    }
    if policy.constraints.iter().all(|constraint| constraint.is_met(presented.claims.reveal())) {
        Answer::pass()
    } else {
        Answer::fail(Reason::CredentialConstraintNotMet)
    }
}
