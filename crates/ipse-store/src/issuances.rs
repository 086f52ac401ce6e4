//! Issuances of credentials: what becomes of each, and the offer while a wallet can open it. Whoever changes one holds its
//! verification. What a credential says is nowhere here.

use crate::db::{Row, values_of};
use crate::organizations::json;
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::id::{IssuanceId, SubjectId, VerificationId};
use ipse_core::issuance::Issuance;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Which credentials.
#[derive(Debug, Clone, Default)]
pub struct CredentialFilter {
    /// Only those of this verification.
    pub verification: Option<VerificationId>,
    /// Only those of this person.
    pub subject: Option<SubjectId>,
    /// Older than this one.
    pub before: Option<String>,
}

impl Tx {
    /// Stores a new issuance.
    pub async fn insert_issuance(&mut self, issuance: &Issuance) -> Result<()> {
        let sql = "insert into issuances (id, organization, verification, integration, state, record, expires_at)
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let values = values_of![
            issuance.id.as_str(),
            self.organization.as_str(),
            issuance.verification.as_str(),
            issuance.integration.as_str(),
            issuance.state.as_str(),
            json(issuance)?,
            issuance.expires_at,
        ];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// Every issuance of a verification, oldest first.
    pub async fn issuances(&mut self, of: &VerificationId) -> Result<Vec<Issuance>> {
        let sql = "select record from issuances where verification = $1 and organization = $2 order by id";
        let rows = self.db.rows(sql, values_of![of.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// One issuance.
    pub async fn issuance(&mut self, id: &IssuanceId) -> Result<Option<Issuance>> {
        let sql = "select record from issuances where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row| row.json(0)).transpose()
    }

    /// A page of what went into wallets, newest first.
    pub async fn list_credentials(&mut self, filter: &CredentialFilter, limit: u32) -> Result<Vec<Issuance>> {
        let sql = "select i.record from issuances i join verifications v on v.id = i.verification
                   where i.organization = $1 and v.organization = $1
                   and i.state in ('issued', 'revoking', 'revoked')
                   and ($2 = '' or i.verification = $2) and ($3 = '' or v.subject = $3) and ($4 = '' or i.id < $4)
                   order by i.id desc limit $5";
        let values = values_of![
            self.organization.as_str(),
            filter.verification.as_ref().map_or("", VerificationId::as_str),
            filter.subject.as_ref().map_or("", SubjectId::as_str),
            filter.before.as_deref().unwrap_or_default(),
            limit,
        ];
        let rows = self.db.rows(sql, values).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// Every issuance to a person, oldest first.
    pub async fn issuances_to(&mut self, subject: &SubjectId) -> Result<Vec<Issuance>> {
        let sql = "select i.record from issuances i join verifications v on v.id = i.verification
                   where i.organization = $1 and v.organization = $1 and v.subject = $2 order by i.id";
        let rows = self.db.rows(sql, values_of![self.organization.as_str(), subject.as_str()]).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// Writes back an issuance. The offer of one that is over is destroyed.
    pub async fn update_issuance(&mut self, issuance: &Issuance) -> Result<()> {
        let kept = if issuance.state.is_open() { "" } else { ", offer = null" };
        let sql = format!(
            "update issuances set state = $1, record = $2, expires_at = $3{kept} where id = $4 and organization = $5"
        );
        let (state, record) = (issuance.state.as_str(), json(issuance)?);
        let values = values_of![state, record, issuance.expires_at, issuance.id.as_str(), self.organization.as_str()];
        self.db.defer(&sql, values).await
    }

    /// Takes an issuance to request it from the other system, for this server alone until `leased_until`; false when
    /// another has it. What is told of it has to come with the key that has this hash.
    pub async fn lease_issuance(
        &mut self,
        id: &IssuanceId,
        key_hash: &[u8; 32],
        now: Timestamp,
        leased_until: Timestamp,
    ) -> Result<bool> {
        let sql = "update issuances set leased_until = $1, key_hash = $2
                   where id = $3 and organization = $4 and state = 'requested' and leased_until <= $5";
        let values = values_of![leased_until, key_hash, id.as_str(), self.organization.as_str(), now];
        Ok(self.db.execute(sql, values).await? == 1)
    }

    /// Takes a credential to have it revoked by the other system, for this server alone until `leased_until`, and to try it
    /// again then; false when another has it.
    pub async fn lease_revocation(&mut self, id: &IssuanceId, now: Timestamp, leased_until: Timestamp) -> Result<bool> {
        let sql = "update issuances set leased_until = $1
                   where id = $2 and organization = $3 and state = 'revoking' and leased_until <= $4";
        let values = values_of![leased_until, id.as_str(), self.organization.as_str(), now];
        Ok(self.db.execute(sql, values).await? == 1)
    }

    /// Lets a revocation wait.
    pub async fn postpone_revocation(&mut self, id: &IssuanceId, until: Timestamp) -> Result<()> {
        let sql = "update issuances set leased_until = $1 where id = $2 and organization = $3 and state = 'revoking'";
        self.db.defer(sql, values_of![until, id.as_str(), self.organization.as_str()]).await
    }

    /// The hash of the key with which is told of an issuance, once it was requested from the other system.
    pub async fn issuance_key(&mut self, id: &IssuanceId) -> Result<Option<[u8; 32]>> {
        let sql = "select key_hash from issuances where id = $1 and organization = $2 and key_hash is not null";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row: Row| row.hash(0)).transpose()
    }

    /// Keeps the offer, under the key of the verification's facts.
    pub async fn set_offer<T: Serialize + Sync>(&mut self, issuance: &Issuance, offer: &T) -> Result<()> {
        let owner = Owner::Facts(issuance.verification.clone());
        let sealed = self.seal_json(&owner, issuance.id.as_str(), offer).await?;
        let sql = "update issuances set offer = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![sealed, issuance.id.as_str(), self.organization.as_str()]).await
    }

    /// The offer, while there is one.
    pub async fn offer<T: DeserializeOwned>(&mut self, issuance: &Issuance) -> Result<Option<T>> {
        let sql = "select offer from issuances where id = $1 and organization = $2 and offer is not null";
        let row = self.db.row(sql, values_of![issuance.id.as_str(), self.organization.as_str()]).await?;
        let Some(row) = row else { return Ok(None) };
        let owner = Owner::Facts(issuance.verification.clone());
        match self.unseal_json(&owner, issuance.id.as_str(), row.bytes(0)?).await {
            Ok(offer) => Ok(Some(offer)),
            Err(crate::Error::Forgotten) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
