//! What other systems and browsers call on an instance: Scripted REST, the Table API, `GlideAjax`.

use super::{Failed, pages};
use crate::Partners;
use crate::pages::Held;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/api/now/table/{table}", any(table_list))
        .route("/api/now/table/{table}/{id}", any(table_record))
        .route("/api/{*rest}", any(scripted))
        .route("/servicenow/xmlhttp.do", post(ajax))
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0).into_response()
    }
}

/// A door's `{ status, body }`.
fn answered(answer: &Value) -> Response {
    let status = answer.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status =
        status.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = answer.get("body").and_then(Value::as_str).unwrap_or_default().to_owned();
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn scripted(
    State(partners): Held,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Failed> {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: BTreeMap<String, String> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let request = json!({ "method": method.as_str(), "uri": uri.path(), "headers": headers, "body": body });
    Ok(answered(&partners.servicenow.call("rest", request).await?))
}

/// The name before the colon; the sandbox asks nobody for a password.
fn basic(headers: &HeaderMap) -> String {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pair = given.and_then(|value| value.strip_prefix("Basic ")).and_then(|pair| STANDARD.decode(pair).ok());
    let pair = pair.and_then(|pair| String::from_utf8(pair).ok()).unwrap_or_default();
    pair.split(':').next().unwrap_or_default().to_owned()
}

async fn table_list(
    held: Held,
    Path(table): Path<String>,
    method: Method,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Failed> {
    table_record(held, Path((table, String::new())), method, headers, body).await
}

async fn table_record(
    State(partners): Held,
    Path((table, id)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
    body: String,
) -> Result<Response, Failed> {
    let Ok(values) = serde_json::from_str::<Map<String, Value>>(if body.is_empty() { "{}" } else { &body }) else {
        return Ok(StatusCode::BAD_REQUEST.into_response());
    };
    let request = json!({
        "user": basic(&headers), "method": method.as_str(), "table": table, "id": id, "values": values,
    });
    Ok(answered(&partners.servicenow.call("table", request).await?))
}

async fn ajax(
    State(partners): Held,
    headers: HeaderMap,
    Form(parameters): Form<BTreeMap<String, String>>,
) -> Result<Response, Failed> {
    let request = json!({ "user": pages::user(&headers), "parameters": parameters });
    let answer = partners.servicenow.call("ajax", request).await?;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><xml");
    if let Some(answer) = answer.as_str() {
        // Line ends in an attribute are lost unless they are written as references.
        let answer = quick_xml::escape::escape(answer).replace('\n', "&#10;");
        xml.push_str(&format!(" answer=\"{answer}\""));
    }
    xml.push_str("/>");
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response())
}
