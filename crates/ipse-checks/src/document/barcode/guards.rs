//! Finds the bars that every row of a PDF417 symbol begins and ends with (ISO/IEC 15438, 4.4.3).
//!
//! They run the whole height of the symbol, so every scan line that crosses one sees the same widths, however the
//! symbol is turned: lines along the rows and along the columns of the picture see every turn between them.

use crate::document::image::Luma;

/// Widths in modules, bar first: 8 1 1 1 1 1 1 3, and 7 1 1 3 1 1 1 2 1.
const START: &[f32] = &[8.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0];
const STOP: &[f32] = &[7.0, 1.0, 1.0, 3.0, 1.0, 1.0, 1.0, 2.0, 1.0];
/// Scan lines each way.
const LINES: usize = 220;
/// A guard must be seen on so many lines.
const LEAST_LINES: usize = 5;
/// Guards of one kind and direction that are followed at the same time, and kept.
const MOST: usize = 48;
/// A change of grey that is smaller is noise, as a share of the contrast around and in grey levels.
const HYSTERESIS: f32 = 0.10;
const LEAST_CHANGE: f32 = 6.0;

/// How scan lines are prepared.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    /// Smoothed against noise.
    pub smooth: bool,
    /// Twice as many samples, for modules of less than two pixels.
    pub double: bool,
    /// How much of what stands out from two samples to either side is added: brings back bars of one module that are
    /// nearly lost in blur.
    pub sharpen: f32,
}

/// A straight line in scan coordinates: place along the scan line = `at + slope × line`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Straight {
    pub at: f32,
    pub slope: f32,
}

impl Straight {
    pub fn on(self, line: f32) -> f32 {
        self.at + self.slope * line
    }
}

/// A guard: the wide bar's two edges and the last edge of the pattern, over a range of scan lines.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    /// The wide bar's edge that is read first.
    pub first: Straight,
    /// The wide bar's other edge.
    pub second: Straight,
    /// Scan lines between which it was seen.
    pub from: f32,
    pub to: f32,
    /// Width of a module along the scan line, in pixels.
    pub module: f32,
    /// On how many lines it was seen.
    pub lines: usize,
}

/// Guards seen on scan lines of one direction, read one way.
pub(super) struct Guards {
    /// Scan lines are columns of the picture.
    pub by_column: bool,
    /// Read against the scan line's direction.
    pub backwards: bool,
    pub starts: Vec<Guard>,
    pub stops: Vec<Guard>,
}

impl Guards {
    /// Whether one was seen on so many lines that chance can't explain it.
    pub fn any_for_sure(&self) -> bool {
        self.starts.iter().chain(&self.stops).any(|guard| guard.lines >= 4 * LEAST_LINES)
    }
}

struct Hit {
    line: f32,
    first: f32,
    second: f32,
    module: f32,
}

/// All guards of a picture, by both scan directions and both ways of reading; linear in its pixels.
pub(super) fn find(picture: &Luma, sight: Sight) -> Vec<Guards> {
    let mut found = Vec::new();
    for by_column in [false, true] {
        let (length, lines) = if by_column { (picture.height, picture.width) } else { (picture.width, picture.height) };
        let step = (lines / LINES).max(2);
        let mut hits: [Vec<Hit>; 4] = Default::default();
        let mut profile = Vec::with_capacity(length);
        for line in (step / 2..lines).step_by(step) {
            read_line(picture, by_column, line, &mut profile);
            prepare(&mut profile, sight);
            let mut edges = edges(&profile);
            if sight.double {
                for edge in &mut edges {
                    edge.at /= 2.0;
                }
            }
            let mirrored: Vec<Edge> =
                edges.iter().rev().map(|edge| Edge { at: -edge.at, darkens: !edge.darkens }).collect();
            let [starts, stops, back_starts, back_stops] = &mut hits;
            for (edges, widths, sign, hits) in [
                (&edges, START, 1.0, starts),
                (&edges, STOP, 1.0, stops),
                (&mirrored, START, -1.0, back_starts),
                (&mirrored, STOP, -1.0, back_stops),
            ] {
                matches(edges, widths, |first, second, module| {
                    hits.push(Hit { line: line as f32, first: first * sign, second: second * sign, module });
                });
            }
        }
        let [starts, stops, back_starts, back_stops] = hits.map(|hits| group(&hits, step as f32));
        found.push(Guards { by_column, backwards: false, starts, stops });
        found.push(Guards { by_column, backwards: true, starts: back_starts, stops: back_stops });
    }
    found
}

fn read_line(picture: &Luma, by_column: bool, line: usize, profile: &mut Vec<f32>) {
    profile.clear();
    let raw = |value: &u8| f32::from(*value);
    if by_column {
        profile.extend(picture.data.iter().skip(line).step_by(picture.width.max(1)).map(raw));
    } else {
        profile.extend(picture.data.iter().skip(line * picture.width).take(picture.width).map(raw));
    }
}

fn prepare(profile: &mut Vec<f32>, sight: Sight) {
    if sight.double {
        let between = |four: &[f32]| match four {
            [a, b, c, d] => (9.0 * (b + c) - a - d) / 16.0,
            _ => 0.0,
        };
        let inner: Vec<f32> = profile.windows(4).map(between).collect();
        let first = profile.first().copied().into_iter();
        let betweens = first.chain(inner).chain(profile.iter().rev().take(2).rev().copied());
        *profile = profile.iter().zip(betweens).flat_map(|(here, next)| [*here, next]).collect();
    }
    if sight.smooth {
        let mut before = profile.first().copied().unwrap_or_default();
        for at in 1..profile.len() {
            if let Some([here, after]) = profile.get_mut(at - 1..=at) {
                let old = *here;
                *here = (before + 2.0 * old + *after) / 4.0;
                before = old;
            }
        }
    }
    if sight.sharpen > 0.0 {
        let plain = profile.clone();
        for (here, around) in profile.iter_mut().skip(2).zip(plain.windows(5)) {
            if let [left, .., right] = around {
                *here += sight.sharpen * (*here - f32::midpoint(*left, *right));
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Edge {
    at: f32,
    darkens: bool,
}

/// The edges of a profile: halfway between each low and the next high. A low is where the profile has risen by enough
/// since, so that blurred bars, which never reach black, still count.
fn edges(profile: &[f32]) -> Vec<Edge> {
    const BLOCK: usize = 16;
    let ranges: Vec<(f32, f32)> = profile
        .chunks(BLOCK)
        .map(|block| block.iter().fold((f32::MAX, f32::MIN), |(low, high), v| (low.min(*v), high.max(*v))))
        .collect();
    let wide = |block: usize| {
        let near = ranges.iter().skip(block.saturating_sub(2)).take(5);
        let (low, high) = near.fold((f32::MAX, f32::MIN), |(low, high), range| (low.min(range.0), high.max(range.1)));
        (HYSTERESIS * (high - low)).max(LEAST_CHANGE)
    };
    let mut extremes: Vec<(usize, f32)> = Vec::new();
    let (mut low, mut high) = ((0, f32::MAX), (0, f32::MIN));
    let mut rising = None;
    let mut change = LEAST_CHANGE;
    for (at, value) in profile.iter().copied().enumerate() {
        if at % BLOCK == 0 {
            change = wide(at / BLOCK);
        }
        if value < low.1 {
            low = (at, value);
        }
        if value > high.1 {
            high = (at, value);
        }
        if rising != Some(false) && value < high.1 - change {
            extremes.push(high);
            rising = Some(false);
            low = (at, value);
        } else if rising != Some(true) && value > low.1 + change {
            extremes.push(low);
            rising = Some(true);
            high = (at, value);
        }
    }
    extremes.push(if rising == Some(true) { high } else { low });
    let mut edges = Vec::with_capacity(extremes.len());
    for ((from, here), (to, next)) in extremes.iter().zip(extremes.iter().skip(1)) {
        let middle = f32::midpoint(*here, *next);
        let darkens = next < here;
        let crossed = |value: f32| if darkens { value < middle } else { value > middle };
        let span = profile.get(*from..=*to).unwrap_or_default();
        let Some(after) = span.iter().position(|value| crossed(*value)).filter(|at| *at > 0) else { continue };
        if let (Some(a), Some(b)) = (span.get(after - 1), span.get(after)) {
            let share = if (b - a).abs() > 1e-3 { (middle - a) / (b - a) } else { 0.5 };
            edges.push(Edge { at: (from + after - 1) as f32 + share, darkens });
        }
    }
    edges
}

/// Where the widths stand: gives the wide bar's two edges and the module.
fn matches(edges: &[Edge], widths: &[f32], mut found: impl FnMut(f32, f32, f32)) {
    let total: f32 = widths.iter().sum();
    for window in edges.windows(widths.len() + 1) {
        let [first, second, .., last] = window else { continue };
        let module = (last.at - first.at) / total;
        if !first.darkens || module < 0.9 {
            continue;
        }
        let mut before = 0.0;
        let fits = window.iter().zip(window.iter().skip(1)).zip(widths).all(|((a, b), width)| {
            // Ink that spreads and blur make bars and spaces differ, so what is asked of a pair is stricter.
            let off = (b.at - a.at) / module - width;
            let pair = off + before;
            before = off;
            let slack = if *width > 4.0 { 1.3 } else { 0.8 };
            off.abs() < slack && pair.abs() < slack.max(0.75)
        });
        if fits {
            found(first.at, second.at, module);
        }
    }
}

/// Joins what lies on one straight line.
fn group(hits: &[Hit], step: f32) -> Vec<Guard> {
    let mut groups: Vec<Vec<&Hit>> = Vec::new();
    for hit in hits {
        let room = groups.len() < MOST * 8;
        let near = groups.iter_mut().rev().find(|group| {
            let Some(last) = group.last() else { return false };
            let gap = hit.line - last.line;
            let slope = match (group.get(group.len().saturating_sub(8)), group.len()) {
                (Some(early), 4..) => (last.first - early.first) / (last.line - early.line).max(1.0),
                _ => 0.0,
            };
            let reach = if group.len() < 4 { gap * 1.1 + hit.module } else { gap * 0.15 + hit.module };
            gap > 0.0
                && gap <= 6.0 * step
                && (0.75..1.33).contains(&(hit.module / last.module))
                && (hit.first - last.first - slope * gap).abs() <= reach
        });
        match near {
            Some(group) => group.push(hit),
            None if room => groups.push(vec![hit]),
            None => {}
        }
    }
    groups.retain(|group| group.len() >= LEAST_LINES);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups.truncate(MOST);
    groups.iter().filter_map(|group| guard(group)).collect()
}

fn guard(hits: &[&Hit]) -> Option<Guard> {
    let (from, to) = (hits.first()?.line, hits.last()?.line);
    let mut modules: Vec<f32> = hits.iter().map(|hit| hit.module).collect();
    modules.sort_by(f32::total_cmp);
    let module = *modules.get(modules.len() / 2)?;
    let line = |place: fn(&Hit) -> f32| straight(hits.iter().map(|hit| (hit.line, place(hit))).collect(), module * 0.6);
    Some(Guard { first: line(|hit| hit.first), second: line(|hit| hit.second), from, to, module, lines: hits.len() })
}

/// Least squares, twice over without what lies too far off.
pub(super) fn straight(mut points: Vec<(f32, f32)>, reach: f32) -> Straight {
    let mut fit = Straight::default();
    for _ in 0..3 {
        let n = (points.len() as f32).max(1.0);
        let mean = points.iter().fold((0.0, 0.0), |sum, p| (sum.0 + p.0 / n, sum.1 + p.1 / n));
        let (mut over, mut under) = (0.0, 0.0);
        for (x, y) in &points {
            over += (x - mean.0) * (y - mean.1);
            under += (x - mean.0) * (x - mean.0);
        }
        let slope = if under > 1e-6 { over / under } else { 0.0 };
        fit = Straight { at: mean.1 - slope * mean.0, slope };
        let near: Vec<(f32, f32)> = points.iter().copied().filter(|(x, y)| (y - fit.on(*x)).abs() <= reach).collect();
        if near.len() == points.len() || near.len() * 2 < points.len() {
            break;
        }
        points = near;
    }
    fit
}
