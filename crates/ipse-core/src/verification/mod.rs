//! The life of a verification: one pure function from a state and a command to the next state and what happened.
//!
//! ```text
//! created → link_sent → in_progress → processing → succeeded | failed | pending_review | requires_input
//! pending_review → succeeded | failed          requires_input → in_progress
//! any unfinished one → expired | cancelled | declined          finished: may be marked redacted
//! ```
//!
//! What is not in [`apply()`]'s match is refused, never guessed.

mod apply;
mod state;

pub use apply::{Command, Device, apply};
pub use state::State;

use crate::Refusal;
use crate::assurance::Assurance;
use crate::check::Decision;
use crate::event::Actor;
use crate::id::{JourneyId, SubjectId, VerificationId};
use crate::reason::Reason;
use crate::subject::bounded;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One run of a journey for one subject, bound to one purpose and one outside record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Its id.
    pub id: VerificationId,
    /// Who is to be verified.
    pub subject: SubjectId,
    /// Which journey.
    pub journey: JourneyId,
    /// Which version of it; frozen at opening.
    pub journey_version: u32,
    /// What the answer is for, in words the person understands; valid for this purpose only.
    pub purpose: String,
    /// The outside record it is for; valid for this record only.
    pub record: Option<Record>,
    /// Who asked.
    pub requester: Requester,
    /// How the link reaches the person.
    pub delivery: Channel,
    /// Where the person goes when finished.
    pub return_url: Option<String>,
    /// The caller's own notes; never personal data.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// BCP 47 tag of the person's language, if the caller knows it.
    pub language: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why it stands there.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// Until when an unfinished one lives: the link's end first, the session's end once claimed.
    pub expires_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Until when a success may be relied on.
    pub valid_until: Option<Timestamp>,
    /// How surely the last attempt says who it is.
    #[serde(default)]
    pub assurance: Assurance,
    /// When a success was used up: it opens one gate once (HD-15).
    #[serde(default)]
    pub redeemed_at: Option<Timestamp>,
    /// Submissions so far.
    pub attempts: u32,
    /// When its evidence and personal data were destroyed.
    pub redacted_at: Option<Timestamp>,
    /// Who decided, where a person did.
    pub reviewer: Option<Actor>,
    /// Whether the person asked for a reviewer's eyes instead of having faces compared.
    #[serde(default)]
    pub face_declined: bool,
    /// Whether the person agreed that a template of their face is kept.
    #[serde(default)]
    pub keep_template: bool,
}

/// The outside record a verification is for: `servicenow:incident:INC0010023`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The system, such as `servicenow`.
    pub system: String,
    /// The table or object, such as `incident`.
    pub table: String,
    /// The record's immutable id there.
    pub id: String,
    /// The number people know it by.
    pub number: String,
}

/// Who asked for a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requester {
    /// Who is accountable: a console person, or the program that called.
    pub actor: Actor,
    /// The agent's id in the caller's system, where a program asks on somebody's behalf.
    pub external_id: Option<String>,
    /// The name the person is shown.
    pub name: String,
}

/// How a link reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// To the subject's first e-mail address.
    Email,
    /// To the subject's first telephone number.
    Sms,
    /// Handed to the caller, who sends or shows it.
    None,
}

impl Channel {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::None => "none",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Email, Self::Sms, Self::None].into_iter().find(|channel| channel.as_str() == text)
    }
}

/// What is needed to open a verification.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Its id.
    pub id: VerificationId,
    /// Who is to be verified.
    pub subject: SubjectId,
    /// What the answer is for.
    pub purpose: String,
    /// The outside record.
    pub record: Option<Record>,
    /// Who asks.
    pub requester: Requester,
    /// How the link travels.
    pub delivery: Channel,
    /// Where the person goes when finished.
    pub return_url: Option<String>,
    /// The caller's notes.
    pub metadata: BTreeMap<String, String>,
    /// The person's language.
    pub language: Option<String>,
}

impl Opening {
    /// Refuses texts out of bounds, before anything is stored.
    pub fn validate(&self) -> Result<(), Refusal> {
        bounded("purpose", &self.purpose, 1, 200)?;
        bounded("requester.name", &self.requester.name, 1, 80)?;
        if let Some(id) = &self.requester.external_id {
            bounded("requester.external_id", id, 1, 255)?;
        }
        if let Some(record) = &self.record {
            bounded("record.system", &record.system, 1, 40)?;
            bounded("record.table", &record.table, 1, 80)?;
            bounded("record.id", &record.id, 1, 80)?;
            bounded("record.number", &record.number, 1, 80)?;
        }
        if self.metadata.len() > 20 {
            return Err(Refusal::invalid("metadata", "at most 20 entries"));
        }
        for (key, value) in &self.metadata {
            bounded("metadata", key, 1, 40)?;
            bounded("metadata", value, 0, 500)?;
        }
        if let Some(language) = &self.language {
            bounded("language", language, 2, 35)?;
        }
        Ok(())
    }
}

impl Verification {
    /// Whether the verification ended: no command but redaction changes it any more.
    pub const fn is_finished(&self) -> bool {
        self.state.is_terminal()
    }

    /// Whether a success may still be relied on. Only this opens a gate.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.state == State::Succeeded
            && self.redeemed_at.is_none()
            && self.valid_until.is_some_and(|until| now < until)
    }

    /// How surely a success says who it is; nothing is said of anything else.
    pub fn proven(&self) -> Option<Assurance> {
        (self.state == State::Succeeded).then_some(self.assurance)
    }

    /// Whether another submission is allowed under the journey's limit.
    pub const fn has_attempts_left(&self, max_attempts: u32) -> bool {
        self.attempts < max_attempts
    }
}

/// The decision a reviewer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewVerdict {
    /// It is the person.
    Approve,
    /// It is not, or nothing shows that it is.
    Reject,
}

impl From<ReviewVerdict> for Decision {
    fn from(verdict: ReviewVerdict) -> Self {
        use crate::check::Verdict;
        match verdict {
            ReviewVerdict::Approve => Self { verdict: Verdict::Succeeded, reasons: vec![Reason::ReviewerApproved] },
            ReviewVerdict::Reject => Self { verdict: Verdict::Failed, reasons: vec![Reason::ReviewerRejected] },
        }
    }
}

#[cfg(test)]
mod tests;
