//! The picture in a credential: of whoever was seen alive and held against the document, where the organization wants it.

use super::{Issuer, Person, tenant};
use crate::faces::{Face, SELF, drawn};
use crate::support::{PASSPORT, Place, on_both, passport_picture};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipse_checks::document::image::{Limits, decode};
use ipse_checks::face::portrait;
use ipse_connectors::entra::{Fact, Tenant};
use ipse_sandbox::specimen::performance::Performer;
use serde_json::json;

fn with_picture(place: &Place) -> Tenant {
    let mut tenant = tenant(place);
    tenant.claims.insert("photo".to_owned(), Fact::Portrait);
    tenant
}

on_both!(a_face_that_was_seen_alive_goes_into_the_credential, drawn, |place: Place| async move {
    let rules = json!({ "selfie_required": true, "liveness_required": true });
    let issuer = Issuer::after(&place, with_picture(&place), rules).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    Face::new(&place, &phone).await.perform(Performer::Person(SELF), false).await;
    let mut person = Person::new(&place, id, phone).await;
    person.ask().await;
    person.until("offered").await;

    let sent = issuer.there.requests().pop().unwrap();
    let photo = URL_SAFE_NO_PAD.decode(sent["claims"]["photo"].as_str().unwrap()).unwrap();
    let picture = decode(&photo, &Limits::default()).unwrap().pixels;
    assert!(picture.width == picture.height && (200..=480).contains(&picture.width), "{} wide", picture.width);
    let face = portrait(&place.ipse().faces, &picture).expect("the face is on it").face.area;
    let middle = picture.width as f32 / 2.0;
    assert!((face.left + face.width / 2.0 - middle).abs() < middle / 4.0, "in the middle: {face:?}");
    let (_, shown) = issuer.wallet("open", &[("link", &issuer.there.links()[0])]).await;
    assert!(shown.contains("a picture, ") && !shown.contains("_9j_"), "{shown}");
});

on_both!(without_a_face_there_is_a_credential_without_a_picture, drawn, |place: Place| async move {
    let issuer = Issuer::of(&place, with_picture(&place)).await;
    issuer.issued().await;
    let sent = issuer.there.requests().pop().unwrap();
    assert!(
        sent["claims"].get("given_name").is_some() && sent["claims"].get("photo").is_none(),
        "a portrait of a page is none"
    );
});
