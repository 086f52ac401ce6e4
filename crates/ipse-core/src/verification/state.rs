//! Where a verification can stand.

use serde::{Deserialize, Serialize};

/// Where a verification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Opened; the link has not left yet, or is the caller's to send.
    Created,
    /// The link is on its way.
    LinkSent,
    /// The person is at it.
    InProgress,
    /// All evidence is in; the engines are at it.
    Processing,
    /// The person has to mend something.
    RequiresInput,
    /// A reviewer has to decide.
    PendingReview,
    /// It is them.
    Succeeded,
    /// A check failed, or a reviewer said no.
    Failed,
    /// Nobody finished it in time.
    Expired,
    /// The requester took it back.
    Cancelled,
    /// The person said that they did not ask for this.
    Declined,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::LinkSent,
        Self::InProgress,
        Self::Processing,
        Self::RequiresInput,
        Self::PendingReview,
        Self::Succeeded,
        Self::Failed,
        Self::Expired,
        Self::Cancelled,
        Self::Declined,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::LinkSent => "link_sent",
            Self::InProgress => "in_progress",
            Self::Processing => "processing",
            Self::RequiresInput => "requires_input",
            Self::PendingReview => "pending_review",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nothing but redaction can follow.
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Expired | Self::Cancelled | Self::Declined)
    }

    /// Whether the clock can end it: processing and review are ours to finish, so the person's time does not run there.
    pub const fn can_expire(self) -> bool {
        matches!(self, Self::Created | Self::LinkSent | Self::InProgress | Self::RequiresInput)
    }

    /// Whether the person is giving evidence.
    pub const fn accepts_evidence(self) -> bool {
        matches!(self, Self::InProgress)
    }

    /// The transition table of the design: whether `next` may follow.
    pub fn may_become(self, next: Self) -> bool {
        match next {
            Self::Created => false,
            Self::LinkSent => matches!(self, Self::Created | Self::LinkSent | Self::InProgress | Self::RequiresInput),
            Self::InProgress => {
                matches!(self, Self::Created | Self::LinkSent | Self::RequiresInput)
            }
            Self::Processing => self == Self::InProgress,
            Self::RequiresInput | Self::PendingReview => self == Self::Processing,
            Self::Succeeded | Self::Failed => {
                matches!(self, Self::Processing | Self::PendingReview)
            }
            Self::Expired => self.can_expire(),
            Self::Cancelled | Self::Declined => !self.is_terminal(),
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}
