//! From a map of the symbol to its codewords: how many rows and columns, where exactly each stands, what is in it.

use super::frame::{Frame, MOST_COLUMNS, Map, sample};
use super::guards::{Straight, straight};
use super::patterns::{Match, PER_MODULE, Patterns, SAMPLES, seen_in};
use crate::document::image::Luma;

/// Correlation from which a row indicator's reading counts.
const INDICATOR_SCORE: f32 = 0.80;
const INDICATOR_LEAD: f32 = 0.02;
/// Bands of height in which the columns' edges are looked for.
const BANDS: usize = 3;

/// The codewords of a symbol, row by row, each as sure as it was read.
pub(super) struct Words {
    pub all: Vec<Match>,
    pub rows: usize,
    pub columns: usize,
    /// Correction level, 0–8.
    pub level: u32,
}

/// What the row indicators say (ISO/IEC 15438, 5.11).
#[derive(Clone, Copy, Debug)]
struct Shape {
    rows: usize,
    columns: usize,
    level: u32,
}

pub(super) struct Grid<'a> {
    picture: &'a Luma,
    map: Map,
    patterns: &'static Patterns,
    columns: usize,
    /// For each band, how far each column's edge lies from where the map says, in modules.
    shifts: [Vec<f32>; BANDS],
    /// Height in modules.
    height: f32,
}

impl<'a> Grid<'a> {
    pub fn new(picture: &'a Luma, frame: &Frame, columns: usize) -> Self {
        let map = Map::new(frame, columns);
        let height = frame.height;
        let mut guard = vec![0.0; 16 * PER_MODULE];
        for line in 0..32 {
            let v = (line as f32 + 0.5) / 32.0;
            for (index, slot) in guard.iter_mut().enumerate() {
                let (x, y) = map.at((index as f32 + 0.5) / PER_MODULE as f32, v);
                *slot += sample(picture, x, y).unwrap_or(255.0);
            }
        }
        let patterns = seen_in(&guard);
        let mut grid = Self { picture, map, patterns, columns, shifts: Default::default(), height };
        grid.shifts = std::array::from_fn(|band| grid.column_edges(band));
        grid
    }

    pub fn corners(&self) -> [(f32, f32); 4] {
        self.map.corners()
    }

    fn grey(&self, u: f32, v: f32) -> f32 {
        let (x, y) = self.map.at(u, v);
        sample(self.picture, x, y).unwrap_or(255.0)
    }

    /// Every codeword begins with a bar where another ends with a space, in every row: down all rows these edges add
    /// up, and whatever is between them does not.
    fn column_edges(&self, band: usize) -> Vec<f32> {
        const REACH: usize = 6;
        const STEPS: usize = 2 * REACH + 1;
        const STEP: f32 = 0.2;
        let lines = (self.height / BANDS as f32 * 1.5).clamp(8.0, 80.0) as usize;
        let mut shifts = vec![0.0];
        let mut shift = 0.0_f32;
        for column in 1..=self.columns + 3 {
            let edge = column as f32 * 17.0;
            let mut fall = [0.0_f32; STEPS];
            for line in 0..lines {
                let v = (band as f32 + (line as f32 + 0.5) / lines as f32) / BANDS as f32;
                // The samples of one step serve as those of another: both lie on one raster.
                let samples: [f32; STEPS + 6] = std::array::from_fn(|index| {
                    self.grey(edge + shift + (index as f32 - REACH as f32 - 3.0) * STEP, v)
                });
                for (slot, (before, after)) in fall.iter_mut().zip(samples.iter().zip(samples.iter().skip(6))) {
                    *slot += (before - after) / lines as f32;
                }
            }
            let (best, height) =
                fall.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or((REACH, 0.0), |(at, v)| (at, *v));
            let mut found = best as f32;
            if let (Some(before), Some(after)) = (best.checked_sub(1).and_then(|at| fall.get(at)), fall.get(best + 1)) {
                let curve = before - 2.0 * height + after;
                if curve < -1e-3 {
                    found += ((before - after) / curve * 0.5).clamp(-0.5, 0.5);
                }
            }
            let moved = (found - REACH as f32) * STEP;
            // Not every edge shows; a weak one leaves the course as it was.
            if height > 24.0 && moved.abs() < 1.1 {
                shift += moved * 0.8;
            }
            shifts.push(shift);
        }
        shifts
    }

    /// Samples of a cell; `cell` 1 is the left row indicator.
    fn cell(&self, cell: usize, v: f32, spread: f32, slide: f32) -> [f32; SAMPLES] {
        let at = (v * BANDS as f32 - 0.5).clamp(0.0, BANDS as f32 - 1.0);
        let band = (at as usize).min(BANDS - 2);
        let share = at - band as f32;
        let shift = |edge: usize| {
            let of = |band: usize| self.shifts.get(band).and_then(|band| band.get(edge)).copied().unwrap_or_default();
            of(band) * (1.0 - share) + of(band + 1) * share
        };
        let (left, right) = (shift(cell), shift(cell + 1));
        let mut samples = [0.0; SAMPLES];
        let lines: &[f32] = if spread > 0.0 { &[-1.0, 0.0, 1.0] } else { &[0.0] };
        for line in lines {
            for (index, slot) in samples.iter_mut().enumerate() {
                let part = (index as f32 + 0.5) / SAMPLES as f32;
                let u = (cell as f32 + part) * 17.0 + left + (right - left) * part + slide;
                *slot += self.grey(u, v + line * spread);
            }
        }
        samples
    }

    /// Reads the symbol, or says with how many columns it should be tried again.
    pub fn read(&self) -> Result<Words, Option<usize>> {
        let lines = (self.height * 1.2).clamp(12.0, 330.0) as usize;
        let mut seen: [Vec<(f32, Match)>; 2] = Default::default();
        for line in 0..lines {
            let v = (line as f32 + 0.5) / lines as f32;
            for (side, cell) in [1, self.columns + 2].into_iter().enumerate() {
                let found = self.patterns.best_of_all(&self.cell(cell, v, 0.0, 0.0));
                let sure = found.score > INDICATOR_SCORE && found.lead > INDICATOR_LEAD;
                if let Some(seen) = seen.get_mut(side).filter(|_| sure) {
                    seen.push((v, found));
                }
            }
        }
        let shape = shape(&seen).ok_or(None)?;
        if shape.columns != self.columns {
            return Err(Some(shape.columns));
        }
        let rows = shape.rows as f32;
        // The bars' ends say where the rows are; the indicators say it better, where enough were read.
        let course = |seen: &[(f32, Match)]| {
            let near = seen.iter().filter_map(|(v, found)| {
                let row = (found.word / 30 * 3) as f32 + found.cluster as f32 + 0.5;
                ((row - v * rows).abs() < 2.5).then_some((*v, row))
            });
            let near: Vec<_> = near.collect();
            let plain = Straight { at: 0.0, slope: rows };
            if near.len() < 8 {
                return plain;
            }
            let fit = straight(near, 0.7);
            if (fit.on(0.0)).abs() < 1.5 && (fit.on(1.0) - rows).abs() < 1.5 { fit } else { plain }
        };
        let [left, right] = seen.each_ref().map(|seen| course(seen));
        let mut words = Vec::with_capacity(shape.rows * shape.columns);
        for row in 0..shape.rows {
            for column in 0..shape.columns {
                let part = (column as f32 + 1.0) / (shape.columns as f32 + 1.0);
                let place = |line: Straight| (row as f32 + 0.5 - line.at) / line.slope;
                let v = place(left) * (1.0 - part) + place(right) * part;
                words.push(self.word(column + 2, v, 0.22 / rows, row % 3));
            }
        }
        Ok(Words { all: words, rows: shape.rows, columns: shape.columns, level: shape.level })
    }

    /// A codeword; one that is not clear is looked at again a little to each side.
    fn word(&self, cell: usize, v: f32, spread: f32, cluster: usize) -> Match {
        let mut best = self.patterns.best(self.cell(cell, v, spread, 0.0), cluster);
        if best.lead > 0.06 && best.score > 0.9 {
            return best;
        }
        for slide in [-0.3, 0.3] {
            let other = self.patterns.best(self.cell(cell, v, spread, slide), cluster);
            if other.score > best.score + 0.01 {
                best = other;
            }
        }
        best
    }
}

/// The most frequent answers of the indicators. Each third one carries a third of the shape: on the left in the order
/// rows, level, columns by the rows' clusters, on the right columns, rows, level.
fn shape(seen: &[Vec<(f32, Match)>; 2]) -> Option<Shape> {
    let (mut rows, mut levels, mut columns) = ([0_u32; 30], [0_u32; 30], [0_u32; 30]);
    let [left, right] = seen;
    for (side, found) in [(0, left), (1, right)] {
        for (_, found) in found {
            let kind = (found.cluster + 3 - side) % 3;
            let votes = match kind {
                0 => &mut rows,
                1 => &mut levels,
                _ => &mut columns,
            };
            if let Some(slot) = votes.get_mut(found.word as usize % 30) {
                *slot += 1;
            }
        }
    }
    let most = |votes: &[u32; 30]| {
        let (at, count) = votes.iter().enumerate().max_by_key(|(_, count)| **count)?;
        (*count >= 2).then_some(at)
    };
    let (rows, levels, columns) = (most(&rows)?, most(&levels)?, most(&columns)?);
    let shape = Shape { rows: rows * 3 + levels % 3 + 1, columns: columns + 1, level: levels as u32 / 3 };
    let holds = shape.rows * shape.columns;
    (shape.rows >= 3 && shape.rows <= 90 && shape.columns <= MOST_COLUMNS && shape.level <= 8 && holds <= 928)
        .then_some(shape)
}
