//! `PUT /v1/subjects/{id}`

use super::{Subject, SubjectInput};
use crate::app::subjects::update;
use crate::http::auth::{Key, SubjectsWrite};
use crate::http::body::{Json as Body, Path};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::SubjectId;

/// Replace what is known of a subject
#[utoipa::path(
    put,
    path = "/subjects/{id}",
    tag = "Subjects",
    params(("id" = String, Path)),
    request_body = SubjectInput,
    responses((status = 200, body = Subject), (status = 404, body = Problem), (status = 422, body = Problem))
)]
pub async fn update_subject(
    key: Key<SubjectsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<SubjectId>,
    Body(body): Body<SubjectInput>,
) -> Result<Json<Subject>, Problem> {
    Ok(Json(update(&ipse, &key.caller, &id, body.profile()?).await?.into()))
}
