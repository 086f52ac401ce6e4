//! Okta from the command line: `ipse connect okta` sets Ipse up there, `ipse doctor okta` says why somebody was denied.

pub(super) mod connect;
pub(super) mod doctor;
mod kept;
mod step;

use crate::server::NotStarted;
use bytes::Bytes;
use clap::Args;
use http::{HeaderMap, Method, Request, header};
use ipse_connectors::okta::{Api, Failed, Org, Token, idp, log, policy};
use ipse_core::event::Actor;
use ipse_core::id::ClientId;
use ipse_oidc::Client;
use ipse_oidc::profile::Profile;
use ipse_store::Store;
use serde_json::Value;
use std::fmt;
use std::io::{IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often a request is sent again that Okta is too busy for.
const TRIES: u32 = 5;
/// The longest wait between two tries, in seconds.
const LONGEST_WAIT: u32 = 120;
/// The longest answer that is read, in bytes.
const LARGEST: usize = 8 << 20;
/// The longest list that is followed, in pages.
const PAGES: usize = 100;
/// The variable that holds a token.
const VARIABLE: &str = "IPSE_OKTA_TOKEN";

/// Whose Okta, and what lets us in.
#[derive(Args)]
pub(super) struct Access {
    /// The address of your Okta organization, such as `https://example.okta.com`.
    #[arg(long)]
    org: String,
    /// A file with an API token, `-` for standard input; the variable `IPSE_OKTA_TOKEN` if left out.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The token is an OAuth access token instead.
    #[arg(long)]
    oauth: bool,
    /// Allow plain http to this machine, such as to the sandbox's Okta.
    #[arg(long)]
    loopback: bool,
}

impl Access {
    fn token(&self) -> Result<String, NotStarted> {
        let text = match &self.token_file {
            None => std::env::var(VARIABLE)
                .map_err(|_| NotStarted(format!("no token: give a file with --token-file, or set {VARIABLE}")))?,
            Some(file) if file == Path::new("-") => {
                let mut stdin = std::io::stdin();
                if stdin.is_terminal() {
                    return Err(NotStarted("a token would be seen here while it is typed: pipe it in".into()));
                }
                let mut text = String::new();
                stdin.read_to_string(&mut text).map_err(|error| NotStarted(format!("no token: {error}")))?;
                text
            }
            Some(file) => std::fs::read_to_string(file)
                .map_err(|error| NotStarted(format!("{} cannot be read: {error}", file.display())))?,
        };
        Ok(text.trim().to_owned())
    }

    /// A way to speak with Okta.
    fn session(&self) -> Result<Session, NotStarted> {
        let org = Org::parse(&self.org, self.loopback).map_err(|_| {
            NotStarted("--org is not the https address of an organization, such as https://example.okta.com".into())
        })?;
        let text = self.token()?;
        let token = if self.oauth { Token::oauth(&text) } else { Token::api(&text) };
        let token = token.map_err(|_| NotStarted("the token is empty, or has characters that no token has".into()))?;
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_mins(1));
        // What is on this machine is not behind a proxy.
        let client = if self.loopback { client.no_proxy() } else { client };
        let client = client.build().map_err(|error| NotStarted(error.to_string()))?;
        Ok(Session { api: Api::new(org, token), client })
    }
}

/// Why Okta was not asked, or did not answer.
#[derive(Debug)]
enum Stopped {
    /// What it answered.
    Failed(Failed),
    /// There was no answer.
    Unanswered(&'static str),
}

impl Stopped {
    /// Whether it is sure that nothing was changed.
    const fn changed_nothing(&self) -> bool {
        match self {
            Self::Failed(failed) => failed.changed_nothing(),
            Self::Unanswered(_) => false,
        }
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(failed) => failed.fmt(formatter),
            Self::Unanswered(why) => write!(formatter, "Okta did not answer: {why}"),
        }
    }
}

impl From<Failed> for Stopped {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

impl From<http::Error> for Stopped {
    fn from(_: http::Error) -> Self {
        Self::Unanswered("that is no address")
    }
}

impl From<Stopped> for NotStarted {
    fn from(stopped: Stopped) -> Self {
        Self(stopped.to_string())
    }
}

/// A way to speak with Okta.
struct Session {
    api: Api,
    client: reqwest::Client,
}

impl Session {
    /// Sends a request, and waits where Okta is too busy.
    async fn send(&self, request: Request<Bytes>, secret: Option<&str>) -> Result<(HeaderMap, Value), Stopped> {
        let mut tries = 1;
        loop {
            let (parts, body) = request.clone().into_parts();
            let sent = self.client.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
            let mut answer = sent.send().await.map_err(|error| Stopped::Unanswered(why(&error)))?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(|error| Stopped::Unanswered(why(&error)))? {
                body.extend_from_slice(&chunk);
                if body.len() > LARGEST {
                    return Err(Failed::Unreadable.into());
                }
            }
            match self.api.read(status, &headers, &body, secret) {
                Err(Failed::Busy(after)) if tries < TRIES && after <= LONGEST_WAIT => {
                    tries += 1;
                    println!("wait    Okta is asked too much; going on in {after} s");
                    tokio::time::sleep(Duration::from_secs(after.into())).await;
                }
                read => return Ok((headers, read?)),
            }
        }
    }

    /// An object; nothing if there is none.
    async fn get(&self, path: &str) -> Result<Option<Value>, Stopped> {
        match self.send(self.api.get(path, &[])?, None).await {
            Ok((_, found)) => Ok(Some(found)),
            Err(Stopped::Failed(Failed::NotFound(_))) => Ok(None),
            Err(stopped) => Err(stopped),
        }
    }

    /// A whole list, page by page.
    async fn list(&self, path: &str, query: &[(&str, &str)]) -> Result<Vec<Value>, Stopped> {
        let mut next = Some(self.api.get(path, query)?);
        let mut all = Vec::new();
        for _ in 0..PAGES {
            let Some(request) = next else { return Ok(all) };
            let (headers, page) = self.send(request, None).await?;
            let Value::Array(page) = page else { return Err(Failed::Unreadable.into()) };
            all.extend(page);
            let more = headers
                .get_all(header::LINK)
                .iter()
                .any(|link| link.to_str().is_ok_and(|link| link.contains("rel=\"next\"")));
            next = self.api.next(&headers);
            if more && next.is_none() {
                return Err(Stopped::Unanswered("the next page of a list is elsewhere"));
            }
        }
        Err(Stopped::Unanswered("a list has no end"))
    }

    /// Changes something.
    async fn change(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        secret: Option<&str>,
    ) -> Result<Value, Stopped> {
        Ok(self.send(self.api.change(&method, path, body)?, secret).await?.1)
    }

    /// Every identity provider of a custom vendor.
    async fn idps(&self) -> Result<Vec<Value>, Stopped> {
        let all = self.list(idp::COLLECTION, &[("type", idp::TYPE)]).await?;
        // Whatever the filter made of it, others are none of ours.
        Ok(all.into_iter().filter(|known| text(known, "type") == idp::TYPE).collect())
    }

    /// The id of the account management policy.
    async fn account_policy(&self) -> Result<String, NotStarted> {
        let policies = self.list(policy::COLLECTION, &[("type", policy::ACCESS)]).await?;
        let found = policy::account_management(&policies).map(|policy| id_of(policy).map(str::to_owned));
        found.flatten().ok_or_else(|| {
            NotStarted("this organization has no Okta account management policy: it needs Okta Identity Engine".into())
        })
    }

    /// The decisions of the system log since a time, newest first as Okta gives them.
    async fn decisions(&self, since: &str) -> Result<Vec<log::Decision>, Stopped> {
        let query = [("filter", log::FILTER), ("since", since), ("sortOrder", "DESCENDING"), ("limit", "200")];
        Ok(self.list(log::COLLECTION, &query).await?.iter().filter_map(log::decision).collect())
    }
}

fn why(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "could not connect"
    } else {
        "the connection broke"
    }
}

fn text<'v>(object: &'v Value, name: &str) -> &'v str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The id of an object, if it is one that can stand in a path.
fn id_of(object: &Value) -> Option<&str> {
    let id = text(object, "id");
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (plain && !id.is_empty()).then_some(id)
}

/// The client as which Okta comes.
async fn client(store: &Store, id: &str) -> Result<Client, NotStarted> {
    let known: Option<ClientId> = id.parse().ok();
    let found = match known {
        Some(id) => store.locate_client::<Client>(id.as_str()).await?,
        None => None,
    };
    let (_, client) = found
        .ok_or_else(|| NotStarted(format!("{id} is no client; make one in the console, or by POST /v1/clients")))?;
    if client.profile != Profile::OktaIdv {
        return Err(NotStarted(format!("{id} is a client of another kind: Okta needs one of the profile okta-idv")));
    }
    Ok(client)
}

/// What Ipse serves a client.
fn served(base_url: &str, client: &Client) -> idp::Served {
    idp::Served {
        issuer: base_url.to_owned(),
        par: format!("{base_url}/oauth2/par"),
        authorize: format!("{base_url}/oauth2/authorize"),
        token: format!("{base_url}/oauth2/token"),
        jwks: format!("{base_url}/oauth2/jwks"),
        client_id: client.id.clone(),
    }
}

fn caller(client: &Client) -> crate::app::Caller {
    crate::app::Caller {
        organization: client.organization.clone(),
        actor: Actor::System,
        name: "ipse connect okta".to_owned(),
    }
}
