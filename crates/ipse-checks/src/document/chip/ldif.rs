//! Directory exports (RFC 2849), as the ICAO PKD is downloaded.
//!
//! A file is taken whole or not at all: half of one might lack just the list that revokes a signer.

use super::ber::Reader;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A signed list of authorities.
    MasterList,
    /// A document signer: to be found by name, never an authority.
    Signer,
    RevocationList,
}

/// Why a directory export was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LdifFault {
    /// The line on which the value begins, counted from one.
    pub line: usize,
    /// What is wrong with it.
    pub code: LdifCode,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LdifCode {
    /// Longer than any list of the world's authorities.
    LdifTooLong,
    /// Not base64, or cut off.
    LdifNotBase64,
    /// Base64, but not one whole element: cut off, or something else.
    LdifNotDer,
    /// Kept elsewhere, or not in base64: nothing is fetched.
    LdifNotInline,
}

impl std::fmt::Display for LdifFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (code, words) = match self.code {
            LdifCode::LdifTooLong => ("ldif_too_long", "a value is too long"),
            LdifCode::LdifNotBase64 => ("ldif_not_base64", "a value is not base64, or cut off"),
            LdifCode::LdifNotDer => ("ldif_not_der", "a value is not one whole element, or cut off"),
            LdifCode::LdifNotInline => ("ldif_not_inline", "a value does not stand in the file in base64"),
        };
        write!(formatter, "line {}: {words} ({code})", self.line)
    }
}

/// Longest value in letters of base64. The German list of the world's authorities takes a million and a half.
const LETTERS: usize = 32 << 20;

/// The binary attributes of interest.
///
/// # Errors
/// [`LdifFault`] at the first of them that cannot be taken.
pub(super) fn binaries(bytes: &[u8]) -> Result<Vec<(Entry, Vec<u8>)>, LdifFault> {
    let mut found = Vec::new();
    let mut current: Option<Value> = None;
    // A line that starts with a space goes on where the last one stopped.
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(more) = line.strip_prefix(b" ") {
            if let Some(value) = &mut current {
                value.add(more)?;
            }
            continue;
        }
        if let Some(value) = current.take() {
            found.push(value.finished()?);
        }
        let Some((name, rest)) = line.iter().position(|byte| *byte == b':').and_then(|at| line.split_at_checked(at))
        else {
            continue;
        };
        if let Some(entry) = entry(name) {
            let mut value = Value { entry, line: number + 1, letters: Vec::new() };
            value.add(rest.strip_prefix(b"::").ok_or_else(|| value.fault(LdifCode::LdifNotInline))?.trim_ascii())?;
            current = Some(value);
        }
    }
    found.extend(current.map(Value::finished).transpose()?);
    Ok(found)
}

/// A value, while its lines are joined.
struct Value {
    entry: Entry,
    line: usize,
    letters: Vec<u8>,
}

impl Value {
    const fn fault(&self, code: LdifCode) -> LdifFault {
        LdifFault { line: self.line, code }
    }

    fn add(&mut self, letters: &[u8]) -> Result<(), LdifFault> {
        if self.letters.len() + letters.len() > LETTERS {
            return Err(self.fault(LdifCode::LdifTooLong));
        }
        self.letters.extend_from_slice(letters);
        Ok(())
    }

    fn finished(self) -> Result<(Entry, Vec<u8>), LdifFault> {
        let der = STANDARD.decode(&self.letters).map_err(|_| self.fault(LdifCode::LdifNotBase64))?;
        let mut outer = Reader::new(&der);
        // Of an indefinite length only its reader knows the end.
        let whole = der.starts_with(&[0x30, 0x80]) || (outer.next().is_ok() && outer.is_empty());
        if whole { Ok((self.entry, der)) } else { Err(self.fault(LdifCode::LdifNotDer)) }
    }
}

fn entry(attribute: &[u8]) -> Option<Entry> {
    match attribute.to_ascii_lowercase().as_slice() {
        b"pkdmasterlistcontent" | b"cscamasterlistdata" => Some(Entry::MasterList),
        b"usercertificate;binary" => Some(Entry::Signer),
        b"certificaterevocationlist;binary" => Some(Entry::RevocationList),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_are_joined_and_the_rest_is_passed_over() {
        let export = b"version: 1\n# a remark\n folded\ndn: c=UT,dc=data\nuserCertificate;binary:: BAIB\n Ag==\ncn:: AAAA\r\n\r\nPKDmasterlistcontent:: BAH/\r\n";
        assert_eq!(
            binaries(export).unwrap(),
            [(Entry::Signer, vec![4, 2, 1, 2]), (Entry::MasterList, vec![4, 1, 0xFF])]
        );
    }

    #[test]
    fn a_value_that_cannot_be_taken_is_named_by_its_line() {
        for (value, code) in [
            (":: BAIBAg", LdifCode::LdifNotBase64),
            (":: BAIB\n Ag=", LdifCode::LdifNotBase64),
            (":: BAIB\nAg==", LdifCode::LdifNotDer),
            (":: !!!!", LdifCode::LdifNotBase64),
            (":: BAéB", LdifCode::LdifNotBase64),
            (":: BAIBAgA=", LdifCode::LdifNotDer),
            ("::", LdifCode::LdifNotDer),
            (": BAIBAg==", LdifCode::LdifNotInline),
            (":< file:///etc/passwd", LdifCode::LdifNotInline),
        ] {
            let export = format!("version: 1\n\ndn: c=UT\ncertificateRevocationList;binary{value}\n");
            assert_eq!(binaries(export.as_bytes()), Err(LdifFault { line: 4, code }), "{value}");
        }
        let long = [b"dn: x\nuserCertificate;binary:: ".as_slice(), &vec![b'A'; LETTERS + 1]].concat();
        assert_eq!(binaries(&long), Err(LdifFault { line: 2, code: LdifCode::LdifTooLong }));
        let folded =
            [b"userCertificate;binary:: ".as_slice(), &b"\n AAAAAAAAAAAAAAAA".repeat(LETTERS / 16 + 1)].concat();
        assert_eq!(binaries(&folded), Err(LdifFault { line: 1, code: LdifCode::LdifTooLong }));
    }
}
