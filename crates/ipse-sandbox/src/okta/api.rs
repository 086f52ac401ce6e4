//! The management API on the wire: who may, how much, page by page, and refusals in Okta's words.

use super::log::Logged;
use super::management::{Disturbance, Management, Refusal, shown};
use crate::Partners;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// How many objects a page has where nobody asks for fewer; small, so that everybody meets a second page.
const PAGE: usize = 2;

type Asked = Query<BTreeMap<String, String>>;

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/api/v1/idps", get(list_idps).post(create_idp))
        .route("/api/v1/idps/{id}", get(show_idp).put(replace_idp).delete(delete_idp))
        .route("/api/v1/idps/{id}/lifecycle/{what}", post(idp_lifecycle))
        .route("/api/v1/policies", get(list_policies))
        .route("/api/v1/policies/{policy}/rules", get(list_rules).post(create_rule))
        .route("/api/v1/policies/{policy}/rules/{id}", get(show_rule).put(replace_rule).delete(delete_rule))
        .route("/api/v1/groups", get(list_groups))
        .route("/api/v1/mappings", get(list_mappings))
        .route("/api/v1/mappings/{id}", get(show_mapping).post(change_mapping))
        .route("/api/v1/logs", get(list_logs))
}

/// A request.
struct Call {
    partners: Arc<Partners>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<Partners>> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, partners: &Arc<Partners>) -> Result<Self, Infallible> {
        Ok(Self {
            partners: partners.clone(),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
        })
    }
}

impl Call {
    /// Answers, if the caller may ask and nothing goes wrong that was meant to.
    fn answer(&self, work: impl FnOnce(&mut Management) -> Result<(StatusCode, Value), Refusal>) -> Response {
        let answered = self.partners.okta.with(|inner| {
            let given = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
            let management = &mut inner.management;
            let known = !management.token.is_empty() && given == Some(format!("SSWS {}", management.token).as_str());
            if !known {
                return Err(Refusal::new(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided"));
            }
            if self.method != Method::GET {
                management.changes.push(format!("{} {}", self.method, self.uri.path()));
            }
            let fits = |disturbance: &Disturbance| {
                disturbance.method == self.method && self.uri.path().starts_with(&disturbance.path)
            };
            if let Some(place) = management.disturbances.iter().position(fits) {
                return Err(Refusal::of(management.disturbances.remove(place).status));
            }
            work(management)
        });
        match answered {
            Ok((StatusCode::NO_CONTENT, _)) => StatusCode::NO_CONTENT.into_response(),
            Ok((status, body)) => (status, axum::Json(body)).into_response(),
            Err(refusal) => {
                let mut response = (refusal.status, axum::Json(refusal.body())).into_response();
                if refusal.status == StatusCode::TOO_MANY_REQUESTS {
                    let reset = (crate::now().as_second() + 1).to_string();
                    for (name, value) in
                        [("x-rate-limit-limit", "50"), ("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", &reset)]
                    {
                        if let Ok(value) = value.parse() {
                            response.headers_mut().insert(name, value);
                        }
                    }
                }
                response
            }
        }
    }

    /// Answers with one page of a list, and a link to the next.
    fn page(
        &self,
        asked: &BTreeMap<String, String>,
        work: impl FnOnce(&mut Management) -> Result<Vec<Value>, Refusal>,
    ) -> Response {
        let number = |name: &str| asked.get(name).and_then(|value| value.parse::<usize>().ok());
        let (after, limit) = (number("after").unwrap_or(0), number("limit").unwrap_or(PAGE).clamp(1, PAGE));
        let mut more = false;
        let mut response = self.answer(|management| {
            let all = work(management)?;
            more = all.len() > after + limit;
            let page: Vec<Value> = all.into_iter().skip(after).take(limit).collect();
            Ok((StatusCode::OK, Value::Array(page)))
        });
        if more {
            let org = self.partners.okta.with(|inner| inner.org.clone());
            let kept =
                asked.iter().filter(|(name, _)| *name != "after").map(|(name, value)| (name.as_str(), value.as_str()));
            let place = (after + limit).to_string();
            let query: Vec<(&str, &str)> = kept.chain([("after", place.as_str())]).collect();
            let next = reqwest::Url::parse_with_params(&format!("{org}{}", self.uri.path()), query);
            if let Some(link) = next.ok().and_then(|next| format!("<{next}>; rel=\"next\"").parse().ok()) {
                response.headers_mut().append(header::LINK, link);
            }
        }
        response
    }
}

fn read(body: &Bytes) -> Result<Value, Refusal> {
    let value = serde_json::from_slice(body).ok().filter(Value::is_object);
    value.ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "E0000003", "The request body was not well-formed."))
}

fn one(found: Option<&Value>, what: &str) -> Result<(StatusCode, Value), Refusal> {
    found.map(|found| (StatusCode::OK, shown(found))).ok_or_else(|| Refusal::not_found(what))
}

fn with_id<'v>(all: &'v [Value], id: &str) -> Option<&'v Value> {
    all.iter().find(|known| known.get("id").and_then(Value::as_str) == Some(id))
}

async fn list_idps(call: Call, Query(asked): Asked) -> Response {
    call.page(&asked, |management| {
        let fits = |idp: &&Value| {
            let is = |member: &str, wanted: &str| {
                idp.get(member).and_then(Value::as_str).is_some_and(|value| value.starts_with(wanted))
            };
            asked.get("type").is_none_or(|wanted| is("type", wanted)) && asked.get("q").is_none_or(|q| is("name", q))
        };
        Ok(management.idps.iter().filter(fits).map(shown).collect())
    })
}

async fn create_idp(call: Call, body: Bytes) -> Response {
    call.answer(|management| Ok((StatusCode::OK, management.create_idp(read(&body)?)?)))
}

async fn show_idp(call: Call, Path(id): Path<String>) -> Response {
    call.answer(|management| one(with_id(&management.idps, &id), &format!("{id} (IdentityProvider)")))
}

async fn replace_idp(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    call.answer(|management| Ok((StatusCode::OK, management.replace_idp(&id, read(&body)?)?)))
}

async fn delete_idp(call: Call, Path(id): Path<String>) -> Response {
    call.answer(|management| management.delete_idp(&id).map(|()| (StatusCode::NO_CONTENT, Value::Null)))
}

async fn idp_lifecycle(call: Call, Path((id, what)): Path<(String, String)>) -> Response {
    call.answer(|management| {
        let status = match what.as_str() {
            "activate" => "ACTIVE",
            "deactivate" => "INACTIVE",
            _ => return Err(Refusal::not_found(&what)),
        };
        Ok((StatusCode::OK, management.idp_status(&id, status)?))
    })
}

async fn list_policies(call: Call, Query(asked): Asked) -> Response {
    call.page(&asked, |management| {
        let wanted = asked.get("type").ok_or_else(|| Refusal::of(StatusCode::BAD_REQUEST))?;
        let fits = |policy: &&Value| policy.get("type").and_then(Value::as_str) == Some(wanted);
        Ok(management.policies.iter().filter(fits).map(shown).collect())
    })
}

async fn list_rules(call: Call, Path(policy): Path<String>, Query(asked): Asked) -> Response {
    call.page(&asked, |management| management.rules_of(&policy))
}

async fn create_rule(call: Call, Path(policy): Path<String>, body: Bytes) -> Response {
    call.answer(|management| Ok((StatusCode::OK, management.create_rule(&policy, read(&body)?)?)))
}

async fn show_rule(call: Call, Path((policy, id)): Path<(String, String)>) -> Response {
    call.answer(|management| one(with_id(&management.rules_of(&policy)?, &id), &format!("{id} (PolicyRule)")))
}

async fn replace_rule(call: Call, Path((policy, id)): Path<(String, String)>, body: Bytes) -> Response {
    call.answer(|management| Ok((StatusCode::OK, management.replace_rule(&policy, &id, read(&body)?)?)))
}

async fn delete_rule(call: Call, Path((policy, id)): Path<(String, String)>) -> Response {
    call.answer(|management| management.delete_rule(&policy, &id).map(|()| (StatusCode::NO_CONTENT, Value::Null)))
}

async fn list_groups(call: Call, Query(asked): Asked) -> Response {
    call.page(&asked, |management| {
        let name =
            |group: &Value| group.pointer("/profile/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let fits = |group: &&Value| asked.get("q").is_none_or(|q| name(group).starts_with(q.as_str()));
        Ok(management.groups.iter().filter(fits).cloned().collect())
    })
}

async fn list_mappings(call: Call, Query(asked): Asked) -> Response {
    call.page(&asked, |management| {
        let target = asked.get("targetId");
        let fits = |mapping: &&Value| {
            target.is_none_or(|target| mapping.pointer("/target/id").and_then(Value::as_str) == Some(target))
        };
        // What is mapped is only said of one.
        let brief =
            |mapping: &Value| json!({ "id": mapping["id"], "source": mapping["source"], "target": mapping["target"] });
        Ok(management.mappings.iter().filter(fits).map(brief).collect())
    })
}

async fn show_mapping(call: Call, Path(id): Path<String>) -> Response {
    call.answer(|management| one(with_id(&management.mappings, &id), &format!("{id} (ProfileMapping)")))
}

async fn change_mapping(call: Call, Path(id): Path<String>, body: Bytes) -> Response {
    call.answer(|management| Ok((StatusCode::OK, management.change_mapping(&id, &read(&body)?)?)))
}

async fn list_logs(call: Call, Query(asked): Asked) -> Response {
    let events = call.partners.okta.log();
    call.page(&asked, |_| {
        let wanted = match asked.get("filter") {
            None => None,
            Some(filter) => {
                let quoted = filter.strip_prefix("eventType eq \"").and_then(|rest| rest.strip_suffix('"'));
                Some(
                    quoted
                        .ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "E0000031", "Invalid search criteria."))?,
                )
            }
        };
        let since = asked.get("since").and_then(|since| since.parse::<jiff::Timestamp>().ok());
        let fits = |event: &&Logged| {
            wanted.is_none_or(|wanted| event.event_type == wanted) && since.is_none_or(|since| event.at >= since)
        };
        Ok(events.iter().filter(fits).map(Logged::event).collect())
    })
}
