//! The files of a chip.

use super::read as bytes_of;
use crate::clock::Clock;
use crate::server::{NotStarted, trust};
use ipse_checks::document::chip::{ChipFile, ChipFiles, TrustStore, read};
use serde_json::{Value, json};
use std::path::Path;

/// Reads a folder of files; returns the reading as JSON and in words.
pub(super) fn examine(folder: &Path, trusted: Option<&Path>) -> Result<(Value, String), NotStarted> {
    let failed = |error: std::io::Error| NotStarted(format!("{} cannot be read: {error}", folder.display()));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(file) = ChipFile::from_name(&name) {
            found.push((file, bytes_of(&path)?));
        }
    }
    found.sort();
    let mut files = ChipFiles::default();
    for (file, bytes) in &found {
        files.add(*file, bytes).map_err(|error| NotStarted(format!("{file:?}: {error}")))?;
    }
    let store = trusted.map_or_else(|| Ok(TrustStore::default()), trust)?;
    let reading = read(&files, &store, Clock::default().now());
    let text = format!(
        "{}: {:?}\n  security object  {:?}\n  chain            {:?} ({} authorities known)\n  data groups      {}\n  revocation       {:?}\n  weak             {:?}\n  warnings         {:?}",
        folder.display(),
        reading.overall,
        reading.sod_signature,
        reading.chain,
        store.len(),
        reading.dg_hashes(),
        reading.revocation,
        reading.weak_algorithms,
        reading.warnings,
    );
    let value = serde_json::to_value(&reading).unwrap_or_else(|_| json!({}));
    Ok((value, text))
}
