//! `GET /v1/subjects/{id}`

use super::Subject;
use crate::app::subjects::get;
use crate::http::auth::{Key, SubjectsRead};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::SubjectId;

/// Get a subject
#[utoipa::path(
    get,
    path = "/subjects/{id}",
    tag = "Subjects",
    params(("id" = String, Path)),
    responses((status = 200, body = Subject), (status = 404, body = Problem))
)]
pub async fn get_subject(
    key: Key<SubjectsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<SubjectId>,
) -> Result<Json<Subject>, Problem> {
    Ok(Json(get(&ipse, &key.caller, &id).await?.into()))
}
