//! Portraits of chips: found in both wrappers, decoded from both compressions, refused when they would cost too much.

use ipse_checks::document::chip::{Portrait, PortraitFormat};
use ipse_checks::document::image::{ImageError, Rgb};
use ipse_sandbox::specimen::chip::{element, group_2};

const JP2: &[u8] = include_bytes!("../../../../fixtures/portraits/face.jp2");
const J2K: &[u8] = include_bytes!("../../../../fixtures/portraits/face.j2k");
const GREY: &[u8] = include_bytes!("../../../../fixtures/portraits/grey.jp2");
const JPEG: &[u8] = include_bytes!("../../../../fixtures/portraits/face.jpg");

/// ISO/IEC 39794-5, with what is mandatory.
fn wrapped_39794(picture: &[u8]) -> Vec<u8> {
    let image = [element(&[0x80], &[picture]), element(&[0xA1], &[])].concat();
    let image = element(&[0xA1], &[&element(&[0xA0], &[&element(&[0xA0], &[&image])])]);
    let representation = element(&[0x30], &[&[0x80, 1, 0], &image]);
    let version = element(&[0xA0], &[&[0x80, 1, 3, 0x81, 2, 7, 0xE3]]);
    let face = element(&[0x65], &[&version, &element(&[0xA1], &[&representation])]);
    let block = element(&[0x7F, 0x2E], &[&element(&[0xA1], &[&face])]);
    let template = element(&[0x7F, 0x60], &[&element(&[0xA1], &[]), &block]);
    element(&[0x75], &[&element(&[0x7F, 0x61], &[&[2, 1, 1], &template])])
}

fn decoded(picture: &[u8]) -> Result<Rgb, ImageError> {
    let group = group_2(picture);
    Portrait::find(&group).unwrap().decode(&group)
}

/// Mean difference of the levels; of grey ones where one picture is grey.
fn difference(left: &Rgb, right: &Rgb, grey: bool) -> f64 {
    let levels = |picture: &Rgb| -> Vec<f64> {
        let level = |pixel: &[u8]| -> Vec<f64> {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(f64::from);
            if grey { vec![0.299 * r + 0.587 * g + 0.114 * b] } else { vec![r, g, b] }
        };
        picture.data.chunks_exact(3).flat_map(level).collect()
    };
    let (left, right) = (levels(left), levels(right));
    left.iter().zip(&right).map(|(left, right)| (left - right).abs()).sum::<f64>() / left.len() as f64
}

#[test]
fn the_same_face_comes_out_of_every_form() {
    let plain = decoded(JPEG).unwrap();
    assert_eq!((plain.width, plain.height), (90, 120));
    for (picture, format, media_type) in [
        (JPEG, PortraitFormat::Jpeg, "image/jpeg"),
        (JP2, PortraitFormat::Jpeg2000, "image/jp2"),
        (J2K, PortraitFormat::Jpeg2000, "image/jp2"),
        (GREY, PortraitFormat::Jpeg2000, "image/jp2"),
    ] {
        for group in [group_2(picture), wrapped_39794(picture)] {
            let portrait = Portrait::find(&group).unwrap();
            assert_eq!((portrait.format, portrait.format.media_type()), (format, media_type));
            assert_eq!(portrait.cut(&group), Some(picture));
            let found = portrait.decode(&group).unwrap();
            assert_eq!((found.width, found.height, found.data.len()), (90, 120, 90 * 120 * 3));
            let away = difference(&found, &plain, picture == GREY);
            assert!(away < 8.0, "{format:?}: {away}");
        }
    }
    let upside_down = Rgb { data: plain.data.iter().rev().copied().collect(), ..plain.clone() };
    assert!(difference(&plain, &upside_down, false) > 20.0, "the measure tells pictures apart");
}

#[test]
fn a_portrait_that_ends_early_is_no_picture() {
    for picture in [JP2, J2K, GREY, JPEG] {
        for length in 0..picture.len() - 1 {
            let group = group_2(&picture[..length]);
            let cut = Portrait::find(&group).map(|portrait| portrait.decode(&group));
            assert!(!matches!(cut, Ok(Ok(_))), "{length} of {}", picture.len());
        }
    }
}

#[test]
fn broken_portraits_are_refused_or_decoded_in_their_size() {
    for picture in [JP2, J2K, GREY] {
        for place in (0..picture.len()).step_by(if cfg!(debug_assertions) { 7 } else { 1 }) {
            let mut broken = picture.to_vec();
            broken[place] ^= 1 << (place % 8);
            let group = group_2(&broken);
            if let Ok(Ok(found)) = Portrait::find(&group).map(|portrait| portrait.decode(&group)) {
                assert_eq!(found.data.len(), found.width * found.height * 3);
            }
        }
    }
}

#[test]
fn a_portrait_that_would_cost_too_much_is_refused_by_its_header() {
    let start = JP2.windows(4).position(|window| window == [0xFF, 0x4F, 0xFF, 0x51]).unwrap();
    let changed = |at: usize, octets: &[u8]| {
        let mut picture = JP2.to_vec();
        picture[start + at..start + at + octets.len()].copy_from_slice(octets);
        decoded(&picture).map(|_| ())
    };
    assert_eq!(changed(8, &60_000_u32.to_be_bytes()), Err(ImageError::TooManyPixels), "wide");
    assert_eq!(changed(12, &u32::MAX.to_be_bytes()), Err(ImageError::TooManyPixels), "high");
    assert_eq!(changed(8, &[0, 0, 7, 0xD0, 0, 0, 7, 0xD0]), Err(ImageError::TooManyPixels), "4 megapixels");
    assert_eq!(changed(8, &20_u32.to_be_bytes()), Err(ImageError::TooSmall));
    assert_eq!(changed(16, &100_u32.to_be_bytes()), Err(ImageError::Corrupt), "starts after its end");
    assert_eq!(changed(24, &1_u32.to_be_bytes()), Err(ImageError::TooManyPixels), "a tile for each column");
    assert_eq!(changed(24, &0_u32.to_be_bytes()), Err(ImageError::Corrupt), "tiles of no size");
    assert_eq!(changed(40, &5_000_u16.to_be_bytes()), Err(ImageError::TooManyPixels), "components");
    let twice = [JP2, &JP2[start..]].concat();
    assert_eq!(decoded(&twice).map(|_| ()), Err(ImageError::Corrupt), "two codestreams");
    assert_eq!(decoded(&[&JP2[..12], &[0; 64]].concat()).map(|_| ()), Err(ImageError::UnsupportedFormat), "none");
}
