//! Clients of the OpenID provider.

use super::{Chip, Choice, Errors, Shell};
use askama::Template;

/// `GET /console/clients/{id}/tested`
#[derive(Template)]
#[template(path = "console/client_tested.html")]
pub struct ClientTested {
    pub shell: Shell,
    pub id: String,
    pub name: String,
    /// What it came to.
    pub outcome: Chip,
    pub lead: String,
    pub claims: Vec<TestedClaim>,
}

/// A claim of a trial: its name and how it came out, never its value.
pub struct TestedClaim {
    pub name: String,
    pub outcome: Chip,
}

/// `GET /console/clients`
#[derive(Template)]
#[template(path = "console/clients.html")]
pub struct Clients {
    pub shell: Shell,
    pub rows: Vec<ClientRow>,
}

/// A client in the list.
pub struct ClientRow {
    pub id: String,
    pub name: String,
    pub profile: String,
    pub journey: String,
}

/// What is typed of a client.
pub struct ClientForm {
    pub name: String,
    pub profiles: Vec<Choice>,
    pub redirect_uris: String,
    pub scopes: String,
    pub journeys: Vec<Choice>,
    /// A word and a journey in each line.
    pub flows: String,
    pub name_rules: Vec<Choice>,
    pub claims_values: Vec<Choice>,
    pub minutes: String,
    pub jwks: String,
    /// The Entra tenant and the app registration there, where the client is one.
    pub tenant: String,
    pub app_id: String,
    /// What the client calls this organization, for start links.
    pub org_id: String,
}

/// `GET /console/clients/new`
#[derive(Template)]
#[template(path = "console/client_new.html")]
pub struct ClientNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: ClientForm,
}

/// Something to paste into a relying party's administration.
pub struct Pasted {
    pub id: String,
    pub label: String,
    pub value: String,
}

/// `GET /console/clients/{id}`
#[derive(Template)]
#[template(path = "console/client.html")]
pub struct Client {
    pub shell: Shell,
    pub errors: Errors,
    pub id: String,
    pub name: String,
    pub profile: String,
    pub okta: bool,
    /// Whether Ipse can ask itself what this client asks: not where another provider signs who is meant.
    pub can_be_tried: bool,
    pub secret_once: Option<String>,
    /// When each secret was made, and when it ends.
    pub secrets: Vec<String>,
    pub values: Vec<Pasted>,
    pub form: ClientForm,
    /// The journeys that a trial can take.
    pub flows: Vec<Choice>,
}
