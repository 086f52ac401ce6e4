//! Was the machine-readable zone read, and do its check digits agree (ICAO 9303-3 §4.9)?

use super::{Answer, Evidence, barcode};
use ipse_core::document::DocumentKind;
use ipse_core::reason::Reason;

/// Needed unless a barcode was read in its stead, which has a check of its own.
pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::with_document(evidence) && barcode::sound(evidence).is_none()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if !required(evidence) {
        return Answer::not_performed(Reason::CheckNotApplicable);
    }
    match evidence.facts() {
        Some(facts) => match facts.check_digits_agree {
            Some(true) => Answer::pass(),
            Some(false) => Answer::fail(Reason::MrzCheckDigitMismatch),
            None => Answer::review(Reason::MrzUncertain),
        },
        None => match evidence.chosen_kind() {
            // Most licences have no such zone; what is printed on them is for a person to read.
            Some(DocumentKind::DrivingLicence) => Answer::not_performed(Reason::DocumentNotMachineReadable),
            _ => Answer::review(Reason::MrzNotFound),
        },
    }
}
