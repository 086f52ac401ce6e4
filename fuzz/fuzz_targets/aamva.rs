//! A licence's payload.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ipse_fuzz::aamva(bytes));
