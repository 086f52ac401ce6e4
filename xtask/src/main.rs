//! Ipse's chores: `test`, `ci`, `tidy`, `gen`, `bench`, `fuzz`.
#![allow(clippy::disallowed_methods, reason = "a chore reads the clock and waits; no rule depends on it")]
#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

mod bench;
mod ci;
mod fuzz;
mod r#gen;
mod provision;
mod run;
mod salesforce;
mod servicenow;
mod test;
mod tidy;

use run::Failed;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask test            everything that proves Ipse works, on SQLite and PostgreSQL, in a browser too
cargo xtask ci              what CI runs: tidy, lints, docs, licences, test, the tours
cargo xtask tidy            the rules of the house that a program can see
cargo xtask gen             openapi.json, docs/reason-codes.md and ServiceNow's update sets
cargo xtask servicenow      the ServiceNow application alone: build, checks and its tests (part of test)
cargo xtask salesforce      the Salesforce package alone: checks and its tests (part of test)
cargo xtask gen mrz-model   trains the document reader's network anew (minutes)
cargo xtask gen face-models writes the models that know the drawn people of the sandbox
cargo xtask bench api       creations a second beside the bare database, latencies, memory, start, size
cargo xtask bench crash     kills the server under load, again and again, and counts what was lost
cargo xtask bench documents how much is read, how fast, on our own specimens
cargo xtask bench face      CPU time and memory of one verification's faces beside onnxruntime: [--models DIR]
cargo xtask bench oidc      whole flows of OpenID Connect beside npm's oidc-provider
cargo xtask bench publish   results to a failing Salesforce org by a server that is killed, counted: [results] [kills]
cargo xtask fuzz            hostile bytes for the document engine: [target] [--seconds N] (nightly)";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["test", rest @ ..] => test::run(rest),
        ["ci"] => ci::run(),
        ["tidy"] => tidy::run(),
        ["servicenow"] => servicenow::test(),
        ["salesforce"] => salesforce::test(),
        ["gen"] => r#gen::run(false),
        ["gen", "--check"] => r#gen::run(true),
        ["gen", "mrz-model", rest @ ..] => r#gen::mrz_model::run(rest.first().and_then(|steps| steps.parse().ok()))
            .map_err(|error| Failed(error.to_string())),
        ["gen", "face-models"] => r#gen::face_models::run().map_err(|error| Failed(error.to_string())),
        ["bench", "api", rest @ ..] => bench::api::run(rest),
        ["bench", "crash", rest @ ..] => bench::crash::run(rest),
        ["fuzz", rest @ ..] => fuzz::run(rest),
        ["bench", "publish", rest @ ..] => bench::publish::run(rest),
        ["bench", "face", rest @ ..] => bench::face::run(rest),
        ["bench", "oidc", rest @ ..] => bench::oidc::run(rest),
        ["bench", "documents"] => bench::documents::run(),
        ["bench", "documents", "--answer", what] => bench::documents::answer(what),
        _ => Err(Failed(USAGE.to_owned())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("{}", failed.0);
            ExitCode::FAILURE
        }
    }
}
