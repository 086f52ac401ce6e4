//! `POST /v1/subjects`

use super::{Subject, SubjectInput};
use crate::app::subjects::create;
use crate::http::auth::{Key, SubjectsWrite};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

/// Create a subject
#[utoipa::path(
    post,
    path = "/subjects",
    tag = "Subjects",
    params(("Idempotency-Key" = Option<String>, Header)),
    request_body = SubjectInput,
    responses(
        (status = 201, body = Subject),
        (status = 409, description = "the external_id is taken", body = Problem),
        (status = 422, body = Problem),
    )
)]
pub async fn create_subject(
    key: Key<SubjectsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<SubjectInput>,
) -> Result<Response, Problem> {
    once(&ipse, &key.caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        Ok(Subject::from(create(&ipse, tx, body.profile()?).await?))
    })
    .await
}
