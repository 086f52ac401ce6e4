//! `POST /v/session/evidence`: one picture, raw from the page's script or in a form from a page without one; and
//! `/v/session/evidence/chip`, what a reader found on the document's chip.

use super::Bound;
use super::pages::{self, Shown};
use crate::app::Error;
use crate::app::capture::{self, Taken};
use crate::app::chip;
use crate::http::problem::Problem;
use crate::state::{Ipse, Shared};
use axum::Json;
use axum::extract::{FromRequest as _, Multipart, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use ipse_checks::Asked;
use ipse_core::Refusal;
use ipse_core::document::{DocumentKind, Side};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub(super) struct What {
    kind: Option<String>,
    document_kind: Option<String>,
    side: Option<String>,
}

impl What {
    fn read(&self) -> Option<Asked> {
        match self.kind.as_deref()? {
            "selfie" => Some(Asked::Selfie),
            "document" => Some(Asked::Document {
                kind: DocumentKind::parse(self.document_kind.as_deref()?)?,
                side: Side::parse(self.side.as_deref()?)?,
            }),
            _ => None,
        }
    }
}

pub(super) async fn take(
    State(ipse): State<Shared>,
    Query(what): Query<What>,
    bound: Bound,
    request: Request,
) -> Response {
    let is_form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"));
    let (bytes, csrf) = match if is_form { form(request).await } else { raw(request).await } {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    if let Err(response) = bound.check(&csrf) {
        return response;
    }
    let Some(asked) = what.read() else {
        return Problem::from(Refusal::invalid("kind", "must be document or selfie, with its kind and side"))
            .into_response();
    };
    let taken = capture::take(&ipse, &bound.session, asked, bytes).await;
    if is_form { shown(&ipse, &bound, asked, taken) } else { told(&bound, taken) }
}

async fn raw(request: Request) -> Result<(Bytes, String), Problem> {
    let csrf = request.headers().get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let crate::http::body::Raw(bytes) = crate::http::body::Raw::from_request(request, &()).await?;
    Ok((bytes, csrf))
}

async fn form(request: Request) -> Result<(Bytes, String), Problem> {
    let malformed = || Problem::malformed("The form does not have the expected fields.");
    let too_large = |error: &axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is larger than allowed.")
        } else {
            malformed()
        }
    };
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    let (mut image, mut csrf) = (None, String::new());
    while let Some(part) = parts.next_field().await.map_err(|error| too_large(&error))? {
        match part.name() {
            Some("image") => image = Some(part.bytes().await.map_err(|error| too_large(&error))?),
            Some("csrf") => csrf = part.text().await.map_err(|error| too_large(&error))?,
            _ => {}
        }
    }
    Ok((image.ok_or_else(malformed)?, csrf))
}

/// The answer to the page's script.
pub(super) fn told(bound: &Bound, taken: Result<Taken, Error>) -> Response {
    match taken {
        Ok(taken) => {
            let hint = |reason: &ipse_core::reason::Reason| json!({ "code": reason.code(), "message": bound.reader.text.reason(reason.code()) });
            Json(json!({
                "accepted": taken.accepted,
                "hints": taken.hints.iter().map(hint).collect::<Vec<_>>(),
                "attempts_left": taken.attempts_left,
                "next": "/v/session",
            }))
            .into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The answer to a form.
fn shown(ipse: &Ipse, bound: &Bound, asked: Asked, taken: Result<Taken, Error>) -> Response {
    match taken {
        Ok(taken) if taken.accepted => Redirect::to("/v/session").into_response(),
        Ok(taken) => {
            let chosen = if let Asked::Document { kind, .. } = asked { Some(kind) } else { None };
            let tries_left = Some(taken.attempts_left);
            pages::session(
                ipse,
                &bound.reader,
                &bound.session,
                &Shown { chosen, qr: None, hints: &taken.hints, tries_left },
            )
        }
        Err(error) => pages::refused(&bound.reader, &error),
    }
}

/// What a reader of chips needs to know before it reads, and the form that it answers with.
#[derive(Serialize)]
struct Asking {
    /// What the chip is to sign: eight octets, base64.
    challenge: String,
    /// The token to send back as `x-csrf`.
    csrf: String,
}

/// `GET /v/session/evidence/chip`: what the chip is to sign in an active authentication.
pub(super) async fn challenge(State(ipse): State<Shared>, bound: Bound) -> Response {
    if let Err(error) = capture::open_to(&bound.session) {
        return Problem::from(error).into_response();
    }
    let challenge = BASE64.encode(chip::challenge(&ipse, &bound.session));
    Json(Asking { challenge, csrf: bound.session.claim.csrf }).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brought {
    files: BTreeMap<String, String>,
    response: Option<String>,
}

/// `POST /v/session/evidence/chip`: the files of the chip, base64 by their names in ICAO 9303-10, and its answer.
pub(super) async fn chip(
    State(ipse): State<Shared>,
    bound: Bound,
    headers: HeaderMap,
    crate::http::body::Json(body): crate::http::body::Json<Brought>,
) -> Response {
    let csrf = headers.get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if let Err(response) = bound.check(csrf) {
        return response;
    }
    let bytes = |text: String| BASE64.decode(text).map_err(|_| Refusal::invalid("files", "must be base64"));
    let files = body.files.into_iter().map(|(name, text)| Ok((name, bytes(text)?))).collect::<Result<_, Refusal>>();
    let brought = files.and_then(|files| Ok(chip::Brought { files, response: body.response.map(bytes).transpose()? }));
    let brought = match brought {
        Ok(brought) => brought,
        Err(refusal) => return Problem::from(refusal).into_response(),
    };
    match chip::take(&ipse, &bound.session, brought).await {
        // What the steps came to is for the checks and whoever asked; the reader hears that it was understood.
        Ok(reading) => {
            Json(json!({ "accepted": true, "listed": reading.listed, "next": "/v/session" })).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}
