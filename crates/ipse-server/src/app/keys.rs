//! API keys and the access tokens bought with them.

use super::{Caller, Result, record};
use crate::random;
use crate::state::Ipse;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_core::Refusal;
use ipse_core::id::{ApiKeyId, OrganizationId};
use ipse_core::subject::bounded;
use ipse_store::Tx;
use ipse_store::keys::ApiKey;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use subtle::ConstantTimeEq as _;

/// Everything a key may be allowed, with what it means.
pub const SCOPES: &[(&str, &str)] = &[
    ("verifications:read", "See verifications, their reports and events, and campaigns"),
    ("verifications:write", "Open, cancel and redact verifications, resend links, run campaigns"),
    ("personal_data:read", "See what was read on documents, by expand"),
    ("subjects:read", "See subjects"),
    ("subjects:write", "Create and change subjects"),
    ("journeys:read", "See journeys"),
    ("journeys:write", "Create and change journeys"),
    ("webhooks:read", "See webhook endpoints and deliveries"),
    ("webhooks:write", "Create and change webhook endpoints, replay deliveries"),
    ("clients:read", "See the clients of the OpenID provider"),
    ("clients:write", "Register and change clients of the OpenID provider, replace their secrets"),
    ("keys:read", "See API keys"),
    ("keys:write", "Create and revoke API keys"),
    ("organization:read", "See the organization's settings"),
    ("organization:write", "Change the organization's settings"),
];

const TOKEN_PREFIX: &str = "ipse_at_";
const TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(60);
/// How stale "last used" may be: writing it at every request would cost a commit each.
const USED_AT_PRECISION: SignedDuration = SignedDuration::from_mins(10);

/// Makes a key. The key itself is returned once and never again.
pub async fn create(ipse: &Ipse, caller: &Caller, name: &str, scopes: Vec<String>) -> Result<(ApiKey, String)> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let made = make(ipse, &mut tx, caller, name, scopes).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a key as part of something else.
pub async fn make(
    ipse: &Ipse,
    tx: &mut Tx,
    caller: &Caller,
    name: &str,
    scopes: Vec<String>,
) -> Result<(ApiKey, String)> {
    bounded("name", name, 1, 80)?;
    let known = |scope: &String| SCOPES.iter().any(|(known, _)| known == scope);
    if scopes.is_empty() || !scopes.iter().all(known) {
        return Err(Refusal::invalid("scopes", "must name at least one scope, and only known ones").into());
    }
    let now = ipse.clock.now();
    let id = ApiKeyId::new(now, random::entropy());
    let (secret, _) = random::token();
    let key = format!("ipse_sk_{secret}");
    let prefix: String = key.chars().take(14).collect();
    let hash = random::sha256(key.as_bytes());
    let stored =
        ApiKey { id, hash, prefix, name: name.into(), scopes, created_at: now, used_at: None, revoked_at: None };
    tx.insert_api_key(&stored).await?;
    let data = json!({ "key": stored.id, "scopes": stored.scopes });
    record::organization(tx, &caller.actor, "api_key.created", data, now).await?;
    Ok((stored, key))
}

/// Revokes a key; tokens bought with it die with it.
pub async fn revoke(ipse: &Ipse, caller: &Caller, id: &ApiKeyId) -> Result<ApiKey> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let key = tx.api_key(id).await?.ok_or(Refusal::NotFound("API key"))?;
    if tx.revoke_api_key(id, now).await? {
        let data = json!({ "key": id });
        record::organization(&mut tx, &caller.actor, "api_key.revoked", data, now).await?;
    }
    tx.commit().await?;
    Ok(ApiKey { revoked_at: key.revoked_at.or(Some(now)), ..key })
}

/// Every key, oldest first.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<ApiKey>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.list_api_keys().await?)
}

/// A key that was shown and is alive, with whose it is.
pub struct Bearer {
    /// Whose.
    pub organization: OrganizationId,
    /// The key.
    pub key: ApiKey,
}

/// Whose bearer token this is: a key itself, or an access token bought with one. Nothing for anything else.
pub async fn authenticate(ipse: &Ipse, token: &str) -> Result<Option<Bearer>> {
    let now = ipse.clock.now();
    let located = if let Some(rest) = token.strip_prefix(TOKEN_PREFIX) {
        match read_token(ipse, rest, now) {
            None => return Ok(None),
            Some(id) => ipse.store.locate_api_key_id(&id).await?,
        }
    } else {
        ipse.store.locate_api_key(&random::sha256(token.as_bytes())).await?
    };
    let Some((organization, key)) = located.filter(|(_, key)| key.revoked_at.is_none()) else { return Ok(None) };
    let stale = key.used_at.is_none_or(|used| now.duration_since(used) > USED_AT_PRECISION);
    if stale {
        let mut tx = ipse.store.begin(&organization).await?;
        tx.touch_api_key(&key.id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Bearer { organization, key }))
}

/// Buys an access token with a key's id and the key: OAuth 2.0 client credentials (RFC 6749 §4.4). Returns the token
/// and its lifetime in seconds.
pub async fn buy_token(ipse: &Ipse, client_id: &str, client_secret: &str) -> Result<Option<(String, i64)>> {
    let Ok(id) = client_id.parse::<ApiKeyId>() else { return Ok(None) };
    let key = ipse.store.locate_api_key_id(&id).await?.map(|(_, key)| key);
    let hash = random::sha256(client_secret.as_bytes());
    let Some(key) = key.filter(|key| key.revoked_at.is_none() && bool::from(key.hash.ct_eq(&hash))) else {
        return Ok(None);
    };
    let expires = ipse.clock.now().as_second() + TOKEN_LIFETIME.as_secs();
    let claim = format!("{}.{expires}", key.id);
    let Some(signer) = token_keys(ipse).into_iter().next() else {
        return Err(super::Error::Unavailable("the keyring"));
    };
    let signature = URL_SAFE_NO_PAD.encode(hmac::sign(&signer, claim.as_bytes()).as_ref());
    Ok(Some((format!("{TOKEN_PREFIX}{claim}.{signature}"), TOKEN_LIFETIME.as_secs())))
}

fn token_keys(ipse: &Ipse) -> Vec<hmac::Key> {
    ipse.store.keyring().derived("access token")
}

fn read_token(ipse: &Ipse, token: &str, now: Timestamp) -> Option<ApiKeyId> {
    let (claim, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let genuine = token_keys(ipse).iter().any(|key| hmac::verify(key, claim.as_bytes(), &signature).is_ok());
    let (id, expires) = claim.split_once('.')?;
    let alive = expires.parse::<i64>().ok()? > now.as_second();
    (genuine && alive).then(|| id.parse().ok()).flatten()
}
