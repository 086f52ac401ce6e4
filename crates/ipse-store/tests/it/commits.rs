//! Many commit at once: each is told the truth about its own, and nobody undoes another's.

use crate::{Place, on_both, organization, subject};
use ipse_core::id::OrganizationId;
use ipse_store::subjects::SubjectFilter;
use ipse_store::{Error, Store};

/// What a writer does with its work.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ending {
    Commit,
    Drop,
    Duplicate,
}

async fn write(store: Store, ours: OrganizationId, name: String, ending: Ending) {
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_subject(&subject(&name)).await.unwrap();
    match ending {
        Ending::Commit => tx.commit().await.unwrap(),
        Ending::Drop => drop(tx),
        Ending::Duplicate => {
            assert!(matches!(tx.insert_subject(&subject(&name)).await, Err(Error::Duplicate)));
        }
    }
}

on_both!(a_crowd_commits_and_those_who_gave_up_leave_nothing, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let endings = [Ending::Commit, Ending::Drop, Ending::Commit, Ending::Duplicate, Ending::Commit];
    let crowd: Vec<(String, Ending)> =
        (0..200).zip(endings.into_iter().cycle()).map(|(number, ending)| (format!("s{number}"), ending)).collect();
    let writers: Vec<_> = crowd
        .iter()
        .map(|(name, ending)| tokio::spawn(write(store.clone(), ours.clone(), name.clone(), *ending)))
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    // What was acknowledged is seen by whoever opens the same data now, and nothing else is.
    let again = place.again().await;
    let mut tx = again.read(&ours).await.unwrap();
    for (name, ending) in &crowd {
        let found = tx.subject_by_external_id(name).await.unwrap();
        assert_eq!(found.is_some(), *ending == Ending::Commit, "{name} {ending:?}");
    }
});

on_both!(a_writer_cut_off_in_the_middle_holds_up_nobody, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    for number in 0..20 {
        let cut = tokio::spawn(write(store.clone(), ours.clone(), format!("cut{number}"), Ending::Commit));
        let whole = tokio::spawn(write(store.clone(), ours.clone(), format!("whole{number}"), Ending::Commit));
        tokio::task::yield_now().await;
        cut.abort();
        whole.await.unwrap();
    }
    let mut tx = store.read(&ours).await.unwrap();
    for number in 0..20 {
        assert!(tx.subject_by_external_id(&format!("whole{number}")).await.unwrap().is_some());
    }
});

on_both!(emptying_the_side_files_waits_for_those_who_commit, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let writers: Vec<_> = (0..30)
        .map(|number| tokio::spawn(write(store.clone(), ours.clone(), format!("s{number}"), Ending::Commit)))
        .collect();
    store.scrub().await.unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
    store.scrub().await.unwrap();
    assert_eq!(store.read(&ours).await.unwrap().list_subjects(&SubjectFilter::default(), 100).await.unwrap().len(), 30);
});

on_both!(after_a_failure_nothing_more_is_done, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_subject(&subject("before")).await.unwrap();
    assert!(matches!(tx.insert_subject(&subject("before")).await, Err(Error::Duplicate)));
    assert!(tx.insert_subject(&subject("after")).await.is_err());
    assert!(tx.list_subjects(&SubjectFilter::default(), 10).await.is_err());
    assert!(tx.commit().await.is_err(), "who did not look is told at the latest here");
    assert!(store.read(&ours).await.unwrap().list_subjects(&SubjectFilter::default(), 10).await.unwrap().is_empty());
});
