//! Real models on real faces, read where they lie beside the checkout. The drawn head and our own tiny models prove the
//! pipeline without them.

use ipse_checks::document::image::{Limits, decode};
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
