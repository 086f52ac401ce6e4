//! Subjects: who can be verified.

use super::{Caller, Result, enrolments, integrations, record, revocations};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::enrolment::Erasure;
use ipse_core::id::SubjectId;
use ipse_core::subject::{Profile, Subject};
use ipse_core::verification::Verification;
use ipse_store::Tx;
use ipse_store::subjects::SubjectFilter;
use jiff::Timestamp;
use serde_json::json;

/// Makes a subject. Its external id must be free.
pub async fn create(ipse: &Ipse, tx: &mut Tx, profile: Profile) -> Result<Subject> {
    profile.validate()?;
    if tx.subject_by_external_id(profile.external_id.reveal()).await?.is_some() {
        return Err(Refusal::AlreadyExists("subject").into());
    }
    insert(tx, profile, ipse.clock.now()).await
}

async fn insert(tx: &mut Tx, profile: Profile, now: Timestamp) -> Result<Subject> {
    let subject = Subject { id: SubjectId::new(now, random::entropy()), created_at: now, profile };
    match tx.insert_subject(&subject).await {
        Err(ipse_store::Error::Duplicate) => Err(Refusal::AlreadyExists("subject").into()),
        result => result.map(|()| subject).map_err(Into::into),
    }
}

/// Finds a subject by its external id and brings it up to date, or makes it.
pub async fn upsert(tx: &mut Tx, profile: Profile, now: Timestamp) -> Result<Subject> {
    profile.validate()?;
    match tx.subject_by_external_id(profile.external_id.reveal()).await? {
        None => insert(tx, profile, now).await,
        Some(known) => {
            let merged = merge(&known.profile, profile, now);
            replace(tx, known, merged).await
        }
    }
}

/// Replaces what is known of a subject.
pub async fn update(ipse: &Ipse, caller: &Caller, id: &SubjectId, profile: Profile) -> Result<Subject> {
    profile.validate()?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = tx.subject(id).await?.ok_or(Refusal::NotFound("subject"))?;
    if known.profile.external_id != profile.external_id {
        return Err(Refusal::invalid("external_id", "cannot change").into());
    }
    let profile = profile.with_contact_ages(&known.profile, ipse.clock.now());
    let subject = replace(&mut tx, known, profile).await?;
    tx.commit().await?;
    Ok(subject)
}

/// Whether a success came before its person left: nothing more is to follow from it.
pub async fn has_left_since(tx: &mut Tx, success: &Verification) -> Result<bool> {
    let left = tx.off_boarded_at(&success.subject).await?;
    Ok(left.is_some_and(|left| success.finished_at.is_none_or(|finished| finished <= left)))
}

/// What was taken back when somebody left.
pub struct OffBoarded {
    /// Whether a face template was kept, and is erased.
    pub enrolment_erased: bool,
    /// Whether they were known by a document, and are no more.
    pub document_forgotten: bool,
    /// How many credentials are being revoked.
    pub credentials_revoked: usize,
}

/// An integration's key reaches no further than what it asked for: whom it names may be others' subject, too.
pub(super) async fn refuse_integrations(tx: &mut Tx, caller: &Caller) -> Result<()> {
    if integrations::of(tx, &caller.actor).await?.is_some() { Err(Refusal::NotPermitted.into()) } else { Ok(()) }
}

/// Somebody leaves the organization: what would let them be recognised here is destroyed, and what they carry of it is made
/// good no more where whoever issued it says so. What was proven stays, for as long as its journey says.
pub async fn off_board(ipse: &Ipse, caller: &Caller, id: &SubjectId) -> Result<OffBoarded> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    tx.subject(id).await?.ok_or(Refusal::NotFound("subject"))?;
    refuse_integrations(&mut tx, caller).await?;
    let credentials_revoked = revocations::revoke_all(&mut tx, id, &caller.actor, now).await?;
    tx.off_board(id, now).await?;
    let document_forgotten = tx.forget_known_document(id).await?;
    let enrolment_erased = enrolments::erase_in(&mut tx, id, Erasure::OffBoarding, &caller.actor, now).await?;
    let data = json!({ "subject": id, "document_forgotten": document_forgotten, "credentials": credentials_revoked });
    record::organization(&mut tx, &caller.actor, "subject.off_boarded", data, now).await?;
    tx.commit().await?;
    ipse.issuances.notify_one();
    if let Err(error) = ipse.store.scrub().await {
        tracing::error!(%error, "side files could not be cleared; it will be done at the next forgetting");
    }
    Ok(OffBoarded { enrolment_erased, document_forgotten, credentials_revoked })
}

async fn replace(tx: &mut Tx, known: Subject, profile: Profile) -> Result<Subject> {
    if known.profile != profile {
        tx.update_subject(&known.id, &profile).await?;
    }
    Ok(Subject { profile, ..known })
}

/// What is given replaces what was known; what is left out stays.
fn merge(known: &Profile, given: Profile, now: Timestamp) -> Profile {
    let mut merged = known.clone();
    let identity = &mut merged.identity;
    identity.given_name = given.identity.given_name.or(identity.given_name.take());
    identity.middle_name = given.identity.middle_name.or(identity.middle_name.take());
    identity.family_name = given.identity.family_name.or(identity.family_name.take());
    identity.birthdate = given.identity.birthdate.or(identity.birthdate.take());
    if !given.emails.is_empty() {
        merged.emails = given.emails;
    }
    if !given.phones.is_empty() {
        merged.phones = given.phones;
    }
    if !given.labels.is_empty() {
        merged.labels = given.labels;
    }
    if given.contact_changed_at.is_some() {
        merged.contact_changed_at = given.contact_changed_at;
    }
    merged.emails_changed_at = given.emails_changed_at.or(given.contact_changed_at).or(merged.emails_changed_at);
    merged.phones_changed_at = given.phones_changed_at.or(given.contact_changed_at).or(merged.phones_changed_at);
    merged.with_contact_ages(known, now)
}

/// One subject.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &SubjectId) -> Result<Subject> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.subject(id).await?.ok_or(Refusal::NotFound("subject"))?)
}

/// A page of subjects, newest first; or the one with an external id.
pub async fn list(
    ipse: &Ipse,
    caller: &Caller,
    external_id: Option<&str>,
    filter: &SubjectFilter,
    limit: u32,
) -> Result<Vec<Subject>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    match external_id {
        Some(external_id) => Ok(tx.subject_by_external_id(external_id).await?.into_iter().collect()),
        None => Ok(tx.list_subjects(filter, limit).await?),
    }
}
