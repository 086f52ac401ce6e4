//! The org's login page, and the addresses between which a browser is at the provider: `/services/auth/…` and the callback.

use super::pages::{acting_as, cookie};
use super::provider::{Provider, Purpose, Refused, SUFFIX, Way};
use super::registration::UserData;
use super::views::{Fact, Login};
use super::{Row, Salesforce, text, user};
use crate::Partners;
use crate::pages::{Held, frame, page};
use crate::views::Link;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use quick_xml::escape::escape;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// The cookie of a browser that is at the provider, and the one of a session.
const AWAY: &str = "salesforce-away";
const SESSION: &str = "salesforce-session";

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new()
        .route("/salesforce/login", get(login))
        .route("/salesforce/home", get(home))
        .route("/salesforce/logout", post(logout))
        .route("/services/auth/{purpose}/{suffix}", get(leave))
        .route("/services/authcallback/{suffix}", get(arrive))
}

/// What the provider sends a browser back with.
#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
}

impl Salesforce {
    /// Where the provider sends browsers back to.
    pub fn callback(&self) -> String {
        self.with(|inner| format!("{}/services/authcallback/{SUFFIX}", inner.address))
    }

    fn provider(&self) -> Option<Arc<Provider>> {
        self.with(|inner| inner.provider.clone())
    }

    /// The way that a browser comes back from. Nobody comes back from it twice.
    fn back(&self, browser: &str, state: &str) -> Option<Way> {
        self.with(|inner| {
            let fits = |way: &Way| way.browser == browser && way.state == state;
            let place = inner.ways.iter().position(fits)?;
            Some(inner.ways.remove(place))
        })
    }

    /// Takes in a browser that comes back: whom the provider says it is, and what it went there for.
    async fn told(&self, browser: &str, answer: &Answer) -> Result<(UserData, Purpose), Refused> {
        let invalid = || Refused::new("No_Oauth_State", "State was not valid");
        let (provider, way) = self.provider().zip(self.back(browser, &answer.state)).ok_or_else(invalid)?;
        let code = match (&answer.error, &answer.code) {
            (None, Some(code)) => code,
            (error, _) => return Err(Refused::new("Remote_Error", error.as_deref().unwrap_or("no code"))),
        };
        Ok((provider.user_data(&self.callback(), code, &way).await?, way.purpose))
    }

    /// Signs the user of a person in; the token of the session.
    fn enter(&self, data: &UserData, linking: Option<&str>) -> Result<String, Refused> {
        let token = crate::random().ok_or_else(|| Refused::new("UNKNOWN_EXCEPTION", "no session"))?;
        let id = self.with(|inner| inner.register(data, linking));
        let id = id.map_err(|why| Refused { code: "REGISTRATION_HANDLER_ERROR", why })?;
        self.with(|inner| inner.sessions.insert(token.clone(), id));
        Ok(token)
    }

    /// Whose session it is, as long as they are active.
    fn signed_in(&self, token: &str) -> Option<Row> {
        self.with(|inner| {
            let user = inner.users.get(inner.sessions.get(token)?)?;
            (user.get("IsActive") == Some(&Value::Bool(true))).then(|| user.clone())
        })
    }
}

fn link(href: &str, label: String) -> Link {
    Link { href: href.to_owned(), label }
}

fn plain(title: &str, lead: String) -> Login {
    Login {
        frame: frame("/salesforce"),
        title: title.to_owned(),
        lead,
        problem: None,
        facts: Vec::new(),
        button: None,
        links: Vec::new(),
        may_leave: false,
    }
}

async fn login(State(partners): Held, headers: HeaderMap) -> Response {
    let Some(provider) = partners.salesforce.provider() else {
        return page(&plain("Log in", "Nobody has deployed an authentication provider to this org.".to_owned()));
    };
    let (name, acting) = (provider.name(), user(acting_as(&headers)).name);
    let lead = format!(
        "{name} asks for a document and a face. A user is found by {name}’s own id for the person, and by nothing else."
    );
    page(&Login {
        button: Some(link(&format!("/services/auth/sso/{SUFFIX}"), format!("Log in with {name}"))),
        links: vec![
            link(&format!("/services/auth/link/{SUFFIX}"), format!("Link the user of {acting} to {name}")),
            link(&format!("/services/auth/test/{SUFFIX}"), "Test-only initialization: show what arrives".to_owned()),
        ],
        ..plain("Log in", lead)
    })
}

async fn home(State(partners): Held, headers: HeaderMap) -> Response {
    let Some(user) = partners.salesforce.signed_in(&cookie(&headers, SESSION)) else {
        return Redirect::to("/salesforce/login").into_response();
    };
    let fact = |(label, field): (&'static str, &str)| {
        let value = user.get(field).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        Fact { label, value: value.unwrap_or_default(), href: None }
    };
    let facts = [
        ("Username", "Username"),
        ("Profile", "Profile"),
        ("Ipse Subject", "Ipse_Subject__c"),
        ("Ipse Verification Id", "Ipse_Verification_Id__c"),
        ("Ipse Assurance", "Ipse_Assurance__c"),
        ("Ipse Verified At", "Ipse_Verified_At__c"),
    ];
    page(&Login {
        facts: facts.into_iter().map(fact).collect(),
        links: vec![link("/salesforce", "Go to the transfers".to_owned())],
        may_leave: true,
        ..plain(&format!("Signed in as {}", text(&user, "Name")), "What was proven stands on this user.".to_owned())
    })
}

async fn logout(State(partners): Held, headers: HeaderMap) -> Response {
    partners.salesforce.with(|inner| inner.sessions.remove(&cookie(&headers, SESSION)));
    Redirect::to("/salesforce/login").into_response()
}

fn refused(refused: Refused) -> Response {
    let shown = page(&Login {
        problem: Some(refused.why),
        links: vec![link("/salesforce/login", "Back to login".to_owned())],
        ..plain("We can’t log you in", format!("ErrorCode: {}", refused.code))
    });
    (StatusCode::FORBIDDEN, shown).into_response()
}

async fn leave(
    State(partners): Held,
    Path((purpose, suffix)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let purpose = match purpose.as_str() {
        "sso" => Purpose::SignIn,
        "link" => Purpose::Link(acting_as(&headers)),
        "test" => Purpose::Test,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(provider) = partners.salesforce.provider().filter(|_| suffix == SUFFIX) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let way = provider.way(purpose);
    let begun = way.and_then(|way| Some((provider.address(&partners.salesforce.callback(), &way, &asked)?, way)));
    let Some((to, way)) = begun else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let cookie = format!("{AWAY}={}; Path=/services; HttpOnly; SameSite=Lax", way.browser);
    partners.salesforce.with(|inner| inner.ways.push(way));
    ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response()
}

async fn arrive(
    State(partners): Held,
    Path(suffix): Path<String>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Response {
    if suffix != SUFFIX {
        return StatusCode::NOT_FOUND.into_response();
    }
    let entered = match partners.salesforce.told(&cookie(&headers, AWAY), &answer).await {
        Ok((data, Purpose::Test)) => return attributes(&data),
        Ok((data, Purpose::SignIn)) => partners.salesforce.enter(&data, None),
        Ok((data, Purpose::Link(id))) => partners.salesforce.enter(&data, Some(id)),
        Err(refused) => Err(refused),
    };
    match entered {
        Ok(session) => {
            let cookie = format!("{SESSION}={session}; Path=/; HttpOnly; SameSite=Lax");
            ([(header::SET_COOKIE, cookie)], Redirect::to("/salesforce/home")).into_response()
        }
        Err(why) => refused(why),
    }
}

/// What arrived, as the test-only initialization shows it.
fn attributes(data: &UserData) -> Response {
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<user>\n".to_owned();
    for (name, value) in &data.attributes {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "  <{0}>{1}</{0}>", escape(name), escape(value));
    }
    xml.push_str("</user>\n");
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], xml).into_response()
}
