//! Issuances of credentials: their offers, whose turn it is, finding and revoking what was issued, and nobody else's.

use crate::{Place, at, entropy, on_both, organization, verification};
use ipse_core::id::{IntegrationId, IssuanceId};
use ipse_core::issuance::{Issuance, News};
use ipse_core::verification::Verification;
use ipse_store::due::DueRequest;
use ipse_store::issuances::CredentialFilter;

on_both!(issuances_and_their_offers, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let mine = verification(store, &ours, "ours").await;
    let (id, integration) = (IssuanceId::new(at(0), entropy()), IntegrationId::new(at(0), entropy()));
    let issuance = Issuance::request(id.clone(), &mine, integration, true, at(0)).0;
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_issuance(&issuance).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.locate_issuance(&id).await.unwrap(), Some((ours.clone(), mine.id.clone())));
    let due = [DueRequest {
        organization: ours.clone(),
        verification: mine.id.clone(),
        id: id.clone(),
        integration: issuance.integration.clone(),
    }];
    let all = async |seconds: i64| store.due_issuances(at(seconds), 10, 4, &[]).await.unwrap();
    assert_eq!(all(1).await, due);
    assert!(store.due_issuances(at(1), 10, 4, &[&issuance.integration]).await.unwrap().is_empty(), "it is busy");

    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(!tx.lease_issuance(&id, &[8; 32], at(1), at(60)).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.issuance_key(&id).await.unwrap(), None, "nobody has requested it");
    assert!(tx.lease_issuance(&id, &[7; 32], at(1), at(60)).await.unwrap());
    assert!(!tx.lease_issuance(&id, &[6; 32], at(2), at(60)).await.unwrap(), "one server has it");
    tx.set_offer(&issuance, &"link").await.unwrap();
    tx.commit().await.unwrap();
    assert!(all(2).await.is_empty());

    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.issuances(&mine.id).await.unwrap().is_empty());
    assert_eq!(tx.issuance(&id).await.unwrap(), None);
    assert_eq!(tx.issuance_key(&id).await.unwrap(), None);
    assert!(tx.offer::<String>(&issuance).await.unwrap().is_none());
    assert!(tx.set_offer(&issuance, &"stolen").await.is_err());
    drop(tx);
    let mut tx = store.begin(&theirs).await.unwrap();
    let issued = issuance.hear(News::Issued, at(3)).unwrap().0;
    tx.update_issuance(&issued).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.issuances(&mine.id).await.unwrap(), std::slice::from_ref(&issuance));
    assert_eq!(tx.issuance_key(&id).await.unwrap(), Some([7; 32]));
    assert_eq!(tx.offer::<String>(&issuance).await.unwrap().unwrap(), "link");
    tx.update_issuance(&issued).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.offer::<String>(&issuance).await.unwrap(), None, "destroyed");
    assert_eq!(tx.issuances(&mine.id).await.unwrap(), std::slice::from_ref(&issued));
    assert_eq!(tx.issuance(&id).await.unwrap(), Some(issued.clone()));
    drop(tx);
    assert!(all(9_000).await.is_empty());

    // Found and revoked by whose it is.
    let by = |of: Option<&Verification>| CredentialFilter {
        verification: of.map(|of| of.id.clone()),
        subject: of.map(|of| of.subject.clone()),
        before: None,
    };
    let other = verification(store, &ours, "other").await;
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.list_credentials(&by(None), 10).await.unwrap(), std::slice::from_ref(&issued));
    assert_eq!(tx.list_credentials(&by(Some(&mine)), 10).await.unwrap(), std::slice::from_ref(&issued));
    assert!(tx.list_credentials(&by(Some(&other)), 10).await.unwrap().is_empty());
    assert_eq!(tx.issuances_to(&mine.subject).await.unwrap(), std::slice::from_ref(&issued));
    let before = CredentialFilter { before: Some(id.to_string()), ..by(None) };
    assert!(tx.list_credentials(&before, 10).await.unwrap().is_empty());
    let found = Issuance { contract: Some("c".into()), ..issued };
    tx.update_issuance(&found.hear(News::Revoke, at(10)).unwrap().0).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.list_credentials(&by(Some(&mine)), 10).await.unwrap().is_empty());
    assert!(tx.issuances_to(&mine.subject).await.unwrap().is_empty());
    assert!(!tx.lease_revocation(&id, at(9_000), at(9_060)).await.unwrap());
    tx.postpone_revocation(&id, at(99_000)).await.unwrap();
    tx.off_board(&mine.subject, at(11)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(all(9_000).await, due);
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.off_boarded_at(&mine.subject).await.unwrap(), None);
    tx.off_board(&mine.subject, at(12)).await.unwrap();
    assert_eq!(tx.off_boarded_at(&mine.subject).await.unwrap(), Some(at(12)));
    assert!(tx.lease_revocation(&id, at(9_000), at(9_060)).await.unwrap());
    assert!(!tx.lease_revocation(&id, at(9_001), at(9_061)).await.unwrap(), "one server has it");
    tx.postpone_revocation(&id, at(10_000)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(all(9_999).await.is_empty());
    assert_eq!(all(10_000).await, due);
});

on_both!(no_integration_crowds_out_another, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let of = verification(store, &ours, "ours").await;
    let integrations = [0, 1].map(|second| IntegrationId::new(at(second), entropy()));
    let mut tx = store.begin(&ours).await.unwrap();
    for (second, integration) in [(0, 0), (1, 0), (2, 0), (3, 1)] {
        let id = IssuanceId::new(at(second), entropy());
        let integration = integrations[integration].clone();
        tx.insert_issuance(&Issuance::request(id, &of, integration, true, at(0)).0).await.unwrap();
    }
    tx.commit().await.unwrap();
    let due = store.due_issuances(at(1), 3, 2, &[]).await.unwrap();
    let whose: Vec<_> = due.iter().map(|due| &due.integration).collect();
    assert_eq!(whose, [&integrations[0], &integrations[0], &integrations[1]]);
    let due = store.due_issuances(at(1), 3, 2, &[&integrations[0]]).await.unwrap();
    assert_eq!(due.iter().map(|due| &due.integration).collect::<Vec<_>>(), [&integrations[1]]);
    assert!(store.due_issuances(at(1), 3, 2, &[&integrations[0], &integrations[1]]).await.unwrap().is_empty());
});
