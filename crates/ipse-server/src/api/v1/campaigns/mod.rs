//! Campaigns on the wire.

pub mod cancel;
pub mod create;
pub mod get;
pub mod list;
pub mod members;

use super::verifications::Requester;
use crate::app::campaigns::Counts;
use crate::state::Shared;
use axum::extract::DefaultBodyLimit;
use ipse_core::campaign as core;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The most bytes a request or form may have that names members one by one.
pub const LIST_BYTES: usize = 512 * 1024;

/// The routes.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(create::create_campaign))
        .layer(DefaultBodyLimit::max(LIST_BYTES))
        .routes(routes!(list::list_campaigns))
        .routes(routes!(get::get_campaign))
        .routes(routes!(members::list_members))
        .routes(routes!(cancel::cancel_campaign))
}

/// Many subjects asked to verify by a day.
#[derive(Serialize, ToSchema)]
pub struct Campaign {
    /// Its id.
    #[schema(example = "cmp_01k3z8m5q0x4t6v8w2y4a6c8e0")]
    pub id: String,
    /// `campaign`.
    pub object: &'static str,
    /// `open`, `finished` or `cancelled`.
    #[schema(example = "open")]
    pub status: &'static str,
    /// What people call it. Its verifications carry it as the number of their record.
    pub name: String,
    /// The journey's id; each verification takes the version that is current when it is opened.
    pub journey: String,
    /// What the answers are for.
    pub purpose: String,
    /// How the links travel: `email` or `sms`.
    pub delivery: &'static str,
    /// When it is over.
    #[schema(value_type = String, format = DateTime)]
    pub due_at: Timestamp,
    /// How many days before that whoever has not answered is reminded, the longest time first.
    #[schema(example = json!([7, 1]))]
    pub remind_days: Vec<u32>,
    /// Who asked.
    pub requester: Requester,
    /// How many members stand where.
    pub members: Members,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

macro_rules! members {
    ($($(#[$doc:meta])* $field:ident = $state:ident;)*) => {
        /// How many members stand where.
        #[derive(Default, Serialize, ToSchema)]
        pub struct Members {
            /// All of them.
            pub total: u64,
            $($(#[$doc])* pub $field: u64,)*
        }

        impl From<Counts> for Members {
            fn from(counts: Counts) -> Self {
                let mut members = Self::default();
                for (state, count) in counts {
                    members.total += count;
                    match state {
                        $(core::MemberState::$state => members.$field = count,)*
                    }
                }
                members
            }
        }
    };
}

members! {
    /// The last verification succeeded.
    succeeded = Succeeded;
    /// A link left, and the answer is not there yet.
    asked = Asked;
    /// The first link has not left yet.
    waiting = Waiting;
    /// The last verification failed; they are not asked again.
    failed = Failed;
    /// They said that they did not ask for this; the next reminder asks again.
    declined = Declined;
    /// The last link or session ran out; the next reminder asks again.
    expired = Expired;
    /// Somebody took the last verification back; they are not asked again.
    cancelled = Cancelled;
    /// The last link could not be sent; the next reminder tries again.
    unreachable = Unreachable;
}

impl From<(core::Campaign, Counts)> for Campaign {
    fn from((campaign, counts): (core::Campaign, Counts)) -> Self {
        Self {
            id: campaign.id.to_string(),
            object: "campaign",
            status: campaign.state.as_str(),
            name: campaign.name,
            journey: campaign.journey.to_string(),
            purpose: campaign.purpose,
            delivery: campaign.delivery.as_str(),
            due_at: campaign.due_at,
            remind_days: campaign.remind_days,
            requester: Requester { id: campaign.requester.external_id, name: campaign.requester.name },
            members: counts.into(),
            created_at: campaign.created_at,
            ended_at: campaign.ended_at,
        }
    }
}
