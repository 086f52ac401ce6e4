//! What a server calls on an org: the token endpoint, and the REST API where results are published.

use super::{CONSUMER_KEY, CONSUMER_SECRET, Call, Fault, Inner, ORG, Row, USER, text, trigger};
use crate::pages::Held;
use crate::{Partners, jws};
use axum::body::Body;
use axum::extract::{Form, Json, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, body::Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longest lives of assertions, in seconds.
const ASSERTION_SECONDS: i64 = 180;
const BATCH: usize = 200;
const CALLS_A_DAY: usize = 15_000;
const EVENT: &str = "Verification_Result__e";
const TRIAL: &str = "SELECT Last_Event_Id__c FROM Ipse_Verification__c WHERE Verification_Id__c = 'test'";

/// The fields of the event that are text, and how long they may be.
const TEXTS: [(&str, usize); 15] = [
    ("Verification_Id__c", 64),
    ("Event_Id__c", 64),
    ("Status__c", 32),
    ("Decision__c", 16),
    ("Reasons__c", 4096),
    ("Method__c", 255),
    ("Journey__c", 80),
    ("Subject_Key__c", 64),
    ("Related_Record_Id__c", 18),
    ("Person_Record_Id__c", 18),
    ("Policy__c", 40),
    ("Operation__c", 64),
    ("Request_Key__c", 36),
    ("Receipt_Url__c", 255),
    ("Result_Token__c", 16_384),
];
const OTHERS: [&str; 5] = ["attributes", "Sequence__c", "Assurance__c", "Occurred_At__c", "Valid_Until__c"];

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/services/oauth2/token", post(token))
        .route("/services/data/v66.0/composite/sobjects", post(collection))
        .route("/services/data/v66.0/sobjects/Verification_Result__e", post(single))
        .route("/services/data/v66.0/limits", get(limits))
        .route("/services/data/v66.0/query", get(query))
}

/// The subject public key info of a certificate (PEM).
pub(super) fn public_key(certificate: &str) -> Option<Vec<u8>> {
    let base64: String = certificate.lines().filter(|line| !line.starts_with("-----")).collect();
    jws::public_key(&STANDARD.decode(base64).ok()?)
}

type Refused = (StatusCode, &'static str, &'static str);

impl Inner {
    /// Notes a call, and adds what Salesforce says with each answer.
    fn answered(&mut self, path: &str, events: usize, mut answer: Response) -> Response {
        self.calls.push(Call { path: path.to_owned(), status: Some(answer.status().as_u16()), events });
        let used = format!("api-usage={}/{CALLS_A_DAY}", self.calls.len());
        if let Ok(used) = HeaderValue::from_str(&used) {
            answer.headers_mut().insert("sforce-limit-info", used);
        }
        answer
    }

    /// Lets in whoever has a token that works.
    fn admit(&mut self, headers: &HeaderMap) -> Result<(), Refused> {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let given = given.unwrap_or_default();
        let most = self.uses.unwrap_or(usize::MAX);
        match self.tokens.get_mut(given) {
            Some(used) if *used < most => *used += 1,
            _ => {
                self.tokens.remove(given);
                return Err((StatusCode::UNAUTHORIZED, "INVALID_SESSION_ID", "Session expired or invalid"));
            }
        }
        Ok(())
    }

    /// Publishes; nothing where the connection is closed instead of an answer.
    fn publish(&mut self, headers: &HeaderMap, records: Vec<Value>) -> Result<Option<Vec<Value>>, Response> {
        self.admit(headers).map_err(refused)?;
        if records.len() > BATCH {
            let more = "record limit reached. cannot submit more than 200 records into this call";
            return Err(refused((StatusCode::BAD_REQUEST, "EXCEEDED_ID_LIMIT", more)));
        }
        let fault = self.faults.pop_front();
        match fault {
            Some(Fault::Refused { status, code, retry_after }) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let mut answer = refused((status, code, "made to fail"));
                if let Some(after) = retry_after {
                    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(after));
                }
                return Err(answer);
            }
            Some(Fault::ClosedBefore) => return Ok(None),
            _ => {}
        }
        let mut results = Vec::with_capacity(records.len());
        for (number, record) in records.into_iter().enumerate() {
            results.push(match fault {
                Some(Fault::Partly { every, code }) if number.is_multiple_of(every) => failed(code, "made to fail"),
                _ => self.take(record),
            });
        }
        Ok(Some(results).filter(|_| !matches!(fault, Some(Fault::ClosedAfter))))
    }

    /// Queues one event, which the trigger takes at once here.
    fn take(&mut self, record: Value) -> Value {
        let Value::Object(event) = record else { return failed("JSON_PARSER_ERROR", "not an object") };
        if event.get("attributes").and_then(|of| of.get("type")).is_some_and(|kind| kind != EVENT) {
            return failed("INVALID_TYPE", "sObject type is not supported");
        }
        for (name, value) in &event {
            match TEXTS.iter().find(|(text, _)| text == name) {
                Some((_, most)) => match value.as_str() {
                    None => return failed("JSON_PARSER_ERROR", "Cannot deserialize instance of string"),
                    Some(text) if text.chars().count() > *most => {
                        return failed("STRING_TOO_LONG", "data value too large");
                    }
                    Some(_) => {}
                },
                None if OTHERS.contains(&name.as_str()) => {}
                None => return failed("INVALID_FIELD", "No such column"),
            }
        }
        trigger::run(self, event);
        self.tell_change();
        let number = self.events.len();
        json!({
            "id": format!("e00{number:0>12}AAA"), "success": true,
            "errors": [{ "statusCode": "OPERATION_ENQUEUED", "message": format!("00000000-0000-4000-8000-{number:0>12}"), "fields": [] }],
        })
    }

    fn give(
        &mut self,
        form: &BTreeMap<String, String>,
        headers: &HeaderMap,
    ) -> Result<Value, (&'static str, &'static str)> {
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        match form.get("grant_type").map(String::as_str) {
            Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => {
                self.believe(form.get("assertion").map(String::as_str).unwrap_or_default())?;
            }
            Some("client_credentials") => {
                let own = format!("Basic {}", STANDARD.encode(format!("{CONSUMER_KEY}:{CONSUMER_SECRET}")));
                if headers.get(header::AUTHORIZATION).is_none_or(|given| given != own.as_str()) {
                    return Err(("invalid_client", "invalid client credentials"));
                }
            }
            _ => return Err(("unsupported_grant_type", "grant type not supported")),
        }
        self.given += 1;
        let token = format!("{ORG}!AQ{:0>6}", self.given);
        self.tokens.insert(token.clone(), 0);
        Ok(json!({
            "access_token": token, "scope": "api", "instance_url": self.address, "token_type": "Bearer",
            "id": format!("{}/id/{ORG}/005000000000001AAA", self.address),
        }))
    }

    /// Checks an assertion (RFC 7523) with the certificate that was uploaded.
    fn believe(&self, assertion: &str) -> Result<(), (&'static str, &'static str)> {
        const BAD: (&str, &str) = ("invalid_grant", "invalid assertion");
        let parts: Vec<&str> = assertion.split('.').collect();
        let [head, payload, signature] = parts.as_slice() else { return Err(BAD) };
        let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| BAD);
        let parsed = |part: &str| serde_json::from_slice::<Map<String, Value>>(&decoded(part)?).map_err(|_| BAD);
        let claims = parsed(payload)?;
        if text(&claims, "iss") != CONSUMER_KEY {
            return Err(("invalid_client_id", "client identifier invalid"));
        }
        let public = self.certificate.as_ref().ok_or(BAD)?;
        if text(&parsed(head)?, "alg") != "RS256"
            || !jws::is_signed(public, &format!("{head}.{payload}"), &decoded(signature)?)
        {
            return Err(BAD);
        }
        if text(&claims, "aud") != self.address {
            return Err(("invalid_grant", "audience is invalid"));
        }
        let left = claims.get("exp").and_then(Value::as_i64).ok_or(BAD)?.saturating_sub(self.now());
        if !(1..=ASSERTION_SECONDS).contains(&left) {
            return Err(("invalid_grant", "expired authorization code"));
        }
        if text(&claims, "sub") != USER {
            return Err(("invalid_grant", "user hasn't approved this consumer"));
        }
        Ok(())
    }
}

fn refused((status, code, message): Refused) -> Response {
    (status, Json(json!([{ "message": message, "errorCode": code }]))).into_response()
}

fn failed(code: &str, message: &str) -> Value {
    json!({ "success": false, "errors": [{ "statusCode": code, "message": message, "fields": [] }] })
}

/// An answer that breaks off before it says anything.
fn closed() -> Response {
    let broken =
        futures_util::future::ready(Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
    Body::from_stream(futures_util::stream::once(broken)).into_response()
}

async fn token(
    State(partners): Held,
    uri: Uri,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    partners.salesforce.with(|inner| {
        let answer = match inner.give(&form, &headers) {
            Ok(given) => Json(given).into_response(),
            Err((error, description)) => {
                let said = json!({ "error": error, "error_description": description });
                (StatusCode::BAD_REQUEST, Json(said)).into_response()
            }
        };
        inner.answered(uri.path(), 0, answer)
    })
}

/// Publishes, and answers with what this makes of the results.
fn publish(
    partners: &Partners,
    uri: &Uri,
    headers: &HeaderMap,
    records: Vec<Value>,
    answer: impl FnOnce(Vec<Value>) -> Response,
) -> Response {
    let count = records.len();
    let before = partners.salesforce.with(|inner| inner.events.len());
    let answer = partners.salesforce.with(|inner| match inner.publish(headers, records) {
        Ok(Some(results)) => inner.answered(uri.path(), count, answer(results)),
        Ok(None) => {
            inner.calls.push(Call { path: uri.path().to_owned(), status: None, events: count });
            closed()
        }
        Err(refused) => inner.answered(uri.path(), count, refused),
    });
    // Whatever the trigger made of them: flows hear every event.
    let keys = partners.salesforce.with(|inner| inner.requests_since(before));
    partners.salesforce.wake(|interview, _| keys.contains(&interview.request_key));
    answer
}

async fn collection(State(partners): Held, uri: Uri, headers: HeaderMap, Json(mut body): Json<Value>) -> Response {
    let Some(Value::Array(records)) = body.get_mut("records").map(Value::take) else {
        return refused((StatusCode::BAD_REQUEST, "JSON_PARSER_ERROR", "no records"));
    };
    publish(&partners, &uri, &headers, records, |results| Json(results).into_response())
}

async fn single(State(partners): Held, uri: Uri, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    publish(&partners, &uri, &headers, vec![body], |results| {
        let result = results.into_iter().next().unwrap_or_default();
        if result.get("success") == Some(&Value::Bool(true)) {
            return (StatusCode::CREATED, Json(result)).into_response();
        }
        let error = result.pointer("/errors/0");
        let said = |name: &str| error.and_then(|error| error.get(name)).cloned().unwrap_or_default();
        let error = json!([{ "message": said("message"), "errorCode": said("statusCode"), "fields": [] }]);
        (StatusCode::BAD_REQUEST, Json(error)).into_response()
    })
}

async fn limits(State(partners): Held, uri: Uri, headers: HeaderMap) -> Response {
    partners.salesforce.with(|inner| {
        let answer = match inner.admit(&headers) {
            Err(no) => refused(no),
            Ok(()) => {
                let left = |most: usize, used: usize| json!({ "Max": most, "Remaining": most.saturating_sub(used) });
                Json(json!({
                    "DailyApiRequests": left(CALLS_A_DAY, inner.calls.len()),
                    "HourlyPublishedPlatformEvents": left(50_000, inner.events.len()),
                }))
                .into_response()
            }
        };
        inner.answered(uri.path(), 0, answer)
    })
}

async fn query(
    State(partners): Held,
    uri: Uri,
    headers: HeaderMap,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    partners.salesforce.with(|inner| {
        let answer = match inner.admit(&headers) {
            Err(no) => refused(no),
            Ok(()) if asked.get("q").is_none_or(|query| query != TRIAL) => {
                refused((StatusCode::BAD_REQUEST, "MALFORMED_QUERY", "only one question is understood here"))
            }
            Ok(()) => {
                let row = |of: &Row| {
                    json!({ "attributes": { "type": "Ipse_Verification__c" }, "Last_Event_Id__c": text(of, "Last_Event_Id__c") })
                };
                let test = inner.known.get("test").and_then(|id| inner.records.get(id));
                let rows: Vec<Value> = test.map(row).into_iter().collect();
                Json(json!({ "totalSize": rows.len(), "done": true, "records": rows })).into_response()
            }
        };
        inner.answered(uri.path(), 0, answer)
    })
}
