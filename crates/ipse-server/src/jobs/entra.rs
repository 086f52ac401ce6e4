//! Requests credentials from Entra tenants: gets the token and keeps it, asks for each issuance once, lets those go that
//! nobody has taken in time, and revokes. And looks whether a tenant is set up as it is known here.

use super::outgoing::Exchanged;
use super::shares::{SHARE, UnderWay};
use super::{GLANCE, WaysOut, wait};
use crate::app::credentials::{self, MISCONFIGURED, Offer, Order, Task, UNAVAILABLE};
use crate::app::{Error, Result, revocations};
use crate::random;
use crate::state::{Ipse, Shared};
use bytes::Bytes;
use http::Request;
use ipse_connectors::entra::{
    self, Callback, ClientCredential, Contract, Fact, Failed, Issuance, MAY_ISSUE, MAY_PRESENT, MAY_REVOKE, NoToken,
    PHOTO, Pin, Service, Tenant, Token, ask_for_contract, ask_for_token, read_contract, read_offer, read_token,
    request,
};
use ipse_core::id::{IntegrationId, IssuanceId, OrganizationId};
use ipse_core::presentation::PresentationPolicy;
use ipse_store::due::DueRequest;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The longest answer that is read, in bytes: a manifest may carry a logo.
pub(super) const LONGEST: usize = 2 << 20;
/// How long before its end a token is replaced.
const EARLY: SignedDuration = SignedDuration::from_mins(5);
/// Where tenants tell what becomes of an issuance.
pub const CALLBACK: &str = "/entra/callback";

/// The tokens that work, by where, as whom, and for what they were got.
#[derive(Default)]
pub struct Tokens(Mutex<HashMap<(String, String, String, Service), Kept>>);

/// A token, what it was got with, and until when it is used.
struct Kept {
    client: ClientCredential,
    token: Token,
    until: Timestamp,
}

/// Requests what is due until the server closes; then waits for what is on its way.
pub(super) async fn run(ipse: Shared, ways_out: Arc<WaysOut>) {
    let mut under_way = UnderWay::default();
    loop {
        let free = under_way.free();
        match ipse.store.due_issuances(ipse.clock.now(), free, SHARE, &under_way.busy()).await {
            Err(error) => tracing::error!(%error, "credentials cannot be requested; it will be tried again"),
            Ok(all) => {
                for due in all {
                    if under_way.is_busy(&due.integration) {
                        continue;
                    }
                    match credentials::take(&ipse, &due).await {
                        Ok(Some(task)) => {
                            let (ipse, ways_out) = (ipse.clone(), ways_out.clone());
                            let to = due.integration.clone();
                            under_way.set_out(to, async move { fulfil(&ipse, &ways_out, &due, task).await });
                        }
                        // Somebody was faster, or it is over.
                        Ok(None) | Err(Error::Refused(_) | Error::Overloaded(_)) => {}
                        Err(error) => tracing::error!(%error, issuance = %due.id, "a credential has to wait"),
                    }
                }
            }
        }
        let open = tokio::select! {
            open = wait(&ipse, Some(&ipse.issuances), GLANCE) => open,
            () = under_way.one_done() => true,
        };
        if !open {
            break;
        }
    }
    under_way.arrive().await;
}

async fn fulfil(ipse: &Ipse, ways_out: &WaysOut, due: &DueRequest<IssuanceId>, task: Task) {
    let kept = match task {
        Task::Request(order) => {
            let answer = match credentials::add_picture(ipse, due, order).await {
                Ok(order) => ask(ipse, ways_out, order).await,
                Err(why) => Err(why),
            };
            credentials::answered(ipse, due, answer).await
        }
        Task::Revoke(order) => {
            let answer = ways_out.revoke(ipse, &order).await.map_err(|no| {
                tracing::warn!(issuance = %due.id, advice = %no.advice, "a credential could not be revoked");
                no.word()
            });
            revocations::answered(ipse, due, answer).await
        }
    };
    if let Err(error) = kept {
        // Nobody has seen an offer that was not kept: it runs out, and the person asks again. A revocation is tried again.
        tracing::error!(%error, issuance = %due.id, "what a tenant answered could not be kept");
    }
}

/// Asks a tenant for a credential.
async fn ask(ipse: &Ipse, ways_out: &WaysOut, order: Order) -> std::result::Result<(Offer, Timestamp), &'static str> {
    let pin = order.two_devices.then(random_pin);
    let salt = random::token().0;
    let callback = format!("{}{CALLBACK}", ipse.config.server.base_url);
    let wanted = Issuance {
        client_name: &order.organization,
        callback: Callback { url: &callback, state: order.id.as_str(), api_key: &order.api_key },
        pin: pin.as_deref().map(|pin| Pin::hashed(pin, &salt)),
        claims: &order.claims,
    };
    let way = (&order.integration, &order.tenant, &order.client);
    let offer = make_offer(ipse, ways_out, way, |token| request(&order.tenant, token, &wanted)).await?;
    Ok((Offer { link: offer.link, pin }, offer.expires_at))
}

/// Has a tenant make an offer to wallets. Why there is none is for the administrator, in the log; the person hears in a word
/// whether it may pass.
pub(super) async fn make_offer(
    ipse: &Ipse,
    ways_out: &WaysOut,
    way: (&IntegrationId, &Tenant, &ClientCredential),
    request: impl Fn(&Token) -> http::Result<Request<Bytes>>,
) -> std::result::Result<entra::Offer, &'static str> {
    let (integration, tenant, client) = way;
    let read = |answer: &Exchanged| read_offer(answer.status, &answer.body);
    ways_out.ask_entra(ipse, (tenant, client, Service::Requests), request, read).await.map_err(|no| {
        tracing::warn!(%integration, advice = %no.advice, "no offer to a wallet could be made");
        no.word()
    })
}

/// Six digits, every one as likely as any other to within a millionth of a millionth.
fn random_pin() -> String {
    format!("{:06}", u64::from_be_bytes(random::bytes()) % 1_000_000)
}

/// Why something was not done there.
pub struct NotDone {
    /// What an administrator does about it.
    pub advice: String,
    /// Whether it may work when it is tried again.
    pub may_pass: bool,
}

impl NotDone {
    pub(super) fn because(advice: &str) -> Self {
        Self { advice: advice.to_owned(), may_pass: false }
    }

    /// The same in a word, for the audit trail.
    pub const fn word(&self) -> &'static str {
        if self.may_pass { UNAVAILABLE } else { MISCONFIGURED }
    }
}

impl From<NoToken> for NotDone {
    fn from(no: NoToken) -> Self {
        Self { advice: no.advice, may_pass: no.may_pass }
    }
}

impl WaysOut {
    /// Asks a service of Verified ID something, and reads the answer. A token that is refused is replaced once.
    pub(super) async fn ask_entra<T>(
        &self,
        ipse: &Ipse,
        way: (&Tenant, &ClientCredential, Service),
        question: impl Fn(&Token) -> http::Result<Request<Bytes>>,
        read: impl Fn(&Exchanged) -> std::result::Result<T, Failed>,
    ) -> std::result::Result<T, NotDone> {
        for fresh in [false, true] {
            let token = self.entra_token(ipse, way, fresh).await?;
            let Ok(request) = question(&token) else {
                return Err(NotDone::because("The address of the API is not one."));
            };
            let answer = self.outgoing.exchange(request, LONGEST).await;
            let answer = answer.map_err(|unsent| NotDone { advice: unsent.0, may_pass: true })?;
            match read(&answer) {
                Ok(read) => return Ok(read),
                Err(failed) if failed.needs_token && !fresh => {}
                Err(failed) => return Err(NotDone { advice: failed.advice.to_owned(), may_pass: failed.may_pass }),
            }
        }
        Err(NotDone::because("A new token was refused, too."))
    }

    /// The token that is kept, or a new one.
    pub(super) async fn entra_token(
        &self,
        ipse: &Ipse,
        (tenant, client, service): (&Tenant, &ClientCredential, Service),
        fresh: bool,
    ) -> std::result::Result<Token, NoToken> {
        let now = ipse.clock.now();
        let place = (tenant.login.clone(), tenant.id.clone(), tenant.client_id.clone(), service);
        if !fresh
            && let Some(kept) = self.entra_tokens.0.lock().await.get(&place)
            && kept.client == *client
            && now < kept.until
        {
            return Ok(kept.token.clone());
        }
        let request = ask_for_token(tenant, client, service, now, &random::token().0)?;
        let answer = self.outgoing.exchange(request, LONGEST).await;
        let answer = answer.map_err(|unsent| NoToken { advice: unsent.0, may_pass: true })?;
        let read = read_token(answer.status, &answer.body);
        let mut tokens = self.entra_tokens.0.lock().await;
        match &read {
            Ok(token) => {
                let until = now.checked_add(SignedDuration::from_secs(token.lives.into())).unwrap_or(now);
                let until = until.checked_sub(EARLY).unwrap_or(now);
                tokens.insert(place, Kept { client: client.clone(), token: token.clone(), until });
            }
            Err(_) => {
                tokens.remove(&place);
            }
        }
        read
    }

    /// Whether the application may find and revoke credentials; no failing where nobody wants it to by itself.
    async fn may_revoke(
        &self,
        ipse: &Ipse,
        (tenant, client): (&Tenant, &ClientCredential),
    ) -> std::result::Result<String, String> {
        let needed = tenant.revokes.on_redaction || tenant.revokes.on_off_boarding;
        let lacks = match self.entra_token(ipse, (tenant, client, Service::Admin), true).await {
            Err(no) => no.advice,
            Ok(token) if MAY_REVOKE.iter().all(|role| token.roles.iter().any(|given| given == role)) => {
                return Ok("credentials can be found and revoked".to_owned());
            }
            Ok(_) => format!(
                "credentials cannot be revoked: it takes {}, with an administrator's consent",
                MAY_REVOKE.join(" and ")
            ),
        };
        if needed { Err(lacks) } else { Ok(lacks) }
    }

    /// Looks whether a tenant is set up as it is known here: each thing looked at, and what it is, or what to do about it.
    pub async fn check_tenant(
        &self,
        ipse: &Ipse,
        organization: &OrganizationId,
        id: &IntegrationId,
        tenant: &Tenant,
    ) -> Result<Vec<(&'static str, std::result::Result<String, String>)>> {
        let asks_here = |policy: &PresentationPolicy| policy.integration.as_ref().is_none_or(|asker| asker == id);
        let client = credentials::client(&mut ipse.store.read(organization).await?, id).await?;
        let mut found = Vec::new();
        let https = ipse.config.server.base_url.starts_with("https://");
        let callback = format!("{}{CALLBACK}", ipse.config.server.base_url);
        let mend = "the service calls back over https only: set server.base_url to this server's public https address";
        found.push(("callback", if https { Ok(callback) } else { Err(mend.to_owned()) }));
        match &client {
            None => {
                found.push(("client secret", Err("is not set: `ipse connect entra --client-secret-file`".to_owned())));
            }
            Some(client) => match self.entra_token(ipse, (tenant, client, Service::Requests), true).await {
                Err(no) => found.push(("token", Err(no.advice))),
                Ok(token) => {
                    found.push(("token", Ok("Entra gives one".to_owned())));
                    found.push(("roles", may_request(&token, (&MAY_ISSUE, "issue"))));
                    let journeys = ipse.store.read(organization).await?.list_journeys().await?;
                    if journeys.iter().filter_map(|journey| journey.rules.presentation.as_ref()).any(asks_here) {
                        found.push(("presentations", may_request(&token, (&MAY_PRESENT, "ask for presentations"))));
                    }
                }
            },
        }
        if let Some(until) = client.as_ref().and_then(ClientCredential::ends_at) {
            found.push(("certificate", good_until(until, ipse.clock.now())));
        }
        if let (Some(client), Some(_)) = (&client, tenant.finds_under()) {
            found.push(("administration", self.may_revoke(ipse, (tenant, client)).await));
        }
        if let Some(client) = &client
            && let Some(may) = self.may_give_passes(ipse, (tenant, client)).await
        {
            found.push(("passes", may));
        }
        let of = tenant.tenant_of_manifest();
        let same = of.is_some_and(|of| of.eq_ignore_ascii_case(&tenant.id));
        let mend = "the manifest is another tenant's: copy its address from the credential's page in Verified ID, in the \
                    directory whose id is set here";
        found.push(("manifest", if same { Ok("is of the tenant".to_owned()) } else { Err(mend.to_owned()) }));
        let Ok(request) = ask_for_contract(tenant) else {
            found.push(("contract", Err("the manifest's address is not one".to_owned())));
            return Ok(found);
        };
        let contract = match self.outgoing.fetch(request, LONGEST).await {
            Ok(body) => read_contract(&body).map_err(|_| "what is at the manifest's address is no contract".to_owned()),
            Err(unsent) => Err(format!("could not be read: {}. See that the credential still exists", unsent.0)),
        };
        match contract {
            Err(mend) => found.push(("contract", Err(mend))),
            Ok(contract) => found.extend(compare(tenant, &contract)),
        }
        Ok(found)
    }
}

fn good_until(until: Timestamp, now: Timestamp) -> std::result::Result<String, String> {
    let day = until.strftime("%Y-%m-%d");
    if until > now {
        return Ok(format!("is good until {day}"));
    }
    Err(format!(
        "has ended on {day}: upload a new one in App registrations, Certificates & secrets, and set it here with its key"
    ))
}

fn may_request(token: &Token, (sufficient, what): (&[&str], &str)) -> std::result::Result<String, String> {
    match token.roles.iter().find(|role| sufficient.contains(&role.as_str())) {
        Some(role) => Ok(role.clone()),
        None => Err(format!(
            "the token names no role that may {what}: in App registrations, API permissions, add Verifiable Credentials Service \
             Request, VerifiableCredential.Create.All, and grant an administrator's consent"
        )),
    }
}

/// What is set here beside what the contract says.
fn compare(tenant: &Tenant, contract: &Contract) -> [(&'static str, std::result::Result<String, String>); 5] {
    let issuer = if contract.issuer == tenant.authority {
        Ok(contract.issuer.clone())
    } else {
        Err("the contract is issued by another authority than the one that is set: copy it from Verified ID, Organization \
             settings, Decentralized identifier"
            .to_owned())
    };
    let unmapped = tenant.unmapped(contract);
    let required = if unmapped.is_empty() {
        Ok("everything that the contract requires is told".to_owned())
    } else {
        let photo = unmapped.iter().any(|claim| contract.photos.iter().any(|photo| photo == claim));
        let why =
            if photo { "; map portrait to the picture of the person, or make it optional in the rules" } else { "" };
        Err(format!("the contract requires {}, and nothing is mapped to it{why}", unmapped.join(", ")))
    };
    let unasked = tenant.unasked(contract);
    let asked = if unasked.is_empty() {
        Ok("nothing is told that the contract does not ask for".to_owned())
    } else {
        Err(format!("{} is told and the contract does not ask for it: take it out of the mapping", unasked.join(", ")))
    };
    [
        ("authority", issuer),
        ("required claims", required),
        ("other claims", asked),
        ("photo claim", picture(tenant, contract)),
        ("revocation", revocation(tenant, contract)),
    ]
}

/// Whether a wallet will know the picture of the person as one.
fn picture(tenant: &Tenant, contract: &Contract) -> std::result::Result<String, String> {
    let Some((claim, _)) = tenant.claims.iter().find(|(_, fact)| **fact == Fact::Portrait) else {
        return Ok("no picture of the person is told, so there is nothing for Face Check".to_owned());
    };
    if contract.photos.is_empty() {
        return Err(format!(
            "the contract shows none, and portrait is told as {claim}: give it the type {PHOTO} in the display"
        ));
    }
    Ok(format!("the picture of the person is told as {claim}"))
}

/// Whether credentials can be found by what they are revoked by, as far as the contract says it.
fn revocation(tenant: &Tenant, contract: &Contract) -> std::result::Result<String, String> {
    let told = |claim: &str| tenant.claims.get(claim) == Some(&Fact::VerificationId);
    let needed = tenant.revokes.on_redaction || tenant.revokes.on_off_boarding;
    let says = contract.inputs.iter().any(|input| input.indexed.is_some());
    if tenant.finds_under().is_none() {
        return Ok("credentials cannot be revoked from here: verification_id is not told".to_owned());
    }
    if !says && !needed {
        return Ok("the contract does not say whether the claim that verification_id is told as is indexed".to_owned());
    }
    if contract.inputs.iter().any(|input| input.indexed == Some(true) && told(&input.claim)) {
        return Ok("credentials are found by the verification's id".to_owned());
    }
    Err("the contract does not index the claim that verification_id is told as: index that one in its rules".to_owned())
}
