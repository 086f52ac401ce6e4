//! `POST /v1/presentations`

use super::Presentation;
use crate::api::v1::subjects::SubjectInput;
use crate::api::v1::verifications::{Record, Requester, Verification};
use crate::app::presentations::{Asked, asked, open_for_wallet};
use crate::app::verifications::{Request, cancel};
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::http::qr::drawn;
use crate::state::{Ipse, Shared};
use axum::body::to_bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ipse_core::id::VerificationId;
use ipse_core::verification::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};
use utoipa::ToSchema;

/// How often is looked without being told.
const GLANCE: Duration = Duration::from_millis(500);
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
    let (verification, offer) = match answer(&ipse, caller, &id).await? {
        (verification, Asked::Offered(link, until)) => (verification, Some((link, until))),
        (verification, Asked::Over) => (verification, None),
        (_, Asked::Waiting | Asked::Refused) => {
            // Nobody could show anything: it does not stay open.
            let _ = cancel(&ipse, caller, &id).await;
            return Err(unavailable());
        }
    };
    let _ = ipse.news.send(id);
    let (link, expires_at) = offer.unzip();
    let answer = Presentation {
        object: "presentation",
        verification: Verification::new(verification, ipse.clock.now()),
        qr_code: link
            .as_deref()
            .and_then(drawn)
            .map(|code| format!("data:image/svg+xml;base64,{}", STANDARD.encode(code))),
        link,
        expires_at,
    };
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

/// Waits for the answer of the wallet's service, for most of the time that a request may take: the rest is for ours.
async fn answer(
    ipse: &Ipse,
    caller: &crate::app::Caller,
    id: &VerificationId,
) -> Result<(ipse_core::verification::Verification, Asked), Problem> {
    let (mut news, until) =
        (ipse.news.subscribe(), Instant::now() + Duration::from_secs(ipse.config.limits.request_seconds).mul_f32(0.8));
    loop {
        let found = asked(ipse, caller, id).await?;
        if !matches!(found.1, Asked::Waiting) || Instant::now() >= until {
            return Ok(found);
        }
        tokio::select! {
            _ = news.recv() => {}
            () = sleep(GLANCE) => {}
            () = sleep_until(until) => {}
        }
    }
}
