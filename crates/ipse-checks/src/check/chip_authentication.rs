//! Did the chip prove that it is no copy (ICAO 9303-11 §6.1)? Needed only where it was asked: many chips cannot, and
//! most readers don't.

use super::{Answer, Evidence};
use crate::document::chip::{ActiveAuthentication, Overall};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.chip.is_some_and(|chip| chip.active_authentication != ActiveAuthentication::NotPerformed)
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(chip) = evidence.chip else { return Answer::not_performed(Reason::ChipNotRead) };
    match chip.active_authentication {
        ActiveAuthentication::NotPerformed => Answer::not_performed(Reason::ChipNotRead),
        ActiveAuthentication::Invalid => Answer::fail(Reason::ChipCopied),
        ActiveAuthentication::NoKey | ActiveAuthentication::Unsupported => {
            Answer::review(Reason::ChipSignatureUnsupported)
        }
        // A key that no state has signed proves nothing.
        ActiveAuthentication::Valid if chip.overall != Overall::Valid => Answer::review(Reason::ChipAuthorityNotKnown),
        ActiveAuthentication::Valid => Answer::pass(),
    }
}
