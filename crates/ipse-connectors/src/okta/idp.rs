//! The identity provider of type `IDV_STANDARD`: how Okta is told of Ipse.
//!
//! The JSON is written by hand: the published schema of this type leaves out the issuer and demands what belongs to other
//! vendors.

use super::patch::{differences, merged};
use serde_json::{Value, json};

/// Where identity providers are.
pub const COLLECTION: &str = "/api/v1/idps";
/// The type of a custom vendor of identity verification.
pub const TYPE: &str = "IDV_STANDARD";
/// How far Okta lets our clock be off, in milliseconds.
const CLOCK_SKEW: u32 = 120_000;

/// What Ipse serves, and as whom Okta comes.
#[derive(Debug, Clone)]
pub struct Served {
    /// The issuer of ID tokens.
    pub issuer: String,
    /// Where requests are pushed.
    pub par: String,
    /// Where browsers are sent.
    pub authorize: String,
    /// Where codes are redeemed.
    pub token: String,
    /// Where the keys are.
    pub jwks: String,
    /// Okta's id at Ipse.
    pub client_id: String,
}

/// What is wanted of the identity provider.
pub struct Wanted<'a> {
    /// Its name, which people are shown; at most 100 characters.
    pub name: &'a str,
    /// What Ipse serves.
    pub served: &'a Served,
    /// What Okta asks for.
    pub scopes: &'a [String],
    /// The address of the terms that people are shown; what there is stays where it is left out.
    pub terms: Option<&'a str>,
    /// Likewise of the privacy policy.
    pub privacy: Option<&'a str>,
}

/// What is ours in an identity provider.
pub fn patch(wanted: &Wanted<'_>, current: Option<&Value>) -> Value {
    let Served { issuer, par, authorize, token, jwks, client_id } = wanted.served;
    let known = current.and_then(|idp| idp.pointer("/protocol/scopes"));
    let mut patch = json!({
        "protocol": {
            "endpoints": {
                "par": { "url": par },
                "authorization": { "url": authorize },
                "token": { "url": token },
                "jwks": { "url": jwks },
            },
            "issuer": { "url": issuer },
            "credentials": { "client": { "client_id": client_id } },
        },
    });
    // Their order says nothing.
    let scopes =
        known.filter(|known| is_same_set(known, wanted.scopes)).cloned().unwrap_or_else(|| json!(wanted.scopes));
    patch = merged(&patch, &json!({ "protocol": { "scopes": scopes } }));
    for (name, url) in [("termsOfUse", wanted.terms), ("privacyPolicy", wanted.privacy)] {
        if let Some(url) = url {
            patch = merged(&patch, &json!({ "properties": { "idvMetadata": { (name): url } } }));
        }
    }
    patch
}

fn is_same_set(known: &Value, wanted: &[String]) -> bool {
    let texts: Vec<&str> = known.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    texts.len() == wanted.len() && wanted.iter().all(|scope| texts.contains(&scope.as_str()))
}

/// A new identity provider; its secret is put in by [`with_secret`].
pub fn create(wanted: &Wanted<'_>) -> Value {
    let blank = json!({
        "type": TYPE,
        "name": wanted.name,
        "protocol": {
            "type": "ID_PROOFING",
            "endpoints": {
                "par": { "binding": "HTTP-REDIRECT" },
                "authorization": { "binding": "HTTP-REDIRECT" },
                "token": { "binding": "HTTP-POST" },
                "jwks": { "binding": "HTTP-REDIRECT" },
            },
        },
        "policy": {
            "provisioning": { "action": "DISABLED", "profileMaster": false, "groups": null },
            "accountLink": { "filter": null, "action": "AUTO" },
            "subject": {
                "userNameTemplate": { "template": "source.userName" },
                "filter": null,
                "matchType": "USERNAME",
                "matchAttribute": null,
            },
            "maxClockSkew": CLOCK_SKEW,
        },
        "properties": { "idvMetadata": { "vendorDisplayName": wanted.name } },
    });
    merged(&blank, &patch(wanted, None))
}

/// The same, with the binding that Okta's schema has for pushed requests where its examples have another.
pub fn with_posted_par(body: &Value) -> Value {
    merged(body, &json!({ "protocol": { "endpoints": { "par": { "binding": "HTTP-POST" } } } }))
}

/// The same, with a client's secret.
pub fn with_secret(body: &Value, secret: &str) -> Value {
    merged(body, &json!({ "protocol": { "credentials": { "client": { "client_secret": secret } } } }))
}

/// Whether the secret is in what was read, so that it can be sent back with the rest.
pub fn has_secret(idp: &Value) -> bool {
    let secret = idp.pointer("/protocol/credentials/client/client_secret").and_then(Value::as_str);
    secret.is_some_and(|secret| !secret.is_empty() && !secret.bytes().all(|byte| byte == b'*'))
}

/// The id of the client that Okta comes as.
pub fn client_id(idp: &Value) -> Option<&str> {
    idp.pointer("/protocol/credentials/client/client_id")?.as_str()
}

/// The scopes that Okta asks for.
pub fn scopes(idp: &Value) -> Vec<&str> {
    let scopes = idp.pointer("/protocol/scopes").and_then(Value::as_array);
    scopes.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// What Okta has got wrong about what Ipse serves: one line each.
pub fn mistakes(idp: &Value, served: &Served) -> Vec<String> {
    let scopes: Vec<String> = scopes(idp).into_iter().map(str::to_owned).collect();
    let name = idp.get("name").and_then(Value::as_str).unwrap_or_default();
    let wanted = Wanted { name, served, scopes: &scopes, terms: None, privacy: None };
    let right = merged(idp, &patch(&wanted, Some(idp)));
    let show = |value: Option<serde_json::Value>| value.map_or("nothing".to_owned(), |value| value.to_string());
    let line = |one: super::patch::Difference| {
        format!("{} is {}, but Ipse serves {}", one.path, show(one.before), show(one.after))
    };
    differences(idp, &right).into_iter().map(line).collect()
}

/// What Okta sends of a person, by the names of the claims: the members of the mapping to the identity provider.
pub fn mapped(mapping: &Value) -> Vec<&str> {
    let properties = mapping.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served() -> Served {
        let at = |path: &str| format!("https://ipse.example{path}");
        Served {
            issuer: at(""),
            par: at("/oauth2/par"),
            authorize: at("/oauth2/authorize"),
            token: at("/oauth2/token"),
            jwks: at("/oauth2/jwks"),
            client_id: "cli_1".to_owned(),
        }
    }

    fn scopes_of(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_new_one_is_what_oktas_guide_asks_for() {
        let (served, scopes) = (served(), scopes_of("openid profile identity_assurance"));
        let terms = Some("https://ipse.example/terms");
        let wanted = Wanted { name: "Ipse", served: &served, scopes: &scopes, terms, privacy: terms };
        let made = create(&wanted);
        assert_eq!((&made["type"], &made["name"]), (&json!("IDV_STANDARD"), &json!("Ipse")));
        assert_eq!(
            made["protocol"],
            json!({
                "type": "ID_PROOFING",
                "endpoints": {
                    "par": { "url": "https://ipse.example/oauth2/par", "binding": "HTTP-REDIRECT" },
                    "authorization": { "url": "https://ipse.example/oauth2/authorize", "binding": "HTTP-REDIRECT" },
                    "token": { "url": "https://ipse.example/oauth2/token", "binding": "HTTP-POST" },
                    "jwks": { "url": "https://ipse.example/oauth2/jwks", "binding": "HTTP-REDIRECT" },
                },
                "issuer": { "url": "https://ipse.example" },
                "scopes": ["openid", "profile", "identity_assurance"],
                "credentials": { "client": { "client_id": "cli_1" } },
            })
        );
        let shown = &made["properties"]["idvMetadata"];
        assert_eq!((&shown["termsOfUse"], &shown["vendorDisplayName"]), (&json!(terms), &json!("Ipse")));
        assert_eq!(made["policy"]["accountLink"], json!({ "filter": null, "action": "AUTO" }));
        assert_eq!(with_posted_par(&made)["protocol"]["endpoints"]["par"]["binding"], "HTTP-POST");
        assert!(!has_secret(&made) && has_secret(&with_secret(&made, "s")) && !has_secret(&with_secret(&made, "****")));
        assert_eq!(merged(&made, &patch(&wanted, Some(&made))), made, "there is nothing left to change");
    }

    #[test]
    fn what_is_theirs_stays_and_mistakes_are_named() {
        let (served, scopes) = (served(), scopes_of("openid profile identity_assurance"));
        let wanted = Wanted { name: "Ipse", served: &served, scopes: &scopes, terms: None, privacy: None };
        let theirs = json!({
            "id": "0oa1", "status": "ACTIVE", "future": { "x": [1] },
            "protocol": { "issuer": { "url": "https://ipse.example/" }, "scopes": ["identity_assurance", "openid", "profile"],
                "credentials": { "client": { "client_id": "old", "client_secret": "kept" } } },
        });
        let changed = merged(&theirs, &patch(&wanted, Some(&theirs)));
        assert_eq!((&changed["future"], &changed["id"]), (&theirs["future"], &theirs["id"]));
        assert_eq!(changed["protocol"]["scopes"], theirs["protocol"]["scopes"]);
        assert_eq!(
            changed["protocol"]["credentials"]["client"],
            json!({ "client_id": "cli_1", "client_secret": "kept" })
        );
        let found = mistakes(&theirs, &served);
        assert!(found.iter().any(|line| {
            line == "protocol.issuer.url is \"https://ipse.example/\", but Ipse serves \"https://ipse.example\""
        }));
        assert!(
            found.iter().any(|line| line.starts_with("protocol.credentials.client.client_id is \"old\"")),
            "{found:?}"
        );
        assert_eq!(found.len(), 6, "{found:?}");
        assert!(mistakes(&changed, &served).is_empty());
    }
}
