//! Pictures: what is accepted, what is refused, and that limits come before pixels.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder, codecs::webp::WebPEncoder};
use ipse_checks::document::image::{Format, ImageError, Limits, decode, decode_luma};
use ipse_sandbox::specimen::{Camera, id_card_front, photograph};

use crate::specimens::person;

fn jpeg() -> Vec<u8> {
    photograph(&id_card_front(&person(1), 1), &Camera { width: 640, height: 480, ..Camera::default() })
}

fn encoded(webp: bool) -> Vec<u8> {
    let pixels: Vec<u8> = (0..200 * 120 * 3_u32).map(|i| u8::try_from(i % 251).unwrap()).collect();
    let mut out = Vec::new();
    if webp {
        WebPEncoder::new_lossless(&mut out).write_image(&pixels, 200, 120, ExtendedColorType::Rgb8).unwrap();
    } else {
        PngEncoder::new(&mut out).write_image(&pixels, 200, 120, ExtendedColorType::Rgb8).unwrap();
    }
    out
}

/// Puts an EXIF block with an orientation right behind the start of a JPEG.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

#[test]
fn three_formats_are_decoded_in_colour_and_in_grey() {
    for (bytes, format, size) in [
        (jpeg(), Format::Jpeg, (640, 480)),
        (encoded(false), Format::Png, (200, 120)),
        (encoded(true), Format::WebP, (200, 120)),
    ] {
        let colour = decode(&bytes, &Limits::default()).unwrap();
        let grey = decode_luma(&bytes, &Limits::default()).unwrap();
        assert_eq!((colour.format, grey.format, grey.orientation_applied), (format, format, false));
        assert_eq!((colour.pixels.width, colour.pixels.height), size);
        assert_eq!(colour.pixels.data.len(), 3 * grey.pixels.data.len());
    }
}

#[test]
fn the_camera_s_orientation_is_undone() {
    for orientation in 1..=8 {
        let picture = decode(&with_orientation(&jpeg(), orientation), &Limits::default()).unwrap();
        assert_eq!(picture.orientation_applied, orientation != 1);
        let size = (picture.pixels.width, picture.pixels.height);
        assert_eq!(size, if orientation >= 5 { (480, 640) } else { (640, 480) });
    }
}

#[test]
fn limits_hold_for_every_format() {
    for bytes in [jpeg(), encoded(false), encoded(true)] {
        let refusal = |limits: Limits| decode_luma(&bytes, &limits).unwrap_err();
        assert_eq!(refusal(Limits { bytes: 100, ..Limits::default() }), ImageError::TooManyBytes);
        assert_eq!(refusal(Limits { pixels: 10_000, ..Limits::default() }), ImageError::TooManyPixels);
        assert_eq!(refusal(Limits { longest_side: 150, ..Limits::default() }), ImageError::TooManyPixels);
        assert_eq!(refusal(Limits { shortest_side: 1000, ..Limits::default() }), ImageError::TooSmall);
    }
}

#[test]
fn a_header_that_promises_too_much_is_refused_unread() {
    // A PNG of 60,000 × 60,000 in 33 bytes, and a JPEG whose frame header says 65,500 × 65,500.
    let mut png = encoded(false);
    png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    assert!(decode_luma(&png, &Limits::default()).is_err());
    let mut jpeg = jpeg();
    let frame = jpeg.windows(2).position(|w| w[0] == 0xFF && (0xC0..=0xC2).contains(&w[1])).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    assert_eq!(decode_luma(&jpeg, &Limits::default()).unwrap_err(), ImageError::TooManyPixels);
}

#[test]
fn damaged_files_are_refused_and_never_panic() {
    for bytes in [jpeg(), encoded(false), encoded(true)] {
        for end in (0..bytes.len()).step_by(97).chain([bytes.len() / 2]) {
            let _ = decode_luma(&bytes[..end], &Limits::default());
        }
        for at in (0..bytes.len()).step_by(61) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            let _ = decode(&changed, &Limits::default());
        }
        assert!(decode_luma(&bytes[..bytes.len() / 3], &Limits::default()).is_err());
    }
    for junk in [&b""[..], b"GIF89a", b"%PDF-1.7", b"\xFF\xD8", b"RIFF\0\0\0\0WAVE"] {
        assert_eq!(decode(junk, &Limits::default()).unwrap_err(), ImageError::UnsupportedFormat);
    }
}
