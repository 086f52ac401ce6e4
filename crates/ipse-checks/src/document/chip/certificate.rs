//! X.509 certificates (RFC 5280) as far as document signers and their countries' authorities go (ICAO 9303-12 §7).
//!
//! Tolerant of what real issuers write (numbers that are negative, texts of any kind, missing extensions), strict about
//! the shape: every octet outside the signed part has exactly one way to be.

use super::ChipError;
use super::ber::{self, Element, Reader};
use super::oid;
use super::signature::{PublicKey, Scheme, scheme};
use jiff::Timestamp;

/// A distinguished name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The relative names and the values in each, sorted: some issuers list the same ones in another order elsewhere.
    parts: Vec<Vec<Vec<u8>>>,
    /// The same for finding: kinds of text, letter case and spaces do not count (RFC 5280 §7.1).
    folded: Vec<String>,
    /// ISO 3166-1, two letters, upper case.
    pub country: Option<String>,
}

impl Name {
    pub fn read(element: Element<'_>) -> Result<Self, ChipError> {
        let mut names = Reader::new(element.of(ber::SEQUENCE)?);
        let (mut parts, mut folded, mut country) = (Vec::new(), Vec::new(), None);
        while !names.is_empty() {
            let part = names.take(ber::SET)?;
            let mut values = Vec::new();
            let mut attributes = part.inside();
            while !attributes.is_empty() {
                let mut attribute = attributes.enter(ber::SEQUENCE)?;
                let kind = attribute.take(ber::OID)?.content;
                let value = attribute.next()?;
                attribute.finish()?;
                values.push([kind, &plain(value)].concat());
                let text = text(value);
                if kind == oid::COUNTRY {
                    country = Some(text.trim().to_uppercase());
                }
                let words: Vec<&str> = text.split_whitespace().collect();
                folded.push(format!("{kind:02X?}={}", words.join(" ").to_lowercase()));
            }
            values.sort_unstable();
            parts.push(values);
        }
        parts.sort_unstable();
        folded.sort_unstable();
        Ok(Self { parts, folded, country })
    }

    /// By which names are found.
    pub fn key(&self) -> &[String] {
        &self.folded
    }

    /// The same relative names, letter by letter, in whatever order and whatever kind of text.
    pub fn is_same(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

/// A text of any of the kinds that names are made of.
fn text(element: Element<'_>) -> String {
    match element.tag {
        0x1E => char::decode_utf16(
            element.content.chunks_exact(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))),
        )
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect(),
        _ => String::from_utf8_lossy(element.content).into_owned(),
    }
}

/// A value as it is compared: its letters, where it is of a kind of text that issuers take for one another, otherwise all
/// of its octets. No two of these kinds differ in a single bit, so that a flipped one is still noticed.
fn plain(element: Element<'_>) -> Vec<u8> {
    const UTF_8: u32 = 0x0C;
    const PRINTABLE: u32 = 0x13;
    const TELETEX: u32 = 0x14;
    const UTF_16: u32 = 0x1E;
    let content = element.content;
    let exact = match element.tag {
        UTF_8 => std::str::from_utf8(content).is_ok(),
        PRINTABLE | TELETEX => content.is_ascii(),
        UTF_16 => content.len().is_multiple_of(2) && !text(element).contains(char::REPLACEMENT_CHARACTER),
        _ => false,
    };
    if exact { [&[0x0C], text(element).as_bytes()].concat() } else { element.whole.to_vec() }
}

/// A certificate.
#[derive(Clone, Debug)]
pub(super) struct Certificate {
    pub der: Vec<u8>,
    /// The part that is signed.
    signed: Vec<u8>,
    scheme: Result<Scheme, ChipError>,
    signature: Vec<u8>,
    /// As it is written; a few are negative.
    pub serial: Vec<u8>,
    pub issuer: Name,
    pub subject: Name,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    pub key: PublicKey,
    pub subject_key: Option<Vec<u8>>,
    pub authority_key: Option<Vec<u8>>,
    /// May sign certificates, if it says either way.
    signs_certificates: Option<bool>,
    signs_data: Option<bool>,
    authority: Option<bool>,
    /// Made for something else that ICAO defines, such as lists.
    other_purpose: bool,
}

impl Certificate {
    /// Reads one certificate and nothing after it.
    pub fn read(der: &[u8]) -> Result<Self, ChipError> {
        let mut outer = Reader::new(der);
        let mut whole = outer.enter(ber::SEQUENCE)?;
        outer.finish()?;
        let signed = whole.take(ber::SEQUENCE)?;
        let algorithm = whole.take(ber::SEQUENCE)?;
        let signature = whole.bits()?.to_vec();
        whole.finish()?;
        let mut body = signed.inside();
        body.take_if(0xA0)?;
        let serial = body.take(ber::INTEGER)?.content.to_vec();
        // RFC 5280 §4.1.1.2; the one outside is not signed.
        if body.take(ber::SEQUENCE)?.whole != algorithm.whole {
            return Err(ChipError::Malformed);
        }
        let issuer = Name::read(body.next()?)?;
        let mut validity = body.enter(ber::SEQUENCE)?;
        let (not_before, not_after) = (validity.time()?, validity.time()?);
        let subject = Name::read(body.next()?)?;
        let key = PublicKey::read(body.next()?)?;
        let mut certificate = Self {
            der: der.to_vec(),
            signed: signed.whole.to_vec(),
            scheme: scheme(algorithm, None),
            signature,
            serial,
            issuer,
            subject,
            not_before,
            not_after,
            key,
            subject_key: None,
            authority_key: None,
            signs_certificates: None,
            signs_data: None,
            authority: None,
            other_purpose: false,
        };
        while !body.is_empty() {
            let element = body.next()?;
            if element.tag == 0xA3 {
                certificate.read_extensions(element.inside().enter(ber::SEQUENCE)?)?;
            }
        }
        Ok(certificate)
    }

    fn read_extensions(&mut self, mut extensions: Reader<'_>) -> Result<(), ChipError> {
        while !extensions.is_empty() {
            let mut extension = extensions.enter(ber::SEQUENCE)?;
            let name = extension.take(ber::OID)?.content;
            extension.take_if(ber::BOOLEAN)?;
            let mut value = extension.take(ber::OCTET_STRING)?.inside();
            if name == oid::SUBJECT_KEY {
                self.subject_key = Some(value.take(ber::OCTET_STRING)?.content.to_vec());
            } else if name == oid::AUTHORITY_KEY {
                self.authority_key = value.enter(ber::SEQUENCE)?.take_if(0x80)?.map(|key| key.content.to_vec());
            } else if name == oid::KEY_USAGE {
                let bits = value.take(ber::BIT_STRING)?.content.get(1).copied().unwrap_or(0);
                self.signs_data = Some(bits & 0x80 != 0);
                self.signs_certificates = Some(bits & 0x04 != 0);
            } else if name == oid::BASIC_CONSTRAINTS {
                let authority = value.enter(ber::SEQUENCE)?.take_if(ber::BOOLEAN)?;
                self.authority = Some(authority.is_some_and(|authority| authority.content != [0]));
            } else if name == oid::EXTENDED_KEY_USAGE {
                let mut purposes = value.enter(ber::SEQUENCE)?;
                while !purposes.is_empty() {
                    self.other_purpose |= purposes.take(ber::OID)?.content.starts_with(oid::ICAO_SECURITY);
                }
            }
        }
        Ok(())
    }

    /// Whether this key signed that certificate.
    pub fn is_signed_by(&self, key: &PublicKey) -> Result<bool, ChipError> {
        self.scheme?.verify(key, &self.signed, &self.signature)
    }

    pub fn is_valid_at(&self, moment: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&moment)
    }

    /// May be a country's authority, unless it says otherwise; the oldest say nothing.
    pub fn may_sign_certificates(&self) -> bool {
        self.signs_certificates != Some(false) && self.authority != Some(false)
    }

    /// May sign documents (ICAO 9303-12 §7.1.1): neither an authority nor made for lists or seals.
    pub fn may_sign_documents(&self) -> bool {
        self.signs_data != Some(false) && self.authority != Some(true) && !self.other_purpose
    }

    /// May sign a list of authorities; those that say nothing of purposes may.
    pub fn may_sign_lists(&self) -> bool {
        self.signs_data != Some(false)
    }

    pub fn scheme(&self) -> Option<Scheme> {
        self.scheme.ok()
    }
}
