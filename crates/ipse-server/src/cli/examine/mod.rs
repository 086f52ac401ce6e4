//! `ipse examine`: what the engines find in pictures and chip files on disk, and how long it took.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

mod chip;
mod explain;
mod face;
mod picture;

use crate::config::Config;
use crate::server::NotStarted;
use clap::Args;
use ipse_checks::document::image::Limits;
use serde_json::Value;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Args)]
pub(super) struct Options {
    /// Pictures of documents, JPEG, PNG or WebP, or folders of them.
    #[arg(required_unless_present_any = ["chip", "face"])]
    files: Vec<PathBuf>,
    /// One JSON object a line. It holds what is on the document: mind where it goes.
    #[arg(long)]
    json: bool,
    /// Writes a page that shows each picture with what was found drawn on it. It holds the pictures themselves.
    #[arg(long, value_name = "OUT.HTML")]
    explain: Option<PathBuf>,
    /// A folder with the files of one chip: EF.SOD, DG1, …
    #[arg(long, value_name = "DIR")]
    chip: Option<PathBuf>,
    /// A folder of the authorities whose chips are believed: master lists, LDIF files, certificates, revocation lists.
    #[arg(long, value_name = "DIR", requires = "chip")]
    trust: Option<PathBuf>,
    /// Compare the faces of two pictures.
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["files", "chip"])]
    face: Option<Vec<PathBuf>>,
}

pub(super) fn run(config: &Config, options: &Options) -> Result<ExitCode, NotStarted> {
    if let Some(folder) = &options.chip {
        let (reading, text) = chip::examine(folder, options.trust.as_deref())?;
        println!("{}", if options.json { reading.to_string() } else { text });
        return Ok(if reading["overall"] == "valid" { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let limits =
        Limits { bytes: config.limits.picture_bytes, pixels: config.limits.picture_pixels, ..Limits::default() };
    if let Some([one, other]) = options.face.as_deref() {
        return face::compare(config, one, other, options.json, &limits);
    }
    let files = pictures(&options.files)?;
    let mut all = Vec::with_capacity(files.len());
    let mut page = explain::Page::default();
    for (number, file) in files.iter().enumerate() {
        progress(number, files.len());
        let bytes = read(file)?;
        let found = picture::examine(file, &bytes, &limits);
        if options.explain.is_some() {
            page.add(&found, &bytes);
        }
        if options.json {
            println!("{found}");
        } else {
            println!("{}", picture::describe(&found));
        }
        all.push(found);
    }
    progress(files.len(), files.len());
    if let Some(out) = &options.explain {
        let failed = |error: std::io::Error| NotStarted(format!("{} cannot be written: {error}", out.display()));
        std::fs::write(out, page.render()).map_err(failed)?;
    }
    if all.len() > 1 && !options.json {
        print!("{}", summary(&all));
    }
    Ok(if all.iter().all(picture::was_read) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, NotStarted> {
    std::fs::read(file).map_err(|error| NotStarted(format!("{} cannot be read: {error}", file.display())))
}

/// The files as they were named, and the pictures in the folders, in the order of their names.
pub(super) fn pictures(named: &[PathBuf]) -> Result<Vec<PathBuf>, NotStarted> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let failed = |error: std::io::Error| NotStarted(format!("{} cannot be read: {error}", path.display()));
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let entry = entry.map_err(failed)?.path();
            let kind = entry.extension().map(|kind| kind.to_string_lossy().to_lowercase()).unwrap_or_default();
            if entry.is_dir() || ["jpg", "jpeg", "png", "webp"].contains(&kind.as_str()) {
                inside.push(entry);
            }
        }
        inside.sort();
        files.extend(pictures(&inside)?);
    }
    Ok(files)
}

/// A bar on the terminal, where there is one and something to wait for.
pub(super) fn progress(done: usize, of: usize) {
    const WIDTH: usize = 30;
    if of > 1 && std::io::stderr().is_terminal() {
        let filled = WIDTH * done / of;
        eprint!("\r[{}{}] {done}/{of} ", "#".repeat(filled), ".".repeat(WIDTH - filled));
        if done == of {
            eprintln!();
        }
    }
}

/// How many were read, and how long they took.
fn summary(all: &[Value]) -> String {
    let mut times: Vec<f64> = all.iter().filter_map(|found| found["milliseconds"]["total"].as_f64()).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len().saturating_sub(1) as f64 * share) as usize).copied().unwrap_or(0.0);
    let count = |what: fn(&Value) -> bool| all.iter().filter(|found| what(found)).count();
    let rows = [
        ("pictures", all.len()),
        ("zone read", count(|found| found["mrz"].is_object())),
        ("  of these, check digits disagree", count(|found| found["mrz"]["check_digits_agree"] == false)),
        ("barcode read", count(|found| found["barcode"].is_object())),
        ("nothing read", count(|found| !picture::was_read(found))),
    ];
    let rows: String = rows.iter().map(|(name, number)| format!("{name:<36}{number:>6}\n")).collect();
    format!("\n{rows}{:<36}{:>6.0} ms, nine of ten within {:.0} ms\n", "median", at(0.5), at(0.9))
}
