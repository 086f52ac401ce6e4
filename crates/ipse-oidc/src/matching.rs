//! Whether what a client knows of a person is what was proven of them.
//!
//! A claim that was sent with `fuzzy: false` has to be equal; any other follows the client's rule. Whatever was not
//! proven does not match. The outcome says what had to be forgiven, never what was compared.
//!
//! | claim | `exact` | other presets |
//! |---|---|---|
//! | names | [`ipse_core::name::Preset`] | likewise |
//! | birthdate | the same day | the same day |
//! | phone_number | the same number, after spaces and punctuation | likewise |
//! | email | the same, the domain in any case | the same in any case |
//! | address | the same words in any case | the same letters and digits, accents apart |

use crate::claims_request::{Claim, Requested};
use crate::proof::Facts;
use ipse_core::Private;
use ipse_core::name::{Forgiven, Name, Preset, preset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a claim came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is what was proven.
    Matched,
    /// It is not.
    Mismatched,
    /// The evidence says nothing about it.
    NotProven,
    /// The client sent no value to compare.
    NotCompared,
}

/// How one claim came out, and why. Fit for a report: it holds no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Which claim.
    pub claim: Claim,
    /// How it came out.
    pub outcome: Outcome,
    /// What had to be forgiven.
    pub forgiven: Vec<Forgiven>,
}

/// Puts every requested claim to the facts.
pub fn compare(rule: Preset, requested: &BTreeMap<Claim, Requested>, facts: &Facts) -> Vec<Match> {
    let one = |(claim, request): (&Claim, &Requested)| {
        let proven = value(*claim, facts).is_some() || (*claim == Claim::MiddleName && has_more_given_names(facts));
        let rule = if request.fuzzy == Some(false) { Preset::Exact } else { rule };
        let forgiven = request.values.iter().find_map(|value| same(rule, *claim, value.reveal(), requested, facts));
        let outcome = match (&forgiven, proven, request.values.is_empty()) {
            (_, false, _) => Outcome::NotProven,
            (_, _, true) => Outcome::NotCompared,
            (Some(_), ..) => Outcome::Matched,
            (None, ..) => Outcome::Mismatched,
        };
        let mut forgiven = forgiven.unwrap_or_default();
        forgiven.sort_unstable();
        forgiven.dedup();
        Match { claim: *claim, outcome, forgiven }
    };
    requested.iter().map(one).collect()
}

/// What was proven of a claim, as it is written on the wire.
pub(crate) fn value(claim: Claim, facts: &Facts) -> Option<String> {
    let text = |value: &Option<Private<String>>| {
        value.as_ref().map(|value| value.reveal().clone()).filter(|value| !value.trim().is_empty())
    };
    let part = |part: fn(&crate::proof::Address) -> &Option<Private<String>>| {
        facts.address.as_ref().and_then(|address| text(part(address)))
    };
    match claim {
        Claim::GivenName => text(&facts.identity.given_name),
        Claim::FamilyName => text(&facts.identity.family_name),
        Claim::MiddleName => text(&facts.identity.middle_name),
        Claim::Birthdate => facts.identity.birthdate.as_ref().map(|date| date.reveal().to_string()),
        Claim::Email => facts.emails.first().map(|email| email.reveal().clone()),
        Claim::PhoneNumber => facts.phones.first().map(|phone| phone.reveal().clone()),
        Claim::StreetAddress => part(|address| &address.street_address),
        Claim::Locality => part(|address| &address.locality),
        Claim::Region => part(|address| &address.region),
        Claim::PostalCode => part(|address| &address.postal_code),
        Claim::Country => part(|address| &address.country),
    }
}

fn has_more_given_names(facts: &Facts) -> bool {
    let given = facts.identity.given_name.as_ref();
    given.is_some_and(|given| given.reveal().split_whitespace().nth(1).is_some())
}

fn same(
    rule: Preset,
    claim: Claim,
    claimed: &str,
    requested: &BTreeMap<Claim, Requested>,
    facts: &Facts,
) -> Option<Vec<Forgiven>> {
    let documented = || value(claim, facts);
    match claim {
        Claim::GivenName | Claim::FamilyName => name(rule, claim, claimed, requested, facts),
        Claim::MiddleName => {
            let given = value(Claim::GivenName, facts).unwrap_or_default();
            preset::middle_names(rule, claimed, &given, &documented().unwrap_or_default())
        }
        Claim::Birthdate => {
            let date = claimed.parse::<jiff::civil::Date>().ok().filter(|_| claimed.len() == 10)?;
            (date.to_string() == documented()?).then(Vec::new)
        }
        Claim::Email => {
            let is = |email: &Private<String>| same_email(rule, claimed, email.reveal());
            facts.emails.iter().any(is).then(Vec::new)
        }
        Claim::PhoneNumber => {
            let number = digits(claimed)?;
            facts.phones.iter().any(|phone| digits(phone.reveal()).as_deref() == Some(&*number)).then(Vec::new)
        }
        _ => same_text(rule, claimed, &documented()?),
    }
}

/// A half of the name. The other half, if it was sent too, helps where halves are exchanged.
fn name(
    rule: Preset,
    claim: Claim,
    claimed: &str,
    requested: &BTreeMap<Claim, Requested>,
    facts: &Facts,
) -> Option<Vec<Forgiven>> {
    let sent = |claim| {
        let request = requested.get(&claim)?;
        request.values.first().map(|value| value.reveal().as_str())
    };
    let documented_given = value(Claim::GivenName, facts).unwrap_or_default();
    let documented_family = value(Claim::FamilyName, facts).unwrap_or_default();
    let documented = Name { given: &documented_given, family: &documented_family, truncated: facts.name_truncated };
    let is_given = claim == Claim::GivenName;
    let given = if is_given { claimed } else { sent(Claim::GivenName).unwrap_or_default() };
    let family = if is_given { sent(Claim::FamilyName).unwrap_or_default() } else { claimed };
    let half = |given: &str| {
        let halves = rule.compare(Name { given, family, truncated: false }, documented);
        if is_given { halves.given } else { halves.family }
    };
    // Documents write middle names behind the first; a directory that keeps them apart means the same name.
    let whole = || sent(Claim::MiddleName).and_then(|middle| half(&format!("{given} {middle}")));
    half(given).or_else(whole)
}

fn same_email(rule: Preset, claimed: &str, proven: &str) -> bool {
    let (Some((left, left_domain)), Some((right, right_domain))) = (claimed.rsplit_once('@'), proven.rsplit_once('@'))
    else {
        return false;
    };
    let local = if rule == Preset::Exact { left == right } else { left.to_lowercase() == right.to_lowercase() };
    local && left_domain.to_lowercase() == right_domain.to_lowercase()
}

/// `+` and digits, without what people put between them.
fn digits(number: &str) -> Option<String> {
    let number: String = number.chars().filter(|character| !" -()./\u{a0}".contains(*character)).collect();
    ipse_core::subject::is_e164(&number).then_some(number)
}

fn same_text(rule: Preset, claimed: &str, proven: &str) -> Option<Vec<Forgiven>> {
    let words = |text: &str| text.split_whitespace().map(str::to_uppercase).collect::<Vec<_>>();
    let (left, right) = (words(claimed), words(proven));
    if left.is_empty() {
        return None;
    }
    if left == right {
        return Some(Vec::new());
    }
    let letters = |words: &[String]| {
        ipse_core::name::plain(&words.concat()).chars().filter(char::is_ascii_alphanumeric).collect::<String>()
    };
    let (left, right) = (letters(&left), letters(&right));
    (rule != Preset::Exact && !left.is_empty() && left == right).then(|| vec![Forgiven::Hyphen])
}
