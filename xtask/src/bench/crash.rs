//! `cargo xtask bench crash`: kills the server under load at random moments, and counts what was lost.
//!
//! Clients open verifications, claim them, and upload a passport, on which they are decided. Whatever was acknowledged is
//! written down by the client. After the last kill the server starts once more, and everything written down must be
//! there; every chain must be whole; every event that concerns the outside must have been delivered.

use super::machine;
use super::server::{Deployment, build};
use crate::provision::Postgres;
use crate::run::Failed;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ipse_core::event::verify;
use ipse_core::verification::State;
use ipse_sandbox::directory::employees;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const CLIENTS: usize = 6;

/// What the server acknowledged, by verification.
#[derive(Default)]
struct Acknowledged {
    created: BTreeSet<String>,
    claimed: BTreeSet<String>,
    uploaded: BTreeSet<String>,
}

type Book = Arc<Mutex<Acknowledged>>;
type Received = Arc<Mutex<BTreeSet<String>>>;

fn lock<T>(held: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn run(rest: &[&str]) -> Result<(), Failed> {
    let kills = rest.first().and_then(|text| text.parse().ok()).unwrap_or(50);
    build()?;
    println!("\nmachine: {}", machine());
    println!("method:  {CLIENTS} clients create, claim and upload; SIGKILL after 150 to 1200 ms, {kills} times\n");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(on("SQLite", None, kills))?;
    let postgres = Postgres::start(true)?;
    runtime.block_on(on("PostgreSQL", Some(&postgres), kills))
}

async fn on(name: &str, postgres: Option<&Postgres>, kills: u32) -> Result<(), Failed> {
    let deployment = tokio::task::block_in_place(|| Deployment::new(postgres))?;
    let received = Received::default();
    let receiver_url = receive(received.clone()).await?;
    let (running, _) = tokio::task::block_in_place(|| deployment.start())?;
    tokio::task::block_in_place(|| {
        deployment.make_journey()?;
        let wanted = json!({ "url": receiver_url, "description": "crash" });
        deployment.post("/v1/webhook-endpoints", &wanted)
    })?;
    running.kill();
    let caller = employees().into_iter().next().ok_or_else(|| Failed("no specimen".into()))?;
    let camera = Camera { width: 1200, height: 900, ..Camera::default() };
    let picture = Arc::new(photograph(&passport(&caller.person, 7), &camera));
    let book = Book::default();
    let number = Arc::new(AtomicU64::new(0));
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..kills {
        let (running, _) = tokio::task::block_in_place(|| deployment.start())?;
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let load = Load {
                    url: deployment.url(),
                    api_key: deployment.api_key.clone(),
                    book: book.clone(),
                    number: number.clone(),
                    picture: picture.clone(),
                    stop: stop.clone(),
                };
                tokio::spawn(load.run())
            })
            .collect();
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        tokio::time::sleep(Duration::from_millis(150 + dice % 1_050)).await;
        running.kill();
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            let _ = client.await;
        }
    }
    let (running, _) = tokio::task::block_in_place(|| deployment.start())?;
    let found = examine(&deployment, &book, &received).await?;
    drop(running);
    let acknowledged = lock(&book);
    println!("{name}: {kills} kills");
    println!(
        "  acknowledged: {} creations, {} claims, {} uploads; events {}",
        acknowledged.created.len(),
        acknowledged.claimed.len(),
        acknowledged.uploaded.len(),
        found.events,
    );
    println!("  acknowledged operations lost      {}", found.lost);
    println!("  chains broken                     {}", found.broken);
    println!("  deliveries never made             {}\n", found.undelivered);
    if found.lost + found.broken + found.undelivered == 0 && found.events > 0 {
        Ok(())
    } else {
        Err(Failed(format!("{name}: something was lost")))
    }
}

/// A receiver that writes down every event's id.
async fn receive(received: Received) -> Result<String, Failed> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let take = move |headers: HeaderMap| {
        let received = received.clone();
        async move {
            if let Some(id) = headers.get("webhook-id").and_then(|id| id.to_str().ok()) {
                lock(&received).insert(id.to_owned());
            }
            StatusCode::NO_CONTENT
        }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
    Ok(format!("http://{address}/"))
}

/// One client.
struct Load {
    url: String,
    api_key: String,
    book: Book,
    number: Arc<AtomicU64>,
    picture: Arc<Vec<u8>>,
    stop: Arc<AtomicBool>,
}

impl Load {
    async fn run(self) {
        while !self.stop.load(Ordering::Relaxed) {
            // A kill ends this in the middle, anywhere: only what was answered is written down.
            if self.one().await.is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }

    async fn one(&self) -> Option<()> {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().ok()?;
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let body = json!({
            "journey": "bench", "purpose": "Crash", "delivery": "none",
            "subject": { "external_id": format!("crash-{number}"), "given_name": "Anna", "family_name": "Eriksson" },
        });
        let request = client.post(format!("{}/v1/verifications", self.url)).bearer_auth(&self.api_key).json(&body);
        let answer = request.send().await.ok().filter(|answer| answer.status() == 201)?;
        let answer: Value = answer.json().await.ok()?;
        let (id, link) = (answer["id"].as_str()?.to_owned(), answer["link"].as_str()?.to_owned());
        lock(&self.book).created.insert(id.clone());
        let answer = client.post(format!("{link}/claim")).send().await.ok()?;
        let cookie = answer.headers().get("set-cookie")?.to_str().ok()?.split(';').next()?.to_owned();
        lock(&self.book).claimed.insert(id.clone());
        let page = client.get(format!("{}/v/session", self.url)).header("cookie", &cookie).send().await.ok()?;
        let page = page.text().await.ok()?;
        let csrf = page.split_once("name=\"csrf\" value=\"")?.1.split_once('"')?.0.to_owned();
        let url = format!("{}/v/session/evidence?kind=document&document_kind=passport&side=front", self.url);
        let request = client.post(url).header("cookie", &cookie).header("x-csrf", csrf);
        let request = request.header("content-type", "image/jpeg").body(self.picture.as_ref().clone());
        let answer: Value = request.send().await.ok()?.json().await.ok()?;
        (answer["accepted"] == true).then(|| lock(&self.book).uploaded.insert(id))?;
        Some(())
    }
}

struct Found {
    lost: usize,
    broken: usize,
    undelivered: usize,
    events: usize,
}

/// Reads every verification as it is stored, and holds it against what was acknowledged. Not only what was
/// acknowledged is read: a kill may have come between a commit and its answer.
async fn examine(deployment: &Deployment, book: &Book, received: &Received) -> Result<Found, Failed> {
    let failed = |error: ipse_store::Error| Failed(error.to_string());
    let store = deployment.store().await?;
    let organization = store.organizations().await.map_err(failed)?.into_iter().next();
    let organization = organization.ok_or_else(|| Failed("the organization is lost".into()))?.id;
    let begun = Instant::now();
    while !store.due_to_examine(1).await.map_err(failed)?.is_empty() && begun.elapsed() < Duration::from_mins(2) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut found = Found { lost: 0, broken: 0, undelivered: 0, events: 0 };
    let mut missing = lock(book).created.clone();
    let mut public = BTreeSet::new();
    let mut after = String::new();
    let mut tx = store.read(&organization).await.map_err(failed)?;
    loop {
        let chains = tx.chains(&after, 500).await.map_err(failed)?;
        let verifications = chains.iter().filter(|chain| chain.stream != organization.as_str());
        let Some(last) = verifications.clone().next_back() else { break };
        after.clone_from(&last.stream);
        for chain in verifications {
            let id = &chain.stream;
            missing.remove(id);
            let (claimed, uploaded) = {
                let book = lock(book);
                (book.claimed.contains(id), book.uploaded.contains(id))
            };
            let known = id.parse().map_err(|_| Failed(format!("{id} is no id")))?;
            let state = tx.verification(&known).await.map_err(failed)?.map(|verification| verification.state);
            // All of them show one passport: for the first person it decides, for the others a reviewer has to.
            let decided = matches!(state, Some(State::Succeeded | State::PendingReview));
            if (claimed && state == Some(State::Created)) || (uploaded && !decided) {
                found.lost += 1;
                println!("  {id}: {state:?}");
            }
            let events = tx.events(id, 0).await.map_err(failed)?;
            let decision = if state == Some(State::Succeeded) { "succeeded" } else { "pending_review" };
            let expected: &[&str] = match (uploaded, claimed) {
                (true, _) => &["created", "claimed", "evidence_received", "processing", decision],
                (false, true) => &["created", "claimed"],
                (false, false) => &["created"],
            };
            let told = |step: &&str| events.iter().any(|event| event.kind == format!("verification.{step}"));
            // Against the end that the verification itself remembers: a lost tail shows.
            if verify(&events, chain.head).is_err() || !expected.iter().all(told) {
                found.broken += 1;
            }
            found.events += events.len();
            let outside = events.iter().filter(|event| ipse_core::webhook::is_public(&event.kind));
            public.extend(outside.map(|event| event.id.to_string()));
        }
    }
    drop(tx);
    found.lost += missing.len();
    // Leases of a killed dispatcher run out after two minutes on PostgreSQL.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_mins(4) {
        found.undelivered = public.difference(&lock(received)).count();
        if found.undelivered == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(found)
}
