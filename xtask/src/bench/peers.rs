//! Other people's readers, installed for a bench into `target/peers`, and ours, run in the same way on the same files.

use crate::provision::python;
use crate::run::{Failed, has, root, run};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a reader said of a file.
pub(super) struct Said {
    pub(super) text: Option<String>,
    /// CPU time that it took.
    pub(super) milliseconds: f64,
    /// The most memory that the reader had had by then.
    pub(super) kibibytes: u64,
}

/// A peer's answers by file; nothing where it could not be installed, with the reason printed.
pub(super) type Answers = Option<BTreeMap<PathBuf, Said>>;

fn folder() -> Result<PathBuf, Failed> {
    let folder = root().join("target/peers");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn told(name: &str, answers: Result<BTreeMap<PathBuf, Said>, Failed>) -> Answers {
    answers.map_err(|failed| println!("{name} could not be run here: {}", failed.0)).ok()
}

/// Our own, `zones` or `barcodes`.
pub(super) fn ours(what: &str, files: &[PathBuf]) -> Answers {
    let answers = || ask(Command::new(std::env::current_exe()?).args(["bench", "documents", "--answer", what]), files);
    told("ipse", answers())
}

/// Zones by mrz-detection 0.4.1 (npm), which needs no other program.
pub(super) fn zones(files: &[PathBuf]) -> Answers {
    let answers = || {
        package("mrz-detection", "0.4.1")?;
        // Beside the packages it needs, where Node looks for them.
        let script = folder()?.join("zones.cjs");
        std::fs::write(&script, include_str!("peers/zones.cjs"))?;
        ask(Command::new("node").arg(script), files)
    };
    told("mrz-detection", answers())
}

/// PDF417 by zxing-cpp 3.1.1 (`PyPI`).
pub(super) fn barcodes(files: &[PathBuf]) -> Answers {
    let answers = || {
        let python = python("peers/zxing-cpp", &["zxing-cpp==3.1.1", "numpy", "pillow"])?;
        ask(Command::new(&python).args(["-c", include_str!("peers/barcodes.py")]), files)
    };
    told("zxing-cpp", answers())
}

/// One verification's faces by onnxruntime 1.31.1 (`PyPI`), as `plan` says.
pub(super) fn faces(plan: &Value) -> Result<Value, Failed> {
    let python = python("peers/onnxruntime", &["onnxruntime==1.31.1", "numpy", "pillow"])?;
    let mut command = Command::new(python);
    command.args(["-c", include_str!("peers/faces.py")]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(plan.to_string().as_bytes())?;
    }
    let out = child.wait_with_output()?;
    if !out.status.success() {
        return Err(Failed(format!("onnxruntime could not be run here: {}", out.status)));
    }
    serde_json::from_slice(&out.stdout).map_err(|error| Failed(error.to_string()))
}

/// Node 22, which oidc-provider 9.13.3 (npm) asks for, and the script of an OpenID provider made of it.
pub(super) fn provider() -> Result<[PathBuf; 2], Failed> {
    package("node", "22.23.3")?;
    package("oidc-provider", "9.13.3")?;
    let script = folder()?.join("provider.mjs");
    std::fs::write(&script, include_str!("peers/provider.mjs"))?;
    Ok([folder()?.join("node_modules/node/bin/node"), script])
}

/// Installs a package of npm's beside the scripts that use it.
fn package(name: &str, version: &str) -> Result<(), Failed> {
    if !has("npm") {
        return Err(Failed("there is no npm".into()));
    }
    let folder = folder()?;
    if !folder.join("node_modules").join(name).is_dir() {
        let mut npm = Command::new("npm");
        npm.current_dir(&folder).args(["install", "--silent", "--no-audit", "--no-fund"]);
        run(&format!("npm install {name}"), npm.arg(format!("{name}@{version}")))?;
    }
    Ok(())
}

/// Gives a program the names of files and reads what it says of each.
fn ask(command: &mut Command, files: &[PathBuf]) -> Result<BTreeMap<PathBuf, Said>, Failed> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let names: String = files.iter().map(|file| format!("{}\n", file.display())).collect();
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(names.as_bytes())?;
    }
    let out = child.wait_with_output()?;
    let lines = String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect::<Vec<_>>();
    let said = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()).filter_map(|said| {
        let file = Path::new(said["file"].as_str()?).to_owned();
        let text = said["text"].as_str().map(str::to_owned);
        let (milliseconds, kibibytes) = (said["milliseconds"].as_f64()?, said["kibibytes"].as_u64()?);
        Some((file, Said { text, milliseconds, kibibytes }))
    });
    Ok(said.collect())
}
