//! Merge patches (RFC 7396): what is ours in an object of somebody else's, how it was before, and what differs.

use serde_json::{Map, Value};

/// Puts a patch over an object. What the patch does not name stays; `null` takes away.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (name, value) in patch {
        if value.is_null() {
            target.remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

/// An object with a patch over it.
pub fn merged(target: &Value, patch: &Value) -> Value {
    let mut merged = target.clone();
    merge(&mut merged, patch);
    merged
}

/// The patch that takes another back. A member that was `null` is taken away instead.
pub fn inverse(target: &Value, patch: &Value) -> Value {
    let (Some(known), Some(patch)) = (target.as_object(), patch.as_object()) else { return target.clone() };
    let back = |(name, value): (&String, &Value)| {
        let before = known.get(name).map_or(Value::Null, |before| inverse_of(before, value));
        (name.clone(), before)
    };
    Value::Object(patch.iter().map(back).collect())
}

fn inverse_of(before: &Value, patch: &Value) -> Value {
    if before.is_object() && patch.is_object() { inverse(before, patch) } else { before.clone() }
}

/// Two patches as one, where the older has the last word.
pub fn older_wins(newer: &mut Value, older: &Value) {
    match (newer.as_object_mut(), older.as_object()) {
        (Some(newer), Some(older)) => {
            for (name, value) in older {
                older_wins(newer.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        _ => *newer = older.clone(),
    }
}

/// One value that differs.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where, with dots between the names.
    pub path: String,
    /// What there was.
    pub before: Option<Value>,
    /// What there will be.
    pub after: Option<Value>,
}

/// What differs between two objects, member by member; a list differs as a whole.
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    collect("", Some(before), Some(after), &mut found);
    found
}

fn collect(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    let members =
        |value: Option<&Value>| value.and_then(Value::as_object).filter(|members| !members.is_empty()).cloned();
    let (old, new) = (members(before), members(after));
    let opens = |members: &Option<Map<String, Value>>, other: Option<&Value>| members.is_some() && other.is_none();
    if (old.is_some() && new.is_some()) || opens(&old, after) || opens(&new, before) {
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let added = new.keys().filter(|name| !old.contains_key(*name));
        for name in old.keys().chain(added) {
            let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            collect(&below, old.get(name), new.get(name), found);
        }
        return;
    }
    found.push(Difference { path: path.to_owned(), before: before.cloned(), after: after.cloned() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_it_names_and_can_be_taken_back() {
        let object =
            json!({ "id": "0oa1", "theirs": { "kept": [1] }, "ours": { "a": "old", "b": { "c": 1 }, "d": true } });
        let patch = json!({ "ours": { "a": "new", "b": null, "e": { "f": 2 } }, "more": { "g": 3 } });
        let changed = merged(&object, &patch);
        assert_eq!(
            changed,
            json!({ "id": "0oa1", "theirs": { "kept": [1] }, "ours": { "a": "new", "d": true, "e": { "f": 2 } }, "more": { "g": 3 } })
        );
        assert_eq!(merged(&changed, &patch), changed);
        let back = inverse(&object, &patch);
        assert_eq!(back, json!({ "ours": { "a": "old", "b": { "c": 1 }, "e": null }, "more": null }));
        assert_eq!(merged(&changed, &back), object);
        let mut later = changed;
        merge(&mut later, &json!({ "theirs": { "kept": [2] } }));
        assert_eq!(merged(&later, &back)["theirs"], json!({ "kept": [2] }), "what others changed since stays");
    }

    #[test]
    fn what_was_there_first_is_what_is_gone_back_to() {
        let first = json!({ "x": 1 });
        let one = json!({ "x": 2 });
        let back = inverse(&first, &one);
        let second = merged(&first, &one);
        let two = json!({ "x": 3, "y": { "z": 4 } });
        let mut whole = inverse(&second, &two);
        older_wins(&mut whole, &back);
        assert_eq!(merged(&merged(&second, &two), &whole), first);
    }

    #[test]
    fn differences_are_told_member_by_member() {
        let before = json!({ "same": 1, "changed": { "a": 1, "b": [1, 2] }, "gone": { "x": 1 }, "empty": {} });
        let after = json!({ "same": 1, "changed": { "a": 2, "b": [1] }, "new": { "y": null }, "empty": {} });
        let found: Vec<String> = differences(&before, &after)
            .into_iter()
            .map(|one| {
                format!("{} {:?} {:?}", one.path, one.before.map(|v| v.to_string()), one.after.map(|v| v.to_string()))
            })
            .collect();
        assert_eq!(
            found,
            [
                "changed.a Some(\"1\") Some(\"2\")",
                "changed.b Some(\"[1,2]\") Some(\"[1]\")",
                "gone.x Some(\"1\") None",
                "new.y None Some(\"null\")"
            ]
        );
        assert!(differences(&after, &after).is_empty());
    }
}
