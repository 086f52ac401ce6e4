//! Evidence in, findings out.
//!
//! `document` and `face` turn the bytes of one picture, or of a burst of them, into findings. `check` puts the journey's questions to
//! all findings of an attempt. Both are pure: the same bytes, rules and day always give the same answers, so an
//! examination can be replayed. Nothing in here knows a tenant, a database or a network.

pub mod check;
pub mod document;
pub mod face;
pub mod picture;

pub use picture::{Asked, PictureFindings, examine};

/// What computed the findings, with its version; kept in every report.
pub const ENGINE: &str = concat!("ipse-checks/", env!("CARGO_PKG_VERSION"));
