//! What the package's trigger does with an event (`IpseResults`): the record of the verification, and one completed Task
//! once it has ended. An end is final, and what is older than what was taken changes nothing. An answer of the server is
//! written the same way.

use super::{Effect, Inner, ORG, Published, Row, receipt, text};
use serde_json::{Value, json};

/// Where the ids of objects begin, by which their type is known.
pub(super) const CONTACT: &str = "003";
const LEAD: &str = "00Q";
const RELATED: [&str; 3] = ["001", "006", "500"];

/// Takes an event.
pub(super) fn run(inner: &mut Inner, event: Row) {
    let effect = if !receipt::holds(&event, &inner.keys, ORG, inner.now()) {
        Effect::Dropped
    } else if apply(inner, &event) {
        Effect::Written
    } else {
        Effect::Known
    };
    inner.events.push(Published { event, effect });
}

/// Writes a result into the record it is for, by verification or by request; whether that changed anything.
pub(super) fn apply(inner: &mut Inner, result: &Row) -> bool {
    let (id, key) = (text(result, "Verification_Id__c"), text(result, "Request_Key__c"));
    let known = inner.known.get(id).or_else(|| inner.known.get(key).filter(|_| !key.is_empty())).cloned();
    let mut record = match known.as_ref().and_then(|known| inner.records.get(known)) {
        Some(record) => record.clone(),
        None => inner.draft(key),
    };
    if !take(&mut record, result, known.is_none()) {
        return false;
    }
    let is_over = record.contains_key("Decision__c") && text(&record, "Status__c") != "test";
    if is_over && !record.contains_key("Audit_Task_Id__c") {
        let task = activity(&record, inner.tasks.len());
        record.insert("Audit_Task_Id__c".to_owned(), json!(text(&task, "Id")));
        inner.tasks.push(task);
    }
    inner.store(record);
    true
}

fn take(record: &mut Row, result: &Row, is_new: bool) -> bool {
    let sequence = |of: &Row| of.get("Sequence__c").and_then(Value::as_i64);
    let is_test = text(result, "Status__c") == "test";
    let differs = |field: &str| {
        let (own, told) = (text(record, field), text(result, field));
        !own.is_empty() && !told.is_empty() && own != told
    };
    let is_old = matches!((sequence(result), sequence(record)), (Some(new), Some(known)) if new <= known);
    let is_over = receipt::decision(text(record, "Status__c")).is_some();
    if differs("Verification_Id__c")
        || (!is_test && (is_old || is_over))
        || differs("Operation__c")
        || differs("Policy__c")
    {
        return false;
    }
    let decision = text(result, "Decision__c").to_owned();
    let mut set = |field: &str, value: Option<&Value>| match value.filter(|value| !value.is_null()) {
        Some(value) => record.insert(field.to_owned(), value.clone()),
        None => record.remove(field),
    };
    let fields = ["Verification_Id__c", "Status__c", "Decision__c", "Reasons__c", "Assurance__c", "Method__c"];
    for field in fields.into_iter().chain(["Subject_Key__c", "Receipt_Url__c"]) {
        set(field, result.get(field));
    }
    set("Valid_Until__c", result.get("Valid_Until__c").filter(|_| decision == "approved"));
    set("Finished_At__c", result.get("Occurred_At__c").filter(|_| !decision.is_empty()));
    if sequence(result).is_some() {
        set("Sequence__c", result.get("Sequence__c"));
        set("Last_Event_Id__c", result.get("Event_Id__c"));
        let mut told = vec!["Journey__c", "Policy__c", "Operation__c"];
        if is_new && !is_test {
            told.extend(["Related_Record_Id__c", "Person_Record_Id__c"]);
        }
        for field in told {
            let value = result.get(field).filter(|value| value.as_str().is_some_and(|text| !text.is_empty()));
            if value.is_some() {
                set(field, value);
            }
        }
    }
    true
}

fn activity(record: &Row, number: usize) -> Row {
    let mut task = Row::new();
    let mut say = |name: &str, value: &str| task.insert(name.to_owned(), json!(value));
    let told = |field: &str| match record.get(field) {
        None => "–".to_owned(),
        Some(Value::String(text)) if text.is_empty() => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    say("Id", &format!("00T{number:0>12}AAA"));
    say("Subject", &format!("Identity verification: {}", told("Decision__c")));
    say("Status", "Completed");
    say("ActivityDate", told("Finished_At__c").get(..10).unwrap_or_default());
    let lines = [
        ("Outcome", format!("{} ({})", told("Decision__c"), told("Status__c"))),
        ("Reasons", told("Reasons__c")),
        ("Assurance", told("Assurance__c")),
        ("Method", told("Method__c")),
        ("Journey", told("Journey__c")),
        ("Policy", told("Policy__c")),
        ("Time", told("Finished_At__c")),
        ("Verification", told("Verification_Id__c")),
        ("Receipt", told("Receipt_Url__c")),
    ];
    say("Description", &lines.map(|(label, value)| format!("{label}: {value}")).join("\n"));
    let (related, person) = (text(record, "Related_Record_Id__c"), text(record, "Person_Record_Id__c"));
    if person.starts_with(CONTACT) || person.starts_with(LEAD) {
        say("WhoId", person);
    }
    // With a lead a Task may be about nothing else.
    if !person.starts_with(LEAD) {
        let fits = RELATED.iter().any(|kind| related.starts_with(kind));
        say("WhatId", if fits { related } else { text(record, "Id") });
    }
    task
}
