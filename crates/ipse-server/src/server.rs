//! Starting and stopping.

use crate::app::{people, settings};
use crate::clock::Clock;
use crate::config::{BadConfig, Config, Place};
use crate::console::passkeys::RelyingParty;
use crate::http::metrics;
use crate::http::router::router;
use crate::jobs::WaysOut;
use crate::state::{Ipse, Shared, Workers};
use ipse_checks::document::chip::TrustStore;
use ipse_store::seal::Keyring;
use ipse_store::{Blobs, Store};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Notify, broadcast, watch};
use tokio::task::{JoinHandle, JoinSet};

/// Why the server did not start: one clear line.
#[derive(Debug)]
pub struct NotStarted(pub String);

impl std::fmt::Display for NotStarted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NotStarted {}

impl From<BadConfig> for NotStarted {
    fn from(bad: BadConfig) -> Self {
        Self(bad.0)
    }
}

impl From<ipse_store::Error> for NotStarted {
    fn from(error: ipse_store::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<crate::app::Error> for NotStarted {
    fn from(error: crate::app::Error) -> Self {
        Self(error.to_string())
    }
}

/// Opens the store that the settings name. The keyring must exist.
pub async fn open_store(config: &Config) -> Result<Store, NotStarted> {
    let data_dir = &config.storage.data_dir;
    std::fs::create_dir_all(data_dir)
        .map_err(|error| NotStarted(format!("the data folder {} cannot be made: {error}", data_dir.display())))?;
    let storage = &config.storage;
    let blobs = match config.blobs()? {
        Place::Folder(folder) => Blobs::folder(&folder)?,
        Place::Bucket(bucket) => Blobs::bucket(
            &storage.s3_endpoint,
            &storage.s3_region,
            &bucket,
            &storage.s3_access_key,
            &storage.s3_secret_key,
        )?,
    };
    let keyring = Keyring::load(&config.keyring())
        .map_err(|error| NotStarted(format!("{error}; `ipse keys init` makes a keyring")))?;
    Ok(Store::open(&config.address()?, blobs, keyring).await?)
}

/// A running server.
pub struct Server {
    /// What it has in its hands.
    pub ipse: Shared,
    /// Where it listens.
    pub address: SocketAddr,
    serving: JoinHandle<std::io::Result<()>>,
    jobs: JoinSet<()>,
}

impl Server {
    /// Starts on a migrated store. The base URL of port 0 becomes the port that was free.
    pub async fn start(mut config: Config, clock: Clock) -> Result<Self, NotStarted> {
        let listen = config.server.listen;
        let listener = TcpListener::bind(listen)
            .await
            .map_err(|error| NotStarted(format!("cannot listen on {listen}: {error}")))?;
        let address = listener.local_addr().map_err(|error| NotStarted(error.to_string()))?;
        if config.server.base_url.ends_with(":0") {
            config.server.base_url = format!("http://localhost:{}", address.port());
        }
        let passkeys = RelyingParty::new(&config.server.base_url)?;
        let ways_out = WaysOut::new(&config)?;
        metrics::install();
        let ipse = prepare(config, clock).await?;
        ipse.store.void_leases().await?;
        let jobs = crate::jobs::start(&ipse, ways_out);
        let app = router(&ipse, passkeys).into_make_service_with_connect_info::<SocketAddr>();
        let mut closing = ipse.closing.subscribe();
        let serving = tokio::spawn(async move {
            let closed = async move {
                let _ = closing.wait_for(|closing| *closing).await;
            };
            axum::serve(listener, app).with_graceful_shutdown(closed).await
        });
        Ok(Self { ipse, address, serving, jobs })
    }

    /// Stops: takes no more, finishes what is open, lets the jobs end. Nothing that was acknowledged is lost.
    pub async fn stop(mut self) {
        let patience = Duration::from_secs(self.ipse.config.server.shutdown_seconds);
        self.ipse.closing.send_replace(true);
        let done = async {
            let _ = (&mut self.serving).await;
            while self.jobs.join_next().await.is_some() {}
        };
        if tokio::time::timeout(patience, done).await.is_err() {
            tracing::warn!("some requests were still open when the time to wait ran out");
        }
    }

    /// Waits until the server stops by itself, which is a failure.
    pub async fn failed(&mut self) -> NotStarted {
        match (&mut self.serving).await {
            Ok(Err(error)) => NotStarted(format!("the server failed: {error}")),
            _ => NotStarted("the server ended".to_owned()),
        }
    }
}

/// Everything a use needs, on a migrated store, without serving: for the server, and for the command line beside it.
pub async fn prepare(config: Config, clock: Clock) -> Result<Shared, NotStarted> {
    let store = open_store(&config).await?;
    let pending = store.pending_migrations().await?;
    if pending > 0 {
        return Err(NotStarted(format!("the database lacks {pending} migrations; run `ipse migrate`")));
    }
    Ok(Arc::new(Ipse {
        trust: Arc::new(config.trust_store().map_or_else(|| Ok(TrustStore::default()), |folder| trust(&folder))?),
        faces: Arc::new(crate::models::load(&config)?),
        provider: crate::app::oidc::keys::Known::default(),
        workers: Workers::new(config.server.workers, config.server.examination_queue),
        dispatch: Notify::new(),
        examine: Notify::new(),
        signing_keys: Notify::new(),
        hint_keys: Notify::new(),
        recovery_keys: crate::app::recovery::Keys::default(),
        issuances: Notify::new(),
        presentations: Notify::new(),
        news: broadcast::Sender::new(256),
        closing: watch::Sender::new(false),
        store,
        config,
        clock,
    }))
}

/// The authorities whose chips are believed: every file of a folder.
pub fn trust(folder: &Path) -> Result<TrustStore, NotStarted> {
    let failed = |error: std::io::Error| NotStarted(format!("{} cannot be read: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.path().is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, std::fs::read(entry.path()).map_err(failed)?));
        }
    }
    // In the order of their names, so that the same folder always makes the same store.
    files.sort();
    let (store, loaded) = TrustStore::load(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    for file in &loaded {
        let (kind, signature) = (file.kind, file.signature);
        tracing::info!(
            file = file.name,
            ?kind,
            ?signature,
            authorities = file.authorities,
            skipped = file.skipped,
            "trust"
        );
    }
    if let Some((file, fault)) = loaded.iter().find_map(|file| file.fault.map(|fault| (file, fault))) {
        return Err(NotStarted(format!("{}, {fault}", folder.join(&file.name).display())));
    }
    Ok(store)
}

/// The first organization and its first admin, made when there is none. Returns a one-time sign-in link.
pub async fn first_link(ipse: &Ipse, name: &str, email: &str) -> Result<String, NotStarted> {
    use ipse_core::event::Actor;
    use ipse_core::organization::{Role, Settings};
    let organizations = ipse.store.organizations().await?;
    let organization = match organizations.into_iter().next() {
        Some(organization) => organization,
        None => settings::found(ipse, Settings { name: name.to_owned(), ..Settings::default() }).await?,
    };
    let caller =
        crate::app::Caller { organization: organization.id, actor: Actor::System, name: organization.settings.name };
    let known = people::list(ipse, &caller).await?;
    match known.into_iter().find(|person| person.email.eq_ignore_ascii_case(email)) {
        Some(person) => Ok(people::sign_in_link(ipse, &caller, &person.id).await?),
        None => Ok(people::invite(ipse, &caller, "Administrator", email, Role::Admin).await?.1),
    }
}
