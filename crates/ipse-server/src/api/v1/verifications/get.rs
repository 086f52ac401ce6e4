//! `GET /v1/verifications/{id}`

use super::{Report, Verification};
use crate::api::v1::subjects::Subject;
use crate::app::verifications::get;
use crate::http::auth::{Key, VerificationsRead};
use crate::http::body::{Path, Query};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use ipse_core::Refusal;
use ipse_core::id::VerificationId;
use serde::Deserialize;
use utoipa::IntoParams;

/// What to add.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Expand {
    /// Any of `reports`, `facts`, `subject`, with commas.
    expand: Option<String>,
}

/// Get a verification
#[utoipa::path(
    get,
    path = "/verifications/{id}",
    tag = "Verifications",
    params(("id" = String, Path), Expand),
    responses((status = 200, body = Verification), (status = 404, body = Problem))
)]
pub async fn get_verification(
    key: Key<VerificationsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<VerificationId>,
    Query(query): Query<Expand>,
) -> Result<Json<Verification>, Problem> {
    let verification = get(&ipse, &key.caller, &id).await?;
    let subject = verification.subject.clone();
    let mut wire = Verification::new(verification, ipse.clock.now());
    for part in query.expand.as_deref().unwrap_or_default().split(',').filter(|part| !part.is_empty()) {
        let mut tx = ipse.store.read(&key.caller.organization).await?;
        match part {
            "reports" => wire.reports = Some(tx.reports(&id).await?.into_iter().map(Report::from).collect()),
            "facts" if key.also("personal_data:read") => wire.facts = tx.facts(&id).await?,
            "facts" => return Err(Problem::forbidden("personal_data:read")),
            "subject" if key.also("subjects:read") => {
                wire.subject_details = tx.subject(&subject).await?.map(Subject::from);
            }
            "subject" => return Err(Problem::forbidden("subjects:read")),
            _ => return Err(Refusal::invalid("expand", "must be reports, facts or subject").into()),
        }
    }
    Ok(Json(wire))
}
