//! The chains of events.

use crate::db::{Row, values_of};
use crate::{Error, Result, Tx};
use ipse_core::event::{Actor, Event, Head};
use jiff::Timestamp;

const COLUMNS: &str = "id, stream, sequence, kind, at, actor, data, previous_hash, hash";

fn event(row: &Row) -> Result<Event> {
    Ok(Event {
        id: row.parse(0)?,
        stream: row.text(1)?.to_owned(),
        sequence: row.number(2)?,
        kind: row.text(3)?.to_owned(),
        at: row.instant(4)?,
        actor: Actor::parse(row.text(5)?).ok_or(Error::Corrupt("events"))?,
        data: row.text(6)?.to_owned(),
        previous_hash: row.hash(7)?,
        hash: row.hash(8)?,
    })
}

/// Which events of the audit log to list.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Only this chain.
    pub stream: Option<String>,
    /// Only this kind.
    pub kind: Option<String>,
    /// Only by this actor: a person's or key's id, `subject` or `system`.
    pub actor: Option<String>,
    /// From this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Older than the event with this id.
    pub before: Option<String>,
}

/// A chain with its recorded end.
#[derive(Debug, Clone)]
pub struct Chain {
    /// The verification's or organization's id.
    pub stream: String,
    /// Where the records say that it ends.
    pub head: Head,
}

impl Tx {
    /// Writes an event; its place in the chain must be free.
    pub async fn insert_event(&mut self, event: &Event) -> Result<()> {
        self.db
            .defer(
                "insert into events (stream, sequence, organization, id, kind, at, actor, data, previous_hash, hash)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                values_of![
                    &event.stream,
                    event.sequence,
                    self.organization.as_str(),
                    event.id.as_str(),
                    &event.kind,
                    event.at,
                    event.actor.label(),
                    &event.data,
                    &event.previous_hash,
                    &event.hash,
                ],
            )
            .await?;
        Ok(())
    }

    /// A chain's events after a place, in order.
    pub async fn events(&mut self, stream: &str, after: u64) -> Result<Vec<Event>> {
        let sql = format!(
            "select {COLUMNS} from events where stream = $1 and organization = $2 and sequence > $3 order by sequence"
        );
        let rows = self.db.rows(&sql, values_of![stream, self.organization.as_str(), after]).await?;
        rows.iter().map(event).collect()
    }

    /// How many events of a kind a chain has.
    pub async fn count_events(&mut self, stream: &str, kind: &str) -> Result<u64> {
        let sql = "select count(*) from events where stream = $1 and organization = $2 and kind = $3";
        let row = self.db.row(sql, values_of![stream, self.organization.as_str(), kind]).await?;
        row.map_or(Ok(0), |row| row.number(0))
    }

    /// All chains' events, newest first.
    pub async fn list_events(&mut self, filter: &EventFilter, limit: u32) -> Result<Vec<Event>> {
        let sql = format!(
            "select {COLUMNS} from events where organization = $1
             and ($2 = '' or stream = $2) and ($3 = '' or kind = $3) and ($4 = '' or id < $4)
             and at >= $5 and at < $6 and ($8 = '' or actor in ($8, 'person:' || $8, 'api_key:' || $8)) order by id desc limit $7"
        );
        let rows = self
            .db
            .rows(
                &sql,
                values_of![
                    self.organization.as_str(),
                    filter.stream.clone().unwrap_or_default(),
                    filter.kind.clone().unwrap_or_default(),
                    filter.before.clone().unwrap_or_default(),
                    filter.from.unwrap_or(Timestamp::UNIX_EPOCH),
                    filter.to.map_or(i64::MAX, Timestamp::as_microsecond),
                    limit,
                    filter.actor.clone().unwrap_or_default(),
                ],
            )
            .await?;
        rows.iter().map(event).collect()
    }

    /// Every chain of the organization after one, in order of id: the organization's own comes with the first page.
    pub async fn chains(&mut self, after: &str, limit: u32) -> Result<Vec<Chain>> {
        let sql = "select id, chain_sequence, chain_hash from verifications
                   where organization = $1 and id > $2 order by id limit $3";
        let mut rows = self.db.rows(sql, values_of![self.organization.as_str(), after, limit]).await?;
        if after.is_empty() {
            let sql = "select id, chain_sequence, chain_hash from organizations where id = $1";
            rows.extend(self.db.rows(sql, values_of![self.organization.as_str()]).await?);
        }
        rows.iter()
            .map(|row| {
                let head = Head { sequence: row.number(1)?, hash: row.hash(2)? };
                Ok(Chain { stream: row.text(0)?.to_owned(), head })
            })
            .collect()
    }
}
