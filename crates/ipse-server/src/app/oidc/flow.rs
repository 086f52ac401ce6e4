//! The person's way through a request: arriving, beginning, following along, and going back with an answer.

use super::proof::{self, is_bound};
use super::{Result, kept, keys, located, note};
use crate::app::verifications::{self, InHand, Request, Return, Who, hold};
use crate::app::{Caller, Error as AppError, capture, enrolments, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::event::{Actor, Happening};
use ipse_core::id::{OrganizationId, VerificationId};
use ipse_core::journey::Journey;
use ipse_core::organization::Settings;
use ipse_core::person::Identity;
use ipse_core::subject::Profile;
use ipse_core::verification::{Channel, Command, Device, State};
use ipse_core::{Private, Refusal, date};
use ipse_oidc::authorize::{self, Incoming};
use ipse_oidc::claims_request::Claim;
use ipse_oidc::entra::HintKeys;
use ipse_oidc::interaction::{Answer, Step, Told};
use ipse_oidc::{AuthorizationRequest, Client, Error, Hash, Interaction, Redirect, hash_of};
use ipse_store::Tx;
use ipse_store::oidc::Ticket;
use ipse_store::verifications::VerificationFilter;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use subtle::ConstantTimeEq as _;

/// How long a way is kept after its end, so that a late browser learns what became of it.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// How many verifications one hint may open in an hour: recovery begins with people who are not signed in.
const MOST_IN_AN_HOUR: u32 = 10;
/// How long the keys of another provider are believed when it cannot be asked: one that it has withdrawn is among them.
pub const BELIEVED: SignedDuration = SignedDuration::from_hours(72);
/// How often a twin of the same request may be faster.
const TRIES: u32 = 3;

/// A browser arrives with a request. Returns the id of its way; `cookie` is the browser's, new or not.
pub async fn arrive(ipse: &Ipse, bytes: &[u8], cookie: &str) -> Result<String> {
    let provider = keys::provider(ipse).await?;
    let incoming = Incoming::read(&provider, bytes)?;
    let client = located(ipse, incoming.client_id()).await?;
    let now = ipse.clock.now();
    let tenant = client.as_ref().and_then(|client| client.entra.as_ref());
    let fresh = |known: &&HintKeys| now.duration_since(known.read_at) < BELIEVED;
    let keys = tenant.and_then(|tenant| tenant.keys.as_ref()).filter(fresh).map(|known| &known.keys);
    let request = authorize::request(&provider, client.as_ref(), incoming, keys, now, random::bytes());
    let request = request.inspect_err(|refused| {
        if matches!(refused.error, Error::Invalid("id_token_hint") | Error::TemporarilyUnavailable) {
            // Perhaps it was signed with a key that is newer than those we know.
            ipse.hint_keys.notify_one();
        }
    })?;
    enter(ipse, &client.ok_or(Error::UnknownClient)?, request, cookie).await
}

/// Stores the way of a browser that arrived with a request, or finds it again. Returns its id.
pub(super) async fn enter(ipse: &Ipse, client: &Client, request: AuthorizationRequest, cookie: &str) -> Result<String> {
    let now = ipse.clock.now();
    let id = request.id.clone();
    for _ in 0..TRIES {
        let mut tx = ipse.store.begin(&client.organization).await?;
        let existing = tx.hold_interaction::<Interaction>(&id).await?;
        let is_new = existing.is_none();
        let way = Interaction::arrive(client, request.clone(), existing, hash_of(cookie.as_bytes()), now)?;
        if is_new {
            let purge_at = way.expires_at.checked_add(KEPT).unwrap_or(way.expires_at);
            match tx.insert_interaction(&id, &client.id, purge_at, &way).await {
                Err(ipse_store::Error::Duplicate) => continue,
                stored => stored?,
            }
        } else {
            tx.update_interaction(&id, way.verification.as_ref(), &way).await?;
        }
        tx.commit().await?;
        return Ok(id);
    }
    Err(AppError::Overloaded(1).into())
}

/// What a browser is shown.
pub enum View {
    /// Who asks, and for what: nothing has begun.
    Asked(Box<Asked>),
    /// It has begun and goes on elsewhere: in the capture pages, on a phone, with a reviewer.
    Follow(Box<Follow>),
    /// What there is to see is on the capture pages.
    Session,
    /// It is over: the browser goes back.
    Back(Redirect),
}

/// Who asks, and for what.
pub struct Asked {
    /// The client.
    pub client: Client,
    /// Whose client it is.
    pub settings: Settings,
    /// What will be asked of the person.
    pub journey: Journey,
    /// Where the answer will go.
    pub redirect_uri: String,
    /// Until when the person has time.
    pub expires_at: Timestamp,
    /// The languages the client says that the person reads.
    pub languages: Vec<String>,
}

/// A way that has begun.
pub struct Follow {
    /// Whose client asked.
    pub settings: Settings,
    /// Where the verification stands.
    pub state: State,
    /// Where the answer will go.
    pub redirect_uri: String,
    /// Until when the person has time.
    pub expires_at: Timestamp,
    /// The languages the client says that the person reads.
    pub languages: Vec<String>,
}

/// A way as it is stored, of the browser that asks: anybody else has none.
struct Way {
    organization: OrganizationId,
    interaction: Interaction,
    browser: Hash,
}

async fn find(ipse: &Ipse, id: &str, cookie: Option<&str>) -> Result<Way> {
    let browser = hash_of(cookie.ok_or(Error::SessionOver)?.as_bytes());
    let organization = ipse.store.locate_interaction(id).await?.ok_or(Error::SessionOver)?;
    let found = ipse.store.read(&organization).await?.interaction(id).await?;
    let interaction = own(found, browser)?;
    Ok(Way { organization, interaction, browser })
}

/// Refuses a way that is over, or another browser's; the two look alike.
fn own(found: Option<Interaction>, browser: Hash) -> Result<Interaction> {
    let open = |way: &Interaction| way.finished_at.is_none() && bool::from(way.browser.ct_eq(&browser));
    Ok(found.filter(open).ok_or(Error::SessionOver)?)
}

/// The client that asks. Where a start link leads back to may have been withdrawn since: then nobody is sent there.
async fn client_of(tx: &mut Tx, request: &AuthorizationRequest) -> Result<Client> {
    let client: Client = tx.client(&request.client_id).await?.ok_or(Error::SessionOver)?;
    if request.is_start_link() && !client.redirect_uris.contains(&request.redirect_uri) {
        return Err(Error::RedirectUri.into());
    }
    Ok(client)
}

/// What the browser is shown now. The answer, once there is one, is given once.
pub async fn view(ipse: &Ipse, id: &str, cookie: Option<&str>) -> Result<View> {
    let way = find(ipse, id, cookie).await?;
    let now = ipse.clock.now();
    let late = way.interaction.expires_at <= now;
    let AuthorizationRequest { ui_locales: languages, redirect_uri, .. } = way.interaction.request.clone();
    let expires_at = way.interaction.expires_at;
    let mut tx = ipse.store.read(&way.organization).await?;
    let settings = tx.own_organization().await?.settings;
    let Some(verification) = &way.interaction.verification else {
        let client: Option<Client> = tx.client(&way.interaction.request.client_id).await?;
        let journey = tx.current_journey(&way.interaction.request.journey).await?;
        drop(tx);
        return match (client, journey) {
            _ if late => give_up(ipse, id, &way, Error::AccessDenied).await,
            (Some(client), Some(journey)) => {
                Ok(View::Asked(Box::new(Asked { client, settings, journey, redirect_uri, expires_at, languages })))
            }
            _ => give_up(ipse, id, &way, Error::ServerError).await,
        };
    };
    let found = tx.verification(verification).await?.ok_or(Error::ServerError)?;
    drop(tx);
    let state = found.state;
    if way.interaction.request.is_start_link() {
        // Nobody waits for an answer, so there is no hurry: the last page has the way back, beside a credential.
        let expires_at = found.expires_at;
        let follow = Follow { settings, state, redirect_uri, expires_at, languages };
        let open = matches!(state, State::InProgress | State::RequiresInput);
        return Ok(if open { View::Follow(Box::new(follow)) } else { View::Session });
    }
    let mut answered = None;
    for _ in 0..TRIES {
        if answered.is_none() && (late || is_over(state)) {
            answered = step(ipse, id, &way, verification).await?;
        }
    }
    let follow = Follow { settings, state, redirect_uri, expires_at, languages };
    Ok(answered.unwrap_or_else(|| View::Follow(Box::new(follow))))
}

/// Whether the state of a verification is one that a client is told.
pub fn is_over(state: State) -> bool {
    matches!(state, State::Succeeded | State::Failed | State::Cancelled | State::Declined | State::Expired)
}

/// Asks what comes next; the answer, its code and what was told are one transaction.
async fn step(ipse: &Ipse, id: &str, way: &Way, verification: &VerificationId) -> Result<Option<View>> {
    let provider = keys::provider(ipse).await?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&way.organization).await?;
    let mut interaction = own(tx.hold_interaction(id).await?, way.browser)?;
    let mut in_hand = hold(&mut tx, verification).await?;
    let client: Client = tx.client(&interaction.request.client_id).await?.ok_or(Error::SessionOver)?;
    let found = proof::gather(&mut tx, &interaction, &in_hand, now).await?;
    let step = interaction.step(&provider, &client, &found.proof, way.browser, now, random::bytes())?;
    let Step::Answer(answer) = step else { return Ok(None) };
    if answer.told == Told::Proven {
        if let Some((document, known)) = found.document
            && !tx.know_document(&in_hand.verification.subject, verification, &document, known).await?
        {
            // Another document was faster: the next look holds this one against it.
            return Ok(None);
        }
        enrolments::keep_proven(&mut tx, &mut in_hand, now).await?;
    }
    if let Some(grant) = &answer.grant {
        let ticket = Ticket {
            hash: &grant.code_hash,
            client: &grant.client_id,
            verification: &grant.verification,
            purge_at: kept(grant),
            value: grant,
        };
        tx.insert_grant(&ticket).await?;
    }
    tx.update_interaction(id, Some(verification), &interaction).await?;
    tell(ipse, &mut tx, in_hand, &client, &answer).await?;
    tx.commit().await?;
    Ok(Some(View::Back(answer.redirect)))
}

/// Puts into the verification's chain what the client was told: how each claim came out, never its value.
async fn tell(ipse: &Ipse, tx: &mut Tx, in_hand: InHand, client: &Client, answer: &Answer) -> Result<()> {
    let data = json!({ "client": client.id, "told": answer.told, "claims": answer.matches });
    let what = Happening::new("oidc.answered", data);
    let verification = in_hand.verification;
    let head = record::append(tx, &verification, in_hand.head, &Actor::System, &[what], ipse.clock.now()).await?;
    tx.update_verification(&verification, head).await?;
    Ok(())
}

/// Goes back without an answer about the person.
async fn give_up(ipse: &Ipse, id: &str, way: &Way, error: Error) -> Result<View> {
    let provider = keys::provider(ipse).await?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&way.organization).await?;
    let mut interaction = own(tx.hold_interaction(id).await?, way.browser)?;
    client_of(&mut tx, &interaction.request).await?;
    let answer = interaction.give_up(&provider, way.browser, error, now)?;
    tx.update_interaction(id, interaction.verification.as_ref(), &interaction).await?;
    let data = json!({ "client": interaction.request.client_id, "error": error.code() });
    match &interaction.verification {
        Some(verification) => {
            note(&mut tx, verification, &Actor::Subject, Happening::new("oidc.given_up", data), ipse).await?;
        }
        None => record::organization(&mut tx, &Actor::Subject, "oidc.given_up", data, now).await?,
    }
    tx.commit().await?;
    Ok(View::Back(answer.redirect))
}

/// The person goes back. What has begun is taken back with it.
pub async fn cancel(ipse: &Ipse, id: &str, cookie: Option<&str>) -> Result<View> {
    let way = find(ipse, id, cookie).await?;
    if let Some(verification) = &way.interaction.verification {
        let mut tx = ipse.store.begin(&way.organization).await?;
        // Before anything is done: whoever cannot be sent back is told so.
        client_of(&mut tx, &way.interaction.request).await?;
        let mut in_hand = hold(&mut tx, verification).await?;
        match in_hand.apply(&mut tx, &Command::Cancel, &Actor::Subject, ipse.clock.now()).await {
            Ok(()) => ipse.commit(tx, &in_hand.verification).await?,
            // It has ended by itself, and that is what the client is told.
            Err(AppError::Refused(_)) => return view(ipse, id, cookie).await,
            Err(error) => return Err(error.into()),
        }
    }
    give_up(ipse, id, &way, Error::AccessDenied).await
}

/// The person begins, or goes on in this browser; returns the cookie of its capture session. Nothing when there is
/// nothing to go on with: then it is the way's page that says why.
pub async fn begin(
    ipse: &Ipse,
    id: &str,
    cookie: Option<&str>,
    device: Device,
    language: &str,
) -> Result<Option<String>> {
    let way = find(ipse, id, cookie).await?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&way.organization).await?;
    let mut interaction = own(tx.hold_interaction(id).await?, way.browser)?;
    if let Some(verification) = &interaction.verification {
        let mut in_hand = hold(&mut tx, verification).await?;
        if !matches!(in_hand.verification.state, State::InProgress | State::RequiresInput) {
            return Ok(None);
        }
        in_hand.apply(&mut tx, &Command::HandOver { device }, &Actor::Subject, now).await?;
        let session = capture::bind(&mut tx, verification, device, now).await?;
        ipse.commit(tx, &in_hand.verification).await?;
        return Ok(Some(session));
    }
    let client = client_of(&mut tx, &interaction.request).await?;
    let opened = open(ipse, &mut tx, &client, &interaction.request, language).await;
    let verification = match opened {
        Ok(Some(verification)) => verification,
        Ok(None) | Err(AppError::Refused(Refusal::NotEnrolled | Refusal::NotFound(_))) => {
            drop(tx);
            // The client asked for what cannot be done, or this person's turn has come too often.
            give_up_later(ipse, id, &way).await?;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    interaction.begin(way.browser, verification.clone(), now)?;
    tx.update_interaction(id, Some(&verification), &interaction).await?;
    let mut in_hand = hold(&mut tx, &verification).await?;
    let AuthorizationRequest { pushed, scopes, redirect_uri, reference, .. } = &interaction.request;
    let asked = match reference {
        Some(request_id) => {
            Happening::new("start_link.requested", json!({ "client": client.id, "request_id": request_id }))
        }
        None => {
            // An administrator who tries the client goes the same way, and the record says so.
            let is_trial = *redirect_uri == keys::provider(ipse).await?.trial_redirect_uri(&client.id);
            let data = json!({ "client": client.id, "pushed": pushed, "scopes": scopes, "trial": is_trial });
            Happening::new("oidc.requested", data)
        }
    };
    in_hand.head = record::append(&mut tx, &in_hand.verification, in_hand.head, &Actor::System, &[asked], now).await?;
    let command = Command::Claim { device, consent: capture::CONSENT_VERSION };
    in_hand.apply(&mut tx, &command, &Actor::Subject, now).await?;
    let session = capture::bind(&mut tx, &verification, device, now).await?;
    ipse.commit(tx, &in_hand.verification).await?;
    Ok(Some(session))
}

/// Ends the time of a way that cannot begin, so that its page goes back with `access_denied`.
async fn give_up_later(ipse: &Ipse, id: &str, way: &Way) -> Result<()> {
    let mut tx = ipse.store.begin(&way.organization).await?;
    let mut interaction = own(tx.hold_interaction(id).await?, way.browser)?;
    interaction.expires_at = ipse.clock.now();
    tx.update_interaction(id, None, &interaction).await?;
    Ok(tx.commit().await?)
}

/// Opens the verification that the client asks for. Nothing when its person was verified too often of late.
async fn open(
    ipse: &Ipse,
    tx: &mut Tx,
    client: &Client,
    request: &AuthorizationRequest,
    language: &str,
) -> crate::app::Result<Option<VerificationId>> {
    let now = ipse.clock.now();
    let external_id = external_id(client, request);
    if is_bound(request)
        && let Some(known) = tx.subject_by_external_id(&external_id).await?
    {
        let filter = VerificationFilter {
            subject: Some(known.id),
            from: now.checked_sub(SignedDuration::from_hours(1)).ok(),
            ..VerificationFilter::default()
        };
        if tx.list_verifications(&filter, MOST_IN_AN_HOUR).await?.len() >= MOST_IN_AN_HOUR as usize {
            return Ok(None);
        }
    }
    let caller = Caller { organization: client.organization.clone(), actor: Actor::System, name: client.name.clone() };
    let profile = Profile { external_id: Private::new(external_id), identity: meant(request), ..Profile::default() };
    let wanted = Request {
        journey: request.journey.clone(),
        subject: Who::Profile(Box::new(profile)),
        may_change_subject: true,
        purpose: purpose(&client.name),
        record: None,
        requester: Some((Some(client.id.clone()), client.name.clone())),
        delivery: Channel::None,
        return_url: request.is_start_link().then(|| Return::Registered(request.redirect_uri.clone())),
        metadata: request.reference.iter().map(|id| ("request_id".to_owned(), id.clone())).collect(),
        language: Some(language.to_owned()),
    };
    let opened = verifications::open(ipse, tx, &caller, wanted).await?;
    // The browser that began is the one that is bound; nobody is handed a link.
    tx.delete_links(ipse_store::links::LinkKind::Invitation, &opened.verification.id).await?;
    Ok(Some(opened.verification.id))
}

/// What a verification is for, in the words of the log and of the person's phone.
pub fn purpose(client: &str) -> String {
    format!("Identity check for {client}")
}

/// The name under which the subject is known here: the client's word for the person where the client itself said it, or
/// its directory has signed it, under the client's own id, since another client may mean another person by it; otherwise
/// nobody's.
fn external_id(client: &Client, request: &AuthorizationRequest) -> String {
    let signed = request.hint.as_ref().map(|hint| &hint.oid);
    let word = match signed.or(request.login_hint.as_ref().filter(|_| is_bound(request))) {
        // Long after, a client may take a name of a request again: it is not the same person's.
        None if request.is_start_link() => format!("once/{}/{}", request.id, request.expires_at.as_second()),
        None => format!("once/{}", request.id),
        Some(hint) => format!("{}/{}", client.id, hint.reveal()),
    };
    if word.len() <= 255 {
        return word;
    }
    let hex: String = hash_of(word.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}/sha-256/{hex}", client.id)
}

/// Who the client says it is: what a reviewer, and a journey with a name rule, hold the document against. What a
/// browser said is nobody's word.
fn meant(request: &AuthorizationRequest) -> Identity {
    if !request.pushed {
        return Identity::default();
    }
    let value = |claim: Claim| {
        let places = request.claims.id_token.verified.iter().chain(&request.claims.userinfo.verified);
        let requested = places.filter_map(|element| element.claims.get(&claim)).find_map(|asked| asked.values.first());
        requested.filter(|value| !value.reveal().is_empty() && value.reveal().chars().count() <= 200).cloned()
    };
    Identity {
        given_name: value(Claim::GivenName),
        middle_name: value(Claim::MiddleName),
        family_name: value(Claim::FamilyName),
        birthdate: value(Claim::Birthdate).and_then(|text| date::parse(text.reveal())).map(Private::new),
    }
}

/// The way that a verification is part of, if this browser is the one that began it and it waits for the answer.
pub async fn of_verification(
    ipse: &Ipse,
    organization: &OrganizationId,
    verification: &VerificationId,
    cookie: Option<&str>,
) -> crate::app::Result<Option<String>> {
    let Some(cookie) = cookie else { return Ok(None) };
    let found = ipse.store.read(organization).await?.interaction_of(verification).await?;
    let way = own(found, hash_of(cookie.as_bytes())).ok().filter(|way| !way.request.is_start_link());
    Ok(way.map(|way| way.request.id))
}

/// What a page that follows along compares, and which verification it follows.
pub async fn marker(ipse: &Ipse, id: &str, cookie: Option<&str>) -> Result<(VerificationId, String)> {
    let way = find(ipse, id, cookie).await?;
    let verification = way.interaction.verification.ok_or(Error::SessionOver)?;
    let mut tx = ipse.store.read(&way.organization).await?;
    let state = tx.verification(&verification).await?.ok_or(Error::ServerError)?.state;
    // Whoever came by a start link has the time that the verification gives.
    let late = way.interaction.expires_at <= ipse.clock.now() && !way.interaction.request.is_start_link();
    Ok((verification, if late { "late".to_owned() } else { state.as_str().to_owned() }))
}
