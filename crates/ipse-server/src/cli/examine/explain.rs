//! A page that shows pictures with what was found drawn on them.

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// The page as it grows.
#[derive(Default)]
pub(super) struct Page {
    shown: Vec<Shown>,
}

struct Shown {
    file: String,
    /// The picture, as an address that holds it.
    source: String,
    width: u64,
    height: u64,
    /// Corners of what was found, as SVG wants them.
    outlines: Vec<Outline>,
    lines: Vec<Vec<Character>>,
    found: String,
}

struct Outline {
    what: &'static str,
    points: String,
}

struct Character {
    letter: char,
    /// Per cent.
    sure: u32,
    /// `sure`, `fair` or `unsure`.
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "explain.html")]
struct Rendered<'a> {
    shown: &'a [Shown],
}

impl Page {
    /// Adds a picture with what was found on it.
    pub(super) fn add(&mut self, found: &Value, bytes: &[u8]) {
        let kind = match bytes {
            [0x89, b'P', ..] => "png",
            [b'R', b'I', ..] => "webp",
            _ => "jpeg",
        };
        let outlines = ["mrz", "barcode"].into_iter().filter_map(|what| {
            let corners = found[what]["quad"].as_array()?;
            let points: Vec<String> = corners.iter().map(|corner| format!("{},{}", corner[0], corner[1])).collect();
            Some(Outline { what, points: points.join(" ") })
        });
        let lines = found["mrz"]["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(found["mrz"]["confidences"].as_array().into_iter().flatten());
        let line = |(line, sure): (&Value, &Value)| {
            let sure = sure.as_array().cloned().unwrap_or_default();
            let sure = sure.into_iter().map(|sure| (sure.as_f64().unwrap_or(0.0) * 100.0) as u32);
            let tone = |sure| match sure {
                98.. => "sure",
                90..98 => "fair",
                _ => "unsure",
            };
            let text = line.as_str().unwrap_or_default().chars().zip(sure);
            text.map(|(letter, sure)| Character { letter, sure, tone: tone(sure) }).collect()
        };
        self.shown.push(Shown {
            file: found["file"].as_str().unwrap_or_default().to_owned(),
            source: format!("data:image/{kind};base64,{}", BASE64.encode(bytes)),
            width: found["width"].as_u64().unwrap_or(1),
            height: found["height"].as_u64().unwrap_or(1),
            outlines: outlines.collect(),
            lines: lines.map(line).collect(),
            found: serde_json::to_string_pretty(found).unwrap_or_default(),
        });
    }

    /// The page.
    pub(super) fn render(&self) -> String {
        Rendered { shown: &self.shown }.render().unwrap_or_default()
    }
}
