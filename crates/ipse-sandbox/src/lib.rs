//! The partner systems in miniature, over real HTTP and SMTP, and specimen documents to try everything with.
//!
//! A mailbox and a text-message gateway that catch what is sent, a miniature ServiceNow, a miniature Okta, a miniature
//! Salesforce and a miniature Entra. They know Ipse only by its public interfaces. Nothing here is needed in production; only the `sandbox`
//! command and the tests use it.

pub mod directory;
pub mod entra;
mod jws;
pub mod mailbox;
pub mod messages;
pub mod okta;
mod pages;
pub mod salesforce;
pub mod servicenow;
mod smtp;
pub mod specimen;
mod views;
mod xml;

use aws_lc_rs::rand;
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Everything the partners hold.
#[derive(Default)]
pub struct Partners {
    /// Mail that arrived.
    pub mailbox: mailbox::Mailbox,
    /// Text messages that arrived.
    pub messages: messages::Messages,
    /// The miniature ServiceNow.
    pub servicenow: servicenow::ServiceNow,
    /// The miniature Okta.
    pub okta: okta::Okta,
    /// The miniature Salesforce.
    pub salesforce: salesforce::Salesforce,
    /// The miniature Entra.
    pub entra: entra::Entra,
}

/// The partners, running.
pub struct Sandbox {
    /// What they hold.
    pub partners: Arc<Partners>,
    /// Where their pages and interfaces are.
    pub http: SocketAddr,
    /// Where mail is taken.
    pub smtp: SocketAddr,
    tasks: Vec<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts the partners; port 0 takes free ones.
    pub async fn start(http: SocketAddr, smtp: SocketAddr) -> std::io::Result<Self> {
        let partners = Arc::new(Partners::default());
        let pages = TcpListener::bind(http).await?;
        let mail = TcpListener::bind(smtp).await?;
        let (http, smtp) = (pages.local_addr()?, mail.local_addr()?);
        partners.okta.open(url(http));
        partners.salesforce.open(url(http), Arc::downgrade(&partners));
        partners.entra.open(url(http));
        partners.servicenow.open(url(http), Arc::downgrade(&partners));
        let app: Router = pages::routes(partners.clone());
        let serving = tokio::spawn(async move {
            // Ends only when the process or the sandbox does.
            let _ = axum::serve(pages, app).await;
        });
        let receiving = tokio::spawn(smtp::serve(mail, partners.clone()));
        Ok(Self { partners, http, smtp, tasks: vec![serving, receiving] })
    }

    /// The address of the pages.
    pub fn url(&self) -> String {
        url(self.http)
    }
}

fn url(http: SocketAddr) -> String {
    format!("http://localhost:{}", http.port())
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// The time, for the partners' own records.
#[allow(clippy::disallowed_methods, reason = "the partners are other systems, with clocks of their own")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// 256 random bits in hexadecimal digits.
#[allow(clippy::disallowed_methods, reason = "the partners are other systems, with dice of their own")]
fn random() -> Option<String> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
