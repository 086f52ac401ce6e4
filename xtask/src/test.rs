//! `cargo xtask test`: everything, with what it needs. A suite that cannot run has failed.

use crate::provision::{Postgres, browser, node_package, python, typescript};
use crate::run::{Failed, cargo, root, run as run_command};
use crate::{salesforce, servicenow};
use std::process::Command;

pub(crate) fn run(rest: &[&str]) -> Result<(), Failed> {
    browser()?;
    // A build leaves a processor idle for much of its time: the packages are checked beside it.
    std::thread::scope(|scope| {
        let packages = scope.spawn(packages);
        let built = run_in("the tests, built", cargo().args(["test", "--workspace", "--no-run", "--quiet"]));
        packages.join().map_err(|_| Failed("the packages' checks broke off".to_owned()))??;
        built
    })?;
    let postgres = Postgres::start(false)?;
    let mut tests = cargo();
    tests.env("IPSE_TEST_POSTGRES", postgres.url()).env("IPSE_TEST_POSTGRES_CERTIFICATE", postgres.certificate());
    tests.env("IPSE_TEST_OPENID_CLIENT", node_package("openid-client", "6")?);
    tests.env("IPSE_TEST_AUTHLIB", python("authlib", &["authlib==1.9.9", "requests==2.34.2"])?);
    tests.args(["test", "--workspace"]);
    if !rest.is_empty() {
        tests.arg("--").args(rest);
    }
    run_in("the tests", &mut tests)
}

/// What is checked without the server.
fn packages() -> Result<(), Failed> {
    let tsc = typescript()?;
    let mut check = Command::new("node");
    run_in("the scripts' types", check.arg(tsc).args(["--project", "tsconfig.json"]))?;
    servicenow::test()?;
    salesforce::test()
}

fn run_in(what: &str, command: &mut Command) -> Result<(), Failed> {
    run_command(what, command.current_dir(root()))
}
