//! Numbered schema changes, the same text for both databases. Applied once each, in order, in one transaction.

use super::{Db, values_of};
use crate::Result;

/// Every migration: its number is its place, from 1. Never edit one that was released; add the next.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_start.sql"),
    include_str!("../../migrations/0002_faces.sql"),
    include_str!("../../migrations/0003_campaigns.sql"),
    include_str!("../../migrations/0004_oidc.sql"),
    include_str!("../../migrations/0005_integrations.sql"),
    include_str!("../../migrations/0006_returning.sql"),
    include_str!("../../migrations/0007_issuances.sql"),
    include_str!("../../migrations/0008_presentations.sql"),
    include_str!("../../migrations/0009_revocations.sql"),
];

const LEDGER: &str = "create table if not exists migrations (number bigint primary key)";

impl Db {
    async fn applied(&self) -> Result<usize> {
        self.batch(LEDGER.to_owned()).await?;
        let mut tx = self.read().await?;
        Ok(tx.rows("select number from migrations", &[]).await?.len())
    }

    pub(crate) async fn pending_migrations(&self) -> Result<usize> {
        Ok(MIGRATIONS.len().saturating_sub(self.applied().await?))
    }

    pub(crate) async fn migrate(&self) -> Result<usize> {
        let applied = self.applied().await?;
        for (place, text) in MIGRATIONS.iter().enumerate().skip(applied) {
            let mut tx = self.write().await?;
            for statement in text.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
                tx.execute(statement, &[]).await?;
            }
            tx.execute("insert into migrations (number) values ($1)", values_of![place as u64 + 1]).await?;
            tx.commit().await?;
        }
        Ok(MIGRATIONS.len().saturating_sub(applied))
    }

    async fn batch(&self, sql: String) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch(sql).await,
            Self::Postgres(postgres) => postgres.batch(sql).await,
        }
    }
}
