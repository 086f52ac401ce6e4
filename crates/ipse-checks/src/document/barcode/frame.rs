//! Where a symbol lies: from a pair of guards to a map from its modules to the picture's pixels.

use super::guards::{Guard, Guards, Straight};
use crate::document::image::Luma;

/// Centre of the start guard's wide bar, in modules from the symbol's left edge; the stop guard's from its right edge.
const START_BAR: f32 = 4.0;
const STOP_BAR: f32 = 14.5;
/// Centre of each guard's space of three modules, from its own beginning.
const START_SPACE: f32 = 15.5;
const STOP_SPACE: f32 = 10.5;
/// Start and stop guard, two row indicators, and the one module more that the stop guard has.
const MODULES_BESIDE: f32 = 69.0;
const MODULES_IN_COLUMN: f32 = 17.0;
pub(super) const MOST_COLUMNS: usize = 30;
/// Pairs that are looked at.
const MOST_PAIRS: usize = 6;

type Point = (f32, f32);

/// The four ends of the two wide bars, clockwise from the start bar's upper end as the symbol is read.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    ends: [Point; 4],
    /// Data columns as the distance of the guards suggests.
    pub columns: usize,
    /// Height in modules, if modules are square in the picture.
    pub height: f32,
    /// In how many lines the guards were seen.
    weight: usize,
}

/// The best pairs of guards, best first.
pub(super) fn frames(picture: &Luma, guards: &[Guards]) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    for seen in guards {
        for start in &seen.starts {
            frames.extend(seen.stops.iter().filter_map(|stop| frame(picture, seen, start, stop)));
        }
    }
    frames.sort_by_key(|frame| std::cmp::Reverse(frame.weight));
    frames.truncate(MOST_PAIRS);
    frames
}

fn frame(picture: &Luma, seen: &Guards, start: &Guard, stop: &Guard) -> Option<Frame> {
    let sign = if seen.backwards { -1.0 } else { 1.0 };
    let middle = |guard: &Guard| {
        let line = f32::midpoint(guard.from, guard.to);
        (f32::midpoint(guard.first.on(line), guard.second.on(line)), line)
    };
    let (left, right) = (middle(start), middle(stop));
    // Modules of both guards are measured along the scan line: so is the distance, along the rows' direction.
    let slope = f32::midpoint(start.first.slope, stop.first.slope);
    let along = (right.0 - left.0) * sign;
    let ratio = start.module / stop.module;
    if along <= 0.0 || !(0.5..2.0).contains(&ratio) || (start.first.slope - stop.first.slope).abs() > 0.4 {
        return None;
    }
    // The scan line of the one middle meets the other guard elsewhere, where that one leans.
    let across = (right.1 - left.1) * slope * sign;
    let modules = (along - across) / (start.module * stop.module).sqrt();
    let columns = ((modules + START_BAR + STOP_BAR - MODULES_BESIDE) / MODULES_IN_COLUMN).round();
    if !(1.0..=MOST_COLUMNS as f32).contains(&columns) {
        return None;
    }
    let a = bar(picture, seen, start, START_SPACE)?;
    let b = bar(picture, seen, stop, STOP_SPACE)?;
    let place = |(at, line): Point| if seen.by_column { (line, at) } else { (at, line) };
    let [mut a, mut b] = [a, b].map(|ends| ends.map(place));
    // As it is read, down lies clockwise of along.
    let (along, down) = (minus(centre(b), centre(a)), minus(a[1], a[0]));
    if along.0 * down.1 - along.1 * down.0 < 0.0 {
        a.reverse();
        b.reverse();
    }
    let [heights, width] = [[length(a[0], a[1]), length(b[0], b[1])], [length(centre(a), centre(b)); 2]];
    let module = width[0] / modules_between(columns as usize);
    let height = f32::midpoint(heights[0], heights[1]) / module;
    let similar = (0.4..2.5).contains(&(heights[0] / heights[1].max(1.0)));
    if !similar || height < 5.0 {
        return None;
    }
    Some(Frame {
        ends: [a[0], b[0], b[1], a[1]],
        columns: columns as usize,
        height,
        weight: start.lines.min(stop.lines) * 4 + start.lines.max(stop.lines),
    })
}

fn modules_between(columns: usize) -> f32 {
    MODULES_BESIDE + MODULES_IN_COLUMN * columns as f32 - START_BAR - STOP_BAR
}

fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

fn centre([a, b]: [Point; 2]) -> Point {
    (f32::midpoint(a.0, b.0), f32::midpoint(a.1, b.1))
}

fn length(a: Point, b: Point) -> f32 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Follows the wide bar from where it was seen to where it ends: both ends of its centre line, in scan coordinates.
fn bar(picture: &Luma, seen: &Guards, guard: &Guard, space: f32) -> Option<[Point; 2]> {
    let value = |at: f32, line: f32| {
        let (x, y) = if seen.by_column { (line, at) } else { (at, line) };
        sample(picture, x, y)
    };
    let middle = Straight {
        at: f32::midpoint(guard.first.at, guard.second.at),
        slope: f32::midpoint(guard.first.slope, guard.second.slope),
    };
    let dark = |line: f32| {
        let spread = guard.module * 2.0;
        let at = middle.on(line);
        Some((value(at, line)? + value(at - spread, line)? + value(at + spread, line)?) / 3.0)
    };
    // The one space of three modules: 14 to 17 in the start guard, 9 to 12 in the stop guard.
    let light = |line: f32| {
        let onwards = if guard.second.on(line) > guard.first.on(line) { guard.module } else { -guard.module };
        value(guard.first.on(line) + onwards * space, line)
    };
    let lines = || (0..=8).map(|part| guard.from + (guard.to - guard.from) * part as f32 / 8.0);
    let median = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let (black, white) = (median(lines().filter_map(dark).collect())?, median(lines().filter_map(light).collect())?);
    let limit = f32::midpoint(black, white);
    if white - black < 12.0 {
        return None;
    }
    let end = |from: f32, step: f32| {
        let (mut line, mut before) = (from, black);
        loop {
            match dark(line) {
                Some(here) if here < limit => before = here,
                Some(here) => return line - step * (here - limit) / (here - before).max(1.0),
                None => return line,
            }
            line += step;
        }
    };
    Some([end(guard.from, -0.5), end(guard.to, 0.5)].map(|line| (middle.on(line), line)))
}

/// Bilinear; `None` outside. Pixels' centres are at whole numbers.
pub(super) fn sample(picture: &Luma, x: f32, y: f32) -> Option<f32> {
    if !(x >= 0.0 && y >= 0.0) {
        return None;
    }
    let (column, row) = (x as usize, y as usize);
    if column + 1 >= picture.width || row + 1 >= picture.height {
        return None;
    }
    let (fx, fy) = (x - column as f32, y - row as f32);
    let at = row * picture.width + column;
    let upper = picture.data.get(at..at + 2)?;
    let lower = picture.data.get(at + picture.width..at + picture.width + 2)?;
    let mix = |pair: &[u8]| match pair {
        [a, b] => f32::from(*a) * (1.0 - fx) + f32::from(*b) * fx,
        _ => 0.0,
    };
    Some(mix(upper) * (1.0 - fy) + mix(lower) * fy)
}

/// Maps modules (`u`, from the symbol's left edge) and height (`v`, 0 at the top to 1) to pixels.
#[derive(Clone, Debug)]
pub(super) struct Map {
    m: [[f32; 3]; 3],
    /// Modules between the wide bars' centres.
    between: f32,
}

impl Map {
    pub fn new(frame: &Frame, columns: usize) -> Self {
        // The unit square to a quadrilateral, in closed form.
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = frame.ends;
        let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        let (dx1, dy1, dx2, dy2) = (x1 - x2, y1 - y2, x3 - x2, y3 - y2);
        let under = dx1 * dy2 - dx2 * dy1;
        let under = if under.abs() < 1e-6 { 1e-6 } else { under };
        let (g, h) = ((sx * dy2 - dx2 * sy) / under, (dx1 * sy - sx * dy1) / under);
        let m = [[x1 - x0 + g * x1, x3 - x0 + h * x3, x0], [y1 - y0 + g * y1, y3 - y0 + h * y3, y0], [g, h, 1.0]];
        Self { m, between: modules_between(columns) }
    }

    pub fn at(&self, u: f32, v: f32) -> Point {
        let [x, y, depth] = self.m;
        let u = (u - START_BAR) / self.between;
        let of = |row: [f32; 3]| row[0] * u + row[1] * v + row[2];
        let depth = of(depth);
        (of(x) / depth, of(y) / depth)
    }

    /// The symbol's corners, clockwise from the upper left as it is read.
    pub fn corners(&self) -> [Point; 4] {
        let right = START_BAR + self.between + STOP_BAR;
        [self.at(0.0, 0.0), self.at(right, 0.0), self.at(right, 1.0), self.at(0.0, 1.0)]
    }
}
