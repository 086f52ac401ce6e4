//! Cuts strips out of the picture and divides what the network said into cells.
//!
//! The pitch of OCR-B is fixed, so a line is not segmented by its gaps: the best-scoring row of evenly spaced positions
//! is the line.

#![allow(
    clippy::indexing_slicing,
    reason = "dynamic programming over tables sized a few lines above; pixel access is clamped"
)]

use super::{
    find::Track,
    recognise::Column,
    strip::{CLASSES, HEIGHT, PITCH, STEP, normalise},
};
use crate::document::image::Luma;

/// Cells cut beyond each end of a track.
pub const MARGIN: f32 = 2.5;
/// A single position neither proves nor disproves more than this (natural logarithm).
const CLIP: f32 = 6.0;
/// Price of a step one position shorter or longer than the pitch.
const UNEVEN: f32 = 0.9;

/// Cuts cells `from..to` of a track, straightened and normalised; `None` when the strip would be absurdly long or
/// short.
pub fn cut(picture: &Luma, track: &Track, from: f32, to: f32) -> Option<Vec<f32>> {
    let cells = to - from;
    let longest = picture.width + picture.height;
    if !(2.0..=80.0).contains(&cells) || !(2.0..=longest as f32).contains(&track.pitch()) {
        return None;
    }
    let width = ((cells * PITCH as f32) as usize).div_ceil(STEP) * STEP;
    let scale = track.pitch() / PITCH as f32;
    let taps = (scale.ceil() as usize).clamp(1, 8);
    let mut pixels = vec![0.0_f32; width * HEIGHT];
    for x in 0..width {
        let cell = from + (x as f32 + 0.5) / PITCH as f32;
        let u = track.u(cell);
        let local = (track.u(cell + 0.5) - track.u(cell - 0.5)) / PITCH as f32;
        for y in 0..HEIGHT {
            let mut sum = 0.0;
            for j in 0..taps {
                let down = (y as f32 + (j as f32 + 0.5) / taps as f32 - HEIGHT as f32 / 2.0) * local * track.stretch;
                for i in 0..taps {
                    let along = u + ((i as f32 + 0.5) / taps as f32 - 0.5) * local;
                    let (px, py) = track.place(along, down);
                    sum += sample(picture, px - 0.5, py - 0.5);
                }
            }
            pixels[y * width + x] = sum / (taps * taps) as f32;
        }
    }
    normalise(&mut pixels);
    Some(pixels)
}

/// Bilinear; the edge goes on for ever.
fn sample(picture: &Luma, x: f32, y: f32) -> f32 {
    let x = x.clamp(0.0, (picture.width.max(2) - 2) as f32);
    let y = y.clamp(0.0, (picture.height.max(2) - 2) as f32);
    let (column, row) = (x as usize, y as usize);
    let (fx, fy) = (x - column as f32, y - row as f32);
    let at = row * picture.width + column;
    let pair = |at: usize| match picture.data.get(at..at + 2) {
        Some([a, b]) => f32::from(*a) + (f32::from(*b) - f32::from(*a)) * fx,
        _ => 128.0,
    };
    let (upper, lower) = (pair(at), pair(at + picture.width));
    upper + (lower - upper) * fy
}

/// Evenly spaced positions, and how far they are from background.
#[derive(Clone, Debug)]
pub struct Cells {
    /// Sum over the cells of log(best character / "none here").
    pub score: f32,
    pub positions: Vec<usize>,
}

/// How much each position looks like the middle of some character.
fn gains(columns: &[Column]) -> Vec<f32> {
    columns
        .iter()
        .map(|column| {
            let best = column[..CLASSES - 1].iter().copied().fold(f32::MIN, f32::max);
            (best - column[CLASSES - 1]).clamp(-CLIP, CLIP)
        })
        .collect()
}

/// The best row of cells for each of the wanted lengths (30, 36, 44 …); `None` where the strip is too short.
pub fn divide(columns: &[Column], lengths: &[usize]) -> Vec<Option<Cells>> {
    const SPACING: usize = PITCH / STEP;
    let gains = gains(columns);
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let width = gains.len();
    let mut best = vec![f32::MIN; longest * width];
    let mut came_from = vec![0_u8; longest * width];
    for (slot, gain) in best.iter_mut().zip(&gains) {
        *slot = *gain;
    }
    for cell in 1..longest {
        let (done, open) = best.split_at_mut(cell * width);
        let previous = &done[(cell - 1) * width..];
        for position in SPACING - 1..width {
            let mut top = (f32::MIN, 0);
            for (step, price) in [(SPACING, 0.0), (SPACING - 1, UNEVEN), (SPACING + 1, UNEVEN)] {
                if let Some(from) = position.checked_sub(step)
                    && previous[from] > f32::MIN
                    && previous[from] - price > top.0
                {
                    top = (previous[from] - price, step);
                }
            }
            if top.1 > 0 {
                open[position] = top.0 + gains[position];
                came_from[cell * width + position] = top.1 as u8;
            }
        }
    }
    lengths
        .iter()
        .map(|&length| {
            let row = best.get(length.checked_sub(1)? * width..length * width)?;
            let (mut position, score) =
                row.iter().copied().enumerate().filter(|(_, s)| *s > f32::MIN).max_by(|a, b| a.1.total_cmp(&b.1))?;
            let mut positions = vec![position];
            for cell in (1..length).rev() {
                position -= usize::from(came_from[cell * width + position]);
                positions.push(position);
            }
            positions.reverse();
            Some(Cells { score, positions })
        })
        .collect()
}

/// Straightens a track by the cells found on it: afterwards cell 0 is the first character and the pitch is even.
pub fn refit(track: &Track, from: f32, cells: &Cells) -> Option<Track> {
    let count = cells.positions.len() as f32;
    let points = cells.positions.iter().enumerate().map(|(index, position)| {
        let cell = from + (*position as f32 + 0.5) * STEP as f32 / PITCH as f32;
        ((index as f32 + 0.5) / count, track.u(cell), 1.0)
    });
    let [a, b, c] = super::fit::quadratic(points)?;
    Some(Track { along: [a, b / count, c / (count * count)], cells: count, ..*track })
}
