//! Is the credential of the type that the journey asks for?

use super::{Answer, Evidence};
use ipse_core::reason::Reason;

pub(super) fn answer(evidence: &Evidence<'_>) -> Answer {
    match super::presented(evidence) {
        Ok((policy, presented)) if presented.types.contains(&policy.credential) => Answer::pass(),
        Ok(_) => Answer::fail(Reason::CredentialTypeDiffers),
        Err(answer) => answer,
    }
}
