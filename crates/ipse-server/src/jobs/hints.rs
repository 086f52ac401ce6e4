//! Reads the keys of the Entra tenants whose hints, or calls of an extension, are believed: from the issuer's own discovery
//! document, when one is set up, every day, and soon after something came that no known key has signed.

use super::outgoing::Outgoing;
use super::{WaysOut, wait};
use crate::app::{Result, oidc::clients, recovery};
use crate::state::Shared;
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http::Request;
use ipse_core::id::OrganizationId;
use ipse_oidc::client::EntraTenant;
use ipse_oidc::entra;
use ipse_oidc::jwk::Jwks;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How often keys are looked at without being asked for.
const GLANCE: Duration = Duration::from_mins(10);
/// How often keys are read, and how long at least between two tries at the same issuer.
const DAILY: SignedDuration = SignedDuration::from_hours(24);
const AT_LEAST: SignedDuration = SignedDuration::from_mins(5);
/// The largest document: Entra's have a tenth of it.
const LARGEST: usize = 256 * 1024;

/// How many issuers are asked at once: one that does not answer holds up nobody else.
const AT_ONCE: usize = 8;

/// For whom keys are read.
enum Whose {
    /// A client, which keeps them.
    Client(OrganizationId, String),
    /// The calls of an extension; every process reads them for itself.
    Extension,
}

impl Whose {
    fn name(&self) -> &str {
        match self {
            Self::Client(_, id) => id,
            Self::Extension => "extension",
        }
    }
}

/// When an issuer was last asked for somebody, whatever came of it.
type Tried = HashMap<(String, String), Timestamp>;

pub(super) async fn run(ipse: Shared, ways_out: Arc<WaysOut>) {
    let (mut after, mut tried) = (DAILY, Tried::new());
    loop {
        if let Err(error) = refresh(&ipse, &ways_out.outgoing, after, &mut tried).await {
            tracing::error!(%error, "the keys of hints are not kept up; it will be tried again");
        }
        after = tokio::select! {
            () = ipse.hint_keys.notified() => AT_LEAST,
            open = wait(&ipse, None, GLANCE) => if open { DAILY } else { return },
        };
    }
}

/// Reads the keys that are missing, or older than this.
async fn refresh(ipse: &Shared, outgoing: &Outgoing, after: SignedDuration, tried: &mut Tried) -> Result<()> {
    let now = ipse.clock.now();
    tried.retain(|_, at| now.duration_since(*at) < AT_LEAST);
    let is_due = |(whose, tenant): &(Whose, EntraTenant)| {
        let known = tenant.keys.as_ref().is_some_and(|known| now.duration_since(known.read_at) < after);
        !known && tried.insert((whose.name().to_owned(), tenant.issuer.clone()), now).is_none()
    };
    let clients = clients::with_hints(ipse).await?.into_iter();
    let clients = clients.map(|(organization, id, tenant)| (Whose::Client(organization, id), tenant));
    let extensions = recovery::tenants(ipse).await?.into_iter().map(|tenant| (Whose::Extension, tenant));
    let due: Vec<_> = clients.chain(extensions).filter(is_due).collect();
    let one = async |(whose, tenant): (Whose, EntraTenant)| {
        let of = whose.name();
        let kept = match (read(outgoing, &tenant, now).await, &whose) {
            (Ok(keys), Whose::Client(organization, id)) => {
                clients::keep_hint_keys(ipse, organization, id, &tenant.issuer, keys).await
            }
            (Ok(keys), Whose::Extension) => {
                ipse.recovery_keys.keep(tenant.issuer, keys);
                Ok(())
            }
            (Err(why), _) => {
                tracing::warn!(of, why, "the keys of a tenant could not be read");
                Ok(())
            }
        };
        if let Err(error) = kept {
            tracing::error!(of, %error, "the keys of a tenant could not be kept; it will be tried again");
        }
    };
    stream::iter(due).for_each_concurrent(AT_ONCE, one).await;
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
