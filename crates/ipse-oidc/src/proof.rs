//! What a verification came to, as the caller fills it in from one that it keeps.

use ipse_core::Private;
use ipse_core::document::DocumentKind;
use ipse_core::id::{SubjectId, VerificationId};
use ipse_core::person::Identity;
use ipse_core::verification::State;
use jiff::Timestamp;

/// Where a verification stands, and what it proved.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Which verification.
    pub verification: VerificationId,
    /// Who was verified: the provider's own name for them.
    pub subject: SubjectId,
    /// Where it stands.
    pub state: State,
    /// Whether any check was put to the evidence: what runs out of time after that has failed, not merely ended.
    pub checked: bool,
    /// When it was decided, or when it stands there since.
    pub at: Timestamp,
    /// The trust framework under which it was done, for Identity Assurance, such as `nist_800_63A`.
    pub trust_framework: String,
    /// The level that was computed; absent where none was.
    pub assurance_level: Option<String>,
    /// What Ipse computed the success to be worth, 0 to 3 (`ipse_core::assurance`).
    pub assurance: u8,
    /// The documents that were examined.
    pub evidence: Vec<Evidence>,
    /// Whether a live face was compared with the document's or the enrolled one, and was the same.
    pub face: bool,
    /// What is proven about the person.
    pub person: Facts,
}

/// A document that was examined.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Its kind.
    pub kind: DocumentKind,
    /// The issuing state, three letters.
    pub country: Option<Private<String>>,
}

/// What is proven about a person. What is absent was not proven, and matches nothing.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Names and date of birth.
    pub identity: Identity,
    /// Whether the names may be cut short.
    pub name_truncated: bool,
    /// Addresses that the person was reached at.
    pub emails: Vec<Private<String>>,
    /// Numbers that the person was reached at, E.164.
    pub phones: Vec<Private<String>>,
    /// The address on the document.
    pub address: Option<Address>,
}

/// An address under its OpenID Connect names (Core §5.1.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// House and street; lines separated by newlines.
    pub street_address: Option<Private<String>>,
    /// Town.
    pub locality: Option<Private<String>>,
    /// State, province, region.
    pub region: Option<Private<String>>,
    /// Postal code.
    pub postal_code: Option<Private<String>>,
    /// Country: name or code.
    pub country: Option<Private<String>>,
}

impl Proof {
    /// Whether the person is proven.
    pub fn holds(&self) -> bool {
        self.state == State::Succeeded
    }
}
