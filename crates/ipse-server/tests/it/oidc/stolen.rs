//! What a thief gains by a request, a code, a state or a cookie moved to another browser, client or organization: nothing.

use super::{CALLBACK, Party, Person, authorize, csrf, error_page, picture};
use crate::support::{Browser, Place, on_both};
use serde_json::json;

on_both!(a_stolen_request_uri_in_another_browser, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut victim = Person::arrive(&okta, &[]).await;
    // Before a click it may be a prefetcher that was first; then the request is the later browser's.
    let mut second = Person::arrive_with(&place, &victim.authorize).await;
    let here = victim.here.clone();
    error_page(victim.browser.go(&here).await).await;
    second.begin().await;
    let mut thief = Browser::new(&place);
    error_page(thief.go(&victim.authorize).await).await;
    for path in [here.clone(), format!("{here}/events")] {
        error_page(thief.go(&path).await).await;
    }
    error_page(victim.browser.go(&victim.authorize.clone()).await).await;
    second.show(picture()).await;
    error_page(thief.go(&here).await).await;
    assert!(second.back().await.get("code").is_some());
});

on_both!(a_stolen_way_without_its_cookie_or_with_another, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut victim = Person::arrive(&okta, &[]).await;
    let mut thief = Person::arrive(&okta, &[("login_hint", "00uThief")]).await;
    let token = csrf(&victim.browser.get(&victim.here.clone()).await.1);
    for action in ["begin", "cancel"] {
        let url = format!("{}/{action}", victim.here);
        error_page(thief.browser.post(&url, &[("csrf", &token)]).await).await;
        error_page(Browser::new(&place).post(&url, &[("csrf", &token)]).await).await;
    }
    // The thief's own evidence answers the thief's own request only.
    thief.begin().await;
    victim.begin().await;
    thief.browser.picture(crate::support::PASSPORT, picture()).await;
    let own = thief.verification.clone();
    place.until(&own, &["succeeded"]).await;
    error_page(thief.browser.go(&victim.here).await).await;
    let (_, page) = victim.browser.get(&victim.here.clone()).await;
    assert!(page.contains("is under way"));
    // A capture session taken along does not bring the other's way back.
    let stolen = thief.browser.cookie.split("; ").find(|pair| pair.starts_with("ipse-capture=")).unwrap().to_owned();
    let mut mixed = Browser::new(&place);
    mixed.cookie = format!("{}; {stolen}", victim.browser.cookie.split("; ").next().unwrap());
    let (_, page) = mixed.get("/v/session").await;
    assert!(!page.contains("/oauth2/requests/"), "{page}");
});

on_both!(a_stolen_code_at_another_client_or_organization, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut victim = Person::arrive(&okta, &[]).await;
    victim.begin().await;
    victim.show(picture()).await;
    let code = victim.back().await.get("code").unwrap().to_owned();
    let (_, elsewhere) = place.stranger().await;
    let post = async |path: &str, body: &serde_json::Value| {
        let request = place.client.post(format!("{}{path}", place.base)).bearer_auth(&elsewhere).json(body);
        crate::support::read(request.send().await.unwrap()).await
    };
    let rules = json!({ "document_kinds": ["passport"], "selfie_required": false, "liveness_required": false });
    post("/v1/journeys", &json!({ "key": "recover", "name": "r", "rules": rules })).await;
    let client = json!({
        "profile": "okta-idv", "name": "Theirs", "redirect_uris": [CALLBACK], "journey": "recover",
    });
    let (status, client) = post("/v1/clients", &client).await;
    assert_eq!(status, 201, "{client}");
    let text = |name: &str| client[name].as_str().unwrap().to_owned();
    let theirs = Party { place: &place, id: text("id"), secret: text("client_secret") };
    let (status, body) = theirs.redeem(&code, &[]).await;
    assert_eq!((status.as_u16(), body["error"].as_str()), (400, Some("invalid_grant")));
    let (status, _) = theirs.redeem(&code, &[("client_id", &okta.id)]).await;
    assert_eq!(status, 401);
    assert_eq!(okta.redeem(&code, &[]).await.0, 200, "it is still its owner's");
});

on_both!(a_way_that_is_over_stays_over, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    let here = person.here.clone();
    let token = csrf(&person.browser.get(&here).await.1);
    person.show(picture()).await;
    assert!(person.back().await.get("code").is_some());
    for action in ["begin", "cancel"] {
        error_page(person.browser.post(&format!("{here}/{action}"), &[("csrf", &token)]).await).await;
    }
    // The capture page no longer leads there.
    let (_, page) = person.browser.get("/v/session").await;
    assert!(!page.contains("/oauth2/requests/"), "{page}");
});

on_both!(a_client_that_is_removed_takes_everything_with_it, |place: Place| async move {
    let okta = Party::okta(&place, json!({})).await;
    let uri = okta.request_uri(&[("login_hint", "00uOne")]).await;
    let mut person = Person::arrive(&okta, &[]).await;
    person.begin().await;
    person.show(picture()).await;
    let code = person.back().await.get("code").unwrap().to_owned();
    let mut open = Person::arrive(&okta, &[("login_hint", "00uTwo")]).await;
    let request = place.request(reqwest::Method::DELETE, &format!("/v1/clients/{}", okta.id));
    assert_eq!(request.send().await.unwrap().status(), 204);
    assert_eq!(okta.push(&[]).await.0, 401);
    assert_eq!(okta.redeem(&code, &[]).await.0, 401);
    error_page(Browser::new(&place).go(&authorize(&uri)).await).await;
    let here = open.here.clone();
    error_page(open.browser.go(&here).await).await;
});
