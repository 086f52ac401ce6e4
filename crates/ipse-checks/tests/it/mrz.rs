//! Zones on photographs of specimens: all that is printed is read, and nothing that is not.

use ipse_checks::document::{
    image::{Limits, Luma, decode_luma},
    mrz::{CheckedField, MrzFormat, MrzReadError, MrzReading, read},
    quality::{self, QualityHint},
};
use ipse_sandbox::specimen::{
    Camera, Canvas, canvas::Face, id_card_back, id_card_front, licence_back, licence_front, passport, photograph,
    selfie,
};

use crate::specimens::person;

fn luma(drawing: &Canvas, camera: &Camera) -> Luma {
    decode_luma(&photograph(drawing, camera), &Limits::default()).unwrap().pixels
}

fn read_back(drawing: &Canvas, camera: &Camera) -> Result<MrzReading, MrzReadError> {
    read(&luma(drawing, camera))
}

#[test]
fn a_passport_is_read_with_its_fields() {
    let person = person(1);
    let reading = read_back(&passport(&person, 1), &Camera::default()).unwrap();
    assert_eq!(reading.lines, person.td3());
    assert!(reading.mrz.checks_agree());
    assert_eq!(reading.mrz.primary_identifier, "QUIROZ");
    assert_eq!(reading.mrz.document_number, person.document_number);
    let [(left, top), (right, _), ..] = reading.quad;
    assert!(right - left > 1000.0 && top > 750.0, "{:?}", reading.quad);
}

#[test]
fn every_way_up_is_read() {
    for (seed, turn) in [(2, 0.0), (3, 90.0), (4, 180.0), (5, 270.0), (6, 18.0), (7, -19.0)] {
        let person = person(seed);
        let camera = Camera { turn, fill: 0.62, seed, ..Camera::default() };
        let read = read_back(&id_card_back(&person, seed), &camera).map(|reading| reading.lines);
        assert_eq!(read.as_deref(), Ok(person.td1().as_slice()), "turned by {turn}");
    }
}

/// A bare page with some print above a zone; one cell is 20 pixels wide.
fn page(lines: &[&str]) -> Canvas {
    const CELL: f32 = 20.0;
    let ink = [30, 30, 40];
    let width = (lines[0].len() + 4) * CELL as usize;
    let mut page = Canvas::new(width, width * 2 / 3, [228, 234, 230]);
    let height = page.height as f32;
    for (row, text) in ["UTOPIA", "L898902C3 ERIKSSON", "12 AUG 1974 ANNA MARIA"].iter().enumerate() {
        page.text((CELL * 12.0, height * (0.15 + 0.13 * row as f32)), CELL * 1.8, Face::Semibold, ink, text);
    }
    for (row, line) in lines.iter().rev().enumerate() {
        page.pitched((CELL * 2.0, height - CELL * (1.6 + 2.1 * row as f32)), CELL, Face::Ocr, ink, line);
    }
    page
}

fn lines_of(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

const TD3: [&str; 2] = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];
const TD2: [&str; 2] = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"];
const MRV_A: [&str; 2] =
    ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"];
const MRV_B: [&str; 2] = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"];
const LONG_NUMBER: [&str; 3] =
    ["I<UTOD23145890<7349<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"];
const FRENCH: [&str; 2] = ["IDFRAERIKSSON<<<<<<<<<<<<<<<<<952042", "0509952018746ANNA<<MARIA<<<7408122F7"];

#[test]
fn every_format_is_read() {
    let zones: [(&[&str], MrzFormat); 6] = [
        (&TD3, MrzFormat::Td3),
        (&TD2, MrzFormat::Td2),
        (&MRV_A, MrzFormat::MrvA),
        (&MRV_B, MrzFormat::MrvB),
        (&LONG_NUMBER, MrzFormat::Td1),
        (&FRENCH, MrzFormat::FrenchId),
    ];
    for (lines, format) in zones {
        let reading = read_back(&page(lines), &Camera::default()).unwrap_or_else(|error| panic!("{format:?}: {error}"));
        assert_eq!((reading.lines.as_slice(), reading.mrz.format), (lines_of(lines).as_slice(), format));
        assert!(reading.mrz.checks_agree(), "{format:?}");
        assert!(reading.confidences.iter().zip(lines).all(|(line, text)| line.len() == text.len()));
    }
}

#[test]
fn a_misprint_is_read_as_it_stands() {
    let second = TD3[1].replace("7408122F", "7408125F");
    let reading = read_back(&page(&[TD3[0], &second]), &Camera::default()).unwrap();
    assert_eq!(reading.lines, [TD3[0], &second]);
    assert!(reading.corrections.iter().all(|correction| !correction.by_check_digits));
    let wrong: Vec<_> = reading.mrz.check_digits.iter().filter(|check| !check.ok).map(|check| check.field).collect();
    assert_eq!(wrong, [CheckedField::BirthDate, CheckedField::Composite]);
}

#[test]
fn mirrored_pixels_are_read() {
    let picture = luma(&page(&TD3), &Camera::default());
    let reading = read(&picture.mirrored()).unwrap();
    assert_eq!(reading.lines, TD3);
    let [(left, _), (right, _), ..] = reading.quad;
    assert!(left > right, "the text runs from right to left: {left} to {right}");
}

#[test]
fn thumbnails_are_read_or_refused_but_never_misread() {
    let mut read_well = 0;
    for (seed, pitch) in [(1, 9), (2, 8), (3, 7), (4, 7), (5, 6), (6, 6)] {
        let width = 48 * pitch * 5 / 4;
        let camera = Camera { width, height: width, fill: 0.8, noise: 2.0, blur: 0.4, seed, ..Camera::default() };
        if let Ok(reading) = read_back(&page(&TD3), &camera) {
            assert_eq!(reading.lines, TD3, "{pitch} pixels a character");
            read_well += 1;
        }
    }
    assert!(read_well >= 4, "{read_well} of 6");
}

#[test]
fn a_piece_of_a_zone_is_no_zone() {
    // Cut off on the left, one line of three, and the right length of something else.
    for lines in [&[&TD3[0][6..], &TD3[1][6..]][..], &[LONG_NUMBER[0]], &["ALL CAPITALS AND OF ONE LENGTH 12345"; 2]] {
        assert!(read_back(&page(lines), &Camera::default()).is_err(), "{lines:?}");
    }
}

#[test]
fn hasty_pictures_are_read_or_refused_but_never_misread() {
    let mut read = 0;
    for seed in 10..22 {
        let person = person(seed);
        if let Ok(reading) = read_back(&passport(&person, seed), &Camera::hasty(seed)) {
            assert_eq!(reading.lines, person.td3(), "seed {seed}");
            read += 1;
        }
    }
    assert!(read >= 11, "{read} of 12");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let camera = Camera { blur: 14.0, ..Camera::default() };
    assert!(read_back(&passport(&person(1), 1), &camera).is_err());
}

#[test]
fn no_zone_no_lines() {
    let person = person(1);
    for drawing in [id_card_front(&person, 1), licence_front(&person, 1), licence_back(&person, 1), selfie(1, 0)] {
        assert!(read_back(&drawing, &Camera::default()).is_err());
    }
}

/// What looks like a zone to the search, everywhere: its allowance ends before the page does.
#[test]
fn pages_full_of_print_and_patterns_are_refused() {
    let letters = "THEQUICKBROWNFOXJUMPSOVERTHELAZYDOG<1234567";
    let mut print = Canvas::new(1600, 1200, [228, 234, 230]);
    for row in 0_u8..30 {
        let line: String = letters.chars().cycle().skip(usize::from(row) * 7).take(44).collect();
        print.pitched((60.0, 60.0 + 38.0 * f32::from(row)), 32.0, Face::Ocr, [30, 30, 40], &line);
    }
    let of = |grey: fn(usize, usize) -> u8| {
        let data = (0..1600 * 1200).map(|at| grey(at % 1600, at / 1600)).collect();
        Luma { width: 1600, height: 1200, data }
    };
    let hash = |x: usize, y: usize| ((x * 7919) ^ (y * 104_729)).wrapping_mul(2_654_435_761) >> 13;
    let dashes = of(|x, y| if x % 14 < 7 && y % 56 < 28 { 20 } else { 230 });
    let noise =
        Luma { width: 1600, height: 1200, data: (0..1600 * 1200).map(|at| hash(at % 1600, at / 1600) as u8).collect() };
    for picture in [luma(&print, &Camera::default()), dashes, noise] {
        assert!(read(&picture).is_err());
    }
}

/// Each of those lines looks like one of a zone: they must not use up the allowance before the zone's turn comes.
#[test]
fn a_zone_below_a_block_of_such_print_is_read() {
    const CELL: f32 = 20.0;
    let letters = "THEQUICKBROWNFOXJUMPSOVERTHELAZYDOG<1234567";
    for rows in [3_u8, 7, 11, 15] {
        let mut page = Canvas::new(48 * CELL as usize, 900, [228, 234, 230]);
        for row in 0..rows {
            let line: String = letters.chars().cycle().skip(usize::from(row) * 7).take(44).collect();
            page.pitched((2.0 * CELL, 40.0 + 44.0 * f32::from(row)), CELL, Face::Ocr, [30, 30, 40], &line);
        }
        for (row, line) in [(0_u8, TD3[0]), (1, TD3[1])] {
            page.pitched((2.0 * CELL, 820.0 + 42.0 * f32::from(row)), CELL, Face::Ocr, [30, 30, 40], line);
        }
        let reading = read_back(&page, &Camera::hasty(u64::from(rows)));
        assert_eq!(reading.map(|reading| reading.lines).as_deref(), Ok(&lines_of(&TD3)[..]), "{rows} lines above");
    }
}

#[test]
fn the_same_bytes_give_the_same_reading() {
    let picture = luma(&passport(&person(3), 3), &Camera::hasty(3));
    assert_eq!(read(&picture), read(&picture));
}

#[test]
fn absurd_pictures_are_no_trouble() {
    for (width, height) in [(0, 0), (1, 1), (1, 500), (500, 1), (3, 3), (2000, 2)] {
        for value in [0, 255] {
            let picture = Luma { width, height, data: vec![value; width * height] };
            assert_eq!(read(&picture).err(), Some(MrzReadError::NotFound));
            assert!(quality::assess(&picture).hints.contains(&QualityHint::Blurred));
        }
    }
}

#[test]
fn hints_say_what_to_do_better() {
    let page = passport(&person(1), 1);
    let hints = |camera: Camera| quality::assess(&luma(&page, &camera)).hints;
    assert_eq!(hints(Camera::default()), []);
    assert!(hints(Camera { blur: 9.0, noise: 0.5, ..Camera::default() }).contains(&QualityHint::Blurred));
    assert!(hints(Camera { glare: 1.0, ..Camera::default() }).contains(&QualityHint::Glare));
    assert!(hints(Camera { width: 400, height: 300, ..Camera::default() }).contains(&QualityHint::TooSmall));
    let dark = luma(&page, &Camera::default());
    let dim = Luma { data: dark.data.iter().map(|v| v / 6).collect(), ..dark.clone() };
    assert!(quality::assess(&dim).hints.contains(&QualityHint::TooDark));
    let washed = Luma { data: dark.data.iter().map(|v| v / 16 + 239).collect(), ..dark };
    assert!(quality::assess(&washed).hints.contains(&QualityHint::TooBright));
}
