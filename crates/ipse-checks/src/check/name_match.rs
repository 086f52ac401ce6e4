//! Is the name on the document, or in the credential, the subject's, under the journey's rule?

use super::{Answer, Evidence, halves};
use ipse_core::journey::NameRule;
use ipse_core::name::{Name, exact, relaxed};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    (super::with_document(evidence) || super::with_presentation(evidence)) && evidence.rules.name_rule != NameRule::None
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let Some((shown, truncated)) = evidence.shown() else {
        return Answer::not_performed(super::nothing_shown(evidence));
    };
    let (claimed_given, claimed_family) = halves(evidence.subject);
    if claimed_given.is_empty() || claimed_family.is_empty() {
        return Answer::not_performed(Reason::NameNotKnown);
    }
    let (given, family) = halves(shown);
    if super::with_presentation(evidence) && (given.is_empty() || family.is_empty()) {
        return Answer::review(Reason::CredentialClaimMissing);
    }
    let claimed = Name { given: &claimed_given, family: &claimed_family, truncated: false };
    let documented = Name { given: &given, family: &family, truncated };
    let same = match evidence.rules.name_rule {
        NameRule::Exact => exact(claimed, documented),
        NameRule::None | NameRule::Relaxed => relaxed(claimed, documented).is_some(),
    };
    if same { Answer::pass() } else { Answer::fail(Reason::NameMismatch) }
}
