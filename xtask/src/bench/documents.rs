//! `cargo xtask bench documents`: how many zones and barcodes are read, refused and read wrongly, the CPU time of each and
//! the most memory of all, beside other readers on the same files in the same run.
//!
//! The pictures are our own specimens, photographed by our own camera, and, where the folder lies beside the checkout,
//! the shared samples with their true lines.

use super::machine;
use super::peers::{self, Answers};
use crate::run::{Failed, root};
use ipse_checks::document::image::{Limits, Luma, decode_luma};
use ipse_checks::document::{barcode, mrz, quality};
use ipse_sandbox::directory::employees;
use ipse_sandbox::specimen::{Camera, Canvas, licence_back, passport, photograph};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Pictures of one kind, each with what is really on it; nothing where there is nothing to read.
struct Class {
    name: String,
    pictures: Vec<(PathBuf, Option<String>)>,
}

pub(crate) fn run() -> Result<(), Failed> {
    if cfg!(debug_assertions) {
        return Err(Failed(
            "figures of a debug build say nothing: cargo run --release -p xtask -- bench documents".into(),
        ));
    }
    let folder = tempfile::tempdir()?;
    let (mut zones, mut codes) = specimens(folder.path())?;
    let shared = root().join("../shared/samples");
    if shared.is_dir() {
        zones.extend(shared_zones(&shared)?);
        codes.extend(shared_codes(&shared)?);
    } else {
        println!("the shared samples are not beside this checkout: only our own specimens are read");
    }
    println!("machine: {}", machine());
    println!(
        "method:  each reader in a process of its own, one file after the other, decoded and read; milliseconds are that\n\
         \x20        process's CPU time for a file, median and 95 of 100; MiB its most resident memory over all files\n"
    );
    let all = |classes: &[Class]| -> Vec<PathBuf> {
        classes.iter().flat_map(|class| class.pictures.iter().map(|(file, _)| file.clone())).collect()
    };
    let (pages, backs) = (all(&zones), all(&codes));
    table(
        "machine-readable zones",
        &zones,
        &[("ipse", peers::ours("zones", &pages)), ("mrz-detection", peers::zones(&pages))],
    );
    table(
        "PDF417 barcodes",
        &codes,
        &[("ipse", peers::ours("barcodes", &backs)), ("zxing-cpp", peers::barcodes(&backs))],
    );
    Ok(())
}

/// Our own readers as a program like the peers': a file a line in, a JSON object a line out.
pub(crate) fn answer(what: &str) -> Result<(), Failed> {
    let read: fn(&Luma) -> Option<String> = match what {
        "zones" => |picture| {
            let assessed = quality::assess(picture).longest_side > 0;
            mrz::read(picture).ok().filter(|_| assessed).map(|found| found.lines.join("\n"))
        },
        _ => |picture| barcode::read(picture).ok().map(|found| found.text),
    };
    for file in std::io::read_to_string(std::io::stdin())?.lines() {
        let begun = cpu_time();
        let picture = decode_luma(&std::fs::read(file)?, &Limits::default());
        let text = picture.ok().and_then(|picture| read(&picture.pixels));
        let milliseconds = cpu_time() - begun;
        println!("{}", json!({ "file": file, "text": text, "milliseconds": milliseconds, "kibibytes": most_memory() }));
    }
    Ok(())
}

/// The most memory that this process has had, in kibibytes.
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    most.and_then(|most| most.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Passports and licences of invented people, and pages without anything to read.
fn specimens(folder: &Path) -> Result<(Vec<Class>, Vec<Class>), Failed> {
    let shoot = |name: String, canvas: &Canvas, camera: &Camera| -> Result<PathBuf, Failed> {
        let file = folder.join(name);
        std::fs::write(&file, photograph(canvas, camera))?;
        Ok(file)
    };
    let (mut zones, mut codes) = (Vec::new(), Vec::new());
    for (name, width, height, hasty) in [
        ("specimens, calm, 12 MP", 4000, 3000, false),
        ("specimens, calm, 3 MP", 2000, 1500, false),
        ("specimens, hasty, 3 MP", 2000, 1500, true),
    ] {
        let (mut passports, mut licences) = (Vec::new(), Vec::new());
        for seed in 0..4 {
            let camera = if hasty { Camera::hasty(seed) } else { Camera { seed, ..Camera::default() } };
            let camera = Camera { width, height, ..camera };
            for (number, employee) in employees().iter().enumerate() {
                let file = format!("{width}-{hasty}-{seed}-{number}");
                let page = shoot(format!("passport-{file}.jpg"), &passport(&employee.person, seed), &camera)?;
                passports.push((page, Some(employee.person.td3().join("\n"))));
                let back = shoot(format!("licence-{file}.jpg"), &licence_back(&employee.person, seed), &camera)?;
                licences.push((back, Some(employee.person.aamva())));
            }
        }
        zones.push(Class { name: name.to_owned(), pictures: passports });
        codes.push(Class { name: name.to_owned(), pictures: licences });
    }
    // What has the one has not the other.
    let nothing = |from: &[Class]| -> Vec<_> {
        from.iter().flat_map(|class| class.pictures.iter().map(|(file, _)| (file.clone(), None))).collect()
    };
    let (no_zones, no_codes) = (nothing(&codes), nothing(&zones));
    zones.push(Class { name: "nothing to read".into(), pictures: no_zones });
    codes.push(Class { name: "nothing to read".into(), pictures: no_codes });
    Ok((zones, codes))
}

fn shared_zones(shared: &Path) -> Result<Vec<Class>, Failed> {
    let mut classes = Vec::new();
    for folder in ["mrz", "mrz_photo"] {
        let manifest = std::fs::read_to_string(shared.join(folder).join("manifest.csv"))?;
        let mut rows = manifest.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = rows.next().unwrap_or_default();
        let column = |name: &str| header.iter().position(|known| *known == name);
        let mut by_level: BTreeMap<String, Vec<(PathBuf, Option<String>)>> = BTreeMap::new();
        for row in rows {
            let field = |name: &str| column(name).and_then(|place| row.get(place)).copied().unwrap_or_default();
            let lines: Vec<&str> =
                ["line1", "line2", "line3"].into_iter().map(field).filter(|line| !line.is_empty()).collect();
            let truth = (!lines.is_empty()).then(|| lines.join("\n"));
            let level = if folder == "mrz" { "shared, scans" } else { field("level") };
            let name = if folder == "mrz" { level.to_owned() } else { format!("shared, photographs {level}") };
            by_level.entry(name).or_default().push((shared.join(folder).join(field("file")), truth));
        }
        classes.extend(by_level.into_iter().map(|(name, pictures)| Class { name, pictures }));
    }
    Ok(classes)
}

fn shared_codes(shared: &Path) -> Result<Vec<Class>, Failed> {
    let mut by_level: BTreeMap<String, Vec<(PathBuf, Option<String>)>> = BTreeMap::new();
    for entry in std::fs::read_dir(shared.join("aamva/img"))? {
        let file = entry?.path();
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let Some((level, payload)) = stem.split_once('_') else { continue };
        let payload = shared.join("aamva/payload").join(format!("{payload}.txt"));
        let Ok(truth) = std::fs::read(payload) else { continue };
        let truth = truth.into_iter().map(char::from).collect();
        by_level.entry(format!("shared, {level}")).or_default().push((file, Some(truth)));
    }
    Ok(by_level.into_iter().map(|(name, pictures)| Class { name, pictures }).collect())
}

/// CPU time of this thread, the only one that reads, so far in milliseconds.
fn cpu_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

/// Line ends and marks of a payload are the transport's; what counts is what is printed.
fn same(said: &str, truth: &str) -> bool {
    let plain = |text: &str| text.chars().filter(|letter| !letter.is_control()).collect::<String>();
    plain(said) == plain(truth)
}

fn table(title: &str, classes: &[Class], readers: &[(&str, Answers)]) {
    println!(
        "{title:<28}{:>5}  {:<16}{:>6}{:>7}{:>9}{:>9}{:>9}",
        "of", "reader", "read", "wrong", "refused", "ms p50", "ms p95"
    );
    for class in classes {
        for (number, (reader, answers)) in readers.iter().enumerate() {
            let Some(answers) = answers else { continue };
            let (mut read, mut wrong, mut refused) = (0, 0, 0);
            let mut times = Vec::new();
            for (file, truth) in &class.pictures {
                let Some(said) = answers.get(file) else { continue };
                times.push(said.milliseconds);
                match (&said.text, truth) {
                    (Some(text), Some(truth)) if same(text, truth) => read += 1,
                    (Some(_), _) => wrong += 1,
                    (None, _) => refused += 1,
                }
            }
            times.sort_by(f64::total_cmp);
            let at = |share: f64| times.get(((times.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(0.0);
            let name = if number == 0 { class.name.as_str() } else { "" };
            let of = class.pictures.len();
            println!("{name:<28}{of:>5}  {reader:<16}{read:>6}{wrong:>7}{refused:>9}{:>9.0}{:>9.0}", at(0.5), at(0.95));
        }
    }
    for (reader, answers) in readers {
        let most = answers.iter().flat_map(|answers| answers.values()).map(|said| said.kibibytes).max();
        if let Some(most) = most {
            println!("{:<28}{:>5}  {reader:<16}{:>6} MiB", "most memory", "", most / 1024);
        }
    }
    println!();
}
