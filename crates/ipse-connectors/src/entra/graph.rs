//! Microsoft Graph, as far as somebody who has just been verified gets back into their account by it: a Temporary Access
//! Pass, which Graph makes and tells once. Whose account it is, the directory says by its own names and not by what whoever
//! asked for the verification called them.

use super::validation::halves;
use super::{Failed, Tenant, Token, is_guid};
use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use ipse_core::document::DocumentFacts;
use ipse_core::name::{Name, relaxed};
use ipse_core::{Private, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

/// Microsoft Graph in Microsoft's public cloud.
pub const GRAPH: &str = "https://graph.microsoft.com";
/// The roles of which one lets an application give passes; the first is the narrower.
pub const MAY_GIVE_PASSES: [&str; 2] = ["UserAuthMethod-TAP.ReadWrite.All", "UserAuthenticationMethod.ReadWrite.All"];
/// The roles of which one lets an application read what users are called; the first is the narrowest.
pub const MAY_READ_NAMES: [&str; 3] = ["User.ReadBasic.All", "User.Read.All", "Directory.Read.All"];
/// Minutes that a pass is good for where nothing else is said: as the directory has it by itself.
const USUAL_MINUTES: u32 = 60;
/// The longest user principal name.
const LONGEST_NAME: usize = 113;

/// A pass that is offered after a success: good once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// Minutes that it is good for, 10 to 43200; the directory's own policy may allow fewer.
    pub minutes: u32,
    /// The assurance level that the success has at least, 1 to 3.
    pub level: u8,
}

impl Default for Pass {
    fn default() -> Self {
        Self { minutes: USUAL_MINUTES, level: 2 }
    }
}

impl Pass {
    pub(super) fn validate(self) -> Result<(), Refusal> {
        if !(10..=43_200).contains(&self.minutes) {
            return Err(Refusal::invalid("temporary_access_pass", "must be good for 10 to 43200 minutes"));
        }
        if !(1..=3).contains(&self.level) {
            return Err(Refusal::invalid("temporary_access_pass_level", "must be 1 to 3"));
        }
        Ok(())
    }
}

/// Whether a name is one by which Graph finds a user: an id, or a user principal name.
pub fn is_user(name: &str) -> bool {
    let is_principal = |(name, domain): (&str, &str)| {
        let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"'.-_!#^~".contains(&byte);
        let of_domain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
        !name.is_empty() && !domain.is_empty() && name.bytes().all(of_name) && domain.bytes().all(of_domain)
    };
    is_guid(name) || name.len() <= LONGEST_NAME && name.split_once('@').is_some_and(is_principal)
}

/// A user, as the directory has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The object id.
    pub id: Private<String>,
    given: Private<String>,
    family: Private<String>,
}

impl User {
    /// Whether what was read on a document names them, by the relaxed rule. A user without both names is nobody.
    pub fn is_named_by(&self, facts: &DocumentFacts) -> bool {
        let (given, family) = halves(&facts.identity);
        let own = Name { given: self.given.reveal(), family: self.family.reveal(), truncated: false };
        let documented = Name { given: &given, family: &family, truncated: facts.name_truncated };
        [own.given, own.family, &given, &family].iter().all(|half| !half.is_empty())
            && relaxed(own, documented).is_some()
    }
}

/// What comes of asking for a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// What is typed at the next sign-in. It is told once.
    Pass(Private<String>),
    /// Not by an application: Graph keeps that for administrators, as with users who have such a role themselves.
    NotAllowed,
}

/// A request to Graph: a path, every part of which is one part whatever somebody else put into it, and what is sent.
pub(super) fn at_graph(
    tenant: &Tenant,
    token: &Token,
    (method, path): (Method, &[&str]),
    sent: Option<&Value>,
) -> http::Result<Request<Bytes>> {
    let mut address = Url::parse(&tenant.graph).ok();
    if let Some(mut parts) = address.as_mut().and_then(|address| address.path_segments_mut().ok()) {
        parts.pop_if_empty().extend(path);
    }
    if let (Some(address), ["v1.0", "users", _]) = (&mut address, path) {
        address.set_query(Some("$select=id,givenName,surname"));
    }
    let request = Request::builder()
        .method(method)
        .uri(address.map(String::from).unwrap_or_default())
        .header(header::AUTHORIZATION, format!("Bearer {}", token.access))
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, crate::USER_AGENT);
    match sent {
        None => request.body(Bytes::new()),
        Some(sent) => request.header(header::CONTENT_TYPE, "application/json").body(Bytes::from(sent.to_string())),
    }
}

fn ask(
    tenant: &Tenant,
    token: &Token,
    (method, path): (Method, &[&str]),
    sent: Option<&Value>,
) -> http::Result<Request<Bytes>> {
    at_graph(tenant, token, (method, &[&["v1.0", "users"], path].concat()), sent)
}

/// Asks who a user is.
///
/// # Errors
/// When the address is none.
pub fn ask_for_user(tenant: &Tenant, token: &Token, user: &str) -> http::Result<Request<Bytes>> {
    ask(tenant, token, (Method::GET, &[user]), None)
}

/// Where the passes of a user are.
const OF_USER: [&str; 2] = ["authentication", "temporaryAccessPassMethods"];

/// Asks which passes a user has.
///
/// # Errors
/// When the address is none.
pub fn ask_for_passes(tenant: &Tenant, token: &Token, user: &User) -> http::Result<Request<Bytes>> {
    let [under, passes] = OF_USER;
    ask(tenant, token, (Method::GET, &[user.id.reveal(), under, passes]), None)
}

/// Asks to remove a pass: a user has one at a time.
///
/// # Errors
/// When the address is none.
pub fn remove_pass(tenant: &Tenant, token: &Token, user: &User, pass: &str) -> http::Result<Request<Bytes>> {
    let [under, passes] = OF_USER;
    ask(tenant, token, (Method::DELETE, &[user.id.reveal(), under, passes, pass]), None)
}

/// Asks for a pass that is good once.
///
/// # Errors
/// When the address is none.
pub fn give_pass(tenant: &Tenant, token: &Token, user: &User, pass: Pass) -> http::Result<Request<Bytes>> {
    let [under, passes] = OF_USER;
    let body = json!({ "lifetimeInMinutes": pass.minutes, "isUsableOnce": true });
    ask(tenant, token, (Method::POST, &[user.id.reveal(), under, passes]), Some(&body))
}

const UNREAD: Failed =
    Failed { advice: "Graph answered with something that could not be read.", may_pass: true, needs_token: false };
const POLICY: &str = "Entra gives this user no Temporary Access Pass as it is asked for: in Authentication methods, Policies, \
                      enable it for a group that they are in, and allow one-time passes of this lifetime.";
/// What an application lacks that may not give passes.
pub const NO_PASSES: &str = "The application may not give passes: in App registrations, API permissions, add the application \
                             permissions UserAuthMethod-TAP.ReadWrite.All and User.ReadBasic.All of Microsoft Graph, and \
                             grant an administrator's consent.";

/// Reads an answer that is not the wanted one, by its status: what Graph says besides may repeat what was sent.
fn failed(status: StatusCode) -> Failed {
    let (advice, may_pass) = match status.as_u16() {
        400 | 409 | 422 => (POLICY, false),
        401 | 403 => (NO_PASSES, false),
        404 | 405 => ("There is nothing at this address. Compare the address of Graph.", false),
        408 | 423 | 429 => ("Graph wants to be asked less often.", true),
        500..=599 => ("Graph cannot answer right now.", true),
        _ => ("Graph refused the request.", false),
    };
    Failed { advice, may_pass, needs_token: status == StatusCode::UNAUTHORIZED }
}

fn object(status: StatusCode, body: &[u8]) -> Result<Value, Failed> {
    if !status.is_success() {
        return Err(failed(status));
    }
    serde_json::from_slice::<Value>(body).ok().filter(Value::is_object).ok_or(UNREAD)
}

fn text<'a>(of: &'a Value, name: &str) -> Option<&'a str> {
    of.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// Reads who a user is; nothing where there is none.
///
/// # Errors
/// When it is not told.
pub fn read_user(status: StatusCode, body: &[u8]) -> Result<Option<User>, Failed> {
    if status == StatusCode::NOT_FOUND {
        return Ok(None);
    }
    let user = object(status, body)?;
    let private = |name: &str| Private::new(text(&user, name).unwrap_or_default().to_owned());
    let id = text(&user, "id").filter(|id| is_guid(id)).ok_or(UNREAD)?;
    Ok(Some(User { id: Private::new(id.to_owned()), given: private("givenName"), family: private("surname") }))
}

/// Reads the ids of a user's passes; nothing where the application may not know.
///
/// # Errors
/// When they are not told.
pub fn read_passes(status: StatusCode, body: &[u8]) -> Result<Option<Vec<String>>, Failed> {
    if status == StatusCode::FORBIDDEN {
        return Ok(None);
    }
    let listed = object(status, body)?;
    let listed = listed.get("value").and_then(Value::as_array).ok_or(UNREAD)?;
    let read: Vec<String> = listed.iter().filter_map(|one| text(one, "id").map(str::to_owned)).collect();
    // One without an id could not be removed, and would stay.
    if read.len() == listed.len() { Ok(Some(read)) } else { Err(UNREAD) }
}

/// Reads whether a pass was removed, by this or by somebody else; false where the application may not.
///
/// # Errors
/// When it was not.
pub fn read_removed(status: StatusCode) -> Result<bool, Failed> {
    match status {
        StatusCode::FORBIDDEN => Ok(false),
        StatusCode::NOT_FOUND => Ok(true),
        _ if status.is_success() => Ok(true),
        _ => Err(failed(status)),
    }
}

/// Reads a pass.
///
/// # Errors
/// When there is none, or none that could be used.
pub fn read_pass(status: StatusCode, body: &[u8]) -> Result<Given, Failed> {
    if status == StatusCode::FORBIDDEN {
        return Ok(Given::NotAllowed);
    }
    let pass = object(status, body)?;
    if text(&pass, "methodUsabilityReason") == Some("DisabledByPolicy") {
        return Err(Failed { advice: POLICY, may_pass: false, needs_token: false });
    }
    let pass = text(&pass, "temporaryAccessPass").ok_or(UNREAD)?;
    Ok(Given::Pass(Private::new(pass.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::tests::tenant;
    use super::*;
    use ipse_core::person::Identity;

    const ID: &str = "071cc716-8147-4397-a5ba-b2105951cc0b";

    fn token() -> Token {
        Token { access: "t".into(), lives: 1, roles: Vec::new() }
    }

    fn user(given: &str, family: &str) -> User {
        let body = json!({ "id": ID, "givenName": given, "surname": family }).to_string();
        read_user(StatusCode::OK, body.as_bytes()).unwrap().unwrap()
    }

    /// The requests of authentication-post-temporaryaccesspassmethods and of its list and delete, v1.0.
    #[test]
    fn the_questions_are_those_of_the_reference() {
        let (tenant, token, user) = (tenant(), token(), user("Megan", "Bowen"));
        let there = format!("{GRAPH}/v1.0/users/{ID}/authentication/temporaryAccessPassMethods");
        let sent = give_pass(&tenant, &token, &user, Pass::default()).unwrap();
        assert_eq!((sent.method(), sent.uri().to_string()), (&Method::POST, there.clone()));
        assert_eq!(sent.headers()[header::CONTENT_TYPE], "application/json");
        assert_eq!(sent.headers()[header::AUTHORIZATION], "Bearer t");
        let body: Value = serde_json::from_slice(sent.body()).unwrap();
        assert_eq!(body, json!({ "lifetimeInMinutes": 60, "isUsableOnce": true }));
        let sent = ask_for_passes(&tenant, &token, &user).unwrap();
        assert_eq!((sent.method(), sent.uri().to_string()), (&Method::GET, there.clone()));
        let sent = remove_pass(&tenant, &token, &user, "p/1").unwrap();
        assert_eq!((sent.method(), sent.uri().to_string()), (&Method::DELETE, format!("{there}/p%2F1")));
        let sent = ask_for_user(&tenant, &token, "megan_x.com#EXT#@contoso.com").unwrap();
        let there = format!("{GRAPH}/v1.0/users/megan_x.com%23EXT%23@contoso.com?$select=id,givenName,surname");
        assert_eq!((sent.method(), sent.uri().to_string()), (&Method::GET, there));
    }

    #[test]
    fn only_what_graph_takes_for_a_user_is_one() {
        let long = format!("{}@contoso.com", "x".repeat(LONGEST_NAME));
        for name in [ID, "megan@contoso.com", "o'neill.m-b_1@sub.contoso.com", "m_x.com#EXT#@contoso.com"] {
            assert!(is_user(name), "{name}");
        }
        let others = [
            "",
            "E1001",
            "@",
            "a@",
            "@b",
            "a@b@c",
            "cli_1/megan@contoso.com",
            "once/req_1",
            "megan@contoso.com/..",
            "megan @contoso.com",
            "megan@contoso.com?x",
            "megan@contoso.com\n",
            "6816f79cc0a8016401c5a33be04be441",
            &long,
        ];
        for name in others {
            assert!(!is_user(name), "{name}");
        }
    }

    /// The answer of the reference.
    #[test]
    fn a_pass_is_read_and_never_printed() {
        let mut body = json!({
            "@odata.type": "#microsoft.graph.temporaryAccessPassAuthenticationMethod",
            "id": "6f1967b7-15e8-4935-ac26-d50770ed07a7", "temporaryAccessPass": "+drkzqAD",
            "createdDateTime": "2022-06-02T16:21:09.765173Z", "startDateTime": "2022-06-05T00:00:00Z",
            "lifetimeInMinutes": 60, "isUsableOnce": false, "isUsable": false, "methodUsabilityReason": "NotYetValid"
        });
        let read = |body: &Value| read_pass(StatusCode::CREATED, body.to_string().as_bytes());
        let given = read(&body).unwrap();
        assert!(matches!(&given, Given::Pass(pass) if pass.reveal() == "+drkzqAD"));
        assert!(!format!("{given:?}").contains("drkz"));
        body["methodUsabilityReason"] = json!("DisabledByPolicy");
        assert_eq!(read(&body).unwrap_err().advice, POLICY);
        for none in
            [json!({}), json!({ "temporaryAccessPass": null }), json!({ "temporaryAccessPass": " " }), json!([])]
        {
            assert!(read(&none).unwrap_err().may_pass, "{none}");
        }
        assert!(read_pass(StatusCode::CREATED, b"{\"temporaryAccessPass\":\"x").is_err());
    }

    #[test]
    fn a_refusal_says_what_to_do_and_repeats_nothing() {
        let body =
            json!({ "error": { "code": "badRequest", "message": "megan", "innerError": { "date": "d" } } }).to_string();
        let pass = |status: u16| read_pass(StatusCode::from_u16(status).unwrap(), body.as_bytes());
        assert_eq!(pass(403), Ok(Given::NotAllowed));
        assert!(pass(400).unwrap_err().advice.contains("Authentication methods"));
        assert!(pass(401).unwrap_err().needs_token && pass(401).unwrap_err().advice == NO_PASSES);
        for (status, may_pass) in [(404, false), (418, false), (429, true), (500, true), (503, true), (302, false)] {
            let failed = pass(status).unwrap_err();
            assert!(failed.may_pass == may_pass && !failed.advice.contains("megan"), "{status}");
        }
        let not_found = StatusCode::NOT_FOUND;
        assert_eq!(read_user(not_found, b"").unwrap(), None);
        assert!(read_passes(not_found, b"").is_err() && read_removed(not_found) == Ok(true));
        assert_eq!(read_passes(StatusCode::FORBIDDEN, b""), Ok(None));
        assert_eq!(read_removed(StatusCode::FORBIDDEN), Ok(false));
        assert!(read_removed(StatusCode::NO_CONTENT) == Ok(true) && read_removed(StatusCode::BAD_GATEWAY).is_err());
        let listed = |body: Value| read_passes(StatusCode::OK, body.to_string().as_bytes());
        assert_eq!(listed(json!({ "value": [{ "id": "a" }, { "id": "b" }] })).unwrap().unwrap(), ["a", "b"]);
        assert!(listed(json!({ "value": [{ "id": "a" }, {}] })).is_err() && listed(json!({})).is_err());
        for odd in [json!({}), json!({ "id": "x" }), json!({ "id": 1 }), json!([])] {
            assert!(read_user(StatusCode::OK, odd.to_string().as_bytes()).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_user_is_named_by_a_document_or_is_somebody_else() {
        let facts = |given: &str, family: &str| DocumentFacts {
            identity: Identity {
                given_name: Some(given.to_owned().into()),
                family_name: Some(family.to_owned().into()),
                ..Identity::default()
            },
            ..DocumentFacts::default()
        };
        assert!(user("Megan", "Bowen").is_named_by(&facts("MEGAN ANNE", "BOWEN")));
        assert!(!format!("{:?}", user("Megan", "Bowen")).contains("Megan"));
        for (given, family) in [("Eve", "Bowen"), ("Megan", "Nilsson"), ("", "Bowen"), ("Megan", ""), ("", "")] {
            assert!(!user(given, family).is_named_by(&facts("MEGAN", "BOWEN")), "{given} {family}");
            assert!(!user("Megan", "Bowen").is_named_by(&facts(given, family)), "{given} {family}");
        }
        assert!(!user("", "").is_named_by(&DocumentFacts::default()));
    }

    #[test]
    fn a_pass_out_of_bounds_is_refused() {
        for (minutes, level, right) in
            [(10, 1, true), (43_200, 3, true), (9, 2, false), (43_201, 2, false), (60, 0, false), (60, 4, false)]
        {
            let tenant = Tenant { temporary_access_pass: Some(Pass { minutes, level }), ..tenant() };
            assert_eq!(tenant.validate(false).is_ok(), right, "{minutes} {level}");
        }
        assert!(Tenant { graph: "http://graph.microsoft.com".into(), ..tenant() }.validate(false).is_err());
    }
}
