//! The portrait in data group 2: ISO/IEC 19794-5 or 39794-5 in a biometric template (ICAO 9303-10 §4.7.2).

use super::ChipError;
use super::ber::{self, Element, Reader};
use super::read::group;
use crate::document::image::{self, ImageError, Limits, Rgb};
use crate::document::jpeg2000;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a portrait may cost: as much as data group 2 may hold, two megapixels. ISO/IEC 39794-5 asks for some 1200 × 1600
/// at most; an old one may be 200 pixels high.
const LIMITS: Limits = Limits { bytes: 1 << 20, pixels: 2_000_000, longest_side: 2_000, shortest_side: 32 };

/// Where the portrait lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// How it is compressed, by its first octets.
    pub format: PortraitFormat,
    /// Its octets in the file of data group 2.
    pub range: Range<usize>,
}

/// How a portrait is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortraitFormat {
    /// JPEG.
    Jpeg,
    /// JPEG 2000, as a file or as a bare codestream.
    Jpeg2000,
}

impl PortraitFormat {
    /// As the picture is called elsewhere.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Jpeg2000 => "image/jp2",
        }
    }

    fn of(image: &[u8]) -> Option<Self> {
        if image.starts_with(&[0xFF, 0xD8, 0xFF]) {
            return Some(Self::Jpeg);
        }
        let file = image.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n");
        let stream = image.starts_with(&[0xFF, 0x4F, 0xFF, 0x51]);
        (file || stream).then_some(Self::Jpeg2000)
    }
}

impl Portrait {
    /// Finds the first portrait in the file of data group 2.
    ///
    /// # Errors
    /// [`ChipError::Malformed`] when the file is not such a group, [`ChipError::Unsupported`] when the picture is neither
    /// JPEG nor JPEG 2000.
    pub fn find(file: &[u8]) -> Result<Self, ChipError> {
        let mut templates = group(file, 2)?.enter(0x7F61)?;
        templates.take(ber::INTEGER)?;
        let mut template = templates.enter(0x7F60)?;
        template.take(0xA1)?;
        let block = template.next()?;
        let image = match block.tag {
            0x5F2E | 0x7F2E if block.content.starts_with(b"FAC\0") => in_19794(block.content)?,
            0x7F2E => in_39794(block)?,
            _ => return Err(ChipError::Malformed),
        };
        let format = PortraitFormat::of(image).ok_or(ChipError::Unsupported)?;
        // The picture is a part of the file, so the difference of their addresses is where it starts.
        let start = image.as_ptr().addr().checked_sub(file.as_ptr().addr()).ok_or(ChipError::Malformed)?;
        Ok(Self { format, range: start..start + image.len() })
    }

    /// The picture, cut out of the file that it was found in.
    pub fn cut<'a>(&self, file: &'a [u8]) -> Option<&'a [u8]> {
        file.get(self.range.clone())
    }

    /// The picture, out of the file that it was found in, decoded.
    ///
    /// # Errors
    /// See [`ImageError`]: beyond 2 megapixels or 2,000 pixels a side, below 32, or broken.
    pub fn decode(&self, file: &[u8]) -> Result<Rgb, ImageError> {
        let image = self.cut(file).ok_or(ImageError::Corrupt)?;
        match self.format {
            PortraitFormat::Jpeg => image::decode(image, &LIMITS).map(|picture| picture.pixels),
            PortraitFormat::Jpeg2000 => jpeg2000::decode(image, &LIMITS),
        }
    }
}

/// ISO/IEC 19794-5:2005 §5: a header of 14 octets, then for each face 20 octets, 8 for each feature point, 12 about the
/// picture, and the picture.
fn in_19794(record: &[u8]) -> Result<&[u8], ChipError> {
    let number = |at: usize, octets: usize| {
        let field = record.get(at..at + octets).ok_or(ChipError::Malformed)?;
        Ok(field.iter().fold(0, |value: usize, octet| value << 8 | usize::from(*octet)))
    };
    if record.get(..8) != Some(b"FAC\x00010\x00") || number(8, 4)? > record.len() || number(12, 2)? == 0 {
        return Err(ChipError::Malformed);
    }
    let (block, points) = (number(14, 4)?, number(18, 2)?);
    record.get(14 + 20 + points * 8 + 12..14 + block).ok_or(ChipError::Malformed)
}

/// ISO/IEC 39794-5:2019 annex A: version, then representations, in each an image, in that its octets; every field has a
/// tag of its own.
fn in_39794(block: Element<'_>) -> Result<&[u8], ChipError> {
    let mut face = block.inside().enter(0xA1)?.enter(0x65)?;
    face.take(0xA0)?;
    let mut representation = face.enter(0xA1)?.enter(ber::SEQUENCE)?;
    representation.take(0x80)?;
    let mut image: Reader<'_> = representation.enter(0xA1)?.enter(0xA0)?.enter(0xA0)?;
    Ok(image.take(0x80)?.content)
}
