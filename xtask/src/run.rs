//! Running programs, from the root of the workspace.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What an installation or a build by hand leaves in sources of Node.js.
const LEFT_OVERS: &[&str] = &["node_modules", "dist", "target", ".now", "@types"];

/// Why a chore failed.
#[derive(Debug)]
pub(crate) struct Failed(pub(crate) String);

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command to its end, saying what and how long.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), Failed> {
    println!("── {what}");
    let begun = Instant::now();
    let status = command.stdin(Stdio::null()).status();
    let status = status.map_err(|error| Failed(format!("{what}: {error}")))?;
    if !status.success() {
        return Err(Failed(format!("{what} failed: {status}")));
    }
    println!("── {what}: {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// What a command prints.
pub(crate) fn output(what: &str, command: &mut Command) -> Result<String, Failed> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| Failed(format!("{what}: {error}")))?;
    if !output.status.success() {
        return Err(Failed(format!("{what} failed: {}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program is on the path.
pub(crate) fn has(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

/// Copies a folder, without what a build by hand left in it.
pub(crate) fn copied(from: &Path, to: &Path) -> Result<(), Failed> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OVERS.iter().any(|left_over| name == *left_over) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copied(&entry.path(), &to.join(name))?;
        } else {
            std::fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}
