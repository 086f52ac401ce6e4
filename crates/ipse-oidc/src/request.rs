//! The authorization request: what a client asks for, once it has been found to be allowed.

use crate::claims_request::ClaimsRequest;
use crate::client::is_scope;
use crate::entra::Hint;
use crate::hash::{base64url, from_base64url};
use crate::profile::{Need, REQUEST_URI_SECONDS, ResponseMode, ResponseType};
use crate::provider::Refused;
use crate::{Client, Error, Params, Redirect};
use ipse_core::Private;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const MAX_STATE: usize = 2_048;
const MAX_NONCE: usize = 512;
const MAX_HINT: usize = 255;

/// What a client asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// 128 random bits, base64url: by this the caller knows a request again, to let it be used once.
    pub id: String,
    /// Who asks.
    pub client_id: String,
    /// Whether it came from the authenticated client itself, not through a browser that could have changed it.
    pub pushed: bool,
    /// Until when it can be opened.
    pub expires_at: Timestamp,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What the answer is.
    pub response_type: ResponseType,
    /// How it travels.
    pub response_mode: ResponseMode,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// To be returned as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// To be returned in the ID token as it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Whom the client means. Only where the request was pushed has the client itself said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<Private<String>>,
    /// S256 of the verifier that will redeem the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<String>,
    /// The thumbprint of the key that will redeem the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
    /// The claims asked for.
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// The key of the journey that the person takes.
    pub journey: String,
    /// The value of `acr_values` that chose the journey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// BCP 47 tags, preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ui_locales: Vec<String>,
    /// Who is meant, as Entra has signed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// The client's own name of the request: `RequestId` of a start link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl AuthorizationRequest {
    /// Reads and judges the parameters of a request. Where a refusal may be told to the client through the browser,
    /// it says so; whoever pushes gets the bare error instead.
    pub(crate) fn read(
        issuer: &str,
        client: &Client,
        params: &Params,
        pushed: bool,
        now: Timestamp,
        id: [u8; 16],
    ) -> Result<Self, Refused> {
        let rules = client.profile.rules();
        // First of all where an answer may go; until that is known, nothing goes anywhere.
        let redirect_uri = params.need("redirect_uri")?;
        if !client.redirect_uris.iter().any(|known| known == redirect_uri) {
            return Err(Error::RedirectUri.into());
        }
        let state = params.bounded("state", MAX_STATE)?;
        let response_mode = response_mode(params, rules.response_modes)?;
        let refuse = |error: Error| Refused {
            error,
            redirect: error.may_redirect().then(|| Redirect::error(issuer, redirect_uri, response_mode, state, error)),
        };
        let request = || -> Result<Self, Error> {
            if params.get("request").is_some() {
                return Err(Error::RequestObject);
            }
            // To pass over a hint would be to prove another person than the client means.
            if rules.id_token_hint == Need::Refused && params.get("id_token_hint").is_some() {
                return Err(Error::NotAllowed("id_token_hint"));
            }
            let expected = match rules.response_type {
                ResponseType::Code => "code",
                ResponseType::IdToken => "id_token",
                ResponseType::None => return Err(Error::ResponseType),
            };
            if params.need("response_type")? != expected {
                return Err(Error::ResponseType);
            }
            prompt(params)?;
            max_age(params)?;
            let nonce = params.bounded("nonce", MAX_NONCE)?;
            if nonce.is_none() && rules.response_type == ResponseType::IdToken {
                return Err(Error::Missing("nonce"));
            }
            let claims = params.get("claims").map(ClaimsRequest::parse).transpose()?.unwrap_or_default();
            let asked = params.words("scope", 1_000)?;
            let (journey, acr) = journey(client, &asked, &params.words("acr_values", 1_000)?)?;
            Ok(Self {
                id: base64url(&id),
                client_id: client.id.clone(),
                pushed,
                expires_at: now.saturating_add(SignedDuration::from_secs(REQUEST_URI_SECONDS)).unwrap_or(now),
                redirect_uri: redirect_uri.to_owned(),
                response_type: rules.response_type,
                response_mode,
                scopes: scopes(client, asked)?,
                state: state.map(str::to_owned),
                nonce: nonce.map(str::to_owned),
                login_hint: login_hint(params)?,
                code_challenge: code_challenge(params, rules.pkce)?,
                dpop_jkt: dpop_jkt(params, rules.bound_tokens)?,
                claims,
                journey,
                acr,
                ui_locales: params.words("ui_locales", 200)?,
                hint: None,
                reference: None,
            })
        };
        request().map_err(refuse)
    }

    /// Whether a start link asks: nobody waits for an answer, the browser is to come back as it was sent.
    pub fn is_start_link(&self) -> bool {
        self.response_type == ResponseType::None
    }

    /// Whether a scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

fn response_mode(params: &Params, allowed: &[ResponseMode]) -> Result<ResponseMode, Error> {
    let asked = match params.get("response_mode") {
        None => allowed.first(),
        Some("query") => Some(&ResponseMode::Query),
        Some("form_post") => Some(&ResponseMode::FormPost),
        Some(_) => None,
    };
    asked.filter(|mode| allowed.contains(mode)).copied().ok_or(Error::Invalid("response_mode"))
}

/// Proving a person always shows a page; what else may be wished for is what happens anyway (Core §3.1.2.1).
fn prompt(params: &Params) -> Result<(), Error> {
    let wishes = params.words("prompt", 200)?;
    let known = |wish: &String| ["none", "login", "consent", "select_account"].contains(&wish.as_str());
    match wishes.as_slice() {
        [one] if one == "none" => Err(Error::InteractionRequired),
        wishes if wishes.iter().all(|wish| known(wish) && wish != "none") => Ok(()),
        _ => Err(Error::Invalid("prompt")),
    }
}

/// Every proof is made for its request, so any age is young enough; but it has to be an age.
fn max_age(params: &Params) -> Result<(), Error> {
    match params.get("max_age").map(str::parse::<u32>) {
        Some(Err(_)) => Err(Error::Invalid("max_age")),
        _ => Ok(()),
    }
}

/// The hint may become `sub`, which is at most 255 ASCII characters (Core §2).
fn login_hint(params: &Params) -> Result<Option<Private<String>>, Error> {
    let hint = params.bounded("login_hint", MAX_HINT)?;
    if hint.is_some_and(|hint| !hint.is_ascii()) {
        return Err(Error::Invalid("login_hint"));
    }
    Ok(hint.map(|hint| Private::new(hint.to_owned())))
}

/// The granted ones: unknown scopes are passed over (Core §3.1.2.1), but a flow that does not exist is an error, since
/// the person would take another one than the administrator meant.
fn scopes(client: &Client, asked: Vec<String>) -> Result<Vec<String>, Error> {
    if !asked.iter().any(|scope| scope == "openid") || !asked.iter().all(|scope| is_scope(scope)) {
        return Err(Error::Scope);
    }
    let granted = |scope: &String| scope == "openid" || client.scopes.contains(scope) || scope.starts_with(FLOW);
    Ok(asked.into_iter().filter(granted).collect())
}

const FLOW: &str = "idv_flow_";

fn journey(client: &Client, scopes: &[String], acr_values: &[String]) -> Result<(String, Option<String>), Error> {
    let mut flows = scopes.iter().filter(|scope| scope.starts_with(FLOW));
    match (flows.next(), flows.next()) {
        (Some(flow), None) => {
            let journey = client.journeys.get(flow).ok_or(Error::Scope)?;
            Ok((journey.clone(), None))
        }
        (Some(_), Some(_)) => Err(Error::Scope),
        (None, _) => {
            let known = acr_values.iter().find_map(|acr| client.journeys.get(acr).map(|journey| (journey, acr)));
            let chosen = known.map(|(journey, acr)| (journey.clone(), Some(acr.clone())));
            Ok(chosen.unwrap_or_else(|| (client.journey.clone(), None)))
        }
    }
}

fn code_challenge(params: &Params, pkce: Need) -> Result<Option<String>, Error> {
    match (params.get("code_challenge"), params.get("code_challenge_method"), pkce) {
        (None, None, Need::Required) => Err(Error::PkceRequired),
        (None, None, _) => Ok(None),
        (Some(_), _, Need::Refused) => Err(Error::NotAllowed("code_challenge")),
        (Some(challenge), Some("S256"), _) if is_sha256(challenge) => Ok(Some(challenge.to_owned())),
        _ => Err(Error::PkceMethod),
    }
}

fn dpop_jkt(params: &Params, bound: Need) -> Result<Option<String>, Error> {
    match params.get("dpop_jkt") {
        None => Ok(None),
        Some(_) if bound == Need::Refused => Err(Error::NotAllowed("dpop_jkt")),
        Some(jkt) if is_sha256(jkt) => Ok(Some(jkt.to_owned())),
        Some(_) => Err(Error::Invalid("dpop_jkt")),
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 43 && from_base64url(text).is_some_and(|hash| hash.len() == 32)
}
