//! Does the face take on the colours of the screen? Answers only where it can be seen: in bright light nobody is refused
//! for it, and nobody gains by it.

use super::{LightAnswer, LightColour};
use crate::document::image::Rgb;
use crate::face::Area;

/// Changes of colour smaller than this, as a natural logarithm, are the camera's own.
const SEEN: f32 = 0.015;
/// From this agreement on the colours are those that were shown.
const AGREES: f32 = 0.5;
/// Changes of at least this size that do not agree were made by something else.
const STRONG: f32 = 0.06;
/// Less agreement than this contradicts.
const CONTRADICTS: f32 = 0.15;

/// The colour of a face as logarithms of red, green and blue about their mean: how bright it is does not count.
pub(super) fn colour(picture: &Rgb, area: &Area) -> Option<[f32; 3]> {
    // The middle of the face: no hair, no background.
    let (left, top) = (area.left + area.width * 0.25, area.top + area.height * 0.35);
    let (right, bottom) = (left + area.width * 0.5, top + area.height * 0.45);
    let within = |at: f32, limit: usize| (at.max(0.0) as usize).min(limit);
    let (left, right) = (within(left, picture.width), within(right, picture.width));
    let (top, bottom) = (within(top, picture.height), within(bottom, picture.height));
    let (mut sums, mut count) = ([0_u64; 3], 0_u64);
    for row in (top..bottom).step_by(2) {
        let line = picture.data.get((row * picture.width + left) * 3..(row * picture.width + right.max(left)) * 3)?;
        for pixel in line.chunks_exact(3) {
            // What is black or white has lost its colour.
            if pixel.iter().all(|value| (8..=250).contains(value)) {
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += u64::from(*value);
                }
                count += 1;
            }
        }
    }
    if count < 50 {
        return None;
    }
    let logs = sums.map(|sum| (sum as f32 / count as f32).max(1.0).ln());
    let mean = logs.iter().sum::<f32>() / 3.0;
    Some(logs.map(|log| log - mean))
}

/// Holds the colours seen in each step against those that were shown; `plain` is the face's under white light.
pub(super) fn answer(plain: Option<[f32; 3]>, steps: &[(LightColour, Option<[f32; 3]>)]) -> LightAnswer {
    let Some(plain) = plain else { return LightAnswer::Unknown };
    let (mut along, mut size, mut count) = (0.0, 0.0, 0);
    for (shown, seen) in steps {
        let (Some(seen), Some(expected)) = (seen, direction(*shown)) else { continue };
        let change = [0, 1, 2].map(|plane: usize| {
            let value = |colour: &[f32; 3]| colour.get(plane).copied().unwrap_or(0.0);
            value(seen) - value(&plain)
        });
        along += change.iter().zip(expected).map(|(change, expected)| change * expected).sum::<f32>();
        size += change.iter().map(|change| change * change).sum::<f32>().sqrt();
        count += 1;
    }
    let (agreement, strength) = (along / size.max(1e-6), size / count.max(1) as f32);
    if count < 3 || strength < SEEN {
        LightAnswer::Unknown
    } else if agreement >= AGREES {
        LightAnswer::Seen { agreement }
    } else if strength >= STRONG && agreement < CONTRADICTS {
        LightAnswer::Differs { agreement }
    } else {
        LightAnswer::Unknown
    }
}

/// Which way a colour of the screen moves the colour of a face; of length 1.
fn direction(light: LightColour) -> Option<[f32; 3]> {
    let (more, less) = (0.816_497, -0.408_248);
    match light {
        LightColour::White => None,
        LightColour::Red => Some([more, less, less]),
        LightColour::Green => Some([less, more, less]),
        LightColour::Blue => Some([less, less, more]),
    }
}
