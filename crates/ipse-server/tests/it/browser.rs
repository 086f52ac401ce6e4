//! The pages in a real browser: Chromium, with a camera that films our specimens and an authenticator of software.

use crate::support::{Place, employee};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use ipse_core::organization::Role;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// The file that the camera shows, over and over.
const CAMERA: &str = "camera.mjpeg";

/// A driver and one browser, gone when dropped.
pub(crate) struct Window {
    pub(crate) client: Client,
    driver: Child,
    folder: TempDir,
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        // The browser outlives its driver.
        let _ = Command::new("pkill").args(["-KILL", "-f"]).arg(self.folder.path()).status();
    }
}

impl Window {
    /// Opens a browser whose camera shows this picture.
    pub(crate) async fn open(film: &[u8], size: (u32, u32), phone: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let film_file = folder.path().join(CAMERA);
        std::fs::write(&film_file, film).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|_| panic!("chromedriver is missing; `cargo xtask test` installs it"));
        let mut arguments = vec![
            "--headless=new".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--use-fake-ui-for-media-stream".to_owned(),
            "--use-fake-device-for-media-stream".to_owned(),
            format!("--use-file-for-fake-video-capture={}", film_file.display()),
            format!("--user-data-dir={}", folder.path().join("profile").display()),
            format!("--window-size={},{}", size.0, size.1),
        ];
        if phone {
            arguments.push("--user-agent=Mozilla/5.0 (Linux; Android 15) Mobile".to_owned());
        }
        let options = json!({ "args": arguments, "binary": "/usr/bin/chromium" });
        let capabilities: Capabilities = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let begun = Instant::now();
        let client = loop {
            let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&format!("http://127.0.0.1:{port}")).await {
                Ok(client) => break client,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "no browser: {error}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        client.set_window_size(size.0, size.1).await.unwrap();
        Self { client, driver, folder }
    }

    /// The file that the camera shows.
    pub(crate) fn camera(&self) -> PathBuf {
        self.folder.path().join(CAMERA)
    }

    pub(crate) async fn click(&self, selector: &str) {
        let element = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await;
        let element = element.unwrap_or_else(|error| panic!("no {selector}: {error}"));
        let begun = Instant::now();
        while !element.is_displayed().await.unwrap_or(false) {
            assert!(begun.elapsed() < PATIENCE, "{selector} is never shown");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        element.click().await.unwrap();
    }

    pub(crate) async fn until_text(&self, text: &str) {
        let begun = Instant::now();
        loop {
            let source = self.client.source().await.unwrap_or_default();
            if source.contains(text) {
                return;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "«{text}» never shows on {:?}: {source}",
                self.client.current_url().await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What every page must hold to, asked of the page itself.
    pub(crate) async fn check(&self, what: &str) {
        let script = "
            const wrong = [];
            if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
            if (!document.documentElement.lang) wrong.push('no language');
            if (!document.querySelector('main')) wrong.push('no main');
            if (!document.querySelector('a.skip')) wrong.push('no skip link');
            if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push('wider than the window: ' + document.documentElement.scrollWidth);
            for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea')) {
                const labelled = field.labels?.length || field.getAttribute('aria-label') || field.getAttribute('aria-labelledby');
                if (!labelled) wrong.push('no label: ' + field.name);
            }
            for (const image of document.querySelectorAll('img:not([alt])')) wrong.push('no alt: ' + image.src);
            for (const button of document.querySelectorAll('button')) {
                const named = button.textContent.trim() || button.getAttribute('aria-label') || button.getAttribute('aria-labelledby');
                if (!named) wrong.push('a button without a name');
            }
            const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
            if (new Set(ids).size !== ids.length) wrong.push('an id twice');
            return wrong;";
        let wrong = self.client.execute(script, Vec::new()).await.unwrap();
        assert_eq!(wrong, json!([]), "{what}");
        if let Ok(folder) = std::env::var("IPSE_TEST_SCREENSHOTS") {
            let picture = self.client.screenshot().await.unwrap();
            let width = self.client.get_window_size().await.unwrap().0;
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(Path::new(&folder).join(format!("{what}-{width}.png")), picture).unwrap();
        }
    }
}

pub(crate) fn film() -> Vec<u8> {
    photograph(
        &passport(&employee().person, 7),
        &Camera { width: 1920, height: 1080, fill: 0.72, quality: 92, ..Camera::default() },
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_verifies_with_the_camera_of_a_phone() {
    let place = Place::new(false, |_| {}).await;
    place.journey("quick", json!({ "uploads_allowed": false, "document_kinds": ["passport", "id_card"] })).await;
    let (id, link) = place.open("quick").await;
    let window = Window::open(&film(), (390, 844), true).await;
    window.client.goto(&link).await.unwrap();
    window.check("consent").await;
    window.click("form[action$='/claim'] button").await;
    window.until_text("document_kind").await;
    window.check("choose").await;
    window.click("input[value=passport]").await;
    window.click("main form button").await;
    // The permission is given, so the camera opens by itself.
    window.click("[data-do=take]").await;
    window.check("preview").await;
    window.click("[data-do=use]").await;
    window.until_text("Thank you").await;
    window.check("succeeded").await;
    assert_eq!(place.until(&id, &["succeeded"]).await["facts"]["document_number"], "L898902C3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_desktop_shows_a_code_and_follows_the_phone_live() {
    let place = Place::new(false, |_| {}).await;
    place.journey("quick", json!({})).await;
    let (_, link) = place.open("quick").await;
    let desktop = Window::open(&film(), (1280, 900), false).await;
    desktop.client.goto(&link).await.unwrap();
    desktop.check("consent-desktop").await;
    desktop.click("form[action$='/claim'] button").await;
    desktop.click("[data-handover] form button").await;
    let image = desktop.client.wait().at_most(PATIENCE).for_element(Locator::Css("img.qr[src]")).await.unwrap();
    let source = image.attr("src").await.unwrap().unwrap();
    let drawn_from = source.split_once("handover.svg?n=").unwrap().1.to_owned();
    desktop.check("handover-desktop").await;
    let cookies = desktop.client.get_all_cookies().await.unwrap();
    let cookie = cookies.into_iter().find(|cookie| cookie.name() == "ipse-capture").unwrap();
    let address = ipse_server::app::capture::hand_over_link(place.ipse(), cookie.value(), &drawn_from);
    let mut phone = crate::support::Browser::new(&place);
    phone.post(&address, &[]).await;
    desktop.until_text("/v/session/reclaim").await;
    desktop.check("following-desktop").await;
    phone.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    desktop.until_text("Thank you").await;
}

/// A command of the `WebAuthn` extension of `WebDriver` (`WebAuthn` Level 3 §11).
#[derive(Debug)]
struct AddAuthenticator;

impl WebDriverCompatibleCommand for AddAuthenticator {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/webauthn/authenticator", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        let authenticator = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        (http::Method::POST, Some(authenticator.to_string()))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_adds_a_passkey_and_signs_in_with_it() {
    let place = Place::new(false, |_| {}).await;
    let caller = Place::caller(&place.organization);
    let invited =
        ipse_server::app::people::invite(place.ipse(), &caller, "Ada Admin", "ada@example.com", Role::Admin).await;
    let window = Window::open(&film(), (1280, 900), false).await;
    window.client.issue_cmd(AddAuthenticator).await.unwrap();
    window.client.goto(&invited.unwrap().1).await.unwrap();
    window.check("sign-in-link").await;
    window.click("main form button").await;
    window.until_text("Verifications").await;
    window.client.goto(&format!("{}/console/passkeys", place.base)).await.unwrap();
    window.check("passkeys").await;
    window.click("[data-passkey=register]").await;
    window.until_text("Last used").await;
    window.click("form[action='/console/sign-out'] button").await;
    window.until_text("data-passkey=\"sign-in\"").await;
    window.check("sign-in").await;
    window.click("[data-passkey=sign-in]").await;
    window.until_text("Ada Admin").await;
    let url = window.client.current_url().await.unwrap();
    assert!(url.path().starts_with("/console/verifications"), "{url}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_console_page_holds_on_a_desk_and_on_a_phone() {
    let place = Place::new(false, |_| {}).await;
    place.journey("full", json!({ "selfie_required": true, "liveness_required": true })).await;
    let (id, link) = place.open("full").await;
    let phone = place.claim(&link).await;
    phone.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    phone.picture("kind=selfie", crate::support::selfie_picture()).await;
    place.until(&id, &["pending_review"]).await;
    // A case that was decided, with a note, as the next reviewer finds it.
    let (decided, link) = place.open("full").await;
    let phone = place.claim(&link).await;
    phone.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    phone.picture("kind=selfie", crate::support::selfie_picture()).await;
    place.until(&decided, &["pending_review"]).await;
    let case = format!("/console/reviews/{decided}");
    let form = [("decision", "approve"), ("reason", "same_person"), ("note", "Called back on the number we know.")];
    let answer = place.sign_in(Role::Reviewer).await.submit(&case, &case, &form).await;
    assert_eq!(answer.status(), 303);
    let wanted = json!({ "url": format!("{}/webhooks", place.sandbox.url()) });
    let (_, endpoint): (_, Value) = place.post("/v1/webhook-endpoints", &wanted).await;
    let webhook = endpoint["id"].as_str().unwrap();
    // A campaign with somebody in most of the places where a member may stand.
    let subjects = [("Wei Zhang", "wei@example.com"), ("Jürgen Müller", "jm@example.com"), ("Maria Nobody", "")];
    for (name, email) in subjects {
        let (given, family) = name.split_once(' ').unwrap();
        let emails = if email.is_empty() { json!([]) } else { json!([email]) };
        let subject = json!({ "external_id": name, "given_name": given, "family_name": family, "emails": emails });
        place.post("/v1/subjects", &subject).await;
    }
    place.journey("quick", json!({ "link_minutes": 10_080 })).await;
    let campaign = json!({
        "name": "Privileged access, fourth quarter", "journey": "quick", "purpose": "Keep your administrator access",
        "external_ids": [employee().id, "Wei Zhang", "Jürgen Müller", "Maria Nobody"], "remind_days": [7, 1],
        "due_at": place.clock.now().checked_add(jiff::SignedDuration::from_hours(24 * 14)).unwrap().to_string(),
    });
    let (_, campaign) = place.post("/v1/campaigns", &campaign).await;
    let campaign = campaign["id"].as_str().unwrap();
    let to = |to: &str| place.sandbox.partners.mailbox.all().into_iter().find(|mail| mail.to == to);
    let begun = Instant::now();
    while to(employee().email).is_none() || to("wei@example.com").is_none() {
        assert!(begun.elapsed() < PATIENCE, "nobody is asked");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let answering = place.claim(&to(employee().email).unwrap().links()[0]).await;
    answering.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    let other = place.claim(&to("wei@example.com").unwrap().links()[0]).await;
    other.picture(crate::support::PASSPORT, crate::support::passport_picture()).await;
    while place.get(&format!("/v1/campaigns/{campaign}")).await.1["members"]["failed"] != 1 {
        assert!(begun.elapsed() < PATIENCE, "nobody failed");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let client = serde_json::json!({
        "profile": "okta-idv", "name": "Okta", "redirect_uris": ["https://example.com/c"], "journey": "full",
    });
    let client = place.post("/v1/clients", &client).await.1["id"].as_str().unwrap().to_owned();
    let integration = place.connect("https://utopia.service-now.com", "full").await;
    let pages = |role| -> Vec<(String, String)> {
        let named = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        match role {
            Role::Reviewer => {
                vec![
                    named("reviews", "/console/reviews"),
                    named("review", &format!("/console/reviews/{id}")),
                    named("decided", &format!("/console/verifications/{decided}")),
                ]
            }
            _ => vec![
                named("verifications", "/console/verifications"),
                named("verification", &format!("/console/verifications/{id}")),
                named("new", "/console/verifications/new"),
                named("campaigns", "/console/campaigns"),
                named("campaign", &format!("/console/campaigns/{campaign}")),
                named("campaign-new", "/console/campaigns/new"),
                named("journeys", "/console/journeys"),
                named("journey", "/console/journeys/full"),
                named("people", "/console/people"),
                named("api-keys", "/console/api-keys"),
                named("clients", "/console/clients"),
                named("client", &format!("/console/clients/{client}")),
                named("client-new", "/console/clients/new"),
                named("integrations", "/console/integrations"),
                named("integration", &format!("/console/integrations/{integration}")),
                named("integration-new", "/console/integrations/new"),
                named("webhooks", "/console/webhooks"),
                named("webhook", &format!("/console/webhooks/{webhook}")),
                named("audit", "/console/audit"),
                named("settings", "/console/settings"),
                named("docs", "/docs"),
            ],
        }
    };
    for role in [Role::Admin, Role::Reviewer] {
        let caller = Place::caller(&place.organization);
        let email = format!("{}@example.com", role.as_str());
        let invited = ipse_server::app::people::invite(place.ipse(), &caller, "Somebody", &email, role).await;
        let window = Window::open(&film(), (1280, 900), false).await;
        window.client.goto(&invited.unwrap().1).await.unwrap();
        window.click("main form button").await;
        window.until_text("Somebody").await;
        for size in [(1280, 900), (390, 844)] {
            window.client.set_window_size(size.0, size.1).await.unwrap();
            for (name, path) in pages(role) {
                window.client.goto(&format!("{}{path}", place.base)).await.unwrap();
                window.until_text("</main>").await;
                window.check(&name).await;
            }
            if role == Role::Admin {
                window.client.goto(&format!("{}/console/integrations/new", place.base)).await.unwrap();
                let address = window.client.find(Locator::Id("address")).await.unwrap();
                address.send_keys(&format!("https://w{}.service-now.com", size.0)).await.unwrap();
                window.click("main form .actions button").await;
                window.until_text("They are shown only now").await;
                window.check("integration-made").await;
            }
        }
    }
}
