//! The ServiceNow application: built, compared with the update sets that are checked in, checked and tried. Everything
//! happens in a copy under `target/`, so that the sources stay clean.

use crate::provision::{locked_packages, rhino};
use crate::run::{Failed, copied, root, run};
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCES: &str = "integrations/servicenow";
/// What the build makes and the sources keep.
const MADE: &[&str] =
    &["update-sets/ipse_idv_update_set.xml", "update-sets/ipse_idv_hr_update_set.xml", "src/fluent/generated/keys.ts"];

/// Proves that the update sets are what the sources make, that they are sound, and that their scripts do what they should.
pub(crate) fn test() -> Result<(), Failed> {
    let copy = built(false)?;
    compare(&copy)?;
    let in_copy = |what: &str, arguments: &[&str]| run(what, node(&copy).args(arguments));
    in_copy("ServiceNow: the update sets", &["tools/check.mjs"])?;
    in_copy("ServiceNow: lints", &["tools/lint.mjs"])?;
    in_copy("ServiceNow: read back by its SDK", &["tools/read-back.mjs"])?;
    run("ServiceNow: the scripts in Rhino", node(&copy).arg("tools/rhino.mjs").env("IPSE_RHINO", rhino()?))?;
    let mut tests = node(&copy);
    tests.args(["--test", "--test-reporter=dot"]).env("IPSE_OPENAPI", root().join("openapi.json"));
    for entry in std::fs::read_dir(copy.join("test"))? {
        let file = entry?.path();
        if file.to_string_lossy().ends_with(".test.mjs") {
            tests.arg(file);
        }
    }
    run("ServiceNow: the scripts in a miniature of an instance", &mut tests)
}

/// Writes what the sources make, or with `check` refuses what differs.
pub(crate) fn generate(check: bool) -> Result<(), Failed> {
    let copy = built(!check)?;
    if check {
        return compare(&copy);
    }
    for file in MADE {
        std::fs::copy(copy.join(file), root().join(SOURCES).join(file))?;
        println!("{SOURCES}/{file} written");
    }
    Ok(())
}

fn node(copy: &Path) -> Command {
    let mut node = Command::new("node");
    // Says nothing to anybody about what is built here.
    node.current_dir(copy).env("NODE_ENV", "test");
    node
}

/// The copy, built. With `new_keys`, records that are new get ids; without, they are an error.
fn built(new_keys: bool) -> Result<PathBuf, Failed> {
    let sources = root().join(SOURCES);
    let packages = locked_packages("servicenow-packages", &sources, true)?;
    let copy = root().join("target/servicenow");
    if copy.exists() {
        std::fs::remove_dir_all(&copy)?;
    }
    copied(&sources, &copy)?;
    std::os::unix::fs::symlink(packages.join("node_modules"), copy.join("node_modules"))?;
    let mut build = node(&copy);
    build.arg("tools/build.mjs");
    if new_keys {
        build.arg("--new-keys");
    }
    run("ServiceNow: the application", &mut build)?;
    Ok(copy)
}

fn compare(copy: &Path) -> Result<(), Failed> {
    for file in MADE {
        let stored = std::fs::read(root().join(SOURCES).join(file)).unwrap_or_default();
        if stored != std::fs::read(copy.join(file))? {
            return Err(Failed(format!("{SOURCES}/{file} is stale: run `cargo xtask gen`")));
        }
    }
    Ok(())
}
