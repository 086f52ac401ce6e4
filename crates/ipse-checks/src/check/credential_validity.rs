//! Was the credential valid when it was presented?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let presented = match super::presented(evidence) {
        Ok((_, presented)) => presented,
        Err(answer) => return answer,
    };
    let begun = presented.issued_at.is_none_or(|from| from <= presented.at);
    match presented.expires_at {
        Some(until) if begun && presented.at < until => Answer::pass(),
        Some(_) => Answer::fail(Reason::CredentialExpired),
        None => Answer::review(Reason::CredentialExpiryNotStated),
    }
}
