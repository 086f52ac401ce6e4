//! The chip of a travel document (ICAO Doc 9303, parts 10 to 12): the files that a mobile reader brings, and whether a
//! state really wrote them.
//!
//! The caller comes in through [`read()`] with [`ChipFiles`] and a [`TrustStore`], and gets a [`ChipReading`] in which
//! every step has its own outcome. Nothing that is known, however consistent, is `valid` without a path to an authority
//! that the operator has configured.

mod active;
mod ber;
mod certificate;
mod chain;
mod country;
mod curve;
mod details;
mod digest;
mod ecdsa;
mod files;
mod group;
mod ldif;
mod modular;
mod oid;
mod portrait;
mod protocols;
mod read;
mod reading;
mod revocation;
mod rsa;
mod security_object;
mod signature;
mod signed_data;
mod trust;

pub use active::ActiveAuthentication;
pub use details::{Details, Issue};
pub use digest::Digest;
pub use files::{Challenge, ChipFile, ChipFiles};
pub use ldif::{LdifCode, LdifFault};
pub use portrait::{Portrait, PortraitFormat};
pub use protocols::Protocol;
pub use read::read;
pub use reading::{Chain, ChipReading, ChipWarning, DataGroup, Overall, Revocation, Signer, SodSignature, Weakness};
pub use trust::{ListSignature, Loaded, TrustFile, TrustStore};

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipError {
    /// Not of the shape that the standard gives it.
    Malformed,
    /// More bytes or parts than such a file may have.
    TooLarge,
    /// Well made, but by an algorithm or of a version that is not known here.
    Unsupported,
}

impl std::fmt::Display for ChipError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "not of the shape that the standard gives it",
            Self::TooLarge => "too large",
            Self::Unsupported => "made by an algorithm or of a version that is not known here",
        })
    }
}

impl std::error::Error for ChipError {}
