//! Do the zone, the barcode and the chip speak of one document and one person? Put only where more than one was read.

use super::{Answer, Evidence, halves};
use ipse_core::Private;
use ipse_core::document::DocumentFacts;
use ipse_core::name::{Name, relaxed};
use ipse_core::reason::Reason;

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.sources().count() > 1
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let mut sources = evidence.sources();
    let Some(first) = sources.next() else { return Answer::not_performed(Reason::DocumentNotMachineReadable) };
    let others: Vec<_> = sources.collect();
    if others.is_empty() {
        return Answer::not_performed(Reason::CheckNotApplicable);
    }
    if others.iter().any(|other| contradict(first, other)) {
        return Answer::fail(Reason::DocumentSourcesDiffer);
    }
    // No check digit covers the names of a zone, so a difference there may be ours: a person has to look.
    let named_alike = |other: &DocumentFacts| {
        let ((given, family), (other_given, other_family)) = (halves(&first.identity), halves(&other.identity));
        let name = Name { given: &given, family: &family, truncated: first.name_truncated };
        let other = Name { given: &other_given, family: &other_family, truncated: other.name_truncated };
        relaxed(name, other).is_some() || relaxed(other, name).is_some()
    };
    if others.iter().all(|other| named_alike(other)) {
        Answer::pass()
    } else {
        Answer::review(Reason::DocumentSourcesDiffer)
    }
}

/// Whether two sources say different things of what each knows for certain. An enhanced licence has a number of its own
/// in its zone, so numbers are compared only between zones and chips.
fn contradict(one: &DocumentFacts, other: &DocumentFacts) -> bool {
    fn differ<T: PartialEq>(one: Option<&Private<T>>, other: Option<&Private<T>>) -> bool {
        one.zip(other).is_some_and(|(one, other)| one.reveal() != other.reveal())
    }
    let plain = |number: &Private<String>| {
        Private::new(number.reveal().chars().filter(char::is_ascii_alphanumeric).collect::<String>())
    };
    let numbered = one.barcode_sound.is_none() && other.barcode_sound.is_none();
    let (number, other_number) = (one.document_number.as_ref().map(plain), other.document_number.as_ref().map(plain));
    differ(one.identity.birthdate.as_ref(), other.identity.birthdate.as_ref())
        || differ(one.expiry_date.as_ref(), other.expiry_date.as_ref())
        || (numbered && differ(number.as_ref(), other_number.as_ref()))
}
