//! Judging a burst: what can be told from the envelope first, then from the pictures, then from the models.

use super::light::{self, answer};
use super::motion::{self, Stance};
use super::source::{self, Source};
use super::{
    Action, BurstFindings, Challenge, Fault, Frame, LightAnswer, MOST_FRAMES, Question, Unanswered, duplicates,
};
use crate::document::image::{Limits, Rgb, decode};
use crate::face::detect::near_faces;
use crate::face::embed::{Template, compare, template};
use crate::face::engine::Engine;
use crate::face::pad::presentation;
use crate::face::selfie::dominant;
use crate::face::{Face, Presentation, quality};

/// Least frames of a step.
const IN_A_STEP: usize = 2;
/// A step is judged by its last frames: before, the person is still reading.
const DECIDING: usize = 2;
/// Least time of a step, in milliseconds: nobody reads and moves faster.
const FASTEST: u32 = 400;
/// Longest time of a burst and between two frames, in milliseconds.
const SLOWEST: (u32, u32) = (60_000, 5_000);
/// How many frames the presentation-attack detectors look at.
const LOOKED_AT: usize = 2;
/// Similarity that a turned face has at least of what an upright one must have.
const TURNED: f32 = 0.65;

/// A frame that could be opened, with its only face.
struct Seen {
    place: usize,
    step: usize,
    picture: Rgb,
    face: Face,
}

impl Seen {
    fn stance(&self) -> Stance {
        Stance { pose: self.face.pose, eyes: self.face.quality.eyes, landmarks: self.face.landmarks }
    }

    fn is_frontal(&self) -> bool {
        self.face.pose.yaw.abs() <= quality::AHEAD && self.face.pose.roll.abs() <= 2.0 * quality::AHEAD
    }
}

/// Judges a burst. The same bytes always get the same findings.
pub fn judge_burst(
    engine: &Engine,
    challenge: &Challenge,
    frames: &[Frame<'_>],
    camera: &Source,
    limits: &Limits,
) -> BurstFindings {
    let mut findings = BurstFindings { engine: engine.capabilities(), ..BurstFindings::default() };
    findings.faults = envelope(challenge, frames);
    if findings.faults.contains(&Fault::TooManyFrames) {
        return findings;
    }
    let mut pictures = Vec::new();
    for frame in frames {
        match decode(frame.bytes, limits) {
            Ok(picture) => pictures.push(picture.pixels),
            Err(_) => {
                findings.faults.push(Fault::Unreadable);
                return findings;
            }
        }
    }
    let sizes: Vec<_> = pictures.iter().map(|picture| (picture.width, picture.height)).collect();
    let encodings: Vec<_> = frames.iter().map(|frame| source::encoding(frame.bytes)).collect();
    findings.signals = camera.signals(&sizes, &encodings);
    if duplicates::identical(&pictures) {
        findings.faults.push(Fault::DuplicateFrames);
    }
    if engine.capabilities().detector.is_some() {
        let seen = find_faces(engine, frames, pictures, &mut findings);
        look(engine, challenge, &seen, &mut findings);
    } else {
        let all = [Question::Challenge, Question::Steadiness, Question::Parallax, Question::Light];
        findings.open = all.into_iter().chain([Question::Presentation]).map(|q| (q, Unanswered::NoModel)).collect();
    }
    findings.faults.sort_unstable();
    findings.faults.dedup();
    findings
}

/// What is wrong with number, order and times of the frames.
fn envelope(challenge: &Challenge, frames: &[Frame<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    if frames.len() > MOST_FRAMES {
        faults.push(Fault::TooManyFrames);
    }
    let steps = challenge.steps.len();
    let of_step = |step: usize| frames.iter().filter(move |frame| frame.step == step);
    if steps == 0 || (0..steps).any(|step| of_step(step).count() < IN_A_STEP) {
        faults.push(Fault::TooFewFrames);
    }
    let pairs = || frames.iter().zip(frames.iter().skip(1));
    if pairs().any(|(a, b)| b.at_ms <= a.at_ms || b.step < a.step) || frames.iter().any(|frame| frame.step >= steps) {
        faults.push(Fault::OutOfOrder);
    }
    let (longest, pause) = SLOWEST;
    let late = frames.last().is_some_and(|last| last.at_ms > longest);
    if late || pairs().any(|(a, b)| b.at_ms.saturating_sub(a.at_ms) > pause) {
        faults.push(Fault::TooSlow);
    }
    // From the first sight of a step to the first sight of the next.
    let begins: Vec<u32> = (0..steps).filter_map(|step| of_step(step).map(|frame| frame.at_ms).min()).collect();
    if begins.iter().zip(begins.iter().skip(1)).any(|(a, b)| b.saturating_sub(*a) < FASTEST) {
        faults.push(Fault::TooFast);
    }
    faults
}

fn find_faces(engine: &Engine, frames: &[Frame<'_>], pictures: Vec<Rgb>, findings: &mut BurstFindings) -> Vec<Seen> {
    let mut seen = Vec::new();
    for (place, (frame, picture)) in frames.iter().zip(pictures).enumerate() {
        let found = dominant(near_faces(engine, &picture).unwrap_or_default());
        match found.as_slice() {
            [] => {}
            [only] => {
                let face = quality::glanced(&picture, only);
                seen.push(Seen { place, step: frame.step, picture, face });
            }
            _ => findings.faults.push(Fault::SeveralFaces),
        }
    }
    // A blink of the detector is forgiven, a step without a face is not.
    let missing = frames.len() - seen.len();
    let steps = frames.iter().map(|frame| frame.step);
    if missing * 4 > frames.len() || steps.into_iter().any(|step| !seen.iter().any(|seen| seen.step == step)) {
        findings.faults.push(Fault::NoFace);
    }
    seen
}

/// Asks every question that the frames with a face can answer.
fn look(engine: &Engine, challenge: &Challenge, seen: &[Seen], findings: &mut BurstFindings) {
    let first: Vec<Stance> = seen.iter().filter(|seen| seen.step == 0).map(Seen::stance).collect();
    let Some(beginning) = motion::beginning(&first) else {
        findings.open = [Question::Challenge, Question::Parallax].map(|q| (q, Unanswered::NotShown)).to_vec();
        return;
    };
    let deciding = followed(challenge, seen, &beginning, findings);
    let moments: Vec<&Rgb> = deciding.iter().map(|(_, seen)| &seen.picture).collect();
    if duplicates::same_moment(&moments) {
        findings.faults.push(Fault::DuplicateFrames);
    }
    depth(challenge, &deciding, &beginning, findings);
    light_of(challenge, seen, findings);
    // What is compared and looked at has itself done what was asked.
    let mut frontal: Vec<&Seen> = deciding.iter().map(|(_, seen)| *seen).filter(|seen| seen.is_frontal()).collect();
    frontal.sort_by(|a, b| b.face.quality.sharpness.total_cmp(&a.face.quality.sharpness));
    if let Some(best) = frontal.first() {
        let mut face = best.face;
        face.quality.disagreement = quality::disagreement(engine, &best.picture, &face);
        findings.best = Some(best.place);
        findings.hints = face.hints();
        findings.template = template(engine, &best.picture, &face.landmarks);
    }
    steadiness(engine, &deciding, findings);
    let sharpest: Vec<Presentation> = frontal
        .iter()
        .take(LOOKED_AT)
        .filter_map(|seen| presentation(engine, &seen.picture, &seen.face.area))
        .collect();
    findings.presentation = mean(&sharpest);
    if findings.presentation.is_none() {
        let why = if engine.can_judge_presentation() { Unanswered::NotShown } else { Unanswered::NoModel };
        findings.open.push((Question::Presentation, why));
    }
}

/// Holds what the head did against what was asked for; the frame that decided each step.
fn followed<'a>(
    challenge: &Challenge,
    seen: &'a [Seen],
    beginning: &Stance,
    findings: &mut BurstFindings,
) -> Vec<(Action, &'a Seen)> {
    let mut deciding = Vec::new();
    let mut done: Vec<Option<Action>> = Vec::new();
    for (number, step) in challenge.steps.iter().enumerate() {
        let frames: Vec<&Seen> = seen.iter().filter(|seen| seen.step == number).collect();
        let last = || frames.iter().rev().take(DECIDING);
        let does = |seen: &&Seen| motion::action(&seen.stance(), beginning);
        let right = last().find(|seen| does(seen) == step.action && (number > 0 || seen.is_frontal()));
        findings.followed.push(right.is_some());
        done.push(right.or_else(|| last().next()).map(does));
        deciding.extend(right.or_else(|| last().next()).map(|seen| (step.action, *seen)));
    }
    if findings.followed.iter().any(|followed| !followed) {
        let sorted = |actions: Vec<Option<Action>>| {
            let mut actions: Vec<_> = actions.into_iter().map(|action| action.map(|action| action as u8)).collect();
            actions.sort_unstable();
            actions
        };
        let asked = sorted(challenge.steps.iter().map(|step| Some(step.action)).collect());
        findings.faults.push(if sorted(done) == asked { Fault::WrongOrder } else { Fault::NotFollowed });
    }
    deciding
}

fn depth(challenge: &Challenge, deciding: &[(Action, &Seen)], beginning: &Stance, findings: &mut BurstFindings) {
    let shifts = deciding.iter().filter_map(|(action, seen)| motion::shift(&seen.stance(), beginning, *action));
    let turns = challenge.steps.iter().filter(|step| matches!(step.action, Action::TurnLeft | Action::TurnRight));
    let shifts: Vec<f32> = shifts.collect();
    if shifts.is_empty() || shifts.len() != turns.count() {
        findings.open.push((Question::Parallax, Unanswered::NotShown));
    }
    findings.parallax = shifts.into_iter().reduce(f32::min);
    let all_followed = findings.followed.iter().all(|followed| *followed);
    let is_flat = findings.parallax.is_some_and(|least| least < motion::DEPTH);
    let is_sheet = deciding.iter().any(|(_, seen)| motion::is_tilted_sheet(&seen.stance(), beginning));
    if (all_followed && is_flat) || is_sheet {
        findings.faults.push(Fault::NoParallax);
    }
}

fn light_of(challenge: &Challenge, seen: &[Seen], findings: &mut BurstFindings) {
    let of_step = |number: usize| {
        let colours = seen.iter().filter(|seen| seen.step == number).rev().take(DECIDING);
        let colours: Vec<_> = colours.filter_map(|seen| light::colour(&seen.picture, &seen.face.area)).collect();
        let count = colours.len() as f32;
        let sum = colours.into_iter().reduce(|[a, b, c], [x, y, z]| [a + x, b + y, c + z])?;
        Some(sum.map(|value| value / count))
    };
    let lit: Vec<_> = challenge.steps.iter().enumerate().skip(1).map(|(n, step)| (step.light, of_step(n))).collect();
    findings.light = answer(of_step(0), &lit);
    match findings.light {
        LightAnswer::Unknown => findings.open.push((Question::Light, Unanswered::TooBright)),
        LightAnswer::Differs { .. } => findings.faults.push(Fault::LightDiffers),
        LightAnswer::Seen { .. } => {}
    }
}

/// Is it the best frame's person in every step?
fn steadiness(engine: &Engine, deciding: &[(Action, &Seen)], findings: &mut BurstFindings) {
    let capabilities = &findings.engine;
    let (Some(best), Some((_, bounds))) = (&findings.template, &capabilities.embedder) else {
        let why = if engine.can_compare() { Unanswered::NotShown } else { Unanswered::NoModel };
        findings.open.push((Question::Steadiness, why));
        return;
    };
    let others = || deciding.iter().filter(|(_, seen)| findings.best != Some(seen.place));
    let alike = |seen: &Seen, best: &Template| {
        let similarity = compare(&template(engine, &seen.picture, &seen.face.landmarks)?, best).ok()?;
        let enough = if seen.is_frontal() { bounds.review } else { bounds.review * TURNED };
        Some((similarity, similarity < enough))
    };
    let similarities: Vec<_> = others().filter_map(|(_, seen)| alike(seen, best)).collect();
    let least = similarities.iter().map(|(similarity, _)| *similarity).reduce(f32::min);
    let is_another = similarities.iter().any(|(_, is_another)| *is_another) || similarities.len() != others().count();
    findings.steadiness = least;
    if is_another {
        findings.faults.push(Fault::FaceChanged);
    }
}

fn mean(presentations: &[Presentation]) -> Option<Presentation> {
    let first = presentations.first()?;
    let count = presentations.len() as f32;
    let scores = first.scores.iter().enumerate().map(|(place, (id, _))| {
        let sum: f32 = presentations.iter().filter_map(|one| one.scores.get(place)).map(|(_, score)| score).sum();
        (id.clone(), sum / count)
    });
    let live = presentations.iter().map(|one| one.live).sum::<f32>() / count;
    Some(Presentation { live, scores: scores.collect() })
}
