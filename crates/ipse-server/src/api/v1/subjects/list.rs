//! `GET /v1/subjects`

use super::Subject;
use crate::api::v1::list::{List, Paging};
use crate::app::subjects::list;
use crate::http::auth::{Key, SubjectsRead};
use crate::http::body::Query;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::subject::is_label;
use ipse_store::subjects::SubjectFilter;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which ones.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Only the one with the caller's own id.
    external_id: Option<String>,
    /// Only those with this label; not together with `external_id`.
    label: Option<String>,
}

/// List subjects
#[utoipa::path(
    get,
    path = "/subjects",
    tag = "Subjects",
    params(Which, Paging),
    responses((status = 200, body = List<Subject>))
)]
pub async fn list_subjects(
    key: Key<SubjectsRead>,
    State(ipse): State<Shared>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
) -> Result<Json<List<Subject>>, Problem> {
    let limit = paging.limit()?;
    if which.label.as_ref().is_some_and(|label| which.external_id.is_some() || !is_label(label)) {
        return Err(Refusal::invalid("label", "must be a label, and the only thing asked for").into());
    }
    let filter = SubjectFilter { label: which.label, before: paging.before()?.map(str::to_owned) };
    let found = list(&ipse, &key.caller, which.external_id.as_deref(), &filter, limit + 1).await?;
    let items = found.into_iter().map(Subject::from).collect();
    Ok(Json(List::page(items, limit, |subject| subject.id.clone())))
}
