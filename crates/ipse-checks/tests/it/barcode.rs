//! Barcodes on photographs of licences.

use ipse_checks::document::barcode::{BarcodeError, read};
use ipse_checks::document::image::{Limits, decode_luma};
use std::path::Path;
use std::time::Instant;

#[test]
fn photographs_beside_the_checkout_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/aamva");
    let Ok(files) = std::fs::read_dir(folder.join("img")) else {
        eprintln!("no photographs beside the checkout: nothing was read");
        return;
    };
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut table = std::collections::BTreeMap::<String, [usize; 4]>::new();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let (level, payload) = name.split_once('_').unwrap();
        let expected = std::fs::read(folder.join("payload").join(format!("{payload}.txt"))).unwrap();
        let picture = decode_luma(&std::fs::read(&file).unwrap(), &Limits::default()).unwrap().pixels;
        let start = Instant::now();
        let found = read(&picture);
        let time = start.elapsed().as_micros() as usize;
        let row = table.entry(level.to_owned()).or_default();
        row[3] += time;
        row[2] += 1;
        match found {
            Ok(barcode) if barcode.text.as_bytes() == expected => {
                row[0] += 1;
                println!("{name} {:?} {time}", barcode.corrected)
            }
            Ok(barcode) => {
                row[1] += 1;
                println!("{name}: wrong {:?}", barcode.text);
            }
            Err(error) => {
                println!("{name}: {error} {time}");
                ipse_checks::document::barcode::debug(&picture)
            }
        }
    }
    for (level, [right, wrong, all, time]) in table {
        println!("{level}: {right} right, {wrong} wrong of {all}, {} µs", time / all);
    }
    let _ = BarcodeError::NotFound;
}
