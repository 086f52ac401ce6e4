//! Subjects, sealed under a key of their own; found by a keyed hash of the caller's id, and by their labels, which say
//! nothing about a person that may not be read.

use crate::db::{Row, values_of};
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::id::SubjectId;
use ipse_core::subject::{Profile, Subject};
use jiff::Timestamp;
use std::collections::BTreeSet;

/// Which subjects to list.
#[derive(Debug, Clone, Default)]
pub struct SubjectFilter {
    /// Only with this label.
    pub label: Option<String>,
    /// Older than this one.
    pub before: Option<String>,
}

/// A subject's row comes once for each of its labels.
const COLUMNS: &str = "s.id, s.created_at, s.sealed, l.label";

impl Tx {
    /// Stores a new subject. [`crate::Error::Duplicate`] when the external id is taken.
    pub async fn insert_subject(&mut self, subject: &Subject) -> Result<()> {
        let hash = self.keyed_hash("subject", subject.profile.external_id.reveal()).await?;
        let owner = Owner::Subject(subject.id.clone());
        self.make_key(&owner).await?;
        let sealed = self.seal_json(&owner, subject.id.as_str(), &subject.profile).await?;
        self.db
            .execute(
                "insert into subjects (id, organization, external_hash, created_at, sealed)
                 values ($1, $2, $3, $4, $5)",
                values_of![subject.id.as_str(), self.organization.as_str(), hash, subject.created_at, sealed],
            )
            .await?;
        self.insert_labels(&subject.id, &subject.profile.labels).await
    }

    async fn insert_labels(&mut self, id: &SubjectId, labels: &BTreeSet<String>) -> Result<()> {
        for label in labels {
            let sql = "insert into subject_labels (subject, organization, label) values ($1, $2, $3)";
            self.db.defer(sql, values_of![id.as_str(), self.organization.as_str(), label]).await?;
        }
        Ok(())
    }

    /// Replaces what is known of a subject; its external id cannot change.
    pub async fn update_subject(&mut self, id: &SubjectId, profile: &Profile) -> Result<bool> {
        let hash = self.keyed_hash("subject", profile.external_id.reveal()).await?;
        let sealed = self.seal_json(&Owner::Subject(id.clone()), id.as_str(), profile).await?;
        let sql = "update subjects set sealed = $1 where id = $2 and organization = $3 and external_hash = $4";
        let changed = self.db.execute(sql, values_of![sealed, id.as_str(), self.organization.as_str(), hash]).await?;
        if changed != 1 {
            return Ok(false);
        }
        let sql = "delete from subject_labels where subject = $1 and organization = $2";
        self.db.defer(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        self.insert_labels(id, &profile.labels).await?;
        Ok(true)
    }

    /// Removes a subject of whom there is nothing else; any other stays.
    pub async fn drop_subject(&mut self, id: &SubjectId) -> Result<()> {
        let sql = "delete from subjects where id = $1 and organization = $2
                   and not exists (select 1 from verifications where subject = $1)
                   and not exists (select 1 from enrolments where subject = $1)
                   and not exists (select 1 from subject_labels where subject = $1)
                   and not exists (select 1 from campaign_members where subject = $1)
                   and not exists (select 1 from subject_documents where subject = $1)";
        if self.db.execute(sql, values_of![id.as_str(), self.organization.as_str()]).await? == 1 {
            self.destroy_key(&Owner::Subject(id.clone())).await?;
        }
        Ok(())
    }

    /// A subject.
    pub async fn subject(&mut self, id: &SubjectId) -> Result<Option<Subject>> {
        let sql = format!(
            "select {COLUMNS} from subjects s left join subject_labels l on l.subject = s.id
             where s.id = $1 and s.organization = $2"
        );
        let rows = self.db.rows(&sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        Ok(self.opened_subjects(&rows).await?.pop())
    }

    /// The subject with the caller's id.
    pub async fn subject_by_external_id(&mut self, external_id: &str) -> Result<Option<Subject>> {
        let hash = self.keyed_hash("subject", external_id).await?;
        let sql = format!(
            "select {COLUMNS} from subjects s left join subject_labels l on l.subject = s.id
             where s.organization = $1 and s.external_hash = $2"
        );
        let rows = self.db.rows(&sql, values_of![self.organization.as_str(), hash]).await?;
        Ok(self.opened_subjects(&rows).await?.pop())
    }

    /// Subjects, newest first.
    pub async fn list_subjects(&mut self, filter: &SubjectFilter, limit: u32) -> Result<Vec<Subject>> {
        let sql = format!(
            "select {COLUMNS} from (select id, created_at, sealed from subjects
             where organization = $1 and ($2 = '' or id < $2) and ($3 = '' or exists
             (select 1 from subject_labels k where k.organization = $1 and k.label = $3 and k.subject = subjects.id))
             order by id desc limit $4) s left join subject_labels l on l.subject = s.id order by s.id desc"
        );
        let values = values_of![
            self.organization.as_str(),
            filter.before.as_deref().unwrap_or_default(),
            filter.label.as_deref().unwrap_or_default(),
            limit,
        ];
        let rows = self.db.rows(&sql, values).await?;
        self.opened_subjects(&rows).await
    }

    /// Notes that somebody leaves: nothing that was proven before counts for them any more.
    pub async fn off_board(&mut self, id: &SubjectId, now: Timestamp) -> Result<()> {
        let sql = "update subjects set off_boarded_at = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![now, id.as_str(), self.organization.as_str()]).await
    }

    /// Since when nothing that was proven of somebody before counts any more; nothing where they have not left.
    pub async fn off_boarded_at(&mut self, id: &SubjectId) -> Result<Option<Timestamp>> {
        let sql = "select off_boarded_at from subjects
                   where id = $1 and organization = $2 and off_boarded_at is not null";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.map(|row| row.instant(0)).transpose()
    }

    /// Opens subjects whose rows stand together.
    async fn opened_subjects(&mut self, rows: &[Row]) -> Result<Vec<Subject>> {
        let mut subjects: Vec<Subject> = Vec::new();
        for row in rows {
            let id: SubjectId = row.parse(0)?;
            if subjects.last().is_none_or(|last| last.id != id) {
                let profile = self.unseal_json(&Owner::Subject(id.clone()), id.as_str(), row.bytes(2)?).await?;
                subjects.push(Subject { id, created_at: row.instant(1)?, profile });
            }
            if let (Some(last), Some(label)) = (subjects.last_mut(), row.optional_text(3)?) {
                last.profile.labels.insert(label.to_owned());
            }
        }
        Ok(subjects)
    }
}
