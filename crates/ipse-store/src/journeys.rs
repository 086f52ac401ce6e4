//! Journeys, a row for each version; no row is ever changed.

use crate::db::{Row, values_of};
use crate::organizations::json;
use crate::{Result, Tx};
use ipse_core::id::JourneyId;
use ipse_core::journey::Journey;

const COLUMNS: &str = "id, version, key, name, created_at, rules";

fn journey(row: &Row) -> Result<Journey> {
    Ok(Journey {
        id: row.parse(0)?,
        version: row.number(1)?,
        key: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        created_at: row.instant(4)?,
        rules: row.json(5)?,
    })
}

impl Tx {
    /// Writes a version. [`crate::Error::Duplicate`] when somebody wrote the same one first.
    pub async fn insert_journey(&mut self, journey: &Journey) -> Result<()> {
        self.db
            .execute(
                "insert into journeys (id, version, organization, key, name, created_at, rules)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                values_of![
                    journey.id.as_str(),
                    journey.version,
                    self.organization.as_str(),
                    &journey.key,
                    &journey.name,
                    journey.created_at,
                    json(&journey.rules)?,
                ],
            )
            .await?;
        Ok(())
    }

    /// A version of a journey.
    pub async fn journey(&mut self, id: &JourneyId, version: u32) -> Result<Option<Journey>> {
        let sql = format!("select {COLUMNS} from journeys where id = $1 and version = $2 and organization = $3");
        let row = self.db.row(&sql, values_of![id.as_str(), version, self.organization.as_str()]).await?;
        row.as_ref().map(journey).transpose()
    }

    /// The newest version of a journey, by its id or key.
    pub async fn current_journey(&mut self, id_or_key: &str) -> Result<Option<Journey>> {
        let sql = format!(
            "select {COLUMNS} from journeys where organization = $1 and (id = $2 or key = $2)
             order by version desc limit 1"
        );
        let row = self.db.row(&sql, values_of![self.organization.as_str(), id_or_key]).await?;
        row.as_ref().map(journey).transpose()
    }

    /// All versions of a journey, newest first.
    pub async fn journey_versions(&mut self, id: &JourneyId) -> Result<Vec<Journey>> {
        let sql = format!(
            "select {COLUMNS} from journeys where id = $1 and organization = $2 order by version desc limit 200"
        );
        let rows = self.db.rows(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(journey).collect()
    }

    /// The newest version of every journey, by key.
    pub async fn list_journeys(&mut self) -> Result<Vec<Journey>> {
        let sql = format!(
            "select {COLUMNS} from journeys j where organization = $1
             and version = (select max(version) from journeys k where k.id = j.id) order by key"
        );
        let rows = self.db.rows(&sql, values_of![self.organization.as_str()]).await?;
        rows.iter().map(journey).collect()
    }
}
