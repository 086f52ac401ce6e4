//! Is the document still valid? The expiry date itself is the last valid day.

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match evidence.facts() {
        None => Answer::not_performed(Reason::DocumentNotMachineReadable),
        Some(facts) => match &facts.expiry_date {
            None => Answer::review(Reason::DocumentExpiryNotStated),
            Some(date) if *date.reveal() < evidence.today => Answer::fail(Reason::DocumentExpired),
            Some(_) => Answer::pass(),
        },
    }
}
