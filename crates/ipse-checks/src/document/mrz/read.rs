//! Reads a zone out of a picture: tries the likely lines, the likely ways up, and then, if need be, looks again more
//! closely.

use super::{
    decode::{Correction, Decoded},
    find::{Look, Track, lines},
    parse::{Mrz, parse},
    recognise::Network,
    zone::Reader,
};
use crate::document::image::Luma;

/// Why no zone was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MrzReadError {
    /// Nothing in the picture looks like a zone.
    NotFound,
    /// There seems to be one, but not every character is certain.
    Unreadable,
}

impl std::fmt::Display for MrzReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "no machine readable zone was found",
            Self::Unreadable => "the machine readable zone is not clear enough to read",
        })
    }
}

impl std::error::Error for MrzReadError {}

/// A zone as read.
#[derive(Clone, PartialEq)]
pub struct MrzReading {
    pub lines: Vec<String>,
    pub mrz: Mrz,
    /// Probability of each character, 0–1, line by line.
    pub confidences: Vec<Vec<f32>>,
    pub corrections: Vec<Correction>,
    /// Corners of the zone in pixels of the picture: top left, top right, bottom right, bottom left as the text stands.
    pub quad: [(f32, f32); 4],
}

/// Personal data stay out of logs.
impl std::fmt::Debug for MrzReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MrzReading({:?}, {} corrected)", self.mrz, self.corrections.len())
    }
}

/// First a quick look, then closer and keener ones.
const LOOKS: [Look; 4] = [
    Look { side: 800, levels: 14.0, deviations: 0.55, reach: 18, probing: 16_000, reading: 4_000 },
    Look { side: 1280, levels: 9.0, deviations: 0.45, reach: 16, probing: 2_000, reading: 2_000 },
    Look { side: 1800, levels: 9.0, deviations: 0.35, reach: 15, probing: 4_000, reading: 4_000 },
    Look { side: 2600, levels: 7.0, deviations: 0.45, reach: 20, probing: 4_000, reading: 4_000 },
];
/// How a picture is looked at that somebody's software may have mirrored.
const MIRRORED: [Look; 1] =
    [Look { side: 800, levels: 14.0, deviations: 0.55, reach: 18, probing: 2_000, reading: 2_000 }];
/// Longest side of the smallest picture that can hold a zone: thirty characters of five pixels.
const LEAST: f32 = 150.0;
/// How many times larger than the picture a copy may be to show anything more; the first look is taken of any.
const LARGER: f32 = 1.2;
/// Lines probed in one look.
const PROBED: usize = 10;
/// Lines of one look from which a zone is read in full.
const READ: usize = 3;
/// Least score of a probe, about: mean log-odds of "a character here", less its doubt which.
const PROMISING: f32 = 1.0;

/// A score for which a zone is read at once, before other lines are probed.
const CONVINCING: f32 = 4.8;

/// Reads the zone of a document, whichever way up it lies, even if somebody's software has mirrored it.
///
/// # Errors
/// [`MrzReadError::NotFound`] without anything promising, [`MrzReadError::Unreadable`] where certainty is missing.
pub fn read(picture: &Luma) -> Result<MrzReading, MrzReadError> {
    let Some(network) = Network::embedded() else { return Err(MrzReadError::NotFound) };
    look(picture, &network, &LOOKS).or_else(|error| {
        let mut reading = look(&picture.mirrored(), &network, &MIRRORED).map_err(|_| error)?;
        for corner in &mut reading.quad {
            corner.0 = picture.width as f32 - corner.0;
        }
        Ok(reading)
    })
}

fn look(picture: &Luma, network: &Network, looks: &[Look]) -> Result<MrzReading, MrzReadError> {
    let reader = Reader::new(picture, network);
    let longest = picture.width.max(picture.height) as f32;
    if longest < LEAST {
        return Err(MrzReadError::NotFound);
    }
    let mut promising = false;
    for (number, look) in looks.iter().enumerate() {
        if number > 0 && look.side as f32 > LARGER * longest {
            break;
        }
        reader.allow(look.probing + look.reading);
        let (factor, level) = reader.level(|level| level.width.max(level.height) >= look.side);
        let found = lines(level, factor, *look);
        let mut waiting: Vec<(f32, Track)> = Vec::new();
        for track in found.iter().take(PROBED) {
            if reader.left() < look.reading {
                break;
            }
            let Some((score, track)) = reader.probe(track) else { continue };
            // A zone ends a page: what stands in the middle of a block of print waits until its ends were read.
            if score > CONVINCING && !Reader::is_amid_print(&track, &found) {
                promising = true;
                if let Some(reading) = reader.zone(&track, &found) {
                    return Ok(reading);
                }
            } else if score > PROMISING {
                promising = true;
                waiting.push((score, track));
            }
        }
        waiting.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (_, track) in waiting.iter().take(READ) {
            if let Some(reading) = reader.zone(track, &found) {
                return Ok(reading);
            }
        }
    }
    Err(if promising { MrzReadError::Unreadable } else { MrzReadError::NotFound })
}

/// Takes decoded lines apart and says where they stood.
pub(super) fn reading(decoded: Decoded, tracks: &[Track]) -> Option<MrzReading> {
    let mrz = parse(&decoded.lines.iter().map(String::as_str).collect::<Vec<_>>()).ok()?;
    let (top, bottom) = (tracks.first()?, tracks.last()?);
    let corner = |track: &Track, cell: f32, down: f32| track.place(track.u(cell), down * track.pitch());
    let quad = [
        corner(top, 0.0, -0.7),
        corner(top, top.cells, -0.7),
        corner(bottom, bottom.cells, 0.7),
        corner(bottom, 0.0, 0.7),
    ];
    let Decoded { lines, confidences, corrections, .. } = decoded;
    Some(MrzReading { lines, mrz, confidences, corrections, quad })
}
