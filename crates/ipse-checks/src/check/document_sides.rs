//! Was every side of the document shown?

use super::{Answer, Evidence};
use crate::picture::Asked;
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(kind) = evidence.chosen_kind() else {
        return Answer::fail(Reason::DocumentMissing);
    };
    let shown = |wanted| {
        evidence.documents().any(|picture| matches!(picture.asked, Asked::Document { side, .. } if side == wanted))
    };
    if kind.sides().iter().all(|side| shown(*side)) {
        Answer::pass()
    } else {
        Answer::fail(Reason::DocumentSideMissing)
    }
}
