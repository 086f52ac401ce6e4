//! E-mails and text messages on their way out. What they carry is sealed until sent, then erased.

use super::Result;
use crate::random;
use ipse_core::event::Head;
use ipse_core::id::DeliveryId;
use ipse_core::organization::Person;
use ipse_core::verification::Verification;
use ipse_store::Tx;
use ipse_store::deliveries::Delivery;
use ipse_store::seal::Owner;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A message before it has words: what it is about, and to whom.
#[derive(Clone, Serialize, Deserialize)]
pub struct Message {
    /// The address or number.
    pub to: String,
    /// The person's language, if known.
    pub language: Option<String>,
    /// Who asks.
    pub organization: String,
    /// What it says.
    pub about: About,
}

/// What a message says.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Please verify, by this link.
    Verify {
        /// The link.
        link: String,
        /// Who asked.
        requester: String,
        /// What for.
        purpose: String,
        /// The outside record's number.
        ticket: Option<String>,
        /// Minutes the link works.
        minutes: u32,
    },
    /// Sign in to the console, by this link.
    SignIn {
        /// The link.
        link: String,
        /// Whose account.
        name: String,
    },
    /// A test of the way out.
    Test,
}

/// Queues the message that carries a verification's link.
pub async fn queue_link(
    tx: &mut Tx,
    verification: &Verification,
    to: &str,
    link: &str,
    head: Head,
    now: Timestamp,
) -> Result<()> {
    let minutes = verification.expires_at.duration_since(now).as_mins();
    let about = About::Verify {
        link: link.to_owned(),
        requester: verification.requester.name.clone(),
        purpose: verification.purpose.clone(),
        ticket: verification.record.as_ref().map(|record| record.number.clone()),
        minutes: u32::try_from(minutes).unwrap_or(u32::MAX),
    };
    let organization = tx.own_organization().await?.settings.name;
    let message = Message { to: to.to_owned(), language: verification.language.clone(), organization, about };
    let owner = Owner::Facts(verification.id.clone());
    let delivery = Delivery {
        verification: Some(verification.id.clone()),
        sequence: head.sequence,
        ..pending(verification.delivery.as_str(), "message.link", now)
    };
    insert(tx, &delivery, &message, &owner).await
}

/// Queues the message that carries a console sign-in link.
pub async fn queue_sign_in(tx: &mut Tx, person: &Person, link: &str, now: Timestamp) -> Result<()> {
    let organization = tx.own_organization().await?.settings.name;
    let about = About::SignIn { link: link.to_owned(), name: person.name.clone() };
    let message = Message { to: person.email.clone(), language: None, organization, about };
    let owner = Owner::Organization(tx.organization().clone());
    insert(tx, &pending("email", "message.sign_in", now), &message, &owner).await
}

/// Queues a test message.
pub async fn queue_test(tx: &mut Tx, channel: &str, to: &str, now: Timestamp) -> Result<DeliveryId> {
    let organization = tx.own_organization().await?.settings.name;
    let message = Message { to: to.to_owned(), language: None, organization, about: About::Test };
    let owner = Owner::Organization(tx.organization().clone());
    let delivery = pending(channel, "message.test", now);
    insert(tx, &delivery, &message, &owner).await?;
    Ok(delivery.id)
}

fn pending(channel: &str, kind: &str, now: Timestamp) -> Delivery {
    let id = DeliveryId::new(now, random::entropy());
    Delivery::queued(id.clone(), channel.to_owned(), id.to_string(), kind.to_owned(), now)
}

async fn insert(tx: &mut Tx, delivery: &Delivery, message: &Message, owner: &Owner) -> Result<()> {
    let body = serde_json::to_vec(message).map_err(|_| super::Error::Unavailable("the message"))?;
    Ok(tx.insert_delivery(delivery, &body, Some(owner)).await?)
}
