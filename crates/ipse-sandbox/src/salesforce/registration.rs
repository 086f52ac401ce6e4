//! Whose user it is that signs in through the provider: what the platform does around a registration handler, and what the
//! package's does (`IpseRegistrationHandler`).

use super::{Inner, Row, package, text};
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The profiles of the org.
pub(super) const PROFILES: [&str; 2] = ["Standard User", "System Administrator"];
const LONGEST_SUBJECT: usize = 64;

/// What a registration handler is told of a person: `Auth.UserData`.
pub(super) struct UserData {
    identifier: String,
    /// Everything in the user info, as text.
    pub(super) attributes: BTreeMap<String, String>,
}

impl UserData {
    pub(super) fn new(info: &Map<String, Value>) -> Self {
        let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let attributes = info.iter().map(|(name, value)| (name.clone(), said(value))).collect();
        Self { identifier: text(info, "sub").to_owned(), attributes }
    }

    fn said(&self, name: &str) -> &str {
        self.attributes.get(name).map(String::as_str).unwrap_or_default()
    }
}

impl Inner {
    /// Finds, links or makes the user of a person; its id, or why not. The platform asks the handler for a user once, and
    /// afterwards only tells it who came.
    pub(super) fn register(&mut self, data: &UserData, linking: Option<&str>) -> Result<String, String> {
        let linked = linking.or_else(|| self.links.get(&data.identifier).map(String::as_str)).map(str::to_owned);
        let id = if let Some(id) = linked {
            self.update_user(&id, data)?;
            id
        } else {
            self.create_user(data)?
        };
        if !self.is_active(&id) {
            return Err(package::label("Ipse_Login_Inactive"));
        }
        self.links.insert(data.identifier.clone(), id.clone());
        self.tell_change();
        Ok(id)
    }

    fn is_active(&self, id: &str) -> bool {
        self.users.get(id).is_some_and(|user| user.get("IsActive") == Some(&json!(true)))
    }

    /// The handler's `createUser`, and the platform that stores a new user.
    fn create_user(&mut self, data: &UserData) -> Result<String, String> {
        let proof = self.proof(data)?;
        if let Some(id) = self.holder(&data.identifier) {
            if !self.is_active(&id) {
                return Err(package::label("Ipse_Login_Inactive"));
            }
            self.write_user(&id, proof)?;
            return Ok(id);
        }
        if self.setting.get("Create_Users__c") != Some(&json!(true)) {
            return Err(package::label("Ipse_Login_Unknown"));
        }
        let user = self.new_user(data, proof)?;
        let id = format!("005{:0>12}AAA", self.users.len() + 2);
        self.users.insert(id.clone(), user);
        Ok(id)
    }

    /// The handler's `updateUser`.
    fn update_user(&mut self, id: &str, data: &UserData) -> Result<(), String> {
        let proof = self.proof(data)?;
        let known = self.users.get(id).map(|user| text(user, "Ipse_Subject__c")).unwrap_or_default();
        if !known.is_empty() && known != data.identifier {
            return Err(package::label("Ipse_Login_Other_Person"));
        }
        self.write_user(id, proof)
    }

    /// Who holds a person's id there: nothing else finds a user.
    fn holder(&self, subject: &str) -> Option<String> {
        let mut users = self.users.iter();
        users.find(|(_, user)| text(user, "Ipse_Subject__c") == subject).map(|(id, _)| id.clone())
    }

    fn write_user(&mut self, id: &str, fields: Row) -> Result<(), String> {
        // The field is unique.
        if self.holder(text(&fields, "Ipse_Subject__c")).is_some_and(|holder| holder != id) {
            return Err("DUPLICATE_VALUE: Ipse_Subject__c".to_owned());
        }
        self.users.get_mut(id).ok_or("ENTITY_IS_DELETED")?.extend(fields);
        Ok(())
    }

    /// What was proven, as fields of the user; refuses whoever proved nothing, too little, or too long ago.
    fn proof(&self, data: &UserData) -> Result<Row, String> {
        let subject = &data.identifier;
        let is_sound = !subject.trim().is_empty() && subject.chars().count() <= LONGEST_SUBJECT;
        let verification = data.said("ipse_verification");
        let is_proven = is_sound && data.said("ipse_verified") == "true" && !verification.trim().is_empty();
        let at = data.said("ipse_verified_at").parse::<jiff::Timestamp>().ok().filter(|_| is_proven);
        let at = at.ok_or_else(|| package::label("Ipse_Login_Not_Proven"))?;
        let number = |field: &str| self.setting.get(field).and_then(Value::as_f64).unwrap_or_default();
        let most = number("Max_Proof_Age_Minutes__c");
        #[allow(clippy::cast_precision_loss, reason = "seconds of this age are exact")]
        let age = self.now().saturating_sub(at.as_second()) as f64;
        if most > 0.0 && age > most * 60.0 {
            return Err(package::label("Ipse_Login_Too_Old"));
        }
        let assurance = match data.said("ipse_assurance").as_bytes() {
            [digit @ b'0'..=b'9'] => digit - b'0',
            _ => 0,
        };
        if f64::from(assurance) < number("Minimum_Assurance__c") {
            return Err(package::label("Ipse_Login_Too_Weak"));
        }
        let fields = json!({
            "Ipse_Subject__c": subject,
            "Ipse_Verification_Id__c": verification.chars().take(64).collect::<String>(),
            "Ipse_Assurance__c": assurance,
            "Ipse_Verified_At__c": at.to_string(),
        });
        Ok(fields.as_object().cloned().unwrap_or_default())
    }

    /// A new user of the org itself; a site's would have a contact as well.
    fn new_user(&self, data: &UserData, proof: Row) -> Result<Row, String> {
        let profile = text(&self.setting, "Profile__c");
        if !PROFILES.contains(&profile) {
            return Err(package::label("Ipse_Login_Not_Configured"));
        }
        let hash = digest(&SHA256, data.identifier.as_bytes());
        let unique: String = hash.as_ref().iter().map(|byte| format!("{byte:02x}")).take(16).collect();
        let most = |text: &str, letters: usize| text.chars().take(letters).collect::<String>();
        let named = ["family_name", "name"].map(|name| data.said(name)).into_iter().find(|name| !name.is_empty());
        let (first, last) = (most(data.said("given_name"), 40), most(named.unwrap_or("Ipse"), 80));
        let username = format!("{unique}@{}.ipse", super::ORG.to_lowercase());
        let email = match data.said("email").trim() {
            "" => format!("{username}.invalid"),
            email => email.to_owned(),
        };
        let mut user = proof;
        let fields = json!({
            "Name": format!("{first} {last}").trim(),
            "Username": username,
            "Email": email,
            "Profile": profile,
            "IsActive": true,
        });
        user.extend(fields.as_object().cloned().unwrap_or_default());
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

    use super::*;

    const KIM: &str = "005000000000002AAA";

    fn data(change: &Value) -> UserData {
        let mut info = json!({
            "sub": "sub_1", "name": "Ada Test", "email": "kim@utopia.example", "email_verified": true,
            "ipse_verified": "true", "ipse_verification": "ver_1", "ipse_assurance": "2",
            "ipse_verified_at": crate::now().to_string(),
        });
        let info = info.as_object_mut().unwrap();
        info.extend(change.as_object().unwrap().clone());
        UserData::new(info)
    }

    fn told(org: &mut Inner, change: &Value) -> Result<String, String> {
        org.register(&data(change), None)
    }

    #[test]
    fn an_address_finds_nobody() {
        let mut org = Inner::default();
        assert_eq!(org.users[KIM]["Email"], "kim@utopia.example");
        let before = org.users.clone();
        assert_eq!(told(&mut org, &json!({})), Err(package::label("Ipse_Login_Unknown")));
        assert_eq!(org.users, before);
        for (field, value) in [("Create_Users__c", json!(true)), ("Profile__c", json!("Standard User"))] {
            org.setting.insert(field.to_owned(), value);
        }
        let first = told(&mut org, &json!({})).unwrap();
        let other = told(&mut org, &json!({ "sub": "sub_2" })).unwrap();
        assert!(first != KIM && other != KIM && first != other, "three people share an address");
        assert_eq!(told(&mut org, &json!({ "email": "ada@example.com" })), Ok(first.clone()));
        assert_eq!(org.users[KIM], before[KIM]);
        let user = &org.users[&first];
        assert_eq!((&user["Name"], &user["Email"]), (&json!("Ada Test"), &json!("kim@utopia.example")));
        assert_eq!((&user["Ipse_Verification_Id__c"], &user["Ipse_Assurance__c"]), (&json!("ver_1"), &json!(2)));
    }

    #[test]
    fn who_proved_nothing_is_refused() {
        let mut org = Inner::default();
        let long = "s".repeat(65);
        for wrong in [
            json!({ "ipse_verified": "false" }),
            json!({ "ipse_verified": null }),
            json!({ "ipse_verification": " " }),
            json!({ "ipse_verified_at": "today" }),
            json!({ "sub": "" }),
            json!({ "sub": long }),
        ] {
            assert_eq!(told(&mut org, &wrong), Err(package::label("Ipse_Login_Not_Proven")), "{wrong}");
        }
        org.setting.insert("Minimum_Assurance__c".to_owned(), json!(2.0));
        for weak in ["1", "", "12", "x"] {
            let said = told(&mut org, &json!({ "ipse_assurance": weak }));
            assert_eq!(said, Err(package::label("Ipse_Login_Too_Weak")), "{weak}");
        }
        assert!(org.links.is_empty());
    }

    #[test]
    fn a_user_who_was_linked_before_is_found_without_a_link() {
        let mut org = Inner::default();
        org.users.get_mut(KIM).unwrap().insert("Ipse_Subject__c".to_owned(), json!("sub_1"));
        assert_eq!(told(&mut org, &json!({})), Ok(KIM.to_owned()));
        org.users.get_mut(KIM).unwrap().insert("IsActive".to_owned(), json!(false));
        for _ in 0..2 {
            assert_eq!(told(&mut org, &json!({})), Err(package::label("Ipse_Login_Inactive")));
            org.links.clear();
        }
    }
}
