//! What the pages of the miniature Salesforce show.

use crate::views::{Acting, Choice, Frame, Link, Status};
use askama::Template;

/// The records.
#[derive(Template)]
#[template(path = "sandbox/salesforce.html")]
pub(super) struct List {
    pub(super) frame: Frame,
    pub(super) acting: Acting,
    pub(super) rows: Vec<Row>,
    pub(super) people: Vec<Choice>,
    pub(super) contacts: Vec<Link>,
    /// From how much on a transfer needs a step-up.
    pub(super) threshold: String,
    pub(super) problem: Option<String>,
}

/// A transfer in the list.
pub(super) struct Row {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) amount: String,
    pub(super) person: String,
    pub(super) state: Status,
}

/// A record page, with the component on it.
#[derive(Template)]
#[template(path = "sandbox/salesforce-record.html")]
pub(super) struct Record {
    pub(super) frame: Frame,
    pub(super) acting: Acting,
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) action: String,
    pub(super) notices: Vec<Status>,
    pub(super) facts: Vec<Fact>,
    pub(super) transfer: Option<Transfer>,
    pub(super) tasks: Vec<Task>,
    /// Where the component's modules are, as JSON.
    pub(super) imports: String,
}

/// A field of a record.
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) value: String,
    /// Where the value leads, if anywhere.
    pub(super) href: Option<String>,
}

/// What may be done with a transfer.
pub(super) struct Transfer {
    pub(super) state: Status,
    /// What the button says that starts it, if it may be started.
    pub(super) button: Option<&'static str>,
    pub(super) amount: String,
    pub(super) stages: Vec<Choice>,
}

/// A completed activity.
pub(super) struct Task {
    pub(super) at: String,
    pub(super) subject: String,
    pub(super) text: String,
}

/// A page before or after signing in.
#[derive(Template)]
#[template(path = "sandbox/salesforce-login.html")]
pub(super) struct Login {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) lead: String,
    /// Why nobody is let in.
    pub(super) problem: Option<String>,
    pub(super) facts: Vec<Fact>,
    /// The way in.
    pub(super) button: Option<Link>,
    pub(super) links: Vec<Link>,
    /// Whether there is a session to end.
    pub(super) may_leave: bool,
}
