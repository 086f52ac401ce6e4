//! `cargo xtask bench api`: durable creations a second, beside what the bare database commits on the same disk.
//!
//! One creation is one commit. Two peers do as many commits at the same concurrency: `bare`, each of one row of about
//! the size that a creation writes, and `rows`, each of the rows and indexes that a creation has, in one transaction.
//! Neither parses, authorises, seals or answers anything. Beside them: how often this disk syncs a written page.

use super::server::{Deployment, binary, build};
use super::{machine, quantile};
use crate::provision::Postgres;
use crate::run::Failed;
use futures_util::future::{join, join_all};
use reqwest::blocking::Client;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: usize = 16;
/// The bytes of each row of a commit. One row of about what a creation writes; or what a creation writes: a subject,
/// three keys, a verification, an event, a link, all found by an index.
const BARE: &[usize] = &[3_000];
const ROWS: &[usize] = &[300, 100, 100, 100, 1_200, 600, 100];

pub(crate) fn run(rest: &[&str]) -> Result<(), Failed> {
    let seconds = rest.first().and_then(|text| text.parse().ok()).unwrap_or(8);
    let span = Duration::from_secs(seconds);
    build()?;
    let size = std::fs::metadata(binary())?.len() as f64 / f64::from(1 << 20);
    println!("\nmachine: {}", machine());
    println!(
        "method:  {CLIENTS} clients in a loop for {seconds} s, each request a new subject and verification; the peers before and after"
    );
    println!("binary:  {size:.1} MiB\n");
    measure("SQLite", None, span)?;
    let postgres = Postgres::start(true)?;
    measure("PostgreSQL", Some(&postgres), span)
}

fn measure(name: &str, postgres: Option<&Postgres>, span: Duration) -> Result<(), Failed> {
    let deployment = Deployment::new(postgres)?;
    let peer = |rows| match postgres {
        None => bare_sqlite(deployment.path(), rows, span),
        Some(postgres) => bare_postgres(&postgres.url(), rows, span),
    };
    let syncs = syncs(deployment.path(), span)?;
    let (bare_before, rows_before) = (peer(BARE)?, peer(ROWS)?);
    let (running, first_answer) = deployment.start()?;
    deployment.make_journey()?;
    std::thread::sleep(Duration::from_millis(500));
    let at_rest = running.memory();
    let (mut latencies, elapsed, most) = create(&deployment, span, || running.memory())?;
    let (bare_after, rows_after) = (peer(BARE)?, peer(ROWS)?);
    latencies.sort_unstable();
    let per_second = latencies.len() as f64 / elapsed.as_secs_f64();
    println!("{name}");
    println!(
        "  creations             {per_second:>9.0} /s     p50 {:.1} ms  p99 {:.1} ms",
        quantile(&latencies, 0.5),
        quantile(&latencies, 0.99)
    );
    for (what, before, after) in [("bare", bare_before, bare_after), ("rows", rows_before, rows_after)] {
        let peer = f64::midpoint(before, after);
        let share = 100.0 * per_second / peer;
        println!(
            "  {what} database         {peer:>9.0} commits/s ({before:.0} before, {after:.0} after): {share:.0} %"
        );
    }
    println!("  the disk alone        {syncs:>9.0} syncs/s");
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

/// Synced writes of a page a second, one after the other.
fn syncs(folder: &std::path::Path, span: Duration) -> Result<f64, Failed> {
    use std::io::{Seek as _, Write as _};
    let mut file = std::fs::File::create(folder.join("syncs"))?;
    let begun = Instant::now();
    let mut count = 0_u32;
    while begun.elapsed() < span / 4 {
        file.rewind()?;
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

const TABLE: &str = "create table if not exists peer (id bigint primary key, a bytea)";
const INSERT: &str = "insert into peer (id, a) values ($1, $2)";

/// Commits a second of SQLite alone: write-ahead log, every commit synced.
fn bare_sqlite(folder: &std::path::Path, rows: &[usize], span: Duration) -> Result<f64, Failed> {
    let mut connection = rusqlite::Connection::open(folder.join("bare.sqlite")).map_err(failed)?;
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full").map_err(failed)?;
    connection.execute_batch(&format!("drop table if exists peer; {TABLE}")).map_err(failed)?;
    let row = vec![7_u8; 4_096];
    let begun = Instant::now();
    let (mut commits, mut id) = (0_u32, 0_i64);
    while begun.elapsed() < span {
        let tx = connection.transaction().map_err(failed)?;
        for size in rows {
            id += 1;
            let mut insert = tx.prepare_cached(INSERT).map_err(failed)?;
            insert.execute((id, row.get(..*size))).map_err(failed)?;
        }
        tx.commit().map_err(failed)?;
        commits += 1;
    }
    Ok(f64::from(commits) / begun.elapsed().as_secs_f64())
}

/// Commits a second of PostgreSQL alone, at the same concurrency, each in one round trip.
fn bare_postgres(url: &str, rows: &'static [usize], span: Duration) -> Result<f64, Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.map_err(failed)?;
        tokio::spawn(connection);
        client.batch_execute(&format!("drop table if exists peer; {TABLE}")).await.map_err(failed)?;
        let begun = Instant::now();
        let number = Arc::new(AtomicI64::new(0));
        let clients = (0..CLIENTS).map(|_| {
            let (url, number) = (url.to_owned(), number.clone());
            tokio::spawn(async move {
                let (client, connection) =
                    tokio_postgres::connect(&url, tokio_postgres::NoTls).await.map_err(failed)?;
                tokio::spawn(connection);
                let insert = client.prepare(INSERT).await.map_err(failed)?;
                let row = vec![7_u8; 4_096];
                let mut commits = 0_u32;
                while begun.elapsed() < span {
                    let inserts = rows.iter().map(async |size| {
                        let id = number.fetch_add(1, Ordering::Relaxed);
                        client.execute(&insert, &[&id, &row.get(..*size)]).await
                    });
                    // One row needs no transaction around it.
                    let around =
                        async |sql: &str| if rows.len() > 1 { client.batch_execute(sql).await } else { Ok(()) };
                    let done = join(around("begin"), join(join_all(inserts), around("commit"))).await;
                    done.0.map_err(failed)?;
                    done.1.0.into_iter().collect::<Result<Vec<_>, _>>().map_err(failed)?;
                    done.1.1.map_err(failed)?;
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
