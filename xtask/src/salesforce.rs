//! The Salesforce package: checked and tried as far as that goes without an org. Everything happens in a copy under
//! `target/`, so that the sources stay clean.

use crate::provision::{java, locked_packages};
use crate::run::{Failed, copied, root, run};
use std::process::Command;

const SOURCES: &str = "integrations/salesforce";

/// Holds the package against Salesforce's schema, its Apex against a checker of types, its parts against each other,
/// runs the tests that need no org, and plants faults to prove that all of this would notice.
pub(crate) fn test() -> Result<(), Failed> {
    java()?;
    let sources = root().join(SOURCES);
    // PMD's package would fetch a Java of its own.
    let packages = locked_packages("salesforce-packages", &sources, false)?;
    let copy = root().join("target/salesforce");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    copied(&sources, &copy)?;
    std::os::unix::fs::symlink(packages.join("node_modules"), copy.join("node_modules"))?;
    for (what, script) in
        [("Salesforce: the package", "tools/check.mjs"), ("Salesforce: the checks", "tools/self-test.mjs")]
    {
        let mut node = Command::new("node");
        node.current_dir(&copy).arg(script).env("NODE_ENV", "test").env("IPSE_OPENAPI", root().join("openapi.json"));
        run(what, &mut node)?;
    }
    Ok(())
}
