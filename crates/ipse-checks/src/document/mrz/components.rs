//! Dark marks: which pixels are ink, and which of them hang together.
//!
//! First step of finding the zone; knows nothing of text.

#![allow(clippy::indexing_slicing, reason = "hot pixel loops over rows cut to equal lengths by chunks_exact")]

use crate::document::image::Luma;

/// A connected mark's bounding box; `right` and `bottom` are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub left: usize,
    pub right: usize,
    pub top: usize,
    pub bottom: usize,
    pub area: usize,
}

impl Mark {
    pub fn width(&self) -> usize {
        self.right - self.left + 1
    }

    pub fn height(&self) -> usize {
        self.bottom - self.top + 1
    }

    pub fn centre(&self) -> (f32, f32) {
        ((self.left + self.right) as f32 / 2.0 + 0.5, (self.top + self.bottom) as f32 / 2.0 + 0.5)
    }
}

/// How dark is ink.
#[derive(Clone, Copy, Debug)]
pub struct Threshold {
    /// Half the side of the square whose mean is the paper, in pixels.
    pub reach: usize,
    /// Least distance below that mean, in grey levels …
    pub levels: f32,
    /// … and in local deviations.
    pub deviations: f32,
}

/// Ink is clearly darker than its surroundings.
pub fn ink(picture: &Luma, threshold: Threshold) -> Vec<bool> {
    let (width, height) = (picture.width, picture.height);
    let reach = threshold.reach.min(width.saturating_sub(1) / 2).min(height.saturating_sub(1) / 2);
    if width == 0 || height == 0 {
        return Vec::new();
    }
    let row = |y: usize| &picture.data[y * width..(y + 1) * width];
    // Sums of each column over the rows in reach, kept up to date while going down.
    let mut sums = vec![(0_u32, 0_u32); width];
    let change = |sums: &mut [(u32, u32)], values: &[u8], add: bool| {
        for ((sum, squares), value) in sums.iter_mut().zip(values) {
            let value = u32::from(*value);
            if add {
                *sum += value;
                *squares += value * value;
            } else {
                *sum -= value;
                *squares -= value * value;
            }
        }
    };
    for y in 0..reach.min(height) {
        change(&mut sums, row(y), true);
    }
    let mut out = vec![false; width * height];
    let mut prefix = vec![(0_u64, 0_u64); width + 1];
    for y in 0..height {
        if y + reach < height {
            change(&mut sums, row(y + reach), true);
        }
        if y > reach {
            change(&mut sums, row(y - reach - 1), false);
        }
        let rows = (y + reach + 1).min(height) - y.saturating_sub(reach);
        let mut running = (0_u64, 0_u64);
        for (slot, (sum, squares)) in prefix[1..].iter_mut().zip(&sums) {
            running = (running.0 + u64::from(*sum), running.1 + u64::from(*squares));
            *slot = running;
        }
        for (x, (mark, value)) in out[y * width..(y + 1) * width].iter_mut().zip(row(y)).enumerate() {
            let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(width));
            let count = (rows * (to - from)) as f32;
            let mean = (prefix[to].0 - prefix[from].0) as f32 / count;
            let below = mean - f32::from(*value);
            if below > threshold.levels {
                let variance = (prefix[to].1 - prefix[from].1) as f32 / count - mean * mean;
                *mark = below * below > threshold.deviations * threshold.deviations * variance;
            }
        }
    }
    out
}

struct Run {
    from: usize,
    to: usize,
    label: usize,
}

fn root(parents: &mut [usize], mut label: usize) -> usize {
    while parents[label] != label {
        parents[label] = parents[parents[label]];
        label = parents[label];
    }
    label
}

/// Eight-connected marks, found by joining the runs of neighbouring rows.
pub fn marks(ink: &[bool], width: usize) -> Vec<Mark> {
    let mut parents: Vec<usize> = Vec::new();
    let mut boxes: Vec<Mark> = Vec::new();
    let mut above: Vec<Run> = Vec::new();
    if width == 0 {
        return Vec::new();
    }
    for (y, row) in ink.chunks_exact(width).enumerate() {
        let mut here: Vec<Run> = Vec::new();
        let mut candidate = 0;
        let mut x = 0;
        while let Some(skip) = row[x..].iter().position(|v| *v) {
            let from = x + skip;
            let to = from + row[from..].iter().position(|v| !*v).unwrap_or(width - from);
            let label = parents.len();
            parents.push(label);
            boxes.push(Mark { left: from, right: to - 1, top: y, bottom: y, area: to - from });
            while above.get(candidate).is_some_and(|run| run.to < from) {
                candidate += 1;
            }
            let mut touching = candidate;
            while let Some(run) = above.get(touching).filter(|run| run.from <= to) {
                let (a, b) = (root(&mut parents, run.label), root(&mut parents, label));
                if a != b {
                    let (keep, drop) = (a.min(b), a.max(b));
                    parents[drop] = keep;
                    let other = boxes[drop];
                    let mine = &mut boxes[keep];
                    mine.left = mine.left.min(other.left);
                    mine.right = mine.right.max(other.right);
                    mine.top = mine.top.min(other.top);
                    mine.bottom = mine.bottom.max(other.bottom);
                    mine.area += other.area;
                }
                touching += 1;
            }
            here.push(Run { from, to, label });
            x = to;
        }
        above = here;
    }
    boxes.iter().enumerate().filter(|(label, _)| parents[*label] == *label).map(|(_, mark)| *mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_runs_are_one_mark() {
        let art = ["#.#....", "#.#.##.", "###..#.", "......#"];
        let ink: Vec<bool> = art.iter().flat_map(|row| row.bytes().map(|b| b == b'#')).collect();
        let found = marks(&ink, 7);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], Mark { left: 0, right: 2, top: 0, bottom: 2, area: 7 });
        assert_eq!(found[1], Mark { left: 4, right: 6, top: 1, bottom: 3, area: 4 });
    }
}
