//! Each check by the evidence that turns it.

mod credential;

use super::*;
use crate::document::signs::{EVEN, Signs};
use crate::document::traces::Traces;
use ipse_core::Private;
use ipse_core::document::Side;
use ipse_core::journey::NameRule;

const TODAY: Date = Date::constant(2026, 11, 21);

#[allow(clippy::unnecessary_wraps, reason = "every field of a document is optional")]
fn private(text: &str) -> Option<Private<String>> {
    Some(Private::new(text.to_owned()))
}

fn facts() -> DocumentFacts {
    DocumentFacts {
        kind: Some(DocumentKind::Passport),
        issuing_state: private("UTO"),
        document_number: private("L898902C3"),
        identity: Identity {
            given_name: private("ANNA MARIA"),
            middle_name: None,
            family_name: private("ERIKSSON"),
            birthdate: Some(Private::new(Date::constant(1974, 8, 12))),
        },
        expiry_date: Some(Private::new(Date::constant(2032, 4, 15))),
        check_digits_agree: Some(true),
        ..DocumentFacts::default()
    }
}

fn page(facts: Option<DocumentFacts>) -> PictureFindings {
    let asked = Asked::Document { kind: DocumentKind::Passport, side: Side::Front };
    let signs = facts.is_some().then(Signs::default);
    PictureFindings { facts, signs, ..PictureFindings::empty(asked) }
}

fn subject() -> Identity {
    Identity {
        given_name: private("Anna"),
        family_name: private("Eriksson"),
        birthdate: Some(Private::new(Date::constant(1974, 8, 12))),
        ..Identity::default()
    }
}

fn outcome(rules: &Rules, pictures: &[PictureFindings], name: &str) -> (Outcome, Vec<Reason>) {
    let subject = subject();
    let checks = run(&Evidence {
        rules,
        subject: &subject,
        pictures,
        chip: None,
        presented: None,
        face: None,
        face_declined: false,
        used_by_another: Some(false),
        known_document: None,
        specimens_allowed: true,
        today: TODAY,
    });
    let check = checks.into_iter().find(|check| check.name == name).unwrap();
    (check.outcome, check.reasons)
}

#[test]
fn a_good_passport_passes_every_document_check() {
    let rules = Rules { name_rule: NameRule::Relaxed, birthdate_must_match: true, ..Rules::default() };
    let pictures = [page(Some(facts())), PictureFindings::empty(Asked::Selfie)];
    let elsewhere = ["barcode", "document_consistency"];
    let of_others = |name: &str| {
        ["chip_", "credential_", "face_", "enrolled_", "liveness"].iter().any(|part| name.starts_with(part))
    };
    for name in names().filter(|name| !elsewhere.contains(name) && !of_others(name)) {
        assert_eq!(outcome(&rules, &pictures, name).0, Outcome::Pass, "{name}");
    }
    assert_eq!(outcome(&rules, &pictures, "face_match").0, Outcome::NotPerformed);
    assert_eq!(outcome(&rules, &pictures, "liveness").0, Outcome::NotPerformed);
}

#[test]
fn each_fault_turns_its_check() {
    type Change = fn(&mut DocumentFacts);
    let table: &[(&str, Outcome, Reason, Change)] = &[
        ("mrz", Outcome::Fail, Reason::MrzCheckDigitMismatch, |f| f.check_digits_agree = Some(false)),
        ("mrz", Outcome::Review, Reason::MrzUncertain, |f| f.check_digits_agree = None),
        ("document_kind", Outcome::Fail, Reason::DocumentKindDiffers, |f| f.kind = Some(DocumentKind::IdCard)),
        ("document_kind", Outcome::Fail, Reason::DocumentKindNotAccepted, |f| f.kind = Some(DocumentKind::Visa)),
        ("document_country", Outcome::Fail, Reason::DocumentCountryNotAccepted, |f| f.issuing_state = private("XXA")),
        ("document_expiry", Outcome::Fail, Reason::DocumentExpired, |f| {
            f.expiry_date = Some(Private::new(Date::constant(2026, 11, 20)));
        }),
        ("document_expiry", Outcome::Review, Reason::DocumentExpiryNotStated, |f| f.expiry_date = None),
        ("document_dates", Outcome::Review, Reason::DocumentExpiryNotStated, |f| f.expiry_date = None),
        ("document_dates", Outcome::Review, Reason::DocumentDatesImplausible, |f| f.identity.birthdate = None),
        ("document_dates", Outcome::Fail, Reason::DocumentDatesImplausible, |f| {
            f.identity.birthdate = Some(Private::new(Date::constant(1900, 1, 1)));
        }),
        ("name_match", Outcome::Fail, Reason::NameMismatch, |f| f.identity.family_name = private("LARSSON")),
        ("birthdate_match", Outcome::Fail, Reason::BirthdateMismatch, |f| {
            f.identity.birthdate = Some(Private::new(Date::constant(1974, 8, 13)));
        }),
    ];
    let rules = Rules { countries: vec!["UTO".into()], birthdate_must_match: true, ..Rules::default() };
    for (name, expected, reason, change) in table {
        let mut facts = facts();
        change(&mut facts);
        assert_eq!(outcome(&rules, &[page(Some(facts))], name), (*expected, vec![*reason]), "{name}");
    }
}

#[test]
fn the_last_valid_day_is_valid() {
    let mut facts = facts();
    facts.expiry_date = Some(Private::new(TODAY));
    assert_eq!(outcome(&Rules::default(), &[page(Some(facts))], "document_expiry").0, Outcome::Pass);
}

#[test]
fn nothing_read_is_never_a_pass() {
    let rules = Rules { countries: vec!["UTO".into()], birthdate_must_match: true, ..Rules::default() };
    for pictures in [vec![], vec![page(None)]] {
        for name in names().filter(|name| !["document_picture", "document_sides"].contains(name)) {
            assert_ne!(outcome(&rules, &pictures, name).0, Outcome::Pass, "{name}");
        }
    }
    assert_eq!(outcome(&rules, &[], "document_sides"), (Outcome::Fail, vec![Reason::DocumentMissing]));
    assert_eq!(outcome(&rules, &[page(None)], "face_match"), (Outcome::Fail, vec![Reason::SelfieMissing]));
}

#[test]
fn a_card_needs_both_sides_and_a_bad_picture_a_reviewer() {
    let asked = Asked::Document { kind: DocumentKind::IdCard, side: Side::Front };
    let front = PictureFindings { hints: vec![Reason::ImageGlare], ..PictureFindings::empty(asked) };
    let rules = Rules::default();
    assert_eq!(outcome(&rules, &[front], "document_sides"), (Outcome::Fail, vec![Reason::DocumentSideMissing]));
    let front = PictureFindings { hints: vec![Reason::ImageGlare], ..PictureFindings::empty(asked) };
    assert_eq!(outcome(&rules, &[front], "document_picture"), (Outcome::Review, vec![Reason::ImageGlare]));
}

#[test]
fn a_chip_that_was_not_handed_in_is_not_missed() {
    let (rules, subject) = (Rules::default(), subject());
    let checks = run(&Evidence {
        rules: &rules,
        subject: &subject,
        pictures: &[],
        chip: None,
        presented: None,
        face: None,
        face_declined: false,
        used_by_another: Some(false),
        known_document: None,
        specimens_allowed: true,
        today: TODAY,
    });
    let chip: Vec<_> = checks.iter().filter(|check| check.name.starts_with("chip_")).collect();
    assert_eq!(chip.len(), 5);
    for check in chip {
        assert_eq!((check.outcome, check.required), (Outcome::NotPerformed, false), "{}", check.name);
    }
}

#[test]
fn a_licence_s_barcode_stands_in_for_the_zone() {
    let licence = |sound| DocumentFacts { check_digits_agree: None, barcode_sound: Some(sound), ..facts() };
    let rules = Rules::default();
    let not_applicable = (Outcome::NotPerformed, vec![Reason::CheckNotApplicable]);
    assert_eq!(outcome(&rules, &[page(Some(licence(true)))], "barcode"), (Outcome::Pass, vec![]));
    assert_eq!(
        outcome(&rules, &[page(Some(licence(false)))], "barcode"),
        (Outcome::Review, vec![Reason::BarcodeMalformed])
    );
    assert_eq!(outcome(&rules, &[page(Some(licence(true)))], "mrz"), not_applicable);
    assert_eq!(outcome(&rules, &[page(Some(facts()))], "barcode"), not_applicable);
    // One of the two is always required.
    for (facts, barcode) in
        [(Some(licence(true)), true), (Some(licence(false)), true), (Some(facts()), false), (None, false)]
    {
        let pictures = [page(facts)];
        let checks = run(&Evidence {
            rules: &rules,
            subject: &subject(),
            pictures: &pictures,
            chip: None,
            presented: None,
            face: None,
            face_declined: false,
            used_by_another: Some(false),
            known_document: None,
            specimens_allowed: true,
            today: TODAY,
        });
        let required = |name: &str| checks.iter().any(|check| check.name == name && check.required);
        assert_eq!((required("barcode"), required("mrz")), (barcode, !barcode));
    }
}

#[test]
fn what_speaks_of_the_document_must_speak_of_one() {
    let rules = Rules::default();
    let other = |change: fn(&mut DocumentFacts)| {
        let mut other = facts();
        change(&mut other);
        outcome(&rules, &[page(Some(facts())), page(Some(other))], "document_consistency")
    };
    let fail = (Outcome::Fail, vec![Reason::DocumentSourcesDiffer]);
    assert_eq!(other(|_| {}), (Outcome::Pass, vec![]));
    assert_eq!(other(|facts| facts.document_number = Some(Private::new("X1".into()))), fail);
    assert_eq!(other(|facts| facts.identity.birthdate = Some(Private::new(Date::constant(1990, 1, 1)))), fail);
    assert_eq!(other(|facts| facts.expiry_date = Some(Private::new(Date::constant(2027, 1, 1)))), fail);
    // No check digit covers a name, so a difference there is a reason to look.
    let named = other(|facts| facts.identity.family_name = Some(Private::new("SOMEBODYELSE".into())));
    assert_eq!(named, (Outcome::Review, vec![Reason::DocumentSourcesDiffer]));
    // A licence has other numbers in its barcode than in its zone.
    let licence = other(|facts| {
        facts.document_number = Some(Private::new("D12345".into()));
        facts.barcode_sound = Some(true);
    });
    assert_eq!(licence, (Outcome::Pass, vec![]));
}

#[test]
fn specimens_pass_only_where_they_may_and_shared_documents_are_looked_at() {
    let (rules, subject) = (Rules::default(), subject());
    let ask = |facts: DocumentFacts, specimens_allowed: bool, used_by_another: Option<bool>, name: &str| {
        let pictures = [page(Some(facts))];
        let evidence = Evidence {
            rules: &rules,
            subject: &subject,
            pictures: &pictures,
            chip: None,
            presented: None,
            face: None,
            face_declined: false,
            used_by_another,
            known_document: None,
            specimens_allowed,
            today: TODAY,
        };
        run(&evidence)
            .into_iter()
            .find(|check| check.name == name)
            .map(|check| (check.outcome, check.required))
            .unwrap()
    };
    let real = || DocumentFacts {
        issuing_state: Some(Private::new("SWE".into())),
        document_number: Some(Private::new("AA1234567".into())),
        ..facts()
    };
    let named = |word: &str| {
        let mut named = real();
        named.identity.family_name = Some(Private::new(word.into()));
        named
    };
    let specimen = |facts, allowed| ask(facts, allowed, Some(false), "document_specimen");
    assert_eq!(specimen(real(), false), (Outcome::Pass, true));
    let utopian = || DocumentFacts { issuing_state: Some(Private::new("UTO".into())), ..real() };
    assert_eq!(specimen(utopian(), false), (Outcome::Fail, true));
    assert_eq!(specimen(utopian(), true), (Outcome::Pass, true));
    let number = DocumentFacts { document_number: Some(Private::new("L898902C3".into())), ..real() };
    assert_eq!(specimen(number, false), (Outcome::Fail, true));
    assert_eq!(specimen(named("SPECIMEN"), false), (Outcome::Fail, true));
    assert_eq!(specimen(named("Mustermann"), false), (Outcome::Review, true), "somebody may be called that");
    for (used, outcome) in [(None, Outcome::NotPerformed), (Some(false), Outcome::Pass), (Some(true), Outcome::Review)]
    {
        assert_eq!(ask(real(), false, used, "document_reuse"), (outcome, true));
    }
}

#[test]
fn each_sign_of_a_copy_asks_for_a_reviewer_and_no_more() {
    let of = |signs: Signs| {
        let page = PictureFindings { signs: Some(signs), ..page(Some(facts())) };
        outcome(&Rules::default(), &[page], "document_capture")
    };
    let traced = |change: fn(&mut Traces)| {
        let mut signs = Signs::default();
        change(&mut signs.traces);
        of(signs)
    };
    let review = |reason| (Outcome::Review, vec![reason]);
    assert_eq!(of(Signs { evenness: Some(EVEN - 0.1), tints: Some(40), ..Signs::default() }), (Outcome::Pass, vec![]));
    assert_eq!(of(Signs { evenness: Some(EVEN), ..Signs::default() }), review(Reason::DocumentOnScreen));
    assert_eq!(of(Signs { tints: Some(0), ..Signs::default() }), review(Reason::DocumentNotInColour));
    assert_eq!(traced(|traces| traces.screenshot = true), review(Reason::DocumentOnScreen));
    assert_eq!(traced(|traces| traces.editor = true), review(Reason::PictureEdited));
    assert_eq!(traced(|traces| traces.generated = true), review(Reason::PictureEdited));
    assert_eq!(traced(|traces| traces.credentials = true), (Outcome::Pass, vec![]));
    // Without any picture, or on findings from before there were signs, nothing is asked and nothing passed.
    let old = PictureFindings { signs: None, ..page(Some(facts())) };
    assert_eq!(outcome(&Rules::default(), &[old], "document_capture").0, Outcome::NotPerformed);
}

/// A template of a model, this far from the first one of it.
fn template(model: &str, turned: f32) -> Template {
    let values = [turned.cos(), turned.sin()];
    serde_json::from_value(serde_json::json!({ "model": model, "values": values })).unwrap()
}

/// What the enrolled face and the unknown document come to for a person who looks so unlike the enrolled one.
fn renewed(rules: &Rules, enrolled: &Template, turned: f32) -> [(Outcome, bool); 2] {
    shown(rules, enrolled, turned, Some(false), Some(false))
}

fn shown(
    rules: &Rules,
    enrolled: &Template,
    turned: f32,
    used_by_another: Option<bool>,
    known_document: Option<bool>,
) -> [(Outcome, bool); 2] {
    let bounds = crate::face::Bounds { pass: 0.9, review: 0.5 };
    let engine = Capabilities { embedder: Some(("m".to_owned(), bounds)), ..Capabilities::default() };
    let selfie = FaceFindings {
        engine: engine.clone(),
        faces: Some(1),
        face: None,
        template: Some(template("m", turned)),
        presentation: None,
        hints: Vec::new(),
    };
    let face =
        FaceEvidence { engine, enrolled: Some(enrolled.clone()), selfie: Some(selfie), ..FaceEvidence::default() };
    let (subject, pictures) = (subject(), [page(Some(facts())), PictureFindings::empty(Asked::Selfie)]);
    let checks = run(&Evidence {
        rules,
        subject: &subject,
        pictures: &pictures,
        chip: None,
        presented: None,
        face: Some(&face),
        face_declined: false,
        used_by_another,
        known_document,
        specimens_allowed: true,
        today: TODAY,
    });
    ["enrolled_face", "document_reuse"].map(|name| {
        let check = checks.iter().find(|check| check.name == name).unwrap();
        (check.outcome, check.required)
    })
}

#[test]
fn the_enrolled_face_stands_in_for_a_document_that_was_renewed() {
    use Outcome::{NotPerformed, Pass, Review};
    let rules = Rules { selfie_required: true, liveness_required: true, ..Rules::default() };
    let enrolled = template("m", 0.0);
    assert_eq!(renewed(&rules, &enrolled, 0.1), [(Pass, true), (Pass, true)]);
    assert_eq!(renewed(&rules, &enrolled, 0.8), [(Review, true), (Review, true)], "uncertain");
    assert_eq!(renewed(&rules, &enrolled, 1.5), [(Review, true), (Review, true)], "somebody else");
    let still = Rules { liveness_required: false, ..rules.clone() };
    assert_eq!(renewed(&still, &enrolled, 0.1), [(Pass, true), (Review, true)], "a picture can be of anybody");
    assert_eq!(renewed(&rules, &template("older", 0.0), 0.1), [(NotPerformed, false), (Review, true)]);
}

#[test]
fn who_has_the_enrolled_face_is_not_somebody_else_with_their_known_document() {
    let rules = Rules { selfie_required: true, liveness_required: true, ..Rules::default() };
    let enrolled = template("m", 0.0);
    let reuse = |turned, known| shown(&rules, &enrolled, turned, Some(true), known)[1].0;
    assert_eq!(reuse(0.1, Some(true)), Outcome::Pass);
    assert_eq!(reuse(0.8, Some(true)), Outcome::Review);
    assert_eq!(reuse(0.1, Some(false)), Outcome::Review, "another document, and somebody else's");
    assert_eq!(reuse(0.1, None), Outcome::Review);
}
