//! The store, the same suite on SQLite and PostgreSQL.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod bucket;
mod chains;
mod commits;
mod deliveries;
mod issuances;
mod oidc;
mod presentations;
mod secrets;
mod tenants;
mod tls;

use ipse_core::Private;
use ipse_core::event::{self, Actor, Happening, Head};
use ipse_core::id::{EventId, JourneyId, OrganizationId, SubjectId, VerificationId};
use ipse_core::journey::{Journey, Rules};
use ipse_core::organization::{Organization, Settings};
use ipse_core::subject::{Profile, Subject};
use ipse_core::verification::{Channel, Opening, Requester, Verification};
use ipse_store::seal::Keyring;
use ipse_store::{Address, Blobs, Store};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;

/// A store of its own, and the folder it keeps things in.
struct Place {
    store: Store,
    folder: TempDir,
    address: Address,
}

/// Keeps a place whole: without it, a test that never names the folder would let go of it at once.
impl Drop for Place {
    fn drop(&mut self) {}
}

impl Place {
    fn blobs(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    fn keyring(&self) -> PathBuf {
        self.folder.path().join("keyring.json")
    }

    /// The same data, opened again.
    async fn again(&self) -> Store {
        let keyring = Keyring::load(&self.keyring()).unwrap();
        Store::open(&self.address, Blobs::folder(&self.blobs()).unwrap(), keyring).await.unwrap()
    }
}

fn postgres() -> String {
    std::env::var("IPSE_TEST_POSTGRES")
        .unwrap_or_else(|_| panic!("IPSE_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one"))
}

/// Makes a test run on both databases.
macro_rules! on_both {
    ($name:ident, $test:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "the test decides")]
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let test: fn(crate::Place) -> std::pin::Pin<Box<dyn Future<Output = ()>>> =
                    |place| Box::pin($test(place));
                test(crate::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let test: fn(crate::Place) -> std::pin::Pin<Box<dyn Future<Output = ()>>> =
                    |place| Box::pin($test(place));
                test(crate::on_postgres().await).await;
            }
        }
    };
}
pub(crate) use on_both;

async fn on_sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Sqlite(folder.path().join("ipse.sqlite"));
    place(folder, address).await
}

async fn on_postgres() -> Place {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let schema = format!("store_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (client, connection) = tokio_postgres::connect(&postgres(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("create schema {schema}")).await.unwrap();
    let url = format!("{}?options=-c%20search_path%3D{schema}", postgres());
    place(tempfile::tempdir().unwrap(), Address::Postgres(url)).await
}

async fn place(folder: TempDir, address: Address) -> Place {
    let keyring = Keyring::generate("k1").unwrap();
    keyring.save(&folder.path().join("keyring.json")).unwrap();
    let blobs = Blobs::folder(&folder.path().join("blobs")).unwrap();
    let store = Store::open(&address, blobs, keyring).await.unwrap();
    assert!(store.pending_migrations().await.unwrap() > 0);
    assert!(store.migrate().await.unwrap() > 0);
    assert_eq!(store.migrate().await.unwrap(), 0, "migrating twice changes nothing");
    Place { store, folder, address }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

/// Random parts of ids, all different.
fn entropy() -> [u8; 10] {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let mut entropy = [0; 10];
    entropy[2..].copy_from_slice(&NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    entropy
}

async fn organization(store: &Store) -> OrganizationId {
    let settings = Settings { name: "Org".into(), ..Settings::default() };
    let organization = Organization { id: OrganizationId::new(at(0), entropy()), created_at: at(0), settings };
    store.insert_organization(&organization).await.unwrap();
    organization.id
}

fn subject(external_id: &str) -> Subject {
    let mut profile = Profile { external_id: Private::new(external_id.to_owned()), ..Profile::default() };
    profile.identity.family_name = Some(Private::new("Sentinelson".to_owned()));
    profile.emails = vec![Private::new("sentinel@example.com".to_owned())];
    Subject { id: SubjectId::new(at(0), entropy()), created_at: at(0), profile }
}

fn journey(key: &str) -> Journey {
    let id = JourneyId::new(at(0), entropy());
    Journey { id, version: 1, key: key.into(), name: key.into(), created_at: at(0), rules: Rules::default() }
}

/// A verification with its subject, journey and first event.
async fn verification(store: &Store, organization: &OrganizationId, external_id: &str) -> Verification {
    let mut tx = store.begin(organization).await.unwrap();
    let (subject, journey) = (subject(external_id), journey(external_id));
    let identity = subject.profile.identity.clone();
    tx.insert_subject(&subject).await.unwrap();
    tx.insert_journey(&journey).await.unwrap();
    let opening = Opening {
        id: VerificationId::new(at(1), entropy()),
        subject: subject.id,
        purpose: "Test".into(),
        record: None,
        requester: Requester { actor: Actor::System, external_id: None, name: "Tester".into() },
        delivery: Channel::None,
        return_url: None,
        metadata: BTreeMap::new(),
        language: None,
    };
    let (verification, happenings) = Verification::open(opening, &journey, at(1)).unwrap();
    let event = chained(Head::EMPTY, verification.id.as_str(), &happenings[0]);
    let head = Head { sequence: event.sequence, hash: event.hash };
    tx.insert_verification(&verification, &identity, head).await.unwrap();
    tx.insert_event(&event).await.unwrap();
    tx.commit().await.unwrap();
    verification
}

fn chained(head: Head, stream: &str, happening: &Happening) -> event::Event {
    event::append(head, stream, EventId::new(at(1), entropy()), at(1), Actor::System, happening)
}
