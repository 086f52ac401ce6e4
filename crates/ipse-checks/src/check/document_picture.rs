//! Are the pictures of the document good enough to be read? A picture that was taken in spite of its faults, after
//! the last try, goes to a reviewer.

use super::{Answer, Evidence};
use ipse_core::check::Outcome;
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let mut reasons: Vec<Reason> = evidence.documents().flat_map(|picture| picture.hints.iter().copied()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    if evidence.documents().next().is_none() {
        Answer::fail(Reason::DocumentMissing)
    } else if reasons.is_empty() {
        Answer::pass()
    } else {
        Answer(Outcome::Review, reasons)
    }
}
