//! Server-sent events: pages and programs hear of a change at once. A glance at the database every two seconds
//! covers what another server of the same database did.

use crate::state::Shared;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use ipse_core::id::VerificationId;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

const GLANCE: Duration = Duration::from_secs(2);

/// Streams what `look` returns: at once, and whenever the verification may have changed. `look` gets what it last
/// returned as a cursor and answers with events and the next cursor, or with nothing when the stream should end.
#[allow(clippy::needless_pass_by_value, reason = "a stream that borrowed it could not leave its handler")]
pub fn follow<C, F, Fut>(
    ipse: Shared,
    id: VerificationId,
    start: C,
    look: F,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    C: Send + 'static,
    F: Fn(C) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Option<(Vec<Event>, C, bool)>> + Send,
{
    let news = ipse.news.subscribe();
    let closing = ipse.closing.subscribe();
    let state = (Some(start), news, closing, true);
    let batches = stream::unfold(state, move |(cursor, mut news, mut closing, first)| {
        let (id, look) = (id.clone(), look.clone());
        async move {
            let cursor = cursor?;
            if !first {
                let changed = async {
                    loop {
                        match news.recv().await {
                            Ok(changed) if changed == id => return,
                            Ok(_) => {}
                            Err(RecvError::Lagged(_) | RecvError::Closed) => return,
                        }
                    }
                };
                tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep(GLANCE) => {}
                    _ = closing.wait_for(|closing| *closing) => return None,
                }
            }
            let (events, cursor, last) = look(cursor).await?;
            let next = (!last).then_some(cursor);
            Some((events, (next, news, closing, false)))
        }
    });
    let events = futures_util::StreamExt::flat_map(batches, |batch| stream::iter(batch.into_iter().map(Ok)));
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
