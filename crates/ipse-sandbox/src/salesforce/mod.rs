//! A miniature Salesforce org with Ipse's package in it. For a server that publishes results: the token endpoint, the REST
//! API that takes platform events, and what the package's trigger makes of them, with Salesforce's own paths and errors, and
//! made to fail as orgs do. For people: records on whose pages the package's component runs as it is shipped, and transfers
//! that the package's flow carries out as it is shipped. As a relying party, it signs people in through the package's
//! authentication provider. What the package says in Apex is said here in Rust.

mod api;
mod callout;
mod controller;
mod flow;
mod login;
mod lwc;
mod package;
mod pages;
mod policy;
mod provider;
mod receipt;
mod registration;
mod trigger;
mod verifications;
mod views;

pub use callout::Credential;

use crate::directory::employees;
use crate::{Partners, now};
use aws_lc_rs::rand;
use axum::Router;
use flow::Interview;
use jiff::{SignedDuration, Timestamp};
use provider::{Provider, Way};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::watch;

/// The id of the org.
pub const ORG: &str = "00D000000000001EAA";
/// The integration user.
pub const USER: &str = "ipse@utopia.example.com";
/// What the external client app is known by.
pub const CONSUMER_KEY: &str = "3MVG9.utopia.ipse";
/// Its secret.
pub const CONSUMER_SECRET: &str = "9F1C0A5E";

/// What the name of the transfers' policy is.
pub const TRANSFERS: &str = "Large_Transfer";

/// A record, field by field.
type Row = Map<String, Value>;

/// Somebody who works there.
struct User {
    id: &'static str,
    name: &'static str,
    /// Whether they have the custom permission `Ipse_Request`.
    may_request: bool,
}

const USERS: [User; 2] = [
    User { id: "005000000000002AAA", name: "Kim, agent", may_request: true },
    User { id: "005000000000003AAA", name: "Casey, clerk", may_request: false },
];

/// A key whose receipts are believed: `Ipse_Key__mdt`.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name, which receipts give as `kid`.
    pub name: String,
    /// The address of the server.
    pub issuer: String,
    /// The organization there.
    pub organization: String,
    /// The public key: a subject public key info in base64.
    pub public: String,
}

/// What the trigger made of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was believed and written into the record.
    Written,
    /// It was believed and says nothing new.
    Known,
    /// No key of the org signed it as it stands.
    Dropped,
}

/// An event that was published.
#[derive(Clone, Debug)]
pub struct Published {
    /// The event, field by field.
    pub event: Row,
    /// What became of it.
    pub effect: Effect,
}

/// A request to the org, and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its path.
    pub path: String,
    /// The status of the answer; none where the connection was closed instead.
    pub status: Option<u16>,
    /// How many events it carried.
    pub events: usize,
}

/// What goes wrong with a publication.
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// An error for all of it.
    Refused {
        /// Its status.
        status: u16,
        /// Its code.
        code: &'static str,
        /// What `Retry-After` says, in seconds.
        retry_after: Option<u32>,
    },
    /// Some of the events are not taken: the first and each so many after it.
    Partly {
        /// One of so many.
        every: usize,
        /// The code of their error.
        code: &'static str,
    },
    /// The connection is closed before anything is done.
    ClosedBefore,
    /// The connection is closed after everything was done.
    ClosedAfter,
}

struct Inner {
    address: String,
    partners: Weak<Partners>,
    /// By how much its clock is ahead.
    ahead: SignedDuration,
    /// What was uploaded to the external client app: the certificate's subject public key info.
    certificate: Option<Vec<u8>>,
    /// What the token endpoint answers instead of a token.
    refusal: Option<(&'static str, &'static str)>,
    /// The tokens that were given, and how often each was used.
    tokens: BTreeMap<String, usize>,
    given: usize,
    /// How often a token may be used.
    uses: Option<usize>,
    keys: Vec<Key>,
    faults: VecDeque<Fault>,
    events: Vec<Published>,
    /// The identity verifications, by their own ids.
    records: BTreeMap<String, Row>,
    /// Those ids, by verification and by request.
    known: BTreeMap<String, String>,
    tasks: Vec<Row>,
    calls: Vec<Call>,
    /// The records of standard objects, by their ids.
    objects: BTreeMap<String, Row>,
    credential: Option<Credential>,
    /// The access token that the named credential holds.
    bought: Option<String>,
    setting: Row,
    policies: Vec<Row>,
    /// The users, by their ids, and whose link to the provider is which of them.
    users: BTreeMap<String, Row>,
    links: BTreeMap<String, String>,
    provider: Option<Arc<Provider>>,
    /// The browsers that are at the provider.
    ways: Vec<Way>,
    /// Whose sessions there are, by their tokens.
    sessions: BTreeMap<String, String>,
    /// The interviews of flows that wait, by their numbers.
    paused: BTreeMap<u64, Interview>,
    interviews: u64,
    /// What stopped flows that met something unknown.
    errors: Vec<String>,
    /// Rises with every change, for pages that are open.
    changes: watch::Sender<u64>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            address: String::new(),
            partners: Weak::new(),
            ahead: SignedDuration::ZERO,
            certificate: None,
            refusal: None,
            tokens: BTreeMap::new(),
            given: 0,
            uses: None,
            keys: Vec::new(),
            faults: VecDeque::new(),
            events: Vec::new(),
            records: BTreeMap::new(),
            known: BTreeMap::new(),
            tasks: Vec::new(),
            calls: Vec::new(),
            objects: contacts(),
            credential: None,
            bought: None,
            setting: package::setting(),
            policies: vec![package::large_transfer()],
            users: users(),
            links: BTreeMap::new(),
            provider: None,
            ways: Vec::new(),
            sessions: BTreeMap::new(),
            paused: BTreeMap::new(),
            interviews: 0,
            errors: Vec::new(),
            changes: watch::Sender::new(0),
        }
    }
}

impl Inner {
    fn now(&self) -> i64 {
        now().as_second().saturating_add(self.ahead.as_secs())
    }

    /// The time there, as records say it.
    fn said_now(&self) -> String {
        Timestamp::from_second(self.now()).map(|at| at.to_string()).unwrap_or_default()
    }

    /// A new identity verification, not stored yet.
    fn draft(&self, request_key: &str) -> Row {
        let number = self.records.len();
        let mut record = Row::new();
        record.insert("Id".to_owned(), json!(format!("a00{number:0>12}AAA")));
        record.insert("Name".to_owned(), json!(format!("IV-{:0>6}", number + 1)));
        record.insert("CreatedDate".to_owned(), json!(self.said_now()));
        record.insert("Status__c".to_owned(), json!("requested"));
        if !request_key.is_empty() {
            record.insert("Request_Key__c".to_owned(), json!(request_key));
        }
        record
    }

    /// Stores an identity verification; its id.
    fn store(&mut self, record: Row) -> String {
        let id = text(&record, "Id").to_owned();
        for field in ["Verification_Id__c", "Request_Key__c"] {
            let known = text(&record, field);
            if !known.is_empty() {
                self.known.insert(known.to_owned(), id.clone());
            }
        }
        self.records.insert(id.clone(), record);
        self.tell_change();
        id
    }

    /// Tells the pages that are open.
    fn tell_change(&self) {
        self.changes.send_modify(|changes| *changes = changes.wrapping_add(1));
    }
}

/// The miniature org.
#[derive(Default)]
pub struct Salesforce(Mutex<Inner>);

impl Salesforce {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells it its own address, and the partners it is one of.
    pub(crate) fn open(&self, address: String, partners: Weak<Partners>) {
        self.with(|inner| (inner.address, inner.partners) = (address, partners));
    }

    /// Fills in what the package's administrator does: the named credential, the journeys that components and transfers
    /// ask for, and the policy for large transfers, which is switched on.
    pub fn set_up(&self, credential: Credential, journey: &str, step_up_journey: &str) {
        self.with(|inner| {
            (inner.credential, inner.bought) = (Some(credential), None);
            inner.setting.insert("Journey__c".to_owned(), json!(journey));
            for policy in &mut inner.policies {
                policy.insert("Active__c".to_owned(), json!(true));
                policy.insert("Journey__c".to_owned(), json!(journey));
                policy.insert("Step_Up_Journey__c".to_owned(), json!(step_up_journey));
            }
        });
    }

    /// Deploys the authentication provider for a server, with the id and the secret that the server gave.
    pub fn provide(&self, server: &str, client_id: String, client_secret: String) {
        let provider = Provider::new(server, client_id, client_secret);
        self.with(|inner| inner.provider = Some(Arc::new(provider)));
    }

    /// Changes the package's setting: `Ipse_Setting__mdt`, *Default*.
    pub fn configure(&self, fields: Map<String, Value>) {
        self.with(|inner| inner.setting.extend(fields));
    }

    /// The users, by their ids.
    pub fn users(&self) -> BTreeMap<String, Map<String, Value>> {
        self.with(|inner| inner.users.clone())
    }

    /// Lets a user in or not.
    pub fn set_active(&self, user: &str, is_active: bool) {
        self.with(|inner| {
            if let Some(user) = inner.users.get_mut(user) {
                user.insert("IsActive".to_owned(), json!(is_active));
            }
        });
    }

    /// A record of a standard object.
    pub fn record(&self, id: &str) -> Option<Map<String, Value>> {
        self.with(|inner| inner.objects.get(id).cloned())
    }

    /// What stopped flows that met something unknown, oldest first.
    pub fn errors(&self) -> Vec<String> {
        self.with(|inner| inner.errors.clone())
    }

    /// Uploads a certificate (PEM) to the external client app; says whether it is one.
    pub fn upload(&self, certificate: &str) -> bool {
        let read = api::public_key(certificate);
        self.with(|inner| inner.certificate = read);
        self.with(|inner| inner.certificate.is_some())
    }

    /// Deploys a key whose receipts are believed from now on.
    pub fn trust(&self, key: Key) {
        self.with(|inner| inner.keys.push(key));
    }

    /// Lets time pass there.
    pub fn pass(&self, time: SignedDuration) {
        self.with(|inner| inner.ahead = inner.ahead.saturating_add(time));
        self.with(|inner| inner.tell_change());
        self.wake(|interview, now| interview.alarm <= now);
    }

    /// Waits until its clock says so, in Unix seconds.
    async fn until(&self, due: i64) {
        let mut changes = self.with(|inner| inner.changes.subscribe());
        loop {
            let left = due.saturating_sub(self.with(|inner| inner.now()));
            if left <= 0 {
                return;
            }
            // Whichever comes first: the time, or somebody who moves the clock.
            let _ = tokio::time::timeout(SignedDuration::from_secs(left).unsigned_abs(), changes.changed()).await;
        }
    }

    /// Lets the next publications go wrong, one each, in this order.
    pub fn disturb(&self, faults: impl IntoIterator<Item = Fault>) {
        self.with(|inner| inner.faults.extend(faults));
    }

    /// Faults that no publication has met yet.
    pub fn faults_left(&self) -> usize {
        self.with(|inner| inner.faults.len())
    }

    /// Gives no token but this error and its description; nothing ends that.
    pub fn refuse_tokens(&self, refusal: Option<(&'static str, &'static str)>) {
        self.with(|inner| inner.refusal = refusal);
    }

    /// Lets a token end after so many calls; nothing lets it live.
    pub fn end_tokens_after(&self, calls: Option<usize>) {
        self.with(|inner| inner.uses = calls);
    }

    /// How many tokens were given.
    pub fn given_tokens(&self) -> usize {
        self.with(|inner| inner.given)
    }

    /// Every event that was published, oldest first.
    pub fn events(&self) -> Vec<Published> {
        self.with(|inner| inner.events.clone())
    }

    /// The records of verifications, by the verification's id.
    pub fn records(&self) -> BTreeMap<String, Map<String, Value>> {
        self.with(|inner| {
            let of = |row: &Row| (text(row, "Verification_Id__c").to_owned(), row.clone());
            inner.records.values().filter(|row| row.contains_key("Verification_Id__c")).map(of).collect()
        })
    }

    /// The Tasks, oldest first.
    pub fn tasks(&self) -> Vec<Map<String, Value>> {
        self.with(|inner| inner.tasks.clone())
    }

    /// Every call, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.with(|inner| inner.calls.clone())
    }
}

pub(crate) fn routes() -> Router<Arc<Partners>> {
    api::routes().merge(pages::routes()).merge(login::routes())
}

/// Those who work there, as users.
fn users() -> BTreeMap<String, Row> {
    let of = |user: &User| {
        let (first, _) = user.name.split_once(',').unwrap_or((user.name, ""));
        let said = json!({
            "Name": user.name,
            "Username": format!("{}@utopia.example", first.to_lowercase()),
            "Email": format!("{}@utopia.example", first.to_lowercase()),
            "Profile": "Standard User",
            "IsActive": true,
        });
        (user.id.to_owned(), said.as_object().cloned().unwrap_or_default())
    };
    USERS.iter().map(of).collect()
}

/// The directory as contacts, whose addresses have been known for long.
fn contacts() -> BTreeMap<String, Row> {
    let contact = |(number, known): (usize, crate::directory::Employee)| {
        let id = contact(number);
        let said = json!({
            "Id": id,
            "FirstName": known.person.given_names,
            "LastName": known.person.family_name,
            "Email": known.email,
            "MobilePhone": known.phone,
            "Ipse_Contact_Changed_At__c": "2020-01-01T00:00:00Z",
        });
        (id, said.as_object().cloned().unwrap_or_default())
    };
    employees().into_iter().enumerate().map(contact).collect()
}

/// The id of the contact that somebody of the directory is, by their place there.
pub fn contact(place: usize) -> String {
    format!("{}{:0>12}AAA", trigger::CONTACT, place + 1)
}

/// Who acts, if it is somebody known; otherwise whoever may do less.
fn user(id: &str) -> &'static User {
    let [first, last] = &USERS;
    if first.id == id { first } else { last }
}

/// What kind of record an id is of, as far as pages show them.
fn object(id: &str) -> &'static str {
    match id.get(..3) {
        Some("006") => "Opportunity",
        Some(trigger::CONTACT) => "Contact",
        _ => "",
    }
}

/// Whether the word is one of a verification that runs.
fn is_running(status: &str) -> bool {
    const RUNNING: [&str; 7] =
        ["requested", "created", "link_sent", "in_progress", "processing", "requires_input", "pending_review"];
    RUNNING.contains(&status)
}

/// A key for a request, in the form of a UUID.
#[allow(clippy::disallowed_methods, reason = "the partners are other systems, with dice of their own")]
fn request_key() -> Option<String> {
    let mut bytes = [0; 16];
    rand::fill(&mut bytes).ok()?;
    let number = u128::from_be_bytes(bytes);
    let digits = format!("{number:032x}");
    let (first, rest) = digits.split_at_checked(8)?;
    let (second, rest) = rest.split_at_checked(4)?;
    let (third, rest) = rest.split_at_checked(3)?;
    let (fourth, last) = rest.split_at_checked(3)?;
    let last = last.get(..12)?;
    Some(format!("{first}-{second}-4{third}-8{fourth}-{last}"))
}

/// A moment, in seconds.
fn moment(of: &Row, field: &str) -> Option<i64> {
    text(of, field).parse::<Timestamp>().ok().map(Timestamp::as_second)
}

/// A text; empty where there is none.
fn text<'a>(of: &'a Map<String, Value>, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}
