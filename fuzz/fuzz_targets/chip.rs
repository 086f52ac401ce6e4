//! All files of a chip.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ipse_fuzz::chip(bytes));
