//! Claims against facts, by table.

use ipse_core::Private;
use ipse_core::name::{Forgiven, Preset};
use ipse_core::person::Identity;
use ipse_oidc::claims_request::{Claim, Requested};
use ipse_oidc::matching::{Outcome, compare};
use ipse_oidc::proof::{Address, Facts};
use std::collections::BTreeMap;

fn facts() -> Facts {
    let private = |text: &str| Some(Private::new(text.to_owned()));
    Facts {
        identity: Identity {
            given_name: private("JUERGEN KARL"),
            middle_name: None,
            family_name: private("MUELLER"),
            birthdate: Some(Private::new("1974-08-12".parse().unwrap())),
        },
        name_truncated: false,
        emails: vec![Private::new("J.Mueller@example.com".to_owned()), Private::new("jm@example.org".to_owned())],
        phones: vec![Private::new("+493012345678".to_owned())],
        address: Some(Address {
            street_address: private("Hauptstraße 5"),
            locality: private("Zürich"),
            region: private("ZH"),
            postal_code: private("8001"),
            country: None,
        }),
    }
}

fn ask(value: &str) -> Requested {
    Requested { values: vec![Private::new(value.to_owned())], fuzzy: Some(true), max_age: None }
}

fn outcome(rule: Preset, claim: Claim, value: &str) -> Outcome {
    let requested = BTreeMap::from([(claim, ask(value))]);
    compare(rule, &requested, &facts())[0].outcome
}

#[test]
fn each_claim_by_each_rule() {
    use Claim::*;
    use Outcome::{Matched, Mismatched, NotProven};
    use Preset::{Duo, Exact, Relaxed};
    for (rule, claim, value, expected) in [
        (Exact, GivenName, "Juergen Karl", Matched),
        (Exact, GivenName, "Jürgen Karl", Mismatched),
        (Exact, GivenName, "Juergen", Mismatched),
        (Relaxed, GivenName, "Jürgen", Matched),
        (Relaxed, GivenName, "Karl", Mismatched),
        (Duo, GivenName, "Jürgen", Matched),
        (Preset::Entra, GivenName, "Karl", Matched),
        (Relaxed, FamilyName, "Müller", Matched),
        (Relaxed, FamilyName, "Möller", Mismatched),
        (Exact, MiddleName, "Karl", Matched),
        (Exact, MiddleName, "K", Mismatched),
        (Relaxed, MiddleName, "K", Matched),
        (Relaxed, MiddleName, "Heinz", Mismatched),
        (Relaxed, Birthdate, "1974-08-12", Matched),
        (Relaxed, Birthdate, "1974-12-08", Mismatched),
        (Relaxed, Birthdate, "12.08.1974", Mismatched),
        (Relaxed, Birthdate, "1974-08-12T00:00", Mismatched),
        (Relaxed, Birthdate, "", Mismatched),
        (Relaxed, PhoneNumber, "+49 (30) 1234-5678", Matched),
        (Relaxed, PhoneNumber, "03012345678", Mismatched),
        (Relaxed, PhoneNumber, "+493012345679", Mismatched),
        (Exact, Email, "J.Mueller@EXAMPLE.com", Matched),
        (Exact, Email, "j.mueller@example.com", Mismatched),
        (Relaxed, Email, "j.mueller@example.com", Matched),
        (Relaxed, Email, "JM@example.org", Matched),
        (Relaxed, Email, "j.mueller@example.com.evil.example", Mismatched),
        (Relaxed, Email, "@", Mismatched),
        (Exact, StreetAddress, "hauptstraße  5", Matched),
        (Exact, StreetAddress, "Hauptstraße, 5", Mismatched),
        (Exact, Locality, "Zurich", Mismatched),
        (Relaxed, StreetAddress, "Hauptstrasse, 5", Matched),
        (Relaxed, StreetAddress, "Hauptstrasse 55", Mismatched),
        (Relaxed, Locality, "Zurich", Matched),
        (Relaxed, Locality, " ", Mismatched),
        (Relaxed, PostalCode, "8001", Matched),
        (Relaxed, Country, "CH", NotProven),
    ] {
        assert_eq!(outcome(rule, claim, value), expected, "{rule:?} {claim:?} {value}");
    }
}

#[test]
fn halves_of_a_name_help_each_other_and_middle_names_belong_to_the_given() {
    let requested =
        |names: &[(Claim, &str)]| names.iter().map(|(claim, value)| (*claim, ask(value))).collect::<BTreeMap<_, _>>();
    let all = |rule, names: &[(Claim, &str)]| {
        compare(rule, &requested(names), &facts()).iter().all(|found| found.outcome == Outcome::Matched)
    };
    let (given, middle, family) = (Claim::GivenName, Claim::MiddleName, Claim::FamilyName);
    assert!(all(Preset::Relaxed, &[(given, "Müller"), (family, "Jürgen Karl")]), "exchanged");
    assert!(!all(Preset::Relaxed, &[(given, "Müller")]), "half of an exchange is no match");
    assert!(all(Preset::Exact, &[(given, "Juergen"), (middle, "Karl"), (family, "Mueller")]));
    assert!(!all(Preset::Exact, &[(given, "Juergen"), (middle, "Heinz"), (family, "Mueller")]));
    let found = compare(Preset::Relaxed, &requested(&[(given, "Jürgen"), (family, "Müller")]), &facts());
    assert_eq!(found[0].forgiven, [Forgiven::Transliteration, Forgiven::MiddleName]);
    assert_eq!(found[1].forgiven, [Forgiven::Transliteration]);
}

#[test]
fn fuzzy_false_overrules_the_rule_and_values_are_alternatives() {
    let exactly = Requested { fuzzy: Some(false), ..ask("Müller") };
    let found = compare(Preset::Relaxed, &BTreeMap::from([(Claim::FamilyName, exactly)]), &facts());
    assert_eq!(found[0].outcome, Outcome::Mismatched);
    let either = Requested {
        values: vec![ask("Meier").values[0].clone(), ask("Müller").values[0].clone()],
        ..Requested::default()
    };
    let found = compare(Preset::Relaxed, &BTreeMap::from([(Claim::FamilyName, either)]), &facts());
    assert_eq!(found[0].outcome, Outcome::Matched);
    let found = compare(Preset::Relaxed, &BTreeMap::from([(Claim::FamilyName, Requested::default())]), &facts());
    assert_eq!(found[0].outcome, Outcome::NotCompared);
}
