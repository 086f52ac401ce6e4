//! `ipse sandbox`: the whole product on the embedded defaults, with every partner simulated.

use super::tour;
use crate::app::oidc::clients;
use crate::app::{self, Caller, credentials, integrations, journeys, keys, people, settings, subjects};
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{NotStarted, Server, first_link, open_store};
use crate::state::Ipse;
use clap::Args;
use ipse_connectors::entra::{ClientCredential, Fact, Revokes, Tenant};
use ipse_connectors::salesforce::{Login, Org};
use ipse_connectors::servicenow::Instance;
use ipse_core::date;
use ipse_core::event::Actor;
use ipse_core::id::ClientId;
use ipse_core::journey::{Journey, NameRule, Rules};
use ipse_core::organization::{Role, Settings};
use ipse_core::person::Identity;
use ipse_core::private::Private;
use ipse_core::subject::Profile as Subject;
use ipse_oidc::client::ClaimsValues;
use ipse_oidc::profile::Profile;
use ipse_sandbox::Sandbox;
use ipse_sandbox::directory::employees;
use ipse_sandbox::entra;
use ipse_sandbox::okta::Vendor;
use ipse_sandbox::salesforce::{CONSUMER_KEY, Credential, Key, ORG, USER, contact};
use ipse_sandbox::servicenow::{ADMIN, Failed};
use ipse_sandbox::specimen::performance::FACE_MODELS;
use ipse_store::Tx;
use ipse_store::seal::Keyring;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Options {
    /// Where to keep the database, the pictures and the keyring; a fresh temporary folder if left out.
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// The port of Ipse itself; 0 takes a free one.
    #[arg(long, default_value_t = 8300)]
    port: u16,
    /// The port of the simulated partners; 0 takes a free one.
    #[arg(long, default_value_t = 8301)]
    partner_port: u16,
    /// A folder of real face models, to try it with your own face; the drawn people's if left out.
    #[arg(long)]
    models: Option<PathBuf>,
    /// Walk a verification in front of you: `help-desk`, `review`, `okta`, `salesforce` or `entra`.
    #[arg(long, num_args = 0..=1, default_missing_value = "help-desk", value_name = "NAME")]
    tour: Option<String>,
    /// End after the tour, with status 0 only if every step held.
    #[arg(long, requires = "tour")]
    exit: bool,
}

/// What the sandbox prints and the tour needs.
pub(crate) struct Ready {
    /// Ipse.
    pub(crate) server: Server,
    /// The partners.
    pub(crate) sandbox: Sandbox,
    /// One-time sign-in link of the administrator.
    pub(crate) admin_link: String,
    /// One-time sign-in link of the reviewer.
    pub(crate) reviewer_link: String,
    /// An API key with every scope.
    pub(crate) api_key: String,
}

/// Starts Ipse on a folder with the partners around it.
pub(crate) async fn start(mut config: Config, port: u16, partner_port: u16) -> Result<Ready, NotStarted> {
    let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
    let data_dir = config.storage.data_dir.clone();
    std::fs::create_dir_all(&data_dir)
        .map_err(|error| NotStarted(format!("the data folder {} cannot be made: {error}", data_dir.display())))?;
    if !config.keyring().exists() {
        Keyring::generate("k1")?.save(&config.keyring())?;
    }
    let sandbox = Sandbox::start(here(partner_port), here(0))
        .await
        .map_err(|error| NotStarted(format!("cannot listen on port {partner_port} for the partners: {error}")))?;
    config.server.listen = here(port);
    config.server.base_url = format!("http://localhost:{port}");
    config.email.smtp = format!("smtp://{}?tls=none", sandbox.smtp);
    config.email.from = "Utopia help desk <verify@utopia.example>".to_owned();
    config.sms.url = sandbox.url();
    config.sms.account = "sandbox".to_owned();
    config.sms.token = "sandbox".to_owned();
    config.sms.from = "Utopia".to_owned();
    config.webhooks.allow_private_addresses = true;
    config.documents.allow_specimens = true;
    if !config.face_models().is_dir() {
        config.faces.models = draw_models(&data_dir)?;
    }
    open_store(&config).await?.migrate().await?;
    let server = Server::start(config, Clock::default()).await?;
    let admin_link = first_link(&server.ipse, "Utopia Industries", "admin@utopia.example").await?;
    let (reviewer_link, api_key) = furnish(&server, &sandbox).await?;
    Ok(Ready { server, sandbox, admin_link, reviewer_link, api_key })
}

/// The tiny models that know the drawn people, in a folder as real ones would be.
fn draw_models(data_dir: &Path) -> Result<PathBuf, NotStarted> {
    let folder = data_dir.join("face-models");
    let failed = |error: std::io::Error| NotStarted(format!("{} cannot be written: {error}", folder.display()));
    std::fs::create_dir_all(&folder).map_err(failed)?;
    for (name, bytes) in FACE_MODELS {
        std::fs::write(folder.join(name), bytes).map_err(failed)?;
    }
    Ok(folder)
}

/// A journey, a reviewer, partners and a key, so that there is something to try.
async fn furnish(server: &Server, sandbox: &Sandbox) -> Result<(String, String), NotStarted> {
    let ipse = &server.ipse;
    let organization = ipse.store.organizations().await?.into_iter().next();
    let organization = organization.ok_or(NotStarted("the sandbox has no organization".into()))?;
    let caller = Caller { organization: organization.id, actor: Actor::System, name: "Sandbox".to_owned() };
    let about = Settings {
        name: "Utopia Industries".to_owned(),
        phone: "+1 415 555 0100".to_owned(),
        return_origins: vec![sandbox.url()],
    };
    settings::update(ipse, &caller, about).await?;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let journey: Journey = match tx.current_journey("help-desk").await? {
        Some(journey) => journey,
        None => {
            let rules =
                Rules { uploads_allowed: true, birthdate_must_match: true, keep_template_days: 30, ..Rules::default() };
            journeys::create(ipse, &mut tx, &caller, "help-desk", "Help desk: passport or ID card, and selfie", rules)
                .await?
        }
    };
    if tx.current_journey("step-up").await?.is_none() {
        let rules = Rules { document_kinds: Vec::new(), ..Rules::default() };
        journeys::create(ipse, &mut tx, &caller, "step-up", "Step-up: the face that is enrolled", rules).await?;
    }
    for known in tx.list_endpoints().await? {
        // Partners of an earlier run listened elsewhere.
        tx.update_endpoint(&known.endpoint, false).await?;
    }
    hire(ipse, &mut tx).await?;
    tx.commit().await?;
    let people = people::list(ipse, &caller).await?;
    let reviewer = people.into_iter().find(|person| person.email == "reviewer@utopia.example");
    let reviewer_link = match reviewer {
        Some(person) => people::sign_in_link(ipse, &caller, &person.id).await?,
        None => people::invite(ipse, &caller, "Robin, reviewer", "reviewer@utopia.example", Role::Reviewer).await?.1,
    };
    connect_okta(server, sandbox, &caller, &journey.key).await?;
    let scopes = keys::SCOPES.iter().map(|(scope, _)| (*scope).to_owned()).collect();
    let (_, api_key) = keys::create(ipse, &caller, "Sandbox", scopes).await?;
    connect_servicenow(server, sandbox, &caller, &journey.key).await?;
    connect_salesforce(server, sandbox, &caller, &journey.key).await?;
    let_sign_in(ipse, sandbox, &caller).await?;
    connect_entra(ipse, sandbox, &caller, &journey.key).await?;
    Ok((reviewer_link, api_key))
}

/// The directory, as far as help desks and orgs do not pass it on: when people were born.
async fn hire(ipse: &Ipse, tx: &mut Tx) -> Result<(), NotStarted> {
    for (place, known) in employees().into_iter().enumerate() {
        let born = known.person.birth_date;
        let birthdate = date::parse(&format!("{:04}-{:02}-{:02}", born.year, born.month, born.day)).map(Private::new);
        for id in [known.id.to_owned(), contact(place)] {
            let identity = Identity { birthdate: birthdate.clone(), ..Identity::default() };
            let profile = Subject { external_id: Private::new(id), identity, ..Subject::default() };
            subjects::upsert(tx, profile, ipse.clock.now()).await?;
        }
    }
    Ok(())
}

/// Sets an outside system up, with secrets of its own.
async fn integrate(
    ipse: &Ipse,
    caller: &Caller,
    name: &str,
    journey: &str,
    system: integrations::System,
) -> Result<(integrations::Integration, integrations::Secrets), NotStarted> {
    for known in integrations::list(ipse, caller).await?.into_iter().filter(|known| known.name == name) {
        // The one of an earlier run, whose records are gone.
        integrations::delete(ipse, caller, &known.id).await?;
    }
    let wanted = integrations::Wanted { name: name.to_owned(), journey: journey.to_owned(), system };
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let made = integrations::create(ipse, &mut tx, caller, wanted).await?;
    tx.commit().await?;
    Ok(made)
}

/// Sets the miniature Salesforce up as an integration, and does there what its administrator would: the certificate for the
/// external client app, the key of the server, the named credential, and the policy for large transfers.
async fn connect_salesforce(
    server: &Server,
    sandbox: &Sandbox,
    caller: &Caller,
    journey: &str,
) -> Result<(), NotStarted> {
    let ipse = &server.ipse;
    let there = &sandbox.partners.salesforce;
    let system = integrations::System::Salesforce(Org {
        // An address is one system's, and the other name of this one is ServiceNow's.
        address: format!("http://{}", sandbox.http),
        id: ORG.to_owned(),
        consumer_key: CONSUMER_KEY.to_owned(),
        login: Login::JwtBearer { username: USER.to_owned(), audience: sandbox.url() },
        min_contact_age_days: 14,
    });
    let (integration, secrets) = integrate(ipse, caller, "Utopia Salesforce", journey, system).await?;
    let own = integrations::org_secrets(ipse, caller, &integration.id).await?;
    let signer = own.signer()?;
    let public = signer.public().map_err(|_| NotStarted("the org's key cannot be read".into()))?;
    if !there.upload(&own.certificate()) {
        return Err(NotStarted("the sandbox's Salesforce did not take the certificate".into()));
    }
    let url = ipse.config.server.base_url.clone();
    let organization = caller.organization.to_string();
    there.trust(Key { name: signer.kid().to_owned(), issuer: url.clone(), organization, public });
    let Some((id, client_secret)) = integration.key.zip(secrets.api_key) else {
        return Err(NotStarted("the sandbox's Salesforce was given no key".into()));
    };
    there.set_up(Credential { url, client_id: id.to_string(), client_secret }, journey, "step-up");
    Ok(())
}

/// Sets the miniature ServiceNow up as an integration, and configures it on the application's own page, publishes its
/// subflow, and switches on a copy of the rule for password resets, as its administrator would.
async fn connect_servicenow(
    server: &Server,
    sandbox: &Sandbox,
    caller: &Caller,
    journey: &str,
) -> Result<(), NotStarted> {
    let ipse = &server.ipse;
    let instance = Instance::at(&sandbox.url(), true).map_err(app::Error::from)?;
    let system = integrations::System::ServiceNow(instance);
    let (_, secrets) = integrate(ipse, caller, "Utopia ServiceNow", journey, system).await?;
    let failed = |failed: Failed| NotStarted(format!("the sandbox's ServiceNow: {}", failed.0));
    let servicenow = &sandbox.partners.servicenow;
    let settings = json!({
        "base_url": ipse.config.server.base_url,
        "api_key": secrets.api_key,
        "journey": journey,
        "step_up_journey": "step-up",
        "journey_levels": format!("{journey} = 2, step-up = 1"),
        "subject_field": "user_name",
        "webhook_secret": secrets.webhook,
    });
    let settings = json!({ "sysparm_settings": settings.to_string() });
    let answer = servicenow.ajax(ADMIN, "IpseAdminAjax", "save", settings).await.map_err(failed)?;
    if answer.get("ok") != Some(&json!(true)) {
        return Err(NotStarted(format!("the sandbox's ServiceNow refused its settings: {answer}")));
    }
    // Not the example flow, which would ask whenever an incident is opened.
    for name in ["Request Identity Verification", "Require Identity Verification"] {
        servicenow.call("publish", json!({ "user": ADMIN, "name": name })).await.map_err(failed)?;
    }
    let rule = json!({ "user": ADMIN, "name": "Password reset", "auto_request": false });
    servicenow.call("copy_rule", rule).await.map(drop).map_err(failed)
}

/// Lets the miniature Entra issue a credential after the journey.
async fn connect_entra(ipse: &Ipse, sandbox: &Sandbox, caller: &Caller, journey: &str) -> Result<(), NotStarted> {
    for known in integrations::list(ipse, caller).await? {
        if matches!(known.system, integrations::System::Entra(_)) && known.journey == journey {
            // The one of an earlier run listened elsewhere.
            integrations::delete(ipse, caller, &known.id).await?;
        }
    }
    let facts = [Fact::GivenName, Fact::FamilyName, Fact::Birthdate, Fact::VerificationDate, Fact::VerificationId];
    let system = integrations::System::Entra(Tenant {
        id: entra::TENANT.to_owned(),
        client_id: entra::CLIENT.to_owned(),
        authority: entra::AUTHORITY.to_owned(),
        manifest: sandbox.partners.entra.manifest(),
        credential: entra::CREDENTIAL.to_owned(),
        claims: facts.into_iter().map(|fact| (fact.as_str().to_owned(), fact)).collect(),
        login: sandbox.url(),
        api: sandbox.url(),
        revokes: Revokes { on_redaction: true, on_off_boarding: true },
        validates_claims: true,
        temporary_access_pass: None,
        graph: sandbox.url(),
    });
    let wanted = integrations::Wanted { name: "Utopia Verified ID".to_owned(), journey: journey.to_owned(), system };
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let (made, _) = integrations::create(ipse, &mut tx, caller, wanted).await?;
    tx.commit().await?;
    let client = ClientCredential::read(entra::SECRET).map_err(|refusal| NotStarted(refusal.to_string()))?;
    Ok(credentials::set_client(ipse, caller, &made.id, &client).await?)
}

/// Registers the miniature Okta as a client.
async fn connect_okta(server: &Server, sandbox: &Sandbox, caller: &Caller, journey: &str) -> Result<(), NotStarted> {
    let ipse = &server.ipse;
    let base_url = &ipse.config.server.base_url;
    let scopes = ["profile", "identity_assurance"];
    let wanted = client("Utopia Okta", sandbox.partners.okta.callback(), &scopes, journey);
    let (client_id, client_secret) = register(ipse, caller, Profile::OktaIdv, wanted).await?;
    sandbox.partners.okta.connect(&Vendor {
        name: "Ipse".to_owned(),
        issuer: base_url.clone(),
        par: format!("{base_url}/oauth2/par"),
        authorize: format!("{base_url}/oauth2/authorize"),
        token: format!("{base_url}/oauth2/token"),
        jwks: format!("{base_url}/oauth2/jwks"),
        client_id,
        client_secret,
        scopes: std::iter::once("openid").chain(scopes).map(str::to_owned).collect(),
    });
    Ok(())
}

/// Registers the miniature Salesforce as a client, deploys its authentication provider, and lets somebody new have a user.
async fn let_sign_in(ipse: &Ipse, sandbox: &Sandbox, caller: &Caller) -> Result<(), NotStarted> {
    const JOURNEY: &str = "sign-in";
    let there = &sandbox.partners.salesforce;
    let mut tx = ipse.store.begin(&caller.organization).await?;
    if tx.current_journey(JOURNEY).await?.is_none() {
        // Nobody says who comes, so there is no name to compare; the face is kept, to know them again.
        let rules =
            Rules { uploads_allowed: true, name_rule: NameRule::None, keep_template_days: 30, ..Rules::default() };
        journeys::create(ipse, &mut tx, caller, JOURNEY, "Sign-in: passport or ID card, and selfie", rules).await?;
    }
    tx.commit().await?;
    let wanted = clients::Wanted {
        claims_values: Some(ClaimsValues::Values),
        ..client("Utopia Salesforce", there.callback(), &["profile", "email", "ipse"], JOURNEY)
    };
    let (id, secret) = register(ipse, caller, Profile::OidcBasic, wanted).await?;
    there.provide(&ipse.config.server.base_url, id, secret);
    let setting = [("Create_Users__c", json!(true)), ("Profile__c", json!("Standard User"))];
    there.configure(setting.into_iter().map(|(field, value)| (field.to_owned(), value)).collect());
    Ok(())
}

/// A client with the defaults of its profile.
fn client(name: &str, callback: String, scopes: &[&str], journey: &str) -> clients::Wanted {
    clients::Wanted {
        name: name.to_owned(),
        redirect_uris: vec![callback],
        scopes: scopes.iter().copied().map(str::to_owned).collect(),
        auth_methods: None,
        jwks: None,
        signing: None,
        journey: journey.to_owned(),
        journeys: BTreeMap::new(),
        name_rule: None,
        claims_values: None,
        minutes: None,
        entra: None,
        org_id: None,
    }
}

/// Registers a client, or gives the one of an earlier run a new secret and address; its id and secret.
async fn register(
    ipse: &Ipse,
    caller: &Caller,
    profile: Profile,
    wanted: clients::Wanted,
) -> Result<(String, String), NotStarted> {
    let known = clients::list(ipse, caller).await?.into_iter().find(|client| client.name == wanted.name);
    if let Some(id) = known.and_then(|client| client.id.parse::<ClientId>().ok()) {
        clients::update(ipse, caller, &id, wanted).await?;
        let (client, secret) = clients::rotate_secret(ipse, caller, &id, 1).await?;
        return Ok((client.id, secret));
    }
    let mut tx = ipse.store.begin(&caller.organization).await?;
    let (client, secret) = clients::create(ipse, &mut tx, caller, profile, wanted).await?;
    tx.commit().await?;
    Ok((client.id, secret.ok_or(NotStarted("a partner of the sandbox got no secret".into()))?))
}

pub(super) async fn run(mut config: Config, options: Options) -> Result<ExitCode, NotStarted> {
    if let Some(name) = &options.tour {
        tour::known(name)?;
    }
    // Kept until the end: it removes the folder.
    let mut temporary = None;
    config.storage.data_dir = match options.data_dir {
        Some(folder) => folder,
        None => {
            let folder = tempfile::Builder::new()
                .prefix("ipse-sandbox-")
                .tempdir()
                .map_err(|error| NotStarted(format!("no temporary folder can be made: {error}")))?;
            let path = folder.path().to_owned();
            temporary = Some(folder);
            path
        }
    };
    if config.log.filter == "info" {
        // The tour's timeline is the output here; warnings still show.
        config.log.filter = "warn".to_owned();
    }
    if let Some(models) = options.models {
        config.faces.models = std::path::absolute(&models).unwrap_or(models);
    }
    super::log(&config);
    let ready = start(config, options.port, options.partner_port).await?;
    let base_url = &ready.server.ipse.config.server.base_url;
    let partners = ready.sandbox.url();
    println!("Ipse sandbox: everything here is made up, nothing leaves this machine.\n");
    println!("  Ipse            {base_url}");
    println!("  API             {base_url}/docs");
    println!("  Console         {}", ready.admin_link);
    println!("  … as reviewer   {}", ready.reviewer_link);
    println!("                  (each link signs in once)");
    println!("  API key         {}", ready.api_key);
    println!("  ServiceNow      {partners}/servicenow");
    println!("  Salesforce      {partners}/salesforce");
    println!("  Okta            {partners}/okta");
    println!("  … its API token {}", ready.sandbox.partners.okta.api_token());
    println!("  Authenticator   {partners}/authenticator");
    println!("  Mailbox         {partners}/mailbox");
    println!("  Text messages   {partners}/messages");
    println!("  Webhooks        {partners}/webhooks");
    println!("  Data            {}\n", ready.server.ipse.config.storage.data_dir.display());
    let mut code = ExitCode::SUCCESS;
    if let Some(name) = &options.tour {
        let held = tour::walk(name, &ready).await;
        if !held {
            code = ExitCode::FAILURE;
        }
    }
    if !options.exit {
        println!("Serving until Ctrl-C.");
        super::asked_to_stop().await;
    }
    ready.server.stop().await;
    drop(temporary);
    Ok(code)
}
