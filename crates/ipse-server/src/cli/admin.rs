//! `ipse admin …`

use crate::app::{keys, settings};
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{NotStarted, first_link, prepare};
use clap::Subcommand;
use ipse_core::event::Actor;
use ipse_core::organization::Settings;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a one-time console sign-in link for an administrator; the first run makes the organization too.
    Link {
        /// Whose.
        #[arg(long, default_value = "admin@localhost")]
        email: String,
        /// The organization's name, when it is made.
        #[arg(long, default_value = "My organization")]
        organization: String,
    },
    /// Make another organization; prints its id.
    Organization {
        /// Its name.
        name: String,
    },
    /// Make an API key with every scope for the first organization; prints it once.
    Key {
        /// What it is for.
        name: String,
    },
}

pub(super) async fn run(config: Config, command: Command) -> Result<ExitCode, NotStarted> {
    // Nothing is served and no job runs: a server may be running beside this, and delivers what is queued here.
    let ipse = prepare(config, Clock::default()).await?;
    let said = match command {
        Command::Link { email, organization } => first_link(&ipse, &organization, &email).await?,
        Command::Organization { name } => {
            settings::found(&ipse, Settings { name, ..Settings::default() }).await?.id.to_string()
        }
        Command::Key { name } => {
            let organizations = ipse.store.organizations().await?;
            let organization = organizations.into_iter().next();
            let organization = organization.ok_or(NotStarted("no organization yet: run `ipse admin link`".into()))?;
            let caller =
                crate::app::Caller { organization: organization.id, actor: Actor::System, name: String::new() };
            let scopes = keys::SCOPES.iter().map(|(scope, _)| (*scope).to_owned()).collect();
            keys::create(&ipse, &caller, &name, scopes).await?.1
        }
    };
    println!("{said}");
    Ok(ExitCode::SUCCESS)
}
