//! The journeys editor. Every save is a new version.

use super::form::Fields;
use super::views::{self, Area, JourneyForm, JourneyVersion};
use super::{choice, errors, refused, sentence, shell, when};
use crate::app::journeys as uses;
use crate::app::people::SignedIn;
use crate::http::auth::{Configure, ReadConfiguration, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_checks::check::Reach;
use ipse_core::Refusal;
use ipse_core::document::DocumentKind;
use ipse_core::journey::{Journey, NameRule, ReviewPolicy, Rules};
use ipse_core::organization::Permission;
use ipse_core::presentation::PresentationPolicy;

/// `GET /console/journeys`
pub(super) async fn list(user: User<ReadConfiguration>, State(ipse): State<Shared>) -> Response {
    let known = match uses::list(&ipse, user.caller()).await {
        Ok(known) => known,
        Err(error) => return refused(error),
    };
    let row = |journey: Journey| views::JourneyRow {
        summary: summary(&journey.rules),
        key: journey.key,
        name: journey.name,
        version: journey.version.to_string(),
        changed: when(journey.created_at),
    };
    let view = views::Journeys {
        shell: shell(&ipse, &user.signed_in, Area::Journeys).await,
        may_edit: user.may(Permission::Configure),
        rows: known.into_iter().map(row).collect(),
    };
    render_with(StatusCode::OK, &view)
}

fn summary(rules: &Rules) -> String {
    let mut parts: Vec<String> = match &rules.presentation {
        Some(policy) => vec![format!("Verified ID {}", policy.credential)],
        None => vec![rules.document_kinds.iter().map(|kind| sentence(kind.as_str())).collect::<Vec<_>>().join(" or ")],
    };
    if rules.selfie_required {
        parts.push(if rules.liveness_required { "selfie with liveness" } else { "selfie" }.to_owned());
    }
    if rules.name_rule != NameRule::None {
        parts.push(format!("name {}", rules.name_rule.as_str()));
    }
    parts.join(", ")
}

/// What a success comes to, in words.
fn reach(rules: &Rules) -> String {
    let reach = Reach::of(rules);
    let mut words = format!("Where the rules decide, a success comes to level {}", reach.by_rules.level);
    if let Some(with_chip) = reach.with_chip.filter(|with_chip| with_chip.level > reach.by_rules.level) {
        words.push_str(&format!(", and to level {} where the document's chip was read, too", with_chip.level));
    }
    words.push('.');
    if let Some(reviewed) = reach.by_reviewer.filter(|reviewed| reviewed.level < reach.by_rules.level) {
        words.push_str(&format!(" Where a reviewer decides, it may come to less, down to level {}.", reviewed.level));
    }
    words
}

/// `GET /console/journeys/new`
pub(super) async fn new(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    let shown = form("", "", &Rules::default());
    show(&ipse, &user.signed_in, None, shown, views::Errors::default(), StatusCode::OK).await
}

/// `GET /console/journeys/{key}`
pub(super) async fn edit(
    user: User<ReadConfiguration>,
    State(ipse): State<Shared>,
    Path(key): Path<String>,
) -> Response {
    match uses::get(&ipse, user.caller(), &key).await {
        Ok(journey) => {
            let shown = form(&journey.name, &journey.key, &journey.rules);
            let none = views::Errors::default();
            show(&ipse, &user.signed_in, Some(journey), shown, none, StatusCode::OK).await
        }
        Err(error) => refused(error),
    }
}

async fn show(
    ipse: &Ipse,
    who: &SignedIn,
    journey: Option<Journey>,
    form: JourneyForm,
    errors: views::Errors,
    status: StatusCode,
) -> Response {
    let versions = match &journey {
        None => Vec::new(),
        Some(journey) => match uses::versions(ipse, &who.caller, &journey.id).await {
            Ok(versions) => versions,
            Err(error) => return refused(error),
        },
    };
    let newest = versions.first().map(|version| version.version);
    let version = |journey: Journey| JourneyVersion {
        number: journey.version.to_string(),
        instant: journey.created_at.to_string(),
        at: when(journey.created_at),
        by: summary(&journey.rules),
        current: Some(journey.version) == newest,
    };
    let view = views::Journey {
        shell: shell(ipse, who, Area::Journeys).await,
        errors,
        may_edit: who.person.role.may(Permission::Configure),
        reach: journey.as_ref().map(|journey| reach(&journey.rules)),
        saved_key: journey.map(|journey| journey.key),
        form,
        versions: versions.into_iter().map(version).collect(),
    };
    render_with(status, &view)
}

fn form(name: &str, key: &str, rules: &Rules) -> JourneyForm {
    let kinds = DocumentKind::ALL
        .map(|kind| choice(kind.as_str(), sentence(kind.as_str()), rules.document_kinds.contains(&kind)));
    let with_hint = |value: &str, label: &str, hint: &str, selected| views::Choice {
        hint: hint.to_owned(),
        ..choice(value, label, selected)
    };
    let capture = [
        with_hint(
            "uploads_allowed",
            "Stored pictures may be uploaded",
            "Weaker: a picture may come from anywhere",
            rules.uploads_allowed,
        ),
        with_hint(
            "selfie_required",
            "A selfie is taken",
            "Compared with the document's portrait",
            rules.selfie_required,
        ),
        with_hint(
            "liveness_required",
            "The selfie must come from a live person",
            "Needs a selfie",
            rules.liveness_required,
        ),
    ];
    let names = NameRule::ALL.map(|rule| choice(rule.as_str(), sentence(rule.as_str()), rules.name_rule == rule));
    let policies = ReviewPolicy::ALL
        .map(|policy| choice(policy.as_str(), sentence(policy.as_str()), rules.review_policy == policy));
    let birthdate = with_hint(
        "birthdate_must_match",
        "The date of birth must match",
        "The subject's date of birth must be known",
        rules.birthdate_must_match,
    );
    JourneyForm {
        name: name.to_owned(),
        key: key.to_owned(),
        document_kinds: kinds.into(),
        countries: rules.countries.join(", "),
        capture_rules: capture.into(),
        name_rules: names.into(),
        review_policies: policies.into(),
        match_rules: vec![birthdate],
        link_lifetime_minutes: rules.link_minutes.to_string(),
        verification_lifetime_minutes: rules.session_minutes.to_string(),
        result_lifetime_minutes: rules.result_minutes.to_string(),
        max_attempts: rules.max_attempts.to_string(),
        min_contact_age_days: rules.min_contact_age_days.to_string(),
        images_hours: rules.keep_images_hours.to_string(),
        facts_days: rules.keep_facts_days.to_string(),
        template_days: rules.keep_template_days.to_string(),
    }
}

/// What a form says. What is to be presented is set over the API, and stays as it was.
fn read(fields: &Fields, presentation: Option<PresentationPolicy>) -> Result<Rules, Refusal> {
    let kinds = fields.all("document_kinds");
    let kind = |text: &String| DocumentKind::parse(text).ok_or(Refusal::invalid("document_kinds", "must be known"));
    let country = |text: &str| text.trim().to_uppercase();
    let rules = Rules {
        document_kinds: kinds.iter().map(kind).collect::<Result<_, _>>()?,
        presentation,
        countries: fields.text("countries").split(',').map(country).filter(|code| !code.is_empty()).collect(),
        uploads_allowed: fields.ticked("uploads_allowed"),
        selfie_required: fields.ticked("selfie_required"),
        liveness_required: fields.ticked("liveness_required"),
        name_rule: NameRule::ALL
            .into_iter()
            .find(|rule| rule.as_str() == fields.text("name_rule"))
            .ok_or(Refusal::invalid("name_rule", "must be chosen"))?,
        birthdate_must_match: fields.ticked("birthdate_must_match"),
        review_policy: ReviewPolicy::ALL
            .into_iter()
            .find(|policy| policy.as_str() == fields.text("review_policy"))
            .ok_or(Refusal::invalid("review_policy", "must be chosen"))?,
        link_minutes: fields.number("link_lifetime_minutes")?,
        session_minutes: fields.number("verification_lifetime_minutes")?,
        result_minutes: fields.number("result_lifetime_minutes")?,
        max_attempts: fields.number("max_attempts")?,
        min_contact_age_days: fields.number("min_contact_age_days")?,
        keep_images_hours: fields.number("images_hours")?,
        keep_facts_days: fields.number("facts_days")?,
        keep_template_days: fields.number("template_days")?,
    };
    rules.validate()?;
    Ok(rules)
}

/// `POST /console/journeys`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let (key, name) = (fields.text("key"), fields.text("name"));
    let made = async {
        let rules = read(&fields, None)?;
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let journey = uses::create(&ipse, &mut tx, user.caller(), &key, &name, rules).await?;
        tx.commit().await?;
        Ok(journey)
    };
    saved(&ipse, &user.signed_in, None, &fields, made.await).await
}

/// `POST /console/journeys/{key}`
pub(super) async fn update(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(key): Path<String>,
    fields: Fields,
) -> Response {
    let journey = match uses::get(&ipse, user.caller(), &key).await {
        Ok(journey) => journey,
        Err(error) => return refused(error),
    };
    let made = match read(&fields, journey.rules.presentation.clone()) {
        Ok(rules) => uses::update(&ipse, user.caller(), &journey.id, &fields.text("name"), rules).await,
        Err(refusal) => Err(refusal.into()),
    };
    saved(&ipse, &user.signed_in, Some(journey), &fields, made).await
}

async fn saved(
    ipse: &Ipse,
    who: &SignedIn,
    before: Option<Journey>,
    fields: &Fields,
    made: crate::app::Result<Journey>,
) -> Response {
    let error = match made {
        Ok(journey) => return Redirect::to(&format!("/console/journeys/{}", journey.key)).into_response(),
        Err(error) => error,
    };
    match errors(error, "key") {
        Ok(errors) => {
            let rules = before.as_ref().map(|journey| journey.rules.clone()).unwrap_or_default();
            let shown = form(&fields.text("name"), &fields.text("key"), &rules);
            show(ipse, who, before, shown, errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(response) => response,
    }
}
