//! Integrations: outside systems that are set up, each with the API keys as which it comes. What is in a record is the
//! server's, and no secret; what is secret is sealed beside it under the organization's key.

use crate::db::{Lock, values_of};
use crate::organizations::json;
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::id::{ApiKeyId, IntegrationId};
use serde::Serialize;
use serde::de::DeserializeOwned;

impl Tx {
    /// Stores a new integration.
    pub async fn insert_integration<T: Serialize>(&mut self, id: &IntegrationId, record: &T) -> Result<()> {
        let sql = "insert into integrations (id, organization, record) values ($1, $2, $3)";
        self.db.execute(sql, values_of![id.as_str(), self.organization.as_str(), json(record)?]).await?;
        Ok(())
    }

    /// Keeps what an integration must not tell.
    pub async fn set_integration_secrets<T: Serialize + Sync>(
        &mut self,
        id: &IntegrationId,
        secrets: &T,
    ) -> Result<()> {
        let sealed = self.seal_json(&Owner::Organization(self.organization.clone()), id.as_str(), secrets).await?;
        let sql = "update integrations set secrets = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![sealed, id.as_str(), self.organization.as_str()]).await
    }

    /// Forgets what an integration must not tell.
    pub async fn forget_integration_secrets(&mut self, id: &IntegrationId) -> Result<()> {
        let sql = "update integrations set secrets = null where id = $1 and organization = $2";
        self.db.defer(sql, values_of![id.as_str(), self.organization.as_str()]).await
    }

    /// What an integration must not tell, if it has anything such.
    pub async fn integration_secrets<T: DeserializeOwned>(&mut self, id: &IntegrationId) -> Result<Option<T>> {
        let sql = "select secrets from integrations where id = $1 and organization = $2 and secrets is not null";
        let Some(row) = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await? else {
            return Ok(None);
        };
        let owner = Owner::Organization(self.organization.clone());
        self.unseal_json(&owner, id.as_str(), row.bytes(0)?).await.map(Some)
    }

    /// Lets an integration come with an API key.
    pub async fn add_integration_key(&mut self, id: &IntegrationId, key: &ApiKeyId) -> Result<()> {
        let sql = "insert into integration_keys (api_key, organization, integration) values ($1, $2, $3)";
        self.db.execute(sql, values_of![key.as_str(), self.organization.as_str(), id.as_str()]).await?;
        Ok(())
    }

    /// An integration.
    pub async fn integration<T: DeserializeOwned>(&mut self, id: &IntegrationId) -> Result<Option<T>> {
        self.find_integration(id, "").await
    }

    /// An integration, held until the transaction ends.
    pub async fn hold_integration<T: DeserializeOwned>(&mut self, id: &IntegrationId) -> Result<Option<T>> {
        let lock = self.db.lock(Lock::Wait);
        self.find_integration(id, lock).await
    }

    async fn find_integration<T: DeserializeOwned>(&mut self, id: &IntegrationId, lock: &str) -> Result<Option<T>> {
        let sql = format!("select record from integrations where id = $1 and organization = $2 and removed = 0{lock}");
        let row = self.db.row(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row| row.json(0)).transpose()
    }

    /// The API keys that an integration comes with, or came with.
    pub async fn integration_keys(&mut self, id: &IntegrationId) -> Result<Vec<ApiKeyId>> {
        let sql = "select api_key from integration_keys where integration = $1 and organization = $2 order by api_key";
        let rows = self.db.rows(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(|row| row.parse(0)).collect()
    }

    /// The integration that comes with an API key, or came with it, even if it was removed: what it asked for is bound by
    /// its rules to the end.
    pub async fn integration_of<T: DeserializeOwned>(&mut self, key: &ApiKeyId) -> Result<Option<T>> {
        let sql = "select integrations.record from integrations
                   join integration_keys on integration_keys.integration = integrations.id
                   where integration_keys.api_key = $1 and integration_keys.organization = $2";
        let row = self.db.row(sql, values_of![key.as_str(), self.organization.as_str()]).await?;
        row.map(|row| row.json(0)).transpose()
    }

    /// Every integration, oldest first.
    pub async fn list_integrations<T: DeserializeOwned>(&mut self) -> Result<Vec<T>> {
        let sql = "select record from integrations where organization = $1 and removed = 0 order by id";
        let rows = self.db.rows(sql, values_of![self.organization.as_str()]).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// Writes back an integration.
    pub async fn update_integration<T: Serialize>(&mut self, id: &IntegrationId, record: &T) -> Result<()> {
        let sql = "update integrations set record = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![json(record)?, id.as_str(), self.organization.as_str()]).await
    }

    /// Removes an integration; false when there is none. Its secrets are destroyed; its API keys are ended by whoever
    /// removes it.
    pub async fn delete_integration(&mut self, id: &IntegrationId) -> Result<bool> {
        let sql =
            "update integrations set removed = 1, secrets = null where id = $1 and organization = $2 and removed = 0";
        Ok(self.db.execute(sql, values_of![id.as_str(), self.organization.as_str()]).await? == 1)
    }
}
