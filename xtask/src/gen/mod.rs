//! Generators of files that are checked in; each writes the same bytes every time.

pub mod mrz_model;
