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
    use rxing::{BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader, common::HybridBinarizer, pdf417::PDF417Reader};
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
            Err(_) => {}
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
            "{name:28} {:3} of {:3}, {} wrong, CPU µs median {median} most {most}; rxing {:3}, {} µs",
            self.right,
            self.all,
            self.wrong,
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

#[test]
#[ignore = "prints a table, for whoever changes the reader"]
fn table() {
    if std::env::var("BC_ONLY").is_err() {
    for (level, mut row) in beside_the_checkout(true).into_iter().flatten() {
        row.print(&level);
    }
    }
    let base = Camera::default();
    let kinds: Vec<(&str, Box<dyn Fn(u64) -> Camera>)> = vec![
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
        if std::env::var("BC_ONLY").is_ok_and(|only| !name.contains(&only)) { continue }
        let mut row = Row::default();
        for seed in 0..12 {
            row.add(&shot(seed, &camera(seed)), &person(seed).aamva(), std::env::var("BC_PEER").is_ok());
        }
        row.print(name);
    }
    let mut row = Row::default();
    for seed in 0..4 {
        row.add(&luma(&photograph(&id_card_front(&person(seed), seed), &Camera::default())), "", false);
        row.add(&luma(&photograph(&selfie(seed, 0), &Camera::default())), "", false);
    }
    row.print("no symbol");
    let _ = BarcodeError::NotFound;
}
