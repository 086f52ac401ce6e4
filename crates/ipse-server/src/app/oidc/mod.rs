//! The OpenID provider's uses: what `ipse-oidc` decides, with the store around it. The provider says what has to be
//! remembered; here it is remembered, in one transaction with what it allows.

pub mod clients;
pub mod flow;
pub mod keys;
mod proof;
pub use proof::{founds, returning};
pub mod start;
pub mod trial;

use super::{Error as AppError, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::event::{Actor, Happening};
use ipse_core::id::{ClientId, OrganizationId, VerificationId};
use ipse_oidc::params::Raw;
use ipse_oidc::profile::TOKEN_SECONDS;
use ipse_oidc::token::AccessToken;
use ipse_oidc::userinfo::{self, Ask};
use ipse_oidc::{Client, Error, Grant, Post, Redirect, Replay, par, token};
use ipse_store::Tx;
use ipse_store::oidc::Ticket;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Why the provider does not go on.
#[derive(Debug)]
pub enum Stop {
    /// It refuses; where there is a redirect, the browser may be sent back with it.
    Refused(Error, Option<Redirect>),
    /// Something else did.
    App(AppError),
}

/// A result of the provider's uses.
pub type Result<T> = std::result::Result<T, Stop>;

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error, None)
    }
}

impl From<ipse_oidc::Refused> for Stop {
    fn from(refused: ipse_oidc::Refused) -> Self {
        Self::Refused(refused.error, refused.redirect)
    }
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<ipse_store::Error> for Stop {
    fn from(error: ipse_store::Error) -> Self {
        Self::App(error.into())
    }
}

/// The client with this id, whosever it is.
async fn located(ipse: &Ipse, id: Option<&str>) -> Result<Option<Client>> {
    // Every id is made here, so whatever else is said names nobody.
    let Some(id) = id.and_then(|id| id.parse::<ClientId>().ok()) else { return Ok(None) };
    Ok(ipse.store.locate_client(id.as_str()).await?.map(|(_, client)| client))
}

/// Remembers what must not come again; refuses when it was there already. The assertion of a client that signs comes
/// first, whatever else there is is a DPoP proof.
async fn remember(tx: &mut Tx, replays: &[Replay], signs: bool) -> Result<()> {
    for (place, replay) in replays.iter().enumerate() {
        if !tx.remember_replay(&replay.key, replay.until).await? {
            return Err(if signs && place == 0 { Error::InvalidClient } else { Error::DpopProof }.into());
        }
    }
    Ok(())
}

/// Whether the client authenticates itself by an assertion.
fn signs(post: &Post) -> bool {
    post.params.get("client_assertion").is_some()
}

/// Takes in a pushed request; returns the body of the answer.
pub async fn push(ipse: &Ipse, raw: &Raw<'_>) -> Result<Value> {
    let provider = keys::provider(ipse).await?;
    let post = Post::read(raw)?;
    let client = located(ipse, post.client_id().as_deref()).await?;
    let pushed = par::push(&provider, client.as_ref(), &post, &[], ipse.clock.now(), random::bytes())?;
    if let Some(client) = client.filter(|_| !pushed.replays.is_empty()) {
        let mut tx = ipse.store.begin(&client.organization).await?;
        remember(&mut tx, &pushed.replays, signs(&post)).await?;
        tx.commit().await?;
    }
    Ok(pushed.body)
}

/// Redeems a code; returns the body of the answer.
pub async fn redeem(ipse: &Ipse, raw: &Raw<'_>) -> Result<Value> {
    let provider = keys::provider(ipse).await?;
    let post = Post::read(raw)?;
    let client = located(ipse, post.client_id().as_deref()).await?;
    let now = ipse.clock.now();
    let grant = match (&client, post.code_hash()) {
        (Some(client), Some(hash)) => ipse.store.read(&client.organization).await?.grant::<Grant>(&hash).await?,
        _ => None,
    };
    let grant = grant.map(|(grant, redeemed_at)| Grant { redeemed_at, ..grant });
    let redeemed = token::redeem(&provider, client.as_ref(), &post, grant.as_ref(), &[], now, random::bytes());
    let (Some(client), Some(grant)) = (client, grant) else {
        // Without either nothing can have been redeemed.
        return Err(redeemed.map_or_else(|error| error, |_| Error::ServerError).into());
    };
    let redeemed = match redeemed {
        Err(Error::GrantReused) => return reused(ipse, &client.organization, &grant).await,
        redeemed => redeemed?,
    };
    let token = &redeemed.token;
    let mut tx = ipse.store.begin(&client.organization).await?;
    remember(&mut tx, &redeemed.replays, signs(&post)).await?;
    if !tx.redeem_grant(&grant.code_hash, now).await? {
        drop(tx);
        return reused(ipse, &client.organization, &grant).await;
    }
    let ticket = Ticket {
        hash: &token.hash,
        client: &token.client_id,
        verification: &token.verification,
        purge_at: token.expires_at,
        value: token,
    };
    tx.insert_access_token(&ticket, &token.code_hash).await?;
    tx.commit().await?;
    Ok(redeemed.body.reveal().clone())
}

/// A code came again: somebody has stolen it, or its answer. What was issued for it goes (RFC 6749 §4.1.2).
async fn reused(ipse: &Ipse, organization: &OrganizationId, grant: &Grant) -> Result<Value> {
    let mut tx = ipse.store.begin(organization).await?;
    let revoked = tx.revoke_access_tokens(&grant.code_hash).await?;
    let data = json!({ "client": grant.client_id, "tokens_revoked": revoked });
    note(&mut tx, &grant.verification, &Actor::System, Happening::new("oidc.code_reused", data), ipse).await?;
    tx.commit().await?;
    Err(Error::GrantReused.into())
}

/// Puts what a client has to do with a verification into its chain.
async fn note(tx: &mut Tx, of: &VerificationId, actor: &Actor, what: Happening, ipse: &Ipse) -> Result<()> {
    if let Some(held) = tx.hold_verification(of).await? {
        let head = record::append(tx, &held.verification, held.head, actor, &[what], ipse.clock.now()).await?;
        tx.update_verification(&held.verification, head).await?;
    }
    Ok(())
}

/// Answers at the userinfo endpoint.
pub async fn userinfo(ipse: &Ipse, ask: &Ask<'_>) -> Result<Value> {
    let provider = keys::provider(ipse).await?;
    let hash = ask.token_hash().ok_or(Error::Token)?;
    let organization = ipse.store.locate_access_token(&hash).await?.ok_or(Error::Token)?;
    let stored = ipse.store.read(&organization).await?.access_token::<AccessToken>(&hash).await?;
    let answered = userinfo::answer(&provider, ask, stored.as_ref(), &[], ipse.clock.now())?;
    if let Some(replay) = answered.replay {
        let mut tx = ipse.store.begin(&organization).await?;
        remember(&mut tx, &[replay], false).await?;
        tx.commit().await?;
    }
    Ok(answered.body.reveal().clone())
}

/// How long the row of a code is kept: until what was issued for it is of no use.
fn kept(grant: &Grant) -> jiff::Timestamp {
    grant.expires_at.checked_add(SignedDuration::from_secs(TOKEN_SECONDS)).unwrap_or(grant.expires_at)
}
