//! `POST /v/session/evidence`: one picture, raw from the page's script or in a form from a page without one.

use super::Bound;
use super::pages::{self, Shown};
use crate::app::Error;
use crate::app::capture::{self, Taken};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::{FromRequest as _, Multipart, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use ipse_checks::Asked;
use ipse_core::Refusal;
use ipse_core::document::{DocumentKind, Side};
use serde::Deserialize;
use serde_json::json;

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
    if is_form { shown(&bound, asked, taken) } else { told(&bound, taken) }
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
fn told(bound: &Bound, taken: Result<Taken, Error>) -> Response {
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
fn shown(bound: &Bound, asked: Asked, taken: Result<Taken, Error>) -> Response {
    match taken {
        Ok(taken) if taken.accepted => Redirect::to("/v/session").into_response(),
        Ok(taken) => {
            let chosen = if let Asked::Document { kind, .. } = asked { Some(kind) } else { None };
            let tries_left = Some(taken.attempts_left);
            pages::session(&bound.reader, &bound.session, &Shown { chosen, qr: None, hints: &taken.hints, tries_left })
        }
        Err(error) => pages::refused(&bound.reader, &error),
    }
}
