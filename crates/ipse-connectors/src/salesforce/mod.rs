//! A Salesforce org with Ipse's package in it: the token as which the server comes, platform events published in
//! batches, and what each answer means. The package itself is in `integrations/salesforce`.
//!
//! Publishing is at least once: after an answer that got lost an event is published again under the same `Event_Id__c`,
//! by which the package knows it.

mod receipt;

pub use receipt::{BadKey, Signer, Told, claims, event, trial};

use crate::Reading;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use ipse_core::Refusal;
use ipse_core::subject::bounded;
use ipse_core::verification::Record;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the package calls itself in [`Record::system`].
pub const SYSTEM: &str = "salesforce";
/// The most events that one request may carry (sObject Collections).
pub const BATCH: usize = 200;
/// The version of the API; the package's own.
const VERSION: &str = "v66.0";
/// How long an assertion lives, in seconds; Salesforce allows three minutes.
const ASSERTION_SECONDS: i64 = 170;
/// What to wait where the org's allowance is used up, in seconds.
const QUOTA_PAUSE: u32 = 900;
/// What to wait for a person to mend something, in seconds.
pub const MENDING_PAUSE: u32 = 600;
/// Both forms of the characters that an id is made of.
const ID_LENGTHS: [usize; 2] = [15, 18];

/// An org.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Its My Domain address, without a slash at the end.
    pub address: String,
    /// Its id, 18 characters: whom receipts are for.
    pub id: String,
    /// The consumer key of the external client app.
    pub consumer_key: String,
    /// How the server signs in.
    pub login: Login,
    /// Days since a contact changed before a link may go there, 0 to 365.
    pub min_contact_age_days: u32,
}

/// How the server gets a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "grant", rename_all = "snake_case")]
pub enum Login {
    /// A signed assertion for the integration user (RFC 7523). Nothing secret is stored at Salesforce.
    JwtBearer {
        /// The integration user.
        username: String,
        /// `https://login.salesforce.com`, `https://test.salesforce.com`, or the address itself.
        audience: String,
    },
    /// The consumer's secret (RFC 6749 §4.4).
    ClientCredentials,
}

impl Org {
    /// Refuses what could not be meant. `loopback` allows plain http to this machine.
    ///
    /// # Errors
    /// When the address is no https origin, the id is none, or a text is out of bounds.
    pub fn validate(&self, loopback: bool) -> Result<(), Refusal> {
        if !crate::is_origin(&self.address, loopback) {
            return Err(Refusal::invalid("address", "must be https://, a host, and no more"));
        }
        if self.id.len() != 18
            || !self.id.starts_with("00D")
            || !self.id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            return Err(Refusal::invalid("org_id", "must be the 18 characters of the org's id, which begins with 00D"));
        }
        // Both exist only once the app is deployed there, with a certificate that is made here.
        bounded("consumer_key", &self.consumer_key, 0, 256)?;
        if self.min_contact_age_days > 365 {
            return Err(Refusal::invalid("min_contact_age_days", "must be 0 to 365"));
        }
        if let Login::JwtBearer { username, audience } = &self.login {
            bounded("username", username, 0, 80)?;
            if !crate::is_origin(audience, loopback) {
                return Err(Refusal::invalid("audience", "must be https://, a host, and no more"));
            }
        }
        Ok(())
    }

    /// Whether everything is known by which the server comes.
    pub fn is_ready(&self) -> bool {
        let user = match &self.login {
            Login::JwtBearer { username, .. } => !username.is_empty(),
            Login::ClientCredentials => true,
        };
        user && !self.consumer_key.is_empty()
    }

    /// Refuses to verify for a record that is not of Salesforce.
    ///
    /// # Errors
    /// When there is a record and it is of another system.
    pub fn allow(&self, record: Option<&Record>) -> Result<(), Refusal> {
        match record {
            Some(record) if record.system != SYSTEM => Err(Refusal::invalid("record", "must be of salesforce")),
            _ => Ok(()),
        }
    }

    /// Where people read a record; nothing where the record's id is none of Salesforce's.
    pub fn page(&self, record: &Record) -> Option<String> {
        let is_id = ID_LENGTHS.contains(&record.id.len()) && record.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_id.then(|| format!("{}/{}", self.address, record.id))
    }

    /// What the server asserts of itself at a time.
    pub fn assertion(&self, username: &str, audience: &str, unix_seconds: i64) -> Value {
        json!({
            "iss": self.consumer_key, "sub": username, "aud": audience,
            "exp": unix_seconds.saturating_add(ASSERTION_SECONDS),
        })
    }

    /// Asks for a token with a signed assertion.
    ///
    /// # Errors
    /// When the address is none.
    pub fn ask_by_assertion(&self, assertion: &str) -> http::Result<Request<Bytes>> {
        self.ask(&[("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)], None)
    }

    /// Asks for a token with the consumer's secret.
    ///
    /// # Errors
    /// When the address is none.
    pub fn ask_by_secret(&self, secret: &str) -> http::Result<Request<Bytes>> {
        let basic = format!("Basic {}", STANDARD.encode(format!("{}:{secret}", self.consumer_key)));
        self.ask(&[("grant_type", "client_credentials")], Some(&basic))
    }

    fn ask(&self, form: &[(&str, &str)], authorization: Option<&str>) -> http::Result<Request<Bytes>> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut request = Request::post(format!("{}/services/oauth2/token", self.address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json")
            .header(header::USER_AGENT, crate::USER_AGENT);
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        request.body(body.into())
    }
}

/// What the server may act with for a while.
#[derive(Clone)]
pub struct Token {
    /// The bearer token.
    pub access: String,
    /// Where to use it.
    pub instance: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Token").field("instance", &self.instance).finish_non_exhaustive()
    }
}

/// Why there is no token, in words for the console. Never repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoToken {
    /// What to do about it.
    pub advice: String,
    /// Whether asking again later may help.
    pub may_pass: bool,
}

/// Reads an answer to a question for a token.
///
/// # Errors
/// When there is none in it, or it is another org's.
pub fn read_token(org: &Org, status: StatusCode, body: &[u8], loopback: bool) -> Result<Token, NoToken> {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    if !status.is_success() {
        return Err(advice(status, text("error"), text("error_description")));
    }
    let stop = |advice: &str| NoToken { advice: advice.to_owned(), may_pass: false };
    if answer.is_null() {
        return Err(NoToken { advice: "Salesforce's answer could not be read.".to_owned(), may_pass: true });
    }
    // …/id/<org>/<user>
    let whose = text("id").rsplit('/').nth(1).unwrap_or_default();
    if whose != org.id {
        return Err(stop("The token is of another org than the one whose id is set here."));
    }
    let (access, instance) = (text("access_token"), text("instance_url").trim_end_matches('/'));
    if access.is_empty() || !crate::is_origin(instance, loopback) {
        return Err(stop("Salesforce answered without a token."));
    }
    Ok(Token { access: access.to_owned(), instance: instance.to_owned() })
}

fn advice(status: StatusCode, error: &str, description: &str) -> NoToken {
    let about = |words: &str| description.contains(words);
    let (advice, may_pass) = match error {
        "invalid_app_access" => (ADMIT, false),
        "invalid_grant" if about("approved") => (ADMIT, false),
        "invalid_grant" if about("credentials user") => {
            ("Set the user of the client credentials flow in the policies of the external client app.", false)
        }
        "invalid_grant" => (
            "Salesforce did not take the assertion: compare the certificate in the external client app, the user name, and \
             the login host (test.salesforce.com for a sandbox).",
            false,
        ),
        // A new app is not known everywhere for some minutes.
        "invalid_client_id" | "invalid_client" => {
            ("Salesforce does not know the consumer key or its secret. A new app takes up to ten minutes.", true)
        }
        "inactive_user" => ("The integration user is not active.", false),
        "inactive_org" => ("The org is not active.", false),
        "rate_limit_exceeded" => ("Salesforce wants to be asked less often.", true),
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            ("Salesforce is not available right now.", true)
        }
        _ => ("Salesforce refused to give a token.", false),
    };
    NoToken { advice: advice.to_owned(), may_pass }
}

const ADMIT: &str = "The integration user may not use the external client app: assign the permission set Ipse_Integration, and let \
                     the app's policy be \"Admin approved users are pre-authorized\".";

/// The request that publishes events.
///
/// # Errors
/// When the instance's address is none.
pub fn publish(token: &Token, events: &[Value]) -> http::Result<Request<Bytes>> {
    let body = json!({ "allOrNone": false, "records": events }).to_string();
    Request::post(format!("{}/services/data/{VERSION}/composite/sobjects", token.instance))
        .header(header::AUTHORIZATION, format!("Bearer {}", token.access))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .header("sforce-call-options", "client=Ipse")
        .body(body.into())
}

/// The question which event made the record of a trial what it is.
///
/// # Errors
/// When the instance's address is none.
pub fn ask_for_trial(token: &Token) -> http::Result<Request<Bytes>> {
    let query = "SELECT Last_Event_Id__c FROM Ipse_Verification__c WHERE Verification_Id__c = 'test'";
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", query).finish();
    Request::get(format!("{}/services/data/{VERSION}/query?{query}", token.instance))
        .header(header::AUTHORIZATION, format!("Bearer {}", token.access))
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT)
        .body(Bytes::new())
}

/// Reads the answer: the event's id, if there is a record.
pub fn read_trial(body: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    answer.pointer("/records/0/Last_Event_Id__c").and_then(Value::as_str).map(str::to_owned)
}

/// What an answer to a publication means.
#[derive(Debug, PartialEq, Eq)]
pub enum Published {
    /// The token is not good any more: a new one, and once again.
    NeedsToken,
    /// What became of each event, in order, with its word for the delivery log.
    Each(Vec<(Reading, String)>),
    /// The same for all of them.
    All(Reading, String),
}

/// Reads an answer to a publication of so many events.
pub fn read_published(status: StatusCode, headers: &HeaderMap, body: &[u8], count: usize) -> Published {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if status == StatusCode::OK {
        let Value::Array(results) = answer else { return Published::All(again(headers), "not an answer".into()) };
        if results.len() != count {
            // Which is which cannot be said: what was taken is known by its id, the next time.
            return Published::All(again(headers), "an answer of another length".into());
        }
        let one = |result: &Value| {
            // The word of success stands among the errors, too.
            let error = result.get("errors").and_then(|errors| errors.get(0)).map(|error| code(error, "statusCode"));
            if result.get("success") == Some(&Value::Bool(true)) {
                return (Reading::Delivered, "queued".to_owned());
            }
            let error = error.unwrap_or_default();
            (reading(&error, headers), error)
        };
        return Published::Each(results.iter().map(one).collect());
    }
    let error = answer.get(0).map(|error| code(error, "errorCode")).unwrap_or_default();
    match status.as_u16() {
        401 => Published::NeedsToken,
        403 if error == "REQUEST_LIMIT_EXCEEDED" => Published::All(Reading::Retry { after: Some(QUOTA_PAUSE) }, error),
        420 | 428 | 429 | 500.. => Published::All(again(headers), error),
        // The package is not deployed, the user may not create the event, a proxy answers: a person can mend it.
        _ => Published::All(Reading::Retry { after: Some(MENDING_PAUSE) }, error),
    }
}

/// What the code of one event's error means.
fn reading(code: &str, headers: &HeaderMap) -> Reading {
    match code {
        "LIMIT_EXCEEDED" | "REQUEST_LIMIT_EXCEEDED" => Reading::Retry { after: Some(QUOTA_PAUSE) },
        "PLATFORM_EVENT_PUBLISHING_UNAVAILABLE" | "UNABLE_TO_LOCK_ROW" | "SERVER_UNAVAILABLE" | "UNKNOWN_EXCEPTION" => {
            again(headers)
        }
        "STRING_TOO_LONG" | "MALFORMED_ID" | "INVALID_CROSS_REFERENCE_KEY" | "JSON_PARSER_ERROR" => Reading::Refused,
        // An older package, a missing permission: a person can mend it, and decisions are not lost until they did.
        _ => Reading::Retry { after: Some(MENDING_PAUSE) },
    }
}

fn again(headers: &HeaderMap) -> Reading {
    Reading::Retry { after: crate::webhook::retry_after(headers) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn org() -> Org {
        Org {
            address: "https://example.my.salesforce.com".into(),
            id: "00D000000000001EAA".into(),
            consumer_key: "3MVG9".into(),
            login: Login::JwtBearer {
                username: "ipse@example.com".into(),
                audience: "https://login.salesforce.com".into(),
            },
            min_contact_age_days: 14,
        }
    }

    #[test]
    fn what_is_no_org_is_refused() {
        assert!(org().validate(false).is_ok());
        let bad = [
            Org { address: "http://example.my.salesforce.com".into(), ..org() },
            Org { address: "https://example.my.salesforce.com/x".into(), ..org() },
            Org { id: "00D000000000001".into(), ..org() },
            Org { id: "001000000000001EAA".into(), ..org() },
            Org { consumer_key: "x".repeat(257), ..org() },
            Org { min_contact_age_days: 366, ..org() },
            Org { login: Login::JwtBearer { username: "u".repeat(81), audience: "https://a.b".into() }, ..org() },
            Org { login: Login::JwtBearer { username: "u".into(), audience: "login".into() }, ..org() },
        ];
        for org in bad {
            assert!(org.validate(false).is_err(), "{org:?}");
        }
    }

    #[test]
    fn a_token_is_of_this_org_or_none() {
        let answer = |org: &str, access: &str, instance: &str| {
            json!({
                "access_token": access, "instance_url": instance, "token_type": "Bearer",
                "id": format!("https://login.salesforce.com/id/{org}/005000000000001AAA"),
            })
            .to_string()
        };
        let read = |body: &str| read_token(&org(), StatusCode::OK, body.as_bytes(), false);
        let good = read(&answer("00D000000000001EAA", "00D!x", "https://example.my.salesforce.com")).unwrap();
        assert_eq!(good.access, "00D!x");
        assert!(!format!("{good:?}").contains("00D!x"));
        for body in [
            answer("00D000000000002EAA", "x", "https://example.my.salesforce.com"),
            answer("00D000000000001EAA", "", "https://example.my.salesforce.com"),
            answer("00D000000000001EAA", "x", "http://example.com"),
            "{}".to_owned(),
        ] {
            assert!(!read(&body).unwrap_err().may_pass, "{body}");
        }
        assert!(read("{\"access_token\":").unwrap_err().may_pass, "cut off on the way");
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let of = |error: &str, description: &str| {
            let body = json!({ "error": error, "error_description": description }).to_string();
            read_token(&org(), StatusCode::BAD_REQUEST, body.as_bytes(), false).unwrap_err()
        };
        assert!(of("invalid_grant", "user hasn't approved this consumer").advice.contains("Ipse_Integration"));
        assert!(of("invalid_app_access", "user is not admin approved").advice.contains("Ipse_Integration"));
        assert!(of("invalid_grant", "audience is invalid").advice.contains("login host"));
        assert!(of("invalid_grant", "no client credentials user enabled").advice.contains("client credentials"));
        assert!(of("invalid_client_id", "client identifier invalid").may_pass);
        assert!(of("rate_limit_exceeded", "").may_pass && !of("inactive_user", "").may_pass);
        let down = read_token(&org(), StatusCode::SERVICE_UNAVAILABLE, b"", false).unwrap_err();
        assert!(down.may_pass);
    }

    #[test]
    fn each_event_has_its_own_fate() {
        let body = json!([
            { "id": "e01", "success": true, "errors": [{ "statusCode": "OPERATION_ENQUEUED", "message": "u", "fields": [] }] },
            { "success": false, "errors": [{ "statusCode": "UNABLE_TO_LOCK_ROW", "message": "m" }] },
            { "success": false, "errors": [{ "statusCode": "LIMIT_EXCEEDED", "message": "m" }] },
            { "success": false, "errors": [{ "statusCode": "STRING_TOO_LONG", "message": "m" }] },
            { "success": false, "errors": [] },
        ])
        .to_string();
        let Published::Each(read) = read_published(StatusCode::OK, &HeaderMap::new(), body.as_bytes(), 5) else {
            panic!("not each");
        };
        let readings: Vec<Reading> = read.into_iter().map(|(reading, _)| reading).collect();
        assert_eq!(
            readings,
            [
                Reading::Delivered,
                Reading::Retry { after: None },
                Reading::Retry { after: Some(900) },
                Reading::Refused,
                Reading::Retry { after: Some(600) }
            ]
        );
    }

    #[test]
    fn an_answer_for_all_is_one_for_all() {
        let of = |status: u16, code: &str, retry: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(retry) = retry {
                headers.insert(header::RETRY_AFTER, retry.parse().unwrap());
            }
            let body = json!([{ "errorCode": code, "message": "m" }]).to_string();
            match read_published(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes(), 2) {
                Published::All(reading, _) => Some(reading),
                Published::NeedsToken => None,
                Published::Each(_) => panic!("each"),
            }
        };
        assert_eq!(of(401, "INVALID_SESSION_ID", None), None);
        assert_eq!(of(403, "REQUEST_LIMIT_EXCEEDED", None), Some(Reading::Retry { after: Some(900) }));
        for (status, code) in [(403, "INSUFFICIENT_ACCESS"), (404, "NOT_FOUND"), (400, "INVALID_FIELD"), (301, "")] {
            assert_eq!(
                of(status, code, None),
                Some(Reading::Retry { after: Some(600) }),
                "{status}: somebody may mend it"
            );
        }
        for status in [420, 428, 429, 500, 502, 503] {
            assert_eq!(
                of(status, "SERVER_UNAVAILABLE", Some("7")),
                Some(Reading::Retry { after: Some(7) }),
                "{status}"
            );
        }
        // Too few, too many, or something else entirely: what was taken is not known.
        for body in ["[]", "[{},{},{}]", "{}", "<html>"] {
            let read = read_published(StatusCode::OK, &HeaderMap::new(), body.as_bytes(), 2);
            assert!(matches!(read, Published::All(Reading::Retry { .. }, _)), "{body}");
        }
    }
}
