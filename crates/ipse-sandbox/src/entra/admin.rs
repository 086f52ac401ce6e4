//! What an administrator calls: the authority, its contracts, and what was issued under one.

use super::service::{bearer, failed};
use super::{AUTHORITY, CLAIMS, CONTRACT, CREDENTIAL, Inner, TENANT};
use crate::Partners;
use crate::pages::Held;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::extract::{Json, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The authority's id in addresses.
const OWN: &str = "1c8f6a2e-5b0d-4f7e-9a3c-2d4e6f8a0b1c";

pub(super) fn routes() -> Router<Arc<Partners>> {
    let contract = "/v1.0/verifiableCredentials/authorities/{authority}/contracts/{contract}";
    Router::new()
        .route("/v1.0/verifiableCredentials/authorities", get(authorities))
        .route("/v1.0/verifiableCredentials/authorities/{authority}/contracts", get(contracts).post(create))
        .route(contract, axum::routing::patch(update))
        .route(&format!("{contract}/credentials"), get(search))
        .route(&format!("{contract}/credentials/{{credential}}/revoke"), post(revoke))
}

/// A contract that credentials are issued under.
#[derive(Clone)]
pub(super) struct Contract {
    pub(super) id: String,
    body: Value,
}

/// What is known of a credential where it was issued.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) id: String,
    contract: String,
    /// The hash of its indexed claim.
    hash: Option<String>,
    pub(super) revoked: bool,
}

impl Contract {
    /// The one that an administrator has made by hand.
    pub(super) fn by_hand() -> Self {
        let mapping = |(claim, required): (&str, bool)| {
            json!({
                "outputClaim": claim, "inputClaim": format!("$.{claim}"), "required": required,
                "indexed": claim == "verification_id",
            })
        };
        let shown = |(claim, _): (&str, bool)| {
            let kind = if claim == "photo" { "image/jpg;base64url" } else { "String" };
            json!({ "claim": format!("vc.credentialSubject.{claim}"), "label": claim, "type": kind })
        };
        let body = json!({
            "name": "ByHand",
            "rules": {
                "attestations": { "idTokenHints": [{ "required": true, "mapping": CLAIMS.map(mapping) }] },
                "vc": { "type": [CREDENTIAL] },
            },
            "displays": [{ "locale": "en-US", "claims": CLAIMS.map(shown) }],
        });
        Self { id: CONTRACT.to_owned(), body }
    }

    pub(super) fn kind(&self) -> &str {
        self.body.pointer("/rules/vc/type/0").and_then(Value::as_str).unwrap_or_default()
    }

    /// The names of its claims in a request, and what is said of each.
    pub(super) fn inputs(&self) -> Vec<(String, &Value)> {
        let mapping = self.body.pointer("/rules/attestations/idTokenHints/0/mapping").and_then(Value::as_array);
        let input = |one| {
            let claim = text(one, "inputClaim");
            (claim.strip_prefix("$.").unwrap_or(claim).to_owned(), one)
        };
        mapping.into_iter().flatten().map(input).collect()
    }

    /// What its manifest says.
    pub(super) fn manifest(&self) -> Value {
        let asked = self.inputs().into_iter().map(|(claim, one)| {
            json!({ "claim": format!("$.{claim}"), "required": one["required"], "indexed": one["indexed"] })
        });
        let shown = self.body.pointer("/displays/0/claims").and_then(Value::as_array);
        let shown: serde_json::Map<String, Value> =
            shown.into_iter().flatten().map(|one| (text(one, "claim").to_owned(), one.clone())).collect();
        json!({
            "iss": AUTHORITY,
            "display": { "locale": "en-US", "claims": shown },
            "input": { "attestations": { "idTokens": [
                { "configuration": "https://self-issued.me", "claims": asked.collect::<Vec<_>>() },
            ] } },
        })
    }

    /// What the credential says, by its own names for it.
    pub(super) fn outward(&self, told: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let named =
            |(claim, one): (String, &Value)| Some((text(one, "outputClaim").to_owned(), told.get(&claim)?.clone()));
        self.inputs().into_iter().filter_map(named).collect()
    }
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl Inner {
    pub(super) fn manifest_of(&self, contract: &str) -> String {
        format!("{}/v1.0/tenants/{TENANT}/verifiableCredentials/contracts/{contract}/manifest", self.address)
    }

    /// Notes that a credential was issued; its id.
    pub(super) fn note_issued(&mut self, contract: &str, told: &BTreeMap<String, String>) -> String {
        let known = self.contracts.iter().find(|known| known.id == contract);
        let indexed = known.and_then(|known| {
            known
                .inputs()
                .into_iter()
                .find(|(_, one)| one["indexed"] == true)
                .and_then(|(claim, _)| told.get(&claim).cloned())
        });
        let hash = indexed.map(|value| STANDARD.encode(digest(&SHA256, format!("{contract}{value}").as_bytes())));
        let id = format!("urn:pic:{:032x}", self.issued.len() + 1);
        self.issued.push(Issued { id: id.clone(), contract: contract.to_owned(), hash, revoked: false });
        id
    }

    fn shown(&self, contract: &Contract) -> Value {
        let mut body = contract.body.clone();
        if let Some(body) = body.as_object_mut() {
            body.insert("id".to_owned(), json!(contract.id));
            body.insert("status".to_owned(), json!("Enabled"));
            body.insert("manifestUrl".to_owned(), json!(self.manifest_of(&contract.id)));
        }
        body
    }
}

/// What to answer to somebody who may not, or whose authority is none.
fn refused(partners: &Partners, headers: &HeaderMap, authority: Option<&str>) -> Option<Response> {
    if !partners.entra.with(|inner| bearer(headers).is_some_and(|token| inner.tokens.get(token) == Some(&true))) {
        return Some(failed(StatusCode::UNAUTHORIZED, "unauthorized", Some(("tokenError", ""))));
    }
    if let Some(refusal) = partners.entra.with(|inner| inner.admin_refusal) {
        let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        return Some(failed(status, refusal.code, refusal.inner));
    }
    let known = authority.is_none_or(|authority| authority == OWN);
    (!known).then(|| failed(StatusCode::NOT_FOUND, "notFound", None))
}

async fn authorities(State(partners): Held, headers: HeaderMap) -> Response {
    if let Some(refused) = refused(&partners, &headers, None) {
        return refused;
    }
    let own = json!({
        "id": OWN, "name": "Utopia", "status": "Enabled",
        "didModel": { "did": AUTHORITY, "signingKeys": [], "linkedDomainUrls": [], "didDocumentStatus": "published" },
    });
    Json(json!({ "value": [own] })).into_response()
}

async fn contracts(State(partners): Held, Path(authority): Path<String>, headers: HeaderMap) -> Response {
    if let Some(refused) = refused(&partners, &headers, Some(&authority)) {
        return refused;
    }
    let value = partners.entra.with(|inner| inner.contracts.iter().map(|one| inner.shown(one)).collect::<Vec<_>>());
    Json(json!({ "value": value })).into_response()
}

async fn create(
    State(partners): Held,
    Path(authority): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refused) = refused(&partners, &headers, Some(&authority)) {
        return refused;
    }
    let made = partners.entra.with(|inner| {
        let known = inner.contracts.iter().any(|one| one.body.get("name") == body.get("name"));
        if known || text(&body, "name").is_empty() {
            return Err("name");
        }
        check(&body)?;
        let id = format!("370f04a8-c259-5ef7-b61a-{:012x}", inner.contracts.len() + 1);
        let contract = Contract { id, body: body.clone() };
        let shown = inner.shown(&contract);
        inner.contracts.push(contract);
        Ok(shown)
    });
    match made {
        Ok(shown) => (StatusCode::CREATED, Json(shown)).into_response(),
        Err(target) => failed(StatusCode::BAD_REQUEST, "badRequest", Some(("badOrMissingField", target))),
    }
}

/// The field that is wrong, if one is.
fn check(body: &Value) -> Result<(), &'static str> {
    let mapping = body.pointer("/rules/attestations/idTokenHints/0/mapping").and_then(Value::as_array);
    let mapping = mapping.filter(|mapping| !mapping.is_empty()).ok_or("rules.attestations")?;
    if mapping.iter().filter(|one| one["indexed"] == true).count() > 1 {
        return Err("rules.attestations.idTokenHints.mapping");
    }
    let is_card = body.pointer("/displays/0/card/title").is_some_and(Value::is_string);
    let is_typed = body.pointer("/rules/vc/type/0").is_some_and(Value::is_string);
    if is_card && is_typed { Ok(()) } else { Err("displays") }
}

async fn update(
    State(partners): Held,
    Path((authority, contract)): Path<(String, String)>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Response {
    if let Some(refused) = refused(&partners, &headers, Some(&authority)) {
        return refused;
    }
    if let Err(target) = check(&body) {
        return failed(StatusCode::BAD_REQUEST, "badRequest", Some(("badOrMissingField", target)));
    }
    let shown = partners.entra.with(|inner| {
        let known = inner.contracts.iter_mut().find(|one| one.id == contract)?;
        if let (Some(known), Some(body)) = (known.body.as_object_mut(), body.as_object()) {
            known.extend(body.clone());
        }
        let known = known.clone();
        Some(inner.shown(&known))
    });
    shown.map_or_else(|| failed(StatusCode::NOT_FOUND, "notFound", None), |shown| Json(shown).into_response())
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    filter: String,
}

async fn search(
    State(partners): Held,
    Path((authority, contract)): Path<(String, String)>,
    Query(search): Query<Search>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = refused(&partners, &headers, Some(&authority)) {
        return refused;
    }
    let Some(hash) = search.filter.strip_prefix("indexclaimhash eq ") else {
        return failed(StatusCode::BAD_REQUEST, "badRequest", Some(("badOrMissingField", "filter")));
    };
    let found = partners.entra.with(|inner| {
        let found = inner.issued.iter().filter(|one| one.contract == contract && one.hash.as_deref() == Some(hash));
        let shown = found.map(|one| {
            let status = if one.revoked { "revoked" } else { "valid" };
            json!({ "id": one.id, "contractId": contract, "status": status, "issuedAt": "2026-11-22T00:00:00Z" })
        });
        shown.collect::<Vec<_>>()
    });
    Json(json!({ "value": found })).into_response()
}

async fn revoke(
    State(partners): Held,
    Path((authority, contract, credential)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    if let Some(refused) = refused(&partners, &headers, Some(&authority)) {
        return refused;
    }
    let found = partners.entra.with(|inner| {
        let mut all = inner.issued.iter_mut();
        all.find(|one| one.contract == contract && one.id == credential).map(|one| one.revoked = true)
    });
    if found.is_some() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        failed(StatusCode::NOT_FOUND, "notFound", None)
    }
}
