//! The codewords of a PDF417 symbol.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ipse_fuzz::barcode(bytes));
