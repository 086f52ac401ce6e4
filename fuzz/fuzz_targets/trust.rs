//! A file of the trust store.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ipse_fuzz::trust(bytes));
