//! Presentations: leased once, met by no other tenant, and forgotten with the facts.

use crate::{Place, at, entropy, on_both, organization, verification};
use ipse_core::Private;
use ipse_core::id::{IntegrationId, PresentationId};
use ipse_core::presentation::{Disclosed, News, Presentation};
use ipse_store::due::DueRequest;

on_both!(presentations_and_what_was_disclosed, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let mine = verification(store, &ours, "ours").await;
    let (id, integration) = (PresentationId::new(at(0), entropy()), IntegrationId::new(at(0), entropy()));
    let presentation = Presentation::request(id.clone(), &mine, integration, at(0)).0;
    let claims = [("department".to_owned(), "Very secret department".to_owned())].into();
    let disclosed = Disclosed { claims: Private::new(claims), issuer: "did:web:a".into(), ..Disclosed::default() };
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_presentation(&presentation).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.locate_presentation(&id).await.unwrap(), Some((ours.clone(), mine.id.clone())));
    let asker = &presentation.integration;
    let due = [DueRequest {
        organization: ours.clone(),
        verification: mine.id.clone(),
        id: id.clone(),
        integration: asker.clone(),
    }];
    let all = async |seconds: i64| store.due_presentations(at(seconds), 10, 4, &[]).await.unwrap();
    assert_eq!(all(1).await, due);
    assert!(store.due_presentations(at(1), 10, 4, &[asker]).await.unwrap().is_empty(), "it is busy");

    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(!tx.lease_presentation(&id, &[8; 32], at(1), at(60)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.presentation_key(&id).await.unwrap(), None, "nobody has asked for it");
    assert!(tx.lease_presentation(&id, &[7; 32], at(1), at(60)).await.unwrap());
    assert!(!tx.lease_presentation(&id, &[6; 32], at(2), at(60)).await.unwrap(), "one server has it");
    tx.set_presentation_offer(&presentation, &"link").await.unwrap();
    tx.set_disclosed(&presentation, &disclosed).await.unwrap();
    tx.commit().await.unwrap();
    assert!(all(2).await.is_empty());

    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.presentations(&mine.id).await.unwrap().is_empty());
    assert_eq!(tx.presentation_key(&id).await.unwrap(), None);
    assert!(tx.presentation_offer::<String>(&presentation).await.unwrap().is_none());
    assert!(tx.disclosed(&presentation).await.unwrap().is_none());
    assert!(tx.set_presentation_offer(&presentation, &"stolen").await.is_err());
    drop(tx);
    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.set_disclosed(&presentation, &Disclosed::default()).await.is_err());
    drop(tx);
    let mut tx = store.begin(&theirs).await.unwrap();
    let verified = presentation.hear(News::Verified, at(3)).unwrap().0;
    tx.update_presentation(&verified).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.presentations(&mine.id).await.unwrap(), std::slice::from_ref(&presentation));
    assert_eq!(tx.presentation_key(&id).await.unwrap(), Some([7; 32]));
    assert_eq!(tx.presentation_offer::<String>(&presentation).await.unwrap().unwrap(), "link");
    tx.update_presentation(&verified).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.presentation_offer::<String>(&presentation).await.unwrap(), None, "destroyed");
    assert_eq!(tx.presentations(&mine.id).await.unwrap(), [verified]);
    assert_eq!(tx.disclosed(&presentation).await.unwrap(), Some(disclosed));
    tx.forget_facts(&mine.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.begin(&ours).await.unwrap().disclosed(&presentation).await.unwrap(), None, "forgotten");
    assert!(all(9_000).await.is_empty());
});

on_both!(no_tenant_crowds_out_another, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let of = verification(store, &ours, "ours").await;
    let tenants = [0, 1].map(|second| IntegrationId::new(at(second), entropy()));
    let mut tx = store.begin(&ours).await.unwrap();
    for (second, tenant) in [(0, 0), (1, 0), (2, 0), (3, 1)] {
        let id = PresentationId::new(at(second), entropy());
        tx.insert_presentation(&Presentation::request(id, &of, tenants[tenant].clone(), at(0)).0).await.unwrap();
    }
    tx.commit().await.unwrap();
    let due = store.due_presentations(at(1), 3, 2, &[]).await.unwrap();
    let whose: Vec<_> = due.iter().map(|due| &due.integration).collect();
    assert_eq!(whose, [&tenants[0], &tenants[0], &tenants[1]]);
    assert!(store.due_presentations(at(1), 3, 2, &[&tenants[0], &tenants[1]]).await.unwrap().is_empty());
});
