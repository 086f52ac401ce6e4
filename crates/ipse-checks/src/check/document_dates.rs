//! Do the dates on the document exist and make sense together?

use super::{Answer, Evidence};
use ipse_core::document::DocumentKind;
use ipse_core::reason::Reason;

/// No state issues passports for longer.
const LONGEST_PASSPORT_YEARS: i16 = 11;
/// Nobody is older, and no document is issued to somebody who would be.
const OLDEST_HOLDER_YEARS: i16 = 120;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some(facts) = evidence.facts() else {
        return Answer::not_performed(Reason::DocumentNotMachineReadable);
    };
    let Some(birth) = &facts.identity.birthdate else { return Answer::review(Reason::DocumentDatesImplausible) };
    let Some(expiry) = &facts.expiry_date else { return Answer::review(Reason::DocumentExpiryNotStated) };
    let (birth, expiry) = (*birth.reveal(), *expiry.reveal());
    // States give passports ten years, some a few months more.
    let years = expiry.year() - evidence.today.year();
    if facts.kind == Some(DocumentKind::Passport) && years > LONGEST_PASSPORT_YEARS {
        return Answer::review(Reason::DocumentDatesImplausible);
    }
    let plausible =
        birth <= evidence.today && birth < expiry && evidence.today.year() - birth.year() <= OLDEST_HOLDER_YEARS;
    if plausible { Answer::pass() } else { Answer::fail(Reason::DocumentDatesImplausible) }
}
