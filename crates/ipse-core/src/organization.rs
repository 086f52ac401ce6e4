//! A tenant and the people who work for it.

use crate::id::{OrganizationId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A tenant: its people, journeys, keys and integrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it may change about itself.
    #[serde(flatten)]
    pub settings: Settings,
}

/// What an organization decides for itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The name people see when asked to verify; 1 to 80 characters.
    pub name: String,
    /// The help desk's telephone number, shown so that a person can call back; at most 40 characters.
    #[serde(default)]
    pub phone: String,
    /// Origins (`https://host[:port]`) a person may be sent back to when finished.
    #[serde(default)]
    pub return_origins: Vec<String>,
}

/// What a person in the console may do. Each role is a set of [`Permission`]s, nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Configures everything; sees no evidence.
    Admin,
    /// Decides what the rules could not; sees evidence, and every look is recorded.
    Reviewer,
    /// Starts verifications and follows them; sees answers, not documents.
    Agent,
    /// Reads everything but evidence, changes nothing.
    Auditor,
}

/// One thing a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See verifications.
    ReadVerifications,
    /// Start, cancel and resend verifications.
    StartVerifications,
    /// Destroy the evidence and personal data of a verification.
    Redact,
    /// See evidence and decide on pending verifications.
    Review,
    /// Change journeys, people, keys, webhooks and settings.
    Configure,
    /// See configuration.
    ReadConfiguration,
    /// Read and export the audit log.
    Audit,
}

impl Role {
    /// Every role, in the order pages show them.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Reviewer, Self::Agent, Self::Auditor];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Reviewer => "reviewer",
            Self::Agent => "agent",
            Self::Auditor => "auditor",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether the role includes the permission.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Admin => matches!(
                permission,
                P::ReadVerifications
                    | P::StartVerifications
                    | P::Redact
                    | P::Configure
                    | P::ReadConfiguration
                    | P::Audit
            ),
            Self::Reviewer => matches!(permission, P::ReadVerifications | P::Review),
            Self::Agent => matches!(permission, P::ReadVerifications | P::StartVerifications),
            Self::Auditor => matches!(permission, P::ReadVerifications | P::ReadConfiguration | P::Audit),
        }
    }
}

/// Someone who signs in to the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// The name colleagues and the persons they verify see; 1 to 80 characters.
    pub name: String,
    /// Where sign-in links are sent; unique per organization.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Set when they may no longer sign in.
    pub disabled: bool,
    /// When they were invited.
    pub created_at: Timestamp,
}
