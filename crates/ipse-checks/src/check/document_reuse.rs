//! Did somebody else succeed with this very document? Two people with one document are a reason to look, no proof.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.facts().is_some()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match evidence.facts().and(evidence.used_by_another) {
        None => Answer::not_performed(Reason::DocumentNotMachineReadable),
        Some(true) => Answer::review(Reason::DocumentUsedByAnother),
        Some(false) => Answer::pass(),
    }
}
