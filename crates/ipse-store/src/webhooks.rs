//! Webhook endpoints and their secrets, sealed under the organization's key.

use crate::db::{Row, values_of};
use crate::organizations::json;
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::id::{ApiKeyId, EndpointId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where events are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// The address.
    pub url: String,
    /// Which event types; empty for all.
    #[serde(default)]
    pub event_types: Vec<String>,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// The API keys of whose verifications it hears; empty for everybody's.
    #[serde(default)]
    pub only_of: Vec<ApiKeyId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Why it is disabled, if it is.
    #[serde(default)]
    pub disabled_reason: Option<String>,
}

/// One pair of signing secrets of an endpoint. Two pairs live during a rotation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secret {
    /// The shared secret, `whsec_…`, for `v1`.
    pub shared: String,
    /// The Ed25519 key, PKCS#8 in base64, for `v1a`.
    pub private: String,
    /// Its public half, `whpk_…`, to be given to receivers.
    pub public: String,
    /// Until when it still signs, once replaced.
    pub retires_at: Option<Timestamp>,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Secret").field("public", &self.public).finish_non_exhaustive()
    }
}

/// An endpoint with whether it is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointState {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// Whether events are sent there.
    pub enabled: bool,
}

fn endpoint(row: &Row) -> Result<EndpointState> {
    Ok(EndpointState { endpoint: row.json(0)?, enabled: row.flag(1)? })
}

impl Tx {
    fn own_key(&self) -> Owner {
        Owner::Organization(self.organization.clone())
    }

    /// Stores a new endpoint.
    pub async fn insert_endpoint(&mut self, endpoint: &Endpoint, secrets: &[Secret]) -> Result<()> {
        let sealed = self.seal_json(&self.own_key(), endpoint.id.as_str(), &secrets).await?;
        let sql = "insert into endpoints (id, organization, record, enabled, secrets) values ($1, $2, $3, 1, $4)";
        let values = values_of![endpoint.id.as_str(), self.organization.as_str(), json(endpoint)?, sealed];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// Writes back an endpoint.
    pub async fn update_endpoint(&mut self, endpoint: &Endpoint, enabled: bool) -> Result<()> {
        let sql = "update endpoints set record = $1, enabled = $2 where id = $3 and organization = $4";
        let values = values_of![json(endpoint)?, enabled, endpoint.id.as_str(), self.organization.as_str()];
        self.db.defer(sql, values).await?;
        Ok(())
    }

    /// An endpoint.
    pub async fn endpoint(&mut self, id: &EndpointId) -> Result<Option<EndpointState>> {
        let sql = "select record, enabled from endpoints where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(endpoint).transpose()
    }

    /// Every endpoint, oldest first.
    pub async fn list_endpoints(&mut self) -> Result<Vec<EndpointState>> {
        let sql = "select record, enabled from endpoints where organization = $1 order by id";
        let rows = self.db.rows(sql, values_of![self.organization.as_str()]).await?;
        rows.iter().map(endpoint).collect()
    }

    /// An endpoint's secrets, the newest first.
    pub async fn endpoint_secrets(&mut self, id: &EndpointId) -> Result<Vec<Secret>> {
        let sql = "select secrets from endpoints where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        let Some(row) = row else { return Ok(Vec::new()) };
        self.unseal_json(&self.own_key(), id.as_str(), row.bytes(0)?).await
    }

    /// Replaces an endpoint's secrets.
    pub async fn set_endpoint_secrets(&mut self, id: &EndpointId, secrets: &[Secret]) -> Result<()> {
        let sealed = self.seal_json(&self.own_key(), id.as_str(), &secrets).await?;
        let sql = "update endpoints set secrets = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![sealed, id.as_str(), self.organization.as_str()]).await?;
        Ok(())
    }
}
