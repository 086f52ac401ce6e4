//! `verified_claims`: what is asked for, and whether the answer is what lets somebody in.

use super::Reason;
use serde_json::{Map, Value, json};

/// The framework that is asked for.
const FRAMEWORK: &str = "IDV-DELEGATED";
/// The level that is asked for.
const LEVEL: &str = "VERIFIED";
/// The members of an answer about the verification.
const VERIFICATION: [&str; 4] = ["trust_framework", "assurance_level", "time", "verification_process"];
/// The claims there are.
const SUPPORTED: [&str; 7] =
    ["given_name", "family_name", "middle_name", "email", "birthdate", "phone_number", "address"];

/// What was asked for.
#[derive(Clone)]
pub(super) struct Asked(Vec<&'static str>, Value);

/// What an answer says of a person.
pub(super) struct Told {
    pub(super) outcome: Result<(), Reason>,
    /// The vendor's own reference.
    pub(super) reference: Option<String>,
}

impl Asked {
    pub(super) fn new(mapped: &[(&'static str, String)]) -> Self {
        let claims: Map<String, Value> =
            mapped.iter().map(|(name, value)| ((*name).to_owned(), json!({ "value": value, "fuzzy": true }))).collect();
        let verification = json!({
            "trust_framework": { "value": FRAMEWORK, "essential": true },
            "assurance_level": { "value": LEVEL, "essential": true },
        });
        let element = json!({ "verification": verification, "claims": claims });
        Self(mapped.iter().map(|(name, _)| *name).collect(), json!({ "id_token": { "verified_claims": [element] } }))
    }

    /// The parameter `claims`.
    pub(super) fn parameter(&self) -> String {
        self.1.to_string()
    }

    /// Reads `verified_claims` of an ID token.
    pub(super) fn judge(&self, verified: Option<&Value>) -> Result<Told, Reason> {
        let [element] = verified.ok_or(Reason::Missing)?.as_array().ok_or(Reason::ParsingError)?.as_slice() else {
            return Err(Reason::ParsingError);
        };
        let object = |name: &str| element.get(name).ok_or(Reason::Missing)?.as_object().ok_or(Reason::ParsingError);
        let (verification, claims) = (object("verification")?, object("claims")?);
        let text = |name: &str| verification.get(name).ok_or(Reason::Missing)?.as_str().ok_or(Reason::ParsingError);
        let (framework, level) = (text("trust_framework")?, text("assurance_level")?);
        text("time")?.parse::<jiff::Timestamp>().map_err(|_| Reason::ParsingError)?;
        let known = verification.keys().all(|name| VERIFICATION.contains(&name.as_str()));
        if !known || !claims.keys().all(|name| SUPPORTED.contains(&name.as_str())) {
            return Err(Reason::ParsingError);
        }
        let mut unproven = Vec::new();
        for name in &self.0 {
            if !proven(name, claims)? {
                unproven.push(*name);
            }
        }
        let outcome = match (framework == FRAMEWORK && level == LEVEL, unproven.as_slice()) {
            (true, []) => Ok(()),
            (_, ["given_name"]) => Err(Reason::GivenNameNotVerified),
            (_, ["family_name"]) => Err(Reason::FamilyNameNotVerified),
            _ => Err(Reason::ClaimsNotVerified),
        };
        let reference = verification.get("verification_process").and_then(Value::as_str).map(str::to_owned);
        Ok(Told { outcome, reference })
    }
}

/// Whether a claim that was asked for was proven: `null` says no, and whatever text yes.
fn proven(name: &str, claims: &Map<String, Value>) -> Result<bool, Reason> {
    let (missing, wrong) = match name {
        "given_name" => (Reason::MissingGivenName, Reason::ParsingErrorGivenName),
        "family_name" => (Reason::MissingFamilyName, Reason::ParsingErrorFamilyName),
        _ => (Reason::Missing, Reason::ParsingError),
    };
    let claim = claims.get(name).ok_or(missing)?;
    // What was sent with it comes back with it.
    if claim.get("fuzzy") != Some(&Value::Bool(true)) {
        return Err(wrong);
    }
    match claim.get("value") {
        Some(Value::Null) => Ok(false),
        Some(Value::String(value)) if !value.is_empty() => Ok(true),
        _ => Err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked::new(&[("given_name", "Ada".to_owned()), ("family_name", "Lovelace".to_owned())])
    }

    fn answer(level: &str, given: &Value, family: &Value) -> Value {
        json!([{
            "verification": { "trust_framework": "IDV-DELEGATED", "assurance_level": level,
                "time": "2026-07-16T19:26:10Z", "verification_process": "ver_1" },
            "claims": { "given_name": given, "family_name": family },
        }])
    }

    fn judged(answer: &Value) -> Result<(), Reason> {
        asked().judge(Some(answer)).and_then(|told| told.outcome)
    }

    #[test]
    fn only_what_was_asked_for_and_verified_lets_in() {
        let (yes, no) = (json!({ "fuzzy": true, "value": "MATCHED" }), json!({ "fuzzy": true, "value": null }));
        let bare = json!({ "value": "MATCHED" });
        for (level, given, family, expected) in [
            ("VERIFIED", &yes, &yes, Ok(())),
            ("FAILED", &yes, &yes, Err(Reason::ClaimsNotVerified)),
            ("FAILED", &no, &no, Err(Reason::ClaimsNotVerified)),
            ("FAILED", &no, &yes, Err(Reason::GivenNameNotVerified)),
            ("VERIFIED", &yes, &no, Err(Reason::FamilyNameNotVerified)),
            ("VERIFIED", &bare, &yes, Err(Reason::ParsingErrorGivenName)),
            ("VERIFIED", &yes, &json!("Lovelace"), Err(Reason::ParsingErrorFamilyName)),
            ("verified", &yes, &yes, Err(Reason::ClaimsNotVerified)),
        ] {
            assert_eq!(judged(&answer(level, given, family)), expected, "{level} {given} {family}");
        }
    }

    #[test]
    fn an_answer_of_another_form_lets_nobody_in() {
        let yes = json!({ "fuzzy": true, "value": "MATCHED" });
        let good = answer("VERIFIED", &yes, &yes);
        assert_eq!(judged(&good), Ok(()));
        let changed = |change: fn(&mut Value)| {
            let mut answer = good.clone();
            change(&mut answer);
            judged(&answer)
        };
        assert_eq!(asked().judge(None).and_then(|told| told.outcome), Err(Reason::Missing));
        assert_eq!(judged(&good[0]), Err(Reason::ParsingError), "an object instead of an array");
        assert_eq!(judged(&json!([good[0], good[0]])), Err(Reason::ParsingError), "two answers to one question");
        assert_eq!(changed(|it| it[0]["claims"]["txn"] = json!("1")), Err(Reason::ParsingError));
        assert_eq!(changed(|it| it[0]["verification"]["evidence"] = json!([])), Err(Reason::ParsingError));
        assert_eq!(changed(|it| it[0]["verification"]["time"] = json!("today")), Err(Reason::ParsingError));
        assert_eq!(
            changed(|it| it[0]["verification"]["trust_framework"] = json!("eidas")),
            Err(Reason::ClaimsNotVerified)
        );
        let gone = |name: &str| {
            let mut answer = good.clone();
            let claims = answer[0]["claims"].as_object_mut();
            claims.unwrap().remove(name);
            judged(&answer)
        };
        assert_eq!(gone("given_name"), Err(Reason::MissingGivenName));
        assert_eq!(gone("family_name"), Err(Reason::MissingFamilyName));
    }
}
