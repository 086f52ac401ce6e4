//! The only way to the data.
//!
//! One concrete [`Store`] over SQLite (embedded default) or PostgreSQL (scale-out), blobs on disk or S3, everything
//! personal sealed. Whoever wants data says for whom: [`Store::begin`] takes the organization, and every method of
//! [`Tx`] is scoped by it. The few questions that come before an organization is known — whose token is this, what
//! is due — live in [`locate`] and [`due`] and answer with ids only.
//!
//! Only `db/` knows which database it is.

#![warn(missing_docs)]

mod blobs;
pub mod campaigns;
pub mod challenges;
mod db;
pub mod deliveries;
pub mod due;
pub mod enrolments;
mod error;
pub mod events;
pub mod evidence;
pub mod idempotency;
pub mod integrations;
pub mod issuances;
pub mod journeys;
pub mod keys;
pub mod links;
pub mod locate;
pub mod oidc;
pub mod organizations;
pub mod people;
pub mod presentations;
pub mod provider_keys;
pub mod seal;
pub mod subjects;
pub mod verifications;
pub mod webhooks;

pub use blobs::Blobs;
pub use db::Address;
pub use error::{Error, Result};

use ipse_core::id::OrganizationId;
use seal::{Keyring, OwnKeys, Seals};
use std::sync::Arc;

/// The database, the blobs and the keyring.
#[derive(Clone)]
pub struct Store {
    db: db::Db,
    blobs: Blobs,
    keyring: Arc<Keyring>,
    own_keys: OwnKeys,
}

/// Everything one organization's request does; committed together or not at all. Dropping it undoes it.
pub struct Tx {
    db: db::Tx,
    organization: OrganizationId,
    seals: Seals,
}

impl Store {
    /// Opens the store. Does not migrate: see [`Store::migrate`].
    pub async fn open(address: &Address, blobs: Blobs, keyring: Keyring) -> Result<Self> {
        Ok(Self { db: db::Db::open(address).await?, blobs, keyring: Arc::new(keyring), own_keys: OwnKeys::default() })
    }

    /// Brings the schema up to date; returns how many migrations ran.
    pub async fn migrate(&self) -> Result<usize> {
        self.db.migrate().await
    }

    /// How many migrations this program knows and the database lacks.
    pub async fn pending_migrations(&self) -> Result<usize> {
        self.db.pending_migrations().await
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.db.read().await?;
        tx.rows("select 1", &[]).await.map(|_| ())
    }

    /// `sqlite` or `postgresql`.
    pub const fn database(&self) -> &'static str {
        self.db.name()
    }

    /// The blobs, for a deployment check.
    pub const fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The keyring.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// A transaction that may write.
    pub async fn begin(&self, organization: &OrganizationId) -> Result<Tx> {
        Ok(self.scoped(self.db.write().await?, organization))
    }

    /// A transaction that only reads; on SQLite it waits for no writer.
    pub async fn read(&self, organization: &OrganizationId) -> Result<Tx> {
        Ok(self.scoped(self.db.read().await?, organization))
    }

    fn scoped(&self, db: db::Tx, organization: &OrganizationId) -> Tx {
        Tx { db, organization: organization.clone(), seals: Seals::new(self.keyring.clone(), self.own_keys.clone()) }
    }
}

impl Tx {
    /// Whose data this is.
    pub const fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    /// Makes everything durable.
    pub async fn commit(self) -> Result<()> {
        self.db.commit().await
    }
}
