//! A miniature Microsoft Entra with Verified ID, as far as whoever has credentials issued sees one: the token endpoint, the
//! request service, contracts and their administration, callbacks, an Authenticator that opens offers and shows what is in
//! it, the question that an account recovery asks, and Graph with the directory's users and their passes. It answers with Entra's own errors, and tells what becomes of an
//! offer as badly as it is asked to: twice, late, in the wrong order.

mod admin;
mod graph;
mod presentation;
mod recovery;
mod service;
mod wallet;

pub use graph::{ADMIN_TOKEN, User};

use crate::{Partners, now};
use axum::Router;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The directory.
pub const TENANT: &str = "7e3c5dae-db64-4f71-8eed-e9608f62da12";
/// The application as which a server comes.
pub const CLIENT: &str = "0d4e9a52-11b7-4c5e-9d5c-6a1f3c1b7a10";
/// Its secret.
pub const SECRET: &str = "Abc8Q~utopia";
/// How a client says that it proves itself by an assertion.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Who issues.
pub const AUTHORITY: &str = "did:web:verifiedid.utopia.example";
/// The credential's type.
pub const CREDENTIAL: &str = "VerifiedIdentity";
/// The contract's id.
const CONTRACT: &str = "370f04a8-c259-5ef7-b61a-a4302ddb2a78";
/// The claims of the contract that was made by hand, and which of them it requires.
pub const CLAIMS: [(&str, bool); 6] = [
    ("given_name", true),
    ("family_name", true),
    ("birthdate", false),
    ("verification_date", false),
    ("verification_id", false),
    ("photo", false),
];
/// How long an offer lives, in seconds.
pub const OFFER_SECONDS: i64 = 300;

/// How callbacks are delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// Each once, as it happens.
    #[default]
    Once,
    /// Each twice.
    Twice,
    /// What comes first is told last.
    Backwards,
    /// Nothing is told until it is asked for.
    Held,
    /// A wallet opens and takes the offer before the request is answered.
    BeforeTheAnswer,
    /// A wallet opens the offer before the request is answered.
    OpenedBeforeTheAnswer,
}

/// What the request service answers instead of an offer.
#[derive(Clone, Copy, Debug)]
pub struct Refusal {
    /// The status.
    pub status: u16,
    /// The outer code.
    pub code: &'static str,
    /// The inner code and its target, if it says more.
    pub inner: Option<(&'static str, &'static str)>,
}

/// A credential in the wallet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its id where it was issued.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// What it says.
    pub claims: BTreeMap<String, String>,
    /// When it was issued, in seconds.
    pub issued_at: i64,
}

/// A callback that was delivered, and the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it told.
    pub request_status: String,
    /// The status of the answer; none where there was none.
    pub answer: Option<u16>,
}

/// An offer, and what becomes of it.
#[derive(Clone)]
struct Offer {
    id: String,
    contract: admin::Contract,
    claims: BTreeMap<String, String>,
    /// Hash, salt and length of the PIN.
    pin: Option<(String, String, u64)>,
    expiry: i64,
    issued: bool,
    callback: Callback,
}

/// Where something is told, and how.
#[derive(Clone)]
struct Callback {
    url: String,
    state: String,
    headers: Vec<(String, String)>,
}

/// Something to tell.
struct Waiting {
    to: Callback,
    body: Value,
}

#[derive(Default)]
struct Inner {
    address: String,
    /// By how much its clock is ahead.
    ahead: SignedDuration,
    /// And whether each is for the administration.
    tokens: BTreeMap<String, bool>,
    given: usize,
    /// The certificates that are uploaded for the application, DER.
    certificates: Vec<Vec<u8>>,
    /// The assertions that came, by their ids.
    assertions: BTreeSet<String>,
    /// What tokens say of roles; nothing leaves the usual one.
    roles: Option<Vec<&'static str>>,
    refusal: Option<Refusal>,
    admin_refusal: Option<Refusal>,
    contracts: Vec<admin::Contract>,
    issued: Vec<admin::Issued>,
    /// Why the next credential cannot be issued.
    failure: Option<&'static str>,
    manner: Manner,
    offers: BTreeMap<String, Offer>,
    requests: Vec<Value>,
    waiting: Vec<Waiting>,
    told: Vec<Told>,
    wallet: Vec<Credential>,
    shaped: presentation::Shaped,
    recovery: recovery::Signing,
    graph: graph::Directory,
}

impl Inner {
    fn now(&self) -> i64 {
        now().as_second().saturating_add(self.ahead.as_secs())
    }

    fn link(&self, id: &str) -> String {
        format!("openid://vc?request_uri={}/v1.0/{TENANT}/verifiableCredentials/request/{id}", self.address)
    }
}

/// Claims as a screen shows them: of a picture, how large it is.
fn readable(claims: BTreeMap<String, String>) -> Vec<(String, String)> {
    // How a JPEG begins in base64url.
    let is_picture = |value: &str| value.starts_with("_9j_");
    let shown =
        |value: String| if is_picture(&value) { format!("a picture, {} kB", value.len() / 1_333) } else { value };
    claims.into_iter().map(|(claim, value)| (claim, shown(value))).collect()
}

/// The miniature Entra.
#[derive(Default)]
pub struct Entra(Mutex<Inner>);

impl Entra {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells it its own address.
    pub(crate) fn open(&self, address: String) {
        self.with(|inner| {
            inner.address = address;
            inner.contracts = vec![admin::Contract::by_hand()];
        });
    }

    /// The address of the contract's manifest.
    pub fn manifest(&self) -> String {
        self.with(|inner| inner.manifest_of(CONTRACT))
    }

    /// The manifests of all contracts, oldest first.
    pub fn manifests(&self) -> Vec<String> {
        self.with(|inner| inner.contracts.iter().map(|one| inner.manifest_of(&one.id)).collect())
    }

    /// Whether each credential that was issued is good no more, oldest first.
    pub fn revoked(&self) -> Vec<bool> {
        self.with(|inner| inner.issued.iter().map(|one| one.revoked).collect())
    }

    /// Does nothing that an administrator asks for but answers so; nothing ends that.
    pub fn refuse_administration(&self, refusal: Option<Refusal>) {
        self.with(|inner| inner.admin_refusal = refusal);
    }

    /// Lets time pass there.
    pub fn pass(&self, time: SignedDuration) {
        self.with(|inner| inner.ahead = inner.ahead.saturating_add(time));
    }

    /// Takes in a certificate (DER) of the application.
    pub fn upload(&self, certificate: Vec<u8>) {
        self.with(|inner| inner.certificates.push(certificate));
    }

    /// Ends every token that was given.
    pub fn end_tokens(&self) {
        self.with(|inner| {
            inner.tokens.clear();
            inner.graph.tokens.clear();
        });
    }

    /// How many tokens were given.
    pub fn tokens_given(&self) -> usize {
        self.with(|inner| inner.given)
    }

    /// Gives tokens these roles; nothing, the usual one.
    pub fn grant(&self, roles: Option<Vec<&'static str>>) {
        self.with(|inner| inner.roles = roles);
    }

    /// Makes no offer but answers so; nothing ends that.
    pub fn refuse(&self, refusal: Option<Refusal>) {
        self.with(|inner| inner.refusal = refusal);
    }

    /// Lets issuing fail with this message; nothing ends that.
    pub fn fail(&self, message: Option<&'static str>) {
        self.with(|inner| inner.failure = message);
    }

    /// Tells what happens in this manner from now on.
    pub fn tell(&self, manner: Manner) {
        self.with(|inner| inner.manner = manner);
    }

    /// Every request for an issuance, oldest first.
    pub fn requests(&self) -> Vec<Value> {
        self.with(|inner| inner.requests.clone())
    }

    /// The link of every offer, oldest first: what a code says, and what a phone follows.
    pub fn links(&self) -> Vec<String> {
        self.with(|inner| inner.offers.keys().map(|id| inner.link(id)).collect())
    }

    /// Every callback that was delivered, oldest first.
    pub fn told(&self) -> Vec<Told> {
        self.with(|inner| inner.told.clone())
    }

    /// What is in the wallet, oldest first.
    pub fn wallet(&self) -> Vec<Credential> {
        self.with(|inner| inner.wallet.clone())
    }

    /// Delivers what is held back.
    pub async fn release(&self) {
        let waiting = self.with(|inner| std::mem::take(&mut inner.waiting));
        for one in waiting {
            self.deliver(one).await;
        }
    }

    /// Tells what becomes of an offer.
    async fn say(&self, offer: &Offer, request_status: &str, error: Option<&str>) {
        let error = error.map(|message| json!({ "error": { "code": "IssuanceFlowFailed", "message": message } }));
        self.tell_of(&offer.callback, &offer.id, request_status, error.unwrap_or_default()).await;
    }

    /// Tells something, and what more there is to it, in the manner that was asked for.
    async fn tell_of(&self, to: &Callback, id: &str, request_status: &str, more: Value) {
        let mut body = json!({ "requestId": id, "requestStatus": request_status, "state": to.state });
        if let (Value::Object(more), Some(body)) = (more, body.as_object_mut()) {
            body.extend(more);
        }
        let waiting = || Waiting { to: to.clone(), body: body.clone() };
        let is_last = request_status != "request_retrieved";
        match self.with(|inner| inner.manner) {
            Manner::Once | Manner::BeforeTheAnswer | Manner::OpenedBeforeTheAnswer => self.deliver(waiting()).await,
            Manner::Twice => {
                self.deliver(waiting()).await;
                self.deliver(waiting()).await;
            }
            Manner::Backwards if is_last => {
                self.deliver(waiting()).await;
                self.release().await;
            }
            Manner::Backwards | Manner::Held => self.with(|inner| inner.waiting.push(waiting())),
        }
    }

    async fn deliver(&self, one: Waiting) {
        let request_status = one.body.get("requestStatus").and_then(Value::as_str).unwrap_or_default().to_owned();
        let answer = match reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build() {
            Ok(client) => {
                let request = client.post(&one.to.url).json(&one.body);
                let with =
                    |request: reqwest::RequestBuilder, (name, value): &(String, String)| request.header(name, value);
                one.to.headers.iter().fold(request, with).send().await.ok().map(|answer| answer.status().as_u16())
            }
            Err(_) => None,
        };
        self.with(|inner| inner.told.push(Told { request_status, answer }));
    }
}

pub(crate) fn routes() -> Router<Arc<Partners>> {
    let called = service::routes().merge(admin::routes());
    called.merge(presentation::routes()).merge(wallet::routes()).merge(recovery::routes()).merge(graph::routes())
}
