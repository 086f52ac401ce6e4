//! The command line.

mod admin;
mod doctor;
mod entra;
mod evaluate;
mod examine;
mod integrations;
mod keys;
mod models;
mod okta;
mod profile;
mod sandbox;
mod serve;
mod tour;

use crate::config::Config;
use crate::server::NotStarted;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Proves at the moment of risk that a person is who they say they are.
#[derive(Parser)]
#[command(name = "ipse", version, about)]
struct Arguments {
    /// A settings file; what it leaves out keeps the defaults of ipse.default.toml.
    #[arg(long, global = true, env = "IPSE_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server.
    Serve {
        /// Threads for examining pictures; 0 means one for each core.
        #[arg(long)]
        workers: Option<usize>,
    },
    /// Run the whole product with every partner simulated, on a fresh folder.
    Sandbox(sandbox::Options),
    /// Check a deployment and say how to mend it.
    Doctor {
        #[command(subcommand)]
        of: Option<Doctor>,
    },
    /// Set Ipse up in another system.
    #[command(subcommand)]
    Connect(Connect),
    /// Bring the database up to date.
    Migrate,
    /// Administer without the console.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Make, rotate and list key-encryption keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Make credentials in wallets good no more; without `--apply` it is only said what would be done.
    Revoke(entra::Revoke),
    /// Install, list and verify face models.
    #[command(subcommand)]
    Models(models::Command),
    /// Examine pictures on disk.
    Examine(examine::Options),
    /// Measure how often the engines are wrong.
    #[command(subcommand)]
    Evaluate(evaluate::Command),
    /// Print the API's description.
    #[command(hide = true)]
    Openapi,
}

#[derive(Subcommand)]
enum Connect {
    /// Make or change the identity provider and the rule in Okta; without `--apply` it is only said what would be done.
    Okta(Box<okta::connect::Options>),
    /// Make what a ServiceNow instance needs from here, and say what to paste there; without `--apply` it is only said
    /// what would be done.
    Servicenow(integrations::ServiceNow),
    /// Make what a Salesforce org needs from here, and say what to paste there; without `--apply` it is only said what
    /// would be done.
    Salesforce(Box<integrations::Salesforce>),
    /// Offer people a Microsoft Entra Verified ID after a journey; without `--apply` it is only said what would be done.
    Entra(Box<entra::Connect>),
}

#[derive(Subcommand)]
enum Doctor {
    /// Check how Okta is set up, and explain whom it has denied.
    Okta(okta::doctor::Options),
    /// Check the Entra tenants that issue credentials.
    Entra,
}

/// Runs the command; one line on failure.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&NotStarted(format!("no threads: {error}"))),
    };
    match runtime.block_on(execute(arguments)) {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

fn failed(error: &NotStarted) -> ExitCode {
    eprintln!("ipse: {error}");
    ExitCode::FAILURE
}

async fn execute(arguments: Arguments) -> Result<ExitCode, NotStarted> {
    let config = Config::load(arguments.config.as_deref())?;
    match arguments.command {
        Command::Serve { workers } => serve::run(config, workers).await,
        Command::Sandbox(options) => sandbox::run(config, options).await,
        Command::Doctor { of: None } => doctor::run(&config).await,
        Command::Doctor { of: Some(Doctor::Okta(options)) } => okta::doctor::run(&config, options).await,
        Command::Doctor { of: Some(Doctor::Entra) } => entra::doctor(config).await,
        Command::Revoke(options) => entra::revoke(config, options).await,
        Command::Connect(Connect::Entra(options)) => entra::connect(config, *options).await,
        Command::Connect(Connect::Okta(options)) => okta::connect::run(config, *options).await,
        Command::Connect(Connect::Servicenow(options)) => integrations::servicenow(config, options).await,
        Command::Connect(Connect::Salesforce(options)) => integrations::salesforce(config, *options).await,
        Command::Migrate => {
            let applied = crate::server::open_store(&config).await?.migrate().await?;
            println!("{applied} migrations applied");
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin(command) => admin::run(config, command).await,
        Command::Keys(command) => keys::run(&config, command).await,
        Command::Models(command) => models::run(&config, command).await,
        Command::Examine(options) => examine::run(&config, &options),
        Command::Evaluate(command) => evaluate::run(&config, &command),
        Command::Openapi => {
            print!("{}", crate::api::openapi_json());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let logger = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second logger in the same process, as in tests, changes nothing.
    let _ = if config.log.format == "json" { logger.json().try_init() } else { logger.try_init() };
}

/// Waits for Ctrl-C or the service manager's word.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
