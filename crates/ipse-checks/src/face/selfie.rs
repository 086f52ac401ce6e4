//! One picture of a person, and the portrait on a document: who is in it?

use super::detect::{Found, faces, small_faces};
use super::embed::{Template, template};
use super::engine::{Capabilities, Engine};
use super::pad::{Presentation, presentation};
use super::{Face, quality};
use crate::document::image::{ImageError, Limits, Rgb, decode};
use ipse_core::reason::Reason;
use serde::{Deserialize, Serialize};

/// A second face counts when its box has at least this share of the largest one's: people on posters do not.
const SECOND: f32 = 0.2;

/// What was found in a picture of a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FaceFindings {
    /// What could be asked at the time, and by which models.
    pub engine: Capabilities,
    /// How many faces there are; nothing when there was no detector.
    pub faces: Option<usize>,
    /// The largest face.
    pub face: Option<Face>,
    /// Its template, if it is the only one.
    pub template: Option<Template>,
    /// What the presentation-attack detectors say of it.
    pub presentation: Option<Presentation>,
    /// What to do better; empty for a good picture.
    pub hints: Vec<Reason>,
}

/// A portrait: of a document, or of its chip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Portrait {
    /// Where and how well it can be seen.
    pub face: Face,
    /// Its template.
    pub template: Template,
}

/// The face that a person is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Where it comes from.
    pub origin: Origin,
    /// Its template.
    pub template: Template,
}

/// Where a reference face comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The picture of a document's page.
    Document,
    /// Data group 2 of a chip whose data are genuine.
    Chip,
    /// An earlier verification of the subject.
    Enrolment,
}

/// Examines a picture of a person. Without a detector nothing is known and nothing is hinted at.
pub fn examine_selfie(engine: &Engine, bytes: &[u8], limits: &Limits) -> FaceFindings {
    match decode(bytes, limits) {
        Ok(picture) => examine(engine, &picture.pixels),
        Err(error) => {
            let hint = match error {
                ImageError::UnsupportedFormat | ImageError::Corrupt => Reason::ImageUnreadable,
                ImageError::TooManyBytes | ImageError::TooManyPixels => Reason::ImageTooLarge,
                ImageError::TooSmall => Reason::ImageTooSmall,
            };
            FaceFindings { engine: engine.capabilities(), hints: vec![hint], ..FaceFindings::default() }
        }
    }
}

fn examine(engine: &Engine, picture: &Rgb) -> FaceFindings {
    let mut findings = FaceFindings { engine: engine.capabilities(), ..FaceFindings::default() };
    let Some(found) = faces(engine, picture) else { return findings };
    let found = dominant(found);
    findings.faces = Some(found.len());
    let Some(largest) = found.first() else {
        findings.hints.push(Reason::FaceNotFound);
        return findings;
    };
    let face = quality::measured(engine, picture, largest);
    findings.hints = face.hints();
    if found.len() > 1 {
        findings.hints.insert(0, Reason::FacesSeveral);
    } else {
        findings.template = template(engine, picture, &face.landmarks);
        findings.presentation = presentation(engine, picture, &face.area);
    }
    findings.face = Some(face);
    findings
}

/// The faces that count, the largest first.
pub(super) fn dominant(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| b.area.size().total_cmp(&a.area.size()));
    let largest = found.first().map_or(0.0, |found| found.area.size());
    found.retain(|found| found.area.size() >= largest * SECOND);
    found
}

/// Finds the portrait of a document, or of a chip's picture: the largest face, the same person's smaller ghost aside. A
/// picture in which a second, larger-than-ghost face of somebody else is has no portrait: nobody can say whose it is.
pub fn portrait(engine: &Engine, picture: &Rgb) -> Option<Portrait> {
    /// Two faces this close in size are both candidates.
    const RIVAL: f32 = 0.6;
    let mut found = small_faces(engine, picture)?;
    found.sort_by(|a, b| b.area.size().total_cmp(&a.area.size()));
    let largest = *found.first()?;
    let measured = quality::measured(engine, picture, &largest);
    let own = template(engine, picture, &largest.landmarks)?;
    let bounds = engine.capabilities().embedder.map(|(_, bounds)| bounds)?;
    for rival in found.iter().skip(1).filter(|rival| rival.area.size() >= largest.area.size() * RIVAL) {
        let other = template(engine, picture, &rival.landmarks)?;
        if super::compare(&own, &other).is_ok_and(|similarity| similarity < bounds.review) {
            return None;
        }
    }
    Some(Portrait { face: measured, template: own })
}
