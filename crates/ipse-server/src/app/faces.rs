//! Faces: what a picture says of one when it comes in, and what the checks are told when a verification is judged.

use super::examine::Judged;
use super::{Result, enrolments};
use crate::state::Ipse;
use ipse_checks::Asked;
use ipse_checks::check::FaceEvidence;
use ipse_checks::document::chip::{ChipFile, ChipReading};
use ipse_checks::document::image::{Limits, decode};
use ipse_checks::face::liveness::BurstFindings;
use ipse_checks::face::{Engine, FaceFindings, Origin, Portrait, Reference, Template, examine_selfie, photo, portrait};
use ipse_core::check::{Outcome, Report};
use ipse_core::document::Side;
use ipse_core::enrolment::Enrolment;
use ipse_core::id::{OrganizationId, SubjectId, VerificationId};
use ipse_core::verification::{Command, Verification};
use ipse_store::Tx;
use ipse_store::evidence::Evidence;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a piece of evidence says of a face. It is kept as long as the picture, under the picture's key.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The portrait of a document, or of its chip.
    Portrait(Box<Portrait>),
    /// One picture of the person.
    Selfie(Box<FaceFindings>),
    /// A live selfie.
    Burst(Box<BurstFindings>),
}

/// Looks for the face that such a picture should have. Nothing without models.
pub fn look(engine: &Engine, asked: Asked, bytes: &[u8], limits: &Limits) -> Option<Seen> {
    match asked {
        _ if !engine.can_compare() => None,
        Asked::Selfie => Some(Seen::Selfie(Box::new(examine_selfie(engine, bytes, limits)))),
        Asked::Document { kind, side } if kind.sides().first() == Some(&side) || side == Side::Front => {
            let picture = decode(bytes, limits).ok()?;
            portrait(engine, &picture.pixels).map(|portrait| Seen::Portrait(Box::new(portrait)))
        }
        Asked::Document { .. } => None,
    }
}

/// The portrait of a chip whose data lead to a configured authority: another one proves nothing of a face.
pub fn of_chip(engine: &Engine, reading: &ChipReading, files: &BTreeMap<String, Vec<u8>>) -> Option<Seen> {
    let found = reading.portrait.as_ref().filter(|_| engine.can_compare() && reading.has_path())?;
    let (_, file) = files.iter().find(|(name, _)| ChipFile::from_name(name) == Some(ChipFile::DataGroup(2)))?;
    let picture = found.decode(file).ok()?;
    portrait(engine, &picture).map(|portrait| Seen::Portrait(Box::new(portrait)))
}

/// What the checks are told of the person's face, and the enrolment it is compared with, where it is one.
pub struct Faces {
    /// For the checks.
    pub evidence: FaceEvidence,
    /// The enrolment that is the reference.
    pub enrolment: Option<Enrolment>,
}

impl Faces {
    /// Gathers what is judged says of faces, and the face they are held against: of the chip before that of the page, and
    /// the enrolled one where a journey asks for nothing else.
    pub(super) async fn gather(
        ipse: &Ipse,
        tx: &mut Tx,
        subject: &SubjectId,
        judged: &Judged,
        face_only: bool,
        now: Timestamp,
    ) -> Result<Self> {
        let mut faces = Self {
            evidence: FaceEvidence { engine: ipse.faces.capabilities(), ..FaceEvidence::default() },
            enrolment: None,
        };
        let mut of_page = None;
        for (evidence, _) in judged.pictures.iter().rev() {
            match tx.face::<Seen>(evidence).await? {
                Some(Seen::Selfie(selfie)) => faces.evidence.selfie = Some(*selfie),
                Some(Seen::Burst(burst)) => faces.evidence.burst = Some(*burst),
                Some(Seen::Portrait(portrait)) => {
                    of_page.get_or_insert(portrait.template);
                }
                None => {}
            }
        }
        let of_chip = match &judged.chip {
            Some((evidence, _)) => match tx.face::<Seen>(evidence).await? {
                Some(Seen::Portrait(portrait)) => Some(portrait.template),
                Some(Seen::Selfie(_) | Seen::Burst(_)) | None => None,
            },
            None => None,
        };
        let reference = |origin, template| Reference { origin, template };
        faces.enrolment = enrolments::living(tx, subject, now).await?;
        let enrolled = match &faces.enrolment {
            Some(enrolment) => tx.template::<Template>(enrolment).await?,
            None => None,
        };
        if face_only {
            faces.evidence.reference = enrolled.map(|template| reference(Origin::Enrolment, template));
        } else {
            let of_chip = of_chip.map(|template| reference(Origin::Chip, template));
            faces.evidence.reference = of_chip.or(of_page.map(|template| reference(Origin::Document, template)));
            faces.evidence.enrolled = enrolled;
        }
        Ok(faces)
    }

    /// What the audit trail says of the comparisons.
    pub fn compared(&self) -> Vec<Command> {
        let evidence = &self.evidence;
        let of_person = evidence.selfie.as_ref().map(|selfie| &selfie.template);
        let of_person = of_person.or(evidence.burst.as_ref().map(|burst| &burst.template));
        let Some(((model, _), Some(_))) = evidence.engine.embedder.as_ref().zip(of_person) else { return Vec::new() };
        let origins = evidence.reference.as_ref().map(|reference| reference.origin);
        let origins = origins.into_iter().chain(evidence.enrolled.as_ref().map(|_| Origin::Enrolment));
        let command = |origin| {
            let (reference, enrolment) = match origin {
                Origin::Document => ("document", None),
                Origin::Chip => ("chip", None),
                Origin::Enrolment => ("enrolment", self.enrolment.as_ref().map(|enrolment| enrolment.id.clone())),
            };
            Command::CompareFaces { reference, enrolment, model: model.clone() }
        };
        origins.map(command).collect()
    }
}

/// A picture of whoever succeeded, small and with the face in the middle, if it was held against the document and passed; as
/// long as the pictures are kept.
pub async fn photo_of(ipse: &Ipse, organization: &OrganizationId, of: &VerificationId) -> Result<Option<Vec<u8>>> {
    let mut tx = ipse.store.read(organization).await?;
    let Some(verification) = tx.verification(of).await? else { return Ok(None) };
    let matched = |report: &Report| {
        report.checks.iter().any(|check| check.name == "face_match" && check.outcome == Outcome::Pass)
    };
    if !tx.reports(of).await?.last().is_some_and(matched) {
        return Ok(None);
    }
    let of_success = |one: &Evidence| one.kind == "selfie" && one.attempt == verification.attempts;
    let Some(selfie) = tx.list_evidence(of).await?.into_iter().rev().find(of_success) else { return Ok(None) };
    drop(tx);
    let opened = async {
        let sealed = ipse.store.get_evidence(organization, of, &selfie.id).await?;
        ipse.store.read(organization).await?.unseal_evidence(of, &selfie.id, &sealed).await
    };
    let picture = match opened.await {
        Err(ipse_store::Error::Forgotten) => return Ok(None),
        opened => opened?,
    };
    let (engine, limits) = (ipse.faces.clone(), super::examine::limits(ipse));
    Ok(ipse.workers.run(move || photo(&engine, &decode(&picture, &limits).ok()?.pixels)).await?)
}

/// The template of a verification's live selfie, if nothing was wrong with it.
pub async fn live_template(tx: &mut Tx, verification: &Verification) -> Result<Option<Template>> {
    for evidence in tx.list_evidence(&verification.id).await?.iter().rev() {
        if evidence.attempt == verification.attempts
            && let Some(Seen::Burst(burst)) = tx.face(evidence).await?
        {
            return Ok(burst.template.filter(|_| burst.faults.is_empty()));
        }
    }
    Ok(None)
}
