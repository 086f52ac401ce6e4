//! Are the chip's data what was signed, the holder's first of all (ICAO 9303-11 §5.1)?

use super::{Answer, Evidence};
use crate::document::chip::DataGroup;
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(chip) = evidence.chip else { return Answer::not_performed(Reason::ChipNotRead) };
    if chip.data_groups.values().any(|found| *found != DataGroup::Match) {
        return Answer::fail(Reason::ChipDataAltered);
    }
    match &chip.facts {
        _ if !chip.unreadable.is_empty() => Answer::review(Reason::ChipDataUnreadable),
        None => Answer::review(Reason::ChipNotRead),
        // What agrees with digests that anybody may have signed proves nothing.
        Some(_) if !chip.has_path() => Answer::review(Reason::ChipAuthorityNotKnown),
        Some(_) => Answer::pass(),
    }
}
