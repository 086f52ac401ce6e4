//! Start links: a client sends a browser with a token that it signed ([`ipse_oidc::start_link`]). From there on it goes the
//! way of every request, to the capture pages, whose last one leads back.

use super::{Result, flow, located};
use crate::state::Ipse;
use ipse_oidc::{Error, start_link};

/// A browser arrives at the start link of a client. Returns the id of its way; `cookie` is the browser's, new or not.
pub async fn arrive(ipse: &Ipse, client: &str, query: &[u8], cookie: &str) -> Result<String> {
    let token = start_link::token(query)?;
    let client = located(ipse, Some(client)).await?;
    let request = start_link::request(client.as_ref(), token.reveal(), ipse.clock.now())?;
    flow::enter(ipse, &client.ok_or(Error::UnknownClient)?, request, cookie).await
}
