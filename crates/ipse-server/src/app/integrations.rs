//! Integrations: outside systems that are set up here, each with a key of its own and a webhook that tells it only of what
//! it asked for.

use super::webhooks::Wanted as Endpoint;
use super::{Caller, Result, keys, record, webhooks};
use crate::random;
use crate::state::Ipse;
use ipse_connectors::servicenow::{EVENT_TYPES, Instance};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::{ApiKeyId, EndpointId, IntegrationId};
use ipse_core::subject::bounded;
use ipse_store::Tx;
use ipse_store::deliveries::{Delivery, DeliveryState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What the application in ServiceNow does with its key.
const SCOPES: [&str; 3] = ["verifications:read", "verifications:write", "subjects:write"];

/// An outside system that is set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Its id.
    pub id: IntegrationId,
    /// What people call it.
    pub name: String,
    /// When it was set up.
    pub created_at: Timestamp,
    /// The key of the journey that its people take, unless it names another.
    pub journey: String,
    /// Where its events go.
    pub endpoint: EndpointId,
    /// As whom it comes now.
    pub key: ApiKeyId,
    /// What it is.
    pub system: System,
}

/// The systems that are integrated so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum System {
    /// A ServiceNow instance with the application.
    ServiceNow(Instance),
}

impl Integration {
    /// The instance.
    pub const fn instance(&self) -> &Instance {
        match &self.system {
            System::ServiceNow(instance) => instance,
        }
    }
}

/// What is said of an integration.
pub struct Wanted {
    /// What people call it, 1 to 80 characters.
    pub name: String,
    /// The key of a journey.
    pub journey: String,
    /// The instance.
    pub instance: Instance,
}

/// Secrets that are shown once.
pub struct Secrets {
    /// The API key.
    pub api_key: String,
    /// What its events are signed with.
    pub webhook: String,
}

/// How an integration is.
pub struct Health {
    /// About when it last called.
    pub called_at: Option<Timestamp>,
    /// The last event that arrived there.
    pub delivered: Option<Delivery>,
    /// The last event, if it has not arrived.
    pub waiting: Option<Delivery>,
    /// Why no events are sent, if none are.
    pub disabled: Option<String>,
}

async fn validate(tx: &mut Tx, wanted: &Wanted) -> Result<()> {
    bounded("name", &wanted.name, 1, 80)?;
    wanted.instance.validate()?;
    if tx.current_journey(&wanted.journey).await?.is_none() {
        return Err(Refusal::invalid("journey", "must be the key of a journey").into());
    }
    Ok(())
}

/// Sets an instance up: makes its key, registers its webhook. One instance is set up once.
pub async fn create(ipse: &Ipse, tx: &mut Tx, caller: &Caller, wanted: Wanted) -> Result<(Integration, Secrets)> {
    validate(tx, &wanted).await?;
    let known = tx.list_integrations::<Integration>().await?;
    if known.iter().any(|known| known.instance().address == wanted.instance.address) {
        return Err(Refusal::invalid("address", "is connected already").into());
    }
    let now = ipse.clock.now();
    let id = IntegrationId::new(now, random::entropy());
    let (key, api_key) = make_key(ipse, tx, caller, &wanted.name).await?;
    let endpoint = Endpoint {
        url: wanted.instance.webhook(),
        event_types: EVENT_TYPES.map(str::to_owned).to_vec(),
        description: wanted.name.clone(),
        only_of: vec![key.clone()],
    };
    let (state, secret) = webhooks::create(ipse, tx, caller, endpoint).await?;
    let integration = Integration {
        id,
        name: wanted.name,
        created_at: now,
        journey: wanted.journey,
        endpoint: state.endpoint.id,
        key: key.clone(),
        system: System::ServiceNow(wanted.instance),
    };
    tx.insert_integration(&integration.id, &integration).await?;
    tx.add_integration_key(&integration.id, &key).await?;
    let data = json!({ "integration": integration.id, "kind": "servicenow" });
    record::organization(tx, &caller.actor, "integration.created", data, now).await?;
    Ok((integration, Secrets { api_key, webhook: secret.shared }))
}

async fn make_key(ipse: &Ipse, tx: &mut Tx, caller: &Caller, name: &str) -> Result<(ApiKeyId, String)> {
    let scopes = SCOPES.map(str::to_owned).to_vec();
    let (key, secret) = keys::make(ipse, tx, caller, name, scopes).await?;
    Ok((key.id, secret))
}

async fn find(tx: &mut Tx, id: &IntegrationId) -> Result<Integration> {
    Ok(tx.integration(id).await?.ok_or(Refusal::NotFound("integration"))?)
}

/// Changes what is said of an integration. Its address stays: what is at another one is another instance.
pub async fn update(ipse: &Ipse, caller: &Caller, id: &IntegrationId, wanted: Wanted) -> Result<Integration> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = find(&mut tx, id).await?;
    validate(&mut tx, &wanted).await?;
    if known.instance().address != wanted.instance.address {
        return Err(Refusal::invalid("address", "cannot change: set the other instance up beside this one").into());
    }
    let system = System::ServiceNow(wanted.instance);
    let changed = Integration { name: wanted.name, journey: wanted.journey, system, ..known };
    tx.update_integration(id, &changed).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.updated", data, ipse.clock.now()).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Makes a new key and a new signing secret. The key before ends at once; the signing secret before signs for a day more.
pub async fn renew(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<(Integration, Secrets)> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = find(&mut tx, id).await?;
    tx.revoke_api_key(&known.key, now).await?;
    let (key, api_key) = make_key(ipse, &mut tx, caller, &known.name).await?;
    tx.add_integration_key(id, &key).await?;
    webhooks::add_key(&mut tx, &known.endpoint, &key).await?;
    let secret = webhooks::renew(ipse, &mut tx, caller, &known.endpoint).await?;
    let changed = Integration { key, ..known };
    tx.update_integration(id, &changed).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.secrets_renewed", data, now).await?;
    tx.commit().await?;
    Ok((changed, Secrets { api_key, webhook: secret.shared }))
}

/// Ends an integration: its key, its webhook, itself. Verifications stay.
pub async fn delete(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = find(&mut tx, id).await?;
    tx.revoke_api_key(&known.key, now).await?;
    webhooks::switch(&mut tx, &known.endpoint, Some("the integration was removed"), now).await?;
    tx.delete_integration(id).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.deleted", data, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The integration on whose behalf somebody acts.
pub async fn of(tx: &mut Tx, actor: &Actor) -> Result<Option<Integration>> {
    match actor {
        Actor::ApiKey(key) => Ok(tx.integration_of(key).await?),
        _ => Ok(None),
    }
}

/// One integration.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<Integration> {
    find(&mut ipse.store.read(&caller.organization).await?, id).await
}

/// Every integration, oldest first.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<Integration>> {
    Ok(ipse.store.read(&caller.organization).await?.list_integrations().await?)
}

/// How an integration is.
pub async fn health(ipse: &Ipse, caller: &Caller, integration: &Integration) -> Result<Health> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let endpoint = tx.endpoint(&integration.endpoint).await?;
    let place = integration.endpoint.as_str();
    let delivered = tx.list_deliveries(place, Some(DeliveryState::Delivered), None, 1).await?.into_iter().next();
    let last = tx.list_deliveries(place, None, None, 1).await?.into_iter().next();
    Ok(Health {
        called_at: tx.api_key(&integration.key).await?.and_then(|key| key.used_at),
        delivered,
        waiting: last.filter(|last| last.state != DeliveryState::Delivered),
        disabled: match endpoint {
            None => Some("the webhook is gone".to_owned()),
            Some(state) if !state.enabled => Some(state.endpoint.disabled_reason.unwrap_or_default()),
            Some(_) => None,
        },
    })
}
