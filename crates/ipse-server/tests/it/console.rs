//! The console's pages over HTTP: signing in, forms, and what they refuse.

use crate::support::{Browser, Place, on_both, token};
use ipse_core::organization::{Role, Settings};
use ipse_server::app::{journeys, people, settings};
use jiff::SignedDuration;
use serde_json::json;

on_both!(a_sign_in_link_works_once_and_only_by_a_click, |place: Place| async move {
    let caller = Place::caller(&place.organization);
    let (person, link) = people::invite(place.ipse(), &caller, "Ada", "ada@example.com", Role::Admin).await.unwrap();
    let mut browser = Browser::new(&place);
    for _ in 0..3 {
        assert_eq!(browser.get(&link).await.0, 200, "looking uses nothing up");
    }
    let answer = browser.post(&link, &[]).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(browser.get("/console/people").await.0, 200);
    assert_eq!(Browser::new(&place).post(&link, &[]).await.status(), 410);
    let mails = place.sandbox.partners.mailbox.all();
    assert!(mails.iter().all(|mail| mail.to == "ada@example.com"));
    // A link that was replaced is dead; so is one that is an hour old.
    let old = people::sign_in_link(place.ipse(), &caller, &person.id).await.unwrap();
    let new = people::sign_in_link(place.ipse(), &caller, &person.id).await.unwrap();
    assert_eq!(Browser::new(&place).post(&old, &[]).await.status(), 410);
    place.clock.advance(SignedDuration::from_mins(61));
    assert_eq!(Browser::new(&place).post(&new, &[]).await.status(), 410);
});

on_both!(a_session_ends, |place: Place| async move {
    let mut browser = place.sign_in(Role::Admin).await;
    place.clock.advance(SignedDuration::from_mins(59));
    assert_eq!(browser.get("/console/people").await.0, 200);
    place.clock.advance(SignedDuration::from_mins(59));
    assert_eq!(browser.get("/console/people").await.0, 200, "every use keeps it alive");
    place.clock.advance(SignedDuration::from_mins(61));
    assert_eq!(browser.get("/console/people").await.0, 303, "an hour idle ends it");

    browser = place.sign_in(Role::Admin).await;
    for _ in 0..24 {
        assert_eq!(browser.get("/console/people").await.0, 200);
        place.clock.advance(SignedDuration::from_mins(60) - SignedDuration::from_secs(1));
    }
    place.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(browser.get("/console/people").await.0, 303, "a day ends it however busy");

    browser = place.sign_in(Role::Admin).await;
    assert_eq!(browser.submit("/console/people", "/console/sign-out", &[]).await.status(), 303);
    assert_eq!(browser.get("/console/people").await.0, 303);
});

on_both!(a_form_without_its_token_changes_nothing, |place: Place| async move {
    let mut browser = place.sign_in(Role::Admin).await;
    let other = place.sign_in(Role::Admin).await;
    let stolen = token(&other.get("/console/people").await.1);
    for csrf in ["", "wrong", stolen.as_str()] {
        let form = [("csrf", csrf), ("name", "Eve"), ("email", "eve@example.com"), ("role", "admin")];
        assert_eq!(browser.post("/console/people", &form).await.status(), 403);
    }
    assert!(!browser.get("/console/people").await.1.contains("eve@example.com"));
});

on_both!(people_are_invited_changed_and_shut_out, |place: Place| async move {
    let mut admin = place.sign_in(Role::Admin).await;
    let form = [("name", "Bo"), ("email", "bo@example.com"), ("role", "agent")];
    let page = admin.submit("/console/people", "/console/people", &form).await.text().await.unwrap();
    assert!(page.contains("/console/sign-in/"));
    assert_eq!(admin.submit("/console/people", "/console/people", &form).await.status(), 422, "once only");
    let bad = [("name", ""), ("email", "no"), ("role", "agent")];
    assert_eq!(admin.submit("/console/people", "/console/people", &bad).await.status(), 422);
    let people = people::list(place.ipse(), &Place::caller(&place.organization)).await.unwrap();
    let bo = people.iter().find(|person| person.email == "bo@example.com").unwrap();
    let me = people.iter().find(|person| person.role == Role::Admin).unwrap();
    let link = people::sign_in_link(place.ipse(), &Place::caller(&place.organization), &bo.id).await.unwrap();
    let mut browser = Browser::new(&place);
    browser.post(&link, &[]).await;
    assert_eq!(browser.get("/console/verifications").await.0, 200);
    let path = format!("/console/people/{}/disable", bo.id);
    assert_eq!(admin.submit("/console/people", &path, &[]).await.status(), 303);
    assert_eq!(browser.get("/console/verifications").await.0, 303, "shut out at once");
    let path = format!("/console/people/{}/role", me.id);
    assert_eq!(
        admin.submit("/console/people", &path, &[("role", "agent")]).await.status(),
        403,
        "nobody changes their own role"
    );
    // The last admin stays one, whoever asks.
    let refused =
        people::update(place.ipse(), &Place::caller(&place.organization), &me.id, Some(Role::Agent), None).await;
    assert!(refused.is_err());
});

on_both!(journeys_are_edited_by_versions, |place: Place| async move {
    let mut admin = place.sign_in(Role::Admin).await;
    let mut form = vec![
        ("key", "desk"),
        ("name", "Desk"),
        ("document_kinds", "passport"),
        ("document_kinds", "id_card"),
        ("countries", "uto, deu"),
        ("uploads_allowed", "uploads_allowed"),
        ("name_rule", "relaxed"),
        ("review_policy", "when_unsure"),
        ("link_lifetime_minutes", "15"),
        ("verification_lifetime_minutes", "30"),
        ("result_lifetime_minutes", "30"),
        ("max_attempts", "5"),
        ("min_contact_age_days", "0"),
        ("images_hours", "24"),
        ("facts_days", "30"),
        ("template_days", "0"),
    ];
    assert_eq!(admin.submit("/console/journeys/new", "/console/journeys", &form).await.status(), 303);
    let (_, journey) = place.get("/v1/journeys/desk").await;
    assert_eq!(journey["rules"]["countries"], serde_json::json!(["UTO", "DEU"]));
    assert_eq!(
        admin.submit("/console/journeys/new", "/console/journeys", &form).await.status(),
        422,
        "the key is taken"
    );
    form[11] = ("max_attempts", "many");
    assert_eq!(admin.submit("/console/journeys/desk", "/console/journeys/desk", &form).await.status(), 422);
    form[11] = ("max_attempts", "3");
    assert_eq!(admin.submit("/console/journeys/desk", "/console/journeys/desk", &form).await.status(), 303);
    let (_, versions) = place.get(&format!("/v1/journeys/{}/versions", journey["id"].as_str().unwrap())).await;
    let attempts: Vec<_> =
        versions["data"].as_array().unwrap().iter().map(|one| one["rules"]["max_attempts"].clone()).collect();
    assert_eq!(attempts, [3, 5], "the old version is still what it was");
});

on_both!(keys_and_webhooks_are_shown_once, |place: Place| async move {
    let mut admin = place.sign_in(Role::Admin).await;
    let form = [("name", "ticketing"), ("scopes", "verifications:read")];
    let page = admin.submit("/console/api-keys", "/console/api-keys", &form).await.text().await.unwrap();
    let key = page.split("ipse_sk_").nth(1).unwrap();
    assert!(key.len() > 40);
    let again = admin.get("/console/api-keys").await.1;
    assert!(
        again.contains("ticketing") && again.split("ipse_sk_").all(|rest| rest.find('<').unwrap_or(9) < 40),
        "never again"
    );
    assert_eq!(admin.submit("/console/api-keys", "/console/api-keys", &[("name", "x")]).await.status(), 422);
    let url = format!("{}/webhooks", place.sandbox.url());
    let form = [("url", url.as_str()), ("event_types", "verification.succeeded")];
    let page = admin.submit("/console/webhooks", "/console/webhooks", &form).await.text().await.unwrap();
    assert!(page.contains("whsec_") && page.contains("whpk_"));
    assert_eq!(admin.submit("/console/webhooks", "/console/webhooks", &[("url", "nonsense")]).await.status(), 422);
    let id = page.split("/console/webhooks/whe_").nth(1).unwrap();
    let path = format!("/console/webhooks/whe_{}", &id[..26]);
    assert!(!admin.get(&path).await.1.contains("whsec_"));
    for action in ["test", "disable", "enable"] {
        assert_eq!(admin.submit(&path, &format!("{path}/{action}"), &[]).await.status(), 303, "{action}");
    }
    let rotated = admin.submit(&path, &format!("{path}/rotate"), &[]).await;
    assert!(rotated.text().await.unwrap().contains("whsec_"));
});

on_both!(the_audit_log_is_checked_and_taken_away, |place: Place| async move {
    place.journey("quick", serde_json::json!({})).await;
    let (id, _) = place.open("quick").await;
    let mut auditor = place.sign_in(Role::Auditor).await;
    let page = auditor.submit("/console/audit", "/console/audit/check", &[]).await.text().await.unwrap();
    assert!(page.contains("Intact"), "{page}");
    let (_, export) = auditor.get("/console/audit/export").await;
    let events: Vec<serde_json::Value> = export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().any(|event| event["stream"] == id.as_str() && event["type"] == "verification.created"));
    assert!(events.iter().any(|event| event["type"] == "person.signed_in"));
    assert!(auditor.get("/console/audit?type=audit.exported").await.1.contains("audit.exported"));
    assert!(
        !auditor.get("/console/audit?type=person.signed_in&to=2020-01-01").await.1.contains("person.signed_in</td>")
    );
});

on_both!(a_test_message_shows_the_servers_answer, |place: Place| async move {
    let mut admin = place.sign_in(Role::Admin).await;
    for to in ["someone@example.com", "+14155550199"] {
        let answer = admin.submit("/console/settings", "/console/settings/test-message", &[("to", to)]).await;
        let page = answer.text().await.unwrap();
        assert!(page.contains("Sent. The server answered"), "{to}: {page}");
    }
    let answer = admin.submit("/console/settings", "/console/settings/test-message", &[("to", "nobody")]).await;
    assert_eq!(answer.status(), 422);
    assert!(place.sandbox.partners.mailbox.all().iter().any(|mail| mail.to == "someone@example.com"));
});

on_both!(an_organization_begins_with_journeys_that_say_what_they_reach, |place: Place| async move {
    let about = Settings { name: "Second".into(), ..Settings::default() };
    let second = settings::found(place.ipse(), about).await.unwrap();
    let known = journeys::list(place.ipse(), &Place::caller(&second.id)).await.unwrap();
    let mut keys: Vec<_> = known.iter().map(|journey| journey.key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["document-only", "kyc-selfie"]);
    // The assurance is computed from the rules, also of a journey that somebody wrote.
    place.journey("quick", json!({ "review_policy": "never" })).await;
    let admin = place.sign_in(Role::Admin).await;
    let (_, page) = admin.get("/console/journeys/quick").await;
    assert!(page.contains("a success comes to level 1.") && !page.contains("reviewer decides"), "{page}");
    assert!(!admin.get("/console/journeys/new").await.1.contains("comes to level"), "nothing is saved");
});
