//! The guided tours: a job walked over the real HTTP surfaces, with a timeline, and every step checked.

mod browser;
mod entra;
mod help_desk;
mod okta;
mod presented;
mod salesforce;

use super::sandbox::Ready;
use crate::server::NotStarted;
use reqwest::Client;
use std::time::{Duration, Instant};

/// How long the tour waits for something that should come by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// The drawn person whose passport it is, and another.
const SELF: u64 = 7;
const SOMEBODY_ELSE: u64 = 4_711;

/// Refuses a tour that does not exist.
pub(super) fn known(name: &str) -> Result<(), NotStarted> {
    match name {
        "help-desk" | "review" | "okta" | "salesforce" | "entra" => Ok(()),
        _ => {
            Err(NotStarted(format!("there is no tour {name}; there are help-desk, review, okta, salesforce and entra")))
        }
    }
}

/// Walks a tour; whether every step held.
pub(super) async fn walk(name: &str, ready: &Ready) -> bool {
    println!("The tour «{name}»\n");
    let mut timeline = Timeline { begun: Instant::now(), last: Instant::now() };
    let walked = match name {
        "okta" => okta::walked(ready, &mut timeline).await,
        "salesforce" => salesforce::walked(ready, &mut timeline).await,
        "entra" => entra::walked(ready, &mut timeline).await,
        _ => help_desk::walked(name, ready, &mut timeline).await,
    };
    match walked {
        Ok(()) => {
            println!("\nEvery step held: {:.1} s in all.\n", timeline.begun.elapsed().as_secs_f64());
            true
        }
        Err(broken) => {
            println!("\nThe tour broke: {}\n", broken.0);
            false
        }
    }
}

struct Timeline {
    begun: Instant,
    last: Instant,
}

impl Timeline {
    fn step(&mut self, what: &str) {
        let (now, since) = (self.begun.elapsed(), self.last.elapsed());
        println!("  {:>7.2} s  (+{:>5} ms)  {what}", now.as_secs_f64(), since.as_millis());
        self.last = Instant::now();
    }
}

/// A step that did not hold.
struct Broken(String);

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<ipse_sandbox::servicenow::Failed> for Broken {
    fn from(failed: ipse_sandbox::servicenow::Failed) -> Self {
        Self(failed.0)
    }
}

fn expect(holds: bool, what: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken(what.to_owned())) }
}

fn client() -> Result<Client, Broken> {
    Ok(Client::builder().redirect(reqwest::redirect::Policy::none()).build()?)
}

/// Asks again and again until there is something.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>, Broken>) -> Result<T, Broken> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(Broken(format!("waited in vain for {what}")))
}
