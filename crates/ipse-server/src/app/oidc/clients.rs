//! Clients: the relying parties that an organization registers.

use crate::app::{Caller, Error, Result, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::id::{ClientId, OrganizationId};
use ipse_core::name::Preset;
use ipse_oidc::client::{Binding, ClaimsValues, EntraTenant, Secret};
use ipse_oidc::entra::HintKeys;
use ipse_oidc::jwk::Jwks;
use ipse_oidc::profile::{Alg, AuthMethod, Need, Profile};
use ipse_oidc::{Client, hash_of};
use ipse_store::Tx;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;

/// How long a secret still works beside the one that replaces it.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// What an administrator says of a client. Whatever is left out is what its profile does by default.
#[derive(Clone)]
pub struct Wanted {
    /// The name the person is shown.
    pub name: String,
    /// Where answers may go.
    pub redirect_uris: Vec<String>,
    /// Scopes beside `openid`.
    pub scopes: Vec<String>,
    /// How it authenticates itself.
    pub auth_methods: Option<Vec<AuthMethod>>,
    /// Its public keys.
    pub jwks: Option<Jwks>,
    /// What its ID tokens are signed with.
    pub signing: Option<Alg>,
    /// The journey its people take: an id or a key.
    pub journey: String,
    /// Other journeys by scope or acr value.
    pub journeys: BTreeMap<String, String>,
    /// When a claim is the one that was proven.
    pub name_rule: Option<Preset>,
    /// What stands for a claim that was proven.
    pub claims_values: Option<ClaimsValues>,
    /// Minutes that a person has.
    pub minutes: Option<u32>,
    /// For Entra: whose hints are believed.
    pub entra: Option<Tenant>,
    /// For start links: what the client calls this organization.
    pub org_id: Option<String>,
}

/// The Entra tenant whose hints are believed.
#[derive(Clone)]
pub struct Tenant {
    /// Its id.
    pub tenant: String,
    /// The id of the app registration there.
    pub app_id: String,
    /// Who signs, where it is not the worldwide cloud.
    pub issuer: Option<String>,
}

/// Registers a client. Its secret, where it has one, is returned once and never again.
pub async fn create(
    ipse: &Ipse,
    tx: &mut Tx,
    caller: &Caller,
    profile: Profile,
    wanted: Wanted,
) -> Result<(Client, Option<String>)> {
    let now = ipse.clock.now();
    let id = ClientId::new(now, random::entropy());
    let blank = Client {
        id: id.to_string(),
        organization: caller.organization.clone(),
        name: String::new(),
        profile,
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        auth_methods: Vec::new(),
        secrets: Vec::new(),
        jwks: None,
        jwks_uri: None,
        certificates: Vec::new(),
        binding: if profile.rules().bound_tokens == Need::Required { Binding::Dpop } else { Binding::None },
        signing: Alg::Rs256,
        journey: String::new(),
        journeys: BTreeMap::new(),
        style: profile.rules().styles.first().copied().ok_or(Error::Unavailable("the profile"))?,
        name_rule: Preset::default(),
        claims_values: ClaimsValues::default(),
        minutes: 15,
        entra: None,
        org_id: None,
    };
    let (client, secret) = filled(ipse, tx, blank, wanted, now).await?;
    tx.insert_client(&client.id, &client).await?;
    // What its tokens will be signed with takes a while to make.
    ipse.signing_keys.notify_one();
    let data = json!({ "client": client.id, "profile": profile.as_str() });
    record::organization(tx, &caller.actor, "client.created", data, now).await?;
    Ok((client, secret))
}

/// Fills in what is wanted; makes a secret if it needs one and has none, and drops those it needs no more.
async fn filled(
    ipse: &Ipse,
    tx: &mut Tx,
    client: Client,
    wanted: Wanted,
    now: Timestamp,
) -> Result<(Client, Option<String>)> {
    let rules = client.profile.rules();
    let first = |methods: &[AuthMethod]| methods.first().copied().into_iter().collect();
    let auth_methods = wanted.auth_methods.unwrap_or_else(|| first(rules.auth_methods));
    if auth_methods.contains(&AuthMethod::SelfSignedTlsClientAuth) {
        return Err(Refusal::invalid("auth_methods", "self_signed_tls_client_auth is not offered yet").into());
    }
    let with_secret =
        auth_methods.iter().any(|way| matches!(way, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost));
    let mut secrets = if with_secret { client.secrets } else { Vec::new() };
    let made = (with_secret && secrets.is_empty()).then(random::token).map(|(secret, _)| secret);
    secrets.extend(made.iter().map(|secret| Secret {
        hash: hash_of(secret.as_bytes()),
        created_at: now,
        expires_at: None,
    }));
    let entra = wanted.entra.map(|tenant| believed(ipse, tenant, client.entra)).transpose()?;
    let minutes = wanted.minutes.unwrap_or(client.minutes);
    let mut journeys = BTreeMap::new();
    for (word, journey) in wanted.journeys {
        journeys.insert(word, known(tx, &journey, minutes, "journeys").await?);
    }
    let filled = Client {
        name: wanted.name,
        redirect_uris: wanted.redirect_uris,
        scopes: wanted.scopes,
        auth_methods,
        secrets,
        jwks: wanted.jwks,
        signing: wanted.signing.or(rules.algs.first().copied()).ok_or(Error::Unavailable("the profile"))?,
        journey: known(tx, &wanted.journey, minutes, "journey").await?,
        journeys,
        name_rule: wanted.name_rule.unwrap_or(client.name_rule),
        claims_values: wanted.claims_values.unwrap_or(client.claims_values),
        minutes,
        entra,
        org_id: wanted.org_id,
        ..client
    };
    filled.validate()?;
    Ok((filled, made))
}

/// Whose hints are believed; the keys that are known stay known while the issuer stays the same.
fn believed(ipse: &Ipse, wanted: Tenant, known: Option<EntraTenant>) -> Result<EntraTenant> {
    for (field, text) in [("tenant", &wanted.tenant), ("app_id", &wanted.app_id)] {
        let visible = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if text.is_empty() || text.len() > 64 || !visible {
            return Err(Refusal::invalid(field, "must be an id of Microsoft Entra").into());
        }
    }
    let of_cloud = || format!("{}/{}/v2.0", ipse.config.openid.entra_login, wanted.tenant);
    let issuer = wanted.issuer.unwrap_or_else(of_cloud);
    let scheme = url::Url::parse(&issuer).ok().map(|url| url.scheme().to_owned());
    let reachable = match scheme.as_deref() {
        Some("https") => true,
        Some("http") => ipse.config.webhooks.allow_private_addresses,
        _ => false,
    };
    if !reachable || issuer.len() > 200 || issuer.ends_with('/') {
        return Err(Refusal::invalid("issuer", "must be an https address without a slash at its end").into());
    }
    let keys = known.filter(|known| known.issuer == issuer).and_then(|known| known.keys);
    Ok(EntraTenant { issuer, tenant: wanted.tenant, app_id: wanted.app_id, keys })
}

/// Every client that hints are believed for, of every organization.
pub async fn with_hints(ipse: &Ipse) -> Result<Vec<(OrganizationId, String, EntraTenant)>> {
    let mut found = Vec::new();
    for organization in ipse.store.organizations().await? {
        let clients: Vec<Client> = ipse.store.read(&organization.id).await?.list_clients().await?;
        let tenant = |client: Client| Some((organization.id.clone(), client.id, client.entra?));
        found.extend(clients.into_iter().filter_map(tenant));
    }
    Ok(found)
}

/// Keeps the keys that were read of an issuer, unless the client believes another one by now.
pub async fn keep_hint_keys(
    ipse: &Ipse,
    organization: &OrganizationId,
    id: &str,
    issuer: &str,
    keys: HintKeys,
) -> Result<()> {
    let mut tx = ipse.store.begin(organization).await?;
    let Some(mut client) = tx.hold_client::<Client>(id).await? else { return Ok(()) };
    let Some(tenant) = client.entra.as_mut().filter(|tenant| tenant.issuer == issuer) else { return Ok(()) };
    tenant.keys = Some(keys);
    tx.update_client(id, &client).await?;
    Ok(tx.commit().await?)
}

/// The key of a journey that exists, and gives as much time as the client.
async fn known(tx: &mut Tx, journey: &str, minutes: u32, field: &'static str) -> Result<String> {
    let found = tx.current_journey(journey).await?;
    let found = found.ok_or_else(|| Refusal::invalid(field, "must name journeys that exist"))?;
    if found.rules.session_minutes < minutes {
        return Err(Refusal::invalid(field, "must have session_minutes of at least the client's minutes").into());
    }
    Ok(found.key)
}

/// Every client, oldest first.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<Client>> {
    Ok(ipse.store.read(&caller.organization).await?.list_clients().await?)
}

/// A client.
pub async fn get(ipse: &Ipse, caller: &Caller, id: &ClientId) -> Result<Client> {
    let client = ipse.store.read(&caller.organization).await?.client(id.as_str()).await?;
    Ok(client.ok_or(Refusal::NotFound("client"))?)
}

async fn held(tx: &mut Tx, id: &ClientId) -> Result<Client> {
    Ok(tx.hold_client(id.as_str()).await?.ok_or(Refusal::NotFound("client"))?)
}

/// Replaces what an administrator says of a client; its profile stays. A secret comes back if it needs its first.
pub async fn update(ipse: &Ipse, caller: &Caller, id: &ClientId, wanted: Wanted) -> Result<(Client, Option<String>)> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let client = held(&mut tx, id).await?;
    let (client, secret) = filled(ipse, &mut tx, client, wanted, now).await?;
    tx.update_client(id.as_str(), &client).await?;
    record::organization(&mut tx, &caller.actor, "client.updated", json!({ "client": id }), now).await?;
    tx.commit().await?;
    ipse.hint_keys.notify_one();
    Ok((client, secret))
}

/// Replaces a client's secret; so many of the old ones work for a day beside the new: one, or two where it is not sure which
/// of them is in use.
pub async fn rotate_secret(ipse: &Ipse, caller: &Caller, id: &ClientId, kept: usize) -> Result<(Client, String)> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut client = held(&mut tx, id).await?;
    if client.secrets.is_empty() {
        return Err(Refusal::invalid("auth_methods", "of this client use no secret").into());
    }
    let (secret, _) = random::token();
    client.rotate_secret(hash_of(secret.as_bytes()), now, now.checked_add(OVERLAP).unwrap_or(now), kept);
    tx.update_client(id.as_str(), &client).await?;
    record::organization(&mut tx, &caller.actor, "client.secret_rotated", json!({ "client": id }), now).await?;
    tx.commit().await?;
    Ok((client, secret))
}

/// Takes the newest secret back, which nobody was given; the one before it works on.
pub async fn withdraw_secret(ipse: &Ipse, caller: &Caller, id: &ClientId, secret: &str) -> Result<()> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let mut client = held(&mut tx, id).await?;
    client.withdraw_secret(hash_of(secret.as_bytes()));
    tx.update_client(id.as_str(), &client).await?;
    let now = ipse.clock.now();
    record::organization(&mut tx, &caller.actor, "client.secret_withdrawn", json!({ "client": id }), now).await?;
    Ok(tx.commit().await?)
}

/// Removes a client; what was issued to it is void.
pub async fn delete(ipse: &Ipse, caller: &Caller, id: &ClientId) -> Result<()> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    if !tx.delete_client(id.as_str()).await? {
        return Err(Refusal::NotFound("client").into());
    }
    let now = ipse.clock.now();
    record::organization(&mut tx, &caller.actor, "client.deleted", json!({ "client": id }), now).await?;
    Ok(tx.commit().await?)
}
