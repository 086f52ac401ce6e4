//! Password recovery at Okta: the person gets in, and nobody who only says so.

use super::browser::{Browser, PHONE, Page, document, live_selfie, taken, token};
use super::{Broken, SELF, SOMEBODY_ELSE, Timeline, expect, help_desk};
use crate::cli::sandbox::Ready;
use ipse_sandbox::directory::{Employee, employees};
use ipse_sandbox::specimen::Person;
use ipse_sandbox::specimen::performance::Performer;
use reqwest::StatusCode;

/// What the person chooses, and what those choose who are not them.
const THEIRS: &str = "correct horse battery staple";
const ANOTHER: &str = "let me in, I am really her";

pub(super) async fn walked(ready: &Ready, timeline: &mut Timeline) -> Result<(), Broken> {
    let mut directory = employees().into_iter();
    let (Some(person), Some(colleague)) = (directory.next(), directory.next()) else {
        return Err(Broken("the directory is too small".into()));
    };
    let okta = format!("{}/okta", ready.sandbox.url());
    let ipse = &ready.server.ipse.config.server.base_url;

    let browser = Browser::new(PHONE)?;
    expect(!signs_in(&okta, &person, THEIRS).await?, "Okta lets people in with any password")?;
    let way = sent(&okta, &browser, &person).await?;
    timeline.step("A person who forgot their password is sent by Okta to Ipse, with a request it pushed before.");
    let back = verified(ipse, &browser, &way, &person.person, SELF, SELF).await?;
    timeline.step("They show their passport and their face; Ipse sends their browser back with a code.");
    expect(
        back.status == StatusCode::OK && back.url.path() == "/okta/reset" && back.text.contains("ALLOW"),
        &format!("Okta did not allow it: {} {}", back.status, log(ready)),
    )?;
    judged(ready, &browser, &okta, "succeeded", "CLAIMS_VERIFIED").await?;
    timeline.step("Okta redeems the code and checks the ID token: VERIFIED. Its log says ALLOW, CLAIMS_VERIFIED.");
    let reset = browser.post(&format!("{okta}/reset"), &[("password", THEIRS)]).await?;
    expect(reset.status().is_redirection(), "Okta did not take the new password")?;
    let again = browser.post(&format!("{okta}/reset"), &[("password", ANOTHER)]).await?;
    expect(again.status() == StatusCode::FORBIDDEN, "Okta took a second password for one answer")?;
    expect(signs_in(&okta, &person, THEIRS).await?, "the new password does not work")?;
    timeline.step("They choose a new password, once, and sign in with it.");

    let impostors = [
        ("Somebody with that passport and another face", &person.person, SELF),
        ("A colleague with a passport and a face of their own", &colleague.person, SOMEBODY_ELSE),
    ];
    for (who, shown, picture) in impostors {
        let browser = Browser::new(PHONE)?;
        let way = sent(&okta, &browser, &person).await?;
        let back = verified(ipse, &browser, &way, shown, picture, SOMEBODY_ELSE).await?;
        refused(&okta, &browser, &back, "CLAIMS_NOT_VERIFIED").await?;
        judged(ready, &browser, &okta, "failed", "CLAIMS_NOT_VERIFIED").await?;
        timeline.step(&format!("{who}: FAILED. Okta's log says DENY, CLAIMS_NOT_VERIFIED."));
    }

    let namesake = Person { document_number: "P7719402X".to_owned(), ..person.person.clone() };
    let browser = Browser::new(PHONE)?;
    let way = sent(&okta, &browser, &person).await?;
    let waits = verified(ipse, &browser, &way, &namesake, SOMEBODY_ELSE, SOMEBODY_ELSE).await?;
    expect(waits.url == way.url, "a namesake came back from Ipse")?;
    stays_outside(&okta, &browser).await?;
    timeline.step("A namesake, born the same day, with a passport and a face of their own: waits for a reviewer.");

    let browser = Browser::new(PHONE)?;
    let way = sent(&okta, &browser, &person).await?;
    let cancelled = browser.post(&format!("{}/cancel", way.url), &[("csrf", &token(&way.text)?)]).await?;
    let back = browser.follow(cancelled).await?;
    refused(&okta, &browser, &back, "ERROR_RESPONSE").await?;
    timeline.step("Somebody who goes back instead: access_denied. Okta's log says DENY, ERROR_RESPONSE.");

    expect(!signs_in(&okta, &person, ANOTHER).await?, "an impostor's password works")?;
    expect(signs_in(&okta, &person, THEIRS).await?, "the person's password does not work any more")?;
    timeline.step("The person's password is the one they chose.");
    help_desk::audit(ipse, ready, timeline).await
}

/// From the forgotten password to Ipse's page that says who asks.
async fn sent(okta: &str, browser: &Browser, person: &Employee) -> Result<Page, Broken> {
    let forgot = browser.post(&format!("{okta}/forgot"), &[("username", person.email)]).await?;
    let asked = browser.follow(forgot).await?;
    expect(asked.status == StatusCode::OK, "Okta does not ask who it is")?;
    let early = browser.post(&format!("{okta}/reset"), &[("password", ANOTHER)]).await?;
    expect(early.status() == StatusCode::FORBIDDEN, "Okta takes a new password before the answer")?;
    let go = asked.text.split("href=\"").find(|rest| rest.starts_with("/idp/identity-verification?"));
    let go = go.and_then(|rest| rest.split('"').next()).ok_or_else(|| Broken("Okta leads nowhere".into()))?;
    let go = asked.url.join(go).map_err(|error| Broken(error.to_string()))?;
    let page = browser.open(go.as_str()).await?;
    let arrived = page.status == StatusCode::OK && page.url.path().starts_with("/oauth2/requests/");
    expect(arrived, &format!("the browser did not arrive at Ipse, but at {}: {}", page.url.path(), page.status))?;
    Ok(page)
}

/// The person at Ipse, whoever sent them: passport, face, and back to wherever it leads, or the page that waits for a reviewer.
pub(super) async fn verified(
    ipse: &str,
    browser: &Browser,
    way: &Page,
    shown: &Person,
    picture: u64,
    face: u64,
) -> Result<Page, Broken> {
    let begun = browser.post(&format!("{}/begin", way.url), &[("csrf", &token(&way.text)?)]).await?;
    let capture = browser.follow(begun).await?;
    expect(capture.url.path() == "/v/session", &format!("capture did not begin, but {}", capture.url.path()))?;
    document(ipse, browser, taken(shown, picture)).await?;
    live_selfie(ipse, browser, Performer::Person(face), false).await?;
    super::until("the way back", async || {
        let page = browser.open(way.url.as_str()).await?;
        let over = page.url != way.url || page.text.contains("pending_review");
        Ok(over.then_some(page))
    })
    .await
}

/// What Okta made of it, and what Ipse had found.
async fn judged(ready: &Ready, browser: &Browser, okta: &str, status: &str, reason: &str) -> Result<(), Broken> {
    let last = ready.sandbox.partners.okta.log().into_iter().next();
    let last = last.ok_or_else(|| Broken("Okta's log is empty".into()))?;
    expect(last.reason == reason, &format!("Okta's log says {}, not {reason}", last.reason))?;
    let id = last.reference.ok_or_else(|| Broken("Okta's log knows no verification".into()))?;
    let (_, page) = browser.get(&format!("{okta}/log")).await?;
    expect(page.contains(&id) && page.contains(reason), "Okta's log does not show it")?;
    let found = help_desk::outcome(ready, &id).await?;
    let found = found.get("status").and_then(|status| status.as_str()).unwrap_or_default().to_owned();
    expect(found == status, &format!("the verification came to {found}, not {status}"))
}

/// A browser that came back in vain, and stays outside.
async fn refused(okta: &str, browser: &Browser, back: &Page, reason: &str) -> Result<(), Broken> {
    let denied = back.status == StatusCode::FORBIDDEN && back.text.contains(&format!("DENY: {reason}"));
    expect(denied, &format!("Okta did not deny with {reason}, but answered {} at {}", back.status, back.url.path()))?;
    stays_outside(okta, browser).await
}

/// Okta takes no new password from a browser.
async fn stays_outside(okta: &str, browser: &Browser) -> Result<(), Broken> {
    let (status, _) = browser.get(&format!("{okta}/reset")).await?;
    expect(status == StatusCode::FORBIDDEN, "Okta shows an impostor the form for a new password")?;
    let reset = browser.post(&format!("{okta}/reset"), &[("password", ANOTHER)]).await?;
    expect(reset.status() == StatusCode::FORBIDDEN, "Okta takes an impostor's password")
}

async fn signs_in(okta: &str, person: &Employee, password: &str) -> Result<bool, Broken> {
    let browser = Browser::new(PHONE)?;
    let answer = browser.post(okta, &[("username", person.email), ("password", password)]).await?;
    Ok(answer.status() == StatusCode::OK)
}

fn log(ready: &Ready) -> String {
    ready.sandbox.partners.okta.log().first().map(|line| line.reason.to_owned()).unwrap_or_default()
}
