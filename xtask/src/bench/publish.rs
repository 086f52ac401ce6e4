//! `cargo xtask bench publish`: results that go to a Salesforce org which fails in every way it can, by a server that is
//! killed again and again. Each result that was acknowledged, and each that was stored, has to become one record and one
//! Task there.

use super::machine;
use super::server::{Deployment, build};
use crate::provision::Postgres;
use crate::run::{Failed, output};
use ipse_core::verification::State;
use ipse_sandbox::Sandbox;
use ipse_sandbox::salesforce::{CONSUMER_KEY, Effect, Fault, Key, ORG, Salesforce, USER};
use reqwest::Client;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const CLIENTS: u64 = 8;
/// Tokens end after so many calls.
const CALLS_A_TOKEN: usize = 5;
/// Leases of a killed dispatcher end after two minutes, and pauses grow: how long the last result may take.
const PATIENCE: Duration = Duration::from_mins(20);
/// What goes wrong, one after another, with every second publication or so.
const FAULTS: [Fault; 6] = [
    Fault::Refused { status: 429, code: "SERVER_UNAVAILABLE", retry_after: Some(2) },
    Fault::Partly { every: 3, code: "UNABLE_TO_LOCK_ROW" },
    Fault::ClosedAfter,
    Fault::Refused { status: 503, code: "SERVER_UNAVAILABLE", retry_after: None },
    Fault::ClosedBefore,
    Fault::Partly { every: 1, code: "UNKNOWN_EXCEPTION" },
];

type Book = Arc<Mutex<BTreeSet<String>>>;

pub(crate) fn run(rest: &[&str]) -> Result<(), Failed> {
    let number = |place: usize, instead| rest.get(place).and_then(|text| text.parse().ok()).unwrap_or(instead);
    let (results, kills): (u64, u64) = (number(0, 10_000), number(1, 10));
    build()?;
    println!("\nmachine: {}", machine());
    println!(
        "method:  {CLIENTS} clients open and cancel {results} verifications, both acknowledged; {kills} SIGKILLs in between; the org answers\n\
         \x20        429, 503, takes some, takes none, closes before and after it took them, until 19 of 20 are there; a token ends after {CALLS_A_TOKEN} calls\n"
    );
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(on("SQLite", None, results, kills))?;
    let postgres = Postgres::start(true)?;
    runtime.block_on(on("PostgreSQL", Some(&postgres), results, kills))
}

async fn on(name: &str, postgres: Option<&Postgres>, results: u64, kills: u64) -> Result<(), Failed> {
    let here = || SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let sandbox = Sandbox::start(here(), here()).await?;
    let org = &sandbox.partners.salesforce;
    let deployment = tokio::task::block_in_place(|| Deployment::new(postgres))?;
    let key = tokio::task::block_in_place(|| connect(&deployment, &sandbox))?;
    org.end_tokens_after(Some(CALLS_A_TOKEN));

    let begun = Instant::now();
    let (book, left) = (Book::default(), Arc::new(AtomicU64::new(results)));
    let stop = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let load = Load { url: deployment.url(), key: key.clone(), book: book.clone(), left: left.clone() };
            tokio::spawn(load.run())
        })
        .collect();
    let disturbing = tokio::spawn(disturb(sandbox.partners.clone(), stop.clone()));
    let mut killed = 0;
    let (mut running, _) = tokio::task::block_in_place(|| deployment.start())?;
    let acknowledged = || book.lock().unwrap_or_else(PoisonError::into_inner).len() as u64;
    while acknowledged() < results && begun.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if killed < kills && acknowledged() >= (killed + 1) * results / (kills + 1) {
            running.kill();
            killed += 1;
            running = tokio::task::block_in_place(|| deployment.start())?.0;
        }
    }
    for client in clients {
        client.abort();
    }
    let asked = begun.elapsed();
    let ended = ended(&deployment).await?;
    let mut there = org.records().len();
    while there < ended.len() && begun.elapsed() < PATIENCE {
        // Pauses grow: with the last few failing again and again, nothing would be learned for hours.
        stop.fetch_or(there >= ended.len() * 19 / 20, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(500)).await;
        there = org.records().len();
    }
    let published = begun.elapsed();
    stop.store(true, Ordering::Relaxed);
    let met = disturbing.await.unwrap_or_default();
    drop(running);

    let book = book.lock().unwrap_or_else(PoisonError::into_inner);
    println!("{name}: {} results acknowledged, {} stored, {killed} kills", book.len(), ended.len());
    println!(
        "  asked for in {:.0} s, the last one published after {:.0} s",
        asked.as_secs_f64(),
        published.as_secs_f64()
    );
    let counted = count(org, &ended, &book);
    let calls = org.calls();
    let publications: Vec<_> = calls.iter().filter(|call| call.events > 0).collect();
    let most = publications.iter().map(|call| call.events).max().unwrap_or(0);
    println!(
        "  calls {}, of at most {most} events; faults met {met}; tokens {}",
        publications.len(),
        org.given_tokens()
    );
    for (what, number) in &counted {
        println!("  {what:<34}{number}");
    }
    println!();
    if counted.values().all(|number| *number == 0) && !ended.is_empty() && met > 0 {
        Ok(())
    } else {
        Err(Failed(format!("{name}: not exactly once")))
    }
}

/// What is not as it should be: nothing, everywhere.
fn count(org: &Salesforce, ended: &BTreeSet<String>, acknowledged: &BTreeSet<String>) -> BTreeMap<&'static str, usize> {
    let (records, tasks, events) = (org.records(), org.tasks(), org.events());
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in &events {
        let id = one.event.get("Verification_Id__c").and_then(Value::as_str).unwrap_or_default();
        let event = one.event.get("Event_Id__c").and_then(Value::as_str).unwrap_or_default();
        told.entry(id).or_default().insert(event);
        if one.effect == Effect::Written {
            *written.entry(id).or_default() += 1;
        }
    }
    [
        ("acknowledged and not stored", acknowledged.difference(ended).count()),
        ("without a record", ended.iter().filter(|id| !records.contains_key(*id)).count()),
        ("records of nothing", records.keys().filter(|id| !ended.contains(*id)).count()),
        ("written twice", written.values().filter(|times| **times > 1).count()),
        ("Tasks too many or too few", tasks.len().abs_diff(ended.len())),
        ("told by more than one event", told.values().filter(|events| events.len() > 1).count()),
        ("events that were not believed", events.iter().filter(|one| one.effect == Effect::Dropped).count()),
    ]
    .into()
}

/// Connects the org as an administrator does, on the command line; returns the org's API key.
fn connect(deployment: &Deployment, sandbox: &Sandbox) -> Result<String, Failed> {
    let (running, _) = deployment.start()?;
    deployment.make_journey()?;
    running.kill();
    let (org, values) = (sandbox.url(), deployment.path().join("salesforce.json"));
    let mut command = deployment.command();
    command.args(["connect", "salesforce", "--org", &org, "--loopback", "--journey", "bench", "--org-id", ORG]);
    command.args(["--consumer-key", CONSUMER_KEY, "--username", USER, "--login-host", &org, "--apply", "--output"]);
    output("ipse connect salesforce", command.arg(&values))?;
    let values: Map<String, Value> = serde_json::from_slice(&std::fs::read(&values)?)
        .map_err(|error| Failed(format!("what ipse connect wrote: {error}")))?;
    let value = |label: &str| values.get(label).and_then(Value::as_str).unwrap_or_default().to_owned();
    let there = &sandbox.partners.salesforce;
    if !there.upload(&value("Certificate for the external client app")) {
        return Err(Failed("no certificate was made".into()));
    }
    there.trust(Key {
        name: value("Ipse Key, name"),
        issuer: value("Ipse Key, issuer"),
        organization: value("Ipse Key, organization"),
        public: value("Ipse Key, public key"),
    });
    let key = values.values().filter_map(Value::as_str).find(|value| value.starts_with("ipse_sk_"));
    key.map(str::to_owned).ok_or_else(|| Failed("no API key was made".into()))
}

/// One client.
struct Load {
    url: String,
    key: String,
    book: Book,
    left: Arc<AtomicU64>,
}

impl Load {
    async fn run(self) {
        let client = Client::new();
        while let Ok(number) = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
        {
            // A kill ends this in the middle, anywhere: only what was answered is written down, and asked for again.
            while self.one(&client, number).await.is_none() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    async fn one(&self, client: &Client, number: u64) -> Option<()> {
        let body = json!({
            "journey": "bench", "purpose": "Publish", "delivery": "none",
            "subject": { "external_id": format!("{:0>18}", number % 500), "given_name": "Anna", "family_name": "Eriksson" },
            "record": { "system": "salesforce", "table": "Opportunity", "id": "006000000000001AAA", "number": "006000000000001AAA" },
            "metadata": { "salesforce_org": ORG, "salesforce_person": "003000000000001AAA" },
        });
        let request = client.post(format!("{}/v1/verifications", self.url)).bearer_auth(&self.key).json(&body);
        let answer = request.send().await.ok().filter(|answer| answer.status() == 201)?;
        let id = answer.json::<Value>().await.ok()?["id"].as_str()?.to_owned();
        let request = client.post(format!("{}/v1/verifications/{id}/cancel", self.url)).bearer_auth(&self.key);
        request.send().await.ok().filter(|answer| answer.status() == 200)?;
        self.book.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
        Some(())
    }
}

/// Lets publications go wrong until it is to stop; returns how many did.
async fn disturb(partners: Arc<ipse_sandbox::Partners>, stop: Arc<AtomicBool>) -> usize {
    let (org, mut given) = (&partners.salesforce, 0);
    while !stop.load(Ordering::Relaxed) {
        // One that went well comes between, or there would be no end.
        tokio::time::sleep(Duration::from_millis(400)).await;
        if org.faults_left() == 0 {
            org.disturb(FAULTS.get(given % FAULTS.len()).copied());
            given += 1;
        }
    }
    given - org.faults_left()
}

/// The verifications that have ended, as they are stored: a kill may have come between a commit and its answer.
async fn ended(deployment: &Deployment) -> Result<BTreeSet<String>, Failed> {
    let failed = |error: ipse_store::Error| Failed(error.to_string());
    let store = deployment.store().await?;
    let organization = store.organizations().await.map_err(failed)?.into_iter().next();
    let organization = organization.ok_or_else(|| Failed("the organization is lost".into()))?.id;
    let mut tx = store.read(&organization).await.map_err(failed)?;
    let (mut ended, mut after) = (BTreeSet::new(), String::new());
    loop {
        let chains = tx.chains(&after, 500).await.map_err(failed)?;
        let Some(last) = chains.iter().rfind(|chain| chain.stream != organization.as_str()) else { break };
        after.clone_from(&last.stream);
        for chain in chains.iter().filter(|chain| chain.stream != organization.as_str()) {
            let id = chain.stream.parse().map_err(|_| Failed(format!("{} is no id", chain.stream)))?;
            let state = tx.verification(&id).await.map_err(failed)?.map(|verification| verification.state);
            if state == Some(State::Cancelled) {
                ended.insert(chain.stream.clone());
            }
        }
    }
    Ok(ended)
}
