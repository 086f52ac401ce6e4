//! How surely a success says who it is: computed from the checks that passed, never claimed.
//!
//! | level | what passed |
//! |---|---|
//! | 0 | nothing that tells one person from another |
//! | 1 | a live face, the enrolled one; or a document alone; or a document at which a reviewer looked; or a credential of an issuer that is named |
//! | 2 | a document, and a live face that is its portrait's |
//! | 3 | a document whose chip is signed by a trusted state, and a live face that is the chip's portrait |
//!
//! The levels order Ipse's own journeys and are no one's certificate. Of NIST's (SP 800-63A-4 §4.2.4 and §4.2.5), only
//! level 3 rests on evidence that is validated by its signature, as identity assurance level 2 wants it where no outside
//! source confirms what was read; levels below can never be called that. A credential that was presented is the word of
//! somebody who looked at another time, by means that nobody here knows: it is never worth a document with a live face, not
//! with a face check of the wallet's either.

use crate::check::{Check, Outcome, Report};
use serde::{Deserialize, Serialize};

/// What a success rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Assurance {
    /// 0 to 3.
    pub level: u8,
    /// What was shown.
    pub evidence: Shown,
    /// How the person was held against it.
    pub pathway: Pathway,
}

/// The strongest thing that was shown and found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// No document, or none that was found good.
    #[default]
    None,
    /// A document, by what is printed on it.
    Document,
    /// A credential from a wallet, by the word of an issuer that the journey names.
    Credential,
    /// A document, by what a trusted state signed in its chip.
    SignedDocument,
}

impl Shown {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Document => "document",
            Self::Credential => "credential",
            Self::SignedDocument => "signed_document",
        }
    }
}

/// How it was shown that the document or the enrolment is the person's (SP 800-63A-4 §4.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pathway {
    /// It was not.
    #[default]
    None,
    /// By comparing faces, the one of the person live.
    Biometric,
    /// By a reviewer's eyes.
    Visual,
}

impl Pathway {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Biometric => "biometric",
            Self::Visual => "visual",
        }
    }
}

/// The checks that are about the person's face; all others are about what they show.
const OF_FACE: [&str; 6] =
    ["face_match", "enrolled_face", "face_quality", "liveness", "liveness_presentation", "liveness_source"];
const LIVE_FACE: [&str; 4] = ["face_match", "liveness", "liveness_presentation", "liveness_source"];
const OF_CHIP: [&str; 3] = ["chip_signature", "chip_chain", "chip_data"];
const OF_CREDENTIAL: [&str; 5] =
    ["credential_issuer", "credential_type", "credential_status", "credential_domain", "credential_validity"];

impl Assurance {
    /// What a report comes to. `face_of_chip` says whether the face was compared with the portrait in the chip.
    pub fn of(report: &Report, face_of_chip: bool) -> Self {
        let passed =
            |name: &&str| report.checks.iter().any(|check| check.name == *name && check.outcome == Outcome::Pass);
        let about_face = |check: &&Check| OF_FACE.contains(&check.name.as_str());
        let sound = |check: &Check| check.outcome == Outcome::Pass;
        let required = || report.checks.iter().filter(|check| check.required);
        let document_is_sound = required().filter(|check| !about_face(check)).all(sound);
        // Where a credential is asked for, nothing else that was handed in makes it more.
        let asks_for_credential = required().any(|check| OF_CREDENTIAL.contains(&check.name.as_str()));
        let evidence = match (document_is_sound, asks_for_credential) {
            (true, true) if OF_CREDENTIAL.iter().all(passed) => Shown::Credential,
            (true, false) if OF_CHIP.iter().all(passed) => Shown::SignedDocument,
            (true, false) if was_read(report) => Shown::Document,
            _ => Shown::None,
        };
        let live = required().filter(about_face).all(sound) && LIVE_FACE.iter().all(passed);
        let asked_for_document = required().any(|check| !about_face(&check));
        let (level, pathway) = match (evidence, live) {
            (Shown::SignedDocument, true) if face_of_chip => (3, Pathway::Biometric),
            (Shown::SignedDocument | Shown::Document, true) => (2, Pathway::Biometric),
            (Shown::SignedDocument | Shown::Document, false) | (Shown::Credential, _) => (1, Pathway::None),
            (Shown::None, true) if !asked_for_document => (1, Pathway::Biometric),
            (Shown::None, _) => (0, Pathway::None),
        };
        Self { level, evidence, pathway }
    }

    /// What it is after a reviewer has found that it is the person: where faces were not compared, their eyes did it. Of a
    /// credential they have seen nothing.
    #[must_use]
    pub const fn reviewed(self) -> Self {
        match (self.evidence, self.pathway) {
            (Shown::Credential, _) | (_, Pathway::Biometric) => self,
            (_, Pathway::None | Pathway::Visual) => Self {
                level: if matches!(self.evidence, Shown::None) { 0 } else { 1 },
                pathway: Pathway::Visual,
                ..self
            },
        }
    }
}

/// Whether anything was read that names somebody.
fn was_read(report: &Report) -> bool {
    let names = ["mrz", "barcode", "chip_data"];
    report.checks.iter().any(|check| check.outcome == Outcome::Pass && names.contains(&check.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ReportId;
    use jiff::Timestamp;

    fn report(checks: &[(&str, Outcome, bool)]) -> Report {
        let check = |(name, outcome, required): &(&str, Outcome, bool)| Check {
            name: (*name).to_owned(),
            outcome: *outcome,
            reasons: Vec::new(),
            required: *required,
            engine: "test".into(),
        };
        let id = ReportId::new(Timestamp::UNIX_EPOCH, [0; 10]);
        Report { id, attempt: 1, created_at: Timestamp::UNIX_EPOCH, checks: checks.iter().map(check).collect() }
    }

    const FACE: [(&str, Outcome, bool); 4] = [
        ("face_match", Outcome::Pass, true),
        ("liveness", Outcome::Pass, true),
        ("liveness_presentation", Outcome::Pass, true),
        ("liveness_source", Outcome::Pass, false),
    ];
    const PAGE: [(&str, Outcome, bool); 2] = [("mrz", Outcome::Pass, true), ("name_match", Outcome::Pass, true)];
    const CHIP: [(&str, Outcome, bool); 3] = [
        ("chip_signature", Outcome::Pass, true),
        ("chip_chain", Outcome::Pass, true),
        ("chip_data", Outcome::Pass, true),
    ];

    fn level(parts: &[&[(&str, Outcome, bool)]], face_of_chip: bool) -> (u8, Shown, Pathway) {
        let found = Assurance::of(&report(&parts.concat()), face_of_chip);
        (found.level, found.evidence, found.pathway)
    }

    #[test]
    fn a_level_is_what_passed_and_no_more() {
        use Pathway::Biometric;
        assert_eq!(level(&[&PAGE, &CHIP, &FACE], true), (3, Shown::SignedDocument, Biometric));
        assert_eq!(level(&[&PAGE, &CHIP, &FACE], false), (2, Shown::SignedDocument, Biometric), "the page's portrait");
        assert_eq!(level(&[&PAGE, &FACE], false), (2, Shown::Document, Biometric));
        assert_eq!(level(&[&PAGE, &FACE], true), (2, Shown::Document, Biometric), "no chip");
        assert_eq!(level(&[&PAGE], false), (1, Shown::Document, Pathway::None));
        assert_eq!(level(&[&FACE], false), (1, Shown::None, Biometric));
        assert_eq!(level(&[], false), (0, Shown::None, Pathway::None), "a report that says nothing");
    }

    #[test]
    fn whatever_did_not_pass_lowers_it() {
        for (name, _, _) in FACE {
            for outcome in [Outcome::Fail, Outcome::Review, Outcome::NotPerformed] {
                let face = FACE.map(|check| if check.0 == name { (name, outcome, check.2) } else { check });
                assert_eq!(level(&[&PAGE, &CHIP, &face], true).0, 1, "{name}");
                assert_eq!(level(&[&face], false).0, 0, "{name}");
            }
        }
        for (name, _, _) in CHIP {
            let chip = CHIP.map(|check| if check.0 == name { (name, Outcome::Fail, true) } else { check });
            assert_eq!(
                level(&[&PAGE, &chip, &FACE], true).0,
                0,
                "{name}: a chip that is wrong makes the document wrong"
            );
        }
        let other_name = [("mrz", Outcome::Pass, true), ("name_match", Outcome::Fail, true)];
        assert_eq!(level(&[&other_name, &FACE], false), (0, Shown::None, Pathway::None));
        let not_enrolled = [("enrolled_face", Outcome::Fail, true)];
        assert_eq!(level(&[&PAGE, &FACE, &not_enrolled], false).0, 1);
        let unread = [("document_picture", Outcome::Pass, true)];
        assert_eq!(level(&[&unread, &FACE], false).0, 0, "nothing that names anybody was read");
    }

    #[test]
    fn a_credential_is_never_worth_a_document_and_a_face() {
        let credential = OF_CREDENTIAL.map(|name| (name, Outcome::Pass, true));
        assert_eq!(level(&[&credential], false), (1, Shown::Credential, Pathway::None));
        assert_eq!(level(&[&credential, &FACE], true), (1, Shown::Credential, Pathway::None));
        assert_eq!(level(&[&credential, &CHIP, &PAGE], true), (1, Shown::Credential, Pathway::None), "and a chip");
        let any_issuer = credential
            .map(|check| if check.0 == "credential_issuer" { (check.0, Outcome::NotPerformed, false) } else { check });
        assert_eq!(level(&[&any_issuer, &CHIP, &PAGE], true), (0, Shown::None, Pathway::None), "a chip of anybody");
        for name in OF_CREDENTIAL {
            for (outcome, required) in [(Outcome::NotPerformed, false), (Outcome::Fail, false), (Outcome::Fail, true)] {
                let less = credential.map(|check| if check.0 == name { (name, outcome, required) } else { check });
                assert_eq!(level(&[&less], false), (0, Shown::None, Pathway::None), "{name}");
            }
        }
        let other_name = [("name_match", Outcome::Fail, true)];
        assert_eq!(level(&[&credential, &other_name], false).0, 0);
        let reviewed = Assurance::of(&report(&credential), false).reviewed();
        assert_eq!((reviewed.level, reviewed.pathway), (1, Pathway::None), "nobody has seen the person");
    }

    #[test]
    fn a_reviewers_eyes_are_level_1() {
        let of = |parts: &[&[(&str, Outcome, bool)]]| Assurance::of(&report(&parts.concat()), false).reviewed();
        let seen = of(&[&PAGE]);
        assert_eq!((seen.level, seen.pathway), (1, Pathway::Visual));
        assert_eq!(of(&[&PAGE, &FACE]).level, 2, "a reviewer takes nothing away");
        assert_eq!(of(&[]).level, 0, "and adds nothing where nothing was found good");
    }
}
