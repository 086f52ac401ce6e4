//! The questions a journey puts to the evidence of one attempt. A check is a file; the registry lists them.

mod barcode;
mod birthdate_match;
mod chip_authentication;
mod chip_chain;
mod chip_data;
mod chip_revocation;
mod chip_signature;
mod credential_constraints;
mod credential_domain;
mod credential_face;
mod credential_issuer;
mod credential_status;
mod credential_type;
mod credential_validity;
mod document_capture;
mod document_consistency;
mod document_country;
mod document_dates;
mod document_expiry;
mod document_kind;
mod document_picture;
mod document_reuse;
mod document_sides;
mod document_specimen;
mod enrolled_face;
mod face_match;
mod face_quality;
mod liveness;
mod liveness_presentation;
mod liveness_source;
mod mrz;
mod name_match;
mod reach;

pub use reach::Reach;

use crate::document::chip::ChipReading;
use crate::face::liveness::BurstFindings;
use crate::face::models::Role;
use crate::face::{Capabilities, FaceFindings, Reference, Template};
use crate::picture::{Asked, PictureFindings};
use ipse_core::check::{Check, Outcome};
use ipse_core::date::Date;
use ipse_core::document::{DocumentFacts, DocumentKind};
use ipse_core::journey::Rules;
use ipse_core::person::Identity;
use ipse_core::presentation::{Disclosed, PresentationPolicy};
use ipse_core::reason::Reason;

/// Everything a check may look at.
pub struct Evidence<'a> {
    /// The journey's rules.
    pub rules: &'a Rules,
    /// What the caller knows of the subject.
    pub subject: &'a Identity,
    /// The findings of the attempt's pictures, the newest of each side.
    pub pictures: &'a [PictureFindings],
    /// What was read from the document's chip, if a reader handed it in.
    pub chip: Option<&'a ChipReading>,
    /// What was said of the credential that was presented, if one was.
    pub presented: Option<&'a Disclosed>,
    /// The person's face and the one it is compared with; nothing where no face engine looked.
    pub face: Option<&'a FaceEvidence>,
    /// Whether the person asked for a reviewer instead of having faces compared.
    pub face_declined: bool,
    /// Whether another subject succeeded with the document before; unknown while nothing is read that names it.
    pub used_by_another: Option<bool>,
    /// Whether it is the document that the subject is known by; unknown where none is.
    pub known_document: Option<bool>,
    /// Whether documents of nobody are good enough: in a sandbox they are all there is.
    pub specimens_allowed: bool,
    /// The day of the attempt.
    pub today: Date,
}

/// What the questions about the person's face are asked of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FaceEvidence {
    /// What the engine can do at the time of judging, and where its thresholds are.
    pub engine: Capabilities,
    /// The face the person is compared with.
    pub reference: Option<Reference>,
    /// The face that an earlier verification enrolled, where it is not the reference.
    pub enrolled: Option<Template>,
    /// The findings of a single picture, if one was asked for.
    pub selfie: Option<FaceFindings>,
    /// The findings of the burst, if one was asked for.
    pub burst: Option<BurstFindings>,
}

impl Evidence<'_> {
    /// What was read on the document: the first side on which anything was.
    pub fn facts(&self) -> Option<&DocumentFacts> {
        self.pictures.iter().find_map(|picture| picture.facts.as_ref())
    }

    /// Who was shown: by the credential where one was asked for, else by the document; and whether the name may be cut.
    fn shown(&self) -> Option<(&Identity, bool)> {
        match (&self.rules.presentation, self.presented) {
            (Some(_), presented) => presented.map(|presented| (&presented.identity, false)),
            (None, _) => self.facts().map(|facts| (&facts.identity, facts.name_truncated)),
        }
    }

    /// Everything that says something of the document: each side that was read, and the chip.
    fn sources(&self) -> impl Iterator<Item = &DocumentFacts> {
        let sides = self.documents().filter_map(|picture| picture.facts.as_ref());
        sides.chain(self.chip.and_then(|chip| chip.facts.as_ref()))
    }

    /// The kind of document the person said that they would show.
    pub fn chosen_kind(&self) -> Option<DocumentKind> {
        self.pictures.iter().find_map(|picture| match picture.asked {
            Asked::Document { kind, .. } => Some(kind),
            Asked::Selfie => None,
        })
    }

    fn documents(&self) -> impl Iterator<Item = &PictureFindings> {
        self.pictures.iter().filter(|picture| matches!(picture.asked, Asked::Document { .. }))
    }

    fn has_selfie(&self) -> bool {
        self.pictures.iter().any(|picture| picture.asked == Asked::Selfie)
    }
}

/// Given names and family names, each as one text.
fn halves(identity: &Identity) -> (String, String) {
    let text = |part: &Option<ipse_core::Private<String>>| {
        part.as_ref().map(|part| part.reveal().trim().to_owned()).unwrap_or_default()
    };
    let given = format!("{} {}", text(&identity.given_name), text(&identity.middle_name));
    (given.trim().to_owned(), text(&identity.family_name))
}

/// Why nobody was shown to compare with.
const fn nothing_shown(evidence: &Evidence<'_>) -> Reason {
    if with_presentation(evidence) { Reason::CredentialNotPresented } else { Reason::DocumentNotMachineReadable }
}

/// A check's answer.
pub struct Answer(Outcome, Vec<Reason>);

impl Answer {
    fn pass() -> Self {
        Self(Outcome::Pass, Vec::new())
    }

    fn fail(reason: Reason) -> Self {
        Self(Outcome::Fail, vec![reason])
    }

    fn review(reason: Reason) -> Self {
        Self(Outcome::Review, vec![reason])
    }

    fn not_performed(reason: Reason) -> Self {
        Self(Outcome::NotPerformed, vec![reason])
    }
}

/// A line of the registry.
struct Entry {
    name: &'static str,
    /// Whether the rules need the check to pass on such evidence; one that is not needed is still answered.
    required: fn(&Evidence<'_>) -> bool,
    answer: fn(&Evidence<'_>) -> Answer,
}

/// A journey that asks for a document needs one; a step-up by face and a presentation do not.
const fn with_document(evidence: &Evidence<'_>) -> bool {
    evidence.rules.asks_for_document()
}

/// What the journey wants to be presented, if anything.
const fn presentation<'a>(evidence: &Evidence<'a>) -> Option<&'a PresentationPolicy> {
    evidence.rules.presentation.as_ref()
}

const fn with_presentation(evidence: &Evidence<'_>) -> bool {
    presentation(evidence).is_some()
}

/// What is wanted and what was presented; where there is nothing of either, no question can be put.
fn presented<'a>(evidence: &Evidence<'a>) -> Result<(&'a PresentationPolicy, &'a Disclosed), Answer> {
    match (presentation(evidence), evidence.presented) {
        (Some(policy), Some(presented)) => Ok((policy, presented)),
        (None, _) => Err(Answer::not_performed(Reason::CheckNotApplicable)),
        (Some(_), None) => Err(Answer::fail(Reason::CredentialNotPresented)),
    }
}

/// A chip that was handed in has to prove itself; one that was not is not missed.
const fn with_chip(evidence: &Evidence<'_>) -> bool {
    evidence.chip.is_some()
}

const REGISTRY: &[Entry] = &[
    Entry { name: "document_picture", required: with_document, answer: document_picture::answer },
    Entry { name: "document_capture", required: document_capture::required, answer: document_capture::answer },
    Entry { name: "document_sides", required: with_document, answer: document_sides::answer },
    Entry { name: "mrz", required: mrz::required, answer: mrz::answer },
    Entry { name: "barcode", required: barcode::required, answer: barcode::answer },
    Entry { name: "document_kind", required: with_document, answer: document_kind::answer },
    Entry { name: "document_country", required: document_country::required, answer: document_country::answer },
    Entry { name: "document_expiry", required: with_document, answer: document_expiry::answer },
    Entry { name: "document_dates", required: with_document, answer: document_dates::answer },
    Entry {
        name: "document_consistency",
        required: document_consistency::required,
        answer: document_consistency::answer,
    },
    Entry { name: "document_specimen", required: document_specimen::required, answer: document_specimen::answer },
    Entry { name: "document_reuse", required: document_reuse::required, answer: document_reuse::answer },
    Entry { name: "chip_signature", required: with_chip, answer: chip_signature::answer },
    Entry { name: "chip_chain", required: with_chip, answer: chip_chain::answer },
    Entry { name: "chip_data", required: with_chip, answer: chip_data::answer },
    Entry { name: "chip_revocation", required: chip_revocation::required, answer: chip_revocation::answer },
    Entry { name: "chip_authentication", required: chip_authentication::required, answer: chip_authentication::answer },
    Entry { name: "credential_issuer", required: credential_issuer::required, answer: credential_issuer::answer },
    Entry { name: "credential_type", required: with_presentation, answer: credential_type::answer },
    Entry { name: "credential_status", required: credential_status::required, answer: credential_status::answer },
    Entry { name: "credential_domain", required: credential_domain::required, answer: credential_domain::answer },
    Entry { name: "credential_validity", required: with_presentation, answer: credential_validity::answer },
    Entry {
        name: "credential_constraints",
        required: credential_constraints::required,
        answer: credential_constraints::answer,
    },
    Entry { name: "credential_face", required: credential_face::required, answer: credential_face::answer },
    Entry { name: "name_match", required: name_match::required, answer: name_match::answer },
    Entry { name: "birthdate_match", required: birthdate_match::required, answer: birthdate_match::answer },
    Entry { name: "face_match", required: face_match::required, answer: face_match::answer },
    Entry { name: "enrolled_face", required: enrolled_face::required, answer: enrolled_face::answer },
    Entry { name: "face_quality", required: face_quality::required, answer: face_quality::answer },
    Entry { name: "liveness", required: liveness::required, answer: liveness::answer },
    Entry {
        name: "liveness_presentation",
        required: liveness_presentation::required,
        answer: liveness_presentation::answer,
    },
    Entry { name: "liveness_source", required: liveness_source::required, answer: liveness_source::answer },
];

/// Which models a check relies on: a report names them with their hashes.
const MODELS: &[(&str, &[Role])] = &[
    ("face_match", &[Role::Detector, Role::Embedder]),
    ("enrolled_face", &[Role::Detector, Role::Embedder]),
    ("face_quality", &[Role::Detector]),
    ("liveness", &[Role::Detector, Role::Embedder]),
    ("liveness_presentation", &[Role::Detector, Role::Pad]),
];

/// What computed a check's answer: the engine, and the models that it asked.
fn engine(name: &str, evidence: &Evidence<'_>) -> String {
    let roles = MODELS.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, roles)| roles);
    let mut engine = crate::ENGINE.to_owned();
    for id in evidence.face.iter().flat_map(|face| roles.iter().flat_map(|role| face.engine.models(*role))) {
        engine.push(' ');
        engine.push_str(id);
    }
    engine
}

/// The names of all checks, in the order of a report.
pub fn names() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|entry| entry.name)
}

/// Puts every question to the evidence.
pub fn run(evidence: &Evidence<'_>) -> Vec<Check> {
    REGISTRY
        .iter()
        .map(|entry| {
            let Answer(outcome, reasons) = (entry.answer)(evidence);
            Check {
                name: entry.name.to_owned(),
                outcome,
                reasons,
                required: (entry.required)(evidence),
                engine: engine(entry.name, evidence),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
