//! Reads one zone: from a promising line to all the lines of its zone, divided into cells and decoded.

use super::{
    decode::{Decoded, decode, may_be_zone},
    find::Track,
    read::{MrzReading, reading},
    recognise::{Column, Network},
    segment::{Cells, MARGIN, cut, divide, refit},
    siblings::siblings,
    strip::{HEIGHT, PITCH},
};
use crate::document::image::Luma;
use std::cell::Cell;

/// Lines read on either side of the first: a zone has three at most.
const BESIDE: usize = 2;
/// Cells of a probe.
const PROBE: usize = 12;
/// Least score of a line that is added to a zone.
const PROMISING: f32 = 1.0;
/// A score at which a pitch is taken without trying others.
const CONVINCING: f32 = 4.8;

/// The picture at half its size, a quarter and so on, so that averaging many pixels into one is done once.
struct Smaller(Vec<Luma>);

impl Smaller {
    fn new(picture: &Luma) -> Self {
        let mut levels: Vec<Luma> = Vec::new();
        loop {
            let last = levels.last().unwrap_or(picture);
            if last.width.max(last.height) < 1800 {
                return Self(levels);
            }
            levels.push(last.halved());
        }
    }
}

/// A picture, ready to be read.
pub struct Reader<'a> {
    picture: &'a Luma,
    smaller: Smaller,
    network: &'a Network,
    /// Columns of strips that may still be recognised: what bounds the time for a hopeless picture.
    left: Cell<usize>,
}

/// One line as the network sees it.
struct Line {
    track: Track,
    from: f32,
    columns: Vec<Column>,
    /// Best division into 30, 36 and 44 cells.
    divisions: Vec<Option<Cells>>,
}

const LENGTHS: [usize; 3] = [30, 36, 44];

impl<'a> Reader<'a> {
    pub fn new(picture: &'a Luma, network: &'a Network) -> Self {
        Self { picture, smaller: Smaller::new(picture), network, left: Cell::new(0) }
    }

    /// Allows so many more columns of strips, [`PITCH`] for each character, to be recognised.
    pub fn allow(&self, columns: usize) {
        self.left.set(self.left.get() + columns);
    }

    /// What stands on a strip; `None` when nothing is left of the allowance.
    fn recognise(&self, strip: &[f32]) -> Option<Vec<Column>> {
        self.left.set(self.left.get().checked_sub(strip.len() / HEIGHT)?);
        Some(self.network.read(strip))
    }

    /// How many columns are left of what was allowed.
    pub fn left(&self) -> usize {
        self.left.get()
    }

    /// The smallest copy that is still good enough, and its scale.
    pub fn level(&self, enough: impl Fn(&Luma) -> bool) -> (f32, &Luma) {
        let mut best = (1.0, self.picture);
        let mut factor = 1.0;
        for level in &self.smaller.0 {
            factor *= 2.0;
            if enough(level) {
                best = (factor, level);
            }
        }
        best
    }

    fn cut(&self, track: &Track, from: f32, to: f32) -> Option<Vec<f32>> {
        // At this pitch a strip still gains nothing from more pixels.
        let pitch = 1.2 * PITCH as f32;
        let (factor, level) =
            self.level(|level| track.pitch() * level.width as f32 >= pitch * self.picture.width as f32);
        cut(level, &track.scaled(1.0 / factor), from, to)
    }

    /// Reads a piece from the middle of a line, both ways up and with the pitches its marks suggest; the best score,
    /// and the track put right.
    pub fn probe(&self, track: &Track) -> Option<(f32, Track)> {
        let length = track.cells * track.pitch();
        let mut pitches: Vec<f32> = Vec::new();
        for pitch in [track.pitch(), length / 43.7, length / 29.7, length / 35.7, track.height * 1.08] {
            let plausible = pitch > 0.75 * track.height && pitch < 1.75 * track.height;
            if plausible && pitches.iter().all(|p| (p / pitch - 1.0).abs() > 0.05) {
                pitches.push(pitch);
            }
        }
        let mut best: Option<(f32, Track)> = None;
        for pitch in pitches.into_iter().take(4) {
            let even = track.with_pitch(pitch);
            if !(24.0..56.0).contains(&even.cells) {
                continue;
            }
            for way in [even, even.reversed()] {
                let score = self.score(&way).unwrap_or(f32::MIN);
                if best.as_ref().is_none_or(|(b, _)| score > *b) {
                    best = Some((score, way));
                }
            }
            if best.as_ref().is_some_and(|(score, _)| *score > CONVINCING) {
                break;
            }
        }
        best
    }

    fn score(&self, track: &Track) -> Option<f32> {
        // A quarter in: the names of a first line, the dates of a second, not the fillers at the end.
        let from = track.cells * 0.22;
        let strip = self.cut(track, from, from + PROBE as f32 + 1.5)?;
        let columns = self.recognise(&strip)?;
        let cells = divide(&columns, &[PROBE]).into_iter().next()??;
        let doubt: f32 = cells.positions.iter().filter_map(|p| columns.get(*p)).map(certainty).sum();
        Some((cells.score + 2.0 * doubt) / PROBE as f32)
    }

    fn line(&self, track: &Track) -> Option<Line> {
        let from = -MARGIN;
        let strip = self.cut(track, from, track.cells + MARGIN)?;
        let columns = self.recognise(&strip)?;
        let divisions = divide(&columns, &LENGTHS);
        Some(Line { track: *track, from, columns, divisions })
    }

    /// Whether lines like this one go on for more than a zone both above and below it.
    pub fn is_amid_print(seed: &Track, found: &[Track]) -> bool {
        let tracks = siblings(seed, found);
        let above = tracks.iter().take_while(|track| track.across[0] < seed.across[0]).count();
        above > BESIDE && tracks.len() > above + 1 + BESIDE
    }

    /// Reads the whole zone to which a line belongs.
    pub fn zone(&self, seed: &Track, found: &[Track]) -> Option<MrzReading> {
        let tracks = siblings(seed, found);
        let place = tracks.iter().position(|track| track.across[0] >= seed.across[0])?;
        // The line itself comes first: if that is no line of a zone, the others can wait for their own turn.
        let own = self.line(tracks.get(place)?).filter(good)?;
        let mut read: Vec<Line> = Vec::new();
        let from = place.saturating_sub(BESIDE);
        read.extend(tracks.get(from..place)?.iter().filter_map(|track| self.line(track)));
        read.push(own);
        read.extend(tracks.iter().skip(place + 1).take(BESIDE).filter_map(|track| self.line(track)));
        self.complete(&mut read, seed.pitch());
        let mut options: Vec<(f32, usize, usize, usize)> = Vec::new();
        for (which, length) in LENGTHS.into_iter().enumerate() {
            let rows = if length == 30 { 3 } else { 2 };
            for (start, window) in read.windows(rows).enumerate() {
                let scores: Option<Vec<f32>> = window
                    .iter()
                    .map(|line| line.divisions.get(which).and_then(|d| d.as_ref()).map(|c| c.score))
                    .collect();
                if let Some(scores) = scores
                    && scores.iter().all(|s| *s > 0.8 * length as f32)
                    && !goes_on(window, which)
                {
                    options.push((scores.iter().sum(), which, start, rows));
                }
            }
        }
        options.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, which, start, rows) in options.into_iter().take(2) {
            let window = read.get(start..start + rows)?;
            if let Some(reading) = self.settle(window, which) {
                return Some(reading);
            }
        }
        None
    }

    /// Where fewer lines were found than a zone has, looks for the missing ones beside those there are.
    fn complete(&self, read: &mut Vec<Line>, pitch: f32) {
        read.retain(good);
        let short = |line: &Line| {
            let mean = |which: usize| line.divisions.get(which).and_then(|d| d.as_ref()).map_or(f32::MIN, |c| c.score);
            mean(0) > mean(1) && mean(0) > mean(2)
        };
        while let (Some(first), Some(last)) = (read.first(), read.last()) {
            let wanted = if read.iter().filter(|l| short(l)).count() * 2 > read.len() { 3 } else { 2 };
            if read.len() >= wanted {
                return;
            }
            let spacing = if read.len() > 1 {
                Some((last.track.across[0] - first.track.across[0]) / (read.len() - 1) as f32)
            } else {
                None
            };
            let steps: Vec<f32> = match spacing {
                Some(s) => vec![s],
                None => (0..9_u8).map(|i| pitch * (1.6 + 0.2 * f32::from(i))).collect(),
            };
            let mut best: Option<(f32, bool, Track)> = None;
            for step in steps {
                for (track, above) in [(first.track.shifted(-step), true), (last.track.shifted(step), false)] {
                    if let Some(score) = self.score(&track)
                        && score > PROMISING
                        && best.as_ref().is_none_or(|(b, ..)| score > *b)
                    {
                        best = Some((score, above, track));
                    }
                }
            }
            let Some((_, above, track)) = best else { return };
            let Some(line) = self.line(&track).filter(good) else { return };
            if above {
                read.insert(0, line);
            } else {
                read.push(line);
            }
        }
    }

    /// Decodes lines divided in one way. Unless the first reading is beyond doubt, looks again along the cells it
    /// found, more than once, and takes the mean of what was seen: a doubtful character rarely looks wrong in the same
    /// way twice.
    fn settle(&self, window: &[Line], which: usize) -> Option<MrzReading> {
        let length = LENGTHS.get(which).copied()?;
        let mut seen: Vec<Vec<Column>> = Vec::new();
        let mut tracks: Vec<Track> = Vec::new();
        for line in window {
            let cells = line.divisions.get(which)?.as_ref()?;
            seen.push(pick(&line.columns, cells));
            tracks.push(refit(&line.track, line.from, cells)?);
        }
        if let Some(decoded) = decode(&seen).filter(beyond_doubt) {
            return reading(decoded, &tracks);
        }
        if !may_be_zone(&seen) {
            return None;
        }
        let cells = seen.iter().flatten().count().max(1) as f32;
        if seen.iter().flatten().map(|column| certainty(column).exp()).sum::<f32>() < HOPELESS * cells {
            return None;
        }
        let mut sums: Vec<Vec<Column>> = Vec::new();
        for (view, stretch) in STRETCHES.into_iter().enumerate() {
            for (index, track) in tracks.iter_mut().enumerate() {
                let line = self.line(&Track { stretch, ..*track })?;
                let cells = divide(&line.columns, &[length]).into_iter().next()??;
                let columns = pick(&line.columns, &cells);
                match sums.get_mut(index) {
                    Some(sum) => sum.iter_mut().flatten().zip(columns.iter().flatten()).for_each(|(a, b)| *a += b),
                    None => sums.push(columns),
                }
                if view == 0 {
                    *track = refit(track, line.from, &cells)?;
                }
            }
            let mean = mean(&sums, view + 1);
            let decoded = decode(&mean);
            if view + 1 == STRETCHES.len() || decoded.as_ref().is_some_and(beyond_doubt) {
                return reading(decoded?, &tracks);
            }
        }
        None
    }
}

/// Whether a line is print of an even pitch at all.
fn good(line: &Line) -> bool {
    line.divisions.iter().flatten().any(|c| c.score > 1.5 * c.positions.len() as f32)
}

/// Whether the lines run on beyond this length: then they are of a longer format.
fn goes_on(window: &[Line], which: usize) -> bool {
    let score = |which: usize| -> Option<f32> {
        window.iter().map(|line| Some(line.divisions.get(which)?.as_ref()?.score)).sum()
    };
    let length = |which: usize| LENGTHS.get(which).copied().unwrap_or(0);
    (which + 1..LENGTHS.len()).any(|longer| {
        let more = (length(longer) - length(which)) * window.len();
        score(which).zip(score(longer)).is_some_and(|(this, other)| other - this > GOES_ON * more as f32)
    })
}

/// The mean of what was seen in several views.
fn mean(sums: &[Vec<Column>], views: usize) -> Vec<Vec<Column>> {
    let mut mean = sums.to_vec();
    mean.iter_mut().flatten().flatten().for_each(|value| *value /= views as f32);
    mean.iter_mut().flatten().for_each(renormalise);
    mean
}

/// Mean score of the cells by which a line is longer for which it is that long.
const GOES_ON: f32 = 1.0;
/// Heights, against the pitch, at which a doubtful zone is looked at.
const STRETCHES: [f32; 3] = [1.0, 0.94, 1.06];
/// Least certainty of every character for a single look to be enough.
const BEYOND_DOUBT: f32 = 0.97;

/// Mean certainty below which looking again is no use: this is other print.
const HOPELESS: f32 = 0.72;

fn beyond_doubt(decoded: &Decoded) -> bool {
    decoded.checks_agree
        && decoded.corrections.iter().all(|c| !c.by_check_digits)
        && decoded.confidences.iter().flatten().all(|c| *c >= BEYOND_DOUBT)
}

fn renormalise(column: &mut Column) {
    let total = column.iter().map(|v| v.exp()).sum::<f32>().max(f32::MIN_POSITIVE).ln();
    for value in column.iter_mut() {
        *value -= total;
    }
}

/// Log-probability of the likeliest character.
fn certainty(column: &Column) -> f32 {
    column.iter().take(column.len() - 1).copied().fold(f32::MIN, f32::max)
}

fn pick(columns: &[Column], cells: &Cells) -> Vec<Column> {
    cells.positions.iter().filter_map(|position| columns.get(*position)).copied().collect()
}
