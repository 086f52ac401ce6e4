//! Reads an update set: what an administrator would import, preview and commit.

use crate::xml::{Node, parse};
use serde::Serialize;
use std::collections::BTreeMap;

/// One update of the set, with the records in its payload.
#[derive(Serialize)]
struct Update {
    records: Vec<Record>,
}

/// A record as an instance stores it.
#[derive(Serialize)]
struct Record {
    table: String,
    action: String,
    attributes: BTreeMap<String, String>,
    fields: BTreeMap<String, Field>,
}

#[derive(Serialize)]
struct Field {
    value: String,
    attributes: BTreeMap<String, String>,
}

/// The updates as JSON: a list of `{ records: [{ table, action, attributes, fields: { name: { value, attributes } } }] }`.
pub(super) fn updates(xml: &str) -> Result<String, quick_xml::Error> {
    let unload = parse(xml)?;
    let mut updates = Vec::new();
    for update in unload.children.into_iter().filter(|child| child.name == "sys_update_xml") {
        let payload = update.children.into_iter().find(|child| child.name == "payload").unwrap_or_default();
        let mut records = Vec::new();
        collect(parse(&payload.text)?, &mut records);
        updates.push(Update { records });
    }
    Ok(serde_json::to_string(&updates).unwrap_or_default())
}

/// Records may be nested in one another.
fn collect(node: Node, records: &mut Vec<Record>) {
    let is_record = node.attributes.contains_key("action") && node.children.iter().any(|child| child.name == "sys_id");
    if is_record {
        let plain = node.children.iter().filter(|child| child.children.is_empty());
        let field = |child: &Node| Field { value: child.text.clone(), attributes: child.attributes.clone() };
        records.push(Record {
            action: node.attributes.get("action").cloned().unwrap_or_default(),
            fields: plain.map(|child| (child.name.clone(), field(child))).collect(),
            attributes: node.attributes,
            table: node.name,
        });
    }
    for child in node.children {
        collect(child, records);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::updates;
    use serde_json::{Value, json};

    fn set(payload: &str) -> String {
        let escaped = quick_xml::escape::escape(payload);
        format!(
            "<?xml version=\"1.0\"?><unload><sys_remote_update_set/><sys_update_xml action=\"INSERT_OR_UPDATE\">\
             <name>a</name><payload>{escaped}</payload></sys_update_xml></unload>"
        )
    }

    fn records(payload: &str) -> Value {
        let updates: Value = serde_json::from_str(&updates(&set(payload)).unwrap()).unwrap();
        updates[0]["records"].clone()
    }

    #[test]
    fn records_are_read_with_their_scripts_attributes_and_children() {
        let read = records(
            "<record_update table=\"a\"><a action=\"INSERT_OR_UPDATE\"><sys_id>1</sys_id><script><![CDATA[if (a < b && c) { }\n]]></script>\
             <role name=\"x.agent\">2</role><text>&lt;p&gt; &#233; &amp;amp;</text><empty/>\
             <b action=\"DELETE\"><sys_id>3</sys_id></b></a></record_update>",
        );
        assert_eq!(read.as_array().unwrap().len(), 2);
        let fields = &read[0]["fields"];
        assert_eq!(fields["script"]["value"], "if (a < b && c) { }\n");
        assert_eq!(
            (&fields["role"]["value"], &fields["role"]["attributes"]),
            (&json!("2"), &json!({ "name": "x.agent" }))
        );
        assert_eq!((&fields["text"]["value"], &fields["empty"]["value"]), (&json!("<p> é &amp;"), &json!("")));
        assert_eq!((&read[1]["table"], &read[1]["action"]), (&json!("b"), &json!("DELETE")));
    }

    #[test]
    fn what_is_not_whole_is_an_error() {
        let whole = set("<record_update/>");
        assert!(updates(&whole).is_ok());
        assert!(updates(&set("<record_update><a></record_update>")).is_err());
        assert!(updates(&whole.replace("</payload>", "")).is_err());
    }
}
