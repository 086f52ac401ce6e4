//! A help desk: tickets with an IDV Status, verified through Ipse's public API, told by its webhooks.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use crate::now;
use crate::specimen::{Day, Person, Sex};
use jiff::Timestamp;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::sync::{Mutex, PoisonError};

/// How the help desk reaches Ipse.
#[derive(Clone, Default)]
pub struct Connection {
    /// Ipse's address.
    pub ipse: String,
    /// Its API key.
    pub api_key: String,
    /// The secret its webhooks are signed with.
    pub webhook_secret: String,
    /// The journey callers go through.
    pub journey: String,
}

/// Somebody in the help desk's directory.
#[derive(Clone)]
pub struct Employee {
    /// Their id in the directory.
    pub id: &'static str,
    /// Their address.
    pub email: &'static str,
    /// Their number.
    pub phone: &'static str,
    /// Who they are, and the document they carry.
    pub person: Person,
}

/// The directory.
pub fn employees() -> Vec<Employee> {
    let person = |given: &str, family: &str, birth: (u16, u8, u8), sex, number: &str| Person {
        given_names: given.to_owned(),
        family_name: family.to_owned(),
        birth_date: Day { year: birth.0, month: birth.1, day: birth.2 },
        sex,
        document_number: number.to_owned(),
        expiry_date: Day { year: 2034, month: 5, day: 14 },
        issuing_state: "UTO".to_owned(),
    };
    vec![
        Employee {
            id: "a.eriksson",
            email: "anna.eriksson@utopia.example",
            phone: "+14155550101",
            person: person("Anna Maria", "Eriksson", (1974, 8, 12), Sex::Female, "L898902C3"),
        },
        Employee {
            id: "j.mueller",
            email: "juergen.mueller@utopia.example",
            phone: "+14155550102",
            person: person("Jürgen", "Müller", (1988, 2, 29), Sex::Male, "C01X00T47"),
        },
        Employee {
            id: "w.zhang",
            email: "wei.zhang@utopia.example",
            phone: "+14155550103",
            person: person("Wei", "Zhang", (1995, 11, 3), Sex::Female, "E40218765"),
        },
    ]
}

/// A ticket.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// `INC0010001` and up.
    pub number: String,
    /// The caller's id in the directory.
    pub caller: String,
    /// What it is about.
    pub short_description: String,
    /// `In Progress - 2026-11-21 03:04:05` and the like; empty before a verification.
    pub idv_status: String,
    /// The verification under way or done.
    pub verification: Option<String>,
    /// The last event heard, so that a late one changes nothing.
    pub sequence: u64,
    /// What happened, oldest first.
    pub history: Vec<(Timestamp, String)>,
}

/// A webhook that arrived.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its id, the same at every repetition.
    pub id: String,
    /// The event's type.
    pub event_type: String,
    /// Whether the signature was right.
    pub verified: bool,
    /// The body.
    pub body: String,
    /// When it arrived.
    pub at: Timestamp,
}

#[derive(Default)]
struct Inner {
    connection: Connection,
    tickets: Vec<Ticket>,
    received: Vec<Received>,
}

/// The help desk.
#[derive(Default)]
pub struct Desk(Mutex<Inner>);

/// What the help desk could not do, in words for its page.
#[derive(Debug)]
pub struct Failed(pub String);

impl Desk {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells it how to reach Ipse.
    pub fn connect(&self, connection: Connection) {
        self.with(|inner| inner.connection = connection);
    }

    /// All tickets, newest first.
    pub fn tickets(&self) -> Vec<Ticket> {
        self.with(|inner| inner.tickets.iter().rev().cloned().collect())
    }

    /// A ticket.
    pub fn ticket(&self, number: &str) -> Option<Ticket> {
        self.with(|inner| inner.tickets.iter().find(|ticket| ticket.number == number).cloned())
    }

    /// All webhooks, newest first.
    pub fn received(&self) -> Vec<Received> {
        self.with(|inner| inner.received.iter().rev().cloned().collect())
    }

    /// Opens a ticket.
    pub fn open(&self, caller: &str, short_description: &str) -> Ticket {
        self.with(|inner| {
            let ticket = Ticket {
                number: format!("INC{:07}", 10_001 + inner.tickets.len()),
                caller: caller.to_owned(),
                short_description: short_description.to_owned(),
                idv_status: String::new(),
                verification: None,
                sequence: 0,
                history: vec![(now(), "Opened".to_owned())],
            };
            inner.tickets.push(ticket.clone());
            ticket
        })
    }

    /// Asks Ipse to verify a ticket's caller. The contacts come from the directory.
    pub async fn verify(&self, number: &str) -> Result<(), Failed> {
        let failed = |what: &str| Failed(what.to_owned());
        let connection = self.with(|inner| inner.connection.clone());
        let ticket = self.ticket(number).ok_or_else(|| failed("There is no such ticket."))?;
        let known = employees().into_iter().find(|employee| employee.id == ticket.caller);
        let employee = known.ok_or_else(|| failed("The caller is not in the directory."))?;
        let born = employee.person.birth_date;
        let body = json!({
            "journey": connection.journey,
            "subject": {
                "external_id": employee.id,
                "given_name": employee.person.given_names,
                "family_name": employee.person.family_name,
                "birthdate": format!("{:04}-{:02}-{:02}", born.year, born.month, born.day),
                "emails": [employee.email],
                "phones": [employee.phone],
            },
            "purpose": ticket.short_description,
            "record": { "system": "sandbox", "table": "ticket", "id": ticket.number, "number": ticket.number },
            "requester": { "id": "kim", "name": "Kim, help desk" },
            "delivery": "email",
        });
        let request = reqwest::Client::builder().build().map_err(|error| Failed(error.to_string()))?;
        let request = request
            .post(format!("{}/v1/verifications", connection.ipse))
            .bearer_auth(&connection.api_key)
            .header("idempotency-key", format!("{number}-{}", ticket.history.len()))
            .json(&body);
        let answer = request.send().await.map_err(|_| failed("Ipse does not answer."))?;
        let status = answer.status();
        let answer: Value = answer.json().await.map_err(|_| failed("Ipse's answer is not JSON."))?;
        if !status.is_success() {
            return Err(Failed(answer["title"].as_str().unwrap_or("Ipse refused.").to_owned()));
        }
        self.with(|inner| {
            if let Some(ticket) = inner.tickets.iter_mut().find(|ticket| ticket.number == number) {
                ticket.verification = answer["id"].as_str().map(str::to_owned);
                ticket.sequence = 0;
                ticket.set("In Progress");
            }
        });
        Ok(())
    }

    /// Takes a webhook: the signature must be right, a repetition changes nothing, a late one neither. Returns the
    /// status to answer with.
    pub fn hear(&self, headers: &http::HeaderMap, body: &str) -> http::StatusCode {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let id = text("webhook-id");
        let event: Value = serde_json::from_str(body).unwrap_or(Value::Null);
        self.with(|inner| {
            let checker = Webhook::new(&inner.connection.webhook_secret);
            let verified = checker.is_ok_and(|checker| checker.verify(body.as_bytes(), headers).is_ok());
            let repeated = inner.received.iter().any(|known| known.verified && known.id == id);
            let event_type = event["type"].as_str().unwrap_or_default().to_owned();
            inner.received.push(Received { id, event_type, verified, body: body.to_owned(), at: now() });
            if !verified {
                return http::StatusCode::UNAUTHORIZED;
            }
            if !repeated {
                inner.apply(&event["data"]);
            }
            http::StatusCode::NO_CONTENT
        })
    }
}

impl Inner {
    fn apply(&mut self, data: &Value) {
        let (verification, sequence) = (data["id"].as_str(), data["sequence"].as_u64().unwrap_or(0));
        let known = self.tickets.iter_mut().find(|ticket| ticket.verification.as_deref() == verification);
        let Some(ticket) = known.filter(|ticket| ticket.sequence < sequence) else { return };
        ticket.sequence = sequence;
        // Only a terminal decision is a success; a word we do not know opens nothing.
        let label = match data["status"].as_str().unwrap_or_default() {
            "succeeded" => "Success",
            "failed" => "Failed",
            "expired" | "declined" | "cancelled" => "Failure",
            "pending_review" => "Pending Review",
            _ => "In Progress",
        };
        ticket.set(label);
    }
}

impl Ticket {
    fn set(&mut self, label: &str) {
        if self.idv_status.starts_with(&format!("{label} - ")) {
            return;
        }
        let at = now().to_zoned(jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S");
        self.idv_status = format!("{label} - {at}");
        self.history.push((now(), format!("IDV Status: {}", self.idv_status)));
    }
}
