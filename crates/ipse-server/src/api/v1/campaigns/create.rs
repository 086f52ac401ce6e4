//! `POST /v1/campaigns`

use super::Campaign;
use crate::api::v1::verifications::Requester;
use crate::app::campaigns::{Plan, create};
use crate::http::auth::{Key, VerificationsWrite};
use crate::http::body::Json;
use crate::http::idempotency::{IdempotencyKey, once};
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ipse_core::verification::Channel;
use ipse_core::{Private, Refusal};
use ipse_store::campaigns::Members;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What begins a campaign. Its members are named by exactly one of `label`, `subjects` and `external_ids`, and are who
/// that stands for now: 1 to 10,000 of them.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCampaign {
    /// What people call it; 1 to 80 characters. Members see it as what the verification is for. No personal data.
    #[schema(example = "Privileged access, fourth quarter")]
    name: String,
    /// A journey's id or key. Its links should live as long as the time between two reminders.
    #[schema(example = "privileged-access")]
    journey: String,
    /// What the answers are for, in words the members understand; 1 to 200 characters.
    #[schema(example = "Keep your administrator access")]
    purpose: String,
    /// Everybody with this label.
    #[schema(example = "privileged")]
    label: Option<String>,
    /// Subjects by their ids.
    subjects: Option<Vec<String>>,
    /// Subjects by the caller's own ids for them.
    external_ids: Option<Vec<String>>,
    /// When it is over: 1 hour to 366 days ahead.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    /// How many days before that whoever has not answered is sent a new link: at most five.
    #[serde(default)]
    #[schema(example = json!([7, 1]))]
    remind_days: Vec<u32>,
    /// `email` or `sms`; `email` if left out.
    delivery: Option<String>,
    /// On whose behalf.
    requester: Option<Requester>,
}

impl CreateCampaign {
    fn plan(self) -> Result<Plan, Refusal> {
        let id = |id: String| id.parse().map_err(|_| Refusal::invalid("subjects", "must be ids of subjects"));
        let members = match (self.label, self.subjects, self.external_ids) {
            (Some(label), None, None) => Members::Label(label),
            (None, Some(ids), None) => Members::Ids(ids.into_iter().map(id).collect::<Result<_, _>>()?),
            (None, None, Some(ids)) => Members::ExternalIds(ids.into_iter().map(Private::new).collect()),
            _ => {
                return Err(Refusal::invalid("label", "is needed, or subjects, or external_ids, and only one of them"));
            }
        };
        let channel = self.delivery.as_deref().unwrap_or("email");
        Ok(Plan {
            name: self.name,
            journey: self.journey,
            purpose: self.purpose,
            delivery: Channel::parse(channel).ok_or(Refusal::invalid("delivery", "must be email or sms"))?,
            members,
            due_at: self.due_at,
            remind_days: self.remind_days,
            requester: self.requester.map(|requester| (requester.id, requester.name)),
        })
    }
}

/// Begin a campaign
///
/// Opens a verification for each member, with links that leave within minutes, and sends new links on the days of the
/// reminders to whoever has not answered. Only its own verifications count.
#[utoipa::path(
    post,
    path = "/campaigns",
    tag = "Campaigns",
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key and body are done once, within a day")),
    request_body = CreateCampaign,
    responses(
        (status = 201, body = Campaign),
        (status = 404, description = "no such journey", body = Problem),
        (status = 422, description = "a field is out of bounds, or names somebody unknown", body = Problem),
    )
)]
pub async fn create_campaign(
    key: Key<VerificationsWrite>,
    State(ipse): State<Shared>,
    sent: IdempotencyKey,
    Json(body): Json<CreateCampaign>,
) -> Result<Response, Problem> {
    let caller = &key.caller;
    once(&ipse, caller, &sent, &body.clone(), StatusCode::CREATED, async |tx| {
        Ok(Campaign::from(create(&ipse, tx, caller, body.plan()?).await?))
    })
    .await
}
