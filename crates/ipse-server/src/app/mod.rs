//! What Ipse does, whoever asks: a file for each kind of thing, a function for each use. REST, capture, console and
//! jobs all come through here, so each rule exists once. Nothing here knows HTTP.

pub mod audit;
pub mod campaigns;
pub mod capture;
pub mod chip;
pub mod credentials;
pub mod enrolments;
pub mod examine;
pub mod faces;
pub mod integrations;
pub mod journeys;
pub mod keys;
pub mod messages;
pub mod oidc;
pub mod passes;
pub mod people;
pub mod presentations;
pub mod record;
pub mod recovery;
pub mod retention;
pub mod reviews;
pub mod revocations;
pub mod selfie;
pub mod settings;
pub mod subjects;
pub mod verifications;
pub mod webhooks;

use crate::state::Undone;
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::OrganizationId;

/// Who asks for something, on behalf of which organization.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The organization.
    pub organization: OrganizationId,
    /// Who is accountable.
    pub actor: Actor,
    /// The name shown to the person who is asked to verify.
    pub name: String,
}

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// The rules refuse it.
    Refused(Refusal),
    /// The store failed.
    Store(ipse_store::Error),
    /// Too much at once; try again in this many seconds.
    Overloaded(u32),
    /// A part that is not configured or failed; never carries data.
    Unavailable(&'static str),
}

/// A use's result.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ipse_store::Error> for Error {
    fn from(error: ipse_store::Error) -> Self {
        match error {
            ipse_store::Error::Forgotten => Self::Refused(Refusal::Redacted),
            ipse_store::Error::Busy => Self::Overloaded(1),
            ipse_store::Error::Unstorable => Self::Refused(Refusal::invalid("text", "must not contain NUL characters")),
            other => Self::Store(other),
        }
    }
}

impl From<Undone> for Error {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Full => Self::Overloaded(2),
            Undone::Broken => Self::Unavailable("an engine"),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(formatter),
            Self::Store(error) => error.fmt(formatter),
            Self::Overloaded(_) => formatter.write_str("too much at once"),
            Self::Unavailable(what) => write!(formatter, "{what} is not available"),
        }
    }
}

impl std::error::Error for Error {}
