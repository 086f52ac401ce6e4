//! Asks Entra tenants for presentations: for each once, and lets those go that nobody has answered in time.

use super::entra::make_offer;
use super::shares::{SHARE, UnderWay};
use super::{GLANCE, WaysOut, wait};
use crate::app::Error;
use crate::app::presentations::{self, Order};
use crate::state::{Ipse, Shared};
use ipse_connectors::entra::{Callback, Presentation, request_presentation};
use ipse_core::id::PresentationId;
use ipse_store::due::DueRequest;
use std::sync::Arc;

/// Where tenants tell what becomes of a presentation.
pub const CALLBACK: &str = "/entra/presented";

/// Asks for what is due until the server closes; then waits for what is on its way.
pub(super) async fn run(ipse: Shared, ways_out: Arc<WaysOut>) {
    let mut under_way = UnderWay::default();
    loop {
        let free = under_way.free();
        match ipse.store.due_presentations(ipse.clock.now(), free, SHARE, &under_way.busy()).await {
            Err(error) => tracing::error!(%error, "nothing can be asked to be presented; it will be tried again"),
            Ok(all) => {
                for due in all {
                    if under_way.is_busy(&due.integration) {
                        continue;
                    }
                    match presentations::take(&ipse, &due).await {
                        Ok(Some(order)) => {
                            let (ipse, ways_out) = (ipse.clone(), ways_out.clone());
                            let to = due.integration.clone();
                            under_way.set_out(to, async move { fulfil(&ipse, &ways_out, &due, order).await });
                        }
                        // Somebody was faster, or it is over.
                        Ok(None) | Err(Error::Refused(_) | Error::Overloaded(_)) => {}
                        Err(error) => tracing::error!(%error, presentation = %due.id, "it cannot be asked for"),
                    }
                }
            }
        }
        let open = tokio::select! {
            open = wait(&ipse, Some(&ipse.presentations), GLANCE) => open,
            () = under_way.one_done() => true,
        };
        if !open {
            break;
        }
    }
    under_way.arrive().await;
}

async fn fulfil(ipse: &Ipse, ways_out: &WaysOut, due: &DueRequest<PresentationId>, order: Order) {
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
    if let Err(error) = presentations::answered(ipse, due, answer).await {
        // Nobody has seen the link: it runs out, and the person asks again.
        tracing::error!(%error, presentation = %order.id, "what a wallet is to open could not be kept");
    }
}
