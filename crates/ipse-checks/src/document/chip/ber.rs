//! Tags, lengths and values (ITU-T X.690): what certificates, signed messages and data groups are made of.
//!
//! The reader takes definite lengths only, of at most four bytes, and never looks past what it was given. What comes
//! with indefinite lengths, as some issuers' security objects do, is first brought into definite ones by [`definite`].

use super::ChipError;
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};

pub(super) const BOOLEAN: u32 = 0x01;
pub(super) const INTEGER: u32 = 0x02;
pub(super) const BIT_STRING: u32 = 0x03;
pub(super) const OCTET_STRING: u32 = 0x04;
pub(super) const NULL: u32 = 0x05;
pub(super) const OID: u32 = 0x06;
pub(super) const SEQUENCE: u32 = 0x30;
pub(super) const SET: u32 = 0x31;

/// The constructed form of an octet string, in which BER may send it in pieces.
const PIECES: u32 = 0x24;

/// No honest message nests deeper; a hostile one costs at most this many passes over its bytes.
const DEEPEST: usize = 24;

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// The identifier octets as one number: `0x30`, `0x7F61`.
    pub tag: u32,
    pub content: &'a [u8],
    /// With its tag and length.
    pub whole: &'a [u8],
}

impl<'a> Element<'a> {
    pub fn inside(&self) -> Reader<'a> {
        Reader(self.content)
    }

    /// The content if the element bears this tag.
    pub fn of(self, tag: u32) -> Result<&'a [u8], ChipError> {
        if self.tag == tag { Ok(self.content) } else { Err(ChipError::Malformed) }
    }
}

/// Reads one element after another.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn next(&mut self) -> Result<Element<'a>, ChipError> {
        let (tag, length, header) = header(self.0)?;
        let end = length.and_then(|length| header.checked_add(length)).ok_or(ChipError::Malformed)?;
        let (whole, rest) = self.0.split_at_checked(end).ok_or(ChipError::Malformed)?;
        self.0 = rest;
        Ok(Element { tag, content: whole.get(header..).unwrap_or_default(), whole })
    }

    /// The next element, which has to bear this tag.
    pub fn take(&mut self, tag: u32) -> Result<Element<'a>, ChipError> {
        let element = self.next()?;
        element.of(tag)?;
        Ok(element)
    }

    /// The next element if it bears this tag; otherwise nothing is taken.
    pub fn take_if(&mut self, tag: u32) -> Result<Option<Element<'a>>, ChipError> {
        if self.is_empty() || header(self.0)?.0 != tag { Ok(None) } else { self.next().map(Some) }
    }

    /// Steps into the next element, which has to bear this tag.
    pub fn enter(&mut self, tag: u32) -> Result<Self, ChipError> {
        Ok(self.take(tag)?.inside())
    }

    /// Nothing may be left.
    pub fn finish(&self) -> Result<(), ChipError> {
        if self.is_empty() { Ok(()) } else { Err(ChipError::Malformed) }
    }

    /// A small whole number that is not negative, encoded in one byte.
    pub fn small(&mut self) -> Result<u8, ChipError> {
        match self.take(INTEGER)?.content {
            [value @ 0..=0x7F] => Ok(*value),
            _ => Err(ChipError::Malformed),
        }
    }

    /// The bytes of a bit string without unused bits.
    pub fn bits(&mut self) -> Result<&'a [u8], ChipError> {
        match self.take(BIT_STRING)?.content {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(ChipError::Malformed),
        }
    }

    /// The magnitude of a whole number that is not negative, in as few bytes as it takes (X.690 §8.3). Zero is empty.
    pub fn natural(&mut self) -> Result<&'a [u8], ChipError> {
        match self.take(INTEGER)?.content {
            [0, rest @ ..] if rest.first().is_none_or(|first| *first >= 0x80) => Ok(rest),
            whole @ [1..=0x7F, ..] => Ok(whole),
            _ => Err(ChipError::Malformed),
        }
    }

    /// A moment, as `UTCTime` or `GeneralizedTime` in UTC (RFC 5280 §4.1.2.5; two-digit years run from 1950 to 2049).
    pub fn time(&mut self) -> Result<Timestamp, ChipError> {
        let element = self.next()?;
        let text = std::str::from_utf8(element.content).map_err(|_| ChipError::Malformed)?;
        let digits = text.strip_suffix('Z').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let digits = digits.ok_or(ChipError::Malformed)?;
        let number = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i16>().ok());
        let (year, at) = match element.tag {
            0x17 => (number(0, 2).map(|year| if year < 50 { 2000 + year } else { 1900 + year }), 2),
            0x18 => (number(0, 4), 4),
            _ => (None, 0),
        };
        // Seconds are left out by a few issuers.
        let second = if digits.len() == at + 8 { Some(0) } else { number(at + 8, at + 10) };
        let part = |offset: usize| number(at + offset, at + offset + 2).and_then(|part| i8::try_from(part).ok());
        let moment = || {
            let second = i8::try_from(second?).ok()?;
            let civil = DateTime::new(year?, part(0)?, part(2)?, part(4)?, part(6)?, second, 0).ok()?;
            (digits.len() <= at + 10).then_some(())?;
            TimeZone::UTC.to_timestamp(civil).ok()
        };
        moment().ok_or(ChipError::Malformed)
    }
}

/// Tag, length of the content (`None` if indefinite) and length of the header.
fn header(bytes: &[u8]) -> Result<(u32, Option<usize>, usize), ChipError> {
    let mut octets = bytes.iter().copied();
    let mut next = || octets.next().ok_or(ChipError::Malformed);
    let first = next()?;
    let (mut tag, mut size) = (u32::from(first), 1);
    if first & 0x1F == 0x1F {
        // At most two further octets: no standard of this field has longer tags.
        for step in 0.. {
            let octet = next()?;
            tag = tag << 8 | u32::from(octet);
            size += 1;
            if octet & 0x80 == 0 {
                break;
            }
            if step == 1 {
                return Err(ChipError::Malformed);
            }
        }
    }
    let length = next()?;
    size += 1;
    let length = match length {
        0..=0x7F => Some(usize::from(length)),
        0x80 => None,
        0x81..=0x84 => {
            let mut value = 0;
            for _ in 0..length & 0x7F {
                value = value << 8 | usize::from(next()?);
                size += 1;
            }
            Some(value)
        }
        _ => return Err(ChipError::Malformed),
    };
    Ok((tag, length, size))
}

/// The one element these bytes are, in definite lengths and with octet strings in one piece. What is so already is
/// copied as it stands, so that signatures over it hold.
pub(super) fn definite(bytes: &[u8]) -> Result<Vec<u8>, ChipError> {
    let mut out = Vec::with_capacity(bytes.len());
    let rest = convert(bytes, DEEPEST, &mut out)?;
    if rest.is_empty() { Ok(out) } else { Err(ChipError::Malformed) }
}

fn convert<'a>(bytes: &'a [u8], deepest: usize, out: &mut Vec<u8>) -> Result<&'a [u8], ChipError> {
    let (tag, length, size) = header(bytes)?;
    let (head, rest) = bytes.split_at_checked(size).ok_or(ChipError::Malformed)?;
    let constructed = head.first().is_some_and(|first| first & 0x20 != 0);
    let (mut inner, mut rest, whole) = match length {
        Some(length) => {
            let (content, rest) = rest.split_at_checked(length).ok_or(ChipError::Malformed)?;
            (content, rest, bytes.get(..size + length))
        }
        None if constructed => (rest, rest, None),
        None => return Err(ChipError::Malformed),
    };
    if let (false, Some(whole)) = (constructed, whole) {
        out.extend_from_slice(whole);
        return Ok(rest);
    }
    let deeper = deepest.checked_sub(1).ok_or(ChipError::Malformed)?;
    let start = inner;
    let mut content = Vec::with_capacity(if whole.is_some() { start.len() } else { 0 });
    loop {
        match whole {
            Some(_) if inner.is_empty() => break,
            None if inner.starts_with(&[0, 0]) => {
                rest = inner.get(2..).unwrap_or_default();
                break;
            }
            _ => inner = convert(inner, deeper, &mut content)?,
        }
    }
    match whole {
        Some(whole) if content == start && tag != PIECES => out.extend_from_slice(whole),
        _ if tag == PIECES => {
            let mut joined = Vec::with_capacity(content.len());
            let mut pieces = Reader::new(&content);
            while !pieces.is_empty() {
                joined.extend_from_slice(pieces.take(OCTET_STRING)?.content);
            }
            write(&[0x04], &joined, out);
        }
        _ => write(head.get(..size - length_size(head)).unwrap_or_default(), &content, out),
    }
    Ok(rest)
}

/// How many octets of a header are its length.
fn length_size(head: &[u8]) -> usize {
    let long_tag = head.first().is_some_and(|first| first & 0x1F == 0x1F);
    let tag = if long_tag { 2 + head.iter().skip(1).take_while(|octet| **octet & 0x80 != 0).count() } else { 1 };
    head.len().saturating_sub(tag)
}

/// Writes an element with a definite length.
pub(super) fn write(tag: &[u8], content: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(tag);
    let length = content.len() as u32;
    match length {
        0..=0x7F => out.push(length as u8),
        _ => {
            let octets = length.to_be_bytes();
            let skip = octets.iter().take_while(|octet| **octet == 0).count();
            out.push(0x80 | (4 - skip) as u8);
            out.extend(octets.iter().skip(skip));
        }
    }
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite_and_pieces_one() {
        let sent = [0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0xAA, 0x04, 0x02, 0xBB, 0xCC, 0, 0, 0x02, 0x01, 0x05, 0, 0];
        assert_eq!(definite(&sent).unwrap(), [0x30, 0x08, 0x04, 0x03, 0xAA, 0xBB, 0xCC, 0x02, 0x01, 0x05]);
        // A definite element around an indefinite one gets a new length; long tags keep theirs.
        let sent = [0x7F, 0x61, 0x06, 0x30, 0x80, 0x05, 0x00, 0, 0];
        assert_eq!(definite(&sent).unwrap(), [0x7F, 0x61, 0x04, 0x30, 0x02, 0x05, 0x00]);
    }

    #[test]
    fn what_is_definite_stays_as_it_is() {
        // Even a length in more octets than it takes: somebody may have signed it.
        let sent = [0x30, 0x81, 0x03, 0x02, 0x01, 0x05];
        assert_eq!(definite(&sent).unwrap(), sent);
    }

    #[test]
    fn broken_and_bottomless_elements_are_refused() {
        for bad in [
            &[0x30_u8, 0x80, 0x05][..],
            &[0x04, 0x80, 0, 0],
            &[0x30, 0x02, 0x05],
            &[0x05, 0, 0],
            &[0x1F, 0xFF, 0xFF, 0xFF],
        ] {
            assert!(definite(bad).is_err(), "{bad:?}");
        }
        assert!(definite(&[0x30, 0x80].repeat(10_000)).is_err());
    }

    #[test]
    fn moments_are_read_in_both_forms() {
        for (sent, expected) in [
            (&b"\x17\x0D250519040314Z"[..], Some("2025-05-19T04:03:14Z")),
            (b"\x17\x0D500101000000Z", Some("1950-01-01T00:00:00Z")),
            (b"\x17\x0B2505190403Z", Some("2025-05-19T04:03:00Z")),
            (b"\x18\x0F20510228235959Z", Some("2051-02-28T23:59:59Z")),
            (b"\x18\x0F20510229235959Z", None),
            (b"\x17\x11250519040314+0000", None),
            (b"\x17\x00", None),
        ] {
            let read = Reader::new(sent).time().ok();
            assert_eq!(read.map(|moment| moment.to_string()).as_deref(), expected);
        }
    }
}
