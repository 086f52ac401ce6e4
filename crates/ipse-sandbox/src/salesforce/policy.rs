//! What a policy means for a record (`IpsePolicies`), and what it holds back there (`IpseGate`).

use super::{Inner, Row, package, text};
use aws_lc_rs::digest;
use serde_json::{Value, json};

/// How long after the server confirmed it a success may release its operation, in seconds.
const RELEASE_SECONDS: i64 = 600;
/// Which policy a record asks for.
pub(super) const MARK: &str = "Ipse_Step_Up__c";
/// What came of it.
pub(super) const RESULT: &str = "Ipse_Step_Up_Result__c";

/// What a policy finds when it looks at a record.
#[derive(Default)]
pub(super) struct Finding {
    /// Why nothing can be found; empty where it could.
    pub(super) code: &'static str,
    pub(super) is_required: bool,
    pub(super) person: String,
    /// Digest of policy, record, person and amount.
    pub(super) operation: String,
}

pub(super) fn is_active(policy: &Row) -> bool {
    policy.get("Active__c") == Some(&json!(true))
}

pub(super) fn number(of: &Row, field: &str) -> Option<f64> {
    of.get(field).and_then(Value::as_f64)
}

/// Looks at a record. What cannot be decided is an error, never a release.
pub(super) fn look(policy: &Row, record: &Row) -> Finding {
    let incomplete = || Finding { code: "policy_incomplete", ..Finding::default() };
    let field = text(policy, "Field__c");
    let amount = number(record, field);
    let mut is_required = match (text(policy, "Operator__c"), number(policy, "Threshold__c")) {
        ("always", _) => true,
        ("greater_or_equal", Some(least)) if !field.is_empty() => amount.is_some_and(|amount| amount >= least),
        ("greater", Some(least)) if !field.is_empty() => amount.is_some_and(|amount| amount > least),
        _ => return incomplete(),
    };
    let matched = text(policy, "Match_Field__c");
    if !matched.is_empty() && text(record, matched) != text(policy, "Match_Value__c") {
        is_required = false;
    }
    if !is_required {
        return Finding::default();
    }
    let person = text(record, text(policy, "Person_Field__c")).to_owned();
    let code = if person.is_empty() { "person_missing" } else { "" };
    let operation = operation(text(policy, "DeveloperName"), text(record, "Id"), &person, amount);
    Finding { code, is_required, person, operation }
}

/// SHA-256 over the lines ipse-operation-1, policy, record, person, amount with two decimals; in hexadecimal.
fn operation(policy: &str, record: &str, person: &str, amount: Option<f64>) -> String {
    let amount = amount.map(|amount| format!("{amount:.2}")).unwrap_or_default();
    let lines = ["ipse-operation-1", policy, record, person, &amount].join("\n");
    let hash = digest::digest(&digest::SHA256, lines.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Inner {
    pub(super) fn policy(&self, name: &str) -> Option<&Row> {
        self.policies.iter().find(|policy| text(policy, "DeveloperName") == name)
    }

    /// The newest success of somebody that is as recent and as strong as a policy accepts.
    pub(super) fn recent(&self, policy: &Row, person: &str) -> Option<&Row> {
        #[allow(clippy::cast_possible_truncation, reason = "minutes of at most a few years")]
        let minutes = number(policy, "Max_Age_Minutes__c").unwrap_or_default() as i64;
        if minutes <= 0 || person.is_empty() {
            return None;
        }
        let since = self.now().saturating_sub(minutes.saturating_mul(60));
        let fits = |record: &&Row| {
            text(record, "Person_Record_Id__c") == person
                && self.is_valid(record)
                && super::moment(record, "Finished_At__c").is_some_and(|at| at >= since)
                && is_enough(policy, record)
        };
        self.records.values().filter(fits).max_by_key(|record| super::moment(record, "Finished_At__c"))
    }

    /// A success for an operation that the server confirmed a moment ago and that released nothing yet.
    fn redeemed(&self, operation: &str) -> Option<&Row> {
        let since = self.now().saturating_sub(RELEASE_SECONDS);
        self.records.values().find(|record| {
            text(record, "Operation__c") == operation
                && self.is_valid(record)
                && super::moment(record, "Redeemed_At__c").is_some_and(|at| at >= since)
                && !record.contains_key("Used_At__c")
        })
    }

    /// Whether it is a success whose time has not run out. `Is_Valid__c` is that, and nothing released yet.
    pub(super) fn is_valid(&self, record: &Row) -> bool {
        text(record, "Decision__c") == "approved"
            && text(record, "Status__c") == "succeeded"
            && super::moment(record, "Valid_Until__c").is_some_and(|until| until > self.now())
    }

    /// Writes fields of a record, past the gate. Every way to write the record passes here.
    pub(super) fn update(&mut self, id: &str, fields: &Row) -> Result<(), String> {
        let old = self.objects.get(id).cloned().ok_or("ENTITY_IS_DELETED")?;
        let mut new = old.clone();
        new.extend(fields.clone());
        self.guard_mark(&old, &new)?;
        let mut used = Vec::new();
        for policy in self.policies.iter().filter(|policy| is_active(policy)) {
            if !is_reached(policy, &old, &new) {
                continue;
            }
            let finding = look(policy, &new);
            if !finding.code.is_empty() {
                return Err(held(policy, finding.code));
            }
            if !finding.is_required {
                continue;
            }
            match self.redeemed(&finding.operation).filter(|success| is_enough(policy, success)) {
                Some(success) => used.push(text(success, "Id").to_owned()),
                None if self.recent(policy, &finding.person).is_some() => {}
                None => return Err(held(policy, "step_up_required")),
            }
        }
        let now = self.said_now();
        for id in used {
            if let Some(record) = self.records.get_mut(&id) {
                record.insert("Used_At__c".to_owned(), json!(now));
            }
        }
        self.objects.insert(id.to_owned(), new);
        self.tell_change();
        Ok(())
    }

    /// A record that asks for a step-up cannot be made to forget it.
    fn guard_mark(&self, old: &Row, new: &Row) -> Result<(), String> {
        match self.policy(text(old, MARK)).filter(|policy| is_active(policy)) {
            Some(policy) if text(old, MARK) != text(new, MARK) => Err(held(policy, "step_up_asked_for")),
            _ => Ok(()),
        }
    }
}

pub(super) fn is_enough(policy: &Row, success: &Row) -> bool {
    number(success, "Assurance__c").unwrap_or_default() >= number(policy, "Minimum_Assurance__c").unwrap_or_default()
}

/// Whether a write brings the record to the guarded value, or changes what is at stake once it is there.
fn is_reached(policy: &Row, old: &Row, new: &Row) -> bool {
    let (field, value) = (text(policy, "Change_Field__c"), text(policy, "Change_Value__c"));
    let own = text(policy, "Object__c") == super::object(text(new, "Id"));
    if !own || field.is_empty() || value.is_empty() || text(new, field) != value {
        return false;
    }
    let at_stake = text(policy, "Field__c");
    text(old, field) != value || new.get(at_stake) != old.get(at_stake)
}

/// What somebody is told whose change is held back.
fn held(policy: &Row, code: &str) -> String {
    package::label("Ipse_Held_Back").replace("{0}", text(policy, "MasterLabel")).replace("{1}", code)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn operations_are_those_of_the_vectors() {
        let vectors = include_str!("../../../../integrations/salesforce/test/vectors/result-tokens.json");
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        let said = |case: &Value, name: &str| case[name].as_str().unwrap().to_owned();
        let cases = vectors["operations"].as_array().unwrap();
        assert!(cases.len() > 2);
        for case in cases {
            let amount = case["amount"].as_str().map(|amount| amount.parse().unwrap());
            let digest = operation(&said(case, "policy"), &said(case, "record"), &said(case, "person"), amount);
            assert_eq!(digest, said(case, "digest"));
        }
    }

    #[test]
    fn a_policy_asks_from_its_threshold_on_and_never_guesses() {
        let policy = package::large_transfer();
        let of = |amount: Value| {
            let record = json!({ "Id": "006000000000001AAA", "Amount": amount, "ContactId": "003000000000001AAA" });
            look(&policy, record.as_object().unwrap())
        };
        assert!(!of(json!(9999.99)).is_required && of(json!(10000.0)).is_required && of(json!(10000.01)).is_required);
        assert_ne!(of(json!(10000.0)).operation, of(json!(10000.01)).operation);
        for (field, value) in [("Threshold__c", Value::Null), ("Operator__c", json!("about")), ("Field__c", json!(""))]
        {
            let mut broken = policy.clone();
            broken.insert(field.to_owned(), value);
            assert_eq!(look(&broken, &Row::new()).code, "policy_incomplete", "{field}");
        }
        let nobody = json!({ "Id": "006000000000001AAA", "Amount": 10000.0 });
        assert_eq!(look(&policy, nobody.as_object().unwrap()).code, "person_missing");
    }
}
