//! Answers kept for requests that may be sent twice.

use crate::db::values_of;
use crate::seal::Owner;
use crate::{Result, Tx};
use jiff::Timestamp;

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Hash of the request it answered.
    pub request_hash: [u8; 32],
    /// The HTTP status.
    pub status: u16,
    /// The body. Sealed at rest, because it may carry a link.
    pub body: Vec<u8>,
}

impl Tx {
    /// The answer remembered for a key.
    pub async fn remembered(&mut self, key: &str) -> Result<Option<Remembered>> {
        let sql = "select request_hash, status, body from idempotency where organization = $1 and key = $2";
        let row = self.db.row(sql, values_of![self.organization.as_str(), key]).await?;
        let Some(row) = row else { return Ok(None) };
        let owner = Owner::Organization(self.organization.clone());
        let body = self.unseal(&owner, key, row.bytes(2)?).await?;
        Ok(Some(Remembered { request_hash: row.hash(0)?, status: row.number(1)?, body }))
    }

    /// Remembers an answer. [`crate::Error::Duplicate`] when a twin of the request was faster.
    pub async fn remember(&mut self, key: &str, answer: &Remembered, now: Timestamp) -> Result<()> {
        let owner = Owner::Organization(self.organization.clone());
        let sealed = self.seal(&owner, key, &answer.body).await?;
        let sql = "insert into idempotency (organization, key, request_hash, status, body, created_at)
                   values ($1, $2, $3, $4, $5, $6)";
        let values =
            values_of![self.organization.as_str(), key, &answer.request_hash, u32::from(answer.status), sealed, now,];
        self.db.execute(sql, values).await?;
        Ok(())
    }
}
