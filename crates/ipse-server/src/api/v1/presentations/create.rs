//! `POST /v1/presentations`

use super::{Presentation, shown};
use crate::api::v1::subjects::SubjectInput;
use crate::api::v1::verifications::{Record, Requester, Verification};
use crate::app::presentations::open_for_wallet;
use crate::app::verifications::{Request, cancel};
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::body::to_bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ipse_core::id::VerificationId;
use ipse_core::verification::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The largest answer that is remembered: a verification with all its notes.
const LARGEST: usize = 1 << 20;

/// What asks for a credential from a wallet.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreatePresentation {
    /// The id or key of a journey with a `presentation`.
    #[schema(example = "verified-employee")]
    journey: String,
    /// Who is to be verified, as where a verification is opened.
    subject: SubjectInput,
    /// What the answer is for, in words the person understands; the wallet shows it. 1 to 200 characters.
    #[schema(example = "Enter the building")]
    purpose: String,
    /// The outside record it is for.
    record: Option<Record>,
    /// On whose behalf.
    requester: Option<Requester>,
    /// At most 20 notes of the caller's; keys to 40, values to 500 characters. No personal data.
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    /// BCP 47 tag of the person's language.
    #[schema(example = "de")]
    language: Option<String>,
}

/// Open a verification and ask a wallet at once: the caller shows the code or the link
#[utoipa::path(
    post,
    path = "/presentations",
    tag = "Verifications",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body are done once, within a day")),
    request_body = CreatePresentation,
    responses(
        (status = 201, body = Presentation),
        (status = 404, description = "no such journey or subject", body = Problem),
        (status = 422, description = "a field is out of bounds, the journey asks for no presentation, or no Entra tenant is set up to ask", body = Problem),
        (status = 503, description = "the wallet's service made no request; the verification was cancelled", body = Problem),
    )
)]
pub async fn create_presentation(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<CreatePresentation>,
) -> Result<Response, Problem> {
    let now = ipse.clock.now();
    let caller = &key.caller;
    let opened = once(&ipse, caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        let request = Request {
            journey: body.journey,
            subject: body.subject.read()?,
            may_change_subject: key.also("subjects:write"),
            purpose: body.purpose,
            record: body.record.map(Into::into),
            requester: body.requester.map(|requester| (requester.id, requester.name)),
            delivery: Channel::None,
            return_url: None,
            metadata: body.metadata,
            language: body.language,
        };
        Ok(Verification::new(open_for_wallet(&ipse, tx, caller, request).await?, now))
    })
    .await?;
    ipse.presentations.notify_one();

    // The answer that is remembered has no link in it: what a wallet opens is kept sealed, and only while it lives.
    let (mut parts, remembered) = opened.into_parts();
    let id = opened_id(&to_bytes(remembered, LARGEST).await.unwrap_or_default()).ok_or_else(unavailable)?;
    let Some(answer) = shown(&ipse, caller, &id).await? else {
        // Nobody could show anything: it does not stay open.
        let _ = cancel(&ipse, caller, &id).await;
        return Err(unavailable());
    };
    let _ = ipse.news.send(id);
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    Ok((parts.status, parts.headers, axum::Json(answer)).into_response())
}

fn opened_id(answer: &[u8]) -> Option<VerificationId> {
    #[derive(Deserialize)]
    struct Opened {
        id: VerificationId,
    }
    serde_json::from_slice::<Opened>(answer).ok().map(|opened| opened.id)
}

fn unavailable() -> Problem {
    let title = "Entra made no request that a wallet could open; the log says why. The verification was cancelled.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title)
}
