//! Payloads of licences.

use ipse_checks::document::aamva::{Fault, Licence, parse};
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
