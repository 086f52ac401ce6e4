//! The Temporary Access Pass after a success: `POST /v/session/pass` asks for it, and its answer is the only one that shows
//! it.

use super::pages::{self, Reader};
use super::views;
use super::{Bound, Token};
use crate::app::Error;
use crate::app::capture::Session;
use crate::app::credentials::UNAVAILABLE;
use crate::app::passes::{self, Standing};
use crate::http::body::Form;
use crate::http::page::render;
use crate::jobs::WaysOut;
use crate::state::Shared;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use ipse_core::Refusal;

/// `POST /v/session/pass`
pub(super) async fn request(State(ipse): State<Shared>, bound: Bound, Form(form): Form<Token>) -> Response {
    if let Err(response) = bound.check(&form.csrf) {
        return response;
    }
    let asked = async {
        let ways_out = WaysOut::new(&ipse.config).map_err(|_| Error::Unavailable("the ways out"))?;
        let Some(order) = passes::request(&ipse, &bound.session).await? else { return Ok(None) };
        // Should the browser go away meanwhile, all of this ends here: a pass that nobody has seen is replaced by the next.
        let answer = ways_out.give_pass(&ipse, &order).await;
        let pass = passes::answered(&ipse, &order, answer).await?;
        Ok(pass.map(|pass| (pass, order.pass.minutes)))
    };
    match asked.await {
        Ok(Some((pass, minutes))) => render(&views::Pass {
            page: bound.reader.page(&bound.session.settings.name),
            pass: pass.into_inner(),
            time: bound.reader.minutes(minutes),
        }),
        // What became of it, or of another click, stands there.
        Ok(None) | Err(Error::Refused(Refusal::AlreadyExists(_))) => Redirect::to("/v/session").into_response(),
        Err(error) => pages::refused(&bound.reader, &error),
    }
}

/// What the last page says of the pass.
pub(super) fn shown(reader: &Reader, session: &Session) -> Option<views::PassOffer> {
    let offered = session.pass.as_ref()?;
    let say = |id: &str| reader.text.with(id, &[("organization", session.settings.name.as_str())]);
    let (state, notice) = match &offered.standing {
        Standing::Unasked => ("none", say("pass-lead")),
        Standing::UnderWay => ("requested", say("pass-requested")),
        Standing::Issued => ("issued", say("pass-issued")),
        Standing::Failed(why) if why == UNAVAILABLE && !offered.may_request => ("failed", say("pass-failed-spent")),
        Standing::Failed(why) => ("failed", say(&format!("pass-failed-{why}"))),
    };
    let button = if offered.standing == Standing::Unasked { "pass-get" } else { "pass-again" };
    Some(views::PassOffer { state, notice, may_request: offered.may_request, button })
}
