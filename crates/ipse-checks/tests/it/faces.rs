//! Real models on real faces, read where they lie beside the checkout. The drawn head and our own tiny models prove the
//! pipeline without them.

use ipse_checks::document::image::{Limits, Rgb, decode};
use ipse_checks::face::liveness::{
    Action, BurstFindings, Challenge, Fault, Frame, LightColour, Source, Step, judge_burst,
};
use ipse_checks::face::models::{DEFAULT, Manifest};
use ipse_checks::face::{Engine, ModelState, Template, compare, examine_selfie, portrait};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

/// The default set, where its files lie beside the checkout.
pub fn real_engine() -> Option<Engine> {
    let folder = shared().join("models");
    let engine = Engine::load(&Manifest::parse(DEFAULT).unwrap(), |file| std::fs::read(folder.join(file)).ok());
    if !engine.can_compare() {
        println!("not run: there are no models in ../shared/models beside the checkout");
        return None;
    }
    Some(engine)
}

#[test]
fn the_default_set_loads_where_it_is() {
    let Some(engine) = real_engine() else { return };
    assert!(engine.can_judge_presentation() && !engine.is_for_tests());
    for model in engine.status() {
        let expected = if model.id.starts_with("sface") { ModelState::NotNeeded } else { ModelState::Ready };
        assert_eq!(model.state, expected, "{}", model.id);
    }
}

#[test]
fn pairs_beside_the_checkout_are_told_apart() {
    let Some(engine) = real_engine() else { return };
    let folder = shared().join("samples/faces");
    let Ok(pairs) = std::fs::read_to_string(folder.join("pairs.csv")) else { return };
    let (_, bounds) = engine.capabilities().embedder.unwrap();
    let mut templates: BTreeMap<String, Template> = BTreeMap::new();
    let mut of = |file: &str| {
        templates
            .entry(file.to_owned())
            .or_insert_with(|| {
                let bytes = std::fs::read(folder.join(file)).unwrap();
                let picture = decode(&bytes, &Limits::default()).unwrap();
                portrait(&engine, &picture.pixels).expect("a face in every picture").template
            })
            .clone()
    };
    let (mut genuine, mut impostor) = (Vec::new(), Vec::new());
    for row in pairs.lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let similarity = compare(&of(fields[0]), &of(fields[1])).unwrap();
        if fields[2] == "1" { &mut genuine } else { &mut impostor }.push(similarity);
    }
    let least = genuine.iter().copied().fold(f32::MAX, f32::min);
    let most = impostor.iter().copied().fold(f32::MIN, f32::max);
    println!("{} genuine from {least:.3}, {} impostor up to {most:.3}", genuine.len(), impostor.len());
    assert!(least >= bounds.pass && most < bounds.review, "{least} {most}");
}

#[test]
fn recorded_attacks_beside_the_checkout_are_caught() {
    let Some(engine) = real_engine() else { return };
    let (_, bounds) = engine.capabilities().pad.unwrap();
    for (file, is_live) in [("image_F1.jpg", false), ("image_F2.jpg", false), ("image_T1.jpg", true)] {
        let Ok(bytes) = std::fs::read(shared().join("samples/spoof").join(file)) else { return };
        let findings = examine_selfie(&engine, &bytes, &Limits::default());
        let live = findings.presentation.expect("a face").live;
        println!("{file}: {live:.3} hints {:?} {:?}", findings.hints, findings.face.map(|f| (f.pose, f.quality)));
        assert_eq!(live >= bounds.pass, is_live, "{file}: {live}");
        assert_eq!(live < bounds.review, !is_live, "{file}: {live}");
    }
}

/// Photographs of the development set in which one upright face looks more or less into the camera, with its face.
fn frontal(engine: &Engine) -> Vec<(String, Rgb, ipse_checks::face::Face)> {
    let mut found = Vec::new();
    for number in 1..=25 {
        let name = format!("deepface/img{number}.jpg");
        let Ok(bytes) = std::fs::read(shared().join("samples/faces").join(&name)) else { continue };
        let picture = decode(&bytes, &Limits::default()).unwrap().pixels;
        let findings = examine_selfie(engine, &bytes, &Limits::default());
        if let (Some(1), Some(face)) = (findings.faces, findings.face)
            && face.pose.yaw.abs() < 12.0
            && face.pose.roll.abs() < 15.0
        {
            found.push((name, picture, face));
        }
    }
    found
}

/// What a camera of 480 × 640 pixels sees of a photograph that is held before it: its face so many pixels wide, turned
/// like a sheet by so many degrees, and a little shifted.
fn before_the_camera(photograph: &Rgb, face: &ipse_checks::face::Face, wide: f32, degrees: f32, shift: f32) -> Vec<u8> {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let scale = face.area.width / wide;
    let (cx, cy) = (face.area.left + face.area.width / 2.0, face.area.top + face.area.height / 2.0);
    let mut data = Vec::with_capacity(480 * 640 * 3);
    for y in 0..640 {
        for x in 0..480 {
            let (dx, dy) = (x as f32 - 240.0 - shift, y as f32 - 320.0 + shift);
            // The picture of a plane that is turned about its upright middle, three widths away.
            let across = dx / (cos - dx * sin / 1440.0);
            let down = dy * (1.0 + across * sin / 1440.0);
            let (sx, sy) = ((cx + across * scale).max(0.0) as usize, (cy + down * scale).max(0.0) as usize);
            let (sx, sy) = (sx.min(photograph.width - 1), sy.min(photograph.height - 1));
            let at = (sy * photograph.width + sx) * 3;
            data.extend_from_slice(&photograph.data[at..at + 3]);
        }
    }
    let mut jpeg = Vec::new();
    jpeg_encoder::Encoder::new(&mut jpeg, 86).encode(&data, 480, 640, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}

/// Judges what a photograph shows that is held as each step asks, at these turns.
fn held(engine: &Engine, photograph: &Rgb, face: &ipse_checks::face::Face, steps: &[(Action, f32)]) -> BurstFindings {
    let asked = steps.iter().map(|(action, _)| Step { action: *action, light: LightColour::White }).collect();
    let wide = |action| match action {
        Action::Closer => 180.0 * 1.3,
        Action::Farther => 180.0 * 0.75,
        Action::LookAhead | Action::TurnLeft | Action::TurnRight => 180.0,
    };
    let frames: Vec<Vec<u8>> = (0..steps.len() * 2)
        .map(|count| {
            let (action, degrees) = steps[count / 2];
            before_the_camera(photograph, face, wide(action), degrees, (count * count) as f32)
        })
        .collect();
    let frames: Vec<Frame<'_>> = frames
        .iter()
        .enumerate()
        .map(|(count, bytes)| Frame { at_ms: 700 * (count as u32 + 1), step: count / 2, bytes })
        .collect();
    judge_burst(engine, &Challenge { steps: asked }, &frames, &Source::default(), &Limits::default())
}

#[test]
fn a_face_that_fills_more_of_the_picture_has_come_closer() {
    let Some(engine) = real_engine() else { return };
    let mut tried = 0;
    for (name, photograph, face) in frontal(&engine).into_iter().take(8) {
        let steps = [(Action::LookAhead, 0.0), (Action::Closer, 0.0), (Action::Farther, 0.0), (Action::LookAhead, 0.0)];
        let findings = held(&engine, &photograph, &face, &steps);
        // To look ahead again is no movement of a challenge; here it shows that noise alone is none either.
        assert_eq!(findings.followed, [true; 4], "{name}: {findings:?}");
        assert!(!findings.faults.contains(&Fault::FaceChanged), "{name}: {findings:?}");
        tried += 1;
    }
    println!("{tried} photographs");
}

#[test]
fn a_photograph_that_is_turned_is_no_head() {
    let Some(engine) = real_engine() else { return };
    for (number, (name, photograph, face)) in frontal(&engine).into_iter().enumerate().take(6) {
        let degrees = [20.0, -35.0, 50.0][number % 3];
        let steps = [(Action::LookAhead, 0.0), (Action::TurnLeft, degrees), (Action::TurnRight, -degrees)];
        let faults = held(&engine, &photograph, &face, &steps).faults;
        let is_caught = |fault: &Fault| matches!(fault, Fault::NotFollowed | Fault::WrongOrder | Fault::NoParallax);
        assert!(faults.iter().any(is_caught), "{name} at {degrees}: {faults:?}");
    }
}

#[test]
fn a_mirrored_face_is_turned_the_other_way() {
    let Some(engine) = real_engine() else { return };
    for number in 1..=25 {
        let Ok(bytes) = std::fs::read(shared().join(format!("samples/faces/deepface/img{number}.jpg"))) else {
            continue;
        };
        let picture = decode(&bytes, &Limits::default()).unwrap().pixels;
        let mirrored: Vec<u8> = picture
            .data
            .chunks_exact(picture.width * 3)
            .flat_map(|row| row.chunks_exact(3).rev().flatten().copied())
            .collect();
        let mut jpeg = Vec::new();
        jpeg_encoder::Encoder::new(&mut jpeg, 95)
            .encode(&mirrored, picture.width as u16, picture.height as u16, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        let pose = |bytes: &[u8]| examine_selfie(&engine, bytes, &Limits::default()).face.map(|face| face.pose);
        let (Some(one), Some(other)) = (pose(&bytes), pose(&jpeg)) else { continue };
        println!(
            "img{number}: yaw {:.1} mirrored {:.1}, roll {:.1}, pitch {:.1}",
            one.yaw, other.yaw, one.roll, one.pitch
        );
        // Landmarks are good to several degrees; they must be better than what counts as a turn.
        assert!((one.yaw + other.yaw).abs() < 12.0 && (one.roll + other.roll).abs() < 6.0, "img{number}");
    }
}
