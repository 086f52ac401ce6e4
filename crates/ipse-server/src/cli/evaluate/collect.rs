//! Asking the models about every picture once, and keeping the scores.

use crate::cli::examine::{pictures, progress, read};
use crate::server::NotStarted;
use ipse_checks::document::image::{Limits, decode};
use ipse_checks::face::evaluation::{Comparisons, Presentations, Proportion};
use ipse_checks::face::{Engine, Template, compare, examine_selfie, portrait};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder of live faces among those of attacks.
const BONA_FIDE: &str = "bona_fide";
/// A column with more different entries than this names no groups.
const MOST_GROUPS: usize = 24;

/// What came of a file of pairs.
pub(super) struct Pairs {
    /// Pictures that gave no template, of all.
    pub(super) acquired: Proportion,
    /// Pairs that could not be compared for that.
    pub(super) left_out: u64,
    pub(super) all: Comparisons,
    /// Each column of groups by its name, with the comparisons of each of its entries.
    pub(super) groups: Vec<(String, BTreeMap<String, Comparisons>)>,
}

/// What came of a folder of attacks.
pub(super) struct Attacks {
    pub(super) species: BTreeMap<String, Presentations>,
    pub(super) bona_fide: Presentations,
}

struct Pair {
    one: PathBuf,
    other: PathBuf,
    same: bool,
    groups: Vec<String>,
}

/// Compares each pair of a CSV file.
pub(super) fn pairs(engine: &Engine, file: &Path, limits: &Limits) -> Result<Pairs, NotStarted> {
    let (columns, pairs) = listed(file)?;
    let names: BTreeSet<&PathBuf> = pairs.iter().flat_map(|pair| [&pair.one, &pair.other]).collect();
    let mut templates: BTreeMap<&PathBuf, Option<Template>> = BTreeMap::new();
    for (number, name) in names.iter().enumerate() {
        progress(number, names.len());
        let bytes = read(name)?;
        let face = decode(&bytes, limits).ok().and_then(|picture| portrait(engine, &picture.pixels));
        templates.insert(name, face.map(|face| face.template));
    }
    progress(names.len(), names.len());
    let missing = templates.values().filter(|template| template.is_none()).count() as u64;
    let mut found = Pairs {
        acquired: Proportion { errors: missing, n: names.len() as u64 },
        left_out: 0,
        all: Comparisons::default(),
        groups: columns.iter().map(|name| (name.clone(), BTreeMap::new())).collect(),
    };
    for pair in &pairs {
        let template = |name| templates.get(name).and_then(Option::as_ref);
        let both = template(&pair.one).zip(template(&pair.other));
        let Some(similarity) = both.and_then(|(one, other)| compare(one, other).ok()) else {
            found.left_out += 1;
            continue;
        };
        found.all.add(similarity, pair.same);
        for ((_, groups), group) in found.groups.iter_mut().zip(&pair.groups) {
            groups.entry(group.clone()).or_default().add(similarity, pair.same);
        }
    }
    found.groups.retain(|(_, groups)| (2..=MOST_GROUPS).contains(&groups.len()));
    Ok(found)
}

/// The names of the further columns, and the pairs. One pair twice would count twice, and a picture compared with itself
/// says nothing: both are refused.
fn listed(file: &Path) -> Result<(Vec<String>, Vec<Pair>), NotStarted> {
    let bad = |line: u64, what: &str| NotStarted(format!("{}, line {line}: {what}", file.display()));
    let bytes = read(file)?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes.as_slice());
    let header = reader.headers().map_err(|error| NotStarted(format!("{}: {error}", file.display())))?;
    let columns = header.iter().skip(3).map(str::to_owned).collect();
    let folder = file.parent().unwrap_or(Path::new(""));
    let (mut pairs, mut seen) = (Vec::new(), BTreeSet::new());
    for row in reader.records() {
        let row = row.map_err(|error| NotStarted(format!("{}: {error}", file.display())))?;
        let line = row.position().map_or(0, csv::Position::line);
        let mut fields = row.iter();
        let (Some(one), Some(other), Some(same)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(bad(line, "two pictures and 1 or 0 are wanted"));
        };
        let same = match same {
            "1" => true,
            "0" => false,
            _ => return Err(bad(line, "the third column must be 1 or 0")),
        };
        if one == other {
            return Err(bad(line, "a picture is compared with itself"));
        }
        let in_order = if one < other { (one, other) } else { (other, one) };
        if !seen.insert((in_order.0.to_owned(), in_order.1.to_owned())) {
            return Err(bad(line, "this pair was there before"));
        }
        let groups = fields.map(str::to_owned).collect();
        pairs.push(Pair { one: folder.join(one), other: folder.join(other), same, groups });
    }
    if pairs.is_empty() {
        return Err(NotStarted(format!("{} names no pairs", file.display())));
    }
    Ok((columns, pairs))
}

/// Asks about each picture of each folder in `folder`.
pub(super) fn attacks(engine: &Engine, folder: &Path, limits: &Limits) -> Result<Attacks, NotStarted> {
    if !engine.can_judge_presentation() {
        return Err(NotStarted("the presentation-attack detectors of the manifest are not all there".into()));
    }
    let failed = |error: std::io::Error| NotStarted(format!("{} cannot be read: {error}", folder.display()));
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.path().is_dir() {
            continue;
        }
        let files = pictures(&[entry.path()])?;
        let presentations: &mut Presentations =
            all.entry(entry.file_name().to_string_lossy().into_owned()).or_default();
        for (number, file) in files.iter().enumerate() {
            progress(number, files.len());
            let findings = examine_selfie(engine, &read(file)?, limits);
            presentations.add(findings.presentation.map(|presentation| presentation.live));
        }
        progress(files.len(), files.len());
    }
    let bona_fide = all.remove(BONA_FIDE).unwrap_or_default();
    if all.is_empty() {
        return Err(NotStarted(format!("{} has no folder of attacks", folder.display())));
    }
    Ok(Attacks { species: all, bona_fide })
}
