//! Face models on the command line: installed, verified, refused where they fall short, and measured. The models and the
//! people they know are drawn.

use crate::operations::ipse;
use ipse_sandbox::specimen::performance::{FACE_MODELS, Move, Performer, Told, perform};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A folder with the tiny models.
fn models() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in FACE_MODELS {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

/// Runs the program with a folder of models.
fn with(models: &Path, arguments: &[&str], more: &[(&str, &str)]) -> (bool, String) {
    let data = tempfile::tempdir().unwrap();
    let mut settings = vec![("IPSE_FACES__MODELS", models.to_str().unwrap())];
    settings.extend_from_slice(more);
    ipse(arguments, data.path(), &settings)
}

/// Pictures of somebody who looks ahead.
fn pictures(of: Performer, count: usize) -> Vec<Vec<u8>> {
    let ahead = [Told { movement: Move::Ahead, light: [255; 3] }];
    perform(of, &ahead, count).into_iter().map(|(.., bytes)| bytes).collect()
}

#[test]
fn a_missing_cut_or_altered_model_is_not_verified() {
    let whole = models();
    let (ok, said) = with(whole.path(), &["models", "verify"], &[]);
    assert!(ok && said.matches("Ready").count() == 4 && said.contains("for tests"), "{said}");
    for file in ["detector.onnx", "embedder.onnx", "pad.onnx"] {
        let folder = models();
        let path = folder.path().join(file);
        let bytes = fs::read(&path).unwrap();
        let mut altered = bytes.clone();
        altered[bytes.len() / 2] ^= 1;
        for (content, state) in [(&altered[..], "Tampered"), (&bytes[..bytes.len() - 1], "WrongSize")] {
            fs::write(&path, content).unwrap();
            let (ok, said) = with(folder.path(), &["models", "verify"], &[]);
            assert!(!ok && said.contains(state) && said.matches("Ready").count() == 3, "{file}: {said}");
        }
        fs::remove_file(&path).unwrap();
        let (ok, said) = with(folder.path(), &["models", "verify"], &[]);
        assert!(!ok && said.contains("Missing"), "{file}: {said}");
        let (ok, said) = with(folder.path(), &["models", "list"], &[]);
        assert!(ok && said.matches("not installed").count() == 1, "{file}: {said}");
    }
    // A manifest that names other bytes, and one that is none.
    let folder = models();
    let manifest = fs::read_to_string(folder.path().join("models.toml")).unwrap();
    fs::write(folder.path().join("models.toml"), manifest.replace("\"pad\"", "\"guard\"")).unwrap();
    let (ok, said) = with(folder.path(), &["models", "verify"], &[]);
    assert!(!ok && said.contains("models.toml"), "{said}");
}

#[test]
fn models_are_refused_in_strict_mode_until_they_are_shown_to_reach_their_target() {
    let folder = models();
    let strict = [("IPSE_FACES__STRICT", "true"), ("IPSE_DOCUMENTS__ALLOW_SPECIMENS", "true")];
    let data = tempfile::tempdir().unwrap();
    let all = [strict[0], strict[1], ("IPSE_FACES__MODELS", folder.path().to_str().unwrap())];
    assert!(ipse(&["keys", "init"], data.path(), &[]).0 && ipse(&["migrate"], data.path(), &[]).0);
    let (ok, said) = ipse(&["serve"], data.path(), &all);
    assert!(!ok && said.contains("faces.strict") && said.contains("no Fmr was measured"), "{said}");
    assert_eq!(said.trim().lines().count(), 1, "{said}");
    assert!(ipse(&["doctor"], data.path(), &all).1.contains("FAIL  faces"));

    // What the evaluation prints, pasted where it belongs, is what was missing; the drawn set's target is low.
    let people = people();
    let file = people.path().join("pairs.csv");
    let attacks = people.path().join("attacks");
    let arguments = [
        "evaluate",
        "face",
        "--pairs",
        file.to_str().unwrap(),
        "--attacks",
        attacks.to_str().unwrap(),
        "--test-set",
        "\"drawn\"",
    ];
    let (ok, said) = with(folder.path(), &arguments, &[]);
    assert!(ok && said.contains("strict mode would accept it"), "{said}");
    let block = |after: &str| {
        let lines = said.lines().skip_while(|line| !line.starts_with(after)).skip(1);
        lines.take_while(|line| !line.starts_with('#') && !line.starts_with("With")).collect::<Vec<_>>().join("\n")
    };
    let manifest = fs::read_to_string(folder.path().join("models.toml")).unwrap();
    let paste = |manifest: String, threshold: &str, figures: &str| {
        let [pass, review] = threshold.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let inline = format!("threshold = {{ pass = {pass}, review = {review} }}");
        assert!(manifest.contains(&inline));
        manifest.replace(&inline, &format!("[model.threshold]\npass = {pass}\nreview = {review}\n{figures}"))
    };
    let manifest = paste(manifest, "0.8 0.7", &block("# drawn-embedder"));
    let manifest = paste(manifest, "0.7 0.4", &block("# drawn-pad"));
    fs::write(folder.path().join("models.toml"), manifest).unwrap();
    let (_, said) = ipse(&["doctor"], data.path(), &all);
    assert!(said.contains("ok    faces: drawn"), "{said}");
    // One worse than the target, and it is refused again.
    let manifest = fs::read_to_string(folder.path().join("models.toml")).unwrap();
    fs::write(folder.path().join("models.toml"), manifest.replace("apcer = 1.0", "apcer = 0.01")).unwrap();
    let (ok, said) = ipse(&["serve"], data.path(), &all);
    assert!(!ok && said.contains("Apcer") && said.contains("the target is 0.01"), "{said}");
}

/// Three drawn people in two pictures each, all their pairs, and attacks in their names.
fn people() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for who in [3, 7, 4_711] {
        for (number, bytes) in pictures(Performer::Person(who), 2).into_iter().enumerate() {
            let name = format!("{who}-{number}.jpg");
            fs::write(folder.path().join(&name), bytes).unwrap();
            names.push((who, name));
        }
    }
    let mut rows = "file_a,file_b,same,light,camera\n".to_owned();
    for (place, (who, one)) in names.iter().enumerate() {
        for (other_who, other) in names.iter().skip(place + 1) {
            let light = if one.contains('7') { "day" } else { "lamp" };
            rows += &format!("{one},{other},{},{light},same\n", u8::from(who == other_who));
        }
    }
    fs::write(folder.path().join("pairs.csv"), rows).unwrap();
    for (species, performers) in [
        ("print", vec![Performer::Still(3), Performer::Still(7)]),
        ("screen", vec![Performer::Screen(3), Performer::Screen(7)]),
        ("bona_fide", vec![Performer::Person(3), Performer::Person(7), Performer::Person(11)]),
    ] {
        let species = folder.path().join("attacks").join(species);
        fs::create_dir_all(&species).unwrap();
        for (number, bytes) in performers.into_iter().flat_map(|one| pictures(one, 2)).enumerate() {
            fs::write(species.join(format!("{number}.jpg")), bytes).unwrap();
        }
    }
    folder
}

#[test]
fn error_rates_are_measured_on_labelled_pictures() {
    let (folder, people) = (models(), people());
    let at = |name: &str| people.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("blank.jpg"), pictures(Performer::Person(3), 1)[0].get(..900).unwrap()).unwrap();
    let rows = fs::read_to_string(at("pairs.csv")).unwrap() + "3-0.jpg,blank.jpg,1,lamp,same\n";
    fs::write(at("pairs.csv"), rows).unwrap();
    let models = folder.path().to_str().unwrap().to_owned();
    let (pairs, attacks, det) = (at("pairs.csv"), at("attacks"), at("det.svg"));
    let arguments =
        ["evaluate", "face", "--pairs", &pairs, "--attacks", &attacks, "--det", &det, "--models", &models, "--json"];
    let (ok, said) = ipse(&arguments, people.path(), &[]);
    assert!(ok, "{said}");
    let found: Value = serde_json::from_str(&said).unwrap();
    let compared = &found["comparison"];
    assert_eq!((&compared["mated"], &compared["non_mated"]), (&3.into(), &12.into()));
    assert_eq!(
        (&compared["failure_to_acquire"]["errors"], &compared["failure_to_acquire"]["n"]),
        (&1.into(), &7.into())
    );
    assert_eq!(compared["pairs_left_out"], 1);
    for rate in ["fmr", "fnmr"] {
        assert_eq!(compared["shipped"][rate]["errors"], 0, "{rate}: {compared}");
    }
    let high = compared["shipped"]["fmr"]["interval"][1].as_f64().unwrap();
    assert!((high - 0.2646).abs() < 5e-5, "the upper end for none of 12 is published as 0.2646: {high}");
    assert_eq!(compared["for_fmr"][2]["too_few"]["needed"], 30_000);
    // A column in which all are alike makes no groups.
    let groups = compared["groups"].as_array().unwrap();
    assert_eq!((groups.len(), &groups[0]["column"]), (1, &"light".into()));
    assert_eq!(groups[0]["groups"].as_array().unwrap().len(), 2);
    let presented = &found["presentation"];
    let species: Vec<(&Value, &Value)> =
        presented["species"].as_array().unwrap().iter().map(|one| (&one[0], &one[1]["n"])).collect();
    assert_eq!(species, [(&"print".into(), &4.into()), (&"screen".into(), &4.into())]);
    assert_eq!((&presented["bpcer"]["errors"], &presented["bpcer"]["n"]), (&0.into(), &6.into()), "{presented}");
    for one in presented["species"].as_array().unwrap() {
        assert_eq!(one[1]["errors"], 0, "{one}");
    }
    let drawing = fs::read_to_string(&det).unwrap();
    assert!(drawing.starts_with("<svg ") && drawing.ends_with("</svg>\n") && drawing.contains("threshold 0.8"));
    assert!(!drawing.contains("NaN") && !drawing.contains("inf"), "{drawing}");
    let (ok, said) = ipse(&arguments[..4], people.path(), &[("IPSE_FACES__MODELS", &models)]);
    assert!(ok && said.contains("rule of three: 300 non-mated comparisons, there are 12"), "{said}");
}

#[test]
fn the_faces_of_two_pictures_are_compared() {
    let (folder, people) = (models(), people());
    let compare = |one: &str, other: &str, more: &[&str]| {
        let [one, other] = [one, other].map(|name| people.path().join(name).to_str().unwrap().to_owned());
        let arguments: Vec<&str> =
            ["examine", "--face", &one, &other].into_iter().chain(more.iter().copied()).collect();
        with(folder.path(), &arguments, &[("IPSE_DOCUMENTS__ALLOW_SPECIMENS", "true")])
    };
    let (ok, said) = compare("3-0.jpg", "3-1.jpg", &[]);
    assert!(ok && said.starts_with("pass: similarity"), "{said}");
    let (ok, said) = compare("3-0.jpg", "7-1.jpg", &["--json"]);
    let found: Value = serde_json::from_str(&said).unwrap();
    assert!(!ok && found["outcome"] == "fail", "{said}");
    let (ok, said) = compare("3-0.jpg", "pairs.csv", &[]);
    assert!(!ok && said.contains("pairs.csv"), "{said}");
}

#[test]
fn a_test_set_that_flatters_is_refused() {
    let (folder, people) = (models(), people());
    let pairs = people.path().join("pairs.csv");
    let evaluate = |text: &str| {
        fs::write(&pairs, text).unwrap();
        with(folder.path(), &["evaluate", "face", "--pairs", pairs.to_str().unwrap()], &[])
    };
    for (text, why) in [
        ("a,b,same\n3-0.jpg,3-0.jpg,1\n", "line 2: a picture is compared with itself"),
        ("a,b,same\n3-0.jpg,3-1.jpg,1\n3-1.jpg,3-0.jpg,1\n", "line 3: this pair was there before"),
        ("a,b,same\n3-0.jpg,3-1.jpg,yes\n", "line 2: the third column"),
        ("a,b\n3-0.jpg,3-1.jpg\n", "two pictures"),
        ("a,b,same\n3-0.jpg,3-1.jpg,1,more\n", "pairs.csv"),
        ("a,b,same\n3-0.jpg,nobody.jpg,1\n", "nobody.jpg"),
        ("a,b,same\n", "names no pairs"),
    ] {
        let (ok, said) = evaluate(text);
        assert!(!ok && said.contains(why) && said.trim().lines().count() == 1, "{text}: {said}");
    }
    let nothing = people.path().join("attacks/print");
    let (ok, said) = with(folder.path(), &["evaluate", "face", "--attacks", nothing.to_str().unwrap()], &[]);
    assert!(!ok && said.contains("no folder of attacks"), "{said}");
    let empty = tempfile::tempdir().unwrap();
    let (ok, said) = with(empty.path(), &["evaluate", "face", "--pairs", pairs.to_str().unwrap()], &[]);
    assert!(!ok && said.contains("no models"), "{said}");
    assert!(!with(folder.path(), &["evaluate", "face"], &[]).0);
}
