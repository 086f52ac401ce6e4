//! Organizations and their settings.

use crate::db::{Lock, values_of};
use crate::seal::Owner;
use crate::{Error, Result, Store, Tx};
use ipse_core::event::Head;
use ipse_core::organization::{Organization, Settings};

impl Store {
    /// Every organization, oldest first.
    pub async fn organizations(&self) -> Result<Vec<Organization>> {
        let mut tx = self.db.read().await?;
        let rows = tx.rows("select id, created_at, settings from organizations order by id", &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(Organization { id: row.parse(0)?, created_at: row.instant(1)?, settings: row.json::<Settings>(2)? })
            })
            .collect()
    }

    /// Makes an organization, with its key and the start of its chain.
    pub async fn insert_organization(&self, organization: &Organization) -> Result<()> {
        let mut tx = self.begin(&organization.id).await?;
        tx.db
            .execute(
                "insert into organizations (id, created_at, settings, chain_sequence, chain_hash)
                 values ($1, $2, $3, $4, $5)",
                values_of![
                    organization.id.as_str(),
                    organization.created_at,
                    json(&organization.settings)?,
                    Head::EMPTY.sequence,
                    Head::EMPTY.hash,
                ],
            )
            .await?;
        tx.make_key(&Owner::Organization(organization.id.clone())).await?;
        tx.commit().await
    }
}

impl Tx {
    /// The organization itself.
    pub async fn own_organization(&mut self) -> Result<Organization> {
        let row = self
            .db
            .row(
                "select id, created_at, settings from organizations where id = $1",
                values_of![self.organization.as_str()],
            )
            .await?
            .ok_or(Error::Corrupt("organizations"))?;
        Ok(Organization { id: row.parse(0)?, created_at: row.instant(1)?, settings: row.json(2)? })
    }

    /// Changes the organization's settings.
    pub async fn update_settings(&mut self, settings: &Settings) -> Result<()> {
        let sql = "update organizations set settings = $1 where id = $2";
        self.db.defer(sql, values_of![json(settings)?, self.organization.as_str()]).await?;
        Ok(())
    }

    /// The end of the organization's own chain, held until the transaction ends.
    pub async fn organization_head(&mut self) -> Result<Head> {
        let lock = self.db.lock(Lock::Wait);
        let sql = format!("select chain_sequence, chain_hash from organizations where id = $1{lock}");
        let row = self.db.row(&sql, values_of![self.organization.as_str()]).await?;
        let row = row.ok_or(Error::Corrupt("organizations"))?;
        Ok(Head { sequence: row.number(0)?, hash: row.hash(1)? })
    }

    /// Moves the end of the organization's own chain.
    pub async fn set_organization_head(&mut self, head: Head) -> Result<()> {
        let sql = "update organizations set chain_sequence = $1, chain_hash = $2 where id = $3";
        self.db.defer(sql, values_of![head.sequence, head.hash, self.organization.as_str()]).await?;
        Ok(())
    }
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Corrupt("a record that cannot be written"))
}
