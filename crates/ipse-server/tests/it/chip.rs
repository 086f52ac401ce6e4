//! The chip of a document, handed in over the person's session.

use crate::faces::{Face, SELF, drawn, events};
use crate::support::{Browser, PASSPORT, Place, employee, on_both, passport_picture, read, selfie_picture};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ipse_sandbox::specimen::chip::{ChipKey, CountrySigner, DocumentSigner, group_1, group_2};
use ipse_sandbox::specimen::performance::Performer;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const DECADE: [&str; 2] = ["20200101000000Z", "20350101000000Z"];

/// A country whose authority the server trusts, and the files of chips it signs.
struct Country {
    signer: DocumentSigner,
    key: ChipKey,
    /// The picture on its chips.
    portrait: Vec<u8>,
}

impl Country {
    async fn trusted(postgres: bool) -> (Self, Place) {
        let authority = CountrySigner::new("UT", DECADE).unwrap();
        let place = trusting(postgres, "utopia.cer", &authority.certificate).await;
        (Self::new(&authority), place)
    }

    fn new(authority: &CountrySigner) -> Self {
        let portrait = b"\xFF\xD8\xFF\xE0 portrait".to_vec();
        Self { signer: authority.document_signer(7, DECADE).unwrap(), key: ChipKey::new().unwrap(), portrait }
    }

    /// The files of an employee's chip; `change` is done after signing.
    fn files(&self, number: usize, change: impl FnOnce(&mut Vec<u8>)) -> Value {
        let person = ipse_sandbox::directory::employees().remove(number).person;
        let (mut one, two, fifteen) = (group_1(&person), group_2(&self.portrait), self.key.group_15());
        let groups: [(u8, &[u8]); 3] = [(1, &one), (2, &two), (15, &fifteen)];
        let sod = self.signer.security_object(&groups, Some("20210615120000Z")).unwrap();
        change(&mut one);
        json!({
            "EF.SOD": BASE64.encode(sod), "DG1": BASE64.encode(one), "DG2": BASE64.encode(two),
            "DG15": BASE64.encode(fifteen),
        })
    }
}

/// A server with this file in the folder that its configuration names.
async fn trusting(postgres: bool, name: &str, file: &[u8]) -> Place {
    let place = Place::new(postgres, |config| {
        let folder = config.storage.data_dir.join("trust");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join(name), file).unwrap();
        config.documents.trust_store = "trust".into();
    })
    .await;
    place.journey("quick", json!({})).await;
    place
}

/// A phone with a reader of chips.
struct Reader<'a> {
    place: &'a Place,
    /// With a new connection for each request.
    client: Client,
    id: String,
    phone: Browser,
    challenge: Vec<u8>,
    csrf: String,
}

impl<'a> Reader<'a> {
    async fn new(place: &'a Place) -> Self {
        let (id, link) = place.open("quick").await;
        let phone = place.claim(&link).await;
        let asked: Value = serde_json::from_str(&phone.get("/v/session/evidence/chip").await.1).unwrap();
        let challenge = BASE64.decode(asked["challenge"].as_str().unwrap()).unwrap();
        assert_eq!(challenge.len(), 8);
        let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
        Self { place, client, id, phone, challenge, csrf: asked["csrf"].as_str().unwrap().to_owned() }
    }

    async fn send(&self, body: &Value) -> (StatusCode, Value) {
        let url = format!("{}/v/session/evidence/chip", self.place.base);
        // A server that has read enough answers and closes, maybe while the client still writes: then it tries again.
        for _ in 0..20 {
            let request = self.client.post(&url).header("cookie", &self.phone.cookie).header("x-csrf", &self.csrf);
            if let Ok(answer) = request.json(body).send().await {
                return read(answer).await;
            }
        }
        panic!("no answer");
    }

    async fn finish(&self) -> Value {
        self.phone.picture(PASSPORT, passport_picture()).await;
        self.place.until(&self.id, &["succeeded", "failed", "pending_review"]).await
    }
}

fn check<'a>(done: &'a Value, name: &str) -> &'a Value {
    done["reports"][0]["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap()
}

/// Whose portrait the face is held against is the one of the reading that is judged, not of one before it: that may have
/// been somebody else's chip.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portrait_counts_only_of_the_chip_that_is_judged() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let place = Place::new(false, |config| {
        let folder = config.storage.data_dir.join("trust");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("utopia.cer"), &authority.certificate).unwrap();
        config.documents.trust_store = "trust".into();
        drawn(config);
    })
    .await;
    place.journey("quick", json!({ "selfie_required": true, "liveness_required": true })).await;
    let country = Country { portrait: selfie_picture(), ..Country::new(&authority) };
    for (with_portrait_last, level, reference) in [(true, 3, "chip"), (false, 2, "document")] {
        let reader = Reader::new(&place).await;
        let response = BASE64.encode(country.key.answer(&reader.challenge).unwrap());
        let whole = country.files(0, |_| {});
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove("DG2");
        let (first, last) = if with_portrait_last { (&without, &whole) } else { (&whole, &without) };
        for files in [first, last] {
            let (status, answer) = reader.send(&json!({ "files": files, "response": response })).await;
            assert_eq!(status, 200, "{answer}");
        }
        reader.phone.picture(PASSPORT, passport_picture()).await;
        let answer = Face::new(&place, &reader.phone).await.perform(Performer::Person(SELF), false).await;
        assert_eq!(answer["accepted"], true, "{answer}");
        let done = place.until(&reader.id, &["succeeded", "failed", "pending_review"]).await;
        assert_eq!((&done["status"], &done["assurance"]["level"]), (&json!("succeeded"), &json!(level)), "{done}");
        assert_eq!(events(&place, &reader.id, "verification.faces_compared").await[0]["reference"], reference);
    }
}

async fn believed(postgres: bool) {
    let (country, place) = Country::trusted(postgres).await;
    let reader = Reader::new(&place).await;
    let response = BASE64.encode(country.key.answer(&reader.challenge).unwrap());
    let (status, answer) = reader.send(&json!({ "files": country.files(0, |_| {}), "response": response })).await;
    assert_eq!((status.as_u16(), &answer["listed"]), (200, &json!([1, 2, 15])), "{answer}");
    let done = reader.finish().await;
    assert_eq!(done["status"], "succeeded", "{done}");
    // The journey asks for no face, so nothing says whose document it is.
    assert_eq!(done["assurance"], json!({ "level": 1, "evidence": "signed_document", "pathway": "none" }));
    for name in ["chip_signature", "chip_chain", "chip_data", "chip_authentication", "document_consistency"] {
        assert_eq!(
            (&check(&done, name)["outcome"], &check(&done, name)["required"]),
            (&json!("pass"), &json!(true)),
            "{name}"
        );
    }
    // It is kept like a picture, sealed, and is none to a reviewer.
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    let kept = tx.list_evidence(&reader.id.parse().unwrap()).await.unwrap();
    assert_eq!(kept.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(), ["chip", "document"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_of_a_trusted_state_is_believed_on_sqlite() {
    believed(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chip_of_a_trusted_state_is_believed_on_postgresql() {
    believed(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_changed_copied_or_borrowed_fails() {
    let (country, place) = Country::trusted(false).await;
    let changed = country.files(0, |one| {
        if let Some(last) = one.last_mut() {
            *last ^= 1;
        }
    });
    let reader = Reader::new(&place).await;
    assert_eq!(reader.send(&json!({ "files": changed })).await.0, 200, "it is for the checks to say");
    let done = reader.finish().await;
    assert_eq!((&done["status"], &done["reasons"][0]["code"]), (&json!("failed"), &json!("chip_data_altered")));

    // An answer to another challenge: a recording.
    let reader = Reader::new(&place).await;
    let response = BASE64.encode(country.key.answer(b"12345678").unwrap());
    reader.send(&json!({ "files": country.files(0, |_| {}), "response": response })).await;
    let done = reader.finish().await;
    assert_eq!((&done["status"], &done["reasons"][0]["code"]), (&json!("failed"), &json!("chip_copied")));

    // A genuine chip, of somebody else.
    let reader = Reader::new(&place).await;
    reader.send(&json!({ "files": country.files(1, |_| {}) })).await;
    let done = reader.finish().await;
    assert_eq!((&done["status"], &done["reasons"][0]["code"]), (&json!("failed"), &json!("document_sources_differ")));
    assert_eq!(check(&done, "chip_data")["outcome"], "pass");

    // Signed by an authority that nobody configured: no proof, and no proof of the contrary.
    let stranger = Country::new(&CountrySigner::new("XX", DECADE).unwrap());
    let reader = Reader::new(&place).await;
    reader.send(&json!({ "files": stranger.files(0, |_| {}) })).await;
    let done = reader.finish().await;
    assert_eq!((&done["status"], &check(&done, "chip_chain")["outcome"]), (&json!("pending_review"), &json!("review")));
}

/// A directory export, folded as ICAO's is.
fn ldif(attributes: &[(&str, &[u8])]) -> String {
    let mut text = "version: 1\n\ndn: o=ml,c=UT,dc=data,dc=download,dc=pkd,dc=icao,dc=int\n".to_owned();
    for (name, value) in attributes {
        let folded: Vec<String> =
            BASE64.encode(value).as_bytes().chunks(70).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        text.push_str(&format!("{name}:: {}\n", folded.join("\n ")));
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_directory_export_makes_a_state_known_and_its_signers_revoked() {
    let authority = CountrySigner::new("UT", DECADE).unwrap();
    let country = Country::new(&authority);
    let list = authority.document_signer(5, DECADE).unwrap().master_list(&[&authority.certificate]).unwrap();
    let crl = authority.revocations(&[7], ["20260101000000Z", "20990101000000Z"]).unwrap();
    let list: (&str, &[u8]) = ("pkdMasterListContent", &list);
    for (export, status, chain) in [
        (ldif(&[("userCertificate;binary", &country.signer.certificate)]), "pending_review", "review"),
        (ldif(&[list]), "succeeded", "pass"),
        (ldif(&[list, ("certificateRevocationList;binary", &crl)]), "failed", "fail"),
    ] {
        let place = trusting(false, "pkd.ldif", export.as_bytes()).await;
        let reader = Reader::new(&place).await;
        assert_eq!(reader.send(&json!({ "files": country.files(0, |_| {}) })).await.0, 200);
        let done = reader.finish().await;
        let outcome = &check(&done, if chain == "fail" { "chip_revocation" } else { "chip_chain" })["outcome"];
        assert_eq!((&done["status"], outcome), (&json!(status), &json!(chain)), "{done}");
    }
}

#[test]
fn a_broken_directory_export_is_named_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    let whole = ldif(&[("certificateRevocationList;binary", &[0x30, 3, 2, 1, 1])]);
    std::fs::write(
        folder.path().join("pkd.ldif"),
        whole.trim_end().strip_suffix('B').unwrap_or(&whole[..whole.len() - 2]),
    )
    .unwrap();
    let refused = ipse_server::server::trust(folder.path()).unwrap_err().0;
    assert!(refused.contains("pkd.ldif, line 4: ") && refused.contains("(ldif_not_base64)"), "{refused}");
}

on_both!(a_reader_that_sends_nonsense_hears_so, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let country = Country::new(&CountrySigner::new("UT", DECADE).unwrap());
    let good = country.files(0, |_| {});
    let reader = Reader::new(&place).await;
    let with = |name: &str, value: Value| {
        let mut files = good.clone();
        files[name] = value;
        json!({ "files": files })
    };
    for (body, expected) in [
        (json!({}), 422),
        (json!({ "files": {} }), 422),
        (json!({ "files": good, "extra": 1 }), 422),
        (with("EF.SOD", json!("AAAA")), 422),
        (with("EF.SOD", json!("not base64!")), 422),
        (with("DG17", json!("AAAA")), 422),
        (with("dg1", good["DG1"].clone()), 422),
        (with("DG1", json!(BASE64.encode(vec![0; 3_000]))), 422),
        (with("DG2", json!("A".repeat(4 << 20))), 413),
    ] {
        let (status, answer) = reader.send(&body).await;
        assert_eq!(status.as_u16(), expected, "{answer}");
        assert!(answer["code"].is_string(), "{answer}");
    }
    let url = format!("{}/v/session/evidence/chip", place.base);
    let forged = reader.client.post(&url).header("cookie", &reader.phone.cookie).header("x-csrf", "x");
    assert_eq!(forged.json(&json!({ "files": good })).send().await.unwrap().status(), 403);
    assert_eq!(reader.client.post(&url).json(&json!({ "files": good })).send().await.unwrap().status(), 404);
    // Three readings are enough, and none of them gives a try for a picture back.
    for expected in [200, 200, 200, 409] {
        assert_eq!(reader.send(&json!({ "files": good })).await.0.as_u16(), expected);
    }
    let sent = reader.phone.picture(PASSPORT, crate::support::dark_picture()).await.1;
    reader.send(&json!({ "files": good })).await;
    let again = reader.phone.picture(PASSPORT, crate::support::dark_picture()).await.1;
    assert!(again["attempts_left"].as_u64() < sent["attempts_left"].as_u64() || again["accepted"] == true, "{again}");
});

on_both!(a_reader_that_sent_nonsense_left_nothing, |place: Place| async move {
    place.journey("quick", json!({})).await;
    let country = Country::new(&CountrySigner::new("UT", DECADE).unwrap());
    let good = country.files(0, |_| {});
    let reader = Reader::new(&place).await;
    assert_eq!(reader.send(&json!({ "files": {} })).await.0, 422);
    // Nothing of that was kept, and the person goes on.
    let events = place.ipse().store.read(&place.organization).await.unwrap().events(&reader.id, 0).await.unwrap();
    assert!(!events.iter().any(|event| event.kind == "verification.evidence_received"));
    assert_eq!(reader.finish().await["status"], "succeeded");
    assert_eq!(reader.send(&json!({ "files": good })).await.0, 409, "it is over");
    assert_eq!(employee().person.td3().len(), 2);
});

on_both!(a_chip_is_no_evidence_where_no_document_is_asked_for, |place: Place| async move {
    let presentation = json!({
        "credential": "VerifiedIdentity", "accepted_issuers": "any",
        "claims": { "given_name": "given_name", "family_name": "family_name" },
    });
    place.journey("quick", json!({ "document_kinds": [], "presentation": presentation })).await;
    let country = Country::new(&CountrySigner::new("UT", DECADE).unwrap());
    let reader = Reader::new(&place).await;
    let (status, answer) = reader.send(&json!({ "files": country.files(0, |_| {}) })).await;
    assert_eq!((status.as_u16(), &answer["code"]), (422, &json!("not_in_journey")), "{answer}");
});
