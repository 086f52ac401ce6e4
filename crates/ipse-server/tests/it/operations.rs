//! Running it: health, metrics, headers, limits, closing, overload, and what the command line refuses.

use crate::support::{PASSPORT, Place, employee, on_both, passport_picture, read};
use ipse_sandbox::specimen::chip::{CountrySigner, group_1};
use ipse_sandbox::specimen::{Camera, licence_back, photograph};
use reqwest::Method;
use serde_json::json;
use std::process::Command;
use std::time::Duration;

on_both!(health_metrics_and_headers, |place: Place| async move {
    for path in ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/static/ipse.css", "/console/sign-in"] {
        let answer = place.client.get(format!("{}{path}", place.base)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert!(headers.contains_key("x-request-id") && headers["x-content-type-options"] == "nosniff", "{path}");
    }
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let metrics = place.client.get(format!("{}/metrics", place.base)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("route=\"/v1/verifications\"") && metrics.contains("ipse_request_seconds"));
    assert!(
        !metrics.contains(&id) && !metrics.contains(link.rsplit('/').next().unwrap()),
        "no id and no token in a label"
    );
});

on_both!(unknown_paths_and_methods_are_problems, |place: Place| async move {
    let (status, answer) = read(place.request(Method::GET, "/v1/nothing").send().await.unwrap()).await;
    assert_eq!((status.as_u16(), &answer["code"]), (404, &json!("not_found")));
    let (status, answer) = read(place.request(Method::DELETE, "/v1/verifications").send().await.unwrap()).await;
    assert_eq!((status.as_u16(), &answer["code"]), (405, &json!("method_not_allowed")));
});

on_both!(paging_walks_the_whole_list, |place: Place| async move {
    place.journey("quick", json!({})).await;
    for _ in 0..7 {
        place.open("quick").await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, page) = place.get(&format!("/v1/verifications?limit=3{cursor}")).await;
        seen.extend(page["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let mut sorted = seen.clone();
    sorted.sort_unstable_by(|left, right| right.cmp(left));
    sorted.dedup();
    assert_eq!((seen.len(), &seen), (7, &sorted), "newest first, none twice, none left out");
    for bad in ["limit=0", "limit=101", "limit=x", "cursor=%ff", "status=done", "subject=x"] {
        let (status, answer) = place.get(&format!("/v1/verifications?{bad}")).await;
        assert!((400..500).contains(&status.as_u16()), "{bad}: {answer}");
    }
    let (_, found) = place.get("/v1/verifications?record_number=INC0010023&status=created").await;
    assert_eq!(found["data"].as_array().unwrap().len(), 7);
    assert!(place.get("/v1/verifications?record_number=other").await.1["data"].as_array().unwrap().is_empty());
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_requests_are_told_when_to_come_back() {
    let place = Place::new(false, |config| {
        (config.limits.api_per_second, config.limits.api_burst) = (1, 3);
        (config.limits.open_per_second, config.limits.open_burst) = (1, 2);
    })
    .await;
    let mut last = place.request(Method::GET, "/v1/journeys").send().await.unwrap();
    assert!(last.headers()["ratelimit"].to_str().unwrap().contains("r=2"));
    for _ in 0..3 {
        last = place.request(Method::GET, "/v1/journeys").send().await.unwrap();
    }
    assert_eq!(last.status(), 429);
    assert!(last.headers()["ratelimit"].to_str().unwrap().contains("r=0"), "and says that nothing is left");
    assert!(last.headers()["retry-after"].to_str().unwrap().parse::<u32>().unwrap() >= 1);
    for _ in 0..3 {
        last = place.client.get(format!("{}/v/guess", place.base)).send().await.unwrap();
    }
    assert_eq!(last.status(), 429, "links cannot be guessed fast either");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn overload_answers_at_once_and_loses_nothing() {
    let place = Place::new(false, |config| (config.server.workers, config.server.examination_queue) = (1, 0)).await;
    place.journey("quick", json!({ "max_attempts": 9 })).await;
    let mut phones = Vec::new();
    for _ in 0..4 {
        let (id, link) = place.open("quick").await;
        phones.push((id, place.claim(&link).await));
    }
    let sends = phones.iter().map(|(_, phone)| phone.picture(PASSPORT, passport_picture()));
    let answers = futures_util::future::join_all(sends).await;
    let taken = answers.iter().filter(|(status, _)| *status == 200).count();
    let busy = answers.iter().filter(|(status, answer)| *status == 503 && answer["code"] == "overloaded").count();
    assert!(taken >= 1 && taken + busy == 4, "{answers:?}");
    for (id, phone) in &phones {
        if place.get(&format!("/v1/verifications/{id}")).await.1["status"] == "in_progress" {
            assert_eq!(phone.picture(PASSPORT, passport_picture()).await.1["accepted"], true);
        }
        place.until(id, &["succeeded"]).await;
    }
}

on_both!(closing_finishes_what_is_open, |mut place: Place| async move {
    place.journey("quick", json!({})).await;
    let (id, link) = place.open("quick").await;
    let phone = place.claim(&link).await;
    let page = phone.get("/v/session?document_kind=passport").await.1;
    let csrf = crate::support::token(&page);
    let server = place.server.take().unwrap();
    let store = server.ipse.store.clone();
    let upload = phone.picture_with(&csrf, PASSPORT, passport_picture());
    let stop = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        server.stop().await;
    };
    let ((status, answer), ()) = tokio::join!(upload, stop);
    assert_eq!((status.as_u16(), &answer["accepted"]), (200, &json!(true)), "{answer}");
    let mut tx = store.read(&place.organization).await.unwrap();
    let found = tx.verification(&id.parse().unwrap()).await.unwrap().unwrap();
    assert!(matches!(found.state.as_str(), "processing" | "succeeded"), "{}", found.state);
});

pub(crate) fn ipse(arguments: &[&str], folder: &std::path::Path, settings: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ipse"));
    command.args(arguments).env("IPSE_STORAGE__DATA_DIR", folder).env("IPSE_SERVER__LISTEN", "127.0.0.1:0");
    for (name, value) in settings {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

#[test]
fn the_command_line_says_what_is_wrong_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, said) = ipse(&["serve"], folder.path(), &[]);
    assert!(!ok && said.contains("ipse keys init") && said.trim().lines().count() == 1, "{said}");
    assert!(ipse(&["keys", "init"], folder.path(), &[]).0);
    assert!(!ipse(&["keys", "init"], folder.path(), &[]).0, "a keyring is never overwritten");
    let (ok, said) = ipse(&["serve"], folder.path(), &[]);
    assert!(!ok && said.contains("ipse migrate"), "{said}");
    assert!(ipse(&["migrate"], folder.path(), &[]).0);
    let (ok, said) = ipse(&["admin", "link"], folder.path(), &[]);
    assert!(ok && said.contains("/console/sign-in/"), "{said}");
    let (ok, said) = ipse(&["doctor"], folder.path(), &[]);
    assert!(ok && said.contains("up to date"), "{said}");
    let (ok, said) = ipse(&["keys", "rotate", "--remove-old"], folder.path(), &[]);
    assert!(ok && said.contains("k1 removed"), "{said}");
    assert!(ipse(&["admin", "link"], folder.path(), &[]).0, "everything still opens");

    let plain = [("IPSE_SERVER__BASE_URL", "http://verify.example.com")];
    let (ok, said) = ipse(&["serve"], folder.path(), &plain);
    assert!(!ok && said.contains("not https"), "{said}");
    let (ok, said) = ipse(&["doctor"], folder.path(), &plain);
    assert!(!ok && said.contains("FAIL"), "{said}");
    let inner =
        [("IPSE_SERVER__BASE_URL", "https://verify.example.com"), ("IPSE_WEBHOOKS__ALLOW_PRIVATE_ADDRESSES", "true")];
    assert!(ipse(&["serve"], folder.path(), &inner).1.contains("inner network"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let (ok, said) = ipse(&["serve"], folder.path(), &[("IPSE_SERVER__LISTEN", &listen)]);
    assert!(!ok && said.contains("cannot listen") && said.trim().lines().count() == 1, "{said}");
    let port = listen.rsplit(':').next().unwrap();
    let (ok, said) = ipse(&["sandbox", "--port", "0", "--partner-port", port], folder.path(), &[]);
    assert!(!ok && said.contains("cannot listen"), "{said}");
    let (ok, said) = ipse(&["sandbox", "--data-dir", "/proc/nowhere"], folder.path(), &[]);
    assert!(!ok && said.contains("cannot be made"), "{said}");
    let (ok, said) = ipse(&["sandbox", "--tour", "nowhere"], folder.path(), &[]);
    assert!(!ok && said.contains("no tour"), "{said}");
    let (ok, said) = ipse(&["--config", "/nowhere.toml", "doctor"], folder.path(), &[]);
    assert!(!ok && said.contains("does not exist"), "{said}");
}

#[test]
fn pictures_on_disk_are_examined() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("passport.jpg");
    let picture = passport_picture();
    std::fs::write(&file, &picture).unwrap();
    let (ok, said) = ipse(&["examine", "--json", file.to_str().unwrap()], folder.path(), &[]);
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(ok && found["mrz"]["check_digits_agree"] == true, "{said}");
    assert_eq!(found["mrz"]["lines"], json!(employee().person.td3()));
    assert!(found["milliseconds"]["total"].as_f64().unwrap() > 0.0);
    for sign in ["screen", "copy", "edited"] {
        assert_eq!(found["signs"][sign], false, "{sign}");
    }
    // The same picture, whose file says that it went through an editor.
    let trace = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description xmp:CreatorTool=\"GIMP\"/></x:xmpmeta>";
    let length = u16::try_from(trace.len() + 2).unwrap().to_be_bytes();
    let edited = [&picture[..2], &[0xFF, 0xE1], &length, trace, &picture[2..]].concat();
    std::fs::write(&file, edited).unwrap();
    let (ok, said) = ipse(&["examine", file.to_str().unwrap()], folder.path(), &[]);
    assert!(ok && said.contains("sign: its file names a program that changes or makes pictures"), "{said}");
    assert_eq!(said.matches("sign: ").count(), 1, "{said}");
    // A folder, with a licence in a folder below and something that is no picture.
    let below = folder.path().join("below");
    std::fs::create_dir(&below).unwrap();
    let licence = licence_back(&employee().person, 7);
    std::fs::write(below.join("back.jpg"), photograph(&licence, &Camera::default())).unwrap();
    std::fs::write(folder.path().join("notes.txt"), "not a picture").unwrap();
    let page = folder.path().join("explained.html");
    let arguments = ["examine", folder.path().to_str().unwrap(), "--explain", page.to_str().unwrap()];
    let (ok, said) = ipse(&arguments, folder.path(), &[]);
    assert!(ok && said.contains("pictures                                 2"), "{said}");
    assert!(
        said.contains("zone read                                1")
            && said.contains("barcode read                             1")
    );
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("<polygon class=\"mrz\"") && page.contains("<polygon class=\"barcode\""));
    assert!(page.matches("data:image/jpeg;base64,").count() == 2 && !page.contains("<script"));
    std::fs::write(&file, b"junk").unwrap();
    let (ok, said) = ipse(&["examine", file.to_str().unwrap()], folder.path(), &[]);
    assert!(!ok && said.contains("not a JPEG"), "{said}");
}

#[test]
fn a_chip_on_disk_is_examined() {
    let folder = tempfile::tempdir().unwrap();
    let (chip, trust) = (folder.path().join("chip"), folder.path().join("trust"));
    std::fs::create_dir(&chip).unwrap();
    std::fs::create_dir(&trust).unwrap();
    let decade = ["20200101000000Z", "20350101000000Z"];
    let authority = CountrySigner::new("UT", decade).unwrap();
    let one = group_1(&employee().person);
    let sod = authority.document_signer(7, decade).unwrap().security_object(&[(1, &one)], None).unwrap();
    std::fs::write(chip.join("EF_SOD.bin"), sod).unwrap();
    std::fs::write(chip.join("DG1.bin"), &one).unwrap();
    let chip = chip.to_str().unwrap();
    let (ok, said) = ipse(&["examine", "--chip", chip], folder.path(), &[]);
    assert!(!ok && said.contains("Unverifiable") && said.contains("NoCsca"), "nobody is trusted yet: {said}");
    std::fs::write(trust.join("utopia.cer"), &authority.certificate).unwrap();
    let trusting = ["examine", "--chip", chip, "--trust", trust.to_str().unwrap(), "--json"];
    let (ok, said) = ipse(&trusting, folder.path(), &[]);
    let reading: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(ok && reading["overall"] == "valid" && reading["data_groups"]["1"] == "match", "{said}");
    let (ok, said) = ipse(&["examine"], folder.path(), &[]);
    assert!(!ok && said.contains("required"), "{said}");
}
