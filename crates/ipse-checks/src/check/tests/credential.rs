//! Each check of a presented credential by what turns it.

use super::*;
use ipse_core::presentation::{ClaimNames, Constraint, Disclosed, FaceCheck, Issuers, PresentationPolicy};
use jiff::Timestamp;
use std::collections::BTreeMap;

fn policy() -> PresentationPolicy {
    PresentationPolicy {
        integration: None,
        credential: "Employee".into(),
        accepted_issuers: Issuers::These(vec!["did:web:a.example".into(), "did:web:b.example".into()]),
        constraints: vec![Constraint { claim: "department".into(), contains: Some("IT".into()), ..Default::default() }],
        face_check: Some(FaceCheck::default()),
        revoked_allowed: false,
        linked_domain_required: true,
        claims: ClaimNames::default(),
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn presented() -> Disclosed {
    let claims = BTreeMap::from([("department".to_owned(), "Utopia it".to_owned())]);
    Disclosed {
        issuer: "did:web:b.example".into(),
        types: vec!["VerifiableCredential".into(), "Employee".into()],
        claims: Private::new(claims),
        identity: subject(),
        revocation_status: Some("VALID".into()),
        domain: Some("https://b.example/".into()),
        issued_at: Some(at(50)),
        expires_at: Some(at(200)),
        face_confidence: Some(70.0),
        at: at(100),
    }
}

fn checks(policy: PresentationPolicy, presented: Option<&Disclosed>) -> Vec<Check> {
    let rules = Rules {
        document_kinds: vec![],
        selfie_required: false,
        liveness_required: false,
        birthdate_must_match: true,
        presentation: Some(policy),
        ..Rules::default()
    };
    run(&Evidence {
        rules: &rules,
        subject: &subject(),
        pictures: &[],
        chip: None,
        presented,
        face: None,
        face_declined: false,
        used_by_another: None,
        known_document: None,
        specimens_allowed: false,
        today: TODAY,
    })
}

const ASKED: [&str; 9] = [
    "credential_issuer",
    "credential_type",
    "credential_status",
    "credential_domain",
    "credential_validity",
    "credential_constraints",
    "credential_face",
    "name_match",
    "birthdate_match",
];

#[test]
fn a_good_one_passes_all_that_is_asked_and_nothing_else_is() {
    for check in checks(policy(), Some(&presented())) {
        let asked = ASKED.contains(&check.name.as_str());
        assert_eq!((check.required, check.outcome == Outcome::Pass), (asked, asked), "{}", check.name);
    }
}

#[test]
fn without_one_nothing_passes() {
    for check in checks(policy(), None).iter().filter(|check| check.required) {
        assert_ne!(check.outcome, Outcome::Pass, "{}", check.name);
        assert_eq!(check.reasons, [Reason::CredentialNotPresented], "{}", check.name);
    }
    for name in ASKED.iter().filter(|name| name.starts_with("credential")) {
        assert_eq!(outcome(&Rules::default(), &[], name), (Outcome::NotPerformed, vec![Reason::CheckNotApplicable]));
    }
}

#[test]
fn each_fault_turns_its_check_and_no_other() {
    type Change = fn(&mut Disclosed);
    let table: &[(&str, Outcome, Reason, Change)] = &[
        ("credential_issuer", Outcome::Fail, Reason::CredentialIssuerNotAccepted, |p| {
            p.issuer = "did:web:b.example.evil".into();
        }),
        ("credential_issuer", Outcome::Fail, Reason::CredentialIssuerNotAccepted, |p| p.issuer.clear()),
        ("credential_type", Outcome::Fail, Reason::CredentialTypeDiffers, |p| p.types.truncate(1)),
        ("credential_status", Outcome::Fail, Reason::CredentialRevoked, |p| {
            p.revocation_status = Some("REVOKED".into());
        }),
        ("credential_status", Outcome::Review, Reason::CredentialStatusUnknown, |p| {
            p.revocation_status = Some("valid".into());
        }),
        ("credential_status", Outcome::Review, Reason::CredentialStatusUnknown, |p| p.revocation_status = None),
        ("credential_domain", Outcome::Fail, Reason::CredentialDomainNotLinked, |p| p.domain = None),
        ("credential_domain", Outcome::Fail, Reason::CredentialDomainNotLinked, |p| p.domain = Some("http://b".into())),
        ("credential_validity", Outcome::Fail, Reason::CredentialExpired, |p| p.expires_at = Some(at(100))),
        ("credential_validity", Outcome::Fail, Reason::CredentialExpired, |p| p.issued_at = Some(at(101))),
        ("credential_validity", Outcome::Review, Reason::CredentialExpiryNotStated, |p| p.expires_at = None),
        ("credential_constraints", Outcome::Fail, Reason::CredentialConstraintNotMet, |p| {
            p.claims = Private::default();
        }),
        ("credential_face", Outcome::Fail, Reason::CredentialFaceMismatch, |p| p.face_confidence = Some(69.999)),
        ("credential_face", Outcome::Fail, Reason::CredentialFaceMismatch, |p| p.face_confidence = Some(f64::NAN)),
        ("credential_face", Outcome::Fail, Reason::CredentialFaceMismatch, |p| p.face_confidence = Some(101.0)),
        ("credential_face", Outcome::Fail, Reason::CredentialFaceNotChecked, |p| p.face_confidence = None),
        ("name_match", Outcome::Fail, Reason::NameMismatch, |p| p.identity.family_name = private("LARSSON")),
        ("name_match", Outcome::Review, Reason::CredentialClaimMissing, |p| p.identity.given_name = None),
        ("birthdate_match", Outcome::Review, Reason::CredentialClaimMissing, |p| p.identity.birthdate = None),
    ];
    for (name, expected, reason, change) in table {
        let mut presented = presented();
        change(&mut presented);
        for check in checks(policy(), Some(&presented)).iter().filter(|check| check.required) {
            let expected = if check.name == *name { (*expected, vec![*reason]) } else { (Outcome::Pass, vec![]) };
            assert_eq!((check.outcome, check.reasons.clone()), expected, "{name} {reason}: {}", check.name);
        }
    }
}

#[test]
fn what_the_journey_lets_go_is_not_required_and_not_claimed() {
    let lax = PresentationPolicy {
        accepted_issuers: Issuers::ANY,
        constraints: vec![],
        face_check: None,
        revoked_allowed: true,
        linked_domain_required: false,
        ..policy()
    };
    let worthless = Disclosed { revocation_status: None, domain: None, issuer: String::new(), ..presented() };
    for check in checks(lax, Some(&worthless)) {
        let asked = ["credential_type", "credential_validity", "name_match", "birthdate_match"];
        let asked = asked.contains(&check.name.as_str());
        assert_eq!((check.required, check.outcome == Outcome::Pass), (asked, asked), "{}", check.name);
    }
}
