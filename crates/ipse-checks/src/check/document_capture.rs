//! Was the document itself in front of a camera: not a screen, not a black-and-white copy, not an edited file? The signs
//! are weak, so the most they do is ask for a reviewer.

use super::{Answer, Evidence};
use crate::document::signs::Signs;
use ipse_core::check::Outcome;
use ipse_core::reason::Reason;

/// A question to the signs.
type Sign = fn(&Signs) -> bool;

fn signs<'a>(evidence: &'a Evidence<'_>) -> impl Iterator<Item = &'a Signs> {
    evidence.documents().filter_map(|picture| picture.signs.as_ref())
}

/// Needed where there is something to ask; a document of which there is no picture is missed elsewhere.
pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    signs(evidence).next().is_some()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    if !required(evidence) {
        return Answer::not_performed(Reason::DocumentMissing);
    }
    let seen: [(Reason, Sign); 3] = [
        (Reason::DocumentOnScreen, Signs::on_screen),
        (Reason::DocumentNotInColour, Signs::grey),
        (Reason::PictureEdited, Signs::edited),
    ];
    let found = seen.into_iter().filter(|(_, sign)| signs(evidence).any(sign));
    let reasons: Vec<Reason> = found.map(|(reason, _)| reason).collect();
    if reasons.is_empty() { Answer::pass() } else { Answer(Outcome::Review, reasons) }
}
