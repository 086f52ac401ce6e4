//! Reviews: the queue, and one case.

use super::{Check, Chip, Choice, Errors, Pager, Shell};
use askama::Template;

/// `GET /console/reviews`
#[derive(Template)]
#[template(path = "console/reviews.html")]
pub struct Reviews {
    pub shell: Shell,
    pub rows: Vec<ReviewRow>,
    pub pager: Pager,
}

/// A verification that waits for a reviewer.
pub struct ReviewRow {
    /// The verification's id.
    pub id: String,
    pub subject: String,
    /// How long it has waited.
    pub age: Chip,
    pub reasons: String,
    pub journey: String,
    pub requested_by: String,
    /// Whether the reader requested it, and so may not decide.
    pub own: bool,
}

/// `GET /console/reviews/{id}`
#[derive(Template)]
#[template(path = "console/review.html")]
pub struct Review {
    pub shell: Shell,
    /// The verification's id.
    pub id: String,
    pub subject: String,
    /// One line: journey, purpose, ticket, who requested it.
    pub context: String,
    pub images: Vec<Image>,
    pub facts: Vec<ReadFact>,
    pub checks: Vec<Check>,
    /// Why the reader may not decide.
    pub barred: Option<String>,
    pub approve_reasons: Vec<Choice>,
    pub reject_reasons: Vec<Choice>,
    pub errors: Errors,
}

/// A picture to look into.
pub struct Image {
    pub label: String,
    /// On this origin.
    pub url: String,
}

/// A fact read from the document, beside what was known before.
pub struct ReadFact {
    pub label: String,
    pub read: String,
    pub known: Option<String>,
}
