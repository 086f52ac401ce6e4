//! What a tenant tells of presentations, what others pretend to, and what counts no more; and those that a caller shows.

use super::presented::{Verifier, outcomes};
use super::{SECRET, connect, tenant};
use crate::support::{Place, employee, on_both, opening, read};
use ipse_sandbox::entra::{AUTHORITY, CREDENTIAL, Manner, OFFER_SECONDS, Refusal};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// What Entra would say of a good credential.
fn verified(state: &str) -> Vec<u8> {
    let data = json!({
        "issuer": AUTHORITY, "type": ["VerifiableCredential", CREDENTIAL],
        "claims": { "given_name": "Anna Maria", "family_name": "Eriksson", "birthdate": "1974-08-12", "shoe": "Size forty-two" },
        "credentialState": { "revocationStatus": "VALID" }, "domainValidation": { "url": "https://utopia.example/" },
        "expirationDate": "2099-01-01T00:00:00Z",
    });
    told(
        state,
        "presentation_verified",
        &json!({ "verifiedCredentialsData": [data], "receipt": { "id_token": "r3c31pt" } }),
    )
}

fn told(state: &str, status: &str, more: &Value) -> Vec<u8> {
    let mut body = json!({ "requestId": "r", "requestStatus": status, "state": state });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body.to_string().into_bytes()
}

fn wanted(journey: &str) -> Value {
    let mut wanted = opening(journey, &employee());
    wanted.as_object_mut().unwrap().remove("delivery");
    wanted
}

on_both!(however_it_is_told_it_counts_once, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    for (manner, expected) in [
        (Manner::Twice, &["requested", "retrieved", "verified"][..]),
        (Manner::Backwards, &["requested", "verified"]),
        (Manner::BeforeTheAnswer, &["requested", "retrieved", "verified"]),
    ] {
        verifier.issuer.there.tell(manner);
        let mut person = verifier.person().await;
        assert_eq!(person.ask().await, 303);
        if manner != Manner::BeforeTheAnswer {
            person.until("offered").await;
            assert_eq!(verifier.present().await, 200);
        }
        person.ends("succeeded").await;
        // What is told again, later, and by a word that nobody has documented, changes nothing.
        let (state, key) = verifier.sent();
        for status in ["request_retrieved", "presentation_error", "wallet_is_thinking", "presentation_verified"] {
            assert_eq!(verifier.tell(Some(&key), told(&state, status, &json!({}))).await, 200, "{status}");
        }
        let found = person.ends("succeeded").await;
        assert_eq!((found["attempts"].as_u64(), found["reports"].as_array().unwrap().len()), (Some(1), 1));
        person.assert_trail(expected).await;
    }
    assert!(verifier.issuer.there.told().iter().all(|told| told.answer == Some(200)));
});

on_both!(only_the_tenant_that_was_asked_is_believed, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    let person = verifier.asked().await;
    let (state, key) = verifier.sent();
    let other = verifier.asked().await;
    let (others_state, others_key) = verifier.sent();
    for forged in [None, Some(""), Some("guess"), Some(others_key.as_str()), Some(&key.to_uppercase())] {
        assert_eq!(verifier.tell(forged, verified(&state)).await, 401, "{forged:?}");
    }
    for unknown in
        ["", "x", "prs_00000000000000000000000000", "iss_00000000000000000000000000", "prs_'; drop table presentations"]
    {
        assert_eq!(verifier.tell(Some(&key), verified(unknown)).await, 400, "{unknown}");
    }
    let whole = verified(&state);
    for broken in [&b""[..], b"{", b"[]", b"{\"state\":1}", &whole[..whole.len() / 2]] {
        assert_eq!(verifier.tell(Some(&key), broken.to_vec()).await, 400);
    }
    // Where issuances are told of, it is nothing, and the other way round.
    assert_eq!(verifier.issuer.tell(Some(&key), verified(&state)).await, 400);
    let mut large = verified(&state);
    large.resize((10 << 20) + 1, b' ');
    assert_eq!(verifier.tell(Some(&key), large).await, 413);

    // Another organization has the same tenant and a journey of the same name.
    let (elsewhere, their_key) = place.stranger().await;
    let theirs = |path: &str, body: Value| {
        let request = place.client.post(format!("{}{path}", place.base)).bearer_auth(&their_key).json(&body);
        async move { read(request.send().await.unwrap()).await }
    };
    for key in ["quick", "badge"] {
        let policy = json!({ "credential": CREDENTIAL, "accepted_issuers": [AUTHORITY] });
        let rules = json!({ "document_kinds": [], "selfie_required": false, "liveness_required": false, "name_rule": "none",
            "presentation": policy });
        assert_eq!(theirs("/v1/journeys", json!({ "key": key, "name": key, "rules": rules })).await.0, 201);
    }
    assert_eq!(theirs("/v1/presentations", wanted("badge")).await.0, 422, "no tenant is theirs");
    connect(&place, &Place::caller(&elsewhere), tenant(&place)).await;
    let (status, opened) = theirs("/v1/presentations", wanted("badge")).await;
    assert_eq!(status, 201, "{opened}");
    let (their_state, their_secret) = verifier.sent();
    assert_eq!(verifier.tell(Some(&key), verified(&their_state)).await, 401);
    assert_eq!(verifier.tell(Some(&their_secret), verified(&state)).await, 401);

    for person in [&person, &other] {
        person.until("offered").await;
        person.assert_trail(&["requested"]).await;
    }
    assert_eq!(verifier.tell(Some(&others_key), verified(&others_state)).await, 200);
    other.ends("succeeded").await;
    person.until("offered").await;
});

on_both!(what_comes_late_counts_while_the_person_is_there, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    verifier.issuer.there.tell(Manner::Held);
    // It was shown in the last second, and nobody hears of it in time.
    let mut person = verifier.asked().await;
    assert_eq!(verifier.present().await, 200);
    verifier.issuer.pass(OFFER_SECONDS + 1);
    person.until("expired").await;
    assert_eq!(person.ask().await, 303);
    person.until("offered").await;
    let newer = verifier.sent();
    verifier.issuer.there.release().await;
    person.ends("succeeded").await;
    assert_eq!(verifier.tell(Some(&newer.1), verified(&newer.0)).await, 200);
    person.assert_trail(&["requested", "expired", "requested", "verified"]).await;

    // One that was opened in time may be answered a little later.
    verifier.issuer.there.tell(Manner::Once);
    let person = verifier.asked().await;
    verifier.issuer.pass(OFFER_SECONDS - 100);
    verifier.open().await;
    verifier.issuer.pass(130);
    person.until("retrieved").await;

    // After the end of the verification nothing counts.
    let person = verifier.asked().await;
    let (state, key) = verifier.sent();
    place.clock.advance(SignedDuration::from_mins(31));
    assert_eq!(verifier.tell(Some(&key), verified(&state)).await, 200);
    let found = person.ends("expired").await;
    assert_eq!(found["reports"], json!([]));
    person.assert_trail(&["requested", "expired"]).await;
});

on_both!(who_says_no_or_lost_the_link_shows_nothing, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    // "Not me", while a wallet is at it.
    let mut person = verifier.asked().await;
    let (state, key) = verifier.sent();
    verifier.open().await;
    let csrf = person.csrf.clone();
    assert_eq!(person.browser.post("/v/session/decline", &[("csrf", &csrf)]).await.status(), 303);
    assert_eq!(verifier.tell(Some(&key), verified(&state)).await, 200);
    assert_eq!(person.ends("declined").await["reports"], json!([]));
    assert_eq!(person.ask().await, 409);

    // In the wallet nobody agrees: the service says nothing, and the request runs out.
    let mut person = verifier.asked().await;
    verifier.open().await;
    person.until("retrieved").await;
    verifier.issuer.pass(OFFER_SECONDS + 1);
    person.until("expired").await;
    assert_eq!(person.browser.post("/v/session/presentation", &[("csrf", "guess")]).await.status(), 403);

    // A new link: whoever opened the old one shows their credential to nobody.
    let person = verifier.asked().await;
    let (state, key) = verifier.sent();
    let (status, opened) = place.post(&format!("/v1/verifications/{}/resend-link", person.id), &json!({})).await;
    assert_eq!(status, 200, "{opened}");
    assert_eq!(verifier.tell(Some(&key), verified(&state)).await, 200);
    let browser = place.claim(opened["link"].as_str().unwrap()).await;
    assert!(browser.get("/v/session").await.1.contains("data-presentation=\"none\""));
    assert_eq!(verifier.tell(Some(&key), verified(&state)).await, 200);
    assert!(browser.get("/v/session").await.1.contains("data-presentation=\"none\""));
    person.assert_trail(&["requested"]).await;
});

on_both!(a_caller_shows_the_code_themselves, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    let there = verifier.issuer.there;
    let post = async |key: &str, body: &Value| {
        let request = place.request(reqwest::Method::POST, "/v1/presentations").header("idempotency-key", key);
        read(request.json(body).send().await.unwrap()).await
    };
    let (status, asked) = post("a", &wanted("badge")).await;
    assert_eq!(status, 201, "{asked}");
    let id = asked["verification"]["id"].as_str().unwrap();
    assert_eq!((&asked["object"], &asked["verification"]["status"]), (&json!("presentation"), &json!("in_progress")));
    assert_eq!(asked["link"], there.presentation_links()[0]);
    assert!(asked["qr_code"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    assert!(asked["expires_at"].is_string() && asked["verification"].get("link").is_none());
    // The same call again is the same request, and the answer has it still.
    let (status, again) = post("a", &wanted("badge")).await;
    assert_eq!((status, &again), (StatusCode::CREATED, &asked));
    assert_eq!(there.presentation_requests().len(), 1);
    assert_eq!(verifier.present().await, 200);
    let found = place.until(id, &["succeeded"]).await;
    assert!(outcomes(&found).iter().all(|(_, outcome, _)| outcome == "pass"), "{found}");
    let (_, again) = post("a", &wanted("badge")).await;
    assert_eq!((&again["verification"]["status"], &again["link"]), (&json!("succeeded"), &Value::Null));

    // What ran out, or failed in the wallet, is asked for anew; what a wallet can still open stays as it is.
    let renew = async |id: &str| place.post(&format!("/v1/presentations/{id}/renew"), &json!({})).await;
    assert_eq!(renew(id).await.0, 409, "it has succeeded");
    let (_, first) = post("again", &wanted("badge")).await;
    let again = first["verification"]["id"].as_str().unwrap();
    let (status, same) = renew(again).await;
    assert_eq!((status.as_u16(), &same["link"]), (200, &first["link"]));
    verifier.issuer.pass(OFFER_SECONDS + 1);
    let (status, second) = renew(again).await;
    assert!(status == 200 && second["link"] != first["link"] && second["link"].is_string(), "{second}");
    let (state, key) = verifier.sent();
    let error = json!({ "error": { "code": "claimValidationError", "message": "Match confidence score" } });
    assert_eq!(verifier.tell(Some(&key), told(&state, "presentation_error", &error)).await, 200);
    there.refuse(Some(Refusal { status: 503, code: "serviceUnavailable", inner: None }));
    assert_eq!(renew(again).await.0, 503);
    there.refuse(None);
    let (status, third) = renew(again).await;
    assert!(status == 200 && third["link"] != second["link"] && third["link"].is_string(), "{third}");
    assert_eq!(verifier.present().await, 200);
    place.until(again, &["succeeded"]).await;
    // Whoever has a link asks on its pages; and nobody asks for another organization's.
    let (linked, _) = place.open("badge").await;
    assert_eq!(renew(&linked).await.0, 404);
    let (_, theirs) = place.stranger().await;
    let request = place.client.post(format!("{}/v1/presentations/{again}/renew", place.base)).bearer_auth(&theirs);
    assert_eq!(request.send().await.unwrap().status(), 404);

    // Each relying party has its own policy.
    verifier.journey("door", json!({ "constraints": [{ "claim": "birthdate", "values": ["1999-09-09"] }] })).await;
    assert_eq!(post("b", &wanted("door")).await.0, 201);
    assert!(verifier.open().await.1.contains("no such credential"));
    let sent = there.presentation_requests().pop().unwrap();
    assert_eq!(sent["requestedCredentials"][0]["constraints"][0]["claimName"], "birthdate");

    // What cannot be asked for, and who cannot be asked.
    assert_eq!(post("c", &wanted("quick")).await.0, 422, "that journey takes a passport");
    assert_eq!(post("d", &wanted("nothing")).await.0, 404);
    there.refuse(Some(Refusal { status: 403, code: "forbidden", inner: None }));
    let (status, refused) = post("e", &wanted("badge")).await;
    assert_eq!((status, &refused["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")), "{refused}");
    let (_, list) = place.get("/v1/verifications").await;
    assert_eq!(list["data"][0]["status"], "cancelled");
    there.refuse(None);
    let second =
        ipse_connectors::entra::Tenant { manifest: format!("{}/second", place.sandbox.url()), ..tenant(&place) };
    place.journey("second", json!({})).await;
    let wanted_second = ipse_server::app::integrations::Wanted {
        name: "Second".into(),
        journey: "second".into(),
        system: ipse_server::app::integrations::System::Entra(second),
    };
    let mut tx = place.ipse().store.begin(&place.organization).await.unwrap();
    let caller = Place::caller(&place.organization);
    ipse_server::app::integrations::create(place.ipse(), &mut tx, &caller, wanted_second).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(post("f", &wanted("badge")).await.0, 422, "which of the two is not said");
    verifier.journey("named", json!({ "integration": verifier.issuer.integration.id })).await;
    assert_eq!(post("g", &wanted("named")).await.0, 201);
});

on_both!(nothing_of_what_was_shown_remains, |place: Place| async move {
    let verifier = Verifier::new(&place, json!({})).await;
    let person = verifier.asked().await;
    let (state, key) = verifier.sent();
    assert_eq!(verifier.tell(Some(&key), verified(&state)).await, 200);
    person.ends("succeeded").await;
    place.assert_kept_nowhere(&state, &["openid-vc://", key.as_str(), "forty-two", "r3c31pt", SECRET, "Eriksson"]);
    // Sealed, there is what the checks were put to, and no more; with the facts it goes.
    let id = person.id.parse().unwrap();
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let shown = tx.presentations(&id).await.unwrap().remove(0);
    let kept = tx.disclosed(&shown).await.unwrap().unwrap();
    assert!(kept.claims.reveal().is_empty() && tx.presentation_offer::<String>(&shown).await.unwrap().is_none());
    drop(tx);
    assert_eq!(place.post(&format!("/v1/verifications/{}/redact", person.id), &json!({})).await.0, 200);
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    assert!(tx.disclosed(&shown).await.unwrap().is_none());
});
