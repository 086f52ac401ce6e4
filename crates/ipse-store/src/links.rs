//! Links and the browsers that claimed them. Tokens are stored as hashes only.

use crate::db::values_of;
use crate::{Result, Tx};
use ipse_core::id::VerificationId;
use jiff::Timestamp;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// Sent to the person.
    Invitation,
    /// Shown as a QR code on one of their devices for another.
    HandOver,
}

impl LinkKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::HandOver => "hand_over",
        }
    }
}

/// A browser bound to a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Hash of the key in the browser's cookie.
    pub hash: [u8; 32],
    /// The verification.
    pub verification: VerificationId,
    /// The token its forms carry.
    pub csrf: String,
    /// `phone` or `desktop`.
    pub device: String,
    /// Whether this is the device in use; the others follow along.
    pub active: bool,
}

impl Tx {
    /// Stores a link's hash.
    pub async fn insert_link(
        &mut self,
        hash: &[u8; 32],
        kind: LinkKind,
        verification: &VerificationId,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.db
            .defer(
                "insert into links (hash, organization, verification, kind, expires_at, claimed)
                 values ($1, $2, $3, $4, $5, 0)",
                values_of![hash, self.organization.as_str(), verification.as_str(), kind.as_str(), expires_at],
            )
            .await?;
        Ok(())
    }

    /// Marks a link as claimed; false when it was already, has expired, is gone, or is of another kind.
    pub async fn claim_link(&mut self, hash: &[u8; 32], kind: LinkKind, now: Timestamp) -> Result<bool> {
        let sql = "update links set claimed = 1
                   where hash = $1 and organization = $2 and kind = $3 and claimed = 0 and expires_at > $4";
        let values = values_of![hash, self.organization.as_str(), kind.as_str(), now];
        Ok(self.db.execute(sql, values).await? == 1)
    }

    /// Removes a verification's links of one kind.
    pub async fn delete_links(&mut self, kind: LinkKind, verification: &VerificationId) -> Result<()> {
        let sql = "delete from links where verification = $1 and organization = $2 and kind = $3";
        self.db.defer(sql, values_of![verification.as_str(), self.organization.as_str(), kind.as_str()]).await?;
        Ok(())
    }

    /// Binds a browser and makes it the active one; the others follow along.
    pub async fn insert_claim(&mut self, claim: &Claim, now: Timestamp) -> Result<()> {
        self.db
            .defer(
                "update claims set active = 0 where verification = $1 and organization = $2",
                values_of![claim.verification.as_str(), self.organization.as_str()],
            )
            .await?;
        self.db
            .defer(
                "insert into claims (hash, organization, verification, csrf, device, active, created_at)
                 values ($1, $2, $3, $4, $5, 1, $6)",
                values_of![
                    &claim.hash,
                    self.organization.as_str(),
                    claim.verification.as_str(),
                    &claim.csrf,
                    &claim.device,
                    now,
                ],
            )
            .await?;
        Ok(())
    }

    /// The claim with this hash.
    pub async fn claim(&mut self, hash: &[u8; 32]) -> Result<Option<Claim>> {
        let sql = "select hash, verification, csrf, device, active from claims where hash = $1 and organization = $2";
        let row = self.db.row(sql, values_of![hash, self.organization.as_str()]).await?;
        row.map(|row| {
            Ok(Claim {
                hash: row.hash(0)?,
                verification: row.parse(1)?,
                csrf: row.text(2)?.to_owned(),
                device: row.text(3)?.to_owned(),
                active: row.flag(4)?,
            })
        })
        .transpose()
    }

    /// Whether anybody may come to a verification's pages, or has.
    pub async fn has_link(&mut self, verification: &VerificationId) -> Result<bool> {
        let sql = "select 1 from links where verification = $1 and organization = $2
                   union all select 1 from claims where verification = $1 and organization = $2 limit 1";
        Ok(self.db.row(sql, values_of![verification.as_str(), self.organization.as_str()]).await?.is_some())
    }

    /// Makes a bound browser the active one again.
    pub async fn activate_claim(&mut self, claim: &Claim) -> Result<()> {
        let sql = "update claims set active = case when hash = $1 then 1 else 0 end
                   where verification = $2 and organization = $3";
        let values = values_of![&claim.hash, claim.verification.as_str(), self.organization.as_str()];
        self.db.defer(sql, values).await?;
        Ok(())
    }

    /// Unbinds every browser of a verification.
    pub async fn delete_claims(&mut self, verification: &VerificationId) -> Result<()> {
        let sql = "delete from claims where verification = $1 and organization = $2";
        self.db.defer(sql, values_of![verification.as_str(), self.organization.as_str()]).await?;
        Ok(())
    }
}
