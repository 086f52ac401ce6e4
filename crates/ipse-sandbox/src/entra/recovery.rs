//! Account recovery, as far as an extension of the event `OnVerifiedIdClaimValidation` sees it: the tenant's keys, a token
//! signed by one, and the question whether claims are those of a user.

use super::{CLIENT, Entra, TENANT};
use crate::Partners;
use crate::pages::Held;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use axum::Router;
use axum::extract::{Json, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::sync::Arc;

/// The application as which Entra calls extensions.
const EXTENSIONS: &str = "99045fe1-7639-4a75-9d4a-577b6ca3810f";
/// The id of every key.
const KEY: &str = "e1";

/// What tokens are signed with.
#[derive(Default)]
pub(super) struct Signing {
    key: Option<KeyPair>,
    /// Whether nobody gets the keys.
    withheld: bool,
}

impl Signing {
    fn key(&mut self) -> Result<&KeyPair, Unspecified> {
        if self.key.is_none() {
            self.key = Some(KeyPair::generate(KeySize::Rsa2048)?);
        }
        self.key.as_ref().ok_or(Unspecified)
    }
}

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(configuration))
        .route("/{tenant}/discovery/v2.0/keys", get(keys))
}

impl Entra {
    fn issuer(&self) -> String {
        self.with(|inner| format!("{}/{TENANT}/v2.0", inner.address))
    }

    /// Publishes no keys, or does again.
    pub fn withhold_keys(&self, withheld: bool) {
        self.with(|inner| inner.recovery.withheld = withheld);
    }

    /// A token with which it calls an extension, for the application that issues; what it says may be changed.
    ///
    /// # Errors
    /// When the library does not sign.
    pub fn token(&self, change: impl FnOnce(&mut Value)) -> Result<String, Unspecified> {
        let issuer = self.issuer();
        self.with(|inner| {
            let now = inner.now();
            let mut claims = json!({
                "iss": issuer, "aud": CLIENT, "azp": EXTENSIONS, "tid": TENANT, "ver": "2.0", "azpacr": "2",
                "iat": now, "nbf": now, "exp": now.saturating_add(3_600),
            });
            change(&mut claims);
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let signed = format!("{}.{}", part(&json!({ "typ": "JWT", "alg": "RS256", "kid": KEY })), part(&claims));
            let key = inner.recovery.key()?;
            let mut signature = vec![0; key.public_modulus_len()];
            key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)?;
            Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
        })
    }

    /// What an extension is asked about a user and the claims of their credential.
    pub fn callout(&self, user: &Value, claims: &Value) -> Value {
        json!({
            "type": "microsoft.graph.authenticationEvent.verifiedIdClaimValidation",
            "source": format!("/tenants/{TENANT}/applications/{CLIENT}"),
            "data": {
                "@odata.type": "microsoft.graph.onVerifiedIdClaimValidationCalloutData",
                "tenantId": TENANT,
                "authenticationEventListenerId": "6c1dfb58-6d4c-4b8c-8a57-5ff8ab03b1ab",
                "customAuthenticationExtensionId": "82ba5b5a-2b4a-4a5f-9d7d-4c3f7a0d2f11",
                "authenticationContext": {
                    "correlationId": "0a51d4c0-9b4b-4d58-9a45-1f7d4b0a7b10",
                    "protocol": "OAUTH2",
                    "client": { "clientIp": "192.0.2.1", "locale": "en-us", "market": "en-us" },
                    "clientServicePrincipal": { "appId": EXTENSIONS, "displayName": "Recovery", "id": EXTENSIONS },
                    "resourceServicePrincipal": null,
                    "user": user,
                },
                "verifiedIdClaimsContext": {
                    "identities": [{ "issuer": "utopia.example", "signInType": "userPrincipalName" }],
                    "additionalInfo": { "employeeId": user.get("employeeId") },
                    "claims": claims,
                },
            },
        })
    }

    /// Asks an extension; the status and what it answers, if that is JSON.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask(&self, target: &str, token: Option<&str>, body: String) -> reqwest::Result<(u16, Value)> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let request = client.post(target).header("content-type", "application/json").body(body);
        let answer = token.iter().fold(request, reqwest::RequestBuilder::bearer_auth).send().await?;
        Ok((answer.status().as_u16(), answer.json().await.unwrap_or_default()))
    }
}

async fn configuration(State(partners): Held, Path(tenant): Path<String>) -> Response {
    if tenant != TENANT {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let issuer = partners.entra.issuer();
    let keys = partners.entra.with(|inner| format!("{}/{TENANT}/discovery/v2.0/keys", inner.address));
    Json(json!({ "issuer": issuer, "jwks_uri": keys })).into_response()
}

async fn keys(State(partners): Held, Path(tenant): Path<String>) -> Response {
    let set = partners.entra.with(|inner| {
        if inner.recovery.withheld || tenant != TENANT {
            return Err(Unspecified);
        }
        let public = inner.recovery.key()?.public_key();
        let n = URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero());
        let e = URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero());
        Ok(json!({ "keys": [{ "kty": "RSA", "use": "sig", "kid": KEY, "n": n, "e": e }] }))
    });
    set.map_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response(), |set| Json(set).into_response())
}
