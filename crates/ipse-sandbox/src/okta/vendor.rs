//! The vendor of identity verification: what an administrator types in, and what is said to it on the wire.

use super::Reason;
use super::claims::{Asked, Told};
use super::id_token;
use crate::random;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use reqwest::StatusCode;
use serde_json::Value;

/// A custom vendor, as Okta's form for it asks.
#[derive(Clone)]
pub struct Vendor {
    /// The name that people are shown.
    pub name: String,
    /// The issuer of its ID tokens, letter by letter.
    pub issuer: String,
    /// Where requests are pushed.
    pub par: String,
    /// Where browsers are sent.
    pub authorize: String,
    /// Where codes are redeemed.
    pub token: String,
    /// Where its keys are.
    pub jwks: String,
    /// Our id there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// What is asked for; `idv_flow_…` chooses one of the vendor's flows.
    pub scopes: Vec<String>,
}

/// A request that was pushed, and what its answer has to fit.
#[derive(Clone)]
pub(super) struct Pushed {
    pub(super) state: String,
    pub(super) nonce: String,
    verifier: String,
    pub(super) asked: Asked,
}

impl Pushed {
    pub(super) fn new(asked: Asked) -> Option<Self> {
        Some(Self { state: random()?, nonce: random()?, verifier: random()?, asked })
    }
}

impl Vendor {
    /// Pushes a request for a person; returns it, and where their browser goes.
    pub(super) async fn push(&self, redirect_uri: &str, user: &str, asked: Asked) -> Result<(Pushed, String), Reason> {
        let pushed = Pushed::new(asked).ok_or(Reason::ResponseProcessingErrorPar)?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, pushed.verifier.as_bytes()));
        let form = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("scope", &self.scopes.join(" ")),
            ("nonce", &pushed.nonce),
            ("state", &pushed.state),
            ("login_hint", user),
            ("redirect_uri", redirect_uri),
            ("claims", &pushed.asked.parameter()),
        ];
        let (status, answer) = self.post(&self.par, &form).await.ok_or(Reason::ResponseProcessingErrorPar)?;
        if status != StatusCode::CREATED {
            return Err(Reason::ErrorResponsePar);
        }
        let request_uri = answer.get("request_uri").and_then(Value::as_str);
        let request_uri = request_uri.ok_or(Reason::ResponseProcessingErrorPar)?;
        // As Okta does: without client_id.
        let to = reqwest::Url::parse_with_params(&self.authorize, [("request_uri", request_uri)]);
        let to = to.map_err(|_| Reason::ResponseProcessingErrorPar)?;
        Ok((pushed, to.into()))
    }

    /// Redeems a code, and reads what the ID token says of the person.
    pub(super) async fn redeem(&self, redirect_uri: &str, code: &str, pushed: &Pushed) -> Result<Told, Reason> {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("code", code),
            ("code_verifier", &pushed.verifier),
            ("redirect_uri", redirect_uri),
        ];
        let wrong = Reason::ResponseProcessingErrorToken;
        let (status, answer) = self.post(&self.token, &form).await.ok_or(wrong)?;
        if status != StatusCode::OK {
            return Err(Reason::ErrorResponseToken);
        }
        let token = answer.get("id_token").and_then(Value::as_str).ok_or(wrong)?;
        answer.get("expires_in").and_then(Value::as_u64).ok_or(wrong)?;
        let keys: JwkSet =
            async { client()?.get(&self.jwks).send().await.ok()?.json().await.ok() }.await.ok_or(wrong)?;
        id_token::read(token, &keys, self, pushed)
    }

    async fn post(&self, url: &str, form: &[(&str, &str)]) -> Option<(StatusCode, Value)> {
        let answer = client()?.post(url).form(form).send().await.ok()?;
        let status = answer.status();
        // An error may come without a body that can be read.
        let body = answer.json().await;
        if status.is_success() { Some((status, body.ok()?)) } else { Some((status, Value::Null)) }
    }
}

fn client() -> Option<reqwest::Client> {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().ok()
}
