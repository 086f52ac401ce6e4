//! People and their roles.

use super::form::Fields;
use super::views::{self, Area, Chip, Tone};
use super::{choice, errors, refused, role_name, shell, when};
use crate::app::people as uses;
use crate::http::auth::{Configure, User};
use crate::http::page::render_with;
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::Refusal;
use ipse_core::id::PersonId;
use ipse_core::organization::{Person, Role};

fn roles(selected: Role) -> Vec<views::Choice> {
    Role::ALL.into_iter().map(|role| choice(role.as_str(), role_name(role), role == selected)).collect()
}

async fn page(
    ipse: &Ipse,
    user: &User<Configure>,
    link_once: Option<String>,
    typed: Option<&Fields>,
    errors: views::Errors,
) -> Response {
    let people = match uses::list(ipse, user.caller()).await {
        Ok(people) => people,
        Err(error) => return refused(error),
    };
    let row = |person: Person| views::PersonRow {
        own: person.id == user.signed_in.person.id,
        id: person.id.to_string(),
        name: person.name,
        email: person.email,
        role: role_name(person.role).to_owned(),
        roles: roles(person.role),
        state: if person.disabled {
            Chip { tone: Tone::Bad, label: "Disabled".to_owned() }
        } else {
            Chip { tone: Tone::Good, label: "Active".to_owned() }
        },
        disabled: person.disabled,
        invited: when(person.created_at),
    };
    let text = |name| typed.map(|fields| fields.text(name)).unwrap_or_default();
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let invite = views::InviteForm { name: text("name"), email: text("email"), roles: roles(Role::Agent) };
    let shell = shell(ipse, &user.signed_in, Area::People).await;
    let rows = people.into_iter().map(row).collect();
    render_with(status, &views::People { shell, errors, link_once, rows, invite })
}

/// `GET /console/people`
pub(super) async fn list(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    page(&ipse, &user, None, None, views::Errors::default()).await
}

/// `POST /console/people`
pub(super) async fn invite(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let invited = match Role::parse(&fields.text("role")) {
        Some(role) => uses::invite(&ipse, user.caller(), &fields.text("name"), &fields.text("email"), role).await,
        None => Err(Refusal::invalid("role", "must be chosen").into()),
    };
    match invited {
        Ok((_, link)) => page(&ipse, &user, Some(link), None, views::Errors::default()).await,
        Err(error) => match errors(error, "email") {
            Ok(errors) => page(&ipse, &user, None, Some(&fields), errors).await,
            Err(response) => response,
        },
    }
}

/// `POST /console/people/{id}/link`
pub(super) async fn link(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<PersonId>,
    _: Fields,
) -> Response {
    match uses::sign_in_link(&ipse, user.caller(), &id).await {
        Ok(link) => page(&ipse, &user, Some(link), None, views::Errors::default()).await,
        Err(error) => refused(error),
    }
}

async fn change(ipse: &Ipse, user: &User<Configure>, id: &PersonId, role: Option<Role>, off: Option<bool>) -> Response {
    if *id == user.signed_in.person.id {
        return refused(Refusal::NotPermitted.into());
    }
    match uses::update(ipse, user.caller(), id, role, off).await {
        Ok(_) => Redirect::to("/console/people").into_response(),
        Err(error) => refused(error),
    }
}

/// `POST /console/people/{id}/role`
pub(super) async fn role(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<PersonId>,
    fields: Fields,
) -> Response {
    match Role::parse(&fields.text("role")) {
        Some(role) => change(&ipse, &user, &id, Some(role), None).await,
        None => refused(Refusal::invalid("role", "must be chosen").into()),
    }
}

/// `POST /console/people/{id}/disable`
pub(super) async fn disable(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<PersonId>,
    _: Fields,
) -> Response {
    change(&ipse, &user, &id, None, Some(true)).await
}

/// `POST /console/people/{id}/enable`
pub(super) async fn enable(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<PersonId>,
    _: Fields,
) -> Response {
    change(&ipse, &user, &id, None, Some(false)).await
}
