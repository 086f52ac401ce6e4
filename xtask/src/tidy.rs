//! `cargo xtask tidy`: the rules of the house that a program can see. Each names what it protects.

use crate::run::{Failed, cargo, output, root};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Which of our crates may import which. A crate that is not here may import none.
const EDGES: &[(&str, &[&str])] = &[
    ("ipse-core", &[]),
    ("ipse-checks", &["ipse-core"]),
    ("ipse-store", &["ipse-core"]),
    ("ipse-connectors", &["ipse-core"]),
    ("ipse-oidc", &["ipse-core"]),
    ("ipse-sandbox", &[]),
    ("ipse-server", &["ipse-core", "ipse-checks", "ipse-store", "ipse-connectors", "ipse-oidc", "ipse-sandbox"]),
    ("xtask", &["ipse-core", "ipse-checks", "ipse-sandbox", "ipse-store"]),
];

/// Words that must not stand in a folder's code, and why.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    (
        "crates/ipse-core/src",
        &["std::fs", "std::net", "std::time", "tokio", "Timestamp::now"],
        "core does no I/O and reads no clock",
    ),
    (
        "crates/ipse-checks/src",
        &["ipse_store", "OrganizationId", "tokio", "std::net", "std::fs"],
        "a check never sees a tenant, a database or a network",
    ),
    ("crates/ipse-connectors/src", &["reqwest", "tokio", "std::net"], "a connector never opens a socket"),
    (
        "crates/ipse-oidc/src",
        &["axum", "reqwest", "tokio", "std::net", "std::fs", "SystemTime", "Timestamp::now", "rand::fill"],
        "the OpenID provider is functions: no HTTP, no socket, no clock, no dice",
    ),
    ("crates/ipse-server/src/app", &["axum", "http::"], "uses know no HTTP"),
    ("crates/ipse-server/src", &["rusqlite", "tokio_postgres"], "only the store's db folder names a database"),
];

/// The longest a source file may be, in lines. Past 400, ask what is hiding in it.
const LONGEST: usize = 520;
/// Lists of plain fields, one for each page, which are long because there are many pages.
const LISTS: &[&str] = &["crates/ipse-server/src/console/views.rs"];

pub(crate) fn run() -> Result<(), Failed> {
    let mut wrong = Vec::new();
    edges(&mut wrong)?;
    let files = sources()?;
    for (path, text) in &files {
        let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        rust(&shown, text, &mut wrong);
        pages(&shown, text, &mut wrong);
    }
    documents(&mut wrong);
    if wrong.is_empty() {
        println!("── tidy: {} files", files.len());
        Ok(())
    } else {
        Err(Failed(format!("tidy:\n  {}", wrong.join("\n  "))))
    }
}

fn edges(wrong: &mut Vec<String>) -> Result<(), Failed> {
    let metadata = output("cargo metadata", cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).map_err(|error| Failed(error.to_string()))?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let allowed = EDGES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, allowed)| allowed);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            // Tests may draw specimens.
            let for_tests = dependency["kind"] == "dev" && on == "ipse-sandbox";
            if on.starts_with("ipse-") && !allowed.contains(&on) && !for_tests {
                wrong.push(format!("{name} imports {on}, which ARCHITECTURE.md does not allow"));
            }
        }
    }
    Ok(())
}

/// Every file of ours that is text, by git's list, so that nothing generated is read.
fn sources() -> Result<Vec<(PathBuf, String)>, Failed> {
    let listed = output(
        "git ls-files",
        std::process::Command::new("git").current_dir(root()).args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
        ]),
    )?;
    let wanted = ["rs", "html", "js", "css", "md", "toml", "ftl", "sql"];
    let mut files = Vec::new();
    for name in listed.lines() {
        let path = root().join(name);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if wanted.contains(&extension) && path.is_file() {
            let text = std::fs::read_to_string(&path)?;
            files.push((path, text));
        }
    }
    Ok(files)
}

fn rust(shown: &str, text: &str, wrong: &mut Vec<String>) {
    let extension = Path::new(shown).extension().and_then(|extension| extension.to_str());
    for (number, line) in text.lines().enumerate() {
        let at = || format!("{shown}:{}", number + 1);
        let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimpl", "emented!(")];
        if marks.iter().any(|mark| line.contains(mark)) {
            wrong.push(format!("{}: finish it or file it", at()));
        }
        if line.ends_with([' ', '\t']) && extension != Some("md") {
            wrong.push(format!("{}: space at the end of the line", at()));
        }
    }
    if extension != Some("rs") {
        return;
    }
    let lines = text.lines().count();
    if lines > LONGEST && !LISTS.contains(&shown) {
        wrong.push(format!("{shown}: {lines} lines; what is hiding in it?"));
    }
    if !text.starts_with("//!") && !shown.contains("/tests/") {
        wrong.push(format!("{shown}: says nowhere what the room is for"));
    }
    for (folder, words, why) in FORBIDDEN {
        // The url crate's name ends like a scheme; what matters is the path `http::`.
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        if shown.starts_with(folder) {
            for line in code {
                let named = words.iter().find(|word| line.contains(**word) && !line.contains("crate::http::"));
                if let Some(word) = named {
                    wrong.push(format!("{shown}: names {word}; {why}"));
                }
            }
        }
    }
    let names_database = ["rusqlite", "tokio_postgres", "deadpool"].iter().any(|word| text.contains(word));
    let may =
        shown.starts_with("crates/ipse-store/src/db/") || shown.starts_with("xtask/") || shown.contains("/tests/");
    if names_database && !may {
        wrong.push(format!("{shown}: names a database outside the store's db folder"));
    }
    for room in ["utils", "common", "helpers", "manager", "_v2"] {
        if shown.ends_with(&format!("/{room}.rs")) || shown.contains(&format!("/{room}/")) {
            wrong.push(format!("{shown}: a name that says nothing"));
        }
    }
}

/// Pages: nothing inline, and every form that changes something carries the session's token.
fn pages(shown: &str, text: &str, wrong: &mut Vec<String>) {
    // A mail, and a page on disk, are read outside of the server and its policy.
    let elsewhere = shown.ends_with("/mail.html") || shown.ends_with("/explain.html");
    if !shown.starts_with("web/templates/") || elsewhere {
        return;
    }
    for (number, line) in text.lines().enumerate() {
        let inline = line.contains(" style=") || line.contains("<style") || line.contains(" onclick=");
        if inline || (line.contains("<script") && !line.contains("src=\"/static/")) {
            wrong.push(format!("{shown}:{}: inline script or style, which the policy forbids", number + 1));
        }
    }
    let is_ours = !shown.contains("/sandbox/");
    for form in text.split("<form").skip(1).filter(|_| is_ours) {
        let form = form.split("</form>").next().unwrap_or_default();
        if form.contains("method=\"post\"") && !form.contains("name=\"csrf\"") {
            wrong.push(format!("{shown}: a form without its token"));
        }
    }
}

/// Documents that must exist, and links between them that must lead somewhere.
fn documents(wrong: &mut Vec<String>) {
    for name in
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE", "openapi.json"]
    {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else {
            wrong.push(format!("{name} is missing"));
            continue;
        };
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            let elsewhere = link.contains("://") || file.is_empty();
            if name != "openapi.json" && !elsewhere && !root().join(file).exists() {
                wrong.push(format!("{name}: links to {file}, which does not exist"));
            }
        }
    }
}
