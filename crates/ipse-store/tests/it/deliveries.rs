//! The outbox: leases, order, and what happens to the body of a message.

use crate::{Place, at, entropy, on_both, organization, verification};
use ipse_core::id::{DeliveryId, VerificationId};
use ipse_store::deliveries::{Attempt, Delivery, DeliveryState};
use ipse_store::seal::Owner;

fn delivery(destination: &str, verification: &VerificationId, sequence: u64) -> Delivery {
    Delivery {
        id: DeliveryId::new(at(i64::try_from(sequence).unwrap()), entropy()),
        destination: destination.into(),
        verification: Some(verification.clone()),
        event: format!("evt_{sequence}"),
        sequence,
        kind: "verification.created".into(),
        state: DeliveryState::Pending,
        attempts: 0,
        created_at: at(0),
        queued_at: at(0),
        attempts_before: 0,
        next_attempt_at: at(0),
        finished_at: None,
    }
}

fn attempt(number: u32) -> Attempt {
    Attempt { number, at: at(5), status: Some(500), answer: "no".into(), milliseconds: 3 }
}

on_both!(in_order_and_one_at_a_time, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let (first, second) = (verification(store, &ours, "a").await, verification(store, &ours, "b").await);
    let mut tx = store.begin(&ours).await.unwrap();
    for (of, sequence) in [(&first, 2), (&first, 1), (&second, 1)] {
        tx.insert_delivery(&delivery("whe_x", &of.id, sequence), b"{}", None).await.unwrap();
    }
    tx.commit().await.unwrap();

    let leased = store.lease_deliveries(at(1), at(61), 10, &[], |_| true).await.unwrap();
    let sequences: Vec<_> = leased.iter().map(|(_, one)| (one.verification.clone().unwrap(), one.sequence)).collect();
    let elsewhere = store.lease_deliveries(at(1), at(61), 10, &["whe_x".into()], |_| true).await.unwrap();
    assert!(elsewhere.is_empty(), "a full destination is left alone");
    assert_eq!(leased.len(), 2, "the second event of a verification waits for the first");
    assert!(sequences.contains(&(first.id.clone(), 1)) && sequences.contains(&(second.id.clone(), 1)));
    assert!(
        store.lease_deliveries(at(2), at(62), 10, &[], |_| true).await.unwrap().is_empty(),
        "leased to somebody else"
    );
    assert_eq!(store.lease_deliveries(at(61), at(120), 10, &[], |_| true).await.unwrap().len(), 2, "a lease runs out");

    let mut tx = store.begin(&ours).await.unwrap();
    let one = &leased.iter().find(|(_, one)| one.verification.as_ref() == Some(&first.id)).unwrap().1;
    tx.finish_attempt(&one.id, &attempt(1), DeliveryState::Delivered, at(5)).await.unwrap();
    tx.commit().await.unwrap();
    let next = store.lease_deliveries(at(62), at(120), 10, &[], |_| true).await.unwrap();
    assert_eq!(next.iter().map(|(_, one)| one.sequence).collect::<Vec<_>>(), [2]);
    assert_eq!(store.pending_deliveries().await.unwrap(), 2);

    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.attempts(&one.id).await.unwrap(), [attempt(1)]);
    assert!(tx.replay_delivery(&one.id, at(63)).await.unwrap());
    let replayed = tx.delivery(&one.id).await.unwrap().unwrap();
    assert_eq!((replayed.queued_at, replayed.attempts_before), (at(63), 1), "its pauses and its patience begin anew");
    assert!(!tx.replay_delivery(&one.id, at(63)).await.unwrap(), "it is pending already");
    assert_eq!(tx.cancel_deliveries("whe_x", at(64)).await.unwrap(), 3);
    assert_eq!(tx.replay_deliveries("whe_x", at(0), at(10), at(65)).await.unwrap(), 3);
});

on_both!(a_message_is_sealed_then_erased, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mine = verification(store, &ours, "a").await;
    let message = delivery("email", &mine.id, 1);
    let mut tx = store.begin(&ours).await.unwrap();
    let owner = Owner::Facts(mine.id.clone());
    tx.insert_delivery(&message, b"the link", Some(&owner)).await.unwrap();
    assert_eq!(tx.delivery_body(&message.id).await.unwrap(), b"the link");
    tx.finish_attempt(&message.id, &attempt(1), DeliveryState::Delivered, at(6)).await.unwrap();
    assert!(tx.delivery_body(&message.id).await.is_err(), "nothing is left to open");
    assert!(!tx.replay_delivery(&message.id, at(7)).await.unwrap(), "a message is never replayed");
});
