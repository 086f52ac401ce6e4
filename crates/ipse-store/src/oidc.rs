//! What the OpenID provider keeps: clients, the ways of persons through their requests, codes, access tokens, and what
//! must not come again. What is in them is the provider's; here they are rows with an owner and an end.
//!
//! A way through a request is sealed under the organization's key. Codes and tokens carry what was proven, so they are
//! sealed under the verification's facts, and are forgotten with them.

use crate::db::{Lock, values_of};
use crate::organizations::json;
use crate::seal::Owner;
use crate::{Error, Result, Tx};
use ipse_core::document::DocumentFacts;
use ipse_core::id::{SubjectId, VerificationId};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A code or an access token.
pub struct Ticket<'a, T> {
    /// Its hash.
    pub hash: &'a [u8; 32],
    /// Whose it is.
    pub client: &'a str,
    /// The verification it tells of.
    pub verification: &'a VerificationId,
    /// From when on its row is of no use.
    pub purge_at: Timestamp,
    /// What it stands for.
    pub value: &'a T,
}

/// How a subject was known until a document says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// By somebody's word: the client's, or a directory's.
    Word,
    /// By another document, which this one replaces.
    Another,
    /// By nothing: from now on the document alone finds the subject.
    Nothing,
}

impl Tx {
    /// Stores a new client. [`Error::Duplicate`] when any organization has one of that id.
    pub async fn insert_client<T: Serialize>(&mut self, id: &str, record: &T) -> Result<()> {
        let sql = "insert into clients (id, organization, record) values ($1, $2, $3)";
        self.db.execute(sql, values_of![id, self.organization.as_str(), json(record)?]).await?;
        Ok(())
    }

    /// A client.
    pub async fn client<T: DeserializeOwned>(&mut self, id: &str) -> Result<Option<T>> {
        self.find_client(id, "").await
    }

    /// A client, held until the transaction ends.
    pub async fn hold_client<T: DeserializeOwned>(&mut self, id: &str) -> Result<Option<T>> {
        let lock = self.db.lock(Lock::Wait);
        self.find_client(id, lock).await
    }

    async fn find_client<T: DeserializeOwned>(&mut self, id: &str, lock: &str) -> Result<Option<T>> {
        let sql = format!("select record from clients where id = $1 and organization = $2{lock}");
        let row = self.db.row(&sql, values_of![id, self.organization.as_str()]).await?;
        row.map(|row| row.json(0)).transpose()
    }

    /// Every client, oldest first.
    pub async fn list_clients<T: DeserializeOwned>(&mut self) -> Result<Vec<T>> {
        let sql = "select record from clients where organization = $1 order by id";
        let rows = self.db.rows(sql, values_of![self.organization.as_str()]).await?;
        rows.iter().map(|row| row.json(0)).collect()
    }

    /// Writes back a client.
    pub async fn update_client<T: Serialize>(&mut self, id: &str, record: &T) -> Result<()> {
        let sql = "update clients set record = $1 where id = $2 and organization = $3";
        self.db.defer(sql, values_of![json(record)?, id, self.organization.as_str()]).await
    }

    /// Removes a client and everything that was issued to it; false when there is none.
    pub async fn delete_client(&mut self, id: &str) -> Result<bool> {
        for table in ["interactions", "grants", "access_tokens"] {
            let sql = format!("delete from {table} where client = $1 and organization = $2");
            self.db.defer(&sql, values_of![id, self.organization.as_str()]).await?;
        }
        let sql = "delete from clients where id = $1 and organization = $2";
        Ok(self.db.execute(sql, values_of![id, self.organization.as_str()]).await? == 1)
    }

    /// Stores a person's way through a request, under the request's id. [`Error::Duplicate`] when it has begun before.
    pub async fn insert_interaction<T: Serialize + Sync>(
        &mut self,
        id: &str,
        client: &str,
        purge_at: Timestamp,
        value: &T,
    ) -> Result<()> {
        let sealed = self.seal_json(&Owner::Organization(self.organization.clone()), id, value).await?;
        let sql = "insert into interactions (id, organization, client, purge_at, sealed) values ($1, $2, $3, $4, $5)";
        self.db.execute(sql, values_of![id, self.organization.as_str(), client, purge_at, sealed]).await?;
        Ok(())
    }

    /// A person's way through a request.
    pub async fn interaction<T: DeserializeOwned>(&mut self, id: &str) -> Result<Option<T>> {
        self.find_interaction("id", id, "").await
    }

    /// A person's way through a request, held until the transaction ends.
    pub async fn hold_interaction<T: DeserializeOwned>(&mut self, id: &str) -> Result<Option<T>> {
        let lock = self.db.lock(Lock::Wait);
        self.find_interaction("id", id, lock).await
    }

    /// The way that a verification is part of.
    pub async fn interaction_of<T: DeserializeOwned>(&mut self, verification: &VerificationId) -> Result<Option<T>> {
        self.find_interaction("verification", verification.as_str(), "").await
    }

    async fn find_interaction<T: DeserializeOwned>(
        &mut self,
        column: &str,
        value: &str,
        lock: &str,
    ) -> Result<Option<T>> {
        let sql = format!("select id, sealed from interactions where {column} = $1 and organization = $2{lock}");
        let Some(row) = self.db.row(&sql, values_of![value, self.organization.as_str()]).await? else {
            return Ok(None);
        };
        let owner = Owner::Organization(self.organization.clone());
        self.unseal_json(&owner, row.text(0)?, row.bytes(1)?).await.map(Some)
    }

    /// Writes back a way that is held.
    pub async fn update_interaction<T: Serialize + Sync>(
        &mut self,
        id: &str,
        verification: Option<&VerificationId>,
        value: &T,
    ) -> Result<()> {
        let sealed = self.seal_json(&Owner::Organization(self.organization.clone()), id, value).await?;
        let sql = "update interactions set verification = $1, sealed = $2 where id = $3 and organization = $4";
        let verification = verification.map(VerificationId::as_str);
        self.db.defer(sql, values_of![verification, sealed, id, self.organization.as_str()]).await
    }

    /// Stores a code.
    pub async fn insert_grant<T: Serialize + Sync>(&mut self, grant: &Ticket<'_, T>) -> Result<()> {
        let place = place("grant", grant.hash);
        let sealed = self.seal_json(&Owner::Facts(grant.verification.clone()), &place, grant.value).await?;
        let sql = "insert into grants (code_hash, organization, client, verification, purge_at, sealed)
                   values ($1, $2, $3, $4, $5, $6)";
        let (own, of) = (self.organization.as_str(), grant.verification.as_str());
        self.db.execute(sql, values_of![grant.hash, own, grant.client, of, grant.purge_at, sealed]).await?;
        Ok(())
    }

    /// What a code stands for, and when it was redeemed; nothing once what was proven is forgotten.
    pub async fn grant<T: DeserializeOwned>(&mut self, code_hash: &[u8; 32]) -> Result<Option<(T, Option<Timestamp>)>> {
        let sql = "select verification, sealed, redeemed_at from grants where code_hash = $1 and organization = $2";
        let Some(row) = self.db.row(sql, values_of![code_hash, self.organization.as_str()]).await? else {
            return Ok(None);
        };
        let owner = Owner::Facts(row.parse(0)?);
        match self.unseal_json(&owner, &place("grant", code_hash), row.bytes(1)?).await {
            Err(Error::Forgotten) => Ok(None),
            value => Ok(Some((value?, row.optional_instant(2)?))),
        }
    }

    /// Marks a code as redeemed; false when it was before, so that of two requests at once only one succeeds.
    pub async fn redeem_grant(&mut self, code_hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        let sql = "update grants set redeemed_at = $1
                   where code_hash = $2 and organization = $3 and redeemed_at is null";
        Ok(self.db.execute(sql, values_of![now, code_hash, self.organization.as_str()]).await? == 1)
    }

    /// Stores an access token issued for a code.
    pub async fn insert_access_token<T: Serialize + Sync>(
        &mut self,
        token: &Ticket<'_, T>,
        code_hash: &[u8; 32],
    ) -> Result<()> {
        let place = place("access token", token.hash);
        let sealed = self.seal_json(&Owner::Facts(token.verification.clone()), &place, token.value).await?;
        let sql = "insert into access_tokens (hash, organization, client, code_hash, verification, purge_at, sealed)
                   values ($1, $2, $3, $4, $5, $6, $7)";
        let (own, of) = (self.organization.as_str(), token.verification.as_str());
        let values = values_of![token.hash, own, token.client, code_hash, of, token.purge_at, sealed];
        self.db.execute(sql, values).await?;
        Ok(())
    }

    /// What an access token stands for; nothing once what was proven is forgotten.
    pub async fn access_token<T: DeserializeOwned>(&mut self, hash: &[u8; 32]) -> Result<Option<T>> {
        let sql = "select verification, sealed from access_tokens where hash = $1 and organization = $2";
        let Some(row) = self.db.row(sql, values_of![hash, self.organization.as_str()]).await? else {
            return Ok(None);
        };
        let owner = Owner::Facts(row.parse(0)?);
        match self.unseal_json(&owner, &place("access token", hash), row.bytes(1)?).await {
            Err(Error::Forgotten) => Ok(None),
            value => value.map(Some),
        }
    }

    /// Revokes what was issued for a code; returns how many tokens that were.
    pub async fn revoke_access_tokens(&mut self, code_hash: &[u8; 32]) -> Result<u64> {
        let sql = "delete from access_tokens where code_hash = $1 and organization = $2";
        self.db.execute(sql, values_of![code_hash, self.organization.as_str()]).await
    }

    /// Remembers what must not come again; false when it was there already.
    pub async fn remember_replay(&mut self, key: &[u8; 32], until: Timestamp) -> Result<bool> {
        let sql = "insert into replays (organization, key, purge_at) values ($1, $2, $3) on conflict do nothing";
        Ok(self.db.execute(sql, values_of![self.organization.as_str(), key, until]).await? == 1)
    }

    /// Whether a document is the one that a subject is known by; nothing when none is.
    pub async fn is_known_document(&mut self, subject: &SubjectId, document: &DocumentFacts) -> Result<Option<bool>> {
        let sql = "select document_hash from subject_documents where subject = $1 and organization = $2";
        let row = self.db.row(sql, values_of![subject.as_str(), self.organization.as_str()]).await?;
        let Some(row) = row else { return Ok(None) };
        let known = row.hash(0)?;
        // One without a number is none that is known.
        Ok(Some(self.document_hash(document).await? == Some(known)))
    }

    /// The subject whom a document finds, since nobody had said who comes when it was first shown.
    pub async fn subject_found_by(&mut self, document: &DocumentFacts) -> Result<Option<SubjectId>> {
        let Some(hash) = self.document_hash(document).await? else { return Ok(None) };
        let sql = "select subject from subject_documents where organization = $1 and document_hash = $2 and finds = 1";
        let row = self.db.row(sql, values_of![self.organization.as_str(), hash]).await?;
        row.map(|row| row.parse(0)).transpose()
    }

    /// Makes a document the one that a subject is known by, as a keyed hash. One without a number changes nothing. False
    /// when another was faster.
    pub async fn know_document(
        &mut self,
        subject: &SubjectId,
        of: &VerificationId,
        document: &DocumentFacts,
        known: KnownBy,
    ) -> Result<bool> {
        let Some(hash) = self.document_hash(document).await? else { return Ok(true) };
        if known == KnownBy::Another {
            self.forget_known_document(subject).await?;
        }
        let sql = "insert into subject_documents (subject, organization, document_hash, verification, finds)
                   select id, organization, $1, $2, $3 from subjects where id = $4 and organization = $5
                   on conflict do nothing";
        let finds = i64::from(known == KnownBy::Nothing);
        let values = values_of![hash, of.as_str(), finds, subject.as_str(), self.organization.as_str()];
        Ok(self.db.execute(sql, values).await? == 1)
    }

    /// Forgets which document a subject is known by. False when none was.
    pub async fn forget_known_document(&mut self, subject: &SubjectId) -> Result<bool> {
        let sql = "delete from subject_documents where subject = $1 and organization = $2";
        Ok(self.db.execute(sql, values_of![subject.as_str(), self.organization.as_str()]).await? == 1)
    }
}

/// Where a value is sealed, so that one moved to another row does not open.
fn place(kind: &str, hash: &[u8; 32]) -> String {
    hash.iter().fold(format!("{kind}/"), |text, byte| text + &format!("{byte:02x}"))
}
