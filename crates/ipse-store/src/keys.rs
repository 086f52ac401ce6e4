//! API keys: hashed, scoped, their prefix kept for people to tell them apart.

use crate::db::{Row, values_of};
use crate::{Result, Tx};
use ipse_core::id::ApiKeyId;
use jiff::Timestamp;

/// An API key, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id, which is also its OAuth client id.
    pub id: ApiKeyId,
    /// SHA-256 of the key.
    pub hash: [u8; 32],
    /// The first characters, shown in lists.
    pub prefix: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// About when it was last used.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

pub(crate) const COLUMNS: &str = "id, hash, prefix, name, scopes, created_at, used_at, revoked_at";

pub(crate) fn api_key(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.parse(0)?,
        hash: row.hash(1)?,
        prefix: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        scopes: row.text(4)?.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        created_at: row.instant(5)?,
        used_at: row.optional_instant(6)?,
        revoked_at: row.optional_instant(7)?,
    })
}

impl Tx {
    /// Stores a new key.
    pub async fn insert_api_key(&mut self, key: &ApiKey) -> Result<()> {
        self.db
            .execute(
                "insert into api_keys (id, organization, hash, prefix, name, scopes, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                values_of![
                    key.id.as_str(),
                    self.organization.as_str(),
                    &key.hash,
                    &key.prefix,
                    &key.name,
                    key.scopes.join(" "),
                    key.created_at,
                ],
            )
            .await?;
        Ok(())
    }

    /// A key.
    pub async fn api_key(&mut self, id: &ApiKeyId) -> Result<Option<ApiKey>> {
        let sql = format!("select {COLUMNS} from api_keys where id = $1 and organization = $2");
        let row = self.db.row(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(api_key).transpose()
    }

    /// Every key, oldest first.
    pub async fn list_api_keys(&mut self) -> Result<Vec<ApiKey>> {
        let sql = format!("select {COLUMNS} from api_keys where organization = $1 order by id");
        let rows = self.db.rows(&sql, values_of![self.organization.as_str()]).await?;
        rows.iter().map(api_key).collect()
    }

    /// Revokes a key; false when there is none or it was revoked before.
    pub async fn revoke_api_key(&mut self, id: &ApiKeyId, now: Timestamp) -> Result<bool> {
        let sql = "update api_keys set revoked_at = $1 where id = $2 and organization = $3 and revoked_at is null";
        Ok(self.db.execute(sql, values_of![now, id.as_str(), self.organization.as_str()]).await? == 1)
    }

    /// Notes that a key was used.
    pub async fn touch_api_key(&mut self, id: &ApiKeyId, now: Timestamp) -> Result<()> {
        let sql = "update api_keys set used_at = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![now, id.as_str(), self.organization.as_str()]).await?;
        Ok(())
    }
}
