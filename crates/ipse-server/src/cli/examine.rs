//! `ipse examine FILE…`: what the engines find in pictures on disk, and how long it took.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use crate::clock::Clock;
use crate::config::Config;
use crate::server::NotStarted;
use clap::Args;
use ipse_checks::document::image::{Limits, decode_luma};
use ipse_checks::document::mrz::read;
use ipse_checks::document::quality::assess;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(Args)]
pub(super) struct Options {
    /// Pictures of documents: JPEG, PNG or WebP.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a line. It holds what is on the document: mind where it goes.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, options: &Options) -> Result<ExitCode, NotStarted> {
    let limits =
        Limits { bytes: config.limits.picture_bytes, pixels: config.limits.picture_pixels, ..Limits::default() };
    let mut all_read = true;
    for file in &options.files {
        let found = examine(file, &limits)?;
        all_read &= found["mrz"].is_object();
        if options.json {
            println!("{found}");
        } else {
            println!("{}", describe(&found));
        }
    }
    Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

fn examine(file: &Path, limits: &Limits) -> Result<Value, NotStarted> {
    let bytes =
        std::fs::read(file).map_err(|error| NotStarted(format!("{} cannot be read: {error}", file.display())))?;
    let name = file.display().to_string();
    let begun = Instant::now();
    let picture = match decode_luma(&bytes, limits) {
        Ok(picture) => picture,
        Err(error) => return Ok(json!({ "file": name, "error": error.to_string() })),
    };
    let decoded = begun.elapsed();
    let quality = assess(&picture.pixels);
    let assessed = begun.elapsed();
    let reading = read(&picture.pixels);
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
                "corrected": reading.corrections.len(),
            });
            (value, Value::Null)
        }
    };
    Ok(json!({
        "file": name,
        "width": picture.pixels.width,
        "height": picture.pixels.height,
        "quality": {
            "sharpness": quality.sharpness,
            "glare": quality.glare,
            "brightness": quality.brightness,
            "hints": quality.hints.iter().map(|hint| format!("{hint:?}")).collect::<Vec<_>>(),
        },
        "mrz": mrz,
        "error": error,
        "milliseconds": {
            "decode": milliseconds(decoded),
            "quality": milliseconds(assessed.saturating_sub(decoded)),
            "mrz": milliseconds(done.saturating_sub(assessed)),
            "total": milliseconds(done),
        },
    }))
}

fn describe(found: &Value) -> String {
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
    } else {
        said.push_str(&format!("\n  nothing read: {}", text(&found["error"])));
    }
    said.push_str(&format!("\n  {} ms", found["milliseconds"]["total"]));
    said
}
