//! `POST /v1/verifications`

use super::{Record, Requester, Verification};
use crate::api::v1::subjects::SubjectInput;
use crate::app::verifications::{Request, Return, open};
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ipse_core::Refusal;
use ipse_core::verification::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What opens a verification.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateVerification {
    /// A journey's id or key.
    #[schema(example = "help-desk")]
    journey: String,
    /// Who is to be verified: `id` of a known subject, or what is known of them. A key without `subjects:write` makes
    /// new subjects, but changes nothing about known ones.
    subject: SubjectInput,
    /// What the answer is for, in words the person understands; 1 to 200 characters.
    #[schema(example = "Reset the password of j.doe")]
    purpose: String,
    /// The outside record it is for.
    record: Option<Record>,
    /// On whose behalf.
    requester: Option<Requester>,
    /// `email`, `sms`, or `none`: the caller sends the link. `email` if left out.
    delivery: Option<String>,
    /// Where the person goes when finished; its origin must be among the organization's `return_origins`.
    return_url: Option<String>,
    /// At most 20 notes of the caller's; keys to 40, values to 500 characters. No personal data.
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    /// BCP 47 tag of the person's language.
    #[schema(example = "de")]
    language: Option<String>,
}

/// Open a verification
#[utoipa::path(
    post,
    path = "/verifications",
    tag = "Verifications",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body are done once, within a day")),
    request_body = CreateVerification,
    responses(
        (status = 201, body = Verification),
        (status = 404, description = "no such journey or subject", body = Problem),
        (status = 422, description = "a field is out of bounds, or no contact for the delivery", body = Problem),
    )
)]
pub async fn create_verification(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<CreateVerification>,
) -> Result<Response, Problem> {
    let now = ipse.clock.now();
    let caller = &key.caller;
    once(&ipse, caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        let channel = body.delivery.as_deref().unwrap_or("email");
        let delivery =
            Channel::parse(channel).ok_or_else(|| Refusal::invalid("delivery", "must be email, sms or none"))?;
        let request = Request {
            journey: body.journey,
            subject: body.subject.read()?,
            may_change_subject: key.also("subjects:write"),
            purpose: body.purpose,
            record: body.record.map(Into::into),
            requester: body.requester.map(|requester| (requester.id, requester.name)),
            delivery,
            return_url: body.return_url.map(Return::Asked),
            metadata: body.metadata,
            language: body.language,
        };
        let opened = open(&ipse, tx, caller, request).await?;
        Ok(Verification { link: opened.link, ..Verification::new(opened.verification, now) })
    })
    .await
}
