//! One object of Okta's on its way to what is wanted of it: what it is, what would change, and changing it.

use super::kept::Kept;
use super::{Session, Stopped, caller, client, id_of};
use crate::app::oidc::clients;
use crate::server::NotStarted;
use crate::state::Ipse;
use http::Method;
use ipse_connectors::okta::{idp, patch};
use ipse_core::id::ClientId;
use serde_json::{Value, json};

/// The longest value that is printed, in characters.
const LONGEST: usize = 160;

/// An object and what is wanted of it.
pub(super) struct Step {
    /// What it is, in words.
    pub(super) what: String,
    /// The path of the collection that it is in.
    pub(super) collection: String,
    /// Its name there.
    pub(super) name: String,
    /// What it is now; nothing if it has to be made.
    pub(super) current: Option<Value>,
    /// What is ours in it.
    pub(super) patch: Value,
    /// What it is made of.
    pub(super) create: Value,
    /// Whether it gets a new client secret, come what may.
    pub(super) new_secret: bool,
}

impl Step {
    fn wanted(&self) -> Value {
        self.current.as_ref().map_or_else(|| self.create.clone(), |current| patch::merged(current, &self.patch))
    }

    /// Whether there is something to do.
    pub(super) fn changes(&self) -> bool {
        self.new_secret || self.current.as_ref() != Some(&self.wanted())
    }

    /// Whether it is sent with a client secret that has to be made first: Ipse knows its own only as hashes.
    fn makes_secret(&self) -> bool {
        self.collection == idp::COLLECTION
            && (self.new_secret || self.current.as_ref().is_none_or(|current| lacks_secret(current, &self.wanted())))
    }

    /// Says what would be done.
    pub(super) fn print(&self) {
        let verb = match &self.current {
            None => "create",
            Some(_) if self.changes() => "change",
            Some(_) => "same",
        };
        println!("{verb:<8}{}", self.what);
        let blank = json!({});
        for found in patch::differences(self.current.as_ref().unwrap_or(&blank), &self.wanted()) {
            let new = shown(found.after.as_ref());
            match &found.before {
                Some(old) => println!("          {}: {} -> {new}", found.path, shown(Some(old))),
                None => println!("          {}: {new}", found.path),
            }
        }
        if self.changes() && self.makes_secret() {
            println!(
                "          protocol.credentials.client.client_secret: a new one; the last works for 24 hours more"
            );
        }
    }

    /// Does it, and writes down before how to take it back; returns the object's id. On failure it says what is so.
    pub(super) async fn apply(&self, ipse: &Ipse, session: &Session, kept: &mut Kept) -> Result<String, NotStarted> {
        let nothing = || NotStarted(format!("{}: Okta gave it no id", self.what));
        if !self.changes() {
            return self.current.as_ref().and_then(id_of).map(str::to_owned).ok_or_else(nothing);
        }
        let method;
        let path = match &self.current {
            None => {
                kept.will_make(&self.collection, &self.name)?;
                method = Method::POST;
                let active = if self.collection == idp::COLLECTION { "" } else { "?activate=true" };
                format!("{}{active}", self.collection)
            }
            Some(current) => {
                let id = id_of(current).ok_or_else(nothing)?;
                kept.will_change(&self.collection, &self.name, id, current, &self.patch)?;
                method = Method::PUT;
                format!("{}/{id}", self.collection)
            }
        };
        let made = match send(ipse, session, method, &path, &self.wanted(), self.makes_secret()).await {
            Ok(made) => made,
            Err(unsent) => {
                if unsent.changed_nothing && self.current.is_none() {
                    kept.forget(&self.collection, &self.name);
                    kept.save()?;
                }
                return Err(NotStarted(format!("{}: {}", self.what, unsent.why)));
            }
        };
        let id =
            self.current.as_ref().and_then(id_of).or_else(|| id_of(&made)).map(str::to_owned).ok_or_else(nothing)?;
        kept.made(&self.collection, &self.name, &id)?;
        println!("done    {}", self.what);
        Ok(id)
    }
}

/// Why an object was not sent.
pub(super) struct Unsent {
    pub(super) why: String,
    /// Whether it is sure that Okta changed nothing.
    pub(super) changed_nothing: bool,
}

impl From<NotStarted> for Unsent {
    fn from(error: NotStarted) -> Self {
        Self { why: error.0, changed_nothing: true }
    }
}

impl From<Stopped> for Unsent {
    fn from(stopped: Stopped) -> Self {
        Self { why: stopped.to_string(), changed_nothing: stopped.changed_nothing() }
    }
}

/// Whether Okta does not show the secret it has, or has another client's.
pub(super) fn lacks_secret(current: &Value, wanted: &Value) -> bool {
    !idp::has_secret(current) || idp::client_id(current) != idp::client_id(wanted)
}

/// Sends an object, with a new client secret if it needs one. A secret that Okta surely did not take is taken back.
pub(super) async fn send(
    ipse: &Ipse,
    session: &Session,
    method: Method,
    path: &str,
    body: &Value,
    makes_secret: bool,
) -> Result<Value, Unsent> {
    // Links and embedded objects are what Okta says of it, not what it is.
    let mut body = patch::merged(body, &json!({ "_links": null, "_embedded": null }));
    if !makes_secret {
        return Ok(posted(session, method, path, &body, None).await?);
    }
    let client = client(&ipse.store, idp::client_id(&body).unwrap_or_default()).await?;
    let id: ClientId = client.id.parse().map_err(|_| NotStarted("the client's id is none".into()))?;
    let caller = caller(&client);
    // Where an earlier answer was lost, Okta may have either of the two before this one.
    let (_, secret) = clients::rotate_secret(ipse, &caller, &id, 2).await.map_err(NotStarted::from)?;
    body = idp::with_secret(&body, &secret);
    match posted(session, method, path, &body, Some(&secret)).await {
        Ok(made) => Ok(made),
        Err(stopped) if stopped.changed_nothing() => {
            clients::withdraw_secret(ipse, &caller, &id, &secret).await.map_err(NotStarted::from)?;
            let why = format!("{stopped}. The client secret that was made for it was taken back");
            Err(Unsent { why, changed_nothing: true })
        }
        Err(stopped) => {
            let why = format!(
                "{stopped}. It is not known whether Okta took the new client secret: run the command again with \
                 --new-secret within 24 hours; until then Ipse takes the two before it as well"
            );
            Err(Unsent { why, changed_nothing: false })
        }
    }
}

async fn posted(
    session: &Session,
    method: Method,
    path: &str,
    body: &Value,
    secret: Option<&str>,
) -> Result<Value, Stopped> {
    use ipse_connectors::okta::Failed::Refused;
    match session.change(method.clone(), path, Some(body), secret).await {
        // Okta's examples and its schema do not agree about this one.
        Err(Stopped::Failed(Refused(400, _))) if method == Method::POST && path == idp::COLLECTION => {
            session.change(method, path, Some(&idp::with_posted_par(body)), secret).await
        }
        answered => answered,
    }
}

/// A value as it is printed: short, and nothing that a terminal would obey.
fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "(nothing)".to_owned(), Value::to_string);
    let plain: String = text.chars().filter(|character| !character.is_control()).take(LONGEST).collect();
    if plain.len() < text.len() { format!("{plain}…") } else { plain }
}

/// What will be said of an object that is taken back.
pub(super) fn print_differences(current: &Value, wanted: &Value) {
    for found in patch::differences(current, wanted) {
        println!("          {}: {} -> {}", found.path, shown(found.before.as_ref()), shown(found.after.as_ref()));
    }
}
