//! The token as which the server comes, by client credentials (RFC 6749 §4.4).

use super::{ClientCredential, Tenant};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, StatusCode, header};
use jiff::Timestamp;
use serde_json::Value;

/// What a token is for: each service of Verified ID takes its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// The request service.
    Requests,
    /// The administration of contracts and credentials.
    Admin,
    /// Microsoft Graph.
    Graph,
}

impl Service {
    /// The service, as an application asks for it.
    fn scope(self, tenant: &Tenant) -> String {
        match self {
            Self::Requests => "3db474b9-6a0c-4840-96ac-1fceb342124f/.default".to_owned(),
            Self::Admin => "6a8b4b39-c021-437c-b060-5a14a3fd65f3/.default".to_owned(),
            Self::Graph => format!("{}/.default", tenant.graph),
        }
    }
}

/// The roles of which one lets an application request issuances.
pub const MAY_ISSUE: [&str; 2] = ["VerifiableCredential.Create.All", "VerifiableCredential.Create.IssueRequest"];

/// The roles of which one lets an application request presentations.
pub const MAY_PRESENT: [&str; 2] = ["VerifiableCredential.Create.All", "VerifiableCredential.Create.PresentRequest"];

/// The roles that let an application find and revoke credentials; it needs both.
pub const MAY_REVOKE: [&str; 2] = ["VerifiableCredential.Credential.Search", "VerifiableCredential.Credential.Revoke"];

/// What the server may act with for a while.
#[derive(Clone)]
pub struct Token {
    /// The bearer token.
    pub access: String,
    /// Seconds that it lives.
    pub lives: u32,
    /// What it says the application may do. The service decides; this is for advice.
    pub roles: Vec<String>,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Token").field("lives", &self.lives).finish_non_exhaustive()
    }
}

/// Why there is no token, in words for an administrator. Never repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoToken {
    /// What to do about it.
    pub advice: String,
    /// Whether asking again later may help.
    pub may_pass: bool,
}

/// Asks for a token, where `unique` was never used before.
///
/// # Errors
/// When the address is none, or the key cannot sign.
pub fn ask_for_token(
    tenant: &Tenant,
    client: &ClientCredential,
    service: Service,
    now: Timestamp,
    unique: &str,
) -> Result<Request<Bytes>, NoToken> {
    let no = |advice: &str| NoToken { advice: advice.to_owned(), may_pass: false };
    let address = format!("{}/{}/oauth2/v2.0/token", tenant.login, tenant.id);
    let proof = client.parameters(tenant, &address, now, unique);
    let proof = proof.ok_or_else(|| no("The certificate's key cannot sign. Set it anew."))?;
    let scope = service.scope(tenant);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", tenant.client_id.as_str()), ("scope", scope.as_str())])
        .extend_pairs(proof)
        .append_pair("grant_type", "client_credentials")
        .finish();
    Request::post(address)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .body(body.into())
        .map_err(|_| no("The address of the login is not one."))
}

/// Reads an answer to a question for a token.
///
/// # Errors
/// When there is none in it.
pub fn read_token(status: StatusCode, body: &[u8]) -> Result<Token, NoToken> {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    if !status.is_success() {
        return Err(advice(status, &answer));
    }
    let access = answer.get("access_token").and_then(Value::as_str).unwrap_or_default();
    if access.is_empty() {
        let advice = "Entra's answer could not be read as a token.".to_owned();
        return Err(NoToken { advice, may_pass: true });
    }
    let lives = answer.get("expires_in").and_then(Value::as_u64).and_then(|lives| u32::try_from(lives).ok());
    Ok(Token { access: access.to_owned(), lives: lives.unwrap_or(0), roles: roles(access) })
}

/// What a token says of its roles; it is for the service and not for us, so nothing is checked and nothing rests on it.
fn roles(access: &str) -> Vec<String> {
    let payload = access.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let payload: Value = payload.and_then(|payload| serde_json::from_slice(&payload).ok()).unwrap_or_default();
    let listed = payload.get("roles").and_then(Value::as_array).cloned().unwrap_or_default();
    listed.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Entra numbers its errors (AADSTS); the number is also at the beginning of the description.
fn advice(status: StatusCode, answer: &Value) -> NoToken {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let listed = answer.get("error_codes").and_then(|codes| codes.get(0)).and_then(Value::as_u64);
    let described = || {
        let rest = text("error_description").strip_prefix("AADSTS")?;
        rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
    };
    let (advice, may_pass) = match (listed.or_else(described), text("error")) {
        (Some(7_000_215), _) => (
            "The client secret is not the application's. Copy the value of the secret, not its id: App registrations, \
             Certificates & secrets.",
            false,
        ),
        (Some(7_000_222), _) => {
            ("The client secret has expired. Make a new one: App registrations, Certificates & secrets.", false)
        }
        (Some(700_027), _) => (
            "The tenant does not know the certificate. Upload the one that is set here: App registrations, Certificates & \
             secrets, Certificates.",
            false,
        ),
        (Some(700_024), _) => ("Entra finds the time of the assertion wrong. Set this server's clock.", false),
        (Some(700_016), _) => {
            ("The tenant has no application with this client id. Compare it in App registrations, Overview.", false)
        }
        (Some(90_002 | 900_023), _) => {
            ("There is no tenant with this id. Compare it in Microsoft Entra ID, Overview.", false)
        }
        (Some(500_011), _) => {
            ("The tenant does not know the Verified ID service. Set Verified ID up there: Verified ID, Setup.", false)
        }
        (Some(7_000_112), _) => ("The application is disabled. Enable it: Enterprise applications, Properties.", false),
        (_, "invalid_client") => ("Entra did not accept what the application proves itself by.", false),
        (_, "invalid_scope" | "invalid_resource") => {
            ("Entra does not give this application tokens for the Verified ID service.", false)
        }
        (_, "unauthorized_client") => ("The application may not sign in to this tenant by itself.", false),
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            ("Entra's login is not available right now.", true)
        }
        _ => ("Entra refused to give a token.", false),
    };
    NoToken { advice: advice.to_owned(), may_pass }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn jwt(payload: &Value) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload.to_string()))
    }

    /// The request of get-started-request-api.md, client credentials with a secret.
    #[test]
    fn the_question_is_the_one_of_the_guide() {
        let tenant = tenant();
        let secret = ClientCredential::read("s/e+c").unwrap();
        let request = ask_for_token(&tenant, &secret, Service::Requests, Timestamp::UNIX_EPOCH, "u").unwrap();
        let expected = format!("https://login.microsoftonline.com/{}/oauth2/v2.0/token", tenant.id);
        assert_eq!(request.uri(), expected.as_str());
        assert_eq!(request.headers()[header::CONTENT_TYPE], "application/x-www-form-urlencoded");
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(request.body()).into_owned().collect();
        let expected = [
            ("client_id", tenant.client_id.as_str()),
            ("client_secret", "s/e+c"),
            ("grant_type", "client_credentials"),
            ("scope", "3db474b9-6a0c-4840-96ac-1fceb342124f/.default"),
        ];
        assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let graph = ask_for_token(&tenant, &secret, Service::Graph, Timestamp::UNIX_EPOCH, "u").unwrap();
        let form: BTreeMap<String, String> = url::form_urlencoded::parse(graph.body()).into_owned().collect();
        assert_eq!(form["scope"], "https://graph.microsoft.com/.default");
    }

    #[test]
    fn a_token_and_its_roles_are_read() {
        let access = jwt(&json!({ "roles": ["VerifiableCredential.Create.All"], "tid": "t" }));
        let body =
            json!({ "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": access });
        let token = read_token(StatusCode::OK, body.to_string().as_bytes()).unwrap();
        assert_eq!((token.lives, token.access.as_str()), (3599, access.as_str()));
        assert_eq!(token.roles, ["VerifiableCredential.Create.All"]);
        assert!(!format!("{token:?}").contains("e30"));
        for odd in ["opaque", "a.b.c", "..", &jwt(&json!({ "roles": "all" })), &jwt(&json!({ "roles": [1] }))] {
            let body = json!({ "access_token": odd }).to_string();
            let token = read_token(StatusCode::OK, body.as_bytes()).unwrap();
            assert!(token.roles.is_empty() && token.lives == 0, "{odd}");
        }
        for none in ["", "{}", "{\"access_token\":\"\"}", "{\"access_token\":"] {
            assert!(read_token(StatusCode::OK, none.as_bytes()).unwrap_err().may_pass, "{none}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let of = |status: u16, body: Value| {
            read_token(StatusCode::from_u16(status).unwrap(), body.to_string().as_bytes()).unwrap_err()
        };
        let listed = |code: u64| of(401, json!({ "error": "invalid_client", "error_codes": [code] }));
        assert!(listed(7_000_215).advice.contains("not its id"));
        assert!(listed(7_000_222).advice.contains("expired"));
        assert!(listed(700_027).advice.contains("Upload"));
        assert!(listed(700_024).advice.contains("clock"));
        assert!(listed(700_016).advice.contains("client id"));
        assert!(listed(90_002).advice.contains("no tenant"));
        assert!(listed(500_011).advice.contains("Setup"));
        assert!(listed(7_000_112).advice.contains("disabled"));
        let described = json!({ "error": "invalid_client", "error_description": "AADSTS7000222: expired" });
        assert!(of(401, described).advice.contains("expired"));
        assert!(!of(401, json!({ "error": "invalid_client" })).may_pass);
        assert!(!of(400, json!({ "error": "invalid_scope" })).may_pass);
        assert!(!of(400, json!({ "error": "unauthorized_client" })).may_pass);
        assert!(!of(400, json!({ "error": "something_new", "error_description": "AADSTSx" })).may_pass);
        assert!(of(503, json!({})).may_pass && of(429, json!({})).may_pass);
    }
}
