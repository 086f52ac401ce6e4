//! Subjects, sealed under a key of their own; found by a keyed hash of the caller's id.

use crate::db::{Row, values_of};
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::id::SubjectId;
use ipse_core::subject::{Profile, Subject};

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
        Ok(())
    }

    /// Replaces what is known of a subject; its external id cannot change.
    pub async fn update_subject(&mut self, id: &SubjectId, profile: &Profile) -> Result<bool> {
        let hash = self.keyed_hash("subject", profile.external_id.reveal()).await?;
        let sealed = self.seal_json(&Owner::Subject(id.clone()), id.as_str(), profile).await?;
        let sql = "update subjects set sealed = $1 where id = $2 and organization = $3 and external_hash = $4";
        let changed = self.db.execute(sql, values_of![sealed, id.as_str(), self.organization.as_str(), hash]).await?;
        Ok(changed == 1)
    }

    /// A subject.
    pub async fn subject(&mut self, id: &SubjectId) -> Result<Option<Subject>> {
        let sql = "select id, created_at, sealed from subjects where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        self.opened_subject(row).await
    }

    /// The subject with the caller's id.
    pub async fn subject_by_external_id(&mut self, external_id: &str) -> Result<Option<Subject>> {
        let hash = self.keyed_hash("subject", external_id).await?;
        let sql = "select id, created_at, sealed from subjects where organization = $1 and external_hash = $2";
        let row = self.db.row(sql, values_of![self.organization.as_str(), hash]).await?;
        self.opened_subject(row).await
    }

    /// Subjects, newest first, older than a cursor.
    pub async fn list_subjects(&mut self, before: Option<&str>, limit: u32) -> Result<Vec<Subject>> {
        let sql = "select id, created_at, sealed from subjects
                   where organization = $1 and ($2 = '' or id < $2) order by id desc limit $3";
        let values = values_of![self.organization.as_str(), before.unwrap_or_default(), limit];
        let rows = self.db.rows(sql, values).await?;
        let mut subjects = Vec::with_capacity(rows.len());
        for row in rows {
            subjects.extend(self.opened_subject(Some(row)).await?);
        }
        Ok(subjects)
    }

    async fn opened_subject(&mut self, row: Option<Row>) -> Result<Option<Subject>> {
        let Some(row) = row else { return Ok(None) };
        let id: SubjectId = row.parse(0)?;
        let profile = self.unseal_json(&Owner::Subject(id.clone()), id.as_str(), row.bytes(2)?).await?;
        Ok(Some(Subject { id, created_at: row.instant(1)?, profile }))
    }
}
