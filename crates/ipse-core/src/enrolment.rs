//! Enrolments: a stored face template by which the same person steps up later without a document.
//!
//! A template is kept only with a consent of its own, for as long as the journey said, and one per subject: the next
//! one replaces it. Nobody can be looked up by a face.

use crate::id::{EnrolmentId, SubjectId, VerificationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the words with which a person agrees that a template is kept. Change it with the words.
pub const CONSENT: &str = "enrolment-1";

/// The longest time a template may be kept, in days.
pub const MOST_DAYS: u32 = 365;

/// A stored template, without the template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// Whose face.
    pub subject: SubjectId,
    /// The verification that proved whose face it is.
    pub verification: VerificationId,
    /// The model that made the template; templates of different models cannot be compared.
    pub model: String,
    /// The version of the words the person agreed to.
    pub consent: String,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When it is erased.
    pub expires_at: Timestamp,
}

/// Why a template was erased, for the audit trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// Its time was over.
    Expired,
    /// The person took the consent back.
    ConsentWithdrawn,
    /// The organization asked for it.
    Requested,
    /// The person left the organization.
    OffBoarding,
    /// A newer one took its place.
    Replaced,
}
