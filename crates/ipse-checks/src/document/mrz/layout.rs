//! The five layouts of ICAO Doc 9303, and the French one: which characters may stand where, and what each check digit
//! covers.
//!
//! Parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (visas, MRV-A and MRV-B), each clause 4.2; check digits: part 3, clause 4.9.
//! The decoder uses the tables to weigh what it sees, the parser to take the fields apart.

use std::ops::Range;

/// Size and kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MrzFormat {
    /// Card, three lines of 30.
    Td1,
    /// Larger card, two lines of 36.
    Td2,
    /// Passport book, two lines of 44.
    Td3,
    /// Visa of format A, two lines of 44.
    MrvA,
    /// Visa of format B, two lines of 36.
    MrvB,
    /// The French identity card as issued until 2021, two lines of 36; it names no day of expiry.
    FrenchId,
}

/// A field that a check digit covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckedField {
    DocumentNumber,
    BirthDate,
    ExpiryDate,
    /// TD3 only: the personal number or other optional data.
    OptionalData,
    /// Everything important at once; visas have none. On the old French card, both lines up to the digit itself.
    Composite,
}

/// Where a piece of text stands: line (from 0) and columns (from 0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub line: usize,
    pub columns: Range<usize>,
}

const fn span(line: usize, from: usize, to: usize) -> Span {
    Span { line, columns: from..to }
}

pub struct Check {
    pub field: CheckedField,
    pub covers: &'static [Span],
    /// Line and column of the digit itself.
    pub at: (usize, usize),
    /// The digit may be left out (`<`) where the field is empty.
    pub optional: bool,
}

/// Columns of one format. Patterns, one small letter for each column: `p` and `i` letter other than `V`, of which
/// passports should have `P` and cards `A`, `C` or `I`; `t` letter, filler, rarely a digit; `n` letter or filler; `x`
/// letter, digit or filler; `d` digit or filler; `k` digit; `o` digit or filler; `s` one of `M`, `F`, `X`, `<`. A capital
/// stands for itself.
pub struct Layout {
    pub format: MrzFormat,
    pub patterns: &'static [&'static str],
    pub checks: &'static [Check],
    pub document_number: Span,
    pub nationality: Span,
    pub birth_date: Span,
    pub sex: Span,
    /// Empty where the format has none.
    pub expiry_date: Span,
    /// Surname and given names, with two fillers between them.
    pub names: Span,
    /// Given names, where they stand elsewhere.
    pub given_names: Option<Span>,
    pub optional: &'static [Span],
}

const fn check(field: CheckedField, covers: &'static [Span], at: (usize, usize)) -> Check {
    Check { field, covers, at, optional: false }
}

use CheckedField::{BirthDate, Composite, DocumentNumber, ExpiryDate, OptionalData};

// The second of two lines is the same in passports, larger cards and visas, up to the optional data.
const NUMBER: Check = check(DocumentNumber, &[span(1, 0, 9)], (1, 9));
const BIRTH: Check = check(BirthDate, &[span(1, 13, 19)], (1, 19));
const EXPIRY: Check = check(ExpiryDate, &[span(1, 21, 27)], (1, 27));

const fn two_lines(
    format: MrzFormat,
    patterns: &'static [&'static str],
    checks: &'static [Check],
    optional: &'static [Span],
) -> Layout {
    let length = match patterns {
        [first, ..] => first.len(),
        [] => 0,
    };
    Layout {
        format,
        patterns,
        checks,
        document_number: span(1, 0, 9),
        nationality: span(1, 10, 13),
        birth_date: span(1, 13, 19),
        sex: span(1, 20, 21),
        expiry_date: span(1, 21, 27),
        names: span(0, 5, length),
        given_names: None,
        optional,
    }
}

pub static LAYOUTS: [Layout; 6] = [
    two_lines(
        MrzFormat::Td3,
        &["ptnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxknnnddddddksddddddkxxxxxxxxxxxxxxok"],
        &[
            NUMBER,
            BIRTH,
            EXPIRY,
            Check { field: OptionalData, covers: &[span(1, 28, 42)], at: (1, 42), optional: true },
            check(Composite, &[span(1, 0, 10), span(1, 13, 20), span(1, 21, 43)], (1, 43)),
        ],
        &[span(1, 28, 42)],
    ),
    two_lines(
        MrzFormat::MrvA,
        &["Vtnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxknnnddddddksddddddkxxxxxxxxxxxxxxxx"],
        &[NUMBER, BIRTH, EXPIRY],
        &[span(1, 28, 44)],
    ),
    two_lines(
        MrzFormat::Td2,
        &["itnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxonnnddddddksddddddkxxxxxxxk"],
        &[NUMBER, BIRTH, EXPIRY, check(Composite, &[span(1, 0, 10), span(1, 13, 20), span(1, 21, 35)], (1, 35))],
        &[span(1, 28, 35)],
    ),
    two_lines(
        MrzFormat::MrvB,
        &["Vtnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxknnnddddddksddddddkxxxxxxxx"],
        &[NUMBER, BIRTH, EXPIRY],
        &[span(1, 28, 36)],
    ),
    Layout {
        format: MrzFormat::Td1,
        patterns: &[
            "itnnnxxxxxxxxxoxxxxxxxxxxxxxxx",
            "ddddddksddddddknnnxxxxxxxxxxxk",
            "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
        ],
        checks: &[
            check(DocumentNumber, &[span(0, 5, 14)], (0, 14)),
            check(BirthDate, &[span(1, 0, 6)], (1, 6)),
            check(ExpiryDate, &[span(1, 8, 14)], (1, 14)),
            check(Composite, &[span(0, 5, 30), span(1, 0, 7), span(1, 8, 15), span(1, 18, 29)], (1, 29)),
        ],
        document_number: span(0, 5, 14),
        nationality: span(1, 15, 18),
        birth_date: span(1, 0, 6),
        sex: span(1, 7, 8),
        expiry_date: span(1, 8, 14),
        names: span(2, 0, 30),
        given_names: None,
        optional: &[span(0, 15, 30), span(1, 18, 29)],
    },
    // Number: year and month of issue, department, serial number. Optional: department and office.
    Layout {
        format: MrzFormat::FrenchId,
        patterns: &["IDFRAnnnnnnnnnnnnnnnnnnnnnnnnnxxxxxx", "kkkkxxxkkkkkknnnnnnnnnnnnnnddddddksk"],
        checks: &[
            check(DocumentNumber, &[span(1, 0, 12)], (1, 12)),
            check(BirthDate, &[span(1, 27, 33)], (1, 33)),
            check(Composite, &[span(0, 0, 36), span(1, 0, 35)], (1, 35)),
        ],
        document_number: span(1, 0, 12),
        nationality: span(0, 2, 5),
        birth_date: span(1, 27, 33),
        sex: span(1, 34, 35),
        expiry_date: span(1, 0, 0),
        names: span(0, 5, 30),
        given_names: Some(span(1, 13, 27)),
        optional: &[span(0, 30, 36)],
    },
];

impl MrzFormat {
    /// The table of this format.
    #[must_use]
    pub fn layout(self) -> &'static Layout {
        let [td3, mrv_a, td2, mrv_b, td1, french_id] = &LAYOUTS;
        match self {
            Self::Td3 => td3,
            Self::MrvA => mrv_a,
            Self::Td2 => td2,
            Self::MrvB => mrv_b,
            Self::Td1 => td1,
            Self::FrenchId => french_id,
        }
    }
}

/// What a character counts in a check digit (part 3, clause 4.9): digits themselves, `A` = 10 … `Z` = 35, filler 0.
#[must_use]
pub fn value(character: u8) -> Option<u32> {
    match character {
        b'0'..=b'9' => Some(u32::from(character - b'0')),
        b'A'..=b'Z' => Some(u32::from(character - b'A') + 10),
        b'<' => Some(0),
        _ => None,
    }
}

/// The weights 7, 3, 1 repeated.
#[must_use]
pub fn weight(index: usize) -> u32 {
    match index % 3 {
        0 => 7,
        1 => 3,
        _ => 1,
    }
}

/// The check digit of some characters, 0–9; `None` if one of them cannot stand in a zone.
#[must_use]
pub fn check_digit(characters: impl IntoIterator<Item = u8>) -> Option<u8> {
    let mut sum = 0;
    for (index, character) in characters.into_iter().enumerate() {
        sum += value(character)? * weight(index);
    }
    u8::try_from(sum % 10).ok()
}

/// Whether a character may stand where the pattern letter says.
#[must_use]
pub fn allows(pattern: u8, character: u8) -> bool {
    match pattern {
        b'A'..=b'Z' => character == pattern,
        b'p' | b'i' => character.is_ascii_uppercase() && character != b'V',
        b'n' => character.is_ascii_uppercase() || character == b'<',
        b'd' | b'o' => character.is_ascii_digit() || character == b'<',
        b'k' => character.is_ascii_digit(),
        b's' => matches!(character, b'M' | b'F' | b'X' | b'<'),
        _ => character.is_ascii_uppercase() || character.is_ascii_digit() || character == b'<',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        assert_eq!(check_digit(*b"520727"), Some(3));
        assert_eq!(check_digit(*b"AB2134<<<"), Some(5));
        assert_eq!(check_digit(*b"HA672242<658022549601086<<<<<<<<<<<<<<0"), Some(8));
        assert_eq!(check_digit(*b"ab"), None);
    }

    #[test]
    fn every_pattern_is_as_long_as_its_format() {
        for layout in &LAYOUTS {
            let length = layout.format.layout().patterns[0].len();
            assert!(std::ptr::eq(layout, layout.format.layout()));
            assert!(layout.patterns.iter().all(|p| p.len() == length));
            assert_eq!(layout.patterns.len() * length, if length == 30 { 90 } else { 2 * length });
            for check in layout.checks {
                assert!(
                    b"ko".contains(&layout.patterns[check.at.0].as_bytes()[check.at.1]),
                    "{:?} {:?}",
                    layout.format,
                    check.field
                );
            }
        }
    }
}
