//! Is the picture good enough to be worth examining? Cheap, so that a person hears at once what to do better.
//!
//! Measured on a small grey copy, therefore blind to very fine detail; the reading itself is the last word.

use super::image::Luma;

/// Longest side of the copy.
const SIDE: usize = 640;
/// Below this mean a picture is too dark, in grey levels 0–255.
const DARK: f32 = 55.0;
/// … unless its brightest twentieth is brighter than this: a light page on a dark table.
const DARK_PAGE: u8 = 120;
/// Above this mean it is too bright.
const BRIGHT: f32 = 235.0;
/// A tile of the copy is glare when this much of it is saturated and its neighbourhood is not.
const GLARE_SHARE: f32 = 0.004;
/// Least sharpness, see [`Quality::sharpness`].
const SHARP: f32 = 7.0;
/// Least longest side in pixels of the picture itself.
const SMALL: usize = 500;

/// What a person can do something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QualityHint {
    TooDark,
    TooBright,
    Glare,
    Blurred,
    TooSmall,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Quality {
    /// Mean absolute second difference at the strongest hundredth of places, in grey levels: near 0 for fog, above 20
    /// for crisp print.
    pub sharpness: f32,
    /// Share of the picture inside saturated blobs with soft edges, 0–1. Paper that is evenly white is not glare.
    pub glare: f32,
    /// Mean grey level, 0–255.
    pub brightness: f32,
    /// Longest side of the picture in pixels.
    pub longest_side: usize,
    pub hints: Vec<QualityHint>,
}

/// Measures a picture.
#[must_use]
pub fn assess(picture: &Luma) -> Quality {
    let copy = picture.reduced(SIDE);
    let mut histogram = [0_u32; 256];
    for value in &copy.data {
        if let Some(slot) = histogram.get_mut(usize::from(*value)) {
            *slot += 1;
        }
    }
    let count = copy.data.len().max(1) as f32;
    let brightness = copy.data.iter().map(|v| f32::from(*v)).sum::<f32>() / count;
    let sharpness = sharpness(&copy);
    let glare = glare(&copy);
    let longest_side = picture.width.max(picture.height);
    let mut hints = Vec::new();
    if brightness < DARK && quantile(&histogram, 0.95) < DARK_PAGE {
        hints.push(QualityHint::TooDark);
    }
    if brightness > BRIGHT && quantile(&histogram, 0.03) > 140 {
        hints.push(QualityHint::TooBright);
    }
    if glare > GLARE_SHARE {
        hints.push(QualityHint::Glare);
    }
    if sharpness < SHARP {
        hints.push(QualityHint::Blurred);
    }
    if longest_side < SMALL {
        hints.push(QualityHint::TooSmall);
    }
    Quality { sharpness, glare, brightness, longest_side, hints }
}

/// The grey level below which this share of the picture lies.
fn quantile(histogram: &[u32; 256], share: f32) -> u8 {
    let total: u32 = histogram.iter().sum();
    let mut sum = 0;
    let level = histogram.iter().position(|n| {
        sum += n;
        sum as f32 >= share * total as f32
    });
    level.and_then(|l| u8::try_from(l).ok()).unwrap_or(255)
}

/// The 99th percentile of |left + right + above + below − 4 × here| / 4.
fn sharpness(copy: &Luma) -> f32 {
    if copy.width < 3 || copy.height < 3 {
        return 0.0;
    }
    let rows: Vec<&[u8]> = copy.data.chunks_exact(copy.width).collect();
    let mut histogram = [0_u32; 256];
    for (upper, (middle, lower)) in rows.iter().zip(rows.iter().skip(1).zip(rows.iter().skip(2))) {
        let columns = upper.iter().skip(1).zip(middle.windows(3)).zip(lower.iter().skip(1));
        for ((above, row), below) in columns {
            let &[left, here, right] = row else { continue };
            let sum = i32::from(left) + i32::from(right) + i32::from(*above) + i32::from(*below);
            let bend = (sum - 4 * i32::from(here)).unsigned_abs() / 4;
            if let Some(slot) = histogram.get_mut(bend as usize) {
                *slot += 1;
            }
        }
    }
    f32::from(quantile(&histogram, 0.99))
}

/// Share of 8 × 8 tiles that are saturated through and through and fade out into darker ones within four tiles on some
/// side.
fn glare(copy: &Luma) -> f32 {
    const TILE: usize = 8;
    let (columns, rows) = (copy.width / TILE, copy.height / TILE);
    let mut tiles = vec![0_u32; columns * rows];
    if tiles.is_empty() {
        return 0.0;
    }
    for (y, row) in copy.data.chunks_exact(copy.width).enumerate().take(rows * TILE) {
        for (x, tile) in row.chunks_exact(TILE).enumerate().take(columns) {
            if let Some(slot) = tiles.get_mut(y / TILE * columns + x) {
                *slot += tile.iter().map(|v| u32::from(*v)).sum::<u32>();
            }
        }
    }
    let full = (253 * TILE * TILE) as u32;
    let saturated = tiles.iter().filter(|t| **t >= full).count();
    // A gleam fades; a white sheet ends. Between a saturated tile and the next darker one there is a half-bright tile
    // only if it fades.
    let fading = (0..tiles.len())
        .filter(|at| {
            let level = |x: Option<usize>| x.and_then(|x| tiles.get(x)).copied().unwrap_or(0) / (TILE * TILE) as u32;
            let (near, far) = (level(at.checked_sub(1)), level(at.checked_sub(2)));
            level(Some(*at)) >= 253 && (225..250).contains(&near) && (190..near.saturating_sub(4)).contains(&far)
        })
        .count();
    if fading * fading * 12 < saturated { 0.0 } else { saturated as f32 / tiles.len() as f32 }
}
