//! Settings: the compiled-in defaults, a file, the environment, in this order. What is unsafe is refused with a reason.

use figment::Figment;
use figment::providers::{Env, Format as _, Toml};
use ipse_store::Address;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The defaults, which are also the documentation.
pub const DEFAULTS: &str = include_str!("../../../../ipse.default.toml");

/// All settings; `ipse.default.toml` says what each means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub storage: Storage,
    pub documents: Documents,
    pub faces: Faces,
    pub email: Email,
    pub sms: Sms,
    pub webhooks: Webhooks,
    pub openid: Openid,
    pub limits: Limits,
    pub log: Log,
}

macro_rules! sections {
    ($($name:ident { $($field:ident: $kind:ty),* $(,)? })*) => {$(
        #[derive(Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $(pub $field: $kind,)* }

        // Sections hold passwords; none is worth printing.
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

sections! {
    Server {
        listen: SocketAddr, base_url: String, workers: usize, examination_queue: usize, shutdown_seconds: u64,
        trust_proxy: bool,
    }
    Storage {
        data_dir: PathBuf, database: String, blobs: String, s3_endpoint: String, s3_region: String,
        s3_access_key: String, s3_secret_key: String, keyring: PathBuf,
    }
    Documents { trust_store: PathBuf, allow_specimens: bool }
    Faces { models: PathBuf, strict: bool }
    Email { smtp: String, from: String }
    Sms { url: String, account: String, token: String, from: String }
    Openid { entra_login: String }
    Webhooks { timeout_seconds: u64, allow_private_addresses: bool, per_destination: usize, give_up_days: u32 }
    Limits {
        body_bytes: usize, picture_bytes: usize, picture_pixels: u64, api_per_second: u32, api_burst: u32,
        open_per_second: u32, open_burst: u32, request_seconds: u64,
    }
    Log { format: String, filter: String }
}

/// Why the settings cannot be used: one clear line.
#[derive(Debug)]
pub struct BadConfig(pub String);

impl std::fmt::Display for BadConfig {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for BadConfig {}

impl Config {
    /// Reads the settings. A file that is named must exist.
    pub fn load(file: Option<&Path>) -> Result<Self, BadConfig> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(BadConfig(format!("{} does not exist", file.display())));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let config: Self = figment
            .merge(Env::prefixed("IPSE_").filter(|key| key.as_str().contains("__")).split("__"))
            .extract()
            .map_err(|error| BadConfig(error.to_string()))?;
        config.blobs()?;
        config.address()?;
        if config.limits.api_per_second == 0 || config.limits.open_per_second == 0 {
            return Err(BadConfig("limits.api_per_second and limits.open_per_second must be at least 1".into()));
        }
        Ok(config)
    }

    /// Refuses what must not face the world.
    pub fn refuse_unsafe(&self) -> Result<(), BadConfig> {
        let url = url::Url::parse(&self.server.base_url)
            .map_err(|_| BadConfig("server.base_url is not an address such as https://verify.example.com".into()))?;
        if self.server.base_url.ends_with('/') || url.path() != "/" || url.query().is_some() {
            return Err(BadConfig("server.base_url must have no path and no slash at the end".into()));
        }
        if url.scheme() != "https" && !is_loopback(&url) {
            return Err(BadConfig(
                "server.base_url is not https: links and sessions could be read on the way. Put a TLS proxy in front \
                 and set base_url to its https address"
                    .into(),
            ));
        }
        if self.webhooks.allow_private_addresses && !is_loopback(&url) {
            return Err(BadConfig(
                "webhooks.allow_private_addresses is on: anybody who configures a webhook could reach your inner network"
                    .into(),
            ));
        }
        if !self.email.smtp.is_empty() {
            let smtp = url::Url::parse(&self.email.smtp)
                .map_err(|_| BadConfig("email.smtp is not an address such as smtp://host".into()))?;
            let tls: Vec<_> = smtp.query_pairs().filter(|(name, _)| name == "tls").map(|(_, mode)| mode).collect();
            let sealed = match (smtp.scheme(), tls.as_slice()) {
                ("smtps" | "smtp", []) => self.email.smtp.starts_with("smtp"),
                ("smtp", [mode]) => mode == "required" || (mode == "none" && is_loopback(&url)),
                _ => false,
            };
            if !sealed {
                return Err(BadConfig(
                    "email.smtp must be smtps://, or smtp:// with tls=required or nothing said: links would travel \
                     readable"
                        .into(),
                ));
            }
        }
        if self.documents.allow_specimens && !is_loopback(&url) {
            return Err(BadConfig(
                "documents.allow_specimens is on: anybody could be verified with a printed example".into(),
            ));
        }
        let storage = &self.storage;
        if storage.blobs.starts_with("s3:") && storage.s3_endpoint.starts_with("http://") {
            let near = url::Url::parse(&storage.s3_endpoint).is_ok_and(|url| is_loopback(&url));
            if !near {
                return Err(BadConfig(
                    "storage.s3_endpoint is not https: its credentials would travel readable".into(),
                ));
            }
        }
        if self.address()?.is_exposed().map_err(|error| BadConfig(format!("storage.database: {error}")))? {
            return Err(BadConfig(
                "storage.database is on another machine: add ?sslmode=require to its address".into(),
            ));
        }
        keyring_is_private(&self.keyring()).map_err(BadConfig)?;
        Ok(())
    }

    /// Where the database is.
    pub fn address(&self) -> Result<Address, BadConfig> {
        let database = &self.storage.database;
        match database.strip_prefix("sqlite:") {
            Some(file) => Ok(Address::Sqlite(self.storage.data_dir.join(file))),
            None if database.starts_with("postgres") => Ok(Address::Postgres(database.clone())),
            None => Err(BadConfig("storage.database must be sqlite:FILE or postgres://…".into())),
        }
    }

    /// Where pictures are kept: a folder or a bucket's name.
    pub fn blobs(&self) -> Result<Place, BadConfig> {
        match self.storage.blobs.split_once(':') {
            Some(("folder", folder)) => Ok(Place::Folder(self.storage.data_dir.join(folder))),
            Some(("s3", bucket)) if !bucket.is_empty() => Ok(Place::Bucket(bucket.to_owned())),
            _ => Err(BadConfig("storage.blobs must be folder:DIR or s3:BUCKET".into())),
        }
    }

    /// The keyring file.
    pub fn keyring(&self) -> PathBuf {
        self.storage.data_dir.join(&self.storage.keyring)
    }

    /// The folder of signing authorities, if there is one.
    pub fn trust_store(&self) -> Option<PathBuf> {
        let folder = &self.documents.trust_store;
        (!folder.as_os_str().is_empty()).then(|| self.storage.data_dir.join(folder))
    }

    /// The folder of face models.
    pub fn face_models(&self) -> PathBuf {
        self.storage.data_dir.join(&self.faces.models)
    }

    /// Whether cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.server.base_url.starts_with("https://")
    }
}

/// Where pictures are kept.
#[derive(Debug)]
pub enum Place {
    /// A folder.
    Folder(PathBuf),
    /// A bucket.
    Bucket(String),
}

/// Whether nobody but its owner can read the keyring. One that is not there yet is read by nobody.
#[cfg(unix)]
fn keyring_is_private(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(()) };
    let mode = metadata.permissions().mode() & 0o777;
    if mode.trailing_zeros() >= 6 {
        Ok(())
    } else {
        Err(format!("{} can be read by others (mode {mode:o}); run `chmod 600` on it", path.display()))
    }
}

#[cfg(not(unix))]
fn keyring_is_private(_: &Path) -> Result<(), String> {
    Ok(())
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => {
            let address = name.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
            name == "localhost" || name.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
        }
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete_and_safe_on_this_machine() {
        let config = Config::load(None).unwrap();
        assert!(config.refuse_unsafe().is_ok());
    }

    #[test]
    fn unsafe_settings_are_refused() {
        let config = Config::load(None).unwrap();
        let with = |change: fn(&mut Config)| {
            let mut config = config.clone();
            change(&mut config);
            config.refuse_unsafe()
        };
        assert!(with(|config| config.server.base_url = "http://verify.example.com".into()).is_err());
        assert!(with(|config| config.server.base_url = "https://verify.example.com/".into()).is_err());
        assert!(with(|config| config.server.base_url = "nonsense".into()).is_err());
        assert!(with(|config| config.server.base_url = "https://verify.example.com".into()).is_ok());
        assert!(
            with(|config| {
                config.server.base_url = "https://verify.example.com".into();
                config.webhooks.allow_private_addresses = true;
            })
            .is_err()
        );
        let database = |address: &str| {
            let mut config = config.clone();
            config.storage.database = address.into();
            config.refuse_unsafe().is_ok()
        };
        assert!(database("postgres://ipse@localhost/ipse") && database("postgres://ipse@127.0.0.1:5433/ipse"));
        assert!(!database("postgres://ipse@db.example.com/ipse"));
        for open in [
            "postgres://ipse@db.example.com/ipse?sslmode=prefer",
            "postgres://ipse@localhost/ipse?hostaddr=203.0.113.9",
            "postgres://ipse@localhost/ipse?host=db.example.com",
            "postgres://ipse@db.example.com/ipse?sslmode=require&sslmode=disable",
            "postgres://u:p@db1:5432,db2:5432/ipse",
            "postgres://u:pa#ss@203.0.113.9/ipse",
        ] {
            assert!(!database(open), "{open}");
        }
        assert!(database("postgres:///ipse?host=/run/postgresql"), "a socket of this machine");
        let mail = |smtp: &str| {
            let mut config = config.clone();
            config.server.base_url = "https://verify.example.com".into();
            config.email.smtp = smtp.into();
            config.refuse_unsafe().is_ok()
        };
        assert!(mail("smtps://host") && mail("smtp://user:pw@host:587") && mail("smtp://host?tls=required"));
        for open in
            ["SMTP://host", "smtp://host?tls=opportunistic", "smtp://host?x=1&tls=none", "smtps://host?tls=none"]
        {
            assert!(!mail(open), "{open}");
        }
        assert!(database("postgres://ipse@db.example.com/ipse?sslmode=require"));
        assert!(database("postgres://ipse@db.example.com/ipse?sslmode=verify-full&sslrootcert=ca.pem"));
        let bucket = |endpoint: &str| {
            let mut config = config.clone();
            config.storage.blobs = "s3:pictures".into();
            config.storage.s3_endpoint = endpoint.into();
            config.refuse_unsafe().is_ok()
        };
        assert!(bucket("") && bucket("https://s3.example.com") && bucket("http://127.0.0.1:9000"));
        assert!(!bucket("http://s3.example.com"));
    }

    #[cfg(unix)]
    #[test]
    fn a_keyring_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::load(None).unwrap();
        config.storage.data_dir = folder.path().to_owned();
        std::fs::write(config.keyring(), "{}").unwrap();
        for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(config.keyring(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(config.refuse_unsafe().is_ok(), fine, "{mode:o}");
        }
    }
}
