//! `ipse evaluate face`: how often the models are wrong on pictures whose truth is known, in the terms of ISO/IEC 19795-1
//! and 30107-3. What it prints belongs beside the thresholds in `models.toml`.

mod collect;
mod det;
mod report;

use crate::config::Config;
use crate::models;
use crate::server::NotStarted;
use clap::{Args, Subcommand};
use ipse_checks::document::image::Limits;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Measure how often faces are confused, missed, or pretended.
    Face(Options),
}

#[derive(Args)]
pub(super) struct Options {
    /// A CSV file with a header: two pictures, 1 if they show one person and 0 if not, then columns of groups, if there
    /// are any. Paths are relative to the file.
    #[arg(long, value_name = "FILE", required_unless_present = "attacks")]
    pairs: Option<PathBuf>,
    /// A folder with a folder of pictures for each species of attack, and one named `bona_fide`.
    #[arg(long, value_name = "DIR")]
    attacks: Option<PathBuf>,
    /// The models to measure, instead of the configured ones.
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
    /// Write the detection error trade-off as a picture.
    #[arg(long, value_name = "OUT.SVG", requires = "pairs")]
    det: Option<PathBuf>,
    /// What the manifest is to call these pictures, instead of the names of file and folder.
    #[arg(long, value_name = "NAME")]
    test_set: Option<String>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &Command) -> Result<ExitCode, NotStarted> {
    let Command::Face(options) = command;
    let folder = options.models.clone().unwrap_or_else(|| config.face_models());
    let (manifest, engine) = models::open(&folder)?;
    if !engine.can_compare() {
        return Err(NotStarted(format!("{} has no models that compare faces", folder.display())));
    }
    let limits =
        Limits { bytes: config.limits.picture_bytes, pixels: config.limits.picture_pixels, ..Limits::default() };
    let pairs = options.pairs.as_deref().map(|file| collect::pairs(&engine, file, &limits)).transpose()?;
    let attacks = options.attacks.as_deref().map(|folder| collect::attacks(&engine, folder, &limits)).transpose()?;
    if let (Some(out), Some(pairs)) = (&options.det, &pairs) {
        let bounds = engine.capabilities().embedder.map(|(_, bounds)| bounds.pass);
        let drawing = det::draw(&pairs.all, bounds);
        std::fs::write(out, drawing)
            .map_err(|error| NotStarted(format!("{} cannot be written: {error}", out.display())))?;
    }
    let name = |path: &Option<PathBuf>| {
        let named = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        options.test_set.clone().or(named).unwrap_or_default()
    };
    let names = (name(&options.pairs), name(&options.attacks));
    let report = report::Report::new(&manifest, &engine, pairs.as_ref(), attacks.as_ref(), names);
    if options.json {
        println!("{}", serde_json::to_string(&report).map_err(|error| NotStarted(error.to_string()))?);
    } else {
        print!("{report}");
    }
    Ok(ExitCode::SUCCESS)
}
