//! Asks Microsoft Graph: for a pass, with the person waiting for it; and for a profile, as an administrator.

use super::WaysOut;
use super::entra::{LONGEST, NotDone};
use super::outgoing::Exchanged;
use crate::app::credentials::UNAVAILABLE;
use crate::app::passes::{NAME_MISMATCH, NOT_ALLOWED, Order, UNKNOWN_USER};
use crate::state::Ipse;
use bytes::Bytes;
use http::Request;
use ipse_connectors::entra::{
    ClientCredential, Contract, Failed, Given, MAY_GIVE_PASSES, MAY_READ_NAMES, NO_PASSES, Service, Tenant, Token,
    ask_for_contract, ask_for_passes, ask_for_profiles, ask_for_user, create_profile, find_profile, give_pass,
    read_contract, read_pass, read_passes, read_profile_done, read_profiles, read_removed, read_user, remove_pass,
    update_profile,
};
use ipse_core::Private;
use serde_json::Value;
use std::time::Duration;

/// How long a person waits at most.
const PATIENCE: Duration = Duration::from_secs(20);

fn may(token: &Token, roles: &[&str]) -> bool {
    roles.iter().any(|role| token.roles.iter().any(|given| given == role))
}

/// What an administrator does where Entra knows why there is none.
fn advice(why: &str) -> &'static str {
    match why {
        UNKNOWN_USER => {
            "The directory has no user of the subject's external id, which is to be their id or user principal name."
        }
        NAME_MISMATCH => {
            "The directory's first and last name are missing, or are not those of the document: see that it is the right \
             user, and correct them."
        }
        _ => {
            "Entra gives this user no pass by an application, as with users who have an administrator's role: a Privileged \
             Authentication Administrator makes one by hand."
        }
    }
}

impl WaysOut {
    /// A pass for the user, in place of any that they have; or why not, in a word. What an administrator does about it is in the
    /// log.
    pub async fn give_pass(&self, ipse: &Ipse, order: &Order) -> Result<Private<String>, &'static str> {
        let Ok(given) = tokio::time::timeout(PATIENCE, self.ask_for_pass(ipse, order)).await else {
            return Err(UNAVAILABLE);
        };
        let integration = &order.integration;
        match given {
            Ok(Ok(pass)) => Ok(pass),
            Ok(Err(why)) => {
                tracing::warn!(%integration, advice = advice(why), "Entra gives no pass");
                Err(why)
            }
            Err(no) => {
                tracing::warn!(%integration, advice = %no.advice, "no pass could be got from Entra");
                Err(no.word())
            }
        }
    }

    async fn ask_for_pass(&self, ipse: &Ipse, order: &Order) -> Result<Result<Private<String>, &'static str>, NotDone> {
        let tenant = &order.tenant;
        let way = (tenant, &order.client, Service::Graph);
        if !may(&self.entra_token(ipse, way, false).await?, &MAY_GIVE_PASSES) {
            return Err(NotDone::because(NO_PASSES));
        }
        let question = |token: &Token| ask_for_user(tenant, token, order.user.reveal());
        let user = self.ask_entra(ipse, way, question, |answer| read_user(answer.status, &answer.body)).await?;
        let Some(user) = user else { return Ok(Err(UNKNOWN_USER)) };
        if !user.is_named_by(&order.facts) {
            return Ok(Err(NAME_MISMATCH));
        }
        let question = |token: &Token| ask_for_passes(tenant, token, &user);
        let known = self.ask_entra(ipse, way, question, |answer| read_passes(answer.status, &answer.body)).await?;
        let Some(known) = known else { return Ok(Err(NOT_ALLOWED)) };
        for pass in known {
            let question = |token: &Token| remove_pass(tenant, token, &user, &pass);
            if !self.ask_entra(ipse, way, question, |answer| read_removed(answer.status)).await? {
                return Ok(Err(NOT_ALLOWED));
            }
        }
        let question = |token: &Token| give_pass(tenant, token, &user, order.pass);
        let given = self.ask_entra(ipse, way, question, |answer| read_pass(answer.status, &answer.body)).await?;
        Ok(match given {
            Given::Pass(pass) => Ok(pass),
            Given::NotAllowed => Err(NOT_ALLOWED),
        })
    }

    /// Whether the application may give passes; nothing where nobody wants it to.
    pub(super) async fn may_give_passes(
        &self,
        ipse: &Ipse,
        (tenant, client): (&Tenant, &ClientCredential),
    ) -> Option<Result<String, String>> {
        let pass = tenant.temporary_access_pass?;
        Some(match self.entra_token(ipse, (tenant, client, Service::Graph), true).await {
            Err(no) => Err(no.advice),
            Ok(token) if may(&token, &MAY_GIVE_PASSES) && may(&token, &MAY_READ_NAMES) => {
                Ok(format!("passes for {} minutes can be given from assurance level {} on", pass.minutes, pass.level))
            }
            Ok(_) => Err(NO_PASSES.to_owned()),
        })
    }

    /// What the contract says under which the tenant issues.
    pub async fn contract(&self, tenant: &Tenant) -> Result<Contract, NotDone> {
        let unread = || NotDone::because("What is at the manifest's address could not be read as a contract.");
        let body = self.outgoing.fetch(ask_for_contract(tenant).map_err(|_| unread())?, LONGEST).await;
        read_contract(&body.map_err(|_| unread())?).map_err(|_| unread())
    }

    /// Makes a profile, or makes the one of its name as wanted, with an administrator's token. Without `apply` it is only said
    /// what would be done.
    pub async fn profile(
        &self,
        tenant: &Tenant,
        token: &Token,
        (name, wanted): (&str, &Value),
        apply: bool,
    ) -> Result<String, NotDone> {
        let read = |answer: &Exchanged| read_profiles(answer.status, &answer.body);
        let known = self.as_administrator(ask_for_profiles(tenant, token), read).await?;
        let known = find_profile(known, name).map_err(|refusal| NotDone::because(&refusal.to_string()))?;
        let done = |answer: &Exchanged| read_profile_done(answer.status);
        let Some(known) = known else {
            if apply {
                self.as_administrator(create_profile(tenant, token, wanted), done).await?;
            }
            return Ok(format!("make    the profile {name}"));
        };
        let differs = known.differs(wanted);
        if differs.is_empty() {
            return Ok(format!("keep    the profile {name}, which is as wanted"));
        }
        if apply {
            let wanted = known.keeping(wanted.clone());
            self.as_administrator(update_profile(tenant, token, &known, &wanted), done).await?;
        }
        Ok(format!("change  the profile {name}: {}", differs.join(", ")))
    }

    async fn as_administrator<T>(
        &self,
        request: http::Result<Request<Bytes>>,
        read: impl Fn(&Exchanged) -> Result<T, Failed>,
    ) -> Result<T, NotDone> {
        let request = request.map_err(|_| NotDone::because("The address of Graph, or the token, is not one."))?;
        let answer = self.outgoing.exchange(request, LONGEST).await;
        let answer = answer.map_err(|unsent| NotDone { advice: unsent.0, may_pass: true })?;
        read(&answer).map_err(|failed| NotDone { advice: failed.advice.to_owned(), may_pass: failed.may_pass })
    }
}
