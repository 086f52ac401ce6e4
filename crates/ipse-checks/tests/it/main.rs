//! Checks from outside, on evidence that the sandbox draws.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod aamva;
mod barcode;
mod chip;
mod chip_dialects;
mod chip_samples;
mod faces;
mod fuzz;
mod image;
mod liveness;
mod mrz;
mod portrait;
mod samples;
mod signals;
mod specimens;
