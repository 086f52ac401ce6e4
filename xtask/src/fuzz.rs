//! `cargo xtask fuzz [target] [--seconds N]`: runs the fuzz targets one after the other, from their seeds and from what
//! earlier runs found. A crash, more than a gibibyte or five seconds on one input is a failure.

use crate::run::{Failed, has, root};
use std::path::Path;
use std::process::{Command, Stdio};

/// Time for each target, unless said otherwise.
const SECONDS: &str = "60";
/// Longest time on one input, in seconds, and most memory, in mebibytes.
const SLOWEST: u32 = 5;
const MEMORY: u32 = 1024;
/// Longest input. Pictures are larger than texts, and nothing in a chip's own files needs more than this.
const LONGEST: &[(&str, u32)] = &[("image", 1 << 17), ("pixels", 1 << 15), ("trust", 1 << 14), ("chip", 1 << 14)];

pub(crate) fn run(rest: &[&str]) -> Result<(), Failed> {
    let (target, seconds) = match rest {
        [] => (None, SECONDS),
        ["--seconds", seconds] => (None, *seconds),
        [target] => (Some(*target), SECONDS),
        [target, "--seconds", seconds] => (Some(*target), *seconds),
        _ => return Err(Failed("cargo xtask fuzz [target] [--seconds N]".into())),
    };
    if !has("cargo-fuzz") {
        return Err(Failed("cargo-fuzz is missing: cargo install cargo-fuzz".into()));
    }
    let nightly =
        Command::new("cargo").args(["+nightly", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !nightly.is_ok_and(|status| status.success()) {
        return Err(Failed("a nightly compiler is missing: rustup toolchain install nightly".into()));
    }
    let mut targets: Vec<String> = std::fs::read_dir(root().join("fuzz/fuzz_targets"))?
        .filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned()))
        .filter(|name| target.is_none_or(|wanted| wanted == name))
        .collect();
    targets.sort_unstable();
    if targets.is_empty() {
        return Err(Failed("there is no such target in fuzz/fuzz_targets".into()));
    }
    for target in targets {
        let executions = fuzz(&target, seconds)?;
        println!("── {target}: {executions} executions");
    }
    Ok(())
}

/// Runs one target; how often it was executed.
fn fuzz(target: &str, seconds: &str) -> Result<u64, Failed> {
    let folder = root().join("fuzz");
    let corpus = folder.join("corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    copy(&folder.join("seeds").join(target), &corpus)?;
    let dictionary = folder.join("dictionaries").join(target);
    let mut command = Command::new("cargo");
    // All of ours is safe Rust: no address sanitizer, which would halve the executions, but every assertion.
    command
        .current_dir(root())
        .args(["+nightly", "fuzz", "run", "--sanitizer", "none", "-O", "-a", target])
        .arg(&corpus);
    command.args(["--", "-print_final_stats=1", "-verbosity=1"]);
    command.arg(format!("-max_total_time={seconds}"));
    command.args([format!("-timeout={SLOWEST}"), format!("-rss_limit_mb={MEMORY}")]);
    if let Some((_, longest)) = LONGEST.iter().find(|(name, _)| *name == target) {
        command.arg(format!("-max_len={longest}"));
    }
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let output = command.stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let last: Vec<&str> = said.lines().rev().take(40).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(Failed(format!(
            "{target} failed; mend it and keep its input in fuzz/regressions/{target}\n{}",
            last.join("\n")
        )));
    }
    let executed = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    executed
        .and_then(|count| count.trim().parse().ok())
        .ok_or_else(|| Failed(format!("{target} did not say how often it was executed")))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
