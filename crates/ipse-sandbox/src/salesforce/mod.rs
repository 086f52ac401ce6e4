//! A miniature Salesforce org with Ipse's package in it, as far as a server that publishes results sees one: the token
//! endpoint, the REST API that takes platform events, and what the package's trigger makes of them. It has Salesforce's
//! own paths, answers with its errors, and can be made to fail as orgs do.

mod api;
mod receipt;
mod trigger;

use crate::{Partners, now};
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use axum::Router;
use jiff::SignedDuration;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// The id of the org.
pub const ORG: &str = "00D000000000001EAA";
/// The integration user.
pub const USER: &str = "ipse@utopia.example.com";
/// What the external client app is known by.
pub const CONSUMER_KEY: &str = "3MVG9.utopia.ipse";
/// Its secret.
pub const CONSUMER_SECRET: &str = "9F1C0A5E";

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
    pub event: Map<String, Value>,
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

#[derive(Default)]
struct Inner {
    address: String,
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
    records: BTreeMap<String, Map<String, Value>>,
    tasks: Vec<Map<String, Value>>,
    calls: Vec<Call>,
}

impl Inner {
    fn now(&self) -> i64 {
        now().as_second().saturating_add(self.ahead.as_secs())
    }
}

/// The miniature org.
#[derive(Default)]
pub struct Salesforce(Mutex<Inner>);

impl Salesforce {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells it its own address.
    pub(crate) fn open(&self, address: String) {
        self.with(|inner| inner.address = address);
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
        self.with(|inner| inner.records.clone())
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
    api::routes()
}

/// Whether the holder of this public key (SPKI, DER) signed that, RS256.
fn is_signed(public: &[u8], signed: &str, signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(signed.as_bytes(), signature).is_ok()
}

/// A text; empty where there is none.
fn text<'a>(of: &'a Map<String, Value>, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}
