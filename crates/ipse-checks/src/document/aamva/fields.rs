//! From elements to fields with a meaning.

use super::{Fault, Licence, issuers};
use ipse_core::Private;
use ipse_core::date::Date;

/// Where the holder lives or gets letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    pub street: Option<Private<String>>,
    /// A second line.
    pub unit: Option<Private<String>>,
    pub city: Option<Private<String>>,
    /// Two letters.
    pub jurisdiction: Option<Private<String>>,
    /// Letters and digits only; the zeros that fill a United States code up to nine digits are taken off.
    pub postal_code: Option<Private<String>>,
}

/// Height as the issuer measures it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Height {
    Inches(u16),
    Centimetres(u16),
}

#[derive(Default)]
struct Names {
    family: String,
    given: String,
    middle: String,
    suffix: String,
}

pub(super) fn fill(licence: &mut Licence) {
    let text = |id: &str| licence.element(id).map(str::to_owned).unwrap_or_default();
    let first_of = |ids: [&str; 2]| ids.into_iter().map(text).find(|value| !value.is_empty()).unwrap_or_default();
    let address = Address {
        street: present(&first_of(["DAG", "DAL"])),
        unit: present(&first_of(["DAH", "DAM"])),
        city: present(&first_of(["DAI", "DAN"])),
        jurisdiction: present(&first_of(["DAJ", "DAO"])),
        postal_code: present(&postal_code(&first_of(["DAK", "DAP"]))),
    };
    let issuer = licence.issuer.and_then(issuers::by_number);
    let home = address.jurisdiction.as_ref().map(|letters| letters.reveal().clone());
    let jurisdiction = issuer.map(|(letters, _)| letters.to_owned()).or(home);
    let country =
        issuer.map(|(_, country)| country.to_owned()).or_else(|| country(&text("DCG"), jurisdiction.as_deref()));
    let names = names(licence, jurisdiction.as_deref().unwrap_or_default());
    let truncated = ["DDE", "DDF", "DDG"].iter().any(|id| licence.element(id) == Some("T"));
    let number = licence.element("DAQ").map(|number| Private::new(number.to_owned()));
    let metric = country.as_deref() == Some("CAN");

    let mut faults = Vec::new();
    if issuer.is_none() {
        faults.push(Fault::Issuer);
    }
    // An empty element is missing or does not apply; one that is filled must have its form.
    let mut read = |id: &'static str, found: bool| {
        if !found && licence.element(id).is_some() {
            faults.push(Fault::Malformed(id));
        }
    };
    let (birth, issue, expiry) = (date(&text("DBB")), date(&text("DBD")), date(&text("DBA")));
    let (sex, height) = (sex(&text("DBC")), height(&text("DAU"), metric));
    read("DBB", birth.is_some());
    read("DBD", issue.is_some());
    read("DBA", expiry.is_some());
    read("DBC", sex.is_some());
    read("DAU", height.is_some());

    licence.birth_date = birth.map(Private::new);
    licence.issue_date = issue.map(Private::new);
    licence.expiry_date = expiry.map(Private::new);
    licence.sex = sex.map(Private::new);
    licence.height = height.map(Private::new);
    licence.family_name = present(&names.family);
    licence.given_name = present(&names.given);
    licence.middle_name = present(&names.middle);
    licence.suffix = present(&names.suffix);
    licence.name_truncated = truncated;
    licence.document_number = number;
    licence.jurisdiction = jurisdiction.map(Private::new);
    licence.country = country.map(Private::new);
    licence.address = address;
    licence.faults.extend(faults);
}

/// A value, unless it is one of the standard's words for having none.
fn present(value: &str) -> Option<Private<String>> {
    let value = tidy(value);
    (!value.is_empty() && !is_none(value)).then(|| Private::new(value.to_owned()))
}

fn is_none(value: &str) -> bool {
    ["NONE", "UNAVL", "UNAV"].contains(&value)
}

fn tidy(value: &str) -> &str {
    value.trim_matches(|c: char| c.is_whitespace() || c == ',')
}

fn country(element: &str, jurisdiction: Option<&str>) -> Option<String> {
    match element {
        "USA" | "US" => Some("USA".to_owned()),
        "CAN" | "CA" | "CDN" => Some("CAN".to_owned()),
        "" => jurisdiction.and_then(issuers::country).map(str::to_owned),
        other => (other.len() == 3).then(|| other.to_owned()),
    }
}

/// Eight digits, the year first or last. Years begin with 19, 20 or 21, which no month does, so the two can't be taken for
/// one another; the standard demands year-first in version 1 and in Canada, but not every issuer obeys.
fn date(value: &str) -> Option<Date> {
    let digits: String = value.chars().filter(|c| !matches!(c, '-' | '/' | '.' | ' ')).collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let build = |year: Option<i16>, month: Option<i16>, day: Option<i16>| {
        let year = year.filter(|year| (1880..2200).contains(year))?;
        Date::new(year, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?).ok()
    };
    let year_last = build(number(4, 8), number(0, 2), number(2, 4));
    year_last.or_else(|| build(number(0, 4), number(4, 6), number(6, 8)))
}

/// ANSI D-20 codes, and the letters that version 1 allows.
fn sex(value: &str) -> Option<char> {
    match value {
        "1" | "M" => Some('M'),
        "2" | "F" => Some('F'),
        "9" | "X" | "0" | "U" => Some('X'),
        _ => None,
    }
}

/// Inches or centimetres with their unit; feet and inches as three digits (version 1) or as `5'09"`.
fn height(value: &str, metric: bool) -> Option<Height> {
    let mut numbers = value.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (first, second) = (numbers.next()?, numbers.next());
    let number = |text: &str| text.parse::<u16>().ok();
    let whole = number(first)?;
    let unit: String = value.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let found = match (unit.as_str(), second.map(number)) {
        ("cm", None) => Height::Centimetres(whole),
        ("" | "ftin" | "ft", Some(Some(inches))) if inches < 12 => Height::Inches(whole.checked_mul(12)? + inches),
        ("", None) if metric && whole > 100 => Height::Centimetres(whole),
        ("", None) if first.len() == 3 && whole >= 300 && whole % 100 < 12 => {
            Height::Inches(whole / 100 * 12 + whole % 100)
        }
        ("in" | "", None) => Height::Inches(whole),
        _ => return None,
    };
    match found {
        Height::Inches(inches) => (20..=100).contains(&inches),
        Height::Centimetres(centimetres) => (50..=250).contains(&centimetres),
    }
    .then_some(found)
}

fn postal_code(value: &str) -> String {
    let code: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    match code.split_at_checked(5) {
        Some((zip, rest)) if zip.bytes().all(|b| b.is_ascii_digit()) && rest.bytes().all(|b| b == b'0') => {
            zip.to_owned()
        }
        _ => code,
    }
}

/// Names by the elements that hold them one by one, else by those of version 3 (given names together, DCT), else by
/// those of version 1 (all together, DAA).
fn names(licence: &Licence, jurisdiction: &str) -> Names {
    let text = |id: &str| licence.element(id).map(tidy).unwrap_or_default().to_owned();
    let either =
        |one: &str, other: &str| Some(text(one)).filter(|value| !value.is_empty()).unwrap_or_else(|| text(other));
    let mut names =
        Names { family: either("DCS", "DAB"), given: text("DAC"), middle: text("DAD"), suffix: either("DCU", "DAE") };
    if names.family.is_empty() && names.given.is_empty() && licence.element("DAA").is_some() {
        names = together(&text("DAA"), jurisdiction);
    } else if names.given.is_empty() {
        (names.given, names.middle) = given(&text("DCT"));
    } else if names.middle.is_empty() {
        // Given names may be two; only a comma, or a lone letter where the middle name's element is empty, shows that a
        // middle name came along.
        let left_empty =
            licence.elements.iter().any(|element| element.id == "DAD" && element.value.reveal().is_empty());
        let lone_letter = names.given.rsplit_once(' ').is_some_and(|(_, last)| last.len() == 1);
        if names.given.contains(',') || (left_empty && lone_letter) {
            (names.given, names.middle) = given(&names.given);
        }
    }
    names
}

/// The first of several given names, and the others: parted by commas, or where there are none, by spaces.
fn given(text: &str) -> (String, String) {
    let (first, others) = text.split_once(',').or_else(|| text.split_once(' ')).unwrap_or((text, ""));
    let others: Vec<&str> = others.split([',', ' ']).filter(|name| !name.is_empty()).collect();
    (first.trim().to_owned(), others.join(" "))
}

fn is_suffix(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_ascii_uppercase();
    ["JR", "SR", "I", "II", "III", "IV", "V", "VI", "1ST", "2ND", "3RD", "4TH", "5TH"].contains(&word.as_str())
}

/// DAA: last, first, middle, suffix with commas between (2000 standard, table of DAA), which Colorado writes with the
/// last name after the others, and Pennsylvania as one speaks, without commas.
fn together(text: &str, jurisdiction: &str) -> Names {
    let separator = [',', '$'].into_iter().find(|separator| text.contains(*separator));
    let mut parts: Vec<&str> = match separator {
        Some(separator) => text.split(separator).map(str::trim).collect(),
        None => text.split_whitespace().collect(),
    };
    let spoken = jurisdiction == "CO" || (jurisdiction == "PA" && separator.is_none());
    let mut names = Names::default();
    // "I" and "V" are initials more often than suffixes, so only what stands in the fourth place may be one.
    let suffix = parts.last().filter(|last| parts.len() > 2 && is_suffix(last) && (last.len() > 1 || parts.len() > 3));
    if let Some(suffix) = suffix {
        names.suffix = (*suffix).to_owned();
        parts.pop();
    }
    while spoken && parts.last().is_some_and(|last| last.is_empty()) {
        parts.pop();
    }
    if spoken {
        names.family = parts.pop().unwrap_or_default().to_owned();
    } else if !parts.is_empty() {
        names.family = parts.remove(0).to_owned();
    }
    let mut parts = parts.into_iter();
    names.given = parts.next().unwrap_or_default().to_owned();
    let others: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if others.is_empty() && separator.is_some() {
        (names.given, names.middle) = given(&names.given);
    } else {
        names.middle = others.join(" ");
    }
    names
}
