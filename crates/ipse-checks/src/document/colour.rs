//! Is the picture in colour? A photograph is, even of a white page: light has a tint, skin and wood and print have
//! colours. A black-and-white copy or scan is not.
//!
//! Colour is what decoding a JPEG costs most of, so only the top of the picture is decoded in colour; the rest is only
//! if that is grey.

use super::image::{Limits, Rgb, decode, decode_top};

/// Rows of the top that are looked at, a multiple of every block's height.
const ROWS: u16 = 192;
/// Share of the pixels that may lie beyond the measured range on either side.
const OUTLIERS: f32 = 0.005;
/// A range of tints below this is grey, in levels of chroma.
pub const GREY: u8 = 3;
/// Largest picture that is decoded in colour as a whole, in pixels. A larger one on a grey table would take longer to
/// decode in colour than everything else together, for a weak sign.
const WHOLE: u64 = 4_000_000;

/// The range of tints in the picture, the greater of blue–yellow and red–green, in levels of chroma (0–255), without its
/// most colourful hundredth. A single tint all over, such as a lamp's on white paper, is no range. Of a picture whose top
/// is not grey, the top's. `None` for what cannot be decoded, or is too large and grey at its top.
#[must_use]
pub fn tints(bytes: &[u8], limits: &Limits) -> Option<u8> {
    let top = decode_top(bytes, limits, ROWS).map(|top| range(&top)).filter(|range| *range >= GREY);
    top.or_else(|| {
        let limits = Limits { pixels: limits.pixels.min(WHOLE), ..*limits };
        decode(bytes, &limits).ok().map(|picture| range(&picture.pixels))
    })
}

fn range(picture: &Rgb) -> u8 {
    // A sample of at most about 60,000 pixels, on a grid that does not fall into step with the picture's width.
    let step = (picture.width * picture.height / 60_000).max(1) | 1;
    let (mut blue, mut red) = ([0_u32; 256], [0_u32; 256]);
    let mut count = 0;
    for pixel in picture.data.chunks_exact(3).step_by(step) {
        let &[r, g, b] = pixel else { continue };
        let (r, g, b) = (f32::from(r), f32::from(g), f32::from(b));
        // ITU-T T.871: the chroma of JFIF.
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        for (histogram, value) in [(&mut blue, (b - luma) * 0.564), (&mut red, (r - luma) * 0.713)] {
            if let Some(slot) = histogram.get_mut((value + 128.5).clamp(0.0, 255.0) as usize) {
                *slot += 1;
            }
        }
        count += 1;
    }
    let most = (count as f32 * OUTLIERS) as u32;
    between(&blue, most).max(between(&red, most))
}

/// Distance between the levels beyond which `most` lie on either side.
fn between(histogram: &[u32; 256], most: u32) -> u8 {
    let beyond = |sum: &mut u32, count: &u32| {
        *sum += count;
        Some(*sum)
    };
    let low = histogram.iter().scan(0, beyond).take_while(|sum| *sum <= most).count();
    let high = histogram.iter().rev().scan(0, beyond).take_while(|sum| *sum <= most).count();
    255_usize.saturating_sub(low + high) as u8
}
