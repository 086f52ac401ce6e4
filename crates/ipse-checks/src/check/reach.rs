//! What a success of a journey can come to: computed from the checks that its rules need, before anybody has shown anything.

use super::{Evidence, REGISTRY};
use ipse_core::assurance::Assurance;
use ipse_core::check::{Check, Outcome, Report};
use ipse_core::date::Date;
use ipse_core::document::DocumentKind;
use ipse_core::id::ReportId;
use ipse_core::journey::{ReviewPolicy, Rules};
use ipse_core::person::Identity;
use jiff::Timestamp;

/// What successes of a journey come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Where the rules alone decide, and no more was shown than they need.
    pub by_rules: Assurance,
    /// The same where the document's chip was read, too; nothing where no document that has one is accepted.
    pub with_chip: Option<Assurance>,
    /// The least, where a reviewer decides although nothing passed that says who it is; nothing where none decides.
    pub by_reviewer: Option<Assurance>,
}

impl Reach {
    /// Of these rules.
    pub fn of(rules: &Rules) -> Self {
        let has_chip = |kind: &DocumentKind| {
            matches!(kind, DocumentKind::Passport | DocumentKind::IdCard | DocumentKind::ResidencePermit)
        };
        let reviewed = rules.review_policy != ReviewPolicy::Never;
        Self {
            by_rules: passed(rules, false),
            with_chip: rules.document_kinds.iter().any(has_chip).then(|| passed(rules, true)),
            by_reviewer: reviewed.then(|| Assurance::default().reviewed()),
        }
    }
}

/// What it comes to when everything passes that the rules need, and nothing else was looked at.
fn passed(rules: &Rules, chip: bool) -> Assurance {
    let evidence = Evidence {
        rules,
        subject: &Identity::default(),
        pictures: &[],
        chip: None,
        face: None,
        presented: None,
        face_declined: false,
        used_by_another: None,
        known_document: None,
        specimens_allowed: false,
        today: Date::MIN,
    };
    let check = |entry: &super::Entry| {
        // A live face is a burst, and a burst says where it came from.
        let of_burst = entry.name == "liveness_source" && rules.liveness_required;
        // A chip that is handed in has to prove itself in everything.
        let of_chip = chip && entry.name.starts_with("chip_");
        let required = of_burst || of_chip || (entry.required)(&evidence);
        let outcome = if required { Outcome::Pass } else { Outcome::NotPerformed };
        Check { name: entry.name.to_owned(), outcome, reasons: Vec::new(), required, engine: String::new() }
    };
    let id = ReportId::new(Timestamp::UNIX_EPOCH, [0; 10]);
    let checks = REGISTRY.iter().map(check).collect();
    Assurance::of(&Report { id, attempt: 1, created_at: Timestamp::UNIX_EPOCH, checks }, chip)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ipse_core::journey::shipped;

    fn levels(rules: &Rules) -> (u8, Option<u8>, Option<u8>) {
        let reach = Reach::of(rules);
        (reach.by_rules.level, reach.with_chip.map(|it| it.level), reach.by_reviewer.map(|it| it.level))
    }

    #[test]
    fn what_is_shipped_promises_what_it_reaches_and_no_more() {
        let of = |key: &str| shipped().into_iter().find(|journey| journey.0 == key).unwrap().2;
        assert_eq!(levels(&of("kyc-selfie")), (2, Some(3), Some(0)));
        assert_eq!(levels(&of("document-only")), (1, Some(1), Some(0)));
    }

    #[test]
    fn what_is_not_asked_for_is_not_reached() {
        let never = Rules { review_policy: ReviewPolicy::Never, ..Rules::default() };
        assert_eq!(levels(&never), (2, Some(3), None));
        let still = Rules { liveness_required: false, ..never.clone() };
        assert_eq!(levels(&still), (1, Some(1), None), "a picture can be of anybody");
        let licence = Rules { document_kinds: vec![DocumentKind::DrivingLicence], ..never.clone() };
        assert_eq!(levels(&licence), (2, None, None));
        let step_up = Rules { document_kinds: Vec::new(), ..never };
        assert_eq!(levels(&step_up), (1, None, None));
        let reviewed = Rules { review_policy: ReviewPolicy::Always, ..step_up };
        assert_eq!(levels(&reviewed).2, Some(0), "nobody has shown anything");
    }
}
