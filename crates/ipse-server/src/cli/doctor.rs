//! `ipse doctor`: checks a deployment and says how to mend it.

use crate::config::Config;
use crate::jobs::mail::Mailer;
use crate::server::{NotStarted, open_store};
use std::process::ExitCode;

/// What was found, told line by line.
#[derive(Default)]
pub(super) struct Findings {
    failed: bool,
}

impl Findings {
    pub(super) fn say(&mut self, what: &str, result: Result<String, String>) {
        match result {
            Ok(detail) => println!("ok    {what}: {detail}"),
            Err(mend) => {
                self.failed = true;
                println!("FAIL  {what}: {mend}");
            }
        }
    }

    /// What the process ends with.
    pub(super) fn code(&self) -> ExitCode {
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

pub(super) async fn run(config: &Config) -> Result<ExitCode, NotStarted> {
    let mut findings = Findings::default();
    findings.say("settings", config.refuse_unsafe().map(|()| "safe to serve".to_owned()).map_err(|bad| bad.0));
    let keyring = config.keyring();
    let missing = || format!("{} is missing; run `ipse keys init`", keyring.display());
    findings.say("keyring", keyring.is_file().then(|| keyring.display().to_string()).ok_or_else(missing));
    match open_store(config).await {
        Err(error) => findings.say("store", Err(error.0)),
        Ok(store) => {
            findings
                .say("database", store.ping().await.map(|()| store.database().to_owned()).map_err(|e| e.to_string()));
            let pending = match store.pending_migrations().await {
                Ok(0) => Ok("up to date".to_owned()),
                Ok(pending) => Err(format!("{pending} migrations are missing; run `ipse migrate`")),
                Err(error) => Err(error.to_string()),
            };
            let migrated = pending.is_ok();
            findings.say("migrations", pending);
            let probed = store.blobs().probe().await;
            findings.say("pictures", probed.map(|()| "written, read and deleted".into()).map_err(|e| e.to_string()));
            if migrated {
                let organizations = match store.organizations().await {
                    Ok(found) if found.is_empty() => Err("none yet; run `ipse admin link`".to_owned()),
                    Ok(found) => Ok(format!("{}", found.len())),
                    Err(error) => Err(error.to_string()),
                };
                findings.say("organizations", organizations);
            }
        }
    }
    match Mailer::new(&config.email) {
        Err(bad) => findings.say("e-mail", Err(bad.0)),
        Ok(None) => println!("note  e-mail: not configured; links cannot be mailed"),
        Ok(Some(mailer)) => {
            let answered = mailer.ping().await;
            let unreachable = || "the mail server does not answer; check email.smtp".to_owned();
            findings.say("e-mail", answered.then(|| "the mail server answers".to_owned()).ok_or_else(unreachable));
        }
    }
    if config.sms.url.is_empty() {
        println!("note  text messages: not configured");
    }
    match crate::models::load(config) {
        Err(bad) => findings.say("faces", Err(bad.0)),
        Ok(engine) if engine.can_compare() => {
            println!("ok    faces: {}", engine.set());
            if !engine.can_judge_presentation() {
                println!("note  faces: a presentation-attack model is missing, so selfies go to review");
            }
        }
        Ok(_) => {
            println!("note  faces: no face model is installed, so selfies go to review; run `ipse models install`");
        }
    }
    Ok(findings.code())
}
