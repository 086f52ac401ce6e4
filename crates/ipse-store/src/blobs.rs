//! Sealed pictures, on disk or in an S3-compatible bucket.

use crate::{Error, Result};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt};
use std::path::Path;
use std::sync::Arc;

/// Where sealed pictures are kept. What is stored here is ciphertext; the keys are in the database.
#[derive(Clone)]
pub struct Blobs {
    inner: Arc<dyn ObjectStore>,
}

impl Blobs {
    /// A folder, made if missing. What is put there is on the disk before anybody hears of it.
    pub fn folder(path: &Path) -> Result<Self> {
        std::fs::create_dir_all(path).map_err(|error| Error::Blob(format!("{}: {error}", path.display())))?;
        let folder =
            LocalFileSystem::new_with_prefix(path).map_err(failed)?.with_automatic_cleanup(true).with_fsync(true);
        Ok(Self { inner: Arc::new(folder) })
    }

    /// An S3-compatible bucket. Credentials come from the arguments or, where empty, from the environment.
    pub fn bucket(endpoint: &str, region: &str, bucket: &str, access_key: &str, secret_key: &str) -> Result<Self> {
        let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_region(region);
        if !endpoint.is_empty() {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        if !access_key.is_empty() {
            builder = builder.with_access_key_id(access_key).with_secret_access_key(secret_key);
        }
        Ok(Self { inner: Arc::new(builder.build().map_err(failed)?) })
    }

    pub(crate) async fn put(&self, key: &str, sealed: Vec<u8>) -> Result<()> {
        self.inner.put(&Key::from(key), Bytes::from(sealed).into()).await.map(|_| ()).map_err(failed)
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Bytes> {
        match self.inner.get(&Key::from(key)).await {
            Ok(found) => found.bytes().await.map_err(failed),
            Err(object_store::Error::NotFound { .. }) => Err(Error::Forgotten),
            Err(error) => Err(failed(error)),
        }
    }

    /// Deletes everything below a folder.
    pub(crate) async fn delete_all(&self, folder: &str) -> Result<()> {
        let found: Vec<_> = self.inner.list(Some(&Key::from(folder))).try_collect().await.map_err(failed)?;
        for object in found {
            self.delete(object.location.as_ref()).await?;
        }
        Ok(())
    }

    pub(crate) async fn delete(&self, key: &str) -> Result<()> {
        match self.inner.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Writes, reads back and deletes a small object: for a deployment check.
    pub async fn probe(&self) -> Result<()> {
        self.put("probe/probe", b"ipse".to_vec()).await?;
        let read = self.get("probe/probe").await?;
        // Forgetting lists what it deletes.
        self.delete_all("probe").await?;
        if read.as_ref() == b"ipse" { Ok(()) } else { Err(Error::Blob("read back something else".into())) }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: object_store::Error) -> Error {
    Error::Blob(error.to_string())
}
