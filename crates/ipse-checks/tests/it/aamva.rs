//! Payloads of licences.

use ipse_checks::document::aamva::{Fault, Height, Licence, parse};
use ipse_core::Private;
use std::path::Path;

fn text(field: Option<&Private<String>>) -> &str {
    field.map_or("", |field| field.reveal().as_str())
}

/// Family name, given name, number, birth, expiry, jurisdiction.
fn core(licence: &Licence) -> [String; 6] {
    let date =
        |date: &Option<Private<jiff::civil::Date>>| date.as_ref().map(|d| d.reveal().to_string()).unwrap_or_default();
    [
        text(licence.family_name.as_ref()).to_owned(),
        text(licence.given_name.as_ref()).to_owned(),
        text(licence.document_number.as_ref()).to_owned(),
        date(&licence.birth_date),
        date(&licence.expiry_date),
        text(licence.jurisdiction.as_ref()).to_owned(),
    ]
}

#[test]
fn payloads_beside_the_checkout_give_their_fields() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/aamva");
    let Ok(manifest) = std::fs::read_to_string(folder.join("manifest.json")) else {
        eprintln!("no payloads beside the checkout: nothing was compared");
        return;
    };
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let (mut right, mut all, mut wrong) = (0, 0, Vec::new());
    for entry in manifest.as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let licence = parse(&String::from_utf8_lossy(&bytes));
        let expected = &entry["expected"];
        let Some(family) = expected["last"].as_str() else {
            assert!(licence.is_err(), "{file}");
            continue;
        };
        let field = |name: &str| expected[name].as_str().unwrap_or_default().to_owned();
        let mut wanted = [
            family.to_owned(),
            field("first"),
            field("id_number"),
            field("date_of_birth"),
            field("expiration_date"),
            field("jurisdiction"),
        ];
        let licence = licence.unwrap();
        let found = core(&licence);
        if wanted[5].is_empty() {
            wanted[5].clone_from(&found[5]);
        }
        all += 1;
        if found == wanted && text(licence.middle_name.as_ref()) == field("middle") {
            right += 1;
        } else {
            wrong.push(format!("{file}: {found:?} for {wanted:?} {:?}", licence.middle_name.map(Private::into_inner)));
        }
    }
    assert_eq!(right, all, "{wrong:#?}");
}

/// A payload that is built as the standard says: header, list of subfiles, one subfile.
fn payload(issuer: u32, version: u8, kind: &str, elements: &[&str]) -> String {
    let subfile = format!("{kind}{}\r", elements.join("\n"));
    let own = if version > 1 { "00" } else { "" };
    let offset = 21 + own.len() + 8;
    format!("@\n\u{1e}\rANSI {issuer}{version:02}{own}01{kind}{offset:04}{:04}{subfile}", subfile.len())
}

const LATEST: &[&str] = &[
    "DAQA1234",
    "DCSMUSTER",
    "DDEN",
    "DACERIKA ANNE",
    "DDFN",
    "DADMARIA",
    "DDGN",
    "DCAD",
    "DCBNONE",
    "DCDNONE",
    "DBD01312020",
    "DBB08121974",
    "DBA08122028",
    "DBC2",
    "DAU068 in",
    "DAYBRO",
    "DAG1 MAIN ST",
    "DAIANYTOWN",
    "DAJVA",
    "DAK123450000  ",
    "DCFX1",
    "DCGUSA",
];

/// The same with some elements replaced; an element of no value is left out.
fn with(changes: &[&str]) -> Vec<String> {
    let mut elements: Vec<String> = LATEST.iter().map(|element| (*element).to_owned()).collect();
    for change in changes {
        let id = &change[..3];
        elements.retain(|element| !element.starts_with(id));
        if change.len() > 3 {
            elements.push((*change).to_owned());
        }
    }
    elements
}

fn read_with(version: u8, changes: &[&str]) -> Licence {
    let elements = with(changes);
    parse(&payload(636_000, version, "DL", &elements.iter().map(String::as_str).collect::<Vec<_>>())).unwrap()
}

#[test]
fn a_sound_payload_has_no_fault() {
    let licence = read_with(10, &[]);
    assert_eq!(licence.faults, []);
    assert!(licence.is_sound());
    assert_eq!(core(&licence), ["MUSTER", "ERIKA ANNE", "A1234", "1974-08-12", "2028-08-12", "VA"]);
    assert_eq!(text(licence.middle_name.as_ref()), "MARIA");
    assert_eq!(text(licence.address.postal_code.as_ref()), "12345");
    assert_eq!((licence.sex.unwrap().into_inner(), licence.height.unwrap().into_inner()), ('F', Height::Inches(68)));
    assert!(!format!("{:?}", licence.elements).contains("MUSTER"));
}

#[test]
fn each_departure_is_a_fault_and_nothing_else_is_lost() {
    for (changes, fault) in [
        (&["DBB"][..], Fault::Missing("DBB")),
        (&["DBB13311974"], Fault::Malformed("DBB")),
        (&["DBA00000000"], Fault::Malformed("DBA")),
        (&["DBC7"], Fault::Malformed("DBC")),
        (&["DAUtall"], Fault::Malformed("DAU")),
        (&["DDF"], Fault::Missing("DDF")),
    ] {
        let licence = read_with(9, changes);
        assert_eq!(licence.faults, [fault], "{changes:?}");
        assert_eq!(text(licence.document_number.as_ref()), "A1234");
    }
    let elements = with(&[]);
    let elements: Vec<&str> = elements.iter().map(String::as_str).collect();
    let good = payload(636_000, 8, "DL", &elements);
    for (bad, fault) in [
        (good.replace("\u{1e}\r", "\u{1e}\n"), Fault::Header),
        (good.replace("DL0031", "DL0131"), Fault::Directory),
        (good.replace("636000", "999999"), Fault::Issuer),
    ] {
        let licence = parse(&bad).unwrap();
        assert_eq!(licence.faults, [fault]);
        assert_eq!(core(&licence)[..5], core(&parse(&good).unwrap())[..5]);
    }
    let piped = parse(&good.replace('\n', "|").replacen('|', "\n", 1)).unwrap();
    assert_eq!(piped.faults, [Fault::Separator]);
    assert_eq!(core(&piped), core(&parse(&good).unwrap()));
}

#[test]
fn names_come_in_the_order_of_the_issuer() {
    for (issuer, name, expected) in [
        (636_000, "DAAPUBLIC,JOHN,Q,JR", ["PUBLIC", "JOHN", "Q", "JR"]),
        (636_000, "DAAPUBLIC,JOHN QUINCY", ["PUBLIC", "JOHN", "QUINCY", ""]),
        (636_000, "DAAPUBLIC,MARY ANN,LEE", ["PUBLIC", "MARY ANN", "LEE", ""]),
        (636_000, "DAAPUBLIC,JOHN,,3RD", ["PUBLIC", "JOHN", "", "3RD"]),
        (636_025, "DAAJOHN Q PUBLIC", ["PUBLIC", "JOHN", "Q", ""]),
        (636_025, "DAAJOHN PUBLIC JR", ["PUBLIC", "JOHN", "", "JR"]),
        (636_020, "DAAJOHN,Q,PUBLIC", ["PUBLIC", "JOHN", "Q", ""]),
        (636_020, "DAAJOHN,,PUBLIC", ["PUBLIC", "JOHN", "", ""]),
    ] {
        let payload = payload(issuer, 1, "DL", &["DAQ1", name, "DBB19761123", "DBA20301201"]);
        let licence = parse(&payload).unwrap();
        let parts = [&licence.family_name, &licence.given_name, &licence.middle_name, &licence.suffix];
        assert_eq!(parts.map(|part| text(part.as_ref())), expected, "{name}");
        assert_eq!(core(&licence)[3..5], ["1976-11-23", "2030-12-01"]);
    }
    for (changes, expected) in [
        (["DAC", "DAD", "DCTJOHN,QUINCY"], ["JOHN", "QUINCY"]),
        (["DAC", "DAD", "DCTJOHN Q R"], ["JOHN", "Q R"]),
        (["DACJOHN", "DADNONE", "DCUNONE"], ["JOHN", ""]),
    ] {
        let licence = read_with(3, &changes);
        assert_eq!([&licence.given_name, &licence.middle_name].map(|part| text(part.as_ref())), expected);
    }
}

#[test]
fn measures_dates_and_sexes_in_every_way_of_writing() {
    for (height, expected) in [
        ("DAU068 in", Height::Inches(68)),
        ("DAU 70 IN", Height::Inches(70)),
        ("DAU168 CM", Height::Centimetres(168)),
        ("DAU509", Height::Inches(69)),
        ("DAU5'09\"", Height::Inches(69)),
    ] {
        assert_eq!(read_with(8, &[height]).height.map(Private::into_inner), Some(expected), "{height}");
    }
    for (date, expected) in
        [("DBB08121974", "1974-08-12"), ("DBB19740812", "1974-08-12"), ("DBB1974-08-12", "1974-08-12")]
    {
        assert_eq!(core(&read_with(8, &[date]))[3], expected);
    }
    for (sex, expected) in [("DBC1", 'M'), ("DBC2", 'F'), ("DBC9", 'X'), ("DBCM", 'M'), ("DBCF", 'F')] {
        assert_eq!(read_with(8, &[sex]).sex.map(Private::into_inner), Some(expected));
    }
    let canadian = payload(636_012, 8, "ID", &["DAQ1", "DCSTREMBLAY", "DACZOE", "DAJON", "DAKN1M 3J6   ", "DAU170"]);
    let canadian = parse(&canadian).unwrap();
    assert_eq!((text(canadian.country.as_ref()), text(canadian.address.postal_code.as_ref())), ("CAN", "N1M3J6"));
    assert_eq!(canadian.height.map(Private::into_inner), Some(Height::Centimetres(170)));
    assert_eq!(canadian.kind, Some(ipse_core::document::DocumentKind::IdCard));
}

#[test]
fn what_is_no_licence_is_refused() {
    for junk in
        ["", "@", "@\n\u{1d}\rANSI 636", "ANSI 636000", "hello", "M1DESMARAIS/LUC       EABC123", &"D".repeat(9000)]
    {
        assert!(parse(junk).is_err(), "{junk}");
    }
}

#[test]
fn time_is_linear_in_the_length() {
    for unit in ["D", "DL", "ZV", "DAQ", "ZVZ", "|", "MZVZV", "\n", "ANSI ", "ANSI 6360001000", "é"] {
        let long = unit.repeat(8192 / unit.len());
        let payload = format!("@\n\u{1e}\rANSI 636000100002DL00410278ZV03190008DL{long}");
        let begun = std::time::Instant::now();
        let _ = (parse(&long), parse(payload.get(..8000).unwrap_or_default()));
        assert!(begun.elapsed().as_millis() < 500, "{unit}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_is_too_strange(text in "\\PC*", wild in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        let _ = parse(&text);
        let wild = String::from_utf8_lossy(&wild);
        let _ = parse(&wild);
        let _ = parse(&format!("@\n\u{1e}\rANSI 636000100002DL00410278ZV03190008DL{wild}"));
    }

    #[test]
    fn a_spoilt_payload_never_panics(at in 0_usize..300, byte in 0_u8..128, cut in 0_usize..400) {
        let mut bytes = payload(636_000, 10, "DL", LATEST).into_bytes();
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        bytes.truncate(cut);
        let _ = parse(&String::from_utf8(bytes).unwrap());
    }
}
