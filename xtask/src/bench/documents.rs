//! `cargo xtask bench documents`: how many of our own specimens are read, and how long it takes on one core.

use super::{machine, quantile};
use crate::run::Failed;
use ipse_checks::document::image::{Limits, decode_luma};
use ipse_checks::document::mrz::read;
use ipse_checks::document::quality::assess;
use ipse_sandbox::desk::employees;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use std::time::Instant;

pub(crate) fn run() -> Result<(), Failed> {
    if cfg!(debug_assertions) {
        return Err(Failed(
            "figures of a debug build say nothing: cargo run --release -p xtask -- bench documents".into(),
        ));
    }
    println!("machine: {}", machine());
    println!(
        "method:  passports of three invented people, drawn and photographed by us; decode, quality and MRZ on one thread\n"
    );
    for (name, width, height, hasty) in [
        ("calm, 12 megapixels", 4000, 3000, false),
        ("calm, 3 megapixels", 2000, 1500, false),
        ("hasty, 3 megapixels", 2000, 1500, true),
    ] {
        let (mut read_exactly, mut wrong, mut times) = (0, 0, Vec::new());
        for seed in 0..10 {
            for employee in employees() {
                let camera = if hasty { Camera::hasty(seed) } else { Camera { seed, ..Camera::default() } };
                let bytes = photograph(&passport(&employee.person, seed), &Camera { width, height, ..camera });
                let begun = Instant::now();
                let picture = decode_luma(&bytes, &Limits::default()).map_err(|error| Failed(error.to_string()))?;
                let quality = assess(&picture.pixels);
                let reading = read(&picture.pixels);
                times.push(begun.elapsed());
                assert!(quality.longest_side > 0, "a picture has a size");
                match reading {
                    Ok(reading) if reading.lines == employee.person.td3() => read_exactly += 1,
                    Ok(_) => wrong += 1,
                    Err(_) => {}
                }
            }
        }
        times.sort_unstable();
        println!(
            "{name:<22} read exactly {read_exactly} of {}, wrongly {wrong}   p50 {:.0} ms  p90 {:.0} ms",
            times.len(),
            quantile(&times, 0.5),
            quantile(&times, 0.9),
        );
    }
    Ok(())
}
