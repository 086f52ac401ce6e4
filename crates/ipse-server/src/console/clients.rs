//! Clients of the OpenID provider: the list, registering one, and one with what to paste into its administration.

use super::form::Fields;
use super::views::{self, Area};
use super::{choice, errors, refused, shell, when};
use crate::app::oidc::clients::{self as uses, Tenant, Wanted};
use crate::app::{Error, journeys};
use crate::http::auth::{Configure, User};
use crate::http::page::{render, render_with};
use crate::state::{Ipse, Shared};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::Refusal;
use ipse_core::id::ClientId;
use ipse_core::name::Preset;
use ipse_oidc::Client;
use ipse_oidc::client::{ClaimsValues, EntraTenant};
use ipse_oidc::profile::Profile;
use std::collections::BTreeMap;

/// The kinds of clients that can be registered, as people call them.
const PROFILES: [(Profile, &str); 5] = [
    (Profile::OktaIdv, "Okta identity verification"),
    (Profile::OidcBasic, "OpenID Connect"),
    (Profile::EntraExternal, "Microsoft Entra external MFA"),
    (Profile::Fapi2, "FAPI 2.0"),
    (Profile::StartLink, "Start link, as Microsoft asks of partners"),
];

fn kind(profile: Profile) -> &'static str {
    PROFILES.iter().find(|(known, _)| *known == profile).map_or(profile.as_str(), |(_, name)| *name)
}

/// `GET /console/clients`
pub(super) async fn list(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    let found = match uses::list(&ipse, user.caller()).await {
        Ok(found) => found,
        Err(error) => return refused(error),
    };
    let row = |client: Client| views::ClientRow {
        id: client.id,
        name: client.name,
        profile: kind(client.profile).to_owned(),
        journey: client.journey,
    };
    let shell = shell(&ipse, &user.signed_in, Area::Clients).await;
    render(&views::Clients { shell, rows: found.into_iter().map(row).collect() })
}

/// What a form shows: what was typed, or what is known, or what Okta needs.
async fn form(
    ipse: &Ipse,
    user: &User<Configure>,
    typed: Option<&Fields>,
    known: Option<&Client>,
) -> Option<views::ClientForm> {
    let all = journeys::list(ipse, user.caller()).await.ok()?;
    let text = |name: &str, of: fn(&Client) -> String, blank: &str| match (typed, known) {
        (Some(fields), _) => fields.text(name),
        (None, Some(client)) => of(client),
        (None, None) => blank.to_owned(),
    };
    let profile = text("profile", |client| client.profile.as_str().to_owned(), Profile::OktaIdv.as_str());
    let journey = text("journey", |client| client.journey.clone(), "");
    let rule = text("name_rule", |client| client.name_rule.as_str().to_owned(), Preset::default().as_str());
    let values = text("claims_values", |client| values_word(client.claims_values).to_owned(), "MATCHED");
    let rules = [
        (Preset::Exact, "Exactly as sent"),
        (Preset::Relaxed, "Relaxed: order, accents, extra names"),
        (Preset::Duo, "As Cisco Duo compares"),
        (Preset::Entra, "As Microsoft Entra compares"),
    ];
    let answers = [("MATCHED", "Only whether they match"), ("values", "What was read on the document")];
    let profiles = PROFILES.iter().map(|(known, name)| choice(known.as_str(), *name, known.as_str() == profile));
    Some(views::ClientForm {
        name: text("name", |client| client.name.clone(), ""),
        profiles: profiles.collect(),
        redirect_uris: text("redirect_uris", |client| client.redirect_uris.join("\n"), ""),
        scopes: text("scopes", |client| client.scopes.join(" "), "profile identity_assurance"),
        journeys: all.iter().map(|one| choice(&one.key, one.name.clone(), one.key == journey)).collect(),
        flows: text("flows", flows_of, ""),
        name_rules: rules.map(|(known, name)| choice(known.as_str(), name, known.as_str() == rule)).into(),
        claims_values: answers.map(|(known, name)| choice(known, name, known == values)).into(),
        minutes: text("minutes", |client| client.minutes.to_string(), "15"),
        jwks: text(
            "jwks",
            |client| client.jwks.as_ref().and_then(|keys| serde_json::to_string(keys).ok()).unwrap_or_default(),
            "",
        ),
        tenant: text("tenant", |client| of_entra(client, |entra| &entra.tenant), ""),
        app_id: text("app_id", |client| of_entra(client, |entra| &entra.app_id), ""),
        org_id: text("org_id", |client| client.org_id.clone().unwrap_or_default(), ""),
    })
}

fn of_entra(client: &Client, member: fn(&EntraTenant) -> &String) -> String {
    client.entra.as_ref().map(member).cloned().unwrap_or_default()
}

const fn values_word(values: ClaimsValues) -> &'static str {
    match values {
        ClaimsValues::Matched => "MATCHED",
        ClaimsValues::Values => "values",
    }
}

fn flows_of(client: &Client) -> String {
    let lines: Vec<String> = client.journeys.iter().map(|(word, journey)| format!("{word} {journey}")).collect();
    lines.join("\n")
}

fn wanted(fields: &Fields, profile: Profile, known: Option<&Client>) -> Result<Wanted, Refusal> {
    let lines = |name: &str| -> Vec<String> {
        fields.text(name).lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let mut journeys = BTreeMap::new();
    for line in lines("flows") {
        let pair = line.split_once(' ').map(|(word, journey)| (word.to_owned(), journey.trim().to_owned()));
        let (word, journey) =
            pair.ok_or_else(|| Refusal::invalid("flows", "must be a word and a journey in each line"))?;
        journeys.insert(word, journey);
    }
    let rule = fields.text("name_rule");
    let rule = Preset::ALL.into_iter().find(|known| known.as_str() == rule);
    let jwks = fields.optional("jwks").map(|text| serde_json::from_str(&text)).transpose();
    Ok(Wanted {
        name: fields.text("name"),
        redirect_uris: lines("redirect_uris"),
        scopes: fields.text("scopes").split_whitespace().map(str::to_owned).collect(),
        // A plain client may post its secret or send it in a header; the others have one way by default.
        auth_methods: (profile == Profile::OidcBasic).then(|| {
            use ipse_oidc::profile::AuthMethod::{ClientSecretBasic, ClientSecretPost};
            vec![ClientSecretBasic, ClientSecretPost]
        }),
        jwks: jwks.map_err(|_| Refusal::invalid("jwks", "must be a JWK Set of public keys"))?,
        signing: None,
        journey: fields.text("journey"),
        journeys,
        name_rule: Some(rule.ok_or_else(|| Refusal::invalid("name_rule", "must be chosen"))?),
        claims_values: match fields.text("claims_values").as_str() {
            "MATCHED" => Some(ClaimsValues::Matched),
            "values" => Some(ClaimsValues::Values),
            _ => return Err(Refusal::invalid("claims_values", "must be chosen")),
        },
        minutes: Some(fields.number("minutes")?),
        entra: (profile == Profile::EntraExternal).then(|| {
            let tenant = fields.text("tenant");
            let kept = known.and_then(|client| client.entra.as_ref()).filter(|entra| entra.tenant == tenant);
            Tenant { issuer: kept.map(|entra| entra.issuer.clone()), app_id: fields.text("app_id"), tenant }
        }),
        org_id: (profile == Profile::StartLink).then(|| fields.text("org_id")),
    })
}

/// `GET /console/clients/new`
pub(super) async fn new(user: User<Configure>, State(ipse): State<Shared>) -> Response {
    new_page(&ipse, &user, None, views::Errors::default()).await
}

async fn new_page(ipse: &Ipse, user: &User<Configure>, typed: Option<&Fields>, errors: views::Errors) -> Response {
    let Some(form) = form(ipse, user, typed, None).await else { return refused(Error::Unavailable("journeys")) };
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = shell(ipse, &user.signed_in, Area::Clients).await;
    render_with(status, &views::ClientNew { shell, errors, form })
}

/// `POST /console/clients`
pub(super) async fn create(user: User<Configure>, State(ipse): State<Shared>, fields: Fields) -> Response {
    let made = async {
        let profile = fields.text("profile");
        let profile = PROFILES.iter().find(|(known, _)| known.as_str() == profile).map(|(known, _)| *known);
        let profile = profile.ok_or_else(|| Refusal::invalid("profile", "must be chosen"))?;
        let mut tx = ipse.store.begin(&user.caller().organization).await?;
        let made = uses::create(&ipse, &mut tx, user.caller(), profile, wanted(&fields, profile, None)?).await?;
        tx.commit().await?;
        ipse.hint_keys.notify_one();
        Ok(made)
    };
    match made.await {
        Ok((client, secret)) => page(&ipse, &user, &client, secret, None, views::Errors::default()).await,
        Err(error) => match errors(error, "name") {
            Ok(errors) => new_page(&ipse, &user, Some(&fields), errors).await,
            Err(response) => response,
        },
    }
}

/// What is typed into the relying party's administration, in the order in which Okta asks for it.
fn values(ipse: &Ipse, client: &Client) -> Vec<views::Pasted> {
    let base = &ipse.config.server.base_url;
    let pasted =
        |id: &str, label: &str, value: String| views::Pasted { id: id.to_owned(), label: label.to_owned(), value };
    if client.profile == Profile::StartLink {
        return vec![pasted("start", "Start URL", format!("{base}/start/{}", client.id))];
    }
    let mut scopes = vec!["openid".to_owned()];
    scopes.extend(client.scopes.iter().cloned());
    let okta = client.profile == Profile::OktaIdv;
    let mut values = vec![
        pasted("client-id", "Client ID", client.id.clone()),
        pasted("scopes", "Scopes", scopes.join(" ")),
        pasted("issuer", "Issuer", base.clone()),
        pasted("par", "PAR request URL", format!("{base}/oauth2/par")),
        pasted("authorize", "Authorize URL", format!("{base}/oauth2/authorize")),
        pasted("token", "Token URL", format!("{base}/oauth2/token")),
        pasted("jwks", "JWKS URL", format!("{base}/oauth2/jwks")),
    ];
    if !okta {
        values.push(pasted("userinfo", "Userinfo URL", format!("{base}/oauth2/userinfo")));
        values.push(pasted("discovery", "Discovery", format!("{base}/.well-known/openid-configuration")));
    }
    values
}

/// The journeys that a trial can take: the client's own, and those by a scope or acr value.
fn flows_to_try(client: &Client) -> Vec<views::Choice> {
    let own = choice("", client.journey.clone(), true);
    let others = client.journeys.iter().map(|(word, journey)| choice(word, format!("{journey} ({word})"), false));
    std::iter::once(own).chain(others).collect()
}

async fn page(
    ipse: &Ipse,
    user: &User<Configure>,
    client: &Client,
    secret_once: Option<String>,
    typed: Option<&Fields>,
    errors: views::Errors,
) -> Response {
    let Some(form) = form(ipse, user, typed, Some(client)).await else {
        return refused(Error::Unavailable("journeys"));
    };
    let now = ipse.clock.now();
    let secret = |secret: &ipse_oidc::client::Secret| match secret.expires_at {
        Some(end) if end <= now => format!("Made {}, ended", when(secret.created_at)),
        Some(end) => format!("Made {}, ends {}", when(secret.created_at), when(end)),
        None => format!("Made {}", when(secret.created_at)),
    };
    let status = if errors.list.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = views::Client {
        shell: shell(ipse, &user.signed_in, Area::Clients).await,
        errors,
        id: client.id.clone(),
        name: client.name.clone(),
        profile: kind(client.profile).to_owned(),
        okta: client.profile == Profile::OktaIdv,
        // What has to be signed, or hinted at, nobody can ask for in the client's place.
        can_be_tried: !matches!(client.profile, Profile::EntraExternal | Profile::StartLink),
        secret_once,
        secrets: client.secrets.iter().map(secret).collect(),
        values: values(ipse, client),
        form,
        flows: flows_to_try(client),
    };
    render_with(status, &view)
}

/// `GET /console/clients/{id}`
pub(super) async fn show(user: User<Configure>, State(ipse): State<Shared>, Path(id): Path<ClientId>) -> Response {
    match uses::get(&ipse, user.caller(), &id).await {
        Ok(client) => page(&ipse, &user, &client, None, None, views::Errors::default()).await,
        Err(error) => refused(error),
    }
}

/// `POST /console/clients/{id}`
pub(super) async fn update(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
    fields: Fields,
) -> Response {
    let known = match uses::get(&ipse, user.caller(), &id).await {
        Ok(known) => known,
        Err(error) => return refused(error),
    };
    let changed = async {
        let kept = wanted(&fields, known.profile, Some(&known))?;
        // What the form does not ask for stays as the API has set it.
        let kept = Wanted { auth_methods: Some(known.auth_methods.clone()), signing: Some(known.signing), ..kept };
        uses::update(&ipse, user.caller(), &id, kept).await
    };
    match changed.await {
        Ok((client, secret)) => page(&ipse, &user, &client, secret, None, views::Errors::default()).await,
        Err(error) => match errors(error, "name") {
            Ok(errors) => page(&ipse, &user, &known, None, Some(&fields), errors).await,
            Err(response) => response,
        },
    }
}

/// `POST /console/clients/{id}/rotate`
pub(super) async fn rotate(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
    _: Fields,
) -> Response {
    match uses::rotate_secret(&ipse, user.caller(), &id, 1).await {
        Ok((client, secret)) => page(&ipse, &user, &client, Some(secret), None, views::Errors::default()).await,
        Err(error) => refused(error),
    }
}

/// `POST /console/clients/{id}/remove`
pub(super) async fn remove(
    user: User<Configure>,
    State(ipse): State<Shared>,
    Path(id): Path<ClientId>,
    _: Fields,
) -> Response {
    match uses::delete(&ipse, user.caller(), &id).await {
        Ok(()) => Redirect::to("/console/clients").into_response(),
        Err(error) => refused(error),
    }
}
