//! What is due, across organizations: for the jobs. Answers with ids; the work is done in a transaction of each
//! organization.

use crate::db::{Lock, values_of};
use crate::deliveries::{COLUMNS, Delivery, delivery};
use crate::{Result, Store};
use ipse_core::id::{CampaignId, IntegrationId, IssuanceId, OrganizationId, PresentationId, SubjectId, VerificationId};
use jiff::Timestamp;
use std::str::FromStr;

/// A verification with something due.
pub type Due = (OrganizationId, VerificationId);

/// Something to ask another system for, on behalf of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRequest<Id> {
    /// Whose.
    pub organization: OrganizationId,
    /// The verification.
    pub verification: VerificationId,
    /// What it is.
    pub id: Id,
    /// Which system.
    pub integration: IntegrationId,
}

impl Store {
    /// Takes up to `limit` deliveries that are due and `wanted`, for this dispatcher alone until `leased_until`. What
    /// goes to a destination that is `full` is not even looked at, so that it cannot crowd out the others.
    pub async fn lease_deliveries(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
        full: &[String],
        mut wanted: impl FnMut(&Delivery) -> bool,
    ) -> Result<Vec<(OrganizationId, Delivery)>> {
        // A glance that takes no lock: a writer is asked for only when there is something to take.
        let due =
            "select 1 from deliveries where state = 'pending' and next_attempt_at <= $1 and leased_until <= $1 limit 1";
        if self.db.read().await?.row(due, values_of![now]).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.write().await?;
        let lock = tx.lock(Lock::Skip);
        // Only the oldest pending delivery of a verification may leave for a destination: that keeps the order.
        let mut values = vec![now.into(), limit.into()];
        values.extend(full.iter().map(Into::into));
        let places: Vec<String> = (3..=values.len()).map(|place| format!("${place}")).collect();
        let elsewhere =
            if full.is_empty() { String::new() } else { format!("and destination not in ({})", places.join(", ")) };
        let sql = format!(
            "select {COLUMNS}, organization from deliveries d
             where state = 'pending' and next_attempt_at <= $1 and leased_until <= $1 {elsewhere}
             and not exists (select 1 from deliveries e where e.destination = d.destination
                and e.verification = d.verification and e.state = 'pending' and e.sequence < d.sequence)
             order by next_attempt_at limit $2{lock}"
        );
        let rows = tx.rows(&sql, &values).await?;
        let mut leased = Vec::with_capacity(rows.len());
        for row in &rows {
            let delivery = delivery(row)?;
            if !wanted(&delivery) {
                continue;
            }
            tx.execute(
                "update deliveries set leased_until = $1 where id = $2",
                values_of![leased_until, delivery.id.as_str()],
            )
            .await?;
            leased.push((row.parse(13)?, delivery));
        }
        if leased.is_empty() {
            return Ok(leased);
        }
        tx.commit().await?;
        Ok(leased)
    }

    /// Deliveries waiting, for the metrics.
    pub async fn pending_deliveries(&self) -> Result<u64> {
        let row = self.db.read().await?.row("select count(*) from deliveries where state = 'pending'", &[]).await?;
        row.map_or(Ok(0), |row| row.number(0))
    }

    /// Unfinished verifications whose time is up.
    pub async fn due_to_expire(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>> {
        let sql = "select organization, id from verifications
                   where state in ('created', 'link_sent', 'in_progress', 'requires_input') and expires_at <= $1
                   order by expires_at limit $2";
        self.due(sql, values_of![now, limit]).await
    }

    /// Verifications whose evidence is in and not judged yet.
    pub async fn due_to_examine(&self, limit: u32) -> Result<Vec<Due>> {
        let sql = "select organization, id from verifications where state = 'processing' order by id limit $1";
        self.due(sql, values_of![limit]).await
    }

    /// Finished verifications whose pictures are to be forgotten.
    pub async fn due_to_forget_images(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>> {
        let sql = "select organization, id from verifications where forget_images_at <= $1 order by forget_images_at limit $2";
        self.due(sql, values_of![now, limit]).await
    }

    /// Finished verifications whose facts are to be forgotten.
    pub async fn due_to_forget_facts(&self, now: Timestamp, limit: u32) -> Result<Vec<Due>> {
        let sql =
            "select organization, id from verifications where forget_facts_at <= $1 order by forget_facts_at limit $2";
        self.due(sql, values_of![now, limit]).await
    }

    /// Subjects whose face template is kept no longer.
    pub async fn due_to_erase(&self, now: Timestamp, limit: u32) -> Result<Vec<(OrganizationId, SubjectId)>> {
        let sql = "select organization, subject from enrolments where expires_at <= $1 order by expires_at limit $2";
        let rows = self.db.read().await?.rows(sql, values_of![now, limit]).await?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?))).collect()
    }

    /// Members of campaigns for whom there may be something to do. Whoever does it holds the member first and asks again.
    pub async fn due_members(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(OrganizationId, CampaignId, SubjectId)>> {
        let sql = "select organization, campaign, subject from campaign_members
                   where next_at <= $1 order by next_at limit $2";
        let rows = self.db.read().await?.rows(sql, values_of![now, limit]).await?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?, row.parse(2)?))).collect()
    }

    /// Open campaigns whose day has come.
    pub async fn due_to_finish(&self, now: Timestamp, limit: u32) -> Result<Vec<(OrganizationId, CampaignId)>> {
        let sql = "select organization, id from campaigns
                   where state = 'open' and due_at <= $1 order by due_at limit $2";
        let rows = self.db.read().await?.rows(sql, values_of![now, limit]).await?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?))).collect()
    }

    /// Issuances that nobody has requested from the other system yet, those of which nothing is awaited any more, and
    /// credentials to revoke; at most `each` of an integration, and none of those that are busy.
    pub async fn due_issuances(
        &self,
        now: Timestamp,
        limit: u32,
        each: u32,
        busy: &[&IntegrationId],
    ) -> Result<Vec<DueRequest<IssuanceId>>> {
        let due = "(state in ('requested', 'offered', 'retrieved')
                    and (expires_at <= $1 or (state = 'requested' and leased_until <= $1))
                    or state = 'revoking' and leased_until <= $1) and integration <> ''";
        self.due_requests("issuances", due, (now, limit, each), busy).await
    }

    /// Presentations that nobody has asked the other system for yet, and those of which nothing is awaited any more; at
    /// most `each` of an integration, and none of those that are busy.
    pub async fn due_presentations(
        &self,
        now: Timestamp,
        limit: u32,
        each: u32,
        busy: &[&IntegrationId],
    ) -> Result<Vec<DueRequest<PresentationId>>> {
        let due = "state in ('requested', 'offered', 'retrieved')
                   and (expires_at <= $1 or (state = 'requested' and leased_until <= $1))";
        self.due_requests("presentations", due, (now, limit, each), busy).await
    }

    async fn due_requests<Id: FromStr>(
        &self,
        table: &str,
        due: &str,
        (now, limit, each): (Timestamp, u32, u32),
        busy: &[&IntegrationId],
    ) -> Result<Vec<DueRequest<Id>>> {
        let mut values = vec![now.into(), each.into(), limit.into()];
        values.extend(busy.iter().map(|id| id.as_str().into()));
        let places: Vec<String> = (4..=values.len()).map(|place| format!("${place}")).collect();
        let idle =
            if busy.is_empty() { String::new() } else { format!("and integration not in ({})", places.join(", ")) };
        let sql = format!(
            "select organization, verification, id, integration from
             (select organization, verification, id, integration,
                     row_number() over (partition by integration order by id) as place from {table}
              where {due} {idle}) d
             where place <= $2 order by id limit $3"
        );
        let rows = self.db.read().await?.rows(&sql, &values).await?;
        let read = |row: &crate::db::Row| {
            Ok(DueRequest {
                organization: row.parse(0)?,
                verification: row.parse(1)?,
                id: row.parse(2)?,
                integration: row.parse(3)?,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn due(&self, sql: &str, values: &[crate::db::Value]) -> Result<Vec<Due>> {
        let rows = self.db.read().await?.rows(sql, values).await?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?))).collect()
    }

    /// Removes what has served its time: old idempotency answers, dead sessions, expired sign-in links, challenges nobody
    /// answered, and what OpenID clients can use no more.
    pub async fn sweep(&self, answers_before: Timestamp, sessions_before: Timestamp, now: Timestamp) -> Result<u64> {
        let mut tx = self.db.write().await?;
        let mut removed = 0;
        for (sql, instant) in [
            ("delete from idempotency where created_at < $1", answers_before),
            ("delete from sessions where created_at < $1", sessions_before),
            ("delete from sign_in_links where expires_at < $1", now),
            ("delete from challenges where issued_at < $1", sessions_before),
            // What a face waits for is kept until its verification has ended.
            (
                "delete from interactions where purge_at < $1 and not exists (select 1 from verifications v
                 where v.id = interactions.verification and v.state not in
                 ('succeeded', 'failed', 'cancelled', 'declined', 'expired'))",
                now,
            ),
            ("delete from grants where purge_at < $1", now),
            ("delete from access_tokens where purge_at < $1", now),
            ("delete from replays where purge_at < $1", now),
        ] {
            removed += tx.execute(sql, values_of![instant]).await?;
        }
        tx.commit().await?;
        Ok(removed)
    }
}

impl Store {
    /// On the embedded database there is only this process, so a lease from a previous life is void. On a shared one
    /// it may be another server's, and runs out by itself.
    pub async fn void_leases(&self) -> Result<()> {
        if self.database() != "sqlite" {
            return Ok(());
        }
        let mut tx = self.db.write().await?;
        tx.execute("update deliveries set leased_until = 0 where leased_until <> 0", &[]).await?;
        tx.commit().await
    }
}
