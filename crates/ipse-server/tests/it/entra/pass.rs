//! A Temporary Access Pass after a success: for the person alone, once, and nowhere to be found afterwards.

use super::presented::Verifier;
use super::{Issuer, Person, connect, tenant};
use crate::faces::{Face, SELF, drawn, live};
use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture, token};
use ipse_connectors::entra::{Pass, Tenant};
use ipse_core::event::{Actor, Event};
use ipse_core::organization::Role;
use ipse_sandbox::directory::employees;
use ipse_sandbox::entra::{Entra, User};
use ipse_sandbox::specimen::performance::Performer;
use ipse_sandbox::specimen::{Camera, passport, photograph};
use ipse_server::app::capture::hand_over_link;
use ipse_server::app::integrations::{self, System, Wanted};
use ipse_server::app::{subjects, verifications};
use jiff::SignedDuration;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const USER: &str = "071cc716-8147-4397-a5ba-b2105951cc0b";

/// What a document alone is enough for, so that a test need not show a face.
pub(super) const LOW: Pass = Pass { minutes: 60, level: 1 };

fn with_pass(place: &Place, pass: Pass) -> Tenant {
    Tenant { temporary_access_pass: Some(pass), ..tenant(place) }
}

/// The first employee, as the directory has them.
fn user() -> User {
    let person = employee().person;
    let (given, family) = (person.given_names, person.family_name);
    User { id: USER.into(), principal: employee().email.into(), given, family, privileged: false }
}

impl<'a> Issuer<'a> {
    /// One that gives passes, with the first employee in its directory.
    pub(super) async fn giving(place: &'a Place, pass: Pass) -> Self {
        let issuer = Self::of(place, with_pass(place, pass)).await;
        issuer.there.set_users(vec![user()]);
        issuer
    }

    /// The first employee has just succeeded, known by this name.
    pub(super) async fn success_of(&self, name: &str) -> Person<'a> {
        success(self.place, "quick", name).await
    }

    pub(super) async fn gives(&self, tenant: Tenant) {
        let wanted = Wanted { name: "Utopia ID".into(), journey: "quick".into(), system: System::Entra(tenant) };
        let caller = Place::caller(&self.place.organization);
        integrations::update(self.place.ipse(), &caller, &self.integration.id, wanted).await.unwrap();
    }
}

async fn success<'a>(place: &'a Place, journey: &str, name: &str) -> Person<'a> {
    let person = claimed(place, journey, name).await;
    person.browser.picture(PASSPORT, passport_picture()).await;
    person.succeeded().await
}

/// The first employee, known by this name, with a link that they have opened.
async fn claimed<'a>(place: &'a Place, journey: &str, name: &str) -> Person<'a> {
    let mut body = opening(journey, &employee());
    body["subject"]["external_id"] = json!(name);
    opened(place, &body).await
}

async fn opened<'a>(place: &'a Place, body: &Value) -> Person<'a> {
    let (status, opened) = place.post("/v1/verifications", body).await;
    assert_eq!(status, 201, "{opened}");
    let browser = place.claim(opened["link"].as_str().unwrap()).await;
    let csrf = token(&browser.get("/v/session").await.1);
    Person { place, id: opened["id"].as_str().unwrap().to_owned(), browser, csrf }
}

impl Person<'_> {
    async fn succeeded(self) -> Self {
        self.place.until(&self.id, &["succeeded"]).await;
        self
    }

    /// Presses the button, on a page that may be older than what happened since.
    async fn press(&mut self) -> Response {
        let csrf = self.csrf.clone();
        self.browser.post("/v/session/pass", &[("csrf", &csrf)]).await
    }

    /// Presses it and gets a pass.
    async fn gets(&mut self) -> String {
        let answer = self.press().await;
        assert_eq!(
            (answer.status(), &answer.headers()["cache-control"]),
            (StatusCode::OK, &"no-store".parse().unwrap())
        );
        let page = answer.text().await.unwrap();
        page.split_once("id=\"code\" translate=\"no\">").unwrap().1.split_once('<').unwrap().0.to_owned()
    }

    /// What the last page says of the pass, and whether there is a button.
    async fn offered(&self) -> Option<(String, bool)> {
        let (_, page) = self.browser.get("/v/session").await;
        let state = page.split_once("data-pass=\"")?.1.split_once('"').unwrap().0.to_owned();
        Some((state, page.contains("action=\"/v/session/pass\"")))
    }

    async fn assert_none(&mut self, status: u16, why: &str) {
        assert_eq!(self.offered().await, None, "{why}");
        assert_eq!(self.press().await.status(), status, "{why}");
        assert_eq!(self.passes().await, Vec::<(String, String)>::new(), "{why}");
    }

    /// What happened to its passes: what, and why.
    async fn passes(&self) -> Vec<(String, String)> {
        let events = self.pass_events().await;
        let why = |event: &Event| {
            let data: Value = serde_json::from_str(&event.data).unwrap();
            data["failure"].as_str().unwrap_or_default().to_owned()
        };
        let kind = |event: &Event| event.kind.strip_prefix("verification.temporary_access_pass_").unwrap().to_owned();
        events.iter().map(|event| (kind(event), why(event))).collect()
    }

    async fn pass_events(&self) -> Vec<Event> {
        let mut events =
            self.place.ipse().store.read(&self.place.organization).await.unwrap().events(&self.id, 0).await.unwrap();
        events.retain(|event| event.kind.contains("access_pass"));
        for event in &events {
            let said = event.data.to_lowercase();
            assert!(!said.contains("eriksson") && !said.contains(USER) && !said.contains("drkzq"), "{said}");
        }
        events
    }
}

async fn until(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn only(there: &Entra) -> String {
    let passes = there.passes(USER);
    assert_eq!(passes.len(), 1, "one at a time");
    passes.into_iter().next().unwrap()
}

on_both!(a_pass_is_shown_once_and_found_nowhere, |place: Place| async move {
    let issuer = Issuer::giving(&place, LOW).await;
    let mut person = issuer.success_of(employee().email).await;
    assert_eq!(person.offered().await, Some(("none".into(), true)));
    assert!(issuer.there.passes_asked().is_empty(), "only when it is wanted");
    let first = person.gets().await;
    assert_eq!(first, only(issuer.there));
    assert_eq!(issuer.there.passes_asked(), [json!({ "lifetimeInMinutes": 60, "isUsableOnce": true })]);

    // That was it: neither the page nor another click shows it again.
    let (_, page) = person.browser.get("/v/session").await;
    assert!(page.contains("data-pass=\"issued\"") && !page.contains(&first) && !page.contains("/v/session/pass"));
    assert_eq!(person.press().await.status(), 303);
    assert_eq!((issuer.there.passes_asked().len(), only(issuer.there)), (1, first.clone()));
    let events = person.pass_events().await;
    assert_eq!(events.len(), 2);
    assert_eq!((&events[0].actor, &events[1].actor), (&Actor::Subject, &Actor::System));
    for event in &events {
        let data: Value = serde_json::from_str(&event.data).unwrap();
        assert_eq!(data, json!({ "integration": issuer.integration.id, "minutes": 60 }), "{}", event.kind);
    }

    // The next success makes the next pass, and the one before is good no more.
    let mut again = issuer.success_of(employee().email).await;
    let second = again.gets().await;
    assert!(second != first && second == only(issuer.there));

    place.assert_kept_nowhere(&person.id, &[first.as_str(), second.as_str(), employee().email, USER]);
});

on_both!(each_reason_for_no_pass_has_its_ending, |place: Place| async move {
    let issuer = Issuer::giving(&place, LOW).await;
    let there = issuer.there;
    let requested = || ("requested".to_owned(), String::new());
    let failed = |why: &str| ("failed".to_owned(), why.to_owned());
    // What may pass is tried again, and not for ever.
    let mut person = issuer.success_of(employee().email).await;
    for (status, again) in [(503, true), (429, true), (500, false)] {
        there.refuse_passes(Some(status));
        assert_eq!(person.press().await.status(), 303);
        assert_eq!(person.offered().await, Some(("failed".into(), again)), "{status}");
    }
    there.refuse_passes(None);
    assert_eq!(person.press().await.status(), 409, "no more tries");
    let tries: Vec<_> = [requested(), failed("unavailable")].into_iter().cycle().take(6).collect();
    assert_eq!((person.passes().await, there.passes(USER).len()), (tries, 0));
    // What an administrator has to mend, and what the directory says no to.
    for (known, why, said) in [
        (None, "unknown_user", "was not found"),
        (Some(User { family: String::new(), ..user() }), "name_mismatch", "under another name"),
        (Some(User { family: "Nilsson".into(), ..user() }), "name_mismatch", "under another name"),
        (Some(User { privileged: true, ..user() }), "not_allowed", "only an administrator"),
    ] {
        there.set_users(known.into_iter().collect());
        let mut person = issuer.success_of(employee().email).await;
        assert_eq!(person.press().await.status(), 303);
        let page = person.browser.get("/v/session").await.1;
        assert!(page.contains(said) && !page.contains("action=\"/v/session/pass\""), "{why}: {page}");
        assert_eq!(person.press().await.status(), 409, "{why}");
        assert_eq!(person.passes().await, [requested(), failed(why)], "{why}");
    }
    there.set_users(vec![user()]);
    for (status, roles) in [
        (Some(400), None),
        (None, Some(vec!["UserAuthMethod-TAP.ReadWrite.All"])),
        (None, Some(vec!["User.ReadBasic.All", "UserAuthMethod-TAP.Read.All"])),
        (None, Some(Vec::new())),
    ] {
        let mut person = issuer.success_of(employee().email).await;
        there.refuse_passes(status);
        there.grant_graph(roles);
        assert_eq!(person.press().await.status(), 303);
        let page = person.browser.get("/v/session").await.1;
        assert!(page.contains("has to mend something") && !page.contains("action=\"/v/session/pass\""), "{page}");
        assert_eq!(person.passes().await, [requested(), failed("misconfigured")]);
    }
    there.refuse_passes(None);
    there.grant_graph(Some(vec!["UserAuthenticationMethod.ReadWrite.All", "User.Read.All"]));
    let mut person = issuer.success_of(employee().email).await;
    person.gets().await;
    // A lifetime that the directory's policy does not allow.
    there.grant_graph(None);
    issuer.gives(with_pass(&place, Pass { minutes: 10, ..LOW })).await;
    let mut person = issuer.success_of(employee().email).await;
    assert_eq!(person.press().await.status(), 303);
    assert_eq!(person.passes().await, [requested(), failed("misconfigured")]);
});

on_both!(nobody_else_is_offered_one, |place: Place| async move {
    let issuer = Issuer::giving(&place, LOW).await;
    let email = employee().email;
    let mut person = issuer.success_of(email).await;
    issuer.gives(with_pass(&place, Pass::default())).await;
    person.assert_none(422, "a document alone is level 1, and the usual level is 2").await;
    issuer.gives(tenant(&place)).await;
    person.assert_none(422, "it is off").await;
    issuer.gives(with_pass(&place, LOW)).await;
    // Another journey; a form of another page; another browser; too late.
    place.journey("other", json!({})).await;
    success(&place, "other", email).await.assert_none(422, "another journey").await;
    let answer = person.browser.post("/v/session/pass", &[("csrf", "guess")]).await;
    assert_eq!(answer.status(), 403);
    let mut strange = Browser::new(&place);
    assert_eq!(strange.post("/v/session/pass", &[("csrf", &person.csrf)]).await.status(), 404);
    assert_eq!(person.offered().await, Some(("none".into(), true)));
    place.clock.advance(SignedDuration::from_mins(15));
    person.assert_none(410, "too late").await;
    // Redacted, and off-boarded; whoever comes back is verified again.
    let caller = Place::caller(&place.organization);
    let mut person = issuer.success_of(email).await;
    verifications::redact(place.ipse(), &caller, &person.id.parse().unwrap()).await.unwrap();
    person.assert_none(410, "redacted").await;
    let mut person = issuer.success_of(email).await;
    let subject = place.get(&format!("/v1/verifications/{}", person.id)).await.1["subject"].clone();
    let subject = subject.as_str().or(subject["id"].as_str()).unwrap().parse().unwrap();
    subjects::off_board(place.ipse(), &caller, &subject).await.unwrap();
    person.assert_none(410, "off-boarded").await;
    place.clock.advance(SignedDuration::from_secs(1));
    issuer.success_of(email).await.gets().await;
    // Another organization has a person of the same name and a journey of the same key, and no tenant.
    let (_, key) = place.stranger().await;
    let rules = json!({ "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false, "uploads_allowed": true });
    let ask = async |path: &str, body: Value| {
        let request = place.client.post(format!("{}{path}", place.base)).bearer_auth(&key).json(&body);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    ask("/v1/journeys", json!({ "key": "quick", "name": "quick", "rules": rules })).await;
    let mut body = opening("quick", &employee());
    body["subject"]["external_id"] = json!(email);
    let opened = ask("/v1/verifications", body).await;
    let mut theirs = place.claim(opened["link"].as_str().unwrap()).await;
    theirs.picture(PASSPORT, passport_picture()).await;
    let begun = Instant::now();
    while !theirs.get("/v/session").await.1.contains("confirmed</h1>") {
        assert!(begun.elapsed() < Duration::from_secs(20), "not over");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let page = theirs.get("/v/session").await.1;
    assert!(!page.contains("data-pass"), "{page}");
    let csrf = person.csrf.clone();
    assert_eq!(theirs.post("/v/session/pass", &[("csrf", &csrf)]).await.status(), 403);
    // Removed, it gives nothing.
    let mut person = issuer.success_of(email).await;
    integrations::delete(place.ipse(), &caller, &issuer.integration.id).await.unwrap();
    person.assert_none(422, "removed").await;
    assert_eq!(issuer.there.passes_asked().len(), 1);
});

on_both!(only_who_is_known_by_a_users_name_is_offered_one, |place: Place| async move {
    let issuer = Issuer::giving(&place, LOW).await;
    for (name, somebody) in ["E1001", "cli_1/anna.eriksson@utopia.example"].into_iter().zip(employees()) {
        let mut body = opening("quick", &somebody);
        body["subject"]["external_id"] = json!(name);
        let person = opened(&place, &body).await;
        person.browser.picture(PASSPORT, photograph(&passport(&somebody.person, 7), &Camera::default())).await;
        person.succeeded().await.assert_none(422, name).await;
    }
    assert!(issuer.there.passes_asked().is_empty());
});

on_both!(a_claim_that_moved_takes_the_pass_along, |place: Place| async move {
    let issuer = Issuer::giving(&place, LOW).await;
    let Person { id, browser: mut desk, csrf, .. } = claimed(&place, "quick", employee().email).await;
    let cookie = desk.cookie.split_once('=').unwrap().1.to_owned();
    let shown = desk.submit("/v/session?document_kind=passport", "/v/session/handover", &[]).await;
    let nonce = shown.headers()["location"].to_str().unwrap().split_once("qr=").unwrap().1.to_owned();
    let mut phone = Browser::new(&place);
    assert_eq!(phone.post(&hand_over_link(place.ipse(), &cookie, &nonce), &[]).await.status(), 303);
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    let mut person = Person::new(&place, id, phone).await;
    assert!(!desk.get("/v/session").await.1.contains("data-pass"));
    assert_eq!(desk.post("/v/session/pass", &[("csrf", &csrf)]).await.status(), 409);
    assert!(issuer.there.passes_asked().is_empty());
    person.gets().await;
});

on_both!(two_clicks_are_one, |config| config.webhooks.timeout_seconds = 20, |place: Place| async move {
    let issuer = Issuer::giving(&place, LOW).await;
    let mut person = issuer.success_of(employee().email).await;
    issuer.there.hold_passes(true);
    let mut other = Browser::new(&place);
    other.cookie.clone_from(&person.browser.cookie);
    let csrf = person.csrf.clone();
    let (first, ()) = tokio::join!(person.press(), async {
        until("a pass", || !issuer.there.passes_asked().is_empty() && issuer.there.passes(USER).len() == 1).await;
        assert_eq!(other.post("/v/session/pass", &[("csrf", &csrf)]).await.status(), 303);
        let page = other.get("/v/session").await.1;
        assert!(page.contains("data-pass=\"requested\"") && !page.contains("action=\"/v/session/pass\""), "{page}");
        issuer.there.hold_passes(false);
    });
    assert!(first.text().await.unwrap().contains(&only(issuer.there)));
    assert_eq!(issuer.there.passes_asked().len(), 1);
    // At the same moment.
    let mut person = issuer.success_of(employee().email).await;
    other.cookie.clone_from(&person.browser.cookie);
    let csrf = person.csrf.clone();
    let form = [("csrf", csrf.as_str())];
    let (one, two) = tokio::join!(person.press(), other.post("/v/session/pass", &form));
    let mut statuses = [one.status().as_u16(), two.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!((statuses, issuer.there.passes_asked().len()), ([200, 303], 2));
});

on_both!(
    a_pass_that_nobody_saw_is_replaced,
    |config| config.webhooks.timeout_seconds = 20,
    |place: Place| async move {
        let issuer = Issuer::giving(&place, LOW).await;
        let mut person = issuer.success_of(employee().email).await;
        issuer.there.hold_passes(true);
        let asked = async || {
            until("a pass", || !issuer.there.passes_asked().is_empty() && issuer.there.passes(USER).len() == 1).await;
        };
        // The browser goes away before there is an answer.
        tokio::select! {
            _ = person.press() => panic!("it is held back"),
            () = asked() => {}
        }
        let lost = only(issuer.there);
        assert_eq!(person.offered().await, Some(("requested".into(), false)));
        assert_eq!(person.press().await.status(), 303);
        place.clock.advance(SignedDuration::from_secs(61));
        issuer.there.hold_passes(false);
        assert_eq!(person.offered().await, Some(("failed".into(), true)));
        let pass = person.gets().await;
        assert!(pass != lost && pass == only(issuer.there));
        let kinds: Vec<String> = person.passes().await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["requested", "requested", "issued"]);
    }
);

on_both!(
    whoever_leaves_meanwhile_is_shown_none,
    |config| config.webhooks.timeout_seconds = 20,
    |place: Place| async move {
        let issuer = Issuer::giving(&place, LOW).await;
        let caller = Place::caller(&place.organization);
        for (number, redacts) in [(1, false), (2, true)] {
            place.clock.advance(SignedDuration::from_secs(1));
            let mut person = issuer.success_of(employee().email).await;
            issuer.there.hold_passes(true);
            let id = person.id.clone();
            let (answer, ()) = tokio::join!(person.press(), async {
                until("asked", || issuer.there.passes_asked().len() == number).await;
                let of = id.parse().unwrap();
                let of = verifications::get(place.ipse(), &caller, &of).await.unwrap();
                if redacts {
                    verifications::redact(place.ipse(), &caller, &of.id).await.unwrap();
                } else {
                    subjects::off_board(place.ipse(), &caller, &of.subject).await.unwrap();
                }
                issuer.there.hold_passes(false);
            });
            assert_eq!(answer.status(), 303);
            assert!(!answer.text().await.unwrap().contains(&only(issuer.there)));
            assert_eq!(person.offered().await, None);
            assert_eq!(person.passes().await[1], ("failed".to_owned(), "withdrawn".to_owned()));
        }
    }
);

on_both!(a_live_face_with_a_document_is_enough_and_a_face_alone_is_not, drawn, |place: Place| async move {
    place.journey("quick", json!({})).await;
    live(&place, json!({ "keep_template_days": 30 })).await;
    place.journey("step-up", json!({ "document_kinds": [], "selfie_required": true, "liveness_required": true })).await;
    let there = &place.sandbox.partners.entra;
    there.set_users(vec![user()]);
    let caller = Place::caller(&place.organization);
    for (journey, pass) in [("live", Pass::default()), ("step-up", LOW)] {
        let manifest = format!("{}/{journey}/manifest", place.sandbox.url());
        let integration = connect(&place, &caller, Tenant { manifest, ..with_pass(&place, pass) }).await;
        let wanted = Wanted { name: journey.into(), journey: journey.into(), system: integration.system };
        integrations::update(place.ipse(), &caller, &integration.id, wanted).await.unwrap();
    }
    let person = claimed(&place, "live", USER).await;
    person.browser.picture(PASSPORT, passport_picture()).await;
    Face::new(&place, &person.browser).await.perform(Performer::Person(SELF), true).await;
    assert_eq!(person.succeeded().await.gets().await, only(there));
    let person = claimed(&place, "step-up", USER).await;
    Face::new(&place, &person.browser).await.perform(Performer::Person(SELF), false).await;
    person.succeeded().await.assert_none(422, "a face alone").await;
});

on_both!(what_others_vouch_for_or_a_reviewer_alone_is_not_enough, |place: Place| async move {
    // A Verified ID as evidence, of a journey after which a tenant gives passes.
    let verifier = Verifier::new(&place, json!({})).await;
    let caller = Place::caller(&place.organization);
    verifier.issuer.there.set_users(vec![user()]);
    let system = System::Entra(with_pass(&place, LOW));
    let wanted = Wanted { name: "Badge".into(), journey: "badge".into(), system };
    integrations::update(place.ipse(), &caller, &verifier.issuer.integration.id, wanted).await.unwrap();
    let mut person = claimed(&place, "badge", USER).await;
    let csrf = person.csrf.clone();
    assert_eq!(person.browser.post("/v/session/presentation", &[("csrf", &csrf)]).await.status(), 303);
    until("offered", || !verifier.issuer.there.presentation_links().is_empty()).await;
    assert_eq!(verifier.present().await, 200);
    place.until(&person.id, &["succeeded"]).await;
    person.assert_none(422, "a credential").await;
    // A reviewer who found somebody to be the person although nothing shows it.
    verifier.issuer.gives(with_pass(&place, LOW)).await;
    let mut body = opening("quick", &employee());
    body["subject"] = json!({ "external_id": employee().email });
    let person = opened(&place, &body).await;
    let id = person.id.clone();
    person.browser.picture(PASSPORT, passport_picture()).await;
    place.until(&id, &["pending_review"]).await;
    let mut reviewer = place.sign_in(Role::Reviewer).await;
    let case = format!("/console/reviews/{id}");
    let form = [("decision", "approve"), ("reason", "known_to_reviewer"), ("note", "")];
    assert_eq!(reviewer.submit(&case, &case, &form).await.status(), 303);
    assert_eq!(place.until(&id, &["succeeded"]).await["assurance"]["level"], 0);
    person.succeeded().await.assert_none(422, "a reviewer's word").await;
    assert!(verifier.issuer.there.passes_asked().is_empty());
});
