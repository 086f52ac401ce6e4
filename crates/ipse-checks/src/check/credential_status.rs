//! Does its issuer still stand by the credential? Only the one word that says so is a pass: which others there are is
//! documented nowhere.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::presentation(evidence).is_some_and(|policy| !policy.revoked_allowed)
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let presented = match super::presented(evidence) {
        Ok((_, presented)) => presented,
        Err(answer) => return answer,
    };
    match presented.revocation_status.as_deref() {
        Some("VALID") => Answer::pass(),
        Some(word) if ["revoked", "invalid"].contains(&word.to_lowercase().as_str()) => {
            Answer::fail(Reason::CredentialRevoked)
        }
        _ => Answer::review(Reason::CredentialStatusUnknown),
    }
}
