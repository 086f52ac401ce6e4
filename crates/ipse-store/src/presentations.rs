//! Presentations of credentials: what becomes of each, the request while a wallet can open it, and what was disclosed. Whoever
//! changes one holds its verification.

use crate::db::{Row, values_of};
use crate::organizations::json;
use crate::seal::Owner;
use crate::{Error, Result, Tx};
use ipse_core::id::{PresentationId, VerificationId};
use ipse_core::presentation::{Disclosed, Presentation};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Tx {
    /// Stores a new presentation.
    pub async fn insert_presentation(&mut self, presentation: &Presentation) -> Result<()> {
        let sql = "insert into presentations (id, organization, verification, integration, state, record, expires_at)
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let values = values_of![
            presentation.id.as_str(),
            self.organization.as_str(),
            presentation.verification.as_str(),
            presentation.integration.as_str(),
            presentation.state.as_str(),
            json(presentation)?,
            presentation.expires_at,
        ];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// Every presentation of a verification, oldest first.
    pub async fn presentations(&mut self, of: &VerificationId) -> Result<Vec<Presentation>> {
        let sql = "select record from presentations where verification = $1 and organization = $2 order by id";
        let rows = self.db.rows(sql, values_of![of.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// Writes back a presentation. The request of one that is over is destroyed.
    pub async fn update_presentation(&mut self, presentation: &Presentation) -> Result<()> {
        let kept = if presentation.state.is_open() { "" } else { ", offer = null" };
        let sql = format!(
            "update presentations set state = $1, record = $2, expires_at = $3{kept} where id = $4 and organization = $5"
        );
        let (state, record) = (presentation.state.as_str(), json(presentation)?);
        let (id, organization) = (presentation.id.as_str(), self.organization.as_str());
        let values = values_of![state, record, presentation.expires_at, id, organization];
        self.db.defer(&sql, values).await
    }

    /// Takes a presentation to ask the other system for it, for this server alone until `leased_until`; false when
    /// another has it. What is told of it has to come with the key that has this hash.
    pub async fn lease_presentation(
        &mut self,
        id: &PresentationId,
        key_hash: &[u8; 32],
        now: Timestamp,
        leased_until: Timestamp,
    ) -> Result<bool> {
        let sql = "update presentations set leased_until = $1, key_hash = $2
                   where id = $3 and organization = $4 and state = 'requested' and leased_until <= $5";
        let values = values_of![leased_until, key_hash, id.as_str(), self.organization.as_str(), now];
        Ok(self.db.execute(sql, values).await? == 1)
    }

    /// The hash of the key with which is told of a presentation, once the other system was asked for it.
    pub async fn presentation_key(&mut self, id: &PresentationId) -> Result<Option<[u8; 32]>> {
        let sql = "select key_hash from presentations where id = $1 and organization = $2 and key_hash is not null";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row: Row| row.hash(0)).transpose()
    }

    /// Keeps what a wallet opens, under the key of the verification's facts.
    pub async fn set_presentation_offer<T: Serialize + Sync>(
        &mut self,
        presentation: &Presentation,
        offer: &T,
    ) -> Result<()> {
        self.keep_of(presentation, "offer", offer).await
    }

    /// What a wallet opens, while there is something.
    pub async fn presentation_offer<T: DeserializeOwned>(&mut self, presentation: &Presentation) -> Result<Option<T>> {
        self.kept_of(presentation, "offer").await
    }

    /// Keeps what was disclosed, under the key of the verification's facts: it is forgotten with them.
    pub async fn set_disclosed(&mut self, presentation: &Presentation, disclosed: &Disclosed) -> Result<()> {
        self.keep_of(presentation, "disclosed", disclosed).await
    }

    /// What was disclosed, until it is forgotten.
    pub async fn disclosed(&mut self, presentation: &Presentation) -> Result<Option<Disclosed>> {
        self.kept_of(presentation, "disclosed").await
    }

    async fn keep_of<T: Serialize + Sync>(&mut self, of: &Presentation, column: &str, value: &T) -> Result<()> {
        let owner = Owner::Facts(of.verification.clone());
        let sealed = self.seal_json(&owner, &format!("{}/{column}", of.id), value).await?;
        let sql = format!("update presentations set {column} = $1 where id = $2 and organization = $3");
        self.db.defer(&sql, values_of![sealed, of.id.as_str(), self.organization.as_str()]).await
    }

    async fn kept_of<T: DeserializeOwned>(&mut self, of: &Presentation, column: &str) -> Result<Option<T>> {
        let sql =
            format!("select {column} from presentations where id = $1 and organization = $2 and {column} is not null");
        let row = self.db.row(&sql, values_of![of.id.as_str(), self.organization.as_str()]).await?;
        let Some(row) = row else { return Ok(None) };
        let owner = Owner::Facts(of.verification.clone());
        match self.unseal_json(&owner, &format!("{}/{column}", of.id), row.bytes(0)?).await {
            Err(Error::Forgotten) => Ok(None),
            value => value.map(Some),
        }
    }
}
