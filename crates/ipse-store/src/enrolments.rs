//! Face templates, one per subject, each sealed under a key of its own: erasing one destroys its key.
//!
//! A template is found by its subject only. No method looks a face up.

use crate::db::{Row, values_of};
use crate::seal::Owner;
use crate::{Result, Tx};
use ipse_core::enrolment::Enrolment;
use ipse_core::id::SubjectId;

const COLUMNS: &str = "id, subject, verification, model, consent, created_at, expires_at";

fn enrolment(row: &Row) -> Result<Enrolment> {
    Ok(Enrolment {
        id: row.parse(0)?,
        subject: row.parse(1)?,
        verification: row.parse(2)?,
        model: row.text(3)?.to_owned(),
        consent: row.text(4)?.to_owned(),
        created_at: row.instant(5)?,
        expires_at: row.instant(6)?,
    })
}

impl Tx {
    /// Stores a template. [`crate::Error::Duplicate`] when the subject has one already: it is erased first.
    pub async fn insert_enrolment<T: serde::Serialize + Sync>(
        &mut self,
        enrolment: &Enrolment,
        template: &T,
    ) -> Result<()> {
        let owner = Owner::Template(enrolment.id.clone());
        self.make_key(&owner).await?;
        let sealed = self.seal_json(&owner, enrolment.id.as_str(), template).await?;
        self.db
            .execute(
                "insert into enrolments (id, organization, subject, verification, model, consent, created_at,
                 expires_at, template) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                values_of![
                    enrolment.id.as_str(),
                    self.organization.as_str(),
                    enrolment.subject.as_str(),
                    enrolment.verification.as_str(),
                    &enrolment.model,
                    &enrolment.consent,
                    enrolment.created_at,
                    enrolment.expires_at,
                    sealed,
                ],
            )
            .await?;
        Ok(())
    }

    /// A subject's enrolment, also one whose time is over and that nobody erased yet: ask `expires_at`.
    pub async fn enrolment(&mut self, subject: &SubjectId) -> Result<Option<Enrolment>> {
        let sql = format!("select {COLUMNS} from enrolments where subject = $1 and organization = $2");
        let row = self.db.row(&sql, values_of![subject.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(enrolment).transpose()
    }

    /// The template of an enrolment; nothing once it is erased.
    pub async fn template<T: serde::de::DeserializeOwned>(&mut self, of: &Enrolment) -> Result<Option<T>> {
        let sql = "select template from enrolments where id = $1 and organization = $2";
        let Some(row) = self.db.row(sql, values_of![of.id.as_str(), self.organization.as_str()]).await? else {
            return Ok(None);
        };
        let owner = Owner::Template(of.id.clone());
        self.unseal_json(&owner, of.id.as_str(), row.bytes(0)?).await.map(Some)
    }

    /// Erases a subject's template: its key, then its row. Returns what it was.
    pub async fn erase_enrolment(&mut self, subject: &SubjectId) -> Result<Option<Enrolment>> {
        let Some(known) = self.enrolment(subject).await? else { return Ok(None) };
        self.destroy_key(&Owner::Template(known.id.clone())).await?;
        let sql = "delete from enrolments where id = $1 and organization = $2";
        self.db.execute(sql, values_of![known.id.as_str(), self.organization.as_str()]).await?;
        Ok(Some(known))
    }
}
