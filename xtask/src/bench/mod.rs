//! `cargo xtask bench …`: measured, beside a named peer in the same run, with method and machine in the output.

pub(crate) mod api;
pub(crate) mod crash;
pub(crate) mod documents;
pub(crate) mod face;
pub(crate) mod oidc;
mod peers;
pub(crate) mod publish;
mod server;

use std::time::Duration;

/// The machine, in one line.
fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split(": ").nth(1));
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory =
        memory.lines().next().unwrap_or_default().split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
    format!(
        "{} × {}, {} GiB, {}",
        cpu.lines().filter(|line| line.starts_with("processor")).count(),
        model.unwrap_or("unknown processor"),
        memory.unwrap_or(0) / (1 << 20),
        std::env::consts::OS,
    )
}

/// A value out of sorted durations, in milliseconds.
fn quantile(sorted: &[Duration], share: f64) -> f64 {
    let place = ((sorted.len() as f64 - 1.0) * share).round() as usize;
    sorted.get(place).map_or(0.0, |duration| duration.as_secs_f64() * 1000.0)
}
