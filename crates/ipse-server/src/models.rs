//! The face models of this deployment: read from their folder, and refused where they must not be used.

use crate::config::Config;
use crate::server::NotStarted;
use ipse_checks::face::Engine;
use ipse_checks::face::models::{DEFAULT, LARGEST, Manifest};
use std::io::Read as _;
use std::path::Path;

/// The name of a manifest in a folder of models.
pub const MANIFEST: &str = "models.toml";
/// The longest manifest, in bytes.
const LONGEST: u64 = 256 << 10;

/// The manifest of a folder: its own, or the one that is compiled in.
pub fn manifest(folder: &Path) -> Result<Manifest, NotStarted> {
    let own = folder.join(MANIFEST);
    let text = if own.exists() {
        let bytes = read(&own, LONGEST).ok_or_else(|| NotStarted(format!("{} cannot be read", own.display())))?;
        String::from_utf8(bytes).map_err(|_| NotStarted(format!("{} is not text", own.display())))?
    } else {
        DEFAULT.to_owned()
    };
    Manifest::parse(&text).map_err(|bad| NotStarted(format!("{}: {bad}", own.display())))
}

/// The manifest of a folder, and those of its models that can be loaded.
pub fn open(folder: &Path) -> Result<(Manifest, Engine), NotStarted> {
    let manifest = manifest(folder)?;
    let engine = Engine::load(&manifest, |file| read(&folder.join(file), LARGEST));
    Ok((manifest, engine))
}

/// Loads the models that are there. Models for tests are refused outside of a sandbox, and in strict mode ones that were
/// not shown to reach their target.
pub fn load(config: &Config) -> Result<Engine, NotStarted> {
    let folder = config.face_models();
    let (manifest, engine) = open(&folder)?;
    if manifest.for_tests && !config.documents.allow_specimens {
        return Err(NotStarted(format!("the models in {} are for tests: they recognise nobody", folder.display())));
    }
    if let Some(below) = manifest.below_target().first().filter(|_| config.faces.strict) {
        return Err(NotStarted(format!("faces.strict is on, and the models fall short: {below}")));
    }
    Ok(engine)
}

/// A file of at most so many bytes.
pub fn read(file: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(file).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}
