//! One presentation: the request, and what the service tells of it and of the credential that it has looked at.

use super::{Callback, Tenant, Token};
use bytes::Bytes;
use http::{Request, header};
use ipse_core::Private;
use ipse_core::presentation::{Constraint, Disclosed, PresentationPolicy};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What is to be presented.
pub struct Presentation<'a> {
    /// Who asks, in words.
    pub client_name: &'a str,
    /// What for, in words.
    pub purpose: &'a str,
    /// Where the service tells what becomes of it.
    pub callback: Callback<'a>,
    /// What is wanted.
    pub policy: &'a PresentationPolicy,
}

/// The request for a presentation.
///
/// # Errors
/// When the address is none.
pub fn request_presentation(tenant: &Tenant, token: &Token, wanted: &Presentation<'_>) -> http::Result<Request<Bytes>> {
    let body = Bytes::from(body(tenant, wanted).to_string());
    Request::post(format!("{}/v1.0/verifiableCredentials/createPresentationRequest", tenant.api))
        .header(header::AUTHORIZATION, format!("Bearer {}", token.access))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .body(body)
}

fn body(tenant: &Tenant, wanted: &Presentation<'_>) -> Value {
    let policy = wanted.policy;
    let mut validation = json!({
        "allowRevoked": policy.revoked_allowed,
        "validateLinkedDomain": policy.linked_domain_required,
    });
    if let (Some(face), Some(validation)) = (&policy.face_check, validation.as_object_mut()) {
        let check = json!({ "sourcePhotoClaimName": face.photo_claim, "matchConfidenceThreshold": face.threshold });
        validation.insert("faceCheck".to_owned(), check);
    }
    // To the service an empty list means anybody: only a policy that says so sends one.
    let mut credential = json!({
        "type": policy.credential,
        "acceptedIssuers": policy.accepted_issuers.named().unwrap_or_default(),
        "configuration": { "validation": validation },
    });
    if let (false, Some(credential)) = (policy.constraints.is_empty(), credential.as_object_mut()) {
        credential.insert("constraints".to_owned(), policy.constraints.iter().map(constraint).collect());
    }
    json!({
        "authority": tenant.authority,
        "includeQRCode": false,
        // A receipt is the credential itself: nobody here wants to have it.
        "includeReceipt": false,
        "registration": { "clientName": wanted.client_name, "purpose": wanted.purpose },
        "callback": {
            "url": wanted.callback.url,
            "state": wanted.callback.state,
            "headers": { "api-key": wanted.callback.api_key },
        },
        "requestedCredentials": [credential],
    })
}

fn constraint(constraint: &Constraint) -> Value {
    let operands = [
        ("values", constraint.values.as_ref().map(|values| json!(values))),
        ("contains", constraint.contains.as_ref().map(|part| json!(part))),
        ("startsWith", constraint.starts_with.as_ref().map(|start| json!(start))),
    ];
    let mut told = Map::from_iter([("claimName".to_owned(), json!(constraint.claim))]);
    told.extend(operands.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Object(told)
}

/// What the service tells of a presentation.
///
/// Read as far as whoever is to believe it needs: ten megabytes from somebody who has no key are not to become many times
/// that in memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldOfPresentation<'a> {
    /// What we named the presentation by.
    pub state: String,
    request_status: String,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    verified_credentials_data: Option<&'a RawValue>,
}

impl std::fmt::Debug for ToldOfPresentation<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ToldOfPresentation").field("state", &self.state).finish_non_exhaustive()
    }
}

/// How far a presentation is.
#[derive(Debug, Clone, PartialEq)]
pub enum Presented {
    /// A wallet has opened the request.
    Retrieved,
    /// The service has looked at what was presented; nothing where that is not the one credential that was asked for.
    Verified(Option<Box<Disclosed>>),
    /// Nothing was presented, for a reason in a word of ours.
    Failed(&'static str),
}

/// Reads a callback. Unknown fields are passed over, a receipt among them.
pub fn read_presented(body: &[u8]) -> Option<ToldOfPresentation<'_>> {
    serde_json::from_slice(body).ok()
}

impl ToldOfPresentation<'_> {
    /// How far it is; nothing where the service uses a word that it has not used before. What is missing or of another kind
    /// than documented is not there, and proves nothing.
    pub fn progress(&self) -> Option<Presented> {
        let read = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
        match self.request_status.as_str() {
            "request_retrieved" => Some(Presented::Retrieved),
            "presentation_verified" => {
                let data = read(self.verified_credentials_data);
                // One was asked for. Of several, none can be said to be it.
                Some(Presented::Verified(match data.as_ref().and_then(Value::as_array).map(Vec::as_slice) {
                    Some([one]) => Some(Box::new(disclosed(one))),
                    _ => None,
                }))
            }
            "presentation_error" => Some(Presented::Failed(failure(read(self.error).as_ref()))),
            _ => None,
        }
    }
}

fn failure(error: Option<&Value>) -> &'static str {
    let text = |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str).unwrap_or_default();
    match (text("code"), text("message")) {
        ("claimValidationError", message) if message.starts_with("Match confidence score") => "face_check_failed",
        ("claimValidationError", _) => "claim_validation_error",
        // So is what the service says that nobody has documented.
        _ => "unspecified_error",
    }
}

fn disclosed(told: &Value) -> Disclosed {
    let text = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let instant = |pointer: &str| text(pointer).and_then(|text| text.parse::<Timestamp>().ok());
    let types = told.get("type").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let claims = told.get("claims").and_then(Value::as_object);
    let claims: BTreeMap<String, String> = claims
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect();
    Disclosed {
        issuer: text("/issuer").unwrap_or_default(),
        types: types.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        claims: Private::new(claims),
        revocation_status: text("/credentialState/revocationStatus"),
        domain: text("/domainValidation/url"),
        issued_at: instant("/issuanceDate"),
        expires_at: instant("/expirationDate"),
        face_confidence: told.pointer("/faceCheck/matchConfidenceScore").and_then(Value::as_f64),
        ..Disclosed::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;
    use ipse_core::presentation::{FaceCheck, Issuers};

    fn policy(change: &Value) -> PresentationPolicy {
        let mut policy = json!({
            "credential": "VerifiedCredentialExpert", "accepted_issuers": ["did:web:verifiedid.contoso.com"],
        });
        policy.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::from_value(policy).unwrap()
    }

    fn sent(policy: &PresentationPolicy) -> Value {
        let wanted = Presentation {
            client_name: "Contoso Verifier",
            purpose: "So we can see it",
            callback: Callback {
                url: "https://contoso.com/api/verifier/presentationCallback",
                state: "s",
                api_key: "k",
            },
            policy,
        };
        let token = Token { access: "t".into(), lives: 1, roles: Vec::new() };
        let request = request_presentation(&tenant(), &token, &wanted).unwrap();
        let address = "https://verifiedid.did.msidentity.com/v1.0/verifiableCredentials/createPresentationRequest";
        assert_eq!(request.uri(), address);
        assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer t");
        serde_json::from_slice(request.body()).unwrap()
    }

    /// The body of presentation-request-api.md, but for what is optional and not sent: logo and terms of service in
    /// `registration`, and a purpose of the credential's own.
    #[test]
    fn the_body_is_the_one_of_the_reference() {
        let policy = policy(&json!({
            "constraints": [
                { "claim": "courseCode", "values": ["FC100", "FC110"] },
                { "claim": "courseTitle", "contains": "network" },
                { "claim": "x", "starts_with": "y" },
            ],
            "face_check": {},
        }));
        let expected = json!({
            "authority": "did:web:verifiedid.contoso.com",
            "includeQRCode": false,
            "includeReceipt": false,
            "registration": { "clientName": "Contoso Verifier", "purpose": "So we can see it" },
            "callback": {
                "url": "https://contoso.com/api/verifier/presentationCallback", "state": "s",
                "headers": { "api-key": "k" },
            },
            "requestedCredentials": [{
                "type": "VerifiedCredentialExpert",
                "acceptedIssuers": ["did:web:verifiedid.contoso.com"],
                "constraints": [
                    { "claimName": "courseCode", "values": ["FC100", "FC110"] },
                    { "claimName": "courseTitle", "contains": "network" },
                    { "claimName": "x", "startsWith": "y" },
                ],
                "configuration": { "validation": {
                    "allowRevoked": false, "validateLinkedDomain": true,
                    "faceCheck": { "sourcePhotoClaimName": "photo", "matchConfidenceThreshold": 70 },
                } },
            }],
        });
        assert_eq!(sent(&policy), expected);
    }

    /// The body of `presentation_request_TrueIdentity.json` in the samples, but for the receipt.
    #[test]
    fn the_body_is_the_one_of_the_sample() {
        let policy = policy(&json!({
            "credential": "TrueIdentity", "accepted_issuers": ["did:web:did.woodgrovedemo.com"], "revoked_allowed": true,
        }));
        let expected = json!([{
            "type": "TrueIdentity", "acceptedIssuers": ["did:web:did.woodgrovedemo.com"],
            "configuration": { "validation": { "allowRevoked": true, "validateLinkedDomain": true } },
        }]);
        assert_eq!(sent(&policy)["requestedCredentials"], expected);
        let any =
            PresentationPolicy { accepted_issuers: Issuers::ANY, face_check: Some(FaceCheck::default()), ..policy };
        assert_eq!(sent(&any)["requestedCredentials"][0]["acceptedIssuers"], json!([]));
    }

    #[derive(Debug, PartialEq)]
    struct Told {
        state: String,
        progress: Option<Presented>,
    }

    fn of(body: &Value) -> Option<Told> {
        let body = body.to_string();
        let told = read_presented(body.as_bytes())?;
        assert!(!format!("{told:?}").contains("Megan"));
        Some(Told { state: told.state.clone(), progress: told.progress() })
    }

    /// The body of presentation-request-api.md, callback events.
    #[test]
    fn what_was_presented_is_read() {
        let body = json!({
            "requestId": "r", "requestStatus": "presentation_verified", "state": "s", "subject": "did:ion:holder",
            "verifiedCredentialsData": [{
                "issuer": "did:web:issuer.example",
                "type": ["VerifiableCredential", "VerifiedCredentialExpert"],
                "claims": { "firstName": "Megan", "lastName": "Bowen", "age": 7 },
                "credentialState": { "revocationStatus": "VALID" },
                "domainValidation": { "url": "https://contoso.com/" },
                "issuanceDate": "2026-01-02T03:04:05Z", "expirationDate": "2027-01-02T03:04:05Z",
                "faceCheck": { "matchConfidenceScore": 86.314_159, "sourcePhotoQuality": "HIGH" },
                "new": [1],
            }],
            "receipt": { "id_token": "t", "vp_token": ["a"], "state": "s" },
        });
        let told = of(&body).unwrap();
        let Some(Presented::Verified(Some(found))) = &told.progress else { panic!("{told:?}") };
        let claims = [("firstName", "Megan"), ("lastName", "Bowen")];
        let expected = Disclosed {
            issuer: "did:web:issuer.example".into(),
            types: vec!["VerifiableCredential".into(), "VerifiedCredentialExpert".into()],
            claims: Private::new(claims.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
            revocation_status: Some("VALID".into()),
            domain: Some("https://contoso.com/".into()),
            issued_at: Some("2026-01-02T03:04:05Z".parse().unwrap()),
            expires_at: Some("2027-01-02T03:04:05Z".parse().unwrap()),
            face_confidence: Some(86.314_159),
            ..Disclosed::default()
        };
        assert_eq!((told.state.as_str(), &**found), ("s", &expected));
        assert!(!format!("{told:?}").contains("Megan"));
    }

    #[test]
    fn what_is_not_there_proves_nothing() {
        let with = |data: &Value| {
            let body =
                json!({ "requestStatus": "presentation_verified", "state": "s", "verifiedCredentialsData": data });
            of(&body).unwrap().progress.unwrap()
        };
        for none in [json!(null), json!([]), json!({}), json!([{}, {}])] {
            assert_eq!(with(&none), Presented::Verified(None), "{none}");
        }
        let odd = json!([{
            "issuer": 7, "type": "VerifiedCredentialExpert", "claims": [], "credentialState": "VALID",
            "domainValidation": { "url": null }, "issuanceDate": "yesterday", "expirationDate": 1,
            "faceCheck": { "matchConfidenceScore": "99" },
        }]);
        assert_eq!(with(&odd), Presented::Verified(Some(Box::default())));
    }

    #[test]
    fn callbacks_are_read_and_what_is_new_survives() {
        let progress = |status: &str, error: Value| {
            of(&json!({ "requestId": "r", "requestStatus": status, "state": "s", "error": error })).unwrap().progress
        };
        assert_eq!(progress("request_retrieved", json!(null)), Some(Presented::Retrieved));
        assert_eq!(progress("wallet_is_thinking", json!(null)), None);
        let failed = |error: Value| match progress("presentation_error", error) {
            Some(Presented::Failed(word)) => word,
            other => panic!("{other:?}"),
        };
        let face = "Match confidence score failing to meet the threshold.";
        assert_eq!(failed(json!({ "code": "claimValidationError", "message": face })), "face_check_failed");
        assert_eq!(failed(json!({ "code": "claimValidationError", "message": "x" })), "claim_validation_error");
        for odd in [json!(null), json!("text"), json!({ "code": 7 }), json!({ "code": "new", "message": face })] {
            assert_eq!(failed(odd), "unspecified_error");
        }
        for not in [json!({}), json!([]), json!({ "state": "s" }), json!({ "requestStatus": "x", "state": 1 })] {
            assert_eq!(of(&not), None);
        }
        assert!(read_presented(b"{\"state\":").is_none());
    }
}
