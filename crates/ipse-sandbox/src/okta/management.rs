//! The management API, as far as a vendor of identity verification is set up with it: identity providers, policies and
//! their rules, groups, attribute mappings. What is set up here is what recovery obeys.
//!
//! Objects are what was sent. A client's secret is taken and never given back.

use super::{User, Vendor, random};
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

/// What the rules call the condition of password recovery.
const RECOVERS: &str = "accessRequest.operation == 'recover'";

/// A refusal, as Okta words it.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    code: &'static str,
    summary: String,
    cause: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, summary: &str) -> Self {
        Self { status, code, summary: summary.to_owned(), cause: None }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "E0000007", &format!("Not found: Resource not found: {what}"))
    }

    fn invalid(field: &str, why: &str) -> Self {
        let summary = format!("Api validation failed: {field}");
        let cause = Some(format!("{field}: {why}"));
        Self { cause, ..Self::new(StatusCode::BAD_REQUEST, "E0000001", &summary) }
    }

    /// The refusal with a status, as if something of Okta's own had gone wrong.
    pub(super) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => {
                Self::new(status, "E0000047", "API call exceeded rate limit due to too many requests.")
            }
            StatusCode::FORBIDDEN => {
                Self::new(status, "E0000006", "You do not have permission to perform the requested action")
            }
            StatusCode::BAD_REQUEST => Self::invalid("protocol", "the value is not allowed"),
            _ => Self::new(status, "E0000009", "Internal Server Error"),
        }
    }

    pub(super) fn body(&self) -> Value {
        let causes: Vec<Value> = self.cause.iter().map(|cause| json!({ "errorSummary": cause })).collect();
        json!({
            "errorCode": self.code,
            "errorSummary": self.summary,
            "errorLink": self.code,
            "errorId": format!("oae{}", random().unwrap_or_default().get(..17).unwrap_or_default()),
            "errorCauses": causes,
        })
    }
}

/// Something that goes wrong with the next request that fits.
pub(super) struct Disturbance {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) status: StatusCode,
}

/// What is administered.
pub(super) struct Management {
    pub(super) token: String,
    pub(super) idps: Vec<Value>,
    pub(super) policies: Vec<Value>,
    /// Each with the id of its policy as `policyId`, which nobody is shown.
    pub(super) rules: Vec<Value>,
    pub(super) groups: Vec<Value>,
    pub(super) mappings: Vec<Value>,
    pub(super) disturbances: Vec<Disturbance>,
    /// Requests that changed something or meant to: method and path.
    pub(super) changes: Vec<String>,
    made: u32,
}

impl Default for Management {
    fn default() -> Self {
        let policy = |id: &str, kind: &str, name: &str, resource: &str| {
            json!({
                "id": id, "type": kind, "name": name, "status": "ACTIVE", "system": true,
                "_embedded": { "resourceType": resource },
            })
        };
        let reset = json!({
            "access": "ALLOW",
            "requirement": { "primary": { "methods": ["email"] }, "stepUp": { "required": false }, "accessControl": "LEGACY" },
        });
        Self {
            token: random().unwrap_or_default(),
            idps: Vec::new(),
            policies: vec![
                policy("rstapp", "ACCESS_POLICY", "Any two factors", "APP"),
                policy("rstaccount", "ACCESS_POLICY", "Okta Account Management Policy", "END_USER_ACCOUNT_MANAGEMENT"),
                policy("rstpassword", "PASSWORD", "Default Policy", "PASSWORD"),
            ],
            rules: vec![json!({
                "id": "ruldefault", "policyId": "rstpassword", "name": "Default Rule", "priority": 1, "status": "ACTIVE",
                "type": "PASSWORD", "system": true,
                "conditions": { "network": { "connection": "ANYWHERE" } },
                "actions": {
                    "passwordChange": { "access": "ALLOW" },
                    "selfServicePasswordReset": reset,
                    "selfServiceUnlock": { "access": "DENY" },
                },
            })],
            groups: ["Everyone", "Pilot", "Pilot in Utopia"]
                .into_iter()
                .enumerate()
                .map(|(number, name)| json!({ "id": format!("00g{number}"), "profile": { "name": name } }))
                .collect(),
            mappings: Vec::new(),
            disturbances: Vec::new(),
            changes: Vec::new(),
            made: 0,
        }
    }
}

fn text<'v>(object: &'v Value, pointer: &str) -> &'v str {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn has_id(object: &Value, id: &str) -> bool {
    text(object, "/id") == id
}

fn is_active(object: &Value) -> bool {
    text(object, "/status") == "ACTIVE"
}

fn put(object: &mut Value, name: &str, value: &str) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), json!(value));
    }
}

/// What a reader sees: neither secrets nor what is only ours.
pub(super) fn shown(object: &Value) -> Value {
    let mut shown = object.clone();
    if let Some(client) = shown.pointer_mut("/protocol/credentials/client").and_then(Value::as_object_mut) {
        client.remove("client_secret");
    }
    if let Some(members) = shown.as_object_mut() {
        members.remove("policyId");
        members.insert("_links".to_owned(), json!({ "self": { "hints": { "allow": ["GET", "PUT", "DELETE"] } } }));
    }
    shown
}

/// An identity provider has everything that Okta's form demands.
fn check_idp(idp: &Value) -> Result<(), Refusal> {
    if text(idp, "/type") != "IDV_STANDARD" || text(idp, "/protocol/type") != "ID_PROOFING" {
        return Err(Refusal::invalid("type", "is not one of a custom vendor"));
    }
    let name = text(idp, "/name");
    if name.is_empty() || name.len() > 100 {
        return Err(Refusal::invalid("name", "The field must be from 1 to 100 characters"));
    }
    for endpoint in ["par", "authorization", "token", "jwks"] {
        let at = format!("/protocol/endpoints/{endpoint}");
        if !text(idp, &format!("{at}/url")).starts_with("http") {
            return Err(Refusal::invalid("url", "must be the address of an endpoint"));
        }
        if !["HTTP-POST", "HTTP-REDIRECT"].contains(&text(idp, &format!("{at}/binding"))) {
            return Err(Refusal::invalid("binding", "is not one"));
        }
    }
    for (pointer, field) in [
        ("/protocol/issuer/url", "issuer"),
        ("/protocol/credentials/client/client_id", "client_id"),
        ("/protocol/credentials/client/client_secret", "client_secret"),
        ("/properties/idvMetadata/termsOfUse", "termsOfUse"),
        ("/properties/idvMetadata/privacyPolicy", "privacyPolicy"),
        ("/properties/idvMetadata/vendorDisplayName", "vendorDisplayName"),
    ] {
        if text(idp, pointer).is_empty() {
            return Err(Refusal::invalid(field, "The field cannot be left blank"));
        }
    }
    let scopes = idp.pointer("/protocol/scopes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let needed = ["openid", "profile", "identity_assurance"];
    if needed.iter().all(|scope| scopes.contains(&json!(scope))) {
        Ok(())
    } else {
        Err(Refusal::invalid("scopes", "must contain openid, profile and identity_assurance"))
    }
}

impl Management {
    fn next_id(&mut self, prefix: &str) -> String {
        self.made += 1;
        format!("{prefix}{:0>17}", self.made)
    }

    pub(super) fn create_idp(&mut self, mut idp: Value) -> Result<Value, Refusal> {
        check_idp(&idp)?;
        if self.idps.iter().any(|known| text(known, "/name") == text(&idp, "/name")) {
            return Err(Refusal::invalid("name", "An identity provider with this name exists already"));
        }
        let id = self.next_id("0oa");
        put(&mut idp, "id", &id);
        put(&mut idp, "status", "ACTIVE");
        let mapping = self.next_id("prm");
        let property = |expression: &str| json!({ "expression": expression, "pushStatus": "PUSH" });
        self.mappings.push(json!({
            "id": mapping,
            "source": { "id": "otyuser", "name": "user", "type": "user" },
            "target": { "id": id, "name": text(&idp, "/name"), "type": "appuser" },
            "properties": {
                "given_name": property("user.firstName"), "family_name": property("user.lastName"),
                "middle_name": property("user.middleName"), "birthdate": property("user.birthdate"),
            },
        }));
        self.idps.push(idp.clone());
        Ok(shown(&idp))
    }

    pub(super) fn replace_idp(&mut self, id: &str, mut idp: Value) -> Result<Value, Refusal> {
        check_idp(&idp)?;
        let known = self.idps.iter_mut().find(|known| has_id(known, id));
        let known = known.ok_or_else(|| Refusal::not_found(&format!("{id} (IdentityProvider)")))?;
        put(&mut idp, "id", id);
        put(&mut idp, "status", text(known, "/status"));
        *known = idp.clone();
        Ok(shown(&idp))
    }

    pub(super) fn idp_status(&mut self, id: &str, status: &str) -> Result<Value, Refusal> {
        let known = self.idps.iter_mut().find(|known| has_id(known, id));
        let known = known.ok_or_else(|| Refusal::not_found(&format!("{id} (IdentityProvider)")))?;
        put(known, "status", status);
        Ok(shown(known))
    }

    pub(super) fn delete_idp(&mut self, id: &str) -> Result<(), Refusal> {
        let known = self.idps.iter().position(|known| has_id(known, id));
        let place = known.ok_or_else(|| Refusal::not_found(&format!("{id} (IdentityProvider)")))?;
        if self.idps.get(place).is_some_and(is_active) {
            return Err(Refusal::invalid("status", "an active identity provider cannot be deleted"));
        }
        if self.rules.iter().any(|rule| text(rule, "/actions/appSignOn/verificationMethod/id") == id) {
            return Err(Refusal::invalid("id", "a rule still sends people to this identity provider"));
        }
        self.idps.remove(place);
        self.mappings.retain(|mapping| text(mapping, "/target/id") != id);
        Ok(())
    }

    /// A rule has a name, and where it verifies people, by an identity provider that exists.
    fn check_rule(&self, rule: &Value) -> Result<(), Refusal> {
        if text(rule, "/name").is_empty() {
            return Err(Refusal::invalid("name", "The field cannot be left blank"));
        }
        let method = text(rule, "/actions/appSignOn/verificationMethod/type");
        let idp = text(rule, "/actions/appSignOn/verificationMethod/id");
        if method == "ID_PROOFING" && !self.idps.iter().any(|known| has_id(known, idp)) {
            return Err(Refusal::invalid("verificationMethod", "names no identity provider"));
        }
        for group in rule.pointer("/conditions/people/groups/include").and_then(Value::as_array).into_iter().flatten() {
            if !self.groups.iter().any(|known| known.get("id") == Some(group)) {
                return Err(Refusal::invalid("groups", "names no group"));
            }
        }
        Ok(())
    }

    pub(super) fn create_rule(&mut self, policy: &str, mut rule: Value) -> Result<Value, Refusal> {
        self.policy(policy)?;
        self.check_rule(&rule)?;
        let id = self.next_id("rul");
        put(&mut rule, "id", &id);
        put(&mut rule, "status", "ACTIVE");
        put(&mut rule, "policyId", policy);
        self.rules.push(rule.clone());
        Ok(shown(&rule))
    }

    pub(super) fn replace_rule(&mut self, policy: &str, id: &str, mut rule: Value) -> Result<Value, Refusal> {
        self.check_rule(&rule)?;
        let of = |known: &&mut Value| has_id(known, id) && text(known, "/policyId") == policy;
        let known = self.rules.iter_mut().find(of).ok_or_else(|| Refusal::not_found(&format!("{id} (PolicyRule)")))?;
        put(&mut rule, "id", id);
        put(&mut rule, "status", text(known, "/status"));
        put(&mut rule, "policyId", policy);
        *known = rule.clone();
        Ok(shown(&rule))
    }

    pub(super) fn delete_rule(&mut self, policy: &str, id: &str) -> Result<(), Refusal> {
        let of = |known: &Value| has_id(known, id) && text(known, "/policyId") == policy;
        let place = self.rules.iter().position(of).ok_or_else(|| Refusal::not_found(&format!("{id} (PolicyRule)")))?;
        self.rules.remove(place);
        Ok(())
    }

    fn policy(&self, id: &str) -> Result<&Value, Refusal> {
        let found = self.policies.iter().find(|known| has_id(known, id));
        found.ok_or_else(|| Refusal::not_found(&format!("{id} (Policy)")))
    }

    pub(super) fn rules_of(&self, policy: &str) -> Result<Vec<Value>, Refusal> {
        self.policy(policy)?;
        Ok(self.rules.iter().filter(|rule| text(rule, "/policyId") == policy).map(shown).collect())
    }

    /// Changes what is sent of people: the members that are given, as `POST /api/v1/mappings/{id}` does.
    pub(super) fn change_mapping(&mut self, id: &str, change: &Value) -> Result<Value, Refusal> {
        let known = self.mappings.iter_mut().find(|known| has_id(known, id));
        let known = known.ok_or_else(|| Refusal::not_found(&format!("{id} (ProfileMapping)")))?;
        let given = change.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(properties) = known.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, value) in given {
                if value.is_null() {
                    properties.remove(&name);
                } else {
                    properties.insert(name, value);
                }
            }
        }
        Ok(known.clone())
    }

    /// What is sent of a person to an identity provider.
    fn mapped(&self, idp: &str) -> Vec<String> {
        let mapping = self.mappings.iter().find(|mapping| text(mapping, "/target/id") == idp);
        let properties = mapping.and_then(|mapping| mapping.get("properties")).and_then(Value::as_object);
        properties.map(Map::keys).into_iter().flatten().cloned().collect()
    }

    /// Who verifies somebody before they recover their password, and what is sent of them: what the first rule that fits
    /// says, if the password policy leaves recovery to it.
    pub(super) fn verifier(&self, user: &User) -> Option<(Vendor, Vec<String>)> {
        let handed_over = self.rules.iter().any(|rule| {
            is_active(rule)
                && text(rule, "/actions/selfServicePasswordReset/requirement/accessControl") == "AUTH_POLICY"
                && text(rule, "/actions/selfServicePasswordReset/access") == "ALLOW"
        });
        let fits = |rule: &&Value| {
            let condition = rule.pointer("/conditions/elCondition/condition").and_then(Value::as_str);
            let include = rule.pointer("/conditions/people/groups/include").and_then(Value::as_array);
            is_active(rule)
                && text(rule, "/policyId") == "rstaccount"
                && condition.is_none_or(|condition| condition.contains(RECOVERS))
                && include.is_none_or(|groups| groups.iter().any(|group| self.is_member(user, group)))
        };
        let mut rules: Vec<&Value> = self.rules.iter().filter(fits).collect();
        rules.sort_by_key(|rule| rule.get("priority").and_then(Value::as_u64));
        let id =
            rules.first().filter(|_| handed_over).map(|rule| text(rule, "/actions/appSignOn/verificationMethod/id"))?;
        let idp = self.idps.iter().find(|idp| has_id(idp, id) && is_active(idp))?;
        let url = |name: &str| text(idp, &format!("/protocol/endpoints/{name}/url")).to_owned();
        let scopes = idp.pointer("/protocol/scopes").and_then(Value::as_array).into_iter().flatten();
        let vendor = Vendor {
            name: text(idp, "/properties/idvMetadata/vendorDisplayName").to_owned(),
            issuer: text(idp, "/protocol/issuer/url").to_owned(),
            par: url("par"),
            authorize: url("authorization"),
            token: url("token"),
            jwks: url("jwks"),
            client_id: text(idp, "/protocol/credentials/client/client_id").to_owned(),
            client_secret: text(idp, "/protocol/credentials/client/client_secret").to_owned(),
            scopes: scopes.filter_map(Value::as_str).map(str::to_owned).collect(),
        };
        Some((vendor, self.mapped(id)))
    }

    /// Everybody is in the first group; the first person is in the pilot.
    fn is_member(&self, user: &User, group: &Value) -> bool {
        let name =
            self.groups.iter().find(|known| known.get("id") == Some(group)).map(|known| text(known, "/profile/name"));
        match name {
            Some("Everyone") => true,
            Some("Pilot") => user.id.ends_with("01"),
            _ => false,
        }
    }

    /// Makes a vendor the one that everybody's password recovery demands.
    pub(super) fn connect(&mut self, vendor: &Vendor) {
        let endpoint = |url: &str| json!({ "url": url, "binding": "HTTP-POST" });
        let page = format!("{}/", vendor.issuer);
        let idp = json!({
            "type": "IDV_STANDARD", "name": vendor.name,
            "protocol": {
                "type": "ID_PROOFING",
                "endpoints": {
                    "par": endpoint(&vendor.par), "authorization": endpoint(&vendor.authorize),
                    "token": endpoint(&vendor.token), "jwks": endpoint(&vendor.jwks),
                },
                "issuer": { "url": vendor.issuer }, "scopes": vendor.scopes,
                "credentials": { "client": { "client_id": vendor.client_id, "client_secret": vendor.client_secret } },
            },
            "properties": { "idvMetadata": { "vendorDisplayName": vendor.name, "termsOfUse": page, "privacyPolicy": page } },
        });
        let Ok(made) = self.create_idp(idp) else { return };
        let rule = json!({
            "name": format!("{}: verify before password recovery", vendor.name), "priority": 1, "type": "ACCESS_POLICY",
            "conditions": {
                "people": { "groups": { "include": ["00g0"] } },
                "elCondition": { "condition": format!("accessRequest.authenticator.key == 'okta_password' && {RECOVERS}") },
            },
            "actions": { "appSignOn": {
                "access": "ALLOW", "verificationMethod": { "type": "ID_PROOFING", "id": text(&made, "/id") },
            } },
        });
        if self.create_rule("rstaccount", rule).is_err() {
            return;
        }
        let control = "/actions/selfServicePasswordReset/requirement/accessControl";
        for rule in self.rules.iter_mut().filter(|rule| text(rule, "/policyId") == "rstpassword") {
            if let Some(value) = rule.pointer_mut(control) {
                *value = json!("AUTH_POLICY");
            }
        }
    }
}
