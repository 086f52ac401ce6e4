//! Kinds and sides of identity documents, and what a reader found on one.

use crate::Private;
use crate::person::Identity;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What kind of document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A passport booklet (ICAO 9303-4, TD3).
    Passport,
    /// A national identity card (ICAO 9303-5 and -6, TD1 and TD2).
    IdCard,
    /// A driving licence.
    DrivingLicence,
    /// A visa (ICAO 9303-7, MRV-A and MRV-B).
    Visa,
    /// A residence permit.
    ResidencePermit,
}

impl DocumentKind {
    /// Every kind, in the order pages show them.
    pub const ALL: [Self; 5] = [Self::Passport, Self::IdCard, Self::DrivingLicence, Self::Visa, Self::ResidencePermit];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::IdCard => "id_card",
            Self::DrivingLicence => "driving_licence",
            Self::Visa => "visa",
            Self::ResidencePermit => "residence_permit",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The sides a person is asked to photograph, in order.
    pub const fn sides(self) -> &'static [Side] {
        match self {
            Self::Passport | Self::Visa => &[Side::Front],
            Self::IdCard | Self::DrivingLicence | Self::ResidencePermit => &[Side::Front, Side::Back],
        }
    }

    /// The kind that an ICAO document code speaks of (9303-3 §4.4, 9303-5 §4.2): its first letter decides, and
    /// residence permits are told from other cards by the second.
    pub fn from_document_code(code: &str) -> Option<Self> {
        let mut letters = code.chars();
        match (letters.next()?, letters.next()) {
            ('P', _) => Some(Self::Passport),
            ('V', _) => Some(Self::Visa),
            ('I' | 'A' | 'C', Some('R')) | ('A', Some('P')) => Some(Self::ResidencePermit),
            ('I' | 'A' | 'C', _) => Some(Self::IdCard),
            ('D', _) => Some(Self::DrivingLicence),
            _ => None,
        }
    }
}

/// Which side of a document an image shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The side with the portrait, or the data page.
    Front,
    /// The other side of a card.
    Back,
}

impl Side {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Front, Self::Back].into_iter().find(|side| side.as_str() == text)
    }
}

/// What was read on a document. All of it is personal data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentFacts {
    /// The kind the document says it is.
    pub kind: Option<DocumentKind>,
    /// The issuing state or organization, three letters (ICAO 9303-3 §5).
    pub issuing_state: Option<Private<String>>,
    /// The document number.
    pub document_number: Option<Private<String>>,
    /// Names and date of birth.
    pub identity: Identity,
    /// True when the names fill their field and may be cut short (ICAO 9303-4 §4.2.3).
    pub name_truncated: bool,
    /// The holder's nationality, three letters.
    pub nationality: Option<Private<String>>,
    /// `F`, `M` or `X` as printed.
    pub sex: Option<Private<String>>,
    /// The day after which the document is no longer valid.
    pub expiry_date: Option<Private<Date>>,
    /// Whether every printed check digit agrees with its field; absent when there was nothing to check.
    pub check_digits_agree: Option<bool>,
    /// The two letters of the state, province or territory that issued a licence, where a barcode says it.
    pub jurisdiction: Option<Private<String>>,
    /// Whether the barcode is built as its standard says (AAMVA DL/ID Card Design Standard, annex D); absent when these
    /// facts are not from one.
    pub barcode_sound: Option<bool>,
    /// How sure the reader is of its least certain character, in thousandths.
    pub confidence: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_codes_speak_of_kinds() {
        for (code, kind) in [
            ("P", Some(DocumentKind::Passport)),
            ("PC", Some(DocumentKind::Passport)),
            ("ID", Some(DocumentKind::IdCard)),
            ("I", Some(DocumentKind::IdCard)),
            ("AC", Some(DocumentKind::IdCard)),
            ("AR", Some(DocumentKind::ResidencePermit)),
            ("IR", Some(DocumentKind::ResidencePermit)),
            ("VC", Some(DocumentKind::Visa)),
            ("DL", Some(DocumentKind::DrivingLicence)),
            ("X", None),
            ("", None),
        ] {
            assert_eq!(DocumentKind::from_document_code(code), kind, "{code}");
        }
    }
}
