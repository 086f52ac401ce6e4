//! Was the document issued by a state the journey accepts?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    super::with_document(evidence) && !evidence.rules.countries.is_empty()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let state = evidence.facts().and_then(|facts| facts.issuing_state.as_ref());
    match state {
        None => Answer::not_performed(Reason::DocumentNotMachineReadable),
        Some(_) if evidence.rules.countries.is_empty() => Answer::pass(),
        Some(state) if evidence.rules.countries.contains(state.reveal()) => Answer::pass(),
        Some(_) => Answer::fail(Reason::DocumentCountryNotAccepted),
    }
}
