//! From a payload to its elements, by what they look like rather than by the offsets in the header, which are often
//! wrong.

use super::{Element, Fault};
use ipse_core::Private;
use ipse_core::document::DocumentKind;

pub(super) struct Raw {
    pub version: u8,
    pub issuer: Option<u32>,
    pub kind: Option<DocumentKind>,
    pub elements: Vec<Element>,
    pub faults: Vec<Fault>,
}

/// How far into a payload the file type may begin; what scanners put before it is short.
const HEADER_REACH: usize = 40;
/// An offset or a length that is off by so little is the standard's own mistake.
const DIRECTORY_TOLERANCE: usize = 2;
/// Without a header, so many elements are needed to believe that it is a licence.
const LEAST_WITHOUT_HEADER: usize = 5;

struct Entry<'a> {
    kind: &'a str,
    offset: usize,
    length: usize,
}

pub(super) fn split(payload: &str) -> Option<Raw> {
    let mut raw = Raw { version: 0, issuer: None, kind: None, elements: Vec::new(), faults: Vec::new() };
    let header = header(payload);
    let (body, typed_by_keyboard) = match &header {
        Some(header) => {
            raw.version = header.version;
            raw.issuer = Some(header.issuer);
            (header.rest, header.typed_by_keyboard)
        }
        None => (payload, false),
    };
    if !header.as_ref().is_some_and(|header| header.sound) {
        raw.faults.push(Fault::Header);
    }

    let (entries, body) = directory(body);
    let announced = header.as_ref().is_some_and(|header| header.entries == entries.len());
    if !announced || !entries.iter().all(|entry| entry.is_true(payload)) {
        raw.faults.push(Fault::Directory);
    }
    let kinds: Vec<&str> = entries.iter().map(|entry| entry.kind).chain(["DL", "ID", "EN"]).collect();
    let body = skip_noise(body);
    raw.kind = kinds.iter().find_map(|kind| kind_of(kind)).filter(|_| !entries.is_empty());
    if raw.kind.is_none() {
        raw.kind = body.get(..2).and_then(kind_of);
    }

    let piped = body.matches('|').count() > body.matches('\n').count();
    let mut stray = piped;
    for segment in body.split(|c: char| c.is_control() || (piped && c == '|')) {
        let glued = next_subfile(segment, &kinds);
        stray |= glued.is_some();
        let (first, second) = glued.unwrap_or((segment, ""));
        for piece in [first, second] {
            let clean = piece.trim_start().trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            stray |= clean.len() < piece.trim_start().len() && !clean.is_empty();
            let piece = without_kind(clean, &kinds);
            if is_element(piece) {
                let (id, value) = piece.split_at(3);
                let value = Private::new(value.trim().to_owned());
                raw.elements.push(Element { id: id.to_owned(), value });
            } else {
                stray |= !piece.is_empty();
            }
        }
    }
    if typed_by_keyboard && let Some(last) = raw.elements.last_mut() {
        // The end of the last subfile is a carriage return, which such a scanner types as the letter M.
        let text = last.value.reveal();
        last.value = Private::new(text.strip_suffix('M').unwrap_or(text).trim_end().to_owned());
        stray = true;
    }
    if stray {
        raw.faults.push(Fault::Separator);
    }
    let believable = if header.is_some() { 1 } else { LEAST_WITHOUT_HEADER };
    (raw.elements.len() >= believable).then_some(raw)
}

struct Header<'a> {
    issuer: u32,
    version: u8,
    entries: usize,
    sound: bool,
    /// Control characters came as letters: the record separator as `6`, the carriage return as `M`.
    typed_by_keyboard: bool,
    rest: &'a str,
}

/// The file type, the issuer's six digits, the version's two, from version 2 on two of the jurisdiction's own version,
/// and two that count the subfiles.
fn header(payload: &str) -> Option<Header<'_>> {
    for (at, _) in payload.char_indices().take(HEADER_REACH) {
        let (before, from) = payload.split_at_checked(at)?;
        let Some((kind, after)) = ["ANSI", "AAMVA"].iter().find_map(|kind| Some((*kind, from.strip_prefix(kind)?)))
        else {
            continue;
        };
        let digits_on = after.trim_start_matches(' ');
        let length = digits_on.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = digits_on.split_at_checked(length)?;
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        let (Some(issuer), Some(version), Some(entries)) =
            (number(0, 6), number(6, 8), number(length.saturating_sub(2).max(8), length))
        else {
            continue;
        };
        let usual = if version <= 1 { 10 } else { 12 };
        let type_is_right = kind == "ANSI" && after.starts_with(' ') || kind == "AAMVA" && version <= 1;
        return Some(Header {
            issuer,
            version: version as u8,
            entries: entries as usize,
            sound: before == "@\n\u{1e}\r" && type_is_right && length == usual,
            typed_by_keyboard: before.ends_with('M'),
            rest,
        });
    }
    None
}

/// The list of subfiles: two letters, four digits of offset, four of length, each.
fn directory(mut body: &str) -> (Vec<Entry<'_>>, &str) {
    let mut entries = Vec::new();
    while let Some((entry, rest)) = body.split_at_checked(10) {
        let Some((kind, numbers)) = entry.split_at_checked(2) else { break };
        if !kind.bytes().all(|b| b.is_ascii_uppercase()) || !numbers.bytes().all(|b| b.is_ascii_digit()) {
            break;
        }
        let number = |part: Option<&str>| part.and_then(|digits| digits.parse().ok()).unwrap_or(0);
        entries.push(Entry { kind, offset: number(numbers.get(..4)), length: number(numbers.get(4..)) });
        body = rest;
    }
    (entries, body)
}

impl Entry<'_> {
    /// Whether the subfile begins where the list says and ends with its terminator.
    fn is_true(&self, payload: &str) -> bool {
        let bytes = payload.as_bytes();
        let near = |place: usize| place.saturating_sub(DIRECTORY_TOLERANCE)..=place + DIRECTORY_TOLERANCE;
        let begins = near(self.offset).any(|at| bytes.get(at..).is_some_and(|b| b.starts_with(self.kind.as_bytes())));
        let ends = near(self.offset + self.length).any(|end| end > 0 && bytes.get(end - 1) == Some(&b'\r'));
        begins && ends
    }
}

fn kind_of(letters: &str) -> Option<DocumentKind> {
    match letters {
        "DL" | "EN" => Some(DocumentKind::DrivingLicence),
        "ID" => Some(DocumentKind::IdCard),
        _ => None,
    }
}

/// Where the list of subfiles was not understood, the first subfile begins at its letters followed by an element.
fn skip_noise(body: &str) -> &str {
    if is_element(body) {
        return body;
    }
    let line = body.split(char::is_control).next().unwrap_or_default();
    let mut starts = line.char_indices().filter_map(|(at, _)| body.get(at..));
    starts.find(|from| without_kind(from, &["DL", "ID", "EN"]).len() < from.len()).unwrap_or(body)
}

/// The standard's own elements are DAA to DDZ, a jurisdiction's ZAA to ZZZ.
fn is_element(text: &str) -> bool {
    match text.as_bytes() {
        [b'D', second, third, ..] => (b'A'..=b'D').contains(second) && third.is_ascii_uppercase(),
        [b'Z', second, third, ..] => second.is_ascii_uppercase() && third.is_ascii_uppercase(),
        _ => false,
    }
}

/// Takes a subfile's two letters off the element that follows them.
fn without_kind<'a>(text: &'a str, kinds: &[&str]) -> &'a str {
    let after = kinds.iter().find_map(|kind| text.strip_prefix(kind));
    after.filter(|rest| is_element(rest)).unwrap_or(text)
}

/// Parts an element from a jurisdiction's subfile that follows it without a terminator, or with the letter M where a
/// keyboard typed one: `…MZIZIC457`.
fn next_subfile<'a>(segment: &'a str, kinds: &[&str]) -> Option<(&'a str, &'a str)> {
    let (at, _) = segment.char_indices().skip(3).find(|(at, _)| {
        let from = segment.get(*at..).unwrap_or_default();
        kinds.iter().any(|kind| {
            let after = from.strip_prefix(kind).and_then(|rest| rest.strip_prefix(kind));
            kind.starts_with('Z') && after.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        })
    })?;
    let (before, from) = segment.split_at_checked(at)?;
    Some((before.strip_suffix('M').unwrap_or(before), from))
}
