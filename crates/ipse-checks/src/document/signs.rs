//! Signs that not the document itself was in front of a camera. Each is weak: it is a reason to look, never a verdict.
//! How each threshold was set stands in `docs/calibration.md`.

use super::colour::{GREY, tints};
use super::image::{Limits, Luma};
use super::recapture::evenness;
use super::traces::{Traces, traces};
use serde::{Deserialize, Serialize};

/// From here on a pattern is taken for a screen's.
pub const EVEN: f32 = 5.5;

/// What was measured; a measure that could not be taken is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Signs {
    /// What the file says of itself.
    #[serde(default)]
    pub traces: Traces,
    /// How far an even pattern stands out; see [`evenness`].
    #[serde(default)]
    pub evenness: Option<f32>,
    /// The range of tints; see [`tints`].
    #[serde(default)]
    pub tints: Option<u8>,
}

impl Signs {
    /// Measures a picture: its file, and its grey levels, decoded.
    #[must_use]
    pub fn of(bytes: &[u8], picture: &Luma, limits: &Limits) -> Self {
        Self {
            traces: traces(bytes, picture.width as u32, picture.height as u32),
            evenness: evenness(picture),
            tints: tints(bytes, limits),
        }
    }

    /// It looks like a picture of a screen.
    #[must_use]
    pub fn on_screen(&self) -> bool {
        self.traces.screenshot || self.evenness.is_some_and(|evenness| evenness >= EVEN)
    }

    /// It has no colours.
    #[must_use]
    pub fn grey(&self) -> bool {
        self.tints.is_some_and(|tints| tints < GREY)
    }

    /// The file says that somebody changed what it shows, or that it shows nothing that was.
    #[must_use]
    pub fn edited(&self) -> bool {
        self.traces.editor || self.traces.generated
    }
}
