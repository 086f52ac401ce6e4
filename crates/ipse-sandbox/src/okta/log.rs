//! The system log: what was asked and decided, with the words that Okta documents.

use super::User;
use crate::now;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Why a verification came out as it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The vendor refused the pushed request.
    ErrorResponsePar,
    /// The vendor's answer to the pushed request is not one.
    ResponseProcessingErrorPar,
    /// The browser came back with an error, or without a code.
    ErrorResponse,
    /// The vendor refused the code.
    ErrorResponseToken,
    /// The ID token is not one that can be believed.
    ResponseProcessingErrorToken,
    /// The ID token says of nobody whom it is about.
    EmptyUserId,
    /// Its own request had no PKCE challenge.
    MissingCodeChallenge,
    /// There is no identity provider any more.
    MissingAppInstance,
    /// The browser is not the one that began, or there is nothing under way.
    MissingAuthStateToken,
    /// `verified_claims` has not the form that is documented.
    ParsingError,
    /// The given name has not.
    ParsingErrorGivenName,
    /// The family name has not.
    ParsingErrorFamilyName,
    /// Something that was asked for is not in the answer.
    Missing,
    /// The given name is not.
    MissingGivenName,
    /// The family name is not.
    MissingFamilyName,
    /// The person was not verified.
    ClaimsNotVerified,
    /// The person's given name is another, and nothing else is wrong.
    GivenNameNotVerified,
    /// The person's family name is another, and nothing else is wrong.
    FamilyNameNotVerified,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 18] = [
        Self::ErrorResponsePar,
        Self::ResponseProcessingErrorPar,
        Self::ErrorResponse,
        Self::ErrorResponseToken,
        Self::ResponseProcessingErrorToken,
        Self::EmptyUserId,
        Self::MissingCodeChallenge,
        Self::MissingAppInstance,
        Self::MissingAuthStateToken,
        Self::ParsingError,
        Self::ParsingErrorGivenName,
        Self::ParsingErrorFamilyName,
        Self::Missing,
        Self::MissingGivenName,
        Self::MissingFamilyName,
        Self::ClaimsNotVerified,
        Self::GivenNameNotVerified,
        Self::FamilyNameNotVerified,
    ];

    /// The word in the log. The suffixes of `RESPONSE_PROCESSING_ERROR` and `MISSING` are documented by example.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ErrorResponsePar => "ERROR_RESPONSE_PAR",
            Self::ResponseProcessingErrorPar => "RESPONSE_PROCESSING_ERROR_PAR",
            Self::ErrorResponse => "ERROR_RESPONSE",
            Self::ErrorResponseToken => "ERROR_RESPONSE_TOKEN",
            Self::ResponseProcessingErrorToken => "RESPONSE_PROCESSING_ERROR_TOKEN",
            Self::EmptyUserId => "EMPTY_USER_ID",
            Self::MissingCodeChallenge => "MISSING_CODE_CHALLENGE",
            Self::MissingAppInstance => "MISSING_APP_INSTANCE",
            Self::MissingAuthStateToken => "MISSING_AUTH_STATE_TOKEN",
            Self::ParsingError => "PARSING_ERROR",
            Self::ParsingErrorGivenName => "PARSING_ERROR_GIVENNAME",
            Self::ParsingErrorFamilyName => "PARSING_ERROR_FAMILYNAME",
            Self::Missing => "MISSING",
            Self::MissingGivenName => "MISSING_GIVENNAME",
            Self::MissingFamilyName => "MISSING_FAMILYNAME",
            Self::ClaimsNotVerified => "CLAIMS_NOT_VERIFIED",
            Self::GivenNameNotVerified => "CLAIM_GIVEN_NAME_NOT_VERIFIED",
            Self::FamilyNameNotVerified => "CLAIM_FAMILY_NAME_NOT_VERIFIED",
        }
    }
}

/// A line of the system log.
#[derive(Clone, Debug)]
pub struct Logged {
    /// When.
    pub at: Timestamp,
    /// `user.identity_verification`, or the same with `.start`.
    pub event_type: &'static str,
    /// The user's id.
    pub user: String,
    /// The address that they sign in with.
    pub login: String,
    /// `SUCCESS` for a start; `ALLOW` or `DENY`.
    pub result: &'static str,
    /// Why; empty for a start.
    pub reason: &'static str,
    /// The vendor's own reference to the verification.
    pub reference: Option<String>,
}

impl Logged {
    pub(super) fn started(user: &User) -> Self {
        Self {
            at: now(),
            event_type: "user.identity_verification.start",
            user: user.id.clone(),
            login: user.employee.email.to_owned(),
            result: "SUCCESS",
            reason: "",
            reference: None,
        }
    }

    pub(super) fn decided(user: &User, outcome: Result<(), Reason>, reference: Option<String>) -> Self {
        let (result, reason) = match outcome {
            Ok(()) => ("ALLOW", "CLAIMS_VERIFIED"),
            Err(reason) => ("DENY", reason.as_str()),
        };
        Self { event_type: "user.identity_verification", result, reason, reference, ..Self::started(user) }
    }

    /// The line as the system log's interface gives it.
    pub(super) fn event(&self) -> Value {
        json!({
            "uuid": format!("{:x}", self.at.as_nanosecond()),
            "published": self.at.to_string(),
            "eventType": self.event_type,
            "severity": if self.result == "DENY" { "WARN" } else { "INFO" },
            "actor": { "id": self.user, "type": "User", "alternateId": self.login },
            "outcome": { "result": self.result, "reason": self.reason },
            "debugContext": { "debugData": { "IdvReferenceId": self.reference } },
        })
    }
}
