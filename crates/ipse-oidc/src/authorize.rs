//! The authorization endpoint: a browser arrives with a request, or with the `request_uri` of one.

use crate::hash::Entropy;
use crate::jwk::Jwks;
use crate::profile::{MAX_CLIENT_ID, Need, ResponseType};
use crate::provider::Refused;
use crate::{AuthorizationRequest, Client, Error, Params, Provider, Redirect, entra};
use jiff::Timestamp;

/// A browser that arrived.
#[derive(Debug)]
pub enum Incoming {
    /// With a pushed request.
    Pushed {
        /// The request.
        request: Box<AuthorizationRequest>,
        /// The `client_id` beside it.
        beside: Option<String>,
    },
    /// With a request of its own.
    Direct(Params),
}

impl Incoming {
    /// Reads a query, or the form that Entra lets the browser post. Whatever is wrong here is shown on a page.
    pub fn read(provider: &Provider, bytes: &[u8]) -> Result<Self, Refused> {
        let params = Params::form(bytes)?;
        let Some(uri) = params.get("request_uri") else {
            return Ok(Self::Direct(params));
        };
        let request = Box::new(provider.sealer.open(provider.issuer(), uri)?);
        // What stands beside a pushed request is not part of it (RFC 9126 §4).
        Ok(Self::Pushed { request, beside: params.get("client_id").map(str::to_owned) })
    }

    /// Which client to look up.
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::Pushed { request, .. } => Some(&request.client_id),
            Self::Direct(params) => params.get("client_id").filter(|id| id.len() <= MAX_CLIENT_ID),
        }
    }
}

/// Judges what a browser arrived with. `client` is the one found by [`Incoming::client_id`]; `hint_keys` are Entra's
/// public keys, needed for clients that have [`Client::entra`].
///
/// The age of a pushed request is not looked at here: a page may be reloaded long after the minute in which the request
/// had to be opened. [`crate::Interaction::arrive`] knows which it is.
pub fn request(
    provider: &Provider,
    client: Option<&Client>,
    incoming: Incoming,
    hint_keys: Option<&Jwks>,
    now: Timestamp,
    entropy: Entropy,
) -> Result<AuthorizationRequest, Refused> {
    let client = client.ok_or(Error::UnknownClient)?;
    let rules = client.profile.rules();
    if rules.response_type == ResponseType::None {
        // Its people come by links that it signed.
        return Err(Error::UnknownClient.into());
    }
    match incoming {
        Incoming::Pushed { request, beside } => {
            if request.client_id != client.id || beside.as_ref().is_some_and(|id| *id != client.id) {
                return Err(Error::RequestUri.into());
            }
            if beside.is_none() && rules.client_id_beside_request_uri == Need::Required {
                return Err(Error::Missing("client_id").into());
            }
            // A trial: sealed by this provider, which takes the address from nobody else who pushes.
            let own = request.redirect_uri == provider.trial_redirect_uri(&client.id);
            // The registration may have changed since the push.
            if !own && !client.redirect_uris.contains(&request.redirect_uri) {
                return Err(Error::RedirectUri.into());
            }
            Ok(*request)
        }
        Incoming::Direct(params) => {
            if params.get("client_id") != Some(&client.id) {
                return Err(Error::UnknownClient.into());
            }
            if rules.pushed == Need::Required {
                return Err(must_be_pushed(provider, client, &params));
            }
            let id = entropy.first_chunk().copied().ok_or(Error::ServerError)?;
            let mut request = AuthorizationRequest::read(provider.issuer(), client, &params, false, now, id)?;
            request.hint = match (params.get("id_token_hint"), rules.id_token_hint) {
                (Some(hint), _) => {
                    Some(verified_hint(client, hint_keys, hint, now).map_err(|error| back(provider, &request, error))?)
                }
                (None, Need::Required) => return Err(back(provider, &request, Error::Missing("id_token_hint"))),
                _ => None,
            };
            Ok(request)
        }
    }
}

fn verified_hint(client: &Client, keys: Option<&Jwks>, hint: &str, now: Timestamp) -> Result<entra::Hint, Error> {
    let tenant = client.entra.as_ref().ok_or(Error::ServerError)?;
    entra::hint(tenant, keys.ok_or(Error::TemporarilyUnavailable)?, hint, now)
}

fn back(provider: &Provider, request: &AuthorizationRequest, error: Error) -> Refused {
    let (uri, mode, state) = (&request.redirect_uri, request.response_mode, request.state.as_deref());
    let redirect = error.may_redirect().then(|| Redirect::error(provider.issuer(), uri, mode, state, error));
    Refused { error, redirect }
}

/// A client that has to push learns so at its redirect URI, if the request names one that is registered.
fn must_be_pushed(provider: &Provider, client: &Client, params: &Params) -> Refused {
    let error = Error::MustBePushed;
    let uri = params.get("redirect_uri").filter(|uri| client.redirect_uris.iter().any(|known| known == uri));
    let mode = client.profile.rules().response_modes.first().copied();
    let state = params.bounded("state", 2_048).ok().flatten();
    let redirect = uri.zip(mode).map(|(uri, mode)| Redirect::error(provider.issuer(), uri, mode, state, error));
    Refused { error, redirect }
}
