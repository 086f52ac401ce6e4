//! The strip: one text line of the zone, cut out, straightened and brought to a standard size.
//!
//! The finder cuts strips, the recogniser reads them, and the trainer (`xtask gen mrz-model`) draws them; the three
//! must agree on the geometry and on the contrast normalisation, so both are defined here and nowhere else.

/// Height of a strip in pixels; the text is centred in it.
pub const HEIGHT: usize = 24;
/// Width of one character cell in pixels: the fixed pitch of OCR-B, 2.54 mm on paper.
pub const PITCH: usize = 16;
/// Pixels between two neighbouring outputs of the network.
pub const STEP: usize = 4;
/// The characters of the zone, in the order of the network's outputs; one more output follows for "no character centred
/// here".
pub const ALPHABET: &[u8; 37] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
/// Outputs of the network for each position.
pub const CLASSES: usize = ALPHABET.len() + 1;

/// Columns on each side that share one contrast estimate: a character and a half.
const REACH: usize = 24;
/// Keeps sensor noise on blank paper from being stretched into ink; in grey levels.
const NOISE_FLOOR: f32 = 3.0;

/// Turns grey levels (0–255, row by row, `HEIGHT` rows) into contrast: ink is positive, paper near zero or negative,
/// whatever the light.
///
/// Mean and deviation are taken over a window that slides along the line, so a shadow or a gleam that changes slowly
/// disappears.
pub fn normalise(pixels: &mut [f32]) {
    let width = pixels.len() / HEIGHT;
    if width == 0 {
        return;
    }
    let mut columns = vec![(0.0_f32, 0.0_f32); width];
    for row in pixels.chunks_exact(width) {
        for ((sum, squares), value) in columns.iter_mut().zip(row) {
            *sum += value;
            *squares += value * value;
        }
    }
    let statistics: Vec<(f32, f32)> = (0..width)
        .map(|x| {
            let window = columns.get(x.saturating_sub(REACH)..(x + REACH + 1).min(width)).unwrap_or_default();
            let count = (window.len() * HEIGHT) as f32;
            let (sum, squares) = window.iter().fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
            let mean = sum / count;
            let variance = (squares / count - mean * mean).max(0.0);
            (mean, 1.0 / (variance.sqrt() + NOISE_FLOOR))
        })
        .collect();
    for row in pixels.chunks_exact_mut(width) {
        for (value, (mean, gain)) in row.iter_mut().zip(&statistics) {
            *value = (mean - *value) * gain;
        }
    }
}
