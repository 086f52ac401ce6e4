//! Credentials after a success, issued by an Entra tenant: one for each, whatever is told twice, late or by others.

mod issued_window;
mod pass;
mod pass_window;
mod portrait;
pub(crate) mod presented;
mod presented_told;
mod presented_window;
mod profile;
mod recovery;
mod revoked;
mod setup;
mod started_window;
mod told;

use crate::support::{Browser, PASSPORT, Place, on_both, passport_picture, token};
use ipse_connectors::entra::{ClientCredential, Fact, Revokes, Tenant};
use ipse_core::event::{Actor, Event};
use ipse_sandbox::entra::{AUTHORITY, CLIENT, CREDENTIAL, Entra, Refusal, SECRET, TENANT};
use ipse_server::app::capture::hand_over_link;
use ipse_server::app::integrations::{self, Integration, System, Wanted};
use ipse_server::app::{Caller, credentials};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A tenant that an administrator connected, and a person who has just succeeded.
struct Issuer<'a> {
    place: &'a Place,
    there: &'a Entra,
    integration: Integration,
}

fn tenant(place: &Place) -> Tenant {
    let claims = [
        ("given_name", Fact::GivenName),
        ("family_name", Fact::FamilyName),
        ("birthdate", Fact::Birthdate),
        ("verification_date", Fact::VerificationDate),
        ("verification_id", Fact::VerificationId),
    ];
    Tenant {
        id: TENANT.into(),
        client_id: CLIENT.into(),
        authority: AUTHORITY.into(),
        manifest: place.sandbox.partners.entra.manifest(),
        credential: CREDENTIAL.into(),
        claims: claims.into_iter().map(|(claim, fact)| (claim.to_owned(), fact)).collect(),
        login: place.sandbox.url(),
        api: place.sandbox.url(),
        revokes: Revokes::default(),
        validates_claims: false,
        temporary_access_pass: None,
        graph: place.sandbox.url(),
    }
}

fn secret(text: &str) -> ClientCredential {
    ClientCredential::read(text).unwrap()
}

async fn connect(place: &Place, caller: &Caller, tenant: Tenant) -> Integration {
    let wanted = Wanted { name: "Utopia ID".into(), journey: "quick".into(), system: System::Entra(tenant) };
    let mut tx = place.ipse().store.begin(&caller.organization).await.unwrap();
    let (integration, secrets) = integrations::create(place.ipse(), &mut tx, caller, wanted).await.unwrap();
    tx.commit().await.unwrap();
    assert!(secrets.api_key.is_none() && secrets.webhook.is_none(), "it asks for nothing");
    credentials::set_client(place.ipse(), caller, &integration.id, &secret(SECRET)).await.unwrap();
    integration
}

impl<'a> Issuer<'a> {
    async fn new(place: &'a Place) -> Self {
        Self::of(place, tenant(place)).await
    }

    async fn of(place: &'a Place, tenant: Tenant) -> Self {
        Self::after(place, tenant, json!({})).await
    }

    /// One who issues after a journey of these rules.
    async fn after(place: &'a Place, tenant: Tenant, rules: Value) -> Self {
        place.journey("quick", rules).await;
        let integration = connect(place, &Place::caller(&place.organization), tenant).await;
        Self { place, there: &place.sandbox.partners.entra, integration }
    }

    /// A person who has just put a credential into the wallet.
    async fn issued(&self) -> Person<'a> {
        let mut person = self.success().await;
        assert_eq!(person.ask().await, 303);
        let pin = pin(&person.until("offered").await);
        let request = self.open().await;
        assert_eq!(self.accept(&request, &pin).await, 200);
        person.until("issued").await;
        person
    }

    /// A person at a desk whose verification has just succeeded.
    async fn success(&self) -> Person<'a> {
        let (id, link) = self.place.open("quick").await;
        let browser = self.place.claim(&link).await;
        browser.picture(PASSPORT, passport_picture()).await;
        Person::new(self.place, id, browser).await
    }

    /// Time passes on both sides.
    fn pass(&self, seconds: i64) {
        self.place.clock.advance(SignedDuration::from_secs(seconds));
        self.there.pass(SignedDuration::from_secs(seconds));
    }

    /// What Authenticator answers to a form.
    async fn wallet(&self, action: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
        let url = format!("{}/authenticator/{action}", self.place.sandbox.url());
        let answer = self.place.client.post(url).form(form).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// A wallet opens the newest offer; the id by which it is accepted.
    async fn open(&self) -> String {
        let link = self.there.links().pop().unwrap();
        let (status, page) = self.wallet("open", &[("link", &link)]).await;
        assert_eq!(status, 200, "{page}");
        page.split_once("name=\"request\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    }

    async fn accept(&self, request: &str, pin: &str) -> StatusCode {
        self.wallet("accept", &[("request", request), ("pin", pin)]).await.0
    }

    /// What was sent with the request, newest first: state and key.
    fn sent(&self) -> (String, String) {
        let sent = self.there.requests().pop().unwrap();
        let text = |pointer: &str| sent.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        (text("/callback/state"), text("/callback/headers/api-key"))
    }

    /// Tells something, as Entra would or as somebody else would.
    async fn tell(&self, key: Option<&str>, body: Vec<u8>) -> StatusCode {
        let request = self.place.client.post(format!("{}/entra/callback", self.place.base));
        let request = key.iter().fold(request, |request, key| request.header("api-key", *key));
        request.header("content-type", "application/json").body(body).send().await.unwrap().status()
    }
}

fn body(state: &str, status: &str) -> Vec<u8> {
    json!({ "requestId": "r", "requestStatus": status, "state": state }).to_string().into_bytes()
}

struct Person<'a> {
    place: &'a Place,
    id: String,
    browser: Browser,
    csrf: String,
}

impl<'a> Person<'a> {
    async fn new(place: &'a Place, id: String, browser: Browser) -> Self {
        place.until(&id, &["succeeded"]).await;
        let csrf = token(&browser.get("/v/session").await.1);
        Self { place, id, browser, csrf }
    }

    /// Clicks, on a page that may be older than what happened since.
    async fn ask(&mut self) -> StatusCode {
        let csrf = self.csrf.clone();
        self.browser.post("/v/session/credential", &[("csrf", &csrf)]).await.status()
    }

    /// Waits until the last page says so of the credential; the page.
    async fn until(&self, state: &str) -> String {
        let begun = Instant::now();
        loop {
            let (_, page) = self.browser.get("/v/session").await;
            if page.contains(&format!("data-wallet=\"{state}\"")) {
                return page;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "not {state}: {page}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What happened to its credential, in order.
    async fn trail(&self) -> Vec<Event> {
        let mut tx = self.place.ipse().store.read(&self.place.organization).await.unwrap();
        let mut events = tx.events(&self.id, 0).await.unwrap();
        let said: String = events.iter().map(|event| event.data.to_lowercase()).collect();
        for personal in ["eriksson", "anna", "openid:"] {
            assert!(!said.contains(personal), "{personal} in {said}");
        }
        events.retain(|event| event.kind.starts_with("verification.credential_"));
        events
    }

    async fn assert_trail(&self, expected: &[&str]) {
        let kinds: Vec<String> = self.trail().await.into_iter().map(|event| event.kind).collect();
        assert_eq!(kinds, expected.iter().map(|kind| format!("verification.credential_{kind}")).collect::<Vec<_>>());
    }
}

fn pin(page: &str) -> String {
    page.split_once("id=\"pin\">").unwrap().1.split_once('<').unwrap().0.to_owned()
}

on_both!(a_success_becomes_one_credential, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let mut person = issuer.success().await;
    let page = person.until("none").await;
    assert!(page.contains("/v/session/credential") && issuer.there.requests().is_empty(), "only when it is wanted");
    assert_eq!(person.ask().await, 303);
    let page = person.until("offered").await;
    assert!(page.contains("data-live=") && !page.contains("openid:"), "another device scans it");
    let (status, code) = person.browser.get("/v/session/credential.svg").await;
    assert!(status == 200 && code.starts_with("<?xml"), "{code}");

    // What left this server: the body of the reference, with the claims of the document.
    let sent = issuer.there.requests().pop().unwrap();
    assert_eq!(sent["callback"]["url"], format!("{}/entra/callback", place.base));
    assert_eq!(sent["registration"], json!({ "clientName": "Utopia" }));
    assert_eq!(sent["claims"]["family_name"], "ERIKSSON");
    assert_eq!(sent["pin"]["length"], 6);
    let pin = pin(&page);
    assert!(pin.len() == 6 && !sent.to_string().contains(&pin), "the PIN itself stays here");

    let request = issuer.open().await;
    person.until("retrieved").await;
    let wrong = if pin == "000000" { "111111" } else { "000000" };
    assert_eq!(issuer.accept(&request, wrong).await, 403);
    assert!(issuer.there.wallet().is_empty(), "the wrong PIN");
    assert_eq!(issuer.accept(&request, &pin).await, 200);
    let page = person.until("issued").await;
    assert!(!page.contains(&pin) && !page.contains("data-live=") && !page.contains("action=\"/v/session/credential\""));
    assert_eq!(person.browser.get("/v/session/credential.svg").await.0, 404);

    // One for each success, and who received it is on record.
    assert_eq!(person.ask().await, 409);
    assert_eq!((issuer.there.requests().len(), issuer.there.wallet().len()), (1, 1));
    let credential = issuer.there.wallet().remove(0);
    assert_eq!((credential.kind.as_str(), credential.claims["given_name"].as_str()), (CREDENTIAL, "ANNA MARIA"));
    person.assert_trail(&["requested", "retrieved", "issued"]).await;
    let trail = person.trail().await;
    assert_eq!((&trail[0].actor, &trail[2].actor), (&Actor::Subject, &Actor::System));
    assert!(trail[2].data.contains(issuer.integration.id.as_str()));
});

on_both!(on_a_phone_the_link_is_enough, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let mut person = issuer.success().await;
    person.browser = person.browser.on_phone();
    assert_eq!(person.ask().await, 303);
    let page = person.until("offered").await;
    let link = issuer.there.links().remove(0);
    assert!(page.contains(&format!("href=\"{link}\"")) && !page.contains("id=\"pin\""), "{page}");
    assert!(issuer.there.requests()[0].get("pin").is_none());
    // A desk that shows the same session has no code that anybody who passes could scan.
    let mut desk = Browser::new(&place);
    desk.cookie.clone_from(&person.browser.cookie);
    let (_, shown) = desk.get("/v/session").await;
    assert!(!shown.contains("credential.svg") && !shown.contains("openid:"));
    assert_eq!(desk.get("/v/session/credential.svg").await.0, 404);
    let request = issuer.open().await;
    assert_eq!(issuer.accept(&request, "").await, 200);
    person.until("issued").await;
});

on_both!(each_failure_has_its_ending, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let mut person = issuer.success().await;
    let refusal = |status, code, inner| Some(Refusal { status, code, inner });
    for (refused, again) in [
        (refusal(503, "serviceUnavailable", None), "does not answer"),
        (refusal(429, "tooManyRequests", Some(("transientError", ""))), "does not answer"),
        (refusal(400, "badRequest", Some(("badOrMissingField", "authority"))), "has to mend"),
        (refusal(403, "forbidden", None), "has to mend"),
    ] {
        issuer.there.refuse(refused);
        assert_eq!(person.ask().await, 303);
        let page = person.until("failed").await;
        assert!(page.contains(again) && page.contains("action=\"/v/session/credential\""), "{page}");
    }
    issuer.there.refuse(None);
    // A token that was ended there is replaced at once.
    let before = issuer.there.tokens_given();
    issuer.there.end_tokens();
    for (word, said) in [
        ("issuance_service_error", "could not make"),
        ("fetch_contract_error", "could not read"),
        ("unspecified_error", "could not take"),
        ("a new one", "could not take"),
    ] {
        issuer.there.fail(Some(word));
        assert_eq!(person.ask().await, 303);
        let pin = pin(&person.until("offered").await);
        let request = issuer.open().await;
        issuer.accept(&request, &pin).await;
        assert!(person.until("failed").await.contains(said), "{word}");
    }
    assert_eq!(issuer.there.tokens_given(), before + 1);
    issuer.there.fail(None);
    // Eight of ten tries are used up.
    for _ in 0..2 {
        issuer.there.refuse(refusal(503, "serviceUnavailable", None));
        assert_eq!(person.ask().await, 303);
        person.until("failed").await;
    }
    assert!(!person.until("failed").await.contains("action=\"/v/session/credential\""), "no more tries");
    let mut failures = person.trail().await;
    failures.retain(|event| event.kind == "verification.credential_failed");
    assert_eq!(failures.len(), 10);
    assert!(failures[2].data.contains("misconfigured") && failures[5].data.contains("fetch_contract_error"));
});

on_both!(only_a_success_of_its_journey_that_holds_gets_one, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    // Another journey, and one that failed.
    place.journey("other", json!({})).await;
    let (id, link) = place.open("other").await;
    let browser = place.claim(&link).await;
    browser.picture(PASSPORT, passport_picture()).await;
    place.until(&id, &["succeeded"]).await;
    assert!(!browser.get("/v/session").await.1.contains("data-wallet"));
    // A form of another page, and a success that is too old.
    let mut person = issuer.success().await;
    let answer = person.browser.post("/v/session/credential", &[("csrf", "guess")]).await;
    assert_eq!(answer.status(), 403);
    person.until("none").await;
    place.clock.advance(SignedDuration::from_hours(24 * 30));
    assert!(!person.browser.get("/v/session").await.1.contains("data-wallet"));
    assert_eq!(person.ask().await, 410);
    // Removed, it offers nothing, and its secret is gone.
    let mut person = issuer.success().await;
    person.until("none").await;
    let caller = Place::caller(&place.organization);
    integrations::delete(place.ipse(), &caller, &issuer.integration.id).await.unwrap();
    assert!(!person.browser.get("/v/session").await.1.contains("data-wallet"));
    assert_ne!(person.ask().await, 303);
    assert!(issuer.there.requests().is_empty());
});

on_both!(nothing_of_a_credential_remains, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let mut person = issuer.success().await;
    person.ask().await;
    let pin = pin(&person.until("offered").await);
    let request = issuer.open().await;
    issuer.accept(&request, &pin).await;
    person.until("issued").await;
    let (state, key) = issuer.sent();
    let hash = issuer.there.requests()[0]["pin"]["value"].as_str().unwrap().to_owned();
    place.assert_kept_nowhere(&state, &["openid://vc", key.as_str(), hash.as_str(), SECRET, "ERIKSSON"]);
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let issuance = tx.issuances(&person.id.parse().unwrap()).await.unwrap().remove(0);
    assert!(tx.offer::<Value>(&issuance).await.unwrap().is_none());
});

on_both!(a_browser_that_only_follows_along_gets_nothing, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let (id, link) = place.open("quick").await;
    let mut desk = place.claim(&link).await;
    let cookie = desk.cookie.split_once('=').unwrap().1.to_owned();
    let shown = desk.submit("/v/session?document_kind=passport", "/v/session/handover", &[]).await;
    let nonce = shown.headers()["location"].to_str().unwrap().split_once("qr=").unwrap().1.to_owned();
    let csrf = token(&desk.get("/v/session").await.1);
    let mut phone = Browser::new(&place);
    let link = hand_over_link(place.ipse(), &cookie, &nonce);
    assert_eq!(phone.post(&link, &[]).await.status(), 303);
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    let mut person = Person::new(&place, id, phone).await;
    let act = async |desk: &mut Browser, what: &str| {
        desk.post(&format!("/v/session/{what}"), &[("csrf", &csrf)]).await.status()
    };
    assert!(!desk.get("/v/session").await.1.contains("/v/session/credential"));
    assert_eq!(act(&mut desk, "credential").await, 409);
    assert_eq!(act(&mut desk, "reclaim").await, 409, "it is over");
    assert!(issuer.there.requests().is_empty());
    // What the person asks for is nobody else's, either.
    assert_eq!(person.ask().await, 303);
    person.until("offered").await;
    let page = desk.get("/v/session").await.1;
    assert!(!page.contains("openid:") && !page.contains("id=\"pin\""), "{page}");
    assert_eq!(desk.get("/v/session/credential.svg").await.0, 404);
});
