//! Finds the zone: lines of evenly spaced, equally tall marks, in any direction.
//!
//! Works on a small copy of the picture. What comes out are candidates, best first, in the coordinates of the picture
//! itself; whether one is a machine readable line is for the recogniser to say.

use super::bands::Bands;
use super::components::{Mark, Threshold, ink, marks};
use crate::document::image::Luma;

/// One line of text in the picture: a direction, a gently curved centre line, and cells along it.
///
/// `u` runs along the direction (`cos`, `sin`), `v` across it (clockwise by a quarter turn in picture coordinates, thus
/// "down").
#[derive(Clone, Copy, Debug)]
pub struct Track {
    pub cos: f32,
    pub sin: f32,
    /// `u` as a polynomial of the cell number: start, pitch, change of pitch.
    pub along: [f32; 3],
    /// `v` of the text's middle as a polynomial of `u - pivot`.
    pub across: [f32; 3],
    pub pivot: f32,
    /// Cells that the marks cover.
    pub cells: f32,
    /// Typical height of a mark in pixels.
    pub height: f32,
    /// Height of a cell against its width, as it is cut; 1 unless one wants to look twice.
    pub stretch: f32,
}

impl Track {
    pub fn pitch(&self) -> f32 {
        self.along[1]
    }

    pub fn u(&self, cell: f32) -> f32 {
        let [a, b, c] = self.along;
        a + cell * (b + cell * c)
    }

    pub fn v(&self, u: f32) -> f32 {
        let away = u - self.pivot;
        let [middle, slope, bend] = self.across;
        middle + away * (slope + away * bend)
    }

    /// The place `down` pixels below the middle of the text at `u`.
    pub fn place(&self, u: f32, down: f32) -> (f32, f32) {
        let v = self.v(u) + down;
        (u * self.cos - v * self.sin, u * self.sin + v * self.cos)
    }

    /// The same line read from its other end, upside down.
    pub fn reversed(&self) -> Self {
        let end = self.u(self.cells);
        let pitch = self.along[1] + 2.0 * self.along[2] * self.cells;
        let [a, b, c] = self.across;
        Self {
            cos: -self.cos,
            sin: -self.sin,
            along: [-end, pitch, -self.along[2]],
            across: [-a, b, -c],
            pivot: -self.pivot,
            ..*self
        }
    }

    /// The parallel line `down` pixels below.
    pub fn shifted(&self, down: f32) -> Self {
        let [a, b, c] = self.across;
        Self { across: [a + down, b, c], ..*self }
    }

    /// The same line with cells of another size; the middle stays.
    pub fn with_pitch(&self, pitch: f32) -> Self {
        let (start, end) = (self.u(0.0), self.u(self.cells));
        Self { along: [start, pitch, 0.0], cells: (end - start) / pitch, ..*self }
    }

    /// The same line in a picture `factor` times as large.
    pub fn scaled(&self, factor: f32) -> Self {
        let [a, b, c] = self.across;
        Self {
            along: self.along.map(|x| x * factor),
            across: [a * factor, b, c / factor],
            pivot: self.pivot * factor,
            height: self.height * factor,
            ..*self
        }
    }
}

/// One way of looking: how large the copy is and what counts as ink.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Longest side of the copy in pixels.
    pub side: usize,
    pub levels: f32,
    pub deviations: f32,
    /// Half the side of the window for the paper's brightness, in pixels of the copy.
    pub reach: usize,
    /// Columns of strips that the network may be given to see which lines are of a zone …
    pub probing: usize,
    /// … and to read those, besides what is left of earlier looks.
    pub reading: usize,
}

/// A mark seen along one direction.
#[derive(Clone, Copy)]
struct Seen {
    u: f32,
    v: f32,
    half_u: f32,
    half_v: f32,
}

/// Fewest marks in a line worth looking at.
const FEWEST: usize = 8;
/// A page has some two thousand marks, one seen very keenly five thousand; with more than this it is a pattern or noise.
const MOST: usize = 12_000;
/// A line of the zone is at least this many times longer than tall; 30 cells would be near 28.
const SLIMNESS: f32 = 13.0;

/// Candidate lines, longest in characters first; `factor` is how many pixels of the original one pixel of `picture`
/// stands for.
pub fn lines(picture: &Luma, factor: f32, look: Look) -> Vec<Track> {
    let longest = picture.width.max(picture.height).max(1);
    let copy =
        picture.resized((picture.width * look.side / longest).max(1), (picture.height * look.side / longest).max(1));
    let factor = factor * longest as f32 / look.side as f32;
    let dark = ink(&copy, Threshold { reach: look.reach, levels: look.levels, deviations: look.deviations });
    let tallest = look.side / 14;
    let all: Vec<Mark> = marks(&dark, copy.width)
        .into_iter()
        .filter(|m| m.area >= 6 && m.width().max(m.height()) >= 4 && m.width().min(m.height()) <= tallest)
        .collect();
    if all.len() > MOST {
        return Vec::new();
    }
    let mut found: Vec<Track> = Vec::new();
    for direction in directions(&all) {
        found.extend(chains(&all, direction));
    }
    found.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    found.into_iter().map(|track| track.scaled(factor)).collect()
}

/// Lines near a standard length come first.
fn worth(track: &Track) -> f32 {
    track.cells.min(46.0)
}

/// The up to three most frequent directions between neighbouring marks, as angles in `-π/4..3π/4`.
fn directions(all: &[Mark]) -> Vec<f32> {
    const BINS: usize = 90;
    let bin_width = std::f32::consts::PI / BINS as f32;
    let mut votes = [0.0_f32; BINS];
    let mut sorted: Vec<&Mark> = all.iter().filter(|m| m.width().max(m.height()) >= 6).collect();
    sorted.sort_by_key(|m| m.left);
    let size = |mark: &Mark| mark.width().max(mark.height()) as f32;
    let bands = Bands::new(sorted.iter().map(|mark| (size(mark), mark.centre().1)));
    for (i, a) in sorted.iter().enumerate() {
        let (ax, ay) = a.centre();
        let (wide, end) = (size(a), a.right as f32);
        bands.after(i, (wide, 1.8), (ay, 2.2 * wide), |j| {
            let Some(b) = sorted.get(j).filter(|b| b.left as f32 <= end + 2.5 * wide) else { return false };
            let (other, (bx, by)) = (size(b), b.centre());
            let distance = (bx - ax).hypot(by - ay);
            if other <= 1.8 * wide && wide <= 1.8 * other && distance >= 0.6 * wide && distance <= 2.2 * wide {
                let angle = (by - ay).atan2(bx - ax) + std::f32::consts::FRAC_PI_4;
                let bin = (angle.rem_euclid(std::f32::consts::PI) / bin_width) as usize;
                if let Some(slot) = votes.get_mut(bin.min(BINS - 1)) {
                    *slot += wide / distance;
                }
            }
            true
        });
    }
    let near = |bin: usize, step: usize| votes.get((bin + step) % BINS).copied().unwrap_or(0.0);
    let smooth: Vec<f32> = (0..BINS)
        .map(|b| near(b, BINS - 2) + 2.0 * near(b, BINS - 1) + 3.0 * near(b, 0) + 2.0 * near(b, 1) + near(b, 2))
        .collect();
    let mut order: Vec<usize> = (0..BINS).collect();
    order.sort_by(|a, b| smooth.get(*b).unwrap_or(&0.0).total_cmp(smooth.get(*a).unwrap_or(&0.0)));
    let mut chosen: Vec<usize> = Vec::new();
    for bin in order {
        let apart = |other: &usize| (bin + BINS - other) % BINS >= 8 && (other + BINS - bin) % BINS >= 8;
        if chosen.len() < 3 && chosen.iter().all(apart) {
            chosen.push(bin);
        }
    }
    chosen.into_iter().map(|bin| (bin as f32 + 0.5) * bin_width - std::f32::consts::FRAC_PI_4).collect()
}

/// Chains of marks that follow each other along a direction.
fn chains(all: &[Mark], direction: f32) -> Vec<Track> {
    let (sin, cos) = direction.sin_cos();
    let mut seen: Vec<Seen> = all
        .iter()
        .map(|mark| {
            let (x, y) = mark.centre();
            let (half_w, half_h) = (mark.width() as f32 / 2.0, mark.height() as f32 / 2.0);
            Seen {
                u: x * cos + y * sin,
                v: y * cos - x * sin,
                half_u: half_w * cos.abs() + half_h * sin.abs(),
                half_v: half_h * cos.abs() + half_w * sin.abs(),
            }
        })
        .filter(|s| s.half_v >= 2.0)
        .collect();
    seen.sort_by(|a, b| (a.u - a.half_u).total_cmp(&(b.u - b.half_u)));
    // Each mark takes the nearest follower on its level; a follower belongs to the nearest that wants it.
    let mut before: Vec<Option<usize>> = vec![None; seen.len()];
    let mut after: Vec<Option<usize>> = vec![None; seen.len()];
    let bands = Bands::new(seen.iter().map(|s| (s.half_v, s.v)));
    for (i, a) in seen.iter().enumerate() {
        let end = a.u + a.half_u;
        let mut best: Option<(f32, usize)> = None;
        bands.after(i, (a.half_v, 2.2), (a.v, 0.75 * 2.2 * a.half_v), |j| {
            let Some(b) = seen.get(j) else { return false };
            let gap = b.u - b.half_u - end;
            let size = a.half_v.max(b.half_v);
            if gap > 3.6 * a.half_v.min(4.0 * b.half_v) {
                return gap <= 8.0 * a.half_v;
            }
            let level = (b.v - a.v).abs();
            if b.u <= a.u || level > 0.75 * size || a.half_v > 2.2 * b.half_v || b.half_v > 2.2 * a.half_v {
                return true;
            }
            let cost = gap.max(-0.5 * size) + 2.0 * level;
            if best.is_none_or(|(c, k)| (cost, j) < (c, k)) {
                best = Some((cost, j));
            }
            true
        });
        if let Some((_, j)) = best
            && let Some(slot) = before.get_mut(j)
            && slot.is_none()
        {
            *slot = Some(i);
            if let Some(next) = after.get_mut(i) {
                *next = Some(j);
            }
        }
    }
    let mut found = Vec::new();
    for (first, link) in before.iter().enumerate() {
        if link.is_some() {
            continue;
        }
        let mut members = Vec::new();
        let mut at = Some(first);
        while let Some(i) = at {
            members.extend(seen.get(i).copied());
            at = after.get(i).copied().flatten();
        }
        found.extend(track(&members, cos, sin));
    }
    found
}

fn median(values: &mut [f32]) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// A line through a chain's members, if it is long and straight enough.
fn track(members: &[Seen], cos: f32, sin: f32) -> Option<Track> {
    if members.len() < FEWEST {
        return None;
    }
    let start = members.iter().map(|m| m.u - m.half_u).fold(f32::MAX, f32::min);
    let end = members.iter().map(|m| m.u + m.half_u).fold(f32::MIN, f32::max);
    let height = 2.0 * median(&mut members.iter().map(|m| m.half_v).collect::<Vec<_>>());
    if end - start < SLIMNESS * height {
        return None;
    }
    let mut steps: Vec<f32> =
        members.iter().zip(members.iter().skip(1)).map(|(a, b)| b.u - a.u).filter(|s| *s > 0.45 * height).collect();
    let pitch = median(&mut steps).clamp(0.7 * height, 1.7 * height);
    let pivot = f32::midpoint(start, end);
    let across = centre_line(members, pivot, height, end - start);
    Some(Track {
        cos,
        sin,
        along: [start, pitch, 0.0],
        across,
        pivot,
        cells: (end - start) / pitch,
        height,
        stretch: 1.0,
    })
}

/// Middle of the text as a polynomial of `u - pivot`: least squares, then again without the marks that lie far off.
fn centre_line(members: &[Seen], pivot: f32, height: f32, length: f32) -> [f32; 3] {
    let mut curve = [median(&mut members.iter().map(|m| m.v).collect::<Vec<_>>()), 0.0, 0.0];
    let mut tolerance = f32::MAX;
    for _ in 0..3 {
        let points = members.iter().filter_map(|m| {
            let d = (m.u - pivot) / length;
            let [a, b, c] = curve;
            ((m.v - a - d * (b + d * c)).abs() < tolerance).then_some((d, m.v, m.half_u.min(height)))
        });
        if let Some(fit) = super::fit::quadratic(points) {
            curve = fit;
        }
        tolerance = 0.22 * height;
    }
    let [a, b, c] = curve;
    [a, b / length, c / (length * length)]
}
