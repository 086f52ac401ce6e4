//! `ipse connect servicenow` and `ipse connect salesforce`: make what the other system needs from here, and say what both
//! sides need.

use crate::app::Caller;
use crate::app::integrations::{self, Integration, Secrets, System, Wanted};
use crate::clock::Clock;
use crate::config::Config;
use crate::console::integrations::values;
use crate::jobs::WaysOut;
use crate::server::{NotStarted, prepare};
use crate::state::Shared;
use clap::Args;
use ipse_connectors::salesforce::{Login, Org};
use ipse_connectors::servicenow::Instance;
use ipse_core::event::Actor;
use serde_json::{Value, json};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Days an address or number must be unchanged before a link goes there, unless said otherwise (HD-4).
const MIN_CONTACT_AGE: u32 = 14;

/// What is said of every integration.
#[derive(Args, Clone)]
pub(super) struct Common {
    /// What to call it here; the system's name if left out.
    #[arg(long)]
    name: Option<String>,
    /// The key of the journey that its people take; for a new integration `help-desk`, or `kyc-selfie` where there is none.
    #[arg(long, value_name = "KEY")]
    journey: Option<String>,
    /// Days an address or number must be unchanged before a link goes there; 14 for a new integration.
    #[arg(long, value_name = "DAYS")]
    min_contact_age: Option<u32>,
    /// Whose integration it is; the first organization's if left out.
    #[arg(long, value_name = "ID")]
    organization: Option<String>,
    /// Replace the secrets of an integration that there is.
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
    pub(super) apply: bool,
    /// Allow plain http to this machine, such as to a system of the sandbox.
    #[arg(long)]
    pub(super) loopback: bool,
}

#[derive(Args)]
pub(super) struct ServiceNow {
    /// The address of the instance, such as `https://example.service-now.com`.
    #[arg(long, value_name = "URL")]
    instance: String,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub(super) struct Salesforce {
    /// The org's My Domain address, such as `https://example.my.salesforce.com`.
    #[arg(long, value_name = "URL")]
    org: String,
    /// The org's id, 18 characters; needed to connect it.
    #[arg(long, value_name = "ID")]
    org_id: Option<String>,
    /// The consumer key of the external client app. It exists once the app is deployed with this server's certificate.
    #[arg(long, value_name = "KEY")]
    consumer_key: Option<String>,
    /// The integration user as whom the server comes, by a signed assertion.
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// Where the org signs people in: `https://test.salesforce.com` for a sandbox.
    #[arg(long, value_name = "URL", default_value = "https://login.salesforce.com")]
    login_host: String,
    /// A file with the secret of the external client app, to come by its client credentials instead.
    #[arg(long, value_name = "FILE", conflicts_with = "username")]
    client_secret_file: Option<PathBuf>,
    /// Write the public key as a key set (RFC 7517) into a file, for the package's `tools/key.mjs`.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Publish a test result of nobody and read back what the org made of it; nothing is changed here.
    #[arg(long)]
    test: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) async fn servicenow(config: Config, options: ServiceNow) -> Result<ExitCode, NotStarted> {
    let ServiceNow { instance, common } = options;
    let instance = Instance::at(&instance, common.loopback).map_err(|error| NotStarted(error.to_string()))?;
    let connection = Connection::open(config, common).await?.at(&instance.address).await?;
    let system = match &connection.known {
        Some(known) => known.system.clone(),
        None => System::ServiceNow(instance),
    };
    let System::ServiceNow(instance) = system else {
        return Err(NotStarted("what is connected at this address is no ServiceNow instance".into()));
    };
    let min_contact_age_days = connection.common.min_contact_age.unwrap_or(instance.min_contact_age_days);
    connection.settle(System::ServiceNow(Instance { min_contact_age_days, ..instance })).await?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn salesforce(config: Config, options: Salesforce) -> Result<ExitCode, NotStarted> {
    let Salesforce { org, org_id, consumer_key, username, login_host, client_secret_file, keys, test, common } =
        options;
    let address = org.trim().trim_end_matches('/').to_ascii_lowercase();
    let connection = Connection::open(config, common).await?.at(&address).await?;
    let known = match connection.known.as_ref().map(|known| &known.system) {
        Some(System::Salesforce(org)) => Some(org),
        Some(_) => return Err(NotStarted("what is connected at this address is no Salesforce org".into())),
        None => None,
    };
    let by_user = |username: String| Login::JwtBearer { username, audience: login_host.clone() };
    let login = match (username, &client_secret_file, known) {
        (Some(username), ..) => by_user(username),
        (None, Some(_), _) => Login::ClientCredentials,
        (None, None, Some(known)) => known.login.clone(),
        (None, None, None) => by_user(String::new()),
    };
    let or_known = |given: Option<String>, of: fn(&Org) -> &String| {
        given.or_else(|| known.map(|known| of(known).clone())).unwrap_or_default()
    };
    let age = connection.common.min_contact_age.or(known.map(|known| known.min_contact_age_days));
    let wanted = Org {
        address,
        id: or_known(org_id, |org| &org.id),
        consumer_key: or_known(consumer_key, |org| &org.consumer_key),
        login,
        min_contact_age_days: age.unwrap_or(MIN_CONTACT_AGE),
    };
    let Some((connection, integration)) = connection.settle(System::Salesforce(wanted)).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    let (ipse, caller) = (&connection.ipse, &connection.caller);
    if let Some(file) = client_secret_file.filter(|_| connection.common.apply) {
        let secret = std::fs::read_to_string(&file)
            .map_err(|error| NotStarted(format!("{} cannot be read: {error}", file.display())))?;
        integrations::set_consumer_secret(ipse, caller, &integration.id, secret.trim()).await?;
    }
    if let Some(file) = keys {
        let secrets = integrations::org_secrets(ipse, caller, &integration.id).await?;
        let set = json!({ "keys": [secrets.signer()?.jwk()] });
        write(&place(&file)?, &set)?;
    }
    if test {
        let ways_out = WaysOut::new(&ipse.config).map_err(|error| NotStarted(error.to_string()))?;
        let said = ways_out.try_org(ipse, &caller.organization, &integration).await?;
        println!("\n{said}");
    }
    Ok(ExitCode::SUCCESS)
}

/// What there is, and what is to be done with it.
pub(super) struct Connection {
    pub(super) ipse: Shared,
    pub(super) caller: Caller,
    pub(super) common: Common,
    pub(super) known: Option<Integration>,
    /// Where the values are written, if they are.
    output: Option<File>,
}

impl Connection {
    pub(super) async fn open(config: Config, common: Common) -> Result<Self, NotStarted> {
        // Secrets that could not be written down would be lost, so there is a place for them first.
        let output = common.output.as_deref().filter(|_| common.apply).map(place).transpose()?;
        let ipse = prepare(config, Clock::default()).await?;
        let all = ipse.store.organizations().await?;
        let found = match &common.organization {
            Some(id) => {
                all.into_iter().find(|one| one.id.as_str() == id).ok_or(NotStarted(format!("there is no {id}")))?
            }
            None => all.into_iter().next().ok_or(NotStarted("no organization yet: run `ipse admin link`".into()))?,
        };
        let caller = Caller { organization: found.id, actor: Actor::System, name: "ipse connect".to_owned() };
        Ok(Self { ipse, caller, common, known: None, output })
    }

    /// What there is at an address.
    pub(super) async fn at(mut self, address: &str) -> Result<Self, NotStarted> {
        let all = integrations::list(&self.ipse, &self.caller).await?;
        self.known = all.into_iter().find(|known| known.system.address() == address);
        println!("{address}");
        Ok(self)
    }

    /// Does what is wanted, or says it. Returns the integration if there is one then.
    pub(super) async fn settle(self, system: System) -> Result<Option<(Self, Integration)>, NotStarted> {
        let (ipse, caller, common) = (&self.ipse, &self.caller, &self.common);
        let settled = match (&self.known, common.remove, common.new_secrets) {
            (None, true, _) | (None, _, true) => {
                return Err(NotStarted("this is not connected: leave the option out to connect it".into()));
            }
            (Some(known), true, _) => {
                println!(
                    "remove  {} ({}): nothing is sent there, and nothing asked from there, any more",
                    known.name, known.id
                );
                if common.apply {
                    integrations::delete(ipse, caller, &known.id).await?;
                }
                self.finished();
                return Ok(None);
            }
            (Some(known), _, true) => {
                println!("replace the API key, which ends at once");
                if known.endpoint.is_some() {
                    println!("replace the signing secret; the one before signs for a day more");
                }
                if common.apply {
                    let (changed, secrets) = integrations::renew(ipse, caller, &known.id).await?;
                    self.told(&changed, Some(secrets)).await?;
                    self.finished();
                    Some(changed)
                } else {
                    self.finished();
                    Some(known.clone())
                }
            }
            (Some(known), ..) => Some(self.changed(known, system).await?),
            (None, ..) => self.made(system).await?,
        };
        Ok(settled.map(|integration| (self, integration)))
    }

    /// The journey of a new integration, which has to be there.
    pub(super) async fn journey_of_new(&self) -> Result<String, NotStarted> {
        let mut tx = self.ipse.store.read(&self.caller.organization).await?;
        let wanted = self.common.journey.as_ref().map(|journey| vec![journey.as_str()]);
        for key in wanted.unwrap_or_else(|| vec!["help-desk", "kyc-selfie"]) {
            if tx.current_journey(key).await?.is_some() {
                return Ok(key.to_owned());
            }
        }
        Err(NotStarted("there is no such journey: name one with --journey".into()))
    }

    async fn made(&self, system: System) -> Result<Option<Integration>, NotStarted> {
        let (ipse, caller, common) = (&self.ipse, &self.caller, &self.common);
        if !matches!(system, System::Entra(_)) {
            println!("make    an API key for it, which may ask for verifications and nothing else");
        }
        match &system {
            System::ServiceNow(instance) => {
                println!("make    a webhook at {}, told only of what it asked for", instance.webhook());
            }
            System::Salesforce(_) => println!("make    a key pair, by which the org knows results and the server"),
            System::Entra(_) => println!("offer   people a credential after this journey"),
        }
        if !common.apply {
            self.finished();
            return Ok(None);
        }
        let name = common.name.clone().unwrap_or_else(|| system.kind().to_owned());
        let journey = self.journey_of_new().await?;
        let wanted = Wanted { name, journey, system };
        let mut tx = ipse.store.begin(&caller.organization).await?;
        let (made, secrets) = integrations::create(ipse, &mut tx, caller, wanted).await?;
        tx.commit().await?;
        self.told(&made, Some(secrets)).await?;
        if made.endpoint.is_some() {
            integrations::test(ipse, caller, &made).await?;
            println!("\nA test event goes there as soon as the server runs; the console shows whether it arrives.");
        }
        self.finished();
        Ok(Some(made))
    }

    /// Brings a known integration up to what is said now, and tells its values again, without its secrets.
    async fn changed(&self, known: &Integration, system: System) -> Result<Integration, NotStarted> {
        let common = &self.common;
        let name = common.name.clone().unwrap_or_else(|| known.name.clone());
        let journey = common.journey.clone().unwrap_or_else(|| known.journey.clone());
        let same = known.name == name && known.journey == journey && known.system == system;
        let mut settled = known.clone();
        if !same {
            println!("change  what is said of {} ({})", known.name, known.id);
            if common.apply {
                let wanted = Wanted { name, journey, system };
                settled = integrations::update(&self.ipse, &self.caller, &known.id, wanted).await?;
            }
        }
        self.told(&settled, None).await?;
        if same {
            println!("\nThere is nothing to change.");
        } else {
            self.finished();
        }
        Ok(settled)
    }

    fn finished(&self) {
        if self.common.apply {
            println!("\nDone.");
        } else {
            println!("\nNothing was changed. The same command with --apply does it.");
        }
    }

    /// Says or writes what to paste there.
    async fn told(&self, of: &Integration, secrets: Option<Secrets>) -> Result<(), NotStarted> {
        let values = values(&self.ipse, &self.caller, of, secrets).await?;
        match &self.output {
            None if values.is_empty() => {}
            None => {
                println!("\nTo paste into {}:", of.system.kind());
                for one in values {
                    if one.value.contains('\n') {
                        println!("  {}\n{}", one.label, one.value);
                    } else {
                        println!("  {:<44} {}", one.label, one.value);
                    }
                }
            }
            Some(file) => {
                let all: serde_json::Map<String, Value> =
                    values.into_iter().map(|one| (one.label, json!(one.value))).collect();
                write(file, &Value::Object(all))?;
            }
        }
        Ok(())
    }
}

/// Makes a file that only its owner can read, and never over another.
fn place(path: &Path) -> Result<File, NotStarted> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| NotStarted(format!("{} cannot be written: {error}", path.display())))
}

fn write(mut file: &File, value: &Value) -> Result<(), NotStarted> {
    let text = serde_json::to_string_pretty(value).map_err(|error| NotStarted(error.to_string()))?;
    writeln!(file, "{text}").map_err(|error| NotStarted(format!("the file cannot be written: {error}")))?;
    println!("\nThe values are in the file.");
    Ok(())
}
