//! Is it a document of nobody: a specimen that was published for everybody to see?

use super::{Answer, Evidence};
use ipse_core::Private;
use ipse_core::reason::Reason;

/// The state of ICAO's examples (Doc 9303-3 §5).
const UTOPIA: &str = "UTO";
/// Numbers of the examples of Doc 9303 (parts 4 to 7) and of the German passport and card shown by their issuer.
const NUMBERS: [&str; 5] = ["L898902C3", "L898902C", "D23145890", "C01X00T47", "L01X00T47"];
/// Words that stand where a name would, and a name that somebody may really have.
const NO_NAME: &str = "SPECIMEN";
const EXAMPLE_NAME: &str = "MUSTERMANN";

pub(super) fn required(evidence: &Evidence<'_>) -> bool {
    evidence.facts().is_some()
}

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    let mut sources = evidence.sources().peekable();
    if sources.peek().is_none() {
        return Answer::not_performed(Reason::DocumentNotMachineReadable);
    }
    if evidence.specimens_allowed {
        return Answer::pass();
    }
    let is = |field: &Option<Private<String>>, words: &[&str]| {
        field.as_ref().is_some_and(|text| words.iter().any(|word| text.reveal().eq_ignore_ascii_case(word)))
    };
    let (mut published, mut doubtful) = (false, false);
    for facts in sources {
        let named = |word| is(&facts.identity.family_name, &[word]) || is(&facts.identity.given_name, &[word]);
        published |= is(&facts.issuing_state, &[UTOPIA]) || is(&facts.document_number, &NUMBERS) || named(NO_NAME);
        doubtful |= named(EXAMPLE_NAME);
    }
    match (published, doubtful) {
        (true, _) => Answer::fail(Reason::DocumentIsSpecimen),
        (false, true) => Answer::review(Reason::DocumentIsSpecimen),
        (false, false) => Answer::pass(),
    }
}
