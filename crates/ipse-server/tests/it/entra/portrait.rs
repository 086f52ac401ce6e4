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

/// Who issues with a picture, after a journey with a live selfie.
async fn issuer(place: &Place) -> Issuer<'_> {
    let rules = json!({ "selfie_required": true, "liveness_required": true });
    Issuer::after(place, with_picture(place), rules).await
}

/// Somebody who was seen alive.
async fn seen(place: &Place) -> Person<'_> {
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
    Face::new(place, &phone).await.perform(Performer::Person(SELF), false).await;
    Person::new(place, id, phone).await
}

on_both!(a_face_that_was_seen_alive_goes_into_the_credential, drawn, |place: Place| async move {
    let (issuer, mut person) = (issuer(&place).await, seen(&place).await);
    person.ask().await;
    person.until("offered").await;

    let sent = issuer.there.requests().pop().unwrap();
    let photo = URL_SAFE_NO_PAD.decode(sent["claims"]["photo"].as_str().unwrap()).unwrap();
    let text = sent["claims"]["photo"].as_str().unwrap();
    place.assert_kept_nowhere(&person.id, &[&text[..60], &text[text.len() - 60..]]);
    let picture = decode(&photo, &Limits::default()).unwrap().pixels;
    assert!(picture.width == picture.height && (200..=480).contains(&picture.width), "{} wide", picture.width);
    let face = portrait(&place.ipse().faces, &picture).expect("the face is on it").face.area;
    let middle = picture.width as f32 / 2.0;
    assert!((face.left + face.width / 2.0 - middle).abs() < middle / 4.0, "in the middle: {face:?}");
    let (_, shown) = issuer.wallet("open", &[("link", &issuer.there.links()[0])]).await;
    assert!(shown.contains("a picture, ") && !shown.contains("_9j_"), "{shown}");
});

on_both!(a_picture_that_is_gone_or_broken_holds_nobody_up, drawn, |place: Place| async move {
    let issuer = issuer(&place).await;
    for gone in [true, false] {
        let mut person = seen(&place).await;
        let of = person.id.parse().unwrap();
        let (store, organization) = (&place.ipse().store, &place.organization);
        let pictures = store.read(organization).await.unwrap().list_evidence(&of).await.unwrap();
        if gone {
            store.remove_evidence(organization, &of).await.unwrap();
        } else {
            for one in pictures {
                store.put_evidence(organization, &of, &one.id, b"not what was sealed".to_vec()).await.unwrap();
            }
        }
        person.ask().await;
        person.until("offered").await;
        let sent = issuer.there.requests().pop().unwrap();
        assert!(sent["claims"].get("given_name").is_some() && sent["claims"].get("photo").is_none(), "{gone}");
    }
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
