//! Has the country revoked the signer of the chip? Needed only where there is a list to look it up in: few countries
//! publish one, and the operator decides which are loaded.

use super::{Answer, Evidence};
use crate::document::chip::Revocation;
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.chip.is_some_and(|chip| chip.revocation != Revocation::NotChecked)
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match evidence.chip.map(|chip| chip.revocation) {
        None => Answer::not_performed(Reason::ChipNotRead),
        Some(Revocation::Good) => Answer::pass(),
        Some(Revocation::Revoked) => Answer::fail(Reason::ChipSignerRevoked),
        Some(Revocation::Stale) => Answer::review(Reason::ChipRevocationUnknown),
        Some(Revocation::NotChecked) => Answer::not_performed(Reason::ChipRevocationUnknown),
    }
}
