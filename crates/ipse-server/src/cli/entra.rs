//! `ipse connect entra`: offer a credential after a journey; `ipse doctor entra`: whether the tenant is set up for it.

use super::doctor::Findings;
use super::integrations::{Common, Connection};
use crate::app::credentials;
use crate::app::integrations::{Integration, System};
use crate::clock::Clock;
use crate::config::Config;
use crate::console::entra::claims;
use crate::jobs::WaysOut;
use crate::server::{NotStarted, prepare};
use clap::Args;
use ipse_connectors::entra::Tenant;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Connect {
    /// The manifest URL on the credential's page in Verified ID.
    #[arg(long, value_name = "URL")]
    manifest: String,
    /// The directory (tenant) id; needed to connect it.
    #[arg(long, value_name = "ID")]
    tenant_id: Option<String>,
    /// The application (client) id as which the server comes; needed to connect it.
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// A file with the application's client secret; kept sealed.
    #[arg(long, value_name = "FILE")]
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
    #[command(flatten)]
    common: Common,
}

pub(super) async fn connect(mut config: Config, options: Connect) -> Result<ExitCode, NotStarted> {
    let manifest = options.manifest.trim().to_owned();
    // As for other systems, a tenant of this machine's sandbox is allowed when it is said so.
    config.webhooks.allow_private_addresses |= options.common.loopback;
    let connection = Connection::open(config, options.common, &manifest).await?;
    let known = match connection.known.as_ref().map(|known| &known.system) {
        Some(System::Entra(tenant)) => tenant.clone(),
        Some(_) => return Err(NotStarted("what is connected at this address is no Entra tenant".into())),
        None => Tenant { manifest, ..Tenant::blank() },
    };
    let told = if options.claims.is_empty() {
        known.claims
    } else {
        claims(&options.claims.join("\n").replace('=', " ")).map_err(|error| NotStarted(error.to_string()))?
    };
    let wanted = Tenant {
        id: options.tenant_id.unwrap_or(known.id).to_ascii_lowercase(),
        client_id: options.client_id.unwrap_or(known.client_id).to_ascii_lowercase(),
        authority: options.authority.unwrap_or(known.authority),
        credential: options.credential.unwrap_or(known.credential),
        login: options.login_host.unwrap_or(known.login),
        api: options.api_host.unwrap_or(known.api),
        claims: told,
        manifest: known.manifest,
    };
    let secret = match &options.client_secret_file {
        None => None,
        Some(file) => Some(
            std::fs::read_to_string(file)
                .map_err(|error| NotStarted(format!("{} cannot be read: {error}", file.display())))?,
        ),
    };
    let Some((connection, integration)) = connection.settle(System::Entra(wanted)).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(secret) = secret.filter(|_| connection.common.apply) {
        credentials::set_client_secret(&connection.ipse, &connection.caller, &integration.id, secret.trim()).await?;
        println!("The client secret is kept. `ipse doctor entra` says whether everything works.");
    }
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
