//! Where hostile bytes come in: one function for each kind of them. The fuzz targets call these under libFuzzer, and
//! the tests of `ipse-checks` call them on every seed and on everything that once went wrong.
//!
//! Each takes any bytes, goes through the engine's public entries only, and has nothing to say: what must not happen is
//! a panic, a second of work, or memory without bounds. Clock and limits are fixed, so a finding repeats.

use aws_lc_rs::digest::{SHA256, digest};
use ipse_checks::document::chip::{Challenge, ChipFile, ChipFiles, ChipReading, TrustStore};
use ipse_checks::document::image::{Limits, Luma, decode};
use ipse_checks::document::{aamva, barcode, chip, mrz};
use ipse_checks::{Asked, examine};
use ipse_core::date::Date;
use ipse_core::document::{DocumentKind, Side};
use jiff::Timestamp;
use std::sync::LazyLock;

/// A security object as the sandbox's chips have it, and whose authority is to be believed.
const SPECIMEN: &[u8] = include_bytes!("../seeds/security_object/specimen");
const AUTHORITY: &[u8] = include_bytes!("../seeds/trust/authority");
static TRUST: LazyLock<TrustStore> = LazyLock::new(|| TrustStore::load([("authority", AUTHORITY)]).0);

const TODAY: Date = Date::constant(2026, 6, 1);

fn now() -> Timestamp {
    Timestamp::constant(1_780_272_000, 0)
}

/// The bytes of a picture as they were uploaded, asked for as one kind of evidence or another by their number. Pictures
/// are kept too small to hold a zone, which [`pixels`] looks for: here it is the decoders' turn.
pub fn image(bytes: &[u8]) {
    const ASKED: [Asked; 4] = [
        Asked::Document { kind: DocumentKind::Passport, side: Side::Front },
        Asked::Document { kind: DocumentKind::DrivingLicence, side: Side::Back },
        Asked::Document { kind: DocumentKind::IdCard, side: Side::Back },
        Asked::Selfie,
    ];
    let limits = Limits { bytes: 1 << 16, pixels: 1 << 14, longest_side: 149, shortest_side: 8 };
    for asked in ASKED.iter().skip(bytes.len() % ASKED.len()).take(1) {
        let _ = examine(bytes, *asked, &limits, TODAY);
    }
    let _ = decode(bytes, &limits);
}

/// Grey levels, of which the first byte tells the width and the second how many pixels of the picture each becomes:
/// what is behind the decoders, without an image format in the way.
pub fn pixels(bytes: &[u8]) {
    let [width, size, data @ ..] = bytes else { return };
    let (width, size) = (usize::from(*width) + 1, usize::from(*size) % 3 + 1);
    let height = data.len() / width;
    if width * size * height * size > 1 << 16 {
        return;
    }
    let wide = |row: &[u8]| row.iter().flat_map(|grey| std::iter::repeat_n(*grey, size)).collect::<Vec<_>>();
    let rows = data.chunks_exact(width).map(wide);
    let data = rows.flat_map(|row| std::iter::repeat_n(row, size).flatten()).collect();
    let picture = Luma { width: width * size, height: height * size, data };
    let _ = mrz::read(&picture);
    let _ = barcode::read(&picture);
}

/// The lines of a machine-readable zone.
pub fn mrz(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let lines: Vec<&str> = text.lines().collect();
    if let Ok(zone) = mrz::parse(&lines) {
        let day = (TODAY.year(), TODAY.month(), TODAY.day());
        let _ = (zone.birth_date(day), zone.expiry_date(day), zone.checks_agree());
    }
}

/// What the barcode of a licence says.
pub fn aamva(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(licence) = aamva::parse(text)
    {
        let _ = (licence.is_sound(), licence.element("DAQ").is_some());
    }
}

/// The codewords of a symbol, two bytes each, behind one byte for the level of correction and one for how many of them
/// are spoilt. Count and check words are put right first: chance would never get them so.
pub fn barcode(bytes: &[u8]) {
    let [level, spoilt, rest @ ..] = bytes else { return };
    let level = u32::from(level % 6);
    let check = 2_usize << level;
    let data = rest.chunks_exact(2).map(|pair| pair.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) % 929);
    let data: Vec<u32> = data.take(927 - check).collect();
    let mut words = vec![data.len() as u32 + 1];
    words.extend(data);
    words.extend(check_words(&words, check));
    let whole = words.len();
    for word in words.iter_mut().step_by(1 + whole / 16).take(usize::from(spoilt % 16)) {
        *word = (*word + 1) % 929;
    }
    let _ = barcode::text(&words, level, &[]);
}

/// The remainder of division by the product of (x − 3^i), as ISO/IEC 15438 annex I has it.
fn check_words(data: &[u32], check: usize) -> Vec<u32> {
    let (mut generator, mut root) = (vec![1_u32], 1);
    for _ in 0..check {
        root = root * 3 % 929;
        let raised = std::iter::once(0).chain(generator.iter().copied());
        let taken = generator.iter().map(|c| (929 - root) * c % 929).chain([0]);
        generator = raised.zip(taken).map(|(a, b)| (a + b) % 929).collect();
    }
    let mut rest = vec![0; check];
    for word in data {
        let lead = (word + rest.last().copied().unwrap_or(0)) % 929;
        rest.rotate_right(1);
        if let Some(lowest) = rest.first_mut() {
            *lowest = 0;
        }
        rest.iter_mut().zip(&generator).for_each(|(slot, c)| *slot = (*slot + (929 - lead) * c) % 929);
    }
    rest.iter().rev().map(|word| (929 - word) % 929).collect()
}

/// EF.SOD, with an authority at hand.
pub fn security_object(bytes: &[u8]) {
    let mut files = ChipFiles::default();
    let _ = files.add(ChipFile::Sod, bytes);
    look_at(&chip::read(&files, &TRUST, now()));
}

/// All files of a chip, each behind its number and two bytes of length: 1 to 16 the data groups, 17 EF.COM, 18 a
/// challenge of eight bytes and its answer, 19 a file of the trust store, anything else EF.SOD. Without an EF.SOD one is
/// made that lists the data groups with their true digests, for only those that match are looked into.
pub fn chip(bytes: &[u8]) {
    let (mut files, mut store) = (ChipFiles::default(), None);
    let mut rest = bytes;
    while let [number, high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(tail.len());
        let (piece, tail) = tail.split_at(length);
        rest = tail;
        match number {
            17 => drop(files.add(ChipFile::Com, piece)),
            18 => {
                let (challenge, response) = piece.split_at(piece.len().min(8));
                files.active_authentication = Some(Challenge { challenge, response });
            }
            19 => store = Some(TrustStore::load([("piece", piece), ("authority", AUTHORITY)]).0),
            1..=16 => drop(files.add(ChipFile::DataGroup(*number), piece)),
            _ => drop(files.add(ChipFile::Sod, piece)),
        }
    }
    let made = unsigned_object(&files);
    if files.get(ChipFile::Sod).is_none() {
        let _ = files.add(ChipFile::Sod, &made);
    }
    let reading = chip::read(&files, store.as_ref().unwrap_or(&TRUST), now());
    look_at(&reading);
    if let (Some(portrait), Some(file)) = (&reading.portrait, files.get(ChipFile::DataGroup(2))) {
        let _ = portrait.cut(file);
    }
}

/// A file that an operator puts into the trust store, by itself and beside an authority, and a chip held against both.
pub fn trust(bytes: &[u8]) {
    let mut files = ChipFiles::default();
    let _ = files.add(ChipFile::Sod, SPECIMEN);
    for beside in [None, Some(("authority", AUTHORITY))] {
        let (store, _) = TrustStore::load(beside.into_iter().chain([("file", bytes)]));
        look_at(&chip::read(&files, &store, now()));
    }
}

fn look_at(reading: &ChipReading) {
    let _ = (reading.dg_hashes(), reading.has_path());
}

/// One element: tag, length, content.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [_, high, middle, low] = (content.len() as u32).to_be_bytes();
    [&[tag, 0x83, high, middle, low][..], &content].concat()
}

/// A security object with the SHA-256 digests of the files and a signature of nobody (RFC 5652 §5, ICAO 9303-10 §4.6.2).
fn unsigned_object(files: &ChipFiles<'_>) -> Vec<u8> {
    const SIGNED_DATA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
    const SECURITY_OBJECT: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01];
    const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
    const ECDSA_SHA_256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
    let algorithm = |name: &[u8]| element(0x30, &[&element(0x06, &[name])]);
    let sha_256 = algorithm(SHA_256);
    let groups = (1..=16).filter_map(|number| {
        let file = files.get(ChipFile::DataGroup(number))?;
        Some(element(0x30, &[&[2, 1, number], &element(0x04, &[digest(&SHA256, file).as_ref()])]))
    });
    let listed = element(0x30, &[&groups.collect::<Vec<_>>().concat()]);
    let content = element(0x30, &[&[2, 1, 0], &sha_256, &listed]);
    let attribute = |last: u8, value: Vec<u8>| {
        let name = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, last];
        element(0x30, &[&element(0x06, &[&name]), &element(0x31, &[&value])])
    };
    let attributes = [
        attribute(3, element(0x06, &[SECURITY_OBJECT])),
        attribute(4, element(0x04, &[digest(&SHA256, &content).as_ref()])),
    ];
    let signer = element(
        0x30,
        &[
            &[2, 1, 3, 0x80, 0],
            &sha_256,
            &element(0xA0, &[&attributes.concat()]),
            &algorithm(ECDSA_SHA_256),
            &element(0x04, &[]),
        ],
    );
    let message = [element(0x06, &[SECURITY_OBJECT]), element(0xA0, &[&element(0x04, &[&content])])];
    let body = element(
        0x30,
        &[&[2, 1, 3], &element(0x31, &[&sha_256]), &element(0x30, &[&message.concat()]), &element(0x31, &[&signer])],
    );
    let info = element(0x30, &[&element(0x06, &[SIGNED_DATA]), &element(0xA0, &[&body])]);
    element(0x77, &[&info])
}
