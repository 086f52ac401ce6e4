//! What Okta's objects were before they were changed: a file, so that all of it can be taken back.
//!
//! Of each object it holds only the members that Ipse changes, and never a secret. It is written before the first change
//! of each object; what was there first stays in it, however often Ipse is connected again.

use crate::server::NotStarted;
use ipse_connectors::okta::{Org, patch};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The form of the file.
const VERSION: u32 = 1;

/// What was kept of an organization.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    version: u32,
    org: String,
    /// In the order in which they were changed first.
    pub(super) objects: Vec<Object>,
    #[serde(skip)]
    path: PathBuf,
}

/// An object of Okta's.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Object {
    /// The path of the collection that it is in.
    pub(super) collection: String,
    /// Its name there.
    pub(super) name: String,
    /// Its id; one that was being made when the connection broke has none.
    pub(super) id: Option<String>,
    /// The patch that takes it back; nothing if Ipse made it.
    pub(super) before: Option<Value>,
}

impl Kept {
    /// Where it is kept, if nothing else is said.
    pub(super) fn place(data_dir: &Path, org: &Org) -> PathBuf {
        let host = org.as_str().split_once("://").map_or("", |(_, host)| host);
        let plain =
            |character: char| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' };
        data_dir.join(format!("okta-{}.json", host.chars().map(plain).collect::<String>()))
    }

    /// Reads what was kept; nothing if nothing was.
    pub(super) fn load(path: &Path, org: &Org) -> Result<Option<Self>, NotStarted> {
        let failed = |why: &str| NotStarted(format!("{} cannot be used: {why}", path.display()));
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&error.to_string())),
        };
        let kept: Self = serde_json::from_slice(&bytes).map_err(|_| failed("it is not what this command wrote"))?;
        if kept.version != VERSION || kept.org != org.as_str() {
            return Err(failed("it is of another organization, or of another version of Ipse"));
        }
        Ok(Some(Self { path: path.to_owned(), ..kept }))
    }

    /// What was kept, or a blank.
    pub(super) fn load_or_blank(path: &Path, org: &Org) -> Result<Self, NotStarted> {
        let blank =
            || Self { version: VERSION, org: org.as_str().to_owned(), objects: Vec::new(), path: path.to_owned() };
        Ok(Self::load(path, org)?.unwrap_or_else(blank))
    }

    /// Remembers an object that is about to be made.
    pub(super) fn will_make(&mut self, collection: &str, name: &str) -> Result<(), NotStarted> {
        self.forget(collection, name);
        let (collection, name) = (collection.to_owned(), name.to_owned());
        self.objects.push(Object { collection, name, id: None, before: None });
        self.save()
    }

    /// Remembers an object that is about to be changed.
    pub(super) fn will_change(
        &mut self,
        collection: &str,
        name: &str,
        id: &str,
        current: &Value,
        change: &Value,
    ) -> Result<(), NotStarted> {
        let mut back = patch::inverse(current, change);
        match self.objects.iter_mut().find(|known| known.collection == collection && known.name == name) {
            // Another object of this name: what was made here is gone, and this one is not ours to remove.
            Some(known) if known.id.as_deref().is_some_and(|known| known != id) => {
                known.id = Some(id.to_owned());
                known.before = Some(back);
            }
            Some(known) => {
                known.id = Some(id.to_owned());
                if let Some(before) = &mut known.before {
                    patch::older_wins(&mut back, before);
                    *before = back;
                }
            }
            None => {
                let (collection, name, id) = (collection.to_owned(), name.to_owned(), Some(id.to_owned()));
                self.objects.push(Object { collection, name, id, before: Some(back) });
            }
        }
        self.save()
    }

    /// Remembers the id of an object that was made.
    pub(super) fn made(&mut self, collection: &str, name: &str, id: &str) -> Result<(), NotStarted> {
        let known = self.objects.iter_mut().find(|known| known.collection == collection && known.name == name);
        if let Some(known) = known {
            known.id = Some(id.to_owned());
        }
        self.save()
    }

    /// An object is as it was.
    pub(super) fn forget(&mut self, collection: &str, name: &str) {
        self.objects.retain(|known| known.collection != collection || known.name != name);
    }

    /// Writes it down, for its owner alone; the file goes when there is nothing left in it.
    pub(super) fn save(&self) -> Result<(), NotStarted> {
        let failed = |error: &std::io::Error| NotStarted(format!("{} cannot be written: {error}", self.path.display()));
        if self.objects.is_empty() {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(&error)),
                _ => Ok(()),
            };
        }
        let text = serde_json::to_vec_pretty(self).map_err(|error| NotStarted(error.to_string()))?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Temporary files are their owner's alone, and a rename leaves no half of one.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
        file.write_all(&text).and_then(|()| file.as_file().sync_all()).map_err(|error| failed(&error))?;
        file.persist(&self.path).map_err(|error| failed(&error.error))?;
        Ok(())
    }

    /// Where it is.
    pub(super) fn path(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}
