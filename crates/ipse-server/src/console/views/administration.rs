//! API keys, the audit trail and the settings.

use super::{Chip, Choice, Errors, Pager, Shell};
use askama::Template;

/// `GET /console/api-keys`
#[derive(Template)]
#[template(path = "console/api_keys.html")]
pub struct ApiKeys {
    pub shell: Shell,
    pub errors: Errors,
    /// A new key, in the one answer that shows it.
    pub key_once: Option<String>,
    pub rows: Vec<ApiKeyRow>,
    /// The new key's name, as typed.
    pub name: String,
    pub scopes: Vec<Choice>,
}

/// An API key, without its secret.
pub struct ApiKeyRow {
    pub id: String,
    pub name: String,
    pub prefix: String,
    pub scopes: String,
    pub last_used: String,
    pub revoked: bool,
}

/// `GET /console/audit`
#[derive(Template)]
#[template(path = "console/audit.html")]
pub struct Audit {
    pub shell: Shell,
    /// What the last check of the hash chain found.
    pub chain: Chip,
    pub chain_detail: String,
    pub types: Vec<Choice>,
    pub actor: String,
    pub object: String,
    pub from: String,
    pub to: String,
    /// `/console/audit/export` with the filters in place.
    pub export_href: String,
    pub rows: Vec<AuditRow>,
    pub pager: Pager,
}

/// One entry of the audit trail.
pub struct AuditRow {
    pub sequence: String,
    pub instant: String,
    pub at: String,
    pub event_type: String,
    pub actor: String,
    pub object: String,
    pub href: Option<String>,
    /// The first characters of the entry's hash.
    pub hash: String,
}

/// `GET /console/settings`
#[derive(Template)]
#[template(path = "console/settings.html")]
pub struct Settings {
    pub shell: Shell,
    pub errors: Errors,
    pub display_name: String,
    pub help_desk_phone: String,
    /// One origin a line.
    pub return_origins: String,
    /// Where a test message goes, as typed.
    pub test_to: String,
    pub faces: FaceModels,
}

/// What this server can do with faces, and the models that it has.
pub struct FaceModels {
    pub can_compare: bool,
    pub can_judge_presentation: bool,
    /// Role, model, what became of it, and whether it is missed.
    pub models: Vec<(&'static str, String, &'static str, bool)>,
}
