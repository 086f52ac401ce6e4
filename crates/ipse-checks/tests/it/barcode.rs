//! Barcodes on photographs of licences.

use ipse_checks::document::barcode::{Barcode, BarcodeError, read};
use ipse_checks::document::image::{Limits, Luma, decode_luma};
use ipse_sandbox::specimen::{Camera, id_card_front, licence_back, photograph, selfie};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::specimens::person;

fn luma(jpeg: &[u8]) -> Luma {
    decode_luma(jpeg, &Limits::default()).unwrap().pixels
}

fn shot(seed: u64, camera: &Camera) -> Luma {
    luma(&photograph(&licence_back(&person(seed), seed), camera))
}

/// What rxing's own reader finds on the whole picture, for comparison.
fn rxing(picture: &Luma) -> Option<String> {
    use rxing::{
        BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader, common::HybridBinarizer, pdf417::PDF417Reader,
    };
    let source = Luma8LuminanceSource::new(picture.data.clone(), picture.width as u32, picture.height as u32).unwrap();
    let mut bitmap = BinaryBitmap::new(HybridBinarizer::new(source));
    let hints = DecodeHints::default().with(rxing::DecodeHintValue::TryHarder(true));
    PDF417Reader.decode_with_hints(&mut bitmap, &hints).ok().map(|found| found.getText().to_owned())
}

/// CPU time of this thread in microseconds, where the system tells it.
fn cpu() -> usize {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|ns| ns.parse::<usize>().ok()).unwrap_or_default() / 1000
}

#[derive(Default)]
struct Row {
    all: usize,
    right: usize,
    wrong: usize,
    seen: usize,
    rxing: usize,
    times: Vec<usize>,
    rxing_time: usize,
}

impl Row {
    fn add(&mut self, picture: &Luma, expected: &str, peer: bool) {
        self.all += 1;
        let begun = cpu();
        let found = read(picture);
        self.times.push(cpu() - begun);
        match found {
            Ok(Barcode { text, .. }) if text == expected => self.right += 1,
            Ok(_) => self.wrong += 1,
            Err(BarcodeError::Unreadable) => self.seen += 1,
            Err(BarcodeError::NotFound) => {}
        }
        if peer {
            let begun = cpu();
            self.rxing += usize::from(rxing(picture).as_deref() == Some(expected));
            self.rxing_time += cpu() - begun;
        }
    }

    fn print(&mut self, name: &str) {
        self.times.sort_unstable();
        let (median, most) = (self.times[self.times.len() / 2], self.times[self.times.len() - 1]);
        println!(
            "{name:14} {:3} of {:3}, {} wrong, {} seen but not read; CPU µs median {median} most {most}; rxing {:3}, {} µs",
            self.right,
            self.all,
            self.wrong,
            self.seen,
            self.rxing,
            self.rxing_time / self.all
        );
    }
}

fn beside_the_checkout(peer: bool) -> Option<BTreeMap<String, Row>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/aamva");
    let Ok(files) = std::fs::read_dir(folder.join("img")) else {
        eprintln!("no photographs beside the checkout: nothing was read");
        return None;
    };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut table = BTreeMap::<String, Row>::new();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let (level, payload) = name.split_once('_').unwrap();
        let expected = std::fs::read_to_string(folder.join("payload").join(format!("{payload}.txt"))).unwrap();
        table.entry(level.to_owned()).or_default().add(&luma(&std::fs::read(&file).unwrap()), &expected, peer);
    }
    Some(table)
}

#[test]
fn photographs_beside_the_checkout_are_read() {
    for (level, mut row) in beside_the_checkout(false).into_iter().flatten() {
        row.print(&level);
        assert_eq!((row.right, row.wrong), (row.all, 0), "{level}");
    }
}

type OfSeed = Box<dyn Fn(u64) -> Camera>;

#[test]
#[ignore = "prints a table, for whoever changes the reader"]
fn table() {
    for (level, mut row) in beside_the_checkout(true).into_iter().flatten() {
        row.print(&level);
    }
    let base = Camera::default();
    let kinds: Vec<(&str, OfSeed)> = vec![
        ("careful", Box::new(move |seed| Camera { seed, ..base })),
        ("hasty", Box::new(Camera::hasty)),
        ("turned", Box::new(move |seed| Camera { seed, turn: seed as f32 * 17.0, fill: 0.6, ..base })),
        ("leaning", Box::new(move |seed| Camera { seed, lean: (0.14, -0.1), turn: 8.0, fill: 0.7, ..base })),
        ("blur 1.5", Box::new(move |seed| Camera { seed, blur: 1.5, ..base })),
        ("blur 2.5", Box::new(move |seed| Camera { seed, blur: 2.5, ..base })),
        ("blur 3.5", Box::new(move |seed| Camera { seed, blur: 3.5, ..base })),
        ("small 0.5", Box::new(move |seed| Camera { seed, fill: 0.5, ..base })),
        ("small 0.4", Box::new(move |seed| Camera { seed, fill: 0.4, ..base })),
        ("small 0.3", Box::new(move |seed| Camera { seed, fill: 0.3, ..base })),
        ("noise 14", Box::new(move |seed| Camera { seed, noise: 14.0, ..base })),
        ("noise 25", Box::new(move |seed| Camera { seed, noise: 25.0, quality: 60, ..base })),
        ("glare 0.5", Box::new(move |seed| Camera { seed, glare: 0.5, ..base })),
        ("glare 1.0", Box::new(move |seed| Camera { seed, glare: 1.0, ..base })),
        ("12 megapixels", Box::new(move |seed| Camera { seed, width: 4000, height: 3000, blur: 2.0, ..base })),
    ];
    for (name, camera) in kinds {
        let mut row = Row::default();
        for seed in 0..12 {
            row.add(&shot(seed, &camera(seed)), &person(seed).aamva(), true);
        }
        row.print(name);
    }
    let mut row = Row::default();
    for seed in 0..4 {
        row.add(&luma(&photograph(&id_card_front(&person(seed), seed), &Camera::default())), "", false);
        row.add(&luma(&photograph(&selfie(seed, 0), &Camera::default())), "", false);
    }
    row.print("no symbol");
}

#[test]
fn every_way_up_and_every_lean_is_read_with_its_corners() {
    for step in 0..12_u8 {
        let turn = f32::from(step) * 30.0 + 3.0;
        let lean = (f32::from(step % 5) * 0.04 - 0.08, f32::from(step % 3) * 0.06 - 0.06);
        let camera = Camera { turn, lean, fill: 0.6, seed: u64::from(step), ..Camera::default() };
        let barcode = read(&shot(u64::from(step), &camera)).unwrap();
        assert_eq!(barcode.text, person(u64::from(step)).aamva(), "turned by {turn}");
        // Along a row the corners run the way the card is turned.
        let [(ax, ay), (bx, by), ..] = barcode.quad;
        let off = ((by - ay).atan2(bx - ax).to_degrees() - turn).rem_euclid(360.0);
        assert!(off.min(360.0 - off) < 8.0, "turned by {turn}, off by {off}");
    }
}

#[test]
fn hurry_blur_noise_and_gleams_are_no_hindrance() {
    let base = Camera::default();
    for (name, camera) in [
        ("hasty", Camera::hasty(7)),
        ("blur", Camera { blur: 2.5, ..base }),
        ("noise", Camera { noise: 20.0, ..base }),
        ("glare", Camera { glare: 0.6, ..base }),
        ("far", Camera { fill: 0.5, ..base }),
        ("farther", Camera { fill: 0.4, ..base }),
        ("large", Camera { width: 4000, height: 3000, blur: 1.6, ..base }),
    ] {
        // The second person's symbol has smaller modules.
        for seed in [5, 2] {
            let barcode = read(&shot(seed, &camera)).map(|barcode| barcode.text);
            assert_eq!(barcode, Ok(person(seed).aamva()), "{name}, {seed}");
        }
    }
}

/// Paints a rectangle, given in shares of the picture, in one grey.
fn paint(picture: &mut Luma, [left, top, right, bottom]: [f32; 4], grey: u8) {
    let (width, height) = (picture.width as f32, picture.height as f32);
    for y in (top * height) as usize..(bottom * height) as usize {
        for x in (left * width) as usize..(right * width) as usize {
            picture.data[y * picture.width + x] = grey;
        }
    }
}

#[test]
fn a_stain_is_mended_and_a_lost_half_is_refused() {
    let camera = Camera { turn: 0.0, lean: (0.0, 0.0), ..Camera::default() };
    let mut picture = shot(1, &camera);
    let (left, right) = (0.35, 0.41);
    paint(&mut picture, [left, 0.2, right, 0.4], 20);
    let barcode = read(&picture).unwrap();
    assert_eq!(barcode.text, person(1).aamva());
    assert!(barcode.corrected.0 > 0);
    paint(&mut picture, [0.3, 0.2, 0.7, 0.5], 128);
    assert_eq!(read(&picture), Err(BarcodeError::Unreadable));
}

#[test]
fn no_symbol_no_text() {
    for drawing in [id_card_front(&person(1), 1), selfie(1, 0)] {
        assert_eq!(read(&luma(&photograph(&drawing, &Camera::default()))), Err(BarcodeError::NotFound));
    }
}

#[test]
fn absurd_pictures_are_no_trouble() {
    for (width, height) in [(0, 0), (1, 1), (1, 500), (500, 1), (3, 3), (4000, 2), (2, 4000)] {
        for value in [0, 255] {
            let picture = Luma { width, height, data: vec![value; width * height] };
            assert_eq!(read(&picture), Err(BarcodeError::NotFound));
        }
    }
    // Nothing but the guards, a thousand times: time is bounded by the picture, not by what seems to be in it.
    let row: Vec<u8> = "8111111371131112182"
        .bytes()
        .cycle()
        .scan(false, |dark, width| {
            *dark = !*dark;
            Some(vec![if *dark { 0 } else { 255 }; usize::from(width - b'0')])
        })
        .flatten()
        .take(2000)
        .collect();
    let picture = Luma { width: 2000, height: 1000, data: row.repeat(1000) };
    let begun = std::time::Instant::now();
    let _ = read(&picture);
    assert!(begun.elapsed().as_secs() < 20);
}

#[test]
fn a_licence_s_back_gives_facts_and_a_blurred_barcode_a_hint() {
    use ipse_checks::{Asked, examine};
    use ipse_core::document::{DocumentKind, Side};
    let asked = Asked::Document { kind: DocumentKind::DrivingLicence, side: Side::Back };
    let today = jiff::civil::date(2026, 11, 21);
    let person = person(1);
    let jpeg = photograph(&licence_back(&person, 1), &Camera::hasty(1));
    let (findings, _) = examine(&jpeg, asked, &Limits::default(), today);
    assert_eq!(findings.hints, []);
    let facts = findings.facts.unwrap();
    assert_eq!(facts.kind, Some(DocumentKind::DrivingLicence));
    assert_eq!(facts.document_number.unwrap().reveal(), &person.document_number);
    assert_eq!(facts.identity.family_name.unwrap().reveal(), "QUIROZ");
    // Utopia's number is not one of AAMVA's.
    assert_eq!(facts.barcode_sound, Some(false));
}

/// The one part of the reading that is not ours, put to what a hostile symbol may hold.
#[test]
fn codewords_of_every_kind_are_no_trouble() {
    let mut state = 7_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..60_000 {
        let length = 1 + random(60) as usize;
        let mut words: Vec<u32> =
            (0..length).map(|_| if random(3) == 0 { 900 + random(29) } else { random(929) } as u32).collect();
        words[0] = if random(8) == 0 { random(929) as u32 } else { (1 + random(length as u64)) as u32 };
        let _ = rxing::pdf417::decoder::decoded_bit_stream_parser::decode(&words, "4");
    }
}
