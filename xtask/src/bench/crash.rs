//! `cargo xtask bench crash`: kills the server under load at random moments, and counts what was lost.
//!
//! Clients open verifications, claim them, and upload a passport, which decides them. Whatever was acknowledged is
//! written down by the client. After the last kill the server starts once more, and everything written down must be
//! there; every chain must be whole; every event that concerns the outside must have been delivered.

use super::machine;
use super::server::{Deployment, build};
use crate::provision::Postgres;
use crate::run::Failed;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use ipse_core::event::{Actor, Event, Head, digest, verify};
use ipse_sandbox::desk::employees;
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

async fn examine(deployment: &Deployment, book: &Book, received: &Received) -> Result<Found, Failed> {
    let client = Client::new();
    let get = async |path: String| {
        let request = client.get(format!("{}{path}", deployment.url())).bearer_auth(&deployment.api_key);
        request.send().await.map_err(|error| Failed(error.to_string()))
    };
    let mut found = Found { lost: 0, broken: 0, undelivered: 0, events: 0 };
    // Not only what was acknowledged: a kill may have come between the commit and the answer.
    let mut ids: BTreeSet<String> = lock(book).created.clone();
    let mut cursor = String::new();
    loop {
        let page: Value = get(format!("/v1/verifications?limit=100{cursor}"))
            .await?
            .json()
            .await
            .map_err(|error| Failed(error.to_string()))?;
        ids.extend(
            page["data"].as_array().into_iter().flatten().filter_map(|one| one["id"].as_str()).map(str::to_owned),
        );
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut public = BTreeSet::new();
    for id in &ids {
        let (claimed, uploaded) = {
            let book = lock(book);
            (book.claimed.contains(id), book.uploaded.contains(id))
        };
        let begun = Instant::now();
        let status = loop {
            let answer = get(format!("/v1/verifications/{id}")).await?;
            if !answer.status().is_success() {
                break String::new();
            }
            let answer: Value = answer.json().await.map_err(|error| Failed(error.to_string()))?;
            let status = answer["status"].as_str().unwrap_or_default().to_owned();
            if status != "processing" || begun.elapsed() > Duration::from_secs(20) {
                break status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let is_lost = status.is_empty() || (claimed && status == "created") || (uploaded && status != "succeeded");
        if is_lost {
            found.lost += 1;
            println!("  {id}: {status:?}");
        }
        let events = events(&client, deployment, id).await?;
        let head = events.last().map_or(Head::EMPTY, |event| Head { sequence: event.sequence, hash: event.hash });
        let ours = events.iter().all(|event| event.stream == *id && digest(event) == event.hash);
        let expected: &[&str] = match (uploaded, claimed) {
            (true, _) => &["created", "claimed", "evidence_received", "processing", "succeeded"],
            (false, true) => &["created", "claimed"],
            (false, false) => &["created"],
        };
        let told = |step: &&str| events.iter().any(|event| event.kind == format!("verification.{step}"));
        if verify(&events, head).is_err() || !ours || !expected.iter().all(told) {
            found.broken += 1;
        }
        found.events += events.len();
        let outside = events.iter().filter(|event| ipse_core::webhook::is_public(&event.kind));
        public.extend(outside.map(|event| event.id.to_string()));
    }
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

/// A verification's events, read off the event stream with their hashes.
async fn events(client: &Client, deployment: &Deployment, id: &str) -> Result<Vec<Event>, Failed> {
    let failed = |error: reqwest::Error| Failed(error.to_string());
    let url = format!("{}/v1/verifications/{id}/events", deployment.url());
    let mut answer = client.get(url).bearer_auth(&deployment.api_key).send().await.map_err(failed)?;
    let mut text = String::new();
    // What happened so far comes at once; the stream of an unfinished verification then stays open.
    while let Ok(chunk) = tokio::time::timeout(Duration::from_millis(300), answer.chunk()).await {
        match chunk.map_err(failed)? {
            Some(chunk) => text.push_str(&String::from_utf8_lossy(&chunk)),
            None => break,
        }
    }
    let lines = text.lines().filter_map(|line| line.strip_prefix("data: "));
    Ok(lines.filter_map(|line| serde_json::from_str::<Value>(line).ok()).filter_map(|value| event(&value)).collect())
}

fn event(value: &Value) -> Option<Event> {
    let hash = |name: &str| {
        let text = value[name].as_str()?;
        let bytes: Vec<u8> = (0..text.len() / 2)
            .filter_map(|place| u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok())
            .collect();
        <[u8; 32]>::try_from(bytes).ok()
    };
    Some(Event {
        id: value["id"].as_str()?.parse().ok()?,
        stream: value["stream"].as_str()?.to_owned(),
        sequence: value["sequence"].as_u64()?,
        kind: value["type"].as_str()?.to_owned(),
        at: value["at"].as_str()?.parse().ok()?,
        actor: Actor::parse(value["actor"].as_str()?)?,
        data: value["data"].to_string(),
        previous_hash: hash("previous_hash")?,
        hash: hash("hash")?,
    })
}
