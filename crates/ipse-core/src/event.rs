//! What happened, in hash-chained order.
//!
//! Every verification is a chain of its own, and so is the organization itself (sign-ins, configuration, views of
//! evidence). Each event carries the hash of the one before it, so that a changed, missing, doubled or reordered
//! event is found by anybody who reads the chain. Events carry no personal data: they outlive redaction.

use crate::id::{ApiKeyId, EventId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Actor {
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// Somebody in the console.
    Person(PersonId),
    /// The person being verified.
    Subject,
    /// Ipse itself: a timer, an engine, the command line.
    System,
}

impl Actor {
    /// `api_key:key_…`, `person:usr_…`, `subject` or `system`: the form kept in the chain.
    pub fn label(&self) -> String {
        match self {
            Self::ApiKey(id) => format!("api_key:{id}"),
            Self::Person(id) => format!("person:{id}"),
            Self::Subject => "subject".to_owned(),
            Self::System => "system".to_owned(),
        }
    }

    /// Reads [`Actor::label`].
    pub fn parse(label: &str) -> Option<Self> {
        match label.split_once(':') {
            None if label == "subject" => Some(Self::Subject),
            None if label == "system" => Some(Self::System),
            Some(("api_key", id)) => id.parse().ok().map(Self::ApiKey),
            Some(("person", id)) => id.parse().ok().map(Self::Person),
            _ => None,
        }
    }
}

/// Something that happened, before it has a place in a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// What, in dotted words: `verification.succeeded`.
    pub kind: &'static str,
    /// Particulars; never personal data.
    pub data: serde_json::Value,
}

impl Happening {
    /// Something that happened.
    pub const fn new(kind: &'static str, data: serde_json::Value) -> Self {
        Self { kind, data }
    }
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its id, which webhook receivers see.
    pub id: EventId,
    /// The chain: a verification's or an organization's id.
    pub stream: String,
    /// Its place, from 1.
    pub sequence: u64,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Particulars as JSON text, byte for byte as hashed.
    pub data: String,
    /// Hash of the event before; zeros for the first.
    pub previous_hash: Hash,
    /// Hash of this event.
    pub hash: Hash,
}

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// What a chain starts from.
pub const GENESIS: Hash = [0; 32];

/// The end of a chain, where the next event goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of events.
    pub sequence: u64,
    /// Hash of the last one.
    pub hash: Hash,
}

impl Head {
    /// An empty chain.
    pub const EMPTY: Self = Self { sequence: 0, hash: GENESIS };
}

/// Puts something that happened at the end of a chain.
pub fn append(head: Head, stream: &str, id: EventId, at: Timestamp, actor: Actor, happening: &Happening) -> Event {
    let mut event = Event {
        id,
        stream: stream.to_owned(),
        sequence: head.sequence + 1,
        kind: happening.kind.to_owned(),
        at,
        actor,
        data: happening.data.to_string(),
        previous_hash: head.hash,
        hash: GENESIS,
    };
    event.hash = digest(&event);
    event
}

/// The hash an event must have: SHA-256 over its fields, each preceded by its length as eight big-endian bytes.
pub fn digest(event: &Event) -> Hash {
    let mut hasher = Sha256::new();
    let sequence = event.sequence.to_string();
    let at = event.at.to_string();
    let actor = event.actor.label();
    let fields: [&[u8]; 8] = [
        b"ipse-event-1",
        event.id.as_str().as_bytes(),
        event.stream.as_bytes(),
        sequence.as_bytes(),
        event.kind.as_bytes(),
        at.as_bytes(),
        actor.as_bytes(),
        event.data.as_bytes(),
    ];
    for field in fields {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    hasher.update(event.previous_hash);
    hasher.finalize().into()
}

/// What is wrong with a chain, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The event at this place is missing or doubled.
    Gap(u64),
    /// The event at this place does not follow the one before it.
    Unlinked(u64),
    /// The event at this place was changed.
    Altered(u64),
    /// The chain ends before its recorded head.
    Truncated(u64),
}

impl std::fmt::Display for Broken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Gap(at) => write!(formatter, "event {at} is missing or doubled"),
            Self::Unlinked(at) => write!(formatter, "event {at} does not follow the one before it"),
            Self::Altered(at) => write!(formatter, "event {at} was changed"),
            Self::Truncated(at) => write!(formatter, "the chain ends at {at}, before its recorded head"),
        }
    }
}

/// Checks a whole chain against its recorded head.
pub fn verify<'a>(events: impl IntoIterator<Item = &'a Event>, recorded: Head) -> Result<(), Broken> {
    let mut head = Head::EMPTY;
    for event in events {
        if event.sequence != head.sequence + 1 {
            return Err(Broken::Gap(head.sequence + 1));
        }
        if event.previous_hash != head.hash {
            return Err(Broken::Unlinked(event.sequence));
        }
        if digest(event) != event.hash {
            return Err(Broken::Altered(event.sequence));
        }
        head = Head { sequence: event.sequence, hash: event.hash };
    }
    if head == recorded { Ok(()) } else { Err(Broken::Truncated(head.sequence)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(length: u8) -> (Vec<Event>, Head) {
        let mut head = Head::EMPTY;
        let mut events = Vec::new();
        for place in 1..=length {
            let id = EventId::new(Timestamp::UNIX_EPOCH, [place; 10]);
            let happening = Happening::new("verification.created", serde_json::json!({ "n": place }));
            let event = append(head, "ver_x", id, Timestamp::UNIX_EPOCH, Actor::System, &happening);
            head = Head { sequence: event.sequence, hash: event.hash };
            events.push(event);
        }
        (events, head)
    }

    #[test]
    fn every_tampering_is_found() {
        let (events, head) = chain(4);
        assert_eq!(verify(&events, head), Ok(()));

        let mut altered = events.clone();
        altered[1].data = "{}".into();
        assert_eq!(verify(&altered, head), Err(Broken::Altered(2)));

        let mut missing = events.clone();
        missing.remove(2);
        assert_eq!(verify(&missing, head), Err(Broken::Gap(3)));

        let mut doubled = events.clone();
        doubled.insert(1, events[0].clone());
        assert_eq!(verify(&doubled, head), Err(Broken::Gap(2)));

        assert_eq!(verify(&events[..3], head), Err(Broken::Truncated(3)));

        let mut rewritten = events.clone();
        rewritten[1].data = "{}".into();
        rewritten[1].hash = digest(&rewritten[1]);
        assert_eq!(verify(&rewritten, head), Err(Broken::Unlinked(3)));
    }

    #[test]
    fn actors_round_trip() {
        let person = Actor::Person(PersonId::new(Timestamp::UNIX_EPOCH, [1; 10]));
        for actor in [Actor::System, Actor::Subject, person] {
            assert_eq!(Actor::parse(&actor.label()), Some(actor));
        }
        assert_eq!(Actor::parse("person:me"), None);
    }
}
