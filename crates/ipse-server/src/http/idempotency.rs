//! `Idempotency-Key`: the same request sent twice is done once and answered twice alike.

use super::problem::Problem;
use crate::app::Caller;
use crate::random;
use crate::state::Ipse;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ipse_store::Tx;
use ipse_store::idempotency::Remembered;
use serde::Serialize;

/// The header, if it was sent, with the operation it was sent to.
pub struct IdempotencyKey {
    key: Option<String>,
    operation: String,
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let operation = format!("{} {}", parts.method, parts.uri.path());
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self { key: None, operation });
        };
        let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
        let key = key.ok_or_else(|| Problem::malformed("Idempotency-Key must be 1 to 255 visible characters."))?;
        Ok(Self { key: Some(key.to_owned()), operation })
    }
}

fn answer(status: StatusCode, body: Vec<u8>, replayed: bool) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if replayed {
        headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// Does the work in a transaction and remembers its answer in the same one; or gives the answer remembered. The same
/// key with another body is a conflict. Keys live a day.
pub async fn once<B: Serialize, T: Serialize>(
    ipse: &Ipse,
    caller: &Caller,
    sent: &IdempotencyKey,
    body: &B,
    status: StatusCode,
    work: impl AsyncFnOnce(&mut Tx) -> Result<T, Problem>,
) -> Result<Response, Problem> {
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let serialise = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The answer could not be written.");
    let remembered = match &sent.key {
        None => None,
        Some(key) => {
            let place = format!("{} {key}", caller.actor.label());
            let mut request = sent.operation.clone().into_bytes();
            request.extend(serde_json::to_vec(body).map_err(serialise)?);
            let request_hash = random::sha256(&request);
            if let Some(before) = tx.remembered(&place).await? {
                // A twin's answer may not be on the disk yet; with this it is.
                tx.commit().await?;
                return replay(before, request_hash);
            }
            Some((place, request_hash))
        }
    };
    let made = match work(&mut tx).await {
        Ok(made) => made,
        Err(problem) => {
            // A twin may have been faster and be the reason: then its answer is the answer.
            drop(tx);
            if let Some((place, request_hash)) = &remembered {
                let before = ipse.store.read(&caller.organization).await?.remembered(place).await?;
                if let Some(before) = before {
                    return replay(before, *request_hash);
                }
            }
            return Err(problem);
        }
    };
    let body = serde_json::to_vec(&made).map_err(serialise)?;
    if let Some((place, request_hash)) = remembered {
        let kept = Remembered { request_hash, status: status.as_u16(), body: body.clone() };
        match tx.remember(&place, &kept, ipse.clock.now()).await {
            Err(ipse_store::Error::Duplicate) => {
                // A twin was faster: undo this one and give the twin's answer.
                drop(tx);
                let before = ipse.store.read(&caller.organization).await?.remembered(&place).await?;
                return before.map_or_else(|| Err(Problem::overloaded(1)), |before| replay(before, request_hash));
            }
            result => result?,
        }
    }
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(answer(status, body, false))
}

fn replay(before: Remembered, request_hash: [u8; 32]) -> Result<Response, Problem> {
    if before.request_hash != request_hash {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "idempotency_conflict",
            "This Idempotency-Key was used with another request.",
        ));
    }
    let status = StatusCode::from_u16(before.status).unwrap_or(StatusCode::OK);
    Ok(answer(status, before.body, true))
}
