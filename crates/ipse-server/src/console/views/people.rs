//! People who sign in to the console, and their passkeys.

use super::{Chip, Choice, Errors, Shell};
use askama::Template;

/// `GET /console/people`
#[derive(Template)]
#[template(path = "console/people.html")]
pub struct People {
    pub shell: Shell,
    pub errors: Errors,
    /// A one-time link, in the one answer that shows it.
    pub link_once: Option<String>,
    pub rows: Vec<PersonRow>,
    pub invite: InviteForm,
}

/// Somebody who may use the console.
pub struct PersonRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub roles: Vec<Choice>,
    pub state: Chip,
    pub disabled: bool,
    pub invited: String,
    /// Whether it is the reader: nobody changes their own role.
    pub own: bool,
}

/// The fields of an invitation, as typed.
pub struct InviteForm {
    pub name: String,
    pub email: String,
    pub roles: Vec<Choice>,
}

/// `GET /console/passkeys`: the reader's own.
#[derive(Template)]
#[template(path = "console/passkeys.html")]
pub struct Passkeys {
    pub shell: Shell,
    pub rows: Vec<PasskeyRow>,
}

/// A passkey.
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub added: String,
    pub last_used: String,
}
