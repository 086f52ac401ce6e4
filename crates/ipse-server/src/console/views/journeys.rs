//! Journeys: the list, and one of them.

use super::{Choice, Errors, Shell};
use askama::Template;

/// `GET /console/journeys`
#[derive(Template)]
#[template(path = "console/journeys.html")]
pub struct Journeys {
    pub shell: Shell,
    pub may_edit: bool,
    pub rows: Vec<JourneyRow>,
}

/// A journey in the list.
pub struct JourneyRow {
    pub key: String,
    pub name: String,
    /// What it asks for, in a few words.
    pub summary: String,
    pub version: String,
    pub changed: String,
}

/// `GET /console/journeys/new`, `GET /console/journeys/{key}`
#[derive(Template)]
#[template(path = "console/journey.html")]
pub struct Journey {
    pub shell: Shell,
    pub errors: Errors,
    pub may_edit: bool,
    /// The key once saved; none for a new journey.
    /// What a success of the saved version comes to.
    pub reach: Option<String>,
    pub saved_key: Option<String>,
    pub form: JourneyForm,
    pub versions: Vec<JourneyVersion>,
}

/// The fields of a journey, as typed.
pub struct JourneyForm {
    pub name: String,
    pub key: String,
    pub document_kinds: Vec<Choice>,
    pub countries: String,
    /// Checkboxes named by their own value: `uploads_allowed`, `selfie_required`, `liveness_required`.
    pub capture_rules: Vec<Choice>,
    /// `none`, `exact`, `relaxed`.
    pub name_rules: Vec<Choice>,
    /// `never`, `when_unsure`, `always`.
    pub review_policies: Vec<Choice>,
    /// Checkboxes named by their own value: `birthdate_must_match`.
    pub match_rules: Vec<Choice>,
    pub link_lifetime_minutes: String,
    pub verification_lifetime_minutes: String,
    pub result_lifetime_minutes: String,
    pub max_attempts: String,
    pub min_contact_age_days: String,
    pub images_hours: String,
    pub facts_days: String,
    /// How long a face template is kept with the person's consent; 0 does not offer it.
    pub template_days: String,
}

/// One saved version of a journey.
pub struct JourneyVersion {
    pub number: String,
    pub instant: String,
    pub at: String,
    pub by: String,
    pub current: bool,
}
