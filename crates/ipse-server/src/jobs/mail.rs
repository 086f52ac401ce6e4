//! E-mail: the words of a message, and SMTP.

use crate::app::messages::{About, Message};
use crate::config;
use crate::text::{Text, negotiate};
use askama::Template;
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::time::Duration;

/// Sends e-mail.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a mail did not leave; the answer never repeats an address.
pub struct Unsent {
    /// Whether trying again is of no use.
    pub permanent: bool,
    /// The server's code, or what went wrong.
    pub answer: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    language: &'a str,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<&'a str>,
    button: &'a str,
    footer: &'a str,
}

impl Mailer {
    /// A mailer, if the settings name a server.
    pub fn new(settings: &config::Email) -> Result<Option<Self>, config::BadConfig> {
        if settings.smtp.is_empty() {
            return Ok(None);
        }
        let from = settings.from.parse();
        let from = from.map_err(|_| config::BadConfig("email.from is not a sender such as Desk <a@b.c>".into()))?;
        // STARTTLS unless TLS from the start, or switched off by hand for this machine.
        let (address, query) = settings.smtp.split_once('?').unwrap_or((&settings.smtp, ""));
        let mut parameters: Vec<&str> = query.split('&').filter(|one| !one.is_empty() && *one != "tls=none").collect();
        if address.starts_with("smtp://") && !query.split('&').any(|one| one.starts_with("tls=")) {
            parameters.push("tls=required");
        }
        let smtp = format!("{address}?{}", parameters.join("&"));
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp);
        let builder =
            builder.map_err(|_| config::BadConfig("email.smtp is not an address such as smtp://host".into()))?;
        Ok(Some(Self { transport: builder.timeout(Some(Duration::from_secs(20))).build(), from }))
    }

    /// Answers when the mail server does.
    pub async fn ping(&self) -> bool {
        self.transport.test_connection().await.unwrap_or(false)
    }

    /// Sends a message as plain text and HTML.
    pub async fn send(&self, message: &Message) -> Result<String, Unsent> {
        let permanent = |answer: &str| Unsent { permanent: true, answer: answer.to_owned() };
        let to: Mailbox = message.to.parse().map_err(|_| permanent("the address is not one"))?;
        let words = Words::new(message);
        let html = Html {
            language: &words.language,
            subject: &words.subject,
            paragraphs: &words.paragraphs,
            link: words.link.as_deref(),
            button: &words.button,
            footer: &words.footer,
        };
        let html = html.render().map_err(|_| permanent("the mail could not be written"))?;
        let mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&words.subject)
            .multipart(MultiPart::alternative_plain_html(words.plain(), html))
            .map_err(|_| permanent("the mail could not be written"))?;
        match self.transport.send(mail).await {
            Ok(answer) => Ok(answer.code().to_string()),
            Err(error) => Err(Unsent {
                permanent: error.is_permanent(),
                answer: error.status().map_or_else(|| "the mail server did not answer".into(), |code| code.to_string()),
            }),
        }
    }
}

/// A message in words.
struct Words {
    language: String,
    subject: String,
    paragraphs: Vec<String>,
    link: Option<String>,
    button: String,
    footer: String,
}

impl Words {
    fn new(message: &Message) -> Self {
        let text = Text::new(negotiate(message.language.as_deref(), None));
        let organization = [("organization", message.organization.as_str())];
        let (subject, paragraphs, link, button) = match &message.about {
            About::Verify { link, requester, purpose, ticket, minutes } => {
                let mut paragraphs = vec![text.with(
                    "mail-verify-who",
                    &[("requester", requester), ("organization", &message.organization), ("purpose", purpose)],
                )];
                paragraphs.extend(ticket.as_ref().map(|ticket| text.with("mail-verify-ticket", &[("ticket", ticket)])));
                let time = text.count("duration-minutes", *minutes);
                paragraphs.push(text.with("mail-verify-time", &[("duration", &time)]));
                paragraphs.push(text.get("consent-warning"));
                (text.with("mail-verify-subject", &organization), paragraphs, Some(link), "mail-verify-button")
            }
            About::SignIn { link, name } => {
                let paragraphs = vec![text.with("mail-sign-in-body", &[("name", name)])];
                (text.with("mail-sign-in-subject", &organization), paragraphs, Some(link), "mail-sign-in-button")
            }
            About::Test => {
                let paragraphs = vec![text.with("mail-test-body", &organization)];
                (text.get("mail-test-subject"), paragraphs, None, "mail-verify-button")
            }
        };
        Self {
            language: text.language().to_owned(),
            subject,
            paragraphs,
            link: link.cloned(),
            button: text.get(button),
            footer: text.with("mail-footer", &organization),
        }
    }

    fn plain(&self) -> String {
        let mut parts = self.paragraphs.clone();
        if let Some(link) = &self.link {
            parts.insert(parts.len().min(1), link.clone());
        }
        parts.push(format!("-- \n{}", self.footer));
        parts.join("\n\n") + "\n"
    }
}

/// A message as a text message.
pub fn short(message: &Message) -> String {
    let text = Text::new(negotiate(message.language.as_deref(), None));
    match &message.about {
        About::Verify { link, ticket, .. } => text.with(
            "sms-verify",
            &[
                ("organization", message.organization.as_str()),
                ("ticket", ticket.as_deref().unwrap_or("–")),
                ("link", link),
            ],
        ),
        About::SignIn { link, .. } => link.clone(),
        About::Test => text.with("mail-test-body", &[("organization", message.organization.as_str())]),
    }
}
