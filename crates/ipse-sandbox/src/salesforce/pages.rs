//! The pages of an org: the list of transfers, and the pages of records, which hold the package's component.

use super::policy::{MARK, RESULT, number};
use super::views::{Fact, List, Record, Row as ListRow, Task, Transfer};
use super::{Inner, Row, TRANSFERS, USERS, controller, lwc, object, text, user};
use crate::Partners;
use crate::pages::{Held, frame, page};
use crate::views::{Acting, Choice, Link, Status};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{self, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// The cookie that says as whom a browser acts.
const COOKIE: &str = "salesforce-user";
/// What is said of a transfer whose flow neither waits nor has ended.
const UNDER_WAY: &str = "Under way";
/// How long a page waits for a flow.
const MOMENT: Duration = Duration::from_secs(3);
/// The largest amount that is taken, and the stages of an opportunity here.
const MOST: f64 = 1e12;
const STAGES: [&str; 4] = ["Prospecting", "Negotiation/Review", "Closed Won", "Closed Lost"];

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/salesforce", get(list).post(open))
        .route("/salesforce/impersonate", post(impersonate))
        .route("/salesforce/events", get(events))
        .route("/salesforce/apex/IpseStatusController/{method}", post(apex))
        .route("/lightning/r/{object}/{id}/view", get(show).post(save))
        .route("/{id}", get(lead))
        .merge(lwc::routes())
}

/// A cookie of a browser; empty, and so nobody's, where it has none.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> String {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

/// As whom a browser acts: an agent, until it says otherwise.
pub(super) fn acting_as(headers: &HeaderMap) -> &'static str {
    let [agent, _] = &USERS;
    match cookie(headers, COOKIE).as_str() {
        "" => agent.id,
        id => user(id).id,
    }
}

fn acting(as_user: &str, back: &str) -> Acting {
    let choice = |user: &super::User| Choice {
        value: user.id.to_owned(),
        label: format!("{} ({})", user.name, if user.may_request { "Ipse_Agent" } else { "may not ask" }),
        chosen: user.id == as_user,
    };
    Acting { users: USERS.iter().map(choice).collect(), back: back.to_owned() }
}

fn path(id: &str) -> String {
    format!("/lightning/r/{}/{id}/view", object(id))
}

fn money(amount: f64) -> String {
    let cents = format!("{amount:.2}");
    let (whole, rest) = cents.split_once('.').unwrap_or((&cents, "00"));
    let mut said = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            said.push(',');
        }
        said.push(digit);
    }
    format!("{said}.{rest}")
}

fn full_name(person: &Row) -> String {
    format!("{} {}", text(person, "FirstName"), text(person, "LastName"))
}

/// How a transfer stands.
fn state(inner: &Inner, record: &Row) -> Status {
    let waits = inner.paused.values().any(|interview| interview.record == text(record, "Id"));
    let (tone, label) = match (text(record, "StageName"), text(record, MARK), text(record, RESULT)) {
        ("Closed Won", ..) => ("good", "Carried out".to_owned()),
        (_, "", _) => ("idle", "Not begun".to_owned()),
        (_, _, "") if waits => ("wait", "Waits for the person".to_owned()),
        (_, _, "") => ("wait", UNDER_WAY.to_owned()),
        (.., result) => ("bad", format!("Stopped: {result}")),
    };
    Status { tone, label }
}

async fn list(State(partners): Held, headers: HeaderMap) -> Response {
    listed(&partners, &headers, None)
}

fn listed(partners: &Partners, headers: &HeaderMap, problem: Option<&str>) -> Response {
    let acting = acting(acting_as(headers), "/salesforce");
    let list = partners.salesforce.with(|inner| {
        let name = |id: &str| inner.objects.get(id).map(full_name).unwrap_or_default();
        let row = |record: &Row| ListRow {
            href: path(text(record, "Id")),
            name: text(record, "Name").to_owned(),
            amount: money(number(record, "Amount").unwrap_or_default()),
            person: name(text(record, "ContactId")),
            state: state(inner, record),
        };
        let (transfers, people): (Vec<&Row>, Vec<&Row>) =
            inner.objects.values().partition(|record| object(text(record, "Id")) == "Opportunity");
        let choice =
            |person: &&Row| Choice { value: text(person, "Id").to_owned(), label: full_name(person), chosen: false };
        let link = |person: &&Row| Link { href: path(text(person, "Id")), label: full_name(person) };
        let threshold = inner.policy(TRANSFERS).and_then(|policy| number(policy, "Threshold__c"));
        List {
            frame: frame("/salesforce"),
            acting,
            rows: transfers.into_iter().rev().map(row).collect(),
            people: people.iter().map(choice).collect(),
            contacts: people.iter().map(link).collect(),
            threshold: money(threshold.unwrap_or_default()),
            problem: problem.map(str::to_owned),
        }
    });
    page(&list)
}

/// An amount as people type it; nothing where it is none.
fn amount(typed: &str) -> Option<f64> {
    let plain = typed.trim().replace(',', "");
    let digits = plain.split_once('.').map_or(0, |(_, cents)| cents.len());
    let is_plain = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    plain.parse::<f64>().ok().filter(|amount| is_plain && digits <= 2 && (0.01..=MOST).contains(amount))
}

#[derive(Deserialize)]
struct New {
    name: String,
    amount: String,
    person: String,
}

async fn open(State(partners): Held, headers: HeaderMap, Form(new): Form<New>) -> Response {
    let name: String = new.name.trim().chars().take(120).collect();
    let made = partners.salesforce.with(|inner| {
        let amount = amount(&new.amount).ok_or("An amount has digits and at most two decimals.")?;
        let known = inner.objects.contains_key(&new.person) && object(&new.person) == "Contact";
        if name.is_empty() || !known {
            return Err("A transfer has a name and a contact.");
        }
        let place = inner.objects.keys().filter(|id| object(id) == "Opportunity").count() + 1;
        let id = format!("006{place:0>12}AAA");
        let fields = json!({
            "Id": id, "Name": name, "Amount": amount, "StageName": STAGES.first(), "ContactId": new.person,
        });
        inner.objects.insert(id.clone(), fields.as_object().cloned().unwrap_or_default());
        Ok(id)
    });
    match made {
        Ok(id) => Redirect::to(&path(&id)).into_response(),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, listed(&partners, &headers, Some(problem))).into_response(),
    }
}

#[derive(Deserialize)]
struct Impersonate {
    user: String,
    back: String,
}

async fn impersonate(Form(wanted): Form<Impersonate>) -> Response {
    let is_ours = wanted.back == "/salesforce" || wanted.back.starts_with("/lightning/r/");
    if !is_ours || !USERS.iter().any(|user| user.id == wanted.user) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", wanted.user);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&wanted.back)).into_response()
}

/// An address that has only the id leads to the record.
async fn lead(Path(id): Path<String>) -> Response {
    if object(&id).is_empty() {
        return StatusCode::NOT_FOUND.into_response();
    }
    Redirect::to(&path(&id)).into_response()
}

async fn show(State(partners): Held, Path((_, id)): Path<(String, String)>, headers: HeaderMap) -> Response {
    record(&partners, &headers, &id, Vec::new())
}

fn record(partners: &Partners, headers: &HeaderMap, id: &str, notices: Vec<Status>) -> Response {
    let acting = acting(acting_as(headers), &path(id));
    let shown = partners.salesforce.with(|inner| {
        let record = inner.objects.get(id)?;
        let fact = |label, field| Fact { label, value: text(record, field).to_owned(), href: None };
        let is_transfer = object(id) == "Opportunity";
        let facts = if is_transfer {
            let person = text(record, "ContactId");
            let contact = inner.objects.get(person).map(full_name).unwrap_or_default();
            vec![
                Fact { label: "Amount", value: money(number(record, "Amount").unwrap_or_default()), href: None },
                fact("Stage", "StageName"),
                Fact { label: "Contact", value: contact, href: Some(path(person)) },
                fact("Identity Step-up", MARK),
                fact("Identity Step-up Result", RESULT),
            ]
        } else {
            vec![fact("Email", "Email"), fact("Mobile", "MobilePhone")]
        };
        let transfer = is_transfer.then(|| transfer(inner, record));
        let is_about = |task: &&Row| ["WhatId", "WhoId"].into_iter().any(|end| text(task, end) == id);
        let task = |task: &Row| Task {
            at: text(task, "ActivityDate").to_owned(),
            subject: text(task, "Subject").to_owned(),
            text: text(task, "Description").to_owned(),
        };
        Some(Record {
            frame: frame("/salesforce"),
            acting,
            id: id.to_owned(),
            kind: object(id),
            title: if is_transfer { text(record, "Name").to_owned() } else { full_name(record) },
            action: path(id),
            notices,
            facts,
            transfer,
            tasks: inner.tasks.iter().rev().filter(is_about).map(task).collect(),
            imports: lwc::imports(),
        })
    });
    shown.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |record| page(&record))
}

fn transfer(inner: &Inner, record: &Row) -> Transfer {
    let stage = text(record, "StageName");
    let button = match (stage, text(record, MARK), text(record, RESULT)) {
        ("Closed Won", ..) => None,
        (_, "", _) => Some("Carry out transfer"),
        (_, _, "") => None,
        _ => Some("Ask again"),
    };
    let choice = |one: &&str| Choice { value: (*one).to_owned(), label: (*one).to_owned(), chosen: *one == stage };
    Transfer {
        state: state(inner, record),
        button,
        amount: format!("{:.2}", number(record, "Amount").unwrap_or_default()),
        stages: STAGES.iter().map(choice).collect(),
    }
}

/// What is changed on a record: its amount and stage, or that the transfer is to be carried out.
#[derive(Deserialize)]
#[serde(untagged)]
enum Change {
    Fields {
        amount: String,
        stage: String,
    },
    CarryOut {
        #[allow(dead_code, reason = "its name is what tells the forms apart")]
        carry_out: String,
    },
}

async fn save(
    State(partners): Held,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(change): Form<Change>,
) -> Response {
    let fields = match change {
        Change::CarryOut { .. } => Some(json!({ MARK: TRANSFERS, RESULT: "" })),
        Change::Fields { amount: typed, stage } if STAGES.contains(&stage.as_str()) => {
            amount(&typed).map(|amount| json!({ "Amount": amount, "StageName": stage }))
        }
        Change::Fields { .. } => None,
    };
    let fields = fields.and_then(|fields| fields.as_object().cloned()).filter(|_| object(&id) == "Opportunity");
    let Some(fields) = fields else {
        let label = "An amount has digits and at most two decimals.".to_owned();
        let answer = record(&partners, &headers, &id, vec![Status { tone: "bad", label }]);
        return (StatusCode::UNPROCESSABLE_ENTITY, answer).into_response();
    };
    match partners.salesforce.save(acting_as(&headers), &id, &fields) {
        Ok(()) => {
            settled(&partners, &id).await;
            Redirect::to(&path(&id)).into_response()
        }
        Err(label) => {
            let answer = record(&partners, &headers, &id, vec![Status { tone: "bad", label }]);
            (StatusCode::CONFLICT, answer).into_response()
        }
    }
}

/// Waits a moment for the flow that a change began, until it ends or waits for the person.
async fn settled(partners: &Partners, id: &str) {
    let mut changes = partners.salesforce.with(|inner| inner.changes.subscribe());
    let is_under_way =
        |inner: &mut Inner| inner.objects.get(id).is_some_and(|record| state(inner, record).label == UNDER_WAY);
    let settling = async { while partners.salesforce.with(is_under_way) && changes.changed().await.is_ok() {} };
    // Whether it settled or not, the page says how the transfer stands.
    let _ = tokio::time::timeout(MOMENT, settling).await;
}

/// A method of the component's controller: its value, or the code of why not.
async fn apex(
    State(partners): Held,
    Path(method): Path<String>,
    headers: HeaderMap,
    extract::Json(given): extract::Json<Value>,
) -> Response {
    let given = given.as_object().cloned().unwrap_or_default();
    match controller::call(&partners, acting_as(&headers), &method, &given).await {
        Ok(value) => extract::Json(value).into_response(),
        Err(code) => (StatusCode::INTERNAL_SERVER_ERROR, extract::Json(json!({ "message": code }))).into_response(),
    }
}

/// The platform events as pages hear them, forged ones too: server-sent events, of which the browser knows the rest, what
/// was missed and when to try again included. The component speaks to `empApi`, which hides what is beneath it.
async fn events(State(partners): Held, headers: HeaderMap) -> Response {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let (heard, changes) = partners
        .salesforce
        .with(|inner| (last.unwrap_or(inner.events.len()).min(inner.events.len()), inner.changes.subscribe()));
    let told = stream::unfold((partners, heard, changes, true), async |(partners, heard, mut changes, is_first)| {
        if !is_first {
            changes.changed().await.ok()?;
        }
        // What changed before the page listened is a change, too.
        let mut said = "event: change\ndata:\n\n".to_owned();
        let heard = partners.salesforce.with(|inner| {
            for (place, published) in inner.events.iter().enumerate().skip(heard) {
                let number = place + 1;
                let event = json!({ "payload": published.event, "event": { "replayId": number } });
                // Writing to a string cannot fail.
                let _ = write!(said, "id: {number}\ndata: {event}\n\n");
            }
            inner.events.len()
        });
        Some((Ok::<_, Infallible>(Bytes::from(said)), (partners, heard, changes, false)))
    });
    let about = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (about, Body::from_stream(told)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written() {
        assert_eq!(amount("12,500.50"), Some(12_500.5));
        for wrong in ["", "0", "-1", "1.234", "1e3", "inf", "NaN", "ten", "9999999999999"] {
            assert_eq!(amount(wrong), None, "{wrong}");
        }
        assert_eq!((money(1_234_567.5).as_str(), money(100.0).as_str()), ("1,234,567.50", "100.00"));
    }
}
