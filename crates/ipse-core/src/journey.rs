//! Journeys: what evidence is asked for and what must hold.
//!
//! A version never changes once written; saving a journey writes the next version, and a verification keeps the one
//! it was opened with.

use crate::Refusal;
use crate::document::DocumentKind;
use crate::enrolment::MOST_DAYS;
use crate::id::JourneyId;
use crate::presentation::PresentationPolicy;
use crate::subject::bounded;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One version of a journey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// Shared by all versions.
    pub id: JourneyId,
    /// From 1.
    pub version: u32,
    /// A short name for configuration files and API calls: `a-z`, `0-9` and `-`, at most 60; unique per organization.
    pub key: String,
    /// The name people see in the console.
    pub name: String,
    /// When this version was written.
    pub created_at: Timestamp,
    /// The recipe.
    pub rules: Rules,
}

/// How the document's name is compared with the subject's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameRule {
    /// Not compared.
    None,
    /// Same words in the same order, after case and spacing.
    Exact,
    /// See [`crate::name`].
    Relaxed,
}

impl NameRule {
    /// Every rule.
    pub const ALL: [Self; 3] = [Self::None, Self::Exact, Self::Relaxed];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Exact => "exact",
            Self::Relaxed => "relaxed",
        }
    }
}

/// When a person decides instead of the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewPolicy {
    /// Never: an inconclusive check fails the verification.
    Never,
    /// When a required check is inconclusive.
    WhenUnsure,
    /// Whenever the rules alone would not fail it.
    Always,
}

impl ReviewPolicy {
    /// Every policy.
    pub const ALL: [Self; 3] = [Self::Never, Self::WhenUnsure, Self::Always];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::WhenUnsure => "when_unsure",
            Self::Always => "always",
        }
    }
}

/// The recipe of a journey. Missing fields take the defaults of [`Rules::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Kinds of document accepted; empty asks for no document but for the face that is enrolled, or for a presentation.
    pub document_kinds: Vec<DocumentKind>,
    /// The credential that is to be presented from a wallet. Where one is, nothing else is asked for.
    pub presentation: Option<PresentationPolicy>,
    /// Issuing states accepted, three letters each (ICAO 9303-3 §5); empty accepts any.
    pub countries: Vec<String>,
    /// Whether a stored picture may be uploaded, or only the camera used.
    pub uploads_allowed: bool,
    /// Whether a selfie is asked for and compared.
    pub selfie_required: bool,
    /// Whether the selfie must be shown to come from a live person.
    pub liveness_required: bool,
    /// Days a face template is kept so that the same person steps up without a document, 0 to 365. It is offered to the
    /// person, never demanded; 0 does not offer it.
    pub keep_template_days: u32,
    /// How names are compared.
    pub name_rule: NameRule,
    /// Whether the date of birth must be the subject's.
    pub birthdate_must_match: bool,
    /// When a person decides.
    pub review_policy: ReviewPolicy,
    /// Minutes a link can be opened for, 1 to 10080.
    pub link_minutes: u32,
    /// Minutes from opening the link to the last picture, 5 to 1440.
    pub session_minutes: u32,
    /// Minutes a success may be relied on, 1 to 525600.
    pub result_minutes: u32,
    /// Tries per picture and per submission, 1 to 20.
    pub max_attempts: u32,
    /// Days since a contact changed before a link may go there (HD-4); 0 asks no such thing.
    pub min_contact_age_days: u32,
    /// Hours pictures are kept after the end, 0 to 720.
    pub keep_images_hours: u32,
    /// Days what was read is kept after the end, 0 to 3650.
    pub keep_facts_days: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            document_kinds: vec![DocumentKind::Passport, DocumentKind::IdCard],
            presentation: None,
            countries: Vec::new(),
            uploads_allowed: false,
            selfie_required: true,
            liveness_required: true,
            keep_template_days: 0,
            name_rule: NameRule::Relaxed,
            birthdate_must_match: false,
            review_policy: ReviewPolicy::WhenUnsure,
            link_minutes: 15,
            session_minutes: 30,
            result_minutes: 30,
            max_attempts: 5,
            min_contact_age_days: 0,
            keep_images_hours: 24,
            keep_facts_days: 30,
        }
    }
}

impl Rules {
    /// Whether the face that is enrolled is all that is asked for: a step-up.
    pub const fn is_face_only(&self) -> bool {
        self.document_kinds.is_empty() && self.presentation.is_none()
    }

    /// Whether a document is asked for.
    pub const fn asks_for_document(&self) -> bool {
        !self.document_kinds.is_empty()
    }

    /// Refuses a recipe that could not work or promises nothing.
    pub fn validate(&self) -> Result<(), Refusal> {
        let within = |field, value: u32, least: u32, most: u32| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(Refusal::invalid(field, format!("must be {least} to {most}")))
            }
        };
        within("link_minutes", self.link_minutes, 1, 10_080)?;
        within("session_minutes", self.session_minutes, 5, 1_440)?;
        within("result_minutes", self.result_minutes, 1, 525_600)?;
        within("max_attempts", self.max_attempts, 1, 20)?;
        within("min_contact_age_days", self.min_contact_age_days, 0, 365)?;
        within("keep_images_hours", self.keep_images_hours, 0, 720)?;
        within("keep_facts_days", self.keep_facts_days, 0, 3_650)?;
        within("keep_template_days", self.keep_template_days, 0, MOST_DAYS)?;
        if let Some(policy) = &self.presentation {
            self.validate_presentation(policy)?;
        }
        if self.is_face_only() && !(self.selfie_required && self.liveness_required) {
            return Err(Refusal::invalid(
                "document_kinds",
                "must name at least one kind of document, unless a live selfie is required",
            ));
        }
        if self.is_face_only() && self.birthdate_must_match {
            return Err(Refusal::invalid("birthdate_must_match", "needs a document"));
        }
        if self.liveness_required && !self.selfie_required {
            return Err(Refusal::invalid("liveness_required", "needs selfie_required"));
        }
        if self.keep_template_days > 0 && !self.liveness_required {
            return Err(Refusal::invalid("keep_template_days", "needs liveness_required"));
        }
        let mut kinds = self.document_kinds.clone();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() != self.document_kinds.len() {
            return Err(Refusal::invalid("document_kinds", "must name each kind once"));
        }
        if self.countries.len() > 300
            || !self
                .countries
                .iter()
                .all(|country| country.len() == 3 && country.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return Err(Refusal::invalid("countries", "must be three-letter codes such as UTO"));
        }
        Ok(())
    }
}

impl Rules {
    /// Refuses what does not go with a presentation.
    fn validate_presentation(&self, policy: &PresentationPolicy) -> Result<(), Refusal> {
        policy.validate()?;
        let nothing_else = "must be empty where a credential is to be presented";
        if self.asks_for_document() {
            return Err(Refusal::invalid("document_kinds", nothing_else));
        }
        if !self.countries.is_empty() {
            return Err(Refusal::invalid("countries", nothing_else));
        }
        if self.selfie_required {
            return Err(Refusal::invalid("selfie_required", "must be false where a credential is to be presented"));
        }
        let named = policy.claims.given_name.is_some() && policy.claims.family_name.is_some();
        if self.name_rule != NameRule::None && !named {
            return Err(Refusal::invalid(
                "presentation.claims",
                "must name the claims of both names, or name_rule be none",
            ));
        }
        if self.birthdate_must_match && policy.claims.birthdate.is_none() {
            return Err(Refusal::invalid("presentation.claims", "must name the claim of the date of birth"));
        }
        Ok(())
    }
}

/// What every organization begins with: key, name and rules of each.
pub fn shipped() -> [(&'static str, &'static str, Rules); 2] {
    let document_only = Rules { selfie_required: false, liveness_required: false, ..Rules::default() };
    [
        ("kyc-selfie", "KYC with selfie", Rules::default()),
        ("document-only", "Document verification only", document_only),
    ]
}

/// Refuses a key or name that could not be used.
pub fn validate_names(key: &str, name: &str) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if key.is_empty() || key.len() > 60 || !key.bytes().all(allowed) {
        return Err(Refusal::invalid("key", "must be 1 to 60 of a-z, 0-9 and -"));
    }
    bounded("name", name, 1, 120)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_out_of_bounds_are_refused() {
        assert!(Rules::default().validate().is_ok());
        let bad = [
            Rules { link_minutes: 0, ..Rules::default() },
            Rules { session_minutes: 1, ..Rules::default() },
            Rules { document_kinds: vec![], liveness_required: false, ..Rules::default() },
            Rules { document_kinds: vec![], birthdate_must_match: true, ..Rules::default() },
            Rules { keep_template_days: 366, ..Rules::default() },
            Rules { keep_template_days: 30, liveness_required: false, ..Rules::default() },
            Rules { document_kinds: vec![DocumentKind::Visa, DocumentKind::Visa], ..Rules::default() },
            Rules { selfie_required: false, liveness_required: true, ..Rules::default() },
            Rules { countries: vec!["uto".into()], ..Rules::default() },
        ];
        let policy: PresentationPolicy = serde_json::from_value(serde_json::json!({
            "credential": "Employee", "accepted_issuers": ["did:web:a.example"],
            "claims": { "given_name": "firstName", "family_name": "lastName" },
        }))
        .unwrap();
        let presented = Rules {
            document_kinds: vec![],
            selfie_required: false,
            liveness_required: false,
            presentation: Some(policy.clone()),
            ..Rules::default()
        };
        assert!(presented.validate().is_ok() && !presented.is_face_only());
        let nameless = PresentationPolicy { claims: crate::presentation::ClaimNames::default(), ..policy };
        let bad_presented = [
            Rules { document_kinds: vec![DocumentKind::Passport], ..presented.clone() },
            Rules { selfie_required: true, ..presented.clone() },
            Rules { countries: vec!["UTO".into()], ..presented.clone() },
            Rules { birthdate_must_match: true, ..presented.clone() },
            Rules { presentation: Some(nameless), ..presented },
        ];
        for rules in bad.into_iter().chain(bad_presented) {
            assert!(rules.validate().is_err(), "{rules:?}");
        }
        let step_up = Rules { document_kinds: vec![], ..Rules::default() };
        assert!(step_up.is_face_only() && step_up.validate().is_ok());
        assert!(step_up.asks_for_document() != Rules::default().asks_for_document());
        assert!(validate_names("help-desk", "Help desk").is_ok());
        assert!(validate_names("Help Desk", "x").is_err());
    }
}
