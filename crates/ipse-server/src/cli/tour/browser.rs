//! The person's browser as far as a tour needs one, and what the capture pages' script would do in it.

#![allow(clippy::indexing_slicing, reason = "indexing a JSON value gives null where there is nothing, never a panic")]

use super::{Broken, client, expect};
use ipse_sandbox::specimen::performance::{Performer, perform, read_steps};
use ipse_sandbox::specimen::{Camera, Person, passport, photograph};
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How many redirections in a row a browser follows.
const REDIRECTIONS: usize = 10;

/// A browser as far as a tour needs one: it keeps cookies, and reads a form's token.
pub(super) struct Browser {
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
    agent: &'static str,
}

pub(super) const PHONE: &str = "Mozilla/5.0 (Linux; Android 15) Mobile";
pub(super) const DESKTOP: &str = "Mozilla/5.0 (X11; Linux x86_64)";

impl Browser {
    pub(super) fn new(agent: &'static str) -> Result<Self, Broken> {
        Ok(Self { client: client()?, cookies: Mutex::default(), agent })
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> T {
        work(&mut self.cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a server has given it a cookie.
    pub(super) fn is_known(&self) -> bool {
        self.with(|cookies| !cookies.is_empty())
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Broken> {
        let cookies =
            self.with(|cookies| cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>());
        let answer = request.header(COOKIE, cookies.join("; ")).header("user-agent", self.agent).send().await?;
        for set in answer.headers().get_all(SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.with(|cookies| cookies.insert(name.to_owned(), value.to_owned()));
            }
        }
        Ok(answer)
    }

    pub(super) async fn get(&self, url: &str) -> Result<(StatusCode, String), Broken> {
        let answer = self.send(self.client.get(url)).await?;
        Ok((answer.status(), answer.text().await?))
    }

    pub(super) async fn post(&self, url: &str, form: &[(&str, &str)]) -> Result<Response, Broken> {
        self.send(self.client.post(url).form(form)).await
    }

    /// Goes wherever an answer leads.
    pub(super) async fn follow(&self, mut answer: Response) -> Result<Page, Broken> {
        for _ in 0..REDIRECTIONS {
            let url = answer.url().clone();
            let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let Some(location) = location.filter(|_| answer.status().is_redirection()) else {
                return Ok(Page { url, status: answer.status(), text: answer.text().await? });
            };
            let next = url.join(location).map_err(|error| Broken(error.to_string()))?;
            answer = self.send(self.client.get(next)).await?;
        }
        Err(Broken("a redirection without end".to_owned()))
    }

    /// Opens an address, and goes wherever it leads.
    pub(super) async fn open(&self, url: &str) -> Result<Page, Broken> {
        self.follow(self.send(self.client.get(url)).await?).await
    }
}

/// A page that a browser shows.
pub(super) struct Page {
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) text: String,
}

/// The value of a form's hidden token.
pub(super) fn token(page: &str) -> Result<String, Broken> {
    let start = page.split_once("name=\"csrf\" value=\"").map(|(_, rest)| rest);
    let value = start.and_then(|rest| rest.split_once('"')).map(|(value, _)| value.to_owned());
    value.ok_or_else(|| Broken("a page has no form token".to_owned()))
}

/// The passport's page of a person with a drawn face, taken by a simulated camera.
pub(super) fn taken(person: &Person, face: u64) -> Vec<u8> {
    photograph(&passport(person, face), &Camera { width: 4000, height: 3000, ..Camera::default() })
}

/// Sends the passport's page.
pub(super) async fn document(ipse: &str, phone: &Browser, page: Vec<u8>) -> Result<(), Broken> {
    let (status, shown) = phone.get(&format!("{ipse}/v/session?document_kind=passport")).await?;
    expect(status == StatusCode::OK, "the capture page does not open")?;
    let request =
        phone.client.post(format!("{ipse}/v/session/evidence?kind=document&document_kind=passport&side=front"));
    let request = request.header(CONTENT_TYPE, "image/jpeg").body(page);
    let answer = told(phone, request, &token(&shown)?).await?;
    expect(answer["accepted"] == true, &format!("the picture was refused: {answer}"))
}

/// Sends what the page's script would send; returns the answer.
async fn told(phone: &Browser, request: RequestBuilder, csrf: &str) -> Result<Value, Broken> {
    let answer = phone.send(request.header("x-csrf", csrf)).await?;
    let status = answer.status();
    let answer: Value = answer.json().await?;
    expect(status == StatusCode::OK, &format!("{status}: {answer}"))?;
    Ok(answer)
}

/// The live selfie, as the page takes it, of a drawn person.
pub(super) async fn live_selfie(ipse: &str, phone: &Browser, performer: Performer, keep: bool) -> Result<(), Broken> {
    let csrf = token(&phone.get(&format!("{ipse}/v/session")).await?.1)?;
    let challenge = told(phone, phone.client.post(format!("{ipse}/v/session/liveness")), &csrf).await?;
    let frames = perform(performer, &read_steps(&challenge["steps"]), 2);
    let shots: Vec<Value> = frames.iter().map(|(step, at, _)| json!({ "step": step, "at_ms": at })).collect();
    let camera = json!({ "label": "Front camera", "width": 480, "height": 640, "frame_times_ms": [] });
    let head = json!({ "nonce": challenge["nonce"], "keep_template": keep, "frames": shots, "source": camera });
    let mut form = Form::new().text("burst", head.to_string());
    for (.., bytes) in frames {
        form = form.part("frame", Part::bytes(bytes).file_name("frame.jpg"));
    }
    let burst = phone.client.post(format!("{ipse}/v/session/evidence/burst")).multipart(form);
    let answer = told(phone, burst, &csrf).await?;
    expect(answer["accepted"] == true, &format!("the live selfie was refused: {answer}"))
}
