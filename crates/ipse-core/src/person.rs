//! The facts about a person that claims, documents and directories have in common.

use crate::Private;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Names and date of birth under their OpenID Connect names (Core 1.0 §5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// All given names, first one first, as one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<Private<String>>,
    /// Middle names, where the source keeps them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<Private<String>>,
    /// The family name or names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<Private<String>>,
    /// The date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<Private<Date>>,
}

impl Identity {
    /// The name as a person would write it; empty when nothing is known.
    pub fn display_name(&self) -> Private<String> {
        let parts = [&self.given_name, &self.middle_name, &self.family_name];
        let words: Vec<&str> =
            parts.into_iter().flatten().map(|part| part.reveal().trim()).filter(|part| !part.is_empty()).collect();
        Private::new(words.join(" "))
    }
}
