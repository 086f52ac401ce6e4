//! `ipse keys …`: the keyring. Stop the server, or restart it after, so that it learns of a new key.

use crate::config::Config;
use crate::server::{NotStarted, open_store};
use clap::Subcommand;
use ipse_store::seal::Keyring;
use std::process::ExitCode;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make a keyring with one key. Never overwrites.
    Init,
    /// Add a key, make it the active one, and wrap everything under it. Safe to run again after an interruption.
    Rotate {
        /// The new key's name; the next free `k…` if left out.
        #[arg(long)]
        name: Option<String>,
        /// Remove the older keys once nothing needs them.
        #[arg(long)]
        remove_old: bool,
    },
    /// List the keys; never their values.
    List,
}

pub(super) async fn run(config: &Config, command: Command) -> Result<ExitCode, NotStarted> {
    let path = config.keyring();
    match command {
        Command::Init => {
            if path.exists() {
                return Err(NotStarted(format!("{} exists already; it was not touched", path.display())));
            }
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)
                    .map_err(|error| NotStarted(format!("{} cannot be made: {error}", folder.display())))?;
            }
            Keyring::generate("k1")?.save(&path)?;
            println!("{} made. Keep a copy somewhere else: without it nothing can be read.", path.display());
        }
        Command::Rotate { name, remove_old } => rotate(config, name, remove_old).await?,
        Command::List => {
            let keyring = Keyring::load(&path)?;
            for name in keyring.names() {
                println!("{name}{}", if name == keyring.active() { " (active)" } else { "" });
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn rotate(config: &Config, name: Option<String>, remove_old: bool) -> Result<(), NotStarted> {
    let path = config.keyring();
    let mut keyring = Keyring::load(&path)?;
    let free =
        || (1_u32..10_000).map(|number| format!("k{number}")).find(|name| !keyring.names().any(|known| known == name));
    let name = name.or_else(free).unwrap_or_else(|| "k".to_owned());
    keyring.add(&name)?;
    // The new key is on disk before anything is wrapped under it.
    keyring.save(&path)?;
    let store = open_store(config).await?;
    let mut done = 0;
    loop {
        let step = store.rewrap(500).await?;
        if step == 0 {
            break;
        }
        done += step;
    }
    println!("{done} data keys wrapped under {name}");
    if remove_old {
        let old: Vec<String> = keyring.names().filter(|known| *known != name).map(str::to_owned).collect();
        for old in old {
            keyring.remove(&old)?;
            println!("{old} removed");
        }
        keyring.save(&path)?;
    }
    Ok(())
}
