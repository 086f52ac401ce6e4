//! Receipts of results: a JWS over every field of the platform event, because anybody who may create the event could
//! write "approved" into it. `integrations/salesforce/test/vectors` has what the reader in Apex believes and what not.

use crate::jws::sign;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ipse_core::assurance::{Assurance, Pathway, Shown};
use ipse_core::event::Event;
use ipse_core::id::{EventId, OrganizationId};
use ipse_core::verification::{State, Verification};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The event's type.
const EVENT: &str = "Verification_Result__e";

/// Claims that are text, and the field of the event that says the same.
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
/// Claims that are whole numbers.
const NUMBERS: [(&str, &str); 2] = [("seq", "Sequence__c"), ("assurance", "Assurance__c")];
/// Claims that are whole seconds.
const MOMENTS: [(&str, &str); 2] = [("occurred_at", "Occurred_At__c"), ("valid_until", "Valid_Until__c")];
/// What the package sends along with a request, and the claim that brings it back.
const NOTES: [(&str, &str); 4] = [
    ("person_record", "salesforce_person"),
    ("policy", "salesforce_policy"),
    ("operation", "salesforce_operation"),
    ("request_key", "salesforce_request"),
];

/// What a trial of the connection is about.
const TRIAL: &str = "test";

/// What signs for an org.
pub struct Signer {
    kid: String,
    pair: RsaKeyPair,
}

/// A key that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadKey;

impl Signer {
    /// Reads a private RSA key, PKCS #8.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(pkcs8: &[u8]) -> Result<Self, BadKey> {
        let pair = RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| BadKey)?;
        let thumb = digest(&SHA256, pair.public_key().as_ref());
        let hex: String = thumb.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        // Salesforce stores the key under this name: letters, digits and single underscores.
        Ok(Self { kid: format!("ipse_{hex}"), pair })
    }

    /// The key's name.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key as it is pasted into `Ipse_Key__mdt`: a subject public key info in base64.
    ///
    /// # Errors
    /// When the library cannot write it.
    pub fn public(&self) -> Result<String, BadKey> {
        use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
        let der: PublicKeyX509Der<'_> = self.pair.public_key().as_der().map_err(|_| BadKey)?;
        Ok(STANDARD.encode(der.as_ref()))
    }

    /// The public key as a JSON Web Key (RFC 7517).
    pub fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": part(public.modulus().big_endian_without_leading_zero()),
            "e": part(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// A receipt.
    ///
    /// # Errors
    /// When the library cannot sign.
    pub fn receipt(&self, claims: &Map<String, Value>) -> Result<String, BadKey> {
        let payload = serde_json::to_vec(claims).map_err(|_| BadKey)?;
        let header = format!(r#"{{"alg":"RS256","kid":"{}","typ":"ipse-result+jwt"}}"#, self.kid);
        sign(&self.pair, &header, &payload).map_err(|_| BadKey)
    }

    /// What the server asserts of itself when it asks for a token.
    ///
    /// # Errors
    /// When the library cannot sign.
    pub fn assertion(&self, claims: &Value) -> Result<String, BadKey> {
        sign(&self.pair, r#"{"alg":"RS256"}"#, claims.to_string().as_bytes()).map_err(|_| BadKey)
    }
}

/// Of what it is told, and to whom.
pub struct Told<'a> {
    /// The org's id.
    pub audience: &'a str,
    /// Whose verification.
    pub organization: &'a OrganizationId,
    /// The journey's key.
    pub journey: &'a str,
}

/// What a decision stands for; nothing while there is none.
const fn decision(state: State) -> Option<&'static str> {
    match state {
        State::Succeeded => Some("approved"),
        State::Failed | State::Declined => Some("refused"),
        State::Expired | State::Cancelled => Some("none"),
        State::Created
        | State::LinkSent
        | State::InProgress
        | State::Processing
        | State::RequiresInput
        | State::PendingReview => None,
    }
}

/// What a success rests on, in words that a report can group by.
fn method(assurance: Assurance) -> String {
    let shown = match assurance.evidence {
        Shown::None => None,
        Shown::Document => Some("document"),
        Shown::Credential => Some("credential"),
        Shown::SignedDocument => Some("chip"),
    };
    let pathway = match assurance.pathway {
        Pathway::None => None,
        Pathway::Biometric => Some("face"),
        Pathway::Visual => Some("reviewer"),
    };
    [shown, pathway].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What the receipt of a terminal event says, but for its issuer and time of issue; nothing for other events.
pub fn claims(told: &Told<'_>, event: &Event, verification: &Verification) -> Option<Map<String, Value>> {
    let decision = decision(verification.state)?;
    let terminal = event.kind.strip_prefix("verification.") == Some(verification.state.as_str());
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        if value != json!("") && !value.is_null() {
            claims.insert(name.to_owned(), value);
        }
    };
    say("aud", json!(told.audience));
    say("org", json!(told.organization));
    say("jti", json!(event.id));
    say("sub", json!(verification.id));
    say("seq", json!(event.sequence));
    say("status", json!(verification.state.as_str()));
    say("decision", json!(decision));
    let codes: Vec<&str> = verification.reasons.iter().map(|reason| reason.code()).collect();
    say("reasons", json!(codes.join(";")));
    let assurance = verification.proven().unwrap_or_default();
    say("assurance", json!(assurance.level));
    say("method", json!(method(assurance)));
    say("journey", json!(told.journey));
    say("subject_key", json!(verification.subject));
    say("related_record", json!(verification.record.as_ref().map(|record| &record.id)));
    for (claim, note) in NOTES {
        say(claim, json!(verification.metadata.get(note)));
    }
    say("occurred_at", json!(event.at.as_second()));
    say("valid_until", json!(verification.valid_until.map(Timestamp::as_second)));
    terminal.then_some(claims)
}

/// What the receipt of a trial of the connection says.
pub fn trial(told: &Told<'_>, id: &EventId, now: Timestamp) -> Map<String, Value> {
    let claims = json!({
        "aud": told.audience, "org": told.organization, "jti": id, "sub": TRIAL, "seq": 0,
        "status": "test", "decision": "none", "assurance": 0, "occurred_at": now.as_second(),
    });
    claims.as_object().cloned().unwrap_or_default()
}

/// The platform event that says what a receipt says, with the receipt.
///
/// # Errors
/// When the library cannot sign.
pub fn event(signer: &Signer, mut claims: Map<String, Value>, issuer: &str, now: Timestamp) -> Result<Value, BadKey> {
    claims.insert("iss".to_owned(), json!(issuer));
    claims.insert("iat".to_owned(), json!(now.as_second()));
    if let Some(id) = claims.get("sub").and_then(Value::as_str).filter(|id| *id != TRIAL) {
        let page = format!("{issuer}/console/verifications/{id}");
        claims.insert("receipt".to_owned(), json!(page));
    }
    let mut event = Map::new();
    event.insert("attributes".to_owned(), json!({ "type": EVENT }));
    for (claim, field) in TEXTS.into_iter().chain(NUMBERS) {
        if let Some(value) = claims.get(claim) {
            event.insert(field.to_owned(), value.clone());
        }
    }
    for (claim, field) in MOMENTS {
        let at = claims.get(claim).and_then(Value::as_i64).and_then(|at| Timestamp::from_second(at).ok());
        if let Some(at) = at {
            event.insert(field.to_owned(), json!(at.to_string()));
        }
    }
    event.insert("Result_Token__c".to_owned(), json!(signer.receipt(&claims)?));
    Ok(Value::Object(event))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::*;
    use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    const VECTORS: &str = include_str!("../../../../integrations/salesforce/test/vectors/result-tokens.json");

    fn signer(key: &Value) -> Signer {
        let made = Signer::new(&STANDARD.decode(key["private_pkcs8"].as_str().unwrap()).unwrap()).unwrap();
        assert_eq!(made.public().unwrap(), key["public_spki"]);
        assert!(made.kid().starts_with("ipse_") && made.jwk()["kid"] == made.kid());
        Signer { kid: key["kid"].as_str().unwrap().to_owned(), ..made }
    }

    /// The header and the signature letter by letter; the payload's members stand in another order.
    #[test]
    fn receipts_are_those_of_the_vectors() {
        let vectors: Value = serde_json::from_str(VECTORS).unwrap();
        let signer = signer(&vectors["key"]);
        let public = STANDARD.decode(vectors["key"]["public_spki"].as_str().unwrap()).unwrap();
        let cases: Vec<&Value> = vectors["cases"].as_array().unwrap().iter().take(6).collect();
        for case in cases {
            assert_eq!(case["accepted"], true);
            let expected = case["event"]["Result_Token__c"].as_str().unwrap();
            let parts: Vec<&str> = expected.split('.').collect();
            let payload = URL_SAFE_NO_PAD.decode(parts[1]).unwrap();
            let header = r#"{"alg":"RS256","kid":"ipse_vectors","typ":"ipse-result+jwt"}"#;
            assert_eq!(sign(&signer.pair, header, &payload).unwrap(), expected, "{}", case["name"]);

            let claims: Map<String, Value> = serde_json::from_slice(&payload).unwrap();
            let mut told = claims.clone();
            for name in ["iss", "iat", "receipt"] {
                told.remove(name);
            }
            let issued = Timestamp::from_second(claims["iat"].as_i64().unwrap()).unwrap();
            let mut made = event(&signer, told, "https://ipse.example.com", issued).unwrap();
            let token = made["Result_Token__c"].take();
            let (content, signature) = token.as_str().unwrap().rsplit_once('.').unwrap();
            assert_eq!(content.split('.').next(), Some(parts[0]));
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public);
            key.verify(content.as_bytes(), &signature).unwrap();
            let payload = URL_SAFE_NO_PAD.decode(content.split('.').nth(1).unwrap()).unwrap();
            let mut now: Map<String, Value> = serde_json::from_slice(&payload).unwrap();
            let mut said = case["event"].clone();
            said["attributes"] = json!({ "type": EVENT });
            said["Result_Token__c"] = Value::Null;
            if !claims.contains_key("receipt") {
                // A shorter vector leaves the receipt's page out.
                now.remove("receipt");
                made.as_object_mut().unwrap().remove("Receipt_Url__c");
            }
            assert_eq!(now, claims, "{}", case["name"]);
            assert_eq!(made, said, "{}", case["name"]);
        }
    }

    #[test]
    fn what_is_no_key_signs_nothing() {
        assert!(Signer::new(b"").is_err() && Signer::new(&[0x30, 0x82, 0, 0]).is_err());
    }
}
