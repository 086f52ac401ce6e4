//! What a server calls: the token endpoint, the manifest, and the request service.

use super::{
    ASSERTION, AUTHORITY, CLIENT, Callback, Entra, Inner, Manner, OFFER_SECONDS, Offer, SECRET, TENANT, graph,
};
use crate::Partners;
use crate::jws::{is_signed, public_key};
use crate::pages::Held;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Form, Json, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The request service, as a token is asked for it.
const SCOPE: &str = "3db474b9-6a0c-4840-96ac-1fceb342124f/.default";
/// The administration.
const ADMIN_SCOPE: &str = "6a8b4b39-c021-437c-b060-5a14a3fd65f3/.default";
/// What an application may do there.
const ADMIN_ROLES: [&str; 4] = [
    "VerifiableCredential.Authority.ReadWrite",
    "VerifiableCredential.Contract.ReadWrite",
    "VerifiableCredential.Credential.Search",
    "VerifiableCredential.Credential.Revoke",
];

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(token))
        .route("/v1.0/tenants/{tenant}/verifiableCredentials/contracts/{contract}/manifest", get(manifest))
        .route("/v1.0/verifiableCredentials/createIssuanceRequest", post(create))
}

fn unsigned(payload: &Value) -> String {
    format!("e30.{}.c2FuZGJveA", URL_SAFE_NO_PAD.encode(payload.to_string()))
}

async fn token(
    State(partners): Held,
    Path(tenant): Path<String>,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let given = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let refused = |status: StatusCode, error: &str, code: u32| {
        let description = format!("AADSTS{code}: Made to explain itself.");
        let body = json!({ "error": error, "error_description": description, "error_codes": [code] });
        (status, Json(body)).into_response()
    };
    if tenant != TENANT {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", 90_002);
    }
    if given("client_id") != CLIENT {
        return refused(StatusCode::BAD_REQUEST, "unauthorized_client", 700_016);
    }
    let proven = match given("client_assertion_type") {
        "" if given("client_secret") == SECRET => Ok(()),
        "" => Err(7_000_215),
        ASSERTION => partners.entra.with(|inner| inner.believes(given("client_assertion"))),
        _ => Err(700_025),
    };
    if let Err(code) = proven {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client", code);
    }
    let is_admin = given("scope") == ADMIN_SCOPE;
    let is_graph = given("scope") == partners.entra.with(|inner| format!("{}/.default", inner.address));
    if !(is_admin || is_graph || given("scope") == SCOPE) || given("grant_type") != "client_credentials" {
        return refused(StatusCode::BAD_REQUEST, "invalid_scope", 70_011);
    }
    partners.entra.with(|inner| {
        inner.given += 1;
        if is_graph {
            let roles = inner.graph.roles();
            let access = unsigned(&graph::token(inner.given, &roles));
            inner.graph.tokens.insert(access.clone(), roles);
            return granted(&access);
        }
        let roles = match &inner.roles {
            _ if is_admin => ADMIN_ROLES.to_vec(),
            Some(roles) => roles.clone(),
            None => vec!["VerifiableCredential.Create.All"],
        };
        let access = unsigned(&json!({ "tid": TENANT, "appid": CLIENT, "roles": roles, "jti": inner.given }));
        inner.tokens.insert(access.clone(), is_admin);
        granted(&access)
    })
}

fn granted(access: &str) -> Response {
    Json(json!({ "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": access }))
        .into_response()
}

async fn manifest(State(partners): Held, Path((tenant, contract)): Path<(String, String)>) -> Response {
    let known = partners.entra.with(|inner| inner.contracts.iter().find(|one| one.id == contract).cloned());
    match known.filter(|_| tenant == TENANT) {
        None => failed(StatusCode::NOT_FOUND, "notFound", None),
        Some(contract) => Json(json!({ "token": unsigned(&contract.manifest()) })).into_response(),
    }
}

impl Inner {
    /// Whether an assertion is the application's; the number of the refusal otherwise.
    fn believes(&mut self, assertion: &str) -> Result<(), u32> {
        const NO_KEY: u32 = 700_027;
        let json = |part: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok() };
        let (signed, signature) = assertion.rsplit_once('.').ok_or(NO_KEY)?;
        let (header, claims) = signed.split_once('.').ok_or(NO_KEY)?;
        let (header, claims) = json(header).zip(json(claims)).ok_or(NO_KEY)?;
        let says = |of: &Value, name: &str, text: &str| of.get(name).and_then(Value::as_str) == Some(text);
        let is_named = |der: &&Vec<u8>| {
            says(&header, "alg", "RS256")
                && says(&header, "x5t", &URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, der)))
        };
        let certificate = self.certificates.iter().find(is_named).ok_or(NO_KEY)?;
        let public = public_key(certificate).ok_or(NO_KEY)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| NO_KEY)?;
        if !is_signed(&public, signed, &signature) {
            return Err(NO_KEY);
        }
        let moment = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or_default();
        if moment("nbf") > self.now() || moment("exp") <= self.now() {
            return Err(700_024);
        }
        let audience = format!("{}/{TENANT}/oauth2/v2.0/token", self.address);
        if !(says(&claims, "iss", CLIENT) && says(&claims, "sub", CLIENT) && says(&claims, "aud", &audience)) {
            return Err(700_023);
        }
        let unique = claims.get("jti").and_then(Value::as_str).unwrap_or_default().to_owned();
        if unique.is_empty() || !self.assertions.insert(unique) { Err(700_021) } else { Ok(()) }
    }
}

/// The token that came with a request.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
}

pub(super) fn failed(status: StatusCode, code: &str, inner: Option<(&str, &str)>) -> Response {
    let mut error = json!({ "code": code, "message": "The request is invalid." });
    if let (Some((code, target)), Some(error)) = (inner, error.as_object_mut()) {
        error.insert("innererror".to_owned(), json!({ "code": code, "message": "Made to fail.", "target": target }));
    }
    let body = json!({ "requestId": "r", "date": "d", "mscv": "m", "error": error });
    (status, Json(body)).into_response()
}

pub(super) fn bad(target: &str) -> Response {
    failed(StatusCode::BAD_REQUEST, "badRequest", Some(("badOrMissingField", target)))
}

/// The body of a request that comes with a token, unless everything is refused.
pub(super) fn let_in(entra: &Entra, headers: &HeaderMap, body: &[u8]) -> Result<Value, Box<Response>> {
    let known = entra.with(|inner| bearer(headers).is_some_and(|token| inner.tokens.get(token) == Some(&false)));
    if !known {
        return Err(Box::new(failed(StatusCode::UNAUTHORIZED, "unauthorized", Some(("tokenError", "")))));
    }
    if let Some(refusal) = entra.with(|inner| inner.refusal) {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return Err(Box::new(failed(status, refusal.code, refusal.inner)));
    }
    serde_json::from_slice(body).map_err(|_| Box::new(bad("")))
}

async fn create(State(partners): Held, headers: HeaderMap, body: Bytes) -> Response {
    let body = match let_in(&partners.entra, &headers, &body) {
        Ok(body) => body,
        Err(refused) => return *refused,
    };
    let made = partners.entra.with(|inner| {
        inner.requests.push(body.clone());
        inner.offer(&body)
    });
    let offer = match made {
        Ok(offer) => offer,
        Err(target) => return bad(target),
    };
    let manner = partners.entra.with(|inner| inner.manner);
    if matches!(manner, Manner::BeforeTheAnswer | Manner::OpenedBeforeTheAnswer) {
        partners.entra.say(&offer, "request_retrieved", None).await;
    }
    if manner == Manner::BeforeTheAnswer {
        partners.entra.issue(&offer).await;
    }
    let link = partners.entra.with(|inner| inner.link(&offer.id));
    let answer = json!({ "requestId": offer.id, "url": link, "expiry": offer.expiry });
    (StatusCode::CREATED, Json(answer)).into_response()
}

const FIELDS: [&str; 9] =
    ["includeQRCode", "authority", "callback", "registration", "type", "manifest", "pin", "claims", "expirationDate"];

/// Where a request wants to be told of it, and for whom it is; or the field that is wrong.
pub(super) fn callback(body: &Value) -> Result<Callback, &'static str> {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if text("/authority") != AUTHORITY {
        return Err("authority");
    }
    let url = text("/callback/url");
    // The real one wants a public https address; this one knows no other machine.
    if !(url.starts_with("https://") || url.starts_with("http://localhost:")) {
        return Err("callback.url");
    }
    let headers = body.pointer("/callback/headers").and_then(Value::as_object).cloned().unwrap_or_default();
    if text("/callback/state").is_empty() {
        return Err("callback.state");
    }
    if !headers.iter().all(|(name, value)| matches!(name.as_str(), "api-key" | "Authorization") && value.is_string()) {
        return Err("callback.headers");
    }
    if text("/registration/clientName").is_empty() {
        return Err("registration.clientName");
    }
    let headers = headers.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
    Ok(Callback { url: url.to_owned(), state: text("/callback/state").to_owned(), headers: headers.collect() })
}

impl Inner {
    /// An offer as it was asked for, or the field that is wrong.
    fn offer(&mut self, body: &Value) -> Result<Offer, &'static str> {
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let known = body.as_object().is_some_and(|body| body.keys().all(|name| FIELDS.contains(&name.as_str())));
        if !known {
            return Err("");
        }
        let callback = callback(body)?;
        let contract = self.contracts.iter().find(|one| self.manifest_of(&one.id) == text("/manifest")).cloned();
        let contract = contract.ok_or("manifest")?;
        if text("/type") != contract.kind() {
            return Err("type");
        }
        let claims: BTreeMap<String, String> =
            serde_json::from_value(body.get("claims").cloned().unwrap_or_default()).map_err(|_| "claims")?;
        let inputs = contract.inputs();
        let complete = inputs.iter().all(|(claim, one)| one["required"] != true || claims.contains_key(claim));
        if !complete || !claims.keys().all(|claim| inputs.iter().any(|(known, _)| known == claim)) {
            return Err("claims");
        }
        let pin = match body.get("pin") {
            None => None,
            Some(pin) => {
                let hashed = text("/pin/alg") == "sha256"
                    && pin.get("iterations").and_then(Value::as_u64) == Some(1)
                    && text("/pin/type") == "numeric"
                    && !text("/pin/salt").is_empty();
                let length = pin.get("length").and_then(Value::as_u64).filter(|length| (4..=16).contains(length));
                if !hashed {
                    return Err("pin");
                }
                Some((text("/pin/value").to_owned(), text("/pin/salt").to_owned(), length.ok_or("pin.length")?))
            }
        };
        let number = self.offers.len() + 1;
        let id = format!("799f23ea-5241-45af-99ad-{number:0>12}");
        let offer = Offer {
            id: id.clone(),
            contract,
            claims,
            pin,
            expiry: self.now().saturating_add(OFFER_SECONDS),
            issued: false,
            callback,
        };
        self.offers.insert(id, offer.clone());
        Ok(offer)
    }
}
