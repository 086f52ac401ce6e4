//! The organization's settings, and tests of the ways out.

use super::form::Fields;
use super::views::{self, Area, Tone};
use super::{errors, notice, refused, shell};
use crate::app::{messages, settings as uses};
use crate::http::auth::{Configure, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use ipse_checks::face::models::Role;
use ipse_checks::face::{Engine, ModelState, ModelStatus};
use ipse_core::Refusal;
use ipse_core::organization::Settings;
use ipse_core::subject::{is_e164, is_email};
use ipse_store::deliveries::{Attempt, DeliveryState};
use std::time::Duration;

async fn page(
    ipse: &Ipse,
    user: &User<Configure>,
    settings: Settings,
    told: Option<views::Notice>,
    errors: views::Errors,
) -> Response {
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut shell = shell(ipse, &user.signed_in, Area::Settings).await;
    shell.notice = told;
    let view = views::Settings {
        shell,
        errors,
        display_name: settings.name,
        help_desk_phone: settings.phone,
        return_origins: settings.return_origins.join("\n"),
        test_to: String::new(),
        faces: face_models(&ipse.faces),
    };
    render_with(status, &view)
}

fn face_models(engine: &Engine) -> views::FaceModels {
    let of = |model: &ModelStatus| {
        let role = match model.role {
            Role::Detector => "Finds faces",
            Role::Embedder => "Compares faces",
            Role::Pad => "Judges prints and screens",
            Role::Landmarks => "Finds eyes and mouth anew",
        };
        let (state, is_missed) = match model.state {
            ModelState::Ready => ("in use", false),
            ModelState::NotNeeded => ("not needed", false),
            ModelState::Missing => ("missing", true),
            ModelState::WrongSize | ModelState::Tampered => ("refused: not the file of its manifest", true),
            ModelState::Unusable => ("refused: cannot be run", true),
        };
        (role, model.id.clone(), state, is_missed)
    };
    views::FaceModels {
        can_compare: engine.can_compare(),
        can_judge_presentation: engine.can_judge_presentation(),
        models: engine.status().iter().map(of).collect(),
    }
}

async fn current(ipse: &Ipse, user: &User<Configure>, told: Option<views::Notice>, errors: views::Errors) -> Response {
    match uses::get(ipse, user.caller()).await {
        Ok(organization) => page(ipse, user, organization.settings, told, errors).await,
        Err(error) => refused(error),
    }
}

/// `GET /console/settings`
pub(super) async fn show(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    current(&ipse, &user, None, views::Errors::default()).await
}

/// `POST /console/settings`
pub(super) async fn update(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let origins = fields.text("return_origins");
    let settings = Settings {
        name: fields.text("display_name"),
        phone: fields.text("help_desk_phone"),
        return_origins: origins.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
    };
    match uses::update(&ipse, user.caller(), settings.clone()).await {
        Ok(organization) => {
            let told = Some(notice(Tone::Good, "Saved."));
            page(&ipse, &user, organization.settings, told, views::Errors::default()).await
        }
        Err(error) => match errors(error, "display_name") {
            Ok(errors) => page(&ipse, &user, settings, None, errors).await,
            Err(response) => response,
        },
    }
}

/// `POST /console/settings/test-message`: sends a test by e-mail or text message and shows the server's answer.
pub(super) async fn test_message(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let to = fields.text("to");
    let channel = match () {
        () if is_email(&to) => "email",
        () if is_e164(&to) => "sms",
        () => {
            let refusal = Refusal::invalid("to", "must be an e-mail address or a number such as +14155550123");
            return match errors(refusal.into(), "to") {
                Ok(errors) => current(&ipse, &user, None, errors).await,
                Err(response) => response,
            };
        }
    };
    match sent(&ipse, &user, channel, &to).await {
        Ok(Some((state, attempt))) => {
            let answer = attempt.status.map(|status| format!("{status} ")).unwrap_or_default() + &attempt.answer;
            let told = if state == DeliveryState::Delivered {
                notice(Tone::Good, format!("Sent. The server answered: {answer}"))
            } else {
                notice(Tone::Bad, format!("Not sent: {answer}"))
            };
            current(&ipse, &user, Some(told), views::Errors::default()).await
        }
        Ok(None) => current(&ipse, &user, Some(notice(Tone::Wait, "No answer yet.")), views::Errors::default()).await,
        Err(error) => refused(error),
    }
}

/// Queues the message and waits a few seconds for its first try.
async fn sent(
    ipse: &Ipse,
    user: &User<Configure>,
    channel: &str,
    to: &str,
) -> crate::app::Result<Option<(DeliveryState, Attempt)>> {
    let mut tx = ipse.store.begin(&user.caller().organization).await?;
    let id = messages::queue_test(&mut tx, channel, to, ipse.clock.now()).await?;
    tx.commit().await?;
    ipse.dispatch.notify_one();
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut tx = ipse.store.read(&user.caller().organization).await?;
        let attempt = tx.attempts(&id).await?.into_iter().next();
        let delivery = tx.delivery(&id).await?;
        if let (Some(attempt), Some(delivery)) = (attempt, delivery) {
            return Ok(Some((delivery.state, attempt)));
        }
    }
    Ok(None)
}
