//! Events stay where they were put, a transaction is all or nothing, and a place in a chain is taken once.

use crate::{Place, chained, on_both, organization, verification};
use ipse_core::event::{Happening, Head, verify};
use serde_json::json;

on_both!(a_chain_written_is_a_chain_read, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mine = verification(store, &ours, "a").await;
    for number in 0..20 {
        let mut tx = store.begin(&ours).await.unwrap();
        let in_hand = tx.hold_verification(&mine.id).await.unwrap().unwrap();
        let event =
            chained(in_hand.head, mine.id.as_str(), &Happening::new("verification.retried", json!({ "n": number })));
        tx.insert_event(&event).await.unwrap();
        let head = Head { sequence: event.sequence, hash: event.hash };
        tx.update_verification(&in_hand.verification, head).await.unwrap();
        // Every third change of mind is undone by dropping it.
        if number % 3 == 0 {
            drop(tx);
        } else {
            tx.commit().await.unwrap();
        }
    }
    let mut tx = store.read(&ours).await.unwrap();
    let chain = tx.chains("", 10).await.unwrap().into_iter().find(|chain| chain.stream == mine.id.as_str()).unwrap();
    let events = tx.events(mine.id.as_str(), 0).await.unwrap();
    assert_eq!(events.len(), 14);
    assert_eq!(verify(&events, chain.head), Ok(()));
    assert_eq!(tx.events(mine.id.as_str(), 12).await.unwrap().len(), 2);
});

on_both!(two_writers_never_take_the_same_place, |place: Place| async move {
    let store = place.store.clone();
    let ours = organization(&store).await;
    let mine = verification(&store, &ours, "a").await;
    let writers = (0..8).map(|writer| {
        let (store, ours, id) = (store.clone(), ours.clone(), mine.id.clone());
        tokio::spawn(async move {
            for _ in 0..10 {
                let mut tx = store.begin(&ours).await.unwrap();
                let in_hand = tx.hold_verification(&id).await.unwrap().unwrap();
                let happening = Happening::new("verification.retried", json!({ "writer": writer }));
                let event = chained(in_hand.head, id.as_str(), &happening);
                tx.insert_event(&event).await.unwrap();
                let head = Head { sequence: event.sequence, hash: event.hash };
                tx.update_verification(&in_hand.verification, head).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let mut tx = store.begin(&ours).await.unwrap();
    let in_hand = tx.hold_verification(&mine.id).await.unwrap().unwrap();
    let events = tx.events(mine.id.as_str(), 0).await.unwrap();
    assert_eq!(events.len(), 81);
    assert_eq!(verify(&events, in_hand.head), Ok(()));
    // A doubled event is refused by the database itself, at the latest when it is committed.
    let doubled = async {
        tx.insert_event(&events[3]).await?;
        tx.commit().await
    };
    assert!(matches!(doubled.await, Err(ipse_store::Error::Duplicate)));
});
