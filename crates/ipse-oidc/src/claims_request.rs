//! The `claims` parameter (OpenID Connect Core §5.5, Identity Assurance §6), in every shape that Okta's guide has shown.
//!
//! All of these ask for the same: `"given_name":{"value":"Ada","fuzzy":true}`, `"given_name":{"fuzzy":"Ada"}`,
//! `"given_name":"Ada"`; `verified_claims` may be one object or an array of them. Claims unknown here are passed over
//! and never answered.

use crate::Error;
use ipse_core::Private;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

const MAX_ELEMENTS: usize = 8;
const MAX_CLAIMS: usize = 64;
const MAX_VALUE: usize = 1_000;

/// A claim about a person that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// All given names, or the first one.
    GivenName,
    /// The family name or names.
    FamilyName,
    /// Middle names.
    MiddleName,
    /// The date of birth, `YYYY-MM-DD`.
    Birthdate,
    /// An e-mail address.
    Email,
    /// A telephone number, E.164.
    PhoneNumber,
    /// Part of the address: house and street.
    StreetAddress,
    /// Part of the address: town.
    Locality,
    /// Part of the address: state, province, region.
    Region,
    /// Part of the address: postal code.
    PostalCode,
    /// Part of the address: country.
    Country,
}

impl Claim {
    /// Those that stand by themselves.
    pub const PLAIN: [Self; 6] =
        [Self::GivenName, Self::FamilyName, Self::MiddleName, Self::Birthdate, Self::Email, Self::PhoneNumber];
    /// Those that stand inside of `address`.
    pub const ADDRESS: [Self; 5] = [Self::StreetAddress, Self::Locality, Self::Region, Self::PostalCode, Self::Country];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::MiddleName => "middle_name",
            Self::Birthdate => "birthdate",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::StreetAddress => "street_address",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::PostalCode => "postal_code",
            Self::Country => "country",
        }
    }

    /// Whether it stands inside of `address`.
    pub fn is_in_address(self) -> bool {
        Self::ADDRESS.contains(&self)
    }
}

/// What was asked about one claim.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Values of which one has to be met; empty where any will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Private<String>>,
    /// Okta's member of this name, where it was given: whether the client's rule applies instead of equality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuzzy: Option<bool>,
    /// How old, in seconds, a time may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u64>,
}

/// What was asked about the evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedEvidence {
    /// `type`; has to have a value.
    pub kind: Requested,
    /// `document_details.type`.
    pub document_type: Option<Requested>,
    /// `document_details.issuer.country_code`.
    pub country_code: Option<Requested>,
    /// Whether `check_details` was asked for.
    pub check_details: bool,
    /// Whether it restricts something that is never answered.
    pub unmet: bool,
}

/// One element of `verified_claims`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifiedRequest {
    /// `trust_framework`, `assurance_level`, `time` and `verification_process`, as far as asked for.
    pub verification: BTreeMap<String, Requested>,
    /// The kinds of evidence asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<RequestedEvidence>,
    /// Whether the verification is restricted in a way that is never met.
    #[serde(default)]
    pub unmet: bool,
    /// The claims asked for that are known here.
    pub claims: BTreeMap<Claim, Requested>,
    /// Whether claims were asked for that are not.
    #[serde(default)]
    pub others: bool,
}

/// What was asked for in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Claims beside `verified_claims`: any name.
    pub plain: BTreeMap<String, Requested>,
    /// The elements of `verified_claims`.
    pub verified: Vec<VerifiedRequest>,
}

/// The whole parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// What the ID token has to say.
    pub id_token: Section,
    /// What the userinfo endpoint has to say.
    pub userinfo: Section,
}

impl ClaimsRequest {
    /// Reads the parameter.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let value: Value = serde_json::from_str(text).map_err(|_| WRONG)?;
        let members = value.as_object().ok_or(WRONG)?;
        Ok(Self { id_token: section(members.get("id_token"))?, userinfo: section(members.get("userinfo"))? })
    }
}

const WRONG: Error = Error::Invalid("claims");

fn section(value: Option<&Value>) -> Result<Section, Error> {
    let members = match value {
        None | Some(Value::Null) => return Ok(Section::default()),
        Some(value) => object(value)?,
    };
    let mut section = Section::default();
    for (name, value) in members {
        if name == "verified_claims" {
            section.verified = match value {
                Value::Null => Vec::new(),
                Value::Array(elements) if elements.len() <= MAX_ELEMENTS => {
                    elements.iter().map(verified).collect::<Result<_, _>>()?
                }
                one => vec![verified(one)?],
            };
        } else {
            section.plain.insert(name.clone(), requested(value)?);
        }
    }
    Ok(section)
}

fn verified(value: &Value) -> Result<VerifiedRequest, Error> {
    let members = object(value)?;
    let mut request = VerifiedRequest::default();
    if let Some(verification) = members.get("verification").filter(|value| !value.is_null()) {
        for (name, value) in object(verification)? {
            match name.as_str() {
                "trust_framework" | "assurance_level" | "time" | "verification_process" => {
                    request.verification.insert(name.clone(), requested(value)?);
                }
                "evidence" => {
                    let kinds = value.as_array().filter(|kinds| kinds.len() <= MAX_ELEMENTS).ok_or(WRONG)?;
                    request.evidence = kinds.iter().map(evidence).collect::<Result<_, _>>()?;
                }
                _ => request.unmet |= restricts(value),
            }
        }
    }
    if let Some(claims) = members.get("claims").filter(|value| !value.is_null()) {
        for (name, value) in object(claims)? {
            if name == "address" {
                address(value, &mut request)?;
            } else if let Some(claim) = Claim::PLAIN.into_iter().find(|claim| claim.as_str() == name) {
                request.claims.insert(claim, requested(value)?);
            } else {
                request.others = true;
            }
        }
    }
    Ok(request)
}

/// The parts that were named, or all of them.
fn address(value: &Value, request: &mut VerifiedRequest) -> Result<(), Error> {
    let parts = match value {
        Value::Null => None,
        value => Some(object(value)?),
    };
    let value = parts.and_then(|parts| parts.get("value")).filter(|value| value.is_object());
    let parts = value.map_or(Ok(parts), |value| object(value).map(Some))?;
    let named = |claim: Claim| parts.and_then(|parts| parts.get(claim.as_str()));
    let any = Claim::ADDRESS.into_iter().any(|claim| named(claim).is_some());
    for claim in Claim::ADDRESS {
        match named(claim) {
            Some(value) => {
                request.claims.insert(claim, requested(value)?);
            }
            None if !any => {
                request.claims.insert(claim, Requested::default());
            }
            None => {}
        }
    }
    Ok(())
}

fn evidence(value: &Value) -> Result<RequestedEvidence, Error> {
    let mut request = RequestedEvidence::default();
    for (name, value) in object(value)? {
        match name.as_str() {
            "type" => request.kind = requested(value)?,
            "document_details" if value.is_object() => {
                for (name, value) in object(value)? {
                    match name.as_str() {
                        "type" => request.document_type = Some(requested(value)?),
                        "issuer" if value.is_object() => {
                            for (name, value) in object(value)? {
                                match name.as_str() {
                                    "country_code" => request.country_code = Some(requested(value)?),
                                    _ => request.unmet |= restricts(value),
                                }
                            }
                        }
                        _ => request.unmet |= restricts(value),
                    }
                }
            }
            "check_details" => {
                request.check_details = true;
                request.unmet |= restricts(value);
            }
            _ => request.unmet |= restricts(value),
        }
    }
    Ok(request)
}

/// Whether something inside has to have a certain value.
fn restricts(value: &Value) -> bool {
    match value {
        Value::Object(members) => {
            ["value", "values", "max_age"].iter().any(|name| members.contains_key(*name))
                || members.values().any(restricts)
        }
        Value::Array(elements) => elements.iter().any(restricts),
        _ => false,
    }
}

fn requested(value: &Value) -> Result<Requested, Error> {
    let members = match value {
        Value::Null => return Ok(Requested::default()),
        // The shape of autumn 2025: the value itself. Okta has always meant it to be compared by the rule.
        Value::String(_) => return Ok(Requested { values: vec![text(value)?], fuzzy: Some(true), max_age: None }),
        value => object(value)?,
    };
    let mut request = Requested::default();
    match members.get("fuzzy") {
        Some(Value::Bool(fuzzy)) => request.fuzzy = Some(*fuzzy),
        // Older still: the value under the name of the switch.
        Some(value @ Value::String(_)) => {
            request.fuzzy = Some(true);
            request.values.push(text(value)?);
        }
        None | Some(Value::Null) => {}
        Some(_) => return Err(WRONG),
    }
    if let Some(value) = members.get("value").filter(|value| !value.is_null()) {
        request.values = vec![text(value)?];
    } else if let Some(values) = members.get("values") {
        let values =
            values.as_array().filter(|values| !values.is_empty() && values.len() <= MAX_CLAIMS).ok_or(WRONG)?;
        request.values = values.iter().map(text).collect::<Result<_, _>>()?;
    }
    if let Some(age) = members.get("max_age").filter(|age| !age.is_null()) {
        request.max_age = Some(age.as_u64().ok_or(WRONG)?);
    }
    Ok(request)
}

/// A text as it is; anything else as it is written in JSON, which no claim here is ever equal to by accident.
fn text(value: &Value) -> Result<Private<String>, Error> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.len() > MAX_VALUE { Err(WRONG) } else { Ok(Private::new(text)) }
}

fn object(value: &Value) -> Result<&Map<String, Value>, Error> {
    value.as_object().filter(|members| members.len() <= MAX_CLAIMS).ok_or(WRONG)
}
