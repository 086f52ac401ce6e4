//! Has the credential's issuer proven that a domain is its own?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::presentation(evidence).is_some_and(|policy| policy.linked_domain_required)
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let domain = match super::presented(evidence) {
        Ok((_, presented)) => presented.domain.as_deref(),
        Err(answer) => return answer,
    };
    match domain.and_then(|domain| domain.strip_prefix("https://")) {
        Some(host) if !host.is_empty() => Answer::pass(),
        _ => Answer::fail(Reason::CredentialDomainNotLinked),
    }
}
