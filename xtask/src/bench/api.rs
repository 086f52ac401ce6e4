//! `cargo xtask bench api`: durable creations a second, beside what the bare database commits on the same disk.
//!
//! One creation is one commit. The peer does the same number of commits at the same concurrency, each of one row of
//! about the size that a creation writes, and nothing else.

use super::server::{Deployment, binary, build};
use super::{machine, quantile};
use crate::provision::Postgres;
use crate::run::Failed;
use reqwest::blocking::Client;
use serde_json::json;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
/// Bytes of the peer's row: about what a creation writes, without indexes.
const ROW: usize = 3_000;

pub(crate) fn run(rest: &[&str]) -> Result<(), Failed> {
    let seconds = rest.first().and_then(|text| text.parse().ok()).unwrap_or(8);
    let span = Duration::from_secs(seconds);
    build()?;
    let size = std::fs::metadata(binary())?.len() as f64 / f64::from(1 << 20);
    println!("\nmachine: {}", machine());
    println!(
        "method:  {CLIENTS} clients in a loop for {seconds} s, each request a new subject and verification; the peer before and after"
    );
    println!("binary:  {size:.1} MiB\n");
    measure("SQLite", None, span)?;
    let postgres = Postgres::start(true)?;
    measure("PostgreSQL", Some(&postgres), span)
}

fn measure(name: &str, postgres: Option<&Postgres>, span: Duration) -> Result<(), Failed> {
    let deployment = Deployment::new(postgres)?;
    let peer = || match postgres {
        None => bare_sqlite(deployment.path(), span),
        Some(postgres) => bare_postgres(&postgres.url(), span),
    };
    let before = peer()?;
    let (running, first_answer) = deployment.start()?;
    deployment.make_journey()?;
    std::thread::sleep(Duration::from_millis(500));
    let at_rest = running.memory();
    let (mut latencies, elapsed, most) = create(&deployment, span, || running.memory())?;
    let after = peer()?;
    latencies.sort_unstable();
    let per_second = latencies.len() as f64 / elapsed.as_secs_f64();
    let bare = f64::midpoint(before, after);
    println!("{name}");
    println!(
        "  creations             {per_second:>9.0} /s     p50 {:.1} ms  p99 {:.1} ms",
        quantile(&latencies, 0.5),
        quantile(&latencies, 0.99)
    );
    println!("  bare database         {bare:>9.0} commits/s ({before:.0} before, {after:.0} after)");
    println!("  share                 {:>9.0} %", 100.0 * per_second / bare);
    println!("  memory at rest        {at_rest:>9.1} MiB");
    println!("  memory under load     {most:>9.1} MiB");
    println!("  start to first answer {:>9.0} ms\n", first_answer.as_secs_f64() * 1000.0);
    Ok(())
}

fn create(
    deployment: &Deployment,
    span: Duration,
    memory: impl Fn() -> f64,
) -> Result<(Vec<Duration>, Duration, f64), Failed> {
    let number = AtomicU64::new(0);
    let begun = Instant::now();
    let mut most: f64 = 0.0;
    let latencies = std::thread::scope(|scope| {
        let client = || {
            let client = Client::new();
            let mut latencies = Vec::new();
            while begun.elapsed() < span {
                let number = number.fetch_add(1, Ordering::Relaxed);
                let body = json!({
                    "journey": "bench",
                    "subject": { "external_id": format!("caller-{number}"), "given_name": "Anna", "family_name": "Eriksson" },
                    "purpose": "Measure", "delivery": "none",
                    "record": { "system": "bench", "table": "t", "id": number.to_string(), "number": number.to_string() },
                });
                let sent = Instant::now();
                let request = client.post(format!("{}/v1/verifications", deployment.url()));
                let answer = request.bearer_auth(&deployment.api_key).json(&body).send();
                let answer = answer.map_err(|error| Failed(error.to_string()))?;
                if answer.status() != 201 {
                    return Err(Failed(format!("a creation was answered with {}", answer.status())));
                }
                // The answer is read, as a client would.
                let _ = answer.bytes();
                latencies.push(sent.elapsed());
            }
            Ok(latencies)
        };
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(client)).collect();
        while begun.elapsed() < span {
            most = most.max(memory());
            std::thread::sleep(Duration::from_millis(100));
        }
        let mut all = Vec::new();
        for client in clients {
            all.extend(client.join().map_err(|_| Failed("a client panicked".into()))??);
        }
        Ok::<_, Failed>(all)
    })?;
    Ok((latencies, begun.elapsed(), most))
}

fn failed(error: impl std::fmt::Display) -> Failed {
    Failed(error.to_string())
}

/// Commits a second of SQLite alone: one row each, write-ahead log, every commit synced.
fn bare_sqlite(folder: &std::path::Path, span: Duration) -> Result<f64, Failed> {
    let connection = rusqlite::Connection::open(folder.join("bare.sqlite")).map_err(failed)?;
    connection
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; create table if not exists t (a blob)")
        .map_err(failed)?;
    let row = vec![7_u8; ROW];
    let begun = Instant::now();
    let mut commits = 0_u32;
    while begun.elapsed() < span {
        connection.execute("insert into t (a) values (?1)", [&row]).map_err(failed)?;
        commits += 1;
    }
    Ok(f64::from(commits) / begun.elapsed().as_secs_f64())
}

/// Commits a second of PostgreSQL alone, at the same concurrency.
fn bare_postgres(url: &str, span: Duration) -> Result<f64, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.map_err(failed)?;
        tokio::spawn(connection);
        client.batch_execute("create table if not exists bare (a bytea)").await.map_err(failed)?;
        let begun = Instant::now();
        let clients = (0..CLIENTS).map(|_| {
            let url = url.to_owned();
            tokio::spawn(async move {
                let (client, connection) =
                    tokio_postgres::connect(&url, tokio_postgres::NoTls).await.map_err(failed)?;
                tokio::spawn(connection);
                let insert = client.prepare("insert into bare (a) values ($1)").await.map_err(failed)?;
                let row = vec![7_u8; ROW];
                let mut commits = 0_u32;
                while begun.elapsed() < span {
                    client.execute(&insert, &[&row]).await.map_err(failed)?;
                    commits += 1;
                }
                Ok::<_, Failed>(commits)
            })
        });
        let mut commits = 0;
        for client in clients.collect::<Vec<_>>() {
            commits += client.await.map_err(failed)??;
        }
        Ok(f64::from(commits) / begun.elapsed().as_secs_f64())
    })
}
