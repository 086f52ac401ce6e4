//! A miniature Okta: people who sign in, a policy that lets nobody recover a password whose identity was not verified,
//! and the vendor of identity verification that it asks. It speaks to the vendor as Okta's guide says Okta does, and
//! checks the answer for itself; where the guide is silent it is strict.
//!
//! What the vendor sees has Okta's own paths: `/idp/identity-verification` and its callback.

mod api;
mod claims;
mod id_token;
mod log;
mod management;
mod pages;
mod vendor;
mod views;

pub use log::{Logged, Reason};
pub use vendor::Vendor;

use crate::directory::{Employee, employees};
use crate::{Partners, random};
use aws_lc_rs::digest;
use axum::Router;
use axum::http::{Method, StatusCode};
use claims::Asked;
use management::{Disturbance, Management};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use vendor::Pushed;

/// The shortest password it takes.
pub const SHORTEST_PASSWORD: usize = 8;

/// Somebody who signs in there.
#[derive(Clone)]
pub struct User {
    /// Their id, as in `login_hint`.
    pub id: String,
    /// Who they are; their address is what they sign in with.
    pub employee: Employee,
    /// The hash of their password. At first everybody has forgotten theirs.
    password: Option<Vec<u8>>,
}

impl User {
    /// The attributes that the administrator has mapped for the vendor, where there is a value.
    fn mapped(&self, names: &[String]) -> Vec<(&'static str, String)> {
        let person = &self.employee.person;
        let mut given = person.given_names.split_whitespace();
        let first = given.next().unwrap_or_default().to_owned();
        let middle = given.collect::<Vec<_>>().join(" ");
        let born = person.birth_date;
        let mut mapped = vec![
            ("given_name", first),
            ("family_name", person.family_name.clone()),
            ("birthdate", format!("{:04}-{:02}-{:02}", born.year, born.month, born.day)),
            ("middle_name", middle),
            ("email", self.employee.email.to_owned()),
            ("phone_number", self.employee.phone.to_owned()),
        ];
        mapped.retain(|(name, value)| !value.is_empty() && names.iter().any(|known| known == name));
        mapped
    }
}

/// A password recovery, from the question who one is to the new password.
#[derive(Clone)]
struct Recovery {
    /// What the browser that began holds as a cookie.
    token: String,
    user: User,
    stage: Stage,
}

#[derive(Clone)]
enum Stage {
    /// The policy asks for identity verification; nothing has been sent.
    Begun,
    /// The browser is at the vendor.
    Away(Box<Pushed>),
    /// The vendor's answer allows a new password, once.
    Allowed,
    /// It does not.
    Denied,
}

/// What the vendor sends a browser back with.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
}

#[derive(Default)]
struct Inner {
    org: String,
    management: Management,
    users: Vec<User>,
    recoveries: Vec<Recovery>,
    log: Vec<Logged>,
}

/// The miniature Okta.
pub struct Okta(Mutex<Inner>);

impl Default for Okta {
    fn default() -> Self {
        let user = |(number, employee): (usize, Employee)| User {
            id: format!("00u{:0>17}", number + 1),
            employee,
            password: None,
        };
        let users = employees().into_iter().enumerate().map(user).collect();
        Self(Mutex::new(Inner { users, ..Inner::default() }))
    }
}

impl Okta {
    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells it its own address.
    pub(crate) fn open(&self, org: String) {
        self.with(|inner| inner.org = org);
    }

    /// Where vendors send browsers back to.
    pub fn callback(&self) -> String {
        self.with(|inner| callback(&inner.org))
    }

    /// Makes a vendor the one that everybody's password recovery demands.
    pub fn connect(&self, vendor: &Vendor) {
        self.with(|inner| inner.management.connect(vendor));
    }

    /// What its management API asks for.
    pub fn api_token(&self) -> String {
        self.with(|inner| inner.management.token.clone())
    }

    /// The requests that changed something through its management API, or meant to: method and path, oldest first.
    pub fn changes(&self) -> Vec<String> {
        self.with(|inner| inner.management.changes.clone())
    }

    /// Lets the next request of the management API fail that has this method and whose path begins so.
    pub fn disturb(&self, method: Method, path: &str, status: StatusCode) {
        let path = path.to_owned();
        self.with(|inner| inner.management.disturbances.push(Disturbance { method, path, status }));
    }

    /// Writes a denial of the first user into the system log.
    pub fn deny(&self, reason: Reason) {
        self.with(|inner| {
            let logged = inner.users.first().map(|user| Logged::decided(user, Err(reason), None));
            inner.log.extend(logged);
        });
    }

    /// Whoever signs in there.
    pub fn users(&self) -> Vec<User> {
        self.with(|inner| inner.users.clone())
    }

    /// The system log, newest first.
    pub fn log(&self) -> Vec<Logged> {
        self.with(|inner| inner.log.iter().rev().cloned().collect())
    }

    /// Whether a password is right.
    fn signs_in(&self, login: &str, password: &str) -> bool {
        let hash = hashed(password);
        self.with(|inner| {
            inner
                .users
                .iter()
                .any(|user| user.employee.email == login && user.password.as_deref() == Some(hash.as_slice()))
        })
    }

    /// Begins a recovery; nobody can recover anything without a vendor.
    fn begin(&self, login: &str) -> Option<String> {
        let token = random()?;
        self.with(|inner| {
            let user = inner.users.iter().find(|user| user.employee.email == login).cloned()?;
            inner.management.verifier(&user)?;
            inner.recoveries.push(Recovery { token: token.clone(), user, stage: Stage::Begun });
            Some(token)
        })
    }

    fn recovery(&self, token: &str) -> Option<Recovery> {
        self.with(|inner| inner.recoveries.iter().find(|recovery| recovery.token == token).cloned())
    }

    /// Who verifies somebody, and what is sent of them.
    fn verifier(&self, user: &User) -> Result<(Vendor, Vec<String>), Reason> {
        self.with(|inner| inner.management.verifier(user)).ok_or(Reason::MissingAppInstance)
    }

    fn stage(&self, token: &str, stage: Stage) {
        self.with(|inner| {
            if let Some(recovery) = inner.recoveries.iter_mut().find(|recovery| recovery.token == token) {
                recovery.stage = stage;
            }
        });
    }

    /// Sends the browser to the vendor: where to, or why not.
    async fn leave(&self, token: &str) -> Result<String, Reason> {
        let recovery = self.recovery(token).ok_or(Reason::MissingAuthStateToken)?;
        if !matches!(recovery.stage, Stage::Begun | Stage::Away(_)) {
            return Err(Reason::MissingAuthStateToken);
        }
        self.record(Logged::started(&recovery.user));
        let pushed = match self.verifier(&recovery.user) {
            Ok((vendor, mapped)) => {
                let asked = Asked::new(&recovery.user.mapped(&mapped));
                vendor.push(&self.callback(), &recovery.user.id, asked).await
            }
            Err(reason) => Err(reason),
        };
        match pushed {
            Ok((pushed, to)) => {
                self.stage(token, Stage::Away(Box::new(pushed)));
                Ok(to)
            }
            Err(reason) => {
                self.decide(token, &recovery.user, Err(reason), None);
                Err(reason)
            }
        }
    }

    /// Takes in a browser that comes back with the vendor's answer, and decides.
    async fn arrive(&self, token: &str, answer: &Answer) -> Result<(), Reason> {
        let recovery = self.recovery(token).ok_or(Reason::MissingAuthStateToken)?;
        let pushed = self.back(token, &answer.state).ok_or(Reason::MissingAuthStateToken)?;
        let told = match (&answer.error, &answer.code, self.verifier(&recovery.user)) {
            (None, Some(code), Ok((vendor, _))) => vendor.redeem(&self.callback(), code, &pushed).await,
            (None, Some(_), Err(reason)) => Err(reason),
            _ => Err(Reason::ErrorResponse),
        };
        let (outcome, reference) = match told {
            Ok(told) => (told.outcome, told.reference),
            Err(reason) => (Err(reason), None),
        };
        self.decide(token, &recovery.user, outcome, reference);
        outcome
    }

    /// The request that a browser comes back from. Whatever comes of it, no browser comes back from it again.
    fn back(&self, token: &str, state: &str) -> Option<Pushed> {
        self.with(|inner| {
            let recovery = inner.recoveries.iter_mut().find(|recovery| recovery.token == token)?;
            let Stage::Away(pushed) = &recovery.stage else { return None };
            if pushed.state != state {
                return None;
            }
            let pushed = (**pushed).clone();
            recovery.stage = Stage::Denied;
            Some(pushed)
        })
    }

    fn decide(&self, token: &str, user: &User, outcome: Result<(), Reason>, reference: Option<String>) {
        self.stage(token, if outcome.is_ok() { Stage::Allowed } else { Stage::Denied });
        self.record(Logged::decided(user, outcome, reference));
    }

    fn record(&self, logged: Logged) {
        self.with(|inner| inner.log.push(logged));
    }

    /// Whether a browser may set a new password.
    fn may_reset(&self, token: &str) -> bool {
        self.recovery(token).is_some_and(|recovery| matches!(recovery.stage, Stage::Allowed))
    }

    /// Sets a new password, once, for whom the vendor's answer allows it.
    fn reset(&self, token: &str, password: &str) -> bool {
        let hash = hashed(password);
        self.with(|inner| {
            let allowed = |recovery: &Recovery| recovery.token == token && matches!(recovery.stage, Stage::Allowed);
            let Some(place) = inner.recoveries.iter().position(allowed) else { return false };
            let recovery = inner.recoveries.remove(place);
            let user = inner.users.iter_mut().find(|user| user.id == recovery.user.id);
            user.map(|user| user.password = Some(hash)).is_some()
        })
    }
}

/// The pages, and the management API.
pub(crate) fn routes() -> Router<Arc<Partners>> {
    pages::routes().merge(api::routes())
}

fn callback(org: &str) -> String {
    format!("{org}/idp/identity-verification/callback")
}

fn hashed(password: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, password.as_bytes()).as_ref().to_vec()
}
