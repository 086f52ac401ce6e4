//! `cargo xtask gen`: files that are made from the code, checked in, and must not be stale.

pub(crate) mod face_models;
pub(crate) mod mrz_model;
mod onnx;

use crate::run::{Failed, cargo, output, root};
use crate::servicenow;

/// Writes the files, or with `check` refuses ones that differ.
pub(crate) fn run(check: bool) -> Result<(), Failed> {
    let mut ipse = cargo();
    let openapi = output("openapi", ipse.args(["run", "--quiet", "--package", "ipse-server", "--", "openapi"]))?;
    for (file, text) in [("openapi.json", openapi), ("docs/reason-codes.md", ipse_core::reason::documentation())] {
        let path = root().join(file);
        if check {
            let stored = std::fs::read_to_string(&path).unwrap_or_default();
            if stored != text {
                return Err(Failed(format!("{file} is stale: run `cargo xtask gen`")));
            }
        } else {
            std::fs::write(&path, text)?;
            println!("{file} written");
        }
    }
    servicenow::generate(check)
}
