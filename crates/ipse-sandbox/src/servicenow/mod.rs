//! A miniature ServiceNow: an instance that loads the update set as it is shipped and runs its scripts.
//!
//! The platform's interfaces (Glide) are in `glide/`, in `JavaScript`, and the tests of the application run the same
//! modules in Node. Here an embedded engine runs them, on a thread of its own that starts with the first use. Glide throws
//! on whatever it does not know.

mod api;
mod engine;
mod pages;
mod update_set;
mod views;

use crate::Partners;
use crate::directory::employees;
use aws_lc_rs::digest;
use axum::Router;
use engine::Job;
use serde_json::{Value, json};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::oneshot;

/// Who operates the instance: has every role.
pub const ADMIN: &str = "alex.admin";
/// An agent of the service desk, who may ask for verifications.
pub const AGENT: &str = "kim.agent";
/// Works on tickets, and may not ask for verifications.
pub const CLERK: &str = "casey.clerk";
/// Nobody.
pub const GUEST: &str = "guest";

/// What went wrong in a script, or why none ran.
#[derive(Debug)]
pub struct Failed(pub String);

#[derive(Default)]
struct Inner {
    url: String,
    partners: Weak<Partners>,
    engine: Option<Sender<Job>>,
}

/// The miniature ServiceNow.
#[derive(Default)]
pub struct ServiceNow(Mutex<Inner>);

impl ServiceNow {
    /// Tells it its own address, and where its mail goes.
    pub(crate) fn open(&self, url: String, partners: Weak<Partners>) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *inner = Inner { url, partners, engine: None };
    }

    /// The engine, started when it is used first.
    fn engine(&self) -> Sender<Job> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = &inner.engine {
            return engine.clone();
        }
        let engine = engine::start(inner.partners.clone());
        let (answer, _) = oneshot::channel();
        let arguments = json!({ "url": inner.url, "people": people() }).to_string();
        // If the thread is gone, the call that follows says so.
        let _ = engine.send(Job { name: "furnish".to_owned(), arguments, answer });
        inner.engine = Some(engine.clone());
        engine
    }

    /// Uses one of its doors: see `glide/desk.mjs` and `glide/form.mjs`.
    pub async fn call(&self, door: &str, arguments: Value) -> Result<Value, Failed> {
        let gone = || Failed("the instance is gone".to_owned());
        let (answer, answered) = oneshot::channel();
        let job = Job { name: door.to_owned(), arguments: arguments.to_string(), answer };
        self.engine().send(job).map_err(|_| gone())?;
        let text = answered.await.map_err(|_| gone())?.map_err(Failed)?;
        serde_json::from_str(&text).map_err(|error| Failed(error.to_string()))
    }

    /// What a `GlideAjax` of this user is answered; null where the processor is not for them.
    pub async fn ajax(&self, user: &str, processor: &str, name: &str, more: Value) -> Result<Value, Failed> {
        let mut parameters = json!({ "sysparm_processor": format!("x_ipse_idv.{processor}"), "sysparm_name": name });
        if let (Value::Object(all), Value::Object(more)) = (&mut parameters, more) {
            all.extend(more);
        }
        let answer = self.call("ajax", json!({ "user": user, "parameters": parameters })).await?;
        let text = answer.as_str().map(serde_json::from_str);
        text.transpose().map(Option::unwrap_or_default).map_err(|error| Failed(error.to_string()))
    }

    /// Lets its clock run ahead.
    pub async fn pass(&self, seconds: u64) -> Result<(), Failed> {
        self.call("pass", json!({ "seconds": seconds })).await.map(drop)
    }
}

/// The id of a record of the directory, the same at every start.
pub fn sys_id(name: &str) -> String {
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    hash.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The directory as users of the instance.
fn people() -> Vec<Value> {
    let user = |known: crate::directory::Employee| {
        let mut given = known.person.given_names.split_whitespace();
        json!({
            "sys_id": sys_id(known.id),
            "user_name": known.id,
            "name": format!("{} {}", known.person.given_names, known.person.family_name),
            "first_name": given.next().unwrap_or_default(),
            "middle_name": given.collect::<Vec<_>>().join(" "),
            "last_name": known.person.family_name,
            "email": known.email,
            "mobile_phone": known.phone,
            "preferred_language": "en",
        })
    };
    employees().into_iter().map(user).collect()
}

pub(crate) fn routes() -> Router<Arc<Partners>> {
    pages::routes().merge(api::routes())
}
