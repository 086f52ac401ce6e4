//! What the pages of the miniature Okta show.

use crate::views::{Frame, Link, Status};
use askama::Template;

/// A page with something to read, and perhaps something to fill in.
#[derive(Template)]
#[template(path = "sandbox/okta.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) title: &'static str,
    pub(super) lead: String,
    /// What came of it.
    pub(super) notice: Option<Status>,
    pub(super) form: Option<Form>,
    pub(super) links: Vec<Link>,
}

/// Something to fill in.
pub(super) struct Form {
    pub(super) action: &'static str,
    pub(super) fields: Vec<Field>,
    pub(super) button: &'static str,
}

/// A line of a form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// The type of the input.
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
}

/// The system log.
#[derive(Template)]
#[template(path = "sandbox/okta-log.html")]
pub(super) struct Log {
    pub(super) frame: Frame,
    pub(super) rows: Vec<LogRow>,
}

/// A line of the system log.
pub(super) struct LogRow {
    pub(super) at: String,
    pub(super) event_type: &'static str,
    pub(super) login: String,
    pub(super) outcome: Status,
    pub(super) reason: &'static str,
    pub(super) reference: String,
}
