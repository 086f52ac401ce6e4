//! The provider itself: its name, its addresses, its keys.

use crate::Error;
use crate::keys::KeySet;
use crate::seal::Sealer;
use ipse_core::Refusal;
use url::{Host, Url};

/// The provider: cheap to make, meant to be kept and shared.
#[derive(Debug)]
pub struct Provider {
    issuer: String,
    /// What tokens are signed with.
    pub keys: KeySet,
    /// What pushed requests are sealed with.
    pub sealer: Sealer,
}

impl Provider {
    /// A provider. The issuer is a URL without a path's last slash, query or fragment: `https`, or `http` to this
    /// machine. It stands identically in tokens, metadata and answers, so it is never rewritten.
    pub fn new(issuer: &str, keys: KeySet, sealer: Sealer) -> Result<Self, Refusal> {
        let wrong = || Refusal::invalid("issuer", "must be an https URL without a slash at the end, query or fragment");
        let url = Url::parse(issuer).map_err(|_| wrong())?;
        let secure = url.scheme() == "https" || (url.scheme() == "http" && is_this_machine(&url));
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !secure || !plain || url.password().is_some() || issuer.ends_with('/') || issuer.len() > 255 {
            return Err(wrong());
        }
        Ok(Self { issuer: issuer.to_owned(), keys, sealer })
    }

    /// The issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where requests are pushed.
    pub fn par_endpoint(&self) -> String {
        format!("{}/oauth2/par", self.issuer)
    }

    /// Where browsers arrive.
    pub fn authorization_endpoint(&self) -> String {
        format!("{}/oauth2/authorize", self.issuer)
    }

    /// Where codes are redeemed.
    pub fn token_endpoint(&self) -> String {
        format!("{}/oauth2/token", self.issuer)
    }

    /// Where access tokens are of use.
    pub fn userinfo_endpoint(&self) -> String {
        format!("{}/oauth2/userinfo", self.issuer)
    }

    /// Where the answers of a client's trials go. No request that came from outside may name it, unless somebody has
    /// registered it: it is for requests that the provider pushes to itself.
    pub fn trial_redirect_uri(&self, client_id: &str) -> String {
        format!("{}/console/clients/{client_id}/tested", self.issuer)
    }

    /// Where the public keys are.
    pub fn jwks_uri(&self) -> String {
        format!("{}/oauth2/jwks", self.issuer)
    }
}

/// Whether a URL leads to the machine that it is opened on.
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An answer to a browser that cannot go on: sent back where that is safe, a page otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub error: Error,
    /// Where the browser may be sent with it. Without it, a page of ours says what is wrong, and leads nowhere.
    pub redirect: Option<crate::Redirect>,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, redirect: None }
    }
}
