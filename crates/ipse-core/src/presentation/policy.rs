//! What a journey wants to be presented: which credential, by whose word, and what must be true of it.

use crate::Refusal;
use crate::id::IntegrationId;
use crate::subject::bounded;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most issuers that are named, and the most constraints.
const MOST: usize = 20;
/// The longest name of a claim, and the longest value of a constraint, in bytes.
const LONGEST: usize = 200;

/// The credential that a journey asks for, and what must hold of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PresentationPolicy {
    /// Who asks for it: an Entra tenant that is set up here; the only one, if left out.
    #[serde(default)]
    pub integration: Option<IntegrationId>,
    /// The credential's type, 1 to 80 characters.
    pub credential: String,
    /// Whose credentials are accepted.
    pub accepted_issuers: Issuers,
    /// What its claims must say; all of it. At most 20.
    #[serde(default)]
    pub constraints: Vec<Constraint>,
    /// Whether the wallet holds the person's face against the picture in the credential.
    #[serde(default)]
    pub face_check: Option<FaceCheck>,
    /// Whether one that its issuer has revoked will do.
    #[serde(default)]
    pub revoked_allowed: bool,
    /// Whether the issuer must have proven that its domain is its own.
    #[serde(default = "yes")]
    pub linked_domain_required: bool,
    /// What the credential calls the claims that are compared with the subject.
    #[serde(default)]
    pub claims: ClaimNames,
}

const fn yes() -> bool {
    true
}

/// Whose credentials are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Issuers {
    /// Anybody's, said in so many words: `"any"`.
    Any(Any),
    /// Those of these decentralized identifiers, 1 to 20.
    These(Vec<String>),
}

/// The word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Any {
    /// `any`
    #[serde(rename = "any")]
    Any,
}

impl Issuers {
    /// Anybody's.
    pub const ANY: Self = Self::Any(Any::Any);

    /// Those that are named; nothing where any will do.
    pub fn named(&self) -> Option<&[String]> {
        match self {
            Self::Any(_) => None,
            Self::These(named) => Some(named),
        }
    }
}

/// What one claim must say: exactly one of the three, compared without regard to case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// The claim.
    pub claim: String,
    /// One of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<String>>,
    /// Something that has this in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// Something that begins so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_with: Option<String>,
}

impl Constraint {
    /// Whether it is met. A claim that was not disclosed meets nothing.
    pub fn is_met(&self, claims: &BTreeMap<String, String>) -> bool {
        let Some(told) = claims.get(&self.claim).map(|told| told.to_lowercase()) else { return false };
        let among = |values: &Vec<String>| values.iter().any(|value| value.to_lowercase() == told);
        match (&self.values, &self.contains, &self.starts_with) {
            (Some(values), None, None) => among(values),
            (None, Some(part), None) => told.contains(&part.to_lowercase()),
            (None, None, Some(start)) => told.starts_with(&start.to_lowercase()),
            _ => false,
        }
    }

    fn is_sound(&self) -> bool {
        let is_text = |text: &String| !text.is_empty() && text.len() <= LONGEST;
        let operand = match (&self.values, &self.contains, &self.starts_with) {
            (Some(values), None, None) => (1..=MOST).contains(&values.len()) && values.iter().all(is_text),
            (None, Some(text), None) | (None, None, Some(text)) => is_text(text),
            _ => false,
        };
        operand && is_text(&self.claim)
    }
}

/// How the wallet compares faces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceCheck {
    /// The claim with the picture.
    #[serde(default = "photo")]
    pub photo_claim: String,
    /// The confidence from which on it is the same face, 50 to 100.
    #[serde(default = "seventy")]
    pub threshold: u8,
}

fn photo() -> String {
    "photo".to_owned()
}

const fn seventy() -> u8 {
    70
}

impl Default for FaceCheck {
    fn default() -> Self {
        Self { photo_claim: photo(), threshold: seventy() }
    }
}

/// What a credential calls the claims that name a person; nothing where it has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimNames {
    /// All given names.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// The date of birth, `YYYY-MM-DD`.
    pub birthdate: Option<String>,
}

impl PresentationPolicy {
    /// Refuses what could not be meant.
    ///
    /// # Errors
    /// When nobody's credentials are accepted, a constraint says nothing or several things, or a number is out of bounds.
    pub fn validate(&self) -> Result<(), Refusal> {
        bounded("presentation.credential", &self.credential, 1, 80)?;
        if let Some(named) = self.accepted_issuers.named() {
            let is_did = |did: &String| did.starts_with("did:") && did.len() <= 255 && did.bytes().all(is_visible);
            if named.is_empty() || named.len() > MOST || !named.iter().all(is_did) {
                let expected = "must be 1 to 20 identifiers that begin with did:, or the word any";
                return Err(Refusal::invalid("presentation.accepted_issuers", expected));
            }
        }
        if self.constraints.len() > MOST || !self.constraints.iter().all(Constraint::is_sound) {
            let expected = "must be at most 20, each with a claim and one of values, contains and starts_with";
            return Err(Refusal::invalid("presentation.constraints", expected));
        }
        if let Some(face) = &self.face_check {
            bounded("presentation.face_check", &face.photo_claim, 1, LONGEST)?;
            if !(50..=100).contains(&face.threshold) {
                return Err(Refusal::invalid("presentation.face_check", "threshold must be 50 to 100"));
            }
        }
        let names = [&self.claims.given_name, &self.claims.family_name, &self.claims.birthdate];
        names.into_iter().flatten().try_for_each(|name| bounded("presentation.claims", name, 1, LONGEST))
    }
}

const fn is_visible(byte: u8) -> bool {
    byte.is_ascii_graphic()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(change: &Value) -> Result<PresentationPolicy, serde_json::Error> {
        let mut policy = json!({ "credential": "Employee", "accepted_issuers": ["did:web:contoso.example"] });
        policy.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value(policy)
    }

    #[test]
    fn what_is_left_out_is_the_strict_way() {
        let policy = read(&json!({ "face_check": {} })).unwrap();
        assert!(policy.linked_domain_required && !policy.revoked_allowed && policy.validate().is_ok());
        assert_eq!(policy.face_check, Some(FaceCheck { photo_claim: "photo".into(), threshold: 70 }));
        assert_eq!(read(&json!({})).unwrap().face_check, None);
    }

    #[test]
    fn anybody_is_accepted_only_in_so_many_words() {
        let any = read(&json!({ "accepted_issuers": "any" })).unwrap();
        assert!(any.accepted_issuers == Issuers::ANY && any.validate().is_ok());
        for nobody in [json!([]), json!([""]), json!(["any"]), json!(["did:web:a b"])] {
            let policy = read(&json!({ "accepted_issuers": nobody })).unwrap();
            assert!(policy.validate().is_err(), "{policy:?}");
        }
        for wrong in [json!(null), json!("Any"), json!("*"), json!({})] {
            assert!(read(&json!({ "accepted_issuers": wrong })).is_err());
        }
        assert!(serde_json::from_value::<PresentationPolicy>(json!({ "credential": "x" })).is_err());
    }

    #[test]
    fn what_could_not_be_meant_is_refused() {
        let twice = json!([{ "claim": "a", "contains": "b", "starts_with": "c" }]);
        for wrong in [
            json!({ "credential": "" }),
            json!({ "constraints": twice }),
            json!({ "constraints": [{ "claim": "a" }] }),
            json!({ "constraints": [{ "claim": "a", "values": [] }] }),
            json!({ "constraints": [{ "claim": "", "contains": "b" }] }),
            json!({ "constraints": [{ "claim": "a", "starts_with": "" }] }),
            json!({ "face_check": { "threshold": 49 } }),
            json!({ "face_check": { "threshold": 101 } }),
            json!({ "claims": { "given_name": "" } }),
        ] {
            assert!(read(&wrong).unwrap().validate().is_err(), "{wrong}");
        }
        assert!(read(&json!({ "allow_revoked": true })).is_err(), "an unknown word is not passed over");
    }

    #[test]
    fn constraints_are_compared_without_regard_to_case() {
        let claims = BTreeMap::from([("courseTitle".to_owned(), "Networks and Security".to_owned())]);
        let is_met = |constraint: Value| serde_json::from_value::<Constraint>(constraint).unwrap().is_met(&claims);
        assert!(is_met(json!({ "claim": "courseTitle", "values": ["x", "NETWORKS AND SECURITY"] })));
        assert!(is_met(json!({ "claim": "courseTitle", "contains": "SECU" })));
        assert!(is_met(json!({ "claim": "courseTitle", "starts_with": "net" })));
        assert!(!is_met(json!({ "claim": "courseTitle", "values": ["networks"] })));
        assert!(!is_met(json!({ "claim": "courseTitle", "starts_with": "and" })));
        assert!(!is_met(json!({ "claim": "coursetitle", "contains": "net" })), "claims have their exact names");
        assert!(!is_met(json!({ "claim": "courseTitle" })), "one that says nothing");
    }
}
