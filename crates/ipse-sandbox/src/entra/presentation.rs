//! Presentations: what a server asks to see, what Authenticator shows of it, and what the service says of a credential. It lets
//! through what it is made to, so that whoever asked has to look for themselves.

use super::{Callback, Credential, Entra, Inner, Manner, OFFER_SECONDS, readable};
use crate::Partners;
use crate::pages::{Held, frame, page};
use crate::views::{Frame, Status};
use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Form, Json, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// How long a credential is valid.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How sure the wallet is of a face, unless it is made to say something else.
const CONFIDENT: f64 = 86.314_159;

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/v1.0/verifiableCredentials/createPresentationRequest", post(create))
        .route("/authenticator/present", post(present))
}

/// What a server wants to see.
#[derive(Clone)]
pub(super) struct Request {
    id: String,
    /// Who asks, and what for.
    client: String,
    purpose: String,
    kind: String,
    issuers: Vec<String>,
    constraints: Vec<Value>,
    allow_revoked: bool,
    /// The claim with the picture, and the least confidence.
    face: Option<(String, f64)>,
    expiry: i64,
    done: bool,
    callback: Callback,
}

/// How presentations come out.
#[derive(Default)]
pub(super) struct Shaped {
    requests: Vec<Request>,
    bodies: Vec<Value>,
    confidence: Option<f64>,
    /// What is said otherwise of the next credentials than it is.
    told: Option<Value>,
}

impl Entra {
    /// Every request for a presentation, oldest first.
    pub fn presentation_requests(&self) -> Vec<Value> {
        self.with(|inner| inner.shaped.bodies.clone())
    }

    /// The link of every request for a presentation, oldest first.
    pub fn presentation_links(&self) -> Vec<String> {
        self.with(|inner| inner.shaped.requests.iter().map(|request| inner.presentation_link(&request.id)).collect())
    }

    /// Lets the wallet's face checks come out so; nothing, as with the right face.
    pub fn face(&self, confidence: Option<f64>) {
        self.with(|inner| inner.shaped.confidence = confidence);
    }

    /// Says this of credentials that are presented, in place of what is so: the service looked and let them through. A field
    /// that is null is left out.
    pub fn say_of_credentials(&self, told: Option<Value>) {
        self.with(|inner| inner.shaped.told = told);
    }

    /// Revokes every credential in the wallet.
    pub fn revoke_all(&self) {
        self.with(|inner| inner.issued.iter_mut().for_each(|one| one.revoked = true));
    }

    /// Puts a credential of the one authority there is into the wallet.
    pub fn put(&self, kind: &str, claims: &[(&str, &str)]) {
        let claims = claims.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.with(|inner| {
            let issued_at = inner.now();
            let id = inner.note_issued("", &claims);
            inner.wallet.push(Credential { id, kind: kind.to_owned(), claims, issued_at });
        });
    }

    /// The request of a link, while it lives.
    fn asked(&self, link: &str) -> Option<Request> {
        let id = link.rsplit('/').next()?;
        self.with(|inner| {
            let now = inner.now();
            let living = |request: &&Request| request.id == id && now < request.expiry && !request.done;
            inner.shaped.requests.iter().find(living).cloned()
        })
    }

    /// The credentials that may be shown, and their places in the wallet.
    fn fitting(&self, request: &Request) -> Vec<(usize, Credential)> {
        let cards = self.wallet().into_iter().enumerate();
        cards.filter(|(_, card)| request.takes(card)).collect()
    }

    /// Opens the request of a link as Authenticator does; nothing where there is none.
    pub(super) async fn open_presentation(&self, link: &str) -> Option<Response> {
        let request = self.asked(link)?;
        self.tell_of(&request.callback, &request.id, "request_retrieved", Value::Null).await;
        Some(page(&self.request_page(&request)))
    }

    fn request_page(&self, request: &Request) -> Page {
        let cards = self.fitting(request).into_iter().map(|(number, card)| Card {
            number,
            kind: card.kind,
            claims: readable(card.claims),
        });
        Page {
            frame: frame("/authenticator"),
            notice: None,
            asked: Some(Asked {
                request: request.id.clone(),
                client: request.client.clone(),
                purpose: request.purpose.clone(),
                face: request.face.is_some(),
                cards: cards.collect(),
            }),
        }
    }

    /// Presents a credential: the service looks at it, and tells.
    async fn show(&self, request: &Request, card: &Credential) -> bool {
        let told = self.with(|inner| {
            for known in inner.shaped.requests.iter_mut().filter(|known| known.id == request.id) {
                known.done = true;
            }
            inner.looked_at(request, card)
        });
        let is_good = told.is_ok();
        let (status, extra) = match told {
            Ok(data) => {
                ("presentation_verified", json!({ "subject": "did:ion:holder", "verifiedCredentialsData": [data] }))
            }
            Err(message) => {
                ("presentation_error", json!({ "error": { "code": "claimValidationError", "message": message } }))
            }
        };
        self.tell_of(&request.callback, &request.id, status, extra).await;
        is_good
    }
}

impl Request {
    fn takes(&self, card: &Credential) -> bool {
        let is_accepted = self.issuers.is_empty() || self.issuers.iter().any(|issuer| issuer == super::AUTHORITY);
        let is_met = |constraint: &Value| {
            let text = |name: &str| constraint.get(name).and_then(Value::as_str).map(str::to_lowercase);
            let name = constraint.get("claimName").and_then(Value::as_str).unwrap_or_default();
            let Some(told) = card.claims.get(name).map(|told| told.to_lowercase()) else { return false };
            let values = constraint.get("values").and_then(Value::as_array);
            let among =
                |values: &Vec<Value>| values.iter().filter_map(Value::as_str).any(|value| value.to_lowercase() == told);
            values.is_some_and(among)
                || text("contains").is_some_and(|part| told.contains(&part))
                || text("startsWith").is_some_and(|start| told.starts_with(&start))
        };
        card.kind == self.kind && is_accepted && self.constraints.iter().all(is_met)
    }
}

impl Inner {
    fn presentation_link(&self, id: &str) -> String {
        let path = format!("v1.0/{}/verifiableCredentials/presentationRequests/{id}", super::TENANT);
        format!("openid-vc://?request_uri={}/{path}", self.address)
    }

    /// What the service says of a credential, or why it does not let it through.
    fn looked_at(&self, request: &Request, card: &Credential) -> Result<Value, &'static str> {
        let instant = |second: i64| Timestamp::from_second(second).unwrap_or_default().to_string();
        let confidence = self.shaped.confidence.unwrap_or(CONFIDENT);
        let revoked = self.issued.iter().any(|one| one.id == card.id && one.revoked);
        let mut data = json!({
            "issuer": super::AUTHORITY,
            "type": ["VerifiableCredential", card.kind],
            "claims": card.claims,
            "credentialState": { "revocationStatus": if revoked { "REVOKED" } else { "VALID" } },
            "domainValidation": { "url": "https://utopia.example/" },
            "issuanceDate": instant(card.issued_at),
            "expirationDate": instant(card.issued_at.saturating_add(VALID_FOR.as_secs())),
        });
        if let (Some(_), Some(data)) = (&request.face, data.as_object_mut()) {
            let score = json!({ "matchConfidenceScore": confidence, "sourcePhotoQuality": "HIGH" });
            data.insert("faceCheck".to_owned(), score);
        }
        if let Some(Value::Object(told)) = &self.shaped.told {
            if let Some(data) = data.as_object_mut() {
                data.extend(told.clone());
                data.retain(|_, value| !value.is_null());
            }
            return Ok(data);
        }
        if revoked && !request.allow_revoked {
            return Err("The presented credential is revoked.");
        }
        match &request.face {
            Some((_, least)) if confidence < *least => Err("Match confidence score failing to meet the threshold."),
            _ => Ok(data),
        }
    }

    /// A request as it was made, or the field that is wrong.
    fn ask(&mut self, body: &Value) -> Result<Request, &'static str> {
        const FIELDS: [&str; 6] =
            ["authority", "includeQRCode", "includeReceipt", "registration", "callback", "requestedCredentials"];
        let known = body.as_object().is_some_and(|body| body.keys().all(|name| FIELDS.contains(&name.as_str())));
        if !known {
            return Err("");
        }
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let callback = super::service::callback(body)?;
        let all = body.get("requestedCredentials").and_then(Value::as_array).map(Vec::as_slice);
        let Some([wanted]) = all else { return Err("requestedCredentials") };
        let list = |name: &str| wanted.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let kind = wanted.get("type").and_then(Value::as_str).filter(|kind| !kind.is_empty());
        let validation = wanted.pointer("/configuration/validation");
        let face = match validation.and_then(|validation| validation.get("faceCheck")) {
            None => None,
            Some(face) => {
                let claim = face.get("sourcePhotoClaimName").and_then(Value::as_str).ok_or("faceCheck")?;
                let least = face.get("matchConfidenceThreshold").and_then(Value::as_f64).unwrap_or(70.0);
                let receipt = body.get("includeReceipt").and_then(Value::as_bool) == Some(true);
                if !(50.0..=100.0).contains(&least) || receipt {
                    return Err("faceCheck");
                }
                Some((claim.to_owned(), least))
            }
        };
        let request = Request {
            id: format!("e4ef27ca-eb8c-4b63-823b-{:0>12}", self.shaped.requests.len() + 1),
            client: text("/registration/clientName"),
            purpose: text("/registration/purpose"),
            kind: kind.ok_or("requestedCredentials.type")?.to_owned(),
            issuers: list("acceptedIssuers").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            constraints: list("constraints"),
            allow_revoked: validation.and_then(|it| it.get("allowRevoked")).and_then(Value::as_bool) == Some(true),
            face,
            expiry: self.now().saturating_add(OFFER_SECONDS),
            done: false,
            callback,
        };
        self.shaped.requests.push(request.clone());
        Ok(request)
    }
}

async fn create(State(partners): Held, headers: HeaderMap, body: Bytes) -> Response {
    let entra = &partners.entra;
    let body = match super::service::let_in(entra, &headers, &body) {
        Ok(body) => body,
        Err(refused) => return *refused,
    };
    let made = entra.with(|inner| {
        inner.shaped.bodies.push(body.clone());
        inner.ask(&body)
    });
    let request = match made {
        Ok(request) => request,
        Err(target) => return super::service::bad(target),
    };
    let manner = entra.with(|inner| inner.manner);
    if matches!(manner, Manner::BeforeTheAnswer | Manner::OpenedBeforeTheAnswer) {
        entra.tell_of(&request.callback, &request.id, "request_retrieved", Value::Null).await;
    }
    if let (Manner::BeforeTheAnswer, Some((_, card))) = (manner, entra.fitting(&request).first()) {
        entra.show(&request, card).await;
    }
    let link = entra.with(|inner| inner.presentation_link(&request.id));
    (StatusCode::CREATED, Json(json!({ "requestId": request.id, "url": link, "expiry": request.expiry })))
        .into_response()
}

#[derive(Template)]
#[template(path = "sandbox/authenticator-present.html")]
struct Page {
    frame: Frame,
    notice: Option<Status>,
    /// The request that is open.
    asked: Option<Asked>,
}

/// Who asks for what.
struct Asked {
    request: String,
    client: String,
    purpose: String,
    face: bool,
    cards: Vec<Card>,
}

/// A credential that may be shown.
struct Card {
    number: usize,
    kind: String,
    claims: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Chosen {
    request: String,
    card: usize,
}

async fn present(State(partners): Held, Form(chosen): Form<Chosen>) -> Response {
    let entra = &partners.entra;
    let ended = |status: StatusCode, tone: &'static str, label: &str| {
        let notice = Some(Status { tone, label: label.to_owned() });
        (status, page(&Page { frame: frame("/authenticator"), notice, asked: None })).into_response()
    };
    let Some(request) = entra.asked(&chosen.request) else {
        return ended(StatusCode::GONE, "bad", "This request has run out.");
    };
    let Some((_, card)) = entra.fitting(&request).into_iter().find(|(number, _)| *number == chosen.card) else {
        return ended(StatusCode::FORBIDDEN, "bad", "That is not what is asked for.");
    };
    if entra.show(&request, &card).await {
        ended(StatusCode::OK, "good", "Shown.")
    } else {
        ended(StatusCode::OK, "bad", "Something went wrong.")
    }
}
