//! The pages of integrations.

use super::{Chip, Choice, Errors, Pasted, Shell};
use askama::Template;

/// `GET /console/integrations`
#[derive(Template)]
#[template(path = "console/integrations.html")]
pub struct Integrations {
    pub shell: Shell,
    pub rows: Vec<IntegrationRow>,
}

/// An integration in the list.
pub struct IntegrationRow {
    pub id: String,
    pub name: String,
    pub kind: &'static str,
    pub address: String,
    pub state: Chip,
    pub called: String,
}

/// What is typed of an integration.
pub struct IntegrationForm {
    pub kind: &'static str,
    pub name: String,
    pub address: String,
    pub journeys: Vec<Choice>,
    /// A table and what its records are called in each line.
    pub tables: String,
    /// Where it is a Salesforce org.
    pub org: Option<OrgForm>,
    /// Where it is an Entra tenant.
    pub entra: Option<EntraForm>,
    pub min_contact_age_days: String,
}

impl IntegrationForm {
    fn is_servicenow(&self) -> bool {
        self.org.is_none() && self.entra.is_none()
    }
}

/// What is typed of a Salesforce org.
pub struct OrgForm {
    pub id: String,
    pub consumer_key: String,
    pub username: String,
    pub audience: String,
}

/// What is typed of an Entra tenant; its client secret is never shown.
pub struct EntraForm {
    pub tenant_id: String,
    pub client_id: String,
    pub authority: String,
    pub credential: String,
    /// A claim and what is told as it in each line.
    pub claims: String,
    /// What can be told.
    pub facts: String,
    pub login: String,
    pub api: String,
    pub revoke_on_redaction: bool,
    pub revoke_on_off_boarding: bool,
    pub validates_claims: bool,
    /// Minutes that a Temporary Access Pass is good for; empty where none is offered.
    pub pass_minutes: String,
    pub pass_level: String,
    pub graph: String,
}

/// `GET /console/integrations/new`
#[derive(Template)]
#[template(path = "console/integration_new.html")]
pub struct IntegrationNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: IntegrationForm,
}

/// One thing that was looked at.
pub struct Looked {
    pub what: &'static str,
    pub state: Chip,
    /// What it is, or what to do about it.
    pub said: String,
}

/// `GET /console/integrations/{id}`
#[derive(Template)]
#[template(path = "console/integration.html")]
pub struct Integration {
    pub shell: Shell,
    pub errors: Errors,
    pub id: String,
    pub name: String,
    pub state: Chip,
    pub called: String,
    pub delivered: String,
    /// The last event, if it has not arrived.
    pub waiting: Option<String>,
    /// The last event that was given up.
    pub given_up: Option<String>,
    pub webhook_href: Option<String>,
    /// Secrets in the one answer that shows them.
    pub secrets_once: Vec<Pasted>,
    pub values: Vec<Pasted>,
    /// Where a verification stands, and what its ticket shows meanwhile.
    pub words: Vec<(&'static str, String)>,
    /// What was looked at just now, and how it is.
    pub looked: Vec<Looked>,
    pub form: IntegrationForm,
}
