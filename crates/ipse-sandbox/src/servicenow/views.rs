//! What the pages of the miniature ServiceNow show.

use crate::views::{Acting, Choice, Frame, Status};
use askama::Template;

/// The tickets, and a form for a new one.
#[derive(Template)]
#[template(path = "sandbox/servicenow.html")]
pub(super) struct List {
    pub(super) frame: Frame,
    pub(super) acting: Acting,
    pub(super) rows: Vec<Row>,
    pub(super) people: Vec<Choice>,
    pub(super) categories: Vec<Choice>,
    pub(super) items: Vec<Choice>,
}

/// A ticket in the list.
pub(super) struct Row {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) person: String,
    pub(super) about: String,
    pub(super) state: String,
    pub(super) idv_status: Status,
}

/// A form.
#[derive(Template)]
#[template(path = "sandbox/servicenow-form.html")]
pub(super) struct Form {
    pub(super) frame: Frame,
    pub(super) acting: Acting,
    pub(super) action: String,
    pub(super) table: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) writable: bool,
    pub(super) fields: Vec<Field>,
    pub(super) buttons: Vec<Button>,
    /// What the display rules handed over, as JSON.
    pub(super) scratchpad: String,
    /// What saving led to.
    pub(super) notices: Vec<Status>,
    pub(super) flow: Option<Status>,
    pub(super) activity: Vec<Entry>,
    pub(super) opened: String,
}

/// A field of a form.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) choices: Vec<Choice>,
    pub(super) read_only: bool,
}

/// A UI action.
pub(super) struct Button {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) hint: String,
    pub(super) primary: bool,
}

/// Something that happened to a record.
pub(super) struct Entry {
    pub(super) at: String,
    pub(super) by: String,
    pub(super) text: String,
}

/// A page of the application.
#[derive(Template)]
#[template(path = "sandbox/servicenow-page.html")]
pub(super) struct Page {
    pub(super) frame: Frame,
    pub(super) title: String,
    /// Its markup, out of the update set.
    pub(super) html: String,
    pub(super) script: String,
}

/// What somebody sees who may not.
#[derive(Template)]
#[template(path = "sandbox/servicenow-denied.html")]
pub(super) struct Denied {
    pub(super) frame: Frame,
    pub(super) acting: Acting,
}
