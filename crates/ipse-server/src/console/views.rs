//! The organisation's pages: agents, reviewers, administrators and auditors. English only.
//!
//! Who may see what is decided before a view is filled: an agent's view simply holds no document data.

pub mod integrations;

use askama::Template;

/// An area of the console, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    Verifications,
    Reviews,
    Campaigns,
    Journeys,
    People,
    ApiKeys,
    Clients,
    Integrations,
    Webhooks,
    Audit,
    Settings,
    Passkeys,
}

impl Area {
    fn href(self) -> &'static str {
        match self {
            Self::Verifications => "/console/verifications",
            Self::Reviews => "/console/reviews",
            Self::Campaigns => "/console/campaigns",
            Self::Journeys => "/console/journeys",
            Self::People => "/console/people",
            Self::ApiKeys => "/console/api-keys",
            Self::Clients => "/console/clients",
            Self::Integrations => "/console/integrations",
            Self::Webhooks => "/console/webhooks",
            Self::Audit => "/console/audit",
            Self::Settings => "/console/settings",
            Self::Passkeys => "/console/passkeys",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Verifications => "Verifications",
            Self::Reviews => "Reviews",
            Self::Campaigns => "Campaigns",
            Self::Journeys => "Journeys",
            Self::People => "People",
            Self::ApiKeys => "API keys",
            Self::Clients => "Clients",
            Self::Integrations => "Integrations",
            Self::Webhooks => "Webhooks",
            Self::Audit => "Audit",
            Self::Settings => "Settings",
            Self::Passkeys => "Your passkeys",
        }
    }

    fn counts_reviews(self) -> bool {
        self == Self::Reviews
    }
}

/// What every signed-in page has around its content.
pub struct Shell {
    pub csrf: String,
    pub organization: String,
    /// The signed-in person's name.
    pub name: String,
    /// Their role, in words.
    pub role: String,
    pub current: Area,
    /// The areas their role may enter.
    pub areas: Vec<Area>,
    /// How many reviews wait; 0 shows nothing.
    pub reviews_waiting: u32,
    /// What the last action led to.
    pub notice: Option<Notice>,
}

/// A sentence about what just happened.
pub struct Notice {
    pub tone: Tone,
    pub text: String,
}

/// How a chip or notice looks; its words say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Wait,
    Idle,
}

impl std::fmt::Display for Tone {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Wait => "wait",
            Self::Idle => "idle",
        })
    }
}

/// A short state in words and colour.
pub struct Chip {
    pub tone: Tone,
    pub label: String,
}

/// One entry of a select, a radio group or a set of checkboxes.
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A line of explanation; may be empty.
    pub hint: String,
    pub selected: bool,
}

/// A labelled value.
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// What was wrong with a form.
#[derive(Default)]
pub struct Errors {
    pub list: Vec<FieldError>,
}

/// One field's error.
pub struct FieldError {
    /// The field's name, which is its element's id too.
    pub field: String,
    pub message: String,
}

impl Errors {
    fn of(&self, field: &str) -> Option<&str> {
        self.list.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }
}

/// Links to the neighbouring pages of a list, with filters and cursor in place.
#[derive(Default)]
pub struct Pager {
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// One check as a row.
pub struct Check {
    pub name: String,
    pub outcome: Chip,
    /// Reason codes in words.
    pub reasons: Vec<String>,
}

/// One entry of a timeline.
pub struct Moment {
    /// RFC 3339.
    pub instant: String,
    /// The same for people.
    pub at: String,
    pub what: String,
    pub by: Option<String>,
}

/// `GET /console/sign-in`
#[derive(Template)]
#[template(path = "console/sign_in.html")]
pub struct SignIn {
    pub csrf: String,
    pub notice: Option<Notice>,
}

/// `GET /console/sign-in/{token}`: one button, so that a mail scanner's fetch does not use the link up.
#[derive(Template)]
#[template(path = "console/sign_in_link.html")]
pub struct SignInLink {
    pub csrf: String,
    /// `/console/sign-in/{token}`
    pub action: String,
}

/// `GET /console/verifications`
#[derive(Template)]
#[template(path = "console/verifications.html")]
pub struct Verifications {
    pub shell: Shell,
    pub may_open: bool,
    pub statuses: Vec<Choice>,
    pub journeys: Vec<Choice>,
    pub q: String,
    pub from: String,
    pub to: String,
    pub rows: Vec<VerificationRow>,
    pub pager: Pager,
}

/// A verification in the list.
pub struct VerificationRow {
    pub id: String,
    /// The subject's name, or their id where no name is known.
    pub subject: String,
    pub status: Chip,
    pub ticket: String,
    pub journey: String,
    pub requested_by: String,
    pub opened: String,
}

/// `GET /console/verifications/new`, and the answer to a form that was not right.
#[derive(Template)]
#[template(path = "console/verification_new.html")]
pub struct VerificationNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: VerificationForm,
    /// Whether this person may name an address; otherwise contacts come from the directory alone.
    pub may_type_contacts: bool,
}

/// The fields of a new verification, as typed.
pub struct VerificationForm {
    pub external_id: String,
    pub given_name: String,
    pub family_name: String,
    pub birthdate: String,
    pub email: String,
    pub phone: String,
    pub journeys: Vec<Choice>,
    pub purpose: String,
    pub ticket_system: String,
    pub ticket_table: String,
    pub ticket_number: String,
    /// `email`, `sms`, `none`.
    pub deliveries: Vec<Choice>,
}

/// `GET /console/verifications/{id}`, and the answer to opening one whose link the agent hands over.
#[derive(Template)]
#[template(path = "console/verification.html")]
pub struct Verification {
    pub shell: Shell,
    pub id: String,
    pub subject: String,
    pub status: Chip,
    /// Such as `valid for 12 more minutes`.
    pub validity: Option<String>,
    /// What the outside record is called, and where an agent reads it.
    pub ticket: Option<(String, String)>,
    /// The link, in the one answer that shows it.
    pub link_once: Option<String>,
    pub warnings: Vec<String>,
    pub facts: Vec<Fact>,
    /// What reviewers wrote, by author; empty for whoever is none.
    pub notes: Vec<Fact>,
    pub checks: Vec<Check>,
    pub timeline: Vec<Moment>,
    pub actions: Vec<Action>,
    /// Where a reviewer decides; none for others.
    pub review_href: Option<String>,
}

/// Something that may be done to a verification now: `cancel`, `resend` or `redact`.
pub struct Action {
    pub verb: String,
    pub label: String,
    /// What will happen.
    pub explanation: String,
    pub destroys: bool,
}

/// `GET /console/reviews`
#[derive(Template)]
#[template(path = "console/reviews.html")]
pub struct Reviews {
    pub shell: Shell,
    pub rows: Vec<ReviewRow>,
    pub pager: Pager,
}

/// A verification that waits for a reviewer.
pub struct ReviewRow {
    /// The verification's id.
    pub id: String,
    pub subject: String,
    /// How long it has waited.
    pub age: Chip,
    pub reasons: String,
    pub journey: String,
    pub requested_by: String,
    /// Whether the reader requested it, and so may not decide.
    pub own: bool,
}

/// `GET /console/reviews/{id}`
#[derive(Template)]
#[template(path = "console/review.html")]
pub struct Review {
    pub shell: Shell,
    /// The verification's id.
    pub id: String,
    pub subject: String,
    /// One line: journey, purpose, ticket, who requested it.
    pub context: String,
    pub images: Vec<Image>,
    pub facts: Vec<ReadFact>,
    pub checks: Vec<Check>,
    /// Why the reader may not decide.
    pub barred: Option<String>,
    pub approve_reasons: Vec<Choice>,
    pub reject_reasons: Vec<Choice>,
    pub errors: Errors,
}

/// A picture to look into.
pub struct Image {
    pub label: String,
    /// On this origin.
    pub url: String,
}

/// A fact read from the document, beside what was known before.
pub struct ReadFact {
    pub label: String,
    pub read: String,
    pub known: Option<String>,
}

/// `GET /console/campaigns`
#[derive(Template)]
#[template(path = "console/campaigns.html")]
pub struct Campaigns {
    pub shell: Shell,
    pub may_begin: bool,
    pub rows: Vec<CampaignRow>,
    pub pager: Pager,
}

/// A campaign in the list.
pub struct CampaignRow {
    pub id: String,
    pub name: String,
    pub status: Chip,
    pub progress: Progress,
    pub due: String,
}

/// How many of a campaign's members have succeeded.
pub struct Progress {
    pub succeeded: u64,
    pub total: u64,
}

/// `GET /console/campaigns/{id}`
#[derive(Template)]
#[template(path = "console/campaign.html")]
pub struct Campaign {
    pub shell: Shell,
    pub id: String,
    pub name: String,
    pub status: Chip,
    pub progress: Progress,
    /// How many members stand where; nothing for where nobody does.
    pub counts: Vec<(Chip, String)>,
    pub facts: Vec<Fact>,
    /// The filter, with how many there are of each.
    pub states: Vec<Choice>,
    pub rows: Vec<MemberRow>,
    pub pager: Pager,
    pub may_cancel: bool,
}

/// A campaign's member.
pub struct MemberRow {
    pub subject: String,
    pub status: Chip,
    /// Why no link could leave, or how far they are; may be empty.
    pub detail: String,
    /// When a link last left, or could not.
    pub tried: String,
    /// Its id.
    pub verification: Option<String>,
}

/// `GET /console/campaigns/new`, and the answer to a form that was not right.
#[derive(Template)]
#[template(path = "console/campaign_new.html")]
pub struct CampaignNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: CampaignForm,
}

/// The fields of a new campaign, as typed.
pub struct CampaignForm {
    pub name: String,
    pub journeys: Vec<Choice>,
    pub purpose: String,
    pub label: String,
    /// One a line.
    pub external_ids: String,
    pub due_at: String,
    pub remind_days: String,
    /// `email`, `sms`.
    pub deliveries: Vec<Choice>,
}

/// `GET /console/journeys`
#[derive(Template)]
#[template(path = "console/journeys.html")]
pub struct Journeys {
    pub shell: Shell,
    pub may_edit: bool,
    pub rows: Vec<JourneyRow>,
}

/// A journey in the list.
pub struct JourneyRow {
    pub key: String,
    pub name: String,
    /// What it asks for, in a few words.
    pub summary: String,
    pub version: String,
    pub changed: String,
}

/// `GET /console/journeys/new`, `GET /console/journeys/{key}`
#[derive(Template)]
#[template(path = "console/journey.html")]
pub struct Journey {
    pub shell: Shell,
    pub errors: Errors,
    pub may_edit: bool,
    /// The key once saved; none for a new journey.
    pub saved_key: Option<String>,
    pub form: JourneyForm,
    pub versions: Vec<JourneyVersion>,
}

/// The fields of a journey, as typed.
pub struct JourneyForm {
    pub name: String,
    pub key: String,
    pub document_kinds: Vec<Choice>,
    pub countries: String,
    /// Checkboxes named by their own value: `uploads_allowed`, `selfie_required`, `liveness_required`.
    pub capture_rules: Vec<Choice>,
    /// `none`, `exact`, `relaxed`.
    pub name_rules: Vec<Choice>,
    /// `never`, `when_unsure`, `always`.
    pub review_policies: Vec<Choice>,
    /// Checkboxes named by their own value: `birthdate_must_match`.
    pub match_rules: Vec<Choice>,
    pub link_lifetime_minutes: String,
    pub verification_lifetime_minutes: String,
    pub result_lifetime_minutes: String,
    pub max_attempts: String,
    pub min_contact_age_days: String,
    pub images_hours: String,
    pub facts_days: String,
    /// How long a face template is kept with the person's consent; 0 does not offer it.
    pub template_days: String,
}

/// One saved version of a journey.
pub struct JourneyVersion {
    pub number: String,
    pub instant: String,
    pub at: String,
    pub by: String,
    pub current: bool,
}

/// `GET /console/people`
#[derive(Template)]
#[template(path = "console/people.html")]
pub struct People {
    pub shell: Shell,
    pub errors: Errors,
    /// A one-time link, in the one answer that shows it.
    pub link_once: Option<String>,
    pub rows: Vec<PersonRow>,
    pub invite: InviteForm,
}

/// Somebody who may use the console.
pub struct PersonRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub roles: Vec<Choice>,
    pub state: Chip,
    pub disabled: bool,
    pub invited: String,
    /// Whether it is the reader: nobody changes their own role.
    pub own: bool,
}

/// The fields of an invitation, as typed.
pub struct InviteForm {
    pub name: String,
    pub email: String,
    pub roles: Vec<Choice>,
}

/// `GET /console/passkeys`: the reader's own.
#[derive(Template)]
#[template(path = "console/passkeys.html")]
pub struct Passkeys {
    pub shell: Shell,
    pub rows: Vec<PasskeyRow>,
}

/// A passkey.
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub added: String,
    pub last_used: String,
}

/// `GET /console/api-keys`
#[derive(Template)]
#[template(path = "console/api_keys.html")]
pub struct ApiKeys {
    pub shell: Shell,
    pub errors: Errors,
    /// A new key, in the one answer that shows it.
    pub key_once: Option<String>,
    pub rows: Vec<ApiKeyRow>,
    /// The new key's name, as typed.
    pub name: String,
    pub scopes: Vec<Choice>,
}

/// An API key, without its secret.
pub struct ApiKeyRow {
    pub id: String,
    pub name: String,
    pub prefix: String,
    pub scopes: String,
    pub last_used: String,
    pub revoked: bool,
}

/// `GET /console/clients/{id}/tested`
#[derive(Template)]
#[template(path = "console/client_tested.html")]
pub struct ClientTested {
    pub shell: Shell,
    pub id: String,
    pub name: String,
    /// What it came to.
    pub outcome: Chip,
    pub lead: String,
    pub claims: Vec<TestedClaim>,
}

/// A claim of a trial: its name and how it came out, never its value.
pub struct TestedClaim {
    pub name: String,
    pub outcome: Chip,
}

/// `GET /console/webhooks`
#[derive(Template)]
#[template(path = "console/webhooks.html")]
pub struct Webhooks {
    pub shell: Shell,
    pub errors: Errors,
    pub rows: Vec<WebhookRow>,
    /// The new webhook's address, as typed.
    pub url: String,
    pub event_types: Vec<Choice>,
}

/// A webhook in the list.
pub struct WebhookRow {
    pub id: String,
    pub url: String,
    pub events: String,
    pub state: Chip,
    pub last_delivery: String,
}

/// `GET /console/webhooks/{id}`
#[derive(Template)]
#[template(path = "console/webhook.html")]
pub struct Webhook {
    pub shell: Shell,
    pub id: String,
    pub url: String,
    pub state: Chip,
    pub disabled: bool,
    pub events: String,
    /// A new signing secret, in the one answer that shows it.
    pub secret_once: Option<String>,
    pub public_key: String,
    pub deliveries: Vec<Delivery>,
    pub pager: Pager,
}

/// One event on its way to this webhook.
pub struct Delivery {
    pub id: String,
    pub event_type: String,
    pub at: String,
    pub state: Chip,
    pub attempts: Vec<Attempt>,
}

/// One try to deliver.
pub struct Attempt {
    pub at: String,
    /// What the receiver answered, such as `503 Service Unavailable, 210 ms`.
    pub answer: String,
}

/// `GET /console/audit`
#[derive(Template)]
#[template(path = "console/audit.html")]
pub struct Audit {
    pub shell: Shell,
    /// What the last check of the hash chain found.
    pub chain: Chip,
    pub chain_detail: String,
    pub types: Vec<Choice>,
    pub actor: String,
    pub object: String,
    pub from: String,
    pub to: String,
    /// `/console/audit/export` with the filters in place.
    pub export_href: String,
    pub rows: Vec<AuditRow>,
    pub pager: Pager,
}

/// One entry of the audit trail.
pub struct AuditRow {
    pub sequence: String,
    pub instant: String,
    pub at: String,
    pub event_type: String,
    pub actor: String,
    pub object: String,
    pub href: Option<String>,
    /// The first characters of the entry's hash.
    pub hash: String,
}

/// `GET /console/settings`
#[derive(Template)]
#[template(path = "console/settings.html")]
pub struct Settings {
    pub shell: Shell,
    pub errors: Errors,
    pub display_name: String,
    pub help_desk_phone: String,
    /// One origin a line.
    pub return_origins: String,
    /// Where a test message goes, as typed.
    pub test_to: String,
    pub faces: FaceModels,
}

/// What this server can do with faces, and the models that it has.
pub struct FaceModels {
    pub can_compare: bool,
    pub can_judge_presentation: bool,
    /// Role, model, what became of it, and whether it is missed.
    pub models: Vec<(&'static str, String, &'static str, bool)>,
}

/// Something went wrong, or is not for the reader.
#[derive(Template)]
#[template(path = "console/problem.html")]
pub struct Problem {
    pub title: String,
    pub detail: String,
    pub request_id: Option<String>,
}

/// `GET /console/clients`
#[derive(Template)]
#[template(path = "console/clients.html")]
pub struct Clients {
    pub shell: Shell,
    pub rows: Vec<ClientRow>,
}

/// A client in the list.
pub struct ClientRow {
    pub id: String,
    pub name: String,
    pub profile: String,
    pub journey: String,
}

/// What is typed of a client.
pub struct ClientForm {
    pub name: String,
    pub profiles: Vec<Choice>,
    pub redirect_uris: String,
    pub scopes: String,
    pub journeys: Vec<Choice>,
    /// A word and a journey in each line.
    pub flows: String,
    pub name_rules: Vec<Choice>,
    pub claims_values: Vec<Choice>,
    pub minutes: String,
    pub jwks: String,
    /// The Entra tenant and the app registration there, where the client is one.
    pub tenant: String,
    pub app_id: String,
}

/// `GET /console/clients/new`
#[derive(Template)]
#[template(path = "console/client_new.html")]
pub struct ClientNew {
    pub shell: Shell,
    pub errors: Errors,
    pub form: ClientForm,
}

/// Something to paste into a relying party's administration.
pub struct Pasted {
    pub id: String,
    pub label: String,
    pub value: String,
}

/// `GET /console/clients/{id}`
#[derive(Template)]
#[template(path = "console/client.html")]
pub struct Client {
    pub shell: Shell,
    pub errors: Errors,
    pub id: String,
    pub name: String,
    pub profile: String,
    pub okta: bool,
    /// Whether Ipse can ask itself what this client asks: not where another provider signs who is meant.
    pub can_be_tried: bool,
    pub secret_once: Option<String>,
    /// When each secret was made, and when it ends.
    pub secrets: Vec<String>,
    pub values: Vec<Pasted>,
    pub form: ClientForm,
    /// The journeys that a trial can take.
    pub flows: Vec<Choice>,
}
