//! What the component on a record page asks of the org (`IpseStatusController`): its five methods.

use super::callout::{Answer, belongs};
use super::verifications::{Wanted, open};
use super::{Inner, Row, is_running, object, package, request_key, text, trigger, user};
use crate::Partners;
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;

const MOST_ROWS: usize = 10;
const MOST_ASKED: usize = 5;

/// Answers a method; the error is a code for which the component has a sentence.
pub(super) async fn call(partners: &Arc<Partners>, as_user: &str, method: &str, given: &Row) -> Result<Value, String> {
    let (id, row) = (text(given, "recordId"), text(given, "verificationRecordId"));
    match method {
        "status" => partners.salesforce.with(|inner| inner.status(as_user, id)),
        "start" => start(partners, as_user, id, given).await,
        "resend" => act(partners, as_user, row, "/resend-link").await,
        "cancel" => act(partners, as_user, row, "/cancel").await,
        "refresh" => refresh(partners, id).await,
        _ => Err("no_such_method".to_owned()),
    }
}

impl Inner {
    fn status(&self, as_user: &str, id: &str) -> Result<Value, String> {
        self.require_access(id)?;
        let rows: Vec<Value> = self.about(id).iter().map(|record| self.row(record)).collect();
        Ok(json!({ "mayAct": user(as_user).may_request, "rows": rows }))
    }

    fn require_access(&self, id: &str) -> Result<(), String> {
        // Everybody may see every record here.
        if self.objects.contains_key(id) { Ok(()) } else { Err("no_access".to_owned()) }
    }

    /// The verifications about a record, newest first.
    fn about(&self, id: &str) -> Vec<Row> {
        let is_about = |record: &&Row| {
            ["Related_Record_Id__c", "Person_Record_Id__c"].into_iter().any(|field| text(record, field) == id)
        };
        self.records.values().rev().filter(is_about).take(MOST_ROWS).cloned().collect()
    }

    fn row(&self, record: &Row) -> Value {
        let status = text(record, "Status__c");
        json!({
            "id": record.get("Id"),
            "name": record.get("Name"),
            "verificationId": record.get("Verification_Id__c"),
            "status": status,
            "decision": record.get("Decision__c"),
            "reasons": record.get("Reasons__c"),
            "purpose": record.get("Purpose__c"),
            "problem": record.get("Problem__c"),
            "assurance": record.get("Assurance__c"),
            "createdAt": record.get("CreatedDate"),
            "finishedAt": record.get("Finished_At__c"),
            "validUntil": record.get("Valid_Until__c"),
            "usedAt": record.get("Used_At__c"),
            "isRunning": is_running(status),
            "isValid": self.is_valid(record) && !record.contains_key("Used_At__c"),
        })
    }

    /// The person on a record: itself, or the contact of an opportunity.
    fn person(&self, id: &str) -> String {
        if object(id) == "Contact" {
            return id.to_owned();
        }
        self.objects.get(id).map(|record| text(record, "ContactId").to_owned()).unwrap_or_default()
    }
}

fn require_permission(as_user: &str) -> Result<(), String> {
    if user(as_user).may_request { Ok(()) } else { Err("not_permitted".to_owned()) }
}

async fn start(partners: &Arc<Partners>, as_user: &str, id: &str, given: &Row) -> Result<Value, String> {
    require_permission(as_user)?;
    let wanted = partners.salesforce.with(|inner| {
        inner.require_access(id)?;
        let delivery = match text(given, "delivery") {
            "" => text(&inner.setting, "Delivery__c"),
            chosen => chosen,
        };
        Ok::<_, String>(Wanted {
            person: inner.person(id),
            related: id.to_owned(),
            journey: text(&inner.setting, "Journey__c").to_owned(),
            purpose: package::label("Ipse_Purpose"),
            delivery: delivery.to_owned(),
            ..Wanted::default()
        })
    })?;
    let opened = open(partners, as_user, wanted).await;
    if opened.outcome == "failed" {
        return Err(opened.code);
    }
    Ok(json!({ "outcome": opened.outcome, "link": opened.link }))
}

async fn act(partners: &Arc<Partners>, as_user: &str, row: &str, action: &str) -> Result<Value, String> {
    require_permission(as_user)?;
    let record = partners.salesforce.with(|inner| inner.records.get(row).cloned()).ok_or("not_found")?;
    if !is_running(text(&record, "Status__c")) {
        return Err("wrong_state".to_owned());
    }
    let key = request_key().ok_or("limit_reached")?;
    let key = (action == "/resend-link").then_some(key);
    let id = text(&record, "Verification_Id__c");
    let answer = partners.salesforce.on_one(Method::POST, id, action, key.as_deref()).await;
    if !answer.ok {
        return Err(answer.code);
    }
    take(partners, &record, &answer);
    Ok(Value::Null)
}

/// Asks the server about what still runs: for pages that receive no events.
async fn refresh(partners: &Arc<Partners>, id: &str) -> Result<Value, String> {
    let running = partners.salesforce.with(|inner| {
        inner.require_access(id)?;
        let asks = |record: &Row| is_running(text(record, "Status__c")) && record.contains_key("Verification_Id__c");
        Ok::<_, String>(inner.about(id).into_iter().filter(asks).take(MOST_ASKED).collect::<Vec<_>>())
    })?;
    for record in running {
        let id = text(&record, "Verification_Id__c");
        let answer = partners.salesforce.on_one(Method::GET, id, "", None).await;
        if answer.ok && answer.text("status") != text(&record, "Status__c") {
            take(partners, &record, &answer);
        }
    }
    Ok(Value::Null)
}

fn take(partners: &Arc<Partners>, record: &Row, answer: &Answer) {
    if let Some(told) = partners.salesforce.result(answer).filter(|_| belongs(answer, record)) {
        partners.salesforce.with(|inner| trigger::apply(inner, &told));
    }
}
