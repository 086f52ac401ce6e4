//! Questions asked before an organization is known: whose token is this? Tokens are unguessable and come as hashes;
//! the answers are ids, or the API key that was shown, and whoever wants more begins a transaction of that organization.

use crate::db::{Row, values_of};
use crate::keys::{ApiKey, COLUMNS as KEY_COLUMNS, api_key};
use crate::{Result, Store};
use ipse_core::id::{ApiKeyId, IntegrationId, IssuanceId, OrganizationId, PersonId, PresentationId, VerificationId};

fn located_key(row: Option<Row>) -> Result<Option<(OrganizationId, ApiKey)>> {
    row.map(|row| Ok((row.parse(8)?, api_key(&row)?))).transpose()
}

impl Store {
    /// The API key with this hash, and whose it is.
    pub async fn locate_api_key(&self, hash: &[u8; 32]) -> Result<Option<(OrganizationId, ApiKey)>> {
        let sql = format!("select {KEY_COLUMNS}, organization from api_keys where hash = $1");
        located_key(self.db.read().await?.row(&sql, values_of![hash]).await?)
    }

    /// The API key with this id, and whose it is.
    pub async fn locate_api_key_id(&self, id: &ApiKeyId) -> Result<Option<(OrganizationId, ApiKey)>> {
        let sql = format!("select {KEY_COLUMNS}, organization from api_keys where id = $1");
        located_key(self.db.read().await?.row(&sql, values_of![id.as_str()]).await?)
    }

    /// Which verification, by the hash of a link's token, and whether the link was claimed.
    pub async fn locate_link(&self, hash: &[u8; 32]) -> Result<Option<(OrganizationId, VerificationId, bool)>> {
        let sql = "select organization, verification, claimed from links where hash = $1";
        let row = self.db.read().await?.row(sql, values_of![hash]).await?;
        row.map(|row| Ok((row.parse(0)?, row.parse(1)?, row.flag(2)?))).transpose()
    }

    /// Whose capture session, by the hash of its cookie.
    pub async fn locate_claim(&self, hash: &[u8; 32]) -> Result<Option<OrganizationId>> {
        let row =
            self.db.read().await?.row("select organization from claims where hash = $1", values_of![hash]).await?;
        row.map(|row| row.parse(0)).transpose()
    }

    /// Whose console session, by the hash of its cookie.
    pub async fn locate_session(&self, hash: &[u8; 32]) -> Result<Option<OrganizationId>> {
        let sql = "select organization from sessions where hash = $1";
        let row = self.db.read().await?.row(sql, values_of![hash]).await?;
        row.map(|row| row.parse(0)).transpose()
    }

    /// Whose sign-in link, by the hash of its token.
    pub async fn locate_sign_in_link(&self, hash: &[u8; 32]) -> Result<Option<OrganizationId>> {
        let sql = "select organization from sign_in_links where hash = $1";
        let row = self.db.read().await?.row(sql, values_of![hash]).await?;
        row.map(|row| row.parse(0)).transpose()
    }

    /// Whose passkey, by the authenticator's id for it.
    pub async fn locate_passkey(&self, credential_id: &[u8]) -> Result<Option<(OrganizationId, PersonId)>> {
        let sql = "select organization, person from passkeys where credential_id = $1";
        let row = self.db.read().await?.row(sql, values_of![credential_id]).await?;
        row.map(|row| Ok((row.parse(0)?, row.parse(1)?))).transpose()
    }

    /// A client of the OpenID provider, and whose it is: its id is unique among all organizations.
    pub async fn locate_client<T: serde::de::DeserializeOwned>(&self, id: &str) -> Result<Option<(OrganizationId, T)>> {
        let sql = "select organization, record from clients where id = $1";
        let row = self.db.read().await?.row(sql, values_of![id]).await?;
        row.map(|row| Ok((row.parse(0)?, row.json(1)?))).transpose()
    }

    /// Whose client's request, by its unguessable id.
    pub async fn locate_interaction(&self, id: &str) -> Result<Option<OrganizationId>> {
        let row =
            self.db.read().await?.row("select organization from interactions where id = $1", values_of![id]).await?;
        row.map(|row| row.parse(0)).transpose()
    }

    /// Whose issuance of a credential, and for which verification, by its id.
    pub async fn locate_issuance(&self, id: &IssuanceId) -> Result<Option<(OrganizationId, VerificationId)>> {
        let sql = "select organization, verification from issuances where id = $1";
        let row = self.db.read().await?.row(sql, values_of![id.as_str()]).await?;
        row.map(|row| Ok((row.parse(0)?, row.parse(1)?))).transpose()
    }

    /// Whose presentation of a credential, and for which verification, by its id.
    pub async fn locate_presentation(&self, id: &PresentationId) -> Result<Option<(OrganizationId, VerificationId)>> {
        let sql = "select organization, verification from presentations where id = $1";
        let row = self.db.read().await?.row(sql, values_of![id.as_str()]).await?;
        row.map(|row| Ok((row.parse(0)?, row.parse(1)?))).transpose()
    }

    /// Whose integration, by its id.
    pub async fn locate_integration(&self, id: &IntegrationId) -> Result<Option<OrganizationId>> {
        let sql = "select organization from integrations where id = $1";
        let row = self.db.read().await?.row(sql, values_of![id.as_str()]).await?;
        row.map(|row| row.parse(0)).transpose()
    }

    /// Whose client's access token, by its hash.
    pub async fn locate_access_token(&self, hash: &[u8; 32]) -> Result<Option<OrganizationId>> {
        let sql = "select organization from access_tokens where hash = $1";
        let row = self.db.read().await?.row(sql, values_of![hash]).await?;
        row.map(|row| row.parse(0)).transpose()
    }
}
