//! What is on the disk and in the rows: nothing personal in the clear, and nothing at all once a key is destroyed.

use crate::{Place, at, entropy, on_both, organization, subject, verification};
use ipse_core::Private;
use ipse_core::document::DocumentFacts;
use ipse_core::enrolment::Enrolment;
use ipse_core::id::{EnrolmentId, EvidenceId, ReportId};
use ipse_store::evidence::Evidence;
use ipse_store::seal::Keyring;
use ipse_store::{Address, Error};
use std::path::Path;

/// Every byte that is stored: all files of the folder, and all rows where the database is not one of them.
pub(crate) async fn everything(place: &Place) -> Vec<u8> {
    let mut bytes = Vec::new();
    collect(place.folder.path(), &mut bytes);
    if let Address::Postgres(url) = &place.address {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let tables = client
            .query("select tablename::text from pg_tables where schemaname = current_schema()", &[])
            .await
            .unwrap();
        assert!(tables.len() > 15);
        for table in tables {
            let name: String = table.get(0);
            for row in client.query(&format!("select t::text from {name} t"), &[]).await.unwrap() {
                let text: String = row.get(0);
                bytes.extend_from_slice(text.as_bytes());
                // Bytes are shown in hexadecimal; look at what they say as well.
                let hex = text.split("\\x").skip(1);
                bytes.extend(hex.flat_map(|hex| {
                    let digits: Vec<u8> = hex.bytes().take_while(u8::is_ascii_hexdigit).collect();
                    digits
                        .chunks_exact(2)
                        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
                        .collect::<Vec<_>>()
                }));
            }
        }
    }
    bytes
}

fn collect(folder: &Path, bytes: &mut Vec<u8>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, bytes);
        } else {
            bytes.extend(std::fs::read(&path).unwrap());
        }
    }
}

pub(crate) fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

on_both!(nothing_personal_is_stored_in_the_clear_and_redaction_shreds_it, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mine = verification(store, &ours, "sentinel.external.id").await;
    let evidence = Evidence {
        id: EvidenceId::new(at(2), entropy()),
        verification: mine.id.clone(),
        kind: "document".into(),
        side: None,
        attempt: 1,
        created_at: at(2),
        media_type: "image/jpeg".into(),
        sha256: [1; 32],
    };
    let report =
        ipse_core::check::Report { id: ReportId::new(at(3), entropy()), attempt: 1, created_at: at(3), checks: vec![] };
    let facts =
        DocumentFacts { document_number: Some(Private::new("SENTINELNUMBER".into())), ..DocumentFacts::default() };
    let mut tx = store.begin(&ours).await.unwrap();
    for id in [&evidence.id, &EvidenceId::new(at(2), entropy())] {
        // The second is what a crash leaves: a picture that no row names.
        let sealed = tx.seal_evidence(&mine.id, id, b"SENTINELPICTURE").await.unwrap();
        store.put_evidence(&ours, &mine.id, id, sealed).await.unwrap();
    }
    tx.insert_evidence(&evidence, &"SENTINELFINDING").await.unwrap();
    tx.insert_report(&mine.id, &report, &facts).await.unwrap();
    tx.insert_note(&mine.id, "person:x", "SENTINELNOTE", at(3)).await.unwrap();
    tx.commit().await.unwrap();

    let stored = everything(&place).await;
    for sentinel in [
        "SENTINELPICTURE",
        "SENTINELFINDING",
        "SENTINELNUMBER",
        "SENTINELNOTE",
        "Sentinelson",
        "sentinel@example.com",
        "sentinel.external.id",
    ] {
        // The journey of this test is named like the subject: only that is allowed to show.
        let allowed = sentinel == "sentinel.external.id";
        assert!(allowed || !holds(&stored, sentinel.as_bytes()), "{sentinel} is stored in the clear");
    }

    // The wrapped key of the pictures, as it lies on the disk, before and after.
    let wrapped = wrapped_key(&place, &format!("{}/images", mine.id)).await.unwrap();
    assert!(holds(&stored, &wrapped));
    let mut tx = store.begin(&ours).await.unwrap();
    assert!(tx.forget_images(&mine.id, at(9)).await.unwrap());
    assert!(!tx.forget_images(&mine.id, at(9)).await.unwrap(), "it was done before");
    tx.forget_facts(&mine.id).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    let sealed = store.get_evidence(&ours, &mine.id, &evidence.id).await.unwrap();
    assert!(matches!(tx.unseal_evidence(&mine.id, &evidence.id, &sealed).await, Err(Error::Forgotten)));
    assert!(matches!(tx.claimed_identity(&mine.id).await, Err(Error::Forgotten)));
    assert!(matches!(tx.findings::<String>(&evidence).await, Err(Error::Forgotten)));
    assert!(tx.facts(&mine.id).await.unwrap().is_none());
    assert!(tx.notes(&mine.id).await.unwrap().is_empty());
    drop(tx);
    assert_eq!(store.due_to_forget_images(at(9), 10).await.unwrap().len(), 1, "due until the blobs are gone");
    store.remove_evidence(&ours, &mine.id).await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    tx.images_forgotten(&mine.id).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.due_to_forget_images(at(9), 10).await.unwrap().is_empty());
    store.scrub().await.unwrap();
    let stored = everything(&place).await;
    assert!(!holds(&stored, &wrapped), "the wrapped key is still on the disk");
    assert!(wrapped_key(&place, &format!("{}/images", mine.id)).await.is_none());
    assert!(std::fs::read_dir(place.blobs()).unwrap().next().is_none(), "an empty folder is left behind");
});

async fn wrapped_key(place: &Place, owner: &str) -> Option<Vec<u8>> {
    match &place.address {
        Address::Sqlite(path) => {
            let connection = rusqlite::Connection::open(path).unwrap();
            connection.query_row("select wrapped from data_keys where owner = ?1", [owner], |row| row.get(0)).ok()
        }
        Address::Postgres(url) => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            let row = client.query_opt("select wrapped from data_keys where owner = $1", &[&owner]).await.unwrap();
            row.map(|row| row.get(0))
        }
    }
}

on_both!(an_erased_template_is_gone_from_files_and_rows, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mine = verification(store, &ours, "a").await;
    let enrolment = Enrolment {
        id: EnrolmentId::new(at(3), entropy()),
        subject: mine.subject.clone(),
        verification: mine.id.clone(),
        model: "m".into(),
        consent: "c".into(),
        created_at: at(3),
        expires_at: at(900),
    };
    let mut tx = store.begin(&ours).await.unwrap();
    tx.insert_enrolment(&enrolment, &"SENTINELTEMPLATE").await.unwrap();
    let again = Enrolment { id: EnrolmentId::new(at(4), entropy()), ..enrolment.clone() };
    tx.commit().await.unwrap();
    let mut tx = store.begin(&ours).await.unwrap();
    assert!(matches!(tx.insert_enrolment(&again, &"x").await, Err(Error::Duplicate)), "one a subject");
    drop(tx);
    assert!(!holds(&everything(&place).await, b"SENTINELTEMPLATE"), "a template is stored in the clear");
    let wrapped = wrapped_key(&place, enrolment.id.as_str()).await.unwrap();
    assert!(store.due_to_erase(at(899), 10).await.unwrap().is_empty());
    assert_eq!(store.due_to_erase(at(900), 10).await.unwrap(), [(ours.clone(), mine.subject.clone())]);

    let mut tx = store.begin(&ours).await.unwrap();
    assert_eq!(tx.erase_enrolment(&mine.subject).await.unwrap(), Some(enrolment.clone()));
    assert_eq!(tx.erase_enrolment(&mine.subject).await.unwrap(), None);
    assert!(tx.template::<String>(&enrolment).await.unwrap().is_none());
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    let stored = everything(&place).await;
    assert!(!holds(&stored, &wrapped), "the wrapped key is still on the disk");
    assert!(!holds(&stored, enrolment.id.as_str().as_bytes()), "the row is still on the disk");
    assert!(store.due_to_erase(at(9_999), 10).await.unwrap().is_empty());
});

on_both!(rotation_wraps_everything_anew_and_the_old_key_can_go, |place: Place| async move {
    let ours = organization(&place.store).await;
    let mine = verification(&place.store, &ours, "a").await;
    let mut keyring = Keyring::load(&place.keyring()).unwrap();
    keyring.add("k2").unwrap();
    keyring.save(&place.keyring()).unwrap();
    let store = place.again().await;
    let mut rewrapped = 0;
    loop {
        match store.rewrap(2).await.unwrap() {
            0 => break,
            some => rewrapped += some,
        }
    }
    assert_eq!(rewrapped, 4, "organization, subject, pictures and facts");
    keyring.remove("k1").unwrap();
    keyring.save(&place.keyring()).unwrap();
    let mut tx = place.again().await.begin(&ours).await.unwrap();
    assert!(tx.subject(&mine.subject).await.unwrap().is_some());
    drop(tx);

    // Without the key nothing opens, and the old keyring is of no use any more.
    Keyring::generate("k2").unwrap().save(&place.keyring()).unwrap();
    let mut tx = place.again().await.begin(&ours).await.unwrap();
    assert!(matches!(tx.subject(&mine.subject).await, Err(Error::Sealed)));
});

on_both!(a_sealed_value_moved_to_another_row_does_not_open, |place: Place| async move {
    let store = &place.store;
    let ours = organization(store).await;
    let mut tx = store.begin(&ours).await.unwrap();
    let (one, other) = (subject("one"), subject("other"));
    tx.insert_subject(&one).await.unwrap();
    tx.insert_subject(&other).await.unwrap();
    tx.commit().await.unwrap();
    let swap = "update subjects set sealed = (select sealed from subjects o where o.id = '{other}') where id = '{one}'"
        .replace("{one}", one.id.as_str())
        .replace("{other}", other.id.as_str());
    match &place.address {
        Address::Sqlite(path) => {
            rusqlite::Connection::open(path).unwrap().execute_batch(&swap).unwrap();
        }
        Address::Postgres(url) => {
            let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&swap).await.unwrap();
        }
    }
    let mut tx = store.read(&ours).await.unwrap();
    assert!(matches!(tx.subject(&one.id).await, Err(Error::Sealed)));
    assert!(tx.subject(&other.id).await.unwrap().is_some());
});
