//! `ipse connect entra`: offer a credential after a journey, of a type that there is or that is made; `ipse doctor entra`:
//! whether the tenant is set up for it; `ipse revoke`: make a credential good no more.

use super::doctor::Findings;
use super::integrations::{Common, Connection};
use super::profile;
use crate::app::integrations::{self, Integration, System};
use crate::app::{Caller, Error, credentials, revocations};
use crate::clock::Clock;
use crate::config::Config;
use crate::console::entra::claims;
use crate::jobs::WaysOut;
use crate::server::{NotStarted, prepare};
use clap::{Args, ValueEnum};
use ipse_connectors::entra::{ClientCredential, Fact, Look, Pass, Provision, Revokes, Tenant};
use ipse_core::Refusal;
use ipse_core::event::Actor;
use ipse_core::id::{IssuanceId, SubjectId, VerificationId};
use ipse_core::issuance::may_revoke;
use ipse_store::issuances::CredentialFilter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Connect {
    /// The manifest URL on the credential's page in Verified ID.
    #[arg(long, value_name = "URL", required_unless_present = "provision")]
    manifest: Option<String>,
    /// Make the credential type of this name in Verified ID, or make it as said here; needs the file of the client secret
    /// or certificate.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["manifest", "remove", "new_secrets"], requires = "client_secret_file")]
    provision: Option<String>,
    #[command(flatten)]
    look: LookOptions,
    /// The directory (tenant) id; needed to connect it.
    #[arg(long, value_name = "ID")]
    tenant_id: Option<String>,
    /// The application (client) id as which the server comes; needed to connect it.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// A file with the application's client secret, or with a private key and its certificate in PEM; kept sealed.
    #[arg(long, value_name = "FILE", visible_alias = "certificate-file")]
    client_secret_file: Option<PathBuf>,
    /// The authority that issues, `did:web:…`; needed to connect it.
    #[arg(long, value_name = "DID")]
    authority: Option<String>,
    /// The credential's type in the contract's rules; needed to connect it.
    #[arg(long, value_name = "TYPE")]
    credential: Option<String>,
    /// A claim of the contract and what is told as it, such as `firstName=given_name`; may be repeated, and replaces the
    /// mapping there was.
    #[arg(long = "claim", value_name = "CLAIM=FACT")]
    claims: Vec<String>,
    /// Where tokens are got, in a national cloud.
    #[arg(long, value_name = "URL")]
    login_host: Option<String>,
    /// Where credentials are requested, in a national cloud.
    #[arg(long, value_name = "URL")]
    api_host: Option<String>,
    /// When a credential is revoked by itself: `redaction`, `off-boarding`, both, or `never`.
    #[arg(long = "revoke-on", value_name = "WHEN", value_delimiter = ',')]
    revoke_on: Vec<Occasion>,
    /// Let Entra ask whether the claims of a recovery are the person's: the event `OnVerifiedIdClaimValidation`. `false`
    /// ends it.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    validate_claims: Option<bool>,
    /// Offer people a Temporary Access Pass after a success, good once within so many minutes, 10 to 43200; 0 offers none.
    #[arg(long, value_name = "MINUTES")]
    temporary_access_pass: Option<u32>,
    /// The assurance level that the success has at least, 1 to 3; 2 if never said.
    #[arg(long, value_name = "LEVEL", requires = "temporary_access_pass")]
    temporary_access_pass_level: Option<u8>,
    /// Where Microsoft Graph is, in a national cloud.
    #[arg(long, value_name = "URL")]
    graph_host: Option<String>,
    #[command(flatten)]
    profile: profile::Options,
    #[command(flatten)]
    common: Common,
}

/// When a credential is revoked by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Occasion {
    Redaction,
    OffBoarding,
    Never,
}

/// How a credential looks that is made with `--provision`.
#[derive(Args)]
struct LookOptions {
    /// What stands on the card.
    #[arg(long, value_name = "TEXT", default_value = "Verified identity", requires = "provision")]
    title: String,
    /// Who issues, in words; the organization's name if left out.
    #[arg(long, value_name = "TEXT", requires = "provision")]
    issued_by: Option<String>,
    /// A logo that anybody can fetch: PNG, JPEG or BMP.
    #[arg(long, value_name = "URL", requires = "provision")]
    logo: Option<String>,
    /// The colour behind.
    #[arg(long, value_name = "COLOUR", default_value = "#1b3a4b", requires = "provision")]
    background: String,
    /// The colour of the text.
    #[arg(long, value_name = "COLOUR", default_value = "#ffffff", requires = "provision")]
    text: String,
    /// Days that a credential is good for.
    #[arg(long, value_name = "DAYS", default_value_t = 365, requires = "provision")]
    days: u32,
}

pub(super) async fn connect(mut config: Config, options: Connect) -> Result<ExitCode, NotStarted> {
    // As for other systems, a tenant of this machine's sandbox is allowed when it is said so.
    config.webhooks.allow_private_addresses |= options.common.loopback;
    let client = options.client_secret_file.as_deref().map(read_client).transpose()?;
    let mut connection = Connection::open(config, options.common.clone()).await?;
    let manifest = match (&options.manifest, &options.provision, &client) {
        (Some(manifest), ..) => manifest.trim().to_owned(),
        (None, Some(name), Some(client)) => match provision(&connection, &options, name, client).await? {
            Some(manifest) => manifest,
            None => return Ok(ExitCode::SUCCESS),
        },
        (None, ..) => return Err(NotStarted("--provision needs --client-secret-file".into())),
    };
    connection = connection.at(&manifest).await?;
    let known = match connection.known.as_ref().map(|known| &known.system) {
        Some(System::Entra(tenant)) => {
            if let Some(name) = &options.profile.profile {
                profile::connect(&connection, tenant, name, &options.profile).await?;
                return Ok(ExitCode::SUCCESS);
            }
            tenant.clone()
        }
        Some(_) => return Err(NotStarted("what is connected at this address is no Entra tenant".into())),
        None if options.profile.profile.is_some() => {
            return Err(NotStarted(
                "a profile is for a tenant that is connected: leave --profile out to connect it".into(),
            ));
        }
        None if options.provision.is_some() => Tenant { manifest, ..all_told() },
        None => Tenant { manifest, ..Tenant::blank() },
    };
    let wanted = options.said_of(known)?;
    let Some((connection, integration)) = connection.settle(System::Entra(wanted)).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(client) = client.filter(|_| connection.common.apply) {
        credentials::set_client(&connection.ipse, &connection.caller, &integration.id, &client).await?;
        println!("The {} is kept. `ipse doctor entra` says whether everything works.", client.kind());
    }
    Ok(ExitCode::SUCCESS)
}

fn read_client(file: &Path) -> Result<ClientCredential, NotStarted> {
    ClientCredential::read(&read_secret(file)?).map_err(|refusal| NotStarted(format!("{}: {refusal}", file.display())))
}

pub(super) fn read_secret(file: &Path) -> Result<String, NotStarted> {
    let read = std::fs::read_to_string(file);
    let read = read.map_err(|error| NotStarted(format!("{} cannot be read: {error}", file.display())))?;
    Ok(read.trim().to_owned())
}

/// A tenant that is told everything but a picture, which somebody has to want, and of which nothing else is said yet.
fn all_told() -> Tenant {
    let told = Fact::ALL.into_iter().filter(|fact| *fact != Fact::Portrait);
    Tenant { claims: told.map(|fact| (fact.as_str().to_owned(), fact)).collect(), ..Tenant::blank() }
}

impl Connect {
    /// A tenant as it is known, and what is said of it now.
    fn said_of(&self, known: Tenant) -> Result<Tenant, NotStarted> {
        let told = if self.claims.is_empty() {
            known.claims
        } else {
            claims(&self.claims.join("\n").replace('=', " ")).map_err(|error| NotStarted(error.to_string()))?
        };
        let on = |occasion| self.revoke_on.contains(&occasion);
        if on(Occasion::Never) && self.revoke_on.len() > 1 {
            return Err(NotStarted("--revoke-on: never, or something else".into()));
        }
        let revokes = if self.revoke_on.is_empty() {
            known.revokes
        } else {
            Revokes { on_redaction: on(Occasion::Redaction), on_off_boarding: on(Occasion::OffBoarding) }
        };
        let or = |said: &Option<String>, known: String| said.clone().unwrap_or(known);
        Ok(Tenant {
            id: or(&self.tenant_id, known.id).to_ascii_lowercase(),
            client_id: or(&self.client_id, known.client_id).to_ascii_lowercase(),
            authority: or(&self.authority, known.authority),
            credential: or(&self.credential, self.provision.clone().unwrap_or(known.credential)),
            login: or(&self.login_host, known.login),
            api: or(&self.api_host, known.api),
            claims: told,
            manifest: known.manifest,
            revokes,
            validates_claims: self.validate_claims.unwrap_or(known.validates_claims),
            temporary_access_pass: self.pass(known.temporary_access_pass),
            graph: or(&self.graph_host, known.graph),
        })
    }
}

impl Connect {
    /// The pass that is offered, as it is known, and as it is said to be now.
    fn pass(&self, known: Option<Pass>) -> Option<Pass> {
        match self.temporary_access_pass {
            None => known,
            Some(0) => None,
            Some(minutes) => {
                let level = self.temporary_access_pass_level.unwrap_or(known.unwrap_or_default().level);
                Some(Pass { minutes, level })
            }
        }
    }
}

/// Makes the credential type; the address of its manifest, if there is one then.
async fn provision(
    connection: &Connection,
    options: &Connect,
    name: &str,
    client: &ClientCredential,
) -> Result<Option<String>, NotStarted> {
    let (ipse, caller, apply) = (&connection.ipse, &connection.caller, connection.common.apply);
    let refused = |refusal: ipse_core::Refusal| NotStarted(refusal.to_string());
    let known = integrations::list(ipse, caller).await?.into_iter().filter_map(|known| match known.system {
        System::Entra(tenant) => Some(tenant),
        System::ServiceNow(_) | System::Salesforce(_) => None,
    });
    let is_meant = |tenant: &Tenant| {
        tenant.credential == name && options.tenant_id.as_ref().is_none_or(|id| id.eq_ignore_ascii_case(&tenant.id))
    };
    let known = known.into_iter().find(is_meant);
    if known.is_none() {
        // Before anything is made there.
        connection.journey_of_new().await?;
    }
    let mut tenant = options.said_of(known.unwrap_or_else(all_told))?;
    // Where the manifest really is, the answer tells.
    tenant.manifest = format!("{}/v1.0/tenants/{}/verifiableCredentials/contracts/new/manifest", tenant.api, tenant.id);
    tenant.validate(ipse.config.webhooks.allow_private_addresses).map_err(refused)?;
    let organization = ipse.store.read(&caller.organization).await?.own_organization().await?.settings.name;
    let look = &options.look;
    let wanted = Provision {
        name: name.to_owned(),
        look: Look {
            title: look.title.clone(),
            issued_by: look.issued_by.clone().unwrap_or(organization),
            logo: look.logo.clone(),
            background: look.background.clone(),
            text: look.text.clone(),
        },
        days: look.days,
    };
    wanted.validate(&tenant).map_err(refused)?;
    let ways_out = WaysOut::new(&ipse.config).map_err(|error| NotStarted(error.to_string()))?;
    let done = ways_out.provision(ipse, (&tenant, client), &wanted, apply).await;
    let (manifest, said) = done.map_err(|no| NotStarted(no.advice))?;
    println!("{said}");
    println!("tell    {}", tenant.claims.values().map(|fact| fact.as_str()).collect::<Vec<_>>().join(", "));
    if manifest.is_none() {
        println!("offer   people that credential after this journey");
        println!("\nNothing was changed. The same command with --apply does it.");
    }
    Ok(manifest)
}

/// Which credentials.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct Which {
    /// One credential.
    #[arg(long, value_name = "ID")]
    credential: Option<IssuanceId>,
    /// The one that a verification led to.
    #[arg(long, value_name = "ID")]
    verification: Option<VerificationId>,
    /// All of a person.
    #[arg(long, value_name = "ID")]
    subject: Option<SubjectId>,
}

#[derive(Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    which: Which,
    /// Do it. Without this it is only said what would be done.
    #[arg(long)]
    apply: bool,
}

/// Makes credentials good no more. The server asks the tenants as soon as it runs.
pub(super) async fn revoke(config: Config, options: Revoke) -> Result<ExitCode, NotStarted> {
    let ipse = prepare(config, Clock::default()).await?;
    let Which { credential, verification, subject } = options.which;
    let filter = CredentialFilter { verification, subject, before: None };
    let mut count = 0;
    for organization in ipse.store.organizations().await? {
        let caller = Caller { organization: organization.id, actor: Actor::System, name: "ipse revoke".to_owned() };
        let found = match &credential {
            Some(id) => revocations::get(&ipse, &caller, id).await.into_iter().collect(),
            None => revocations::list(&ipse, &caller, &filter, 1_000).await?,
        };
        for one in found {
            count += 1;
            match may_revoke(&one) {
                Err(refusal) => println!("keep    {}: {refusal}", one.id),
                Ok(()) => {
                    println!("revoke  {}, of {}", one.id, one.verification);
                    if options.apply {
                        match revocations::revoke(&ipse, &caller, &one.id).await {
                            // Another one of the same success has taken it along.
                            Ok(_) | Err(Error::Refused(Refusal::Ended(_))) => {}
                            Err(error) => return Err(error.into()),
                        }
                    }
                }
            }
        }
    }
    if count == 0 {
        return Err(NotStarted("there is no such credential in a wallet".into()));
    }
    let said = if options.apply {
        "The server asks for it as soon as it runs."
    } else {
        "Nothing was changed. The same command with --apply does it."
    };
    println!("\n{said}");
    Ok(ExitCode::SUCCESS)
}

/// Checks every Entra tenant that issues credentials: token, roles, manifest, authority and claims.
pub(super) async fn doctor(config: Config) -> Result<ExitCode, NotStarted> {
    let ways_out = WaysOut::new(&config).map_err(|error| NotStarted(error.to_string()))?;
    let ipse = prepare(config, Clock::default()).await?;
    let (mut findings, mut count) = (Findings::default(), 0);
    for organization in ipse.store.organizations().await? {
        let known = ipse.store.read(&organization.id).await?.list_integrations::<Integration>().await?;
        for integration in known {
            let System::Entra(tenant) = &integration.system else { continue };
            count += 1;
            println!("{} ({})", integration.name, integration.id);
            for (what, found) in ways_out.check_tenant(&ipse, &organization.id, &integration.id, tenant).await? {
                findings.say(what, found);
            }
        }
    }
    if count == 0 {
        findings.say("Entra", Err("no tenant is connected; run `ipse connect entra`".to_owned()));
    }
    Ok(findings.code())
}
