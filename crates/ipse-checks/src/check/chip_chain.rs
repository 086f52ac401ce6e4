//! Does the signer of the chip lead to an authority that the operator trusts, of the document's own country (ICAO
//! 9303-12 §7)?

use super::{Answer, Evidence};
use crate::document::chip::Chain;
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(chip) = evidence.chip else { return Answer::not_performed(Reason::ChipNotRead) };
    match chip.chain {
        Chain::Valid if chip.has_path() => Answer::pass(),
        Chain::Valid => Answer::review(Reason::ChipSignatureUnsupported),
        Chain::Untrusted | Chain::DscNotValidAtSigning | Chain::CountryMismatch => {
            Answer::fail(Reason::ChipSignerNotTrusted)
        }
        Chain::DscRevoked => Answer::fail(Reason::ChipSignerRevoked),
        Chain::NoCsca => Answer::review(Reason::ChipAuthorityNotKnown),
        Chain::NotChecked => Answer::review(Reason::ChipNotRead),
    }
}
