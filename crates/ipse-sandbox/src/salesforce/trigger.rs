//! What the package's trigger does with an event (`IpseResults`): the record of the verification, and one completed Task
//! once it has ended. An end is final, and what is older than what was taken changes nothing.

use super::{Effect, Inner, ORG, Published, receipt, text};
use serde_json::{Map, Value, json};

/// Where the ids of objects begin, by which their type is known.
const CONTACT: &str = "003";
const LEAD: &str = "00Q";
const RELATED: [&str; 3] = ["001", "006", "500"];

/// Takes an event.
pub(super) fn run(inner: &mut Inner, event: Map<String, Value>) {
    let effect = if !receipt::holds(&event, &inner.keys, ORG, inner.now()) {
        Effect::Dropped
    } else if write(inner, &event) {
        Effect::Written
    } else {
        Effect::Known
    };
    inner.events.push(Published { event, effect });
}

fn write(inner: &mut Inner, event: &Map<String, Value>) -> bool {
    let (id, status) = (text(event, "Verification_Id__c"), text(event, "Status__c"));
    let is_test = status == "test";
    let sequence = |of: &Map<String, Value>| of.get("Sequence__c").and_then(Value::as_i64);
    if let Some(known) = inner.records.get(id)
        && !is_test
        && (sequence(event) <= sequence(known) || receipt::decision(text(known, "Status__c")).is_some())
    {
        return false;
    }
    let mut record = event.clone();
    for (field, instead) in [("Event_Id__c", "Last_Event_Id__c"), ("Occurred_At__c", "Finished_At__c")] {
        if let Some(value) = record.remove(field) {
            record.insert(instead.to_owned(), value);
        }
    }
    for field in ["attributes", "Result_Token__c"] {
        record.remove(field);
    }
    let number = inner.records.len();
    record.insert("Id".to_owned(), json!(format!("a00{number:0>12}AAA")));
    if !is_test {
        let task = activity(&record, inner.tasks.len());
        record.insert("Audit_Task_Id__c".to_owned(), json!(text(&task, "Id")));
        inner.tasks.push(task);
    }
    inner.records.insert(id.to_owned(), record);
    true
}

fn activity(record: &Map<String, Value>, number: usize) -> Map<String, Value> {
    let mut task = Map::new();
    let mut say = |name: &str, value: &str| task.insert(name.to_owned(), json!(value));
    let told = |field: &str| match record.get(field) {
        None => "–".to_owned(),
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
