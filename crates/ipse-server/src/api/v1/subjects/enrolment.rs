//! `GET` and `DELETE /v1/subjects/{id}/enrolment`

use crate::app::enrolments;
use crate::http::auth::{Key, SubjectsRead, SubjectsWrite};
use crate::http::body::{Path, Query};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use ipse_core::enrolment::{Enrolment as Stored, Erasure};
use ipse_core::id::SubjectId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A face template that is kept for stepping up, without the template: nothing gives that out.
#[derive(Serialize, ToSchema)]
pub struct Enrolment {
    /// Its id.
    #[schema(example = "enr_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    id: String,
    /// `enrolment`.
    object: &'static str,
    /// Whose face.
    subject: String,
    /// The verification that proved whose face it is.
    verification: String,
    /// The model that made the template.
    model: String,
    /// The version of the words the person agreed to.
    consent: String,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it is erased by itself.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<Stored> for Enrolment {
    fn from(stored: Stored) -> Self {
        Self {
            id: stored.id.to_string(),
            object: "enrolment",
            subject: stored.subject.to_string(),
            verification: stored.verification.to_string(),
            model: stored.model,
            consent: stored.consent,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
        }
    }
}

/// Get a subject's enrolment
#[utoipa::path(
    get,
    path = "/subjects/{id}/enrolment",
    tag = "Subjects",
    params(("id" = String, Path)),
    responses((status = 200, body = Enrolment), (status = 404, description = "nothing is kept", body = Problem))
)]
pub async fn get_enrolment(
    key: Key<SubjectsRead>,
    State(ipse): State<Shared>,
    Path(id): Path<SubjectId>,
) -> Result<Json<Enrolment>, Problem> {
    Ok(Json(enrolments::get(&ipse, &key.caller, &id).await?.into()))
}

/// Why a template is erased.
#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The organization asks for it.
    #[default]
    Requested,
    /// The person left the organization.
    OffBoarding,
    /// The person took the consent back.
    ConsentWithdrawn,
}

/// The reason.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Reason {
    /// Kept in the audit trail.
    #[serde(default)]
    #[param(inline)]
    why: Why,
}

/// Erase a subject's face template
#[utoipa::path(
    delete,
    path = "/subjects/{id}/enrolment",
    tag = "Subjects",
    params(("id" = String, Path), Reason),
    responses((status = 204, description = "erased"), (status = 404, description = "nothing is kept", body = Problem))
)]
pub async fn erase_enrolment(
    key: Key<SubjectsWrite>,
    State(ipse): State<Shared>,
    Path(id): Path<SubjectId>,
    Query(reason): Query<Reason>,
) -> Result<StatusCode, Problem> {
    let why = match reason.why {
        Why::Requested => Erasure::Requested,
        Why::OffBoarding => Erasure::OffBoarding,
        Why::ConsentWithdrawn => Erasure::ConsentWithdrawn,
    };
    enrolments::erase(&ipse, &key.caller, &id, why).await?;
    Ok(StatusCode::NO_CONTENT)
}
