//! Do the dates on the document exist and make sense together?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

/// Nobody is older, and no document is issued to somebody who would be.
const OLDEST_HOLDER_YEARS: i16 = 120;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(facts) = evidence.facts() else {
        return Answer::not_performed(Reason::DocumentNotMachineReadable);
    };
    let (Some(birth), Some(expiry)) = (&facts.identity.birthdate, &facts.expiry_date) else {
        return Answer::review(Reason::DocumentDatesImplausible);
    };
    let (birth, expiry) = (*birth.reveal(), *expiry.reveal());
    let plausible =
        birth <= evidence.today && birth < expiry && evidence.today.year() - birth.year() <= OLDEST_HOLDER_YEARS;
    if plausible { Answer::pass() } else { Answer::fail(Reason::DocumentDatesImplausible) }
}
