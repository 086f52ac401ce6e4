//! Start links: a client sends a browser with a token that it signed ([`ipse_oidc::start_link`]). From there on it goes the
//! way of every request, to the capture pages, whose last one leads back.

use super::{Result, flow, located};
use crate::app;
use crate::state::Ipse;
use ipse_core::id::ClientId;
use ipse_core::verification::Verification;
use ipse_oidc::{Client, Error, start_link};
use ipse_store::Tx;

/// A browser arrives at the start link of a client. Returns the id of its way; `cookie` is the browser's, new or not.
pub async fn arrive(ipse: &Ipse, client: &str, query: &[u8], cookie: &str) -> Result<String> {
    let token = start_link::token(query)?;
    let client = located(ipse, Some(client)).await?;
    let request = start_link::request(client.as_ref(), token.reveal(), ipse.clock.now())?;
    flow::enter(ipse, &client.ok_or(Error::UnknownClient)?, request, cookie).await
}

/// Whether a verification may still lead back to where it was opened for: the address of a client may have been withdrawn since.
pub async fn leads_back(tx: &mut Tx, verification: &Verification) -> app::Result<bool> {
    let client = verification.requester.external_id.as_deref().and_then(|id| id.parse::<ClientId>().ok());
    let (Some(client), Some(url)) = (client, &verification.return_url) else { return Ok(true) };
    let client = tx.client::<Client>(client.as_str()).await?;
    Ok(client.is_some_and(|client| client.redirect_uris.contains(url)))
}
