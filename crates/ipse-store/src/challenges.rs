//! Challenges of a live selfie: one a verification at a time, good for one answer.

use crate::db::values_of;
use crate::organizations::json;
use crate::{Result, Tx};
use ipse_core::id::VerificationId;
use jiff::Timestamp;

impl Tx {
    /// Sets a verification's challenge; the one before is void.
    pub async fn set_challenge<T: serde::Serialize>(
        &mut self,
        of: &VerificationId,
        nonce_hash: &[u8; 32],
        steps: &T,
        now: Timestamp,
    ) -> Result<()> {
        let (id, organization) = (of.as_str(), self.organization.as_str().to_owned());
        let sql = "delete from challenges where verification = $1 and organization = $2";
        self.db.defer(sql, values_of![id, &organization]).await?;
        let sql = "insert into challenges (verification, organization, nonce_hash, steps, issued_at)
                   values ($1, $2, $3, $4, $5)";
        self.db.defer(sql, values_of![id, &organization, nonce_hash, json(steps)?, now]).await
    }

    /// Takes the challenge with this nonce, and when it was set. It is gone then, whatever becomes of the answer.
    pub async fn take_challenge<T: serde::de::DeserializeOwned>(
        &mut self,
        of: &VerificationId,
        nonce_hash: &[u8; 32],
    ) -> Result<Option<(T, Timestamp)>> {
        let sql = "delete from challenges where verification = $1 and organization = $2 and nonce_hash = $3
                   returning steps, issued_at";
        let row = self.db.row(sql, values_of![of.as_str(), self.organization.as_str(), nonce_hash]).await?;
        row.map(|row| Ok((row.json(0)?, row.instant(1)?))).transpose()
    }
}
