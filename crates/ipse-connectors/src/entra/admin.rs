//! Verified ID's administration, as far as it is needed from here: the authorities of a tenant, their contracts, and the
//! credentials that were issued under one, found by the claim that the contract indexes.

use super::{Failed, Tenant, Token, read_failed};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use url::Url;

/// Who issues in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The id in addresses.
    pub id: String,
    /// The identifier that stands in credentials.
    pub did: String,
}

/// A contract, as the administration has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// The id in addresses.
    pub id: String,
    /// The name, which no other contract of the tenant has.
    pub name: String,
    /// The address of its manifest.
    pub manifest: String,
    /// All of it.
    pub body: Value,
}

const UNREAD: Failed = Failed {
    advice: "Verified ID's administration answered with something that could not be read.",
    may_pass: true,
    needs_token: false,
};

const NOT_ALLOWED: &str = "The application may not administer credentials: in App registrations, API permissions, add the \
                           application permissions of Verifiable Credentials Service Admin that the guide names, and \
                           grant an administrator's consent.";

/// A request to the administration: a path below its own, and what is sent.
///
/// # Errors
/// When the address is none.
pub(super) fn ask(
    tenant: &Tenant,
    token: &Token,
    (method, path): (Method, &[&str]),
    sent: Option<&Value>,
) -> http::Result<Request<Bytes>> {
    request(token, method, &address(tenant, path), sent)
}

/// Every part of a path is one part, whatever somebody else put into it.
fn address(tenant: &Tenant, path: &[&str]) -> String {
    let Ok(mut url) = Url::parse(&tenant.api) else { return String::new() };
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.pop_if_empty().extend(["v1.0", "verifiableCredentials"]).extend(path);
    }
    url.into()
}

fn request(token: &Token, method: Method, address: &str, sent: Option<&Value>) -> http::Result<Request<Bytes>> {
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header(header::AUTHORIZATION, format!("Bearer {}", token.access))
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT);
    match sent {
        None => request.body(Bytes::new()),
        Some(sent) => request.header(header::CONTENT_TYPE, "application/json").body(Bytes::from(sent.to_string())),
    }
}

/// Asks who issues in the tenant.
///
/// # Errors
/// When the address is none.
pub fn ask_for_authorities(tenant: &Tenant, token: &Token) -> http::Result<Request<Bytes>> {
    ask(tenant, token, (Method::GET, &["authorities"]), None)
}

/// Asks for the contracts of an authority.
///
/// # Errors
/// When the address is none.
pub fn ask_for_contracts(tenant: &Tenant, token: &Token, authority: &str) -> http::Result<Request<Bytes>> {
    ask(tenant, token, (Method::GET, &["authorities", authority, "contracts"]), None)
}

/// Asks for the credentials of a contract whose indexed claim has this value.
///
/// # Errors
/// When the address is none.
pub fn find_credentials(
    tenant: &Tenant,
    token: &Token,
    authority: &str,
    contract: &str,
    value: &str,
) -> http::Result<Request<Bytes>> {
    let hash = STANDARD.encode(digest(&SHA256, format!("{contract}{value}").as_bytes()));
    let hash: String = url::form_urlencoded::byte_serialize(hash.as_bytes()).collect();
    let address = address(tenant, &["authorities", authority, "contracts", contract, "credentials"]);
    request(token, Method::GET, &format!("{address}?filter=indexclaimhash%20eq%20{hash}"), None)
}

/// Asks to make a credential good no more.
///
/// # Errors
/// When the address is none.
pub fn revoke(
    tenant: &Tenant,
    token: &Token,
    (authority, contract, credential): (&str, &str, &str),
) -> http::Result<Request<Bytes>> {
    let path = ["authorities", authority, "contracts", contract, "credentials", credential, "revoke"];
    ask(tenant, token, (Method::POST, &path), None)
}

fn list(status: StatusCode, body: &[u8]) -> Result<Vec<Value>, Failed> {
    let answer = object(status, body)?;
    answer.get("value").and_then(Value::as_array).cloned().ok_or(UNREAD)
}

fn object(status: StatusCode, body: &[u8]) -> Result<Value, Failed> {
    read_done(status, body)?;
    serde_json::from_slice::<Value>(body).ok().filter(Value::is_object).ok_or(UNREAD)
}

/// Reads whether it was done.
///
/// # Errors
/// When it was not.
pub fn read_done(status: StatusCode, body: &[u8]) -> Result<(), Failed> {
    if status.is_success() {
        return Ok(());
    }
    let failed = read_failed(status, body);
    // What is missing is another permission than for the request service.
    let advice = if matches!(status.as_u16(), 401 | 403) { NOT_ALLOWED } else { failed.advice };
    Err(Failed { advice, ..failed })
}

fn text<'a>(of: &'a Value, pointer: &str) -> Option<&'a str> {
    of.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Reads who issues.
///
/// # Errors
/// When it is not told.
pub fn read_authorities(status: StatusCode, body: &[u8]) -> Result<Vec<Authority>, Failed> {
    let read =
        |one: &Value| Some(Authority { id: text(one, "/id")?.to_owned(), did: text(one, "/didModel/did")?.to_owned() });
    Ok(list(status, body)?.iter().filter_map(read).collect())
}

/// Reads contracts. One that is not to be understood is passed over.
///
/// # Errors
/// When they are not told.
pub fn read_contracts(status: StatusCode, body: &[u8]) -> Result<Vec<Published>, Failed> {
    Ok(list(status, body)?.into_iter().filter_map(published).collect())
}

/// Reads one contract, as it is after it was made or changed.
///
/// # Errors
/// When it is not told.
pub fn read_published(status: StatusCode, body: &[u8]) -> Result<Published, Failed> {
    published(object(status, body)?).ok_or(UNREAD)
}

fn published(body: Value) -> Option<Published> {
    Some(Published {
        id: text(&body, "/id")?.to_owned(),
        name: text(&body, "/name")?.to_owned(),
        manifest: text(&body, "/manifestUrl")?.to_owned(),
        body,
    })
}

/// Reads which credentials were found, and whether each is still good: its id, and what is said of it. What is not known to
/// be revoked is taken to be good.
///
/// # Errors
/// When it is not told.
pub fn read_found(status: StatusCode, body: &[u8]) -> Result<Vec<(String, bool)>, Failed> {
    let found = list(status, body)?;
    let read = |one: &Value| Some((text(one, "/id")?.to_owned(), text(one, "/status") != Some("revoked")));
    let read: Vec<_> = found.iter().filter_map(read).collect();
    // One without an id could not be revoked, and nobody would know.
    if read.len() == found.len() { Ok(read) } else { Err(UNREAD) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;
    use serde_json::json;

    const HERE: &str = "https://verifiedid.did.msidentity.com/v1.0/verifiableCredentials";

    fn token() -> Token {
        Token { access: "t".into(), lives: 1, roles: Vec::new() }
    }

    /// The calls of admin-api.md.
    #[test]
    fn the_calls_are_those_of_the_reference() {
        let (tenant, token) = (tenant(), token());
        let asked = ask_for_authorities(&tenant, &token).unwrap();
        assert_eq!((asked.method(), asked.uri().to_string()), (&Method::GET, format!("{HERE}/authorities")));
        assert_eq!(asked.headers()[header::AUTHORIZATION], "Bearer t");
        let asked = ask_for_contracts(&tenant, &token, "a1").unwrap();
        assert_eq!(asked.uri().to_string(), format!("{HERE}/authorities/a1/contracts"));
        let asked = revoke(&tenant, &token, ("a1", "c1", "urn:pic:1")).unwrap();
        let expected = format!("{HERE}/authorities/a1/contracts/c1/credentials/urn:pic:1/revoke");
        assert_eq!((asked.method(), asked.uri().to_string()), (&Method::POST, expected));
        assert!(asked.body().is_empty() && !asked.headers().contains_key(header::CONTENT_TYPE));
        let odd = revoke(&tenant, &token, ("a1", "c1", "../../x?y")).unwrap();
        assert!(odd.uri().path().contains("/credentials/..%2F..%2Fx%3Fy/revoke"), "{}", odd.uri());
    }

    /// `urlencode(base64(SHA256(contract + value)))`, computed by another program.
    #[test]
    fn a_credential_is_found_by_the_hash_of_its_indexed_claim() {
        let asked = find_credentials(&tenant(), &token(), "a1", "c1", "ver_1").unwrap();
        let expected = "filter=indexclaimhash%20eq%20OvGrcBJyIOwBTJcjeyA2BT1nOqCVVoZMwOrbl9Rz6q8%3D";
        assert_eq!(asked.uri().query().unwrap(), expected);
        assert_eq!(asked.uri().path(), "/v1.0/verifiableCredentials/authorities/a1/contracts/c1/credentials");
    }

    #[test]
    fn answers_are_read_and_what_is_unknown_is_not_believed() {
        let ok = |body: Value| (StatusCode::OK, body.to_string().into_bytes());
        let (status, body) = ok(json!({ "value": [
            { "id": "a1", "name": "n", "status": "Enabled", "didModel": { "did": "did:web:x", "signingKeys": [] } },
            { "id": "a2", "didModel": {} },
        ] }));
        let expected = [Authority { id: "a1".into(), did: "did:web:x".into() }];
        assert_eq!(read_authorities(status, &body).unwrap(), expected);
        let contract = json!({ "id": "c1", "name": "n", "manifestUrl": "https://x/m", "rules": {} });
        let (status, body) = ok(json!({ "value": [contract, { "id": "c2" }] }));
        assert_eq!(read_contracts(status, &body).unwrap().len(), 1);
        let made = read_published(StatusCode::CREATED, contract.to_string().as_bytes()).unwrap();
        assert_eq!((made.id.as_str(), made.manifest.as_str()), ("c1", "https://x/m"));
        assert!(read_published(StatusCode::CREATED, b"{}").is_err());
        let (status, body) = ok(json!({ "value": [
            { "id": "urn:pic:1", "contractId": "c1", "status": "valid", "issuedAt": "2026-01-01T00:00:00Z" },
            { "id": "urn:pic:2", "status": "revoked" },
            { "id": "urn:pic:3", "status": "dormant" },
        ] }));
        let read = read_found(status, &body).unwrap();
        assert_eq!(read.iter().map(|(_, good)| *good).collect::<Vec<_>>(), [true, false, true]);
        let (status, body) = ok(json!({ "value": [{ "status": "valid" }] }));
        assert_eq!(read_found(status, &body), Err(UNREAD));
        for odd in [&b""[..], b"[]", b"{}", b"{\"value\":{}}", b"{\"value\":["] {
            assert_eq!(read_found(StatusCode::OK, odd), Err(UNREAD));
        }
        let failed = read_found(StatusCode::FORBIDDEN, b"").unwrap_err();
        assert!(!failed.may_pass && failed.advice.contains("Service Admin"));
        assert!(read_done(StatusCode::UNAUTHORIZED, b"").unwrap_err().needs_token);
        assert_eq!(read_done(StatusCode::NO_CONTENT, b""), Ok(()));
        assert!(read_found(StatusCode::TOO_MANY_REQUESTS, b"").unwrap_err().may_pass);
    }
}
