//! Is the chip's security object signed, and with algorithms that are still safe (ICAO 9303-11 §5.1)?

use super::{Answer, Evidence};
use crate::document::chip::{ChipWarning, SodSignature};
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(chip) = evidence.chip else { return Answer::not_performed(Reason::ChipNotRead) };
    match chip.sod_signature {
        SodSignature::Missing => Answer::review(Reason::ChipNotRead),
        SodSignature::Invalid | SodSignature::MessageDigestMismatch | SodSignature::Malformed => {
            Answer::fail(Reason::ChipSignatureInvalid)
        }
        SodSignature::Unsupported | SodSignature::NoSigner => Answer::review(Reason::ChipSignatureUnsupported),
        SodSignature::Valid if chip.warnings.contains(&ChipWarning::SignerMismatch) => {
            Answer::review(Reason::ChipSignatureUnsupported)
        }
        SodSignature::Valid if !chip.has_path() => Answer::review(Reason::ChipAuthorityNotKnown),
        SodSignature::Valid if !chip.weak_algorithms.is_empty() => Answer::review(Reason::ChipWeakAlgorithm),
        SodSignature::Valid => Answer::pass(),
    }
}
