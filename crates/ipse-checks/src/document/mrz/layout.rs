//! The five layouts of ICAO Doc 9303: which characters may stand where, and what each check digit covers.
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
}

/// A field that a check digit covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckedField {
    DocumentNumber,
    BirthDate,
    ExpiryDate,
    /// TD3 only: the personal number or other optional data.
    OptionalData,
    /// Everything important at once; visas have none.
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

/// Columns of one format. Patterns, one letter for each column: `c` letter; `n` letter or filler; `x` letter, digit or
/// filler; `d` digit or filler; `k` digit; `o` digit or filler; `s` one of `M`, `F`, `X`, `<`.
pub struct Layout {
    pub format: MrzFormat,
    pub patterns: &'static [&'static str],
    pub checks: &'static [Check],
    pub document_number: Span,
    pub nationality: Span,
    pub birth_date: Span,
    pub sex: Span,
    pub expiry_date: Span,
    pub names: Span,
    pub optional: &'static [Span],
}

const fn check(field: CheckedField, covers: &'static [Span], at: (usize, usize), optional: bool) -> Check {
    Check { field, covers, at, optional }
}

use CheckedField::{BirthDate, Composite, DocumentNumber, ExpiryDate, OptionalData};

pub static LAYOUTS: [Layout; 5] = [
    Layout {
        format: MrzFormat::Td3,
        patterns: &["cnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxknnnddddddksddddddkxxxxxxxxxxxxxxok"],
        checks: &[
            check(DocumentNumber, &[span(1, 0, 9)], (1, 9), false),
            check(BirthDate, &[span(1, 13, 19)], (1, 19), false),
            check(ExpiryDate, &[span(1, 21, 27)], (1, 27), false),
            check(OptionalData, &[span(1, 28, 42)], (1, 42), true),
            check(Composite, &[span(1, 0, 10), span(1, 13, 20), span(1, 21, 43)], (1, 43), false),
        ],
        document_number: span(1, 0, 9),
        nationality: span(1, 10, 13),
        birth_date: span(1, 13, 19),
        sex: span(1, 20, 21),
        expiry_date: span(1, 21, 27),
        names: span(0, 5, 44),
        optional: &[span(1, 28, 42)],
    },
    Layout {
        format: MrzFormat::MrvA,
        patterns: &["cnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxknnnddddddksddddddkxxxxxxxxxxxxxxxx"],
        checks: &[
            check(DocumentNumber, &[span(1, 0, 9)], (1, 9), false),
            check(BirthDate, &[span(1, 13, 19)], (1, 19), false),
            check(ExpiryDate, &[span(1, 21, 27)], (1, 27), false),
        ],
        document_number: span(1, 0, 9),
        nationality: span(1, 10, 13),
        birth_date: span(1, 13, 19),
        sex: span(1, 20, 21),
        expiry_date: span(1, 21, 27),
        names: span(0, 5, 44),
        optional: &[span(1, 28, 44)],
    },
    Layout {
        format: MrzFormat::Td2,
        patterns: &["cnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxonnnddddddksddddddkxxxxxxxk"],
        checks: &[
            check(DocumentNumber, &[span(1, 0, 9)], (1, 9), false),
            check(BirthDate, &[span(1, 13, 19)], (1, 19), false),
            check(ExpiryDate, &[span(1, 21, 27)], (1, 27), false),
            check(Composite, &[span(1, 0, 10), span(1, 13, 20), span(1, 21, 35)], (1, 35), false),
        ],
        document_number: span(1, 0, 9),
        nationality: span(1, 10, 13),
        birth_date: span(1, 13, 19),
        sex: span(1, 20, 21),
        expiry_date: span(1, 21, 27),
        names: span(0, 5, 36),
        optional: &[span(1, 28, 35)],
    },
    Layout {
        format: MrzFormat::MrvB,
        patterns: &["cnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", "xxxxxxxxxknnnddddddksddddddkxxxxxxxx"],
        checks: &[
            check(DocumentNumber, &[span(1, 0, 9)], (1, 9), false),
            check(BirthDate, &[span(1, 13, 19)], (1, 19), false),
            check(ExpiryDate, &[span(1, 21, 27)], (1, 27), false),
        ],
        document_number: span(1, 0, 9),
        nationality: span(1, 10, 13),
        birth_date: span(1, 13, 19),
        sex: span(1, 20, 21),
        expiry_date: span(1, 21, 27),
        names: span(0, 5, 36),
        optional: &[span(1, 28, 36)],
    },
    Layout {
        format: MrzFormat::Td1,
        patterns: &[
            "cnnnnxxxxxxxxxoxxxxxxxxxxxxxxx",
            "ddddddksddddddknnnxxxxxxxxxxxk",
            "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
        ],
        checks: &[
            check(DocumentNumber, &[span(0, 5, 14)], (0, 14), false),
            check(BirthDate, &[span(1, 0, 6)], (1, 6), false),
            check(ExpiryDate, &[span(1, 8, 14)], (1, 14), false),
            check(Composite, &[span(0, 5, 30), span(1, 0, 7), span(1, 8, 15), span(1, 18, 29)], (1, 29), false),
        ],
        document_number: span(0, 5, 14),
        nationality: span(1, 15, 18),
        birth_date: span(1, 0, 6),
        sex: span(1, 7, 8),
        expiry_date: span(1, 8, 14),
        names: span(2, 0, 30),
        optional: &[span(0, 15, 30), span(1, 18, 29)],
    },
];

impl MrzFormat {
    /// The table of this format.
    #[must_use]
    pub fn layout(self) -> &'static Layout {
        let [td3, mrv_a, td2, mrv_b, td1] = &LAYOUTS;
        match self {
            Self::Td3 => td3,
            Self::MrvA => mrv_a,
            Self::Td2 => td2,
            Self::MrvB => mrv_b,
            Self::Td1 => td1,
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
        b'c' => character.is_ascii_uppercase(),
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
