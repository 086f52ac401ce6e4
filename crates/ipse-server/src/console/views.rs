//! The organisation's pages: agents, reviewers, administrators and auditors. English only.
//!
//! Who may see what is decided before a view is filled: an agent's view simply holds no document data.

mod administration;
mod campaigns;
mod clients;
mod integrations;
mod journeys;
mod people;
mod reviews;
mod verifications;
mod webhooks;

pub use administration::*;
use askama::Template;
pub use campaigns::*;
pub use clients::*;
pub use integrations::*;
pub use journeys::*;
pub use people::*;
pub use reviews::*;
pub use verifications::*;
pub use webhooks::*;

/// An area of the console, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Verifications,
    Reviews,
    Campaigns,
    Journeys,
    People,
    ApiKeys,
    Clients,
    Integrations,
    Webhooks,
    Audit,
    Settings,
    Passkeys,
}

impl Area {
    fn href(self) -> &'static str {
        match self {
            Self::Verifications => "/console/verifications",
            Self::Reviews => "/console/reviews",
            Self::Campaigns => "/console/campaigns",
            Self::Journeys => "/console/journeys",
            Self::People => "/console/people",
            Self::ApiKeys => "/console/api-keys",
            Self::Clients => "/console/clients",
            Self::Integrations => "/console/integrations",
            Self::Webhooks => "/console/webhooks",
            Self::Audit => "/console/audit",
            Self::Settings => "/console/settings",
            Self::Passkeys => "/console/passkeys",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Verifications => "Verifications",
            Self::Reviews => "Reviews",
            Self::Campaigns => "Campaigns",
            Self::Journeys => "Journeys",
            Self::People => "People",
            Self::ApiKeys => "API keys",
            Self::Clients => "Clients",
            Self::Integrations => "Integrations",
            Self::Webhooks => "Webhooks",
            Self::Audit => "Audit",
            Self::Settings => "Settings",
            Self::Passkeys => "Your passkeys",
        }
    }

    fn counts_reviews(self) -> bool {
        self == Self::Reviews
    }
}

/// What every signed-in page has around its content.
pub struct Shell {
    pub csrf: String,
    pub organization: String,
    /// The signed-in person's name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    pub current: Area,
    /// The areas their role may enter.
    pub areas: Vec<Area>,
    /// How many reviews wait; 0 shows nothing.
    pub reviews_waiting: u32,
    /// What the last action led to.
    pub notice: Option<Notice>,
}

/// A sentence about what just happened.
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// How a chip or notice looks; its words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Wait,
    Idle,
}

impl std::fmt::Display for Tone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Wait => "wait",
            Self::Idle => "idle",
        })
    }
}

/// A short state in words and colour.
pub struct Chip {
    pub tone: Tone,
    pub label: String,
}

/// One entry of a select, a radio group or a set of checkboxes.
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A line of explanation; may be empty.
    pub hint: String,
    pub selected: bool,
}

/// A labelled value.
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// What was wrong with a form.
#[derive(Default)]
pub struct Errors {
    pub list: Vec<FieldError>,
}

/// One field's error.
pub struct FieldError {
    /// The field's name, which is its element's id too.
    pub field: String,
    pub message: String,
}

impl Errors {
    fn of(&self, field: &str) -> Option<&str> {
        self.list.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }
}

/// Links to the neighbouring pages of a list, with filters and cursor in place.
#[derive(Default)]
pub struct Pager {
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// One check as a row.
pub struct Check {
    pub name: String,
    pub outcome: Chip,
    /// Reason codes in words.
    pub reasons: Vec<String>,
}

/// One entry of a timeline.
pub struct Moment {
    /// RFC 3339.
    pub instant: String,
    /// The same for people.
    pub at: String,
    pub what: String,
    pub by: Option<String>,
}

/// `GET /console/sign-in`
#[derive(Template)]
#[template(path = "console/sign_in.html")]
pub struct SignIn {
    pub csrf: String,
    pub notice: Option<Notice>,
}

/// `GET /console/sign-in/{token}`: one button, so that a mail scanner's fetch does not use the link up.
#[derive(Template)]
#[template(path = "console/sign_in_link.html")]
pub struct SignInLink {
    pub csrf: String,
    /// `/console/sign-in/{token}`
    pub action: String,
}

/// Something went wrong, or is not for the reader.
#[derive(Template)]
#[template(path = "console/problem.html")]
pub struct Problem {
    pub title: String,
    pub detail: String,
    pub request_id: Option<String>,
}
