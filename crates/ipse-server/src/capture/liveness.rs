//! `POST /v/session/liveness`: what to do in front of the camera; `POST /v/session/evidence/burst`: what it saw.

use super::Bound;
use super::evidence::told;
use crate::app::selfie;
use crate::http::problem::Problem;
use crate::state::Shared;
use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use ipse_checks::face::liveness::{CameraLabel, MOST_FRAMES, Source};
use serde::Deserialize;
use serde_json::json;

/// The most bytes a frame may have: three times what the page sends.
const FRAME_BYTES: usize = 400_000;
/// The most bytes of what goes with the frames.
const HEAD_BYTES: usize = 32_768;
/// The most bytes of a burst with the form around it.
pub(super) const BURST_BYTES: usize = MOST_FRAMES * (FRAME_BYTES + 512) + HEAD_BYTES;

fn csrf(headers: &HeaderMap) -> &str {
    headers.get("x-csrf").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// `POST /v/session/liveness`
pub(super) async fn challenge(State(ipse): State<Shared>, bound: Bound, headers: HeaderMap) -> Response {
    if let Err(response) = bound.check(csrf(&headers)) {
        return response;
    }
    match selfie::challenge(&ipse, &bound.session).await {
        Ok((nonce, challenge)) => Json(json!({ "nonce": nonce, "steps": challenge.steps })).into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The part `burst`, beside a part `frame` for each frame.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    nonce: String,
    keep_template: Option<bool>,
    frames: Vec<Shot>,
    source: Camera,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shot {
    at_ms: u32,
    step: usize,
}

/// What the page says of the camera.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Camera {
    label: String,
    width: Option<u32>,
    height: Option<u32>,
    frame_rate: Option<f32>,
    /// When the camera delivered each frame, in milliseconds after the first.
    frame_times_ms: Vec<f32>,
}

impl Camera {
    /// What is kept of it: no name, no times.
    fn source(&self) -> Source {
        let intervals: Vec<f32> =
            self.frame_times_ms.iter().zip(self.frame_times_ms.iter().skip(1)).map(|(one, next)| next - one).collect();
        let count = intervals.len().max(1) as f32;
        let mean = intervals.iter().sum::<f32>() / count;
        let variance = intervals.iter().map(|interval| (interval - mean).powi(2)).sum::<f32>() / count;
        Source {
            label: CameraLabel::of(&self.label),
            width: self.width,
            height: self.height,
            frame_rate: self.frame_rate,
            frames: self.frame_times_ms.len() as u32,
            interval_ms: mean,
            interval_deviation_ms: variance.sqrt(),
        }
    }
}

/// `POST /v/session/evidence/burst`
pub(super) async fn burst(State(ipse): State<Shared>, bound: Bound, headers: HeaderMap, request: Request) -> Response {
    if let Err(response) = bound.check(csrf(&headers)) {
        drain(request).await;
        return response;
    }
    match read(request).await {
        Ok(burst) => told(&bound, selfie::take(&ipse, &bound.session, burst).await),
        Err(problem) => problem.into_response(),
    }
}

/// Reads what is left of a refused body, as far as one may be long: a browser that is still sending when the connection
/// ends never sees the answer.
async fn drain(request: Request) {
    let mut chunks = request.into_body().into_data_stream();
    let mut left = BURST_BYTES;
    while let Some(Ok(chunk)) = chunks.next().await {
        left = left.saturating_sub(chunk.len());
        if left == 0 {
            return;
        }
    }
}

async fn read(request: Request) -> Result<selfie::Burst, Problem> {
    let malformed = || Problem::malformed("The form does not have the expected parts.");
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    let burst = gather(&mut parts).await;
    // As for `drain`.
    while let Ok(Some(part)) = parts.next_field().await {
        let _ = part.bytes().await;
    }
    burst
}

async fn gather(parts: &mut Multipart) -> Result<selfie::Burst, Problem> {
    let malformed = || Problem::malformed("The form does not have the expected parts.");
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is larger than allowed.");
    let broken = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { malformed() }
    };
    let (mut head, mut frames) = (None, Vec::<Bytes>::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        match part.name() {
            Some("burst") if head.is_none() => {
                let bytes = part.bytes().await.map_err(broken)?;
                if bytes.len() > HEAD_BYTES {
                    return Err(too_large());
                }
                head = Some(serde_json::from_slice::<Head>(&bytes).map_err(|_| malformed())?);
            }
            Some("frame") if frames.len() < MOST_FRAMES => {
                let bytes = part.bytes().await.map_err(broken)?;
                if bytes.len() > FRAME_BYTES {
                    return Err(too_large());
                }
                frames.push(bytes);
            }
            _ => return Err(malformed()),
        }
    }
    let head = head.filter(|head| head.frames.len() == frames.len()).ok_or_else(malformed)?;
    let source = head.source.source();
    let shots = head.frames.into_iter().zip(frames);
    Ok(selfie::Burst {
        nonce: head.nonce,
        keep_template: head.keep_template,
        frames: shots.map(|(shot, bytes)| (shot.at_ms, shot.step, bytes)).collect(),
        source,
    })
}
