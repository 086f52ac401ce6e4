//! Which elements a version of the standard demands (annex D, the tables of mandatory elements).

use super::{Fault, Licence};
use ipse_core::document::DocumentKind;

/// Version 1 (2000).
const FIRST: &[&str] = &["DAG", "DAI", "DAJ", "DAK", "DAQ", "DBA", "DBB", "DBC", "DBD"];
/// From version 2 (2003) on.
const LATER: &[&str] =
    &["DBA", "DCS", "DBD", "DBB", "DBC", "DAY", "DAU", "DAG", "DAI", "DAJ", "DAK", "DAQ", "DCF", "DCG"];
/// From version 4 (2009) on: names apart, and whether they are cut short.
const NAMES: &[&str] = &["DAC", "DAD", "DDE", "DDF", "DDG"];
/// What somebody may drive: not on identity cards.
const DRIVING: &[&str] = &["DCA", "DCB", "DCD"];
const DRIVING_FIRST: &[&str] = &["DAR", "DAS", "DAT"];

/// Adds a fault for each that is not there. Empty counts as there: the standard allows it where nothing applies.
pub(super) fn missing(licence: &mut Licence) {
    let lists: &[&[&str]] = match (licence.version, licence.kind == Some(DocumentKind::IdCard)) {
        (0 | 1, false) => &[FIRST, DRIVING_FIRST],
        (0 | 1, true) => &[FIRST],
        (2 | 3, false) => &[LATER, DRIVING, &["DCT"]],
        (2 | 3, true) => &[LATER, &["DCT"]],
        (_, false) => &[LATER, DRIVING, NAMES],
        (_, true) => &[LATER, NAMES],
    };
    let has = |id: &str| licence.elements.iter().any(|element| element.id == id);
    let mut faults: Vec<Fault> =
        lists.iter().copied().flatten().filter(|id| !has(id)).map(|id| Fault::Missing(id)).collect();
    if licence.version <= 1 && !has("DAA") && !(has("DAB") && has("DAC")) {
        faults.push(Fault::Missing("DAA"));
    }
    licence.faults.extend(faults);
}
