//! Whether an event may be believed, judged as the package's `IpseResultToken` judges it: a JWS over every field, by a key
//! of the org. Both are held against the same vectors.

use super::{Key, text};
use crate::jws::is_signed;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Map, Value};

const LONGEST: usize = 16_384;
const AHEAD_SECONDS: i64 = 300;

/// Text claims, and the field of the event that has to say the same.
const TEXTS: [(&str, &str); 14] = [
    ("sub", "Verification_Id__c"),
    ("jti", "Event_Id__c"),
    ("status", "Status__c"),
    ("decision", "Decision__c"),
    ("reasons", "Reasons__c"),
    ("method", "Method__c"),
    ("journey", "Journey__c"),
    ("subject_key", "Subject_Key__c"),
    ("related_record", "Related_Record_Id__c"),
    ("person_record", "Person_Record_Id__c"),
    ("policy", "Policy__c"),
    ("operation", "Operation__c"),
    ("request_key", "Request_Key__c"),
    ("receipt", "Receipt_Url__c"),
];

/// What a verification that ended so is decided; nothing for one that runs and for unknown words.
pub(super) fn decision(status: &str) -> Option<&'static str> {
    match status {
        "succeeded" => Some("approved"),
        "failed" | "declined" => Some("refused"),
        "expired" | "cancelled" => Some("none"),
        _ => None,
    }
}

/// Whether an event may be believed.
pub(super) fn holds(event: &Map<String, Value>, keys: &[Key], audience: &str, now: i64) -> bool {
    verified(text(event, "Result_Token__c"), keys, audience, now)
        .is_some_and(|claims| agrees(&claims, event) && is_sound(&claims))
}

fn verified(token: &str, keys: &[Key], audience: &str, now: i64) -> Option<Map<String, Value>> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else { return None };
    let parsed = |part: &str| serde_json::from_slice::<Map<String, Value>>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    let head = parsed(header)?;
    if token.len() > LONGEST
        || text(&head, "alg") != "RS256"
        || text(&head, "typ") != "ipse-result+jwt"
        || head.contains_key("crit")
    {
        return None;
    }
    let key = keys.iter().find(|key| key.name == text(&head, "kid"))?;
    let public = STANDARD.decode(&key.public).ok()?;
    if !is_signed(&public, &format!("{header}.{payload}"), &URL_SAFE_NO_PAD.decode(signature).ok()?) {
        return None;
    }
    let claims = parsed(payload)?;
    let is_ours = text(&claims, "iss") == key.issuer
        && text(&claims, "org") == key.organization
        && text(&claims, "aud") == audience;
    let issued = claims.get("iat").and_then(Value::as_i64)?;
    (is_ours && issued <= now.saturating_add(AHEAD_SECONDS)).then_some(claims)
}

fn agrees(claims: &Map<String, Value>, event: &Map<String, Value>) -> bool {
    let whole = |of: &Map<String, Value>, name: &str| of.get(name).and_then(Value::as_i64);
    let at = |field: &str| text(event, field).parse::<Timestamp>().ok().map(Timestamp::as_second);
    let texts = TEXTS.iter().all(|(claim, field)| match claims.get(*claim) {
        None | Some(Value::Null) => text(event, field).trim().is_empty(),
        Some(claim) => Some(claim) == event.get(*field) && claim.is_string(),
    });
    texts
        && whole(claims, "seq") == whole(event, "Sequence__c")
        && whole(claims, "assurance") == whole(event, "Assurance__c")
        && whole(claims, "occurred_at") == at("Occurred_At__c")
        && whole(claims, "valid_until") == at("Valid_Until__c")
}

fn is_sound(claims: &Map<String, Value>) -> bool {
    let is_whole = ["sub", "jti"].iter().all(|name| !text(claims, name).trim().is_empty())
        && ["seq", "occurred_at"].iter().all(|name| claims.get(*name).is_some_and(Value::is_i64));
    let (status, told) = (text(claims, "status"), text(claims, "decision"));
    let is_test = (status, told, text(claims, "sub")) == ("test", "none", "test");
    is_whole && (is_test || decision(status) == Some(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTORS: &str = include_str!("../../../../integrations/salesforce/test/vectors/result-tokens.json");

    #[test]
    fn the_vectors_are_read_as_the_package_reads_them() {
        let vectors: Value = serde_json::from_str(VECTORS).unwrap();
        let said = |pointer: &str| vectors.pointer(pointer).and_then(Value::as_str).unwrap().to_owned();
        let key = Key {
            name: said("/key/kid"),
            issuer: said("/key/issuer"),
            organization: said("/key/organization"),
            public: said("/key/public_spki"),
        };
        let now = vectors["now"].as_i64().unwrap();
        let mut believed = 0;
        for case in vectors["cases"].as_array().unwrap() {
            let event = case["event"].as_object().unwrap();
            let holds = holds(event, std::slice::from_ref(&key), &said("/audience"), now);
            assert_eq!(holds, case["accepted"], "{}", case["name"]);
            believed += usize::from(holds);
            assert!(!super::holds(event, &[], &said("/audience"), now), "{}", case["name"]);
        }
        assert!(believed > 5);
    }
}
