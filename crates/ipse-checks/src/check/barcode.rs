//! Is the barcode built as its standard says, with all that must be in it (AAMVA DL/ID Card Design Standard, annex D)?
//! Forgers who fill in one by hand often miss a length or an element; so do some issuers, hence a person has to look.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

/// Only where it is what the facts come from.
pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    sound(evidence).is_some()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match sound(evidence) {
        Some(true) => Answer::pass(),
        Some(false) => Answer::review(Reason::BarcodeMalformed),
        None => Answer::not_performed(Reason::CheckNotApplicable),
    }
}

/// Absent when no facts come from a barcode.
pub(super) fn sound(evidence: &Evidence<'_>) -> Option<bool> {
    evidence.facts().and_then(|facts| facts.barcode_sound)
}
