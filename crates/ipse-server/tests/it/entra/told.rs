//! What a tenant tells of issuances, and what others pretend to.

use super::{Issuer, Person, body, connect, pin, secret, tenant};
use crate::support::{PASSPORT, Place, on_both, passport_picture, read, token};
use ipse_sandbox::entra::{Manner, OFFER_SECONDS};
use ipse_server::app::credentials;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

on_both!(however_it_is_told_it_is_told_once, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    for (manner, expected) in [
        (Manner::Twice, &["requested", "retrieved", "issued"][..]),
        (Manner::Backwards, &["requested", "issued"]),
        (Manner::BeforeTheAnswer, &["requested", "retrieved", "issued"]),
    ] {
        issuer.there.tell(manner);
        let mut person = issuer.success().await;
        assert_eq!(person.ask().await, 303);
        if manner != Manner::BeforeTheAnswer {
            let pin = pin(&person.until("offered").await);
            let request = issuer.open().await;
            assert_eq!(issuer.accept(&request, &pin).await, 200);
        }
        person.until("issued").await;
        // What is told again, later, and by a word that nobody has documented, changes nothing.
        let (state, key) = issuer.sent();
        for status in ["request_retrieved", "issuance_error", "wallet_is_thinking", "issuance_successful"] {
            assert_eq!(issuer.tell(Some(&key), body(&state, status)).await, 200, "{status}");
        }
        person.until("issued").await;
        person.assert_trail(expected).await;
    }
    assert_eq!(issuer.there.wallet().len(), 3);
    assert!(issuer.there.told().iter().all(|told| told.answer == Some(200)), "{:?}", issuer.there.told());
    assert_eq!(issuer.there.tokens_given(), 1, "a token is used while it lives");
});

on_both!(a_wallet_that_is_faster_than_the_answer_has_its_pin, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    issuer.there.tell(Manner::OpenedBeforeTheAnswer);
    let mut person = issuer.success().await;
    person.ask().await;
    let begun = Instant::now();
    let page = loop {
        let page = person.until("retrieved").await;
        if page.contains("id=\"pin\"") {
            break page;
        }
        assert!(begun.elapsed() < Duration::from_mins(1), "no PIN: {page}");
    };
    let request = issuer.open().await;
    assert_eq!(issuer.accept(&request, &pin(&page)).await, 200);
    person.until("issued").await;
    person.assert_trail(&["requested", "retrieved", "issued"]).await;
});

on_both!(an_offer_that_runs_out_is_renewed, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    issuer.there.tell(Manner::Held);
    let mut person = issuer.success().await;
    person.ask().await;
    assert_eq!(person.ask().await, 303, "a second click");
    let page = person.until("offered").await;
    // It is taken in the last second, and nobody hears of it in time.
    let request = issuer.open().await;
    assert_eq!(issuer.accept(&request, &pin(&page)).await, 200);
    let late = issuer.sent();
    issuer.pass(OFFER_SECONDS + 1);
    let page = person.until("expired").await;
    assert!(page.contains("action=\"/v/session/credential\""));
    assert_eq!(person.ask().await, 303);
    let page = person.until("offered").await;
    assert_ne!(issuer.sent().0, late.0);
    let second = pin(&page);
    assert_eq!(issuer.there.requests().len(), 2);
    // Now it is heard: nothing more is offered.
    assert_eq!(issuer.tell(Some(&late.1), body(&late.0, "issuance_successful")).await, 200);
    let page = person.until("issued").await;
    assert!(!page.contains(&second));
    person.assert_trail(&["requested", "expired", "requested", "issued", "expired"]).await;

    // One that was opened in time may be accepted a little later; one that was not cannot be opened any more.
    issuer.there.tell(Manner::Once);
    let mut person = issuer.success().await;
    person.ask().await;
    person.until("offered").await;
    let link = issuer.there.links().pop().unwrap();
    issuer.pass(OFFER_SECONDS - 100);
    issuer.open().await;
    issuer.pass(130);
    person.until("retrieved").await;
    issuer.pass(180);
    person.until("expired").await;
    assert_eq!(issuer.wallet("open", &[("link", &link)]).await.0, 410);
});

on_both!(only_the_tenant_is_believed, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let (mut person, mut other) = (issuer.success().await, issuer.success().await);
    person.ask().await;
    person.until("offered").await;
    let (state, key) = issuer.sent();
    other.ask().await;
    other.until("offered").await;
    let (_, others_key) = issuer.sent();
    // Another tenant's key, too, opens nothing but its own issuance.
    let (elsewhere, _) = place.stranger().await;
    let theirs = Place::caller(&elsewhere);
    assert!(credentials::set_client(place.ipse(), &theirs, &issuer.integration.id, &secret("x")).await.is_err());
    let success = || body(&state, "issuance_successful");
    for (forged, status) in [(None, 401), (Some(""), 401), (Some("guess"), 401), (Some(others_key.as_str()), 401)] {
        assert_eq!(issuer.tell(forged, success()).await, status, "{forged:?}");
    }
    assert_eq!(issuer.tell(Some(&key.to_uppercase()), success()).await, 401);
    assert_eq!(issuer.tell(Some(&key), body("iss_00000000000000000000000000", "issuance_successful")).await, 400);
    for state in ["", "x", "ver_00000000000000000000000000", "iss_'; drop table issuances"] {
        assert_eq!(issuer.tell(Some(&key), body(state, "issuance_successful")).await, 400, "{state}");
    }
    for broken in [&b""[..], b"{", b"[]", b"{\"state\":1}", &success()[..20]] {
        assert_eq!(issuer.tell(Some(&key), broken.to_vec()).await, 400);
    }
    let mut large = success();
    large.resize((10 << 20) - 1, b' ');
    large.extend_from_slice(b"  ");
    assert_eq!(issuer.tell(Some(&key), large).await, 413);
    person.until("offered").await;
    person.assert_trail(&["requested"]).await;
    let mut large = success();
    large.resize(10 << 20, b' ');
    assert_eq!(issuer.tell(Some(&key), large).await, 200, "as large as the service may");
    person.until("issued").await;
    other.until("offered").await;
});

on_both!(another_organizations_state_is_its_own, |place: Place| async move {
    let issuer = Issuer::new(&place).await;
    let mut person = issuer.success().await;
    person.ask().await;
    person.until("offered").await;
    let (state, key) = issuer.sent();
    // The other organization has the same tenant, a journey of the same name, and a person of its own.
    let (elsewhere, their_key) = place.stranger().await;
    let about = crate::support::opening("quick", &crate::support::employee());
    let theirs = |path: &str, body: Value| {
        let request = place.client.post(format!("{}{path}", place.base)).bearer_auth(&their_key).json(&body);
        async move { read(request.send().await.unwrap()).await }
    };
    let rules = json!({
        "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false, "uploads_allowed": true,
    });
    assert_eq!(theirs("/v1/journeys", json!({ "key": "quick", "name": "q", "rules": rules })).await.0, 201);
    connect(&place, &Place::caller(&elsewhere), tenant(&place)).await;
    let (status, opened) = theirs("/v1/verifications", about).await;
    assert_eq!(status, 201, "{opened}");
    let browser = place.claim(opened["link"].as_str().unwrap()).await;
    browser.picture(PASSPORT, passport_picture()).await;
    let mut stranger = Person { browser, ..issuer.success().await };
    stranger.until("none").await;
    stranger.csrf = token(&stranger.browser.get("/v/session").await.1);
    stranger.ask().await;
    stranger.until("offered").await;
    let (their_state, their_key) = issuer.sent();
    assert_eq!(issuer.tell(Some(&key), body(&their_state, "issuance_successful")).await, 401);
    assert_eq!(issuer.tell(Some(&their_key), body(&state, "issuance_successful")).await, 401);
    person.until("offered").await;
    stranger.until("offered").await;
});
