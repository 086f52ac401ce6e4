//! A ServiceNow instance with Ipse's application in it: where it is, which of its tables may ask, and what its tickets
//! show. The application itself is in `integrations/servicenow`.

use ipse_core::Refusal;
use ipse_core::verification::{Record, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the application calls itself in [`Record::system`].
pub const SYSTEM: &str = "servicenow";

/// What the application's webhook understands: no more is sent there.
pub const EVENT_TYPES: [&str; 10] = [
    "verification.link_sent",
    "verification.claimed",
    "verification.processing",
    "verification.requires_input",
    "verification.pending_review",
    "verification.succeeded",
    "verification.failed",
    "verification.expired",
    "verification.cancelled",
    "verification.declined",
];

/// The tables on which the application works, and what one of their records is called.
const TABLES: [(&str, &str); 7] = [
    ("incident", "Incident"),
    ("sc_request", "Request"),
    ("sc_req_item", "Requested item"),
    ("sc_task", "Catalog task"),
    ("change_request", "Change request"),
    ("sn_hr_core_case", "HR case"),
    ("sys_user", "Person"),
];

/// An instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Its address, without a slash at the end.
    pub address: String,
    /// The tables whose records may be verified, and what one of their records is called.
    pub tables: BTreeMap<String, String>,
    /// Days since a contact changed before a link may go there, 0 to 365.
    pub min_contact_age_days: u32,
}

impl Instance {
    /// An instance at an address, with all tables of the application.
    ///
    /// # Errors
    /// When the address is not https with a host alone. `loopback` allows plain http to this machine.
    pub fn at(address: &str, loopback: bool) -> Result<Self, Refusal> {
        let trimmed = address.trim().trim_end_matches('/');
        if !crate::is_origin(trimmed, loopback) {
            return Err(Refusal::invalid("address", "must be https://, a host, and no more"));
        }
        let tables = TABLES.into_iter().map(|(table, name)| (table.to_owned(), name.to_owned())).collect();
        Ok(Self { address: trimmed.to_ascii_lowercase(), tables, min_contact_age_days: 14 })
    }

    /// Refuses what could not be meant.
    ///
    /// # Errors
    /// When a table or its name is out of bounds, or the days are.
    pub fn validate(&self) -> Result<(), Refusal> {
        let is_table = |text: &str| {
            (1..=80).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        if self.tables.is_empty() || self.tables.len() > 50 || !self.tables.keys().all(|table| is_table(table)) {
            return Err(Refusal::invalid("tables", "must be 1 to 50 names of tables, of a-z, 0-9 and _"));
        }
        for name in self.tables.values() {
            ipse_core::subject::bounded("tables", name, 1, 40)?;
        }
        if self.min_contact_age_days > 365 {
            return Err(Refusal::invalid("min_contact_age_days", "must be 0 to 365"));
        }
        Ok(())
    }

    /// Refuses to verify for a record that is not of this instance's tables.
    ///
    /// # Errors
    /// When there is no record, it is of another system, or its table is not one of those that may ask.
    pub fn allow(&self, record: Option<&Record>) -> Result<(), Refusal> {
        match record {
            Some(record) if record.system == SYSTEM && self.tables.contains_key(&record.table) => Ok(()),
            _ => Err(Refusal::invalid("record", "must be of servicenow and a table that this integration serves")),
        }
    }

    /// Where the application takes events.
    pub fn webhook(&self) -> String {
        format!("{}/api/x_ipse_idv/webhook", self.address)
    }

    /// What a record is called, with its number.
    pub fn title(&self, record: &Record) -> String {
        match self.tables.get(&record.table) {
            Some(name) => format!("{name} {}", record.number),
            None => record.label(),
        }
    }

    /// Where an agent reads a record; nothing where the record's id is none of the platform's.
    pub fn page(&self, record: &Record) -> Option<String> {
        let is_id = record.id.len() == 32 && record.id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let known = self.tables.contains_key(&record.table);
        (is_id && known).then(|| format!("{}/{}.do?sys_id={}", self.address, record.table, record.id))
    }
}

/// What stands in IDV Status, before the time, while a verification is in a state.
pub const fn status(state: State) -> &'static str {
    match state {
        State::Created | State::LinkSent | State::InProgress | State::Processing | State::RequiresInput => {
            "In Progress"
        }
        State::PendingReview => "Pending Review",
        State::Succeeded => "Success",
        State::Failed => "Failed",
        State::Expired | State::Cancelled | State::Declined => "Failure",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn record(table: &str, id: &str) -> Record {
        Record { system: SYSTEM.into(), table: table.into(), id: id.into(), number: "INC0010023".into() }
    }

    #[test]
    fn only_an_https_origin_is_an_instance() {
        let instance = Instance::at(" https://Example.service-now.com/ ", false).unwrap();
        assert_eq!(instance.webhook(), "https://example.service-now.com/api/x_ipse_idv/webhook");
        instance.validate().unwrap();
        assert!(Instance::at("http://localhost:8301", true).is_ok());
        for bad in [
            "",
            "example.service-now.com",
            "http://example.service-now.com",
            "http://localhost:8301",
            "https://example.com/nav_to.do",
            "https://example.com?x",
            "https://example.com#x",
            "https://user@example.com",
            "ftp://example.com",
        ] {
            assert!(Instance::at(bad, false).is_err(), "{bad}");
        }
        assert!(Instance::at("http://example.com", true).is_err(), "plain http stays on this machine");
    }

    #[test]
    fn only_its_own_tables_ask() {
        let id = "a9e30c7dc61122760116894de7bcc7bd";
        let instance = Instance::at("https://example.com", false).unwrap();
        assert!(instance.allow(Some(&record("incident", id))).is_ok());
        assert!(instance.allow(Some(&record("cmdb_ci", id))).is_err());
        assert!(instance.allow(None).is_err());
        assert!(instance.allow(Some(&Record { system: "salesforce".into(), ..record("incident", id) })).is_err());
        assert_eq!(instance.title(&record("incident", id)), "Incident INC0010023");
        assert_eq!(
            instance.page(&record("incident", id)).as_deref(),
            Some("https://example.com/incident.do?sys_id=a9e30c7dc61122760116894de7bcc7bd")
        );
        assert_eq!(instance.page(&record("incident", "1&sysparm_x=y")), None);
    }

    #[test]
    fn what_could_not_be_meant_is_refused() {
        let instance = Instance::at("https://example.com", false).unwrap();
        let with = |table: &str, name: &str| Instance {
            tables: BTreeMap::from([(table.to_owned(), name.to_owned())]),
            ..instance.clone()
        };
        assert!(with("u_access", "Access").validate().is_ok());
        for (table, name) in [("", "x"), ("Incident", "x"), ("a b", "x"), ("incident", ""), ("incident", "a\nb")] {
            assert!(with(table, name).validate().is_err(), "{table} {name}");
        }
        assert!(Instance { tables: BTreeMap::new(), ..instance.clone() }.validate().is_err());
        assert!(Instance { min_contact_age_days: 366, ..instance }.validate().is_err());
    }
}
