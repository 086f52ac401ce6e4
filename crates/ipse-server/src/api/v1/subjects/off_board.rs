//! `POST /v1/subjects/{id}/off-board`

use crate::app::subjects::off_board;
use crate::http::auth::{Key, SubjectsWrite};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::SubjectId;
use serde::Serialize;
use utoipa::ToSchema;

/// What was taken back.
#[derive(Serialize, ToSchema)]
pub struct OffBoarded {
    /// The subject's id.
    id: String,
    /// `off_boarding`.
    object: &'static str,
    /// Whether a face template was kept, and is erased.
    enrolment_erased: bool,
    /// Whether they were known by a document, and are no more.
    document_forgotten: bool,
    /// How many credentials are being revoked, where the integration that issued them says so.
    credentials_revoked: usize,
}

/// Take back what a subject is recognised by, as they leave
///
/// Their face template is erased, the document they are known by forgotten, and their credentials revoked where the
/// integration that issued them says so. What was proven stays for as long as its journey says; redact it to destroy it.
#[utoipa::path(
    post,
    path = "/subjects/{id}/off-board",
    tag = "Subjects",
    params(("id" = String, Path)),
    responses((status = 200, body = OffBoarded), (status = 404, body = Problem))
)]
pub async fn off_board_subject(
    key: Key<SubjectsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<SubjectId>,
) -> Result<Json<OffBoarded>, Problem> {
    let done = off_board(&ipse, &key.caller, &id).await?;
    Ok(Json(OffBoarded {
        id: id.to_string(),
        object: "off_boarding",
        enrolment_erased: done.enrolment_erased,
        document_forgotten: done.document_forgotten,
        credentials_revoked: done.credentials_revoked,
    }))
}
