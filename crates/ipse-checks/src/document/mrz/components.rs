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
    // Sums of each column over the rows in reach, kept up to date while going down. A window holds fewer than 2¹⁵
    // pixels, so that sums of squares fit; the running totals along a row may wrap, their differences are right.
    let (mut sums, mut squares) = (vec![0_u32; width], vec![0_u32; width]);
    let (mut total, mut total_squares) = (vec![0_u32; width + 1], vec![0_u32; width + 1]);
    let mut out = vec![false; width * height];
    for y in 0..height {
        for entering in if y == 0 { 0..reach.min(height - 1) + 1 } else { y + reach..(y + reach + 1).min(height) } {
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(row(entering)) {
                *sum += u32::from(*value);
                *square += u32::from(*value) * u32::from(*value);
            }
        }
        if y > reach {
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(row(y - reach - 1)) {
                *sum -= u32::from(*value);
                *square -= u32::from(*value) * u32::from(*value);
            }
        }
        let mut running = (0_u32, 0_u32);
        for (x, (sum, square)) in sums.iter().zip(&squares).enumerate() {
            running = (running.0.wrapping_add(*sum), running.1.wrapping_add(*square));
            (total[x + 1], total_squares[x + 1]) = running;
        }
        let rows = (y + reach + 1).min(height) - y.saturating_sub(reach);
        let dark = |x: usize, value: u8| {
            let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(width));
            judge(
                [total[to].wrapping_sub(total[from]), total_squares[to].wrapping_sub(total_squares[from])],
                (rows * (to - from)) as f32,
                value,
                threshold,
            )
        };
        let marks = &mut out[y * width..(y + 1) * width];
        let here = row(y);
        for x in (0..reach).chain(width - reach..width) {
            marks[x] = dark(x, here[x]);
        }
        // Away from the edges every window is as large as the next: a plain loop for the compiler to widen.
        let (inner, count) = (width - 2 * reach, (rows * (2 * reach + 1)) as f32);
        let ends = total[2 * reach + 1..].iter().zip(&total_squares[2 * reach + 1..]);
        let starts = total[..inner].iter().zip(&total_squares[..inner]);
        for (((mark, value), (sum, square)), (sum_before, square_before)) in
            marks[reach..width - reach].iter_mut().zip(&here[reach..]).zip(ends).zip(starts)
        {
            let window = [sum.wrapping_sub(*sum_before), square.wrapping_sub(*square_before)];
            *mark = judge(window, count, *value, threshold);
        }
    }
    out
}

/// Whether a pixel is ink, from the sum of its window and the sum of squares.
#[inline]
fn judge([sum, squares]: [u32; 2], count: f32, value: u8, threshold: Threshold) -> bool {
    // As signed numbers, which is what the processor converts quickly.
    let (sum, squares) = (sum as i32 as f32, squares as i32 as f32);
    let below = sum - f32::from(value) * count;
    let spread = (squares * count - sum * sum).max(0.0);
    below > threshold.levels * count && below * below > threshold.deviations * threshold.deviations * spread
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
