//! `ipse doctor okta`: whether Okta is set up as Ipse serves it, and what each denial in its system log means.

use super::{Access, Session, Stopped, client, id_of, served, text};
use crate::cli::doctor::Findings;
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{NotStarted, open_store};
use clap::Args;
use ipse_connectors::okta::log::{Decision, Whose, meaning};
use ipse_connectors::okta::{Failed, idp, policy};
use ipse_oidc::Client;
use jiff::SignedDuration;
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::ExitCode;

/// How many verifications are named for each reason.
const NAMED: usize = 3;
/// The claims that Ipse proves from a document.
const PROVEN: [&str; 4] = ["given_name", "family_name", "middle_name", "birthdate"];

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    access: Access,
    /// The client as which Okta comes to Ipse.
    #[arg(long, value_name = "ID")]
    client: String,
    /// How many hours of the system log are read.
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=2160))]
    hours: u16,
}

pub(crate) async fn run(config: &Config, options: Options) -> Result<ExitCode, NotStarted> {
    let session = options.access.session()?;
    let store = open_store(config).await?;
    let client = client(&store, &options.client).await?;
    let mut findings = Findings::default();
    let now = Clock::default().now();
    ours(&mut findings, &client, &session.api.org.callback(), now);
    let all = session.idps().await?;
    let known: Vec<&Value> = all.iter().filter(|known| idp::client_id(known) == Some(client.id.as_str())).collect();
    if known.is_empty() {
        let mend = "none of type Custom IDV comes as this client; run `ipse connect okta`";
        findings.say("identity provider", Err(mend.to_owned()));
    }
    for known in known {
        provider(&mut findings, &session, known, &client, &config.server.base_url).await?;
    }
    let since = now.checked_sub(SignedDuration::from_hours(options.hours.into())).unwrap_or(now);
    let decisions = session.decisions(&since.to_string()).await?;
    explain(&mut findings, &decisions, options.hours, &config.server.base_url);
    Ok(findings.code())
}

/// What is to be said of our own client.
fn ours(findings: &mut Findings, client: &Client, callback: &str, now: jiff::Timestamp) {
    let registered = client.redirect_uris.iter().any(|uri| uri == callback);
    let mend = || format!("{callback} is not among the client's; people who are sent from there are refused");
    findings.say("redirect URIs", registered.then(|| callback.to_owned()).ok_or_else(mend));
    let lives = client.secrets.iter().any(|secret| secret.expires_at.is_none_or(|end| end > now));
    let mend = "the client has none that works; run `ipse connect okta --new-secret --apply`";
    findings.say("client secret", lives.then(|| "there is one that works".to_owned()).ok_or_else(|| mend.to_owned()));
}

/// Whether an identity provider is set up as Ipse serves it, and whether anything leads to it.
async fn provider(
    findings: &mut Findings,
    session: &Session,
    known: &Value,
    client: &Client,
    base_url: &str,
) -> Result<(), NotStarted> {
    let (name, id) = (text(known, "name"), id_of(known).unwrap_or_default());
    let what = format!("identity provider {name:?}");
    let active = policy::is_active(known);
    findings
        .say(&what, active.then(|| "active".to_owned()).ok_or_else(|| "is not active; activate it in Okta".to_owned()));
    let mistakes = idp::mistakes(known, &served(base_url, client));
    if mistakes.is_empty() {
        findings.say(&what, Ok("issuer, addresses and client id are what Ipse serves".to_owned()));
    }
    for mistake in mistakes {
        findings.say(&what, Err(format!("{mistake}; run `ipse connect okta --apply`")));
    }
    for scope in ["openid", "profile", "identity_assurance"] {
        if !idp::scopes(known).contains(&scope) {
            findings.say(&what, Err(format!("does not ask for the scope {scope}")));
        }
    }
    for scope in idp::scopes(known) {
        let granted =
            scope == "openid" || client.scopes.iter().any(|own| own == scope) || client.journeys.contains_key(scope);
        if !granted {
            findings.say(&what, Err(format!("asks for the scope {scope}, which the client does not have")));
        }
    }
    mapping(findings, session, &what, id).await?;
    rules(findings, session, name, id).await
}

/// Whether what Okta sends of people can be proven.
async fn mapping(findings: &mut Findings, session: &Session, what: &str, id: &str) -> Result<(), NotStarted> {
    let read = async {
        let Some(mapping) = session.list("/api/v1/mappings", &[("targetId", id)]).await?.into_iter().next() else {
            return Ok(None);
        };
        let Some(mapping) = id_of(&mapping) else { return Ok(None) };
        session.get(&format!("/api/v1/mappings/{mapping}")).await
    };
    let mapping = match read.await {
        Ok(Some(mapping)) => mapping,
        Ok(None) => {
            println!("note  {what}: Okta shows no attribute mapping");
            return Ok(());
        }
        Err(Stopped::Failed(Failed::Forbidden(_))) => {
            println!("note  {what}: the token may not read attribute mappings");
            return Ok(());
        }
        Err(stopped) => return Err(stopped.into()),
    };
    let mut mapped = idp::mapped(&mapping);
    mapped.sort_unstable();
    for name in ["given_name", "family_name"].into_iter().filter(|name| !mapped.contains(name)) {
        findings.say(what, Err(format!("{name} is not mapped; Okta cannot ask without it")));
    }
    let unproven: Vec<&str> = mapped.iter().filter(|name| !PROVEN.contains(name)).copied().collect();
    for name in &unproven {
        let mend = "no document proves it, so everybody fails who has a value there; take it out of the mapping";
        findings.say(what, Err(format!("{name} is mapped, but {mend}")));
    }
    if unproven.is_empty() {
        findings.say(what, Ok(format!("what is mapped can be proven: {}", mapped.join(", "))));
    }
    Ok(())
}

/// Whether a rule sends people to an identity provider, and whether recovery comes to that rule.
async fn rules(findings: &mut Findings, session: &Session, name: &str, id: &str) -> Result<(), NotStarted> {
    let rules = session.list(&policy::rules_of(&session.account_policy().await?), &[]).await?;
    let leading: Vec<&Value> = rules.iter().filter(|rule| policy::verifier(rule) == Some(id)).collect();
    let active: Vec<&str> =
        leading.iter().filter(|rule| policy::is_active(rule)).map(|rule| text(rule, "name")).collect();
    let mend = || format!("no active rule leads to {name:?}, so nobody is verified; run `ipse connect okta --group …`");
    findings.say("account management policy", if active.is_empty() { Err(mend()) } else { Ok(active.join(", ")) });
    let condition =
        |rule: &Value| rule.pointer("/conditions/elCondition/condition").and_then(Value::as_str).map(str::to_owned);
    let is_about_recovery = |it: String| it.contains("'recover'") || it.contains("'unlockAccount'");
    let recovers = leading.iter().any(|rule| condition(rule).is_none_or(is_about_recovery));
    if !recovers {
        return Ok(());
    }
    let mut handed_over = Vec::new();
    for known in session.list(policy::COLLECTION, &[("type", policy::PASSWORD)]).await? {
        let Some(id) = id_of(&known) else { continue };
        let rules = session.list(&policy::rules_of(id), &[]).await?;
        if rules.iter().any(|rule| policy::is_active(rule) && policy::is_handed_over(rule)) {
            handed_over.push(text(&known, "name").to_owned());
        }
    }
    let mend = "none leaves recovery to the account management policy; run `ipse connect okta --password-policy …`";
    let found = if handed_over.is_empty() { Err(mend.to_owned()) } else { Ok(handed_over.join(", ")) };
    findings.say("password policies", found);
    Ok(())
}

/// Says what was decided, and what each denial means.
fn explain(findings: &mut Findings, decisions: &[Decision], hours: u16, base_url: &str) {
    let allowed = decisions.iter().filter(|decision| decision.allowed).count();
    let mut denied: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions.iter().filter(|decision| !decision.allowed) {
        denied.entry(&decision.reason).or_default().push(decision);
    }
    let of = denied.values().map(Vec::len).sum::<usize>();
    println!("note  system log: {allowed} let in and {of} denied in {hours} hours");
    for (reason, decisions) in denied {
        let reason = if reason.is_empty() { "no reason" } else { reason };
        let meaning = meaning(reason);
        let often = if decisions.len() == 1 { "once".to_owned() } else { format!("{} times", decisions.len()) };
        let what = format!("DENY {reason}, {often}");
        let said = format!("{} {}", meaning.what, meaning.mend);
        match meaning.whose {
            Whose::Person => println!("note  {what}: {said}"),
            Whose::Administrator => findings.say(&what, Err(said)),
        }
        for decision in decisions.into_iter().take(NAMED) {
            let at = match &decision.reference {
                Some(id) if is_verification(id) => format!("{base_url}/console/verifications/{id}"),
                _ => "no verification".to_owned(),
            };
            println!("        {} {}: {at}", decision.at, decision.user);
        }
    }
}

/// Whether a reference is one of ours, and can stand in an address.
fn is_verification(id: &str) -> bool {
    id.parse::<ipse_core::id::VerificationId>().is_ok()
}
