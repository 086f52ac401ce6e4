//! `GET /v1/verifications/{id}/reports`

use super::Report;
use crate::api::v1::list::List;
use crate::app::verifications::get;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::Path;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::id::VerificationId;

/// List the reports of a verification, oldest first
#[utoipa::path(
    get,
    path = "/verifications/{id}/reports",
    tag = "Verifications",
    params(("id" = String, Path)),
    responses((status = 200, body = List<Report>), (status = 404, body = Problem))
)]
pub async fn list_reports(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
) -> Result<Json<List<Report>>, Problem> {
    get(&ipse, &key.caller, &id).await?;
    let mut tx = ipse.store.read(&key.caller.organization).await?;
    Ok(Json(List::whole(tx.reports(&id).await?.into_iter().map(Report::from).collect())))
}
