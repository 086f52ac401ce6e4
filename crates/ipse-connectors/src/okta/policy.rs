//! The account management policy, whose rules say when people have to prove who they are, and the password policies,
//! whose rules have to leave recovery to it.

use super::patch::merged;
use serde_json::{Value, json};

/// Where policies are.
pub const COLLECTION: &str = "/api/v1/policies";
/// The policies among which the account management policy is.
pub const ACCESS: &str = "ACCESS_POLICY";
/// The password policies.
pub const PASSWORD: &str = "PASSWORD";

/// When people have to prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// They have forgotten their password.
    PasswordRecovery,
    /// Their account is locked.
    Unlock,
    /// They enrol an authenticator.
    Enrolment,
    /// They enrol one that resists phishing.
    PhishingResistantEnrolment,
    /// They remove an authenticator.
    Unenrolment,
    /// Whatever the policy covers.
    Always,
}

impl When {
    /// Every occasion.
    pub const ALL: [Self; 6] = [
        Self::PasswordRecovery,
        Self::Unlock,
        Self::Enrolment,
        Self::PhishingResistantEnrolment,
        Self::Unenrolment,
        Self::Always,
    ];

    /// The word on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordRecovery => "password-recovery",
            Self::Unlock => "unlock",
            Self::Enrolment => "enrolment",
            Self::PhishingResistantEnrolment => "phishing-resistant-enrolment",
            Self::Unenrolment => "unenrolment",
            Self::Always => "always",
        }
    }

    /// The words in a rule's name.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PasswordRecovery => "verify before password recovery",
            Self::Unlock => "verify before an account is unlocked",
            Self::Enrolment => "verify before an authenticator is enrolled",
            Self::PhishingResistantEnrolment => "verify before a phishing-resistant authenticator is enrolled",
            Self::Unenrolment => "verify before an authenticator is removed",
            Self::Always => "verify before any change of an account",
        }
    }

    /// The condition in Okta's expression language.
    pub const fn condition(self) -> Option<&'static str> {
        match self {
            Self::PasswordRecovery => {
                Some("accessRequest.authenticator.key == 'okta_password' && accessRequest.operation == 'recover'")
            }
            Self::Unlock => Some("accessRequest.operation == 'unlockAccount'"),
            Self::Enrolment => Some("accessRequest.operation == 'enroll'"),
            Self::PhishingResistantEnrolment => Some(
                "{'okta_verify','webauthn','smart_card_idp','yubikey_token'}.contains(accessRequest.authenticator.key) \
                 && accessRequest.operation == 'enroll'",
            ),
            Self::Unenrolment => Some("accessRequest.operation == 'unenroll'"),
            Self::Always => None,
        }
    }

    /// Whether it works only where password policies leave recovery to the account management policy.
    pub const fn needs_password_policies(self) -> bool {
        matches!(self, Self::PasswordRecovery | Self::Unlock | Self::Always)
    }
}

/// The policy whose rules say when people have to prove who they are.
pub fn account_management(policies: &[Value]) -> Option<&Value> {
    let is_it = |policy: &&Value| {
        policy.pointer("/_embedded/resourceType").and_then(Value::as_str) == Some("END_USER_ACCOUNT_MANAGEMENT")
    };
    policies.iter().find(is_it)
}

/// Where the rules of a policy are.
pub fn rules_of(policy: &str) -> String {
    format!("{COLLECTION}/{policy}/rules")
}

/// What is ours in a rule of the account management policy: for whom, when, and who verifies.
pub fn rule_patch(when: When, groups: &[String], idp: &str, current: Option<&Value>) -> Value {
    let known = current.and_then(|rule| rule.pointer("/conditions/people/groups/include"));
    let same = known.and_then(Value::as_array).is_some_and(|known| {
        known.len() == groups.len() && groups.iter().all(|group| known.iter().any(|id| id.as_str() == Some(group)))
    });
    let include = known.filter(|_| same).cloned().unwrap_or_else(|| json!(groups));
    let condition = when.condition().map_or(Value::Null, |condition| json!({ "condition": condition }));
    json!({
        "conditions": { "people": { "groups": { "include": include } }, "elCondition": condition },
        "actions": { "appSignOn": { "access": "ALLOW", "verificationMethod": { "type": "ID_PROOFING", "id": idp } } },
    })
}

/// A new rule of the account management policy.
pub fn rule(name: &str, when: When, groups: &[String], idp: &str) -> Value {
    let blank = json!({
        "name": name,
        "priority": 1,
        "type": ACCESS,
        "system": false,
        "conditions": {
            "network": { "connection": "ANYWHERE" },
            "riskScore": { "level": "ANY" },
            "userType": { "include": [], "exclude": [] },
        },
    });
    merged(&blank, &rule_patch(when, groups, idp, None))
}

/// The id of the identity provider that a rule of the account management policy sends people to.
pub fn verifier(rule: &Value) -> Option<&str> {
    let method = rule.pointer("/actions/appSignOn/verificationMethod")?;
    (method.get("type")?.as_str()? == "ID_PROOFING").then(|| method.get("id")?.as_str()).flatten()
}

/// What is ours in a rule of a password policy: recovery is left to the account management policy.
pub fn handed_over(when: When) -> Value {
    let reset = json!({ "access": "ALLOW", "requirement": { "accessControl": "AUTH_POLICY" } });
    let mut patch = json!({ "actions": { "selfServicePasswordReset": reset } });
    if when != When::PasswordRecovery {
        patch = merged(&patch, &json!({ "actions": { "selfServiceUnlock": { "access": "ALLOW" } } }));
    }
    patch
}

/// Whether a rule of a password policy leaves recovery to the account management policy.
pub fn is_handed_over(rule: &Value) -> bool {
    let control = rule.pointer("/actions/selfServicePasswordReset/requirement/accessControl");
    control.and_then(Value::as_str) == Some("AUTH_POLICY")
}

/// Whether a rule of a password policy lets nobody reset a password.
pub fn denies_recovery(rule: &Value) -> bool {
    rule.pointer("/actions/selfServicePasswordReset/access").and_then(Value::as_str) == Some("DENY")
}

/// Whether a policy, a rule or an identity provider is in force.
pub fn is_active(object: &Value) -> bool {
    object.get("status").and_then(Value::as_str) == Some("ACTIVE")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_rule_is_what_oktas_guide_asks_for() {
        let made = rule("Ipse: verify", When::PasswordRecovery, &["00g1".to_owned()], "0oa1");
        assert_eq!(
            made,
            json!({
                "name": "Ipse: verify", "priority": 1, "type": "ACCESS_POLICY", "system": false,
                "conditions": {
                    "people": { "groups": { "include": ["00g1"] } },
                    "network": { "connection": "ANYWHERE" },
                    "riskScore": { "level": "ANY" },
                    "userType": { "include": [], "exclude": [] },
                    "elCondition": {
                        "condition": "accessRequest.authenticator.key == 'okta_password' && accessRequest.operation == 'recover'"
                    },
                },
                "actions": {
                    "appSignOn": { "access": "ALLOW", "verificationMethod": { "type": "ID_PROOFING", "id": "0oa1" } },
                },
            })
        );
        assert_eq!(verifier(&made), Some("0oa1"));
        let always = rule("Ipse: always", When::Always, &["00g1".to_owned()], "0oa1");
        assert!(always["conditions"].get("elCondition").is_none(), "no condition is every event");
    }

    #[test]
    fn what_is_theirs_in_a_rule_stays() {
        let theirs = json!({
            "priority": 7, "conditions": { "people": { "groups": { "include": ["b", "a"] }, "users": { "exclude": ["x"] } } },
            "actions": { "appSignOn": { "verificationMethod": { "type": "ASSURANCE" }, "keepMe": 1 } },
        });
        let wanted = ["a".to_owned(), "b".to_owned()];
        let changed = merged(&theirs, &rule_patch(When::Enrolment, &wanted, "0oa1", Some(&theirs)));
        assert_eq!((&changed["priority"], &changed["actions"]["appSignOn"]["keepMe"]), (&json!(7), &json!(1)));
        assert_eq!(changed["conditions"]["people"], theirs["conditions"]["people"], "the same groups in another order");
        assert_eq!(verifier(&theirs), None);
        assert_eq!(verifier(&changed), Some("0oa1"));
        let password = json!({ "actions": { "selfServicePasswordReset": {
            "access": "DENY", "type": "x", "requirement": { "accessControl": "LEGACY", "primary": { "methods": ["email"] } } } } });
        assert!(!is_handed_over(&password));
        let handed = merged(&password, &handed_over(When::PasswordRecovery));
        assert!(is_handed_over(&handed));
        let reset = &handed["actions"]["selfServicePasswordReset"];
        assert_eq!((&reset["type"], &reset["requirement"]["primary"]["methods"]), (&json!("x"), &json!(["email"])));
        assert!(handed["actions"].get("selfServiceUnlock").is_none());
        assert_eq!(handed_over(When::Unlock)["actions"]["selfServiceUnlock"]["access"], "ALLOW");
    }
}
