//! The provider's keys: made on first need, sealed in the store, shared by all servers of the database, rotated by plan.

use super::Result;
use crate::app::{Error, Result as AppResult};
use crate::state::Ipse;
use aws_lc_rs::hmac;
use ipse_core::Refusal;
use ipse_oidc::keys::{KeyRecord, KeySet, KeyState, RsaBits};
use ipse_oidc::profile::Alg;
use ipse_oidc::rotation::{self, KeyAge, Policy, Step};
use ipse_oidc::seal::Sealer;
use ipse_oidc::{Provider, discovery};
use ipse_store::provider_keys::{KeyChange, ProviderKey};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// How long a server goes on with the keys it has read. Steps of the plan are two days apart.
const KEPT: SignedDuration = SignedDuration::from_mins(1);
/// How often another server may be faster before we give up.
const TRIES: u32 = 5;
/// How often a request looks for the first keys, and how long it waits between two looks.
const LOOKS: u32 = 200;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The provider as this server knows it.
#[derive(Default)]
pub struct Known(Mutex<Option<(Timestamp, Arc<Provider>)>>);

impl Known {
    /// Makes the next use read the keys again.
    async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

/// The provider with its keys of today.
pub async fn provider(ipse: &Ipse) -> AppResult<Arc<Provider>> {
    let now = ipse.clock.now();
    let mut known = ipse.provider.0.lock().await;
    if let Some((_, provider)) = known.as_ref().filter(|(read_at, _)| now.duration_since(*read_at) < KEPT) {
        return Ok(provider.clone());
    }
    let mut records = read(ipse).await?;
    if records.is_empty() {
        records = first(ipse).await?;
    }
    let keys = KeySet::new(&records).map_err(|_| Error::Unavailable("the signing keys"))?;
    let sealer = Sealer::new(&request_keys(ipse)).map_err(|_| Error::Unavailable("the keyring"))?;
    let provider = Arc::new(Provider::new(&ipse.config.server.base_url, keys, sealer)?);
    *known = Some((now, provider.clone()));
    Ok(provider)
}

/// The first keys, which a job makes: a caller that goes away while they are made takes nothing with it.
async fn first(ipse: &Ipse) -> AppResult<Vec<KeyRecord>> {
    for _ in 0..LOOKS {
        ipse.signing_keys.notify_one();
        tokio::time::sleep(BETWEEN_LOOKS).await;
        let records = read(ipse).await?;
        if !records.is_empty() {
            return Ok(records);
        }
    }
    Err(Error::Overloaded(1))
}

/// What `request_uri`s are sealed with: it follows from the keyring, so every server of the database has it.
fn request_keys(ipse: &Ipse) -> Vec<Zeroizing<[u8; 32]>> {
    let derive = |key: &hmac::Key| {
        let mut bytes = Zeroizing::new([0; 32]);
        bytes.copy_from_slice(hmac::sign(key, b"aes-256-gcm-siv").as_ref());
        bytes
    };
    ipse.store.keyring().derived("oidc request_uri").iter().map(derive).collect()
}

async fn read(ipse: &Ipse) -> AppResult<Vec<KeyRecord>> {
    let damaged = || Error::Store(ipse_store::Error::Corrupt("provider_keys"));
    let record = |key: ProviderKey| {
        Ok(KeyRecord {
            alg: Alg::parse(&key.alg).ok_or_else(damaged)?,
            state: parse(&key.state).ok_or_else(damaged)?,
            kid: key.kid,
            since: key.since,
            pkcs8: key.pkcs8,
            certificate: key.certificate,
        })
    };
    ipse.store.provider_keys().await?.into_iter().map(record).collect()
}

const fn name(state: KeyState) -> &'static str {
    match state {
        KeyState::Next => "next",
        KeyState::Current => "current",
        KeyState::Retired => "retired",
    }
}

fn parse(text: &str) -> Option<KeyState> {
    [KeyState::Next, KeyState::Current, KeyState::Retired].into_iter().find(|state| name(*state) == text)
}

/// Takes the steps that are due: a key is published long before it signs, and stays published long after. Returns how
/// many were taken. Two servers at once take them once.
async fn advance(ipse: &Ipse) -> AppResult<usize> {
    for _ in 0..TRIES {
        let now = ipse.clock.now();
        let records = read(ipse).await?;
        let age = |record: &'_ KeyRecord| (record.kid.clone(), record.alg, record.state, record.since);
        let known: Vec<_> = records.iter().map(age).collect();
        let ages = known.iter().map(|(kid, alg, state, since)| KeyAge { kid, alg: *alg, state: *state, since: *since });
        let steps = rotation::plan(&ages.collect::<Vec<_>>(), &Alg::ALL, &Policy::default(), now);
        if steps.is_empty() {
            return Ok(0);
        }
        let mut changes = Vec::new();
        for step in &steps {
            changes.push(change(ipse, step, &records, now).await?);
        }
        match ipse.store.change_provider_keys(&changes).await {
            Err(ipse_store::Error::Duplicate) => {}
            done => {
                done?;
                return Ok(steps.len());
            }
        }
    }
    Err(Error::Overloaded(1))
}

async fn change(ipse: &Ipse, step: &Step, known: &[KeyRecord], now: Timestamp) -> AppResult<KeyChange> {
    Ok(match step {
        Step::Generate(alg, state) => {
            let (alg, state) = (*alg, *state);
            let made = ipse.workers.run(move || KeyRecord::generate(alg, RsaBits::default(), state, now)).await?;
            let made = made.map_err(|_| Error::Unavailable("the key generator"))?;
            KeyChange::Insert(ProviderKey {
                kid: made.kid,
                alg: alg.as_str().to_owned(),
                state: name(state).to_owned(),
                since: now,
                pkcs8: made.pkcs8,
                certificate: made.certificate,
            })
        }
        Step::Become(kid, state) => {
            let from = known.iter().find(|key| key.kid == *kid).ok_or(Refusal::NotFound("key"))?.state;
            KeyChange::Become {
                kid: kid.clone(),
                from: name(from).to_owned(),
                state: name(*state).to_owned(),
                since: now,
            }
        }
        Step::Remove(kid) => KeyChange::Remove(kid.clone()),
    })
}

/// Takes the steps that are due, if somebody wants keys or there are some already. Returns how many were taken.
pub async fn keep(ipse: &Ipse, wanted: bool) -> AppResult<usize> {
    if !wanted && ipse.store.provider_keys().await?.is_empty() {
        return Ok(0);
    }
    let steps = advance(ipse).await?;
    if steps > 0 {
        ipse.provider.forget().await;
    }
    Ok(steps)
}

/// What is published of the keys.
pub async fn jwks(ipse: &Ipse) -> Result<Value> {
    Ok(provider(ipse).await?.keys.jwks())
}

/// What the provider says of itself. The token endpoint is also that of API keys. Certificates of clients end at the
/// proxy in front of this server, so what is bound to one is not offered.
pub async fn metadata(ipse: &Ipse) -> Result<Value> {
    let mut metadata = discovery::metadata(&*provider(ipse).await?, &[]);
    if let Some(members) = metadata.as_object_mut() {
        members.insert("grant_types_supported".to_owned(), json!(["authorization_code", "client_credentials"]));
        members.insert("response_types_supported".to_owned(), json!(["code", "id_token"]));
        members.insert("tls_client_certificate_bound_access_tokens".to_owned(), json!(false));
        let methods = members.get_mut("token_endpoint_auth_methods_supported").and_then(Value::as_array_mut);
        if let Some(methods) = methods {
            methods.retain(|method| method != "self_signed_tls_client_auth");
        }
    }
    Ok(metadata)
}
