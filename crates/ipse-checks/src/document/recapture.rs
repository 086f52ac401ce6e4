//! Is it a photograph of a screen? A screen is a grid of dots; photographed, the grid, or its beat with the camera's
//! own, stands in the picture as one fine, even pattern all over.
//!
//! Documents have fine patterns of their own: print rasters, guilloches, barcodes, microprint; tables have cloths on
//! them. But none is the same all over the picture. So the spectrum is taken of patches spread over the middle of the
//! picture, each is measured against its own neighbourhood, and only what stands out at the same place in most of them
//! counts. The grid of JPEG's blocks does stand everywhere too, at known places, which are left out.

use super::image::Luma;

/// Side of a patch in pixels, a power of two.
const SIDE: usize = 128;
/// Patches a side of the picture: sixteen in all.
const ACROSS: usize = 4;
/// Share of the picture, around its middle, over which they are spread.
const MIDDLE: f32 = 0.76;
/// Lowest frequency that is looked at, in bins (1/128 cycles a pixel): guilloches and rosettes are slower than that on
/// a photograph that is large enough.
const LOWEST: usize = 13;
/// Highest: beyond, there is little but what demosaicing leaves.
const HIGHEST: usize = 62;
/// How far the place of a peak may move from patch to patch, in bins: a screen that is not quite parallel.
const DRIFT: usize = 2;
/// Half the sides of the box whose mean a bin is measured against, and of the hole in its middle.
const AROUND: usize = 7;
const HOLE: usize = 2;
/// Of the sixteen patches, how many may be without the pattern: blank, out of focus, or beyond the screen's edge.
const WITHOUT: usize = 5;
/// Power of a noise of half a grey level under the window: what quantisation leaves, and no pattern is measured below.
const FLOOR: f32 = 0.25 * (SIDE * SIDE) as f32 * 0.14;

/// Places in the half spectrum: `v` (down) from −64 to 63 in rows, `u` (along) from 0 to 64 in columns.
const COLUMNS: usize = SIDE / 2 + 1;
const BINS: usize = SIDE * COLUMNS;

/// How far the strongest even pattern stands out, as the natural logarithm of its power over that of its neighbourhood
/// in the sixth-worst of sixteen patches. `None` for a picture that is too small to tell.
#[must_use]
pub fn evenness(picture: &Luma) -> Option<f32> {
    let corners = corners(picture)?;
    let turns = Turns::new();
    let mut found: Vec<[f32; ACROSS * ACROSS]> = vec![[0.0; ACROSS * ACROSS]; BINS];
    for (index, pair) in corners.chunks(2).enumerate() {
        let [first, second] = pair else { continue };
        for (half, power) in turns.powers(picture, *first, *second).into_iter().enumerate() {
            let contrast = spread(&contrast(&power));
            for (slots, value) in found.iter_mut().zip(contrast) {
                if let Some(slot) = slots.get_mut(index * 2 + half) {
                    *slot = value;
                }
            }
        }
    }
    let mut best = 0.0_f32;
    for (bin, slots) in found.iter_mut().enumerate() {
        if !counts(bin) || slots.iter().filter(|value| **value > best).count() < slots.len() - WITHOUT {
            continue;
        }
        slots.sort_unstable_by(f32::total_cmp);
        best = best.max(slots.get(WITHOUT).copied().unwrap_or(0.0));
    }
    Some(best)
}

/// Top left corners of the patches.
fn corners(picture: &Luma) -> Option<Vec<(usize, usize)>> {
    let starts = |length: usize| -> Option<Vec<usize>> {
        let room = (length as f32 * MIDDLE) as usize;
        let first = (length - room) / 2;
        let step = room.checked_sub(SIDE)? / (ACROSS - 1);
        // Patches that are mostly the same pixels would agree with one another on anything.
        (step >= SIDE / 2).then(|| (0..ACROSS).map(|index| first + index * step).collect())
    };
    let (xs, ys) = (starts(picture.width)?, starts(picture.height)?);
    Some(ys.iter().flat_map(|y| xs.iter().map(|x| (*x, *y))).collect())
}

/// Signed row and column of a bin.
fn place(bin: usize) -> (isize, isize) {
    let (row, column) = ((bin / COLUMNS) as isize, (bin % COLUMNS) as isize);
    (row - (SIDE / 2) as isize, column)
}

/// Whether a bin is fine enough to be looked at.
fn counts(bin: usize) -> bool {
    let (v, u) = place(bin);
    ((u * u + v * v) as f32).sqrt() >= LOWEST as f32 && u.max(v.abs()) <= HIGHEST as isize
}

/// Whether the grid of 8 × 8 blocks would show here: both frequencies are multiples of an eighth, or next to one.
fn of_blocks(bin: usize) -> bool {
    let (v, u) = place(bin);
    let block = (SIDE / 8) as isize;
    let near = |frequency: isize| (frequency + 1).rem_euclid(block) <= 2;
    near(u) && near(v)
}

/// Logarithm of each bin's power, less the mean of those around it. The rows wrap; the columns end.
fn contrast(power: &[f32]) -> Vec<f32> {
    let logs: Vec<f32> = power.iter().map(|value| (value + FLOOR).ln()).collect();
    let wide = boxed(&logs, AROUND);
    let hole = boxed(&logs, HOLE);
    let around = wide.iter().zip(&hole).map(|((sum, count), (inner, fewer))| (sum - inner) / (count - fewer).max(1.0));
    let contrast = logs.iter().zip(around).map(|(here, around)| here - around);
    contrast.enumerate().map(|(bin, value)| if of_blocks(bin) { 0.0 } else { value }).collect()
}

/// Sum and number of the bins in a box around each.
fn boxed(values: &[f32], half: usize) -> Vec<(f32, f32)> {
    let mut rows = Vec::with_capacity(BINS);
    for row in values.chunks_exact(COLUMNS) {
        for column in 0..COLUMNS {
            let part = row.get(column.saturating_sub(half)..(column + half + 1).min(COLUMNS)).unwrap_or_default();
            rows.push((part.iter().sum::<f32>(), part.len() as f32));
        }
    }
    let mut out = vec![(0.0, 0.0); BINS];
    for (row, target) in out.chunks_exact_mut(COLUMNS).enumerate() {
        for away in 0..=2 * half {
            let from = (row + SIDE + away - half) % SIDE * COLUMNS;
            for (slot, value) in target.iter_mut().zip(rows.get(from..from + COLUMNS).unwrap_or_default()) {
                slot.0 += value.0;
                slot.1 += value.1;
            }
        }
    }
    out
}

/// The greatest value within the drift of each bin.
fn spread(values: &[f32]) -> Vec<f32> {
    let mut rows = Vec::with_capacity(BINS);
    for row in values.chunks_exact(COLUMNS) {
        for column in 0..COLUMNS {
            let part = row.get(column.saturating_sub(DRIFT)..(column + DRIFT + 1).min(COLUMNS)).unwrap_or_default();
            rows.push(part.iter().copied().fold(f32::MIN, f32::max));
        }
    }
    let mut out = vec![f32::MIN; BINS];
    for (row, target) in out.chunks_exact_mut(COLUMNS).enumerate() {
        for away in 0..=2 * DRIFT {
            let from = (row + SIDE + away - DRIFT) % SIDE * COLUMNS;
            for (slot, value) in target.iter_mut().zip(rows.get(from..from + COLUMNS).unwrap_or_default()) {
                *slot = slot.max(*value);
            }
        }
    }
    out
}

/// The fast Fourier transform of a line of 128 (Cooley and Tukey, in place), with what it needs to know beforehand.
struct Turns {
    /// e^(−2πik/128).
    circle: Vec<(f32, f32)>,
    window: Vec<f32>,
    /// Each index with its bits in reverse.
    reversed: Vec<usize>,
}

impl Turns {
    fn new() -> Self {
        let turn = |k: usize| -(k as f32) / SIDE as f32 * std::f32::consts::TAU;
        Self {
            circle: (0..SIDE / 2).map(|k| (turn(k).cos(), turn(k).sin())).collect(),
            window: (0..SIDE).map(|k| 0.5 - 0.5 * (turn(k) - std::f32::consts::PI / SIDE as f32).cos()).collect(),
            reversed: (0..SIDE).map(|k| k.reverse_bits() >> (usize::BITS - SIDE.trailing_zeros())).collect(),
        }
    }

    /// Half power spectra of two patches, which are transformed together as the two parts of a complex one.
    fn powers(&self, picture: &Luma, first: (usize, usize), second: (usize, usize)) -> [Vec<f32>; 2] {
        let (mine, other) = (self.patch(picture, first), self.patch(picture, second));
        let mut field: Vec<(f32, f32)> = mine.into_iter().zip(other).collect();
        for row in field.chunks_exact_mut(SIDE) {
            self.transform(row);
        }
        let mut turned = vec![(0.0, 0.0); SIDE * SIDE];
        transpose(&field, &mut turned);
        for row in turned.chunks_exact_mut(SIDE) {
            self.transform(row);
        }
        // Rows of `turned` are columns of the spectrum. F(k) and F(−k)* give the two parts.
        let at = |down: usize, along: usize| turned.get(along % SIDE * SIDE + down % SIDE).copied().unwrap_or_default();
        let mut out = [Vec::with_capacity(BINS), Vec::with_capacity(BINS)];
        let [mine, other] = &mut out;
        for row in 0..SIDE {
            let down = (row + SIDE / 2) % SIDE;
            for along in 0..COLUMNS {
                let (here, there) = (at(down, along), at(SIDE - down, SIDE - along));
                mine.push(((here.0 + there.0).powi(2) + (here.1 - there.1).powi(2)) / 4.0);
                other.push(((here.0 - there.0).powi(2) + (here.1 + there.1).powi(2)) / 4.0);
            }
        }
        out
    }

    /// Grey levels less their mean, faded out towards the edges.
    fn patch(&self, picture: &Luma, (left, top): (usize, usize)) -> Vec<f32> {
        let mut values = Vec::with_capacity(SIDE * SIDE);
        for y in top..top + SIDE {
            let start = y * picture.width + left;
            let row = picture.data.get(start..start + SIDE).unwrap_or_default();
            values.extend(row.iter().map(|value| f32::from(*value)));
        }
        values.resize(SIDE * SIDE, 0.0);
        let mean = values.iter().sum::<f32>() / (SIDE * SIDE) as f32;
        for (row, down) in values.chunks_exact_mut(SIDE).zip(&self.window) {
            for (value, along) in row.iter_mut().zip(&self.window) {
                *value = (*value - mean) * along * down;
            }
        }
        values
    }

    fn transform(&self, line: &mut [(f32, f32)]) {
        for (index, other) in self.reversed.iter().enumerate() {
            if index < *other {
                line.swap(index, *other);
            }
        }
        let mut half = 1;
        while half < SIDE {
            let stride = SIDE / 2 / half;
            for block in line.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((a, b), (cos, sin)) in low.iter_mut().zip(high).zip(self.circle.iter().step_by(stride)) {
                    let turned = (b.0 * cos - b.1 * sin, b.0 * sin + b.1 * cos);
                    *b = (a.0 - turned.0, a.1 - turned.1);
                    *a = (a.0 + turned.0, a.1 + turned.1);
                }
            }
            half *= 2;
        }
    }
}

fn transpose(from: &[(f32, f32)], to: &mut [(f32, f32)]) {
    for (column, target) in to.chunks_exact_mut(SIDE).enumerate() {
        for (slot, value) in target.iter_mut().zip(from.iter().skip(column).step_by(SIDE)) {
            *slot = *value;
        }
    }
}
