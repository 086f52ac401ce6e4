//! `ipse connect okta`: makes or changes the identity provider and the rule in Okta, and takes it all back again.

use super::kept::{Kept, Object};
use super::step::{Step, lacks_secret, print_differences, send};
use super::{Access, Session, client, id_of, served, text};
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{NotStarted, prepare};
use crate::state::Ipse;
use clap::Args;
use clap::builder::PossibleValuesParser;
use http::Method;
use ipse_connectors::okta::policy::When;
use ipse_connectors::okta::{CALLBACK, idp, patch, policy};
use ipse_oidc::Client;
use serde_json::Value;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    access: Access,
    /// The client as which Okta comes to Ipse.
    #[arg(long, required_unless_present = "undo", value_name = "ID")]
    client: Option<String>,
    /// What the identity provider is called in Okta; people are shown it.
    #[arg(long, default_value = "Ipse")]
    name: String,
    /// The address of the terms that people are shown; needed to make the identity provider.
    #[arg(long, value_name = "URL")]
    terms: Option<String>,
    /// The address of the privacy policy that people are shown; needed to make the identity provider.
    #[arg(long, value_name = "URL")]
    privacy: Option<String>,
    /// The scope of one of the client's journeys, such as `idv_flow_staff`.
    #[arg(long, value_name = "SCOPE")]
    flow: Option<String>,
    /// Whose identity is verified: a group of Okta's, by its name. Without one there will be no rule.
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    /// Before what people are verified.
    #[arg(long, default_value = "password-recovery", value_parser = PossibleValuesParser::new(When::ALL.map(When::as_str)))]
    when: String,
    /// A password policy, by its name, whose rules leave recovery to the account management policy.
    #[arg(long, value_name = "NAME", requires = "group")]
    password_policy: Vec<String>,
    /// Give Okta a new client secret.
    #[arg(long, conflicts_with = "undo")]
    new_secret: bool,
    /// Do it. Without this it is only said what would be done.
    #[arg(long)]
    apply: bool,
    /// Take back all that this command has done in this organization.
    #[arg(long)]
    undo: bool,
    /// Where to keep what there was before; a file in the data folder if left out.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

/// What stands for the id of an identity provider that is not made yet.
const UNMADE: &str = "the id that Okta gives the identity provider";

pub(crate) async fn run(config: Config, options: Options) -> Result<ExitCode, NotStarted> {
    let session = options.access.session()?;
    let ipse = prepare(config, Clock::default()).await?;
    let place = options.state.clone().unwrap_or_else(|| Kept::place(&ipse.config.storage.data_dir, &session.api.org));
    if options.undo {
        let Some(kept) = Kept::load(&place, &session.api.org)? else {
            println!("Nothing to take back: {} does not exist.", place.display());
            return Ok(ExitCode::SUCCESS);
        };
        return undo(&ipse, &session, kept, options.apply).await;
    }
    let client = client(&ipse.store, options.client.as_deref().unwrap_or_default()).await?;
    println!("{}, for the client {} ({})\n", session.api.org.as_str(), client.name, client.id);
    let plan = Plan::new(&ipse, &session, &client, &options).await?;
    let first = plan.idp();
    first.print();
    let id = first.current.as_ref().and_then(id_of).unwrap_or(UNMADE).to_owned();
    let further = plan.further(&id);
    for step in &further {
        step.print();
    }
    for note in plan.notes(&session.api.org.callback()) {
        println!("note    {note}");
    }
    if !first.changes() && !further.iter().any(Step::changes) {
        println!("\nThere is nothing to change.");
        return Ok(ExitCode::SUCCESS);
    }
    if !options.apply {
        println!("\nNothing was changed. The same command with --apply does it.");
        return Ok(ExitCode::SUCCESS);
    }
    println!();
    let mut kept = Kept::load_or_blank(&place, &session.api.org)?;
    let done = async {
        let id = first.apply(&ipse, &session, &mut kept).await?;
        for step in plan.further(&id) {
            step.apply(&ipse, &session, &mut kept).await?;
        }
        Ok::<_, NotStarted>(())
    };
    if let Err(error) = done.await {
        return Err(NotStarted(format!(
            "stopped at {error}. What is done is listed above and kept in {}: the same command goes on from there, \
             --undo --apply takes it back",
            kept.path()
        )));
    }
    println!("\nConnected. --undo takes it back, by {}.", kept.path());
    Ok(ExitCode::SUCCESS)
}

/// What is wanted, and what there is.
struct Plan<'a> {
    options: &'a Options,
    client: &'a Client,
    served: idp::Served,
    scopes: Vec<String>,
    when: When,
    idp: Option<Value>,
    /// The collection of the account management policy's rules, what the rule is called, and whom it is for.
    rule: Option<(String, String, Vec<String>)>,
    known_rule: Option<Value>,
    /// Rules of the password policies that are named: what each is, where it is, and itself.
    handing_over: Vec<(String, String, Value)>,
    /// Password policies that decide about recovery themselves.
    keeping: Vec<String>,
}

impl<'a> Plan<'a> {
    async fn new(ipse: &Ipse, session: &Session, client: &'a Client, options: &'a Options) -> Result<Self, NotStarted> {
        if !client.redirect_uris.iter().any(|uri| uri.ends_with(CALLBACK)) {
            return Err(NotStarted(format!(
                "Okta's callback is not among the client's redirect URIs: register {} first, and the same path at every \
                 custom domain",
                session.api.org.callback()
            )));
        }
        if let Some(flow) = options.flow.as_ref().filter(|flow| !client.journeys.contains_key(*flow)) {
            return Err(NotStarted(format!("the client knows no journey by the scope {flow}")));
        }
        for scope in ["profile", "identity_assurance"] {
            if !client.scopes.iter().any(|known| known == scope) {
                return Err(NotStarted(format!(
                    "the client may not ask for the scope {scope}, which Okta always does"
                )));
            }
        }
        let mut scopes = vec!["openid".to_owned()];
        scopes.extend(client.scopes.iter().cloned());
        scopes.extend(options.flow.clone());
        let when = When::ALL.into_iter().find(|when| when.as_str() == options.when).unwrap_or(When::PasswordRecovery);
        let found = session.idps().await?.into_iter().find(|known| text(known, "name") == options.name);
        in_force(found.as_ref(), &format!("identity provider {:?}", options.name))?;
        if found.is_none() && (options.terms.is_none() || options.privacy.is_none()) {
            return Err(NotStarted("Okta asks for --terms and --privacy: the addresses that people are shown".into()));
        }
        let mut plan = Self {
            options,
            client,
            served: served(&ipse.config.server.base_url, client),
            scopes,
            when,
            idp: found,
            rule: None,
            known_rule: None,
            handing_over: Vec::new(),
            keeping: Vec::new(),
        };
        if !options.group.is_empty() {
            plan.look_for_rules(session).await?;
        }
        Ok(plan)
    }

    async fn look_for_rules(&mut self, session: &Session) -> Result<(), NotStarted> {
        let mut groups = Vec::new();
        for name in &self.options.group {
            let found = session.list("/api/v1/groups", &[("q", name)]).await?;
            let is_it = |group: &&Value| group.pointer("/profile/name").and_then(Value::as_str) == Some(name);
            let id = found.iter().find(is_it).and_then(id_of);
            groups.push(id.ok_or_else(|| NotStarted(format!("Okta has no group {name}")))?.to_owned());
        }
        let rules = policy::rules_of(&session.account_policy().await?);
        let name = format!("{}: {}", self.options.name, self.when.words());
        self.known_rule = session.list(&rules, &[]).await?.into_iter().find(|rule| text(rule, "name") == name);
        in_force(self.known_rule.as_ref(), &format!("rule {name:?}"))?;
        self.rule = Some((rules, name, groups));
        if !self.when.needs_password_policies() {
            return Ok(());
        }
        let policies = session.list(policy::COLLECTION, &[("type", policy::PASSWORD)]).await?;
        for named in &self.options.password_policy {
            if !policies.iter().any(|policy| text(policy, "name") == named) {
                return Err(NotStarted(format!("Okta has no password policy {named}")));
            }
        }
        for known in policies.iter().filter(|known| policy::is_active(known)) {
            let (Some(id), name) = (id_of(known), text(known, "name")) else { continue };
            let collection = policy::rules_of(id);
            let rules = session.list(&collection, &[]).await?;
            // A rule that refuses recovery goes on refusing it.
            let mut active = rules.into_iter().filter(|rule| policy::is_active(rule) && !policy::denies_recovery(rule));
            if self.options.password_policy.iter().any(|named| named == name) {
                let of = |rule: Value| {
                    (
                        format!("rule {:?} of the password policy {name:?}", text(&rule, "name")),
                        collection.clone(),
                        rule,
                    )
                };
                self.handing_over.extend(active.map(of));
            } else if active.any(|rule| !policy::is_handed_over(&rule)) {
                self.keeping.push(name.to_owned());
            }
        }
        Ok(())
    }

    /// The identity provider.
    fn idp(&self) -> Step {
        let options = self.options;
        let wanted = idp::Wanted {
            name: &options.name,
            served: &self.served,
            scopes: &self.scopes,
            terms: options.terms.as_deref(),
            privacy: options.privacy.as_deref(),
        };
        Step {
            what: format!("identity provider {:?}", options.name),
            collection: idp::COLLECTION.to_owned(),
            name: options.name.clone(),
            patch: idp::patch(&wanted, self.idp.as_ref()),
            create: idp::create(&wanted),
            current: self.idp.clone(),
            new_secret: options.new_secret,
        }
    }

    /// What comes after it, once its id is known: the rule, and last the password policies, so that nobody's recovery
    /// is left to a policy that has no rule for it yet.
    fn further(&self, id: &str) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Some((collection, name, groups)) = &self.rule {
            steps.push(Step {
                what: format!("rule {name:?} of the account management policy"),
                collection: collection.clone(),
                name: name.clone(),
                patch: policy::rule_patch(self.when, groups, id, self.known_rule.as_ref()),
                create: policy::rule(name, self.when, groups, id),
                current: self.known_rule.clone(),
                new_secret: false,
            });
        }
        steps.extend(self.handing_over.iter().map(|(what, collection, rule)| Step {
            what: what.clone(),
            collection: collection.clone(),
            name: text(rule, "name").to_owned(),
            patch: policy::handed_over(self.when),
            create: Value::Null,
            current: Some(rule.clone()),
            new_secret: false,
        }));
        steps
    }

    /// What an administrator should know.
    fn notes(&self, callback: &str) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.client.redirect_uris.iter().any(|uri| uri == callback) {
            notes.push(format!("{callback} is not among the client's redirect URIs: people who are there are refused"));
        }
        if self.rule.is_none() {
            notes.push("without --group there is no rule, so nobody is verified yet".to_owned());
            return notes;
        }
        notes.push("keep a group that can get in without Ipse out of the rule".to_owned());
        if self.when.needs_password_policies() {
            for name in &self.keeping {
                notes.push(format!(
                    "the password policy {name:?} decides about recovery itself (see --password-policy)"
                ));
            }
            notes.push("recovery under this policy does not hide whether an account exists".to_owned());
        }
        notes
    }
}

/// Refuses an object of Okta's that is switched off: what is handed over to it would be decided by nobody.
fn in_force(object: Option<&Value>, what: &str) -> Result<(), NotStarted> {
    if object.is_none_or(policy::is_active) {
        return Ok(());
    }
    Err(NotStarted(format!("Okta's {what} is not active: activate or delete it there, then run this again")))
}

/// Takes everything back, the last first.
async fn undo(ipse: &Ipse, session: &Session, mut kept: Kept, apply: bool) -> Result<ExitCode, NotStarted> {
    println!("{}, back to what there was\n", session.api.org.as_str());
    for object in kept.objects.clone().into_iter().rev() {
        let back = back(ipse, session, &object, apply);
        back.await.map_err(|error| {
            NotStarted(format!(
                "stopped at {}: {error}. What is done is listed above; the same command goes on from there",
                what(&object)
            ))
        })?;
        if apply {
            kept.forget(&object.collection, &object.name);
            kept.save()?;
        }
    }
    println!("{}", if apply { "\nAs it was." } else { "\nNothing was changed. --undo --apply does it." });
    Ok(ExitCode::SUCCESS)
}

fn what(object: &Object) -> String {
    let kind = if object.collection == idp::COLLECTION { "identity provider" } else { "rule" };
    format!("{kind} {:?}", object.name)
}

async fn back(ipse: &Ipse, session: &Session, object: &Object, apply: bool) -> Result<(), NotStarted> {
    let is_idp = object.collection == idp::COLLECTION;
    let current = match &object.id {
        Some(id) => session.get(&format!("{}/{id}", object.collection)).await?,
        // It was being made when the connection broke: then it has our name.
        None => {
            session.list(&object.collection, &[]).await?.into_iter().find(|known| text(known, "name") == object.name)
        }
    };
    let found = current.as_ref().and_then(|current| Some((current, id_of(current)?)));
    let Some((current, id)) = found else {
        println!("gone    {}", what(object));
        return Ok(());
    };
    let path = format!("{}/{id}", object.collection);
    let Some(before) = &object.before else {
        println!("{}  {}", if apply { "remove" } else { "would remove" }, what(object));
        if apply {
            if is_idp && policy::is_active(current) {
                session.change(Method::POST, &format!("{path}/lifecycle/deactivate"), None, None).await?;
            }
            session.change(Method::DELETE, &path, None, None).await?;
        }
        return Ok(());
    };
    let wanted = patch::merged(current, before);
    if wanted == *current {
        println!("same    {}", what(object));
        return Ok(());
    }
    println!("{}  {}", if apply { "restore" } else { "would restore" }, what(object));
    print_differences(current, &wanted);
    if apply {
        let sent = send(ipse, session, Method::PUT, &path, &wanted, is_idp && lacks_secret(current, &wanted)).await;
        sent.map_err(|unsent| NotStarted(unsent.why))?;
    }
    Ok(())
}
