//! From what a use found to what a page shows.

use super::views::{
    Asked, Beside, Clock, Consent, Document, End, Following, Handover, Kind, LanguageLink, Liveness, Outcome, Page,
    PassOffer, Processing, Selfie, Shot, Wallet,
};
use super::{credential, pass, presentation};
use crate::app::Error;
use crate::app::capture::{Invitation, Session, Step, progress};
use crate::app::credentials as app;
use crate::app::presentations::Presenting;
use crate::app::selfie;
use crate::http::page::{render, render_with};
use crate::http::problem::Problem;
use crate::state::Ipse;
use crate::text::{Language, Text, negotiate};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use ipse_core::Refusal;
use ipse_core::document::{DocumentKind, Side};
use ipse_core::id::ClientId;
use ipse_core::issuance::IssuanceState;
use ipse_core::journey::Rules;
use ipse_core::organization::Settings;
use ipse_core::presentation::PresentationState;
use ipse_core::reason::Reason;
use ipse_core::verification::{State, Verification};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Who reads: their language, the time, and whether they sit at a desk.
pub(crate) struct Reader {
    pub(crate) text: Text,
    language: Language,
    now: Timestamp,
    at_desk: bool,
}

impl Reader {
    pub(crate) fn new(ipse: &Ipse, headers: &HeaderMap, wanted: Option<&str>) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let language = negotiate(wanted, accepted);
        let at_desk = super::device(headers) == ipse_core::verification::Device::Desktop;
        Self { text: Text::new(language), language, now: ipse.clock.now(), at_desk }
    }

    pub(crate) const fn language(&self) -> Language {
        self.language
    }

    pub(crate) fn page(&self, organization: &str) -> Page<'_> {
        Page {
            text: &self.text,
            csrf: String::new(),
            organization: organization.to_owned(),
            languages: Vec::new(),
            clock: None,
            live: None,
        }
    }

    pub(crate) const fn at_desk(&self) -> bool {
        self.at_desk
    }

    fn clock(&self, verification: &Verification) -> Clock {
        let left = verification.expires_at.duration_since(self.now).as_secs().max(0);
        Clock { expires_at: verification.expires_at.as_second(), left: format!("{}:{:02}", left / 60, left % 60) }
    }

    pub(crate) fn minutes(&self, minutes: u32) -> String {
        match minutes {
            0..=119 => self.text.count("duration-minutes", minutes),
            120..=2879 => self.text.count("duration-hours", minutes / 60),
            _ => self.text.count("duration-days", minutes / 1440),
        }
    }

    fn reasons(&self, reasons: &[Reason]) -> Vec<String> {
        let mut words: Vec<String> = reasons.iter().map(|reason| self.text.reason(reason.code())).collect();
        words.dedup();
        words
    }
}

pub(crate) fn phone(settings: &Settings) -> Option<String> {
    (!settings.phone.is_empty()).then(|| settings.phone.clone())
}

fn asked(verification: &Verification) -> Asked {
    Asked {
        requester: verification.requester.name.clone(),
        purpose: verification.purpose.clone(),
        ticket: verification.record.as_ref().map(|record| record.number.clone()),
        at: Some(verification.created_at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()),
    }
}

/// The first page.
pub(super) fn invitation(reader: &Reader, invitation: &Invitation, token: &str) -> Response {
    let Invitation { verification, journey, settings, claimed } = invitation;
    let open = matches!(verification.state, State::Created | State::LinkSent);
    if verification.is_finished() {
        return end(reader, verification, settings, reader.page(&settings.name), After::default());
    }
    if *claimed || !open {
        return ended(reader, settings, Outcome::AlreadyOpened, StatusCode::CONFLICT);
    }
    if reader.now >= verification.expires_at {
        return ended(reader, settings, Outcome::Expired, StatusCode::GONE);
    }
    let rules = &journey.rules;
    let left = verification.expires_at.duration_since(reader.now).as_mins();
    let page =
        Page { languages: LanguageLink::all(&format!("/v/{token}"), reader.language), ..reader.page(&settings.name) };
    render(&Consent {
        page,
        asked: asked(verification),
        help_desk_phone: phone(settings),
        selfie: rules.selfie_required,
        presents: presents(rules),
        images_kept: reader.minutes(rules.keep_images_hours * 60),
        facts_kept: reader.minutes(rules.keep_facts_days * 1440),
        valid_for: reader.minutes(u32::try_from(left).unwrap_or(0).max(1)),
        valid_until: verification.expires_at.to_zoned(TimeZone::UTC).strftime("%H:%M UTC").to_string(),
        claim_url: format!("/v/{token}/claim"),
        decline_url: format!("/v/{token}/decline"),
    })
}

/// The credential that a journey asks for, and whether the wallet looks at the face.
pub(crate) fn presents(rules: &Rules) -> Option<(String, bool)> {
    rules.presentation.as_ref().map(|policy| (policy.credential.clone(), policy.face_check.is_some()))
}

/// What the other device shows before it takes over.
pub(super) fn offered(reader: &Reader, invitation: &Invitation, token: &str) -> Response {
    let page = reader.page(&invitation.settings.name);
    render(&Handover { page, asked: asked(&invitation.verification), action: format!("/v/handover/{token}") })
}

/// After "this wasn't me".
pub(super) fn declined(reader: &Reader, settings: &Settings) -> Response {
    ended(reader, settings, Outcome::Declined, StatusCode::OK)
}

fn ended(reader: &Reader, settings: &Settings, outcome: Outcome, status: StatusCode) -> Response {
    render_with(
        status,
        &End {
            page: reader.page(&settings.name),
            outcome,
            reasons: Vec::new(),
            help_desk_phone: phone(settings),
            return_to: None,
            enrolled: false,
            wallet: None,
            pass: None,
        },
    )
}

/// What follows a success.
#[derive(Default)]
struct After {
    enrolled: bool,
    wallet: Option<Wallet>,
    pass: Option<PassOffer>,
}

/// The last page of a verification that ended or waits for a reviewer.
fn end(reader: &Reader, verification: &Verification, settings: &Settings, page: Page<'_>, after: After) -> Response {
    let outcome = match verification.state {
        State::Succeeded => Outcome::Succeeded,
        State::Failed => Outcome::Failed,
        State::Expired => Outcome::Expired,
        State::Cancelled => Outcome::Cancelled,
        State::Declined => Outcome::Declined,
        State::PendingReview
        | State::Created
        | State::LinkSent
        | State::InProgress
        | State::Processing
        | State::RequiresInput => Outcome::PendingReview,
    };
    // Why it failed is the person's to know; why a reviewer looks is not theirs to worry about.
    let told = matches!(outcome, Outcome::Failed);
    // A client of its own name gets its people back; elsewhere it is the organization that does.
    let client = verification.requester.external_id.as_deref().is_some_and(|id| id.parse::<ClientId>().is_ok());
    let whose = if client { &verification.requester.name } else { &settings.name };
    render(&End {
        page,
        outcome,
        reasons: if told { reader.reasons(&verification.reasons) } else { Vec::new() },
        help_desk_phone: phone(settings),
        return_to: verification.return_url.clone().map(|url| (url, whose.clone())),
        enrolled: after.enrolled,
        wallet: after.wallet,
        pass: after.pass,
    })
}

/// What a session shows now.
pub(super) struct Shown<'a> {
    /// The kind of document chosen on the page before.
    pub(super) chosen: Option<DocumentKind>,
    /// What the QR code is drawn from, if it is shown already.
    pub(super) qr: Option<String>,
    /// What was wrong with the picture just posted without scripts.
    pub(super) hints: &'a [Reason],
    /// Tries left for the picture, if it was refused just now.
    pub(super) tries_left: Option<u32>,
}

/// What pages that follow along compare: a state and which device is in use.
pub(super) fn marker(session: &Session) -> String {
    let step = match session.step {
        None => "none".to_owned(),
        Some(Step::Document) => "document".to_owned(),
        Some(Step::Side(_, side)) => side.as_str().to_owned(),
        Some(Step::Selfie) => "selfie".to_owned(),
        Some(Step::Present) => {
            let state = session.presenting.as_ref().and_then(Presenting::state);
            // Another try is another page, also where it stands as the one before.
            let which = session.presenting.as_ref().and_then(|presenting| presenting.presentation.as_ref());
            let which = which.map_or("", |presentation| presentation.id.as_str());
            format!("present {which} {}", state.map_or("none", PresentationState::as_str))
        }
    };
    let here = if session.claim.active { "here" } else { "elsewhere" };
    let wallet = session.wallet.as_ref().and_then(app::Wallet::state).map(IssuanceState::as_str);
    let marker = format!("{} {step} {here}", session.verification.state);
    wallet.map_or(marker.clone(), |wallet| format!("{marker} {wallet}"))
}

/// The page of a session, by its state.
pub(super) fn session(ipse: &Ipse, reader: &Reader, session: &Session, shown: &Shown<'_>) -> Response {
    let Session { verification, settings, claim, journey, .. } = session;
    let page = Page {
        csrf: claim.csrf.clone(),
        clock: verification.state.can_expire().then(|| reader.clock(verification)),
        live: Some(marker(session)),
        ..reader.page(&settings.name)
    };
    match (verification.state, session.step) {
        (State::InProgress, _) if !claim.active => render(&Following { page }),
        (State::InProgress, Some(Step::Selfie)) if selfie::is_live(ipse, session) => {
            live_selfie(reader, session, shown, page)
        }
        (State::InProgress, Some(Step::Present)) => presentation::page(reader, session, page),
        (State::InProgress, Some(step)) => step_page(reader, session, shown, page, step),
        (State::RequiresInput, _) => {
            let kinds = journey.rules.document_kinds.iter().map(|kind| Kind::new(&reader.text, kind.as_str()));
            render(&super::views::Retry {
                page,
                reasons: reader.reasons(&verification.reasons),
                kinds: kinds.map(|kind| kind.name).collect(),
            })
        }
        (State::Processing | State::InProgress, _) => render(&Processing { page }),
        (State::PendingReview, _) => end(reader, verification, settings, page, After::default()),
        _ => {
            // A last page that nothing follows need not be followed.
            let more = session.wallet.as_ref().is_some_and(app::Wallet::is_open);
            let page = Page { live: page.live.filter(|_| more), ..page };
            let (wallet, pass) = (credential::shown(reader, session), pass::shown(reader, session));
            end(reader, verification, settings, page, After { enrolled: session.enrolled, wallet, pass })
        }
    }
}

/// The step that takes a live selfie.
fn live_selfie(reader: &Reader, session: &Session, shown: &Shown<'_>, page: Page<'_>) -> Response {
    let rules = &session.journey.rules;
    let (step, total) = progress(Step::Selfie, rules);
    let steps = ["look_ahead", "turn_left", "turn_right", "closer", "farther"].map(|name| ("step", name));
    let hints = ["dark", "bright", "behind", "still", "good"].map(|name| ("hint", name));
    let words = steps.into_iter().chain(hints).map(|(kind, name)| {
        let words = reader.text.get(&format!("liveness-{kind}-{name}"));
        (format!("{kind}-{}", name.replace('_', "-")), words)
    });
    render(&Liveness {
        page,
        step,
        total,
        lead: if rules.is_face_only() { "liveness-lead-enrolled" } else { "selfie-lead" },
        kept: (rules.keep_template_days > 0 && !rules.is_face_only())
            .then(|| reader.minutes(rules.keep_template_days * 1_440)),
        words: words.collect(),
        beside: reader.at_desk.then(|| Beside { nonce: shown.qr.clone() }),
    })
}

fn step_page(reader: &Reader, session: &Session, shown: &Shown<'_>, page: Page<'_>, step: Step) -> Response {
    let rules = &session.journey.rules;
    // One kind of document leaves nothing to choose.
    let only = match rules.document_kinds.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let step = match (step, shown.chosen.filter(|kind| rules.document_kinds.contains(kind)).or(only)) {
        (Step::Document, Some(kind)) => Step::Side(kind, kind.sides().first().copied().unwrap_or(Side::Front)),
        (step, _) => step,
    };
    let (place, total) = progress(step, rules);
    let beside = reader.at_desk.then(|| Beside { nonce: shown.qr.clone() });
    let tries_left = shown.tries_left.unwrap_or(rules.max_attempts);
    let hints = reader.reasons(shown.hints);
    match step {
        Step::Selfie => {
            let title = reader.text.get("selfie-title");
            let shot = Shot {
                title,
                url: "/v/session/evidence?kind=selfie".to_owned(),
                facing: "user",
                guide: "face",
                lines: false,
                uploads_allowed: rules.uploads_allowed,
                tries_left,
                hints,
            };
            render(&Selfie { page, step: total, total, shot, beside })
        }
        Step::Present => presentation::page(reader, session, page),
        Step::Document => {
            let kinds = rules.document_kinds.iter().map(|kind| Kind::new(&reader.text, kind.as_str())).collect();
            render(&Document { page, step: place, total, kinds, shot: None, beside })
        }
        Step::Side(kind, side) => {
            let name = reader.text.get(&format!("kind-{}", kind.as_str()));
            let which = if kind.sides().len() == 1 { "page" } else { side.as_str() };
            let shot = Shot {
                title: reader.text.with(&format!("side-{which}"), &[("kind", name.as_str())]),
                url: format!(
                    "/v/session/evidence?kind=document&document_kind={}&side={}",
                    kind.as_str(),
                    side.as_str()
                ),
                facing: "environment",
                guide: match kind {
                    DocumentKind::Passport => "id3",
                    DocumentKind::Visa => "id2",
                    DocumentKind::IdCard | DocumentKind::DrivingLicence | DocumentKind::ResidencePermit => "id1",
                },
                lines: matches!(kind, DocumentKind::Passport | DocumentKind::Visa)
                    || (side == Side::Back && kind != DocumentKind::DrivingLicence),
                uploads_allowed: rules.uploads_allowed,
                tries_left,
                hints,
            };
            let first = kind.sides().first() == Some(&side);
            let kinds = if first { rules.document_kinds.as_slice() } else { &[] };
            let kinds = kinds.iter().map(|kind| Kind::new(&reader.text, kind.as_str())).collect();
            render(&Document { page, step: place, total, kinds, shot: Some(shot), beside })
        }
    }
}

/// The page for something that was refused.
pub(super) fn refused(reader: &Reader, error: &Error) -> Response {
    let settings = Settings { name: "Ipse".to_owned(), ..Settings::default() };
    let outcome = match error {
        Error::Refused(Refusal::NotFound(_)) => Some((Outcome::NotFound, StatusCode::NOT_FOUND)),
        Error::Refused(Refusal::ClaimedElsewhere) => Some((Outcome::AlreadyOpened, StatusCode::CONFLICT)),
        Error::Refused(Refusal::Expired(_)) => Some((Outcome::Expired, StatusCode::GONE)),
        _ => None,
    };
    if let Some((outcome, status)) = outcome {
        return ended(reader, &settings, outcome, status);
    }
    let problem = match error {
        Error::Refused(refusal) => Problem::from(refusal.clone()),
        Error::Overloaded(seconds) => Problem::overloaded(*seconds),
        Error::Store(error) => {
            tracing::error!(%error, "the store failed");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The server failed.")
        }
        Error::Unavailable(what) => {
            tracing::error!(what, "unavailable");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "A part is not available.")
        }
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    render_with(
        status,
        &super::views::Problem {
            page: reader.page(&settings.name),
            title: reader.text.get("problem-title"),
            detail: problem.user_message.to_owned(),
            request_id: None,
        },
    )
}
