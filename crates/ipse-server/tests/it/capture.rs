//! The person's link and pictures: what is refused, and how.

use crate::support::{Browser, PASSPORT, Place, dark_picture, on_both, passport_picture, read, token};
use ipse_sandbox::directory::employees;
use ipse_sandbox::specimen::{Camera, id_card_back, id_card_front, photograph};
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;

on_both!(looking_changes_nothing_and_one_browser_claims, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let scanner = Browser::new(&place);
    for _ in 0..3 {
        let (status, page) = scanner.get(&link).await;
        assert_eq!(status, 200);
        assert!(page.contains("INC0010023") && page.contains("Reset a password") && page.contains("Utopia"));
    }
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "created");
    let phone = place.claim(&link).await;
    let mut second = Browser::new(&place);
    assert_eq!(second.post(&format!("{link}/claim"), &[]).await.status(), 409);
    assert!(second.get(&link).await.1.contains("already opened"));
    assert_eq!(second.get("/v/session").await.0, 404);
    assert_eq!(phone.get("/v/session").await.0, 200, "a reload goes on where it was");
    assert_eq!(phone.raw(&link).await.status(), 303, "the link leads its own browser back");
});

on_both!(a_click_from_another_site_claims_nothing, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let forged =
        place.client.post(format!("{link}/claim")).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(forged.status(), 403);
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "created");
});

on_both!(unknown_expired_and_resent_links, |place: Place| async move {
    place.journey("quick", json!({ "link_minutes": 5 })).await;
    let mut browser = Browser::new(&place);
    for path in ["/v/nonsense", "/v/%00", "/v/..%2f..%2fetc"] {
        assert_eq!(browser.get(path).await.0, 404, "{path}");
    }
    assert_eq!(browser.post("/v/nonsense/claim", &[]).await.status(), 404);
    let (id, old) = place.open("quick").await;
    let phone = place.claim(&old).await;
    let (status, resent) = place.post(&format!("/v1/verifications/{id}/resend-link"), &json!({})).await;
    assert_eq!(status, 200, "{resent}");
    assert_eq!(resent["status"], "link_sent");
    assert_eq!(phone.get("/v/session").await.0, 404, "the claim died with its link");
    assert_eq!(browser.get(&old).await.0, 404, "the old link is dead");
    let new = resent["link"].as_str().unwrap();
    place.claim(new).await;

    let (_, late) = place.open("quick").await;
    place.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(browser.post(&format!("{late}/claim"), &[]).await.status(), 410);
});

on_both!(pictures_that_are_not_taken, |place: Place| async move {
    place.journey("quick", json!({ "max_attempts": 3 })).await;
    let (_, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    let good = passport_picture();
    // Not a picture, a truncated one, an empty one: a hint each, and nothing is kept.
    for bytes in [b"not a picture".to_vec(), good[..good.len() / 2].to_vec(), Vec::new()] {
        let (status, answer) = phone.picture(PASSPORT, bytes).await;
        assert_eq!((status.as_u16(), &answer["accepted"]), (200, &json!(false)));
        assert_eq!(answer["hints"][0]["code"], "image_unreadable");
    }
    // Without the page's token, with a wrong one, of the wrong kind, out of turn.
    assert_eq!(phone.picture_with("", PASSPORT, good.clone()).await.0, 403);
    assert_eq!(phone.picture_with("wrong", PASSPORT, good.clone()).await.0, 403);
    for what in [
        "kind=selfie",
        "kind=document&document_kind=id_card&side=front",
        "kind=document&document_kind=passport&side=back",
        "kind=document&document_kind=pass&side=front",
        "kind=thing",
        "",
    ] {
        let (status, answer) = phone.picture(what, good.clone()).await;
        assert_eq!(status, 422, "{what}: {answer}");
        assert!(answer["code"].is_string());
    }
    // After the last try a poor picture is taken for what it is; a person will look at it.
    let (_, answer) = phone.picture(PASSPORT, dark_picture()).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    assert!(answer["hints"].as_array().unwrap().iter().any(|hint| hint["code"] == "mrz_not_found"));
});

on_both!(a_poor_picture_goes_to_review_not_through, |place: Place| async move {
    place.journey("quick", json!({ "max_attempts": 1 })).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    phone.picture(PASSPORT, dark_picture()).await;
    let found = place.until(&id, &["pending_review", "succeeded", "failed"]).await;
    assert_eq!(found["status"], "pending_review");
    assert_eq!(phone.picture_with("x", PASSPORT, dark_picture()).await.0, 403);
});

on_both!(an_id_card_needs_both_sides, |place: Place| async move {
    place.journey("card", json!({ "document_kinds": ["passport", "id_card"] })).await;
    let (id, link) = place.open("card").await;
    let phone = place.claim(&link).await;
    let person = employees().remove(0).person;
    let front = photograph(&id_card_front(&person, 7), &Camera::default());
    let back = photograph(&id_card_back(&person, 7), &Camera::default());
    let card = "kind=document&document_kind=id_card&side=";
    let (_, answer) = phone.picture(&format!("{card}front"), front).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    assert!(phone.get("/v/session").await.1.contains("side=back"));
    let (_, answer) = phone.picture_with(&token(&phone.get("/v/session").await.1), &format!("{card}back"), back).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    assert_eq!(place.until(&id, &["succeeded", "failed", "pending_review"]).await["status"], "succeeded");
});

on_both!(a_form_without_scripts_works_too, |place: Place| async move {
    place.journey("quick", json!({ "max_attempts": 3 })).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    let csrf = token(&phone.get("/v/session?document_kind=passport").await.1);
    let send = async |bytes: Vec<u8>| {
        let form = reqwest::multipart::Form::new()
            .text("csrf", csrf.clone())
            .part("image", reqwest::multipart::Part::bytes(bytes).file_name("p.jpg"));
        let request = place.client.post(format!("{}/v/session/evidence?{PASSPORT}", place.base));
        request.header("cookie", &phone.cookie).multipart(form).send().await.unwrap()
    };
    let refused = send(b"junk".to_vec()).await;
    assert_eq!(refused.status(), 200);
    assert!(refused.text().await.unwrap().contains("could not be read"));
    assert_eq!(send(passport_picture()).await.status(), 303);
    place.until(&id, &["succeeded"]).await;
});

on_both!(the_phone_takes_over_and_the_desktop_follows, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let mut desktop = place.claim(&link).await;
    let cookie = desktop.cookie.split_once('=').unwrap().1.to_owned();
    let mut links = Vec::new();
    for _ in 0..2 {
        let shown = desktop.submit("/v/session?document_kind=passport", "/v/session/handover", &[]).await;
        assert_eq!(shown.status(), 303);
        let nonce = shown.headers()["location"].to_str().unwrap().split_once("qr=").unwrap().1.to_owned();
        let qr = desktop.raw(&format!("/v/session/handover.svg?n={nonce}")).await;
        assert_eq!(qr.headers()["content-type"], "image/svg+xml");
        assert!(desktop.get(&format!("/v/session?qr={nonce}")).await.1.contains(&format!("handover.svg?n={nonce}")));
        links.push(ipse_server::app::capture::hand_over_link(place.ipse(), &cookie, &nonce));
    }
    assert_eq!(Browser::new(&place).post(&links[0], &[]).await.status(), 404, "a newer code kills the older");
    let link = links.remove(1);
    let mut phone = Browser::new(&place);
    assert!(phone.get(&link).await.1.contains("INC0010023"));
    assert_eq!(phone.post(&link, &[]).await.status(), 303);
    assert_eq!(Browser::new(&place).post(&link, &[]).await.status(), 410, "the code works once");
    assert!(desktop.get("/v/session").await.1.contains("/v/session/reclaim"), "the desktop only follows");
    let csrf = token(&desktop.get("/v/session").await.1);
    assert_eq!(desktop.picture_with(&csrf, PASSPORT, passport_picture()).await.0, 409);
    assert_eq!(desktop.submit("/v/session", "/v/session/reclaim", &[]).await.status(), 303);
    assert_eq!(desktop.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    place.until(&id, &["succeeded"]).await;
    let (_, found) =
        read(place.request(Method::GET, &format!("/v1/verifications/{id}/events")).send().await.unwrap()).await;
    assert!(found.as_str().unwrap().contains("verification.handed_over"));
});

on_both!(five_languages, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (_, link) = place.open("quick").await;
    let browser = Browser::new(&place);
    for (language, word) in [("en", "I agree"), ("de", "Ich"), ("es", "Acepto"), ("fr", "accepte"), ("ja", "同意")] {
        let (_, page) = browser.get(&format!("{link}?lang={language}")).await;
        assert!(page.contains(&format!("lang=\"{language}\"")) && page.contains(word), "{language}: {page}");
    }
});

on_both!(too_much_at_once_is_said_at_once, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let (_, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    let csrf = token(&phone.get("/v/session?document_kind=passport").await.1);
    let limit = place.ipse().config.limits.picture_bytes;
    let (status, answer) = phone.picture_with(&csrf, PASSPORT, vec![0; limit + 10_000]).await;
    assert_eq!((status.as_u16(), &answer["code"]), (413, &json!("too_large")));
});
