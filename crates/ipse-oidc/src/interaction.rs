//! What happens between a browser's arrival and its way back: the part the caller stores, and the one function that
//! says what comes next.
//!
//! ```text
//! arrive → begin → step … step → answered
//! ```
//!
//! A request belongs to the browser that opened it. Until the person has begun (a click, never a GET: mail scanners
//! and previews fetch links), another browser may take it over while the `request_uri` is young; from then on only that
//! browser can follow, reload, and receive the answer. Answered once, it is over.

use crate::hash::{Entropy, Hash, base64url, same};
use crate::matching::Match;
use crate::profile::{CODE_SECONDS, ResponseType, Style};
use crate::{AuthorizationRequest, Client, Error, Grant, Proof, Provider, Redirect, hash_of, id_token};
use ipse_core::Private;
use ipse_core::id::{OrganizationId, VerificationId};
use ipse_core::verification::State;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A person's way through a request. Holds personal data: the caller stores it sealed, under the request's id, which
/// is unique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// What was asked for.
    pub request: AuthorizationRequest,
    /// Whose client asked.
    pub organization: OrganizationId,
    /// The hash of the cookie of the browser it belongs to.
    pub browser: Hash,
    /// When the browser arrived.
    pub created_at: Timestamp,
    /// Until when the person has time.
    pub expires_at: Timestamp,
    /// The verification, from the moment on that the person began.
    pub verification: Option<VerificationId>,
    /// When the answer left.
    pub finished_at: Option<Timestamp>,
}

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// The person is still at it, or a reviewer: the page follows along.
    Follow,
    /// It is over.
    Answer(Box<Answer>),
}

/// The end of a way.
#[derive(Debug)]
pub struct Answer {
    /// Where the browser goes.
    pub redirect: Redirect,
    /// What to store for the code, if one was issued.
    pub grant: Option<Grant>,
    /// How each claim came out, for the report.
    pub matches: Vec<Match>,
    /// What was told.
    pub told: Told,
}

/// What the client was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// Who it is.
    Proven,
    /// That the verification failed.
    Failed,
    /// That there is none: `access_denied`.
    Denied,
}

impl Interaction {
    /// Takes in a browser that arrived with a request. `existing` is what is stored under the request's id; `browser` the
    /// hash of the cookie that this browser has, or gets with the answer.
    ///
    /// The result is to be stored: as new when nothing existed (if another request was faster, ask again), or in
    /// place of what did.
    pub fn arrive(
        client: &Client,
        request: AuthorizationRequest,
        existing: Option<Self>,
        browser: Hash,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let young = now < request.expires_at;
        let Some(existing) = existing else {
            if !young {
                return Err(Error::RequestUri);
            }
            let minutes = SignedDuration::from_mins(i64::from(client.minutes));
            return Ok(Self {
                request,
                organization: client.organization.clone(),
                browser,
                created_at: now,
                expires_at: now.saturating_add(minutes).map_err(|_| Error::ServerError)?,
                verification: None,
                finished_at: None,
            });
        };
        if existing.request.id != request.id || existing.request.client_id != client.id {
            return Err(Error::RequestUri);
        }
        if existing.finished_at.is_some() || existing.expires_at <= now {
            return Err(Error::SessionOver);
        }
        if same(&existing.browser, &browser) {
            return Ok(existing);
        }
        if existing.verification.is_none() && young {
            return Ok(Self { browser, ..existing });
        }
        Err(Error::SessionOver)
    }

    /// The person begins: from here on the request is this browser's and this verification's.
    pub fn begin(&mut self, browser: Hash, verification: VerificationId, now: Timestamp) -> Result<(), Error> {
        self.is_of(browser)?;
        if self.expires_at <= now {
            return Err(Error::SessionOver);
        }
        match &self.verification {
            Some(known) if *known != verification => Err(Error::SessionOver),
            _ => {
                self.verification = Some(verification);
                Ok(())
            }
        }
    }

    /// Says what comes next. With an answer, `self` is finished: it has to be stored so, in one transaction with the
    /// grant, before the browser is sent back.
    pub fn step(
        &mut self,
        provider: &Provider,
        client: &Client,
        proof: &Proof,
        browser: Hash,
        now: Timestamp,
        entropy: Entropy,
    ) -> Result<Step, Error> {
        self.is_of(browser)?;
        let own = self.verification.as_ref() == Some(&proof.verification) && self.request.client_id == client.id;
        // Nobody is told what came of a start link.
        if !own || self.request.is_start_link() {
            return Err(Error::ServerError);
        }
        let late = self.expires_at <= now;
        let told = match proof.state {
            State::Succeeded => Told::Proven,
            State::Failed => Told::Failed,
            State::Cancelled | State::Declined => Told::Denied,
            // Time runs out for everybody who waits, the reviewer included. What was checked and is undecided failed.
            state if late || state == State::Expired => {
                if proof.checked {
                    Told::Failed
                } else {
                    Told::Denied
                }
            }
            _ => return Ok(Step::Follow),
        };
        // Only Okta's dialect has a word for failure. Elsewhere a code or token means that the person is proven.
        let told = if told == Told::Failed && client.style != Style::Okta { Told::Denied } else { told };
        let answer = if told == Told::Denied {
            self.deny(provider, Error::AccessDenied)
        } else {
            match self.tell(provider, client, proof, now, entropy) {
                Ok(answer) => answer,
                // What Entra asks for may not be what was proven.
                Err(Error::AccessDenied) => self.deny(provider, Error::AccessDenied),
                Err(error) => return Err(error),
            }
        };
        self.finished_at = Some(now);
        Ok(Step::Answer(Box::new(answer)))
    }

    /// The person goes back, or something here does not work: `error` says which.
    pub fn give_up(
        &mut self,
        provider: &Provider,
        browser: Hash,
        error: Error,
        now: Timestamp,
    ) -> Result<Answer, Error> {
        self.is_of(browser)?;
        if !matches!(error, Error::AccessDenied | Error::ServerError | Error::TemporarilyUnavailable) {
            return Err(Error::ServerError);
        }
        self.finished_at = Some(now);
        Ok(self.deny(provider, error))
    }

    fn is_of(&self, browser: Hash) -> Result<(), Error> {
        let open = self.finished_at.is_none() & same(&self.browser, &browser);
        if open { Ok(()) } else { Err(Error::SessionOver) }
    }

    fn deny(&self, provider: &Provider, error: Error) -> Answer {
        let (uri, mode, state) =
            (&self.request.redirect_uri, self.request.response_mode, self.request.state.as_deref());
        let redirect = if self.request.is_start_link() {
            Redirect::bare(uri)
        } else {
            Redirect::error(provider.issuer(), uri, mode, state, error)
        };
        Answer { redirect, grant: None, matches: Vec::new(), told: Told::Denied }
    }

    fn tell(
        &self,
        provider: &Provider,
        client: &Client,
        proof: &Proof,
        now: Timestamp,
        entropy: Entropy,
    ) -> Result<Answer, Error> {
        let request = &self.request;
        let statement = id_token::state(client, request, proof, now)?;
        let told = if statement.proven { Told::Proven } else { Told::Failed };
        if request.response_type == ResponseType::IdToken {
            let (subject, nonce) = (statement.subject.reveal(), request.nonce.as_deref());
            let token = id_token::sign(provider, client, subject, nonce, &statement.id_token, now)?;
            let redirect = Redirect::to(provider.issuer(), request, &[("id_token", &token)]);
            return Ok(Answer { redirect, grant: None, matches: statement.matches, told });
        }
        let code = base64url(&entropy);
        let expires_at = now.saturating_add(SignedDuration::from_secs(CODE_SECONDS)).map_err(|_| Error::ServerError)?;
        let grant = Grant {
            code_hash: hash_of(code.as_bytes()),
            client_id: client.id.clone(),
            organization: self.organization.clone(),
            redirect_uri: request.redirect_uri.clone(),
            code_challenge: request.code_challenge.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
            scopes: request.scopes.clone(),
            nonce: request.nonce.clone(),
            verification: proof.verification.clone(),
            subject: statement.subject,
            id_token: Private::new(statement.id_token),
            userinfo: Private::new(statement.userinfo),
            expires_at,
            redeemed_at: None,
        };
        let redirect = Redirect::to(provider.issuer(), request, &[("code", &code)]);
        Ok(Answer { redirect, grant: Some(grant), matches: statement.matches, told })
    }
}
