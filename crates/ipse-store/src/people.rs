//! People of the console: who they are, how they sign in, and their sessions.

use crate::db::{Row, values_of};
use crate::organizations::json;
use crate::{Result, Tx};
use ipse_core::id::{PasskeyId, PersonId};
use ipse_core::organization::Person;
use jiff::Timestamp;

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Hash of the cookie.
    pub hash: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// The token their forms carry.
    pub csrf: String,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When they last did something.
    pub seen_at: Timestamp,
}

/// A passkey a person registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Our id for it.
    pub id: PasskeyId,
    /// Whose.
    pub person: PersonId,
    /// The authenticator's id for it.
    pub credential_id: Vec<u8>,
    /// The name the person gave it.
    pub name: String,
    /// Public key and counter, as the WebAuthn library writes them.
    pub credential: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

fn person(row: &Row) -> Result<Person> {
    row.json(0)
}

fn passkey(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        id: row.parse(0)?,
        person: row.parse(1)?,
        credential_id: row.bytes(2)?.to_vec(),
        name: row.text(3)?.to_owned(),
        credential: row.text(4)?.to_owned(),
        created_at: row.instant(5)?,
        used_at: row.optional_instant(6)?,
    })
}

impl Tx {
    /// Stores a new person. [`crate::Error::Duplicate`] when the address is taken.
    pub async fn insert_person(&mut self, person: &Person) -> Result<()> {
        let sql = "insert into people (id, organization, email, record) values ($1, $2, $3, $4)";
        let email = person.email.to_lowercase();
        let values = values_of![person.id.as_str(), self.organization.as_str(), email, json(person)?];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// Writes back a person.
    pub async fn update_person(&mut self, person: &Person) -> Result<()> {
        let sql = "update people set record = $1 where id = $2 and organization = $3";
        self.db.execute(sql, values_of![json(person)?, person.id.as_str(), self.organization.as_str()]).await?;
        Ok(())
    }

    /// A person.
    pub async fn person(&mut self, id: &PersonId) -> Result<Option<Person>> {
        let sql = "select record from people where id = $1 and organization = $2";
        let row = self.db.row(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        row.as_ref().map(person).transpose()
    }

    /// The person with this address.
    pub async fn person_by_email(&mut self, email: &str) -> Result<Option<Person>> {
        let sql = "select record from people where email = $1 and organization = $2";
        let row = self.db.row(sql, values_of![email.to_lowercase(), self.organization.as_str()]).await?;
        row.as_ref().map(person).transpose()
    }

    /// Everybody, oldest first.
    pub async fn list_people(&mut self) -> Result<Vec<Person>> {
        let sql = "select record from people where organization = $1 order by id";
        let rows = self.db.rows(sql, values_of![self.organization.as_str()]).await?;
        rows.iter().map(person).collect()
    }

    /// Stores a one-time sign-in link's hash; earlier ones of the person die.
    pub async fn insert_sign_in_link(&mut self, hash: &[u8; 32], of: &PersonId, expires_at: Timestamp) -> Result<()> {
        self.db
            .defer(
                "delete from sign_in_links where person = $1 and organization = $2",
                values_of![of.as_str(), self.organization.as_str()],
            )
            .await?;
        let sql = "insert into sign_in_links (hash, organization, person, expires_at) values ($1, $2, $3, $4)";
        self.db.defer(sql, values_of![hash, self.organization.as_str(), of.as_str(), expires_at]).await?;
        Ok(())
    }

    /// Uses a one-time sign-in link up; tells whose it was.
    pub async fn redeem_sign_in_link(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Option<PersonId>> {
        let sql = "select person from sign_in_links where hash = $1 and organization = $2 and expires_at > $3";
        let row = self.db.row(sql, values_of![hash, self.organization.as_str(), now]).await?;
        let Some(row) = row else { return Ok(None) };
        let sql = "delete from sign_in_links where hash = $1 and organization = $2";
        let deleted = self.db.execute(sql, values_of![hash, self.organization.as_str()]).await?;
        if deleted == 1 { row.parse(0).map(Some) } else { Ok(None) }
    }

    /// Stores a session.
    pub async fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.db
            .defer(
                "insert into sessions (hash, organization, person, csrf, created_at, seen_at)
                 values ($1, $2, $3, $4, $5, $6)",
                values_of![
                    &session.hash,
                    self.organization.as_str(),
                    session.person.as_str(),
                    &session.csrf,
                    session.created_at,
                    session.seen_at,
                ],
            )
            .await?;
        Ok(())
    }

    /// The session with this hash.
    pub async fn session(&mut self, hash: &[u8; 32]) -> Result<Option<Session>> {
        let sql = "select hash, person, csrf, created_at, seen_at from sessions where hash = $1 and organization = $2";
        let row = self.db.row(sql, values_of![hash, self.organization.as_str()]).await?;
        row.map(|row| {
            Ok(Session {
                hash: row.hash(0)?,
                person: row.parse(1)?,
                csrf: row.text(2)?.to_owned(),
                created_at: row.instant(3)?,
                seen_at: row.instant(4)?,
            })
        })
        .transpose()
    }

    /// Notes that a session was used.
    pub async fn touch_session(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<()> {
        let sql = "update sessions set seen_at = $1 where hash = $2 and organization = $3";
        self.db.defer(sql, values_of![now, hash, self.organization.as_str()]).await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn delete_session(&mut self, hash: &[u8; 32]) -> Result<()> {
        let sql = "delete from sessions where hash = $1 and organization = $2";
        self.db.defer(sql, values_of![hash, self.organization.as_str()]).await?;
        Ok(())
    }

    /// Ends every session of a person and kills their sign-in links.
    pub async fn sign_out_everywhere(&mut self, id: &PersonId) -> Result<()> {
        for sql in [
            "delete from sessions where person = $1 and organization = $2",
            "delete from sign_in_links where person = $1 and organization = $2",
        ] {
            self.db.defer(sql, values_of![id.as_str(), self.organization.as_str()]).await?;
        }
        Ok(())
    }

    /// Stores a passkey. [`crate::Error::Duplicate`] when the credential is registered already.
    pub async fn insert_passkey(&mut self, passkey: &Passkey) -> Result<()> {
        self.db
            .execute(
                "insert into passkeys (id, organization, person, credential_id, name, credential, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                values_of![
                    passkey.id.as_str(),
                    self.organization.as_str(),
                    passkey.person.as_str(),
                    passkey.credential_id.as_slice(),
                    &passkey.name,
                    &passkey.credential,
                    passkey.created_at,
                ],
            )
            .await?;
        Ok(())
    }

    /// The passkeys of a person, oldest first.
    pub async fn passkeys(&mut self, of: &PersonId) -> Result<Vec<Passkey>> {
        let sql = "select id, person, credential_id, name, credential, created_at, used_at from passkeys
                   where person = $1 and organization = $2 order by id";
        let rows = self.db.rows(sql, values_of![of.as_str(), self.organization.as_str()]).await?;
        rows.iter().map(passkey).collect()
    }

    /// Notes that a passkey was used, with its counter.
    pub async fn use_passkey(&mut self, id: &PasskeyId, credential: &str, now: Timestamp) -> Result<()> {
        let sql = "update passkeys set credential = $1, used_at = $2 where id = $3 and organization = $4";
        self.db.defer(sql, values_of![credential, now, id.as_str(), self.organization.as_str()]).await?;
        Ok(())
    }

    /// Removes a passkey of a person.
    pub async fn delete_passkey(&mut self, of: &PersonId, id: &PasskeyId) -> Result<bool> {
        let sql = "delete from passkeys where id = $1 and person = $2 and organization = $3";
        Ok(self.db.execute(sql, values_of![id.as_str(), of.as_str(), self.organization.as_str()]).await? == 1)
    }
}
