//! The package as it is shipped, as far as the miniature reads it: labels, the policy, the setting, the flow.

use super::Row;
use crate::xml::{self, Node};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::LazyLock;

macro_rules! shipped {
    ($path:literal) => {
        include_str!(concat!("../../../../integrations/salesforce/force-app/main/default/", $path))
    };
}
pub(super) use shipped;

/// What the labels say, by their names.
pub(super) static LABELS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let labels = read(shipped!("labels/CustomLabels.labels-meta.xml"));
    labels.all("labels").map(|label| (label.said("fullName").to_owned(), label.said("value").to_owned())).collect()
});

/// The flow that carries out a transfer.
pub(super) static TRANSFER: LazyLock<Node> = LazyLock::new(|| read(shipped!("flows/Ipse_FS_Transfer.flow-meta.xml")));

/// A flow that may be started.
pub(super) fn flow(name: &str) -> Option<&'static Node> {
    (name == "Ipse_FS_Transfer").then(|| &*TRANSFER)
}

/// The policy for large transfers, which is off until somebody switches it on.
pub(super) fn large_transfer() -> Row {
    metadata("Large_Transfer", shipped!("customMetadata/Ipse_Policy.Large_Transfer.md-meta.xml"))
}

/// What components ask for unless somebody says otherwise.
pub(super) fn setting() -> Row {
    metadata("Default", shipped!("customMetadata/Ipse_Setting.Default.md-meta.xml"))
}

/// The authentication provider, with the server's address put in as the package's replacements do.
pub(super) fn auth_provider(server: &str) -> Node {
    let text = include_str!(
        "../../../../integrations/salesforce/org-config/main/default/authproviders/Ipse.authprovider-meta.xml"
    );
    read(&text.replace("https://ipse.example.com", server))
}

/// What stands in a label; its name where there is none, so that nobody overlooks it.
pub(super) fn label(name: &str) -> String {
    LABELS.get(name).cloned().unwrap_or_else(|| name.to_owned())
}

/// The metadata is part of the program, and a test reads all of it.
fn read(text: &str) -> Node {
    xml::parse(text).unwrap_or_default()
}

/// A record of a custom metadata type.
fn metadata(name: &str, text: &str) -> Row {
    let read = read(text);
    let mut row = Row::new();
    row.insert("DeveloperName".to_owned(), json!(name));
    row.insert("MasterLabel".to_owned(), json!(read.said("label")));
    for values in read.all("values") {
        let Some(value) = values.child("value") else { continue };
        let text = value.text.trim();
        let value = match value.attributes.get("xsi:type").map(String::as_str) {
            Some("xsd:boolean") => json!(text == "true"),
            Some("xsd:double") => json!(text.parse::<f64>().ok()),
            _ => json!(text),
        };
        row.insert(values.said("field").to_owned(), value);
    }
    row
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn what_is_shipped_is_read() {
        assert!(LABELS.len() > 40 && label("Ipse_Held_Back").contains("{1}"));
        let policy = large_transfer();
        assert_eq!((&policy["Threshold__c"], &policy["Active__c"]), (&json!(10000.0), &json!(false)));
        assert_eq!((&policy["Change_Field__c"], &policy["Flow__c"]), (&json!("StageName"), &json!("Ipse_FS_Transfer")));
        assert_eq!(setting()["Delivery__c"], "email");
        assert_eq!(TRANSFER.said("processType"), "AutoLaunchedFlow");
    }
}
