//! `cargo xtask ci`: a superset of `test`.

use crate::run::{Failed, cargo, has, output, root, run as step};
use crate::{r#gen, test, tidy};
use std::process::Command;

pub(crate) fn run() -> Result<(), Failed> {
    step("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    tidy::run()?;
    step("lints", cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    step(
        "documentation",
        cargo().env("RUSTDOCFLAGS", "-D warnings").args([
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ]),
    )?;
    licences()?;
    test::run(&[])?;
    // What it needs is built by now.
    r#gen::run(true)?;
    // By the binary that the tests have built: a release is the same but optimised, and would take a third of the time allowed.
    for name in ["help-desk", "review", "okta", "salesforce", "entra"] {
        let mut tour = Command::new(root().join("target/debug/ipse"));
        tour.args(["sandbox", "--tour", name, "--exit", "--port", "0", "--partner-port", "0"]);
        step(&format!("the tour «{name}»"), &mut tour)?;
    }
    Ok(())
}

/// Licences, sources and doubles of what we depend on. Advisories need the advisory database, which is fetched from
/// the network; where that is closed, they are left to the next run that can.
fn licences() -> Result<(), Failed> {
    if !has("cargo-deny") {
        step("cargo install cargo-deny", cargo().args(["install", "--locked", "--quiet", "cargo-deny"]))?;
    }
    step("licences and sources", cargo().args(["deny", "--all-features", "check", "bans", "licenses", "sources"]))?;
    match output("advisories", cargo().args(["deny", "check", "advisories"])) {
        Ok(_) => println!("── advisories: none"),
        Err(failed) if failed.0.contains("failed to fetch advisory database") => {
            println!("── advisories: not checked, the advisory database cannot be fetched from here");
        }
        Err(failed) => return Err(failed),
    }
    Ok(())
}
