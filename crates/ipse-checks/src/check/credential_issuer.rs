//! Is the credential from an issuer whose word the journey takes? The service that looked at it was told which those are; it
//! is asked again here, and not believed. Where anybody's will do, nothing is proven.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::presentation(evidence).is_some_and(|policy| policy.accepted_issuers.named().is_some())
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let (policy, presented) = match super::presented(evidence) {
        Ok(both) => both,
        Err(answer) => return answer,
    };
    match policy.accepted_issuers.named() {
        None => Answer::not_performed(Reason::CredentialIssuerAny),
        Some(named) if named.contains(&presented.issuer) => Answer::pass(),
        Some(_) => Answer::fail(Reason::CredentialIssuerNotAccepted),
    }
}
