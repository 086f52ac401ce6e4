//! The audit log: reading it, checking its chains, taking it away.

use super::{Caller, Result, record};
use crate::state::Ipse;
use ipse_core::event::{Broken, Event, verify};
use ipse_store::events::EventFilter;
use serde_json::{Value, json};

/// What a check of all chains found.
pub struct Checked {
    /// Chains looked at.
    pub chains: usize,
    /// Events looked at.
    pub events: usize,
    /// What is wrong, by chain.
    pub broken: Vec<(String, Broken)>,
}

/// A page of events, newest first.
pub async fn list(ipse: &Ipse, caller: &Caller, filter: &EventFilter, limit: u32) -> Result<Vec<Event>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.list_events(filter, limit).await?)
}

/// A verification's own events after a place, in order.
pub async fn of(ipse: &Ipse, caller: &Caller, stream: &str, after: u64) -> Result<Vec<Event>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.events(stream, after).await?)
}

/// Checks every chain of the organization against its recorded end.
pub async fn check(ipse: &Ipse, caller: &Caller) -> Result<Checked> {
    let mut checked = Checked { chains: 0, events: 0, broken: Vec::new() };
    let mut after = String::new();
    loop {
        let mut tx = ipse.store.read(&caller.organization).await?;
        let page = tx.chains(&after, 200).await?;
        let Some(last) = page.iter().map(|chain| chain.stream.clone()).filter(|id| id.starts_with("ver_")).max() else {
            // The organization's own chain comes with the first page, which may have no verifications.
            for chain in page {
                one(&mut tx, chain, &mut checked).await?;
            }
            return Ok(checked);
        };
        for chain in page {
            one(&mut tx, chain, &mut checked).await?;
        }
        after = last;
    }
}

async fn one(tx: &mut ipse_store::Tx, chain: ipse_store::events::Chain, checked: &mut Checked) -> Result<()> {
    let events = tx.events(&chain.stream, 0).await?;
    checked.chains += 1;
    checked.events += events.len();
    if let Err(broken) = verify(&events, chain.head) {
        checked.broken.push((chain.stream, broken));
    }
    Ok(())
}

/// All events in JSON lines, oldest first, with their hashes: enough to check the chains elsewhere. The export is
/// itself an event.
pub async fn export(ipse: &Ipse, caller: &Caller, filter: &EventFilter) -> Result<String> {
    let mut events = Vec::new();
    let mut filter = filter.clone();
    loop {
        let page = list(ipse, caller, &filter, 1_000).await?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id.to_string());
        events.extend(page);
    }
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let data = json!({ "events": events.len() });
    record::organization(&mut tx, &caller.actor, "audit.exported", data, ipse.clock.now()).await?;
    tx.commit().await?;
    let lines: Vec<String> = events.iter().rev().map(|event| wire(event).to_string()).collect();
    Ok(lines.join("\n") + "\n")
}

/// An event as it leaves the house.
pub fn wire(event: &Event) -> Value {
    json!({
        "id": event.id,
        "stream": event.stream,
        "sequence": event.sequence,
        "type": event.kind,
        "at": event.at.to_string(),
        "actor": event.actor.label(),
        "data": serde_json::from_str::<Value>(&event.data).unwrap_or(Value::Null),
        "previous_hash": hex(&event.previous_hash),
        "hash": hex(&event.hash),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
