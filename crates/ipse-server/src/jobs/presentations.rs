//! Asks Entra tenants for presentations: for each once, and lets those go that nobody has answered in time.

use super::entra::{AT_ONCE, make_offer};
use super::{GLANCE, WaysOut, wait};
use crate::app::Error;
use crate::app::presentations::{self, Order};
use crate::state::{Ipse, Shared};
use ipse_connectors::entra::{Callback, Presentation, request_presentation};
use ipse_core::id::{OrganizationId, VerificationId};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Where tenants tell what becomes of a presentation.
pub const CALLBACK: &str = "/entra/presented";

/// Asks for what is due until the server closes; then waits for what is on its way.
pub(super) async fn run(ipse: Shared, ways_out: Arc<WaysOut>) {
    let mut under_way = JoinSet::new();
    loop {
        while under_way.try_join_next().is_some() {}
        let free = AT_ONCE.saturating_sub(under_way.len());
        match ipse.store.due_presentations(ipse.clock.now(), free as u32).await {
            Err(error) => tracing::error!(%error, "nothing can be asked to be presented; it will be tried again"),
            Ok(due) => {
                for (organization, of, id) in due {
                    match presentations::take(&ipse, &organization, &of, &id).await {
                        Ok(Some(order)) => {
                            let (ipse, ways_out) = (ipse.clone(), ways_out.clone());
                            under_way.spawn(async move { fulfil(&ipse, &ways_out, &organization, &of, order).await });
                        }
                        // Somebody was faster, or it is over.
                        Ok(None) | Err(Error::Refused(_) | Error::Overloaded(_)) => {}
                        Err(error) => tracing::error!(%error, presentation = %id, "it cannot be asked for"),
                    }
                }
            }
        }
        if !wait(&ipse, Some(&ipse.presentations), GLANCE).await {
            break;
        }
    }
    while under_way.join_next().await.is_some() {}
}

async fn fulfil(ipse: &Ipse, ways_out: &WaysOut, organization: &OrganizationId, of: &VerificationId, order: Order) {
    let callback = format!("{}{CALLBACK}", ipse.config.server.base_url);
    let wanted = Presentation {
        client_name: &order.organization,
        purpose: &order.purpose,
        callback: Callback { url: &callback, state: order.id.as_str(), api_key: &order.api_key },
        policy: &order.policy,
    };
    let way = (&order.integration, &order.tenant, &order.client);
    let made = make_offer(ipse, ways_out, way, |token| request_presentation(&order.tenant, token, &wanted)).await;
    let answer = made.map(|offer| (offer.link, offer.expires_at));
    if let Err(error) = presentations::answered(ipse, organization, of, &order.id, answer).await {
        // Nobody has seen the link: it runs out, and the person asks again.
        tracing::error!(%error, presentation = %order.id, "what a wallet is to open could not be kept");
    }
}
