//! Verifications, with the end of their chain beside them.

use crate::db::{Lock, Row, values_of};
use crate::organizations::json;
use crate::seal::Owner;
use crate::{Error, Result, Tx};
use ipse_core::check::Report;
use ipse_core::document::DocumentFacts;
use ipse_core::event::Head;
use ipse_core::id::{SubjectId, VerificationId};
use ipse_core::person::Identity;
use ipse_core::verification::{State, Verification};
use jiff::Timestamp;

/// A verification held for change, with the end of its chain.
#[derive(Debug)]
pub struct Held {
    /// The verification as it stands.
    pub verification: Verification,
    /// Where its next event goes.
    pub head: Head,
}

/// Which verifications to list.
#[derive(Debug, Clone, Default)]
pub struct VerificationFilter {
    /// Only in this state.
    pub state: Option<State>,
    /// Only of this journey.
    pub journey: Option<String>,
    /// Only of this subject.
    pub subject: Option<SubjectId>,
    /// Only for the outside record with this number.
    pub record_number: Option<String>,
    /// Opened at or after.
    pub from: Option<Timestamp>,
    /// Opened before.
    pub to: Option<Timestamp>,
    /// Older than this one.
    pub before: Option<String>,
}

/// When what a verification keeps is to be forgotten.
#[derive(Debug, Clone, Copy, Default)]
pub struct Forgetting {
    /// Its pictures.
    pub images_at: Option<Timestamp>,
    /// What was read.
    pub facts_at: Option<Timestamp>,
}

/// Where a claimed identity is sealed.
const CLAIMED: &str = "claimed";

fn held(row: &Row) -> Result<Held> {
    Ok(Held { verification: row.json(0)?, head: Head { sequence: row.number(1)?, hash: row.hash(2)? } })
}

impl Tx {
    /// Stores a new verification with its two keys, and who the subject is said to be: what the evidence will be held
    /// against, whatever becomes of the directory meanwhile.
    pub async fn insert_verification(
        &mut self,
        verification: &Verification,
        identity: &Identity,
        head: Head,
    ) -> Result<()> {
        let facts = Owner::Facts(verification.id.clone());
        self.make_key(&Owner::Images(verification.id.clone())).await?;
        self.make_key(&facts).await?;
        let identity = self.seal_json(&facts, CLAIMED, identity).await?;
        self.db
            .defer(
                "insert into verifications (id, organization, subject, journey, state, created_at, expires_at,
                 record_number, record, claimed_identity, chain_sequence, chain_hash)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                values_of![
                    verification.id.as_str(),
                    self.organization.as_str(),
                    verification.subject.as_str(),
                    verification.journey.as_str(),
                    verification.state.as_str(),
                    verification.created_at,
                    verification.expires_at,
                    verification.record.as_ref().map(|record| record.number.as_str()),
                    json(verification)?,
                    identity,
                    head.sequence,
                    head.hash,
                ],
            )
            .await
    }

    /// Who the subject was said to be when the verification was opened.
    pub async fn claimed_identity(&mut self, id: &VerificationId) -> Result<Identity> {
        let sql = "select claimed_identity from verifications where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        let row = row.ok_or(Error::Forgotten)?;
        self.unseal_json(&Owner::Facts(id.clone()), CLAIMED, row.bytes(0)?).await
    }

    /// A verification.
    pub async fn verification(&mut self, id: &VerificationId) -> Result<Option<Verification>> {
        Ok(self.find_verification(id, "").await?.map(|held| held.verification))
    }

    /// A verification, held until the transaction ends.
    pub async fn hold_verification(&mut self, id: &VerificationId) -> Result<Option<Held>> {
        let lock = self.db.lock(Lock::Wait);
        self.find_verification(id, lock).await
    }

    async fn find_verification(&mut self, id: &VerificationId, lock: &str) -> Result<Option<Held>> {
        let sql = format!(
            "select record, chain_sequence, chain_hash from verifications where id = $1 and organization = $2{lock}"
        );
        let row = self.db.row(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(held).transpose()
    }

    /// Writes back a verification that is held.
    pub async fn update_verification(&mut self, verification: &Verification, head: Head) -> Result<()> {
        self.db.defer(
                "update verifications set state = $1, expires_at = $2, record = $3, chain_sequence = $4, chain_hash = $5,
                 subject = $6 where id = $7 and organization = $8",
                values_of![
                    verification.state.as_str(),
                    verification.expires_at,
                    json(verification)?,
                    head.sequence,
                    head.hash,
                    verification.subject.as_str(),
                    verification.id.as_str(),
                    self.organization.as_str(),
                ],
            )
            .await?;
        Ok(())
    }

    /// Says when what a verification keeps is to be forgotten.
    pub async fn schedule_forgetting(&mut self, id: &VerificationId, forgetting: Forgetting) -> Result<()> {
        let sql = "update verifications set forget_images_at = $1, forget_facts_at = $2
                   where id = $3 and organization = $4";
        let values = values_of![forgetting.images_at, forgetting.facts_at, id.as_str(), self.organization.as_str()];
        self.db.defer(sql, values).await?;
        Ok(())
    }

    /// Verifications, newest first.
    pub async fn list_verifications(&mut self, filter: &VerificationFilter, limit: u32) -> Result<Vec<Verification>> {
        let sql = "select record, chain_sequence, chain_hash from verifications where organization = $1
             and ($2 = '' or state = $2) and ($3 = '' or journey = $3) and ($4 = '' or subject = $4)
             and ($5 = '' or record_number = $5) and ($6 = '' or id < $6)
             and created_at >= $7 and created_at < $8 order by id desc limit $9";
        let rows = self
            .db
            .rows(
                sql,
                values_of![
                    self.organization.as_str(),
                    filter.state.map_or("", State::as_str),
                    filter.journey.as_deref().unwrap_or_default(),
                    filter.subject.as_ref().map_or("", SubjectId::as_str),
                    filter.record_number.as_deref().unwrap_or_default(),
                    filter.before.as_deref().unwrap_or_default(),
                    filter.from.unwrap_or(Timestamp::UNIX_EPOCH),
                    filter.to.map_or(i64::MAX, Timestamp::as_microsecond),
                    limit,
                ],
            )
            .await?;
        rows.iter().map(|row| held(row).map(|held| held.verification)).collect()
    }

    /// Stores the report of an attempt, and what was read, sealed.
    pub async fn insert_report(&mut self, id: &VerificationId, report: &Report, facts: &DocumentFacts) -> Result<()> {
        let sealed = self.seal_json(&Owner::Facts(id.clone()), report.id.as_str(), facts).await?;
        let sql = "insert into reports (id, organization, verification, report, facts) values ($1, $2, $3, $4, $5)";
        let values = values_of![report.id.as_str(), self.organization.as_str(), id.as_str(), json(report)?, sealed];
        self.db.defer(sql, values).await?;
        Ok(())
    }

    /// The reports of a verification, oldest first.
    pub async fn reports(&mut self, id: &VerificationId) -> Result<Vec<Report>> {
        let sql = "select report from reports where verification = $1 and organization = $2 order by id";
        let rows = self.db.rows(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// What the newest report read on the document; nothing once forgotten.
    pub async fn facts(&mut self, id: &VerificationId) -> Result<Option<DocumentFacts>> {
        let sql =
            "select id, facts from reports where verification = $1 and organization = $2 order by id desc limit 1";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        let Some(row) = row else { return Ok(None) };
        match self.unseal_json(&Owner::Facts(id.clone()), row.text(0)?, row.bytes(1)?).await {
            Ok(facts) => Ok(Some(facts)),
            Err(crate::Error::Forgotten) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Notes that a verification succeeded with a document, by a keyed hash of who issued it and its number. Forgotten
    /// with the facts.
    pub async fn note_document(&mut self, verification: &Verification, document: &DocumentFacts) -> Result<()> {
        let Some(hash) = self.document_hash(document).await? else { return Ok(()) };
        let sql =
            "insert into document_uses (verification, organization, document_hash, subject) values ($1, $2, $3, $4)
                   on conflict (verification) do nothing";
        let (id, subject) = (verification.id.as_str(), verification.subject.as_str());
        self.db.defer(sql, values_of![id, self.organization.as_str(), hash, subject]).await
    }

    /// Whether another subject succeeded with this document; nothing when it has no number.
    pub async fn document_used_by_another(
        &mut self,
        subject: &SubjectId,
        document: &DocumentFacts,
    ) -> Result<Option<bool>> {
        let Some(hash) = self.document_hash(document).await? else { return Ok(None) };
        let sql = "select 1 from document_uses
                   where organization = $1 and document_hash = $2 and subject <> $3 limit 1";
        let found = self.db.row(sql, values_of![self.organization.as_str(), hash, subject.as_str()]).await?;
        Ok(Some(found.is_some()))
    }

    pub(crate) async fn document_hash(&mut self, document: &DocumentFacts) -> Result<Option<[u8; 32]>> {
        let (Some(issuer), Some(number)) = (&document.issuing_state, &document.document_number) else {
            return Ok(None);
        };
        let number: String = number.reveal().chars().filter(char::is_ascii_alphanumeric).collect();
        let issuer = document.jurisdiction.as_ref().unwrap_or(issuer);
        self.keyed_hash("document", &format!("{} {number}", issuer.reveal())).await.map(Some)
    }

    /// Keeps a reviewer's note, sealed.
    pub async fn insert_note(&mut self, id: &VerificationId, author: &str, note: &str, now: Timestamp) -> Result<()> {
        let place = format!("note/{}", now.as_microsecond());
        let sealed = self.seal(&Owner::Facts(id.clone()), &place, note.as_bytes()).await?;
        let sql = "insert into notes (verification, at, organization, author, note) values ($1, $2, $3, $4, $5)";
        self.db.defer(sql, values_of![id.as_str(), now, self.organization.as_str(), author, sealed]).await?;
        Ok(())
    }

    /// The notes on a verification: author and words, oldest first; nothing once forgotten.
    pub async fn notes(&mut self, id: &VerificationId) -> Result<Vec<(String, String)>> {
        let sql = "select at, author, note from notes where verification = $1 and organization = $2 order by at";
        let rows = self.db.rows(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        let mut notes = Vec::with_capacity(rows.len());
        for row in rows {
            let place = format!("note/{}", row.integer(0)?);
            match self.unseal(&Owner::Facts(id.clone()), &place, row.bytes(2)?).await {
                Ok(words) => notes.push((row.text(1)?.to_owned(), String::from_utf8_lossy(&words).into_owned())),
                Err(crate::Error::Forgotten) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(notes)
    }

    /// Destroys the key of the pictures; false when that was done before. Until [`Tx::images_forgotten`] they are due
    /// again some time later: the blobs are still to be removed.
    pub async fn forget_images(&mut self, id: &VerificationId, again_at: Timestamp) -> Result<bool> {
        let destroyed = self.destroy_key(&Owner::Images(id.clone())).await?;
        let sql = "update verifications set forget_images_at = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![again_at, id.as_str(), self.organization.as_str()]).await?;
        Ok(destroyed)
    }

    /// Notes that the blobs of forgotten pictures are gone too.
    pub async fn images_forgotten(&mut self, id: &VerificationId) -> Result<()> {
        let sql = "update verifications set forget_images_at = null where id = $1 and organization = $2";
        self.db.defer(sql, values_of![id.as_str(), self.organization.as_str()]).await
    }

    /// Destroys the key of everything read and sent.
    pub async fn forget_facts(&mut self, id: &VerificationId) -> Result<()> {
        self.destroy_key(&Owner::Facts(id.clone())).await?;
        let values = values_of![id.as_str(), self.organization.as_str()];
        self.db.defer("delete from document_uses where verification = $1 and organization = $2", values).await?;
        let sql = "update verifications set forget_facts_at = null where id = $1 and organization = $2";
        self.db.defer(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        Ok(())
    }
}
