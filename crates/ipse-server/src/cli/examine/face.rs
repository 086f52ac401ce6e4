//! The faces of two pictures, compared.

use super::read;
use crate::config::Config;
use crate::models;
use crate::server::NotStarted;
use ipse_checks::document::image::{Limits, decode};
use ipse_checks::face::{Portrait, compare as similarity, portrait};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;

/// Compares; succeeds when the similarity reaches the threshold.
pub(super) fn compare(
    config: &Config,
    one: &Path,
    other: &Path,
    as_json: bool,
    limits: &Limits,
) -> Result<ExitCode, NotStarted> {
    let engine = models::load(config)?;
    let Some((model, bounds)) = engine.capabilities().embedder.filter(|_| engine.can_compare()) else {
        return Err(NotStarted("no face models are installed: run `ipse models install`".into()));
    };
    let face = |file: &Path| -> Result<Portrait, NotStarted> {
        let picture =
            decode(&read(file)?, limits).map_err(|error| NotStarted(format!("{}: {error}", file.display())))?;
        portrait(&engine, &picture.pixels).ok_or_else(|| NotStarted(format!("{}: no one face", file.display())))
    };
    let (one, other) = (face(one)?, face(other)?);
    let alike = similarity(&one.template, &other.template).map_err(|error| NotStarted(error.to_string()))?;
    let outcome = match alike {
        alike if alike >= bounds.pass => "pass",
        alike if alike >= bounds.review => "review",
        _ => "fail",
    };
    if as_json {
        let faces = [&one.face, &other.face];
        println!(
            "{}",
            json!({ "similarity": alike, "outcome": outcome, "pass": bounds.pass, "review": bounds.review, "model": model, "faces": faces })
        );
    } else {
        println!(
            "{outcome}: similarity {alike:.3} (pass from {}, review from {}), {model}",
            bounds.pass, bounds.review
        );
        for face in [&one.face, &other.face] {
            let (pose, quality) = (face.pose, face.quality);
            println!(
                "  eyes {:.0} px apart, turned {:.0}°, sharpness {:.1}, brightness {:.0}, hints {:?}",
                quality.eyes,
                pose.yaw,
                quality.sharpness,
                quality.brightness,
                face.hints()
            );
        }
    }
    Ok(if outcome == "pass" { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
