//! PDF417 symbols (ISO/IEC 15438) on photographs.
//!
//! The guards at both ends of a symbol are found on scan lines whatever way it is turned; their bars give a map from
//! the symbol's modules to the picture's pixels, blur and all; each codeword is compared with every pattern it could be
//! under that blur; what is least sure is left to the error correction as erased. Bounded in every step.

mod correct;
mod frame;
mod grid;
mod guards;
mod patterns;

use crate::document::image::Luma;
use frame::{Frame, frames};
use grid::{Grid, Words};
use guards::{Guards, Sight};
use rxing::pdf417::decoder::decoded_bit_stream_parser;

/// Longest side of the picture that is looked at first.
const FIRST_SIDE: usize = 2200;
/// Check words that must stay unused by erasures, so that chance can't make a wrong symbol right.
const UNUSED_CHECK: usize = 6;
/// How many different codewords there are.
const WORDS: u32 = 929;

/// A symbol that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Barcode {
    /// What it says; bytes beyond ASCII as its character set has them.
    pub text: String,
    /// Its corners in the picture, clockwise from the upper left as it is read.
    pub quad: [(f32, f32); 4],
    /// Data columns and rows.
    pub size: (usize, usize),
    /// Codewords that the error correction changed, of all.
    pub corrected: (usize, usize),
}

/// Why there is no reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarcodeError {
    /// No guard of a symbol anywhere.
    NotFound,
    /// A symbol is there, but one of its ends or too much of its inside can't be made out.
    Unreadable,
}

impl std::fmt::Display for BarcodeError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::NotFound => "no PDF417 symbol was found",
            Self::Unreadable => "the PDF417 symbol could not be read",
        })
    }
}

impl std::error::Error for BarcodeError {}

/// Reads the plainest symbol in a picture. What is cheap and mostly enough is tried first: scan lines lightly smoothed,
/// then finer for small modules, then at half the size against noise, and sharpened against blur; a very large picture
/// reduced and then whole.
///
/// # Errors
/// See [`BarcodeError`].
pub fn read(picture: &Luma) -> Result<Barcode, BarcodeError> {
    let first = picture.reduced(FIRST_SIDE);
    let mut seen = false;
    let mut tried = |at: &Luma, sights: &[Sight]| {
        sights.iter().find_map(|sight| {
            let guards = guards::find(at, *sight);
            seen |= guards.iter().any(Guards::any_for_sure);
            let mut barcode = frames(at, &guards).iter().find_map(|frame| read_in(at, frame))?;
            let scale = picture.width as f32 / at.width.max(1) as f32;
            barcode.quad = barcode.quad.map(|(x, y)| (x * scale, y * scale));
            Some(barcode)
        })
    };
    let plain = Sight { smooth: true, double: false, sharpen: 0.0 };
    let fine = Sight { smooth: false, double: true, sharpen: 0.0 };
    let blurred = Sight { smooth: true, double: false, sharpen: 3.0 };
    let found = tried(&first, &[plain, fine])
        .or_else(|| tried(&first.halved(), &[plain, blurred]))
        .or_else(|| if first.width < picture.width { tried(picture, &[plain, fine]) } else { None });
    found.ok_or(if seen { BarcodeError::Unreadable } else { BarcodeError::NotFound })
}

fn read_in(picture: &Luma, frame: &Frame) -> Option<Barcode> {
    // The indicators may know the columns better than the guards' distance does, or it may be off by one.
    let mut left = vec![frame.columns + 1, frame.columns.saturating_sub(1).max(1), frame.columns];
    let mut tried = Vec::new();
    while let Some(columns) = left.pop() {
        if tried.contains(&columns) {
            continue;
        }
        tried.push(columns);
        let grid = Grid::new(picture, frame, columns);
        match grid.read() {
            Ok(words) => {
                let (text, corrected) = decode(&words)?;
                let size = (words.columns, words.rows);
                return Some(Barcode { text, quad: grid.corners(), size, corrected: (corrected, words.all.len()) });
            }
            Err(Some(better)) if tried.len() < 4 => left.push(better),
            Err(_) => {}
        }
    }
    None
}

/// Corrects the codewords, with ever more of the least sure ones erased, and reads the text.
fn decode(words: &Words) -> Option<(String, usize)> {
    let mut order: Vec<usize> = (0..words.all.len()).collect();
    order.sort_by(|a, b| {
        let lead = |at: &usize| words.all.get(*at).map_or(0.0, |word| word.lead);
        lead(a).total_cmp(&lead(b))
    });
    let codewords: Vec<u32> = words.all.iter().map(|word| word.word).collect();
    let most = (2_usize << words.level).saturating_sub(UNUSED_CHECK);
    (0..=4).find_map(|quarter| text(&codewords, words.level, order.get(..most * quarter / 4)?))
}

/// The text of a symbol by its codewords, each below 929, and how many of them were corrected: what [`read()`] does last,
/// for codewords that came from elsewhere. `level` is that of the correction, 0 to 8, and `erased` the places that are
/// not to be trusted. `None` if they are no symbol's, or more is wrong than can be mended.
pub fn text(codewords: &[u32], level: u32, erased: &[usize]) -> Option<(String, usize)> {
    let check = 2_usize << level.min(8);
    if check + 1 > codewords.len() || codewords.iter().any(|word| *word >= WORDS) {
        return None;
    }
    let mut codewords = codewords.to_vec();
    let corrected = correct::correct(&mut codewords, check, erased)?;
    // The first word counts the data's, itself included; the rest is for correction.
    if codewords.first().is_none_or(|count| *count as usize + check != codewords.len()) {
        return None;
    }
    let read = decoded_bit_stream_parser::decode(&codewords, &level.to_string()).ok()?;
    Some((read.getText().to_owned(), corrected))
}
