//! A release of `ipse serve` on a folder of its own, to be measured or killed.

use crate::provision::{Postgres, free_port};
use crate::run::{Failed, cargo, output, root, run};
use ipse_store::seal::Keyring;
use ipse_store::{Address, Blobs, Store};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where a deployment keeps its things, and how to reach it once it runs.
pub(super) struct Deployment {
    folder: tempfile::TempDir,
    database: String,
    /// The core that the server is kept to.
    core: Option<&'static str>,
    pub(super) port: u16,
    pub(super) api_key: String,
}

/// Builds the release that is measured.
pub(super) fn build() -> Result<(), Failed> {
    run("a release", cargo().args(["build", "--release", "--package", "ipse-server"]))
}

pub(super) fn binary() -> PathBuf {
    root().join("target/release/ipse")
}

impl Deployment {
    /// A migrated deployment with an organization and a key; on SQLite without a PostgreSQL server. The folder lies in
    /// `target/`, on the disk of the checkout, because a temporary folder may be memory.
    pub(super) fn new(postgres: Option<&Postgres>) -> Result<Self, Failed> {
        Self::on(&root().join("target/bench"), postgres)
    }

    /// The same in a folder of this one, wherever that lies.
    pub(super) fn on(place: &Path, postgres: Option<&Postgres>) -> Result<Self, Failed> {
        std::fs::create_dir_all(place)?;
        let folder = tempfile::Builder::new().prefix("ipse-").tempdir_in(place)?;
        let database = postgres.map_or_else(|| "sqlite:ipse.sqlite".to_owned(), Postgres::url);
        let mut deployment = Self { folder, database, core: None, port: free_port()?, api_key: String::new() };
        output("ipse keys init", deployment.command().args(["keys", "init"]))?;
        output("ipse migrate", deployment.command().arg("migrate"))?;
        output("ipse admin link", deployment.command().args(["admin", "link"]))?;
        let key = output("ipse admin key", deployment.command().args(["admin", "key", "bench"]))?;
        key.trim().clone_into(&mut deployment.api_key);
        Ok(deployment)
    }

    /// The same on one core.
    pub(super) fn pinned(self, core: &'static str) -> Self {
        Self { core: Some(core), ..self }
    }

    pub(super) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The data as it lies there, read past the server.
    pub(super) async fn store(&self) -> Result<Store, Failed> {
        let keyring = Keyring::load(&self.path().join("keyring.json")).map_err(|error| Failed(error.to_string()))?;
        let blobs = Blobs::folder(&self.path().join("blobs")).map_err(|error| Failed(error.to_string()))?;
        let address = match self.database.strip_prefix("sqlite:") {
            Some(file) => Address::Sqlite(self.path().join(file)),
            None => Address::Postgres(self.database.clone()),
        };
        Store::open(&address, blobs, keyring).await.map_err(|error| Failed(error.to_string()))
    }

    pub(super) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    pub(super) fn command(&self) -> Command {
        let mut command = match self.core {
            None => Command::new(binary()),
            Some(core) => {
                let mut taskset = Command::new("taskset");
                taskset.args(["-c", core]).arg(binary());
                taskset
            }
        };
        command
            .env("IPSE_STORAGE__DATA_DIR", self.folder.path())
            .env("IPSE_STORAGE__DATABASE", &self.database)
            .env("IPSE_SERVER__LISTEN", format!("127.0.0.1:{}", self.port))
            .env("IPSE_SERVER__BASE_URL", self.url())
            .env("IPSE_WEBHOOKS__ALLOW_PRIVATE_ADDRESSES", "true")
            .env("IPSE_DOCUMENTS__ALLOW_SPECIMENS", "true")
            .env("IPSE_LIMITS__API_PER_SECOND", "1000000")
            .env("IPSE_LIMITS__API_BURST", "1000000")
            .env("IPSE_LIMITS__OPEN_PER_SECOND", "1000000")
            .env("IPSE_LIMITS__OPEN_BURST", "1000000")
            .env("IPSE_LOG__FILTER", "error");
        command
    }

    /// Starts the server; returns it with the time to its first answer.
    pub(super) fn start(&self) -> Result<(Running, Duration), Failed> {
        let begun = Instant::now();
        let child = self.command().arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut running = Running(child);
        running.wait_for(&format!("{}/readyz", self.url()))?;
        Ok((running, begun.elapsed()))
    }

    /// Calls the API and wants success.
    pub(super) fn post(&self, path: &str, body: &Value) -> Result<Value, Failed> {
        let request = Client::new().post(format!("{}{path}", self.url())).bearer_auth(&self.api_key).json(body);
        let answer = request.send().map_err(|error| Failed(error.to_string()))?;
        let status = answer.status();
        let answer: Value = answer.json().map_err(|error| Failed(error.to_string()))?;
        if status.is_success() { Ok(answer) } else { Err(Failed(format!("{path}: {status} {answer}"))) }
    }

    /// A journey that a passport alone decides.
    pub(super) fn make_journey(&self) -> Result<(), Failed> {
        let rules = json!({
            "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false,
            "uploads_allowed": true, "name_rule": "relaxed", "link_minutes": 600, "session_minutes": 600,
        });
        self.post("/v1/journeys", &json!({ "key": "bench", "name": "Bench", "rules": rules })).map(|_| ())
    }
}

/// A running server; killed when dropped.
pub(super) struct Running(Child);

impl Running {
    /// Of any server; killed when dropped.
    pub(super) fn new(child: Child) -> Self {
        Self(child)
    }

    /// Until it answers here.
    pub(super) fn wait_for(&mut self, url: &str) -> Result<(), Failed> {
        let (client, begun) = (Client::new(), Instant::now());
        while begun.elapsed() < Duration::from_secs(30) {
            if let Some(status) = self.0.try_wait()? {
                return Err(Failed(format!("the server ended: {status}")));
            }
            if client.get(url).send().is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err(Failed("the server did not answer within 30 s".into()))
    }

    /// CPU time of all its threads, in steps of 10 ms.
    pub(super) fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        // The 14th and 15th of proc(5); the first two are before the bracket. A tick is a hundredth of a second.
        Duration::from_millis(10 * (ticks(11) + ticks(12)))
    }

    /// Resident memory in MiB.
    pub(super) fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
    }

    /// SIGKILL, at once.
    pub(super) fn kill(mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
