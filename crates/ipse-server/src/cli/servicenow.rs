//! `ipse connect servicenow`: makes the key and the webhook of a ServiceNow instance, and says what both sides need.

use crate::app::Caller;
use crate::app::integrations::{self, Integration, Secrets, System, Wanted};
use crate::clock::Clock;
use crate::config::Config;
use crate::console::integrations::values;
use crate::server::{NotStarted, prepare};
use crate::state::Ipse;
use clap::Args;
use ipse_connectors::servicenow::Instance;
use ipse_core::event::Actor;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct Options {
    /// The address of the instance, such as `https://example.service-now.com`.
    #[arg(long, value_name = "URL")]
    instance: String,
    /// What to call it here.
    #[arg(long, default_value = "ServiceNow")]
    name: String,
    /// The key of the journey that its people take.
    #[arg(long, default_value = "help-desk", value_name = "KEY")]
    journey: String,
    /// Days an address or number must be unchanged before a link goes there; 14 for a new integration.
    #[arg(long, value_name = "DAYS")]
    min_contact_age: Option<u32>,
    /// Whose integration it is; the first organization's if left out.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// Replace the key and the signing secret of an integration that there is.
    #[arg(long, conflicts_with = "remove")]
    new_secrets: bool,
    /// End an integration that there is.
    #[arg(long)]
    remove: bool,
    /// Write the values into a file that only you can read, as JSON, instead of showing the secrets.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Do it. Without this it is only said what would be done.
    #[arg(long)]
    apply: bool,
    /// Allow plain http to this machine, such as to the sandbox's ServiceNow.
    #[arg(long)]
    loopback: bool,
}

pub(super) async fn run(config: Config, options: Options) -> Result<ExitCode, NotStarted> {
    let instance = Instance::at(&options.instance, options.loopback).map_err(|error| NotStarted(error.to_string()))?;
    let ipse = prepare(config, Clock::default()).await?;
    let caller = caller(&ipse, options.organization.as_deref()).await?;
    let all = integrations::list(&ipse, &caller).await?;
    let known = all.into_iter().find(|known| known.system.address() == instance.address);
    println!("{}", instance.address);
    match (known, options.remove, options.new_secrets) {
        (None, true, _) | (None, _, true) => {
            Err(NotStarted("this instance is not connected: leave the option out to connect it".into()))
        }
        (Some(known), true, _) => {
            println!("remove  {} ({}): its key ends, and no event is sent there any more", known.name, known.id);
            if options.apply {
                integrations::delete(&ipse, &caller, &known.id).await?;
            }
            Ok(finished(options.apply))
        }
        (Some(known), _, true) => {
            println!("replace the API key, which ends at once, and the signing secret, which signs for a day more");
            if options.apply {
                let (changed, secrets) = integrations::renew(&ipse, &caller, &known.id).await?;
                told(&ipse, &caller, &changed, Some(secrets), options.output.as_deref()).await?;
            }
            Ok(finished(options.apply))
        }
        (Some(known), ..) => changed(&ipse, &caller, known, &options).await,
        (None, ..) => {
            println!("make    an API key for it, which may ask for verifications and nothing else");
            println!("make    a webhook at {}, told only of what it asked for", instance.webhook());
            if options.apply {
                let instance = with_age(instance, options.min_contact_age);
                let system = System::ServiceNow(instance);
                let wanted = Wanted { name: options.name, journey: options.journey, system };
                let mut tx = ipse.store.begin(&caller.organization).await?;
                let (made, secrets) = integrations::create(&ipse, &mut tx, &caller, wanted).await?;
                // What cannot be written down for the other side is not made.
                told(&ipse, &caller, &made, Some(secrets), options.output.as_deref()).await?;
                tx.commit().await?;
                integrations::test(&ipse, &caller, &made).await?;
                println!("\nA test event goes there as soon as the server runs; the console shows whether it arrives.");
            }
            Ok(finished(options.apply))
        }
    }
}

fn with_age(instance: Instance, days: Option<u32>) -> Instance {
    Instance { min_contact_age_days: days.unwrap_or(instance.min_contact_age_days), ..instance }
}

/// Brings a known integration up to what is said now, and tells its values again, without its secrets.
async fn changed(ipse: &Ipse, caller: &Caller, known: Integration, options: &Options) -> Result<ExitCode, NotStarted> {
    let System::ServiceNow(instance) = known.system.clone() else {
        return Err(NotStarted("what is connected at this address is no ServiceNow instance".into()));
    };
    let system = System::ServiceNow(with_age(instance, options.min_contact_age));
    let mut known = known;
    let same = known.name == options.name && known.journey == options.journey && known.system == system;
    if !same {
        println!(
            "change  name {:?}, journey {:?}, contacts unchanged for {} days",
            options.name,
            options.journey,
            system.min_contact_age_days()
        );
        if options.apply {
            let wanted = Wanted { name: options.name.clone(), journey: options.journey.clone(), system };
            known = integrations::update(ipse, caller, &known.id, wanted).await?;
        }
    }
    told(ipse, caller, &known, None, options.output.as_deref()).await?;
    if same {
        println!("\nThere is nothing to change.");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(finished(options.apply))
}

fn finished(applied: bool) -> ExitCode {
    if applied {
        println!("\nDone.");
    } else {
        println!("\nNothing was changed. The same command with --apply does it.");
    }
    ExitCode::SUCCESS
}

async fn caller(ipse: &Ipse, wanted: Option<&str>) -> Result<Caller, NotStarted> {
    let all = ipse.store.organizations().await?;
    let found = match wanted {
        Some(id) => all.into_iter().find(|one| one.id.as_str() == id).ok_or(NotStarted(format!("there is no {id}")))?,
        None => all.into_iter().next().ok_or(NotStarted("no organization yet: run `ipse admin link`".into()))?,
    };
    Ok(Caller { organization: found.id, actor: Actor::System, name: "ipse connect servicenow".to_owned() })
}

/// Says or writes what to paste into the application's configuration page.
async fn told(
    ipse: &Ipse,
    caller: &Caller,
    of: &Integration,
    secrets: Option<Secrets>,
    output: Option<&Path>,
) -> Result<(), NotStarted> {
    let mut lines: Vec<(String, String)> =
        values(ipse, caller, of).await?.into_iter().map(|one| (one.label, one.value)).collect();
    if let Some(secrets) = secrets {
        lines.push(("API Key".to_owned(), secrets.api_key));
        lines.extend(secrets.webhook.map(|secret| ("Webhook Secret".to_owned(), secret)));
    }
    let Some(path) = output else {
        println!("\nIn ServiceNow, Ipse Identity Verification, Configuration:");
        for (label, value) in &lines {
            println!("  {label:<44} {value}");
        }
        return Ok(());
    };
    let all: serde_json::Map<String, Value> = lines.into_iter().map(|(label, value)| (label, json!(value))).collect();
    let text = serde_json::to_string_pretty(&all).map_err(|error| NotStarted(error.to_string()))?;
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    let written = file.open(path).and_then(|mut file| writeln!(file, "{text}"));
    written.map_err(|error| NotStarted(format!("{} cannot be written: {error}", path.display())))?;
    println!("\nThe values are in {}.", path.display());
    Ok(())
}
