//! Takes the lines of a zone apart into the data elements of ICAO Doc 9303.
//!
//! Lenient about content and strict about shape: a wrong check digit is a finding, not an error; a line of the wrong
//! length is an error.

use jiff::civil::Date;

use super::layout::{CheckedField, LAYOUTS, Layout, MrzFormat, Span, check_digit, value};

/// The data elements of a zone. Texts are without fillers unless said otherwise.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    pub format: MrzFormat,
    /// One or two letters, as `P`, `ID`, `V` (part 3, clause 4.4).
    pub document_code: String,
    /// One to three letters (part 3, section 5); `D` is Germany.
    pub issuing_state: String,
    /// Joined with its continuation in the optional data where it is longer than nine characters (part 5, clause
    /// 4.2.4).
    pub document_number: String,
    /// Surname, usually; fillers become single spaces.
    pub primary_identifier: String,
    /// Given names; empty when the person has only one name.
    pub secondary_identifier: String,
    /// The name fills its field to the end and may have been cut (part 3, clause 4.6).
    pub name_truncated: bool,
    pub nationality: String,
    /// `YYMMDD` as printed; unknown parts are `<<`.
    pub birth_date: String,
    /// `M`, `F`, `X`, or `<` where unspecified.
    pub sex: char,
    /// `YYMMDD` as printed; unknown parts are `<<`. Empty where the format has none.
    pub expiry_date: String,
    /// The optional fields in order, at most two; without a document number's continuation.
    pub optional_data: Vec<String>,
    pub check_digits: Vec<CheckDigit>,
}

/// One check digit (part 3, clause 4.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckDigit {
    pub field: CheckedField,
    /// As it stands in the zone, perhaps a filler or even a letter.
    pub printed: char,
    /// As it should be.
    pub computed: char,
    pub ok: bool,
}

/// Why lines are not a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MrzParseError {
    /// Neither two lines of 44 or 36 nor three of 30 characters.
    Shape,
    /// Something other than A–Z, 0–9 and `<`; line and column count from 0.
    Character { line: usize, column: usize },
}

impl std::fmt::Display for MrzParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shape => f.write_str("not two lines of 44 or 36 nor three of 30 characters"),
            Self::Character { line, column } => {
                write!(
                    f,
                    "a character that cannot stand in a machine readable zone, line {}, column {}",
                    line + 1,
                    column + 1
                )
            }
        }
    }
}

impl std::error::Error for MrzParseError {}

/// Personal data stay out of logs.
impl std::fmt::Debug for Mrz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mrz({:?}, {} check digits wrong)", self.format, self.check_digits.iter().filter(|c| !c.ok).count())
    }
}

/// Parses a zone given as its lines, without line ends.
///
/// # Errors [`MrzParseError`] when the lines cannot be a zone at all. Wrong check digits are no error, see
/// [`Mrz::check_digits`].
pub fn parse(lines: &[&str]) -> Result<Mrz, MrzParseError> {
    for (line, text) in lines.iter().take(4).enumerate() {
        if let Some(column) = text.chars().take(90).position(|c| u8::try_from(c).ok().and_then(value).is_none()) {
            return Err(MrzParseError::Character { line, column });
        }
    }
    let begins = |with: &str| lines.first().is_some_and(|line| line.starts_with(with));
    let layout = LAYOUTS
        .iter()
        .filter(|layout| {
            layout.patterns.len() == lines.len() && layout.patterns.iter().zip(lines).all(|(p, l)| p.len() == l.len())
        })
        .find(|layout| match layout.format {
            MrzFormat::MrvA | MrzFormat::MrvB => begins("V"),
            MrzFormat::FrenchId => begins("IDFRA"),
            MrzFormat::Td2 => !begins("V") && !begins("IDFRA"),
            MrzFormat::Td1 | MrzFormat::Td3 => !begins("V"),
        })
        .ok_or(MrzParseError::Shape)?;
    Ok(take_apart(layout, lines))
}

fn cut<'a>(lines: &[&'a str], span: &Span) -> &'a str {
    lines.get(span.line).and_then(|line| line.get(span.columns.clone())).unwrap_or_default()
}

/// Fillers become single spaces; none at the ends.
fn spaced(text: &str) -> String {
    text.split('<').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Without the fillers at the end; those inside stay, they may stand for a hyphen or a space.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches('<')
}

fn take_apart(layout: &Layout, lines: &[&str]) -> Mrz {
    let first = lines.first().copied().unwrap_or_default();
    let names = cut(lines, &layout.names);
    let (primary, secondary) = match &layout.given_names {
        Some(span) => (trimmed(names), cut(lines, span)),
        None => trimmed(names).split_once("<<").unwrap_or((trimmed(names), "")),
    };
    let mut optional: Vec<&str> = layout.optional.iter().map(|span| cut(lines, span)).collect();
    let long = long_number(layout, lines);
    let short = cut(lines, &layout.document_number);
    let document_number = match &long {
        Some((rest, _, after)) => {
            if let Some(field) = optional.first_mut() {
                *field = after;
            }
            format!("{short}{rest}")
        }
        None => short.to_owned(),
    };
    let check_digits = layout
        .checks
        .iter()
        .map(|check| {
            let mut covered: Vec<u8> = check.covers.iter().flat_map(|span| cut(lines, span).bytes()).collect();
            let (line, column) = check.at;
            let mut printed = lines.get(line).and_then(|l| l.as_bytes().get(column)).map_or('<', |b| char::from(*b));
            if check.field == CheckedField::DocumentNumber
                && let Some((rest, digit, _)) = &long
            {
                covered.extend(rest.bytes());
                printed = *digit;
            }
            let empty = covered.iter().all(|b| *b == b'<');
            let computed = check_digit(covered).map_or('<', |digit| char::from(b'0' + digit));
            let ok = printed == computed || (check.optional && empty && printed == '<');
            CheckDigit { field: check.field, printed, computed, ok }
        })
        .collect();
    Mrz {
        format: layout.format,
        document_code: spaced(first.get(..2).unwrap_or_default()),
        issuing_state: spaced(first.get(2..5).unwrap_or_default()),
        document_number: trimmed(&document_number).to_owned(),
        primary_identifier: spaced(primary),
        secondary_identifier: spaced(secondary),
        name_truncated: !names.ends_with('<')
            || layout.given_names.as_ref().is_some_and(|span| !cut(lines, span).ends_with('<')),
        nationality: spaced(cut(lines, &layout.nationality)),
        birth_date: cut(lines, &layout.birth_date).to_owned(),
        sex: cut(lines, &layout.sex).chars().next().unwrap_or('<'),
        expiry_date: cut(lines, &layout.expiry_date).to_owned(),
        optional_data: optional.into_iter().map(|text| trimmed(text).to_owned()).collect(),
        check_digits,
    }
}

/// The rest of a document number longer than nine characters, its check digit, and the optional data after it. Such a
/// number has a filler where the check digit would stand, and goes on in the optional data up to the next filler.
fn long_number<'a>(layout: &Layout, lines: &[&'a str]) -> Option<(&'a str, char, &'a str)> {
    let (line, column) = layout.checks.first()?.at;
    let filler = lines.get(line)?.as_bytes().get(column) == Some(&b'<');
    if !filler || !matches!(layout.format, MrzFormat::Td1 | MrzFormat::Td2) {
        return None;
    }
    let field = cut(lines, layout.optional.first()?);
    let (number, after) = field.split_once('<').unwrap_or((field, ""));
    let digit = number.chars().next_back()?;
    let rest = number.strip_suffix(digit)?;
    (!rest.is_empty()).then_some((rest, digit, after))
}

impl Mrz {
    /// Every check digit agrees.
    #[must_use]
    pub fn checks_agree(&self) -> bool {
        self.check_digits.iter().all(|check| check.ok)
    }

    /// The date of birth with its century: the latest that is not after `today` (year, month, day). `None` where a part
    /// is unknown or the date does not exist.
    #[must_use]
    pub fn birth_date(&self, today: (i16, i8, i8)) -> Option<Date> {
        let today = Date::new(today.0, today.1, today.2).ok()?;
        let this_century = today.year() - today.year().rem_euclid(100);
        [this_century, this_century - 100]
            .into_iter()
            .filter_map(|century| date(&self.birth_date, century))
            .find(|date| *date <= today)
    }

    /// The date of expiry with its century: the one within fifty years of `today` (year, month, day). `None` where a
    /// part is unknown or the date does not exist.
    #[must_use]
    pub fn expiry_date(&self, today: (i16, i8, i8)) -> Option<Date> {
        let today = Date::new(today.0, today.1, today.2).ok()?;
        let this_century = today.year() - today.year().rem_euclid(100);
        [this_century - 100, this_century, this_century + 100]
            .into_iter()
            .filter_map(|century| date(&self.expiry_date, century))
            .min_by_key(|date| (date.year() - today.year()).abs())
    }
}

fn date(text: &str, century: i16) -> Option<Date> {
    let part =
        |from: usize| text.get(from..from + 2).filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?.parse::<i8>().ok();
    Date::new(century + i16::from(part(0)?), part(2)?, part(4)?).ok()
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
