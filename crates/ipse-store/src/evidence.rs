//! Evidence: pictures and the files of a chip, sealed in the blob store; findings sealed in the row.

use crate::db::{Row, values_of};
use crate::seal::Owner;
use crate::{Error, Result, Store, Tx};
use bytes::Bytes;
use ipse_core::document::Side;
use ipse_core::id::{EvidenceId, OrganizationId, VerificationId};
use jiff::Timestamp;

/// One picture, or what was read from one chip, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its id.
    pub id: EvidenceId,
    /// Whose.
    pub verification: VerificationId,
    /// `document`, `selfie` or `chip`.
    pub kind: String,
    /// Which side, of a document.
    pub side: Option<Side>,
    /// Which attempt it belongs to, from 1.
    pub attempt: u32,
    /// When it came in.
    pub created_at: Timestamp,
    /// `image/jpeg`, `image/png` or `image/webp`; `application/json` for a chip.
    pub media_type: String,
    /// SHA-256 of the bytes as they came in.
    pub sha256: [u8; 32],
}

const COLUMNS: &str = "id, verification, kind, side, attempt, created_at, media_type, sha256";

fn evidence(row: &Row) -> Result<Evidence> {
    Ok(Evidence {
        id: row.parse(0)?,
        verification: row.parse(1)?,
        kind: row.text(2)?.to_owned(),
        side: row.optional_text(3)?.and_then(Side::parse),
        attempt: row.number(4)?,
        created_at: row.instant(5)?,
        media_type: row.text(6)?.to_owned(),
        sha256: row.hash(7)?,
    })
}

impl Tx {
    /// Seals a picture, or what a chip said, for the blob store; see [`Store::put_evidence`].
    pub async fn seal_evidence(&mut self, of: &VerificationId, id: &EvidenceId, bytes: &[u8]) -> Result<Vec<u8>> {
        self.seal(&Owner::Images(of.clone()), id.as_str(), bytes).await
    }

    /// Stores the findings of evidence that is in the blob store.
    pub async fn insert_evidence<T: serde::Serialize + Sync>(
        &mut self,
        evidence: &Evidence,
        findings: &T,
    ) -> Result<()> {
        let facts = Owner::Facts(evidence.verification.clone());
        let findings = self.seal_json(&facts, evidence.id.as_str(), findings).await?;
        self.db
            .defer(
                "insert into evidence (id, organization, verification, kind, side, attempt, created_at, media_type,
                 sha256, findings) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                values_of![
                    evidence.id.as_str(),
                    self.organization.as_str(),
                    evidence.verification.as_str(),
                    &evidence.kind,
                    evidence.side.map(Side::as_str),
                    evidence.attempt,
                    evidence.created_at,
                    &evidence.media_type,
                    &evidence.sha256,
                    findings,
                ],
            )
            .await?;
        Ok(())
    }

    /// Keeps what a picture says of a face beside it. It is as personal as the picture, and goes with it.
    pub async fn insert_face<T: serde::Serialize + Sync>(&mut self, evidence: &Evidence, face: &T) -> Result<()> {
        let owner = Owner::Images(evidence.verification.clone());
        let sealed = self.seal_json(&owner, &format!("{}/face", evidence.id), face).await?;
        let sql = "update evidence set face = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![sealed, evidence.id.as_str(), self.organization.as_str()]).await
    }

    /// What a picture says of a face; nothing when it was not asked, or is forgotten.
    pub async fn face<T: serde::de::DeserializeOwned>(&mut self, evidence: &Evidence) -> Result<Option<T>> {
        let sql = "select face from evidence where id = $1 and organization = $2 and face is not null";
        let row = self.db.row(sql, values_of![evidence.id.as_str(), self.organization.as_str()]).await?;
        let Some(row) = row else { return Ok(None) };
        let owner = Owner::Images(evidence.verification.clone());
        match self.unseal_json(&owner, &format!("{}/face", evidence.id), row.bytes(0)?).await {
            Err(Error::Forgotten) => Ok(None),
            face => face.map(Some),
        }
    }

    /// A verification's evidence, oldest first.
    pub async fn list_evidence(&mut self, id: &VerificationId) -> Result<Vec<Evidence>> {
        let sql = format!("select {COLUMNS} from evidence where verification = $1 and organization = $2 order by id");
        let rows = self.db.rows(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(evidence).collect()
    }

    /// One piece of evidence of a verification.
    pub async fn evidence(&mut self, of: &VerificationId, id: &EvidenceId) -> Result<Option<Evidence>> {
        let sql = format!("select {COLUMNS} from evidence where id = $1 and verification = $2 and organization = $3");
        let row = self.db.row(&sql, values_of![id.as_str(), of.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(evidence).transpose()
    }

    /// Forgets the evidence of an attempt that will not be judged. The sealed blobs stay until their key goes.
    pub async fn discard_evidence(&mut self, of: &VerificationId, attempt: u32) -> Result<u64> {
        let sql = "delete from evidence where verification = $1 and organization = $2 and attempt = $3";
        self.db.execute(sql, values_of![of.as_str(), self.organization.as_str(), attempt]).await
    }

    /// What the engines found in a picture when it came in.
    pub async fn findings<T: serde::de::DeserializeOwned>(&mut self, evidence: &Evidence) -> Result<T> {
        let sql = "select findings from evidence where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![evidence.id.as_str(), self.organization.as_str()]).await?;
        let row = row.ok_or(Error::Forgotten)?;
        let owner = Owner::Facts(evidence.verification.clone());
        self.unseal_json(&owner, evidence.id.as_str(), row.bytes(0)?).await
    }

    /// Opens evidence that came out of the blob store.
    pub async fn unseal_evidence(&mut self, of: &VerificationId, id: &EvidenceId, sealed: &[u8]) -> Result<Vec<u8>> {
        self.unseal(&Owner::Images(of.clone()), id.as_str(), sealed).await
    }
}

/// The blobs of one verification. They are written before the row that names them: a crash in between leaves a sealed
/// orphan, which goes with the others, never a row without its picture. No transaction waits for them.
impl Store {
    /// Stores sealed evidence.
    pub async fn put_evidence(
        &self,
        organization: &OrganizationId,
        of: &VerificationId,
        id: &EvidenceId,
        sealed: Vec<u8>,
    ) -> Result<()> {
        self.blobs.put(&format!("{organization}/{of}/{id}"), sealed).await
    }

    /// Sealed evidence. [`Error::Forgotten`] when it is gone.
    pub async fn get_evidence(
        &self,
        organization: &OrganizationId,
        of: &VerificationId,
        id: &EvidenceId,
    ) -> Result<Bytes> {
        self.blobs.get(&format!("{organization}/{of}/{id}")).await
    }

    /// Removes one piece of evidence that was not taken after all.
    pub async fn withdraw_evidence(
        &self,
        organization: &OrganizationId,
        of: &VerificationId,
        id: &EvidenceId,
    ) -> Result<()> {
        self.blobs.delete(&format!("{organization}/{of}/{id}")).await
    }

    /// Removes all evidence of a verification, also what no row names. Their key is gone already, so this only frees
    /// space.
    pub async fn remove_evidence(&self, organization: &OrganizationId, of: &VerificationId) -> Result<()> {
        self.blobs.delete_all(&format!("{organization}/{of}")).await
    }
}
