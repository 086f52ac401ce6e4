//! One picture: what was asked for, what was found.

use crate::document::aamva::{self, Licence};
use crate::document::barcode::{self, BarcodeError};
use crate::document::image::{Format, ImageError, Limits, Luma, decode_luma};
use crate::document::mrz::{Mrz, MrzReadError, MrzReading, read};
use crate::document::quality::{QualityHint, assess};
use crate::document::signs::Signs;
use ipse_core::Private;
use ipse_core::date::Date;
use ipse_core::document::{DocumentFacts, DocumentKind, Side};
use ipse_core::person::Identity;
use ipse_core::reason::Reason;
use serde::{Deserialize, Serialize};

/// What the person was asked to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Asked {
    /// A side of a document of the kind they chose.
    Document {
        /// The kind.
        kind: DocumentKind,
        /// The side.
        side: Side,
    },
    /// Their face.
    Selfie,
}

impl Asked {
    /// The name kept with the evidence.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Document { .. } => "document",
            Self::Selfie => "selfie",
        }
    }

    /// Which side, of a document.
    pub const fn side(&self) -> Option<Side> {
        match self {
            Self::Document { side, .. } => Some(*side),
            Self::Selfie => None,
        }
    }
}

/// What the engines found in one picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PictureFindings {
    /// What was asked for.
    pub asked: Asked,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// What to do better; empty for a good picture.
    pub hints: Vec<Reason>,
    /// What was read, if anything.
    pub facts: Option<DocumentFacts>,
    /// Signs that this is not a picture of a document, measured on pictures that were to be of one.
    #[serde(default)]
    pub signs: Option<Signs>,
}

impl PictureFindings {
    /// Findings of a picture in which nothing was found.
    pub const fn empty(asked: Asked) -> Self {
        Self { asked, width: 0, height: 0, hints: Vec::new(), facts: None, signs: None }
    }
}

/// Examines one picture: is it one, is it good enough, and what does it say? Also returns the media type, if it is a
/// picture at all. What was read with certainty outweighs how the picture looks.
pub fn examine(bytes: &[u8], asked: Asked, limits: &Limits, today: Date) -> (PictureFindings, Option<&'static str>) {
    let mut findings = PictureFindings::empty(asked);
    let picture = match decode_luma(bytes, limits) {
        Ok(picture) => picture,
        Err(error) => {
            findings.hints.push(match error {
                ImageError::UnsupportedFormat | ImageError::Corrupt => Reason::ImageUnreadable,
                ImageError::TooManyBytes | ImageError::TooManyPixels => Reason::ImageTooLarge,
                ImageError::TooSmall => Reason::ImageTooSmall,
            });
            return (findings, None);
        }
    };
    findings.width = picture.pixels.width as u32;
    findings.height = picture.pixels.height as u32;
    let quality = assess(&picture.pixels);
    if matches!(asked, Asked::Document { .. }) {
        findings.signs = Some(Signs::of(bytes, &picture.pixels, limits));
    }
    match asked {
        Asked::Document { kind, side } => match read_document(&picture.pixels, kind, side, today) {
            Ok(facts) => findings.facts = Some(facts),
            Err(unread) => {
                findings.hints.extend(quality.hints.iter().map(|hint| reason(*hint)));
                findings.hints.extend(unread);
            }
        },
        Asked::Selfie => findings.hints.extend(quality.hints.iter().map(|hint| reason(*hint))),
    }
    let media_type = match picture.format {
        Format::Jpeg => "image/jpeg",
        Format::Png => "image/png",
        Format::WebP => "image/webp",
    };
    (findings, Some(media_type))
}

/// Reads what a side of such a document is expected to have first, and then what it may have: a licence a barcode, or a
/// zone; everything else a zone, or the barcode of a North American identity card. A hint, if something that should be
/// there can't be read; whether a licence has a barcode is up to its issuer, so only one that is seen can be missed.
fn read_document(picture: &Luma, kind: DocumentKind, side: Side, today: Date) -> Result<DocumentFacts, Option<Reason>> {
    let zone = || match read(picture) {
        Ok(reading) => Ok(facts(&reading, today)),
        Err(MrzReadError::NotFound | MrzReadError::Unreadable) => {
            Err(expects_mrz(kind, side).then_some(Reason::MrzNotFound))
        }
    };
    let code = || match barcode::read(picture) {
        Ok(barcode) => aamva::parse(&barcode.text).map(|licence| licence_facts(&licence)).map_err(|_| None),
        Err(BarcodeError::NotFound) => Err(None),
        Err(BarcodeError::Unreadable) => Err(Some(Reason::BarcodeUnreadable)),
    };
    match (kind, side) {
        (DocumentKind::DrivingLicence, _) => code().or_else(|unread| zone().map_err(|also| unread.or(also))),
        (DocumentKind::IdCard, Side::Back) => zone().or_else(|unread| code().map_err(|also| also.or(unread))),
        _ => zone(),
    }
}

/// Whether a side of such a document has a machine-readable zone: data pages do, and the backs of cards (ICAO 9303-4
/// to -7); licences mostly do not.
const fn expects_mrz(kind: DocumentKind, side: Side) -> bool {
    match (kind, side) {
        (DocumentKind::Passport | DocumentKind::Visa, _)
        | (DocumentKind::IdCard | DocumentKind::ResidencePermit, Side::Back) => true,
        (DocumentKind::IdCard | DocumentKind::ResidencePermit, Side::Front) | (DocumentKind::DrivingLicence, _) => {
            false
        }
    }
}

const fn reason(hint: QualityHint) -> Reason {
    match hint {
        QualityHint::TooDark => Reason::ImageTooDark,
        QualityHint::TooBright => Reason::ImageTooBright,
        QualityHint::Glare => Reason::ImageGlare,
        QualityHint::Blurred => Reason::ImageBlurred,
        QualityHint::TooSmall => Reason::ImageTooSmall,
    }
}

fn facts(reading: &MrzReading, today: Date) -> DocumentFacts {
    let least = reading.confidences.iter().flatten().copied().fold(1.0_f32, f32::min);
    mrz_facts(&reading.mrz, Some((least.clamp(0.0, 1.0) * 1000.0) as u16), today)
}

/// What the lines of a zone say, wherever they were read.
pub(crate) fn mrz_facts(mrz: &Mrz, confidence: Option<u16>, today: Date) -> DocumentFacts {
    let private = |text: &str| (!text.is_empty()).then(|| Private::new(text.to_owned()));
    let day = (today.year(), today.month(), today.day());
    DocumentFacts {
        kind: DocumentKind::from_document_code(&mrz.document_code),
        issuing_state: private(&mrz.issuing_state),
        document_number: private(&mrz.document_number),
        identity: Identity {
            given_name: private(&mrz.secondary_identifier),
            middle_name: None,
            family_name: private(&mrz.primary_identifier),
            birthdate: mrz.birth_date(day).map(Private::new),
        },
        name_truncated: mrz.name_truncated,
        nationality: private(&mrz.nationality),
        sex: private(&mrz.sex.to_string()),
        expiry_date: mrz.expiry_date(day).map(Private::new),
        check_digits_agree: Some(mrz.checks_agree()),
        jurisdiction: None,
        barcode_sound: None,
        confidence,
    }
}

fn licence_facts(licence: &Licence) -> DocumentFacts {
    DocumentFacts {
        kind: licence.kind,
        issuing_state: licence.country.clone(),
        document_number: licence.document_number.clone().filter(|number| number.reveal() != "NONE"),
        identity: Identity {
            given_name: licence.given_name.clone(),
            middle_name: licence.middle_name.clone(),
            family_name: licence.family_name.clone(),
            birthdate: licence.birth_date.clone(),
        },
        name_truncated: licence.name_truncated,
        nationality: None,
        sex: licence.sex.as_ref().map(|sex| Private::new(sex.reveal().to_string())),
        expiry_date: licence.expiry_date.clone(),
        check_digits_agree: None,
        jurisdiction: licence.jurisdiction.clone(),
        barcode_sound: Some(licence.is_sound()),
        confidence: None,
    }
}
