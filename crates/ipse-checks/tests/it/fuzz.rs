//! What the fuzz targets are given to begin with, and everything that once went wrong, through the same entries, on the
//! stable compiler. How the targets themselves are run stands in `docs/fuzzing.md`.

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder, codecs::webp::WebPEncoder};
use ipse_sandbox::specimen::chip::{ChipKey, CountrySigner, element, group_1, group_2};
use ipse_sandbox::specimen::{Camera, Canvas, canvas::Face, licence_back, photograph};
use jpeg_encoder::{ColorType, Encoder};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::specimens::person;

#[path = "../../../../fuzz/src/lib.rs"]
mod entries;

type Entry = fn(&[u8]);

const TARGETS: [(&str, Entry); 8] = [
    ("image", entries::image),
    ("pixels", entries::pixels),
    ("mrz", entries::mrz),
    ("aamva", entries::aamva),
    ("barcode", entries::barcode),
    ("security_object", entries::security_object),
    ("chip", entries::chip),
    ("trust", entries::trust),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(name)
}

/// The files of a target's folder; none where there is no folder.
fn inputs(kind: &str, target: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder(kind).join(target)) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn no_seed_and_nothing_that_once_went_wrong_is_any_trouble() {
    for (target, entry) in TARGETS {
        assert!(!inputs("seeds", target).is_empty(), "{target} has nothing to begin with");
        for kind in ["seeds", "regressions"] {
            for file in inputs(kind, target) {
                println!("{}", file.display());
                entry(&std::fs::read(file).unwrap());
            }
        }
    }
}

#[test]
fn every_target_is_kept_alive_here() {
    let mut targets: Vec<String> = std::fs::read_dir(folder("fuzz_targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    targets.sort_unstable();
    let mut known = TARGETS.map(|(target, _)| target);
    known.sort_unstable();
    assert_eq!(targets, known);
}

/// A small sheet with a word and the zone of a passport.
fn sheet(cell: f32) -> Canvas {
    let mut sheet = Canvas::new((cell * 48.0) as usize, (cell * 15.0) as usize, [230, 234, 228]);
    for (row, line) in person(1).td3().iter().enumerate() {
        sheet.pitched((cell * 2.0, cell * (9.0 + 2.2 * row as f32)), cell, Face::Ocr, [30, 30, 40], line);
    }
    sheet.text((cell * 2.0, cell * 4.0), cell * 2.5, Face::Semibold, [30, 30, 40], "UTOPIA");
    sheet
}

/// An EXIF block that turns the picture by a half and names programs.
fn exif() -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x03".to_vec();
    exif.extend(
        b"\x01\x0F\0\x02\0\0\0\x07\0\0\0\x32\x01\x12\0\x03\0\0\0\x01\0\x03\0\0\x01\x31\0\x02\0\0\0\x05\0\0\0\x3A",
    );
    exif.extend(b"\0\0\0\0SANDBOX\0Ipse\0");
    exif
}

fn pictures(seeds: &mut BTreeMap<String, Vec<u8>>) {
    let small = sheet(3.0);
    let (width, height) = (u16::try_from(small.width).unwrap(), u16::try_from(small.height).unwrap());
    for (name, progressive) in [("baseline", false), ("progressive", true)] {
        let mut jpeg = Vec::new();
        let mut encoder = Encoder::new(&mut jpeg, 60);
        encoder.set_progressive(progressive);
        encoder.add_app_segment(1, exif()).unwrap();
        encoder.encode(&small.data, width, height, ColorType::Rgb).unwrap();
        seeds.insert(format!("image/{name}"), jpeg);
    }
    let (wide, high) = (u32::from(width), u32::from(height));
    let mut png = Vec::new();
    PngEncoder::new(&mut png).write_image(&small.data, wide, high, ExtendedColorType::Rgb8).unwrap();
    seeds.insert("image/png".into(), png);
    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp).write_image(&small.data, wide, high, ExtendedColorType::Rgb8).unwrap();
    seeds.insert("image/webp".into(), webp);
    let camera = Camera { width: 144, height: 108, noise: 1.0, blur: 0.3, turn: 0.0, quality: 60, ..Camera::default() };
    seeds.insert("image/licence".into(), photograph(&licence_back(&person(1), 1), &camera));
    // A corner of a larger one, with the bytes before it that the entry takes off.
    let large = sheet(5.0);
    let corner = (0..40).flat_map(|y| (0..240).map(move |x| (x, y + 32)));
    let grey = corner.map(|(x, y)| large.at(x, y)[1]);
    seeds.insert("pixels/zone".into(), [239, 0].into_iter().chain(grey).collect());
    seeds.insert(
        "pixels/stripes".into(),
        [63, 1].into_iter().chain((0..64 * 24_u32).map(|i| if i % 7 < 3 { 20 } else { 230 })).collect(),
    );
}

fn texts(seeds: &mut BTreeMap<String, Vec<u8>>) {
    let person = person(2);
    seeds.insert("mrz/passport".into(), person.td3().join("\n").into_bytes());
    seeds.insert("mrz/card".into(), person.td1().join("\n").into_bytes());
    let larger = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
    seeds.insert("mrz/larger_card".into(), larger.into());
    let french = "IDFRAERIKSSON<<<<<<<<<<<<<<<<<952042\n0509952018746ANNA<<MARIA<<<7408122F7";
    seeds.insert("mrz/french_card".into(), french.into());
    seeds.insert("aamva/licence".into(), person.aamva().into_bytes());
    seeds.insert("aamva/piped".into(), person.aamva().replace('\n', "|").into_bytes());
    // Text, bytes and numbers: each mode, begun by its own codeword (ISO/IEC 15438 clause 5.4).
    let words: [(&str, &[u16]); 4] = [
        ("text", &[900, 1, 32, 843, 29, 870]),
        ("bytes", &[901, 120, 300, 44, 55, 66, 7, 924, 1, 2, 3, 4, 5]),
        ("numbers", &[902, 1, 624, 434, 632, 282, 200]),
        ("blocks", &[927, 3, 65, 928, 111, 100, 17, 923, 0, 900, 65, 923, 1, 902, 1, 624, 922]),
    ];
    for (name, words) in words {
        let bytes = words.iter().flat_map(|word| word.to_be_bytes());
        seeds.insert(format!("barcode/{name}"), [1, 2].into_iter().chain(bytes).collect());
    }
}

fn piece(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number], &u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
}

fn chips(seeds: &mut BTreeMap<String, Vec<u8>>) {
    const DECADE: [&str; 2] = ["20200101000000Z", "20350101000000Z"];
    let (authority, key) = (CountrySigner::new("UT", DECADE).unwrap(), ChipKey::new().unwrap());
    let signer = authority.document_signer(7, DECADE).unwrap();
    let place = element(&[0x5F, 0x11], &[b"Amaurot<Utopia"]);
    let other = element(&[0xA0], &[&[2, 1, 1], &element(&[0x5F, 0x0F], &[b"Quiroz"])]);
    let born = element(&[0x5F, 0x2B], &[b"19510211"]);
    let groups: [(u8, Vec<u8>); 6] = [
        (1, group_1(&person(1))),
        (2, group_2(&[0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 4])),
        (11, element(&[0x6B], &[&[0x5C, 2, 0x5F, 0x11], &place, &other, &born])),
        (12, element(&[0x6C], &[&element(&[0x5F, 0x26], &[b"20210610"]), &element(&[0x5F, 0x19], &[b"Utopia"])])),
        (14, ChipKey::group_14()),
        (15, key.group_15()),
    ];
    let listed: Vec<(u8, &[u8])> = groups.iter().map(|(number, bytes)| (*number, bytes.as_slice())).collect();
    let object = signer.security_object(&listed, Some("20210615120000Z")).unwrap();
    let common = element(&[0x60], &[&[0x5C, 6, 0x61, 0x75, 0x6B, 0x6C, 0x6E, 0x6F]]);
    let answer = [&b"12345678"[..], &key.answer(b"12345678").unwrap()].concat();
    let mut pieces: Vec<u8> = groups.iter().flat_map(|(number, bytes)| piece(*number, bytes)).collect();
    pieces.extend([piece(17, &common), piece(18, &answer)].concat());
    seeds.insert("chip/unsigned".into(), pieces.clone());
    pieces.extend([piece(19, &authority.certificate), piece(20, &object)].concat());
    seeds.insert("chip/signed".into(), pieces);
    let revoked = authority.revocations(&[9], ["20260101000000Z", "20270101000000Z"]).unwrap();
    let list = signer.master_list(&[&authority.certificate]).unwrap();
    let folded = |bytes: &[u8]| -> String {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(bytes)
    };
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", folded(&authority.certificate));
    let export = format!(
        "version: 1\n\ndn: o=ml,c=UT\npkdMasterListContent:: {}\n\ndn: o=crl,c=UT\ncertificateRevocationList;binary:: {}\n\ndn: o=dsc,c=UT\nuserCertificate;binary:: {}\n",
        folded(&list),
        folded(&revoked),
        folded(&signer.certificate)
    );
    seeds.insert("security_object/specimen".into(), object);
    seeds.insert("trust/authority".into(), authority.certificate);
    seeds.insert("trust/revocations".into(), revoked);
    seeds.insert("trust/master_list".into(), list);
    seeds.insert("trust/pem".into(), pem.into_bytes());
    seeds.insert("trust/ldif".into(), export.into_bytes());
}

#[test]
#[ignore = "writes fuzz/seeds anew, with new keys"]
fn seeds_are_written() {
    let mut seeds = BTreeMap::new();
    pictures(&mut seeds);
    texts(&mut seeds);
    chips(&mut seeds);
    for (name, bytes) in seeds {
        let file = folder("seeds").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}
