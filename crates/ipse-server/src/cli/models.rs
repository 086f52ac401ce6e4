//! `ipse models …`: the folder of face models. Restart the server after, so that it learns of new ones.

use crate::config::Config;
use crate::models::{MANIFEST, manifest, read};
use crate::server::NotStarted;
use clap::Subcommand;
use ipse_checks::face::models::{Manifest, Model};
use ipse_checks::face::{Engine, ModelState, is_sha256};
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Fetch the models of the manifest from where they are published, or take them from a folder; what is not exactly
    /// the file that the manifest names is not kept.
    Install {
        /// A folder with the files; its models.toml, if it has one, becomes the manifest.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// List the models of the manifest.
    List,
    /// Load every model and say what it is good for.
    Verify,
}

pub(super) async fn run(config: &Config, command: Command) -> Result<ExitCode, NotStarted> {
    let folder = config.face_models();
    match command {
        Command::Install { from } => install(&folder, from.as_deref()).await,
        Command::List => {
            for model in &manifest(&folder)?.models {
                let state = if folder.join(&model.file).is_file() { "installed" } else { "not installed" };
                println!(
                    "{:<14}{:<24}{:>10} {:<14}{}",
                    format!("{:?}", model.role).to_lowercase(),
                    model.id(),
                    model.bytes,
                    state,
                    model.licence
                );
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => Ok(verify(&folder, &manifest(&folder)?)),
    }
}

fn verify(folder: &Path, manifest: &Manifest) -> ExitCode {
    let engine = Engine::load(manifest, |file| read(&folder.join(file), ipse_checks::face::models::LARGEST));
    for model in engine.status() {
        println!("{:<12}{} ({})", format!("{:?}", model.state), model.id, model.file);
    }
    for below in manifest.below_target() {
        println!("below its target: {below}");
    }
    if manifest.for_tests {
        println!("these models are for tests: they recognise nobody");
    }
    let is_broken = |state| matches!(state, ModelState::Tampered | ModelState::WrongSize | ModelState::Unusable);
    let broken = engine.status().iter().any(|model| is_broken(model.state));
    if engine.can_compare() && engine.can_judge_presentation() && !broken {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn install(folder: &Path, from: Option<&Path>) -> Result<ExitCode, NotStarted> {
    std::fs::create_dir_all(folder)
        .map_err(|error| NotStarted(format!("{} cannot be made: {error}", folder.display())))?;
    let own = from.map(|from| from.join(MANIFEST)).filter(|own| own.is_file());
    let manifest = manifest(own.as_ref().and_then(|own| own.parent()).unwrap_or(folder))?;
    let mut missing = 0;
    for model in &manifest.models {
        if read(&folder.join(&model.file), model.bytes).is_some_and(|bytes| fault(model, &bytes).is_none()) {
            println!("{} is there", model.id());
            continue;
        }
        let bytes = match (from, &model.source) {
            (Some(from), _) => read(&from.join(&model.file), model.bytes)
                .ok_or_else(|| format!("not in {}, or longer than it should be", from.display())),
            (None, Some(source)) => download(source, model).await,
            (None, None) => Err(format!("is published in another form ({}); bring it with --from", model.origin)),
        };
        match bytes.and_then(|bytes| fault(model, &bytes).map_or(Ok(bytes), Err)) {
            Ok(bytes) => {
                keep(&folder.join(&model.file), &bytes)?;
                println!("{} installed", model.id());
            }
            Err(fault) => {
                missing += 1;
                println!("{} not installed: {fault}", model.id());
            }
        }
    }
    if let Some(own) = own {
        let bytes = std::fs::read(&own).map_err(|error| NotStarted(format!("{}: {error}", own.display())))?;
        keep(&folder.join(MANIFEST), &bytes)?;
    }
    Ok(if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Why the bytes are not the model's.
fn fault(model: &Model, bytes: &[u8]) -> Option<String> {
    if bytes.len() as u64 != model.bytes {
        return Some(format!("{} bytes instead of {}", bytes.len(), model.bytes));
    }
    (!is_sha256(bytes, &model.sha256)).then(|| "its SHA-256 is another".to_owned())
}

/// Never half a file under the model's name.
fn keep(file: &Path, bytes: &[u8]) -> Result<(), NotStarted> {
    let part = file.with_extension("part");
    std::fs::write(&part, bytes)
        .and_then(|()| std::fs::rename(&part, file))
        .map_err(|error| NotStarted(format!("{} cannot be written: {error}", file.display())))
}

/// Fetches a file, no longer than the model is.
async fn download(source: &str, model: &Model) -> Result<Vec<u8>, String> {
    let failed = |error: reqwest::Error| error.without_url().to_string();
    let client = reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::limited(3))
        .build()
        .map_err(failed)?;
    let mut answer = client.get(source).send().await.and_then(reqwest::Response::error_for_status).map_err(failed)?;
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > model.bytes {
            return Err(format!("more than {} bytes", model.bytes));
        }
        progress(&model.name, bytes.len() as u64, model.bytes);
    }
    Ok(bytes)
}

/// A bar on the terminal, where there is one.
fn progress(name: &str, done: u64, of: u64) {
    const WIDTH: usize = 30;
    if std::io::stderr().is_terminal() {
        let filled = (WIDTH as u64 * done / of.max(1)) as usize;
        eprint!("\r{name} [{}{}] {} KiB ", "#".repeat(filled), ".".repeat(WIDTH - filled), done >> 10);
        if done == of {
            eprintln!();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::get;

    /// A manifest of one landmark model, served as `served` says, and what an installation makes of it.
    async fn installed(path: &str, served: Vec<u8>) -> (bool, bool) {
        const GOOD: &[u8] = b"these are the bytes of a model";
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/model", get(move || async move { served }))
            .route("/missing", get(|| async { StatusCode::NOT_FOUND }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, GOOD);
        let hash: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!(
            "set = \"one\"\ntarget = {{ fmr = 1.0, fnmr = 1.0, apcer = 1.0, bpcer = 1.0 }}\n[[model]]\nname = \"m\"\nrole = \
             \"landmarks\"\nfamily = \"omz_landmarks\"\nfile = \"m.onnx\"\nsha256 = \"{hash}\"\nbytes = {}\nlicence = \
             \"MIT\"\norigin = \"a test\"\nsource = \"http://{address}{path}\"\ninput = \"i\"\noutputs = [\"o\"]\nsize = \
             [48, 48]\ncolour = \"bgr\"\n",
            GOOD.len()
        );
        std::fs::write(folder.path().join(MANIFEST), text).unwrap();
        let code = install(folder.path(), None).await.unwrap();
        let kept = folder.path().join("m.onnx").exists();
        assert!(!folder.path().join("m.part").exists());
        (format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS), kept)
    }

    #[tokio::test]
    async fn only_exactly_the_named_file_is_kept() {
        let good = b"these are the bytes of a model".to_vec();
        let mut altered = good.clone();
        altered[3] ^= 1;
        assert_eq!(installed("/model", good.clone()).await, (true, true));
        assert_eq!(installed("/model", altered).await, (false, false));
        assert_eq!(installed("/model", good[..20].to_vec()).await, (false, false));
        assert_eq!(installed("/model", good.repeat(2)).await, (false, false));
        assert_eq!(installed("/missing", good).await, (false, false));
    }
}
