//! The keys that the OpenID provider signs with, shared by all servers of the database. They belong to no organization,
//! so a key-encryption key of the keyring wraps them directly.

use crate::db::values_of;
use crate::{Error, Result, Store};
use jiff::Timestamp;
use zeroize::Zeroizing;

/// A signing key.
pub struct ProviderKey {
    /// Its name.
    pub kid: String,
    /// What it signs with.
    pub alg: String,
    /// Where it stands: `next`, `current` or `retired`.
    pub state: String,
    /// Since when.
    pub since: Timestamp,
    /// The private key, PKCS #8.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// A certificate over it, DER.
    pub certificate: Vec<u8>,
}

/// A step in a key's life.
pub enum KeyChange {
    /// A new key.
    Insert(ProviderKey),
    /// A key stands elsewhere from now on.
    Become {
        /// Which.
        kid: String,
        /// Where it stood.
        from: String,
        /// Where it stands.
        state: String,
        /// Since when.
        since: Timestamp,
    },
    /// A key is destroyed.
    Remove(String),
}

/// Where a key is wrapped, so that one moved to another row does not open.
pub(crate) fn place(kid: &str) -> String {
    format!("provider key {kid}")
}

impl Store {
    /// Every signing key, oldest first.
    pub async fn provider_keys(&self) -> Result<Vec<ProviderKey>> {
        let sql = "select kid, alg, state, since, certificate, key_encryption_key, wrapped from provider_keys
                   order by since, kid";
        let rows = self.db.read().await?.rows(sql, &[]).await?;
        let key = |row: &crate::db::Row| {
            let kid = row.text(0)?.to_owned();
            Ok(ProviderKey {
                pkcs8: self.keyring.open_bytes(row.text(5)?, &place(&kid), row.bytes(6)?)?,
                kid,
                alg: row.text(1)?.to_owned(),
                state: row.text(2)?.to_owned(),
                since: row.instant(3)?,
                certificate: row.bytes(4)?.to_vec(),
            })
        };
        rows.iter().map(key).collect()
    }

    /// Takes steps, all or none. [`Error::Duplicate`] when another server was faster: ask again what is to be done.
    pub async fn change_provider_keys(&self, changes: &[KeyChange]) -> Result<()> {
        let mut tx = self.db.write().await?;
        for step in changes {
            let rows = match step {
                KeyChange::Insert(key) => {
                    let wrapped = self.keyring.wrap(&place(&key.kid), &key.pkcs8)?;
                    let sql = "insert into provider_keys
                               (kid, alg, state, since, certificate, key_encryption_key, wrapped)
                               values ($1, $2, $3, $4, $5, $6, $7)";
                    let (by, certificate) = (self.keyring.active(), key.certificate.as_slice());
                    tx.execute(sql, values_of![&key.kid, &key.alg, &key.state, key.since, certificate, by, wrapped])
                        .await?
                }
                KeyChange::Become { kid, from, state, since } => {
                    let sql = "update provider_keys set state = $1, since = $2 where kid = $3 and state = $4";
                    tx.execute(sql, values_of![state, *since, kid, from]).await?
                }
                KeyChange::Remove(kid) => {
                    tx.execute("delete from provider_keys where kid = $1", values_of![kid]).await?
                }
            };
            if rows != 1 {
                return Err(Error::Duplicate);
            }
        }
        tx.commit().await
    }
}
