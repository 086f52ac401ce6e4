//! The pages of an instance: a list, forms, and the application's own pages, with the scripts that come in the update set.

use super::views::{Button, Denied, Entry, Field, Form, List, Page, Row};
use super::{AGENT, Failed, ServiceNow};
use crate::Partners;
use crate::pages::{Held, frame, page, status};
use crate::views::{Acting, Choice, Status};
use axum::Router;
use axum::extract::{self, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The cookie that says as whom a browser acts.
const COOKIE: &str = "servicenow-user";

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/servicenow", get(list).post(open))
        .route("/servicenow/impersonate", post(impersonate))
        .route("/servicenow/{name}", get(show).post(save))
        .route("/static/servicenow.js", get(async || javascript(include_str!("browser.js").to_owned())))
        .route("/static/servicenow.css", get(stylesheet))
        .route("/static/servicenow/{name}", get(scripts))
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("servicenow.css")).into_response()
}

fn javascript(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
}

/// As whom a browser acts: an agent, until it says otherwise.
pub(super) fn user(headers: &HeaderMap) -> String {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut pairs = cookies.split("; ").filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map_or(AGENT, |(_, value)| value).to_owned()
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn is(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn all<T>(value: &Value, name: &str, each: impl FnMut(&Value) -> T) -> Vec<T> {
    value.get(name).and_then(Value::as_array).map(|all| all.iter().map(each).collect()).unwrap_or_default()
}

/// `{ value: label }` as options.
fn options(value: Option<&Value>, chosen: &str) -> Vec<Choice> {
    let option = |(value, label): (&String, &Value)| Choice {
        value: value.clone(),
        label: label.as_str().unwrap_or_default().to_owned(),
        chosen: value == chosen,
    };
    value.and_then(Value::as_object).map(|all| all.iter().map(option).collect()).unwrap_or_default()
}

async fn users(servicenow: &ServiceNow) -> Result<Vec<Value>, Failed> {
    Ok(servicenow.call("users", json!({})).await?.as_array().cloned().unwrap_or_default())
}

async fn acting(servicenow: &ServiceNow, user: &str, back: &str) -> Result<Acting, Failed> {
    let choice = |known: &Value| {
        let roles = all(known, "roles", |role| role.as_str().unwrap_or_default().to_owned());
        let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
        let name = text(known, "user_name");
        Choice { label: format!("{} ({roles})", text(known, "name")), chosen: name == user, value: name }
    };
    Ok(Acting { users: users(servicenow).await?.iter().map(choice).collect(), back: back.to_owned() })
}

async fn list(State(partners): Held, headers: HeaderMap) -> Result<Response, Failed> {
    let servicenow = &partners.servicenow;
    let user = user(&headers);
    let tickets = servicenow.call("list", json!({ "user": user })).await?;
    let choices = servicenow.call("choices", json!({})).await?;
    let row = |ticket: &Value| Row {
        href: format!("/servicenow/{}.do?sys_id={}", text(ticket, "table"), text(ticket, "id")),
        number: text(ticket, "number"),
        person: text(ticket, "person"),
        about: text(ticket, "about"),
        state: text(ticket, "state"),
        idv_status: status(&text(ticket, "idv_status")),
    };
    let person = |known: &Value| Choice { value: text(known, "id"), label: text(known, "name"), chosen: false };
    let mut known = users(servicenow).await?;
    known.retain(|known| !text(known, "id").is_empty());
    // Whoever calls comes before whoever works there.
    known.sort_by_key(|known| !all(known, "roles", |_| ()).is_empty());
    Ok(page(&List {
        frame: frame("/servicenow"),
        acting: acting(servicenow, &user, "/servicenow").await?,
        rows: tickets.as_array().map(|all| all.iter().map(row).collect()).unwrap_or_default(),
        people: known.iter().map(person).collect(),
        categories: options(choices.get("categories"), "password_reset"),
        items: options(choices.get("items"), "password_reset"),
    }))
}

#[derive(Deserialize)]
struct NewTicket {
    table: String,
    person: String,
    kind: String,
    about: String,
}

async fn open(
    State(partners): Held,
    headers: HeaderMap,
    extract::Form(new): extract::Form<NewTicket>,
) -> Result<Response, Failed> {
    let user = user(&headers);
    let wanted = json!({
        "user": user, "table": new.table, "person": new.person, "kind": new.kind, "about": new.about,
    });
    let made = partners.servicenow.call("open", wanted).await?;
    if made.is_null() {
        return denied(&partners, &user, "/servicenow").await;
    }
    let to = format!("/servicenow/{}.do?sys_id={}", text(&made, "table"), text(&made, "id"));
    Ok(Redirect::to(&to).into_response())
}

#[derive(Deserialize)]
struct Impersonate {
    user: String,
    back: String,
}

async fn impersonate(extract::Form(wanted): extract::Form<Impersonate>) -> Response {
    // Only names that are safe in a cookie, and only pages of the instance.
    let is_name = wanted.user.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if !is_name || !wanted.back.starts_with("/servicenow") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", wanted.user);
    ([(header::SET_COOKIE, cookie)], Redirect::to(&wanted.back)).into_response()
}

async fn denied(partners: &Partners, user: &str, back: &str) -> Result<Response, Failed> {
    let acting = acting(&partners.servicenow, user, back).await?;
    Ok((StatusCode::FORBIDDEN, page(&Denied { frame: frame("/servicenow"), acting })).into_response())
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    sys_id: String,
}

/// `incident.do`, a page of the application (`x_….do`), or a library that such a page loads (`….jsdbx`).
async fn show(
    State(partners): Held,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let user = user(&headers);
    if let Some(library) = name.strip_suffix(".jsdbx") {
        let found = partners.servicenow.call("library", json!({ "name": library })).await?;
        return Ok(found.as_str().map_or(StatusCode::NOT_FOUND.into_response(), |text| javascript(text.to_owned())));
    }
    if name.starts_with("x_") {
        let found = partners.servicenow.call("page", json!({ "user": user, "endpoint": name })).await?;
        if found.is_null() {
            return denied(&partners, &user, &format!("/servicenow/{name}")).await;
        }
        let (title, html) = (text(&found, "title"), text(&found, "html"));
        return Ok(page(&Page { frame: frame("/servicenow"), title, html, script: name.replace(".do", ".js") }));
    }
    form(&partners, &user, name.trim_end_matches(".do"), &asked.sys_id, Vec::new()).await
}

async fn form(
    partners: &Partners,
    user: &str,
    table: &str,
    id: &str,
    notices: Vec<Status>,
) -> Result<Response, Failed> {
    let found = partners.servicenow.call("form", json!({ "user": user, "table": table, "id": id })).await?;
    let action = format!("/servicenow/{table}.do?sys_id={id}");
    if found.is_null() {
        return denied(partners, user, &action).await;
    }
    let field = |field: &Value| Field {
        choices: options(field.get("options"), &text(field, "value")),
        name: text(field, "name"),
        label: text(field, "label"),
        value: if is(field, "read_only") { text(field, "shown") } else { text(field, "value") },
        read_only: is(field, "read_only"),
    };
    let button = |button: &Value| Button {
        id: text(button, "id"),
        name: text(button, "name"),
        hint: text(button, "hint"),
        primary: is(button, "primary"),
    };
    let change = |change: &Value| format!("{}: {}", text(change, "label"), text(change, "value"));
    let entry = |entry: &Value| {
        let mut lines = all(entry, "changes", change);
        lines.extend(Some(text(entry, "note")).filter(|note| !note.is_empty()));
        Entry { at: text(entry, "at"), by: text(entry, "by"), text: lines.join("\n") }
    };
    let flow = found.get("flow").filter(|flow| !flow.is_null()).map(|flow| {
        let state = text(flow, "state");
        let tone = match state.as_str() {
            "complete" => "good",
            "error" => "bad",
            _ => "wait",
        };
        Status { tone, label: format!("Flow «{}»: {state}", text(flow, "name")) }
    });
    Ok(page(&Form {
        frame: frame("/servicenow"),
        acting: acting(&partners.servicenow, user, &action).await?,
        table: text(&found, "table"),
        id: text(&found, "id"),
        title: text(&found, "title"),
        number: text(&found, "number"),
        writable: is(&found, "writable"),
        fields: all(&found, "fields", field),
        buttons: all(&found, "buttons", button),
        scratchpad: found.get("scratchpad").map(Value::to_string).unwrap_or_default(),
        activity: all(&found, "activity", entry),
        opened: found.get("opened").map(|opened| text(opened, "at")).unwrap_or_default(),
        action,
        notices,
        flow,
    }))
}

async fn save(
    State(partners): Held,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    extract::Form(values): extract::Form<BTreeMap<String, String>>,
) -> Result<Response, Failed> {
    let user = user(&headers);
    let table = name.trim_end_matches(".do");
    let wanted = json!({ "user": user, "table": table, "id": asked.sys_id, "values": values });
    let saved = partners.servicenow.call("save", wanted).await?;
    let said = |message: &Value| Status { tone: "bad", label: message.as_str().unwrap_or_default().to_owned() };
    let mut notices = all(&saved, "messages", said);
    if is(&saved, "ok") {
        notices.push(Status { tone: "good", label: "Saved.".to_owned() });
    }
    form(&partners, &user, table, &asked.sys_id, notices).await
}

/// The scripts of a form (`incident.js`), or of a page of the application (`x_….js`).
async fn scripts(State(partners): Held, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Failed> {
    let name = name.trim_end_matches(".js");
    if name.starts_with("x_") {
        let wanted = json!({ "user": user(&headers), "endpoint": format!("{name}.do") });
        let found = partners.servicenow.call("page", wanted).await?;
        return Ok(javascript(text(&found, "script")));
    }
    let found = partners.servicenow.call("scripts", json!({ "table": name })).await?;
    Ok(javascript(found.as_str().unwrap_or_default().to_owned()))
}
