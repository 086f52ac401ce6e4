//! The outbox: every event on its way to every destination, with its attempts.
//!
//! A destination is a webhook endpoint's id, `email` or `sms`. Deliveries of one verification to one destination
//! leave in order; each is leased to one dispatcher at a time, and a lease that runs out is anybody's again.

use crate::db::{Lock, Row, values_of};
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::id::{DeliveryId, VerificationId};
use jiff::Timestamp;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be tried, or to be tried again.
    Pending,
    /// Acknowledged.
    Delivered,
    /// Given up: the dead-letter list.
    Dead,
    /// Not wanted any more.
    Cancelled,
}

impl DeliveryState {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    fn parse(text: &str) -> Result<Self> {
        [Self::Pending, Self::Delivered, Self::Dead, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(crate::Error::Corrupt("deliveries"))
    }
}

/// A delivery, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// An endpoint's id, `email` or `sms`.
    pub destination: String,
    /// Whose event.
    pub verification: Option<VerificationId>,
    /// The event's id; a receiver sees it as `webhook-id`, the same at every attempt and replay.
    pub event: String,
    /// The event's place in its chain.
    pub sequence: u64,
    /// The event's type.
    pub kind: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts so far.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was queued last: at first, or by a replay. It is given up some days after this.
    pub queued_at: Timestamp,
    /// Attempts before it was queued last; the pauses grow from there.
    pub attempts_before: u32,
    /// When it is next tried.
    pub next_attempt_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Delivery {
    /// One that is to leave at once, and is of no verification.
    pub fn queued(id: DeliveryId, destination: String, event: String, kind: String, now: Timestamp) -> Self {
        Self {
            id,
            destination,
            verification: None,
            event,
            sequence: 0,
            kind,
            state: DeliveryState::Pending,
            attempts: 0,
            created_at: now,
            queued_at: now,
            attempts_before: 0,
            next_attempt_at: now,
            finished_at: None,
        }
    }
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    /// When.
    pub at: Timestamp,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The beginning of the answer, or what went wrong.
    pub answer: String,
    /// How long it took.
    pub milliseconds: u64,
}

pub(crate) const COLUMNS: &str =
    "id, destination, verification, event, sequence, kind, state, attempts, created_at, next_attempt_at, finished_at,
     queued_at, attempts_before";

pub(crate) fn delivery(row: &Row) -> Result<Delivery> {
    Ok(Delivery {
        id: row.parse(0)?,
        destination: row.text(1)?.to_owned(),
        verification: if row.optional_text(2)?.is_some() { Some(row.parse(2)?) } else { None },
        event: row.text(3)?.to_owned(),
        sequence: row.number(4)?,
        kind: row.text(5)?.to_owned(),
        state: DeliveryState::parse(row.text(6)?)?,
        attempts: row.number(7)?,
        created_at: row.instant(8)?,
        next_attempt_at: row.instant(9)?,
        finished_at: row.optional_instant(10)?,
        queued_at: row.instant(11)?,
        attempts_before: row.number(12)?,
    })
}

/// Puts an ended delivery back into the queue, at $1.
const REPLAY: &str = "update deliveries set state = 'pending', next_attempt_at = $1, queued_at = $1,
                      attempts_before = attempts, leased_until = 0, finished_at = null";

impl Tx {
    /// Queues a delivery. A body that is personal, such as a message with a link, is sealed under `owner`'s key.
    pub async fn insert_delivery(&mut self, delivery: &Delivery, body: &[u8], owner: Option<&Owner>) -> Result<()> {
        let body = match owner {
            Some(owner) => self.seal(owner, delivery.id.as_str(), body).await?,
            None => body.to_vec(),
        };
        self.db
            .defer(
                "insert into deliveries (id, organization, destination, verification, event, sequence, kind, body,
                 sealed_by, state, attempts, created_at, queued_at, attempts_before, next_attempt_at, leased_until)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)",
                values_of![
                    delivery.id.as_str(),
                    self.organization.as_str(),
                    &delivery.destination,
                    delivery.verification.as_ref().map(VerificationId::as_str),
                    &delivery.event,
                    delivery.sequence,
                    &delivery.kind,
                    body,
                    owner.map(Owner::label),
                    delivery.state.as_str(),
                    delivery.attempts,
                    delivery.created_at,
                    delivery.queued_at,
                    delivery.attempts_before,
                    delivery.next_attempt_at,
                ],
            )
            .await?;
        Ok(())
    }

    /// A delivery.
    pub async fn delivery(&mut self, id: &DeliveryId) -> Result<Option<Delivery>> {
        let sql = format!("select {COLUMNS} from deliveries where id = $1 and organization = $2");
        let row = self.db.row(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(delivery).transpose()
    }

    /// Where a delivery stands, held until the transaction ends.
    pub async fn hold_delivery(&mut self, id: &DeliveryId) -> Result<Option<DeliveryState>> {
        let lock = self.db.lock(Lock::Wait);
        let sql = format!("select state from deliveries where id = $1 and organization = $2{lock}");
        let row = self.db.row(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row| DeliveryState::parse(row.text(0)?)).transpose()
    }

    /// A delivery's body, opened. [`crate::Error::Forgotten`] when its key is gone.
    pub async fn delivery_body(&mut self, id: &DeliveryId) -> Result<Vec<u8>> {
        let sql = "select body, sealed_by, verification from deliveries where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        let row = row.ok_or(crate::Error::Forgotten)?;
        if row.optional_text(1)?.is_none() {
            return Ok(row.bytes(0)?.to_vec());
        }
        let owner = match row.optional_text(2)? {
            Some(_) => Owner::Facts(row.parse(2)?),
            None => Owner::Organization(self.organization.clone()),
        };
        self.unseal(&owner, id.as_str(), row.bytes(0)?).await
    }

    /// Deliveries to a destination, newest first.
    pub async fn list_deliveries(
        &mut self,
        destination: &str,
        state: Option<DeliveryState>,
        before: Option<&str>,
        limit: u32,
    ) -> Result<Vec<Delivery>> {
        let sql = format!(
            "select {COLUMNS} from deliveries where organization = $1 and destination = $2
             and ($3 = '' or state = $3) and ($4 = '' or id < $4) order by id desc limit $5"
        );
        let values = values_of![
            self.organization.as_str(),
            destination,
            state.map_or("", DeliveryState::as_str),
            before.unwrap_or_default(),
            limit,
        ];
        let rows = self.db.rows(&sql, values).await?;
        rows.iter().map(delivery).collect()
    }

    /// A delivery's attempts, in order.
    pub async fn attempts(&mut self, id: &DeliveryId) -> Result<Vec<Attempt>> {
        let sql = "select number, at, status, answer, milliseconds from delivery_attempts
                   where delivery = $1 and organization = $2 order by number";
        let rows = self.db.rows(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        rows.iter()
            .map(|row| {
                Ok(Attempt {
                    number: row.number(0)?,
                    at: row.instant(1)?,
                    status: if row.integer(2).is_ok() { Some(row.number(2)?) } else { None },
                    answer: row.text(3)?.to_owned(),
                    milliseconds: row.number(4)?,
                })
            })
            .collect()
    }

    /// Notes an attempt and where it leaves the delivery. An ended message loses its body: it carried a link.
    pub async fn finish_attempt(
        &mut self,
        id: &DeliveryId,
        attempt: &Attempt,
        state: DeliveryState,
        next_attempt_at: Timestamp,
    ) -> Result<()> {
        self.db
            .defer(
                "insert into delivery_attempts (delivery, number, organization, at, status, answer, milliseconds)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                values_of![
                    id.as_str(),
                    attempt.number,
                    self.organization.as_str(),
                    attempt.at,
                    attempt.status.map(u32::from),
                    &attempt.answer,
                    attempt.milliseconds,
                ],
            )
            .await?;
        let finished_at = (state != DeliveryState::Pending).then_some(attempt.at);
        let sql = "update deliveries set state = $1, attempts = $2, next_attempt_at = $3, leased_until = 0,
                   finished_at = $4 where id = $5 and organization = $6";
        let values = values_of![
            state.as_str(),
            attempt.number,
            next_attempt_at,
            finished_at,
            id.as_str(),
            self.organization.as_str(),
        ];
        self.db.defer(sql, values).await?;
        if finished_at.is_some() {
            let sql = "update deliveries set body = $1
                       where id = $2 and organization = $3 and sealed_by is not null";
            self.db.defer(sql, values_of![Vec::new(), id.as_str(), self.organization.as_str()]).await?;
        }
        Ok(())
    }

    /// Queues an ended delivery again, with the same event id.
    pub async fn replay_delivery(&mut self, id: &DeliveryId, now: Timestamp) -> Result<bool> {
        let sql = format!("{REPLAY} where id = $2 and organization = $3 and state <> 'pending' and sealed_by is null");
        Ok(self.db.execute(&sql, values_of![now, id.as_str(), self.organization.as_str()]).await? == 1)
    }

    /// Queues again what ended at a destination and was made in a span of time; returns how many.
    pub async fn replay_deliveries(
        &mut self,
        destination: &str,
        from: Timestamp,
        to: Timestamp,
        now: Timestamp,
    ) -> Result<u64> {
        let sql = format!(
            "{REPLAY} where destination = $2 and organization = $3 and created_at >= $4 and created_at <= $5
             and state <> 'pending' and sealed_by is null"
        );
        self.db.execute(&sql, values_of![now, destination, self.organization.as_str(), from, to]).await
    }

    /// Queues again everything that was given up at a destination; returns how many.
    pub async fn replay_dead(&mut self, destination: &str, now: Timestamp) -> Result<u64> {
        let sql =
            format!("{REPLAY} where destination = $2 and organization = $3 and state = 'dead' and sealed_by is null");
        self.db.execute(&sql, values_of![now, destination, self.organization.as_str()]).await
    }

    /// Gives up everything still pending for a destination.
    pub async fn cancel_deliveries(&mut self, destination: &str, now: Timestamp) -> Result<u64> {
        let sql = "update deliveries set state = 'cancelled', finished_at = $1
                   where destination = $2 and organization = $3 and state = 'pending'";
        self.db.execute(sql, values_of![now, destination, self.organization.as_str()]).await
    }

    /// Gives up messages of a verification that have not left yet: a new link is about to replace theirs.
    pub async fn cancel_messages(&mut self, verification: &VerificationId, now: Timestamp) -> Result<u64> {
        let sql = "update deliveries set state = 'cancelled', finished_at = $1, body = $2
                   where verification = $3 and organization = $4 and state = 'pending' and sealed_by is not null";
        let values = values_of![now, Vec::new(), verification.as_str(), self.organization.as_str()];
        self.db.execute(sql, values).await
    }
}
