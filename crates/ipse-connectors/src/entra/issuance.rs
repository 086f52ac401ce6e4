//! One issuance: the request, the offer that comes back, and what the service tells of it afterwards.

use super::{Failed, Tenant, Token, read_failed};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, StatusCode, header};
use ipse_core::Private;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The longest link to an offer.
const LONGEST_LINK: usize = 2_048;

/// What is wanted.
pub struct Issuance<'a> {
    /// Who issues, in words.
    pub client_name: &'a str,
    /// Where the service tells what becomes of it.
    pub callback: Callback<'a>,
    /// What is to be typed into the wallet, where the offer goes to another device.
    pub pin: Option<Pin>,
    /// What is told of the person.
    pub claims: &'a Private<BTreeMap<String, String>>,
}

/// Where the service tells what becomes of an issuance.
pub struct Callback<'a> {
    /// A public https address.
    pub url: &'a str,
    /// What each callback names it by.
    pub state: &'a str,
    /// What each callback proves itself with.
    pub api_key: &'a str,
}

/// A PIN, as far as the service learns it.
#[derive(Clone)]
pub struct Pin {
    hash: String,
    salt: String,
    length: usize,
}

impl Pin {
    /// A PIN of 4 to 16 digits, hashed with a salt that goes before it.
    pub fn hashed(digits: &str, salt: &str) -> Self {
        let hash = STANDARD.encode(digest(&SHA256, format!("{salt}{digits}").as_bytes()));
        Self { hash, salt: salt.to_owned(), length: digits.len() }
    }

    fn body(&self) -> Value {
        json!({
            "value": self.hash, "type": "numeric", "length": self.length,
            "salt": self.salt, "alg": "sha256", "iterations": 1,
        })
    }
}

/// The request for an issuance.
///
/// # Errors
/// When the address is none.
pub fn request(tenant: &Tenant, token: &Token, wanted: &Issuance<'_>) -> http::Result<Request<Bytes>> {
    let body = Bytes::from(body(tenant, wanted).to_string());
    Request::post(format!("{}/v1.0/verifiableCredentials/createIssuanceRequest", tenant.api))
        .header(header::AUTHORIZATION, format!("Bearer {}", token.access))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .body(body)
}

fn body(tenant: &Tenant, wanted: &Issuance<'_>) -> Value {
    let mut body = json!({
        "includeQRCode": false,
        "authority": tenant.authority,
        "callback": {
            "url": wanted.callback.url,
            "state": wanted.callback.state,
            "headers": { "api-key": wanted.callback.api_key },
        },
        "registration": { "clientName": wanted.client_name },
        "type": tenant.credential,
        "manifest": tenant.manifest,
        "claims": wanted.claims.reveal(),
    });
    if let (Some(pin), Some(body)) = (&wanted.pin, body.as_object_mut()) {
        body.insert("pin".to_owned(), pin.body());
    }
    body
}

/// A request that a wallet can open.
#[derive(Clone, PartialEq, Eq)]
pub struct Offer {
    /// The service's own id for it.
    pub request: String,
    /// The link that a wallet opens; also what a QR code says.
    pub link: String,
    /// From when on no wallet opens it.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Offer").field("request", &self.request).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    request_id: String,
    url: String,
    expiry: i64,
}

/// Reads the answer to a request.
///
/// # Errors
/// When it was not taken, or the answer holds no link for a wallet.
pub fn read_offer(status: StatusCode, body: &[u8]) -> Result<Offer, Failed> {
    if !status.is_success() {
        return Err(read_failed(status, body));
    }
    let unread = Failed {
        advice: "The service answered with something that is not an offer.",
        may_pass: true,
        needs_token: false,
    };
    let answer: Answer = serde_json::from_slice(body).map_err(|_| unread.clone())?;
    let expires_at = Timestamp::from_second(answer.expiry).map_err(|_| unread.clone())?;
    // The link is handed out as it is, but only to a wallet: a browser must not run it.
    let is_for_wallets = answer.url.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with("openid") && scheme.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    });
    if !is_for_wallets || answer.url.len() > LONGEST_LINK || !is_request_id(&answer.request_id) {
        return Err(unread);
    }
    Ok(Offer { request: answer.request_id, link: answer.url, expires_at })
}

/// What may stand in the audit trail as the service's id of a request.
fn is_request_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What the service tells of an issuance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What we named the issuance by.
    pub state: String,
    /// How far it is; nothing where the service uses a word that it has not used before.
    pub progress: Option<Progress>,
}

/// How far an issuance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// A wallet has opened the offer.
    Retrieved,
    /// The credential is in the wallet.
    Issued,
    /// There will be none, for a reason in the service's own word.
    Failed(&'static str),
}

/// Whatever else a callback holds is passed over unread: ten megabytes are not to become many times that in memory.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    state: String,
    request_status: String,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Error<'a> {
    #[serde(borrow)]
    message: &'a RawValue,
}

/// Reads a callback. Unknown fields are passed over; the old property `code` beside `requestStatus` is one.
pub fn read_told(body: &[u8]) -> Option<Told> {
    let told: Body = serde_json::from_slice(body).ok()?;
    let error = told.error.and_then(|error| serde_json::from_str::<Error<'_>>(error.get()).ok());
    let message = error.and_then(|error| serde_json::from_str::<String>(error.message.get()).ok());
    let progress = match told.request_status.as_str() {
        "request_retrieved" => Some(Progress::Retrieved),
        "issuance_successful" => Some(Progress::Issued),
        "issuance_error" => Some(Progress::Failed(match message.as_deref() {
            Some("fetch_contract_error") => "fetch_contract_error",
            Some("issuance_service_error") => "issuance_service_error",
            // So is what the service says that nobody has documented.
            _ => "unspecified_error",
        })),
        _ => None,
    };
    Some(Told { state: told.state, progress })
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;

    /// The body of issuance-request-api.md, but for what is optional and not sent: purpose, logo and terms of service in
    /// `registration`, and `expirationDate`, without which the contract says how long a credential lives.
    #[test]
    fn the_body_is_the_one_of_the_reference() {
        let mut tenant = tenant();
        tenant.manifest =
            "https://verifiedid.did.msidentity.com/v1.0/tenants/t/verifiableCredentials/contracts/c/manifest".into();
        let claims = [("given_name", "Megan"), ("family_name", "Bowen")];
        let claims = Private::new(claims.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let wanted = Issuance {
            client_name: "Verified Credential Expert",
            callback: Callback {
                url: "https://contoso.com/api/issuer/issuanceCallback",
                state: "de19cb6b-36c1-45fe-9409-909a51292a9c",
                api_key: "OPTIONAL API-KEY for CALLBACK EVENTS",
            },
            pin: Some(Pin::hashed("3539", "f0")),
            claims: &claims,
        };
        let token = Token { access: "t".into(), lives: 1, roles: Vec::new() };
        let sent = request(&tenant, &token, &wanted).unwrap();
        assert_eq!(
            sent.uri(),
            "https://verifiedid.did.msidentity.com/v1.0/verifiableCredentials/createIssuanceRequest"
        );
        assert_eq!(sent.headers()[header::AUTHORIZATION], "Bearer t");
        let expected = json!({
            "includeQRCode": false,
            "authority": "did:web:verifiedid.contoso.com",
            "callback": {
                "url": "https://contoso.com/api/issuer/issuanceCallback",
                "state": "de19cb6b-36c1-45fe-9409-909a51292a9c",
                "headers": { "api-key": "OPTIONAL API-KEY for CALLBACK EVENTS" }
            },
            "registration": { "clientName": "Verified Credential Expert" },
            "type": "VerifiedCredentialExpert",
            "manifest":
                "https://verifiedid.did.msidentity.com/v1.0/tenants/t/verifiableCredentials/contracts/c/manifest",
            // base64 of SHA-256 over "f03539", by another program.
            "pin": {
                "value": "MaioUBoUFUeOerD6x3l48MUDrq9oZz6udwrp6tazg/g=", "type": "numeric", "length": 4,
                "salt": "f0", "alg": "sha256", "iterations": 1
            },
            "claims": { "given_name": "Megan", "family_name": "Bowen" }
        });
        let sent: Value = serde_json::from_slice(sent.body()).unwrap();
        assert_eq!(sent, expected);
        let without = body(&tenant, &Issuance { pin: None, ..wanted });
        assert!(without.get("pin").is_none());
    }

    /// The answer of issuance-request-api.md.
    #[test]
    fn an_offer_is_handed_out_as_it_is() {
        let answer = |url: &str, expiry: Value| json!({ "requestId": "799f23ea-5241-45af-99ad-cf8e5018814e", "url": url, "expiry": expiry, "new": 1 });
        let read = |body: Value| read_offer(StatusCode::CREATED, body.to_string().as_bytes());
        let link =
            "openid://vc?request_uri=https://verifiedid.did.msidentity.com/v1.0/t/verifiableCredentials/request/1";
        let offer = read(answer(link, json!(1_622_227_690))).unwrap();
        assert_eq!((offer.link.as_str(), offer.expires_at.as_second()), (link, 1_622_227_690));
        assert_eq!(offer.request, "799f23ea-5241-45af-99ad-cf8e5018814e");
        assert!(!format!("{offer:?}").contains("openid"));
        assert!(read(answer("openid-vc://?request_uri=https://x", json!(1))).is_ok());
        for link in ["javascript://openid", "https://openid.example", "openid", "openidx=://", ""] {
            assert!(read(answer(link, json!(1))).is_err(), "{link}");
        }
        assert!(read(answer(&format!("openid://{}", "x".repeat(2_048)), json!(1))).is_err());
        assert!(read(answer(link, json!("soon"))).is_err() && read(answer(link, json!(i64::MAX))).is_err());
        assert!(read(json!({ "requestId": "a b", "url": link, "expiry": 1 })).is_err());
        assert!(read_offer(StatusCode::CREATED, b"{").unwrap_err().may_pass);
        assert!(!read_offer(StatusCode::FORBIDDEN, b"").unwrap_err().may_pass);
    }

    /// The bodies of issuance-request-api.md, callback events.
    #[test]
    fn callbacks_are_read_and_what_is_new_survives() {
        let of = |body: Value| read_told(body.to_string().as_bytes());
        let told = |status: &str| {
            of(json!({ "requestId": "r", "requestStatus": status, "state": "s", "code": "x", "new": { "a": [1] } }))
        };
        let progress = |status: &str| told(status).unwrap().progress;
        assert_eq!(told("request_retrieved").unwrap().state, "s");
        assert_eq!(progress("request_retrieved"), Some(Progress::Retrieved));
        assert_eq!(progress("issuance_successful"), Some(Progress::Issued));
        assert_eq!(progress("wallet_is_thinking"), None);
        let failed = |error: Value| {
            let body = json!({ "requestId": "r", "requestStatus": "issuance_error", "state": "s", "error": error });
            of(body).unwrap().progress.unwrap()
        };
        for word in ["fetch_contract_error", "issuance_service_error", "unspecified_error"] {
            let error = json!({ "code": "IssuanceFlowFailed", "message": word });
            assert_eq!(failed(error), Progress::Failed(word));
        }
        for odd in [json!(null), json!({}), json!("text"), json!({ "message": 7 }), json!({ "message": "new" })] {
            assert_eq!(failed(odd), Progress::Failed("unspecified_error"));
        }
        for not in [json!({}), json!([]), json!({ "state": "s" }), json!({ "requestStatus": "x", "state": 1 })] {
            assert_eq!(of(not), None);
        }
        assert_eq!(read_told(b"{\"state\":"), None);
    }
}
