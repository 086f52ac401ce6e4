//! Envelope encryption: everything personal is sealed under a key of its own, and forgetting destroys that key.
//!
//! A data key (AES-256-GCM, 256 random bits) belongs to one [`Owner`]: a subject, a verification's images, a
//! verification's facts, a face template, or the organization. It is stored wrapped by a key-encryption key from the [`Keyring`].
//! What was sealed is bound to its place by additional data, so a sealed value moved to another row does not open.

use crate::db::{Lock, values_of};
use crate::{Error, Result, Store, Tx, provider_keys};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ipse_core::id::{EnrolmentId, OrganizationId, SubjectId, VerificationId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};
use zeroize::Zeroizing;

/// Whose data key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// What is known of a subject.
    Subject(SubjectId),
    /// A verification's pictures.
    Images(VerificationId),
    /// What was read, messages sent, reports' facts.
    Facts(VerificationId),
    /// A stored face template.
    Template(EnrolmentId),
    /// The organization's own secrets.
    Organization(OrganizationId),
}

impl Owner {
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Subject(id) => id.to_string(),
            Self::Images(id) => format!("{id}/images"),
            Self::Facts(id) => format!("{id}/facts"),
            Self::Template(id) => id.to_string(),
            Self::Organization(id) => id.to_string(),
        }
    }
}

/// The key-encryption keys, from a file or a KMS export: one is active, older ones still open what they wrapped.
pub struct Keyring {
    active: String,
    keys: BTreeMap<String, Zeroizing<[u8; 32]>>,
}

#[derive(Serialize, Deserialize)]
struct KeyringFile {
    active: String,
    keys: BTreeMap<String, Zeroizing<String>>,
}

impl Keyring {
    /// Reads a keyring: `{"active": "k1", "keys": {"k1": "<32 bytes, base64>"}}`.
    pub fn parse(text: &str) -> Result<Self> {
        let file: KeyringFile =
            serde_json::from_str(text).map_err(|_| Error::Keyring("is not a keyring file".into()))?;
        let mut keys = BTreeMap::new();
        for (name, key) in file.keys {
            let bytes = BASE64.decode(key.as_bytes()).ok().map(Zeroizing::new);
            let key = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
            let key = key.ok_or_else(|| Error::Keyring(format!("key {name} is not 32 bytes in base64")))?;
            keys.insert(name, Zeroizing::new(key));
        }
        if !keys.contains_key(&file.active) {
            return Err(Error::Keyring(format!("the active key {} is missing", file.active)));
        }
        Ok(Self { active: file.active, keys })
    }

    /// Reads a keyring file.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map(Zeroizing::new)
            .map_err(|error| Error::Keyring(format!("{} cannot be read: {error}", path.display())))?;
        Self::parse(&text)
    }

    /// A keyring with one random key.
    pub fn generate(name: &str) -> Result<Self> {
        let mut keyring = Self { active: name.to_owned(), keys: BTreeMap::new() };
        keyring.add(name)?;
        Ok(keyring)
    }

    /// Adds a random key and makes it the active one.
    pub fn add(&mut self, name: &str) -> Result<()> {
        if self.keys.contains_key(name) {
            return Err(Error::Keyring(format!("there is already a key {name}")));
        }
        self.keys.insert(name.to_owned(), random_key()?);
        name.clone_into(&mut self.active);
        Ok(())
    }

    /// Removes a key that wraps nothing any more.
    pub fn remove(&mut self, name: &str) -> Result<()> {
        if name == self.active {
            return Err(Error::Keyring(format!("{name} is the active key")));
        }
        self.keys.remove(name).map(|_| ()).ok_or_else(|| Error::Keyring(format!("there is no key {name}")))
    }

    /// Writes the keyring, readable by its owner only, in one step: a crash leaves the old or the new file.
    pub fn save(&self, path: &Path) -> Result<()> {
        let failed = |error: std::io::Error| Error::Keyring(format!("{} cannot be written: {error}", path.display()));
        let keys =
            self.keys.iter().map(|(name, key)| (name.clone(), Zeroizing::new(BASE64.encode(key.as_slice())))).collect();
        let file = KeyringFile { active: self.active.clone(), keys };
        let text = serde_json::to_string_pretty(&file).map(Zeroizing::new);
        let text = text.map_err(|error| Error::Keyring(error.to_string()))?;
        let beside = path.with_extension("new");
        write_private(&beside, text.as_bytes()).map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)
    }

    /// The active key's name.
    pub fn active(&self) -> &str {
        &self.active
    }

    /// Every key's name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// A secret for one purpose, derived from the active key first, then from the others: whoever verifies tries all.
    pub fn derived(&self, purpose: &str) -> Vec<hmac::Key> {
        let active = self.keys.get(&self.active).into_iter();
        let others = self.keys.iter().filter(|(name, _)| **name != self.active).map(|(_, key)| key);
        let derive = |key: &Zeroizing<[u8; 32]>| {
            let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), purpose.as_bytes());
            hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref())
        };
        active.chain(others).map(derive).collect()
    }

    pub(crate) fn wrap(&self, owner: &str, key: &[u8]) -> Result<Vec<u8>> {
        let active = self.keys.get(&self.active).ok_or_else(|| Error::Keyring("no active key".into()))?;
        seal(active.as_slice(), owner, key)
    }

    /// Opens what [`Keyring::wrap`] wrapped, whatever its length.
    pub(crate) fn open_bytes(&self, name: &str, owner: &str, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let key = self.keys.get(name).ok_or_else(|| Error::Keyring(format!("key {name} is missing")))?;
        open(key.as_slice(), owner, wrapped).map(Zeroizing::new)
    }

    fn unwrap(&self, name: &str, owner: &str, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let opened = self.open_bytes(name, owner, wrapped)?;
        opened.as_slice().try_into().map(Zeroizing::new).map_err(|_| Error::Sealed)
    }
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::write(path, bytes)
}

#[allow(
    clippy::disallowed_methods,
    reason = "the one place that makes keys and nonces; nothing depends on their value"
)]
fn fill(bytes: &mut [u8]) -> Result<()> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| Error::Keyring("the system gives no randomness".into()))
}

fn random_key() -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    fill(key.as_mut_slice())?;
    Ok(key)
}

fn cipher(key: &[u8]) -> Result<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(|_| Error::Sealed)
}

/// Nonce, ciphertext, tag.
fn seal(key: &[u8], place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN];
    fill(&mut nonce)?;
    let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    sealed.extend_from_slice(plain);
    cipher(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut sealed)
        .map_err(|_| Error::Sealed)?;
    sealed.splice(0..0, nonce);
    Ok(sealed)
}

fn open(key: &[u8], place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(Error::Sealed)?;
    let mut plain = rest.to_vec();
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length =
        cipher(key)?.open_in_place(nonce, Aad::from(place.as_bytes()), &mut plain).map_err(|_| Error::Sealed)?.len();
    plain.truncate(length);
    Ok(plain)
}

/// The organizations' own data keys. Unlike the others they are asked for all the time and never destroyed, so they
/// are opened once.
pub(crate) type OwnKeys = Arc<Mutex<HashMap<OrganizationId, Zeroizing<[u8; 32]>>>>;

/// The data keys one transaction has opened.
pub(crate) struct Seals {
    keyring: Arc<Keyring>,
    opened: HashMap<String, Zeroizing<[u8; 32]>>,
    own: OwnKeys,
}

impl Seals {
    pub(crate) fn new(keyring: Arc<Keyring>, own: OwnKeys) -> Self {
        Self { keyring, opened: HashMap::new(), own }
    }

    fn known(&self, owner: &Owner, label: &str) -> Option<Zeroizing<[u8; 32]>> {
        match owner {
            Owner::Organization(id) => self.own.lock().ok()?.get(id).cloned(),
            _ => self.opened.get(label).cloned(),
        }
    }

    fn keep(&mut self, owner: &Owner, label: String, key: Zeroizing<[u8; 32]>) {
        match owner {
            Owner::Organization(id) => {
                if let Ok(mut own) = self.own.lock() {
                    own.insert(id.clone(), key);
                }
            }
            _ => {
                self.opened.insert(label, key);
            }
        }
    }
}

impl Tx {
    /// Makes the owner's data key.
    pub(crate) async fn make_key(&mut self, owner: &Owner) -> Result<()> {
        let label = owner.label();
        let key = random_key()?;
        let wrapped = self.seals.keyring.wrap(&label, key.as_slice())?;
        self.db
            .defer(
                "insert into data_keys (owner, organization, key_encryption_key, wrapped) values ($1, $2, $3, $4)",
                values_of![&label, self.organization.as_str(), self.seals.keyring.active(), wrapped],
            )
            .await?;
        self.seals.opened.insert(label, key);
        Ok(())
    }

    async fn key(&mut self, owner: &Owner) -> Result<Zeroizing<[u8; 32]>> {
        let label = owner.label();
        if let Some(key) = self.seals.known(owner, &label) {
            return Ok(key);
        }
        let row = self
            .db
            .row(
                "select key_encryption_key, wrapped from data_keys where owner = $1 and organization = $2",
                values_of![&label, self.organization.as_str()],
            )
            .await?
            .ok_or(Error::Forgotten)?;
        let key = self.seals.keyring.unwrap(row.text(0)?, &label, row.bytes(1)?)?;
        self.seals.keep(owner, label, key.clone());
        Ok(key)
    }

    /// Seals bytes for a place, such as a row's id.
    pub(crate) async fn seal(&mut self, owner: &Owner, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let key = self.key(owner).await?;
        seal(key.as_slice(), place, plain)
    }

    /// Opens what was sealed for that place.
    pub(crate) async fn unseal(&mut self, owner: &Owner, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let key = self.key(owner).await?;
        open(key.as_slice(), place, sealed)
    }

    pub(crate) async fn seal_json<T: Serialize + Sync>(
        &mut self,
        owner: &Owner,
        place: &str,
        value: &T,
    ) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(value).map(Zeroizing::new).map_err(|_| Error::Sealed)?;
        self.seal(owner, place, &plain).await
    }

    pub(crate) async fn unseal_json<T: serde::de::DeserializeOwned>(
        &mut self,
        owner: &Owner,
        place: &str,
        sealed: &[u8],
    ) -> Result<T> {
        let plain = Zeroizing::new(self.unseal(owner, place, sealed).await?);
        serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("a sealed record"))
    }

    /// Destroys the owner's key; whatever it sealed is gone. False when there was none.
    pub(crate) async fn destroy_key(&mut self, owner: &Owner) -> Result<bool> {
        let label = owner.label();
        self.seals.opened.remove(&label);
        let sql = "delete from data_keys where owner = $1 and organization = $2";
        Ok(self.db.execute(sql, values_of![&label, self.organization.as_str()]).await? == 1)
    }

    /// A keyed hash under the organization's own key: equal values can be found, values cannot be guessed offline.
    pub(crate) async fn keyed_hash(&mut self, purpose: &str, value: &str) -> Result<[u8; 32]> {
        let key = self.key(&Owner::Organization(self.organization.clone())).await?;
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()));
        context.update(purpose.as_bytes());
        context.update(&[0]);
        context.update(value.as_bytes());
        context.sign().as_ref().try_into().map_err(|_| Error::Sealed)
    }
}

impl Store {
    /// Wraps up to `limit` data keys, and as many signing keys, that an older key-encryption key wraps under the active
    /// one; returns how many were done. Zero means that older keys may be removed from the keyring.
    pub async fn rewrap(&self, limit: u32) -> Result<usize> {
        let mut tx = self.db.write().await?;
        let lock = tx.lock(Lock::Wait);
        let mut done = 0;
        for (table, name) in [("data_keys", "owner"), ("provider_keys", "kid")] {
            let sql = format!(
                "select {name}, key_encryption_key, wrapped from {table} where key_encryption_key <> $1 limit $2{lock}"
            );
            let rows = tx.rows(&sql, values_of![self.keyring.active(), limit]).await?;
            let sql = format!("update {table} set key_encryption_key = $1, wrapped = $2 where {name} = $3");
            for row in &rows {
                let named = row.text(0)?;
                let place = if table == "data_keys" { named.to_owned() } else { provider_keys::place(named) };
                let key = self.keyring.open_bytes(row.text(1)?, &place, row.bytes(2)?)?;
                let wrapped = self.keyring.wrap(&place, &key)?;
                tx.execute(&sql, values_of![self.keyring.active(), wrapped, named]).await?;
            }
            done += rows.len();
        }
        tx.commit().await?;
        if done == 0 {
            self.db.scrub().await?;
        }
        Ok(done)
    }

    /// Makes sure that destroyed keys and deleted rows are not left in the database's side files.
    pub async fn scrub(&self) -> Result<()> {
        self.db.scrub().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_place_with_its_key() {
        let sealed = seal(&[1; 32], "here", b"secret").unwrap();
        assert_eq!(open(&[1; 32], "here", &sealed).unwrap(), b"secret");
        assert!(open(&[1; 32], "there", &sealed).is_err());
        assert!(open(&[2; 32], "here", &sealed).is_err());
        assert!(open(&[1; 32], "here", &sealed[..sealed.len() - 1]).is_err());
        assert!(open(&[1; 32], "here", &[]).is_err());
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
    }

    #[test]
    fn keyrings_are_read_strictly() {
        let good = format!(r#"{{"active":"a","keys":{{"a":"{}"}}}}"#, BASE64.encode([7; 32]));
        assert_eq!(Keyring::parse(&good).unwrap().active(), "a");
        for bad in ["", "{}", r#"{"active":"a","keys":{}}"#, r#"{"active":"a","keys":{"a":"c2hvcnQ="}}"#] {
            assert!(matches!(Keyring::parse(bad), Err(Error::Keyring(_))), "{bad}");
        }
    }
}
