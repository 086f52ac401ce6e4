//! Verified ID's administration: revokes credentials, and makes the credential type that Ipse issues under.

use super::WaysOut;
use super::entra::NotDone;
use super::outgoing::Exchanged;
use crate::app::revocations::Order;
use crate::state::Ipse;
use bytes::Bytes;
use http::Request;
use ipse_connectors::entra::{
    ClientCredential, Failed, Provision, Service, Tenant, Token, ask_for_authorities, ask_for_contracts, create,
    find_credentials, read_authorities, read_contracts, read_done, read_found, read_published, revoke, update,
};

impl WaysOut {
    /// Asks the administration something, and reads the answer.
    async fn administer<T>(
        &self,
        ipse: &Ipse,
        (tenant, client): (&Tenant, &ClientCredential),
        question: impl Fn(&Token) -> http::Result<Request<Bytes>>,
        read: impl Fn(&Exchanged) -> Result<T, Failed>,
    ) -> Result<T, NotDone> {
        self.ask_entra(ipse, (tenant, client, Service::Admin), question, read).await
    }

    /// The id by which the administration knows the authority that issues.
    async fn authority(&self, ipse: &Ipse, way: (&Tenant, &ClientCredential)) -> Result<String, NotDone> {
        let question = |token: &Token| ask_for_authorities(way.0, token);
        let known =
            self.administer(ipse, way, question, |answer| read_authorities(answer.status, &answer.body)).await?;
        let missing = "The tenant has no authority with the identifier that is set here: copy it from Verified ID, \
                       Organization settings, Decentralized identifier.";
        let found = known.into_iter().find(|authority| authority.did == way.0.authority);
        found.map(|authority| authority.id).ok_or_else(|| NotDone::because(missing))
    }

    /// Makes the credential type, or makes the one of its name as wanted. Without `apply` it is only said what would be done.
    /// The address of its manifest, if there is one then, and what was to be done.
    pub async fn provision(
        &self,
        ipse: &Ipse,
        way: (&Tenant, &ClientCredential),
        wanted: &Provision,
        apply: bool,
    ) -> Result<(Option<String>, String), NotDone> {
        let tenant = way.0;
        let authority = self.authority(ipse, way).await?;
        let question = |token: &Token| ask_for_contracts(tenant, token, &authority);
        let known = self.administer(ipse, way, question, |answer| read_contracts(answer.status, &answer.body)).await?;
        let published = |answer: &Exchanged| read_published(answer.status, &answer.body);
        let Some(known) = known.into_iter().find(|known| known.name == wanted.name) else {
            let said = format!("make    the credential type {} in Verified ID", wanted.name);
            if !apply {
                return Ok((None, said));
            }
            let question = |token: &Token| create(tenant, token, &authority, wanted);
            let made = self.administer(ipse, way, question, published).await?;
            return Ok((Some(made.manifest), said));
        };
        let differs = wanted.differs(tenant, &known);
        if differs.is_empty() {
            return Ok((
                Some(known.manifest),
                format!("keep    the credential type {}, which is as wanted", known.name),
            ));
        }
        let said = format!("change  the credential type {} in Verified ID: {}", known.name, differs.join(", "));
        if apply {
            let question = |token: &Token| update(tenant, token, (&authority, &known.id), wanted);
            self.administer(ipse, way, question, |answer| read_done(answer.status, &answer.body)).await?;
        }
        Ok((Some(known.manifest), said))
    }

    /// Has everything revoked that carries the verification's id.
    pub(super) async fn revoke(&self, ipse: &Ipse, order: &Order) -> Result<(), NotDone> {
        let (tenant, contract) = (&order.tenant, order.contract.as_str());
        let way = (tenant, &order.client);
        let authority = self.authority(ipse, way).await?;
        let question =
            |token: &Token| find_credentials(tenant, token, &authority, contract, order.verification.as_str());
        let found = self.administer(ipse, way, question, |answer| read_found(answer.status, &answer.body)).await?;
        if found.is_empty() {
            return Err(NotDone::because(
                "No credential is found by the verification's id: see that the contract indexes the claim it is told as.",
            ));
        }
        for (credential, _) in found.iter().filter(|(_, is_good)| *is_good) {
            let question = |token: &Token| revoke(tenant, token, (&authority, contract, credential));
            self.administer(ipse, way, question, |answer| read_done(answer.status, &answer.body)).await?;
        }
        Ok(())
    }
}
