//! JPEG 2000 (ISO/IEC 15444-1), as passports' chips keep portraits: within limits that are checked before any pixel is
//! decoded. Nobody sends evidence in it, so [`super::image`] does not take it.
//!
//! The decoder is safe Rust, without its vector instructions. It takes memory for each tile and component: their number
//! is limited too, which the decoder does not do.

use super::image::{ImageError, Limits, Rgb, check_size};
use hayro_jpeg2000::{DecodeSettings, DecoderContext, Image};

/// Start of a codestream, and of the segment in it that tells sizes.
const START: &[u8] = &[0xFF, 0x4F, 0xFF, 0x51];

/// Most tiles, and most components.
const TILES: u64 = 64;
const COMPONENTS: u16 = 4;

/// Decodes a file (JP2) or a bare codestream in grey, RGB or either with transparency, which is left out.
///
/// # Errors
/// See [`ImageError`]; limits are checked on the header.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Rgb, ImageError> {
    if bytes.len() > limits.bytes {
        return Err(ImageError::TooManyBytes);
    }
    let mut starts = bytes.windows(START.len()).enumerate().filter(|(_, window)| *window == START);
    let (start, _) = starts.next().ok_or(ImageError::UnsupportedFormat)?;
    // With two of them the decoder might take another one than was looked at.
    if starts.next().is_some() {
        return Err(ImageError::Corrupt);
    }
    let stream = bytes.get(start..).unwrap_or_default();
    check_header(stream, limits)?;
    // No data of a codestream look like its end marker.
    if !stream.windows(2).any(|pair| pair == [0xFF, 0xD9]) {
        return Err(ImageError::Corrupt);
    }
    let settings = DecodeSettings { strict: true, ..DecodeSettings::default() };
    let image = Image::new(bytes, &settings).map_err(|_| ImageError::Corrupt)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    check_size(width, height, limits)?;
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| ImageError::Corrupt)?;
    let colours = image.color_space().num_channels();
    let channels = usize::from(colours) + usize::from(image.has_alpha());
    let samples = decoded.data_u8();
    if samples.len() != width * height * channels {
        return Err(ImageError::Corrupt);
    }
    let data = match colours {
        1 => samples.chunks_exact(channels).flat_map(|pixel| pixel.iter().take(1).cycle().take(3)).copied().collect(),
        3 => samples.chunks_exact(channels).flat_map(|pixel| pixel.iter().take(3)).copied().collect(),
        _ => return Err(ImageError::UnsupportedFormat),
    };
    Ok(Rgb { width, height, data })
}

/// The segment of sizes (§A.5.1), which comes first in every codestream.
fn check_header(stream: &[u8], limits: &Limits) -> Result<(), ImageError> {
    let number = |at: usize, octets: usize| -> Result<u64, ImageError> {
        let field = stream.get(at..at + octets).ok_or(ImageError::Corrupt)?;
        Ok(field.iter().fold(0, |value, octet| value << 8 | u64::from(*octet)))
    };
    let side = |at: usize| -> Result<(u64, u64), ImageError> {
        // Of the reference grid: its end, the picture's start, a tile's size and the first tile's start.
        let (end, start, tile, first) = (number(at, 4)?, number(at + 8, 4)?, number(at + 16, 4)?, number(at + 24, 4)?);
        let size = end.checked_sub(start).ok_or(ImageError::Corrupt)?;
        let tiled = end.checked_sub(first).filter(|_| tile > 0).ok_or(ImageError::Corrupt)?;
        Ok((size, tiled.div_ceil(tile)))
    };
    let ((width, across), (height, down)) = (side(8)?, side(12)?);
    check_size(width as usize, height as usize, limits)?;
    if across.saturating_mul(down) > TILES || number(40, 2)? > u64::from(COMPONENTS) {
        return Err(ImageError::TooManyPixels);
    }
    Ok(())
}
