//! Opens a picture: JPEG, PNG or WebP, upright, within limits that are checked before any pixel is decoded.
//!
//! Every picture that a person sends comes in here; only a chip's portrait has one more form, in `jpeg2000`. All decoders
//! are safe Rust.

use std::io::Cursor;

use fast_image_resize::{self as resize, PixelType};
use image::{DynamicImage, ImageDecoder, codecs::png::PngDecoder, codecs::webp::WebPDecoder};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use super::exif;

/// What a picture may cost. All limits are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file.
    pub bytes: usize,
    /// Width × height.
    pub pixels: u64,
    /// Longest side in pixels.
    pub longest_side: u32,
    /// Least length of the shorter side in pixels.
    pub shortest_side: u32,
}

impl Default for Limits {
    /// 16 MiB, 50 megapixels, 12,000 pixels a side, and at least 100.
    fn default() -> Self {
        Self { bytes: 16 << 20, pixels: 50_000_000, longest_side: 12_000, shortest_side: 100 }
    }
}

/// Why bytes did not become a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// Neither JPEG nor PNG nor WebP.
    UnsupportedFormat,
    /// The file ends early or contradicts itself.
    Corrupt,
    TooManyBytes,
    /// Too many in all, or on one side.
    TooManyPixels,
    TooSmall,
}

impl std::fmt::Display for ImageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnsupportedFormat => "not a JPEG, PNG or WebP picture",
            Self::Corrupt => "the picture is truncated or corrupt",
            Self::TooManyBytes => "the file is larger than allowed",
            Self::TooManyPixels => "the picture has more pixels than allowed",
            Self::TooSmall => "the picture has too few pixels",
        })
    }
}

impl std::error::Error for ImageError {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Jpeg,
    Png,
    WebP,
}

/// Grey levels, row by row, one byte each.
#[derive(Clone, PartialEq, Eq)]
pub struct Luma {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

/// Colours (sRGB as stored), row by row, three bytes each.
#[derive(Clone, PartialEq, Eq)]
pub struct Rgb {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

/// A picture turned upright, and what was learnt on the way.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture<P> {
    pub pixels: P,
    pub format: Format,
    /// The file's EXIF orientation moved the pixels (it was there, valid and not 1).
    pub orientation_applied: bool,
}

/// Evidence never reaches a log through `Debug`.
macro_rules! debug_without_pixels {
    ($($name:ty),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({} × {})", stringify!($name), self.width, self.height)
            }
        }
    )*};
}
debug_without_pixels!(Luma, Rgb);

impl<P: std::fmt::Debug> std::fmt::Debug for Picture<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.format, self.pixels)
    }
}

/// Decodes in colour.
///
/// # Errors
/// See [`ImageError`]; limits are checked on the file's header.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Picture<Rgb>, ImageError> {
    let (format, raw) = open(bytes, limits, 3)?;
    let upright = exif::upright(raw.data, raw.width, raw.height, 3, raw.orientation);
    let pixels = Rgb { width: upright.width, height: upright.height, data: upright.data };
    Ok(Picture { pixels, format, orientation_applied: raw.orientation != 1 })
}

/// Decodes grey levels only: about half the cost of colour for a JPEG, whose chroma is then never touched.
///
/// # Errors
/// See [`ImageError`]; limits are checked on the file's header.
pub fn decode_luma(bytes: &[u8], limits: &Limits) -> Result<Picture<Luma>, ImageError> {
    let (format, raw) = open(bytes, limits, 1)?;
    let upright = exif::upright(raw.data, raw.width, raw.height, 1, raw.orientation);
    let pixels = Luma { width: upright.width, height: upright.height, data: upright.data };
    Ok(Picture { pixels, format, orientation_applied: raw.orientation != 1 })
}

/// Decodes only so many rows of a JPEG in colour, as they are stored: the cost is that of the rows. `None` for other
/// formats, for progressive JPEG, whose rows are spread all over the file, and for what cannot be decoded.
pub fn decode_top(bytes: &[u8], limits: &Limits, rows: u16) -> Option<Rgb> {
    if !bytes.starts_with(&[0xFF, 0xD8, 0xFF]) || bytes.len() > limits.bytes {
        return None;
    }
    let top = with_height(bytes, rows)?;
    let raw = open_jpeg(&top, &Limits { shortest_side: 1, ..*limits }, 3).ok()?;
    Some(Rgb { width: raw.width, height: raw.height, data: raw.data })
}

/// A baseline JPEG that says it is at most so high, at which the decoder stops.
fn with_height(jpeg: &[u8], rows: u16) -> Option<Vec<u8>> {
    let mut at = 2;
    // Segments, up to the frame header: its length, a byte, its height.
    while let [0xFF, marker, high, low, _, tall, tall_low, ..] = *jpeg.get(at..)? {
        match marker {
            0xC0 | 0xC1 => {
                let height = u16::from_be_bytes([tall, tall_low]).min(rows).to_be_bytes();
                let mut out = jpeg.to_vec();
                out.get_mut(at + 5..at + 7)?.copy_from_slice(&height);
                return Some(out);
            }
            0xC2 | 0xDA => return None,
            _ => at += 2 + usize::from(u16::from_be_bytes([high, low])),
        }
    }
    None
}

struct Raw {
    width: usize,
    height: usize,
    data: Vec<u8>,
    /// 1–8.
    orientation: u8,
}

fn open(bytes: &[u8], limits: &Limits, channels: usize) -> Result<(Format, Raw), ImageError> {
    if bytes.len() > limits.bytes {
        return Err(ImageError::TooManyBytes);
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Ok((Format::Jpeg, open_jpeg(bytes, limits, channels)?))
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let decoder = PngDecoder::new(Cursor::new(bytes)).map_err(|_| ImageError::Corrupt)?;
        Ok((Format::Png, open_other(decoder, limits, channels)?))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|_| ImageError::Corrupt)?;
        Ok((Format::WebP, open_other(decoder, limits, channels)?))
    } else {
        Err(ImageError::UnsupportedFormat)
    }
}

pub(super) fn check_size(width: usize, height: usize, limits: &Limits) -> Result<(), ImageError> {
    let (longest, shortest) = (width.max(height) as u64, width.min(height) as u64);
    if longest > u64::from(limits.longest_side) || (width as u64).saturating_mul(height as u64) > limits.pixels {
        Err(ImageError::TooManyPixels)
    } else if shortest < u64::from(limits.shortest_side).max(1) {
        Err(ImageError::TooSmall)
    } else {
        Ok(())
    }
}

fn open_jpeg(bytes: &[u8], limits: &Limits, channels: usize) -> Result<Raw, ImageError> {
    let space = if channels == 1 { ColorSpace::Luma } else { ColorSpace::RGB };
    // The decoder's own limits are those of the format: ours are checked below, between header and pixels. Its lenient
    // mode accepts what real cameras write; a missing end is the one thing that it would paint over and we must know.
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(space)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .set_strict_mode(false);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| ImageError::Corrupt)?;
    let (width, height) = decoder.dimensions().ok_or(ImageError::Corrupt)?;
    check_size(width, height, limits)?;
    if !has_end(bytes) {
        return Err(ImageError::Corrupt);
    }
    let orientation = decoder.exif().and_then(|exif| exif::orientation(exif)).unwrap_or(1);
    let data = decoder.decode().map_err(|_| ImageError::Corrupt)?;
    if data.len() != width * height * channels {
        return Err(ImageError::Corrupt);
    }
    Ok(Raw { width, height, data, orientation })
}

/// Whether an end marker follows the start of the scan. A thumbnail's own end marker, in the segments before, does not
/// count.
fn has_end(jpeg: &[u8]) -> bool {
    let mut rest = jpeg.get(2..).unwrap_or_default();
    // Segments: a marker of two bytes, then a length that counts itself.
    while let [0xFF, marker, high, low, ..] = *rest {
        if marker == 0xDA {
            return rest.windows(2).any(|pair| pair == [0xFF, 0xD9]);
        }
        let length = usize::from(u16::from_be_bytes([high, low]));
        let skip = if marker == 0xFF { 1 } else { 2 + length };
        rest = rest.get(skip..).unwrap_or_default();
    }
    // Stray bytes between segments: the decoder may know better, so only the whole file is asked.
    jpeg.windows(2).any(|pair| pair == [0xFF, 0xD9])
}

fn open_other(mut decoder: impl ImageDecoder, limits: &Limits, channels: usize) -> Result<Raw, ImageError> {
    let (width, height) = decoder.dimensions();
    check_size(width as usize, height as usize, limits)?;
    let orientation = decoder.exif_metadata().ok().flatten().and_then(|exif| exif::orientation(&exif)).unwrap_or(1);
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| ImageError::Corrupt)?;
    let data = if channels == 1 { picture.into_luma8().into_raw() } else { picture.into_rgb8().into_raw() };
    Ok(Raw { width: width as usize, height: height as usize, data, orientation })
}

impl Luma {
    /// The grey level at a place, or `None` outside.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Option<u8> {
        if x < self.width { self.data.get(y * self.width + x).copied() } else { None }
    }

    /// A copy of another size, by averaging areas (smaller) or interpolating (larger).
    #[must_use]
    pub fn resized(&self, width: usize, height: usize) -> Self {
        let filter = if width < self.width { resize::FilterType::Box } else { resize::FilterType::CatmullRom };
        let result = resize::images::ImageRef::new(self.width as u32, self.height as u32, &self.data, PixelType::U8)
            .ok()
            .and_then(|source| {
                let mut target = resize::images::Image::new(width as u32, height as u32, PixelType::U8);
                let options = resize::ResizeOptions::new().resize_alg(resize::ResizeAlg::Convolution(filter));
                resize::Resizer::new().resize(&source, &mut target, &options).ok()?;
                Some(target.into_vec())
            });
        match result {
            Some(data) => Self { width, height, data },
            None => Self { width: 0, height: 0, data: Vec::new() },
        }
    }

    /// Half the width and height; each pixel the mean of four. An odd last row or column is dropped.
    #[must_use]
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut data = Vec::with_capacity(width * height);
        for pair in self.data.chunks_exact((self.width * 2).max(1)) {
            let (upper, lower) = pair.split_at(self.width);
            data.extend(upper.chunks_exact(2).zip(lower.chunks_exact(2)).map(|(a, b)| {
                let sum: u16 = a.iter().chain(b).map(|v| u16::from(*v)).sum();
                ((sum + 2) / 4) as u8
            }));
        }
        Self { width, height, data }
    }

    /// A copy with left and right exchanged.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let rows = self.data.chunks_exact(self.width.max(1));
        Self { width: self.width, height: self.height, data: rows.flat_map(|row| row.iter().rev().copied()).collect() }
    }

    /// A copy whose longest side is at most `side`; the same picture if it already is.
    #[must_use]
    pub fn reduced(&self, side: usize) -> Self {
        let longest = self.width.max(self.height);
        if longest <= side {
            return self.clone();
        }
        let part = |length: usize| (length * side / longest).max(1);
        self.resized(part(self.width), part(self.height))
    }
}

impl Rgb {
    /// A copy of another size: each pixel from the four nearest to where it comes from, as networks were trained on.
    /// Nothing for a picture without pixels.
    #[must_use]
    pub fn resized_bilinear(&self, [width, height]: [usize; 2]) -> Option<Self> {
        self.resized_by(width, height, resize::ResizeAlg::Interpolation(resize::FilterType::Bilinear))
    }

    /// A copy of another size, by averaging areas.
    #[must_use]
    pub fn resized(&self, width: usize, height: usize) -> Option<Self> {
        let filter = if width < self.width { resize::FilterType::Box } else { resize::FilterType::Bilinear };
        self.resized_by(width, height, resize::ResizeAlg::Convolution(filter))
    }

    fn resized_by(&self, width: usize, height: usize, how: resize::ResizeAlg) -> Option<Self> {
        let source =
            resize::images::ImageRef::new(self.width as u32, self.height as u32, &self.data, PixelType::U8x3).ok()?;
        let mut target = resize::images::Image::new(width as u32, height as u32, PixelType::U8x3);
        resize::Resizer::new().resize(&source, &mut target, &resize::ResizeOptions::new().resize_alg(how)).ok()?;
        Some(Self { width, height, data: target.into_vec() })
    }
}
