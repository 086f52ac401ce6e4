//! Is the date of birth on the document, or in the credential, the subject's?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.rules.birthdate_must_match
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let read = evidence.shown().map(|(shown, _)| shown.birthdate.as_ref());
    match (&evidence.subject.birthdate, read) {
        (_, None) => Answer::not_performed(super::nothing_shown(evidence)),
        (None, Some(_)) => Answer::not_performed(Reason::BirthdateNotKnown),
        (Some(_), Some(None)) if super::with_presentation(evidence) => Answer::review(Reason::CredentialClaimMissing),
        (Some(_), Some(None)) => Answer::review(Reason::DocumentDatesImplausible),
        (Some(claimed), Some(Some(read))) if claimed == read => Answer::pass(),
        (Some(_), Some(Some(_))) => Answer::fail(Reason::BirthdateMismatch),
    }
}
