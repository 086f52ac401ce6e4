//! Prefixed identifiers: `ver_01k3…`, one type per noun, sortable by creation time.
//!
//! The 26 characters after the prefix are 48 bits of milliseconds since 1970 and 80 random bits in Crockford's
//! base 32 (lower case), so ids made later sort later and none can be guessed from another.

use jiff::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// The random part of an id, 80 bits; comes from the caller's generator.
pub type Entropy = [u8; 10];

fn encode(now: Timestamp, entropy: Entropy) -> String {
    let milliseconds = u128::from(now.as_millisecond().max(0).unsigned_abs() & 0xffff_ffff_ffff);
    let random = entropy.iter().fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    let bits = (milliseconds << 80) | random;
    (0..LENGTH)
        .rev()
        .filter_map(|place| ALPHABET.get(((bits >> (place * 5)) & 31) as usize))
        .map(|byte| char::from(*byte))
        .collect()
}

fn is_well_formed(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(|byte| ALPHABET.contains(&byte)))
}

/// A text that is not an identifier of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("this is no id of that kind")
    }
}

impl std::error::Error for NotAnId {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id for something made `now`.
            pub fn new(now: Timestamp, entropy: Entropy) -> Self {
                Self(format!("{}{}", $prefix, encode(now, entropy)))
            }

            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                if is_well_formed(text, $prefix) { Ok(Self(text.to_owned())) } else { Err(NotAnId) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse().map_err(|NotAnId| concat!("not an id starting with ", $prefix))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// An organization.
    OrganizationId = "org_";
    /// A subject: the person to be verified.
    SubjectId = "sub_";
    /// A journey; its versions share the id.
    JourneyId = "jrn_";
    /// A verification.
    VerificationId = "ver_";
    /// One piece of evidence.
    EvidenceId = "evd_";
    /// The report of one attempt.
    ReportId = "rep_";
    /// An event in a chain.
    EventId = "evt_";
    /// A webhook endpoint.
    EndpointId = "whe_";
    /// A delivery of one event or message to one destination.
    DeliveryId = "dlv_";
    /// A person who works in the console.
    PersonId = "usr_";
    /// An API key.
    ApiKeyId = "key_";
    /// A passkey registered by a person.
    PasskeyId = "psk_";
    /// A stored face template.
    EnrolmentId = "enr_";
    /// A campaign of re-verification.
    CampaignId = "cmp_";
    /// An outside system that is set up.
    IntegrationId = "int_";
    /// A client of the OpenID provider.
    ClientId = "cli_";
    /// One try to issue a credential.
    IssuanceId = "iss_";
    /// One try to have a credential presented.
    PresentationId = "prs_";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_time_and_round_trip() {
        let early = VerificationId::new(Timestamp::from_millisecond(1_000).unwrap(), [255; 10]);
        let late = VerificationId::new(Timestamp::from_millisecond(1_001).unwrap(), [0; 10]);
        assert!(early < late);
        assert_eq!(early.as_str().len(), 30);
        assert_eq!(early.as_str().parse::<VerificationId>().unwrap(), early);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let id = SubjectId::new(Timestamp::UNIX_EPOCH, [7; 10]);
        assert_eq!(id.as_str().parse::<VerificationId>(), Err(NotAnId));
        assert_eq!("ver_".parse::<VerificationId>(), Err(NotAnId));
        assert_eq!("ver_0000000000000000000000000u".parse::<VerificationId>(), Err(NotAnId));
        assert!(serde_json::from_str::<VerificationId>("\"ver_../../etc\"").is_err());
    }
}
