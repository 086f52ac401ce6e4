//! Campaigns: the list, one of them, and a new one.

use super::{Chip, Choice, Errors, Fact, Pager, Shell};
use askama::Template;

/// `GET /console/campaigns`
#[derive(Template)]
#[template(path = "console/campaigns.html")]
pub struct Campaigns {
    pub shell: Shell,
    pub may_begin: bool,
    pub rows: Vec<CampaignRow>,
    pub pager: Pager,
}

/// A campaign in the list.
pub struct CampaignRow {
    pub id: String,
    pub name: String,
    pub status: Chip,
    pub progress: Progress,
    pub due: String,
}

/// How many of a campaign's members have succeeded.
pub struct Progress {
    pub succeeded: u64,
    pub total: u64,
}

/// `GET /console/campaigns/{id}`
#[derive(Template)]
#[template(path = "console/campaign.html")]
pub struct Campaign {
    pub shell: Shell,
    pub id: String,
    pub name: String,
    pub status: Chip,
    pub progress: Progress,
    /// How many members stand where; nothing for where nobody does.
    pub counts: Vec<(Chip, String)>,
    pub facts: Vec<Fact>,
    /// The filter, with how many there are of each.
    pub states: Vec<Choice>,
    pub rows: Vec<MemberRow>,
    pub pager: Pager,
    pub may_cancel: bool,
}

/// A campaign's member.
pub struct MemberRow {
    pub subject: String,
    pub status: Chip,
    /// Why no link could leave, or how far they are; may be empty.
    pub detail: String,
    /// When a link last left, or could not.
    pub tried: String,
    /// Its id.
    pub verification: Option<String>,
}

/// `GET /console/campaigns/new`, and the answer to a form that was not right.
#[derive(Template)]
#[template(path = "console/campaign_new.html")]
pub struct CampaignNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: CampaignForm,
}

/// The fields of a new campaign, as typed.
pub struct CampaignForm {
    pub name: String,
    pub journeys: Vec<Choice>,
    pub purpose: String,
    pub label: String,
    /// One a line.
    pub external_ids: String,
    pub due_at: String,
    pub remind_days: String,
    /// `email`, `sms`.
    pub deliveries: Vec<Choice>,
}
