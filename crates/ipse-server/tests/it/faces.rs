//! Live selfies: who gets through, what is refused, and what is kept of a face. The faces are drawn, and so are the tiny
//! models that know them.

use crate::support::{Browser, PASSPORT, Place, employee, on_both, opening, passport_picture, read, token};
use ipse_core::organization::Role;
use ipse_sandbox::specimen::performance::{FACE_MODELS, Performer, perform, read_steps};
use ipse_server::config::Config;
use jiff::SignedDuration;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use std::path::Path;

/// The person of the passport, and somebody else.
pub(crate) const SELF: u64 = 7;
pub(crate) const OTHER: u64 = 4_711;

pub(crate) fn drawn(config: &mut Config) {
    config.faces.models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/face-models");
}

type Frames = Vec<(usize, u32, Vec<u8>)>;

fn performed(performer: Performer, challenge: &Value) -> Frames {
    perform(performer, &read_steps(&challenge["steps"]), 2)
}

fn head(challenge: &Value, frames: &Frames) -> Value {
    let shots: Vec<Value> = frames.iter().map(|(step, at, _)| json!({ "step": step, "at_ms": at })).collect();
    json!({
        "nonce": challenge["nonce"], "frames": shots,
        "source": { "label": "Front camera", "width": 640, "height": 480, "frame_times_ms": [0.0, 33.1, 67.0, 99.4] },
    })
}

fn form(head: &Value, frames: &Frames) -> Form {
    let form = Form::new().text("burst", head.to_string());
    frames.iter().fold(form, |form, (.., bytes)| {
        form.part("frame", Part::bytes(bytes.clone()).file_name("f.jpg").mime_str("image/jpeg").unwrap())
    })
}

/// The person in front of the page of a live selfie.
pub(crate) struct Face<'a> {
    place: &'a Place,
    phone: &'a Browser,
    csrf: String,
}

impl<'a> Face<'a> {
    pub(crate) async fn new(place: &'a Place, phone: &'a Browser) -> Self {
        let (_, page) = phone.get("/v/session").await;
        assert!(page.contains("data-liveness"), "{page}");
        Self { place, phone, csrf: token(&page) }
    }

    async fn send(&self, path: &str, csrf: &str, form: Option<Form>) -> (reqwest::StatusCode, Value) {
        let request = self.place.client.post(format!("{}{path}", self.place.base));
        // A refusal that comes before the whole body was read ends the connection.
        let request = request.header("connection", "close");
        let request = request.header("cookie", &self.phone.cookie).header("x-csrf", csrf);
        let request = if let Some(form) = form { request.multipart(form) } else { request };
        read(request.send().await.unwrap()).await
    }

    async fn challenge(&self) -> Value {
        let (status, challenge) = self.send("/v/session/liveness", &self.csrf, None).await;
        assert_eq!(status, 200, "{challenge}");
        challenge
    }

    async fn burst(&self, head: &Value, frames: &Frames) -> (reqwest::StatusCode, Value) {
        self.send("/v/session/evidence/burst", &self.csrf, Some(form(head, frames))).await
    }

    /// Does what is asked.
    pub(crate) async fn perform(&self, performer: Performer, keep: bool) -> Value {
        let challenge = self.challenge().await;
        let frames = performed(performer, &challenge);
        let mut head = head(&challenge, &frames);
        head["keep_template"] = json!(keep);
        let (status, answer) = self.burst(&head, &frames).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["hints"].as_array().unwrap().iter().map(|hint| hint["code"].as_str().unwrap()).collect()
}

pub(crate) async fn live(place: &Place, rules: Value) {
    let mut all = json!({ "selfie_required": true, "liveness_required": true });
    all.as_object_mut().unwrap().extend(rules.as_object().unwrap().clone());
    place.journey("live", all).await;
}

/// A claimed session in which the passport was taken already.
async fn at_the_selfie(place: &Place) -> (String, Browser) {
    let (id, link) = place.open("live").await;
    let phone = place.claim(&link).await;
    let (_, answer) = phone.picture(PASSPORT, passport_picture()).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    (id, phone)
}

async fn step_up(place: &Place) -> (reqwest::StatusCode, Value) {
    place.post("/v1/verifications", &opening("step-up", &employee())).await
}

/// What happened of a kind, in particulars.
pub(crate) async fn events(place: &Place, id: &str, kind: &str) -> Vec<Value> {
    let events = place.ipse().store.read(&place.organization).await.unwrap().events(id, 0).await.unwrap();
    let of_kind = events.into_iter().filter(|event| event.kind == kind);
    of_kind.map(|event| serde_json::from_str(&event.data).unwrap()).collect()
}

pub(crate) fn outcome<'a>(found: &'a Value, check: &str) -> &'a str {
    let reports = found["reports"].as_array().unwrap();
    let checks = reports.last().unwrap()["checks"].as_array().unwrap();
    checks.iter().find(|one| one["name"] == check).unwrap()["outcome"].as_str().unwrap()
}

on_both!(a_live_person_is_verified_enrolled_and_steps_up, drawn, |place: Place| async move {
    live(&place, json!({ "keep_template_days": 30 })).await;
    place.journey("step-up", json!({ "document_kinds": [], "selfie_required": true, "liveness_required": true })).await;
    let (status, refused) = step_up(&place).await;
    assert_eq!((status.as_u16(), refused["code"].as_str()), (409, Some("not_enrolled")), "{refused}");

    let (id, mut phone) = at_the_selfie(&place).await;
    let answer = Face::new(&place, &phone).await.perform(Performer::Person(SELF), true).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    let found = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!(found["status"], "succeeded", "{found}");
    assert_eq!(found["assurance"], json!({ "level": 2, "evidence": "document", "pathway": "biometric" }));
    for check in ["face_match", "liveness", "liveness_presentation"] {
        assert_eq!(outcome(&found, check), "pass", "{check}");
    }
    let compared = events(&place, &id, "verification.faces_compared").await;
    assert_eq!(compared.len(), 1);
    assert_eq!(compared[0]["reference"], "document");
    assert!(compared[0]["model"].as_str().unwrap().len() > 4);
    assert_eq!(events(&place, &id, "verification.enrolment_answered").await[0]["agreed"], true);
    let subject = found["subject"].as_str().or(found["subject"]["id"].as_str()).unwrap().to_owned();
    let kept = format!("/v1/subjects/{subject}/enrolment");
    let (status, enrolment) = place.get(&kept).await;
    assert_eq!((status.as_u16(), &enrolment["verification"]), (200, &json!(id)), "{enrolment}");
    assert!(!enrolment.to_string().contains("values"), "a template is never given out");

    // The same person, without a document; then somebody else.
    let (status, opened) = step_up(&place).await;
    assert_eq!(status, 201, "{opened}");
    let again = place.claim(opened["link"].as_str().unwrap()).await;
    let answer = Face::new(&place, &again).await.perform(Performer::Person(SELF), false).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    let stepped = opened["id"].as_str().unwrap();
    let found = place.until(stepped, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!((&found["status"], &found["assurance"]["level"]), (&json!("succeeded"), &json!(1)), "{found}");
    let compared = &events(&place, stepped, "verification.faces_compared").await[0];
    assert_eq!((&compared["reference"], &compared["enrolment"]), (&json!("enrolment"), &enrolment["id"]));
    let (_, opened) = step_up(&place).await;
    let thief = place.claim(opened["link"].as_str().unwrap()).await;
    Face::new(&place, &thief).await.perform(Performer::Person(OTHER), false).await;
    let found = place.until(opened["id"].as_str().unwrap(), &["succeeded", "failed", "pending_review"]).await;
    assert_eq!((&found["status"], outcome(&found, "face_match")), (&json!("failed"), "fail"), "{found}");
    assert_eq!(found["assurance"], Value::Null);

    let (_, settings) = place.sign_in(Role::Admin).await.get("/console/settings").await;
    assert!(settings.contains("drawn-embedder") && !settings.contains("ipse models install"));

    // A stranger sees and erases nothing; the person takes the consent back on their last page.
    let (_, stranger) = place.stranger().await;
    for method in [Method::GET, Method::DELETE] {
        let request = place.client.request(method, format!("{}{kept}", place.base)).bearer_auth(&stranger);
        assert_eq!(request.send().await.unwrap().status(), 404);
    }
    let withdrawn = phone.submit("/v/session", "/v/session/withdraw-consent", &[]).await;
    assert_eq!(withdrawn.status(), 303);
    assert_eq!(place.get(&kept).await.0, 404);
    assert!(!phone.get("/v/session").await.1.contains("withdraw-consent"));
    assert_eq!(step_up(&place).await.0, 409, "what is erased cannot be compared with");
});

on_both!(a_template_is_erased_by_request_and_by_time, drawn, |place: Place| async move {
    live(&place, json!({ "keep_template_days": 2 })).await;
    let enrol = async || {
        let (id, phone) = at_the_selfie(&place).await;
        Face::new(&place, &phone).await.perform(Performer::Person(SELF), true).await;
        let found = place.until(&id, &["succeeded"]).await;
        let subject = found["subject"].as_str().or(found["subject"]["id"].as_str()).unwrap().to_owned();
        format!("/v1/subjects/{subject}/enrolment")
    };
    let kept = enrol().await;
    let erase = async |query: &str| {
        place.request(Method::DELETE, &format!("{kept}{query}")).send().await.unwrap().status().as_u16()
    };
    assert_eq!(erase("?why=whim").await, 400);
    assert_eq!(place.get(&kept).await.0, 200);
    assert_eq!(erase("?why=off_boarding").await, 204);
    assert_eq!((erase("").await, place.get(&kept).await.0.as_u16()), (404, 404));
    enrol().await;
    // A newer one takes the place of the old.
    let (_, first) = place.get(&kept).await;
    enrol().await;
    assert_ne!(place.get(&kept).await.1["id"], first["id"]);
    place.clock.advance(SignedDuration::from_hours(49));
    assert_eq!(place.get(&kept).await.0, 404, "its time is over, whether or not the job was there yet");
    let (_, audit) = place.get("/v1/organization").await;
    assert_eq!(audit["name"], "Utopia");
});

on_both!(who_only_pretends_is_refused, drawn, |place: Place| async move {
    live(&place, json!({ "max_attempts": 9 })).await;
    let (id, phone) = at_the_selfie(&place).await;
    let face = Face::new(&place, &phone).await;
    for (performer, code) in [
        (Performer::Still(SELF), "liveness_challenge_failed"),
        (Performer::Sheet(SELF), "liveness_no_depth"),
        (Performer::Swapped(OTHER, SELF), "liveness_face_changed"),
    ] {
        let answer = face.perform(performer, false).await;
        assert_eq!(answer["accepted"], false, "{performer:?}");
        assert!(codes(&answer).contains(&code), "{performer:?}: {answer}");
    }
    // What somebody did for another challenge, frames in another order, and one frame twice.
    let first = face.challenge().await;
    let recorded = performed(Performer::Person(SELF), &first);
    let mut second = face.challenge().await;
    while second["steps"] == first["steps"] {
        second = face.challenge().await;
    }
    let (_, answer) = face.burst(&head(&second, &recorded), &recorded).await;
    assert!(codes(&answer).iter().any(|code| code.starts_with("liveness_")), "{answer}");
    let challenge = face.challenge().await;
    let mut shuffled = performed(Performer::Person(SELF), &challenge);
    shuffled.swap(2, 7);
    let (_, answer) = face.burst(&head(&challenge, &shuffled), &shuffled).await;
    assert!(codes(&answer).contains(&"liveness_frames_repeated"), "{answer}");
    let challenge = face.challenge().await;
    let mut doubled = performed(Performer::Person(SELF), &challenge);
    doubled[1].2 = doubled[0].2.clone();
    let (_, answer) = face.burst(&head(&challenge, &doubled), &doubled).await;
    assert!(codes(&answer).contains(&"liveness_frames_repeated"), "{answer}");
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "in_progress");

    // Another living person is let through here, and stopped by the comparison.
    assert_eq!(face.perform(Performer::Person(OTHER), false).await["accepted"], true);
    let found = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!((&found["status"], outcome(&found, "face_match")), (&json!("failed"), "fail"), "{found}");
});

on_both!(a_challenge_is_answered_once_and_soon, drawn, |place: Place| async move {
    live(&place, json!({ "max_attempts": 9 })).await;
    let (_, phone) = at_the_selfie(&place).await;
    let face = Face::new(&place, &phone).await;
    let refused = async |head: &Value, frames: &Frames| {
        let (status, answer) = face.burst(head, frames).await;
        (status.as_u16(), answer["code"].as_str().unwrap_or_default().to_owned())
    };
    let used = (409, "challenge_used".to_owned());
    assert_eq!(face.send("/v/session/liveness", "wrong", None).await.0, 403);
    let old = face.challenge().await;
    let frames = performed(Performer::Person(SELF), &old);
    let new = face.challenge().await;
    assert_eq!(refused(&head(&old, &frames), &frames).await, used, "it was replaced");
    let still = performed(Performer::Still(SELF), &new);
    assert_eq!(face.burst(&head(&new, &still), &still).await.0, 200);
    let frames = performed(Performer::Person(SELF), &new);
    assert_eq!(refused(&head(&new, &frames), &frames).await, used, "it was answered");
    let late = face.challenge().await;
    let frames = performed(Performer::Person(SELF), &late);
    place.clock.advance(SignedDuration::from_mins(4));
    assert_eq!(refused(&head(&late, &frames), &frames).await, used, "it has run out");

    // Somebody else's session cannot answer it.
    let (_, other) = at_the_selfie(&place).await;
    let elsewhere = Face::new(&place, &other).await;
    let challenge = face.challenge().await;
    let frames = performed(Performer::Person(SELF), &challenge);
    assert_eq!(elsewhere.burst(&head(&challenge, &frames), &frames).await.0, 409);

    // Malformed, too many, too large, without the page's token: nothing is used up.
    let good = head(&challenge, &frames);
    let burst = async |form: Form| face.send("/v/session/evidence/burst", &face.csrf, Some(form)).await.0.as_u16();
    assert_eq!(burst(Form::new()).await, 400);
    assert_eq!(burst(Form::new().text("burst", "{")).await, 400);
    assert_eq!(burst(form(&good, &frames[1..].to_vec())).await, 400, "a frame is missing");
    assert_eq!(burst(form(&good, &frames).text("extra", "x")).await, 400);
    let crowd: Frames = (0..25).map(|_| frames[0].clone()).collect();
    assert_eq!(burst(form(&head(&challenge, &crowd), &crowd)).await, 400);
    let mut large = frames.clone();
    large[0].2 = vec![0; 400_001];
    assert_eq!(burst(form(&good, &large)).await, 413);
    assert_eq!(face.send("/v/session/evidence/burst", "", Some(form(&good, &frames))).await.0, 403);
    let mut junk = frames.clone();
    junk[3].2 = b"not a picture".to_vec();
    let (status, answer) = face.burst(&good, &junk).await;
    assert_eq!((status.as_u16(), codes(&answer)), (200, vec!["liveness_frames_unusable"]), "{answer}");
    assert_eq!(face.perform(Performer::Person(SELF), false).await["accepted"], true);
});

on_both!(a_person_may_ask_for_a_reviewer_instead, drawn, |place: Place| async move {
    live(&place, json!({ "keep_template_days": 30 })).await;
    let (id, mut phone) = at_the_selfie(&place).await;
    assert_eq!(phone.submit("/v/session", "/v/session/decline-face", &[]).await.status(), 303);
    let found = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!(found["status"], "pending_review");
    let reasons: Vec<&Value> = found["reasons"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(reasons, ["face_declined"]);
    assert_eq!(events(&place, &id, "verification.face_declined").await.len(), 1);
    assert_eq!(events(&place, &id, "verification.faces_compared").await.len(), 0);
});

async fn nobody_passes(place: &Place) {
    live(place, json!({})).await;
    let (_, settings) = place.sign_in(Role::Admin).await.get("/console/settings").await;
    assert!(settings.contains("Faces are not compared") && settings.contains("ipse models install"));
    let (id, phone) = at_the_selfie(place).await;
    let (_, page) = phone.get("/v/session").await;
    assert!(!page.contains("data-liveness"), "nobody could judge a live selfie");
    let face = Face { place, phone: &phone, csrf: token(&page) };
    assert_eq!(face.send("/v/session/liveness", &face.csrf, None).await.0, 422);
    phone.picture("kind=selfie", crate::support::selfie_picture()).await;
    let found = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!(found["status"], "pending_review");
    for check in ["face_match", "liveness", "liveness_presentation"] {
        assert_eq!(outcome(&found, check), "not_performed", "{check}");
    }
}

on_both!(without_models_nobody_passes, |place: Place| async move { nobody_passes(&place).await });

/// The tiny models in the folder of the deployment, one of them changed.
fn changed(config: &Config, file: &str, change: fn(&mut Vec<u8>)) {
    let folder = config.face_models();
    std::fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in FACE_MODELS {
        let mut bytes = bytes.to_vec();
        if name == file {
            change(&mut bytes);
        }
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

fn tampered(config: &mut Config) {
    changed(config, "detector.onnx", |bytes| bytes[9_000] ^= 1);
}

fn cut(config: &mut Config) {
    changed(config, "pad.onnx", |bytes| bytes.truncate(600));
}

on_both!(a_tampered_model_is_as_good_as_none, tampered, |place: Place| async move { nobody_passes(&place).await });

on_both!(without_a_whole_attack_detector_a_person_looks, cut, |place: Place| async move {
    live(&place, json!({})).await;
    let (id, phone) = at_the_selfie(&place).await;
    let answer = Face::new(&place, &phone).await.perform(Performer::Person(SELF), false).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    let found = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!(found["status"], "pending_review");
    assert_eq!(outcome(&found, "liveness_presentation"), "not_performed");
    assert_eq!(outcome(&found, "face_match"), "pass");
});
