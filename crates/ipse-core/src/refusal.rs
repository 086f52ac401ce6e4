//! The closed set of ways a request can be refused, shared by every surface.
//!
//! The server turns a refusal into an RFC 9457 problem in one exhaustive match.

use std::borrow::Cow;

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A field is missing, malformed or out of bounds.
    Invalid {
        /// Which field, as named on the wire.
        field: &'static str,
        /// What would be right. Never repeats what was sent.
        expected: Cow<'static, str>,
    },
    /// No such thing, or not this organization's: the two look alike on purpose.
    NotFound(&'static str),
    /// The state does not allow it.
    WrongState {
        /// The state the verification is in.
        state: &'static str,
        /// What was asked for.
        action: &'static str,
    },
    /// It has ended, so nothing can be done to it any more.
    Ended(&'static str),
    /// Something with this identity exists already.
    AlreadyExists(&'static str),
    /// The person who asked for a verification may not decide on it.
    ReviewerIsRequester,
    /// The role or key does not include this.
    NotPermitted,
    /// The link was claimed by another browser.
    ClaimedElsewhere,
    /// The link, session or token has run out.
    Expired(&'static str),
    /// The journey does not allow it.
    NotInJourney(&'static str),
    /// The subject has no address or number of the kind the link should go to.
    NoContact(&'static str),
    /// The address or number is too new to be trusted, or nobody knows how new (HD-4). Names another channel, if the
    /// contact there is old enough.
    ContactTooNew(Option<&'static str>),
    /// The journey compares with an enrolled face, and the subject has none.
    NotEnrolled,
    /// A live selfie answers a challenge that was answered before, has run out, or was replaced.
    ChallengeUsed,
    /// The success was used up before (HD-15).
    AlreadyRedeemed,
    /// It was opened for another outside record than the one that relies on it (HD-1).
    OtherRecord,
    /// The evidence and personal data were destroyed.
    Redacted,
    /// No more attempts.
    TooManyAttempts,
}

impl Refusal {
    /// A field that is missing, malformed or out of bounds.
    pub fn invalid(field: &'static str, expected: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid { field, expected: expected.into() }
    }

    /// The stable code on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => "invalid_field",
            Self::NotFound(_) => "not_found",
            Self::WrongState { .. } | Self::Ended(_) => "wrong_state",
            Self::AlreadyExists(_) => "already_exists",
            Self::ReviewerIsRequester => "reviewer_is_requester",
            Self::NotPermitted => "not_permitted",
            Self::ClaimedElsewhere => "claimed_elsewhere",
            Self::Expired(_) => "expired",
            Self::NotInJourney(_) => "not_in_journey",
            Self::NoContact(_) => "no_contact",
            Self::ContactTooNew(_) => "contact_too_new",
            Self::NotEnrolled => "not_enrolled",
            Self::ChallengeUsed => "challenge_used",
            Self::AlreadyRedeemed => "already_redeemed",
            Self::OtherRecord => "other_record",
            Self::Redacted => "redacted",
            Self::TooManyAttempts => "too_many_attempts",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Invalid { field, expected } => write!(formatter, "{field}: {expected}"),
            Self::NotFound(what) => write!(formatter, "There is no such {what}."),
            Self::WrongState { state, action } => {
                write!(formatter, "A verification that is {state} cannot {action}.")
            }
            Self::Ended(what) => write!(formatter, "The {what} has ended."),
            Self::AlreadyExists(what) => write!(formatter, "There is already a {what} like this."),
            Self::ReviewerIsRequester => formatter.write_str("Whoever asked for a verification may not decide on it."),
            Self::NotPermitted => formatter.write_str("This is not permitted for your role or key."),
            Self::ClaimedElsewhere => formatter.write_str("This link was already opened in another browser."),
            Self::Expired(what) => write!(formatter, "The {what} has expired."),
            Self::NotInJourney(what) => {
                write!(formatter, "The journey does not allow this: {what}.")
            }
            Self::NoContact(channel) => {
                write!(formatter, "The subject has no contact for {channel}.")
            }
            Self::ContactTooNew(other) => {
                formatter.write_str(
                    "The subject's contact changed too recently to be trusted with a link, or nobody knows when.",
                )?;
                match other {
                    Some(channel) => write!(formatter, " The one for {channel} is old enough."),
                    None => Ok(()),
                }
            }
            Self::NotEnrolled => formatter.write_str(
                "The journey compares with an enrolled face, and the subject has none: use a journey with a document.",
            ),
            Self::ChallengeUsed => {
                formatter.write_str("The challenge was answered before, has run out, or was replaced by another.")
            }
            Self::AlreadyRedeemed => formatter.write_str("This success was redeemed before; it counts once."),
            Self::OtherRecord => {
                formatter.write_str("This verification was opened for another record than the one named.")
            }
            Self::Redacted => {
                formatter.write_str("The evidence and personal data of this verification were destroyed.")
            }
            Self::TooManyAttempts => formatter.write_str("There are no attempts left."),
        }
    }
}

impl std::error::Error for Refusal {}
