//! Tells a Salesforce org: signs what is told, gets the token and keeps it, publishes many events in one call.

use super::WaysOut;
use super::dispatch::Outcome;
use super::outgoing::Outgoing;
use crate::app::Error;
use crate::app::integrations::{Integration, OrgSecrets, System};
use crate::random;
use crate::state::Ipse;
use ipse_connectors::Reading;
use ipse_connectors::salesforce::{
    Login, MENDING_PAUSE, NoToken, Org, Published, Token, Told, ask_for_trial, event, publish, read_published,
    read_token, read_trial, trial,
};
use ipse_core::id::{EventId, IntegrationId, OrganizationId};
use ipse_store::deliveries::Delivery;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Mutex;

/// The longest answer that is read, in bytes: two hundred results and their errors.
const LONGEST: usize = 1 << 20;
/// How often the record of a trial is looked for, and how long it is waited between.
const READS: usize = 20;
const BETWEEN_READS: Duration = Duration::from_secs(1);

/// The tokens that work, by integration. A token has no end that Salesforce tells: it is used until it is refused.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<IntegrationId, Kept>>);

/// A token, and what it was got with: where that changed, it is no longer ours to use.
struct Kept {
    org: Org,
    consumer_secret: Option<String>,
    token: Token,
}

/// Publishes deliveries of one integration; says what became of each, in order.
pub async fn send(
    ipse: &Ipse,
    outgoing: &Outgoing,
    tokens: &Tokens,
    organization: &OrganizationId,
    deliveries: &[Delivery],
) -> Result<Vec<Outcome>, Error> {
    let all = |outcome: &dyn Fn() -> Outcome| Ok(deliveries.iter().map(|_| outcome()).collect());
    let id = deliveries.first().and_then(|first| first.destination.parse::<IntegrationId>().ok());
    let Some(id) = id else { return all(&|| Outcome::refused("no such integration")) };
    let mut tx = ipse.store.read(organization).await?;
    let (Some(integration), Some(secrets)) =
        (tx.integration::<Integration>(&id).await?, tx.integration_secrets::<OrgSecrets>(&id).await?)
    else {
        return all(&|| Outcome::refused("no such integration"));
    };
    let mut told: Vec<Map<String, Value>> = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        told.push(serde_json::from_slice(&tx.delivery_body(&delivery.id).await?).unwrap_or_default());
    }
    drop(tx);
    let System::Salesforce(org) = &integration.system else { return all(&|| Outcome::refused("not told by this way")) };
    let signer = secrets.signer()?;
    let now = ipse.clock.now();
    let issuer = &ipse.config.server.base_url;
    let made: Result<Vec<Value>, _> = told.into_iter().map(|claims| event(&signer, claims, issuer, now)).collect();
    let events = made.map_err(|_| Error::Unavailable("the signing library"))?;

    let way = Way { ipse, outgoing, tokens, id: &id, org, secrets: &secrets };
    // A token that is refused is replaced once.
    for fresh in [false, true] {
        let token = match way.token(fresh).await? {
            Ok(token) => token,
            Err(none) if none.may_pass => return all(&|| Outcome::failed(none.advice.clone())),
            // A human has to mend it: nothing is given up before they had their days.
            Err(none) => return all(&|| Outcome::later(none.advice.clone(), MENDING_PAUSE)),
        };
        let Ok(request) = publish(&token, &events) else { return all(&|| Outcome::refused("the address is not one")) };
        let answer = match outgoing.exchange(request, LONGEST).await {
            Ok(answer) => answer,
            Err(unsent) => return all(&|| Outcome::failed(unsent.0.clone())),
        };
        let status = answer.status;
        let outcome = |reading, words| Outcome { reading, status: Some(status.as_u16()), answer: words };
        match read_published(status, &answer.headers, &answer.body, events.len()) {
            Published::NeedsToken => {}
            Published::Each(each) => {
                return Ok(each.into_iter().map(|(reading, words)| outcome(reading, words)).collect());
            }
            Published::All(reading, words) => return all(&|| outcome(reading, words.clone())),
        }
    }
    all(&|| Outcome {
        reading: Reading::Retry { after: None },
        status: Some(401),
        answer: "a new token was refused, too".to_owned(),
    })
}

impl WaysOut {
    /// Publishes a result of nobody and reads back what the org made of it: sign-in, app, permission, signature and key.
    pub async fn try_org(
        &self,
        ipse: &Ipse,
        organization: &OrganizationId,
        integration: &Integration,
    ) -> Result<String, Error> {
        let System::Salesforce(org) = &integration.system else { return Ok("This is no org.".to_owned()) };
        let mut tx = ipse.store.read(organization).await?;
        let secrets = tx.integration_secrets::<OrgSecrets>(&integration.id).await?;
        drop(tx);
        let secrets = secrets.ok_or(Error::Unavailable("the org's key"))?;
        let (id, outgoing) = (&integration.id, &self.outgoing);
        let way = Way { ipse, outgoing, tokens: &self.tokens, id, org, secrets: &secrets };
        let token = match way.token(true).await? {
            Ok(token) => token,
            Err(none) => return Ok(format!("No token. {}", none.advice)),
        };
        let now = ipse.clock.now();
        let event_id = EventId::new(now, random::entropy());
        let told = Told { audience: &org.id, organization, journey: &integration.journey };
        let signing = |_| Error::Unavailable("the signing library");
        let event = event(&secrets.signer()?, trial(&told, &event_id, now), &ipse.config.server.base_url, now);
        let Ok(request) = publish(&token, &[event.map_err(signing)?]) else {
            return Ok("The org's address is not one.".to_owned());
        };
        let answer = match outgoing.exchange(request, LONGEST).await {
            Ok(answer) => answer,
            Err(unsent) => return Ok(format!("Signed in, but nothing could be published: {}.", unsent.0)),
        };
        match read_published(answer.status, &answer.headers, &answer.body, 1) {
            Published::Each(each) if each.iter().all(|(reading, _)| *reading == Reading::Delivered) => {}
            Published::Each(each) => {
                let words: Vec<String> = each.into_iter().map(|(_, words)| words).collect();
                return Ok(format!(
                    "Signed in, but the event was refused: {}. Is the package deployed?",
                    words.join(" ")
                ));
            }
            Published::All(_, words) => {
                return Ok(format!(
                    "Signed in, but the event was refused: {} {words}. Is the package deployed, and may the user create it?",
                    answer.status.as_u16()
                ));
            }
            Published::NeedsToken => return Ok("Salesforce gave a token and refused it.".to_owned()),
        }
        for _ in 0..READS {
            tokio::time::sleep(BETWEEN_READS).await;
            let Ok(request) = ask_for_trial(&token) else { break };
            let read = outgoing.exchange(request, LONGEST).await;
            if read.is_ok_and(|answer| read_trial(&answer.body).as_deref() == Some(event_id.as_str())) {
                return Ok("It works: a signed test result was published, believed, and read back.".to_owned());
            }
        }
        Ok("The event was published, but its record does not say so: is the key of this server deployed (Ipse Key), and does the \
            trigger run? Its log says why an event was dropped."
            .to_owned())
    }
}

/// The way to an org.
struct Way<'a> {
    ipse: &'a Ipse,
    outgoing: &'a Outgoing,
    tokens: &'a Tokens,
    id: &'a IntegrationId,
    org: &'a Org,
    secrets: &'a OrgSecrets,
}

impl Way<'_> {
    /// The token that is kept, or a new one.
    async fn token(&self, fresh: bool) -> Result<Result<Token, NoToken>, Error> {
        let (org, consumer_secret) = (self.org.clone(), self.secrets.consumer_secret.clone());
        if !fresh
            && let Some(kept) = self.tokens.0.lock().await.get(self.id)
            && kept.org == org
            && kept.consumer_secret == consumer_secret
        {
            return Ok(Ok(kept.token.clone()));
        }
        if !self.org.is_ready() {
            return Ok(Err(none("The consumer key or the integration user is not set.", false)));
        }
        let request = match &self.org.login {
            Login::JwtBearer { username, audience } => {
                let now = self.ipse.clock.now().as_second();
                let assertion = self.secrets.signer()?.assertion(&self.org.assertion(username, audience, now));
                let assertion = assertion.map_err(|_| Error::Unavailable("the signing library"))?;
                self.org.ask_by_assertion(&assertion)
            }
            Login::ClientCredentials => match &self.secrets.consumer_secret {
                Some(secret) => self.org.ask_by_secret(secret),
                None => return Ok(Err(none("The secret of the external client app is not set.", false))),
            },
        };
        let Ok(request) = request else { return Ok(Err(none("The org's address is not one.", false))) };
        let answer = match self.outgoing.exchange(request, LONGEST).await {
            Ok(answer) => answer,
            Err(unsent) => return Ok(Err(none(&unsent.0, true))),
        };
        let private = self.ipse.config.webhooks.allow_private_addresses;
        let read = read_token(self.org, answer.status, &answer.body, private);
        let mut tokens = self.tokens.0.lock().await;
        match &read {
            Ok(token) => tokens.insert(self.id.clone(), Kept { org, consumer_secret, token: token.clone() }),
            Err(_) => tokens.remove(self.id),
        };
        Ok(read)
    }
}

fn none(advice: &str, may_pass: bool) -> NoToken {
    NoToken { advice: advice.to_owned(), may_pass }
}
