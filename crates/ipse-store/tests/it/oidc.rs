//! What the OpenID provider keeps: tenants don't meet, nothing is readable, what is used once is used once.

use crate::secrets::{everything, holds};
use crate::{Place, at, on_both, organization, verification};
use ipse_core::Private;
use ipse_core::document::DocumentFacts;
use ipse_core::id::VerificationId;
use ipse_store::Error;
use ipse_store::oidc::{KnownBy, Ticket};
use ipse_store::provider_keys::{KeyChange, ProviderKey};
use ipse_store::seal::Keyring;
use zeroize::Zeroizing;

fn passport(number: &str) -> DocumentFacts {
    DocumentFacts {
        issuing_state: Some(Private::new("UTO".into())),
        document_number: Some(Private::new(number.into())),
        ..DocumentFacts::default()
    }
}

on_both!(tenants_do_not_meet, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let mine = verification(store, &ours, "ours").await;
    let (code, token) = ([1; 32], [2; 32]);
    let grant =
        Ticket { hash: &code, client: "cli", verification: &mine.id, purge_at: at(60), value: &"SENTINELCLAIM" };
    let access =
        Ticket { hash: &token, client: "cli", verification: &mine.id, purge_at: at(300), value: &"SENTINELINFO" };
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_client("cli", &"record").await.unwrap();
    tx.insert_interaction("req", "cli", at(600), &"SENTINELHINT").await.unwrap();
    tx.update_interaction("req", Some(&mine.id), &"SENTINELHINT").await.unwrap();
    tx.insert_grant(&grant).await.unwrap();
    tx.insert_access_token(&access, &code).await.unwrap();
    assert!(tx.remember_replay(&[3; 32], at(60)).await.unwrap());
    assert!(tx.know_document(&mine.subject, &mine.id, &passport("L1"), KnownBy::Word).await.unwrap());
    tx.commit().await.unwrap();
    let stored = everything(&place).await;
    for sentinel in ["SENTINELCLAIM", "SENTINELINFO", "SENTINELHINT"] {
        assert!(!holds(&stored, sentinel.as_bytes()), "{sentinel} is stored in the clear");
    }

    // The other organization sees nothing and changes nothing.
    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(tx.client::<String>("cli").await.unwrap().is_none());
    assert!(tx.hold_client::<String>("cli").await.unwrap().is_none());
    assert!(tx.list_clients::<String>().await.unwrap().is_empty());
    tx.update_client("cli", &"stolen").await.unwrap();
    assert!(!tx.delete_client("cli").await.unwrap());
    assert!(tx.interaction::<String>("req").await.unwrap().is_none());
    assert!(tx.hold_interaction::<String>("req").await.unwrap().is_none());
    assert!(tx.interaction_of::<String>(&mine.id).await.unwrap().is_none());
    tx.update_interaction("req", None, &"stolen").await.unwrap();
    assert!(tx.grant::<String>(&code).await.unwrap().is_none());
    assert!(!tx.redeem_grant(&code, at(1)).await.unwrap());
    assert!(tx.insert_grant(&Ticket { hash: &[9; 32], ..grant }).await.is_err(), "about another's verification");
    assert!(tx.access_token::<String>(&token).await.unwrap().is_none());
    assert!(tx.insert_access_token(&Ticket { hash: &[9; 32], ..access }, &code).await.is_err());
    assert_eq!(tx.revoke_access_tokens(&code).await.unwrap(), 0);
    assert!(tx.remember_replay(&[3; 32], at(60)).await.unwrap(), "their own");
    assert!(tx.is_known_document(&mine.subject, &passport("L1")).await.unwrap().is_none());
    assert!(!tx.know_document(&mine.subject, &mine.id, &passport("L2"), KnownBy::Word).await.unwrap());
    assert!(!tx.forget_known_document(&mine.subject).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = store.begin(&theirs).await.unwrap();
    assert!(matches!(tx.insert_client("cli", &"taken").await, Err(Error::Duplicate)), "unique among all");
    drop(tx);

    // Everything is still there for its owner, and what is used once is used once.
    let found = store.locate_client::<String>("cli").await.unwrap().unwrap();
    assert_eq!(found, (ours.clone(), "record".to_owned()));
    assert!(store.locate_client::<String>("other").await.unwrap().is_none());
    assert_eq!(store.locate_interaction("req").await.unwrap(), Some(ours.clone()));
    assert_eq!(store.locate_access_token(&token).await.unwrap(), Some(ours.clone()));
    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.interaction_of::<String>(&mine.id).await.unwrap().unwrap(), "SENTINELHINT");
    assert_eq!(tx.grant::<String>(&code).await.unwrap().unwrap(), ("SENTINELCLAIM".to_owned(), None));
    assert!(tx.redeem_grant(&code, at(1)).await.unwrap());
    assert!(!tx.redeem_grant(&code, at(2)).await.unwrap());
    assert_eq!(tx.grant::<String>(&code).await.unwrap().unwrap().1, Some(at(1)));
    assert!(!tx.remember_replay(&[3; 32], at(90)).await.unwrap());
    assert_eq!(tx.access_token::<String>(&token).await.unwrap().unwrap(), "SENTINELINFO");
    assert_eq!(tx.is_known_document(&mine.subject, &passport("L1")).await.unwrap(), Some(true));
    assert_eq!(tx.is_known_document(&mine.subject, &passport("L2")).await.unwrap(), Some(false));
    assert_eq!(tx.is_known_document(&mine.subject, &DocumentFacts::default()).await.unwrap(), Some(false));
    assert!(
        !tx.know_document(&mine.subject, &mine.id, &passport("L2"), KnownBy::Word).await.unwrap(),
        "the first one counts"
    );
    assert_eq!(tx.is_known_document(&mine.subject, &passport("L2")).await.unwrap(), Some(false));
    let nameless = DocumentFacts { document_number: None, ..passport("L2") };
    assert!(tx.know_document(&mine.subject, &mine.id, &nameless, KnownBy::Another).await.unwrap());
    assert_eq!(tx.is_known_document(&mine.subject, &passport("L1")).await.unwrap(), Some(true), "it changes nothing");
    assert!(
        tx.know_document(&mine.subject, &mine.id, &passport("L2"), KnownBy::Another).await.unwrap(),
        "it replaces the first"
    );
    assert_eq!(tx.is_known_document(&mine.subject, &passport("L2")).await.unwrap(), Some(true));
    assert!(tx.forget_known_document(&mine.subject).await.unwrap());
    assert_eq!(tx.revoke_access_tokens(&code).await.unwrap(), 1);
    assert!(tx.access_token::<String>(&token).await.unwrap().is_none());
    tx.commit().await.unwrap();
});

on_both!(a_document_finds_whom_nobody_named, |place: Place| async move {
    let store = &place.store;
    let (ours, theirs) = (organization(store).await, organization(store).await);
    let named = verification(store, &ours, "named").await;
    let first = verification(store, &ours, "first").await;
    let twin = verification(store, &ours, "twin").await;
    let mut tx = store.begin(&ours).await.unwrap();
    assert!(tx.know_document(&named.subject, &named.id, &passport("L1"), KnownBy::Word).await.unwrap());
    assert_eq!(tx.subject_found_by(&passport("L1")).await.unwrap(), None, "whom somebody named is found by the name");
    assert!(tx.know_document(&first.subject, &first.id, &passport("L1"), KnownBy::Nothing).await.unwrap());
    assert_eq!(tx.subject_found_by(&passport("L1")).await.unwrap(), Some(first.subject.clone()));
    assert!(!tx.know_document(&twin.subject, &twin.id, &passport("L1"), KnownBy::Nothing).await.unwrap(), "one only");
    assert_eq!(tx.subject_found_by(&passport("L2")).await.unwrap(), None);
    let nameless = DocumentFacts { document_number: None, ..passport("L1") };
    assert_eq!(tx.subject_found_by(&nameless).await.unwrap(), None);
    tx.drop_subject(&twin.subject).await.unwrap();
    assert!(tx.subject(&twin.subject).await.unwrap().is_some(), "there is a verification of them");
    tx.commit().await.unwrap();

    let mut tx = store.begin(&theirs).await.unwrap();
    assert_eq!(tx.subject_found_by(&passport("L1")).await.unwrap(), None);
    tx.commit().await.unwrap();

    // The twin turns out to be the first one.
    let mut tx = store.begin(&ours).await.unwrap();
    let mut held = tx.hold_verification(&twin.id).await.unwrap().unwrap();
    held.verification.subject = first.subject.clone();
    tx.update_verification(&held.verification, held.head).await.unwrap();
    tx.commit().await.unwrap();
    let mut other = store.begin(&theirs).await.unwrap();
    other.drop_subject(&twin.subject).await.unwrap();
    other.commit().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    assert!(tx.subject(&twin.subject).await.unwrap().is_some(), "not theirs to drop");
    tx.drop_subject(&twin.subject).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.read(&ours).await.unwrap().subject(&twin.subject).await.unwrap().is_none());
});

fn ticket<'a>(hash: &'a [u8; 32], of: &'a VerificationId) -> Ticket<'a, &'static str> {
    Ticket { hash, client: "cli", verification: of, purge_at: at(60), value: &"claims" }
}

on_both!(codes_and_tokens_go_with_the_facts_the_client_and_their_time, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mine = verification(store, &ours, "ours").await;
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_client("cli", &"record").await.unwrap();
    for (code, token) in [([1; 32], [2; 32]), ([3; 32], [4; 32])] {
        tx.insert_grant(&ticket(&code, &mine.id)).await.unwrap();
        tx.insert_access_token(&ticket(&token, &mine.id), &code).await.unwrap();
    }
    tx.insert_interaction("req", "cli", at(60), &"way").await.unwrap();
    tx.remember_replay(&[5; 32], at(60)).await.unwrap();
    tx.commit().await.unwrap();
    store.sweep(at(0), at(0), at(60)).await.unwrap();
    assert!(store.locate_interaction("req").await.unwrap().is_some());
    store.sweep(at(0), at(0), at(61)).await.unwrap();
    assert!(store.locate_interaction("req").await.unwrap().is_none());
    assert!(store.locate_access_token(&[2; 32]).await.unwrap().is_none());

    let mut tx = store.begin(&ours).await.unwrap();
    assert!(tx.remember_replay(&[5; 32], at(90)).await.unwrap(), "it was forgotten in time");
    tx.insert_grant(&ticket(&[1; 32], &mine.id)).await.unwrap();
    tx.insert_access_token(&ticket(&[2; 32], &mine.id), &[1; 32]).await.unwrap();
    tx.forget_facts(&mine.id).await.unwrap();
    assert!(tx.grant::<String>(&[1; 32]).await.unwrap().is_none());
    assert!(tx.access_token::<String>(&[2; 32]).await.unwrap().is_none());
    assert!(tx.delete_client("cli").await.unwrap());
    assert!(!tx.delete_client("cli").await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.locate_access_token(&[2; 32]).await.unwrap().is_none());
});

fn key(kid: &str, state: &str) -> ProviderKey {
    ProviderKey {
        kid: kid.into(),
        alg: "RS256".into(),
        state: state.into(),
        since: at(0),
        pkcs8: Zeroizing::new(b"SENTINELPRIVATE".to_vec()),
        certificate: vec![1],
    }
}

on_both!(signing_keys_are_wrapped_and_only_one_server_takes_a_step, |place: Place| async move {
    let store = &place.store;
    store.change_provider_keys(&[KeyChange::Insert(key("a", "current"))]).await.unwrap();
    assert!(!holds(&everything(&place).await, b"SENTINELPRIVATE"), "a private key is stored in the clear");
    let twin = store.change_provider_keys(&[KeyChange::Insert(key("b", "current"))]).await;
    assert!(matches!(twin, Err(Error::Duplicate)), "two servers at once");
    let step = |kid: &str, from: &str, state: &str| KeyChange::Become {
        kid: kid.into(),
        from: from.into(),
        state: state.into(),
        since: at(9),
    };
    store.change_provider_keys(&[KeyChange::Insert(key("b", "next"))]).await.unwrap();
    let steps = [step("a", "current", "retired"), step("b", "next", "current")];
    store.change_provider_keys(&steps).await.unwrap();
    assert!(matches!(store.change_provider_keys(&steps).await, Err(Error::Duplicate)), "it was done before");
    let keys = store.provider_keys().await.unwrap();
    let states: Vec<_> = keys.iter().map(|key| (key.kid.as_str(), key.state.as_str())).collect();
    assert_eq!(states, [("a", "retired"), ("b", "current")]);

    // A new key-encryption key wraps them anew, and the old one can go.
    let mut keyring = Keyring::load(&place.keyring()).unwrap();
    keyring.add("k2").unwrap();
    keyring.save(&place.keyring()).unwrap();
    let store = place.again().await;
    assert_eq!(store.rewrap(10).await.unwrap(), 2);
    keyring.remove("k1").unwrap();
    keyring.save(&place.keyring()).unwrap();
    let store = place.again().await;
    assert_eq!(*store.provider_keys().await.unwrap()[1].pkcs8, b"SENTINELPRIVATE");
    store.change_provider_keys(&[KeyChange::Remove("a".into())]).await.unwrap();
    assert_eq!(store.provider_keys().await.unwrap().len(), 1);
});
