//! Integrations: outside systems that are set up here. One that asks has a key of its own, and a webhook that tells it only
//! of what it asked for; one that issues credentials is asked by us.

use super::webhooks::Wanted as Endpoint;
use super::{Caller, Error, Result, credentials, keys, record, webhooks};
use crate::random;
use crate::state::Ipse;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_connectors::entra::Tenant;
use ipse_connectors::salesforce::{Org, Signer, Told, trial};
use ipse_connectors::servicenow::{EVENT_TYPES, Instance};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::{ApiKeyId, DeliveryId, EndpointId, EventId, IntegrationId};
use ipse_core::subject::bounded;
use ipse_core::verification::{Record, Verification};
use ipse_oidc::keys::{KeyRecord, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use ipse_store::Tx;
use ipse_store::deliveries::{Delivery, DeliveryState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use zeroize::Zeroizing;

/// What the applications there do with their key.
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
    /// The key of the journey that its people take, unless it names another; or after which it issues.
    pub journey: String,
    /// As whom it comes now, if it comes at all.
    pub key: Option<ApiKeyId>,
    /// The webhook that tells it, where one does.
    pub endpoint: Option<EndpointId>,
    /// What it is.
    pub system: System,
}

/// The systems that are integrated so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum System {
    /// A ServiceNow instance with the application.
    ServiceNow(Instance),
    /// A Salesforce org with the package.
    Salesforce(Org),
    /// A Microsoft Entra tenant that issues credentials.
    Entra(Tenant),
}

impl System {
    /// What people call the kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ServiceNow(_) => "ServiceNow",
            Self::Salesforce(_) => "Salesforce",
            Self::Entra(_) => "Entra Verified ID",
        }
    }

    /// Where it is; one place is set up once.
    pub fn address(&self) -> &str {
        match self {
            Self::ServiceNow(instance) => &instance.address,
            Self::Salesforce(org) => &org.address,
            Self::Entra(tenant) => &tenant.manifest,
        }
    }

    /// Refuses to verify for a record that is none of its own.
    pub fn allow(&self, record: Option<&Record>) -> std::result::Result<(), Refusal> {
        match self {
            Self::ServiceNow(instance) => instance.allow(record),
            Self::Salesforce(org) => org.allow(record),
            // It asks for nothing.
            Self::Entra(_) => Err(Refusal::NotPermitted),
        }
    }

    /// Days since a contact changed before a link may go there.
    pub const fn min_contact_age_days(&self) -> u32 {
        match self {
            Self::ServiceNow(instance) => instance.min_contact_age_days,
            Self::Salesforce(org) => org.min_contact_age_days,
            Self::Entra(_) => 0,
        }
    }

    /// What a record is called.
    pub fn title(&self, record: &Record) -> String {
        match self {
            Self::ServiceNow(instance) => instance.title(record),
            Self::Salesforce(_) | Self::Entra(_) => format!("{} {}", record.table, record.number),
        }
    }

    /// Where people read a record.
    pub fn page(&self, record: &Record) -> Option<String> {
        match self {
            Self::ServiceNow(instance) => instance.page(record),
            Self::Salesforce(org) => org.page(record),
            Self::Entra(_) => None,
        }
    }
}

impl Integration {
    /// Where its events go, as deliveries name it.
    pub fn destination(&self) -> &str {
        self.endpoint.as_ref().map_or(self.id.as_str(), EndpointId::as_str)
    }
}

/// What is said of an integration.
pub struct Wanted {
    /// What people call it, 1 to 80 characters.
    pub name: String,
    /// The key of a journey.
    pub journey: String,
    /// What and where it is.
    pub system: System,
}

/// Secrets that are shown once.
pub struct Secrets {
    /// The API key, where it comes with one.
    pub api_key: Option<String>,
    /// What its events are signed with, where a webhook tells it.
    pub webhook: Option<String>,
}

/// What signs for an org, and what lets the server in there.
#[derive(Serialize, Deserialize)]
pub struct OrgSecrets {
    /// The private key, PKCS #8, in base64.
    key: String,
    /// A certificate over it, DER, in base64.
    certificate: String,
    /// The secret of the external client app, where the server signs in by it.
    #[serde(default)]
    pub consumer_secret: Option<String>,
}

impl OrgSecrets {
    fn make(now: Timestamp) -> Result<Self> {
        let made = KeyRecord::generate(Alg::Rs256, RsaBits::default(), KeyState::Current, now);
        let made = made.map_err(|_| Error::Unavailable("the signing library"))?;
        Ok(Self {
            key: STANDARD.encode(&*made.pkcs8),
            certificate: STANDARD.encode(&made.certificate),
            consumer_secret: None,
        })
    }

    /// What signs.
    pub fn signer(&self) -> Result<Signer> {
        let pkcs8 = Zeroizing::new(STANDARD.decode(&self.key).map_err(|_| Error::Unavailable("the org's key"))?);
        Signer::new(&pkcs8).map_err(|_| Error::Unavailable("the org's key"))
    }

    /// The certificate that is uploaded to the external client app, as text.
    pub fn certificate(&self) -> String {
        let lines: Vec<&str> =
            self.certificate.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }
}

/// Sends again what was given up.
pub async fn replay(ipse: &Ipse, caller: &Caller, integration: &Integration) -> Result<u64> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let count = tx.replay_dead(integration.destination(), now).await?;
    let data = json!({ "integration": integration.id, "count": count });
    record::organization(&mut tx, &caller.actor, "deliveries.replayed", data, now).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(count)
}

/// How an integration is.
pub struct Health {
    /// About when it last called.
    pub called_at: Option<Timestamp>,
    /// The last event that arrived there.
    pub delivered: Option<Delivery>,
    /// The last event, if it has not arrived, and what was answered.
    pub waiting: Option<(Delivery, String)>,
    /// The last event that was given up.
    pub given_up: Option<Delivery>,
    /// Why no events are sent, if none are.
    pub disabled: Option<String>,
    /// Whether nobody has given the secret with which the server comes there.
    pub lacks_secret: bool,
}

async fn validate(ipse: &Ipse, tx: &mut Tx, wanted: &Wanted) -> Result<()> {
    bounded("name", &wanted.name, 1, 80)?;
    match &wanted.system {
        System::ServiceNow(instance) => instance.validate()?,
        System::Salesforce(org) => org.validate(ipse.config.webhooks.allow_private_addresses)?,
        System::Entra(tenant) => tenant.validate(ipse.config.webhooks.allow_private_addresses)?,
    }
    if tx.current_journey(&wanted.journey).await?.is_none() {
        return Err(Refusal::invalid("journey", "must be the key of a journey").into());
    }
    Ok(())
}

/// Sets a system up: makes its key, and what tells it of events. One place is set up once.
pub async fn create(ipse: &Ipse, tx: &mut Tx, caller: &Caller, wanted: Wanted) -> Result<(Integration, Secrets)> {
    validate(ipse, tx, &wanted).await?;
    // Two at once would each see nothing of the other.
    tx.organization_head().await?;
    let known = tx.list_integrations::<Integration>().await?;
    if known.iter().any(|known| known.system.address() == wanted.system.address()) {
        return Err(Refusal::invalid("address", "is connected already").into());
    }
    refuse_second_issuer(&known, None, &wanted)?;
    let now = ipse.clock.now();
    let id = IntegrationId::new(now, random::entropy());
    let (key, api_key) = match &wanted.system {
        System::ServiceNow(_) | System::Salesforce(_) => make_key(ipse, tx, caller, &wanted.name).await.map(Some)?,
        System::Entra(_) => None,
    }
    .unzip();
    let (endpoint, webhook) = match &wanted.system {
        System::ServiceNow(instance) => {
            let endpoint = Endpoint {
                url: instance.webhook(),
                event_types: EVENT_TYPES.map(str::to_owned).to_vec(),
                description: wanted.name.clone(),
                only_of: key.iter().cloned().collect(),
            };
            let (state, secret) = webhooks::create(ipse, tx, caller, endpoint).await?;
            (Some(state.endpoint.id), Some(secret.shared))
        }
        System::Salesforce(_) | System::Entra(_) => (None, None),
    };
    let Wanted { name, journey, system } = wanted;
    let integration = Integration { id, name, created_at: now, journey, key: key.clone(), endpoint, system };
    tx.insert_integration(&integration.id, &integration).await?;
    if let Some(key) = &key {
        tx.add_integration_key(&integration.id, key).await?;
    }
    if let System::Salesforce(_) = &integration.system {
        tx.set_integration_secrets(&integration.id, &OrgSecrets::make(now)?).await?;
    }
    let data = json!({ "integration": integration.id, "kind": integration.system.kind() });
    record::organization(tx, &caller.actor, "integration.created", data, now).await?;
    Ok((integration, Secrets { api_key, webhook }))
}

/// After one success there is one credential, so one system issues after a journey.
fn refuse_second_issuer(known: &[Integration], own: Option<&IntegrationId>, wanted: &Wanted) -> Result<()> {
    let issues = |system: &System| matches!(system, System::Entra(_));
    let another = known.iter().any(|known| {
        Some(&known.id) != own && issues(&known.system) && issues(&wanted.system) && known.journey == wanted.journey
    });
    if another { Err(Refusal::invalid("journey", "has another credential after it already").into()) } else { Ok(()) }
}

async fn make_key(ipse: &Ipse, tx: &mut Tx, caller: &Caller, name: &str) -> Result<(ApiKeyId, String)> {
    let scopes = SCOPES.map(str::to_owned).to_vec();
    let (key, secret) = keys::make(ipse, tx, caller, name, scopes).await?;
    Ok((key.id, secret))
}

/// One that is about to change: whoever else would change it waits.
async fn hold(tx: &mut Tx, id: &IntegrationId) -> Result<Integration> {
    Ok(tx.hold_integration(id).await?.ok_or(Refusal::NotFound("integration"))?)
}

/// Ends every key with which it could come.
async fn end_keys(tx: &mut Tx, id: &IntegrationId, now: Timestamp) -> Result<()> {
    for key in tx.integration_keys(id).await? {
        tx.revoke_api_key(&key, now).await?;
    }
    Ok(())
}

async fn find(tx: &mut Tx, id: &IntegrationId) -> Result<Integration> {
    Ok(tx.integration(id).await?.ok_or(Refusal::NotFound("integration"))?)
}

/// Changes what is said of an integration. Its address stays: what is at another one is another instance.
pub async fn update(ipse: &Ipse, caller: &Caller, id: &IntegrationId, wanted: Wanted) -> Result<Integration> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = hold(&mut tx, id).await?;
    validate(ipse, &mut tx, &wanted).await?;
    if known.system.address() != wanted.system.address() || known.system.kind() != wanted.system.kind() {
        return Err(Refusal::invalid("address", "cannot change: set the other instance up beside this one").into());
    }
    // Two at once would each see nothing of the other.
    tx.organization_head().await?;
    refuse_second_issuer(&tx.list_integrations().await?, Some(id), &wanted)?;
    let may_keep_secret = match (&known.system, &wanted.system) {
        (System::Entra(before), System::Entra(after)) => before.takes_secret_of(after),
        _ => true,
    };
    if !may_keep_secret {
        // It was typed for another place: whoever changes where it goes has to know it.
        tx.forget_integration_secrets(id).await?;
    }
    let changed = Integration { name: wanted.name, journey: wanted.journey, system: wanted.system, ..known };
    tx.update_integration(id, &changed).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.updated", data, ipse.clock.now()).await?;
    tx.commit().await?;
    ipse.hint_keys.notify_one();
    Ok(changed)
}

/// Makes a new key and a new signing secret. The key before ends at once; the signing secret before signs for a day more.
pub async fn renew(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<(Integration, Secrets)> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = hold(&mut tx, id).await?;
    if known.key.is_none() {
        return Err(Refusal::NotFound("API key").into());
    }
    end_keys(&mut tx, id, now).await?;
    let (key, api_key) = make_key(ipse, &mut tx, caller, &known.name).await?;
    tx.add_integration_key(id, &key).await?;
    let mut webhook = None;
    if let Some(endpoint) = &known.endpoint {
        webhooks::add_key(&mut tx, endpoint, &key).await?;
        webhook = Some(webhooks::renew(ipse, &mut tx, caller, endpoint).await?.shared);
    }
    let changed = Integration { key: Some(key), ..known };
    tx.update_integration(id, &changed).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.secrets_renewed", data, now).await?;
    tx.commit().await?;
    Ok((changed, Secrets { api_key: Some(api_key), webhook }))
}

/// Ends an integration: its key, its webhook, itself. Verifications stay.
pub async fn delete(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let known = hold(&mut tx, id).await?;
    end_keys(&mut tx, id, now).await?;
    match &known.endpoint {
        Some(endpoint) => {
            webhooks::switch(&mut tx, endpoint, Some("the integration was removed"), now).await?;
        }
        None => {
            tx.cancel_deliveries(id.as_str(), now).await?;
        }
    }
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

/// Whether a verification may be touched by whoever comes: an integration's key reaches no further than what it asked for.
pub async fn may_touch(tx: &mut Tx, actor: &Actor, verification: &Verification) -> Result<bool> {
    let Some(integration) = of(tx, actor).await? else { return Ok(true) };
    let owner = of(tx, &verification.requester.actor).await?;
    Ok(owner.is_some_and(|owner| owner.id == integration.id))
}

/// One integration.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<Integration> {
    find(&mut ipse.store.read(&caller.organization).await?, id).await
}

/// Every integration, oldest first.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<Integration>> {
    Ok(ipse.store.read(&caller.organization).await?.list_integrations().await?)
}

/// Keeps the secret of an org's external client app.
pub async fn set_consumer_secret(ipse: &Ipse, caller: &Caller, id: &IntegrationId, secret: &str) -> Result<()> {
    bounded("consumer_secret", secret, 1, 256)?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    hold(&mut tx, id).await?;
    let kept: OrgSecrets = tx.integration_secrets(id).await?.ok_or(Refusal::NotFound("integration of that kind"))?;
    let kept = OrgSecrets { consumer_secret: Some(secret.to_owned()), ..kept };
    tx.set_integration_secrets(id, &kept).await?;
    let data = json!({ "integration": id });
    record::organization(&mut tx, &caller.actor, "integration.secrets_renewed", data, ipse.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What signs for an org.
pub async fn org_secrets(ipse: &Ipse, caller: &Caller, id: &IntegrationId) -> Result<OrgSecrets> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.integration_secrets(id).await?.ok_or(Refusal::NotFound("integration of that kind"))?)
}

/// Sends a harmless event, to see whether it arrives.
pub async fn test(ipse: &Ipse, caller: &Caller, integration: &Integration) -> Result<Delivery> {
    if let Some(endpoint) = &integration.endpoint {
        return webhooks::test(ipse, caller, endpoint).await;
    }
    let System::Salesforce(org) = &integration.system else { return Err(Refusal::NotFound("webhook endpoint").into()) };
    let now = ipse.clock.now();
    let event = EventId::new(now, random::entropy());
    let told = Told { audience: &org.id, organization: &caller.organization, journey: &integration.journey };
    let body = json!(trial(&told, &event, now)).to_string();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let delivery = Delivery::queued(
        DeliveryId::new(now, random::entropy()),
        integration.id.to_string(),
        event.to_string(),
        "integration.test".into(),
        now,
    );
    tx.insert_delivery(&delivery, body.as_bytes(), None).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(delivery)
}

/// How an integration is.
pub async fn health(ipse: &Ipse, caller: &Caller, integration: &Integration) -> Result<Health> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    let disabled = match &integration.endpoint {
        None => None,
        Some(id) => match tx.endpoint(id).await? {
            None => Some("the webhook is gone".to_owned()),
            Some(state) if !state.enabled => Some(state.endpoint.disabled_reason.unwrap_or_default()),
            Some(_) => None,
        },
    };
    let place = integration.destination();
    let delivered = tx.list_deliveries(place, Some(DeliveryState::Delivered), None, 1).await?.into_iter().next();
    let last = tx.list_deliveries(place, None, None, 1).await?.into_iter().next();
    let waiting = match last.filter(|last| last.state != DeliveryState::Delivered) {
        None => None,
        Some(last) => {
            let answer = tx.attempts(&last.id).await?.pop().map(|attempt| attempt.answer).unwrap_or_default();
            Some((last, answer))
        }
    };
    let given_up = tx.list_deliveries(place, Some(DeliveryState::Dead), None, 1).await?.into_iter().next();
    let called_at = match &integration.key {
        Some(key) => tx.api_key(key).await?.and_then(|key| key.used_at),
        None => None,
    };
    let lacks_secret = matches!(integration.system, System::Entra(_))
        && credentials::client(&mut tx, &integration.id).await?.is_none();
    Ok(Health { called_at, delivered, waiting, given_up, disabled, lacks_secret })
}
