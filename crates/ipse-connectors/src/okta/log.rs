//! The system log: what Okta decided, and what its words mean.

use serde_json::Value;

/// Where the log is.
pub const COLLECTION: &str = "/api/v1/logs";
/// What is asked of it.
pub const FILTER: &str = "eventType eq \"user.identity_verification\"";

/// A decision of Okta's. It names the person by Okta's id only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When, as Okta writes it.
    pub at: String,
    /// The person's id in Okta.
    pub user: String,
    /// Whether they were let in.
    pub allowed: bool,
    /// Why, in Okta's word.
    pub reason: String,
    /// The vendor's reference, which is the id of the verification.
    pub reference: Option<String>,
}

/// Whose business a denial is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The person's: it worked as it should, or they can simply begin again.
    Person,
    /// The administrator's: nobody gets through until something is put right.
    Administrator,
}

/// What a reason means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Whose business it is.
    pub whose: Whose,
    /// What has happened.
    pub what: &'static str,
    /// What to do about it.
    pub mend: &'static str,
}

/// Reads an event of the log; nothing if it is no decision.
pub fn decision(event: &Value) -> Option<Decision> {
    if event.get("eventType")?.as_str()? != "user.identity_verification" {
        return None;
    }
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).map(plain);
    let reason = text("/outcome/reason").filter(|reason| !reason.is_empty());
    Some(Decision {
        at: text("/published")?,
        user: text("/actor/id").unwrap_or_default(),
        allowed: text("/outcome/result")? == "ALLOW",
        reason: reason.or_else(|| property(event, "reasonForFailure")).unwrap_or_default(),
        reference: property(event, "IdvReferenceId"),
    })
}

/// A property of an event by its name: which member holds it is not documented.
fn property(event: &Value, name: &str) -> Option<String> {
    match event {
        Value::Object(members) => {
            let own = members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            let own = own.and_then(|(_, value)| value.as_str()).filter(|text| !text.is_empty()).map(plain);
            own.or_else(|| members.values().find_map(|value| property(value, name)))
        }
        Value::Array(members) => members.iter().find_map(|value| property(value, name)),
        _ => None,
    }
}

/// What is printed of another system's words.
fn plain(text: &str) -> String {
    text.chars().filter(|character| !character.is_control()).take(120).collect()
}

const fn person(what: &'static str, mend: &'static str) -> Meaning {
    Meaning { whose: Whose::Person, what, mend }
}

const fn administrator(what: &'static str, mend: &'static str) -> Meaning {
    Meaning { whose: Whose::Administrator, what, mend }
}

/// What each reason means, by how it begins; the first that fits holds.
const MEANINGS: [(&str, Meaning); 14] = [
    (
        "CLAIMS_NOT_VERIFIED",
        person(
            "Ipse did not verify this person, or more than one thing that Okta knows of them is not what was proven.",
            "Look at the verification in Ipse's console: it names the check that failed. If honest people fail, compare \
             their Okta profile with their document, or relax the client's name rule.",
        ),
    ),
    (
        "CLAIM_GIVEN_NAME_NOT_VERIFIED",
        person(
            "The given name in Okta is not the one on the document.",
            "Correct the profile in Okta, or relax the client's name rule.",
        ),
    ),
    (
        "CLAIM_FAMILY_NAME_NOT_VERIFIED",
        person(
            "The family name in Okta is not the one on the document.",
            "Correct the profile in Okta, or relax the client's name rule.",
        ),
    ),
    (
        "ERROR_RESPONSE_PAR",
        administrator(
            "Ipse refused the request that Okta pushed.",
            "Check the client id and secret (`ipse connect okta --new-secret --apply` puts a new one in), that every \
             address of Okta's callback is among the client's redirect URIs, custom domains too, and that the client \
             knows the idv_flow scope.",
        ),
    ),
    (
        "ERROR_RESPONSE_TOKEN",
        administrator(
            "Ipse refused the code that Okta redeemed.",
            "Check the client's secret. A code works once and for a minute: look whether something between the two \
             repeats or delays requests.",
        ),
    ),
    (
        "ERROR_RESPONSE",
        person(
            "The person went back, or their time ran out before anything was looked at.",
            "They can begin again. If it happens to many, give the client more minutes.",
        ),
    ),
    (
        "RESPONSE_PROCESSING_ERROR_PAR",
        administrator(
            "Okta could not reach Ipse to push its request, or did not understand the answer.",
            "Check from outside that the PAR address answers over https with a certificate that everybody trusts, and \
             that no proxy in front of Ipse asks for anything or rewrites answers.",
        ),
    ),
    (
        "RESPONSE_PROCESSING_ERROR",
        administrator(
            "Okta could not fetch the ID token or its keys, or does not believe it.",
            "Check that the issuer in Okta is Ipse's letter by letter, that the token and JWKS addresses answer from \
             outside, and that Ipse's clock is right.",
        ),
    ),
    (
        "PARSING_ERROR",
        administrator(
            "Okta did not understand what the ID token says of the person.",
            "The client has to have the profile okta-idv, which speaks Okta's dialect. If it has, please report it.",
        ),
    ),
    (
        "MISSING_CODE_CHALLENGE",
        administrator(
            "Okta had no PKCE challenge for its own request.",
            "The person can begin again. If it stays, ask Okta's support: Ipse was not asked anything.",
        ),
    ),
    (
        "MISSING_APP_INSTANCE",
        administrator(
            "Okta did not find the identity provider that its rule names.",
            "Activate the identity provider, or run `ipse connect okta --apply` again, which points the rule to it.",
        ),
    ),
    (
        "MISSING_AUTH_STATE_TOKEN",
        person(
            "The browser that came back is not the one that began, or came too late.",
            "They begin again, and finish in the browser in which they began; a phone may take over the camera.",
        ),
    ),
    (
        "MISSING",
        administrator(
            "Something that Okta needs is missing: in the person's profile, or in the answer.",
            "Fill in given and family name in the profile, and check the identity provider's attribute mapping.",
        ),
    ),
    (
        "EMPTY_USER_ID",
        administrator(
            "The ID token names nobody.",
            "Ipse repeats the login_hint that Okta sends: check that no proxy drops parameters.",
        ),
    ),
];

const UNKNOWN: Meaning = administrator(
    "This version does not know the reason.",
    "Read the event in Okta under Reports, System Log; Okta documents its words in the guide for vendors.",
);

/// What a reason means.
pub fn meaning(reason: &str) -> Meaning {
    let found = MEANINGS.iter().find(|(begin, _)| reason.starts_with(begin));
    found.map_or(UNKNOWN, |(_, meaning)| *meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_decision_is_read_wherever_okta_keeps_its_properties() {
        let event = |more: &Value| {
            let mut event = json!({
                "eventType": "user.identity_verification", "published": "2026-07-16T19:26:10.000Z",
                "actor": { "id": "00u1", "alternateId": "somebody@example.com", "displayName": "Some Body" },
                "outcome": { "result": "DENY", "reason": "CLAIMS_NOT_VERIFIED" },
            });
            super::super::patch::merge(&mut event, more);
            event
        };
        let found =
            decision(&event(&json!({ "debugContext": { "debugData": { "IdvReferenceId": "ver_1" } } }))).unwrap();
        assert_eq!((found.reason.as_str(), found.reference.as_deref()), ("CLAIMS_NOT_VERIFIED", Some("ver_1")));
        let told = format!("{found:?}");
        assert!(!found.allowed && !told.contains("somebody") && !told.contains("Body"), "nobody is named");
        let other =
            json!({ "target": [{ "detailEntry": { "idvReferenceId": "ver_2" } }], "outcome": { "reason": null } });
        let found = decision(&event(&merged(&other, "PARSING_ERROR"))).unwrap();
        assert_eq!((found.reason.as_str(), found.reference.as_deref()), ("PARSING_ERROR", Some("ver_2")));
        assert_eq!(decision(&event(&json!({ "eventType": "user.identity_verification.start" }))), None);
        let wild = decision(&event(&json!({ "outcome": { "reason": "A\u{1b}[2JB" } }))).unwrap();
        assert_eq!(wild.reason, "A[2JB", "what a terminal would obey is left out");
    }

    fn merged(one: &Value, reason: &str) -> Value {
        super::super::patch::merged(one, &json!({ "debugContext": { "debugData": { "reasonForFailure": reason } } }))
    }

    #[test]
    fn every_reason_has_a_meaning_of_its_own() {
        let unknown = meaning("SOMETHING_ELSE");
        for reason in [
            "PARSING_ERROR",
            "PARSING_ERROR_GIVENNAME",
            "MISSING",
            "MISSING_FAMILYNAME",
            "RESPONSE_PROCESSING_ERROR",
            "RESPONSE_PROCESSING_ERROR_PAR",
            "ERROR_RESPONSE",
            "ERROR_RESPONSE_TOKEN",
            "EMPTY_USER_ID",
            "MISSING_CODE_CHALLENGE",
            "MISSING_APP_INSTANCE",
            "MISSING_AUTH_STATE_TOKEN",
            "CLAIMS_NOT_VERIFIED",
            "CLAIM_GIVEN_NAME_NOT_VERIFIED",
            "CLAIM_FAMILY_NAME_NOT_VERIFIED",
        ] {
            assert_ne!(meaning(reason), unknown, "{reason}");
        }
        assert_ne!(meaning("MISSING"), meaning("MISSING_APP_INSTANCE"));
        assert_ne!(meaning("ERROR_RESPONSE"), meaning("ERROR_RESPONSE_PAR"));
        assert_eq!(meaning("CLAIMS_NOT_VERIFIED").whose, Whose::Person);
        assert_eq!(meaning("").whose, Whose::Administrator);
    }
}
