//! Bursts of the drawn head, judged with our own tiny models: who does what was asked for, and who only pretends to.

use crate::specimens::person;
use ipse_checks::document::image::{Limits, decode};
use ipse_checks::face::liveness::{
    Action, BurstFindings, CameraLabel, Challenge, Fault, Frame, LightAnswer, LightColour, Question, Signal, Source,
    Step, Unanswered, judge_burst,
};
use ipse_checks::face::models::Manifest;
use ipse_checks::face::{Engine, compare, examine_selfie, portrait};
use ipse_sandbox::specimen::performance::{Move, Performer, Told, perform};
use ipse_sandbox::specimen::{Camera, passport, photograph};
use std::path::Path;
use std::sync::OnceLock;

type Burst = Vec<(usize, u32, Vec<u8>)>;

fn fixture(file: &str) -> Option<Vec<u8>> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/face-models").join(file)).ok()
}

pub fn manifest() -> Manifest {
    Manifest::parse(&String::from_utf8(fixture("models.toml").unwrap()).unwrap()).unwrap()
}

/// The engine that knows the drawn people.
pub fn drawn() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load(&manifest(), fixture))
}

fn told(challenge: &Challenge) -> Vec<Told> {
    let movement = |action| match action {
        Action::LookAhead => Move::Ahead,
        Action::TurnLeft => Move::Left,
        Action::TurnRight => Move::Right,
        Action::Closer => Move::Closer,
        Action::Farther => Move::Farther,
    };
    let light = |light| match light {
        LightColour::White => [255, 255, 255],
        LightColour::Red => [255, 0, 0],
        LightColour::Green => [0, 255, 0],
        LightColour::Blue => [0, 0, 255],
    };
    challenge.steps.iter().map(|step| Told { movement: movement(step.action), light: light(step.light) }).collect()
}

fn challenge(number: u128) -> Challenge {
    Challenge::draw(number.to_le_bytes())
}

fn camera() -> Source {
    Source {
        label: CameraLabel::Ordinary,
        width: Some(640),
        height: Some(480),
        frames: 240,
        interval_ms: 33.4,
        interval_deviation_ms: 2.7,
        ..Source::default()
    }
}

fn judge(challenge: &Challenge, burst: &Burst) -> BurstFindings {
    let frames: Vec<Frame<'_>> =
        burst.iter().map(|(step, at_ms, bytes)| Frame { at_ms: *at_ms, step: *step, bytes }).collect();
    judge_burst(drawn(), challenge, &frames, &camera(), &Limits::default())
}

fn performed(performer: Performer, challenge: &Challenge) -> Burst {
    perform(performer, &told(challenge), 2)
}

#[test]
fn a_person_who_does_what_is_asked_is_believed() {
    let bounds = drawn().capabilities().pad.unwrap().1;
    for number in [0, 97, 211, 5_000, 12_345] {
        let challenge = challenge(number);
        let findings = judge(&challenge, &performed(Performer::Person(7), &challenge));
        assert_eq!(findings.faults, [], "{number}: {findings:?}");
        assert!(findings.followed.iter().all(|followed| *followed) && findings.followed.len() == 6);
        assert!(findings.parallax.unwrap() > 0.1, "{findings:?}");
        assert!(matches!(findings.light, LightAnswer::Seen { agreement } if agreement > 0.8), "{findings:?}");
        assert!(findings.presentation.as_ref().unwrap().live >= bounds.pass, "{findings:?}");
        assert!(findings.template.is_some() && findings.best.is_some() && findings.open.is_empty(), "{findings:?}");
        assert_eq!(findings.signals, []);
    }
}

#[test]
fn the_same_bytes_get_the_same_findings() {
    let challenge = challenge(3);
    let burst = performed(Performer::Person(3), &challenge);
    assert_eq!(judge(&challenge, &burst), judge(&challenge, &burst));
}

#[test]
fn those_who_only_pretend_are_refused() {
    let bounds = drawn().capabilities().pad.unwrap().1;
    let challenge = challenge(97);
    let faults = |performer| judge(&challenge, &performed(performer, &challenge)).faults;
    let turned = judge(&challenge, &performed(Performer::Sheet(7), &challenge));
    assert!(turned.faults.contains(&Fault::NoParallax) && turned.faults.contains(&Fault::NotFollowed), "{turned:?}");
    assert!(turned.presentation.unwrap().live < bounds.review);
    assert!(faults(Performer::Still(7)).contains(&Fault::NotFollowed));
    assert!(faults(Performer::Swapped(7, 9)).contains(&Fault::FaceChanged));
}

#[test]
fn a_burst_made_for_another_challenge_is_refused() {
    let (asked, other) = (challenge(97), challenge(211));
    assert_ne!(asked, other);
    let findings = judge(&asked, &performed(Performer::Person(7), &other));
    assert!(
        findings.faults.iter().any(|fault| matches!(fault, Fault::NotFollowed | Fault::WrongOrder)),
        "{findings:?}"
    );
    // The same movements in another order.
    let mut steps = asked.steps.clone();
    steps[1..].reverse();
    let reversed = Challenge { steps };
    if reversed.steps.iter().map(|step| step.action).ne(asked.steps.iter().map(|step| step.action)) {
        assert!(judge(&asked, &performed(Performer::Person(7), &reversed)).faults.contains(&Fault::WrongOrder));
    }
    // The same movements under other colours.
    let lights = asked.steps.iter().map(|step| match step.light {
        LightColour::Red => LightColour::Green,
        LightColour::Green => LightColour::Blue,
        LightColour::Blue => LightColour::Red,
        LightColour::White => LightColour::White,
    });
    let steps = asked.steps.iter().zip(lights).map(|(step, light)| Step { light, ..*step }).collect();
    let recoloured = performed(Performer::Person(7), &Challenge { steps });
    let light = judge(&asked, &recoloured).light;
    assert!(!matches!(light, LightAnswer::Seen { .. }), "{light:?}");
}

#[test]
fn the_envelope_is_judged_without_looking() {
    let challenge = challenge(97);
    let good = performed(Performer::Person(7), &challenge);
    let changed = |change: fn(&mut Burst)| {
        let mut burst = good.clone();
        change(&mut burst);
        judge(&challenge, &burst).faults
    };
    assert_eq!(changed(|_| {}), []);
    assert!(changed(Vec::clear).contains(&Fault::TooFewFrames));
    assert!(changed(|burst| burst.truncate(11)).contains(&Fault::TooFewFrames));
    assert!(changed(|burst| burst.extend_from_within(..)).contains(&Fault::OutOfOrder));
    assert_eq!(
        changed(|burst| (0..3).for_each(|_| burst.extend_from_within(..))),
        [Fault::TooManyFrames, Fault::OutOfOrder]
    );
    assert!(changed(|burst| burst.swap(4, 7)).contains(&Fault::OutOfOrder));
    assert!(changed(|burst| burst[11].0 = 6).contains(&Fault::OutOfOrder));
    assert!(changed(|burst| burst[11].1 = burst[10].1).contains(&Fault::OutOfOrder));
    assert_eq!(changed(|burst| burst.iter_mut().for_each(|frame| frame.1 /= 10)), [Fault::TooFast]);
    assert_eq!(changed(|burst| burst.iter_mut().for_each(|frame| frame.1 *= 8)), [Fault::TooSlow]);
    assert!(changed(|burst| burst[11].1 += 9_000).contains(&Fault::TooSlow));
    assert!(changed(|burst| burst[5].2 = burst[4].2.clone()).contains(&Fault::DuplicateFrames));
    assert_eq!(changed(|burst| burst[5].2.truncate(900)), [Fault::Unreadable]);
    assert_eq!(changed(|burst| burst[5].2 = b"no picture".to_vec()), [Fault::Unreadable]);
}

fn encoded(bytes: &[u8], quality: u8) -> Vec<u8> {
    let picture = decode(bytes, &Limits::default()).unwrap().pixels;
    let mut again = Vec::new();
    jpeg_encoder::Encoder::new(&mut again, quality)
        .encode(&picture.data, picture.width as u16, picture.height as u16, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    again
}

#[test]
fn a_moment_encoded_anew_serves_no_second_step() {
    let challenge = challenge(97);
    let mut burst = performed(Performer::Person(7), &challenge);
    let actions: Vec<Action> = challenge.steps.iter().map(|step| step.action).collect();
    let (first, again) = (0..6)
        .flat_map(|first| (first + 1..6).map(move |again| (first, again)))
        .find(|(first, again)| actions[*first] == actions[*again])
        .expect("every challenge asks for some movement twice");
    for frame in 0..2 {
        burst[2 * again + frame].2 = encoded(&burst[2 * first + frame].2, 70);
    }
    let findings = judge(&challenge, &burst);
    assert!(findings.faults.contains(&Fault::DuplicateFrames), "{findings:?}");
    assert_eq!(findings.signals, [Signal::EncodedAnew]);
}

#[test]
fn who_keeps_still_before_a_camera_on_a_stand_is_believed() {
    for number in [0, 97, 211, 5_000, 12_345] {
        let challenge = challenge(number);
        // As many frames of a step as the page takes.
        let findings = judge(&challenge, &perform(Performer::Seated(7), &told(&challenge), 3));
        assert_eq!(findings.faults, [], "{number}: {findings:?}");
    }
}

#[test]
fn one_picture_for_each_movement_is_one_too_few() {
    for number in [0, 97, 211, 5_000, 12_345] {
        let challenge = challenge(number);
        let findings = judge(&challenge, &performed(Performer::Album(7), &challenge));
        assert_eq!(findings.faults, [Fault::DuplicateFrames], "{number}: {findings:?}");
    }
}

#[test]
fn a_recording_on_another_screen_shows_neither_the_light_nor_a_face() {
    let bounds = drawn().capabilities().pad.unwrap().1;
    let challenge = challenge(97);
    // The movements are right: whoever records has been lucky, or steers a puppet.
    let findings = judge(&challenge, &performed(Performer::Screen(7), &challenge));
    assert!(findings.followed.iter().all(|followed| *followed), "{findings:?}");
    assert!(!matches!(findings.light, LightAnswer::Seen { .. }), "{findings:?}");
    assert!(findings.presentation.unwrap().live < bounds.review);
}

#[test]
fn without_models_every_question_stays_open() {
    let challenge = challenge(97);
    let burst = performed(Performer::Person(7), &challenge);
    let frames: Vec<Frame<'_>> =
        burst.iter().map(|(step, at_ms, bytes)| Frame { at_ms: *at_ms, step: *step, bytes }).collect();
    let findings = judge_burst(&Engine::none(), &challenge, &frames, &camera(), &Limits::default());
    assert_eq!(findings.faults, []);
    assert_eq!(findings.open.len(), 5);
    assert!(findings.open.iter().all(|(_, why)| *why == Unanswered::NoModel) && findings.template.is_none());
    // Without one presentation-attack detector only that question is open.
    let partial = Engine::load(&manifest(), |file| fixture(file).filter(|_| file != "pad.onnx"));
    let findings = judge_burst(&partial, &challenge, &frames, &camera(), &Limits::default());
    assert_eq!(findings.open, [(Question::Presentation, Unanswered::NoModel)]);
}

#[test]
fn signs_of_a_fed_camera_are_collected_and_refuse_nobody() {
    let challenge = challenge(97);
    let burst = performed(Performer::Person(7), &challenge);
    let frames: Vec<Frame<'_>> =
        burst.iter().map(|(step, at_ms, bytes)| Frame { at_ms: *at_ms, step: *step, bytes }).collect();
    let label = CameraLabel::of("OBS Virtual Camera");
    let fed = Source { label, width: Some(1280), height: Some(720), interval_deviation_ms: 0.0, ..camera() };
    let findings = judge_burst(drawn(), &challenge, &frames, &fed, &Limits::default());
    assert_eq!(findings.signals, [Signal::VirtualCamera, Signal::RegularFrameTimes, Signal::SizeDiffers]);
    assert_eq!(findings.faults, []);
    for (name, label) in [
        ("", CameraLabel::Absent),
        ("FaceTime HD Camera", CameraLabel::Ordinary),
        ("camera2 1, facing front", CameraLabel::Ordinary),
        ("Observer Cam", CameraLabel::Ordinary),
        ("ManyCam Video Source", CameraLabel::Virtual),
    ] {
        assert_eq!(CameraLabel::of(name), label, "{name}");
    }
}

#[test]
fn drawn_people_are_told_apart() {
    let bounds = drawn().capabilities().embedder.unwrap().1;
    let templates: Vec<_> = (0..12)
        .map(|seed| {
            let ahead = [Told { movement: Move::Ahead, light: [255; 3] }];
            let of = |burst: &Burst, frame: usize| {
                let findings = examine_selfie(drawn(), &burst[frame].2, &Limits::default());
                findings.template.clone().unwrap_or_else(|| panic!("{seed}: {findings:?}"))
            };
            let burst = perform(Performer::Person(seed), &ahead, 2);
            (of(&burst, 0), of(&burst, 1))
        })
        .collect();
    let mut confused = 0;
    for (number, (template, again)) in templates.iter().enumerate() {
        let same = compare(template, again).unwrap();
        assert!(same >= bounds.pass, "{number}: {same}");
        confused += templates
            .iter()
            .take(number)
            .filter(|(other, _)| compare(template, other).unwrap() >= bounds.review)
            .count();
    }
    // They are known by their colours, of which there are few.
    assert!(confused <= 11, "{confused} of 66 pairs");
}

#[test]
fn the_drawn_set_loads() {
    for model in drawn().status() {
        assert_eq!(model.state, ipse_checks::face::ModelState::Ready, "{}", model.id);
    }
    assert!(drawn().is_for_tests());
}

#[test]
fn the_portrait_of_a_photographed_passport_is_its_holders_and_nobody_elses() {
    let bounds = drawn().capabilities().embedder.unwrap().1;
    let challenge = challenge(97);
    let people = [7_u64, 3, 4_711];
    let of_person = |who: &u64| judge(&challenge, &performed(Performer::Person(*who), &challenge)).template.unwrap();
    let live: Vec<_> = people.iter().map(of_person).collect();
    for camera in [Camera::default(), Camera::hasty(3)] {
        for (holder, seed) in people.into_iter().enumerate() {
            let picture = photograph(&passport(&person(3), seed), &camera);
            let found = portrait(drawn(), &decode(&picture, &Limits::default()).unwrap().pixels).unwrap();
            for (who, live) in live.iter().enumerate() {
                let alike = compare(live, &found.template).unwrap();
                assert_eq!(alike >= bounds.pass, who == holder, "{holder} {who}: {alike}");
            }
        }
    }
}
