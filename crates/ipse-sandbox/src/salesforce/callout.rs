//! Calls the Ipse server as the package's `IpseClient` does, through what the named credential holds. Whatever goes wrong
//! becomes an answer with a code.

use super::{ORG, Row, Salesforce, text};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Map, Value, json};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(20);

/// What the named credential and its external credential say.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The address of the server.
    pub url: String,
    /// The id of the client: an API key's.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

/// What came of a call.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) ok: bool,
    /// The HTTP status, or 0 where nothing was answered.
    status: u16,
    /// Empty when ok.
    pub(super) code: String,
    /// For the agent; without personal data.
    pub(super) message: String,
    pub(super) body: Row,
}

impl Answer {
    pub(super) fn failed(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.to_owned(), message: message.to_owned(), ..Self::default() }
    }

    /// Whether the same request may succeed later.
    pub(super) const fn may_pass(&self) -> bool {
        !self.ok && matches!(self.status, 0 | 401 | 429 | 500..)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        text(&self.body, name)
    }

    /// The server answered, but not what was hoped for; what it said is kept.
    pub(super) fn unfit(self, code: &str, message: &str) -> Self {
        Self { ok: false, code: code.to_owned(), message: message.to_owned(), ..self }
    }

    fn of_record(self, record: &Row) -> Self {
        if self.ok && !belongs(&self, record) {
            return self.unfit("not_this_operation", "The verification was made for something else.");
        }
        self
    }

    /// Whether nothing can come of it any more.
    pub(super) fn is_refusal(&self) -> bool {
        const CODES: [&str; 4] = ["not_valid", "not_this_operation", "assurance_too_low", "already_redeemed"];
        CODES.contains(&self.code.as_str()) || matches!(self.status, 409 | 410)
    }

    fn read(status: StatusCode, body: &[u8]) -> Self {
        let body = serde_json::from_slice::<Row>(body).ok();
        let number = status.as_u16();
        if !status.is_success() {
            let said = |name: &str| body.as_ref().map(|body| text(body, name)).unwrap_or_default();
            let is_code = |code: &str| {
                code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')) && !code.is_empty()
            };
            let code = Some(said("code")).filter(|code| is_code(code)).map(str::to_owned);
            return Self::failed(number, &code.unwrap_or_else(|| format!("http_{number}")), said("title"));
        }
        match body {
            Some(body) => Self { ok: true, status: number, body, ..Self::default() },
            None => Self::failed(number, "not_ipse", "Something that is not Ipse answered."),
        }
    }
}

impl Salesforce {
    /// Opens a verification on the journey for enrolled faces, and on the full one for a person who has none enrolled.
    pub(super) async fn step_up(&self, wanted: &Value, step_up_journey: &str, key: &str) -> Answer {
        if !step_up_journey.is_empty() {
            let mut quick = wanted.clone();
            if let Some(journey) = quick.get_mut("journey") {
                *journey = json!(step_up_journey);
            }
            let answer = self.send(Method::POST, "", Some(&quick), Some(&format!("{key}-face"))).await;
            if answer.code != "not_enrolled" {
                return answer;
            }
        }
        self.send(Method::POST, "", Some(wanted), Some(key)).await
    }

    /// One verification, or what is done to it.
    pub(super) async fn on_one(&self, method: Method, id: &str, action: &str, key: Option<&str>) -> Answer {
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !is_id {
            return Answer::failed(0, "not_requested", "The verification was not requested yet.");
        }
        self.send(method, &format!("/{id}{action}"), None, key).await
    }

    /// Asks the server whether this very verification is a success that may be relied on now, and was opened for what the
    /// record says. Anything else is refused, whatever the record says.
    pub(super) async fn check(&self, record: &Row) -> Answer {
        let answer = self.on_one(Method::GET, text(record, "Verification_Id__c"), "", None).await.of_record(record);
        if !answer.ok {
            return answer;
        }
        if super::receipt::decision(answer.text("status")).is_none() {
            return answer.unfit("pending", "The verification has not ended.");
        }
        if !self.is_recent_success(&answer) {
            return answer.unfit("not_valid", "There is no success that may be relied on.");
        }
        if answer.body.get("valid") != Some(&json!(true)) {
            return answer.unfit("already_redeemed", "The success was used up before.");
        }
        answer
    }

    /// Has the server use the success up, after `check` found that it is one. The key is the record's own, so that asking
    /// again after a lost answer gives the same one.
    pub(super) async fn redeem(&self, record: &Row) -> Answer {
        let id = text(record, "Verification_Id__c");
        let key = match text(record, "Request_Key__c") {
            "" => id,
            key => key,
        };
        let (path, key) = (format!("/{id}/redeem"), format!("redeem-{key}"));
        self.send(Method::POST, &path, Some(&json!({})), Some(&key)).await.of_record(record)
    }

    /// Whether an answer tells a success whose time is not over, used up or not.
    pub(super) fn is_recent_success(&self, answer: &Answer) -> bool {
        let until = super::moment(&answer.body, "valid_until");
        let now = self.with(|inner| inner.now());
        answer.text("status") == "succeeded" && until.is_some_and(|until| until > now)
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>, key: Option<&str>) -> Answer {
        let unreachable = || Answer::failed(0, "unreachable", "Ipse cannot be reached right now.");
        let Some(credential) = self.with(|inner| inner.credential.clone()) else {
            return Answer::failed(0, "not_connected", "The named credential is empty.");
        };
        let Ok(client) = Client::builder().timeout(TIMEOUT).build() else { return unreachable() };
        // A token that ended is bought again, once.
        for _ in 0..2 {
            let token = match self.with(|inner| inner.bought.clone()) {
                Some(token) => token,
                None => match buy(&client, &credential).await {
                    Ok(token) => token,
                    Err(answer) => return answer,
                },
            };
            let url = format!("{}/v1/verifications{path}", credential.url);
            let mut request = client.request(method.clone(), url).bearer_auth(&token);
            if let Some(key) = key {
                request = request.header("idempotency-key", key);
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            let Ok(answer) = request.send().await else { return unreachable() };
            let status = answer.status();
            if status == StatusCode::UNAUTHORIZED {
                self.with(|inner| inner.bought = None);
                continue;
            }
            self.with(|inner| inner.bought = Some(token));
            let Ok(body) = answer.bytes().await else { return unreachable() };
            return Answer::read(status, &body);
        }
        Answer::failed(401, "unauthorized", "Ipse does not take the token that it sold.")
    }
}

/// Buys an access token (RFC 6749 §4.4).
async fn buy(client: &Client, credential: &Credential) -> Result<String, Answer> {
    let unreachable = |_| Answer::failed(0, "unreachable", "Ipse cannot be reached right now.");
    let request = client.post(format!("{}/oauth2/token", credential.url));
    let request = request.basic_auth(&credential.client_id, Some(&credential.client_secret));
    let answer = request.form(&[("grant_type", "client_credentials")]).send().await.map_err(unreachable)?;
    let status = answer.status().as_u16();
    let body: Row = answer.json().await.map_err(unreachable)?;
    match text(&body, "access_token") {
        "" => Err(Answer::failed(status, "unauthorized", "Ipse refuses the named credential.")),
        token => Ok(token.to_owned()),
    }
}

/// The notes that go along with a request and come back with every answer and receipt.
pub(super) fn notes(record: &Row) -> Row {
    let mut notes = Map::from_iter([("salesforce_org".to_owned(), json!(ORG))]);
    for (note, field) in [
        ("salesforce_request", "Request_Key__c"),
        ("salesforce_policy", "Policy__c"),
        ("salesforce_operation", "Operation__c"),
        ("salesforce_person", "Person_Record_Id__c"),
    ] {
        let value = text(record, field);
        if !value.is_empty() {
            notes.insert(note.to_owned(), json!(value));
        }
    }
    notes
}

/// Whether an answer is about what the record asked for.
pub(super) fn belongs(answer: &Answer, record: &Row) -> bool {
    let id = answer.text("id");
    let told = answer.body.get("metadata").and_then(Value::as_object);
    !id.is_empty()
        && id == text(record, "Verification_Id__c")
        && told.is_some_and(|told| {
            let own = notes(record);
            let names = ["org", "request", "policy", "operation", "person"].map(|name| format!("salesforce_{name}"));
            names.iter().all(|name| own.get(name) == told.get(name))
        })
}

impl Salesforce {
    /// What an answer about one verification says, in the fields of a result; nothing where it is not understood.
    pub(super) fn result(&self, answer: &Answer) -> Option<Row> {
        let status = answer.text("status");
        let mut decision = super::receipt::decision(status);
        if answer.text("id").is_empty() || (decision.is_none() && !super::is_running(status)) {
            return None;
        }
        // A success whose time is over opens nothing; one that was used up is still one.
        if decision == Some("approved") && !self.is_recent_success(answer) {
            decision = Some("none");
        }
        let reasons = answer.body.get("reasons").and_then(Value::as_array);
        let code = |reason: &Value| reason.get("code").and_then(Value::as_str).map(str::to_owned);
        let reasons: Vec<String> = reasons.map(|all| all.iter().filter_map(code).collect()).unwrap_or_default();
        let assurance =
            answer.body.get("assurance").and_then(|assurance| assurance.get("level")).and_then(Value::as_i64);
        let said = json!({
            "Verification_Id__c": answer.text("id"),
            "Status__c": status,
            "Decision__c": decision,
            "Reasons__c": reasons.join(";"),
            "Assurance__c": assurance.unwrap_or_default(),
            "Method__c": answer.body.get("method"),
            "Subject_Key__c": answer.body.get("subject"),
            "Receipt_Url__c": answer.body.get("receipt_url"),
            "Occurred_At__c": answer.body.get("finished_at"),
            "Valid_Until__c": answer.body.get("valid_until"),
            "Request_Key__c": answer.body.get("metadata").and_then(|notes| notes.get("salesforce_request")),
        });
        said.as_object().cloned()
    }
}
