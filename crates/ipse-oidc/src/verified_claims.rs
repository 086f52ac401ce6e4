//! `verified_claims`: what a proof answers to what was asked, in two styles.
//!
//! **Okta's**: every element is answered, with exactly the claims that were asked for: `MATCHED` (or the value) for
//! what was proven, `null` for what was not, and `VERIFIED` only if all of it was. Okta refuses whatever else there is.
//!
//! **Identity Assurance's** (1.0 §5.7): nothing that was not asked for, nothing that is not as it was asked for, and
//! never an error: what is not met is left out, the whole element if it is about the verification.

use crate::claims_request::{Claim, Requested, RequestedEvidence, VerifiedRequest};
use crate::client::ClaimsValues;
use crate::matching::{self, Match, Outcome};
use crate::profile::Style;
use crate::{Client, Proof};
use ipse_core::document::DocumentKind;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The trust framework of Okta's contract, as its examples write it.
pub const IDV_DELEGATED: &str = "IDV-DELEGATED";
/// The same as its prose and its draft write it.
const IDV_DELEGATED_TOO: &str = "IDV_DELEGATED";
const VERIFIED: &str = "VERIFIED";

/// What is answered, and how each claim came out.
pub(crate) struct Answer {
    pub(crate) value: Option<Value>,
    /// Whether every element that Okta's style answers says `VERIFIED`.
    pub(crate) verified: bool,
    pub(crate) matches: Vec<Match>,
}

/// Answers the elements of one place.
pub(crate) fn answer(client: &Client, elements: &[VerifiedRequest], proof: &Proof, now: Timestamp) -> Answer {
    let mut answers = Vec::new();
    let mut matches = Vec::new();
    let mut verified = true;
    for element in elements {
        let found = matching::compare(client.name_rule, &element.claims, &proof.person);
        answers.extend(match client.style {
            Style::Okta => {
                let (answer, all) = okta(client, element, proof, &found);
                verified &= all;
                Some(answer)
            }
            Style::Ida => ida(client, element, proof, &found, now),
        });
        matches.extend(found);
    }
    let value = match (client.style, answers.len()) {
        (_, 0) => None,
        (Style::Ida, 1) => answers.pop(),
        _ => Some(Value::Array(answers)),
    };
    Answer { value, verified, matches }
}

/// Whether a value, if it was restricted, is one of those wanted.
fn wants(request: Option<&Requested>, value: &str) -> bool {
    request
        .is_none_or(|request| request.values.is_empty() || request.values.iter().any(|wanted| wanted.reveal() == value))
}

fn okta(client: &Client, element: &VerifiedRequest, proof: &Proof, matches: &[Match]) -> (Value, bool) {
    let framework = element.verification.get("trust_framework");
    let spelling = [IDV_DELEGATED, IDV_DELEGATED_TOO].into_iter().find(|spelling| wants(framework, spelling));
    let level = wants(element.verification.get("assurance_level"), VERIFIED);
    let all = matches.iter().all(|found| found.outcome == Outcome::Matched);
    let verified = proof.holds() && spelling.is_some() && level && all && !element.unmet;
    let mut claims = Map::new();
    let mut address = Map::new();
    for found in matches {
        let request = element.claims.get(&found.claim);
        // After a failed verification nothing is proven, whatever a forged document says.
        let proven = proof.holds() && found.outcome == Outcome::Matched;
        let value = match client.claims_values {
            ClaimsValues::Matched => Some("MATCHED".to_owned()),
            ClaimsValues::Values => matching::value(found.claim, &proof.person)
                .or_else(|| request.and_then(|request| request.values.first()).map(|value| value.reveal().clone())),
        };
        let mut answer = Map::new();
        if let Some(fuzzy) = request.and_then(|request| request.fuzzy) {
            answer.insert("fuzzy".to_owned(), json!(fuzzy));
        }
        answer.insert("value".to_owned(), value.filter(|_| proven).map_or(Value::Null, Value::String));
        let place = if found.claim.is_in_address() { &mut address } else { &mut claims };
        place.insert(found.claim.as_str().to_owned(), Value::Object(answer));
    }
    if !address.is_empty() {
        claims.insert("address".to_owned(), Value::Object(address));
    }
    let answer = json!({
        "verification": {
            "trust_framework": spelling.unwrap_or(IDV_DELEGATED),
            "assurance_level": if verified { VERIFIED } else { "FAILED" },
            "time": time(proof.at),
            "verification_process": proof.verification.as_str(),
        },
        "claims": claims,
    });
    (answer, verified)
}

fn ida(client: &Client, element: &VerifiedRequest, proof: &Proof, matches: &[Match], now: Timestamp) -> Option<Value> {
    if !proof.holds() || element.unmet {
        return None;
    }
    let mut verification = Map::new();
    let framework = element.verification.get("trust_framework");
    verification.insert("trust_framework".to_owned(), json!(proof.trust_framework));
    if !wants(framework, &proof.trust_framework) {
        return None;
    }
    for (name, value) in [
        ("assurance_level", proof.assurance_level.clone()),
        ("time", Some(time(proof.at))),
        ("verification_process", Some(proof.verification.to_string())),
    ] {
        let Some(request) = element.verification.get(name) else { continue };
        let restricted = !request.values.is_empty() || request.max_age.is_some();
        match value {
            Some(value) if wants(Some(request), &value) && is_young(request, name, proof.at, now) => {
                verification.insert(name.to_owned(), json!(value));
            }
            None if !restricted => {}
            _ => return None,
        }
    }
    if !element.evidence.is_empty() {
        let evidence: Option<Vec<Value>> = element.evidence.iter().map(|request| evidence(request, proof)).collect();
        verification.insert("evidence".to_owned(), Value::Array(evidence?));
    }
    let mut claims = Map::new();
    let mut address = Map::new();
    for found in matches {
        let request = element.claims.get(&found.claim)?;
        if let Some(value) = ida_value(client, found, request, proof) {
            let place = if found.claim.is_in_address() { &mut address } else { &mut claims };
            place.insert(found.claim.as_str().to_owned(), Value::String(value));
        }
    }
    if !address.is_empty() {
        claims.insert("address".to_owned(), Value::Object(address));
    }
    let asked = element.others || !element.claims.is_empty();
    (!asked || !claims.is_empty()).then(|| json!({ "verification": verification, "claims": claims }))
}

/// A restricted claim is answered with the value that was met, so that it is met by its letters too; an open one
/// with what was read, if the client may have that.
fn ida_value(client: &Client, found: &Match, request: &Requested, proof: &Proof) -> Option<String> {
    match found.outcome {
        Outcome::Matched => {
            let met = |value: &&ipse_core::Private<String>| {
                let alone = Requested { values: vec![(*value).clone()], ..request.clone() };
                let asked = std::iter::once((found.claim, alone)).collect();
                matching::compare(client.name_rule, &asked, &proof.person)
                    .iter()
                    .all(|found| found.outcome == Outcome::Matched)
            };
            let value = request.values.iter().find(met).or_else(|| request.values.first());
            value.map(|value| value.reveal().clone())
        }
        Outcome::NotCompared if client.claims_values == ClaimsValues::Values => {
            matching::value(found.claim, &proof.person)
        }
        Outcome::NotCompared | Outcome::Mismatched | Outcome::NotProven => None,
    }
}

fn is_young(request: &Requested, name: &str, at: Timestamp, now: Timestamp) -> bool {
    match request.max_age {
        None => true,
        Some(seconds) => name == "time" && now.duration_since(at).as_secs().max(0).unsigned_abs() <= seconds,
    }
}

/// One kind of evidence that was asked for; `None` if it is not there as it should be.
fn evidence(request: &RequestedEvidence, proof: &Proof) -> Option<Value> {
    if request.unmet || request.kind.values.is_empty() || !wants(Some(&request.kind), "document") {
        return None;
    }
    let fits = |evidence: &&crate::proof::Evidence| {
        let country = evidence.country.as_ref().map(|country| country.reveal().as_str());
        let restricted = request.country_code.as_ref().filter(|asked| !asked.values.is_empty());
        wants(request.document_type.as_ref(), document_type(evidence.kind))
            && restricted.is_none_or(|asked| country.is_some_and(|country| wants(Some(asked), country)))
    };
    let found = proof.evidence.iter().find(fits)?;
    let mut answer = Map::new();
    answer.insert("type".to_owned(), json!("document"));
    let mut details = Map::new();
    if request.document_type.is_some() || request.country_code.is_some() {
        details.insert("type".to_owned(), json!(document_type(found.kind)));
    }
    if let Some(country) = found.country.as_ref().filter(|_| request.country_code.is_some()) {
        details.insert("issuer".to_owned(), json!({ "country_code": country.reveal() }));
    }
    if !details.is_empty() {
        answer.insert("document_details".to_owned(), Value::Object(details));
    }
    if request.check_details {
        let check =
            json!({ "check_method": CHECK_METHOD, "check_id": proof.verification.as_str(), "time": time(proof.at) });
        answer.insert("check_details".to_owned(), json!([check]));
    }
    Some(Value::Object(answer))
}

/// Inspection of an image of the document that was taken remotely, under visible light (the list of check methods of
/// OpenID's working group).
pub(crate) const CHECK_METHOD: &str = "vri";

/// The kinds of document under their names in Identity Assurance's list.
pub(crate) const fn document_type(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Passport => "passport",
        DocumentKind::IdCard => "idcard",
        DocumentKind::DrivingLicence => "driving_permit",
        DocumentKind::Visa => "visa",
        DocumentKind::ResidencePermit => "residence_permit",
    }
}

/// UTC to the second, `…Z`.
fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What is asked for when a client that knows no `claims` parameter asks for the scope `identity_assurance`.
pub(crate) fn by_scope(client: &Client, names: bool) -> VerifiedRequest {
    let verification = ["trust_framework", "assurance_level", "time", "verification_process"];
    let names = names && client.claims_values == ClaimsValues::Values && client.style == Style::Ida;
    let claims = [Claim::GivenName, Claim::FamilyName, Claim::MiddleName, Claim::Birthdate];
    let claims = claims.into_iter().filter(|_| names);
    VerifiedRequest {
        verification: verification.into_iter().map(|name| (name.to_owned(), Requested::default())).collect(),
        claims: claims.map(|claim| (claim, Requested::default())).collect(),
        ..VerifiedRequest::default()
    }
}
