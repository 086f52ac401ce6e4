//! A server of its own for each test, with the partners around it.

use ipse_connectors::servicenow::Instance;
use ipse_core::event::Actor;
use ipse_core::id::OrganizationId;
use ipse_core::organization::{Role, Settings};
use ipse_sandbox::Sandbox;
use ipse_sandbox::directory::{Employee, employees};
use ipse_sandbox::specimen::{Camera, passport, photograph, selfie};
use ipse_server::app::{Caller, integrations, keys, people, settings};
use ipse_server::clock::Clock;
use ipse_server::config::Config;
use ipse_server::server::{Server, open_store};
use ipse_store::seal::Keyring;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running server, its partners, and a key that may do everything.
pub(crate) struct Place {
    pub(crate) server: Option<Server>,
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Clock,
    pub(crate) organization: OrganizationId,
    pub(crate) key: String,
    pub(crate) base: String,
    pub(crate) client: Client,
    folder: TempDir,
}

/// Keeps a place whole, so that a test that never names the folder does not let go of it.
impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.folder.path();
    }
}

/// Makes a test run on both databases.
macro_rules! on_both {
    ($name:ident, $test:expr) => {
        crate::support::on_both!($name, |_| {}, $test);
    };
    ($name:ident, $change:expr, $test:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "the test decides")]
            use super::*;

            type Test = fn(crate::support::Place) -> std::pin::Pin<Box<dyn Future<Output = ()>>>;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let test: Test = |place| Box::pin($test(place));
                test(crate::support::Place::new(false, $change).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let test: Test = |place| Box::pin($test(place));
                test(crate::support::Place::new(true, $change).await).await;
            }
        }
    };
}
pub(crate) use on_both;

fn here() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

async fn schema() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let url = std::env::var("IPSE_TEST_POSTGRES")
        .unwrap_or_else(|_| panic!("IPSE_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one"));
    let schema = format!("server_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute(&format!("create schema {schema}")).await.unwrap();
    format!("{url}?options=-c%20search_path%3D{schema}")
}

impl Place {
    /// A server on SQLite or PostgreSQL, with settings changed as the test wishes.
    pub(crate) async fn new(postgres: bool, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::start(here(), here()).await.unwrap();
        let mut config = Config::load(None).unwrap();
        config.storage.data_dir = folder.path().to_owned();
        if postgres {
            config.storage.database = schema().await;
        }
        config.server.listen = here();
        config.server.base_url = "http://localhost:0".into();
        config.email.smtp = format!("smtp://{}?tls=none", sandbox.smtp);
        config.email.from = "Desk <desk@example.com>".into();
        config.sms.url = sandbox.url();
        config.sms.account = "AC".into();
        config.sms.token = "t".into();
        config.sms.from = "Desk".into();
        config.webhooks.allow_private_addresses = true;
        config.documents.allow_specimens = true;
        config.webhooks.timeout_seconds = 2;
        config.limits.open_burst = 10_000;
        config.limits.api_burst = 10_000;
        change(&mut config);
        Keyring::generate("k1").unwrap().save(&config.keyring()).unwrap();
        open_store(&config).await.unwrap().migrate().await.unwrap();
        let clock = Clock::default();
        let server = Server::start(config, clock.clone()).await.unwrap();
        let about = Settings { name: "Utopia".into(), phone: "+1 415".into(), return_origins: vec![sandbox.url()] };
        let organization = settings::create(&server.ipse, about).await.unwrap().id;
        let base = server.ipse.config.server.base_url.clone();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut place =
            Self { server: Some(server), sandbox, clock, organization, key: String::new(), base, client, folder };
        place.key = place.make_key(&place.organization, keys::SCOPES.iter().map(|(scope, _)| *scope)).await;
        place
    }

    pub(crate) fn ipse(&self) -> &ipse_server::state::Shared {
        &self.server.as_ref().unwrap().ipse
    }

    pub(crate) fn caller(organization: &OrganizationId) -> Caller {
        Caller { organization: organization.clone(), actor: Actor::System, name: "Test".into() }
    }

    pub(crate) async fn make_key(&self, of: &OrganizationId, scopes: impl Iterator<Item = &str>) -> String {
        let scopes = scopes.map(str::to_owned).collect();
        keys::create(self.ipse(), &Self::caller(of), "test", scopes).await.unwrap().1
    }

    /// Another tenant with a key that may do everything there.
    pub(crate) async fn stranger(&self) -> (OrganizationId, String) {
        let about = Settings { name: "Elsewhere".into(), ..Settings::default() };
        let organization = settings::create(self.ipse(), about).await.unwrap().id;
        let key = self.make_key(&organization, keys::SCOPES.iter().map(|(scope, _)| *scope)).await;
        (organization, key)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).bearer_auth(&self.key)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(Method::POST, path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// A journey with these rules over defaults that a passport alone can satisfy.
    pub(crate) async fn journey(&self, key: &str, rules: Value) -> Value {
        let mut all = json!({
            "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false, "uploads_allowed": true,
        });
        all.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
        let (status, journey) = self.post("/v1/journeys", &json!({ "key": key, "name": key, "rules": all })).await;
        assert_eq!(status, 201, "{journey}");
        journey
    }

    /// Opens a verification of the first employee; the link comes back.
    pub(crate) async fn open(&self, journey: &str) -> (String, String) {
        let (status, opened) = self.post("/v1/verifications", &opening(journey, &employee())).await;
        assert_eq!(status, 201, "{opened}");
        (opened["id"].as_str().unwrap().to_owned(), opened["link"].as_str().unwrap().to_owned())
    }

    /// Waits until a verification has one of these states; returns it.
    pub(crate) async fn until(&self, id: &str, states: &[&str]) -> Value {
        let begun = Instant::now();
        loop {
            let (_, found) = self.get(&format!("/v1/verifications/{id}?expand=reports,facts")).await;
            if states.contains(&found["status"].as_str().unwrap_or_default()) {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "still {}", found["status"]);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A browser bound to the link.
    pub(crate) async fn claim(&self, link: &str) -> Browser {
        let mut phone = Browser::new(self);
        let answer = phone.post(&format!("{link}/claim"), &[]).await;
        assert_eq!(answer.status(), 303);
        phone
    }

    /// Connects a ServiceNow instance; returns the integration's id.
    pub(crate) async fn connect(&self, address: &str, journey: &str) -> String {
        let caller = Self::caller(&self.organization);
        let system = integrations::System::ServiceNow(Instance::at(address, true).unwrap());
        let wanted = integrations::Wanted { name: "Utopia ServiceNow".into(), journey: journey.into(), system };
        let mut tx = self.ipse().store.begin(&self.organization).await.unwrap();
        let (made, _) = integrations::create(self.ipse(), &mut tx, &caller, wanted).await.unwrap();
        tx.commit().await.unwrap();
        made.id.to_string()
    }

    /// Signs somebody with this role in to the console.
    pub(crate) async fn sign_in(&self, role: Role) -> Browser {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let email = format!("{}{}@example.com", role.as_str(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let invited = people::invite(self.ipse(), &Self::caller(&self.organization), role.as_str(), &email, role).await;
        let mut browser = Browser::new(self);
        let answer = browser.post(&invited.unwrap().1, &[]).await;
        assert_eq!(answer.status(), 303);
        browser
    }

    /// Searches every file of the data folder: what is kept by name is found, where the database is one of them, and of these
    /// texts there is none.
    pub(crate) fn assert_kept_nowhere(&self, kept: &str, gone: &[&str]) {
        let mut folders = vec![self.ipse().config.storage.data_dir.clone()];
        let mut known = false;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let bytes = match std::fs::read(&path) {
                    // A file beside the database may go meanwhile.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    read => read.unwrap(),
                };
                let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
                known |= holds(kept);
                for text in gone {
                    assert!(!holds(text), "{text} in {}", path.display());
                }
            }
        }
        assert!(known || self.ipse().store.database() != "sqlite", "the search finds what is there");
    }
}

pub(crate) async fn read(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub(crate) fn employee() -> Employee {
    employees().into_iter().next().unwrap()
}

pub(crate) fn opening(journey: &str, employee: &Employee) -> Value {
    let born = employee.person.birth_date;
    json!({
        "journey": journey,
        "subject": {
            "external_id": employee.id,
            "given_name": employee.person.given_names,
            "family_name": employee.person.family_name,
            "birthdate": format!("{:04}-{:02}-{:02}", born.year, born.month, born.day),
            "emails": [employee.email],
            "phones": [employee.phone],
        },
        "purpose": "Reset a password",
        "record": { "system": "desk", "table": "ticket", "id": "1", "number": "INC0010023" },
        "delivery": "none",
    })
}

/// A browser as far as a test over HTTP needs one.
pub(crate) struct Browser {
    client: Client,
    base: String,
    pub(crate) cookie: String,
}

impl Browser {
    pub(crate) fn new(place: &Place) -> Self {
        Self { client: place.client.clone(), base: place.base.clone(), cookie: String::new() }
    }

    /// With a new connection for each request: a server may close one on which it was sent more than it reads.
    pub(crate) fn unpooled(self) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).pool_max_idle_per_host(0);
        Self { client: client.build().unwrap(), ..self }
    }

    /// The same on a phone.
    pub(crate) fn on_phone(self) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).user_agent("Mozilla/5.0 (iPhone)");
        Self { client: client.build().unwrap(), ..self }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self.client.get(self.url(path)).header("cookie", &self.cookie).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    pub(crate) async fn raw(&self, path: &str) -> Response {
        self.client.get(self.url(path)).header("cookie", &self.cookie).send().await.unwrap()
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.client.post(self.url(path)).header("cookie", &self.cookie).form(form);
        let answer = request.send().await.unwrap();
        self.keep(&answer);
        answer
    }

    /// Follows a link, and keeps what it sets.
    pub(crate) async fn go(&mut self, path: &str) -> Response {
        let answer = self.raw(path).await;
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Response) {
        for set in answer.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let name = pair.split('=').next().unwrap();
            let others =
                self.cookie.split("; ").filter(|known| !known.is_empty() && known.split('=').next() != Some(name));
            self.cookie = others.chain([pair]).collect::<Vec<_>>().join("; ");
        }
    }

    /// Posts a form with the token of the page it is on.
    pub(crate) async fn submit(&mut self, page: &str, action: &str, form: &[(&str, &str)]) -> Response {
        let csrf = token(&self.get(page).await.1);
        let mut fields = vec![("csrf", csrf.as_str())];
        fields.extend_from_slice(form);
        self.post(action, &fields).await
    }

    /// Sends a picture as the page's script does.
    pub(crate) async fn picture(&self, what: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
        let (_, page) = self.get("/v/session?document_kind=passport").await;
        self.picture_with(&token(&page), what, bytes).await
    }

    pub(crate) async fn picture_with(&self, csrf: &str, what: &str, bytes: Vec<u8>) -> (StatusCode, Value) {
        let request = self.client.post(self.url(&format!("/v/session/evidence?{what}")));
        let request = request.header("cookie", &self.cookie).header("x-csrf", csrf);
        read(request.header("content-type", "image/jpeg").body(bytes).send().await.unwrap()).await
    }
}

pub(crate) const PASSPORT: &str = "kind=document&document_kind=passport&side=front";

pub(crate) fn token(page: &str) -> String {
    let rest = page.split_once("name=\"csrf\" value=\"").unwrap_or_else(|| panic!("no token in {page}")).1;
    rest.split_once('"').unwrap().0.to_owned()
}

/// The first employee's passport, photographed.
pub(crate) fn passport_picture() -> Vec<u8> {
    static PICTURE: OnceLock<Vec<u8>> = OnceLock::new();
    PICTURE.get_or_init(|| photograph(&passport(&employee().person, 7), &Camera::default())).clone()
}

/// A face, photographed.
pub(crate) fn selfie_picture() -> Vec<u8> {
    static PICTURE: OnceLock<Vec<u8>> = OnceLock::new();
    let camera = Camera { width: 900, height: 1200, fill: 1.0, turn: 0.0, lean: (0.0, 0.0), ..Camera::default() };
    PICTURE.get_or_init(|| photograph(&selfie(7, 0), &camera)).clone()
}

/// A dark table: a picture on which nothing can be read.
pub(crate) fn dark_picture() -> Vec<u8> {
    let camera = Camera { width: 900, height: 700, blur: 12.0, shade: 0.9, noise: 1.0, ..Camera::default() };
    photograph(&passport(&employee().person, 7), &camera)
}
