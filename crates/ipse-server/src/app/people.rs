//! People of the console: inviting them, and letting them in by one-time link or passkey.

use super::{Caller, Result, messages, record};
use crate::random;
use crate::state::Ipse;
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::{OrganizationId, PasskeyId, PersonId};
use ipse_core::organization::{Permission, Person, Role};
use ipse_core::subject::{bounded, is_email};
use ipse_store::Tx;
pub use ipse_store::people::Passkey as PasskeyRecord;
use ipse_store::people::{Passkey, Session};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

const LINK_LIFETIME: SignedDuration = SignedDuration::from_mins(60);
/// SP 800-63B-4 for AAL2: signed in for a day at most, an hour when idle.
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
const SESSION_IDLE: SignedDuration = SignedDuration::from_mins(60);
/// How stale "last seen" may be: writing it at every request would cost a commit each.
const SEEN_PRECISION: SignedDuration = SignedDuration::from_mins(1);

/// Invites a person; an e-mail carries the sign-in link, which is also returned.
pub async fn invite(ipse: &Ipse, caller: &Caller, name: &str, email: &str, role: Role) -> Result<(Person, String)> {
    bounded("name", name, 1, 80)?;
    if !is_email(email) {
        return Err(Refusal::invalid("email", "not an e-mail address").into());
    }
    let now = ipse.clock.now();
    let id = PersonId::new(now, random::entropy());
    let person = Person { id, name: name.into(), email: email.into(), role, disabled: false, created_at: now };
    let mut tx = ipse.store.begin(&caller.organization).await?;
    match tx.insert_person(&person).await {
        Err(ipse_store::Error::Duplicate) => return Err(Refusal::AlreadyExists("person").into()),
        result => result?,
    }
    let data = json!({ "person": person.id, "role": role });
    record::organization(&mut tx, &caller.actor, "person.invited", data, now).await?;
    let link = make_link(ipse, &mut tx, &person, now).await?;
    messages::queue_sign_in(&mut tx, &person, &link, now).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok((person, link))
}

/// Makes a one-time sign-in link for a person. Earlier ones die.
pub async fn sign_in_link(ipse: &Ipse, caller: &Caller, id: &PersonId) -> Result<String> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let person = enabled(&mut tx, id).await?;
    let link = make_link(ipse, &mut tx, &person, now).await?;
    record::organization(&mut tx, &caller.actor, "person.link_made", json!({ "person": id }), now).await?;
    messages::queue_sign_in(&mut tx, &person, &link, now).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    Ok(link)
}

async fn make_link(ipse: &Ipse, tx: &mut Tx, person: &Person, now: Timestamp) -> Result<String> {
    let (token, hash) = random::token();
    tx.insert_sign_in_link(&hash, &person.id, now.checked_add(LINK_LIFETIME).unwrap_or(now)).await?;
    Ok(format!("{}/console/sign-in/{token}", ipse.config.server.base_url))
}

async fn enabled(tx: &mut Tx, id: &PersonId) -> Result<Person> {
    let person = tx.person(id).await?.ok_or(Refusal::NotFound("person"))?;
    if person.disabled { Err(Refusal::NotPermitted.into()) } else { Ok(person) }
}

/// Changes a person's role, or shuts them out. The last admin stays one.
pub async fn update(
    ipse: &Ipse,
    caller: &Caller,
    id: &PersonId,
    role: Option<Role>,
    disabled: Option<bool>,
) -> Result<Person> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    // Held until the end: two admins cannot demote each other at the same moment.
    tx.organization_head().await?;
    let people = tx.list_people().await?;
    let mut person = people.iter().find(|person| person.id == *id).cloned().ok_or(Refusal::NotFound("person"))?;
    // What is not asked for stays as it is now, not as it was on the page that was clicked.
    let (role, disabled) = (role.unwrap_or(person.role), disabled.unwrap_or(person.disabled));
    let other_admin = |other: &Person| other.id != *id && other.role == Role::Admin && !other.disabled;
    if (role != Role::Admin || disabled) && person.role == Role::Admin && !people.iter().any(other_admin) {
        return Err(Refusal::invalid("role", "the last admin must stay one").into());
    }
    person.role = role;
    person.disabled = disabled;
    tx.update_person(&person).await?;
    // A changed role starts with a new sign-in, so that no page acts on the old one.
    tx.sign_out_everywhere(id).await?;
    let data = json!({ "person": id, "role": role, "disabled": disabled });
    record::organization(&mut tx, &caller.actor, "person.updated", data, now).await?;
    tx.commit().await?;
    Ok(person)
}

/// Everybody, oldest first.
pub async fn list(ipse: &Ipse, caller: &Caller) -> Result<Vec<Person>> {
    let mut tx = ipse.store.read(&caller.organization).await?;
    Ok(tx.list_people().await?)
}

/// Signs in with a one-time link; returns the session's cookie.
pub async fn redeem(ipse: &Ipse, token: &str) -> Result<String> {
    let hash = random::sha256(token.as_bytes());
    let located = ipse.store.locate_sign_in_link(&hash).await?;
    let organization = located.ok_or(Refusal::Expired("sign-in link"))?;
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&organization).await?;
    let person = tx.redeem_sign_in_link(&hash, now).await?.ok_or(Refusal::Expired("sign-in link"))?;
    sign_in(tx, &person, "link", now).await
}

/// Signs in a person whose passkey was checked; returns the session's cookie.
pub async fn sign_in_with_passkey(
    ipse: &Ipse,
    organization: &OrganizationId,
    passkey: &Passkey,
    credential: &str,
) -> Result<String> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(organization).await?;
    tx.use_passkey(&passkey.id, credential, now).await?;
    sign_in(tx, &passkey.person, "passkey", now).await
}

async fn sign_in(mut tx: Tx, id: &PersonId, how: &str, now: Timestamp) -> Result<String> {
    enabled(&mut tx, id).await?;
    let (cookie, hash) = random::token();
    let (csrf, _) = random::token();
    tx.insert_session(&Session { hash, person: id.clone(), csrf, created_at: now, seen_at: now }).await?;
    let data = json!({ "person": id, "by": how });
    record::organization(&mut tx, &Actor::Person(id.clone()), "person.signed_in", data, now).await?;
    tx.commit().await?;
    Ok(cookie)
}

/// Somebody signed in.
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// As a caller.
    pub caller: Caller,
    /// Their session.
    pub session: Session,
}

/// Who a console cookie belongs to, if the session lives: a day at most, an hour when idle.
pub async fn session(ipse: &Ipse, cookie: &str) -> Result<Option<SignedIn>> {
    let hash = random::sha256(cookie.as_bytes());
    let Some(organization) = ipse.store.locate_session(&hash).await? else { return Ok(None) };
    let now = ipse.clock.now();
    let mut tx = ipse.store.read(&organization).await?;
    let Some(session) = tx.session(&hash).await? else { return Ok(None) };
    let person = tx.person(&session.person).await?.filter(|person| !person.disabled);
    drop(tx);
    let Some(person) = person.filter(|_| is_alive(&session, now)) else { return Ok(None) };
    if now.duration_since(session.seen_at) > SEEN_PRECISION {
        let mut tx = ipse.store.begin(&organization).await?;
        tx.touch_session(&hash, now).await?;
        tx.commit().await?;
    }
    let caller = Caller { organization, actor: Actor::Person(person.id.clone()), name: person.name.clone() };
    Ok(Some(SignedIn { person, caller, session }))
}

/// Whether a session still lives and its person may still do this; asking does not count as using it.
pub async fn still_may(ipse: &Ipse, who: &Caller, session: &[u8; 32], permission: Permission) -> Result<bool> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.read(&who.organization).await?;
    let Some(session) = tx.session(session).await?.filter(|session| is_alive(session, now)) else { return Ok(false) };
    let person = tx.person(&session.person).await?;
    Ok(person.is_some_and(|person| !person.disabled && person.role.may(permission)))
}

fn is_alive(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.created_at) < SESSION_LIFETIME && now.duration_since(session.seen_at) < SESSION_IDLE
}

/// Ends a session.
pub async fn sign_out(ipse: &Ipse, signed_in: &SignedIn) -> Result<()> {
    let mut tx = ipse.store.begin(&signed_in.caller.organization).await?;
    tx.delete_session(&signed_in.session.hash).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores a passkey that a signed-in person registered.
pub async fn add_passkey(
    ipse: &Ipse,
    caller: &Caller,
    of: &PersonId,
    name: &str,
    id: Vec<u8>,
    credential: String,
) -> Result<()> {
    bounded("name", name, 1, 80)?;
    let now = ipse.clock.now();
    let passkey = Passkey {
        id: PasskeyId::new(now, random::entropy()),
        person: of.clone(),
        credential_id: id,
        name: name.into(),
        credential,
        created_at: now,
        used_at: None,
    };
    let mut tx = ipse.store.begin(&caller.organization).await?;
    match tx.insert_passkey(&passkey).await {
        Err(ipse_store::Error::Duplicate) => return Err(Refusal::AlreadyExists("passkey").into()),
        result => result?,
    }
    let data = json!({ "passkey": passkey.id });
    record::organization(&mut tx, &caller.actor, "passkey.added", data, now).await?;
    tx.commit().await?;
    Ok(())
}

/// A person's passkeys, oldest first.
pub async fn passkeys(ipse: &Ipse, organization: &OrganizationId, of: &PersonId) -> Result<Vec<Passkey>> {
    let mut tx = ipse.store.read(organization).await?;
    Ok(tx.passkeys(of).await?)
}

/// Removes one of a person's own passkeys.
pub async fn remove_passkey(ipse: &Ipse, caller: &Caller, of: &PersonId, id: &PasskeyId) -> Result<()> {
    let now = ipse.clock.now();
    let mut tx = ipse.store.begin(&caller.organization).await?;
    if !tx.delete_passkey(of, id).await? {
        return Err(Refusal::NotFound("passkey").into());
    }
    record::organization(&mut tx, &caller.actor, "passkey.removed", json!({ "passkey": id }), now).await?;
    tx.commit().await?;
    Ok(())
}
