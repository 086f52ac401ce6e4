//! A live selfie in Chromium: somebody sits before its camera and does what the page asks, or something else.
//!
//! The browser's camera shows a file, over and over, as it is at that moment. What is asked for is read off the page, as a
//! person reads it, and the file is overwritten in place with the scene that answers.

use crate::browser::{PATIENCE, Window, film};
use crate::faces::{OTHER, SELF, drawn, live, outcome};
use crate::support::{PASSPORT, Place, passport_picture};
use ipse_sandbox::specimen::performance::{Performer, frame, jpeg, read_steps};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// Frames of a take, more than the page needs of a step; and takes of a scene, for a challenge may ask for one again: so
/// the page never sees a frame twice.
const FRAMES: usize = 24;
const TAKES: usize = 2;
/// How often somebody honest tries, on a machine that is too busy for its camera.
const TRIES: usize = 3;
const LIGHTS: [&str; 4] = ["white", "red", "green", "blue"];
const ACTIONS: [&str; 5] = ["look_ahead", "turn_left", "turn_right", "closer", "farther"];

/// What is asked for: action and light.
type Asked = (String, String);

/// The takes of every scene that somebody could be asked for, all of one length and their frames too, so that one can take
/// the place of another under the eyes of the browser.
struct Scenes(BTreeMap<Asked, Vec<Vec<u8>>>);

impl Scenes {
    fn of(performer: Performer) -> Self {
        let asked: Vec<(&str, &str)> = ACTIONS
            .iter()
            .flat_map(|action| LIGHTS.map(|light| (*action, light)))
            .filter(|(action, light)| (*action == "look_ahead") == (*light == "white"))
            .collect();
        let drawn: Vec<Vec<Vec<u8>>> = std::thread::scope(|scope| {
            let draw = |(place, (action, light)): (usize, &(&str, &str))| {
                let told = read_steps(&json!([{ "action": action, "light": light }]))[0];
                scope.spawn(move || {
                    let counts = (0..FRAMES * TAKES).map(|count| place * FRAMES * TAKES + count);
                    counts.map(|count| jpeg(&frame(performer, 0, told, count))).collect()
                })
            };
            let threads: Vec<_> = asked.iter().enumerate().map(draw).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let longest = drawn.iter().flatten().map(Vec::len).max().unwrap();
        let take = |frames: &[Vec<u8>]| frames.iter().flat_map(|frame| padded(frame, longest + 4)).collect();
        let takes = |frames: &Vec<Vec<u8>>| frames.chunks(FRAMES).map(take).collect();
        let scenes = asked.iter().zip(&drawn);
        Self(scenes.map(|(asked, frames)| ((asked.0.into(), asked.1.into()), takes(frames))).collect())
    }

    fn first(&self) -> &[u8] {
        &self.0[&("look_ahead".into(), "white".into())][0]
    }

    /// Shows another scene; the file keeps its place and its length.
    fn show(&self, window: &Window, asked: &Asked, take: usize) {
        let Some(scene) = self.0.get(asked).map(|takes| &takes[take % TAKES]) else { return };
        std::fs::OpenOptions::new().write(true).open(window.camera()).unwrap().write_all(scene).unwrap();
    }
}

/// A JPEG with comments before its first segment, so long in all.
fn padded(jpeg: &[u8], length: usize) -> Vec<u8> {
    let mut out = jpeg[..2].to_vec();
    let mut missing = length - jpeg.len();
    while missing > 0 {
        // A comment is four bytes at least, and what is left after it must be none or another.
        let comment = if missing > 65_000 { 60_000 } else { missing };
        out.extend([0xFF, 0xFE]);
        out.extend(u16::try_from(comment - 2).unwrap().to_be_bytes());
        out.resize(out.len() + comment - 4, b' ');
        missing -= comment;
    }
    out.extend(&jpeg[2..]);
    out
}

/// What the page asks for now, and whether it is still asking.
async fn asked(window: &Window) -> (Option<Asked>, bool) {
    let script = "const light = document.documentElement.dataset.light;
        const shown = (name) => [...document.querySelectorAll('[data-do=' + name + ']')].some((one) => !one.hidden);
        const ended = !document.querySelector('[data-liveness]') || shown('open') || shown('next');
        return [document.querySelector('[data-arrow]')?.dataset.arrow ?? '', light ?? '', ended];";
    match window.client.execute(script, Vec::new()).await {
        Ok(found) => {
            let word = |at: usize| found[at].as_str().unwrap_or_default().to_owned();
            let light = word(1);
            ((!light.is_empty()).then(|| (word(0), light)), found[2] == true)
        }
        // The page is being left.
        Err(_) => (None, true),
    }
}

/// Begins, and does what is asked until the page has its frames; or what `instead` says of each step, whatever is asked.
async fn act(window: &Window, scenes: &Scenes, instead: &[Asked]) -> Vec<Asked> {
    window.click("[data-do=begin]").await;
    let begun = Instant::now();
    let mut done: Vec<Asked> = Vec::new();
    loop {
        assert!(begun.elapsed() < PATIENCE * 4, "the page never ends: {done:?}");
        let (now, ended) = asked(window).await;
        match now {
            Some(now) if done.last() != Some(&now) => {
                let shown = instead.get(done.len()).unwrap_or(&now);
                scenes.show(window, shown, done.iter().filter(|before| *before == shown).count());
                if done.len() == 2 {
                    window.check("liveness-running").await;
                }
                done.push(now);
            }
            None if ended && !done.is_empty() => return done,
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

/// Somebody alive does what is asked, and again if the page could not see it well.
async fn live_before(window: &Window, scenes: &Scenes) {
    for _ in 0..TRIES {
        window.click("[data-do=open]:not([hidden])").await;
        act(window, scenes, &[]).await;
        let refused = "return !!document.querySelector('[data-messages] .notice-bad')";
        if window.client.execute(refused, Vec::new()).await.is_ok_and(|refused| refused == false) {
            return;
        }
    }
}

/// What the trail says of refused bursts, for whoever reads why a test failed.
async fn print_refusals(place: &Place, id: &str) {
    let mut tx = place.ipse().store.read(&place.organization).await.unwrap();
    for event in tx.events(id, 0).await.unwrap().iter().filter(|event| event.kind.contains("evidence")) {
        println!("{} {}", event.kind, event.data);
    }
}

/// A browser in which the passport was given already, at the selfie.
async fn at_the_selfie(place: &Place, scenes: &Scenes, size: (u32, u32)) -> (String, Window) {
    let (id, link) = place.open("live").await;
    let phone = place.claim(&link).await;
    let (_, answer) = phone.picture(PASSPORT, passport_picture()).await;
    assert_eq!(answer["accepted"], true, "{answer}");
    let window = Window::open(scenes.first(), size, true).await;
    window.client.goto(&place.base).await.unwrap();
    let cookie = json!(format!("{}; path=/", phone.cookie));
    window.client.execute("document.cookie = arguments[0]", vec![cookie]).await.unwrap();
    window.client.goto(&format!("{}/v/session", place.base)).await.unwrap();
    (id, window)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_person_is_let_through_and_steps_up_without_a_document() {
    let scenes = Scenes::of(Performer::Person(SELF));
    let place = Place::new(false, drawn).await;
    live(&place, json!({ "keep_template_days": 30, "document_kinds": ["passport"] })).await;
    place.journey("step-up", json!({ "document_kinds": [], "selfie_required": true, "liveness_required": true })).await;
    let (id, link) = place.open("live").await;
    let window = Window::open(&film(), (390, 844), true).await;
    window.client.goto(&link).await.unwrap();
    window.click("form[action$='/claim'] button").await;
    window.click("[data-do=take]").await;
    window.click("[data-do=use]").await;
    window.until_text("data-liveness").await;
    // Another file takes the place of the first: one that may be overwritten while it is shown.
    let scene = window.camera().with_extension("new");
    std::fs::write(&scene, scenes.first()).unwrap();
    std::fs::rename(&scene, window.camera()).unwrap();
    window.check("liveness").await;
    window.click("[data-keep]").await;
    live_before(&window, &scenes).await;
    print_refusals(&place, &id).await;
    let found = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!(found["status"], "succeeded", "{}", found["reasons"]);
    window.until_text("withdraw-consent").await;
    window.check("succeeded-enrolled").await;

    let (_, opened) =
        place.post("/v1/verifications", &crate::support::opening("step-up", &crate::support::employee())).await;
    let begun = Instant::now();
    window.client.goto(opened["link"].as_str().unwrap()).await.unwrap();
    window.click("form[action$='/claim'] button").await;
    live_before(&window, &scenes).await;
    let found = place.until(opened["id"].as_str().unwrap(), &["succeeded", "failed", "pending_review"]).await;
    println!("step-up, from opening the link to the decision: {:.1} s", begun.elapsed().as_secs_f32());
    assert_eq!((&found["status"], outcome(&found, "face_match")), (&json!("succeeded"), "pass"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photograph_a_replay_and_somebody_else_are_not_let_through() {
    let place = Place::new(false, drawn).await;
    live(&place, json!({ "max_attempts": 9 })).await;
    let held = Scenes::of(Performer::Sheet(SELF));
    let (id, window) = at_the_selfie(&place, &held, (1280, 900)).await;
    window.check("liveness-desktop").await;
    window.click("[data-do=open]:not([hidden])").await;
    act(&window, &held, &[]).await;
    window.until_text("notice-bad").await;
    window.check("liveness-refused").await;
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "in_progress");

    // The person's own movements, as they were made for another challenge.
    let own = Scenes::of(Performer::Person(SELF));
    let show_own = window.camera().with_extension("new");
    std::fs::write(&show_own, own.first()).unwrap();
    std::fs::rename(&show_own, window.camera()).unwrap();
    let made_before: Vec<Asked> = [
        ("look_ahead", "white"),
        ("turn_left", "red"),
        ("closer", "green"),
        ("farther", "blue"),
        ("turn_right", "green"),
        ("turn_left", "blue"),
    ]
    .map(|(action, light)| (action.to_owned(), light.to_owned()))
    .to_vec();
    loop {
        window.click("[data-do=open]:not([hidden])").await;
        if act(&window, &own, &made_before).await != made_before {
            break;
        }
    }
    window.until_text("notice-bad").await;
    assert_eq!(place.get(&format!("/v1/verifications/{id}")).await.1["status"], "in_progress");

    // Somebody else is alive, too, and not the one of the passport.
    let other = Scenes::of(Performer::Person(OTHER));
    std::fs::write(&show_own, other.first()).unwrap();
    std::fs::rename(&show_own, window.camera()).unwrap();
    live_before(&window, &other).await;
    print_refusals(&place, &id).await;
    let found: Value = place.until(&id, &["succeeded", "failed", "pending_review"]).await;
    assert_eq!((&found["status"], outcome(&found, "face_match")), (&json!("failed"), "fail"), "{}", found["reasons"]);
}
