//! Zones on photographs of specimens: all that is printed is read, and nothing that is not.

use ipse_checks::document::{
    image::{Limits, Luma, decode_luma},
    mrz::{MrzReadError, MrzReading, read},
    quality::{self, QualityHint},
};
use ipse_sandbox::specimen::{Camera, Canvas, id_card_back, id_card_front, passport, photograph, selfie};

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
    for drawing in [id_card_front(&person(1), 1), selfie(1, 0)] {
        assert!(read_back(&drawing, &Camera::default()).is_err());
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
