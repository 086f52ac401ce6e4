//! `cargo xtask bench face [--models DIR]`: CPU time and memory of one verification's faces beside onnxruntime, with the
//! same models on the same pictures in the same run.
//!
//! The verification is a page of a passport and a burst of twelve frames, two of each step: the page is searched at twice
//! the resolution and its portrait embedded; each frame is searched; the one that decides each step is embedded and
//! compared; the landmarks of the best are held against the landmark finder's; two go to the presentation-attack detectors. The peer does the same, with Pillow
//! for decoding and resizing. Each runs in a process of its own, since memory is asked for.

use super::peers;
use super::{machine, quantile};
use crate::run::{Failed, root};
use ipse_checks::document::image::{Limits, decode};
use ipse_checks::face::liveness::{Action, BurstFindings, Challenge, Frame, LightColour, Source, Step, judge_burst};
use ipse_checks::face::models::{DEFAULT, Family, Manifest};
use ipse_checks::face::{Engine, compare, portrait};
use ipse_checks::{Asked, examine};
use ipse_core::document::{DocumentKind, Side};
use ipse_sandbox::directory::employees;
use ipse_sandbox::specimen::performance::{Performer, perform, read_steps};
use ipse_sandbox::specimen::{Camera, passport, photograph};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Measured verifications, after one that warms up.
const TIMES: usize = 25;
/// Frames of a burst.
const FRAMES: usize = 12;

pub(crate) fn run(arguments: &[&str]) -> Result<(), Failed> {
    if cfg!(debug_assertions) {
        return Err(Failed("figures of a debug build say nothing: cargo run --release -p xtask -- bench face".into()));
    }
    let models = match arguments {
        ["--run", models, pictures] => return ours(Path::new(models), Path::new(pictures)),
        ["--models", models] => PathBuf::from(models),
        [] => root().join("../shared/models"),
        _ => return Err(Failed("cargo xtask bench face [--models DIR]".into())),
    };
    let (manifest, engine) = load(&models)?;
    if !engine.can_compare() || !engine.can_judge_presentation() {
        let missing: Vec<String> = engine.status().iter().map(|one| format!("{}: {:?}", one.file, one.state)).collect();
        return Err(Failed(format!(
            "{} does not have the models of the manifest; name a folder with --models:\n  {}",
            models.display(),
            missing.join("\n  ")
        )));
    }
    let folder = tempfile::tempdir()?;
    draw(folder.path())?;
    println!("machine: {}", machine());
    println!("models:  {} in {}", engine.set(), models.display());
    println!(
        "method:  {TIMES} verifications after one to warm up, each side in a process of its own, one thread for the"
    );
    println!("         networks; milliseconds are CPU time of all threads; memory is the most that was resident");
    println!(
        "faces:   a drawn person's, who answers the challenge; passport of 2000 × 1500 pixels, frames of 480 × 640\n"
    );
    let own = Command::new(std::env::current_exe()?)
        .args(["bench", "face", "--run"])
        .args([&models, folder.path()])
        .output()?;
    if !own.status.success() {
        return Err(Failed(String::from_utf8_lossy(&own.stderr).into_owned()));
    }
    let own: Value = serde_json::from_slice(&own.stdout).map_err(|error| Failed(error.to_string()))?;
    let peer = peers::faces(&plan(&manifest, &models, folder.path(), &own["best"]))?;
    table(&own, &peer);
    Ok(())
}

fn load(models: &Path) -> Result<(Manifest, Engine), Failed> {
    let text = std::fs::read_to_string(models.join("models.toml")).unwrap_or_else(|_| DEFAULT.to_owned());
    let manifest = Manifest::parse(&text).map_err(|error| Failed(error.to_string()))?;
    let engine = Engine::load(&manifest, |file| std::fs::read(models.join(file)).ok());
    Ok((manifest, engine))
}

/// Ahead, then both turns and both distances, one of them again.
fn challenge() -> Challenge {
    let steps = [
        (Action::LookAhead, LightColour::White),
        (Action::TurnLeft, LightColour::Red),
        (Action::Closer, LightColour::Green),
        (Action::TurnRight, LightColour::Blue),
        (Action::Farther, LightColour::Red),
        (Action::TurnLeft, LightColour::Green),
    ];
    Challenge { steps: steps.map(|(action, light)| Step { action, light }).into() }
}

/// Writes the page and the frames of a drawn person, in whom real detectors see a face too.
fn draw(folder: &Path) -> Result<(), Failed> {
    let steps = serde_json::to_value(challenge().steps).map_err(|error| Failed(error.to_string()))?;
    for (number, (.., bytes)) in perform(Performer::Person(7), &read_steps(&steps), 2).into_iter().enumerate() {
        std::fs::write(folder.join(format!("frame-{number:02}.jpg")), bytes)?;
    }
    let people = employees();
    let person = &people.first().ok_or_else(|| Failed("nobody works at the desk".into()))?.person;
    std::fs::write(folder.join("page.jpg"), photograph(&passport(person, 7), &Camera::default()))?;
    Ok(())
}

/// What the peer needs to know to do the same.
fn plan(manifest: &Manifest, models: &Path, pictures: &Path, best: &Value) -> Value {
    let of = |family: &[Family]| -> Vec<Value> {
        let wanted = manifest.models.iter().filter(|model| family.contains(&model.family));
        let there = wanted.filter(|model| models.join(&model.file).is_file());
        let as_told = there.map(|model| {
            json!({
                "file": models.join(&model.file), "size": model.size, "bgr": matches!(model.colour, ipse_checks::face::models::ColourOrder::Bgr),
                "mean": model.mean, "scale": model.scale, "crop": model.crop, "template": model.template, "live": model.live,
                "input": model.input, "outputs": model.outputs,
            })
        });
        as_told.collect()
    };
    json!({
        "detector": of(&[Family::Yunet]), "embedder": of(&[Family::OmzReid, Family::Arcface112]),
        "pad": of(&[Family::Minifasnet]), "landmarks": of(&[Family::OmzLandmarks]),
        "pictures": pictures, "frames": FRAMES, "times": TIMES, "best": best,
    })
}

/// Our own side: prints what it measured as JSON.
fn ours(models: &Path, pictures: &Path) -> Result<(), Failed> {
    let (_, engine) = load(models)?;
    let loaded = memory();
    let challenge = challenge();
    let page = std::fs::read(pictures.join("page.jpg"))?;
    let frames: Vec<Vec<u8>> = (0..FRAMES)
        .map(|number| std::fs::read(pictures.join(format!("frame-{number:02}.jpg"))))
        .collect::<Result<_, _>>()?;
    let limits = Limits::default();
    let (mut faces, mut whole) = (Vec::new(), Vec::new());
    let mut last = BurstFindings::default();
    for time in 0..=TIMES {
        let begun = cpu_time();
        let picture = decode(&page, &limits).map_err(|error| Failed(error.to_string()))?;
        let holder =
            portrait(&engine, &picture.pixels).ok_or_else(|| Failed("no portrait was found on the page".into()))?;
        let shown: Vec<Frame<'_>> = frames
            .iter()
            .enumerate()
            .map(|(number, bytes)| Frame { at_ms: 700 * (number as u32 + 1), step: number / 2, bytes })
            .collect();
        last = judge_burst(&engine, &challenge, &shown, &Source::default(), &limits);
        let alike = last.template.as_ref().and_then(|template| compare(&holder.template, template).ok());
        alike.ok_or_else(|| Failed("no face was found in the burst".into()))?;
        let seen = cpu_time();
        // What the server does with the same pictures besides.
        let today = jiff::civil::date(2026, 11, 1);
        let kind = Asked::Document { kind: DocumentKind::Passport, side: Side::Front };
        examine(&page, kind, &limits, today);
        let best = last.best.and_then(|best| frames.get(best));
        examine(best.unwrap_or(&page), Asked::Selfie, &limits, today);
        if time > 0 {
            faces.push(seen - begun);
            whole.push(cpu_time() - begun);
        }
    }
    println!(
        "{}",
        json!({
            "version": ipse_checks::ENGINE, "faces": faces, "whole": whole, "loaded_kib": loaded, "peak_kib": memory(),
            "faults": last.faults, "open": last.open, "best": last.best,
        })
    );
    Ok(())
}

/// CPU time of all threads so far, in milliseconds: the networks run on a thread of their own.
fn cpu_time() -> f64 {
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let of_thread = |thread: std::fs::DirEntry| {
        let text = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    };
    threads.filter_map(of_thread).sum::<f64>() / 1e6
}

/// The most memory that was resident so far, in KiB.
fn memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

fn table(own: &Value, peer: &Value) {
    let at = |of: &Value, share: f64| {
        let mut times: Vec<Duration> = of
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_f64)
            .map(|milliseconds| Duration::from_secs_f64(milliseconds / 1000.0))
            .collect();
        times.sort();
        quantile(&times, share)
    };
    let row = |name: &str, of: &Value, memory: &Value| {
        let mib = memory.as_f64().map_or_else(String::new, |kib| format!("{:.0} MiB", kib / 1024.0));
        println!("{name:<52}{:>9.0}{:>9.0}{mib:>12}", at(of, 0.5), at(of, 0.95));
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    println!("{:<52}{:>9}{:>9}{:>12}", "CPU ms", "p50", "p95", "most memory");
    row(&format!("{}, faces", text(&own["version"])), &own["faces"], &own["peak_kib"]);
    row(&text(&peer["version"]), &peer["faces"], &peer["peak_kib"]);
    row("… ipse, whole verification: the page read as well", &own["whole"], &Value::Null);
    let share = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let number = |of: &Value| of.as_f64().unwrap_or(0.0);
    println!(
        "\nipse takes {:.2} of the peer's time and {:.2} of its memory; the peer's networks alone take {:.0} ms of its time",
        share(at(&own["faces"], 0.5), at(&peer["faces"], 0.5)),
        share(number(&own["peak_kib"]), number(&peer["peak_kib"])),
        at(&peer["networks"], 0.5)
    );
    println!("what the burst was found to lack: faults {}, open {}", own["faults"], own["open"]);
    println!("faces that the peer found: {}", peer["found"]);
}
