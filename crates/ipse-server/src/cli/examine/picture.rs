//! One picture.

use super::milliseconds;
use crate::clock::Clock;
use ipse_checks::document::aamva;
use ipse_checks::document::barcode;
use ipse_checks::document::image::{Limits, decode_luma};
use ipse_checks::document::mrz::read;
use ipse_checks::document::quality::assess;
use ipse_checks::document::signs::Signs;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// Whether something was read in the picture.
pub(super) fn was_read(found: &Value) -> bool {
    found["mrz"].is_object() || found["barcode"].is_object()
}

/// Everything the engines find; a barcode is looked for where there is no zone.
pub(super) fn examine(file: &Path, bytes: &[u8], limits: &Limits) -> Value {
    let name = file.display().to_string();
    let begun = Instant::now();
    let picture = match decode_luma(bytes, limits) {
        Ok(picture) => picture,
        Err(error) => return json!({ "file": name, "error": error.to_string() }),
    };
    let decoded = begun.elapsed();
    let quality = assess(&picture.pixels);
    let assessed = begun.elapsed();
    let signs = Signs::of(bytes, &picture.pixels, limits);
    let measured = begun.elapsed();
    let reading = read(&picture.pixels);
    let looked = begun.elapsed();
    let code = if reading.is_err() { barcode::read(&picture.pixels).ok() } else { None };
    let done = begun.elapsed();
    let today = Clock::default().now().to_zoned(TimeZone::UTC).date();
    let day = (today.year(), today.month(), today.day());
    let (mrz, error) = match &reading {
        Err(error) => (Value::Null, Value::String(error.to_string())),
        Ok(reading) => {
            let mrz = &reading.mrz;
            let least = reading.confidences.iter().flatten().copied().fold(1.0_f32, f32::min);
            let digit = |digit: &ipse_checks::document::mrz::CheckDigit| {
                json!({
                    "field": format!("{:?}", digit.field),
                    "printed": digit.printed,
                    "computed": digit.computed,
                    "ok": digit.ok,
                })
            };
            let correction = |one: &ipse_checks::document::mrz::Correction| {
                json!({
                    "line": one.line,
                    "column": one.column,
                    "seen": one.seen,
                    "by_check_digits": one.by_check_digits,
                })
            };
            let value = json!({
                "format": format!("{:?}", mrz.format),
                "lines": reading.lines,
                "document_code": mrz.document_code,
                "issuing_state": mrz.issuing_state,
                "document_number": mrz.document_number,
                "primary_identifier": mrz.primary_identifier,
                "secondary_identifier": mrz.secondary_identifier,
                "nationality": mrz.nationality,
                "birth_date": mrz.birth_date(day).map(|date| date.to_string()),
                "sex": mrz.sex,
                "expiry_date": mrz.expiry_date(day).map(|date| date.to_string()),
                "check_digits": mrz.check_digits.iter().map(digit).collect::<Vec<_>>(),
                "check_digits_agree": mrz.checks_agree(),
                "least_confidence": least,
                "confidences": reading.confidences,
                "quad": reading.quad,
                "corrections": reading.corrections.iter().map(correction).collect::<Vec<_>>(),
            });
            (value, Value::Null)
        }
    };
    json!({
        "file": name,
        "width": picture.pixels.width,
        "height": picture.pixels.height,
        "quality": {
            "sharpness": quality.sharpness,
            "glare": quality.glare,
            "brightness": quality.brightness,
            "hints": quality.hints.iter().map(|hint| format!("{hint:?}")).collect::<Vec<_>>(),
        },
        "signs": {
            "screen": signs.on_screen(),
            "copy": signs.grey(),
            "edited": signs.edited(),
            "measured": signs,
        },
        "mrz": mrz,
        "barcode": code.as_ref().map(licence),
        "error": error,
        "milliseconds": {
            "decode": milliseconds(decoded),
            "quality": milliseconds(assessed.saturating_sub(decoded)),
            "signs": milliseconds(measured.saturating_sub(assessed)),
            "mrz": milliseconds(looked.saturating_sub(measured)),
            "barcode": milliseconds(done.saturating_sub(looked)),
            "total": milliseconds(done),
        },
    })
}

/// What a barcode says, as a licence where it is one.
fn licence(code: &barcode::Barcode) -> Value {
    let parsed = aamva::parse(&code.text).ok();
    let text = |field: fn(&aamva::Licence) -> Option<String>| parsed.as_ref().and_then(field);
    json!({
        "text": code.text,
        "quad": code.quad,
        "columns": code.size.0,
        "rows": code.size.1,
        "codewords_corrected": code.corrected.0,
        "version": parsed.as_ref().map(|licence| licence.version),
        "sound": parsed.as_ref().map(aamva::Licence::is_sound),
        "jurisdiction": text(|licence| licence.jurisdiction.as_ref().map(|field| field.reveal().clone())),
        "document_number": text(|licence| licence.document_number.as_ref().map(|field| field.reveal().clone())),
        "family_name": text(|licence| licence.family_name.as_ref().map(|field| field.reveal().clone())),
        "given_name": text(|licence| licence.given_name.as_ref().map(|field| field.reveal().clone())),
        "birth_date": text(|licence| licence.birth_date.as_ref().map(|field| field.reveal().to_string())),
        "expiry_date": text(|licence| licence.expiry_date.as_ref().map(|field| field.reveal().to_string())),
    })
}

/// The same in words.
pub(super) fn describe(found: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut said = text(&found["file"]);
    if let Some(lines) = found["mrz"]["lines"].as_array() {
        for line in lines {
            said.push_str("\n  ");
            said.push_str(&text(line));
        }
        let agree = if found["mrz"]["check_digits_agree"] == true { "agree" } else { "DISAGREE" };
        said.push_str(&format!(
            "\n  check digits {agree}, least certain character {}",
            found["mrz"]["least_confidence"]
        ));
    } else if found["barcode"].is_object() {
        let code = &found["barcode"];
        let names = ["jurisdiction", "document_number", "family_name", "given_name", "birth_date", "expiry_date"];
        for name in names.iter().filter(|name| code[**name].is_string()) {
            said.push_str(&format!("\n  {name:<16}{}", text(&code[*name])));
        }
        said.push_str(if code["sound"] == true {
            "\n  barcode as its standard wants it"
        } else {
            "\n  barcode NOT SOUND"
        });
    } else {
        said.push_str(&format!("\n  nothing read: {}", text(&found["error"])));
    }
    for (sign, words) in [
        ("screen", "looks like a picture of a screen"),
        ("copy", "has no colours, as a photocopy has none"),
        ("edited", "its file names a program that changes or makes pictures"),
    ] {
        if found["signs"][sign] == true {
            said.push_str(&format!("\n  sign: {words}"));
        }
    }
    said.push_str(&format!("\n  {} ms", found["milliseconds"]["total"]));
    said
}
