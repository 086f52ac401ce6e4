//! The organization itself.

use super::{Caller, Result, journeys, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::OrganizationId;
use ipse_core::journey::shipped;
use ipse_core::organization::{Organization, Settings};
use ipse_core::subject::bounded;
use serde_json::json;

fn validate(settings: &Settings) -> Result<()> {
    bounded("name", &settings.name, 1, 80)?;
    bounded("phone", &settings.phone, 0, 40)?;
    let is_origin = |text: &String| url::Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == *text);
    if settings.return_origins.len() > 50 || !settings.return_origins.iter().all(is_origin) {
        return Err(Refusal::invalid("return_origins", "must be origins such as https://portal.example.com").into());
    }
    Ok(())
}

/// Makes an organization.
pub async fn create(ipse: &Ipse, settings: Settings) -> Result<Organization> {
    validate(&settings)?;
    let now = ipse.clock.now();
    let organization = Organization { id: OrganizationId::new(now, random::entropy()), created_at: now, settings };
    ipse.store.insert_organization(&organization).await?;
    Ok(organization)
}

/// Makes an organization with what every one begins with.
pub async fn found(ipse: &Ipse, settings: Settings) -> Result<Organization> {
    let organization = create(ipse, settings).await?;
    let name = organization.settings.name.clone();
    let caller = Caller { organization: organization.id.clone(), actor: Actor::System, name };
    let mut tx = ipse.store.begin(&organization.id).await?;
    for (key, name, rules) in shipped() {
        journeys::create(ipse, &mut tx, &caller, key, name, rules).await?;
    }
    tx.commit().await?;
    Ok(organization)
}

/// The caller's organization.
pub async fn get(ipse: &Ipse, caller: &Caller) -> Result<Organization> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.own_organization().await?)
}

/// Changes the caller's organization.
pub async fn update(ipse: &Ipse, caller: &Caller, settings: Settings) -> Result<Organization> {
    validate(&settings)?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    tx.update_settings(&settings).await?;
    let data = json!({ "return_origins": settings.return_origins });
    record::organization(&mut tx, &caller.actor, "organization.updated", data, ipse.clock.now()).await?;
    let organization = tx.own_organization().await?;
    tx.commit().await?;
    Ok(organization)
}
