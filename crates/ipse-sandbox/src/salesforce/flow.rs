//! Runs a flow as its metadata says: the elements that the package's autolaunched flows are made of, and no others.
//! An interview that pauses waits for a platform event or an hour, whichever comes first; what it is woken by proves
//! nothing, which is why the flow asks the server.

use super::policy::{MARK, RESULT};
use super::{Inner, Row, Salesforce, package, policy, text, verifications};
use crate::Partners;
use crate::xml::Node;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// More elements than any flow of the package passes between two pauses.
const LONGEST: usize = 100;

/// A flow under way for one record.
pub(super) struct Interview {
    flow: &'static Node,
    user: String,
    pub(super) record: String,
    /// Variables, and the outputs of actions.
    values: BTreeMap<String, Value>,
    /// The element that is next.
    next: String,
    /// While it is paused: the request it waits for.
    pub(super) request_key: String,
    /// While it is paused: when it wakes by itself, in Unix seconds.
    pub(super) alarm: i64,
    /// How many events had been published when it last went on: one that came in the meantime is not missed.
    heard: usize,
}

/// What the interviewer cannot do.
struct Unknown(String);

fn unknown<T>(what: &str) -> Result<T, Unknown> {
    Err(Unknown(what.to_owned()))
}

impl Interview {
    fn new(flow: &'static Node, user: &str, record: &str) -> Result<Self, Unknown> {
        let mut values = BTreeMap::new();
        for variable in flow.all("variables") {
            let value = match variable.child("value") {
                Some(value) => literal(value)?,
                None => Value::Null,
            };
            values.insert(variable.said("name").to_owned(), value);
        }
        values.insert("recordId".to_owned(), json!(record));
        let next = flow.child("start").map(target).unwrap_or_default();
        let (user, record) = (user.to_owned(), record.to_owned());
        Ok(Self { flow, user, record, values, next, request_key: String::new(), alarm: 0, heard: 0 })
    }

    /// Goes on until it ends, or waits.
    async fn run(mut self, partners: &Arc<Partners>) -> Result<(), Unknown> {
        for _ in 0..LONGEST {
            if self.next.is_empty() {
                return Ok(());
            }
            let named = |node: &&Node| node.said("name") == self.next && node.name != "variables";
            let Some(element) = self.flow.children.iter().find(named) else {
                return unknown(&format!("there is no element {}", self.next));
            };
            match element.name.as_str() {
                "actionCalls" => {
                    let said = self.act(partners, element).await?;
                    self.values.insert(self.next.clone(), said);
                    self.next = target(element);
                }
                "assignments" => {
                    self.assign(element)?;
                    self.next = target(element);
                }
                "decisions" => self.next = self.decide(element)?,
                "recordUpdates" => {
                    let done = self.write(&partners.salesforce, element)?;
                    self.next = if done { target(element) } else { leads(element, "faultConnector") };
                }
                "waits" => {
                    self.pause(partners, element)?;
                    return Ok(());
                }
                other => return unknown(other),
            }
        }
        unknown("a circle")
    }

    async fn act(&self, partners: &Arc<Partners>, element: &Node) -> Result<Value, Unknown> {
        let mut given = BTreeMap::new();
        for input in element.all("inputParameters") {
            given.insert(input.said("name"), self.value(input.child("value"))?);
        }
        let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
        Ok(match element.said("actionName") {
            "IpseRequireStepUp" => verifications::require(partners, &self.user, text("policy"), text("recordId")).await,
            "IpseCheckVerification" => {
                let redeem = given.get("redeem") != Some(&json!(false));
                let deadline = text("deadline").parse::<Timestamp>().ok();
                verifications::check(&partners.salesforce, text("verificationRecordId"), redeem, deadline).await
            }
            other => return unknown(other),
        })
    }

    fn assign(&mut self, element: &Node) -> Result<(), Unknown> {
        for item in element.all("assignmentItems") {
            if item.said("operator") != "Assign" {
                return unknown(item.said("operator"));
            }
            let value = self.value(item.child("value"))?;
            match self.values.get_mut(item.said("assignToReference")) {
                Some(place) => *place = value,
                None => return unknown(item.said("assignToReference")),
            }
        }
        Ok(())
    }

    fn decide(&self, element: &Node) -> Result<String, Unknown> {
        for rule in element.all("rules") {
            let mut held = Vec::new();
            for condition in rule.all("conditions") {
                if condition.said("operator") != "EqualTo" {
                    return unknown(condition.said("operator"));
                }
                let left = self.referred(condition.said("leftValueReference"))?;
                held.push(left == self.value(condition.child("rightValue"))?);
            }
            let holds = match rule.said("conditionLogic") {
                "or" => held.contains(&true),
                "and" => !held.contains(&false),
                other => return unknown(other),
            };
            if holds {
                return Ok(target(rule));
            }
        }
        Ok(leads(element, "defaultConnector"))
    }

    /// Writes the record; false where something of the org refused.
    fn write(&self, salesforce: &Salesforce, element: &Node) -> Result<bool, Unknown> {
        let mut id = Value::Null;
        for filter in element.all("filters") {
            if (filter.said("field"), filter.said("operator")) != ("Id", "EqualTo") {
                return unknown(filter.said("field"));
            }
            id = self.value(filter.child("value"))?;
        }
        let mut fields = Row::new();
        for assignment in element.all("inputAssignments") {
            fields.insert(assignment.said("field").to_owned(), self.value(assignment.child("value"))?);
        }
        let id = id.as_str().unwrap_or_default();
        if super::object(id) != element.said("object") {
            return unknown(element.said("object"));
        }
        Ok(salesforce.with(|inner| inner.update(id, &fields)).is_ok())
    }

    fn pause(mut self, partners: &Arc<Partners>, element: &Node) -> Result<(), Unknown> {
        let salesforce = &partners.salesforce;
        let mut wakes = Vec::new();
        for event in element.all("waitEvents") {
            let mut given = BTreeMap::new();
            for input in event.all("inputParameters") {
                given.insert(input.said("name"), self.value(input.child("value"))?);
            }
            match event.said("eventType") {
                "Verification_Result__e" => {
                    let key = given.get("Request_Key__c").and_then(Value::as_str).unwrap_or_default();
                    self.request_key = key.to_owned();
                }
                "AlarmEvent" => {
                    let hours = given.get("TimeOffset").and_then(Value::as_i64).unwrap_or_default();
                    if given.get("TimeOffsetUnit") != Some(&json!("Hours")) || hours <= 0 {
                        return unknown("an alarm in other units");
                    }
                    let now = salesforce.with(|inner| inner.now());
                    self.alarm = now.saturating_add(hours.saturating_mul(3600));
                }
                other => return unknown(other),
            }
            wakes.push(target(event));
        }
        wakes.dedup();
        let [next] = wakes.as_slice() else { return unknown("events that lead elsewhere") };
        self.next.clone_from(next);
        let alarm = self.alarm;
        let missed = salesforce.with(|inner| {
            let is_missed = inner.requests_since(self.heard).contains(&self.request_key);
            inner.interviews += 1;
            inner.paused.insert(inner.interviews, self);
            inner.tell_change();
            is_missed.then_some(inner.interviews)
        });
        if let Some(number) = missed {
            salesforce.resume(|inner| inner.paused.remove(&number).into_iter().collect());
        }
        let partners = Arc::downgrade(partners);
        tokio::spawn(async move {
            let left = alarm.saturating_sub(crate::now().as_second());
            tokio::time::sleep(SignedDuration::from_secs(left).unsigned_abs()).await;
            if let Some(partners) = partners.upgrade() {
                partners.salesforce.wake(|interview, now| interview.alarm <= now);
            }
        });
        Ok(())
    }

    /// A value: words, or what a reference leads to.
    fn value(&self, node: Option<&Node>) -> Result<Value, Unknown> {
        match node.and_then(|node| node.child("elementReference")) {
            Some(reference) => self.referred(reference.text.trim()),
            None => node.map_or_else(|| unknown("no value"), literal),
        }
    }

    fn referred(&self, reference: &str) -> Result<Value, Unknown> {
        if reference == "$Flow.CurrentDateTime" {
            // Read where an alarm is set, which takes the time itself.
            return Ok(Value::Null);
        }
        let (name, field) = reference.split_once('.').map_or((reference, None), |(name, field)| (name, Some(field)));
        let Some(value) = self.values.get(name) else { return unknown(reference) };
        Ok(match field {
            Some(field) => value.get(field).cloned().unwrap_or_default(),
            None => value.clone(),
        })
    }
}

fn literal(value: &Node) -> Result<Value, Unknown> {
    let [one] = value.children.as_slice() else { return unknown("a value of several") };
    let text = one.text.trim();
    match one.name.as_str() {
        "stringValue" => Ok(json!(text)),
        "booleanValue" => Ok(json!(text == "true")),
        #[allow(clippy::cast_possible_truncation, reason = "whole hours")]
        "numberValue" => Ok(json!(text.parse::<f64>().unwrap_or_default() as i64)),
        other => unknown(other),
    }
}

/// Where an element leads; empty where it is the last.
fn target(element: &Node) -> String {
    leads(element, "connector")
}

fn leads(element: &Node, by: &str) -> String {
    element.child(by).map(|connector| connector.said("targetReference").to_owned()).unwrap_or_default()
}

impl Inner {
    /// The requests that events were about which were published after so many others.
    pub(super) fn requests_since(&self, before: usize) -> Vec<String> {
        let later = self.events.iter().skip(before);
        later.map(|published| text(&published.event, "Request_Key__c").to_owned()).collect()
    }

    /// The flow that a record asks for now (`Ipse_Opportunity_Asked`, `IpseStartStepUp`), if this change asks for one.
    fn asked(&self, old: &Row, new: &Row) -> Option<&'static Node> {
        let changed = [MARK, RESULT].into_iter().any(|field| text(old, field) != text(new, field));
        let policy = self.policy(text(new, MARK)).filter(|policy| policy::is_active(policy))?;
        package::flow(text(policy, "Flow__c")).filter(|_| changed && text(new, RESULT).is_empty())
    }
}

impl Salesforce {
    /// Saves what somebody changed on a record, and starts the flow that it asks for.
    pub(super) fn save(&self, as_user: &str, id: &str, fields: &Row) -> Result<(), String> {
        let asked = self.with(|inner| {
            let old = inner.objects.get(id).cloned().unwrap_or_default();
            inner.update(id, fields)?;
            let new = inner.objects.get(id).cloned().unwrap_or_default();
            Ok::<_, String>(inner.asked(&old, &new).map(|flow| Interview::new(flow, as_user, id)))
        })?;
        match asked {
            Some(Ok(interview)) => self.resume(|_| vec![interview]),
            Some(Err(unknown)) => self.with(|inner| inner.errors.push(unknown.0)),
            None => {}
        }
        Ok(())
    }

    /// Wakes the paused interviews for which this holds, given the time there.
    pub(super) fn wake(&self, holds: impl Fn(&Interview, i64) -> bool) {
        self.resume(|inner| {
            let now = inner.now();
            let woken: Vec<u64> =
                inner.paused.iter().filter(|(_, one)| holds(one, now)).map(|(number, _)| *number).collect();
            woken.into_iter().filter_map(|number| inner.paused.remove(&number)).collect()
        });
    }

    /// Lets interviews go on, each behind whatever let it.
    fn resume(&self, which: impl FnOnce(&mut Inner) -> Vec<Interview>) {
        let (interviews, heard, partners) =
            self.with(|inner| (which(inner), inner.events.len(), inner.partners.upgrade()));
        let Some(partners) = partners else { return };
        for mut interview in interviews {
            interview.heard = heard;
            let partners = partners.clone();
            tokio::spawn(async move {
                if let Err(unknown) = interview.run(&partners).await {
                    partners.salesforce.with(|inner| inner.errors.push(unknown.0));
                }
                partners.salesforce.with(|inner| inner.tell_change());
            });
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::xml;

    const ID: &str = "006000000000001AAA";

    /// Runs the shipped flow with something in it changed, for a transfer that needs no step-up.
    async fn run(from: &str, to: &str) -> (Result<(), String>, String) {
        let shipped = package::shipped!("flows/Ipse_FS_Transfer.flow-meta.xml");
        assert!(shipped.contains(from), "{from}");
        let flow: &'static Node = Box::leak(Box::new(xml::parse(&shipped.replace(from, to)).unwrap()));
        let partners = Arc::new(Partners::default());
        let record =
            json!({ "Id": ID, "Amount": 10.0, "StageName": "Prospecting", "ContactId": super::super::contact(0) });
        partners.salesforce.with(|inner| {
            inner.objects.insert(ID.to_owned(), record.as_object().unwrap().clone());
            for policy in &mut inner.policies {
                policy.insert("Active__c".to_owned(), json!(true));
            }
        });
        let ended = match Interview::new(flow, "005000000000002AAA", ID) {
            Ok(interview) => interview.run(&partners).await.map_err(|unknown| unknown.0),
            Err(unknown) => Err(unknown.0),
        };
        let stage = partners.salesforce.record(ID).unwrap();
        (ended, text(&stage, "StageName").to_owned())
    }

    #[tokio::test]
    async fn the_shipped_flow_is_run_and_nothing_is_guessed() {
        assert_eq!(run("Closed Won", "Closed Won").await, (Ok(()), "Closed Won".to_owned()));
        for (from, to) in [
            ("<operator>EqualTo</operator>", "<operator>NotEqualTo</operator>"),
            ("<conditionLogic>or</conditionLogic>", "<conditionLogic>1 AND 2</conditionLogic>"),
            ("IpseRequireStepUp</actionName>", "IpseOther</actionName>"),
            ("<targetReference>Is_It_Needed</targetReference>", "<targetReference>Gone</targetReference>"),
            ("recordUpdates>", "recordDeletes>"),
            ("<object>Opportunity</object>", "<object>Account</object>"),
            ("<elementReference>recordId</elementReference>", "<elementReference>nobody</elementReference>"),
            ("<targetReference>Remember_Success</targetReference>", "<targetReference>Carry_Out</targetReference>"),
        ] {
            let (ended, stage) = run(from, to).await;
            assert!(ended.is_err(), "{from} → {to}: {stage}");
        }
        // Where the policy is not what the flow asks for, it stops.
        let (ended, stage) = run("<stringValue>Large_Transfer</stringValue>", "<stringValue>None</stringValue>").await;
        assert_eq!((ended, stage.as_str()), (Ok(()), "Prospecting"));
    }
}
