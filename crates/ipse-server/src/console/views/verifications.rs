//! Verifications: the list, one of them, and a new one.

use super::{Check, Chip, Choice, Errors, Fact, Moment, Pager, Shell};
use askama::Template;

/// `GET /console/verifications`
#[derive(Template)]
#[template(path = "console/verifications.html")]
pub struct Verifications {
    pub shell: Shell,
    pub may_open: bool,
    pub statuses: Vec<Choice>,
    pub journeys: Vec<Choice>,
    pub q: String,
    pub from: String,
    pub to: String,
    pub rows: Vec<VerificationRow>,
    pub pager: Pager,
}

/// A verification in the list.
pub struct VerificationRow {
    pub id: String,
    /// The subject's name, or their id where no name is known.
    pub subject: String,
    pub status: Chip,
    pub ticket: String,
    pub journey: String,
    pub requested_by: String,
    pub opened: String,
}

/// `GET /console/verifications/new`, and the answer to a form that was not right.
#[derive(Template)]
#[template(path = "console/verification_new.html")]
pub struct VerificationNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: VerificationForm,
    /// Whether this person may name an address; otherwise contacts come from the directory alone.
    pub may_type_contacts: bool,
}

/// The fields of a new verification, as typed.
pub struct VerificationForm {
    pub external_id: String,
    pub given_name: String,
    pub family_name: String,
    pub birthdate: String,
    pub email: String,
    pub phone: String,
    pub journeys: Vec<Choice>,
    pub purpose: String,
    pub ticket_system: String,
    pub ticket_table: String,
    pub ticket_number: String,
    /// `email`, `sms`, `none`.
    pub deliveries: Vec<Choice>,
}

/// `GET /console/verifications/{id}`, and the answer to opening one whose link the agent hands over.
#[derive(Template)]
#[template(path = "console/verification.html")]
pub struct Verification {
    pub shell: Shell,
    pub id: String,
    pub subject: String,
    pub status: Chip,
    /// Such as `valid for 12 more minutes`.
    pub validity: Option<String>,
    /// What the outside record is called, and where an agent reads it.
    pub ticket: Option<(String, String)>,
    /// The link, in the one answer that shows it.
    pub link_once: Option<String>,
    pub warnings: Vec<String>,
    pub facts: Vec<Fact>,
    /// What reviewers wrote, by author; empty for whoever is none.
    pub notes: Vec<Fact>,
    pub checks: Vec<Check>,
    pub timeline: Vec<Moment>,
    pub actions: Vec<Action>,
    /// Where a reviewer decides; none for others.
    pub review_href: Option<String>,
}

/// Something that may be done to a verification now: `cancel`, `resend`, `revoke-credential` or `redact`.
pub struct Action {
    pub verb: String,
    pub label: String,
    /// What will happen.
    pub explanation: String,
    pub destroys: bool,
}
