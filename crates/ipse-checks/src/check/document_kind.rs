//! Is the document of a kind the journey accepts, and of the kind the person chose?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let chosen = evidence.chosen_kind();
    if chosen.is_some_and(|kind| !evidence.rules.document_kinds.contains(&kind)) {
        return Answer::fail(Reason::DocumentKindNotAccepted);
    }
    match (chosen, evidence.facts().map(|facts| facts.kind)) {
        (None, _) => Answer::fail(Reason::DocumentMissing),
        (Some(_), None) => Answer::not_performed(Reason::DocumentNotMachineReadable),
        (Some(chosen), Some(Some(read))) if chosen == read => Answer::pass(),
        (Some(_), Some(Some(read))) if !evidence.rules.document_kinds.contains(&read) => {
            Answer::fail(Reason::DocumentKindNotAccepted)
        }
        (Some(_), Some(_)) => Answer::fail(Reason::DocumentKindDiffers),
    }
}
