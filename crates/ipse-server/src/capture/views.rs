//! The person's pages, from the link to the end. Every word comes from [`Text`]; callers hand in what is already localised.

use askama::Template;

use crate::text::{Language, Text};

/// What every capture page has around its content.
pub struct Page<'a> {
    pub text: &'a Text,
    pub csrf: String,
    /// The organisation's display name, as the person knows it.
    pub organization: String,
    /// The ways to read this page in another language; empty where the page cannot be fetched again by GET.
    pub languages: Vec<LanguageLink>,
    pub clock: Option<Clock>,
    /// What the page shows the state of. Where set, the page reloads as soon as `/v/session/events` names another state.
    pub live: Option<String>,
}

/// A link to the same page in another language.
pub struct LanguageLink {
    pub tag: String,
    pub name: String,
    pub href: String,
    pub current: bool,
}

impl LanguageLink {
    /// A link to `path` for every language; `current` is the one the page is in.
    #[must_use]
    pub fn all(path: &str, current: Language) -> Vec<Self> {
        Language::ALL
            .into_iter()
            .map(|language| Self {
                tag: language.tag().to_owned(),
                name: language.name().to_owned(),
                href: format!("{path}?lang={}", language.tag()),
                current: language == current,
            })
            .collect()
    }
}

/// How long the person has.
pub struct Clock {
    /// Unix seconds; the page counts down to it.
    pub expires_at: i64,
    /// The time left when the page was made, such as `14:05`, for browsers without scripts.
    pub left: String,
}

/// Who asks, what for, under which ticket: shown before consent and again on a second device.
pub struct Asked {
    /// The agent's display name, or the system that asks.
    pub requester: String,
    pub purpose: String,
    /// The ticket's number.
    pub ticket: Option<String>,
    /// When it was asked, in the organisation's time.
    pub at: Option<String>,
}

/// `GET /v/{token}`: everything the person must know before they agree. Showing it changes nothing.
#[derive(Template)]
#[template(path = "capture/consent.html")]
pub struct Consent<'a> {
    pub page: Page<'a>,
    pub asked: Asked,
    /// Best with no-break spaces.
    pub help_desk_phone: Option<String>,
    /// Whether a selfie is asked for too.
    pub selfie: bool,
    /// The credential that is asked for instead of a document, and whether the wallet looks at the face.
    pub presents: Option<(String, bool)>,
    /// Such as `24 hours`; see [`Text::count`].
    pub images_kept: String,
    pub facts_kept: String,
    pub valid_for: String,
    /// The wall-clock end of the link's life, such as `15:42`.
    pub valid_until: String,
    /// `/v/{token}/claim`
    pub claim_url: String,
    /// `/v/{token}/decline`
    pub decline_url: String,
}

/// A kind of document to choose from.
pub struct Kind {
    /// As on the wire: `passport`, `id_card`, `driving_licence`, `visa`, `residence_permit`.
    pub id: String,
    pub name: String,
    pub hint: String,
}

impl Kind {
    /// The kind `id` in the words of `text`.
    #[must_use]
    pub fn new(text: &Text, id: &str) -> Self {
        Self { id: id.to_owned(), name: text.get(&format!("kind-{id}")), hint: text.get(&format!("kind-{id}-hint")) }
    }
}

/// One picture to take.
pub struct Shot {
    /// Such as `Passport: page with your photo`.
    pub title: String,
    /// Where the picture is posted, with its query: raw JPEG by script, multipart field `image` without.
    pub url: String,
    /// The camera: `environment` or `user`.
    pub facing: &'static str,
    /// The shape of the guide: `id1` (cards), `id2` (visas), `id3` (passports), `face`.
    pub guide: &'static str,
    /// Whether the guide marks where machine-readable lines belong.
    pub lines: bool,
    pub uploads_allowed: bool,
    pub tries_left: u32,
    /// What was wrong with the picture just posted without scripts.
    pub hints: Vec<String>,
}

/// The offer to go on with another device.
pub struct Beside {
    /// What its QR code is drawn from, once it was asked for.
    pub nonce: Option<String>,
}

/// The step that photographs a document: first which one, then each of its sides.
#[derive(Template)]
#[template(path = "capture/document.html")]
pub struct Document<'a> {
    pub page: Page<'a>,
    pub step: u32,
    pub total: u32,
    pub kinds: Vec<Kind>,
    /// The picture to take; none while the kind is still to be chosen.
    pub shot: Option<Shot>,
    /// Whether to offer another device.
    pub beside: Option<Beside>,
}

/// The step that takes a selfie.
#[derive(Template)]
#[template(path = "capture/selfie.html")]
pub struct Selfie<'a> {
    pub page: Page<'a>,
    pub step: u32,
    pub total: u32,
    pub shot: Shot,
    /// As in [`Document`].
    pub beside: Option<Beside>,
}

/// The step that takes a live selfie.
#[derive(Template)]
#[template(path = "capture/liveness.html")]
pub struct Liveness<'a> {
    pub page: Page<'a>,
    pub step: u32,
    pub total: u32,
    /// The message that says what the face is compared with.
    pub lead: &'static str,
    /// How long a template would be kept; none where that is not offered.
    pub kept: Option<String>,
    /// What the script says, by the names of `data-` attributes: `step-turn-left`, `hint-dark`, ….
    pub words: Vec<(String, String)>,
    /// As in [`Document`].
    pub beside: Option<Beside>,
}

/// The step that presents a credential.
#[derive(Template)]
#[template(path = "capture/presentation.html")]
pub struct Presenting<'a> {
    pub page: Page<'a>,
    /// Who asks for what, localised.
    pub lead: String,
    /// Whether the wallet looks at the face.
    pub face_check: bool,
    /// `none`, or as in the store.
    pub state: &'static str,
    /// What to know or do, localised.
    pub notice: Option<String>,
    /// Whether a wallet on another device scans a code.
    pub qr: bool,
    /// What opens a wallet on this device.
    pub link: Option<String>,
    /// Whether it may be asked for, and the message on the button.
    pub may_request: bool,
    pub button: &'static str,
}

/// `GET /v/handover/{token}`: what the second device shows before it takes over.
#[derive(Template)]
#[template(path = "capture/handover.html")]
pub struct Handover<'a> {
    pub page: Page<'a>,
    pub asked: Asked,
    /// `/v/handover/{token}`
    pub action: String,
}

/// What the first device shows while the second one is in use.
#[derive(Template)]
#[template(path = "capture/following.html")]
pub struct Following<'a> {
    pub page: Page<'a>,
}

/// The wait between the last picture and the decision.
#[derive(Template)]
#[template(path = "capture/processing.html")]
pub struct Processing<'a> {
    pub page: Page<'a>,
}

/// How it ended for the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Succeeded,
    Failed,
    PendingReview,
    Expired,
    Cancelled,
    Declined,
    /// The link was claimed in another browser.
    AlreadyOpened,
    NotFound,
}

impl Outcome {
    fn id(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::PendingReview => "pending_review",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::AlreadyOpened => "already_opened",
            Self::NotFound => "not_found",
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Succeeded | Self::Declined => "good",
            Self::Failed => "bad",
            Self::PendingReview | Self::Expired => "wait",
            Self::Cancelled | Self::AlreadyOpened | Self::NotFound => "idle",
        }
    }

    fn title(self, text: &Text) -> String {
        text.get(&format!("end-{}-title", self.id()))
    }

    fn lead(self, text: &Text, organization: &str) -> String {
        text.with(&format!("end-{}-lead", self.id()), &[("organization", organization)])
    }
}

/// The last page.
#[derive(Template)]
#[template(path = "capture/end.html")]
pub struct End<'a> {
    pub page: Page<'a>,
    pub outcome: Outcome,
    /// Reasons in the person's words; see [`Text::reason`].
    pub reasons: Vec<String>,
    pub help_desk_phone: Option<String>,
    /// Where the person goes from here, an address that was allowed, and whose it is.
    pub return_to: Option<(String, String)>,
    /// Whether a face template was kept, which the person can have erased.
    pub enrolled: bool,
    /// The credential that follows, if one does.
    pub wallet: Option<Wallet>,
    /// The Temporary Access Pass that follows, if one does.
    pub pass: Option<PassOffer>,
}

/// The offer of a Temporary Access Pass, and what became of it.
pub struct PassOffer {
    /// `none`, `requested`, `issued` or `failed`.
    pub state: &'static str,
    /// What to know or do, localised.
    pub notice: String,
    /// Whether it may be asked for, and the message on the button.
    pub may_request: bool,
    pub button: &'static str,
}

/// The pass itself. Nothing keeps it: this page cannot be fetched again.
#[derive(Template)]
#[template(path = "capture/pass.html")]
pub struct Pass<'a> {
    pub page: Page<'a>,
    pub pass: String,
    /// How long it is good for, such as `60 minutes`.
    pub time: String,
}

/// The credential after a success, as far as it is.
pub struct Wallet {
    /// `none`, or as in the store.
    pub state: &'static str,
    /// What to know or do, localised.
    pub notice: String,
    /// Whether a wallet on another device scans a code.
    pub qr: bool,
    /// What is to be typed there.
    pub pin: Option<String>,
    /// What opens a wallet on this device.
    pub link: Option<String>,
    /// Whether one may be requested, and the message on the button.
    pub may_request: bool,
    pub button: &'static str,
}

/// Something went wrong. Title and detail are the problem's message for the person.
#[derive(Template)]
#[template(path = "capture/problem.html")]
pub struct Problem<'a> {
    pub page: Page<'a>,
    pub title: String,
    pub detail: String,
    pub request_id: Option<String>,
}

/// The rules ask for another try: a better picture, or another document.
#[derive(Template)]
#[template(path = "capture/retry.html")]
pub struct Retry<'a> {
    pub page: Page<'a>,
    /// What was wrong, in the person's words.
    pub reasons: Vec<String>,
    /// The names of the documents accepted.
    pub kinds: Vec<String>,
}
