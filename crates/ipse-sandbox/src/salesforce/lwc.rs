//! The package's component as it is shipped, for a browser without a compiler: its modules with the decorators taken off and
//! said at the end instead, and the modules of the platform that it imports, as far as they are simulated.

use super::package::{LABELS, shipped};
use crate::Partners;
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use std::sync::Arc;

const METHODS: [&str; 5] = ["status", "start", "resend", "cancel", "refresh"];

pub(super) fn routes() -> Router<Arc<Partners>> {
    Router::new().route("/static/salesforce/{*name}", get(module))
}

/// The import map of a page with the component on it.
pub(super) fn imports() -> String {
    let at = |name: &str| format!("/static/salesforce/platform/{name}");
    json!({ "imports": {
        "lwc": at("lwc.mjs"),
        "@salesforce/apex": at("apex.mjs"),
        "@salesforce/apex/": "/static/salesforce/apex/",
        "@salesforce/label/": "/static/salesforce/label/",
        "lightning/empApi": at("empApi.mjs"),
        "lightning/flowSupport": at("flowSupport.mjs"),
    } })
    .to_string()
}

async fn module(Path(name): Path<String>) -> Response {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    let script = |text: &str| ([(header::CONTENT_TYPE, SCRIPT)], text.to_owned()).into_response();
    let styled = |kind: &'static str, text: &str| ([(header::CONTENT_TYPE, kind)], text.to_owned()).into_response();
    let generated =
        |text: Option<String>| text.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |text| script(&text));
    match name.as_str() {
        "salesforce.css" => styled("text/css; charset=utf-8", include_str!("salesforce.css")),
        "lwc/idvStatus/idvStatus.html" => styled("text/html; charset=utf-8", shipped!("lwc/idvStatus/idvStatus.html")),
        "lwc/idvStatus/idvStatus" => match plain(shipped!("lwc/idvStatus/idvStatus.js")) {
            Ok(text) => script(&text),
            Err(unknown) => (StatusCode::NOT_IMPLEMENTED, unknown).into_response(),
        },
        "lwc/idvStatus/labels" => script(shipped!("lwc/idvStatus/labels.js")),
        "platform/host.mjs" => script(include_str!("platform/host.mjs")),
        "platform/template.mjs" => script(include_str!("platform/template.mjs")),
        "platform/components.mjs" => script(include_str!("platform/components.mjs")),
        "platform/lwc.mjs" => script(include_str!("platform/lwc.mjs")),
        "platform/apex.mjs" => script(include_str!("platform/apex.mjs")),
        "platform/empApi.mjs" => script(include_str!("platform/empApi.mjs")),
        "platform/flowSupport.mjs" => script(include_str!("platform/flowSupport.mjs")),
        other => match other.split_once('/') {
            Some(("label", label)) => {
                let said = label.strip_prefix("c.").and_then(|name| LABELS.get(name));
                generated(said.map(|said| format!("export default {}\n", json!(said))))
            }
            Some(("apex", method)) => {
                let known = method.strip_prefix("IpseStatusController.").filter(|name| METHODS.contains(name));
                let calls = |name: &str| {
                    format!("import {{ method }} from '@salesforce/apex'\nexport default method('{name}')\n")
                };
                generated(known.map(calls))
            }
            _ => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

/// A module without decorators: `@api` before a field or a pair of accessors, `@wire` before a method. What they said is
/// exported as `decorators`. Any other use of a decorator is an error.
fn plain(text: &str) -> Result<String, String> {
    let (mut plain, mut api, mut wires) = (String::new(), Vec::new(), Vec::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let unknown = || format!("a decorator that is not simulated: {}", line.trim());
        let code = line.trim_start();
        if !code.starts_with('@') {
            plain.push_str(line);
            plain.push('\n');
            continue;
        }
        let (decorator, rest) = match code.strip_prefix("@api") {
            Some(rest) => (None, rest.trim_start()),
            None => {
                let of = code.strip_prefix("@wire(").and_then(|of| of.strip_suffix(')')).ok_or_else(unknown)?;
                (Some(of), "")
            }
        };
        let decorated = if rest.is_empty() { lines.next().ok_or_else(unknown)? } else { rest };
        let name: String = decorated
            .trim_start()
            .trim_start_matches("get ")
            .chars()
            .take_while(|character| character.is_ascii_alphanumeric() || *character == '_')
            .collect();
        let follows = decorated.split_once(&name).map(|(_, follows)| follows.trim_start()).unwrap_or_default();
        match decorator {
            None if !name.is_empty() && (follows.starts_with('=') || follows.starts_with("()")) => {
                api.push(json!(name));
            }
            Some(of) if !name.is_empty() && follows.starts_with('(') => {
                let (adapter, settings) = of.split_once(", ").ok_or_else(unknown)?;
                wires.push(format!("{{ target: {}, adapter: {adapter}, settings: {settings} }}", json!(name)));
            }
            _ => return Err(unknown()),
        }
        plain.push_str(decorated);
        plain.push('\n');
    }
    let said = format!("export const decorators = {{ api: {}, wires: [{}] }}\n", json!(api), wires.join(", "));
    Ok(plain + &said)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn decorators_are_said_at_the_end() {
        let read = plain(shipped!("lwc/idvStatus/idvStatus.js")).unwrap();
        assert!(!read.lines().any(|line| line.trim_start().starts_with('@')));
        let said = read.lines().last().unwrap();
        assert!(said.contains(r#"api: ["readOnly","recordId","decision"]"#), "{said}");
        assert!(
            said.contains(r#"{ target: "receive", adapter: status, settings: { recordId: '$recordId' } }"#),
            "{said}"
        );
    }

    #[test]
    fn other_decorators_are_refused() {
        for text in
            ["@track\nx = 1;", "@api\n", "@api static x = 1;", "@wire(status)\nreceive(x) {", "@wire(a, {})\nx = 1;"]
        {
            assert!(plain(text).is_err(), "{text}");
        }
    }
}
