//! Security objects of real states, and chains made elsewhere: read where they lie beside the checkout. Chains of our
//! own prove the engine without them, in `chip`.

use ipse_checks::document::chip::{
    ChipFile, ChipFiles, ChipReading, ListSignature, Overall, Portrait, TrustStore, read,
};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("no samples beside the checkout: {name} was not tried");
    None
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap()
}

/// The public authorities: a national list, its root, and Indonesia's older ones.
fn store(folder: &Path) -> TrustStore {
    let names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("csca_") || name.starts_with("DE_"))
        .collect();
    let files: Vec<(String, Vec<u8>)> = names.into_iter().map(|name| (name.clone(), bytes(folder, &name))).collect();
    let (store, report) = TrustStore::load(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    let list = report.iter().find(|loaded| loaded.signature.is_some()).unwrap();
    assert_eq!(list.signature, Some(ListSignature::Trusted));
    assert_eq!(report.iter().map(|loaded| loaded.skipped).sum::<usize>(), 0, "{report:?}");
    assert!(list.authorities > 580, "{report:?}");
    store
}

fn read_alone(sod: &[u8], store: &TrustStore) -> ChipReading {
    let mut files = ChipFiles::default();
    files.add(ChipFile::Sod, sod).unwrap();
    read(&files, store, now())
}

fn now() -> Timestamp {
    "2026-06-01T00:00:00Z".parse().unwrap()
}

#[test]
fn security_objects_of_real_states_are_valid() {
    let Some(folder) = folder("emrtd") else { return };
    let store = store(&folder);
    let mut states = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if !name.starts_with("sod_") {
            continue;
        }
        let reading = read_alone(&bytes(&folder, &name), &store);
        let expected = if name.contains("corrupt") { Overall::Invalid } else { Overall::Valid };
        assert_eq!(reading.overall, expected, "{name}: {reading:?}");
        assert_ne!(read_alone(&bytes(&folder, &name), &TrustStore::default()).overall, Overall::Valid);
        states += 1;
    }
    assert!(states > 6);
}

#[test]
fn chains_made_elsewhere_come_out_as_their_manifest_says() {
    let Some(folder) = folder("emrtd_synth") else { return };
    let manifest: serde_json::Value = serde_json::from_slice(&bytes(&folder, "manifest.json")).unwrap();
    for case in manifest.as_array().unwrap() {
        let name = case["case"].as_str().unwrap();
        let expected = |key: &str| case["expected"][key].as_str().unwrap().to_owned();
        let folder = folder.join(name);
        let files: Vec<(String, Vec<u8>)> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| (name.clone(), bytes(&folder, &name)))
            .collect();
        let (store, _) = TrustStore::load(
            files
                .iter()
                .filter(|(name, _)| ChipFile::from_name(name).is_none())
                .map(|(n, b)| (n.as_str(), b.as_slice())),
        );
        let mut chip = ChipFiles::default();
        for (name, bytes) in &files {
            if let Some(file) = ChipFile::from_name(name) {
                chip.add(file, bytes).unwrap();
            }
        }
        let at = format!("{}T00:00:00Z", case["verify_at"].as_str().unwrap());
        let reading = read(&chip, &store, at.parse().unwrap());
        let wire = serde_json::to_value(&reading).unwrap();
        let field = |key: &str| wire[key].as_str().unwrap().to_owned();
        assert!(expected("overall").starts_with(&field("overall")), "{name}: {reading:?}");
        assert!(expected("chain").starts_with(&field("chain")), "{name}: {reading:?}");
        let signature = field("sod_signature").replace("message_digest_mismatch", "invalid (messageDigest)");
        assert_eq!(expected("sod_signature"), signature, "{name}");
        assert_eq!(expected("dg_hashes"), reading.dg_hashes(), "{name}");
        assert_eq!(expected("overall").contains("weak_algorithm"), !reading.weak_algorithms.is_empty(), "{name}");
        assert_eq!(expected("chain").contains("expired now"), !reading.warnings.is_empty(), "{name}");
        assert!(reading.unreadable.is_empty(), "{name}: {reading:?}");
        assert_eq!(reading.facts.is_some(), !expected("dg_hashes").contains(":1"), "{name}");
        assert!(reading.portrait.is_some(), "{name}");
    }
}

#[test]
fn reference_vectors_are_taken_and_their_faults_found() {
    let Some(folder) = folder("emrtd") else { return };
    let store = store(&folder);
    for (number, signature, hashes) in [
        // Its manifest says that group 15 matches; its security object does not list one.
        (1, "valid", "not_in_sod:15"),
        (3, "malformed", "none"),
        (4, "malformed", "none"),
        (5, "malformed", "none"),
        (6, "malformed", "none"),
        (7, "malformed", "none"),
        (8, "malformed", "none"),
        (10, "malformed", "none"),
        (11, "malformed", "none"),
        (12, "unsupported", "none"),
        (14, "malformed", "none"),
        (15, "message_digest_mismatch", "mismatch:1"),
        (16, "invalid", "match"),
        (18, "valid", "mismatch:1"),
    ] {
        let names = ["EF_SOD", "DG1", "DG14", "DG15"].map(|name| (name, format!("bsi{number}_{name}.bin")));
        let files: Vec<(&str, Vec<u8>)> = names
            .iter()
            .filter(|(_, name)| folder.join(name).exists())
            .map(|(kind, name)| (*kind, bytes(&folder, name)))
            .collect();
        let mut chip = ChipFiles::default();
        for (name, bytes) in &files {
            chip.add(ChipFile::from_name(name).unwrap(), bytes).unwrap();
        }
        let reading = read(&chip, &store, now());
        let wire = serde_json::to_value(&reading).unwrap();
        assert_eq!(wire["sod_signature"], signature, "{number}: {reading:?}");
        assert_eq!(reading.dg_hashes(), hashes, "{number}");
        assert_ne!(reading.overall, Overall::Valid, "{number}");
    }
}

#[test]
fn portraits_are_found_and_what_is_none_is_refused() {
    let Some(folder) = folder("emrtd") else { return };
    for (name, image) in [
        ("ICAO_39794_5_AP_DG2_AllFields.dat", Some("ICAO_39794_5_AP_DG2_Face.jpg")),
        ("ICAO_39794_5_AP_DG2_MandFields.dat", Some("ICAO_39794_5_AP_DG2_Face.jpg")),
        ("ICAO_39794_5_AP_AllFields.dat", Some("ICAO_39794_5_AP_Face.jpg")),
        ("ICAO_39794_5_AP_MandFields.dat", Some("ICAO_39794_5_AP_Face.jpg")),
        ("ICAO_39794_5_AP_MandFields_InvalidImage.dat", None),
        ("ISO19794_Test1_Data.bin", Some("ISO19794_Test1_Face.jpg")),
        ("ISO19794_Test2_Data_InvalidImage.bin", None),
    ] {
        let mut file = bytes(&folder, name);
        if !name.contains("DG2") {
            // Only the block: the templates around it are ours.
            let tag = if name.starts_with("ISO19794") { 0x5F } else { 0x7F };
            let element = |tag: &[u8], content: &[u8]| {
                [tag, &[0x83], &(content.len() as u32).to_be_bytes()[1..], content].concat()
            };
            let template = element(&[0x7F, 0x60], &[element(&[0xA1], &[]), element(&[tag, 0x2E], &file)].concat());
            file = element(&[0x75], &element(&[0x7F, 0x61], &[vec![2, 1, 1], template].concat()));
        }
        let found = Portrait::find(&file).ok();
        let cut = found.as_ref().and_then(|portrait| portrait.cut(&file));
        assert_eq!(cut, image.map(|image| bytes(&folder, image)).as_deref(), "{name}");
    }
}

/// Every bit with `IPSE_EVERY_BIT` set, otherwise one of each eleventh octet.
#[test]
fn flipped_bits_of_real_security_objects_are_never_valid() {
    let Some(folder) = folder("emrtd") else { return };
    let store = store(&folder);
    let every = std::env::var_os("IPSE_EVERY_BIT").is_some();
    for name in ["sod_DE.bin", "sod_FI.bin", "sod_ID.bin", "sod_MY.bin", "sod_PH.bin", "sod_SG.bin"] {
        let sod = bytes(&folder, name);
        for bit in (0..sod.len() * 8).step_by(if every { 1 } else { 89 }) {
            let mut flipped = sod.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(read_alone(&flipped, &store).overall, Overall::Valid, "{name} bit {bit}");
        }
    }
}

/// Processor time for each document; run in release mode.
#[test]
#[ignore = "prints figures, proves nothing"]
fn how_long_a_document_takes() {
    let Some(folder) = folder("emrtd") else { return };
    let spent = || -> u64 {
        let status = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        status.split(' ').next().unwrap().parse().unwrap()
    };
    let start = spent();
    let store = store(&folder);
    println!("trust store: {} ms", (spent() - start) / 1_000_000);
    for name in ["sod_DE.bin", "sod_FI.bin", "sod_ID.bin", "sod_MY.bin", "sod_PH.bin", "sod_SG.bin"] {
        let sod = bytes(&folder, name);
        read_alone(&sod, &store);
        let start = spent();
        for _ in 0..200 {
            read_alone(&sod, &store);
        }
        println!("{name}: {} µs", (spent() - start) / 200_000);
    }
}
