//! `cargo xtask bench oidc`: whole flows of OpenID Connect beside npm's `oidc-provider` with its in-memory store.
//!
//! A flow is PAR → authorize → the page that asks → agreeing → (the person is verified) → back with a code → token, with
//! an ID token signed RS256 by a key of 2048 bits. Reading a document takes many times what a flow does, and the peer
//! reads none: it happens between the two timed halves and is left out on both sides. Each server has one core, this
//! client the other. Ours is measured with every commit synced to disk, and with its data in memory.

use super::server::{Deployment, Running, build};
use super::{machine, peers, quantile};
use crate::provision::free_port;
use crate::run::{Failed, output, root};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use ipse_sandbox::directory::employees;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Url};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// People, each with a passport of their own; each goes through one flow of a round. Ipse opens at most ten
/// verifications an hour for one person.
const PEOPLE: usize = 80;
const ROUNDS: usize = 9;
/// Flows at once.
const AT_ONCE: usize = 16;
/// Where the servers run; the client is pinned to the other.
const CORE: &str = "0";
const CLIENTS_CORE: &str = "1";
const CALLBACK: &str = "http://localhost:9/callback";
const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-one-1234567890";
/// A file system in memory, where a sync costs nothing.
const MEMORY: &str = "/dev/shm";

pub(crate) fn run(arguments: &[&str]) -> Result<(), Failed> {
    match arguments {
        [] => {}
        ["--pinned"] => return pinned(),
        _ => return Err(Failed("cargo xtask bench oidc".into())),
    }
    if cfg!(debug_assertions) {
        return Err(Failed("figures of a debug build say nothing: cargo run --release -p xtask -- bench oidc".into()));
    }
    build()?;
    peers::provider()?;
    let mut again = Command::new("taskset");
    again.args(["-c", CLIENTS_CORE]).arg(std::env::current_exe()?).args(["bench", "oidc", "--pinned"]);
    let status = again.status().map_err(|error| Failed(format!("taskset: {error}")))?;
    if status.success() { Ok(()) } else { Err(Failed(status.to_string())) }
}

/// The bench itself, on the client's core.
fn pinned() -> Result<(), Failed> {
    let speed = output("openssl speed", on_core("openssl").args(["speed", "-seconds", "3", "rsa2048"]))?;
    let signatures = signatures(&speed).ok_or_else(|| Failed(format!("openssl speed said: {speed}")))?;
    println!("\nmachine: {}", machine());
    println!(
        "method:  {} flows after {PEOPLE} to warm up, {AT_ONCE} at once; each server on core {CORE}, the client",
        PEOPLE * (ROUNDS - 1)
    );
    println!("         on the other; CPU is the server's, of all its threads; times are of a flow's requests together");
    println!("RSA:     {signatures:.0} signatures of 2048 bits a second on core {CORE} (openssl speed)\n");
    let pictures = draw();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut columns = Vec::new();
    for (name, folder) in [("ipse, on disk", root().join("target/bench")), ("ipse, in memory", MEMORY.into())] {
        let deployment = Deployment::on(&folder, None)?.pinned(CORE);
        let (server, _) = deployment.start()?;
        deployment.make_journey()?;
        let side = ours(&deployment)?;
        columns.push((name, runtime.block_on(measure(&side, &server, Some(&pictures)))?));
    }
    let (side, server) = theirs()?;
    columns.push(("oidc-provider", runtime.block_on(measure(&side, &server, None))?));
    table(&columns, signatures);
    Ok(())
}

/// A program on the servers' core.
fn on_core(program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", CORE, program]);
    command
}

/// Out of what `openssl speed` prints: its last line ends with signatures and verifications a second.
fn signatures(said: &str) -> Option<f64> {
    said.lines().rev().find(|line| line.starts_with("rsa"))?.split_whitespace().rev().nth(1)?.parse().ok()
}

/// Everybody's passport, photographed.
fn draw() -> Vec<Vec<u8>> {
    let Some(employee) = employees().into_iter().next() else { return Vec::new() };
    let passport_of = |number: usize| {
        let mut person = employee.person.clone();
        person.document_number = format!("X{number:08}");
        photograph(&passport(&person, 7), &Camera::default())
    };
    (0..PEOPLE).map(passport_of).collect()
}

/// One of the servers, with the relying party's registration there.
struct Side {
    base: String,
    id: String,
    secret: String,
    par: &'static str,
    authorize: &'static str,
    token: &'static str,
    /// Where the form of the page that asks is sent, after the page's own address.
    begin: &'static str,
}

fn ours(deployment: &Deployment) -> Result<Side, Failed> {
    let client = json!({
        "profile": "okta-idv", "name": "Bench", "redirect_uris": [CALLBACK], "journey": "bench", "minutes": 60,
        "scopes": ["identity_assurance"],
    });
    let client = deployment.post("/v1/clients", &client)?;
    let text = |name: &str| client[name].as_str().unwrap_or_default().to_owned();
    Ok(Side {
        base: deployment.url(),
        id: text("id"),
        secret: text("client_secret"),
        par: "/oauth2/par",
        authorize: "/oauth2/authorize",
        token: "/oauth2/token",
        begin: "/begin",
    })
}

fn theirs() -> Result<(Side, Running), Failed> {
    let port = free_port()?;
    let side = Side {
        base: format!("http://localhost:{port}"),
        id: "bench".to_owned(),
        secret: "a-secret-of-the-benchs-own".to_owned(),
        par: "/request",
        authorize: "/auth",
        token: "/token",
        begin: "",
    };
    let [node, script] = peers::provider()?;
    let mut node = on_core(&node.to_string_lossy());
    node.arg(script).args([&port.to_string(), &side.id, &side.secret, CALLBACK]);
    let child = node.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let mut running = Running::new(child);
    running.wait_for(&format!("{}/.well-known/openid-configuration", side.base))?;
    Ok((side, running))
}

/// What was measured of a server.
struct Measured {
    cpu: Duration,
    elapsed: Duration,
    /// Of each flow, sorted.
    flows: Vec<Duration>,
    memory: f64,
}

async fn measure(side: &Side, server: &Running, pictures: Option<&[Vec<u8>]>) -> Result<Measured, Failed> {
    let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().map_err(failed)?;
    let mut measured = Measured { cpu: Duration::ZERO, elapsed: Duration::ZERO, flows: Vec::new(), memory: 0.0 };
    for round in 0..ROUNDS {
        let flows: Vec<Flow> = (0..PEOPLE).map(|person| Flow::new(&client, side, person)).collect();
        let mut timed = Stopwatch::start(server);
        let mut all = stream::iter(&flows).map(Flow::arrive).buffer_unordered(AT_ONCE);
        while all.try_next().await?.is_some() {}
        timed.stop(server);
        for (flow, picture) in flows.iter().zip(pictures.into_iter().flatten()) {
            flow.prove(picture).await?;
        }
        timed.go_on(server);
        let mut all = stream::iter(&flows).map(Flow::redeem).buffer_unordered(AT_ONCE);
        while all.try_next().await?.is_some() {}
        timed.stop(server);
        if round > 0 {
            measured.cpu += timed.cpu;
            measured.elapsed += timed.elapsed;
            measured.flows.extend(flows.iter().map(|flow| flow.waited.get()));
            measured.memory = measured.memory.max(server.memory());
        }
    }
    measured.flows.sort_unstable();
    Ok(measured)
}

/// The time that passes, and what a server has of it.
struct Stopwatch {
    cpu: Duration,
    elapsed: Duration,
    since: (Duration, Instant),
}

impl Stopwatch {
    fn start(server: &Running) -> Self {
        Self { cpu: Duration::ZERO, elapsed: Duration::ZERO, since: (server.cpu(), Instant::now()) }
    }

    fn stop(&mut self, server: &Running) {
        self.cpu += server.cpu().saturating_sub(self.since.0);
        self.elapsed += self.since.1.elapsed();
    }

    fn go_on(&mut self, server: &Running) {
        self.since = (server.cpu(), Instant::now());
    }
}

/// One flow, with its browser.
struct Flow<'a> {
    client: &'a Client,
    side: &'a Side,
    person: usize,
    cookies: RefCell<BTreeMap<String, String>>,
    /// Where the browser goes back to.
    back: RefCell<String>,
    /// For answers of the timed halves.
    waited: Cell<Duration>,
}

/// What is needed of an answer.
struct Answer {
    status: u16,
    location: String,
    body: String,
}

impl<'a> Flow<'a> {
    fn new(client: &'a Client, side: &'a Side, person: usize) -> Self {
        let (cookies, back, waited) = (RefCell::default(), RefCell::default(), Cell::default());
        Self { client, side, person, cookies, back, waited }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with('/') { format!("{}{path}", self.side.base) } else { path.to_owned() }
    }

    /// Sends as the relying party does, or with the browser's cookies, and wants this status.
    async fn send(&self, request: RequestBuilder, status: u16) -> Result<Answer, Failed> {
        let begun = Instant::now();
        let answer = request.send().await.map_err(failed)?;
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        let location =
            answer.headers().get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let answer = Answer { status: answer.status().as_u16(), location, body: answer.text().await.map_err(failed)? };
        self.waited.set(self.waited.get() + begun.elapsed());
        if answer.status == status {
            Ok(answer)
        } else {
            Err(Failed(format!("{} instead of {status}: {}", answer.status, answer.body)))
        }
    }

    fn with_cookies(&self, request: RequestBuilder) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(COOKIE, cookies.join("; "))
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.with_cookies(self.client.get(self.url(path)))
    }

    /// The first half: to where the person is verified.
    async fn arrive(&self) -> Result<(), Failed> {
        let verification = json!({
            "trust_framework": { "value": "IDV-DELEGATED", "essential": true },
            "assurance_level": { "value": "VERIFIED", "essential": true },
        });
        let names = json!({ "given_name": { "value": "Anna Maria", "fuzzy": true }, "family_name": { "value": "Eriksson", "fuzzy": true } });
        let claims = json!({ "id_token": { "verified_claims": [{ "verification": verification, "claims": names }] } })
            .to_string();
        let hint = format!("person-{}", self.person);
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let form = [
            ("client_id", self.side.id.as_str()),
            ("client_secret", &self.side.secret),
            ("response_type", "code"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("scope", "openid identity_assurance"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("state", "af0ifjsldkj"),
            ("login_hint", &hint),
            ("redirect_uri", CALLBACK),
            ("claims", &claims),
        ];
        let pushed = self.send(self.client.post(self.url(self.side.par)).form(&form), 201).await?;
        let pushed: Value = serde_json::from_str(&pushed.body).map_err(failed)?;
        let request_uri = pushed["request_uri"].as_str().unwrap_or_default();
        let query = [("client_id", self.side.id.as_str()), ("request_uri", request_uri)];
        let authorize = Url::parse_with_params(&self.url(self.side.authorize), query).map_err(failed)?;
        let here = self.send(self.client.get(authorize), 303).await?.location;
        let page = self.send(self.get(&here), 200).await?.body;
        let form = [("csrf", csrf(&page)?)];
        let agree = self.client.post(self.url(&format!("{here}{}", self.side.begin))).form(&form);
        let next = self.send(self.with_cookies(agree), 303).await?.location;
        // Ipse leads to the pages where the person is verified, and from there to the page that asked.
        *self.back.borrow_mut() = if next == CAPTURE { here } else { next };
        Ok(())
    }

    /// The person shows a passport and is verified. Not timed.
    async fn prove(&self, picture: &[u8]) -> Result<(), Failed> {
        let waited = self.waited.get();
        let page = self.send(self.get(CAPTURE), 200).await?.body;
        let evidence =
            self.client.post(self.url(&format!("{CAPTURE}/evidence?kind=document&document_kind=passport&side=front")));
        let evidence =
            evidence.header("x-csrf", csrf(&page)?).header("content-type", "image/jpeg").body(picture.to_vec());
        self.send(self.with_cookies(evidence), 200).await?;
        let over = format!("url={}", self.back.borrow());
        for _ in 0..1000 {
            if self.send(self.get(CAPTURE), 200).await?.body.contains(&over) {
                self.waited.set(waited);
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(Failed("a verification does not end".into()))
    }

    /// The second half: back with a code, and the code redeemed.
    async fn redeem(&self) -> Result<(), Failed> {
        let back = self.back.borrow().clone();
        let returned = self.send(self.get(&back), 303).await?.location;
        let returned = Url::parse(&returned).map_err(failed)?;
        let code = returned.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
        let code = code.ok_or_else(|| Failed(format!("no code in {returned}")))?;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.side.id),
            ("client_secret", &self.side.secret),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", CALLBACK),
        ];
        let tokens = self.send(self.client.post(self.url(self.side.token)).form(&form), 200).await?.body;
        let tokens: Value = serde_json::from_str(&tokens).map_err(failed)?;
        let told = tokens["id_token"]
            .as_str()
            .and_then(|token| token.split('.').nth(1))
            .and_then(|claims| URL_SAFE_NO_PAD.decode(claims).ok());
        let told: Value = serde_json::from_slice(&told.unwrap_or_default()).map_err(failed)?;
        let level = &told["verified_claims"][0]["verification"]["assurance_level"];
        if level == "VERIFIED" { Ok(()) } else { Err(Failed(format!("the ID token says {told}"))) }
    }
}

/// Where Ipse's person is verified.
const CAPTURE: &str = "/v/session";

/// The token of a page's form.
fn csrf(page: &str) -> Result<&str, Failed> {
    let value = page.split_once("name=\"csrf\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    value.map(|(value, _)| value).ok_or_else(|| Failed("a page has no form".into()))
}

fn failed(error: impl std::fmt::Display) -> Failed {
    Failed(error.to_string())
}

fn table(columns: &[(&str, Measured)], signatures: f64) {
    let row = |what: &str, value: &dyn Fn(&Measured) -> String| {
        let cells: String = columns.iter().map(|(_, measured)| format!("{:>18}", value(measured))).collect();
        println!("  {what:<34}{cells}");
    };
    let count = |measured: &Measured| measured.flows.len() as f64;
    let a_core = |measured: &Measured| count(measured) / measured.cpu.as_secs_f64();
    let names: String = columns.iter().map(|(name, _)| format!("{name:>18}")).collect();
    println!("  {:<34}{names}", "");
    row("CPU of the server, ms a flow", &|measured| {
        format!("{:.2}", measured.cpu.as_secs_f64() * 1000.0 / count(measured))
    });
    row("flows a second of CPU", &|measured| format!("{:.0}", a_core(measured)));
    row("  of the core's RSA signatures", &|measured| format!("{:.0} %", 100.0 * a_core(measured) / signatures));
    row("flows a second by the clock", &|measured| format!("{:.0}", count(measured) / measured.elapsed.as_secs_f64()));
    row("a flow, p50, ms", &|measured| format!("{:.1}", quantile(&measured.flows, 0.5)));
    row("a flow, p99, ms", &|measured| format!("{:.1}", quantile(&measured.flows, 0.99)));
    row("resident memory, MiB", &|measured| format!("{:.0}", measured.memory));
}
