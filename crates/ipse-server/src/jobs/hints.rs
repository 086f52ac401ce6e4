//! Reads the keys of the Entra tenants whose hints are believed: from the issuer's own discovery document, when a client
//! is registered, every day, and soon after a hint came that no known key has signed.

use super::outgoing::Outgoing;
use super::{WaysOut, wait};
use crate::app::{Result, oidc::clients};
use crate::state::Shared;
use bytes::Bytes;
use http::Request;
use ipse_oidc::client::EntraTenant;
use ipse_oidc::entra;
use ipse_oidc::jwk::Jwks;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// How often keys are looked at without being asked for.
const GLANCE: Duration = Duration::from_mins(10);
/// How long keys are believed without a look, and how long at least between two looks at the same issuer.
const DAILY: SignedDuration = SignedDuration::from_hours(24);
const AT_LEAST: SignedDuration = SignedDuration::from_mins(5);
/// The largest document: Entra's have a tenth of it.
const LARGEST: usize = 256 * 1024;

pub(super) async fn run(ipse: Shared, ways_out: Arc<WaysOut>) {
    let mut after = DAILY;
    loop {
        if let Err(error) = refresh(&ipse, &ways_out.outgoing, after).await {
            tracing::error!(%error, "the keys of hints are not kept up; it will be tried again");
        }
        after = tokio::select! {
            () = ipse.hint_keys.notified() => AT_LEAST,
            open = wait(&ipse, None, GLANCE) => if open { DAILY } else { return },
        };
    }
}

/// Reads the keys that are missing, or older than this.
async fn refresh(ipse: &Shared, outgoing: &Outgoing, after: SignedDuration) -> Result<()> {
    for (organization, id, tenant) in clients::with_hints(ipse).await? {
        let now = ipse.clock.now();
        if tenant.keys.as_ref().is_some_and(|known| now.duration_since(known.read_at) < after) {
            continue;
        }
        match read(outgoing, &tenant, now).await {
            Ok(keys) => clients::keep_hint_keys(ipse, &organization, &id, &tenant.issuer, keys).await?,
            Err(why) => tracing::warn!(client = id, why, "the keys of its hints could not be read"),
        }
    }
    Ok(())
}

async fn read(
    outgoing: &Outgoing,
    tenant: &EntraTenant,
    now: Timestamp,
) -> std::result::Result<entra::HintKeys, String> {
    let metadata = fetch(outgoing, &format!("{}/.well-known/openid-configuration", tenant.issuer)).await?;
    let address =
        entra::jwks_uri(tenant, &metadata).ok_or("its discovery document is of another issuer, or names no keys")?;
    let keys = fetch(outgoing, address).await?;
    let keys = Jwks::parse(&keys).map_err(|_| "it publishes no keys")?;
    Ok(entra::HintKeys { keys, read_at: now })
}

async fn fetch(outgoing: &Outgoing, url: &str) -> std::result::Result<Value, String> {
    let request = Request::get(url).header(http::header::ACCEPT, "application/json").body(Bytes::new());
    let request = request.map_err(|_| "not an address")?;
    let answer = outgoing.fetch(request, LARGEST).await.map_err(|unsent| unsent.0)?;
    serde_json::from_slice(&answer).map_err(|_| "its answer is no JSON".to_owned())
}
