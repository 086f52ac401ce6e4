//! Is a frame another one again, perhaps encoded anew? A camera never takes the same picture twice: a hand trembles, a
//! sensor has noise.

use crate::document::image::Rgb;

/// Size of the copies that are compared; averaging so many pixels leaves little of an encoder's traces.
const COPY: (usize, usize) = (64, 48);
/// Frames of one step that differ by less than this on the mean, in grey levels, are one frame. The person may keep
/// still, so only a copy is so near.
const IN_A_STEP: f32 = 0.12;
/// Frames of different steps: the person moved between them, and the colour of the screen changed.
const BETWEEN_STEPS: f32 = 0.6;

/// What is kept of a frame for comparing it.
pub(super) struct Copy(Vec<u8>);

impl Copy {
    pub(super) fn of(picture: &Rgb) -> Option<Self> {
        picture.resized(COPY.0, COPY.1).map(|copy| Self(copy.data))
    }

    /// Mean difference of all values, in levels 0–255.
    fn difference(&self, other: &Self) -> f32 {
        let sum: u32 = self.0.iter().zip(&other.0).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
        sum as f32 / self.0.len().max(1) as f32
    }
}

/// Whether any two frames, given with their steps, are one.
pub(super) fn any(frames: &[(usize, Copy)]) -> bool {
    frames.iter().enumerate().any(|(place, (step, copy))| {
        frames.iter().take(place).any(|(earlier_step, earlier)| {
            let nearest = if step == earlier_step { IN_A_STEP } else { BETWEEN_STEPS };
            copy.difference(earlier) < nearest
        })
    })
}
