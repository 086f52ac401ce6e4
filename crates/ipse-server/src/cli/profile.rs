//! `ipse connect entra --profile`: let the tenant take the credential for recovering accounts. Beta in Microsoft Graph, and for
//! an administrator's own token alone: without one it is said what to type.

use super::integrations::Connection;
use crate::jobs::WaysOut;
use crate::server::NotStarted;
use clap::{Args, ValueEnum};
use ipse_connectors::entra::{PORTRAIT, PREFER, PROFILES, Profile, Purpose, Tenant, Token};
use std::path::PathBuf;

#[derive(Args)]
pub(super) struct Options {
    /// Let the tenant take the credential for recovering accounts, by the Verified ID profile of this name (beta). Says what is
    /// to be posted in Graph Explorer, or with `--graph-token-file` does it.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["provision", "remove", "new_secrets"])]
    pub(super) profile: Option<String>,
    /// A file with an administrator's token for Graph, with the delegated permission `VerifiedId-Profile.ReadWrite.All`.
    #[arg(long, value_name = "FILE", requires = "profile")]
    graph_token_file: Option<PathBuf>,
    /// What the profile is for.
    #[arg(long, value_enum, default_value_t = For::Recovery, requires = "profile")]
    purpose: For,
    /// Whether the profile works only where an administrator tries it.
    #[arg(long, value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set, requires = "profile")]
    test_only: bool,
    /// Where people get the credential who have none.
    #[arg(long, value_name = "URL", requires = "profile")]
    issuance_url: Option<String>,
}

/// What a profile is for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum For {
    Recovery,
    Onboarding,
    All,
    Verification,
}

impl From<For> for Purpose {
    fn from(said: For) -> Self {
        match said {
            For::Recovery => Self::Recovery,
            For::Onboarding => Self::Onboarding,
            For::All => Self::All,
            For::Verification => Self::Verification,
        }
    }
}

/// Makes the profile of this name for a tenant that is connected, or says how.
pub(super) async fn connect(
    connection: &Connection,
    tenant: &Tenant,
    name: &str,
    options: &Options,
) -> Result<(), NotStarted> {
    let ways_out = WaysOut::new(&connection.ipse.config).map_err(|error| NotStarted(error.to_string()))?;
    let contract = ways_out.contract(tenant).await.map_err(|no| NotStarted(no.advice))?;
    let wanted = Profile {
        name: name.to_owned(),
        purpose: options.purpose.into(),
        test_only: options.test_only,
        issuance_url: options.issuance_url.clone(),
    };
    let body = wanted.body(tenant, &contract).map_err(|refusal| NotStarted(refusal.to_string()))?;
    if !contract.photos.iter().any(|photo| photo == PORTRAIT) {
        println!(
            "beware  the credential has no picture {PORTRAIT}: Face Check, without which Entra recovers nothing, will fail"
        );
    }
    let Some(file) = &options.graph_token_file else {
        let place = format!("{}/{}", tenant.graph, PROFILES.join("/"));
        println!("In Graph Explorer, as somebody who is Authentication Policy Administrator, consent to");
        println!("VerifiedId-Profile.ReadWrite.All, and send with the header Prefer: {PREFER}\n");
        let text = serde_json::to_string_pretty(&body).map_err(|error| NotStarted(error.to_string()))?;
        println!("POST {place}\n{text}\n");
        println!("If GET there shows a profile of this name, send it as PATCH to its id instead.");
        return Ok(());
    };
    let token = Token { access: super::entra::read_secret(file)?, lives: 0, roles: Vec::new() };
    let apply = connection.common.apply;
    let said = ways_out.profile(tenant, &token, (name, &body), apply).await;
    println!("{}", said.map_err(|no| NotStarted(no.advice))?);
    if !apply {
        println!("\nNothing was changed. The same command with --apply does it.");
    }
    Ok(())
}
