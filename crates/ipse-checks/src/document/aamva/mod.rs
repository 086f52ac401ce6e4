//! What the barcode of a North American licence or identity card says (AAMVA DL/ID Card Design Standard, annex D;
//! versions 1 of 2000 to 10 of 2020 and their successors).
//!
//! Issuers bend the standard: other separators, wrong offsets, other orders of names and dates. Whatever is
//! unmistakable is read all the same, and each departure is kept as a [`Fault`]; nothing is guessed.

mod elements;
mod fields;
mod issuers;
mod mandatory;

pub use fields::{Address, Height};

use ipse_core::Private;
use ipse_core::date::Date;
use ipse_core::document::DocumentKind;

/// Longest payload that is looked at, in bytes: four times what the largest symbol holds.
const LONGEST: usize = 8192;

/// One element of a subfile as it stands in the payload, padding removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its three letters, such as `DAQ`.
    pub id: String,
    /// What follows them.
    pub value: Private<String>,
}

/// A departure from the standard. Elements are named by their letters, never by their content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The start is not `@`, line feed, record separator, carriage return, file type (D.12.2).
    Header,
    /// The issuer identification number is not one that AAMVA has assigned.
    Issuer,
    /// The list of subfiles does not tell truly where they lie; an error of two bytes is let pass, for the standard's
    /// own example has one of one.
    Directory,
    /// Elements are not parted by line feeds, or text stands where an element should.
    Separator,
    /// A mandatory element of this version is not there.
    Missing(&'static str),
    /// An element's value is not of its form, so it was not read.
    Malformed(&'static str),
}

/// The content of a payload. Empty elements and the word for "none" are absent here and kept in `elements`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Licence {
    /// Version of the standard, 1 for that of 2000; 0 where the header does not say.
    pub version: u8,
    /// Issuer identification number, six digits.
    pub issuer: Option<u32>,
    /// Driving licence or identity card.
    pub kind: Option<DocumentKind>,
    /// The issuing jurisdiction's two letters: by the issuer's number, else by the address.
    pub jurisdiction: Option<Private<String>>,
    /// The issuing country, three letters.
    pub country: Option<Private<String>>,
    pub family_name: Option<Private<String>>,
    pub given_name: Option<Private<String>>,
    /// All names between the first and the last, separated by spaces.
    pub middle_name: Option<Private<String>>,
    pub suffix: Option<Private<String>>,
    /// The issuer says that a name is cut short (DDE, DDF, DDG).
    pub name_truncated: bool,
    pub document_number: Option<Private<String>>,
    pub birth_date: Option<Private<Date>>,
    pub issue_date: Option<Private<Date>>,
    pub expiry_date: Option<Private<Date>>,
    /// `F`, `M` or `X`.
    pub sex: Option<Private<char>>,
    pub height: Option<Private<Height>>,
    pub address: Address,
    /// Everything, in the order of the payload.
    pub elements: Vec<Element>,
    pub faults: Vec<Fault>,
}

/// The text is no licence: no header with an issuer and no element of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotALicence;

impl std::fmt::Display for NotALicence {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not an AAMVA payload")
    }
}

impl std::error::Error for NotALicence {}

/// Reads a payload, in time linear in its length.
///
/// # Errors
/// [`NotALicence`] if there is nothing of one in it, or more than 8 KiB.
pub fn parse(payload: &str) -> Result<Licence, NotALicence> {
    if payload.len() > LONGEST {
        return Err(NotALicence);
    }
    let raw = elements::split(payload).ok_or(NotALicence)?;
    let mut licence = Licence {
        version: raw.version,
        issuer: raw.issuer,
        kind: raw.kind,
        elements: raw.elements,
        faults: raw.faults,
        ..Licence::default()
    };
    fields::fill(&mut licence);
    mandatory::missing(&mut licence);
    Ok(licence)
}

impl Licence {
    /// The value of the first element of these letters that is not empty.
    pub fn element(&self, id: &str) -> Option<&str> {
        let mut same = self.elements.iter().filter(|element| element.id == id);
        same.find_map(|element| Some(element.value.reveal().as_str()).filter(|value| !value.is_empty()))
    }

    /// Whether the payload is built as its standard says and all that must be in it is.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}
