//! Is this a face, or a picture of one? All presentation-attack detectors of the set are asked, and their mean counts.

use super::Area;
use super::align::widened;
use super::engine::Engine;
use crate::document::image::Rgb;
use serde::{Deserialize, Serialize};

/// What the presentation-attack detectors say.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Presentation {
    /// The mean probability of a live face, 0–1.
    pub live: f32,
    /// Each one's, by its id.
    pub scores: Vec<(String, f32)>,
}

/// Asks about one face; nothing without a full set of models.
pub(super) fn presentation(engine: &Engine, picture: &Rgb, area: &Area) -> Option<Presentation> {
    let mut scores = Vec::new();
    for pad in engine.pads() {
        let crop = widened(picture, area, pad.model.crop, pad.model.size)?;
        let answer = pad.run(&crop).ok()?.into_iter().next()?;
        scores.push((pad.model.id(), *answer.get(pad.model.live?)?));
    }
    let live = scores.iter().map(|(_, score)| score).sum::<f32>() / scores.len().max(1) as f32;
    (!scores.is_empty()).then_some(Presentation { live, scores })
}
