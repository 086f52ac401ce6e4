//! Journeys: every save is a new version.

use super::{Caller, Result, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::id::JourneyId;
use ipse_core::journey::{Journey, Rules, validate_names};
use ipse_store::Tx;
use serde_json::json;

/// Writes the first version of a journey. Its key must be free.
pub async fn create(ipse: &Ipse, tx: &mut Tx, caller: &Caller, key: &str, name: &str, rules: Rules) -> Result<Journey> {
    validate_names(key, name)?;
    rules.validate()?;
    if tx.current_journey(key).await?.is_some() {
        return Err(Refusal::AlreadyExists("journey").into());
    }
    let now = ipse.clock.now();
    let id = JourneyId::new(now, random::entropy());
    write(tx, caller, Journey { id, version: 1, key: key.into(), name: name.into(), created_at: now, rules }).await
}

/// Writes the next version of a journey. Verifications already opened keep theirs.
pub async fn update(ipse: &Ipse, caller: &Caller, id: &JourneyId, name: &str, rules: Rules) -> Result<Journey> {
    rules.validate()?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let current = tx.current_journey(id.as_str()).await?.ok_or(Refusal::NotFound("journey"))?;
    validate_names(&current.key, name)?;
    let version = current.version + 1;
    let next = Journey { version, name: name.into(), created_at: ipse.clock.now(), rules, ..current };
    let journey = write(&mut tx, caller, next).await?;
    tx.commit().await?;
    Ok(journey)
}

async fn write(tx: &mut Tx, caller: &Caller, journey: Journey) -> Result<Journey> {
    match tx.insert_journey(&journey).await {
        Err(ipse_store::Error::Duplicate) => return Err(Refusal::AlreadyExists("journey version").into()),
        result => result?,
    }
    let data = json!({ "journey": journey.id, "version": journey.version, "key": journey.key });
    record::organization(tx, &caller.actor, "journey.saved", data, journey.created_at).await?;
    Ok(journey)
}

/// The newest version of a journey, by its id or key.
pub async fn get(ipse: &Ipse, caller: &Caller, id_or_key: &str) -> Result<Journey> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.current_journey(id_or_key).await?.ok_or(Refusal::NotFound("journey"))?)
}

/// Every version of a journey, newest first.
pub async fn versions(ipse: &Ipse, caller: &Caller, id: &JourneyId) -> Result<Vec<Journey>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let versions = tx.journey_versions(id).await?;
    if versions.is_empty() { Err(Refusal::NotFound("journey").into()) } else { Ok(versions) }
}

/// The newest version of every journey.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<Journey>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.list_journeys().await?)
}
